"""Real servers to break: plain ones, a replica, sentinels, a Cluster, and a proxy that delays, cuts and swallows."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.embedded import binary

WITHIN = 20.0  # seconds for what takes two on a quiet machine
SLOTS = 16384


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(holds: Callable[[], object], within: float = WITHIN) -> bool:
    """Whether `holds` comes true in time. What it cannot ask yet does not count."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if holds():
                return True
        except (redis.RedisError, OSError):
            pass
        time.sleep(0.05)
    return False


class Node:
    """One server process on a port of its own, its data in `folder`."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder / str(self.port)
        self._folder.mkdir(parents=True)
        self.options = options
        self._process: subprocess.Popen[bytes] | None = None
        retry: Retry = Retry(NoBackoff(), 0)
        self.client = redis.Redis(port=self.port, socket_timeout=2, socket_connect_timeout=2, retry=retry, decode_responses=True)

    def command(self) -> list[str]:
        return [
            binary(),
            *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", "", "--daemonize", "no"),
            *("--logfile", str(self._folder / "log"), "--repl-diskless-sync-delay", "0", *self.options),
        ]

    def spawn(self) -> Self:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self.command(), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        return self

    def start(self) -> Self:
        self.spawn()
        assert eventually(self.client.ping), (self._folder / "log").read_text()
        return self

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def freeze(self) -> None:
        """It goes on listening: connections are accepted by the kernel, and nothing is ever answered."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """As kill -9 does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        self.client.close()
        self.kill()


class SentinelNode(Node):
    """A sentinel that looks after the master "line" on `master`."""

    def __init__(self, folder: Path, master: int) -> None:
        super().__init__(folder)
        self._config = self._folder / "sentinel.conf"
        self._config.write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self._folder}\nlogfile {self._folder / 'log'}\n"
            f"sentinel monitor line 127.0.0.1 {master} 2\nsentinel down-after-milliseconds line 500\n"
            "sentinel failover-timeout line 2000\n"
        )

    def command(self) -> list[str]:
        return [binary(), str(self._config), "--sentinel"]

    def hurry(self) -> None:
        """Look ten times as often as in production, so that a test is not spent on waiting."""
        periods = ("publish-period", "200", "info-period", "200", "ping-period", "100", "ask-period", "100")
        self.client.execute_command("SENTINEL", "DEBUG", *periods)  # type: ignore[no-untyped-call]

    def knows_all(self) -> bool:
        state: Any = self.client.sentinel_master("line")
        return bool(state["num-other-sentinels"] == 2 and state["num-slaves"] == 1)


class Watched:
    """A master and its replica under three sentinels."""

    def __init__(self, folder: Path) -> None:
        self.master = Node(folder, "--appendonly", "yes").start()
        self.replica = Node(folder, "--replicaof", "127.0.0.1", str(self.master.port)).start()
        assert eventually(lambda: self.replica.client.info("replication")["master_link_status"] == "up")
        self.sentinels = [SentinelNode(folder, self.master.port).start() for _ in range(3)]
        for one in self.sentinels:
            one.hurry()
        assert eventually(lambda: all(one.knows_all() for one in self.sentinels))
        hosts = ",".join(f"127.0.0.1:{one.port}" for one in self.sentinels)
        self.url = f"redis+sentinel://{hosts}/line/0"

    def stop(self) -> None:
        for one in (*self.sentinels, self.replica, self.master):
            one.stop()


class ClusterNodes:
    """Three primaries that share all slots, without replicas unless `replicated`; with `tls` clients reach them over TLS."""

    def __init__(self, folder: Path, replicated: bool = False, tls: ssl.SSLContext | None = None) -> None:
        count = 3
        self.proxies: list[Proxy] = []
        self.nodes = [self._node(folder, tls) for _ in range(count * 2 if replicated else count)]
        first, *others = self.nodes
        for other in others:
            _cluster(first, "MEET", "127.0.0.1", str(other.port), other.options[-1])
        for i in range(count):
            low, high = SLOTS * i // count, SLOTS * (i + 1) // count - 1
            _cluster(self.nodes[i], "ADDSLOTSRANGE", str(low), str(high))
        if replicated:
            assert eventually(lambda: all(len(_cluster(one, "NODES")) == len(self.nodes) for one in self.nodes))
            for i in range(count):
                _cluster(self.nodes[count + i], "REPLICATE", str(_cluster(self.nodes[i], "MYID")))
        assert eventually(self.is_whole)
        self.url = "redis+cluster://" + ",".join(f"127.0.0.1:{one.port}" for one in self.nodes[:2])
        self.tls_url = "rediss+cluster://" + ",".join(f"127.0.0.1:{one.port}" for one in self.proxies[:2])

    def _node(self, folder: Path, tls: ssl.SSLContext | None) -> Node:
        node = Node(folder, "--cluster-enabled", "yes", "--cluster-node-timeout", "1000")
        if tls is not None:
            self.proxies.append(Proxy(node.port, tls))
            node.options += ("--cluster-announce-port", str(self.proxies[-1].port))
        node.options += ("--cluster-port", str(free_port()))
        return node.start()

    def is_whole(self) -> bool:
        return all(_cluster(one, "INFO")["cluster_state"] == "ok" for one in self.nodes) and all(
            one.client.info("replication").get("master_link_status", "up") == "up" for one in self.nodes
        )

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()
        for proxy in self.proxies:
            proxy.stop()


def _cluster(node: Node, *args: str) -> Any:
    return node.client.execute_command(f"CLUSTER {args[0]}", *args[1:])  # type: ignore[no-untyped-call]


class Proxy:
    """Stands before a server. `mode`: pass; slow (every piece waits); hole (swallows); cut (hangs up, and on every newcomer).

    With `tls` it ends TLS as a server built with it would; the binary in the wheel has none.
    """

    def __init__(self, target: int, tls: ssl.SSLContext | None = None) -> None:
        self.mode, self.delay = "pass", 0.0
        self.port = 0
        self._target, self._tls = target, tls
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(WITHIN)
        self.url = f"{'rediss' if tls else 'redis'}://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WITHIN)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls))
        self.port = server.sockets[0].getsockname()[1]
        self._loop.set_exception_handler(lambda *_: None)
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.mode == "cut":
                return
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
            try:
                await asyncio.gather(self._pump(reader, to_server), self._pump(from_server, writer))
            finally:
                to_server.close()
        except OSError:
            pass
        finally:
            writer.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            if self.mode == "cut":
                break
            if self.mode == "hole":
                continue
            if self.mode == "slow":
                await asyncio.sleep(self.delay)
            sink.write(data)
            await sink.drain()
        sink.close()
