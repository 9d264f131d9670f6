"""Is a phone number one of another country? Decided by its area code alone; nothing of the number is kept."""

from __future__ import annotations

# Area codes of Canada, the Caribbean and Bermuda, which share +1 with the US (the North American Numbering Plan). The tests
# compare them with the library phonenumbers, whose table follows the plan: importing it here would cost the first text 50 ms.
# The territories are no other country: 911 and 988 reach help there.
FOREIGN = frozenset(
    """204 226 236 242 246 249 250 257 263 264 268 273 284 289 306 343 345 354 365 367 368 382 403 416 418 428 431 437 438 441
    450 468 473 474 506 514 519 548 579 581 584 587 600 604 613 622 633 639 647 649 658 664 672 683 705 709 721 742 753 758 767
    778 780 782 784 807 809 819 825 829 849 867 868 869 873 876 879 902 905 942""".split()
)


def is_abroad(number: str) -> bool:
    """Whether `number` ("+16175550100") is surely not of the US. A short code, a name or nothing is not surely so."""
    if not number.startswith("+"):
        return False
    return not number.startswith("+1") or number[2:5] in FOREIGN
