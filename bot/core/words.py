"""From what people type to words that can be compared: case, accents, apostrophes, phone spelling, stretched letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

AT_WORK = 16  # texts and parts of texts that are being read: one meaning asks for the same words half a dozen times
LONGEST_READ = 1600  # a text message cannot be longer; more is not read

# Phone spelling that stands for words our phrases hold. Only whole words; nothing that changes a meaning.
SPELLINGS = {
    "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please", "plss": "please", "plis": "please",
    "ppl": "people", "rn": "right now", "thx": "thanks", "ty": "thanks", "tks": "thanks", "thnx": "thanks",
    "b4": "before", "thru": "through", "cuz": "because", "bc": "because", "wanna": "want to", "gonna": "going to",
    "gotta": "got to", "idk": "i dont know", "hw": "how", "wat": "what", "wats": "whats", "wut": "what", "abt": "about",
    "smn": "someone", "sum1": "someone", "some1": "someone", "any1": "anyone", "msg": "message", "msgs": "messages",
    "txt": "text", "txts": "texts", "txting": "texting", "txtin": "texting", "msging": "messaging", "n": "and",
    "da": "the", "tho": "though", "imma": "im going to", "ima": "im going to", "tryna": "trying to", "k": "ok",
    "okay": "ok", "mtg": "meeting", "mtgs": "meetings", "dr": "doctor", "doc": "doctor", "preg": "pregnant",
    "subs": "suboxone", "bf": "boyfriend", "gf": "girlfriend", "q": "que", "xq": "porque", "pq": "porque",
    "oded": "overdosed", "odd": "strange",  # the weights once learnt "odd" as "od'd" without its apostrophe
    "xfa": "por favor", "porfa": "por favor", "toy": "estoy", "ta": "esta", "d": "de",
}  # fmt: skip

_APOSTROPHES = re.compile(r"['‘’ʼ`´]")
_ODED = re.compile(r"\bo\.?d\.?['‘’ʼ`´]e?d\b|\bo\.d\.e?d\b", re.IGNORECASE)  # before apostrophes go: "odd" is another word
_WHO = "he|she|they|just|bro|brother|sister|son|daughter|friend|bf|gf|mom|dad|husband|wife"
_ODD = re.compile(rf"\b(i|(?:{_WHO})(?= odd (?:on|again|last|yesterday|tonight)\b)) odd\b")  # but "he odd on fent" is not
_MARKS = re.compile(r"[̀-ͯ︎️⃣]")
_BARE = re.compile(r"[0-9a-z ]*")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


@lru_cache(maxsize=AT_WORK)
def plain(text: str) -> str:
    """Lower case without accents and apostrophes; keycap and full-width digits become digits; the rest is kept."""
    text = _ODED.sub("oded", text[:LONGEST_READ])
    if text.isascii():  # nothing to fold
        return text.replace("'", "").replace("`", "").lower()
    folded = unicodedata.normalize("NFKD", text)
    return _APOSTROPHES.sub("", _MARKS.sub("", folded)).lower()


@lru_cache(maxsize=AT_WORK)
def tokens(text: str) -> tuple[str, ...]:
    """The words of `text`, comparable: "I'm SOOO sick rn" -> ("im", "so", "sick", "right", "now")."""
    bare = plain(text)
    if " odd" in bare:
        bare = _ODD.sub(r"\1 oded", bare)
    if _STRETCHED.search(bare):
        bare = _STRETCHED.sub(r"\1", bare)
    words = bare.split() if _BARE.fullmatch(bare) else _NOT_WORD.sub(" ", bare).split()
    if SPELLINGS.keys().isdisjoint(words):
        return tuple(words)
    return tuple(part for word in words for part in SPELLINGS.get(word, word).split())
