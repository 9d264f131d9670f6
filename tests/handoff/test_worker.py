"""The whole way out with real parts: a store of its own, `helpline worker` as a process, Twilio's stand-in over HTTP."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr
from rq import Queue

from bot import tickets
from bot.app import App
from bot.content import load
from bot.embedded import Server
from bot.settings import Settings
from bot.store import StoreDown
from bot.store.connect import connect
from bot.store.redis import RedisStore
from bot.web import create_app
from bot.worker import TELL_EVERY, Ticker, _wait_for
from tests.conftest import FLOWS
from tests.counselors import ANA, SUE, in_line, on_duty
from tests.handoff.test_races import Hurried
from tests.phone import KEY, PUBLIC_URL, SECRET, TOKEN, Clock, Phone
from tests.twilio_api.stand_in import ACCOUNT, StandIn, stand_in

NUMBER = "+15005550006"
PROJECT = Path(__file__).parents[2]


@dataclass
class House:
    """A helpline with everything but its web server's process."""

    folder: Path
    server: Server
    api: StandIn
    app: App
    env: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> subprocess.Popen[bytes]:
        log = (self.folder / f"worker{len(self.workers)}.log").open("wb")
        worker = subprocess.Popen(
            [sys.executable, "-m", "bot", "worker"], cwd=PROJECT, env=self.env, stderr=log, stdout=log, start_new_session=True
        )
        self.workers.append(worker)
        return worker

    def logs(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("worker*.log")))


def kill(worker: subprocess.Popen[bytes]) -> None:
    """With everything that it started, as a power cut would."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


@pytest.fixture
def wait() -> str:
    """The ladder's times, as program.yaml writes them."""
    return "{nudge: 60, backup: 180, tell: 300, close: 1200}"


@pytest.fixture
def house(tmp_path: Path, wait: str) -> Iterator[House]:
    flows = tmp_path / "flows"
    shutil.copytree(FLOWS, flows)
    program = flows / "program.yaml"
    written = program.read_text().replace("  on: false", "  on: true")
    program.write_text(re.sub(r"wait: \{.*\}", f"wait: {wait}", written))
    with tempfile.TemporaryDirectory(prefix="hl") as data, stand_in(TOKEN) as api:
        server = Server(Path(data))
        server.start()
        env = {
            **os.environ, "REDIS_URL": server.url, "HELPLINE_SECRET": SECRET, "HELPLINE_KEYS": KEY, "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_API_URL": api.url, "PUBLIC_URL": PUBLIC_URL, "FLOWS": str(flows),
            "SPOOL": str(tmp_path / "spool.db"), "SENDS_PER_SECOND": "20",
        }  # fmt: skip
        settings = Settings(
            helpline_secret=SecretStr(SECRET),
            helpline_keys=[SecretStr(KEY)],
            twilio_auth_token=[SecretStr(TOKEN)],
            public_url=PUBLIC_URL,
        )
        house = House(tmp_path, server, api, App(settings, load(flows, live=True), RedisStore(connect(server.url))), env)
        yield house
        for worker in house.workers:
            kill(worker)
        server.stop()
        sys.stderr.write(house.logs())  # shown where the test failed
        assert api.wrong == []


def everything(raw: redis.Redis) -> str:
    """Every key and value of any type, as text."""
    read: dict[bytes, Callable[[bytes], object]] = {
        b"string": raw.get,
        b"list": lambda k: raw.lrange(k, 0, -1),
        b"hash": raw.hgetall,
        b"set": raw.smembers,
        b"zset": lambda k: raw.zrange(k, 0, -1),
    }
    keys = [bytes(key) for key in raw.scan_iter()]
    kinds = {key: raw.type(key) for key in keys}
    return "\n".join(f"{key!r} {read[kinds[key]](key)!r}" for key in keys if kinds[key] in read)  # type: ignore[index]


def test_a_worker_that_starts_before_its_store_waits_for_it(house: House) -> None:
    house.server.stop()
    worker = house.start_worker()
    until(lambda: "store_down" in house.logs())
    house.server.start()
    until(lambda: "worker_started" in house.logs())
    until(lambda: tickets.health(house.app).alive)
    assert worker.poll() is None
    assert "Traceback" not in house.logs()


def test_a_server_that_refuses_our_password_is_named_again_and_again(house: House, logs: Callable[[], str]) -> None:
    raw = connect(house.server.url)
    raw.config_set("requirepass", "another")
    waiting = threading.Thread(target=_wait_for, args=(house.server.url, 0.0))
    waiting.start()
    told: list[str] = []
    until(lambda: told.append(logs()) or "".join(told).count("authentication refused") >= 2)  # type: ignore[func-returns-value]
    assert "QUEUE_REDIS_URL" in "".join(told)
    raw.config_set("requirepass", "")
    waiting.join(20)
    assert not waiting.is_alive()


def test_what_could_not_be_tidied_is_tidied_a_minute_later(desk_app: App, clock: Clock, raw: redis.Redis) -> None:
    """And not an hour later."""
    looks: list[float] = []

    def once() -> None:
        looks.append(clock())
        if len(looks) == 1:
            raise StoreDown("timeout")

    desk = Hurried(desk_app.store.desk, "all_locked", once)
    ticker = Ticker(desk_app, desk, Queue("test", connection=raw))  # type: ignore[arg-type]
    with pytest.raises(StoreDown):
        ticker.look()
    for _ in range(20):
        clock.pass_(15)
        ticker.look()
    assert [at - looks[0] for at in looks] == [0, TELL_EVERY]


def test_a_reply_goes_the_whole_way_and_nothing_readable_is_kept(house: House) -> None:
    house.start_worker()
    on_duty(house.app, ANA)
    phone = Phone(house.app)
    ticket = in_line(phone)
    tickets.claim(house.app, ANA, ticket)
    phone.says("my cousin Rosalinda uses")
    tickets.reply(house.app, ANA, ticket, "Thank you for telling me about Rosalinda.", "t1")
    assert house.api.wait_for(2) == [
        "You are texting with a counselor now, a real person. In danger: call 911.", "Thank you for telling me about Rosalinda.",
    ]  # fmt: skip
    assert {m["from"] for m in house.api.messages} == {"+15005550001"}
    sent = house.api.messages[1]
    until(lambda: tickets.conversation(house.app, ANA, ticket).entries[-1].delivery.state == "sent")  # type: ignore[union-attr]
    form = {"MessageSid": sent["sid"], "MessageStatus": "delivered", "To": NUMBER, "From": "+15005550001"}
    assert phone.post(form.items(), path=sent["callback"].removeprefix(PUBLIC_URL)).status_code == 204
    assert tickets.conversation(house.app, ANA, ticket).entries[-1].delivery.state == "delivered"  # type: ignore[union-attr]
    until(lambda: tickets.health(house.app).alive)
    tickets.close(house.app, ANA, ticket, "helped")
    assert "Did it help?" in house.api.wait_for(3)[2]
    assert "Good to hear" in phone.says("1")
    raw = connect(house.server.url)
    kept = everything(raw) + house.logs()
    for secret in ("5550006", "Rosalinda", "Did it help", "a real person"):
        assert secret not in kept
    until(lambda: not list(raw.scan_iter("rq:job:*")))  # what RQ has done it forgets
    assert '"event": "message_sent"' in house.logs()


def test_a_worker_killed_in_the_middle_of_a_reply_sends_it_once(house: House) -> None:
    worker = house.start_worker()
    on_duty(house.app, ANA)
    ticket = in_line(Phone(house.app))
    tickets.claim(house.app, ANA, ticket)
    house.api.wait_for(1)
    house.api.answers.append("late")
    tickets.reply(house.app, ANA, ticket, "the one reply", "t1")
    tickets.reply(house.app, ANA, ticket, "and the next", "t2")
    assert house.api.wait_for(2)[1] == "the one reply"  # Twilio has it, and we are still waiting for its answer
    kill(worker)
    house.api.let_go.set()
    house.start_worker()
    until(lambda: "and the next" in house.api.texts(), 90)
    assert house.api.texts().count("the one reply") == 1
    states = [e.delivery.state for e in tickets.conversation(house.app, SUE, ticket).entries if e.delivery]
    assert states[-2] == "sent"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's children in /proc")
def test_no_job_runs_in_a_fork_of_a_process_with_threads(house: House) -> None:
    """It would inherit a lock that a thread held, and hang with it: two minutes without a reply, seen at 1 start in 30."""
    worker = house.start_worker()
    on_duty(house.app, ANA)
    ticket = in_line(Phone(house.app))
    house.api.answers = ["late"]
    tickets.claim(house.app, ANA, ticket)
    house.api.wait_for(1)  # and while Twilio's stand-in keeps the job waiting:
    children = [path.read_text() for path in Path(f"/proc/{worker.pid}/task").glob("*/children")]
    assert children
    assert "".join(children).strip() == ""
    house.api.let_go.set()


@pytest.mark.parametrize("wait", ["{nudge: 1, backup: 2, tell: 3, close: 8}"])
def test_the_ladder_goes_on_where_a_dead_worker_left_it(house: House) -> None:
    first = house.start_worker()
    on_duty(house.app, ANA)
    ticket = in_line(Phone(house.app))
    house.api.wait_for(1)
    assert "This takes longer" in house.api.texts()[0]
    kill(first)
    house.start_worker()
    assert "We are sorry. No counselor" in house.api.wait_for(2)[1]
    assert tickets.conversation(house.app, SUE, ticket).row.state == "unanswered"


def test_a_store_that_restarts_in_the_middle_loses_nothing(house: House) -> None:
    house.start_worker()
    on_duty(house.app, ANA)
    phone = Phone(house.app)
    ticket = in_line(phone)
    tickets.claim(house.app, ANA, ticket)
    house.api.wait_for(1)
    time.sleep(1.2)  # appendfsync everysec
    house.server.stop()
    assert "they did not get this text" in phone.says("is anybody there")
    house.server.start()
    tickets.reply(house.app, ANA, ticket, "I am here again.", "t1")
    until(lambda: "I am here again." in house.api.texts())
    assert phone.text("good") == []
    assert tickets.conversation(house.app, ANA, ticket).entries[-1].text == "good"


def test_without_a_worker_replies_wait_and_the_console_is_told(house: House) -> None:
    on_duty(house.app, ANA)
    ticket = in_line(Phone(house.app))
    tickets.claim(house.app, ANA, ticket)
    assert not tickets.changes(house.app, ANA, 0).health.alive
    house.start_worker()
    assert house.api.wait_for(1)
    until(lambda: tickets.health(house.app).alive)


def test_the_health_tells_a_worker_that_gives_no_sign_of_life(desk_app: App) -> None:
    told = create_app(desk_app).test_client().get("/health/ready")
    assert told.json is not None
    assert told.status_code == 200  # texts are answered all the same
    assert told.json["worker"] == "no sign of life"
    assert "helpline worker" in str(told.json["warnings"])
