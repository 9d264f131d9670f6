"""Does a text ask us to stop texting? The words that law and carriers read as STOP, alone or as a plain request.

Two mistakes, not equal: missing a request annoys, and breaks 47 CFR 64.1200(a)(10), which counts any wording that a
reasonable person would read as one; unsubscribing "I want to quit" leaves a person alone with it. So a request needs
its parts (FORMS): what to do, and that it is done to texts, to a list, or to contact with the writer. All words before
it must be a wish or a courtesy, all words after it must belong to it. It must be the writer's own wish to us: "my ex
won't stop texting me" speaks of somebody else, "don't stop" asks for the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from . import optout_words as part
from .common import COMMON
from .words import plain, tokens


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# 47 CFR 64.1200(a)(10), CTIA, Twilio's own list (FACTS D, E4) and their Spanish kin.
STOP_WORDS = _words("stop stopall unsubscribe end quit cancel revoke optout unsub alto parar baja cancelar")
SPANISH_WORDS = _words("alto parar baja cancelar ayuda")
MAY_MEAN_MORE = _words("quit end cancel cancelar parar")  # "quit" may mean heroin, "end" a life
START_WORDS = _words("start unstop")
HELP_WORDS = _words("help info ayuda")
# What Twilio answers by default, as an exact single word.
TWILIO_WORDS = frozenset("stop stopall unsubscribe end quit cancel revoke optout start unstop help info".split())

LONGEST_REQUEST = 40  # words; a longer text tells a story
LONGEST_FILL = 7  # words that may stand between two parts of a request
LONGEST_TAIL = 10  # words that may follow "stop texting me": why, how often, what we are


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to ask. `parts` follow each other with only FILL between them.

    `behind`: it may stand behind a story without punctuation: "never asked for this take me off your list".
    `free`: any words but a condition may follow: "stop texting me at 3 in the morning".
    `ours`: the deed must be ours: "i want to stop texting" is the writer's, "i want you to stop texting" is not.
    `not_now`: "don't text me now" asks for a pause. `alone`: only where nothing else is said: "no texts" may tell news.
    """

    parts: tuple[frozenset[str], ...]
    behind: bool = False
    free: bool = False
    ours: bool = False
    not_now: bool = False
    alone: bool = False


_BAJA = _words("baja")
_US = _words("me us")
_FORMS = (
    _Form((part.UNSUBSCRIBE,)),
    _Form((part.GIVE, _BAJA)),  # denme de baja
    _Form((_BAJA, part.THING)),  # baja de los mensajes
    _Form((_words("fin"), part.TEXTS)),  # fin de mensajes
    _Form((part.LEAVE, _words("de"), part.THING)),  # quiero salir de la lista
    _Form((part.REVOKE, part.CONSENT)),
    _Form((part.STOP, part.CONTACT, part.ME), behind=True, free=True, ours=True),  # stop texting me
    _Form((part.STOP, part.TEXTING), ours=True),
    _Form((part.STOP, part.SEND, _US, part.TEXTS), behind=True, free=True, ours=True),  # stop sending me messages
    _Form((part.STOP, part.SEND, part.THING | part.STUFF), ours=True),
    _Form((part.STOP, part.SEND), ours=True),
    _Form((part.STOP, part.CALL, _US), ours=True, alone=True),
    _Form((part.STOP, part.THING)),  # end these alerts
    _Form((part.DONT, part.CONTACT, part.ME), behind=True, free=True, ours=True, not_now=True),  # dont text me again
    _Form((part.DONT, _words("me"), part.CONTACT), behind=True, free=True, ours=True, not_now=True),  # no me escriban
    _Form((part.DONT, part.TEXTING), ours=True, not_now=True),
    _Form((part.DONT, part.SEND, part.THING | part.STUFF), ours=True, not_now=True),
    _Form((part.DONT, part.SEND), ours=True, not_now=True),
    _Form((part.DONT, part.CALL, _US), ours=True, not_now=True, alone=True),
    _Form((part.DONT, part.WANT, part.CONTACT | part.SEND), ours=True, not_now=True),  # i dont want you texting me
    _Form((part.DONT, part.WANT, _words("texted contacted messaged"))),
    _Form((part.DONT, part.WANT, part.THING), not_now=True),  # i no longer want texts
    _Form((part.DONT, part.WANT, _words("recibir receive"), part.STUFF)),
    _Form((part.DONT, part.WANT, _words("hear"), _words("you"))),
    _Form((part.DONT, part.WANT, _words("saber"), _words("nada"), _words("ustedes"))),
    _Form((_words("done"), part.TEXTS)),
    _Form((_words("quiero solicito deseo pido"), _BAJA)),
    _Form((_words("mynumber"), _words("removed deleted"))),
    _Form((part.NO_MORE, part.THING)),
    _Form((_words("no"), part.TEXTS), alone=True),
    _Form((part.REMOVE, _US | {"mynumber", "it"}, part.OFF, part.LIST), behind=True),  # take me off your list
    _Form((part.REMOVE, part.NAME, part.OFF, part.LIST), behind=True),
    _Form((part.REMOVE, part.OFF, part.LIST)),
    _Form((part.REMOVE_ME | part.REMOVE_IT, part.THING)),  # quitenme de la lista
    _Form((part.CLEAR, part.SUBSCRIPTION | {"mynumber"})),
    _Form((_words("remove drop unenroll"), _US)),
    _Form((part.PUT, _words("stop alto fin"), part.TEXTS | {"mynumber"})),
    _Form((part.LOSE, _words("mynumber")), ours=True),
    _Form((_words("take get"), _words("mynumber"), part.OFF)),
    _Form((_words("be get being mynumber"), part.REMOVED, part.OFF, part.THING)),  # can i be removed from the list
    _Form((part.WISH_FOR, _words("off out"), part.THING)),  # i want off this list
    _Form((part.WISH_FOR, part.TEXTS, part.STOP | {"stopped", "gone"})),  # i want these texts to stop
    _Form((part.TURN, _words("off"), part.TEXTS)),
    _Form((part.TURN, part.TEXTS, _words("off"))),
)
_BY_FIRST = {word: [form for form in _FORMS if word in form.parts[0]] for form in _FORMS for word in form.parts[0]}
# A lone verb: enough where nothing else is said, or all else is about texts.
_LONE = _words(
    """stop stopp stopall unsubscribe unsub optout alto pare paren parenle baja remove cancel cease cancelenme detengan
    detenganse quitenme leavemealone takemeoff desuscribir desuscribirme"""
)
_LONE_AROUND = (part.COURTESY - _words("or mas that this from esto que")) | _words("""can could will would you quit end all 2""")
_POLITE = _words("please now already kindly texting thanks ok favor")
# Here the verb may mean pain or a drug: such words count only beside some that speak of texts.
_VAGUE = re.compile(
    r"^(?:please |just |now |and |so |then )*(?:"
    r"(?:stop|quit|end) (?:it|this|them|these|that|esto)|make (?:it|them|these|this) stop|"
    r"take (?:me|it|mynumber) off(?: (?:this|these|it))?|(?:i )?dont want (?:to (?:get|receive) )?(?:this|these|them)"
    r")(?: .{0,40})?$"
)
# What may follow a request without making it another one.
_CLEAN = part.COURTESY | part.FILL | part.THING | part.ME | part.CONTACT | part.SEND | part.ENDINGS

_SENTENCES = re.compile(r"[.!?,;:\n()]+|\s-+\s")
_QUOTE = re.compile(r'["“”«][^"“”«»]{1,200}["“”»]')
_NEW_CLAUSE = _words("please but because why who then make pero porque asi paren")
_JOINS = _words("and or y o")
_OWNERS = _words("my your these those the this more any all no mis sus los estos")
_MENDABLE = ("stop", "unsubscribe", "remove", "texting", "messaging", "messages")
# Real words that are one slip away from one of those.
_NOT_A_SLIP = _words(
    """step stops shop top stoop stomp strop slop swop atop spot testing tasting resting nesting removes removed massages
    massaging"""
)
_SWAPPED_STOP = frozenset({"stpo", "sotp", "tsop"})


_OUR_TEXTS = re.compile(
    r"text|txt|messag|msg|mensaj|msj|sms|spam|list|number|numero|subscri|suscri|unsub|opt ?out|contact|baja|report|alert|notif"
)


_TO_EACH_OTHER = part.CONTACT | part.CALL
_DEEDS = part.SPEECH | _TO_EACH_OTHER


def lone(words: tuple[str, ...], vocabulary: frozenset[str]) -> str:
    """The one carrier word that `words` consist of, or ""."""
    if words in (("stop", "all"), ("opt", "out")):
        words = (words[0] + words[1],)
    return words[0] if len(words) == 1 and words[0] in vocabulary else ""


def asked_to_stop(text: str) -> str:
    """The words with which `text` asks us to stop texting, or "" when it does not."""
    if len(tokens(text)) > LONGEST_REQUEST:
        return ""
    sentences = [part.joined(_mended(said)) for said in _SENTENCES.split(plain(_unquoted(text)))]
    if any(_somebody_texts(words) for words in sentences):
        return ""
    if _threat(" ".join(word for words in sentences for word in words)):
        return "a threat to report us"
    if any(_wants_texts(" ".join(words)) for words in sentences):
        return ""
    clauses = [clause for words in sentences for clause in _clauses(words)]
    return _plain_request(clauses) or _lone_request(clauses)


def speaks_of_texts(request: str) -> bool:
    """Whether a request (as `asked_to_stop` returns it) names what to stop. A bare "please stop" may mean a life."""
    return bool(_OUR_TEXTS.search(request))


def _unquoted(text: str) -> str:
    """`text` without what it quotes, unless all of it stands in quotation marks."""
    rest = _QUOTE.sub(" ", text)
    return rest if tokens(rest) else text


def _mended(said: str) -> str:
    """The words of `said`, with slips in the few words that make a request mended: "stap texting" -> "stop texting"."""
    return " ".join(_mend(word) for word in tokens(said))


@lru_cache(maxsize=8192)  # words, not texts
def _mend(word: str) -> str:
    if word in _SWAPPED_STOP:
        return "stop"
    if len(word) < 4 or word in COMMON or word in _NOT_A_SLIP or word in _CLEAN or word in part.REMOVED:
        return word
    near = (w for w in _MENDABLE if w[0] == word[0] and OSA.distance(word, w, score_cutoff=2) <= (2 if len(w) > 9 else 1))
    return next(near, word)


def _clauses(words: list[str]) -> Iterator[list[str]]:
    """The clauses of a sentence. One that speaks of somebody is cut less: "he told me to calm down and stop texting"."""
    said = " ".join(words)
    for phrase, one in part.BESIDE:
        said = phrase.sub(one, said)
    whole = said.split()
    somebody = bool(set(whole) & part.SOMEBODY)
    clause: list[str] = []
    for word in whole:
        if clause and _begins(word, clause[-1], somebody):
            yield clause
            clause = []
        if word != ",":
            clause.append(word)
    if clause:
        yield clause


def _begins(word: str, before: str, somebody: bool) -> bool:
    """Whether `word` begins a new clause."""
    if word in (",", "please") or somebody:
        return word in (",", "please")
    if word in _JOINS:  # "texting and calling me" is one
        return before not in _TO_EACH_OTHER and before != "calls"
    return word in _NEW_CLAUSE and before != part.OPPOSITE


def _somebody_texts(words: list[str]) -> bool:
    """Whether somebody but the writer texts, says or should do something here. "the texts", "my texts" are no deed."""
    if words[:1] in (["keeps"], ["wont"], ["kept"]):
        return True
    did = any(w in _DEEDS and not (i and words[i - 1] in _OWNERS) for i, w in enumerate(words))
    return did and any(w in part.SOMEBODY or (w == "people" and i and words[i - 1] != "you") for i, w in enumerate(words))


def _wants_texts(words: str) -> bool:
    """Whether we are asked for contact of another kind: "text my other number", "keep the weekly ones"."""
    return bool(part.OTHER_CONTACT.search(words))


def _threat(words: str) -> bool:
    """Whether `words` threaten: "if you text me again ill report you", "stop or i report you to the fcc"."""
    return bool(part.THREATS.search(words) and part.CONTACTED.search(words))


def _plain_request(clauses: list[list[str]]) -> str:
    for clause in clauses:
        alone = all(w in part.COURTESY for other in clauses if other is not clause for w in other)
        for start, word in enumerate(clause):
            for form in _BY_FIRST.get(word, ()):
                if (alone or not form.alone) and _asks(clause, start, form):
                    return " ".join(clause)
    return ""


def _asks(words: list[str], start: int, form: _Form) -> bool:
    """Whether `form`, begun at `start`, makes the clause `words` a request."""
    end = _end(words, start, form.parts)
    if not end or set(words) & part.SOMEBODY:
        return False
    before, after = words[:start], words[end:]
    if words[0] == "que" or (form.ours and not _our_deed(words[:end], start)) or not _follows(after, form):
        return False
    if "mynumber" in words[start:end] and "mynumber" in after:  # "delete this number from my phone"
        return False
    wished = all(w in part.COURTESY or w in part.WISH for w in before)
    return wished or (form.behind and not any(w in part.HINDERS for w in before))


def _follows(after: list[str], form: _Form) -> bool:
    """Whether the words after a request belong to it."""
    if any(w in part.LIMITS or (form.not_now and w in part.NOT_NOW) for w in after):
        return False
    usual = part.COURTESY if form.alone else _CLEAN
    return all(w in usual for w in after) or (form.free and len(after) <= LONGEST_TAIL)


def _end(words: list[str], start: int, parts: tuple[frozenset[str], ...]) -> int:
    """The end of `parts` in `words` from `start`, or 0. Only FILL may stand between two of them."""
    at = start
    for one in parts:
        near = range(at, min(at + LONGEST_FILL, len(words)))
        at = next((i + 1 for i in near if words[i] in one or words[i] not in part.FILL), 0)
        if not at or words[at - 1] not in one:
            return 0
    return at


def _our_deed(words: list[str], start: int) -> bool:
    """Whether "stop texting" is asked of us: "i stop texting" and "i want to stop texting" are the writer's own."""
    if start and words[start - 1] == "i":
        return "you" in words[start:]  # "i dont want you texting me", but "i dont text much"
    if start == 1 and words[0] == "you":
        return False  # "you never text me"
    own = any(w in ("i", "id", "im", "ive", "quiero", "quisiera", "deseo", "necesito", "we") for w in words)
    return not own or any(w in ("you", "que", "nolonger", "told", "said", "asked") for w in words)


def _lone_request(clauses: list[list[str]]) -> str:
    """STOP and its kin where the rest is courtesy or about texts: "spam. stop.", "too many messages, stop them"."""
    told = [c for c in clauses if not all(w in part.COURTESY for w in c) or any(w in _LONE for w in c)]
    polite = any(w in _POLITE for c in clauses for w in c)
    asking = [c for c in told if _is_lone(c, polite)]
    vague = [c for c in told if c not in asking and _VAGUE.match(" ".join(c))]
    rest = [c for c in told if c not in asking and c not in vague and c != [part.UNWANTED]]
    if not all(_about_texts(c) for c in rest):
        return ""
    unwanted = bool(rest) or ([part.UNWANTED] in clauses and any("off" in c for c in vague))
    found = asking if asking and (rest or not vague) else vague if unwanted else []
    return " ".join(found[0]) if found else ""


def _is_lone(words: list[str], polite: bool) -> bool:
    """ "ok stop now pls", "can you please stop", "i said stop"; not "i stop", nor "can you stop" (it may ask about using)."""
    if not any(w in _LONE for w in words) or not all(w in _LONE or w in _LONE_AROUND for w in words):
        return False
    told = {"told", "said", "asked", "asking", "telling"} & set(words)
    modal = {"can", "could", "will", "would"} & set(words)
    return not ({"i", "im", "ive"} & set(words) and not told) and (polite or not modal)


def _about_texts(words: list[str]) -> bool:
    """Whether a clause speaks of texts, and of nobody: "too many messages", "me cobran los textos"."""
    return (
        any(w in part.TEXTS or w in ("text", "texting", "texto", "list", "lista") for w in words)
        and not set(words) & part.SOMEBODY
    )
