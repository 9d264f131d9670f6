"""Who gets into the console, who does not, and what ends a session."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from bot.app import App
from bot.content import Loaded
from bot.embedded import Server
from bot.problem import Problem
from bot.staff import ABSOLUTE, FAILURES, IDLE, Staff
from bot.staffing import DEVELOPER, developer
from bot.store.connect import connect
from bot.store.redis import RedisStore
from bot.web import create_app
from bot.web.create import create_console
from tests.counselors import Person, on_duty
from tests.phone import Clock, make_app
from tests.servers import ClusterNodes
from tests.web.console import PASSWORD, Desk, hire, staff

PROJECT = Path(__file__).parent.parent.parent


def test_a_name_and_its_password_get_in(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    desk = Desk(app)
    answer = desk.sign_in("ana")
    assert (answer.status_code, answer.location) == (303, "/console/")
    assert desk.is_in


@pytest.mark.parametrize(("name", "password"), [("Ana", "wrong"), ("Nobody", PASSWORD), ("", ""), ("Ana", ""), ("Ana" * 50, "x")])
def test_anything_else_does_not_and_is_told_the_same(app: App, raw: redis.Redis, name: str, password: str) -> None:
    hire(app, raw, "Ana")
    desk = Desk(app)
    answer = desk.sign_in(name, password)
    assert answer.status_code == 403
    assert "Name and password do not fit." in answer.text
    assert not desk.is_in


def test_a_stranger_gets_nowhere(app: App) -> None:
    web, desk = create_console(app), Desk(app)
    rules = [rule for rule in web.url_map.iter_rules() if rule.endpoint.startswith("console.")]
    assert len(rules) > 15
    for rule in rules:
        if rule.endpoint in ("console.sign_in", "console.password"):
            continue
        path = re.sub("<[^>]+>", "x", rule.rule).removeprefix("/console")
        answer = desk.post(path) if "POST" in (rule.methods or ()) else desk.get(path)
        assert (answer.status_code, answer.location) == (303, "/console/sign-in"), rule
    assert desk.get("/updates", script=True).status_code == 401


def test_a_post_without_its_token_is_refused(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    desk = Desk(app)
    assert desk.client.post("/console/sign-in", data={"name": "Ana", "password": PASSWORD}).status_code == 400
    desk.sign_in("Ana")
    assert desk.client.post("/console/sign-out-everywhere").status_code == 400
    assert desk.client.post("/console/here", headers={"X-Requested-With": "console", "X-CSRFToken": "forged"}).status_code == 400
    assert desk.is_in


def test_too_many_wrong_passwords_lock_the_name_also_for_the_right_one(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    hire(app, raw, "Ben")
    desk = Desk(app)
    answers = [desk.sign_in("Ana", f"wrong {i}").status_code for i in range(FAILURES)]
    assert answers == [403] * (FAILURES - 1) + [429]
    assert "Try again in 15 minutes" in desk.sign_in("ANA").text
    assert desk.sign_in("Ben").status_code == 303
    account = staff(app, raw).find("Ana")
    assert account
    assert account.locked


def test_a_locked_name_still_gets_in_where_it_signed_in_before(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    own, stranger = Desk(app), Desk(app)
    own.sign_in("Ana")
    own.get("/")
    own.post("/sign-out")
    for i in range(FAILURES):
        stranger.sign_in("Ana", f"wrong {i}")
    assert own.sign_in("Ana", "wrong").status_code == 403
    assert own.sign_in("Ana").status_code == 303
    assert stranger.sign_in("Ana").status_code == 429  # the lock stands for everybody else


@pytest.mark.parametrize("spoilt", ["forged", "another name's", "ended everywhere"])
def test_a_cookie_that_is_not_of_this_name_skips_no_lock(app: App, raw: redis.Redis, spoilt: str) -> None:
    hire(app, raw, "Ana")
    hire(app, raw, "Ben")
    desk = Desk(app)
    desk.sign_in("Ben" if spoilt == "another name's" else "Ana")
    if spoilt == "ended everywhere":
        staff(app, raw).sign_out_everywhere("Ana")
    cookie = desk.client.get_cookie("helpline_known", path="/console/sign-in")
    assert cookie
    other = Desk(app)
    other.client.set_cookie("helpline_known", cookie.value + ("x" if spoilt == "forged" else ""), path="/console/sign-in")
    answers = [other.sign_in("Ana", f"wrong {i}").status_code for i in range(FAILURES)]
    assert answers == [403] * (FAILURES - 1) + [429]


def test_a_known_browser_is_still_held_to_the_limit_of_its_address(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    desk = Desk(app)
    desk.sign_in("Ana")
    desk.client.delete_cookie("helpline_console", path="/console")
    answers = [desk.sign_in("Ana", f"wrong {i}").status_code for i in range(10)]
    assert answers == [403] * 9 + [429]


def test_the_cookie_of_a_known_browser_holds_no_name_and_is_kept_from_scripts(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    desk = Desk(replace(app, live=True))
    desk.client.environ_base["wsgi.url_scheme"] = "https"
    answer = desk.sign_in("Ana")
    header = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("helpline_known"))
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/console/sign-in"} <= set(header.split("; "))
    marks = base64.urlsafe_b64decode(header.split("=")[1].split(".")[0] + "==")
    assert re.fullmatch(rb'\["[0-9a-f]{40}"\]', marks)


def test_a_reset_lifts_the_lock(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    desk = Desk(app)
    for i in range(FAILURES):
        desk.sign_in("Ana", f"wrong {i}")
    token = staff(app, raw).reset("Ana")
    staff(app, raw).use_link(token, PASSWORD)
    assert desk.sign_in("Ana").status_code == 303


def test_after_a_reset_the_first_sign_in_is_held_by_nothing_that_was_tried_before(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    desk, stranger = Desk(app), Desk(app)
    stranger.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    for i in range(11):
        desk.sign_in("Ana", f"wrong {i}")
    assert desk.sign_in("Ana").status_code == 429  # the name is locked, and the address has tried too often
    token = staff(app, raw).reset("Ana")
    desk.get(f"/password/{token}")
    assert "Your password is set" in desk.post(f"/password/{token}", password=PASSWORD, again=PASSWORD).text
    for i in range(FAILURES):
        stranger.sign_in("Ana", f"wrong {i}")  # somebody goes on locking the name
    assert desk.sign_in("Ana").status_code == 303


def test_a_count_that_lost_its_end_gets_one(app: App, raw: redis.Redis) -> None:
    desk = Desk(app)
    desk.sign_in("Ana", "wrong")
    counts = list(raw.scan_iter("hl:staff:limit:*"))
    assert counts
    for key in counts:
        raw.persist(key)
    desk.sign_in("Ana", "wrong")
    assert all(raw.ttl(key) > 0 for key in counts)


@pytest.mark.parametrize(
    ("addresses", "told"),
    [
        ([f"2001:db8:1:2::{i:x}" for i in range(11)], 429),  # a household's 64 bits to choose from
        ([f"2001:db8:1:{i:x}::1" for i in range(11)], 403),
        ([f"::ffff:198.51.100.{i}" for i in range(11)], 403),
    ],
)
def test_addresses_of_one_household_are_counted_together(app: App, addresses: list[str], told: int) -> None:
    desk = Desk(app)
    for i, address in enumerate(addresses):
        desk.client.environ_base["REMOTE_ADDR"] = address
        answer = desk.sign_in(f"Name{i}")
    assert answer.status_code == told


def test_one_address_may_not_try_many_names(app: App, raw: redis.Redis) -> None:
    desk = Desk(app)
    answers = [desk.sign_in(f"Name{i}").status_code for i in range(11)]
    assert answers == [403] * 10 + [429]
    kept = " ".join(key.decode() for key in raw.scan_iter("*"))
    assert "hl:staff:limit" in kept
    assert "127.0.0.1" not in kept


def test_an_idle_session_ends_and_polling_does_not_keep_it(app: App, raw: redis.Redis, clock: Clock) -> None:
    hire(app, raw, "Ana")
    desk = Desk(app)
    desk.sign_in("Ana")
    clock.pass_(IDLE - 60)
    assert desk.get("/updates", script=True).status_code == 200
    clock.pass_(61)
    assert desk.get("/updates", script=True).status_code == 401
    assert not desk.is_in


def test_a_used_session_goes_on_until_its_absolute_end(app: App, raw: redis.Redis, clock: Clock) -> None:
    hire(app, raw, "Ana")
    desk = Desk(app)
    desk.sign_in("Ana")
    for _ in range(int(ABSOLUTE / (IDLE - 60))):
        clock.pass_(IDLE - 60)
        assert desk.is_in
    clock.pass_(IDLE - 60)
    assert not desk.is_in


def test_removal_reset_and_a_new_password_end_every_session_at_once(app: App, raw: redis.Redis) -> None:
    people = staff(app, raw)
    for end in (people.remove, people.reset, people.sign_out_everywhere, lambda name: people.set_password(name, PASSWORD + "!")):
        hire(app, raw, "Ana")
        one, other = Desk(app), Desk(app)  # two browsers, and two processes that serve them
        one.sign_in("Ana")
        other.sign_in("Ana")
        end("Ana")
        assert not one.is_in
        assert not other.is_in
        raw.flushall()


def test_removal_and_reset_end_the_shift_and_forget_its_phone(desk_app: App, raw: redis.Redis) -> None:
    people = staff(desk_app, raw)
    for end in (people.reset, people.remove):
        account = people.find("Ana") or people.add("Ana", "counselor")
        on_duty(desk_app, Person(account.id, "Ana"), phone="+15005550901")
        end("Ana")
        assert desk_app.store.desk.duty() == {}
        assert raw.hlen("hl:{desk}:seen") == 0


def test_an_account_of_the_same_name_does_not_wake_an_old_session(app: App, raw: redis.Redis) -> None:
    first = hire(app, raw, "Ana")
    desk = Desk(app)
    desk.sign_in("Ana")
    staff(app, raw).remove("Ana")
    assert hire(app, raw, "Ana") != first
    assert not desk.is_in


def test_signing_out_ends_this_browser_and_everywhere_all_of_them(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    one, two, three = Desk(app), Desk(app), Desk(app)
    for desk in (one, two, three):
        desk.sign_in("Ana")
        desk.get("/")
    assert "You are signed out." in one.post("/sign-out").text
    assert (one.is_in, two.is_in, three.is_in) == (False, True, True)
    two.post("/sign-out-everywhere")
    assert (two.is_in, three.is_in) == (False, False)


def test_a_cookie_from_before_signing_out_is_worth_nothing(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    desk = Desk(app)
    desk.sign_in("Ana")
    cookie = desk.client.get_cookie("helpline_console", path="/console")
    assert cookie
    desk.get("/")
    desk.post("/sign-out")
    desk.client.set_cookie("helpline_console", cookie.value, path="/console")
    assert not desk.is_in


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(app: App, raw: redis.Redis) -> None:
    live = replace(app, live=True)
    hire(live, raw, "Ana")
    header = Desk(live).client.get("/console/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/console"} <= set(header.split("; "))


def test_the_public_pages_still_set_no_cookie(app: App) -> None:
    client = create_app(app).test_client()
    for path in ("/", "/chat", "/privacy"):
        assert "Set-Cookie" not in client.get(path).headers


def test_the_store_holds_neither_password_nor_what_a_cookie_holds(app: App, raw: redis.Redis) -> None:
    hire(app, raw, "Ana")
    desk = Desk(app)
    desk.sign_in("Ana")
    with desk.client.session_transaction(path="/console/") as session:
        token = session["_user_id"]
    link = staff(app, raw).link("Ana")
    kept = ""
    for key in raw.scan_iter("hl:staff*"):
        value = raw.hgetall(key) if raw.type(key) == b"hash" else raw.smembers(key) if raw.type(key) == b"set" else raw.get(key)
        kept += f"{key!r} {value!r}"
    assert "$argon2id$" in kept
    assert not [secret for secret in (PASSWORD, token, link) if secret in kept]


def test_a_link_sets_a_password_once(app: App, raw: redis.Redis) -> None:
    people = staff(app, raw)
    people.add("Ana", "counselor")
    token, desk = people.link("Ana"), Desk(app)
    assert "Hello Ana" in desk.get(f"/password/{token}").text
    for easy in ("short", "anaanaana ana", "aaaaaaaaaaaaaaa", "password12345"):
        assert desk.post(f"/password/{token}", password=easy, again=easy).status_code == 400
    assert desk.post(f"/password/{token}", password=PASSWORD, again="another one here").status_code == 400
    assert "Your password is set" in desk.post(f"/password/{token}", password=PASSWORD, again=PASSWORD).text
    assert desk.get(f"/password/{token}").status_code == 404
    assert desk.sign_in("Ana").status_code == 303


def test_a_reset_makes_older_links_void(app: App, raw: redis.Redis) -> None:
    people = staff(app, raw)
    people.add("Ana", "counselor")
    old, new = people.link("Ana"), people.reset("Ana")
    assert people.linked(old) is None
    with pytest.raises(Problem, match="too old"):
        people.use_link(old, PASSWORD)
    people.use_link(new, PASSWORD)
    assert int(raw.ttl("hl:staff")) > 0 or raw.ttl("hl:staff") == -1


def test_a_name_is_taken_in_any_spelling_and_must_be_one(app: App, raw: redis.Redis) -> None:
    people = staff(app, raw)
    people.add("José", "counselor")
    for name in ("josé", "JOSÉ", "a", "two words", "9lives", "x" * 40, "<b>"):
        with pytest.raises(Problem):
            people.add(name, "counselor")


def test_the_development_account_does_not_exist_in_live_mode(app: App, raw: redis.Redis, tmp_path: Path) -> None:
    password = developer(Staff(raw, app.clock, live=False), tmp_path)
    assert developer(Staff(raw, app.clock, live=False), tmp_path) == password
    assert (tmp_path / "console_password").stat().st_mode & 0o077 == 0
    desk = Desk(app)
    assert desk.sign_in(DEVELOPER, password).status_code == 303
    live = Desk(replace(app, live=True))
    assert live.sign_in(DEVELOPER, password).status_code == 403
    assert Staff(raw, app.clock, live=True).accounts() == []


def test_a_store_that_is_down_is_told_and_guesses_are_still_slowed(loaded: Loaded, clock: Clock) -> None:
    with tempfile.TemporaryDirectory(prefix="hl") as folder:
        server = Server(Path(folder))
        server.start()
        client = connect(server.url)
        app = make_app(loaded, RedisStore(client, clock), clock)
        desk = Desk(app)
        server.stop()
        answers = [desk.sign_in("Ana") for _ in range(11)]
        client.close()
    assert [answer.status_code for answer in answers] == [503] * 10 + [429]
    assert "The store does not answer." in answers[0].text


def test_accounts_sessions_and_limits_work_on_a_cluster(handing_over: Loaded, clock: Clock, tmp_path: Path) -> None:
    nodes = ClusterNodes(tmp_path)
    try:
        client = connect(nodes.url)
        app = make_app(handing_over, RedisStore(client, clock), clock)
        hire(app, client, "Ana")
        desk = Desk(app)
        assert desk.sign_in("Ana", "wrong").status_code == 403
        assert desk.sign_in("Ana").status_code == 303
        assert desk.get("/").status_code == 200
        assert [account.name for account in staff(app, client).accounts()] == ["Ana"]
        staff(app, client).sign_out_everywhere("Ana")
        assert not desk.is_in
    finally:
        nodes.stop()


def helpline(url: str, *args: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("HELPLINE", "TWILIO", "REDIS", "PUBLIC", "PORT"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", "staff", *args],
        env=clean | {"REDIS_URL": url, "PUBLIC_URL": "https://line.example.org"},
        input=typed, capture_output=True, text=True, cwd=PROJECT, timeout=30, check=False,
    )  # fmt: skip


def test_the_command_adds_lists_resets_and_removes(app: App, raw: redis.Redis, server: Server) -> None:
    told = helpline(server.url, "add", "Ana", "--role", "counselor").stdout
    link = re.search(r"https://line.example.org/console/password/(\S+)", told)
    assert link
    assert "has not set a password yet" in helpline(server.url, "list").stdout
    staff(app, raw).use_link(link[1], PASSWORD)
    desk = Desk(app)
    assert desk.sign_in("Ana").status_code == 303
    assert "/console/password/" in helpline(server.url, "reset", "Ana").stdout
    assert not desk.is_in
    assert "removed" in helpline(server.url, "remove", "Ana").stdout
    assert "Nobody yet" in helpline(server.url, "list").stdout
    assert "There is no account 'Ana'" in helpline(server.url, "remove", "Ana").stderr


def test_the_command_takes_no_password_from_its_line_and_needs_a_store(server: Server, raw: redis.Redis, tmp_path: Path) -> None:
    assert helpline(server.url, "add", "Ana", "--role", "counselor", "--password", "secret words here").returncode == 2
    gone = helpline(f"unix://{tmp_path}/none.sock", "list")
    assert gone.returncode == 1
    assert "The store does not answer" in gone.stderr
