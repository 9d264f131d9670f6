"""The console as a counselor meets it in a real browser: news that come by themselves, one reply for two clicks, nothing lost."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
import redis
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect
from werkzeug.serving import make_server

from bot import tickets
from bot.app import App
from bot.core.sms import size
from bot.staff import Role, Staff
from bot.store.redis import RedisStore
from bot.web import create_app
from tests.browser.conftest import _Quiet, eventually
from tests.phone import Phone
from tests.web.console import PASSWORD, hire

SIZES = {"wide": {"width": 1100, "height": 800}, "small": {"width": 360, "height": 740}}


@dataclass
class Console:
    """The served app, and browsers of people who work there."""

    url: str
    app: App
    raw: redis.Redis
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, **options: object) -> Page:
        context = self.browser.new_context(**{"viewport": SIZES["wide"], **options})  # type: ignore[arg-type]
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def signed_in(self, name: str, role: Role = "counselor", **options: object) -> Page:
        hire(self.app, self.raw, name, role)
        page = self.page(**options)
        page.goto(f"{self.url}/console/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Queue")).to_be_visible()
        return page

    def on_duty(self, name: str, role: Role = "counselor", **options: object) -> Page:
        page = self.signed_in(name, role, **options)
        page.get_by_role("button", name="Go on duty").click()
        expect(page.get_by_role("heading", name=re.compile("On duty until"))).to_be_visible()
        return page


@pytest.fixture
def live_desk_app(desk_app: App, raw: redis.Redis) -> App:
    """The same, by the real clock: a browser's timers know no other."""
    return replace(desk_app, store=RedisStore(raw, time.time), clock=time.time)


@pytest.fixture
def console(browser: Browser, live_desk_app: App, raw: redis.Redis) -> Iterator[Console]:
    server = make_server("127.0.0.1", 0, create_app(live_desk_app), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    console = Console(f"http://127.0.0.1:{server.server_port}", live_desk_app, raw, browser)
    yield console
    for context in console.contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def waits(app: App, number: str = "+15005550006", *before: str) -> Phone:
    phone = Phone(app, number)
    for text in (*before, "HUMAN", "3", "1"):
        phone.text(text)
    return phone


def take(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Take")).first.click()
    ready(page)


def ready(page: Page) -> None:
    """Wait for the page of a conversation and for its script, which knows Control+Enter."""
    expect(page.get_by_label("Your reply")).to_be_visible()
    page.wait_for_load_state()


def mine(page: Page) -> list[str]:
    return page.locator("#entries .counselor .words").all_inner_texts()


def test_a_counselor_is_told_of_a_waiting_person_without_asking(console: Console) -> None:
    page = console.on_duty("Ana")
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    waits(console.app, "+15005550006", "detox")
    expect(page).to_have_title(re.compile(r"^\(1\) Queue"))
    expect(page.locator("[data-part=waiting]")).to_contain_text("Detox")
    expect(page.locator("#said")).to_have_text("1 person is waiting")
    page.wait_for_timeout(2500)  # two more looks, at which nothing has changed
    expect(page).to_have_title(re.compile(r"^\(1\) Queue"))


def test_a_talk_with_the_keyboard_alone(console: Console) -> None:
    page = console.on_duty("Ana")
    phone = waits(console.app)
    page.get_by_role("button", name=re.compile("^Take")).focus()
    page.keyboard.press("Enter")
    ready(page)
    expect(page.get_by_label("Your reply")).to_be_focused()
    page.keyboard.type("Hi, I am Ana.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .counselor[data-seq] .words")).to_have_text(["Hi, I am Ana."])
    expect(page.get_by_label("Your reply")).to_have_value("")
    phone.text("im scared")
    expect(page.locator("#entries .person .words").last).to_have_text("im scared")
    expect(page.get_by_label("Your reply")).to_be_focused()
    page.keyboard.press("Alt+Shift+Q")
    page.wait_for_url(f"{console.url}/console/")
    page.keyboard.press("Alt+Shift+N")
    page.wait_for_url("**/console/c/**")


def test_two_counselors_take_the_same_person_and_one_is_told_who_has_them(console: Console) -> None:
    ana, ben = console.on_duty("Ana"), console.on_duty("Ben")
    waits(console.app)
    button = re.compile("^Take")
    expect(ana.get_by_role("button", name=button)).to_be_visible()
    expect(ben.get_by_role("button", name=button)).to_be_visible()
    ben.route("**/console/updates**", lambda route: route.abort())  # he sees the queue as it was
    ana.get_by_role("button", name=button).click()
    expect(ana.get_by_label("Your reply")).to_be_visible()
    ben.get_by_role("button", name=button).click()
    expect(ben.get_by_role("alert").filter(has_text="Taken by Ana")).to_be_visible()


def test_a_double_click_sends_once(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app)
    take(page)
    page.get_by_label("Your reply").fill("Are you safe?")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.locator("#entries .counselor[data-seq]")).to_have_count(1)
    page.reload()
    assert mine(page) == ["Are you safe?"]


def test_a_reply_whose_answer_is_lost_is_tried_again_and_sent_once(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app)
    take(page)
    tries: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        tries.append(route.request.post_data or "")
        if len(tries) == 1:
            route.fetch()  # it arrives; that it did is lost
            route.abort()
        else:
            route.continue_()

    page.route("**/reply", lose_the_first_answer)
    page.get_by_label("Your reply").fill("I am here.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .counselor[data-token]")).to_have_count(0)
    page.reload()
    assert mine(page) == ["I am here."]
    assert len(tries) == 2
    assert tries[0] == tries[1]


def test_a_lost_connection_is_shown_and_what_was_written_leaves_when_it_is_back(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app)
    take(page)
    page.context.set_offline(True)
    expect(page.locator("#lost")).to_contain_text("No connection. What you write is kept here")
    page.get_by_label("Your reply").fill("Still with you.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .counselor .state")).to_contain_text("Not sent yet")
    page.get_by_label("Your reply").fill("half a thou")
    page.context.set_offline(False)
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#entries .counselor[data-seq] .words")).to_have_text(["Still with you."])
    expect(page.get_by_label("Your reply")).to_have_value("half a thou")


def test_a_draft_outlives_a_reload_and_not_a_sign_out(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app)
    take(page)
    page.get_by_label("Your reply").fill("half a thought")
    page.reload()
    expect(page.get_by_label("Your reply")).to_have_value("half a thought")
    assert page.evaluate("Object.values(localStorage).join()").find("thought") == -1
    page.get_by_text("Ana", exact=True).first.click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_text_that_is_refused_outlives_a_reload_until_it_is_taken_back(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app)
    take(page)
    page.route("**/reply", lambda route: route.fulfill(status=400, json={"problem": "This page was too old."}))
    page.get_by_label("Your reply").fill("Still with you.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("NOT sent: This page was too old.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("NOT sent: This page was too old.")).to_be_visible()
    page.get_by_role("button", name="Take the text back").click()
    expect(page.get_by_label("Your reply")).to_have_value("Still with you.")
    page.reload()
    expect(page.get_by_text("NOT sent")).to_have_count(0)
    expect(page.get_by_label("Your reply")).to_have_value("Still with you.")


def test_being_signed_out_elsewhere_is_told_and_the_draft_stays(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app)
    take(page)
    page.get_by_label("Your reply").fill("half a thought")
    Staff(console.raw, console.app.clock, console.app.live).sign_out_everywhere("Ana")
    expect(page.locator("#lost")).to_contain_text("You are signed out.")
    expect(page.get_by_label("Your reply")).to_have_value("half a thought")
    page.get_by_role("link", name="Sign in again").click()
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("^Open")).click()
    expect(page.get_by_label("Your reply")).to_have_value("half a thought")


def test_a_call_for_backup_is_shown_to_the_others_until_it_is_over(console: Console) -> None:
    ana, ben = console.on_duty("Ana"), console.on_duty("Ben")
    ana.get_by_role("button", name="I need backup").click()
    asked = ben.locator("#banners").get_by_text("Ana asked for backup.")
    expect(asked).to_be_visible()
    ben.wait_for_timeout(2500)
    expect(asked).to_be_visible()
    ana.get_by_role("button", name="I no longer need backup").click()
    expect(asked).to_have_count(0)


def test_news_do_not_move_the_focus(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app, "+15005550001")
    waits(console.app, "+15005550002")
    buttons = page.get_by_role("button", name=re.compile("^Take"))
    expect(buttons).to_have_count(2)
    buttons.nth(1).focus()
    key = page.evaluate("document.activeElement.dataset.key")
    waits(console.app, "+15005550003").text("i want to kill myself")
    expect(page.locator("[data-part=waiting] .flagged")).to_have_count(1)
    assert page.evaluate("document.activeElement.dataset.key") == key


def test_a_ready_reply_goes_into_the_draft_to_be_changed(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app)
    take(page)
    page.get_by_label("Your reply").fill("Hello.")
    page.keyboard.press("Alt+Shift+C")
    page.get_by_role("button", name=re.compile("listening", re.IGNORECASE)).click()
    expect(page.get_by_label("Your reply")).to_have_value(re.compile(r"^Hello\. Thank you for telling me"))
    expect(page.get_by_label("Your reply")).to_be_focused()
    assert mine(page) == []


def test_a_dead_worker_is_a_red_line_and_what_is_written_waits(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app)
    take(page)
    expect(page.locator(".banner.red").first).to_contain_text("Nothing is being sent right now")
    page.get_by_label("Your reply").fill("I am here.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .counselor .state")).to_have_text("Waiting to be sent")


def test_a_person_who_leaves_is_told_and_nothing_more_can_be_sent(console: Console) -> None:
    page = console.on_duty("Ana")
    phone = waits(console.app)
    take(page)
    page.get_by_label("Your reply").fill("half a thought")
    phone.text("STOP")
    expect(page.locator("#ended")).to_contain_text("closed")
    expect(page.get_by_role("button", name="Send")).to_be_hidden()
    expect(page.get_by_label("Closed. What you had not sent:")).to_have_value("half a thought")


def test_an_overdose_in_a_conversation_is_told_in_words_with_what_to_do(console: Console) -> None:
    page = console.on_duty("Ana")
    phone = waits(console.app)
    take(page)
    page.get_by_label("Your reply").fill("Hi, I am Ana.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .counselor[data-seq]")).to_have_count(1)
    phone.text("my friend isnt breathing")
    alarm = page.locator("#alarms[role=alert]")
    expect(alarm).to_contain_text(re.compile(r"OVERDOSE\s+We answered at .* (EST|EDT) with 911 and the first steps"))
    expect(alarm).to_contain_text("Until you write, we answer their next steps by ourselves.")
    assert "knuckles" in phone.says("not awake")  # nobody has written since: the step is ours
    page.get_by_text("Steps: overdose", exact=True).click()
    page.get_by_role("button", name=re.compile("^Not breathing: breaths")).click()
    expect(page.get_by_label("Your reply")).to_have_value(re.compile("^Stay on with 911"))
    page.keyboard.press("Control+Enter")
    expect(alarm).to_contain_text("Their next answers come to you, and only you answer.")
    assert phone.text("not breathing") == []


def test_an_emergency_is_told_once_on_every_page_until_somebody_writes(console: Console) -> None:
    page = console.on_duty("Ana")
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    assert eventually(lambda: page.evaluate("known"))
    waits(console.app).text("i want to kill myself")
    banner = page.locator("#banners[role=alert] .red").filter(has_text="SUICIDE")
    expect(banner).to_contain_text("in the queue. Nobody has them yet.")
    expect(page.locator("#said")).to_have_text("Emergency: look at the console now")
    expect(page.locator("[data-part=waiting]")).to_contain_text("They have 988 and 911 from us. Read this one first.")
    banner.evaluate("one => { one.dataset.same = 'yes'; }")
    waits(console.app, "+15005550007")
    expect(page.get_by_role("button", name=re.compile("^Take"))).to_have_count(2)
    expect(banner).to_have_attribute("data-same", "yes")  # not drawn, and read out, again
    banner.get_by_role("link", name="Read").click()
    take(page)
    expect(banner).to_have_count(0)  # this page tells its own
    page.get_by_label("Your reply").fill("Are you safe?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .counselor[data-seq]")).to_have_count(1)
    page.goto(f"{console.url}/console/")
    expect(page.locator("#banners").filter(has_text="SUICIDE")).to_have_count(0)


@pytest.mark.parametrize("height", [740, 420])  # 420: a keyboard takes the rest
def test_on_a_phone_the_newest_texts_stand_right_above_the_reply_field(console: Console, height: int) -> None:
    page = console.on_duty("Ana", viewport={"width": 360, "height": height})
    phone = waits(console.app)
    for i in range(9):
        phone.text(f"my sister does not come home at night, number {i}")
    take(page)
    last, field = page.locator("#entries li").last, page.get_by_label("Your reply")
    expect(last).to_be_in_viewport(ratio=0.9)
    expect(field).to_be_in_viewport(ratio=1)
    phone.text("are you there")
    expect(page.locator("#entries .words").last).to_have_text("are you there")
    expect(last).to_be_in_viewport(ratio=0.9)
    above, below = last.bounding_box(), page.locator("#reply").bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"] + 1


def test_every_time_says_its_zone_to_whoever_asks(console: Console) -> None:
    page = console.on_duty("Ana")
    expect(page.get_by_role("heading", name=re.compile(r"On duty until .*[AP]M (EST|EDT)"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"Times are (EST|EDT) \(America/New_York\)"))).to_be_visible()
    waits(console.app)
    take(page)
    time_tag = page.locator("#entries time").first
    assert re.search(r"\d{4}, \d+:\d\d [AP]M (EST|EDT)$", time_tag.get_attribute("title") or "")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[45]:00", time_tag.get_attribute("datetime") or "")


@pytest.mark.parametrize(
    ("flagged", "words"), [(False, "no longer kept: the person withdrew it"), (True, "only a supervisor can read it")]
)
def test_a_conversation_that_is_withdrawn_leaves_the_page_and_closes_the_field(
    console: Console, flagged: bool, words: str
) -> None:
    page = console.on_duty("Ana")
    phone = waits(console.app)
    phone.text("i want to kill myself" if flagged else "my brother uses")
    take(page)
    page.get_by_label("Your reply").fill("half a thought")
    phone.text("FORGET")
    phone.text("ERASE")
    expect(page.locator("#ended")).to_contain_text(words)
    expect(page.get_by_label("Closed. What you had not sent:")).to_have_value("half a thought")
    expect(page.get_by_label("Closed. What you had not sent:")).not_to_be_editable()
    expect(page.get_by_role("button", name="Send")).to_be_hidden()
    expect(page.get_by_text("Hand over or close")).to_be_hidden()
    assert "kill myself" not in page.content()
    assert "my brother uses" not in page.content()


def test_a_duty_that_has_ended_is_told(console: Console) -> None:
    page = console.on_duty("Ana")
    expect(page.locator("[data-part=others]")).to_contain_text("Ana")
    assert eventually(lambda: page.evaluate("wasOnDuty"))
    who = Staff(console.raw, console.app.clock, console.app.live).find("Ana")
    assert who
    tickets.go_off_duty(console.app, who)
    expect(page.locator("#banners")).to_contain_text("You are off duty")


def test_a_page_that_is_only_open_is_no_sign_of_life(console: Console) -> None:
    page = console.on_duty("Ana")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(3500)
    assert any("/updates" in url for url in asked)
    assert not any("/here" in url for url in asked)
    page.mouse.move(50, 50)
    page.wait_for_timeout(300)
    assert not any("/here" in url for url in asked)
    page.mouse.wheel(0, 120)  # who reads on is there
    page.wait_for_timeout(500)
    assert sum("/here" in url for url in asked) == 1


def test_sound_and_notices_are_off_until_wanted_and_stay_as_chosen(console: Console) -> None:
    page = console.on_duty("Ana")
    sound = page.get_by_role("button", name="Sound")
    expect(sound).to_have_text("Sound: off")
    sound.click()
    expect(sound).to_have_text("Sound: on")
    page.reload()
    expect(sound).to_have_attribute("aria-pressed", "true")
    page.context.grant_permissions(["notifications"], origin=console.url)
    page.get_by_role("button", name="Browser notices").click()
    expect(page.get_by_role("button", name="Browser notices")).to_have_text("Browser notices: on")
    assert page.evaluate("Object.keys(localStorage).sort()") == ["notices", "sound"]


def test_page_and_server_count_a_text_alike(console: Console) -> None:
    page = console.on_duty("Ana")
    waits(console.app)
    take(page)
    texts = ["", "hello", "a" * 160, "a" * 161, "€" * 80, "€" * 81, "{}" * 77, "ñ¿¡" * 60, "á" * 70, "á" * 71, "😀" * 33, "😀" * 35, "it’s",
             "a\nb\r\n" * 40, "Ç" * 153, "ç" * 68, "x" * 306, "x" * 307, "[~|^\\]" * 30, "\t" * 3, "中文" * 40, "a" * 1600]  # fmt: skip
    for text in texts:
        told = page.evaluate("text => countText(text)", text)
        counted = size(text)
        assert (told["encoding"], told["characters"], told["segments"]) == (
            counted.encoding,
            counted.characters,
            counted.segments,
        ), text


def test_without_script_a_whole_talk_works(console: Console) -> None:
    page = console.on_duty("Ana", java_script_enabled=False)
    waits(console.app)
    page.reload()
    take(page)
    page.get_by_label("Your reply").fill("I am here.")
    page.get_by_role("button", name="Send").click()
    assert mine(page) == ["I am here."]
    page.get_by_text("Hand over or close").click()
    page.get_by_label("How it ended").select_option(label="We talked, and it helped")
    page.get_by_role("button", name="Close the conversation").click()
    expect(page.get_by_text("Closed. The person was told.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", SIZES)
def test_every_page_is_accessible_fits_and_asks_nobody_else(console: Console, scheme: str, width: str) -> None:
    asked: list[str] = []
    complaints: list[ConsoleMessage] = []
    page = console.page(viewport=SIZES[width], color_scheme=scheme)
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message) if message.type == "error" else None)
    page.goto(f"{console.url}/console/sign-in")
    looks_right(page, width)
    hire(console.app, console.raw, "Sue", "supervisor")
    page.goto(f"{console.url}/console/password/{Staff(console.raw, live=False).link('Sue')}")
    looks_right(page, width)
    page.goto(f"{console.url}/console/sign-in")
    page.get_by_label("Name").fill("Sue")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    looks_right(page, width)
    page.get_by_role("button", name="Go on duty").click()
    phone = waits(console.app, "+15005550006", "detox")
    waits(console.app, "+15005550007", "family").text("i want to kill myself")
    expect(page.get_by_role("button", name=re.compile("^Take"))).to_have_count(2)
    looks_right(page, width)
    page.get_by_role("button", name=re.compile("^Take Detox")).click()
    ready(page)
    phone.text("are you there")
    page.get_by_label("Your reply").fill("Yes.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .counselor[data-seq]")).to_have_count(1)
    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    looks_right(page, width)
    page.goto(f"{console.url}/console/")
    page.get_by_role("button", name=re.compile("^Take Family")).click()
    expect(page.locator("#alarms h2")).to_have_text("SUICIDE")
    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    looks_right(page, width)
    for path in ("/hand-over", "/locked"):
        page.goto(f"{console.url}/console{path}")
        looks_right(page, width)
    assert all(url.startswith((console.url, "data:")) for url in asked)
    assert complaints == []  # nothing that the content security policy had to stop


def looks_right(page: Page, width: str) -> None:
    page.wait_for_load_state()
    violations = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert violations == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[width]["width"], page.url
