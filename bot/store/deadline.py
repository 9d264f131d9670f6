"""One deadline over everything that a store call does: finding the server, connecting, TLS, login, sending, waiting.

redis-py limits each step by itself, so that a call of many steps (Sentinel, a Cluster) would take many times as long.
"""

from __future__ import annotations

import math
import time
from contextvars import ContextVar
from typing import Any

from redis.connection import AbstractConnection, Connection, SSLConnection, UnixDomainSocketConnection
from redis.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection

LEAST = 0.001  # seconds; a socket cannot wait zero, that would mean not to wait at all but to fail otherwise

_until: ContextVar[float] = ContextVar("until", default=math.inf)


class within:
    """All store calls inside end `seconds` from now at the latest. A shorter deadline around it stands."""

    __slots__ = ("_seconds", "_token")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._token = _until.set(min(_until.get(), time.monotonic() + self._seconds))

    def __exit__(self, *_: object) -> None:
        _until.reset(self._token)


def spent() -> bool:
    """Whether the deadline around this has passed."""
    return time.monotonic() >= _until.get()


def left(limit: float | None) -> float | None:
    """Seconds that a step may take which by itself may take `limit` (None: any time)."""
    remaining = _until.get() - time.monotonic()
    if remaining == math.inf:
        return limit
    return max(LEAST, remaining if limit is None else min(limit, remaining))


class _Timed(AbstractConnection):
    """Asks before each step how long it may take."""

    _sock: Any

    @property
    def socket_timeout(self) -> float | None:
        return left(self._socket_timeout)

    @socket_timeout.setter
    def socket_timeout(self, value: float | None) -> None:
        self._socket_timeout = value

    @property
    def socket_connect_timeout(self) -> float | None:
        return left(self._socket_connect_timeout)

    @socket_connect_timeout.setter
    def socket_connect_timeout(self, value: float | None) -> None:
        self._socket_connect_timeout = value

    def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        self._limit()
        super().send_packed_command(command, check_health)

    def read_response(self, *args: Any, **options: Any) -> Any:
        self._limit()
        return super().read_response(*args, **options)

    def _limit(self) -> None:
        if self._sock is not None:
            self._sock.settimeout(self.socket_timeout)


class _TimedTls(_Timed):
    """Speaks once before it is used: a TLS 1.3 server sends tickets by itself, which redis-py takes for an unasked answer and
    gives the connection up."""

    def on_connect_check_health(self, check_health: bool = True) -> None:
        super().on_connect_check_health(check_health)
        self.send_command("PING", check_health=False)
        self.read_response()


class Tcp(_Timed, Connection):
    pass


class Tls(_TimedTls, SSLConnection):
    pass


class Unix(_Timed, UnixDomainSocketConnection):
    pass


class BySentinel(_Timed, SentinelManagedConnection):
    pass


class BySentinelTls(_TimedTls, SentinelManagedSSLConnection):
    pass
