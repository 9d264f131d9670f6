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
# Said around the name of a language, they ask for it: "switch to spanish", "only english for me thx".
LANGUAGES = {"english": "en", "ingles": "en", "spanish": "es", "espanol": "es", "castellano": "es"}
ABOUT_LANGUAGE = frozenset(
    """i want only change it to switch set my language menu in speak prefer for me thanks please how do get the use would like
    need translate that can you this is sorry know a en por favor el idioma cambiar cambia pongan pon quiero prefiero hablo
    solo solamente mejor gracias como le pongo""".split()
)
COURTESIES = frozenset("please favor por the ok a an real live now".split())
FORGET, ERASE = "forget", "erase"  # exact, never fuzzy, never inside a sentence: they delete
_TYPO_FROM = 4
LONGEST_COMMAND = 8  # words
_GUESSABLE = [c for c in COMMANDS if " " not in c and len(c) >= _TYPO_FROM and c != "talk"]


def command(words: tuple[str, ...]) -> str:
    """Which command `words` are: "human", "menu", "back", "more", "es", "en", "forget", "erase", or ""."""
    told = " ".join(w for w in words if w not in COURTESIES) or " ".join(words)
    if told in (FORGET, ERASE):
        return told if len(words) == 1 else ""
    if told in COMMANDS:
        return COMMANDS[told]
    named = {LANGUAGES.get(w, "") for w in words if w not in ABOUT_LANGUAGE}
    if len(named) == 1 and "" not in named and len(words) <= LONGEST_COMMAND:
        return named.pop()
    if len(words) != 1 or len(words[0]) < _TYPO_FROM or words[0] in COMMON:
        return ""
    near = {COMMANDS[c] for c in _GUESSABLE if c[0] == words[0][0] and OSA.distance(words[0], c, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else ""
