"""Emergency recognition: the cases that must never change, what must stay quiet, what it costs, and the committed figures."""

from __future__ import annotations

import json
import random
import statistics
import time
from pathlib import Path

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import emergency as content
from bot.content import load
from bot.content.lines import read as read_lines
from bot.content.problems import BrokenContent, Problem
from bot.core.commands import COMMANDS
from bot.core.emergency import EXPLICIT, FULL, LINE, THIRD_PERSON, Alarm, Recogniser
from bot.core.words import LONGEST_READ
from tests.eval import emergency_table as table

FLOWS = Path(__file__).parent.parent.parent / "flows"
FIGURES = json.loads(table.FIGURES.read_text(encoding="utf-8"))
NOISE = 0.005  # the tables are exact; this leaves room for rounding only


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    found = load(FLOWS).content.recogniser
    found.prepare()
    return found


def kind(alarm: Alarm | None) -> str:
    return f"{alarm.kind} {alarm.strength}" if alarm else ""


@pytest.mark.parametrize(
    "text",
    [
        "my son isnt breathing", "OD", "his lips are blue", "she wont wake up", "HELP MY BROTHER ISNT BREATHING", "hes not breething",
        "my toddler ate one of my suboxone", "gave him narcan and he still wont wake up", "i took too much", "no respira",
        "mi hijo no despierta", "tiene los labios morados", "creo que me pase", "SOBREDOSIS ayuda", "im overdosing",
        "mi niño se tragó una pastilla de fentanilo", "he stopped breathing 😭", "hes blue n i cant wake him up pls help",
    ],
)  # fmt: skip
def test_an_overdose_gets_the_emergency_answer(recogniser: Recogniser, text: str) -> None:
    assert kind(recogniser.recognise(text)) == "overdose full"


@pytest.mark.parametrize(
    "text",
    [
        "i want to kill myself", "kms", "quiero morir", "me quiero matar", "im going to end my life tonight", "suicide",
        "my friend says she wants to kill herself", "mi hermano se quiere suicidar", "I'm suicidal", "ya no quiero vivir",
        "i wnat to kill my self", "quiero quitarme la vida", "gonna kill my self",
    ],
)  # fmt: skip
def test_suicide_said_plainly_gets_the_emergency_answer(recogniser: Recogniser, text: str) -> None:
    assert kind(recogniser.recognise(text)) == "suicide full"


@pytest.mark.parametrize("text", ["i wish i was dead", "everyone would be better off without me", "ojala no despertara mañana"])
def test_despair_gets_the_gentle_tier(recogniser: Recogniser, text: str) -> None:
    alarm = recogniser.recognise(text)
    assert alarm
    assert (alarm.kind, alarm.tier, alarm.strength) == ("suicide", "passive", "line")


@pytest.mark.parametrize(
    "text",
    [
        "what are the signs of an overdose", "my brother died of an overdose last year", "im not suicidal i just need detox",
        "im dying lol", "me muero de risa", "where can i get narcan for free", "sobredosis de tacos jajaja", "i want to quit",
        "tried to kill myself in 2015, glad im still here. 4 yrs clean", "no quiero morir, quiero ayuda",
        "i want to die laughing", "i wanna die of laughter", "i want to die of embarrassment", "me quiero morir de la risa",
        "quiero morir de verguenza",
    ],
)  # fmt: skip
def test_information_past_denial_and_figures_of_speech_are_no_emergency(recogniser: Recogniser, text: str) -> None:
    assert "full" not in kind(recogniser.recognise(text))


@pytest.mark.parametrize(
    "text",
    [
        "my son is 19. i found foil in his room and he says its nothing", "my son is on heroin and i dont know what to do",
        "i think my son is using", "mi hijo dice que la tirita sabe horrible y no la quiere",
    ],
)  # fmt: skip
def test_a_familys_first_words_are_no_emergency(recogniser: Recogniser, text: str) -> None:
    assert "full" not in kind(recogniser.recognise(text))


@pytest.mark.parametrize("text", ["erase", "hope house", "dope sick", "sober living", "rock bottom", "detox"])
def test_few_words_that_say_little_raise_nothing(recogniser: Recogniser, text: str) -> None:
    assert recogniser.recognise(text) is None


@pytest.mark.parametrize("text", ["overdoze", "suicidall", "unresponsiv"])
def test_a_lone_word_is_mended_before_it_is_looked_up(recogniser: Recogniser, text: str) -> None:
    assert "full" in kind(recogniser.recognise(text))


def test_somebody_overdosed_names_911_unless_it_is_over(recogniser: Recogniser) -> None:
    assert kind(recogniser.recognise("my friend overdosed, methadone clinic 02139")) == "overdose line"
    assert recogniser.recognise("my friend overdosed last year") is None


@pytest.mark.parametrize(
    "text", ["he's odd", "hes acting odd", "my brother is odd", "an odd number", "odd one out", "that's odd"]
)
def test_odd_is_an_ordinary_word(recogniser: Recogniser, text: str) -> None:
    alarm = recogniser.recognise(text)
    assert alarm is None or alarm.strength == LINE  # "my brother is odd" may be worth a question


@pytest.mark.parametrize("said", ["od'd", "OD'd", "OD’d", "o.d.'d", "od'ed", "oded", "overdosed"])
def test_however_it_is_written_somebody_overdosed(recogniser: Recogniser, said: str) -> None:
    assert kind(recogniser.recognise(f"my brother {said}")) == "overdose line"
    assert kind(recogniser.recognise(f"she {said} 5 minutes ago and wont wake up")) == "overdose full"


def test_odd_without_its_apostrophe_is_known_by_what_it_stands_beside(recogniser: Recogniser) -> None:
    assert kind(recogniser.recognise("my brother odd on fentanyl and wont wake up")) == "overdose full"
    assert recogniser.recognise("this dress looks odd on me") is None


@pytest.mark.parametrize("text", ["i want to die. they are laughing at me", "they laugh at me and i want to die"])
def test_laughing_beside_a_wish_to_die_is_no_figure_of_speech(recogniser: Recogniser, text: str) -> None:
    assert kind(recogniser.recognise(text)) == "suicide full"


def test_an_overdose_that_was_meant_names_both(recogniser: Recogniser) -> None:
    alarm = recogniser.recognise("he took too many pills on purpose, he wanted to die, he wont wake up")
    assert alarm
    assert (alarm.kind, alarm.strength, alarm.also) == ("overdose", "full", "suicide")


@pytest.mark.parametrize(
    "text", [*map(str, range(10)), "12", "02139", *COMMANDS, "STOP", "START", "HELP", "yes", "si", "", "👍", "..."]
)
def test_digits_and_command_words_raise_nothing(recogniser: Recogniser, text: str) -> None:
    assert recogniser.recognise(text) is None


def test_an_emergency_in_a_long_story_is_found(recogniser: Recogniser) -> None:
    story = "we drove to my aunts place and talked about the weather and what to cook for the holidays. " * 6
    assert kind(recogniser.recognise(f"{story} my brother isnt breathing. {story}")) == "overdose full"


@given(st.text(max_size=LONGEST_READ))
def test_any_text_is_read(text: str) -> None:
    assert kind(ANY.recognise(text)) in ("", "overdose full", "overdose line", "suicide full", "suicide line")


ANY = load(FLOWS).content.recogniser
_DICE = random.Random(1)
_WORDS = """he son daughter wont wake up not breathing lips are blue gave him narcan took pills child ate the medicine
no respira""".split()
HEAVY = {
    "our own words": " ".join(_DICE.choice(_WORDS) for _ in range(400)),
    "one group": "he " * 533,
    "gaps": "gave him narcan a " * 90,
    "nonsense": " ".join("".join(_DICE.choice("abcdefghijklmnop") for _ in range(7)) for _ in range(200)),
    "one word": "a" * LONGEST_READ,
    "emoji": "😭" * LONGEST_READ,
    "marks": "e" + "\u0301" * LONGEST_READ,
    "sixty long words": " ".join("".join(_DICE.choice("abcdefghijklmnop") for _ in range(25)) for _ in range(60)),
    "all readers": " ".join(["hes bent over like a statue n when i push him"] * 5)[:LONGEST_READ],
}
SLACK = 20  # only a pattern that runs away fails here; docs/safety.md holds the measured 0.1 ms and 2 ms


def _milliseconds(recogniser: Recogniser, text: str) -> float:
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        recogniser.recognise(text)
        taken.append(time.perf_counter() - start)
    return min(taken) * 1000


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_no_text_is_slow(recogniser: Recogniser, text: str) -> None:
    assert _milliseconds(recogniser, text[:LONGEST_READ]) < 2 * SLACK


def test_an_ordinary_text_costs_a_tenth_of_a_millisecond(recogniser: Recogniser) -> None:
    texts = [row.text for row in table.rows(["topics", "overdose"])][::4]
    assert statistics.median(_milliseconds(recogniser, text) for text in texts) < 0.1 * SLACK


@pytest.mark.parametrize("name", FIGURES)
def test_no_figure_drops(recogniser: Recogniser, name: str) -> None:
    done = table.read(recogniser, table.rows_of(name))
    for lang, kept in FIGURES[name].items():
        told = table.table(done, lang)
        fallen = [(lang, line) for line in table.AT_LEAST if told[line] < kept[line] - NOISE]
        risen = [(lang, line) for line in table.AT_MOST if line in kept and told[line] > kept[line] + NOISE]
        assert not fallen + risen, "if it is meant: python -m tests.eval.emergency_table --write"


def test_a_mistake_in_the_rules_is_told_with_file_and_line(tmp_path: Path) -> None:
    for path in FLOWS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    rules = tmp_path / "emergency.yaml"
    text = rules.read_text(encoding="utf-8").replace("- cant WAKE THEM\n", "- cant WAKE THEMM\n", 1)
    rules.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenContent) as broken:
        load(tmp_path)
    line = text[: text.index("THEMM")].count("\n") + 1
    assert str(broken.value.problems[0]).startswith(f"emergency.yaml:{line}: 'cant WAKE THEMM' names the group THEMM")


def test_a_broken_model_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    problems: list[Problem] = []
    path = tmp_path / "emergency.msgpack"
    path.write_bytes(b"nothing of the kind")
    assert content.model(problems, path) is None
    assert content.network(problems, path) is None
    assert all("training/README.md" in str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"format": 1}, "made by another version"),
        ({"pieces": "a\nb"}, "the piece [PAD] is missing"),
        ({"encoder": "models/other.onnx"}, "the encoder is no bytes"),
    ],
)
def test_a_network_that_does_not_fit_is_named(tmp_path: Path, changed: dict[str, object], told: str) -> None:
    problems: list[Problem] = []
    path = tmp_path / "network.msgpack"
    path.write_bytes(msgpack.packb({**msgpack.unpackb(content.NETWORK.read_bytes()), **changed}))
    assert content.network(problems, path) is None
    assert told in str(problems[0])


def test_every_rule_says_why() -> None:
    problems: list[Problem] = []
    lined = read_lines(FLOWS / "emergency.yaml", "emergency.yaml", problems)
    assert lined
    assert not problems
    assert all(rule["because"] for rule in (*lined.data["raises"], *lined.data["cancels"]))


@pytest.mark.parametrize(
    "text",
    [
        "i decided to end it with heroin im ready for detox",
        "ending it tonight no more dope where is detox",
        "when you find me a detox text me back",
        "how many days until im dead tired",
        "the heat is enough to kill me",
        "dont plan on waking up before noon",
        "i decided to die my hair",
        "i dont want to be dead by 30 help me quit",
        "my moms last day on earth was tuesday",
        "dad had a painless death in hospice",
        "my husband wants to end it with heroin can you help",
        "my daughter isnt moving to the sober house",
        "did i kill a baby by using",
    ],
)
def test_words_of_a_plan_that_mean_something_else_get_no_full_answer(recogniser: Recogniser, text: str) -> None:
    alarm = recogniser.recognise(text)
    assert alarm is None or alarm.strength == LINE


@pytest.mark.parametrize(
    "text",
    [
        "my son wont wake up. hes always up before noon",
        "my brother wont wake up and he doesnt ever sleep until noon",
        "hes not waking up, he used last night and he never would sleep until noon",
    ],
)
def test_how_long_somebody_sleeps_makes_no_overdose_quieter(recogniser: Recogniser, text: str) -> None:
    assert kind(recogniser.recognise(text)) == "overdose full"


@pytest.mark.parametrize(
    "text",
    [
        "he took 10000 mg of tylenol",
        "she took 5500 mg of something",
        "i took 40 pills",
        "he took 33 of my pills",
        "my wife overdose",
    ],
)
def test_far_too_much_is_no_ordinary_question(recogniser: Recogniser, text: str) -> None:
    alarm = recogniser.recognise(text)
    assert alarm
    assert alarm.kind == "overdose"


SAID = "like a noodle n when i push him he just tips"


@pytest.mark.parametrize(
    "after", ["", " 😭🙏😭🙏😭🙏😭🙏😭🙏", " ?!?!?!?!?!?!?!?!?!?!", " . . . . . . . . . . . .", "....................."]
)
def test_signs_behind_an_emergency_do_not_hide_it(recogniser: Recogniser, after: str) -> None:
    assert kind(recogniser.recognise(SAID + after)) == kind(recogniser.recognise(SAID)) == "overdose full"


def test_signs_between_the_words_do_not_hide_it(recogniser: Recogniser) -> None:
    assert recogniser.recognise("...um... hi... sorry... i... dont... know... how... to... say... hes bent over n he just tips")


@pytest.mark.parametrize(
    "text",
    [
        "baby isnt breastfeeding well", "hes not breaking even this month", "overdose at what age is most common",
        "my dog swallowed all the treats", "i swallowed all my pride", "did you eat the cookies? i took them all lol",
        "phone is on silent so i dont wake up the baby", "i wrote my notes for the exam", "might hang tonight with the boys",
        "we are laying tracks for the train set", "dont walk in front of the bus honey", "wrong side of the fence again, dog got out",
        "i throw myself in front of the goal every game", "my ex took 50 of my dollars",
    ],
)  # fmt: skip
def test_ordinary_words_beside_those_of_the_rules_get_no_full_answer(recogniser: Recogniser, text: str) -> None:
    alarm = recogniser.recognise(text)
    assert alarm is None or alarm.strength == LINE


@pytest.mark.parametrize(
    "text", ["i dont plan on waking up before the sun ever again, ive got the pills", "im lying on the tracks"]
)
def test_a_plan_in_plain_words_gets_the_full_answer(recogniser: Recogniser, text: str) -> None:
    assert kind(recogniser.recognise(text)) == "suicide full"


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("I have decided to die. I would like it to be quiet.", EXPLICIT),
        ("how many of her pills would kill me", EXPLICIT),
        ("im about to jump off the overpass", EXPLICIT),
        ("my son said hes going to kys", THIRD_PERSON),
        ("my son is threatening to jump off the roof", THIRD_PERSON),
        ("my brother decided to die", THIRD_PERSON),
    ],
)
def test_who_has_decided_is_answered_as_who_they_are(recogniser: Recogniser, text: str, tier: str) -> None:
    alarm = recogniser.recognise(text)
    assert alarm
    assert (alarm.strength, alarm.tier) == (FULL, tier)
