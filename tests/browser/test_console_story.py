"""The whole story with every part real but Twilio: browser, web server, store, `helpline worker` as a process, a stand-in for
Twilio's REST API that checks each request."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from bot.store.connect import connect
from bot.web import create_app
from tests.browser.conftest import _Quiet
from tests.browser.test_console import Console, take
from tests.handoff.test_worker import House, house, kill, wait  # noqa: F401 - fixtures
from tests.phone import PUBLIC_URL, Phone

SLOW = 60_000  # ms; a worker's process starts in a few seconds on a quiet machine


@pytest.fixture
def desk(browser: Browser, house: House) -> Iterator[Console]:  # noqa: F811
    server = make_server("127.0.0.1", 0, create_app(house.app), threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    raw = connect(house.server.url)
    console = Console(f"http://127.0.0.1:{server.server_port}", house.app, raw, browser)
    yield console
    for context in console.contexts:
        context.close()
    server.shutdown()
    server.server_close()
    raw.close()


def in_line(phone: Phone) -> None:
    assert "Text with a counselor" in phone.says("HUMAN")
    assert "court orders it" in phone.says("3")
    assert "We pass this to our counselors" in phone.says("1")


def report(house: House, phone: Phone, text: str, state: str) -> None:  # noqa: F811
    """What Twilio says later of the message with this text."""
    sent = next(message for message in house.api.messages if message["body"] == text)
    form = {"MessageSid": sent["sid"], "MessageStatus": state, "To": phone.number, "From": sent["from"]}
    form |= {"ErrorCode": "30003"} if state == "undelivered" else {}
    assert phone.post(form.items(), path=sent["callback"].removeprefix(PUBLIC_URL)).status_code == 204


def test_a_person_asks_a_counselor_answers_and_both_close(desk: Console, house: House) -> None:  # noqa: F811
    house.start_worker()
    page = desk.on_duty("Ana")
    phone = Phone(house.app)
    in_line(phone)
    expect(page).to_have_title(re.compile(r"^\(1\) Queue"))
    take(page)
    assert house.api.wait_for(1) == ["You are texting with a counselor now, a real person. In danger: call 911."]
    expect(page.locator("#banners .red")).to_have_count(0, timeout=SLOW)

    page.get_by_label("Your reply").fill("Hi, I am here. What is going on?")
    page.keyboard.press("Control+Enter")
    assert house.api.wait_for(2)[1] == "Hi, I am here. What is going on?"
    assert house.api.messages[1]["to"] == phone.number
    state = page.locator("#entries .counselor .state")
    expect(state).to_have_text("Sent, not confirmed yet", timeout=SLOW)
    report(house, phone, "Hi, I am here. What is going on?", "delivered")
    expect(state).to_have_text("Delivered")

    assert phone.text("my son wont talk to me") == []
    expect(page.locator("#entries .person .words").last).to_have_text("my son wont talk to me")
    assert phone.number not in page.content()
    page.get_by_text("Hand over or close").click()
    page.get_by_label("How it ended").select_option(label="We talked, and it helped")
    page.get_by_role("button", name="Close the conversation").click()
    expect(page.get_by_text("Closed. The person was told.")).to_be_visible()
    assert "Did it help?" in house.api.wait_for(3)[2]
    assert "Good to hear" in phone.says("1")


def test_a_text_that_does_not_arrive_says_so_and_why(desk: Console, house: House) -> None:  # noqa: F811
    house.start_worker()
    page = desk.on_duty("Ana")
    phone = Phone(house.app)
    in_line(phone)
    take(page)
    page.get_by_label("Your reply").fill("Are you there?")
    page.keyboard.press("Control+Enter")
    house.api.wait_for(2)
    expect(page.locator("#entries .counselor .state")).to_have_text("Sent, not confirmed yet", timeout=SLOW)
    report(house, phone, "Are you there?", "undelivered")
    bad = page.locator("#entries .counselor .state.bad")
    expect(bad).to_contain_text("NOT delivered: ")
    assert len(bad.inner_text()) > len("NOT delivered: ") + 5


def test_without_a_worker_a_red_line_says_so_and_later_everything_leaves_in_order(desk: Console, house: House) -> None:  # noqa: F811
    page = desk.on_duty("Ana")
    in_line(Phone(house.app))
    take(page)
    expect(page.locator("#banners .red")).to_contain_text("Nothing is being sent right now")
    for text in ("one", "two"):
        page.get_by_label("Your reply").fill(text)
        page.keyboard.press("Control+Enter")
    states = page.locator("#entries .counselor .state")
    expect(states).to_have_text(["Waiting to be sent", "Waiting to be sent"])
    worker = house.start_worker()
    assert house.api.wait_for(3)[1:] == ["one", "two"]
    expect(page.locator("#banners .red")).to_have_count(0, timeout=SLOW)
    expect(states).to_have_text(["Sent, not confirmed yet", "Sent, not confirmed yet"], timeout=SLOW)
    kill(worker)


def test_a_store_that_restarts_is_told_and_what_was_written_meanwhile_is_sent_once(desk: Console, house: House) -> None:  # noqa: F811
    page = desk.on_duty("Ana")
    in_line(Phone(house.app))
    take(page)
    page.wait_for_timeout(1200)  # the store writes to disk every second
    house.server.stop()
    expect(page.locator("#lost")).to_contain_text("What you write is kept here", timeout=SLOW)
    page.get_by_label("Your reply").fill("Still with you.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .counselor .state")).to_contain_text("Not sent yet")
    house.server.start()
    expect(page.locator("#lost")).to_be_hidden(timeout=SLOW)
    expect(page.locator("#entries .counselor[data-seq] .words")).to_have_text(["Still with you."], timeout=SLOW)
