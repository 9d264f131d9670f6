"""Misspellings by rule, as thumbs in a hurry make them. For training and for testing, so that both use the same rules."""

from __future__ import annotations

import random
import unicodedata

PHONE = {
    "you": "u", "your": "ur", "are": "r", "please": "pls", "because": "bc", "to": "2", "too": "2", "for": "4", "and": "n",
    "what": "wat", "right": "rite", "breathing": "breathin", "going": "goin", "with": "w", "about": "abt", "people": "ppl",
    "dont": "dnt", "cant": "cnt", "someone": "sum1", "that": "dat", "the": "da", "this": "dis", "them": "dem", "wont": "wnt",
    "want": "wnt", "know": "kno", "help": "hlp", "just": "jus", "have": "hav", "was": "wuz", "love": "luv", "night": "nite",
    "que": "q", "porque": "xq", "por": "x", "quiero": "kiero", "hijo": "ijo", "hermano": "ermano", "esta": "sta", "voy": "boy",
    "vida": "bida", "hace": "ase", "ya": "lla", "hola": "ola", "estoy": "toy", "muy": "mui", "vez": "ves", "aqui": "aki",
    "respira": "rrespira", "despierta": "dispierta", "nada": "na", "para": "pa", "haciendo": "asiendo", "hay": "ay",
}  # fmt: skip
NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl",
    "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip


def _drop(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def _swap(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _double(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word))
    return word[:at] + word[at] + word[at:]


def _slip(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word))
    return word[:at] + dice.choice(NEAR.get(word[at], word[at])) + word[at + 1 :]


def _vowelless(word: str, dice: random.Random) -> str:
    short = word[0] + "".join(c for c in word[1:] if c not in "aeiou")
    return short if len(short) > 1 else word


LETTERS = (_drop, _swap, _double, _slip, _drop, _swap, _vowelless)


def misspell(text: str, dice: random.Random, share: float = 0.2) -> str:
    """`text` with about `share` of its words misspelt, at least one; now and then a space lost, capitals, no signs."""
    words = unicodedata.normalize("NFC", text).replace("'", "").replace("’", "").split()
    if dice.random() < 0.5:
        words = [_bare(word) for word in words]
    for at in _picked(words, dice, share):
        low = words[at].lower()
        words[at] = PHONE[low] if low in PHONE and dice.random() < 0.6 else _wrong(words[at], dice)
    if len(words) > 2 and dice.random() < 0.2:
        at = dice.randrange(len(words) - 1)
        words[at : at + 2] = [words[at] + words[at + 1]]
    told = " ".join(words)
    return told.upper() if dice.random() < 0.1 else told


def _picked(words: list[str], dice: random.Random, share: float) -> list[int]:
    return dice.sample(range(len(words)), max(1, round(len(words) * share)))


def _wrong(word: str, dice: random.Random) -> str:
    return dice.choice(LETTERS)(word, dice) if len(word) > 3 and word.isalpha() else word


def _bare(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
