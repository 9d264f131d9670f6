"""Texts that ask for nothing: a greeting, thanks, a goodbye, a phone's reaction that quotes us."""

from __future__ import annotations

import re

from .words import plain, tokens

# iMessage and Android reactions arrive as texts that quote what was sent: Liked "CALL 911 NOW", Reacted 👍 to "...".
# The quote must end the text: what stands behind it is somebody's own words.
_QUOTED = r'"[^"]*"\s*$'
_REACTION = re.compile(
    rf"^\W*(?:(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|removed an? [\w\s]+ from|reacted\b.{{0,24}}?\bto|"
    rf"le gusto|le gusta|le encanto|no le gusto|se rio de|enfatizo|exclamo por|pregunto sobre|dudo de|reacciono\b.{{0,24}}?\ba|"
    rf"quito [\w\s]+ de|a aime|aimee?|a adore|adore|a ri de|a rigole|a souligne|a reagi\b.{{0,24}}?\ba|gostou de|curtiu|amou|"
    rf"riu de|enfatizou|reagiu\b.{{0,24}}?\ba|gefallt|hat .{{0,16}}auf|reagiert .{{0,24}}auf|piace|ha reagito .{{0,24}}a|"
    rf"has liked|me gusta|me encanta|me divierte)\s*:?\s+{_QUOTED})",
)
_EMOJI_TO = re.compile(r'^\W{1,6}\s*(?:to|a|auf|em|sur)\s+"[^"]*"\s*$')  # Android: 👍 to "..."

_KINDS = {
    "hello": """hi|hey|hello|yo|sup|hola|helo|hiya|heya|howdy|holla|hey there|hi there|hello there|hey u there|hi you there|
        you there|hey you there|good morning|good evening|good afternoon|good night|anyone there|anybody there|
        is anyone there|hello anyone|buenos dias|buenas|buenas tardes|buenas noches|buen dia|que tal|hey whats up|
        whats up|test|testing|hi how are you|how are you|hello you there|que onda|hola como esta|hola como estas|
        testing 123|prueba|happy new year|feliz navidad|are you there|is anybody there|hay alguien|ola|saludos|hi again|
        hello again""",
    "thanks": """thanks|thank you|thank you so much|thanks so much|thanks a lot|ok thanks|ok thank you|thank u|god bless|
        god bless you|bless you|appreciate it|i appreciate it|thats helpful|that helps|that helped|very helpful|helpful|
        gracias|muchas gracias|mil gracias|ok gracias|dios los bendiga|dios te bendiga|that was helpful|
        thanks for the info|thanks for your help|thanks for the help|thank you for your help|great thanks|perfect thanks|
        cool thanks|thanks you too|le agradezco|se agradece|you rock|youre the best|youre awesome|god bless yall|
        que dios se los pague""",
    "ok": """ok|okey|cool|got it|alright|all right|fine|great|good|sounds good|i see|understood|will do|perfect|nice|ok cool|
        ok good|lol|haha|hahaha|jaja|jajaja|jajaja ok|lol ok|ok lol|hmm|oh|oh ok|word|bet|dale|esta bien|vale|bueno|sale|
        listo|entiendo|aha|uh huh|gotcha|k|kk|awesome|wow|good to know|makes sense|ok then|ok got it|im ok|im good|
        im fine|not now|maybe later|later|nothing|never mind|nevermind|nada|just looking|no thanks|no thank you|
        no gracias|im back|nvm|never mind i figured it out|you are welcome|youre welcome|jeje|ya entendi|wrong person|
        wrong number|wrong number sorry|sorry wrong number|numero equivocado|sorry|perdon|my bad""",
    "bye": """bye|goodbye|good bye|bye bye|see you|ttyl|talk later|gotta go|got to go|adios|hasta luego|chao|chau|nos vemos|gn|
        good night|goodnight|take care|have a good night|have a good day|have a nice day|bye thanks|thanks bye|ok bye|
        brb""",
}
KINDS: dict[str, str] = {
    " ".join(phrase.split()): kind for kind, phrases in _KINDS.items() for phrase in phrases.replace("\n", " ").split("|")
}
_NICETIES = """oh ok okay omg phew sorry well actually thanks thank you god thankfully now again haha gracias a dios
    perdon""".split()
_NICETY = rf"(?:{'|'.join(_NICETIES)})"
_FALSE_ALARM = r"(?:(?:it was|its|it is|for the|era|fue|es) )?(?:(?:a|una) )?(?:false alarm|falsa alarma)"
_PEOPLE = """son|daughter|kid|baby|brother|sister|mom|mother|dad|father|husband|wife|partner|boyfriend|girlfriend|bf|gf|friend|
    roommate|cousin|uncle|aunt|grandma|grandpa|neighbor""".replace("\n    ", "")
_SOMEBODY_IS = rf"(?:hes|shes|theyre|(?:he|she|everyone|everybody|my (?:{_PEOPLE})) is|they are)"
_FINE = rf"(?:{_SOMEBODY_IS}(?: all| totally| perfectly| actually)? (?:fine|ok|okay|alright|safe)|(?:el |ella )?ya esta bien)"
_ASLEEP = r"(?:he|she|they) (?:was|were)(?: just| only)? (?:asleep|sleeping|napping)|(?:solo )?estaba dormid[oa]"
_PLACE = r"at (?:work|home|school|church)|en (?:la )?casa|en el trabajo"
# Nothing else may be said with it: "i dont think hes ok" is the opposite. Sleep alone is none: an overdose looks like it.
_WELL = re.compile(rf"(?:{_NICETY} )*(?:{_FALSE_ALARM}|{_FINE})(?: (?:{_NICETY}|{_FALSE_ALARM}|{_FINE}|{_ASLEEP}|{_PLACE}))*")
_MOST_WORDS = 16
FALSE_ALARM, FINE = "false alarm", "fine"
THANKS = frozenset("thanks gracias".split())  # what follows them is to whom and what for, when no topic was found
_OPENERS = frozenset(
    """ok okay hey hi yes so much lol haha very oh well and now guys sir maam again for por todo everything everyone
    all""".split()
)


def reaction(text: str) -> bool:
    """Whether `text` is a phone's reaction to one of our messages. What it quotes means nothing."""
    folded = plain_quotes(text)
    return bool(_REACTION.match(folded) or _EMOJI_TO.match(folded))


def plain_quotes(text: str) -> str:
    """`text` folded, with every kind of quotation mark as a plain one."""
    return plain(re.sub(r"[“”„«»‘’]", '"', text)).strip()


def all_is_well(text: str) -> str:
    """FALSE_ALARM or FINE where `text` says that it was none, or that the person is fine, and nothing else; "" otherwise.

    A question never does."""
    words = tokens(text)
    told = " ".join(words)
    if "?" in text or len(words) > _MOST_WORDS or not _WELL.fullmatch(told):
        return ""
    return FALSE_ALARM if re.search(_FALSE_ALARM, told) else FINE


def kind(words: tuple[str, ...]) -> str:
    """ "hello", "thanks", "ok" or "bye" when the words are only that, else ""."""
    if not words or len(words) > 8:
        return ""
    joined = " ".join(words)
    if joined in KINDS:
        return KINDS[joined]
    if words[0] in THANKS and len(words) <= 6:
        return "thanks"
    told = " ".join(w for w in words if w not in _OPENERS)
    return KINDS.get(told, "ok" if not told else "")
