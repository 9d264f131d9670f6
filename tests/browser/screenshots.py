"""`make screenshots`: the pages as a person sees them, into docs/images/."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from bot.content import load
from bot.store.memory import MemoryStore
from bot.web import create_app
from tests.browser import console_screenshots
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.phone import Clock, make_app

IMAGES = Path("docs/images")


def conversation(page: Page, texts: list[str]) -> None:
    for count, text in enumerate(texts, start=1):
        page.get_by_label("Your message").fill(text)
        page.keyboard.press("Enter")
        page.locator("#log .theirs").nth(count - 1).wait_for()
    time.sleep(0.2)


def main() -> None:
    clock = Clock()
    app = replace(make_app(load(Path("flows"), live=True), MemoryStore(clock), clock), live=True)
    server = make_server("127.0.0.1", 0, create_app(app), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    shutil.rmtree(IMAGES, ignore_errors=True)
    IMAGES.mkdir(parents=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for scheme in ("light", "dark"):
            page = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme).new_page()
            page.goto(f"{url}/chat")
            conversation(page, ["im so dope sick rn", "2"])
            page.screenshot(path=IMAGES / f"chat-{scheme}.png")
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        page.goto(f"{url}/chat")
        conversation(page, ["my son wont wake up"])
        page.screenshot(path=IMAGES / "chat-emergency.png")
        wide = browser.new_context(viewport={"width": 900, "height": 700}).new_page()
        for name in ("", "privacy"):
            wide.goto(f"{url}/{name}")
            wide.screenshot(path=IMAGES / f"page-{name or 'home'}.png")
        handoff = app.loaded.program.handoff.model_copy(update={"on": True})
        console_screenshots.shoot(
            browser, replace(app.loaded, program=app.loaded.program.model_copy(update={"handoff": handoff})), IMAGES
        )
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
