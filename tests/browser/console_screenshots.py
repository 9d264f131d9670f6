"""The console as a counselor sees it, for docs/console.md: real pages over a store of their own, with made-up people."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from bot.app import App
from bot.content import Loaded
from bot.embedded import Server
from bot.staff import Staff
from bot.store import StoreDown
from bot.store.connect import connect
from bot.store.redis import RedisStore
from bot.web import create_app
from tests.counselors import Recorder, work
from tests.phone import Clock, Phone, make_app
from tests.web.console import PASSWORD, QUICK

REACHED: dict[str, Any] = {"sms_sender": "+15005550100", "backup_phones": ["+15005550911"], "twilio_account_sid": "AC" + "1" * 32}
WIDE, SMALL = (1000, 760), (390, 844)


def shoot(browser: Browser, loaded: Loaded, images: Path) -> None:
    """Write console-*.png into `images`. `loaded`: the words, with the hand-off on."""
    with tempfile.TemporaryDirectory(prefix="hl") as folder:
        store = Server(Path(folder))
        store.start()
        client = connect(store.url)
        app = make_app(loaded, RedisStore(client, time.time), Clock(), **REACHED)
        app = replace(app, clock=time.time)
        server = make_server("127.0.0.1", 0, create_app(app), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            staff = Staff(client, hasher=QUICK)
            for name in ("Ana", "Ben"):
                staff.add(name, "counselor")
                staff.set_password(name, PASSWORD)
            _shift(browser, app, f"http://127.0.0.1:{server.server_port}/console", images)
        finally:
            server.shutdown()
            client.close()
            store.stop()


def _shift(browser: Browser, app: App, url: str, images: Path) -> None:
    threading.Thread(target=_beat, args=(app,), daemon=True).start()
    page = _signed_in(browser, url, "Ana", WIDE, "light")
    page.screenshot(path=images / "console-off-duty.png")
    _signed_in(browser, url, "Ben", WIDE, "light").get_by_role("button", name="Go on duty").click()
    page.get_by_label("Phone for nudges").fill("(617) 555-0100")
    page.get_by_role("button", name="Go on duty").click()
    page.get_by_role("heading", name=re.compile("On duty until")).wait_for()
    _in_line(app, "+15005550001", "detox")
    second = _in_line(app, "+15005550002", "family")
    _in_line(app, "+15005550003", "hi").text("i want to kill myself")
    work(app, Recorder())
    page.reload()
    page.locator("[data-part=waiting] .flagged").wait_for()
    page.screenshot(path=images / "console-queue.png")
    page.get_by_role("button", name=re.compile("^Take Family")).click()
    second.text("i found burnt foil in my kids room and i dont know who to ask")
    page.get_by_label("Your reply").fill("Thank you for writing. That must be frightening. Are they safe right now?")
    page.keyboard.press("Control+Enter")
    page.locator("#entries .counselor[data-seq]").wait_for()
    work(app, Recorder())
    second.text("yes, asleep and fine")
    page.get_by_text("asleep and fine").wait_for()
    page.get_by_label("Your reply").fill("Good. Do you have naloxone at home?")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=images / "console-conversation.png")
    small = _signed_in(browser, url, "Ana", SMALL, "dark")
    small.get_by_role("link", name=re.compile("^Open")).click()
    small.get_by_label("Your reply").wait_for()
    small.screenshot(path=images / "console-dark.png")
    page.goto(f"{url}/hand-over")
    page.screenshot(path=images / "console-hand-over.png")
    page.goto(f"{url}/")
    page.locator("[data-part=waiting] .flagged").get_by_role("button", name=re.compile("^Take")).click()
    page.get_by_label("Your reply").wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=images / "console-emergency.png")


def _beat(app: App) -> None:
    """The worker's sign of life, or every picture would have the red line."""
    with suppress(StoreDown):
        while True:
            app.store.desk.beat(app.clock())
            time.sleep(1)


def _signed_in(browser: Browser, url: str, name: str, size: tuple[int, int], scheme: Literal["light", "dark"]) -> Page:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme).new_page()
    page.goto(f"{url}/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Queue").wait_for()
    return page


def _in_line(app: App, number: str, topic: str) -> Phone:
    phone = Phone(app, number)
    for text in (topic, "HUMAN", "3", "1"):
        phone.text(text)
    return phone
