"""Does a text ask us to stop texting? The words that law and carriers read as STOP, alone or as a plain request.

Two mistakes, not equal: missing a request annoys, and breaks 47 CFR 64.1200(a)(10), which counts any wording that a
reasonable person would read as one; unsubscribing "I want to quit" leaves a person alone with it. So a request needs
its parts: what to end (STOP, REMOVE, NOT) and that it is texts, contact, a number or a list. It must be the writer's
wish: "my ex won't stop texting me" speaks of somebody else, "don't stop" asks for the opposite.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .words import plain, tokens

# 47 CFR 64.1200(a)(10), CTIA, Twilio's own list (FACTS D, E4) and their Spanish kin.
STOP_WORDS = frozenset("stop stopall unsubscribe end quit cancel revoke optout unsub alto parar baja cancelar".split())
MAY_MEAN_MORE = frozenset("quit end cancel cancelar parar".split())  # "quit" may mean heroin, "end" a life
START_WORDS = frozenset("start unstop".split())
HELP_WORDS = frozenset("help info ayuda".split())
TWILIO_STOP = frozenset("stop stopall unsubscribe end quit cancel revoke optout".split())
TWILIO_START = frozenset("start unstop".split())
TWILIO_HELP = frozenset("help info".split())

LONGEST_REQUEST = 40  # words; a longer text tells a story


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The parts of a request. A word may be in several.
_STOP = _words(
    """stop stopp quit cease end halt discontinue cancel terminate block mute disable
    dejen deje deja dejar paren pare para parar basta alto cancelen cancele cancelar cancela suspendan suspender detengan
    detener terminen terminar desactivar anular"""
)
_NOT = _words("dont not never no nunca jamas zero enough neither without")
_CONTACT = _words(
    """text texting textin txting message messaging messagin contact contacting send sending sendin spam spamming bother
    bothering harass harassing bugging write writing notify notifying communicate communicating pestering call calling
    manden mande mandes mandar mandarme mandarnos mandando envien envie envies enviar enviarme escriban escriba escribas
    escribir escribirme escribirnos contacten contacte contactes contactar contactarme texteen textee textees textear
    textearme molesten moleste molestes molestar molestarme llamen llame llamarme busquen"""
)
_THING = _words(
    """text texts texting textin message messages messaging messags mesages msgs sms spam notifications notification alerts
    alert subscription subscriptions communication communications contact list lists updates mailings
    mensaje mensajes mensajitos texto textos msj msjs mjs notificaciones alertas lista listas suscripcion publicidad"""
)
_ADDRESS = _words("number phone name info cell digits numero telefono celular contacto nombre")
_REMOVE = _words(
    """remove take get drop delete erase scrub pull strike leave keep lose forget trash quitenme quiteme quitame saquenme
    saqueme sacame borrenme borreme borrame eliminenme elimineme eliminarme sacarme quitarme borrarme borren borre borra
    eliminen elimine elimina quiten quite quita saquen saque olviden pierdan borrar quitar eliminar sacar"""
)
_REMOVE_ME = frozenset(w for w in _REMOVE if w.endswith("me"))
_UNSUBSCRIBE = _words(
    """unsubscribe unsub unsuscribe unsubcribe unsubscribed unsubscribing unenroll unregister optout
    desuscribir desuscribirme desuscribanme desuscribeme desuscriban desinscribir desinscribirme desinscribanme"""
)
_FILL = _words(
    """the this these those that all any anymore more of from to with at on in for your ur such so many stupid annoying damn
    fucking freaking dumb random automated unwanted new further future every daily a an my me us and it off out ever want be
    wish getting get receiving receive keep you here longer need these getting stuff shit them being like would care no
    de los las la el estos esos sus tus que me mas ya a mi con tantos su este ese lo les recibir quiero seguir deseo nos
    recibiendo ningun ningunos otro otra vez en por favor del todos quisiera"""
)
_COURTESY = _words(
    """please thanks thank you ok hey hi hello yo so and but just now no sir maam sorry bro dude man look listen seriously
    omg ugh already again kindly everyone guys yall people damn hell the fuck fucking freaking lol hola oiga oigan oye ya
    pero bueno disculpe disculpen perdon gracias por favor porfavor favor y yo right today asap immediately all it this
    thing forever ahora hoy inmediatamente vez una de que stop end means said anymore a u bye esto interested not im"""
)
_WISH = _words(
    """i id im am we can could would will you want need like love prefer wish ask demand request asking telling trying going
    ready to for that just really how do let me help make sure go ahead time should must have please may hereby ill dont
    the way is there a where what supposed quiero quisiera deseo necesito solicito gustaria me pueden puede podrian podria
    como hago le les pido que yo de hacer se favor sean tan amables amable"""
)
# Somebody else's texting, or something other than texts, is what the sentence is about.
_SOMEBODY = _words(
    """he she him her hes shes his they them theyre boyfriend girlfriend ex husband wife mom mother dad father son daughter
    brother sister dealer dealers plug friend friends cousin boss coworker roommate baby who sponsor people everybody
    el ella ellos hijo hija esposo esposa novio novia hermano hermana mama papa amigo amiga dila dile vendedor conecta"""
)
_SOMETHING = _words(
    """using use drinking life living pain sick sickness breathing shaking craving cravings hurting crying thinking
    appointment lease rehab detox clinic meeting sponsor job bill account withdrawal withdrawals voices loop habit
    usar vida dolor cita clinica vomito temblor llorar sufrir trabajo consumir"""
)
_BEFORE_A_STORY = _words("wont cant couldnt didnt doesnt to when if why after until would did they told tell make since cuando si")

_CLAUSES = re.compile(r"[.!?,;:\n]+|\s-+\s|\.\.+")
_SETTLED = re.compile(
    r"wrong (?:number|person)|not interested|no thanks|no thank you|who (?:is|are) (?:this|you)|i didnt sign up(?: for this)?|"
    r"i never signed up(?: for this)?|numero equivocado|se equivocaron|se equivoco|no me interesa|no gracias|i said|i told you"
)
_OPPOSITE = re.compile(
    r"\b(?:dont|do not|never|please dont|cant|wont) (?:ever |you |u |want you to |want to |like )*"
    r"(?:stop|quit|remove|take me off|unsubscribe|cancel|delete|opt|end)\b"
    r"|\bno (?:\w+ )?(?:dejen|dejes|deje|dejar|paren|pares|me quiten|me borren|me saquen|cancelen|quiero dejar)\b"
    r"|\bwhat happens\b|\bwhat if\b|\bque pasa si\b|\bdid i\b|\bwhy\b|\bshould i\b|\bif i\b|\bsi mando\b|\bdo i have to\b"
)
_OFF = re.compile(
    r"\b(?:off|out|from|de|del)\b.*\b(?:list|lists|this|texts?|system|program|service|database|thing|it|here|lista|esto|aqui)\b"
    r"|\boff\b"
)
_WHOLE = re.compile(
    r"^(?:leave me alone|dejenme en paz|dejeme en paz|dejame en paz|lose my number|"
    r"(?:i )?(?:hereby )?(?:revoke|withdraw|rescind|cancel|retiro|revoco) (?:my |all |mi |el )?(?:consent|permission|consentimiento|permiso)"
    r"(?: .*)?|(?:i )?(?:hereby )?revoke|(?:i )?(?:want|need|wanna) (?:to be )?(?:off|out|removed|taken off)(?: of)? (?:this|your|the) \w*\s?list)$"
)


@dataclass(frozen=True, slots=True)
class _Core:
    """The words start..end of a clause that make the request; `strong` ones may stand behind other words."""

    start: int
    end: int
    strong: bool


def lone(words: tuple[str, ...], vocabulary: frozenset[str]) -> str:
    """The one carrier word that `words` consist of, or ""."""
    if words in (("stop", "all"), ("opt", "out")):
        words = (words[0] + words[1],)
    return words[0] if len(words) == 1 and words[0] in vocabulary else ""


def asked_to_stop(text: str) -> str:
    """The words with which `text` asks us to stop texting, or "" when it does not."""
    whole = " ".join(tokens(text))
    if whole.count(" ") >= LONGEST_REQUEST or _OPPOSITE.search(whole):
        return ""
    said = set(whole.split())
    if said & _SOMETHING or said & (_SOMEBODY - {"people", "who", "el"}):
        return ""
    clauses = [_unsettled(" ".join(tokens(c))) for c in _CLAUSES.split(plain(text))]
    for i, clause in enumerate([_unsettled(whole), *clauses], start=-1):
        around = [] if i < 0 else [w for j, other in enumerate(clauses) if j != i for w in other]
        small_talk = all(w in _COURTESY or w in _WISH or w in _FILL for w in around)
        if clause and len(around) <= 12 and _is_request(clause, alone=small_talk):
            return " ".join(clause)
    return ""


def _unsettled(clause: str) -> list[str]:
    """The words of `clause` without what people say beside a request: wrong number, not interested."""
    return _SETTLED.sub(" ", clause).split()


def _is_request(words: list[str], alone: bool) -> bool:
    """Whether `words` are a request. Where more is said around them (not `alone`) only a strong one counts."""
    joined = " ".join(words)
    bare = " ".join(w for w in words if w not in ("please", "ok", "just", "por", "favor", "ya", "now"))
    if _WHOLE.match(joined) or _WHOLE.match(bare):
        return True
    if alone and _only_stop(words):
        return True
    core = _core(words)
    if core is None or not (alone or core.strong):
        return False
    before = words[: core.start]
    asked = all(w in _COURTESY or w in _WISH for w in before)
    return asked or (core.strong and len(before) <= 12 and before[-1] not in _BEFORE_A_STORY)


def _only_stop(words: list[str]) -> bool:
    """STOP (or UNSUBSCRIBE) with nothing but courtesies around it: "ok stop now pls", "can you stop"."""
    told = [w for w in words if w not in _COURTESY or w in _STOP]
    polite = [w for w in told if w not in ("can", "could", "will", "would", "have", "i", "2", "quit", "all")]
    first = bool(polite) and polite[0] in ("stop", "stopp", "alto", "stopall", "stop2end", "basta") and len(set(polite)) == 1
    wishes_it = "i" in words and ("want" in words or "need" in words)  # "i want to stop" most likely means using
    return first and not wishes_it and not ("it" in words or "this" in words or "thing" in words)


def _core(words: list[str]) -> _Core | None:
    """The first request in `words`, whatever stands around it."""
    for i, word in enumerate(words):
        found = _at(words, i, word)
        if found:
            return found
    return None


def _at(words: list[str], i: int, word: str) -> _Core | None:
    if word in _UNSUBSCRIBE or (word in ("opt", "opting", "opted") and "out" in words[i + 1 : i + 3]):
        return _Core(i, i + 1, strong=True)
    if words[i : i + 3] == ["dar", "de", "baja"] or (word in ("denme", "darme", "deme") and words[i + 1 : i + 3] == ["de", "baja"]):
        return _Core(i, i + 3, strong=True)
    if word in _STOP:
        end = _reach(words, i + 1, _CONTACT | _THING | {"service", "program", "servicio"})
        if end:
            return _Core(i, end, strong=words[end - 1] in _CONTACT and _to_me(words, end))
    if word in _NOT:
        end = _reach(words, i + 1, _CONTACT | _THING)
        if end and (words[end - 1] in _CONTACT or set(words[i:end]) & {"more", "want", "mas", "quiero", "deseo", "any", "sus", "these", "enough", "longer", "recibir"}):
            return _Core(i, end, strong=_to_me(words, end))
    if word in _REMOVE:
        return _removal(words, i, word)
    return None


def _removal(words: list[str], i: int, word: str) -> _Core | None:
    after = words[i + 1 : i + 5]
    rest = " ".join(words[i + 1 :])
    if word in _REMOVE_ME or (word in ("remove", "delete", "erase") and after[:1] == ["me"]):
        return _Core(i, i + 1, strong=True)
    if after[:1] in (["me"], ["us"]) and _OFF.search(rest):
        return _Core(i, i + 2, strong=True)
    if after[:1] and after[0] in ("my", "this", "mi", "este", "that", "ese") and set(after[1:3]) & _ADDRESS and word not in ("get", "keep", "leave"):
        return _Core(i, i + 3, strong=True)
    if after[:1] == ["off"] and set(after) & (_THING | {"list"}):
        return _Core(i, i + 2, strong=True)
    return None


def _reach(words: list[str], start: int, goal: frozenset[str]) -> int:
    """The end of the first word of `goal` that only fill words separate from `start`, or 0."""
    for j in range(start, min(start + 8, len(words))):
        if words[j] in goal:
            return j + 1
        if words[j] not in _FILL:
            return 0
    return 0


def _to_me(words: list[str], end: int) -> bool:
    """Whether the contact is with the writer: "texting me", "no me escriban"."""
    return bool(set(words[max(0, end - 3) : end + 4]) & {"me", "us", "nos", "my", "this", "mas"}) or words[end - 1].endswith("me")
