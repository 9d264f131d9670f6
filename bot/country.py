"""Is a phone number one of another country? Decided by its area code alone; nothing of the number is kept."""

from __future__ import annotations

from functools import lru_cache

AREA = len("+1617")  # of North American numbers, which the US shares with Canada and the Caribbean
# The US and its territories: 911 and 988 reach help there.
SERVED = frozenset("US PR GU VI AS MP".split())


def is_abroad(number: str) -> bool:
    """Whether `number` ("+16175550100") is surely not of the US. A short code, a name or nothing is not surely so."""
    if not number.startswith("+"):
        return False
    return not number.startswith("+1") or _area_is_abroad(number[:AREA])


@lru_cache(maxsize=1024)  # there are 800 area codes
def _area_is_abroad(area: str) -> bool:
    from phonenumbers import NumberParseException, parse, region_code_for_number  # 50 ms that no start should wait for

    try:
        region = region_code_for_number(parse(f"{area}5550100"))
    except NumberParseException:
        return False
    return region is not None and region not in SERVED
