"""Words that work from anywhere, alone: MENU, BACK, MORE, ESPANOL, FORGET. (Sentences for HUMAN are a flow's keywords.)"""

from __future__ import annotations

from rapidfuzz.distance import OSA

from .common import COMMON

HUMAN = "human talk person counselor counsellor agent operator representative persona humano humana consejero consejera hablar"
COMMANDS: dict[str, str] = {
    **dict.fromkeys(HUMAN.split(), "human"),
    **dict.fromkeys(("menu", "main menu", "options", "topics", "start over", "opciones", "temas", "inicio"), "menu"),
    **dict.fromkeys(("back", "go back", "previous", "atras", "regresar", "volver"), "back"),
    **dict.fromkeys(("more", "mas", "tell me more", "more info", "more please", "mas por favor"), "more"),
    **dict.fromkeys(("espanol", "spanish", "en espanol", "spanish please", "espanol por favor", "en espanol por favor"), "es"),
    **dict.fromkeys(("english", "ingles", "in english", "english please", "en ingles"), "en"),
}
FORGET, ERASE = "forget", "erase"  # exact, never fuzzy, never inside a sentence: they delete
_TYPO_FROM = 4
_GUESSABLE = [c for c in COMMANDS if " " not in c and len(c) >= _TYPO_FROM and c != "talk"]


def command(words: tuple[str, ...]) -> str:
    """Which command `words` are: "human", "menu", "back", "more", "es", "en", "forget", "erase", or ""."""
    told = " ".join(w for w in words if w not in ("please", "pls", "favor", "por", "the", "ok")) or " ".join(words)
    if told in (FORGET, ERASE):
        return told if len(words) == 1 else ""
    if told in COMMANDS:
        return COMMANDS[told]
    if len(words) != 1 or len(words[0]) < _TYPO_FROM or words[0] in COMMON:
        return ""
    near = {COMMANDS[c] for c in _GUESSABLE if c[0] == words[0][0] and OSA.distance(words[0], c, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else ""
