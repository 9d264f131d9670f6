"""Hand-offs in Redis or Valkey. A contact's keys share its tag, the indexes share one of their own: no command crosses slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import msgpack
import redis

from . import keys
from .connect import DEADLINE
from .contract import StoreDown
from .deadline import within
from .desk import BACK_WITHIN, INBOX, SEEN_EVERY, UNSEEN, Change, Look, Page, Poll, Sign, State
from .lane import Script

_HERE = Path(__file__).parent
TICKET_LUA = (_HERE / "ticket.lua").read_text(encoding="utf-8")
_CHANGE = TICKET_LUA + (_HERE / "change.lua").read_text(encoding="utf-8")
_LIVES_WITH = """
local function live_with(ticket_left, key, alone)
  if ticket_left == -1 then redis.call('PERSIST', key)
  elseif ticket_left >= 0 then redis.call('PEXPIRE', key, ticket_left)
  else redis.call('EXPIRE', key, alone) end
end
"""  # no longer than the ticket beside it, and under a legal hold no shorter
_STATE = (
    _LIVES_WITH
    + """
local left = redis.call('PTTL', KEYS[2])
if left == -2 and redis.call('EXISTS', KEYS[3]) == 0 and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
local old = redis.call('HGET', KEYS[1], ARGV[1])
local new = ARGV[2]
if old then
  local old_rank, _, _, _, old_sid, old_tries = string.match(old, '^(%d)|(%a+)|(%d+)|([%d.]+)|(%w*)|(%d+)$')
  local rank, state, code, at, sid, tries = string.match(new, '^(%d)|(%a+)|(%d+)|([%d.]+)|(%w*)|(%d+)$')
  if old_rank and tonumber(rank) < tonumber(old_rank) then
    if sid == '' or old_sid ~= '' then return 0 end
    new = string.gsub(old, '|(%w*)|(%d+)$', '|' .. sid .. '|' .. old_tries)
  else
    if sid == '' then sid = old_sid or '' end
    if tonumber(tries) < tonumber(old_tries or 0) then tries = old_tries end
    new = table.concat({rank, state, code, at, sid, tries}, '|')
  end
end
redis.call('HSET', KEYS[1], ARGV[1], new)
live_with(left, KEYS[1], ARGV[3])
return 1
"""
)
_DELIVER = (
    _LIVES_WITH
    + """
local left = redis.call('PTTL', KEYS[2])
if left == -2 then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -ARGV[2], -1)
live_with(left, KEYS[1])
return 1
"""
)
_SEE_PAGE = (
    _LIVES_WITH
    + """
local left = redis.call('PTTL', KEYS[2])
if left == -2 then return 'none' end
local at = tonumber(ARGV[1])
local seen, closed = string.match(redis.call('GET', KEYS[1]) or '0|0', '^([%d.]+)|([%d.]+)$')
local was = seen
seen, closed = tonumber(seen), tonumber(closed)
local how = ARGV[5]
if how == 'writes' and closed > at then return 'known' end
if how ~= 'writes' and closed > 0 and at - closed >= tonumber(ARGV[3]) then return 'late' end
if how == 'again' and closed == 0 and seen > 0 and at - seen >= tonumber(ARGV[4]) then
  redis.call('SET', KEYS[1], was .. '|' .. was)
  live_with(left, KEYS[1])
  return 'late'
end
if closed == 0 and at - seen < tonumber(ARGV[2]) then return 'known' end
redis.call('SET', KEYS[1], ARGV[1] .. '|0')
live_with(left, KEYS[1])
return closed > 0 and 'back' or 'known'
"""
)
_CLOSE_PAGE = (
    _LIVES_WITH
    + """
local left = redis.call('PTTL', KEYS[2])
if left == -2 then return 0 end
local seen = string.match(redis.call('GET', KEYS[1]) or '0|0', '^([%d.]+)|')
redis.call('SET', KEYS[1], seen .. '|' .. ARGV[1])
live_with(left, KEYS[1])
return 1
"""
)
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
_DONE = """
for _, item in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if string.sub(item, 1, #ARGV[1] + 1) == ARGV[1] .. ':' then redis.call('LREM', KEYS[1], 1, item) end
end
return 1
"""
_DUE = """
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, contact in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], contact) end
return due
"""
_SETTLE = """
local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ARGV[2] ~= '' and at and tonumber(at) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[2] == '' and at then return 0 end
if ARGV[3] == '' then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) end
return 1
"""
_LISTS = """
local function list(tickets, n, ticket, rev, sealed, life)
  local old = redis.call('HGET', tickets, ticket)
  if old and tonumber(string.match(old, '^(%d+):')) > tonumber(rev) then return 0 end
  redis.call('HSET', tickets, ticket, rev .. ':' .. sealed)
  redis.call('EXPIRE', tickets, life)
  redis.call('INCR', n)
  return 1
end
"""
_SHOW = _LISTS + "return list(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4])"
_ANNOUNCE = (
    _LISTS
    + """
redis.call('ZADD', KEYS[3], 'LT', ARGV[6], ARGV[5])
redis.call('EXPIRE', KEYS[3], ARGV[4])
if ARGV[1] ~= '' then list(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4]) end
redis.call('RPUSH', KEYS[4], 1)
redis.call('LTRIM', KEYS[4], 0, 0)
return 1
"""
)
_POLL = """
local n = tonumber(redis.call('GET', KEYS[1]) or '0') + 1
local beat = redis.call('GET', KEYS[2]) or '0'
local late = redis.call('ZCOUNT', KEYS[6], '-inf', ARGV[2])
if n == tonumber(ARGV[1]) then return {n, beat, late} end
return {n, beat, late, redis.call('HGETALL', KEYS[3]), redis.call('HGETALL', KEYS[4]), redis.call('HGETALL', KEYS[5])}
"""
_HOLD = """
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 1 end
if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
_PACE = """
local now, gap = tonumber(ARGV[1]), tonumber(ARGV[2])
local at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
if at - now > tonumber(ARGV[3]) then return string.format('%.6f', at - now) end
redis.call('SET', KEYS[1], string.format('%.6f', at + gap), 'PX', math.ceil((at + gap - now) * 1000) + 1000)
return string.format('%.6f', at - now)
"""
_PUSH = """
local left = redis.call('PTTL', KEYS[1])
for i = 2, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[i]) end
if left == -2 or (left >= 0 and left < tonumber(ARGV[1]) * 1000) then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return 1
"""  # what waits there already may live longer, or for ever; EXPIRE ... GT came with Redis 7
WAITS = 50  # measured waits that are kept
INDEX_LIFE = 100 * 86400  # seconds since its last entry; more than any ticket of TICKET_DAYS lives. A worker renews what lives on
DUTY_LIFE = 2 * 86400  # seconds since the last word of anybody on duty: a shift has 16 hours
WAITS_LIFE = 86400
Result = TypeVar("Result")


class RedisDesk:
    """Keeps hand-offs. `connect`'s deadlines hold; every failure is StoreDown."""

    def __init__(self, client: redis.Redis, clock: Callable[[], float]) -> None:
        self._client = client
        self._clock = clock
        self._scripts = {
            name: Script(client, code)
            for name, code in {
                "change": _CHANGE, "state": _STATE, "release": _RELEASE, "done": _DONE, "due": _DUE, "settle": _SETTLE,
                "show": _SHOW, "poll": _POLL, "hold": _HOLD, "pace": _PACE, "push": _PUSH, "announce": _ANNOUNCE,
                "deliver": _DELIVER, "see_page": _SEE_PAGE, "close_page": _CLOSE_PAGE,
            }.items()
        }  # fmt: skip

    # --- one contact ---

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

    def index_locked(self, ticket: str) -> None:
        self._ask(lambda: self._client.sadd(keys.desk("locked"), ticket))
        self._lasts("locked", INDEX_LIFE)

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

    # --- all contacts ---

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

    def _run(self, script: str, names: list[str], args: list[Any]) -> Any:
        return self._ask(lambda: self._scripts[script](keys=names, args=args))

    def _ask(self, call: Callable[[], Result]) -> Any:
        with within(DEADLINE):
            return self._patiently(call)

    def _patiently(self, call: Callable[[], Result]) -> Any:
        """`call` without a deadline but the client's own: for what is meant to wait, or to look through everything."""
        try:
            return call()
        except redis.RedisError as error:
            raise StoreDown(type(error).__name__) from error


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


def _shown(found: dict[bytes, bytes]) -> dict[str, bytes]:
    return {ticket.decode(): value.partition(b":")[2] for ticket, value in found.items()}
