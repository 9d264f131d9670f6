"""Hand-offs in this process, for tests and the terminal. Same contract as Redis."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from .desk import FULL, INBOX, KEEP_LIFE, MOST_WAITING, RANKS, SEEN_EVERY, Change, Look, Page, Poll, Sign, State


@dataclass(slots=True)
class _Kept:
    """What is kept of one contact."""

    ticket: bytes | None = None
    log: list[bytes] = field(default_factory=list)
    outbox: list[tuple[str, bytes]] = field(default_factory=list)
    sent: dict[str, State] = field(default_factory=dict)
    inbox: list[tuple[str, bytes]] = field(default_factory=list)
    locked: dict[str, tuple[bytes, list[bytes]]] = field(default_factory=dict)
    page: Page = field(default_factory=Page)
    until: float = float("inf")


class MemoryDesk:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._due: dict[str, float] = {}
        self._shown: dict[str, tuple[int, bytes]] = {}
        self._duty: dict[str, tuple[bytes, float]] = {}
        self._held: dict[str, set[str]] = {}
        self._leases: dict[str, tuple[str, float]] = {}
        self._paced: dict[str, float] = {}
        self._waits: list[tuple[float, float]] = []
        self._n, self._beat = 1, 0.0
        self._lock = threading.RLock()
        self._woken = threading.Event()

    # --- one contact ---

    def ticket(self, contact: str) -> bytes | None:
        return self._of(contact).ticket

    def locked(self, contact: str, serial: str) -> bytes | None:
        return self._of(contact).locked.get(serial, (None, []))[0]

    def change(self, contact: str, change: Change) -> bool:
        with self._lock:
            if self._of(contact).ticket != change.before:
                return False
            self.write(contact, change)
            return True

    def write(self, contact: str, change: Change) -> None:
        """Without comparing: for a store that has compared, under its own lock."""
        with self._lock:
            kept = self._of(contact)
            if change.drop:
                for name, _ in kept.outbox:
                    kept.sent.setdefault(name, State("dropped"))
                kept.outbox = []
            kept.log = [*kept.log, *change.notes]
            if change.lock and change.after is not None:
                locked = {**kept.locked, change.serial: (change.after, kept.log)}
                self._kept[contact] = _Kept(locked=locked)
            elif change.after is None:
                self._kept[contact] = _Kept(locked=kept.locked)
            else:
                kept.ticket = change.after
                kept.page = Page() if change.fresh else kept.page
                room = max(0, MOST_WAITING - len(kept.outbox))
                kept.outbox += change.outbox[:room]
                kept.sent.update({name: State("dropped", FULL) for name, _ in change.outbox[room:]})
                if change.life != KEEP_LIFE:
                    kept.until = self._clock() + change.life if change.life else float("inf")

    def erase_locked(self, contact: str, serial: str, ticket: str) -> None:
        self._of(contact).locked.pop(serial, None)
        self.touch()

    def keep_locked(self, contact: str, serial: str, ticket: str, sealed: bytes, life: int) -> None:
        locked = self._of(contact).locked
        if serial in locked:
            locked[serial] = (sealed, locked[serial][1])

    def locks(self, contact: str) -> list[str]:
        return list(self._of(contact).locked)

    def unlock(self, contact: str, serial: str) -> None:
        """Memory names only what is there."""

    def index_locked(self, ticket: str) -> None:
        """Memory needs no index."""

    def all_locked(self) -> dict[str, bytes]:
        return {
            f"{contact}-{serial}": sealed for contact, kept in self._kept.items() for serial, (sealed, _) in kept.locked.items()
        }

    def notes(self, contact: str, serial: str = "") -> list[bytes]:
        kept = self._of(contact)
        return list(kept.locked.get(serial, (b"", []))[1] if serial else kept.log)

    def outbox(self, contact: str) -> list[tuple[str, bytes]]:
        return list(self._of(contact).outbox)

    def push(self, contact: str, items: Sequence[tuple[str, bytes]], life: int) -> None:
        self._of(contact).outbox += items

    def done(self, contact: str, item: str) -> None:
        kept = self._of(contact)
        kept.outbox = [(name, value) for name, value in kept.outbox if name != item]

    def states(self, contact: str) -> dict[str, State]:
        return dict(self._of(contact).sent)

    def state(self, contact: str, item: str, state: State, life: int) -> bool:
        with self._lock:
            kept = self._of(contact)
            sent = kept.sent
            old = sent.get(item)
            if kept.ticket is None and not kept.outbox and old is None:
                return False
            if old is None:
                sent[item] = state
            elif RANKS[state.state] >= RANKS[old.state]:
                sent[item] = replace(state, sid=state.sid or old.sid, tries=max(state.tries, old.tries))
            elif state.sid and not old.sid:
                sent[item] = replace(old, sid=state.sid)
            else:
                return False
            return True

    def lease(self, contact: str, token: str, seconds: float) -> bool:
        with self._lock:
            if self._leases.get(contact, ("", 0.0))[1] > self._clock():
                return False
            self._leases[contact] = (token, self._clock() + seconds)
            return True

    def release(self, contact: str, token: str) -> None:
        if self._leases.get(contact, ("", 0.0))[0] == token:
            del self._leases[contact]

    def deliver(self, contact: str, item: str, sealed: bytes) -> None:
        kept = self._of(contact)
        if kept.ticket is not None:
            kept.inbox = [*kept.inbox, (item, sealed)][-INBOX:]

    def inbox(self, contact: str) -> list[tuple[str, bytes]]:
        return list(self._of(contact).inbox)

    def page(self, contact: str) -> Page:
        return self._of(contact).page

    def see_page(self, contact: str, at: float, how: Sign = "looks") -> Look:
        with self._lock:
            kept = self._of(contact)
            before = kept.page
            if kept.ticket is None:
                return "none"
            if how == "writes" and before.closed > at:
                return "known"
            if how != "writes" and before.gone(at):
                return "late"
            if how == "again" and before.unseen(at):
                kept.page = Page(before.seen, before.seen)
                return "late"
            if before.closed or at - before.seen >= SEEN_EVERY:
                kept.page = Page(at)
            return "back" if before.closed else "known"

    def close_page(self, contact: str, at: float) -> None:
        with self._lock:
            kept = self._of(contact)
            if kept.ticket is not None:
                kept.page = replace(kept.page, closed=at)

    # --- all contacts ---

    def mark(self, contact: str, at: float) -> None:
        self._due[contact] = min(at, self._due.get(contact, at))

    def due(self, now: float, again: float, most: int) -> list[str]:
        with self._lock:
            found = sorted((c for c, at in self._due.items() if at <= now), key=lambda c: self._due[c])[:most]
            self._due.update(dict.fromkeys(found, again))
            return found

    def due_at(self, contact: str) -> float | None:
        return self._due.get(contact)

    def settle(self, contact: str, seen: float | None, at: float | None) -> None:
        with self._lock:
            if self._due.get(contact) != seen:
                return
            if at is None:
                self._due.pop(contact, None)
            else:
                self._due[contact] = at

    def announce(self, contact: str, at: float, entry: tuple[str, int, bytes] | None) -> None:
        self.mark(contact, at)
        if entry:
            self.show(*entry)
        self.wake()

    def wake(self) -> None:
        self._woken.set()

    def sleep(self, seconds: float) -> None:
        self._woken.wait(seconds)
        self._woken.clear()

    def overdue(self, before: float) -> int:
        return sum(at <= before for at in self._due.values())

    def rebuild(self) -> int:
        found = [c for c in list(self._kept) if self._of(c).ticket is not None or self._of(c).outbox]
        for contact in found:
            self.mark(contact, self._clock())
        return len(found)

    def show(self, ticket: str, rev: int, sealed: bytes) -> None:
        with self._lock:
            if self._shown.get(ticket, (-1, b""))[0] <= rev:
                self._shown[ticket] = (rev, sealed)
                self.touch()

    def hide(self, ticket: str) -> None:
        self._shown.pop(ticket, None)
        self.touch()

    def shown(self) -> dict[str, bytes]:
        return {ticket: sealed for ticket, (_, sealed) in self._shown.items()}

    def poll(self, cursor: int, late: float) -> Poll:
        overdue = self.overdue(late)
        if cursor == self._n:
            return Poll(self._n, self._beat, late=overdue)
        duty = self.duty()
        return Poll(
            self._n,
            self._beat,
            self.shown(),
            {s: sealed for s, (sealed, _) in duty.items()},
            {s: at for s, (_, at) in duty.items()},
            overdue,
        )

    def touch(self) -> None:
        self._n += 1

    def set_duty(self, staff: str, sealed: bytes | None, seen: float) -> None:
        if sealed is None:
            self._duty.pop(staff, None)
        else:
            self._duty[staff] = (sealed, seen)
        self.touch()

    def see(self, staff: str, at: float) -> None:
        if staff in self._duty:
            self._duty[staff] = (self._duty[staff][0], at)

    def duty(self) -> dict[str, tuple[bytes, float]]:
        return dict(self._duty)

    def shift(self, staff: str) -> tuple[bytes, float, int] | None:
        found = self._duty.get(staff)
        return (*found, len(self._held.get(staff, ()))) if found else None

    def hold(self, staff: str, ticket: str, most: int) -> bool:
        with self._lock:
            held = self._held.setdefault(staff, set())
            if ticket not in held and len(held) >= most:
                return False
            held.add(ticket)
            return True

    def unhold(self, staff: str, ticket: str) -> None:
        self._held.get(staff, set()).discard(ticket)

    def holds(self, staff: str) -> list[str]:
        return list(self._held.get(staff, ()))

    def beat(self, at: float) -> None:
        self._beat = at

    def waited(self, seconds: float, at: float) -> None:
        self._waits = [*self._waits, (at, seconds)][-50:]

    def waits(self) -> list[tuple[float, float]]:
        return list(self._waits)

    def pace(self, sender: str, now: float, gap: float, most: float) -> float:
        with self._lock:
            at = max(now, self._paced.get(sender, 0.0))
            if at - now <= most:
                self._paced[sender] = at + gap
            return at - now

    def _of(self, contact: str) -> _Kept:
        kept = self._kept.setdefault(contact, _Kept())
        if kept.until <= self._clock():
            kept = self._kept[contact] = _Kept(locked=kept.locked)
        return kept
