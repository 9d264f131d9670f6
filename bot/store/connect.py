"""From REDIS_URL to a client that answers or fails in time, and tries nothing again behind our back."""

from __future__ import annotations

import threading
from typing import Any, cast

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from ..redis_url import Place, parse
from .deadline import BySentinel, BySentinelTls, Tcp, Tls, Unix

DEADLINE = 0.5  # seconds for one call, whatever it takes; Twilio waits 15, a person less
STEP = 0.3  # for one step of a call that may need several servers: enough is left to ask another one
ASK_SENTINEL = 0.15  # for one sentinel: the third may still be asked


def connect(url: str, step: float = 0.0) -> redis.Redis:
    """A client for the store at `url`. Connects when it is first used. Raises ValueError when `url` is none of ours.

    `step` limits each step in seconds, for those who may wait longer than a person who texts (the queue's worker, `optouts`).
    With a Cluster it has the same methods, but no MULTI, and commands with several keys only within one hash tag.
    """
    place = parse(url)
    if place.kind == "sentinel":
        return _by_sentinel(place, step or STEP)
    if place.kind == "cluster":
        return cast(redis.Redis, Cluster(place, step or STEP))
    where: dict[str, Any] = {"path": place.path} if place.kind == "socket" else _host(place.hosts[0])
    kind = Unix if place.kind == "socket" else _connection(place)
    return redis.Redis.from_pool(
        redis.ConnectionPool(connection_class=kind, db=place.db, **where, **_login(place), **_options(place, step or DEADLINE))
    )


def primaries(client: redis.Redis) -> list[redis.Redis]:
    """A client for each server that takes writes: `client` itself, or one for each primary of a Cluster."""
    return client.primaries() if isinstance(client, Cluster) else [client]


def keeper(client: redis.Redis, key: str) -> redis.Redis:
    """A client for the one server that keeps `key`."""
    return client.keeper(key) if isinstance(client, Cluster) else client


class Cluster:
    """A Cluster's client, made when it is first used: redis-py asks the Cluster for its map while it makes one, and a
    Cluster that is away when we start must not keep us from starting."""

    def __init__(self, place: Place, step: float) -> None:
        self._place, self._step = place, step
        self._made: RedisCluster | None = None
        self._making = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client(), name)

    def primaries(self) -> list[redis.Redis]:
        made = self._client()
        return [made.get_redis_connection(node) for node in made.get_primaries()]

    def keeper(self, key: str) -> redis.Redis:
        made = self._client()
        return made.get_redis_connection(made.get_node_from_key(key))

    def ping(self) -> bool:
        """Of the primaries only (redis-py's asks replicas too). The client looks for new ones when one is gone."""
        return bool(self._client().ping(target_nodes=RedisCluster.PRIMARIES))

    def close(self) -> None:
        if self._made is not None:
            self._made.close()

    def _client(self) -> RedisCluster:
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> RedisCluster:
        (host, port), *others = self._place.hosts
        shown = f"[{host}]" if ":" in host else host
        try:
            return RedisCluster(
                url=f"redis://{shown}:{port}",  # only this way in lets us choose the connection's class
                startup_nodes=[ClusterNode(*other) for other in others],
                connection_class=_connection(self._place),
                require_full_coverage=False,  # what a lost part kept is its contacts' loss only
                **_login(self._place),
                **_options(self._place, self._step),
            )
        except redis.exceptions.RedisClusterException as error:
            raise redis.ConnectionError("no node of the Cluster answers") from error


class _Sentinels(Sentinel):
    """Begins with another sentinel after a round that found no master, so that frozen ones do not use up every deadline."""

    def discover_master(self, service_name: str) -> tuple[str, int]:
        try:
            return cast(tuple[str, int], super().discover_master(service_name))
        except redis.RedisError:
            self.sentinels = [*self.sentinels[1:], *self.sentinels[:1]]
            raise


def _by_sentinel(place: Place, step: float) -> redis.Redis:
    ask: dict[str, Any] = {"username": place.sentinel_username, "password": place.sentinel_password}
    ask |= _options(place, min(step, ASK_SENTINEL))
    sentinels = _Sentinels([])
    sentinels.sentinels = [
        redis.Redis.from_pool(redis.ConnectionPool(connection_class=_connection(place), **_host(host), **ask))
        for host in place.hosts
    ]
    pool = SentinelConnectionPool(
        place.master,
        sentinels,
        connection_class=BySentinelTls if place.tls is not None else BySentinel,
        db=place.db,
        **_login(place),
        **_options(place, step),
    )
    return redis.Redis.from_pool(pool)


def _connection(place: Place) -> type[Tcp | Tls]:
    return Tls if place.tls is not None else Tcp


def _host(host: tuple[str, int]) -> dict[str, Any]:
    return {"host": host[0], "port": host[1]}


def _login(place: Place) -> dict[str, Any]:
    return {"username": place.username, "password": place.password}


def _options(place: Place, step: float) -> dict[str, Any]:
    """RESP2 and no CLIENT SETINFO: without TLS a new connection then costs no round trip before the first command."""
    return {
        "socket_timeout": step,
        "socket_connect_timeout": step,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
        "protocol": 2,
        "driver_info": None,
        **(place.tls or {}),
    }
