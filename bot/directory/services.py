"""From the codes of SAMHSA's directories to the kinds of place that people can ask for.

Codes: FindTreatment.gov's filters, and the keys of the printed directories before it. Not here on purpose: SF (cash), PI, MC,
hospital codes, OTPA (takes people who get methadone elsewhere).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..core.places import ANY, SERVICES

CODES = {
    "methadone": "METH MU MM DM MMW OTP",
    "buprenorphine": "BU BUM DB BMW",
    "detox": "DT OD RD HID",
    "livein": "RES RL RS RD",
    "lowcost": "SS NP PA",
    "medicaid": "MD",
}
SERVICES_OF: dict[str, tuple[str, ...]] = {
    code: tuple(s for s in CODES if code in CODES[s].split()) for codes in CODES.values() for code in codes.split()
}
KINDS = tuple(service for service in SERVICES if service != ANY)

# The same in the words of the live locator's answers: which heading (f2) names it, by which words of its values.
SAID = {
    "methadone": (("OM", "TC", "OT"), re.compile(r"methadone|opioid treatment program", re.IGNORECASE)),
    "buprenorphine": (("OM", "TC", "OT"), re.compile(r"buprenorphine", re.IGNORECASE)),
    "detox": (("TC", "SET", "DETOX"), re.compile(r"detox|withdrawal", re.IGNORECASE)),
    "livein": (("SET", "TC"), re.compile(r"residential", re.IGNORECASE)),
    "lowcost": (("PAY", "PYAS"), re.compile(r"sliding|payment assistance|no payment|free", re.IGNORECASE)),
    "medicaid": (("PAY",), re.compile(r"medicaid", re.IGNORECASE)),
}


def of_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """The services that `codes` stand for, in the order of SERVICES. Unknown codes say nothing."""
    found = {service for code in codes for service in SERVICES_OF.get(code, ())}
    return tuple(service for service in KINDS if service in found)


def codes_in(text: str) -> list[str]:
    """The codes in a field like "SA/DT/MM" or "* SA * DT": capitals and digits, whatever stands between."""
    return [code for code in re.split(r"[^A-Za-z0-9]+", text) if code]
