"""Where a text holds a ZIP code that is meant as one, and what kind of place it asks for. Not every five digits are a ZIP.

A ZIP is meant unless its surroundings say otherwise: an amount, a count, a street number, a room, a case number, a phone
number, or a question that asks for something else. Right behind the words "zip code" it always is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .words import plain, tokens

ZIP, SHORT, CANADA = "zip", "short", "canada"
LONGEST = 30  # words; in a longer story five digits need "zip", a state or "in" before them


@dataclass(frozen=True, slots=True)
class Said:
    """`kind`: ZIP (then `code` has five digits), SHORT (too few or too many digits), or CANADA."""

    kind: str
    code: str = ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ZIP_WORD = r"(?:zip(?:s|\s?-?codes?)?|zipcodes?|postal(?:\s?code)?|codigo(?:\s?postal)?)"
_BETWEEN = (
    r"(?:\W+(?:is|es|its|it|number|numero|here|for|me|near|around|in|of|del?|the|my|el|mi|at|would|be|was|code|this)\b){0,3}"
)
_MARKED = re.compile(rf"\b{_ZIP_WORD}{_BETWEEN}[^\w$#]{{0,4}}(?<!\d)([0-9][0-9o]{{2,8}}|o[0-9]{{4}})(?:-(\d{{4}}))?(?![\w%])")
_AROUND = r"[^\w$€£%]*"  # beside bare digits; with a sign of money they are an amount
_BARE = re.compile(rf"{_AROUND}((?=(?:o*\d){{3}})[0-9o]{{3,9}})(?:\s?-\s?\d{{4}})?{_AROUND}")
_SPACED = re.compile(r"\W*(\d \d \d \d \d)\W*")
_CODE = re.compile(r"(?<![\w$#€£+.:/-])(?<!\d[ .)])(\d{5})(?:-\d{4})?(?![\w%:/-]|\s?[$€£]|[.,]\d|[ .]?\d)")
_CANADIAN = re.compile(r"(?<![a-z0-9])[abceghj-nprstvxy]\d[abceghj-nprstv-z][ -]?\d[abceghj-nprstv-z]\d(?![a-z0-9])")

# Right before the number (a few small words may stand between): it is one of these, or counts or costs.
_OTHER_NUMBER = _words(
    """owe owed owes owing won win make makes made making earn earns earned cost costs costing paid pay pays paying
    spent spend spending charge charged charges bill bills debt debts salary income rent worth stole steal saved save
    deductible copay bail fine fined fee fees price loan loans borrowed over under than almost nearly roughly approx another
    total grand budget room rm apt apartment unit suite ste lot trailer bldg building floor case docket inmate badge id
    member account acct policy claim order ticket invoice ref reference confirmation pin password number no num nr text
    texted texting txt call called calling dial phone fax ext extension hwy highway route rt interstate box serial model
    icd cpt ndc rx prescription patient chart license plate year debo debe cuesta cuestan pague pagar pago gano gane
    quoted deposit approved raised balance ssn social user username venmo cashapp verification confirmation flight bus exit
    marker pobox booking cell swallowed swallow drank weigh weighs
    cuarto apartamento caso expediente numero cuenta mas menos casi"""
)  # fmt: skip
_SKIPPED = _words("is was are the a my about like of around maybe just only es son mi los las un una to them him her me code")
_UNITS = _words(
    """dollars dollar bucks usd pesos dolares k grand mg mgs mcg ml gram grams g pills pill bags people persons days day hours
    hour years year months weeks minutes miles steps feet ft times percent cents points followers deaths calories lbs pounds
    mil problems personas dias horas anos veces milligrams units doses
    ng iu ug kg oz cc reasons overdoses upfront saved"""
)
_PER = re.compile(r"\s*(?:a|per|an|each|por|al)\s+(?:year|month|week|day|hour|mes|ano|semana|dia)\b|\s*/\s*(?:yr|mo|year|month)")
_HELD = re.compile(r"\s+in (?:my |our |his |her |their |the )?(?:debt|savings?|cash|fines|fees|bills|bank|account)\b")
_STREET = re.compile(
    r"\s+(?:[nsew]\.?\s+|north\s+|south\s+|east\s+|west\s+)?(?:[a-z0-9.]+\s+){0,3}(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|"
    r"blvd|boulevard|ct|court|hwy|highway|way|ter|terrace|cir|circle|pkwy|parkway)\b"
)
_STATES = _words(
    """al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri
    sc sd tn tx ut vt va wa wv wi wy dc pr alabama alaska arizona arkansas california colorado connecticut delaware florida
    georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota
    mississippi missouri montana nebraska nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon
    pennsylvania island tennessee texas utah vermont virginia washington wisconsin wyoming rico"""
)
_EQUALS = _words("is are was were es son era")  # "my weight is 12345" names another number, unless one of these is before:
_WHERE = _words(
    "mine it here there this that area address location place city town live home where yes direccion ciudad aqui mio"
)
_PLACE_BEFORE = _words("in near around by at from en cerca por close area zona live vivo estoy nearby")

_HOW_MUCH = re.compile(r"\b(?:how (?:much|long|many|come|often|fast)|why|when|cuant[oa]s?|por que|cuando)\b")
_WHAT = re.compile(r"\b(?:whats?|what|which|who is|whos|que es|cual es)\b")
_ASKS = re.compile(
    r"\b(?:can i|can you|can u|can he|can she|could|should|would|do i|do they|do you|is it|is this|is that|"
    r"are you|are they|how|puedo|se puede|debo|como)\b"
    r"|^\W*(?:is|are|does|did|will)\b|\b(?:is|are|does|did|will)\b[^.!?]*\?"  # "my son is using" asks nothing
)
_FINDS = _words(
    """near nearest closest nearby find finding where somewhere anywhere anyone anybody clinic clinics place places doctor
    doctors center centers rehab rehabs detoxes program programs help treatment looking search need needs list beds bed takes
    accepts accept accepting offers any there get around serve donde cerca clinica clinicas centro centros lugar lugares busco
    buscar ayuda hay encontrar necesito tratamiento programas"""
)
_SEEKS = _words("find finding where nearest closest donde encontrar")

# What a place must offer, by the words for it; the first that fits.
_ASKED_FOR: tuple[tuple[str, frozenset[str]], ...] = (
    ("methadone", _words("methadone metadona methadose otp otps")),
    ("buprenorphine", _words("buprenorphine buprenorfina bupe suboxone subutex zubsolv sublocade brixadi subuxone")),
    ("detox", _words("detox detoxes detoxification desintoxicacion desintoxicarme desintoxicarse")),
    ("livein", _words("inpatient residential livein internado internarme internarse residencial")),
    ("lowcost", _words("free uninsured cheap affordable gratis gratuito gratuita barato")),
    ("medicaid", _words("medicaid medical masshealth")) ,
    ("any", _words("cualquiera")),
)  # fmt: skip
_ASKED_FOR_PHRASES = (
    ("any", re.compile(r"\b(?:any (?:kind|place|rehab|clinic|program|treatment|help)|anything|cualquier)")),
    ("livein", re.compile(r"\b(?:live in (?:treatment|rehab|program|place)|in patient|live-in)\b")),
    ("lowcost", re.compile(r"\b(?:low cost|no insurance|sliding scale|no money|bajo costo|sin seguro|sin dinero)\b")),
    ("medicaid", re.compile(r"\bmedi[ -]cal\b")),
)


def read(text: str, waiting: bool = False) -> Said | None:
    """The ZIP code that `text` means, or None. `waiting`: we have just asked for one, so that bare digits are meant as one."""
    said = plain(text)
    if _CANADIAN.search(said):
        return Said(CANADA)
    marked = _MARKED.search(said)
    if marked:
        return _digits(marked.group(1))
    spaced = _SPACED.fullmatch(said)
    if spaced:
        return Said(ZIP, spaced.group(1).replace(" ", ""))
    bare = _BARE.fullmatch(said)
    if bare:
        found = _digits(bare.group(1))
        return found if (found.kind == ZIP and (waiting or bare.group(1).isdigit())) or waiting else None
    meant = [found.group(1) for found in _CODE.finditer(said) if _is_meant(said, found.start(), found.end(), found.group(1))]
    return Said(ZIP, meant[-1]) if meant else None


def service(text: str) -> str:
    """What kind of place `text` asks for, of places.SERVICES, or ""."""
    said = plain(text)
    words = frozenset(tokens(text))
    phrases = {name for name, pattern in _ASKED_FOR_PHRASES if pattern.search(said)}
    return next((name for name, known in _ASKED_FOR if name in phrases or words & known), "")


def seeks(text: str) -> bool:
    """Whether `text` speaks of a ZIP code or a kind of place in so many words."""
    return bool(_MARKED.search(plain(text)) or service(text))


def _digits(found: str) -> Said:
    """Five digits, or nine (ZIP+4); anything else has to be asked again."""
    code = found.replace("o", "0")
    return Said(ZIP, code[:5]) if len(code) in (5, 9) else Said(SHORT)


def _is_meant(said: str, start: int, end: int, code: str) -> bool:
    before, after = tokens(said[:start]), tokens(said[end:])
    if _is_another_number(said, end, code, before, after):
        return False
    located = bool(before) and (before[-1] in _STATES or bool(_PLACE_BEFORE & set(before[-2:])))
    if code.endswith("000") and not located:
        return False
    if _asks_for_something_else(said[:start] + said[end:], located and before[-1] in ("near", "around", "nearby", "cerca")):
        return False
    return located or len(before) + len(after) < LONGEST


def _is_another_number(said: str, end: int, code: str, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether the words around it say that the number counts, costs or names something."""
    if (after and after[0] in _UNITS) or any(beside.match(said, end) for beside in (_PER, _HELD, _STREET)):
        return True
    if before and (before[-1] == "not" or (before[-1] in _EQUALS and not _WHERE & set(before[-3:-1]))):
        return True
    telling = [word for word in before[-4:] if word not in _SKIPPED]
    amount = code.endswith("00") and bool(telling) and telling[-1] in ("lost", "lose", "perdi")
    return amount or (bool(telling) and telling[-1] in _OTHER_NUMBER)


def _asks_for_something_else(rest: str, beside: bool) -> bool:
    words = set(tokens(rest))
    if _HOW_MUCH.search(rest):
        return not words & _SEEKS
    if _WHAT.search(rest):
        return not beside and not words & (_FINDS - {"get", "any", "help", "treatment", "there", "need"})
    return bool(_ASKS.search(rest)) and not words & _FINDS
