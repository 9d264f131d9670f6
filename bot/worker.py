"""`helpline worker`: sends what leaves unasked, and lets time pass for hand-offs.

One thread looks every second, or as soon as it is woken, which contacts are due, and gives each to RQ, which runs them one by one
in the main thread. RQ's own way, a fork for every job, is not for a process with threads: a lock that one of them holds at that
moment, be it inside a library, is held in the fork for ever. Whatever is lost on the way (a wake-up, a job, this process) is due
again: the truth is in the store.
"""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from dataclasses import dataclass, field

import redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from . import jobs, settings
from .app import App, build
from .attend import tidy
from .channels.twilio import Twilio
from .desk import contact_of, shown, tell_waiting
from .duty import sweep
from .log import configure, log
from .processes import started
from .store import StoreDown
from .store.connect import connect
from .store.redis_desk import RedisDesk
from .tickets import DEAD_AFTER

QUEUE = "helpline"
WORKER_TTL = 30  # seconds; RQ's own seven minutes keep a worker deaf that long after a failover
LOOK_EVERY = 1.0  # seconds
PATIENCE = 5.0  # seconds that the ticker waits for a server: longer than a look, and no person waits for it
BEAT_EVERY = 5.0
SWEEP_EVERY = 15.0
TIDY_EVERY = 3600.0
TELL_EVERY = 60.0  # seconds between two words that the server for background work is not there
AGAIN = 30.0  # seconds after which a contact whose job was lost is due again; longer than a job's lease
MOST = 100  # contacts at one look
JOB_TIMEOUT = 60  # seconds
FAILURE_TTL = 86400
DEAF = 3 * DEAD_AFTER  # seconds without a beat after which this process ends, to be started anew


def work(parent: int = 0) -> None:
    """Work until SIGTERM or SIGINT. `parent`: the `helpline run` that started this. Raises BadSettings, BrokenContent."""
    configure()
    for line in [] if parent else settings.ignored():
        log.warning("setting_ignored", hint=line)
    wanted = settings.read() if parent else settings.required()
    app = build(wanted, live=not parent)
    jobs.get_ready(app, Twilio(wanted))
    queue = Queue(QUEUE, connection=connect(wanted.queue_url, PATIENCE), serializer=JSONSerializer)
    ticker = Ticker(app, RedisDesk(connect(wanted.redis_url, PATIENCE), app.clock), queue)
    threading.Thread(target=ticker.run, args=(parent,), daemon=True, name="ticker").start()
    _wait_for(wanted.queue_url)
    worker = SimpleWorker(
        [QUEUE],
        connection=connect(wanted.queue_url, WORKER_TTL),
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        log_job_description=False,
        default_result_ttl=0,
    )
    log.info("worker_started")
    started()
    worker.work(logging_level="WARNING")


def _wait_for(url: str, tell_every: float = TELL_EVERY) -> None:
    """Return when the server for background work answers: RQ would break without it, and be started again for nothing."""
    client, told = connect(url), -math.inf
    while True:
        try:
            client.ping()
            client.close()
            return
        except redis.RedisError as error:
            if time.monotonic() - told >= tell_every:
                told = time.monotonic()
                _tell(error)
            time.sleep(LOOK_EVERY)


def _tell(error: redis.RedisError) -> None:
    """Why the server cannot be used. One that refuses us is there, and no waiting mends it."""
    if isinstance(error, redis.AuthenticationError | redis.exceptions.NoPermissionError):
        hint = "The server for background work refuses our user or password. Mend QUEUE_REDIS_URL (or REDIS_URL), then restart."
        log.error("store_down", problem="authentication refused", hint=hint)
    else:
        log.warning("store_down", problem=type(error).__name__)


@dataclass(slots=True)
class Ticker:
    """Finds what is due and gives it to RQ. `desk` is a connection of its own."""

    app: App
    desk: RedisDesk
    queue: Queue
    beaten: float = 0.0
    swept: float = 0.0
    tidied: float = 0.0
    rebuilt: bool = False
    began: float = field(default_factory=time.monotonic)

    def run(self, parent: int) -> None:
        while True:
            try:
                self.desk.sleep(LOOK_EVERY)
                self.look()
                self.listen()
            except (StoreDown, redis.RedisError) as error:
                log.warning("store_down", problem=type(error).__name__)
                time.sleep(LOOK_EVERY)
            except Exception as error:  # the ladder must not end with one bad ticket
                log.error("ticker_failed", error=type(error).__name__)
                time.sleep(LOOK_EVERY)
            if parent and os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)
                parent = 0

    def look(self) -> None:
        """One look: what is due, who is still on duty, a sign of life."""
        now = self.app.clock()
        if not self.rebuilt:  # once a start: indexes may have been lost with a store that was restored
            self.desk.rebuild()
            self.rebuilt = True
        for contact in self.desk.due(now, now + AGAIN, MOST):
            self.give("bot.jobs.look_after", contact)
        if now - self.beaten >= BEAT_EVERY:
            self.beaten = now
            self.give("bot.jobs.beat")
        if now - self.swept >= SWEEP_EVERY:
            self.swept = now
            held = [ticket for ticket in shown(self.app, self.desk) if ticket.under_way and ticket.staff]
            over = sweep(self.app, self.desk, {ticket.staff for ticket in held})
            for ticket in held:
                if ticket.staff in over:
                    self.desk.mark(contact_of(ticket.id), now)
            if over:
                tell_waiting(self.app, self.desk)
        if now - self.tidied >= TIDY_EVERY:
            self.tidied = now - TIDY_EVERY + TELL_EVERY  # what fails is tried again in a minute, not in an hour
            tidy(self.app, self.desk)
            self.tidied = now

    def give(self, job: str, *contacts: str) -> None:
        self.queue.enqueue_call(
            job, contacts, timeout=JOB_TIMEOUT, result_ttl=0, ttl=int(AGAIN), failure_ttl=FAILURE_TTL, description=job
        )

    def listen(self) -> None:
        """End a worker that hears nothing any more: after a failover RQ may wait at a server that is gone."""
        if time.monotonic() - self.began < DEAF:
            return
        beat = self.desk.poll(-1, 0).beat
        if beat and self.app.clock() - beat > DEAF:
            log.error("worker_deaf", seconds=DEAF)
            os._exit(1)
