"""`helpline run` and `helpline serve` as processes: real sockets, kill -9, restarts."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.embedded import Server
from tests.phone import KEY, messages, sign
from tests.servers import WITHIN, eventually, free_port

PROJECT = Path(__file__).parent.parent.parent


class Running:
    """One `helpline run` in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.log = folder / "run.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("HELPLINE", "TWILIO", "REDIS", "PUBLIC"))}
        env |= {"PORT": str(self.port), "FLOWS": str(PROJECT / "flows"), "PYTHONPATH": str(PROJECT)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=self.folder, env=env, stdout=log, stderr=log
            )
        self.wait_until_answering()

    def wait_until_answering(self) -> None:
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def is_ready(self) -> bool:
        """Whether texts are remembered."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2):
            return True

    def text(self, body: str, message_id: str, number: str = "+15005550006") -> str:
        url = f"http://127.0.0.1:{self.port}/twilio/sms"
        form = {"MessageSid": message_id, "From": number, "To": "+15005550001", "Body": body}
        token = (self.folder / "var" / "twilio_auth_token").read_text().strip()
        request = urllib.request.Request(
            url, urllib.parse.urlencode(form).encode(), {"X-Twilio-Signature": sign(form.items(), url, token)}
        )
        with urllib.request.urlopen(request, timeout=5) as response:
            return "\n".join(messages(response.read().decode()))

    def children(self, name: str) -> list[int]:
        """The process ids below this folder's run whose command holds `name`."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_text().replace("\0", " ")
                if name in command and (entry / "cwd").readlink() in (self.folder, self.folder / "var" / "store"):
                    found.append(int(entry.name))
            except OSError:
                continue
        return sorted(found)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(WITHIN)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    run = Running(tmp_path, free_port())
    run.start()
    yield run
    run.stop()
    for pid in run.children("bot serve") + run.children("redis.sock"):
        os.kill(pid, signal.SIGKILL)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def test_a_conversation_goes_on_after_every_process_was_restarted(running: Running) -> None:
    first = running.text("detox", "SM1")
    assert "Where are you now?" in first
    running.stop()
    assert running.process is not None
    assert running.process.returncode == 0
    assert port_is_free(running.port)
    assert not running.children("bot")
    assert not running.children("redis.sock")
    running.start()
    assert running.text("detox", "SM1") == first
    assert "plan" in running.text("2", "SM2")


def test_the_signed_example_that_is_printed_works(running: Running) -> None:
    assert eventually(lambda: "Ctrl-C stops everything." in running.log.read_text())
    assert "  Hand-off   OFF" in running.log.read_text()
    command = re.search(r"^  curl (.*)$", running.log.read_text(), re.MULTILINE)
    assert command
    answered = subprocess.run(
        f"curl --fail {command[1]}", shell=True, capture_output=True, text=True, check=True, timeout=10
    ).stdout
    assert "buprenorphine" in "\n".join(messages(answered))


def test_a_second_run_in_the_same_folder_is_refused_and_harms_nothing(running: Running) -> None:
    running.text("detox", "SM1")
    env = {**os.environ, "PORT": str(free_port()), "FLOWS": str(PROJECT / "flows"), "PYTHONPATH": str(PROJECT)}
    second = subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=running.folder, env=env, capture_output=True, text=True, timeout=30, check=False
    )
    assert second.returncode == 1
    assert f"already runs in this folder (it holds var/), at http://127.0.0.1:{running.port}" in second.stderr
    assert "plan" in running.text("2", "SM2")


def test_what_was_made_up_is_private_and_kept(running: Running) -> None:
    kept = running.folder / "var"
    assert kept.stat().st_mode & 0o077 == 0
    for name in ("helpline_secret", "helpline_keys", "twilio_auth_token"):
        assert (kept / name).stat().st_mode & 0o077 == 0
    secret = (kept / "helpline_secret").read_text().strip()
    assert secret not in running.log.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
@pytest.mark.parametrize("part", ["bot serve", "redis.sock"])
def test_a_killed_part_is_replaced_and_nothing_is_lost(running: Running, part: str) -> None:
    _remembered(running)
    for pid in running.children(part):
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: _answers(running, "2", "SM2", "plan"))


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_a_store_that_dies_while_the_worker_starts_ends_nothing(running: Running) -> None:
    _remembered(running)
    assert eventually(lambda: running.children("bot worker"))
    os.kill(running.children("redis.sock")[0], signal.SIGKILL)
    assert eventually(lambda: _answers(running, "2", "SM2", "plan"))
    assert eventually(lambda: "worker_started" in running.log.read_text())
    assert running.process
    assert running.process.poll() is None


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_a_killed_web_worker_is_replaced(running: Running) -> None:
    running.text("detox", "SM1")
    os.kill(running.children("bot serve")[-1], signal.SIGKILL)
    assert eventually(lambda: _answers(running, "2", "SM2", "plan"))


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_kill_9_of_the_whole_run_does_not_hinder_the_next(running: Running) -> None:
    _remembered(running)
    assert running.process is not None
    running.process.kill()
    running.process.wait()
    assert eventually(lambda: port_is_free(running.port))
    running.start()
    assert "plan" in running.text("2", "SM2")


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
@pytest.mark.parametrize("victim", ["a worker", "the web server", "the store"])
def test_kill_9_in_the_middle_of_texts_forgets_nothing_that_was_answered(running: Running, victim: str) -> None:
    web, store = running.children("bot serve"), running.children("redis.sock")
    running.text("STOP", "SM-stop", "+15005551111")
    told: dict[int, str] = {}
    for i in range(30):
        if i == 10:
            os.kill({"a worker": web[-1], "the web server": web[0], "the store": store[0]}[victim], signal.SIGKILL)
        told[i] = _as_twilio_retries(running, "detox", f"SM{i}", _number(i))
    remembered = [i for i in told if "\n1 " in told[i]]  # the others were answered without the store, and told no digits
    assert len(remembered) >= (10 if victim == "the store" else 30)
    assert eventually(running.is_ready)
    assert eventually(lambda: victim != "the web server" or not set(web) & set(running.children("bot serve")))
    for i in remembered:
        assert _as_twilio_retries(running, "detox", f"SM{i}", _number(i)) == told[i]
        assert "plan" in _as_twilio_retries(running, "2", f"SM-two{i}", _number(i))
    assert "\n1 " not in _as_twilio_retries(running, "detox", "SM-after", "+15005551111")


def _number(i: int) -> str:
    return f"+1500555{i:04d}"


def _as_twilio_retries(running: Running, body: str, message_id: str, number: str) -> str:
    """The answer, after as many tries as it takes."""
    until = time.monotonic() + WITHIN
    while True:
        try:
            return running.text(body, message_id, number)
        except OSError:
            assert time.monotonic() < until, running.log.read_text()
            time.sleep(0.05)


def _remembered(running: Running) -> None:
    """Begin a conversation, and wait until it lies in the append-only file: on a disk that is behind that may take two seconds."""
    assert eventually(lambda: _answers(running, "detox", "SM1", "\n1 "))  # no digits: answered without the store
    files = running.folder / "var" / "store"
    assert eventually(lambda: any(b"}:s" in file.read_bytes() for file in files.rglob("*.aof")))


def _answers(running: Running, body: str, message_id: str, holds: str) -> bool:
    try:
        return holds in running.text(body, message_id)
    except OSError:
        return False


def bot(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("HELPLINE", "TWILIO", "REDIS", "PUBLIC", "PORT"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        capture_output=True,
        text=True,
        env=clean | env,
        cwd=PROJECT,
        timeout=30,
        check=False,
    )


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {**os.environ, "PORT": str(port), "FLOWS": str(PROJECT / "flows"), "PYTHONPATH": str(PROJECT)}
        done = subprocess.run(
            [sys.executable, "-m", "bot", "run"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=30, check=False
        )
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in done.stderr
    other = re.search(r"PORT=(\d+) make run", done.stderr)
    assert other
    assert int(other[1]) != port
    assert not (tmp_path / "var" / "store").exists()


def test_serve_names_everything_that_is_missing_at_once() -> None:
    done = bot("serve")
    assert done.returncode == 1
    for name in ("REDIS_URL", "HELPLINE_SECRET", "HELPLINE_KEYS", "TWILIO_AUTH_TOKEN"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_live_names_settings_and_words_that_are_missing_in_one_error() -> None:
    done = bot("serve", "--live", TWILIO_AUTH_TOKE="not shown")
    assert done.returncode == 1
    for what in ("REDIS_URL", "TWILIO_AUTH_TOKEN is not set", "PUBLIC_URL is not set. The address", "unreviewed", "no operator"):
        assert what in done.stderr
    assert "TWILIO_AUTH_TOKE is no setting, and ignored. Did you mean TWILIO_AUTH_TOKEN?" in done.stderr
    assert "not shown" not in done.stderr


def test_check_warns_of_a_misspelt_setting() -> None:
    done = bot("check", PUBLC_URL="https://not.shown")
    assert done.returncode == 0
    assert "Warning: PUBLC_URL is no setting, and ignored. Did you mean PUBLIC_URL?" in done.stderr
    assert "not.shown" not in done.stderr + done.stdout


def test_a_wrong_setting_names_itself_and_not_its_value() -> None:
    done = bot("serve", PORT="eighty", TWILIO_KEYWORDS="mine", REDIS_URL="http://user:hidden@host")
    assert done.returncode == 1
    for name in ("PORT", "TWILIO_KEYWORDS", "REDIS_URL"):
        assert name in done.stderr
    assert "hidden" not in done.stderr


def test_serve_answers_in_production(server: Server, raw: redis.Redis) -> None:
    port, token = free_port(), "t" * 32
    env = {**os.environ, "PORT": str(port), "REDIS_URL": server.url, "HELPLINE_SECRET": "s" * 40, "HELPLINE_KEYS": KEY}
    env |= {"TWILIO_AUTH_TOKEN": token, "PUBLIC_URL": "https://line.example.org"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--host", "127.0.0.1"], env=env, cwd=PROJECT, stderr=subprocess.DEVNULL
    )
    try:
        form = {"MessageSid": "SM1", "From": "+15005550009", "Body": "find"}
        signature = sign(form.items(), "https://line.example.org/twilio/sms", token)

        def answered() -> bool:
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/twilio/sms", urllib.parse.urlencode(form).encode(), {"X-Twilio-Signature": signature}
            )
            try:
                with urllib.request.urlopen(request, timeout=5) as response:
                    said = "\n".join(messages(response.read().decode()))
            except OSError:
                return False
            return "1-800-662-4357" in said and "435748" not in said  # a number that nobody has called is not shown

        assert eventually(answered)
    finally:
        process.terminate()
        assert process.wait(WITHIN) in (0, -signal.SIGTERM)


@pytest.mark.parametrize("command", ["run", "serve", "chat", "explain", "check", "optouts", "twilio-texts", "key"])
def test_every_command_has_a_help_that_says_what_it_is(command: str) -> None:
    said = bot(command, "--help")
    assert said.returncode == 0
    assert len(said.stdout) > 80


def test_a_conversation_in_the_terminal() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--why"],
        input="hi\n2\nHUMAN\n",
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert "I'm automatic" in done.stdout
    assert "1-800-662-4357" in done.stdout
    assert "choice -> detox.start" in done.stdout


def test_a_text_that_is_being_answered_is_answered_though_everything_is_told_to_end(running: Running) -> None:
    store = running.children("redis.sock")[0]
    os.kill(store, signal.SIGSTOP)  # so that the text waits for it
    answers: list[str] = []
    sender = threading.Thread(target=lambda: answers.append(running.text("my son isnt breathing", "SM1")))
    try:
        sender.start()
        time.sleep(0.2)
        assert running.process
        running.process.send_signal(signal.SIGTERM)
        sender.join(WITHIN)
    finally:
        os.kill(store, signal.SIGCONT)
    assert "CALL 911 NOW" in answers[0]
    running.process.wait(WITHIN)
    assert port_is_free(running.port)
