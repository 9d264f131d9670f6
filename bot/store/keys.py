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


# --- staff: accounts, their sessions, links, and failures to sign in. Each is read and written by itself. ---

STAFF = "hl:staff"  # an index of names; the truth is each account's own key


def staff_account(name: str) -> str:
    return f"hl:staff:account:{name}"


def staff_session(digest: str) -> str:
    return f"hl:staff:session:{digest}"


def staff_link(digest: str) -> str:
    return f"hl:staff:link:{digest}"


def staff_failures(digest: str) -> str:
    return f"hl:staff:fails:{digest}"


def staff_limit(count: str) -> str:
    return f"hl:staff:limit:{count}"


# --- hand-off: the ticket of a contact, and the desk's indexes under one tag of their own ----------------------------

TICKET, LOG, OUTBOX, SENT, INBOX, PAGE, LOCKS = "t", "log", "outbox", "sent", "inbox", "page", "locks"


def of(contact: str, kind: str) -> str:
    return f"hl:{{{contact}}}:{kind}"


def ticket_keys(contact: str, serial: str) -> list[str]:
    """The nine that ticket.lua takes; `serial` names the locked ones, whose serials the last one holds."""
    kinds = (TICKET, LOG, OUTBOX, SENT, INBOX, PAGE)
    return [*(of(contact, kind) for kind in kinds), *locked_keys(contact, serial), of(contact, LOCKS)]


def locked_keys(contact: str, serial: str) -> tuple[str, str]:
    """A locked ticket and its log."""
    return of(contact, f"lock:{serial}:t"), of(contact, f"lock:{serial}:log")


def desk(kind: str) -> str:
    """Indexes that span contacts. One tag: a script may use several of them."""
    return f"hl:{{desk}}:{kind}"
