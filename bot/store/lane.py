"""Commands over one connection a thread, which it keeps. To borrow one for every command costs as much as all else in a text.

Nothing is tried again: a connection that fails is given up, and the next command makes a new one.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Sequence
from typing import Any, Protocol

import redis
from hiredis import pack_command
from redis.connection import ConnectionInterface

IDLE = 0.5  # seconds after which a connection is looked at before it is used: the server may have closed it meanwhile


class Caller(Protocol):
    """Sends one command, gives back its answer. A Cluster's client is one as it is: it finds the server for each key."""

    def execute_command(self, *command: Any) -> Any: ...


class Lane:
    """`pool` says how to connect."""

    def __init__(self, pool: redis.ConnectionPool) -> None:
        self._pool = pool
        self._mine = threading.local()

    def execute_command(self, *command: Any) -> Any:
        """The answer as it came. Raises what redis-py raises."""
        connection = self._connection()
        try:
            connection.send_packed_command((pack_command(command),), check_health=False)  # type: ignore[no-untyped-call]
            answer = connection.read_response()
        except redis.ResponseError:
            raise  # an answer too
        except BaseException:
            self._mine.connection = None
            connection.disconnect()  # type: ignore[no-untyped-call]
            raise
        self._mine.used = time.monotonic()
        return answer

    def _connection(self) -> ConnectionInterface:
        mine = self._mine
        connection: ConnectionInterface | None = getattr(mine, "connection", None)
        if connection is None or mine.process != os.getpid():  # a forked process shares no connection
            return self._new()
        if time.monotonic() - mine.used > IDLE and _is_stale(connection):
            connection.disconnect()  # type: ignore[no-untyped-call]
            return self._new()
        return connection

    def _new(self) -> ConnectionInterface:
        connection = self._pool.make_connection()
        # Here and not by the first command, which would not ask the sentinels where to.
        connection.connect()  # type: ignore[no-untyped-call]
        self._mine.connection, self._mine.process, self._mine.used = connection, os.getpid(), time.monotonic()
        return connection


class Script:
    """A Lua script that is sent once and called by its digest from then on."""

    def __init__(self, caller: Caller, text: str) -> None:
        self._caller, self._text = caller, text
        self._digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, keys: Sequence[str], args: Sequence[Any]) -> Any:
        try:
            return self._caller.execute_command("EVALSHA", self._digest, len(keys), *keys, *args)
        except redis.exceptions.NoScriptError:  # a new server, or one that took over
            return self._caller.execute_command("EVAL", self._text, len(keys), *keys, *args)


def _is_stale(connection: ConnectionInterface) -> bool:
    """Whether something stands in it that nobody asked for, be it the end."""
    try:
        return bool(connection.can_read(0))
    except redis.RedisError:
        return True
