"""How somebody leaves the web chat without a word: Quick exit, or a page that was closed and did not come back.

A closed page may be one that is loaded anew, so a hand-off is not ended by it at once. When its time is over the worker ends it,
whoever started or died meanwhile: the time stands beside the ticket.
"""

from __future__ import annotations

from contextlib import suppress

from .app import App
from .core.handoff import erasure
from .core.ticket import Ticket
from .desk import WRITTEN_BY, follow, ticket_in, write
from .log import log
from .store import StoreDown
from .store.desk import BACK_WITHIN

TRIES = 12  # lost races in a row; more is not one person


def forget(app: App, contact: str) -> None:
    """Erase the conversation of `contact` (never an opt-out), a hand-off as FORGET does. Best effort: it expires by itself."""
    with suppress(StoreDown):
        for _ in range(TRIES):
            record = app.store.load(contact)
            ticket = ticket_in(app, record.ticket) if record.ticket else None
            step = erasure(ticket, app.clock()) if ticket else None
            written = write(app, record.ticket, step, app.clock()) if step else None
            if record.blob is None and step is None:
                return
            if written:
                app.store.desk.mark(contact, app.clock() + WRITTEN_BY)
            if app.store.commit(contact, record.blob, None, None, 0, written.change if written else None):
                if step and written:
                    follow(app, ticket, written, step)
                return


def close_page(app: App, contact: str) -> None:
    """The page of `contact` was closed, or is loaded anew: without a hand-off all is erased at once, with one in BACK_WITHIN
    seconds unless the page comes back. Best effort."""
    try:
        ticket = ticket_in(app, app.store.desk.ticket(contact))
        if ticket is None or not ticket.under_way:
            forget(app, contact)
            return
        now = app.clock()
        app.store.desk.close_page(contact, now)
        app.store.desk.mark(contact, now + BACK_WITHIN)
        app.store.desk.touch()  # the console says so
    except StoreDown as error:
        log.warning("store_down", problem=str(error))


def see_writing(app: App, contact: str, at: float) -> None:
    """The page of `contact` sent a text of a hand-off `at`: it is there, though it was closed (of two copies of a tab, one). Best
    effort: its next look shows it too, unless it comes too late for that."""
    try:
        if app.store.desk.see_page(contact, at, "writes") == "back":
            app.store.desk.touch()
    except StoreDown as error:
        log.warning("store_down", problem=str(error))


def leave_if_gone(app: App, contact: str, ticket: Ticket | None) -> float | None:
    """End the hand-off of a page that did not come back; when to look again (epoch seconds), None for never.

    A flagged one stays open: its counselor sees that the page is closed, and decides. Raises StoreDown.
    """
    if ticket is None or ticket.channel != "web" or not ticket.under_way or ticket.locks:
        return None
    page = app.store.desk.page(contact)
    if page.gone(app.clock()):
        forget(app, contact)
        log.info("page_gone")
        return None
    return page.closed + BACK_WITHIN if page.closed else None
