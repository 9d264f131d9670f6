"""The load generator, in a process of its own: a plan a line on standard input, what came of it a line on standard output.

Requests are built and signed before the clock starts. What is left while it runs is one send, one receive and one search
for the expected words a message; the generator's own processor time is told with every outcome.
"""

from __future__ import annotations

import gc
import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from . import scenario

PATIENCE = 10.0  # seconds without any answer after which what is under way counts as lost
RECEIVED_AT_ONCE = 65536
CLOSED = b"connection: close"


@dataclass(frozen=True, slots=True)
class Plan:
    """port: whom to text. connections: kept open. first: number of the first contact. conversations: how many.

    expected: for each of scenario.CONVERSATIONS, the words that must stand in each answer. rate: messages a second in an
    open loop that waits for nobody; 0: closed loop, each connection sends when it has its answer.
    """

    port: int
    connections: int
    first: int
    conversations: int
    expected: list[list[str]]
    rate: float = 0.0


@dataclass(slots=True)
class Outcome:
    """What came of a plan. latencies in milliseconds: in an open loop from the moment the message was due.

    lost: no answer, or none with a message in it. doubled: more than one message, or more than one answer. out_of_order:
    the words of another turn of that conversation. wrong: any other words. cost: processor seconds of this process.
    """

    seconds: float = 0.0
    answered: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    wrong: int = 0
    cost: float = 0.0
    latencies: list[float] = field(default_factory=list)
    first_wrong: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One message, ready to send, and what must be answered."""

    data: bytes
    wanted: bytes
    others: tuple[bytes, ...]


def built(plan: Plan) -> list[list[Text]]:
    """The conversations of `plan`, each a list of its messages."""
    found = []
    for contact in range(plan.first, plan.first + plan.conversations):
        words = [w.encode() for w in plan.expected[contact % len(plan.expected)]]
        found.append(
            [
                Text(
                    scenario.request(plan.port, scenario.form(contact, turn, text)),
                    words[turn],
                    tuple(w for w in words if w != words[turn]),
                )
                for turn, text in enumerate(scenario.texts(contact))
            ]
        )
    return found


class Line:
    """One connection that is kept open: sends a message, reads the answer to it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._buffer = b""
        self.text: Text | None = None
        self.since = 0.0

    def fileno(self) -> int:
        assert self._socket is not None
        return self._socket.fileno()

    def open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    @property
    def closed(self) -> bool:
        return self._socket is None

    def send(self, text: Text, since: float) -> None:
        assert self._socket is not None
        self.text, self.since = text, since
        self._socket.sendall(text.data)

    def answer(self) -> tuple[bytes, bytes, bool] | None:
        """(head, body, whether more came than one answer), or None while it is not complete. Raises OSError when cut off."""
        assert self._socket is not None
        got = self._socket.recv(RECEIVED_AT_ONCE)
        if not got:
            raise ConnectionResetError
        self._buffer += got
        head, blank, rest = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return None
        head = head.lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
        if len(rest) < length:
            return None
        self._buffer = b""
        return head, rest[:length], len(rest) > length


class Run:
    """One plan carried out."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.outcome = plan, Outcome()
        self._conversations = built(plan)
        self._selector = selectors.DefaultSelector()
        self._lines = [Line(plan.port) for _ in range(min(plan.connections, plan.conversations))]
        for line in self._lines:
            self._connect(line)

    def _connect(self, line: Line) -> None:
        line.open()
        self._selector.register(line, selectors.EVENT_READ)

    def _close(self, line: Line) -> None:
        """It is opened again when there is something to send: an idle connection would hold up a server with one thread."""
        self._selector.unregister(line)
        line.close()

    def _send(self, line: Line, text: Text, since: float) -> None:
        if line.closed:
            self._connect(line)
        line.send(text, since)

    def carry_out(self) -> Outcome:
        gc.collect()
        gc.disable()
        began, cost = time.perf_counter(), time.process_time()
        try:
            (self._open_loop if self.plan.rate else self._closed_loop)(began)
        finally:
            gc.enable()
        self.outcome.seconds = time.perf_counter() - began
        self.outcome.cost = time.process_time() - cost
        for line in self._lines:
            line.close()
        return self.outcome

    def _closed_loop(self, began: float) -> None:
        """Each connection holds one conversation after another and waits for every answer."""
        waiting = iter(self._conversations)
        turns: dict[Line, Iterator[Text]] = {}
        busy = 0
        for line in self._lines:
            busy += self._go_on(line, waiting, turns)
        while busy:
            ready = self._finished()
            if not ready:
                self.outcome.lost += busy
                return
            for line in ready:
                busy += self._go_on(line, waiting, turns) - 1

    def _go_on(self, line: Line, waiting: Iterator[list[Text]], turns: dict[Line, Iterator[Text]]) -> int:
        text = next(turns.get(line, iter(())), None)
        if text is None:
            conversation = next(waiting, None)
            if conversation is None:
                line.text = None
                return 0
            turns[line] = iter(conversation)
            text = next(turns[line])
        self._send(line, text, time.perf_counter())
        return 1

    def _open_loop(self, began: float) -> None:
        """Messages leave when they are due; one that finds no free connection waits for it on its own clock."""
        order = scenario.spread_evenly(self.plan.conversations, at_once=max(1, int(self.plan.rate * 0.5)))
        due = scenario.poisson(self.plan.rate, len(order))
        free, sent, under_way = list(self._lines), 0, 0
        while sent < len(order) or under_way:
            now = time.perf_counter()
            while free and sent < len(order) and began + due[sent] <= now:
                conversation, turn = order[sent]
                self._send(free.pop(), self._conversations[conversation][turn], began + due[sent])
                sent, under_way = sent + 1, under_way + 1
            next_due = began + due[sent] - time.perf_counter() if free and sent < len(order) else PATIENCE
            ready = self._finished(max(0.0, min(next_due, PATIENCE)))
            if not ready and next_due >= PATIENCE:
                self.outcome.lost += under_way + len(order) - sent
                return
            free += ready
            under_way -= len(ready)

    def _finished(self, timeout: float = PATIENCE) -> list[Line]:
        """The lines whose answer is complete now, each judged and counted. None within `timeout`: an empty list."""
        until = time.perf_counter() + timeout
        while True:
            done = []
            for key, _ in self._selector.select(max(0.0, until - time.perf_counter())):
                line = key.fileobj
                assert isinstance(line, Line)
                if self._read(line):
                    done.append(line)
            if done or time.perf_counter() >= until:
                return done

    def _read(self, line: Line) -> bool:
        try:
            answer = line.answer()
        except OSError:
            self.outcome.lost += line.text is not None
            self._close(line)
            return True
        if answer is None:
            return False
        self._judge(line, *answer)
        if CLOSED in answer[0]:
            self._close(line)
        return True

    def _judge(self, line: Line, head: bytes, body: bytes, more: bool) -> None:
        text, outcome = line.text, self.outcome
        assert text is not None
        outcome.latencies.append(round((time.perf_counter() - line.since) * 1000, 3))
        count = body.count(b"<Message")
        if not head.startswith(b"http/1.1 200") or not count:
            outcome.lost += 1
        elif count > 1 or more:
            outcome.doubled += 1
        elif text.wanted in body:
            outcome.answered += 1
            return
        elif any(other in body for other in text.others):
            outcome.out_of_order += 1
        else:
            outcome.wrong += 1
        outcome.first_wrong = outcome.first_wrong or f"{text.data[-300:]!r} got {head[:20]!r} {body[:300]!r}"


def main() -> None:
    for line in sys.stdin:
        given: dict[str, Any] = json.loads(line)
        outcome = Run(Plan(**given)).carry_out()
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
