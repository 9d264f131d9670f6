"""The promises, over every node: no flow can swallow an emergency, STOP, HELP or HUMAN."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import load
from bot.core.engine import answer
from bot.core.handoff import LIVE
from bot.core.messages import Message
from bot.core.render import render
from bot.core.session import EMERGENCY_LIFE, Session
from bot.core.sms import LONGEST
from bot.core.turn import FIRST, Situation, Turn
from tests.conftest import FLOWS
from tests.phone import START

CONTENT = load(FLOWS).content
NODES = sorted(CONTENT.nodes)
HUMAN_WAYS = ("HUMAN", "1-800-662-4357", "988", "911", "a person", "PERSONA")


def turn(text: str, session: Session | None = None, after: float = 0, **situation: object) -> Turn:
    return answer(CONTENT, Situation(session=session, **situation), Message("ann", text), START + after)  # type: ignore[arg-type]


def said(turn: Turn) -> str:
    return "\n".join(render(CONTENT, turn.answer))


def at(node: str, emergency: str = "") -> Session:
    """A conversation at `node`; at a step of an emergency that emergency is under way."""
    flow = node.partition(".")[0]
    kind = emergency or (flow if flow in FIRST else "")
    return Session(node=node, greeted=True, seen=int(START), lang="en", emergency=kind, emergency_at=int(START) if kind else 0)


@pytest.mark.parametrize("node", NODES)
def test_in_every_state_the_words_that_must_work_do(node: str) -> None:
    assert "911" in said(turn("my son isnt breathing", at(node))).split("\n")[0]
    assert "988" in said(turn("i want to kill myself", at(node))).split("\n")[0]
    stopped = turn("STOP", at(node))
    assert stopped.opted_out is True
    assert said(stopped).startswith("You are unsubscribed from Opioid Text Line. No more texts.")
    assert said(turn("HELP", at(node))).startswith("Emergency: call 911. In a crisis call or text 988. A person: 1-800-662-4357.")
    assert said(turn("HUMAN", at(node))).startswith("Call 1-800-662-4357")
    assert turn("MENU", at(node)).session == replace(turn("MENU", at(node)).session or Session(), node="main.start")


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize(
    ("kind", "text", "number"), [("overdose", "my son isnt breathing", "911"), ("suicide", "i want to kill myself", "988")]
)
def test_no_waiting_question_swallows_a_second_alarm(node: str, kind: str, text: str, number: str) -> None:
    again = said(turn(text, at(node, emergency=kind)))
    assert number in again.split("\n")[0], node


@pytest.mark.parametrize("node", [n for n in NODES if n.partition(".")[0] in FIRST])
@pytest.mark.parametrize("text", ["ok", "what now", "im scared", "yes please", "asdf", "thanks"])
def test_inside_an_emergency_every_answer_still_holds_the_number(node: str, text: str) -> None:
    told = said(turn(text, at(node)))
    assert "911" in told or "988" in told


@pytest.mark.parametrize("node", [n for n in NODES if n not in LIVE])  # those wait for an answer only beside an open ticket
def test_from_every_state_every_choice_leads_somewhere_that_is_said(node: str) -> None:
    for digit, choice in enumerate(CONTENT.nodes[node].choices, start=1):
        moved = turn(str(digit), at(node))
        assert moved.session is not None
        assert (moved.meaning.means, moved.session.node) == ("choice", choice.goto)
        assert said(moved)


def test_start_without_a_memory_still_names_a_person() -> None:
    told = said(turn("START", None, stateless=True))
    assert told.startswith("Welcome back")
    assert any(way in told for way in HUMAN_WAYS)


@given(node=st.sampled_from(NODES), text=st.text(max_size=200), opted_out=st.booleans(), stateless=st.booleans())
@settings(max_examples=400, deadline=None)
def test_any_text_in_any_state_is_answered_with_a_way_to_a_person(node: str, text: str, opted_out: bool, stateless: bool) -> None:
    given_turn = turn(text, None if stateless else at(node), opted_out=opted_out and not stateless, stateless=stateless)
    told = render(CONTENT, given_turn.answer)
    assert all(len(message) <= LONGEST for message in told)
    if told:
        assert any(way in "\n".join(told) for way in HUMAN_WAYS)
    else:
        assert opted_out


@given(
    texts=st.lists(
        st.sampled_from(
            [
                "1",
                "2",
                "3",
                "menu",
                "back",
                "more",
                "zzz",
                "human",
                "detox",
                "thanks",
                "espanol",
                "english",
                "forget",
                "erase",
                "hi",
            ]
        ),
        max_size=50,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_walk_stays_on_the_map(texts: list[str]) -> None:
    session: Session | None = None
    for i, text in enumerate(texts):
        walked = turn(text, session, after=5 * i)  # slower than a flood
        assert render(CONTENT, walked.answer)
        session = walked.session
        assert session is None or session.node in CONTENT.nodes
        assert session is None or len(session.history) <= 6


@pytest.mark.parametrize(
    "text",
    ["i want to quit", "cant stop using", "make it stop", "how do i end this", "end my life", "quiero parar", "please dont stop"],
)
def test_a_cry_for_help_is_never_an_opt_out(text: str) -> None:
    assert turn(text).opted_out is None
    assert turn(text, at("detox.start")).opted_out is None


def test_the_first_answer_helps_before_it_introduces() -> None:
    first = said(turn("dope sick"))
    assert first.index("buprenorphine") < first.index("This is Opioid Text Line")
    assert "STOP to stop" in first
    assert "This is Opioid Text Line" not in said(turn("dope sick", at("main.start")))


def test_an_emergency_is_one_message_without_a_footer() -> None:
    told = render(CONTENT, turn("my son isnt breathing").answer)
    assert len(told) == 1
    assert "Msg&data" not in told[0]
    assert "CALL 911" in told[0][:70]


def test_inside_an_emergency_a_text_answers_its_step_first() -> None:
    started = turn("my son isnt breathing").session
    assert started is not None
    still = turn("no hes not breathing", started)
    assert still.session is not None
    assert still.session.node == "overdose.not_awake"
    other = turn("i want to kill myself", started)
    assert other.session is not None
    assert other.session.emergency == "suicide"


def test_back_from_a_topic_the_choices_that_are_shown_are_those_that_wait() -> None:
    started = turn("i want to kill myself").session
    assert started is not None
    away = turn("what does it cost", started).session
    assert away is not None
    assert away.node.startswith("cost.")
    back = turn("hm i put it in the car", away)
    assert said(back).startswith("988")
    assert back.session is not None
    assert back.session.node == "suicide.start"
    chosen = turn("1", back.session)
    assert chosen.session is not None
    assert chosen.session.node == "suicide.me"


OVERDOSE = "my brother wont wake up"
FALSE_ALARMS = [
    "false alarm",
    "oh sorry false alarm he was just sleeping",
    "it was a false alarm hes fine",
    "thanks false alarm",
    "fue falsa alarma",
]
FINE = [
    "hes fine at work",
    "hes ok now thank god",
    "my son is fine",
    "omg sorry hes fine",
    "everyone is okay",
    "gracias a dios ya esta bien",
]
NOT_WELL = [
    "i dont think hes fine",
    "is he fine",
    "hes fine?",
    "hes fine but so cold",
    "at work",
    "i hope hes fine",
    "hes not fine",
    "he was just sleeping",
    "hes fine hes just asleep",
    "thank god",
    "it was a mistake",
    "my husband says hes fine",
    "my narcan is ok",
]


def _node(told: Turn) -> str:
    assert told.session is not None
    return told.session.node


@pytest.mark.parametrize("text", FALSE_ALARMS)
def test_a_false_alarm_is_met_kindly_and_can_be_taken_back(text: str) -> None:
    fine = turn(text, turn(OVERDOSE).session)
    assert _node(fine) == "overdose.fine"
    assert "911" in said(fine)
    assert "988" in said(fine)
    for back in ("wait hes not ok", "he fell asleep again", "no"):
        assert _node(turn(back, fine.session)) == "overdose.not_awake"
    assert _node(turn("hmm his color", fine.session)) == "overdose.start"
    assert _node(turn("how do i get narcan", fine.session)).startswith("naloxone.")
    assert _node(turn("thanks", fine.session)) == "overdose.fine"
    assert _node(turn("menu", fine.session)) == "main.start"


@pytest.mark.parametrize("text", FINE)
def test_fine_means_awake_because_an_overdose_can_come_back(text: str) -> None:
    assert _node(turn(text, turn(OVERDOSE).session)) == "overdose.awake"


@pytest.mark.parametrize("text", NOT_WELL)
def test_what_is_no_false_alarm_is_not_met_as_one(text: str) -> None:
    assert _node(turn(text, turn(OVERDOSE).session)) not in ("overdose.fine", "overdose.awake")


def test_a_false_alarm_is_not_believed_after_a_step_of_an_overdose() -> None:
    assert _node(turn("false alarm", turn("2", turn(OVERDOSE).session).session)) == "overdose.awake"


def test_a_child_that_looks_fine_still_goes_to_911() -> None:
    child = turn("my 2 year old swallowed my suboxone").session
    for before in ("im at 12 main st", "ok"):
        assert _node(turn("shes fine", turn(before, child).session)) == "overdose.child_awake"


@pytest.mark.parametrize("text", ["false alarm", "hes fine", "it was a mistake", "ya esta bien"])
def test_nothing_of_the_kind_ends_a_talk_about_suicide(text: str) -> None:
    still = turn(text, turn("i want to kill myself").session)
    assert _node(still) == "suicide.start"
    assert "988" in said(still).splitlines()[0]


def test_a_question_beside_a_talk_about_suicide_has_988_before_its_answer() -> None:
    started = turn("i want to kill myself").session
    asked = turn("what is suboxone", started)
    assert asked.meaning.topic == "medication"
    assert "988" in said(asked).splitlines()[0]
    assert "988" in said(turn("my brother overdosed", started))


def test_an_overdose_inside_a_talk_about_suicide_names_988() -> None:
    told = turn("shes not breathing", turn("i want to kill myself").session)
    assert told.answer.parts == ("overdose.start", "say.also_suicide#text")


def test_free_words_lead_through_the_steps_of_an_overdose() -> None:
    started = turn("my bf wont wake up hes blue").session
    assert started is not None
    helps = turn("i dont have any narcan", started).session
    assert helps is not None
    assert helps.node == "overdose.not_awake"
    awake = turn("he opened his eyes!!", helps).session
    assert awake is not None
    assert awake.node == "overdose.awake"
    taken = turn("i already took them", turn("i want to kill myself").session)
    assert said(taken).startswith("CALL 911")


@pytest.mark.parametrize("step", ["start", "not_awake", "narcan", "again", "no_narcan", "breathing"])
@pytest.mark.parametrize(
    "text",
    [
        "he hasnt woke up", "he hasnt opened his eyes", "still hasnt opened her eyes", "he never opened his eyes", "hes not waking up",
        "shes not coming around", "his eyes are open but hes not breathing", "he hadnt come to", "he never came back",
    ],
)  # fmt: skip
def test_who_is_not_awake_is_never_taken_for_awake(step: str, text: str) -> None:
    after = turn(text, at(f"overdose.{step}")).session
    assert after is not None
    assert after.node != "overdose.awake"


def test_an_emergency_ends_by_its_own_clock() -> None:
    started = turn("OD").session
    assert started is not None
    assert started.emergency_alive(START + EMERGENCY_LIFE - 1) == "overdose"
    assert started.emergency_alive(START + EMERGENCY_LIFE) == ""


def test_an_opt_out_with_an_emergency_is_both() -> None:
    both = turn("stop texting me i want to kill myself", at("detox.start"))
    assert both.opted_out is True
    assert said(both).startswith("988")


def test_opted_out_people_reach_what_they_must_and_hear_one_notice_a_day() -> None:
    out = {"opted_out": True}
    for text, holds in (
        ("HELP", "911"),
        ("HUMAN", "1-800-662-4357"),
        ("he isnt breathing", "CALL 911"),
        ("START", "Welcome back"),
        ("yes", "Welcome back"),
    ):
        assert holds in said(turn(text, Session(), **out))
    first = turn("hello", Session(), **out)
    assert said(first).startswith("You texted STOP")
    assert said(turn("hello", first.session, **out)) == ""
    assert said(turn("hello", Session(), opted_out=True, notice_after_stop=False)) == ""


def test_misses_are_kind_then_offer_a_person_and_never_loop() -> None:
    session: Session | None = at("detox.start")
    answers = []
    for _ in range(4):
        missed = turn("qwrt", session)
        answers.append(said(missed))
        session = missed.session
    assert answers[0].startswith("Sorry")
    assert all("1-800-662-4357" in one for one in answers[1:])
    assert "What would help" in answers[3] or "1 Signs" in answers[3]


def test_forget_asks_once_and_only_its_own_word_counts() -> None:
    assert turn("forget", at("detox.start")).session is not None
    assert turn("erase", at("say.forget")).session is None
    assert turn("erase", at("detox.start")).session is not None
    for text in ("forgett", "forget it", "please forget", "i want to forget"):
        assert turn(text, at("detox.start")).meaning.means != "forget"
