"""One deadline over everything that a store call does: finding the server, connecting, TLS, login, sending, waiting.

redis-py limits each step by itself, so that a call of many steps (Sentinel, a Cluster) would take many times as long.
"""

from __future__ import annotations

import math
import threading
import time
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any

from redis.connection import AbstractConnection, Connection, SSLConnection, UnixDomainSocketConnection
from redis.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection

from ..patience import Patience, TooLate

LEAST = 0.001  # seconds; a socket cannot wait zero, that would mean not to wait at all but to fail otherwise

HANGING = 8  # connects of one process whose name server has not answered yet; the next ones fail at once

_names = Patience(HANGING)
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
        if self._sock is not None:
            self._sock.settimeout(self.socket_timeout)  # and from here on, less at every read (_TimedSocket)
        super().send_packed_command(command, check_health)

    def _connect(self) -> Any:
        connect = super()._connect  # type: ignore[safe-super]
        if not _is_name(getattr(self, "host", "")):
            return _TimedSocket(connect())
        try:  # a name server that hangs knows no time limit
            return _TimedSocket(_names.run(left(self._socket_connect_timeout) or threading.TIMEOUT_MAX, connect))
        except TooLate:
            raise TimeoutError from None


class _TimedSocket:
    """A connected socket that asks at every read how long it may take: an answer that comes byte by byte is not waited for."""

    __slots__ = ("_socket",)

    def __init__(self, connected: Any) -> None:
        self._socket = connected

    def recv_into(self, *args: Any) -> int:
        if spent():
            raise TimeoutError
        limit = self._socket.gettimeout()
        if limit != 0:  # 0: whoever asks waits for nothing
            self._socket.settimeout(left(limit))
        return int(self._socket.recv_into(*args))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


def _is_name(host: str) -> bool:
    """Whether somebody has to be asked where `host` is."""
    try:
        ip_address(host)
    except ValueError:
        return host not in ("", "localhost")
    return False


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
