"""The web chat as a person meets it: keyboard, retries, quick exit, nothing kept, nothing from elsewhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Response, request
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, expect
from werkzeug.serving import make_server

from bot import tickets
from bot.app import App
from bot.content import Loaded
from bot.store.desk import BACK_WITHIN
from bot.web import create_app
from tests.browser.conftest import Site, _Quiet, eventually
from tests.chat import Away
from tests.counselors import ANA, SUE, Recorder, on_duty, work
from tests.phone import Clock, make_app

PAGES = ["/", "/about", "/privacy", "/terms", "/chat"]


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")


def last(page: Page) -> str:
    return page.locator("#log .theirs").last.inner_text()


def test_a_conversation_with_the_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/chat")
    expect(page.get_by_label("Your message")).to_be_focused()
    say(page, "hi")
    expect(page.locator("#log .theirs")).to_have_count(1)
    assert "I'm automatic" in last(page)
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("#log .theirs")).to_have_count(2)
    assert "Where are you now?" in last(page)


def test_choices_are_buttons_and_numbers_can_be_called(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/chat")
    say(page, "hi")
    page.get_by_role("group", name="Answers").get_by_role("button", name="Talk to a person").click()
    expect(page.locator("#log .theirs")).to_have_count(2)
    expect(page.locator("#log a[href='tel:18006624357']")).to_have_count(1)
    expect(page.locator("#log a[href='tel:988']").last).to_be_visible()


def test_an_emergency_comes_first(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/chat")
    say(page, "my son isnt breathing")
    expect(page.locator("#log .theirs")).to_have_count(1)
    assert last(page).startswith("CALL 911 NOW")


@pytest.mark.parametrize("text", ["my son isnt breathing", "what is suboxone"])
def test_an_answer_stands_from_where_it_begins(page: Page, site: Site, text: str) -> None:
    """On a small phone a long answer and its choices are more than fits: what cannot wait is its first line."""
    page.set_viewport_size({"width": 360, "height": 480})
    page.goto(f"{site.url}/chat")
    say(page, text)
    answer = page.locator("#log .theirs")
    expect(answer).to_have_count(1)
    log, first = page.locator("#log").bounding_box(), answer.bounding_box()
    assert log
    assert first
    assert log["y"] <= first["y"] < log["y"] + log["height"]


def test_a_lost_connection_is_retried_and_counts_once(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/chat")
    say(page, "detox")
    expect(page.locator("#log .theirs")).to_have_count(1)
    sent: list[str] = []

    def fail_after_arrival(route: Route) -> None:
        sent.append(str(json.loads(route.request.post_data or "{}")["id"]))
        if len(sent) == 1:
            route.fetch()  # it arrives, and the answer is lost
            route.abort()
        else:
            route.continue_()

    page.route("**/chat/messages", fail_after_arrival)
    say(page, "2")
    expect(page.locator("#log .theirs")).to_have_count(2)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert "plan" in last(page)  # answered once: a second count would have gone one step further


def test_what_cannot_be_sent_says_so_and_can_be_sent_again(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/chat")
    page.evaluate("RETRIES_MS.length = 0")
    page.route("**/chat/messages", lambda route: route.abort())
    say(page, "detox")
    expect(page.locator(".failed")).to_contain_text("In danger call 911")
    page.unroute("**/chat/messages")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator("#log .theirs")).to_have_count(1)
    expect(page.locator(".failed")).to_have_count(0)


@pytest.mark.parametrize("how", ["button", "escape"])
def test_quick_exit_leaves_at_once_and_keeps_nothing(page: Page, context: BrowserContext, site: Site, how: str) -> None:
    context.route("https://www.weather.gov/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    sessions = site.app.store.__dict__["_sessions"]
    sessions.clear()  # other tests' conversations
    page.goto(f"{site.url}/about")
    page.goto(f"{site.url}/chat")
    say(page, "detox")
    expect(page.locator("#log .theirs")).to_have_count(1)
    assert sessions
    if how == "button":
        page.get_by_role("button", name="Quick exit").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.wait_for_url("https://www.weather.gov/")
    assert eventually(lambda: not sessions)
    assert context.cookies() == []
    page.wait_for_load_state()
    page.go_back()
    expect(page).to_have_url(f"{site.url}/about")  # the chat's place in the history is gone


def test_a_new_tab_and_a_reload_start_anew(page: Page, context: BrowserContext, site: Site) -> None:
    page.goto(f"{site.url}/chat")
    say(page, "detox")
    expect(page.locator("#log .theirs")).to_have_count(1)
    other = context.new_page()
    other.goto(f"{site.url}/chat")
    expect(other.locator("#log p")).to_have_count(1)  # the greeting
    say(other, "2")
    expect(other.locator("#log .theirs")).to_have_count(1)
    assert "This is Opioid Text Line" in last(other)  # a stranger there
    page.reload()
    expect(page.locator("#log p")).to_have_count(1)
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_fifteen_idle_minutes_clear_the_chat_after_a_warning(page: Page, context: BrowserContext, site: Site) -> None:
    context.route("https://www.weather.gov/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    page.clock.install()
    page.goto(f"{site.url}/chat")
    page.clock.run_for(14 * 60 * 1000 + 500)
    expect(page.get_by_role("dialog", name="Still there?")).to_be_visible()
    page.get_by_role("button", name="I'm here").click()
    expect(page.get_by_role("dialog", name="Still there?")).to_be_hidden()
    page.clock.run_for(15 * 60 * 1000 + 500)
    page.wait_for_url("https://www.weather.gov/")


def test_a_phone_that_slept_does_not_show_the_talk_again(page: Page, context: BrowserContext, site: Site) -> None:
    context.route("https://www.weather.gov/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    page.clock.install()
    page.goto(f"{site.url}/chat")
    page.clock.fast_forward("05:00:00")  # timers run once, late, as after a sleep
    page.wait_for_url("https://www.weather.gov/")


def test_development_can_show_what_a_text_was_taken_for(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/chat")
    page.get_by_label("Development: show").check()
    say(page, "detox")
    expect(page.locator(".why")).to_contain_text("topic -> detox.start; 2 segments")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_fit_a_small_phone_and_ask_nobody_else(page: Page, site: Site, path: str, scheme: str) -> None:
    asked: list[str] = []
    complaints: list[ConsoleMessage] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message) if message.type == "error" else None)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{site.url}{path}")
    if path == "/chat":
        say(page, "hi")
        expect(page.locator("#log .theirs")).to_have_count(1)
    violations = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert violations == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert all(url.startswith((site.url, "data:")) for url in asked)
    assert complaints == []  # nothing that the content security policy had to stop


@dataclass
class Wait:
    """A chat that consented to a counselor. Ana is on duty. `served`: the paths that were asked for and answered."""

    page: Page
    app: App
    clock: Clock
    served: list[str] = field(default_factory=list)

    def begin(self) -> str:
        """HUMAN, a counselor, Go on. The ticket's id."""
        for text, answer in (
            ("HUMAN", "Text with a counselor"),
            ("3", "court orders it"),
            ("1", "We pass this to our counselors"),
        ):
            say(self.page, text)
            expect(self.page.locator("#log .theirs").last).to_contain_text(answer)
        return tickets.queue(self.app)[0].id


@pytest.fixture
def wait(context: BrowserContext, handing_over: Loaded) -> Iterator[Wait]:
    clock = Clock()
    app = make_app(handing_over, Away(clock), clock)
    on_duty(app, ANA)
    web, served = create_app(app), list[str]()

    @web.after_request
    def note(response: Response) -> Response:
        served.append(request.path)
        return response

    server = make_server("127.0.0.1", 0, web, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = context.new_page()
    page.clock.install()
    page.goto(f"http://127.0.0.1:{server.server_port}/chat")
    yield Wait(page, app, clock, served)
    page.close()
    server.shutdown()
    server.server_close()


def test_a_counselor_s_text_appears_by_itself_and_once(wait: Wait) -> None:
    page, app, ticket = wait.page, wait.app, wait.begin()
    tickets.claim(app, ANA, ticket)
    tickets.reply(app, ANA, ticket, "Hello from Ana", "t1")
    work(app, Recorder(), wait.clock)
    expect(page.get_by_text("Hello from Ana")).to_have_count(1)
    say(page, "thank you")
    expect(page.get_by_text("Passed on to our counselors.")).to_be_visible()
    tickets.reply(app, ANA, ticket, "You are welcome", "t2")
    work(app, Recorder(), wait.clock)
    expect(page.get_by_text("You are welcome")).to_have_count(1)
    expect(page.get_by_text("Hello from Ana")).to_have_count(1)


def in_the_tab(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length"))


def test_the_consent_says_what_closing_the_page_does(wait: Wait) -> None:
    say(wait.page, "HUMAN")
    expect(wait.page.locator("#log .theirs").last).to_contain_text("Text with a counselor")
    say(wait.page, "3")
    consent = wait.page.locator("#log .theirs").last
    expect(consent).to_contain_text("Close it, and a minute later it ends and our copy is deleted; Quick exit does so at once.")
    expect(consent).to_contain_text("We delete our copy after 7 days")
    assert in_the_tab(wait.page) == 0


ENDED = "That talk has ended. Reply HUMAN for a person. In danger: 911. In a crisis: call or text 988."


def lose_answers(page: Page, path: str, most: int = 1) -> list[str]:
    """The next `most` requests arrive, and their answers are lost. Their ids."""
    sent: list[str] = []

    def lost(route: Route) -> None:
        sent.append(str(json.loads(route.request.post_data or "{}").get("id")))
        if len(sent) <= most:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(path, lost)
    return sent


def hears(wait: Wait, text: str) -> None:
    """Ana writes `text`, and the page shows it once."""
    for row in tickets.queue(wait.app):
        tickets.claim(wait.app, ANA, row.id)
    tickets.reply(wait.app, ANA, tickets.held(wait.app, ANA)[0].id, text, text)
    work(wait.app, Recorder(), wait.clock)
    expect(wait.page.get_by_text(text)).to_have_count(1)


def test_a_lost_answer_to_go_on_leaves_nobody_waiting_for_nothing(wait: Wait) -> None:
    page = wait.page
    for text, answer in (("HUMAN", "Text with a counselor"), ("3", "court orders it")):
        say(page, text)
        expect(page.locator("#log .theirs").last).to_contain_text(answer)
    sent = lose_answers(page, "**/chat/messages")
    say(page, "1")
    expect(page.locator("#state")).to_contain_text("Trying again")
    page.clock.run_for(600)
    expect(page.locator("#log .theirs").last).to_contain_text("We pass this to our counselors")
    assert len(sent) == 2
    hears(wait, "Hello from Ana")
    page.reload()
    expect(page.locator("#log .theirs").first).to_contain_text("You are still with your counselor")


def test_where_every_answer_to_go_on_is_lost_the_page_finds_out_that_somebody_may_write(wait: Wait) -> None:
    page = wait.page
    for text, answer in (("HUMAN", "Text with a counselor"), ("3", "court orders it")):
        say(page, text)
        expect(page.locator("#log .theirs").last).to_contain_text(answer)
    page.evaluate("RETRIES_MS.length = 0")
    lose_answers(page, "**/chat/messages", most=1)
    say(page, "1")
    expect(page.locator(".failed")).to_contain_text("Not sent")
    page.clock.run_for(2100)
    assert eventually(lambda: page.evaluate("handedOver"))
    hears(wait, "Hello from Ana")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("We pass this to our counselors")).to_have_count(1)


def test_a_lost_answer_in_the_middle_of_a_talk_does_not_end_it(wait: Wait) -> None:
    page = wait.page
    wait.begin()
    hears(wait, "Hello from Ana")
    lose_answers(page, "**/chat/messages")
    say(page, "thank you")
    expect(page.locator("#state")).to_contain_text("Trying again")
    page.clock.run_for(600)
    expect(page.get_by_text("Passed on to our counselors.")).to_be_visible()
    hears(wait, "You are welcome")
    assert in_the_tab(page) == 1


def test_a_store_that_is_away_for_a_moment_does_not_end_a_talk(wait: Wait) -> None:
    page, store = wait.page, wait.app.store
    assert isinstance(store, Away)
    wait.begin()
    hears(wait, "Hello from Ana")
    store.away = True
    say(page, "are you there?")
    expect(page.locator("#log .theirs").last).to_contain_text("trouble")
    store.away = False
    hears(wait, "I am here")
    assert in_the_tab(page) == 1


def test_last_words_are_shown_to_a_page_that_comes_back_after_the_close(wait: Wait) -> None:
    page, app, ticket = wait.page, wait.app, wait.begin()
    token = page.evaluate("token")
    page.evaluate("navigator.sendBeacon = () => true")  # it ends without a word, as in a crash
    page.goto(page.url.replace("/chat", "/about"))
    tickets.claim(app, ANA, ticket)
    tickets.reply(app, ANA, ticket, "Ask for Rosa there", "t1")
    tickets.close(app, ANA, ticket, "helped")
    work(app, Recorder(), wait.clock)
    page.goto(page.url.replace("/about", "/chat"))
    expect(page.get_by_text("Ask for Rosa there")).to_have_count(1)
    expect(page.get_by_text("has ended this talk")).to_have_count(1)
    expect(page.locator("#log .hello")).to_have_count(0)
    assert (page.evaluate("token"), in_the_tab(page)) == (token, 0)
    page.get_by_role("button", name="It helped").click()
    expect(page.locator("#log .theirs").last).to_contain_text("Good to hear")


def test_a_token_that_is_too_old_is_not_met_with_silence(wait: Wait) -> None:
    page = wait.page
    page.evaluate("sessionStorage.setItem('chat', 'too old')")
    page.reload()
    expect(page.locator("#log .theirs")).to_have_text(ENDED)
    expect(page.locator("#log .hello")).to_be_visible()
    assert in_the_tab(page) == 0


def test_a_page_loaded_again_is_still_in_line(wait: Wait) -> None:
    page, app = wait.page, wait.app
    ticket = wait.begin()
    page.reload()
    expect(page.locator("#log .theirs")).to_contain_text("You are still in line")
    assert eventually(lambda: "/chat/leave" in wait.served)  # the old page's last word may come after the new one's first
    before = len(wait.served)
    assert eventually(lambda: "/chat/inbox" in wait.served[before:])
    wait.clock.pass_(BACK_WITHIN + 1)
    work(app, Recorder(), wait.clock)
    assert [row.id for row in tickets.queue(app)] == [ticket]


def test_a_page_loaded_again_goes_on_with_its_counselor(wait: Wait) -> None:
    page, app, ticket = wait.page, wait.app, wait.begin()
    tickets.claim(app, ANA, ticket)
    tickets.reply(app, ANA, ticket, "Hello from Ana", "t1")
    work(app, Recorder(), wait.clock)
    expect(page.get_by_text("Hello from Ana")).to_have_count(1)
    page.goto(page.url.replace("/chat", "/about"))
    page.go_back()
    expect(page.locator("#log .theirs").first).to_contain_text("You are still with your counselor")
    expect(page.get_by_text("Hello from Ana")).to_have_count(1)
    wait.clock.pass_(BACK_WITHIN + 1)
    work(app, Recorder(), wait.clock)
    say(page, "it was only the page")
    expect(page.get_by_text("Passed on to our counselors.")).to_be_visible()
    assert tickets.conversation(app, ANA, ticket).entries[-1].text == "it was only the page"


def test_where_no_new_chat_may_begin_a_page_loaded_again_goes_on(wait: Wait, context: BrowserContext) -> None:
    wait.begin()
    others = create_app(wait.app).test_client()
    while others.get("/chat").status_code == 200:
        pass
    wait.page.reload()
    expect(wait.page.locator("#log .theirs")).to_contain_text("You are still in line")
    expect(wait.page.get_by_text("No new chat from here")).to_have_count(0)
    say(wait.page, "i am still here")
    expect(wait.page.locator("#log .theirs").last).to_contain_text("I passed it on")
    other = context.new_page()
    other.goto(wait.page.url)
    expect(other.get_by_text("No new chat from here")).to_be_visible()
    expect(other.get_by_label("Your message")).to_be_hidden()
    assert [v for v in Axe().run(other).response["violations"] if v["impact"] in ("serious", "critical")] == []


def test_a_page_that_is_closed_ends_it_a_minute_later(wait: Wait, context: BrowserContext) -> None:
    page, app, ticket = wait.page, wait.app, wait.begin()
    page.close(run_before_unload=True)
    assert eventually(lambda: bool(tickets.conversation(app, ANA, ticket).page_closed))
    work(app, Recorder(), wait.clock)
    assert [row.id for row in tickets.queue(app)] == [ticket]
    wait.clock.pass_(BACK_WITHIN)
    work(app, Recorder(), wait.clock)
    assert tickets.queue(app) == ()


def test_a_tab_opened_again_too_late_begins_anew(wait: Wait) -> None:
    page, app, ticket = wait.page, wait.app, wait.begin()
    token = page.evaluate("sessionStorage.getItem('chat')")
    tickets.flag(app, SUE, ticket, "suicide")  # then it stays open
    page.goto(page.url.replace("/chat", "/about"))
    assert eventually(lambda: bool(tickets.conversation(app, ANA, ticket).page_closed))
    wait.clock.pass_(BACK_WITHIN)
    page.goto(page.url.replace("/about", "/chat"))
    expect(page.locator("#log .hello")).to_be_visible()
    expect(page.locator("#log .theirs")).to_have_text(ENDED)
    assert eventually(lambda: in_the_tab(page) == 0)
    assert page.evaluate("token") != token
    assert [row.id for row in tickets.queue(app)] == [ticket]


@pytest.mark.parametrize("words", ["MENU", "STOP", "FORGET"])
def test_the_tab_keeps_nothing_once_the_hand_off_is_over(wait: Wait, words: str) -> None:
    page = wait.page
    wait.begin()
    assert in_the_tab(page) == 1
    say(page, words)
    if words == "FORGET":
        expect(page.locator("#log .theirs").last).to_contain_text("ERASE")
        say(page, "ERASE")
    assert eventually(lambda: in_the_tab(page) == 0)


def test_after_quick_exit_without_a_network_back_does_not_show_the_talk(wait: Wait, context: BrowserContext) -> None:
    page, app = wait.page, wait.app
    context.route("https://www.weather.gov/**", lambda route: route.abort("internetdisconnected"))
    about, chat = page.url.replace("/chat", "/about"), page.url
    ticket = wait.begin()
    page.goto(about)
    page.goto(chat)
    expect(page.locator("#log .theirs").first).to_contain_text("You are still in line")
    page.get_by_role("button", name="Quick exit").click()
    page.wait_for_url(lambda url: url != chat)  # whatever the browser shows then
    assert "still in line" not in page.content()
    assert eventually(lambda: tickets.queue(app) == ()), ticket
    page.go_back()
    expect(page).to_have_url(about)
    page.go_back()  # the first time that the chat was opened in this tab
    expect(page.locator("#log .hello")).to_be_visible()
    expect(page.locator("#log .theirs")).to_have_count(0)
    assert in_the_tab(page) == 0


def test_quick_exit_without_any_network_leaves_a_blank_page(wait: Wait, context: BrowserContext) -> None:
    page, chat = wait.page, wait.page.url
    wait.begin()
    context.set_offline(True)
    page.get_by_role("button", name="Quick exit").click()
    page.wait_for_url("about:blank")
    assert page.locator("body").inner_text() == ""
    context.set_offline(False)
    page.go_back()
    assert page.url != chat
    page.goto(chat)
    expect(page.locator("#log .hello")).to_be_visible()
    expect(page.locator("#log .theirs")).to_have_count(0)


def test_who_quietly_waits_for_a_counselor_is_neither_warned_nor_cleared(wait: Wait) -> None:
    page, app = wait.page, wait.app
    page.route("https://www.weather.gov/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    ticket = wait.begin()
    for minutes in (14.5, 1, 6):  # the warning, the clearing, the end of the ladder
        page.clock.run_for(int(minutes * 60 * 1000))
        expect(page.get_by_role("dialog", name="Still there?")).to_be_hidden()
    assert [row.id for row in tickets.queue(app)] == [ticket]
    tickets.claim(app, ANA, ticket)
    tickets.close(app, ANA, ticket, "helped")
    work(app, Recorder(), wait.clock)
    expect(page.get_by_text("has ended this talk")).to_be_visible()
    assert eventually(lambda: not page.evaluate("handedOver"))
    assert in_the_tab(page) == 0
    page.clock.run_for(14 * 60 * 1000 + 500)
    expect(page.get_by_role("dialog", name="Still there?")).to_be_visible()
    page.clock.run_for(60 * 1000)
    page.wait_for_url("https://www.weather.gov/")
