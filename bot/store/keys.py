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
