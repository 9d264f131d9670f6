"""What spans contacts, in Redis or Valkey: who is due, the consoles' list, who is on duty, the pace of a sender."""

from __future__ import annotations

from typing import Any, cast

from . import keys
from .desk import Poll
from .redis_calls import RedisCalls

WAITS = 50  # measured waits that are kept
INDEX_LIFE = 100 * 86400  # seconds since its last entry; more than any ticket of TICKET_DAYS lives. A worker renews what lives on
DUTY_LIFE = 2 * 86400  # seconds since the last word of anybody on duty: a shift has 16 hours
WAITS_LIFE = 86400


class RedisIndexes(RedisCalls):
    """Indexes may lag; the truth is under the contact's tag."""

    def index_locked(self, ticket: str) -> None:
        self._ask(lambda: self._client.sadd(keys.desk("locked"), ticket))
        self._lasts("locked", INDEX_LIFE)

    def mark(self, contact: str, at: float) -> None:
        def marked() -> None:
            pipe = self._client.pipeline(transaction=False)
            pipe.zadd(keys.desk("due"), {contact: at}, lt=True)
            pipe.expire(keys.desk("due"), INDEX_LIFE)
            pipe.execute()

        self._ask(marked)

    def due(self, now: float, again: float, most: int) -> list[str]:
        return [c.decode() for c in self._run("due", [keys.desk("due")], [repr(now), repr(again), most])]

    def due_at(self, contact: str) -> float | None:
        return cast("float | None", self._ask(lambda: self._client.zscore(keys.desk("due"), contact)))

    def settle(self, contact: str, seen: float | None, at: float | None) -> None:
        args = [contact, "" if seen is None else repr(seen), "" if at is None else repr(at)]
        self._run("settle", [keys.desk("due")], args)

    def announce(self, contact: str, at: float, entry: tuple[str, int, bytes] | None) -> None:
        names = [keys.desk(kind) for kind in ("tickets", "n", "due", "wake")]
        self._run("announce", names, [*(entry or ("", 0, b"")), INDEX_LIFE, contact, repr(at)])

    def wake(self) -> None:
        def woken() -> None:
            pipe = self._client.pipeline(transaction=False)
            pipe.rpush(keys.desk("wake"), 1)
            pipe.ltrim(keys.desk("wake"), 0, 0)
            pipe.execute()

        self._ask(woken)

    def sleep(self, seconds: float) -> None:
        self._patiently(lambda: self._client.blpop([keys.desk("wake")], seconds))

    def overdue(self, before: float) -> int:
        return int(self._ask(lambda: self._client.zcount(keys.desk("due"), "-inf", before)))

    def show(self, ticket: str, rev: int, sealed: bytes) -> None:
        self._run("show", [keys.desk("tickets"), keys.desk("n")], [ticket, rev, sealed, INDEX_LIFE])

    def hide(self, ticket: str) -> None:
        self._ask(lambda: self._client.hdel(keys.desk("tickets"), ticket))
        self.touch()

    def shown(self) -> dict[str, bytes]:
        return _shown(self._ask(lambda: self._client.hgetall(keys.desk("tickets"))))

    def poll(self, cursor: int, late: float) -> Poll:
        names = [keys.desk(kind) for kind in ("n", "beat", "tickets", "duty", "seen", "due")]
        n, beat, overdue, *rest = self._run("poll", names, [cursor, repr(late)])
        if not rest:
            return Poll(int(n), float(beat), late=int(overdue))
        tickets, duty, seen = (dict(zip(flat[::2], flat[1::2], strict=True)) for flat in rest)
        return Poll(
            int(n), float(beat), _shown(tickets),
            {k.decode(): v for k, v in duty.items()}, {k.decode(): float(v) for k, v in seen.items()}, int(overdue),
        )  # fmt: skip

    def touch(self) -> None:
        self._ask(lambda: self._client.incr(keys.desk("n")))

    def set_duty(self, staff: str, sealed: bytes | None, seen: float) -> None:
        def written() -> None:
            pipe = self._client.pipeline(transaction=False)
            if sealed is None:
                pipe.hdel(keys.desk("duty"), staff)
                pipe.hdel(keys.desk("seen"), staff)
            else:
                pipe.hset(keys.desk("duty"), staff, cast(str, sealed))
                pipe.hset(keys.desk("seen"), staff, repr(seen))
            for kind in ("duty", "seen"):
                pipe.expire(keys.desk(kind), DUTY_LIFE)
            pipe.incr(keys.desk("n"))
            pipe.execute()

        self._ask(written)

    def see(self, staff: str, at: float) -> None:
        def written() -> None:
            pipe = self._client.pipeline(transaction=False)
            pipe.hset(keys.desk("seen"), staff, repr(at))
            for kind in ("duty", "seen"):
                pipe.expire(keys.desk(kind), DUTY_LIFE)
            pipe.execute()

        self._ask(written)

    def duty(self) -> dict[str, tuple[bytes, float]]:
        def read() -> list[Any]:
            pipe = self._client.pipeline(transaction=False)
            pipe.hgetall(keys.desk("duty"))
            pipe.hgetall(keys.desk("seen"))
            return pipe.execute()

        duty, seen = self._ask(read)
        return {staff.decode(): (sealed, float(seen.get(staff, 0))) for staff, sealed in duty.items()}

    def shift(self, staff: str) -> tuple[bytes, float, int] | None:
        def read() -> list[Any]:
            pipe = self._client.pipeline(transaction=False)
            pipe.hget(keys.desk("duty"), staff)
            pipe.hget(keys.desk("seen"), staff)
            pipe.scard(keys.desk(f"hold:{staff}"))
            return pipe.execute()

        sealed, seen, held = self._ask(read)
        return (sealed, float(seen or 0), int(held)) if sealed else None

    def hold(self, staff: str, ticket: str, most: int) -> bool:
        return bool(self._run("hold", [keys.desk(f"hold:{staff}")], [ticket, most, INDEX_LIFE]))

    def unhold(self, staff: str, ticket: str) -> None:
        self._ask(lambda: self._client.srem(keys.desk(f"hold:{staff}"), ticket))

    def holds(self, staff: str) -> list[str]:
        return [t.decode() for t in self._ask(lambda: self._client.smembers(keys.desk(f"hold:{staff}")))]

    def beat(self, at: float) -> None:
        self._ask(lambda: self._client.set(keys.desk("beat"), repr(at)))

    def waited(self, seconds: float, at: float) -> None:
        def written() -> None:
            pipe = self._client.pipeline(transaction=False)
            pipe.rpush(keys.desk("waits"), f"{at:.0f}:{seconds:.0f}")
            pipe.ltrim(keys.desk("waits"), -WAITS, -1)
            pipe.expire(keys.desk("waits"), WAITS_LIFE)
            pipe.execute()

        self._ask(written)

    def waits(self) -> list[tuple[float, float]]:
        found = self._ask(lambda: self._client.lrange(keys.desk("waits"), 0, -1))
        return [(float(at), float(seconds)) for at, _, seconds in (w.decode().partition(":") for w in found)]

    def pace(self, sender: str, now: float, gap: float, most: float) -> float:
        return float(self._run("pace", [keys.desk(f"pace:{sender}")], [repr(now), repr(gap), repr(most)]))

    def _lasts(self, kind: str, life: int) -> None:
        self._ask(lambda: self._client.expire(keys.desk(kind), life))


def _shown(found: dict[bytes, bytes]) -> dict[str, bytes]:
    return {ticket.decode(): value.partition(b":")[2] for ticket, value in found.items()}
