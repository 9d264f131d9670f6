"""Hand-offs in Redis or Valkey. A contact's keys share its tag, the indexes share one of their own: no command crosses slots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgpack

from . import keys
from .desk import BACK_WITHIN, INBOX, SEEN_EVERY, UNSEEN, Change, Look, Page, Sign, State
from .redis_indexes import INDEX_LIFE, RedisIndexes


class RedisDesk(RedisIndexes):
    """What is kept of one contact's hand-off; what spans contacts: bot.store.redis_indexes. Every failure is StoreDown."""

    def ticket(self, contact: str) -> bytes | None:
        return cast("bytes | None", self._ask(lambda: self._client.get(keys.of(contact, keys.TICKET))))

    def locked(self, contact: str, serial: str) -> bytes | None:
        return cast("bytes | None", self._ask(lambda: self._client.get(keys.locked_keys(contact, serial)[0])))

    def change(self, contact: str, change: Change) -> bool:
        return bool(self._run("change", keys.ticket_keys(contact, change.serial), [packed(change)]))

    def erase_locked(self, contact: str, serial: str, ticket: str) -> None:
        self._ask(lambda: self._client.delete(*keys.locked_keys(contact, serial)))
        self._ask(lambda: self._client.srem(keys.of(contact, keys.LOCKS), serial))
        self._ask(lambda: self._client.srem(keys.desk("locked"), ticket))
        self.touch()

    def keep_locked(self, contact: str, serial: str, ticket: str, sealed: bytes, life: int) -> None:
        at, log = keys.locked_keys(contact, serial)
        locks = keys.of(contact, keys.LOCKS)

        def kept() -> None:
            pipe = self._client.pipeline(transaction=False)
            pipe.set(at, sealed, xx=True)
            for key in (at, log):
                if life:
                    pipe.expire(key, life)
                else:
                    pipe.persist(key)
            if life:
                pipe.expire(locks, INDEX_LIFE)
            else:
                pipe.persist(locks)
            pipe.execute()

        self._ask(kept)
        self.index_locked(ticket)

    def locks(self, contact: str) -> list[str]:
        key = keys.of(contact, keys.LOCKS)
        return [serial.decode() for serial in self._ask(lambda: self._client.smembers(key))]

    def all_locked(self) -> dict[str, bytes]:
        found = {}
        for member in self._ask(lambda: self._client.smembers(keys.desk("locked"))):
            ticket = member.decode()
            contact, _, serial = ticket.partition("-")
            sealed = self.locked(contact, serial)
            if sealed is None:
                self._ask(lambda gone=ticket: self._client.srem(keys.desk("locked"), gone))  # type: ignore[misc]
            else:
                found[ticket] = sealed
        return found

    def notes(self, contact: str, serial: str = "") -> list[bytes]:
        key = keys.locked_keys(contact, serial)[1] if serial else keys.of(contact, keys.LOG)
        return cast("list[bytes]", self._ask(lambda: self._client.lrange(key, 0, -1)))

    def outbox(self, contact: str) -> list[tuple[str, bytes]]:
        return _named(self._ask(lambda: self._client.lrange(keys.of(contact, keys.OUTBOX), 0, -1)))

    def push(self, contact: str, items: Sequence[tuple[str, bytes]], life: int) -> None:
        self._run("push", [keys.of(contact, keys.OUTBOX)], [life, *(name.encode() + b":" + item for name, item in items)])

    def done(self, contact: str, item: str) -> None:
        self._run("done", [keys.of(contact, keys.OUTBOX)], [item])

    def states(self, contact: str) -> dict[str, State]:
        found = self._ask(lambda: self._client.hgetall(keys.of(contact, keys.SENT)))
        return {item.decode(): State.unpack(state) for item, state in found.items()}

    def state(self, contact: str, item: str, state: State, life: int) -> bool:
        names = [keys.of(contact, kind) for kind in (keys.SENT, keys.TICKET, keys.OUTBOX)]
        return bool(self._run("state", names, [item, state.pack(), life]))

    def lease(self, contact: str, token: str, seconds: float) -> bool:
        key = keys.of(contact, "lease")
        return bool(self._ask(lambda: self._client.set(key, token, nx=True, px=int(seconds * 1000))))

    def release(self, contact: str, token: str) -> None:
        self._run("release", [keys.of(contact, "lease")], [token])

    def deliver(self, contact: str, item: str, sealed: bytes) -> None:
        names = [keys.of(contact, kind) for kind in (keys.INBOX, keys.TICKET)]
        self._run("deliver", names, [item.encode() + b":" + sealed, INBOX])

    def inbox(self, contact: str) -> list[tuple[str, bytes]]:
        return _named(self._ask(lambda: self._client.lrange(keys.of(contact, keys.INBOX), 0, -1)))

    def page(self, contact: str) -> Page:
        kept = self._ask(lambda: self._client.get(keys.of(contact, keys.PAGE)))
        return Page(*(float(at) for at in kept.split(b"|"))) if kept else Page()

    def see_page(self, contact: str, at: float, how: Sign = "looks") -> Look:
        names = [keys.of(contact, kind) for kind in (keys.PAGE, keys.TICKET)]
        return cast(Look, self._run("see_page", names, [f"{at:.3f}", SEEN_EVERY, BACK_WITHIN, UNSEEN, how]).decode())

    def close_page(self, contact: str, at: float) -> None:
        self._run("close_page", [keys.of(contact, kind) for kind in (keys.PAGE, keys.TICKET)], [f"{at:.3f}"])

    def rebuild(self) -> int:
        found = set()
        for kind in (keys.TICKET, keys.OUTBOX):
            pattern = keys.of("*", kind)
            for key in self._patiently(lambda pattern=pattern: list(self._client.scan_iter(pattern, count=1000))):  # type: ignore[misc]
                found.add(key.decode().split("{", 1)[1].split("}", 1)[0])
        for contact in found:
            self.mark(contact, self._clock())
        for key in self._patiently(lambda: list(self._client.scan_iter(keys.of("*", "lock:*:t"), count=1000))):
            name = key.decode()
            contact, serial = keys.contact(name), name.split(":")[-2]
            self.index_locked(f"{contact}-{serial}")
        return len(found)

    def unlock(self, contact: str, serial: str) -> None:
        self._ask(lambda: self._client.srem(keys.of(contact, keys.LOCKS), serial))
        self._ask(lambda: self._client.srem(keys.desk("locked"), f"{contact}-{serial}"))


def packed(change: Change) -> bytes:
    """`change` as ticket.lua reads it."""
    told = {
        "had": int(change.before is not None), "before": change.before or b"", "after": change.after or b"",
        "life": change.life, "notes": list(change.notes),
        "outbox": [name.encode() + b":" + item for name, item in change.outbox],
        "drop": int(change.drop), "lock": int(change.lock), "serial": change.serial,
        "fresh": int(change.fresh),
    }  # fmt: skip
    return bytes(msgpack.packb(told, use_bin_type=False))  # Lua's msgpack knows raw strings only


def _named(found: list[bytes]) -> list[tuple[str, bytes]]:
    return [(name.decode(), item) for name, _, item in (each.partition(b":") for each in found)]
