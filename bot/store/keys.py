"""Key names, all of them. Everything of one contact carries one hash tag, so that a Cluster keeps it in one slot."""

FINGERPRINT = "hl:secret"


def session(contact: str) -> str:
    return f"hl:{{{contact}}}:s"


def optout(contact: str) -> str:
    return f"hl:{{{contact}}}:o"


def contact(key: str) -> str:
    """Whose key this is."""
    return key.partition("{")[2].partition("}")[0]


def counter(name: str) -> str:
    return f"hl:count:{name}"


def note(name: str) -> str:
    return f"hl:note:{name}"


# The directory of places: what is loaded, and under a number for each import its places and one geo index a service. The
# number is the hash tag, so that all of one import lies in one slot.

DIRECTORY = "hl:directory"
DIRECTORY_LAST = "hl:directory:last"
DIRECTORY_IMPORTING = "hl:directory:importing"


def directory_places(generation: int) -> str:
    return f"hl:directory:{{{generation}}}:places"


def directory_near(generation: int, service: str) -> str:
    return f"hl:directory:{{{generation}}}:near:{service}"


def live_listing(digest: str) -> str:
    """What the live locator answered to one question; `digest` hides the ZIP code that was asked for."""
    return f"hl:live:near:{digest}"


def live_place(id_: str) -> str:
    return f"hl:live:place:{id_}"
