"""The one door out: order, once each, retried only where it may pass, nothing to those who said STOP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import redis
from werkzeug.datastructures import MultiDict

from bot import tickets
from bot.app import App
from bot.attend import attend
from bot.channels.errors import Failed, Sent
from bot.contacts import contact_id
from bot.outbound import BACKOFF, GIVE_UP, SETTLE, drain
from bot.store import keys
from bot.store.connect import connect
from bot.store.desk import State
from bot.store.redis import RedisStore
from bot.store.spool import Spool
from bot.web import create_app
from tests.counselors import ANA, BEN, SUE, Recorder, in_line, on_duty, work
from tests.phone import PUBLIC_URL, Clock, Phone, make_app, sign

NUMBER = "+15005550006"


@pytest.fixture
def post() -> Recorder:
    return Recorder()


@pytest.fixture
def ticket(desk_app: App, post: Recorder, clock: Clock) -> str:
    """A conversation with Ana, welcomed; nothing waits to be sent."""
    on_duty(desk_app, ANA)
    ticket = in_line(Phone(desk_app))
    tickets.claim(desk_app, ANA, ticket)
    work(desk_app, post, clock)
    post.sent.clear()
    return ticket


def write(app: App, ticket: str, *texts: str) -> None:
    for text in texts:
        tickets.reply(app, ANA, ticket, text, f"token {text}")


def state(app: App, ticket: str, text: str) -> tickets.Delivery:
    entry = next(e for e in tickets.conversation(app, SUE, ticket).entries if e.text == text)
    assert entry.delivery
    return entry.delivery


def contact(app: App) -> str:
    return contact_id(app.secret, "sms", NUMBER)


def test_replies_leave_in_order_and_at_the_sender_s_pace(desk_app: App, ticket: str, post: Recorder, clock: Clock) -> None:
    write(desk_app, ticket, "one", "two", "three")
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.pass_(seconds)

    drain(desk_app, post, contact(desk_app), pause)
    assert post.texts == ["one", "two", "three"]
    assert len(pauses) >= 2
    assert all(0 < pause <= 1 for pause in pauses)


def test_a_job_run_twice_sends_once(desk_app: App, ticket: str, post: Recorder) -> None:
    write(desk_app, ticket, "one")
    for _ in range(3):
        attend(desk_app, post, contact(desk_app), pause=lambda _: None)
    assert post.texts == ["one"]


def test_while_one_worker_sends_another_leaves_it_alone(desk_app: App, ticket: str, post: Recorder) -> None:
    write(desk_app, ticket, "one")
    assert desk_app.store.desk.lease(contact(desk_app), "somebody else", 25)
    assert drain(desk_app, post, contact(desk_app)) == 1.0
    assert post.texts == []


def test_what_may_pass_later_is_tried_again_and_keeps_its_place(desk_app: App, ticket: str, post: Recorder, clock: Clock) -> None:
    write(desk_app, ticket, "one", "two")
    post.answers = [Failed(20429, retry=True)]
    work(desk_app, post, clock)
    assert post.texts == []
    assert state(desk_app, ticket, "one").state == "sending"
    clock.pass_(BACKOFF[0] + 1)
    work(desk_app, post, clock)
    clock.pass_(1)
    work(desk_app, post, clock)
    assert post.texts == ["one", "two"]


def test_what_will_never_pass_is_said_in_words_and_holds_up_nothing(
    desk_app: App, ticket: str, post: Recorder, clock: Clock
) -> None:
    write(desk_app, ticket, "one", "two")
    post.answers = [Failed(21614)]
    work(desk_app, post, clock)
    assert post.texts == ["two"]
    failed = state(desk_app, ticket, "one")
    assert (failed.state, failed.why, failed.code) == ("failed", "Their number cannot take texts.", 21614)


def test_a_reply_that_is_too_late_is_not_sent(desk_app: App, ticket: str, post: Recorder, clock: Clock) -> None:
    write(desk_app, ticket, "one")
    clock.pass_(GIVE_UP + 1)
    work(desk_app, post, clock)
    assert "one" not in post.texts
    assert state(desk_app, ticket, "one").why == "It could not be handed to Twilio in time."


def test_what_may_have_been_sent_is_looked_for_before_it_is_sent_again(
    desk_app: App, ticket: str, post: Recorder, clock: Clock
) -> None:
    write(desk_app, ticket, "one")
    post.answers = [Failed(retry=True, unsure=True)]
    work(desk_app, post, clock)
    post.known = ["SM" + "f" * 32]
    clock.pass_(SETTLE + 1)
    work(desk_app, post, clock)
    assert post.texts == []
    assert state(desk_app, ticket, "one").state == "sent"


def test_a_worker_killed_before_it_asked_twilio_sends_after_looking(
    desk_app: App, ticket: str, post: Recorder, clock: Clock
) -> None:
    write(desk_app, ticket, "one")
    name = desk_app.store.desk.outbox(contact(desk_app))[0][0]
    desk_app.store.desk.state(contact(desk_app), name, State("sending", 0, clock(), tries=1), 3600)
    work(desk_app, post, clock)
    assert post.texts == []
    clock.pass_(SETTLE + 1)
    work(desk_app, post, clock)
    assert post.texts == ["one"]


def test_an_opt_out_at_the_last_moment_counts(desk_app: App, ticket: str, post: Recorder, clock: Clock) -> None:
    write(desk_app, ticket, "one")
    desk_app.store.settle(contact(desk_app), True, clock())  # without the ticket knowing
    work(desk_app, post, clock)
    assert post.texts == []
    assert state(desk_app, ticket, "one").why == "They texted STOP: nothing can be sent."


def test_an_opt_out_that_waits_in_the_spool_counts_too(desk_app: App, ticket: str, post: Recorder, clock: Clock) -> None:
    write(desk_app, ticket, "one")
    desk_app.spool.keep(contact(desk_app), True, clock())
    work(desk_app, post, clock)
    assert post.texts == []


def test_twilio_saying_unsubscribed_is_an_opt_out_and_ends_it(desk_app: App, ticket: str, post: Recorder, clock: Clock) -> None:
    write(desk_app, ticket, "one", "two")
    post.answers = [Failed(21610)]
    work(desk_app, post, clock)
    assert post.texts == []
    assert desk_app.store.load(contact(desk_app)).opted_out
    assert tickets.conversation(desk_app, ANA, ticket).outcome == "stopped"
    assert state(desk_app, ticket, "one").why == "They texted STOP: nothing can be sent."


# --- what Twilio reports -------------------------------------------------------------------------------------------------


@dataclass
class Meanwhile:
    """Something happens between our asking Twilio and its answer."""

    clock: Clock
    happens: Callable[[], object]
    answer: Sent | Failed

    def send(self, to: str, sender: str, text: str, callback: str) -> Sent | Failed:
        self.clock.pass_(1)
        self.happens()
        return self.answer

    def find(self, to: str, sender: str, text: str, since: float) -> list[str] | None:
        return []


def report(app: App, query: str, **more: str) -> int:
    form = {"MessageSid": "SM" + "1" * 32, "To": NUMBER, "From": "+15005550001", "AccountSid": "AC" + "0" * 32, **more}
    path = f"/twilio/status{query}"
    headers = {"X-Twilio-Signature": sign(form.items(), f"{PUBLIC_URL}{path}")}
    return create_app(app).test_client().post(path, data=MultiDict(form), headers=headers).status_code


def test_a_report_updates_the_message_and_never_goes_back(desk_app: App, ticket: str, post: Recorder, clock: Clock) -> None:
    write(desk_app, ticket, "one")
    name = desk_app.store.desk.outbox(contact(desk_app))[0][0]
    cursor = tickets.changes(desk_app, ANA, 0).cursor
    work(desk_app, post, clock)
    assert report(desk_app, f"?m={name}", MessageStatus="delivered") == 204
    assert state(desk_app, ticket, "one").state == "delivered"
    report(desk_app, f"?m={name}", MessageStatus="sent")
    assert state(desk_app, ticket, "one").state == "delivered"
    assert tickets.changes(desk_app, ANA, cursor).changed


def test_a_late_report_brings_nothing_back_of_an_erased_conversation(
    desk_app: App, ticket: str, post: Recorder, clock: Clock
) -> None:
    write(desk_app, ticket, "one")
    name = desk_app.store.desk.outbox(contact(desk_app))[0][0]
    work(desk_app, post, clock)
    phone = Phone(desk_app)
    phone.says("FORGET")
    phone.says("ERASE")
    report(desk_app, f"?m={name}", MessageStatus="delivered")
    assert desk_app.store.desk.states(contact(desk_app)) == {}


@pytest.mark.parametrize(("code", "why"), [("30003", "off or out of reach"), ("30007", "filtered")])
def test_a_carrier_s_block_is_seen(desk_app: App, ticket: str, post: Recorder, clock: Clock, code: str, why: str) -> None:
    write(desk_app, ticket, "one")
    name = desk_app.store.desk.outbox(contact(desk_app))[0][0]
    work(desk_app, post, clock)
    report(desk_app, f"?m={name}", MessageStatus="undelivered", ErrorCode=code)
    assert state(desk_app, ticket, "one").state == "failed"
    assert why in state(desk_app, ticket, "one").why


def test_a_report_of_an_answer_is_logged_without_the_number(desk_app: App, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert report(desk_app, "", MessageStatus="undelivered", ErrorCode="30007") == 204
    logged = capsys.readouterr().err
    assert "message_undelivered" in logged
    assert "5550006" not in logged


def test_a_report_of_21610_is_an_opt_out(desk_app: App) -> None:
    report(desk_app, "", MessageStatus="failed", ErrorCode="21610")
    assert desk_app.store.load(contact(desk_app)).opted_out


def test_a_report_of_21610_while_the_store_is_down_is_kept_until_it_is_back(desk_app: App, clock: Clock, tmp_path: Path) -> None:
    away = RedisStore(connect(f"unix://{tmp_path}/gone.sock"), clock)
    gone = replace(desk_app, store=away, spool=Spool(tmp_path / "spool.db"))
    assert report(gone, f"?at={clock():.3f}", MessageStatus="failed", ErrorCode="21610") == 204
    back = replace(desk_app, spool=Spool(tmp_path / "spool.db"))
    held = back.spool.held(contact(back))
    assert held
    assert (held.opted_out, held.at) == (True, clock())
    assert Phone(back).says("4").startswith("You texted STOP")
    assert back.store.load(contact(back)).opted_out


def test_a_late_report_of_21610_does_not_undo_a_newer_start(desk_app: App, ticket: str, post: Recorder, clock: Clock) -> None:
    sent = clock()
    clock.pass_(60)
    Phone(desk_app).says("START")
    clock.pass_(600)
    report(desk_app, f"?at={sent:.3f}", MessageStatus="failed", ErrorCode="21610")
    assert not desk_app.store.load(contact(desk_app)).opted_out
    assert tickets.conversation(desk_app, ANA, ticket).row.state == "connected"
    report(desk_app, f"?at={clock():.3f}", MessageStatus="failed", ErrorCode="21610")
    assert desk_app.store.load(contact(desk_app)).opted_out


def test_a_start_while_twilio_still_refuses_is_the_last_word(desk_app: App, ticket: str, clock: Clock) -> None:
    write(desk_app, ticket, "one")
    drain(desk_app, Meanwhile(clock, lambda: Phone(desk_app).says("START"), Failed(21610)), contact(desk_app), clock.pass_)
    assert not desk_app.store.load(contact(desk_app)).opted_out
    assert state(desk_app, ticket, "one").state == "failed"


@pytest.mark.parametrize("answer", [Sent("SM" + "1" * 32), Failed(30003)])
def test_what_ends_after_an_erasure_leaves_no_key(
    desk_app: App, ticket: str, raw: redis.Redis, clock: Clock, answer: Sent | Failed
) -> None:
    phone = Phone(desk_app)
    write(desk_app, ticket, "one")
    drain(desk_app, Meanwhile(clock, lambda: (phone.says("FORGET"), phone.says("ERASE")), answer), contact(desk_app), clock.pass_)
    left = {key.decode().rpartition(":")[2] for key in raw.scan_iter(f"hl:{{{contact(desk_app)}}}:*")}
    assert left <= {"s"}  # the session that says that it was erased


def test_under_a_legal_hold_delivery_states_stay_as_long_as_the_record(
    desk_app: App, ticket: str, post: Recorder, clock: Clock, raw: redis.Redis
) -> None:
    tickets.flag(desk_app, ANA, ticket, "legal")
    write(desk_app, ticket, "one")
    work(desk_app, post, clock)
    assert post.texts == ["one"]
    assert raw.ttl(keys.of(contact(desk_app), keys.SENT)) == -1
    tickets.flag(desk_app, SUE, ticket, "legal", on=False)
    assert 0 < raw.ttl(keys.of(contact(desk_app), keys.SENT)) <= desk_app.settings.ticket_days * 86400


def test_a_report_that_twilio_did_not_sign_changes_nothing(desk_app: App) -> None:
    client = create_app(desk_app).test_client()
    form = {"To": NUMBER, "MessageStatus": "failed", "ErrorCode": "21610"}
    assert client.post("/twilio/status", data=form).status_code == 403
    assert not desk_app.store.load(contact(desk_app)).opted_out


def test_answers_say_where_to_report(desk_app: App) -> None:
    phone = Phone(desk_app)
    form = {"MessageSid": "SM1", "From": NUMBER, "To": "+15005550001", "Body": "hi"}
    assert f'statusCallback="{PUBLIC_URL}/twilio/status?at={desk_app.clock():.3f}"' in phone.post(form.items()).text


# --- other channels ------------------------------------------------------------------------------------------------------


def test_whatsapp_takes_free_words_for_a_day(desk_app: App, post: Recorder, clock: Clock) -> None:
    on_duty(desk_app, ANA)
    phone = Phone(desk_app, "whatsapp:+15005550006")
    for text in ("HUMAN", "3", "1"):
        phone.text(text, To="whatsapp:+15005550001")
    ticket = tickets.queue(desk_app)[0].id
    assert tickets.claim(desk_app, ANA, ticket).window == 86400
    write(desk_app, ticket, "one")
    work(desk_app, post, clock)
    assert post.sent[-1] == ("whatsapp:+15005550006", "whatsapp:+15005550001", "one")
    for _ in range(100):
        clock.pass_(880)
        tickets.heartbeat(desk_app, ANA)
    on_duty(desk_app, ANA)
    assert tickets.conversation(desk_app, ANA, ticket).window == 0
    with pytest.raises(tickets.NotSendable, match="24 hours"):
        tickets.reply(desk_app, ANA, ticket, "too late", "t9")


def test_a_chat_page_fetches_each_text_once(desk_app: App, post: Recorder, clock: Clock, raw: redis.Redis) -> None:
    on_duty(desk_app, ANA)
    client = create_app(desk_app).test_client()
    page = client.get("/chat").text
    token = page.split('data-token="')[1].split('"')[0]

    def say(text: str, name: str) -> dict[str, object]:
        answer = client.post("/chat/messages", json={"token": token, "text": text, "id": name})
        return dict(answer.json or {})

    def fetch(since: str = "") -> list[dict[str, str]]:
        return list((client.post("/chat/inbox", json={"token": token, "since": since}).json or {})["messages"])

    assert [say(text, text)["handedOver"] for text in ("HUMAN", "3", "1")] == [False, False, True]
    ticket = tickets.queue(desk_app)[0].id
    tickets.claim(desk_app, ANA, ticket)
    write(desk_app, ticket, "hello from Ana")
    work(desk_app, post, clock)
    assert post.sent == []
    chat = ticket.partition("-")[0]
    assert raw.ttl(keys.of(chat, keys.INBOX)) <= desk_app.settings.ticket_days * 86400  # as the person was promised
    desk_app.store.desk.deliver(chat, *desk_app.store.desk.inbox(chat)[-1])  # by a worker that died before it noted that
    (welcome, hello) = fetch()
    assert hello["text"] == "hello from Ana"
    assert [m["text"] for m in fetch(welcome["id"])] == ["hello from Ana"]
    assert fetch(hello["id"]) == []
    assert state(desk_app, ticket, "hello from Ana").state == "delivered"
    assert client.post("/chat/inbox", json={"token": "forged", "since": ""}).status_code == 401
    client.post("/chat/leave", json={"token": token})
    assert tickets.changes(desk_app, ANA, 0).withdrawn == (ticket,)


def test_staff_who_text_stop_are_nudged_no_more(desk_app: App, clock: Clock, post: Recorder) -> None:
    on_duty(desk_app, ANA, phone="+15005550901")
    Phone(desk_app, "+15005550901").says("STOP")
    in_line(Phone(desk_app))
    clock.pass_(61)
    work(desk_app, post, clock)
    assert post.texts == []


def test_that_a_phone_for_nudges_has_opted_out_is_said_until_it_texts_start(desk_app: App, clock: Clock) -> None:
    app = make_app(desk_app.loaded, desk_app.store, clock, backup_phones=["+15005550900"])
    on_duty(app, ANA, phone="+15005550901")
    on_duty(app, BEN, phone="+15005550902")
    for number in ("+15005550901", "+15005550900"):
        Phone(app, number).says("STOP")
    assert {duty.name: duty.phone_stopped for duty in tickets.on_duty(app)} == {"Ana": True, "Ben": False}
    warnings = create_app(app).test_client().get("/health/ready").text
    assert "opted out, so no nudge gets to them: 2." in warnings
    assert "555" not in warnings
    Phone(app, "+15005550901").says("START")
    assert not any(duty.phone_stopped for duty in tickets.on_duty(app))


def test_a_phone_that_has_opted_out_is_not_said_to_be_texted(desk_app: App, clock: Clock, post: Recorder) -> None:
    staff = Phone(desk_app, "+15005550901")
    staff.text("STOP")
    on_duty(desk_app, ANA, phone=staff.number)
    ticket = in_line(Phone(desk_app))
    clock.pass_(61)
    work(desk_app, post)
    last = tickets.conversation(desk_app, SUE, ticket).entries[-1].text
    assert last.startswith("nobody could be texted: the phones of who is on duty have opted out")
    assert post.sent == []


def test_nudges_leave_from_the_number_that_the_program_names(desk_app: App, clock: Clock, post: Recorder) -> None:
    app = make_app(desk_app.loaded, desk_app.store, clock, sms_sender="+15005550999")
    on_duty(app, ANA, phone="+15005550901")
    in_line(Phone(app))
    clock.pass_(61)
    work(app, post, clock)
    assert post.sent == [("+15005550901", "+15005550999", "Helpline console: 1 waiting.")]


def test_replies_count_towards_the_segments_of_a_day_and_are_never_held_back(
    desk_app: App, ticket: str, post: Recorder, clock: Clock
) -> None:
    app = make_app(desk_app.loaded, desk_app.store, clock, daily_segments=3)
    write(app, ticket, "one", "two", "three")
    work(app, post, clock)
    assert len(post.sent) == 3
    other = make_app(desk_app.loaded, desk_app.store, clock, daily_segments=3)
    stranger = Phone(other, "+16175550177")
    stranger.text("menu")
    clock.pass_(10)
    assert "can't send more texts today" in stranger.says("detox")
