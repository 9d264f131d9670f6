"""Places near a ZIP code in a conversation: counted once, in time, and the ZIP code gone when the search is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import redis

from bot.app import App
from bot.content import Loaded
from bot.core.places import Place
from bot.core.sms import size
from bot.directory import Listing, Sources, Wanted
from bot.directory.redis import RedisDirectory
from bot.store import Store
from bot.store.blob import unpack
from bot.store.connect import connect
from tests.directory.made_up import made_up_places
from tests.phone import Clock, Phone, make_app

AS_OF = "2026-11-01"


@pytest.fixture
def finder(loaded: Loaded, store: Store, clock: Clock, raw: redis.Redis) -> Phone:
    directory = made_up_places(raw, AS_OF, clock.now)
    phone = Phone(make_app(loaded, store, clock, Sources((directory,), directory)))
    phone.says("menu")
    return phone


def kept(raw: redis.Redis) -> str:
    """All that is kept of people, with the sessions read."""
    sessions = [unpack(raw.get(key)) for key in raw.scan_iter("hl:{*:s")]  # type: ignore[arg-type]
    return repr(sessions) + "".join(repr(raw.get(key)) for key in raw.scan_iter("hl:{*:s"))


def test_a_retry_gets_the_same_places_and_changes_nothing(finder: Phone, raw: redis.Redis) -> None:
    finder.text("02139")
    first = finder.text("2", message_id="SM-two")
    before = kept(raw)
    assert finder.text("2", message_id="SM-two") == first
    assert kept(raw) == before
    assert "Alewife" not in "".join(first)


def test_a_retry_of_more_is_not_the_next_page(finder: Phone) -> None:
    finder.text("02139 any place")
    page = finder.text("MORE", message_id="SM-more")
    assert finder.text("MORE", message_id="SM-more") == page
    assert finder.text("MORE") != page


def test_a_retry_after_the_list_was_swapped_shows_what_is_still_there_else_the_helpline(
    finder: Phone, raw: redis.Redis, clock: Clock
) -> None:
    first = finder.text("02139 methadone", message_id="SM-one")
    directory = made_up_places(raw, AS_OF, clock.now)
    assert finder.text("02139 methadone", message_id="SM-one") == first  # the same rows under a new import
    directory.drop()
    again = "\n".join(finder.text("02139 methadone", message_id="SM-one"))
    assert "1-800-662-4357" in again
    assert "River Street" not in again


def test_the_zip_code_is_kept_only_while_the_search_is_open(finder: Phone, raw: redis.Redis, logs: Callable[[], str]) -> None:
    finder.text("02139 methadone")
    assert "02139" in kept(raw)
    for leave in ("menu", "detox", "HUMAN", "my friend is not breathing"):
        finder.text("02139")
        finder.text(leave)
        assert "02139" not in kept(raw), leave
    assert "02139" not in logs()


def test_asked_and_never_answered_it_is_not_kept_where_nothing_is_loaded(app: App, raw: redis.Redis) -> None:
    Phone(app).text("02139 methadone")
    assert "02139" not in kept(raw)


def test_forget_erases_the_search(finder: Phone, raw: redis.Redis) -> None:
    finder.text("02139 methadone")
    finder.text("forget")
    finder.text("erase")
    assert not list(raw.scan_iter("hl:{*:s"))


def test_where_nothing_is_loaded_no_question_is_asked(app: App) -> None:
    phone = Phone(app)
    for text in ("find", "02139", "zip 02139 methadone", "my zip is 2139"):
        answer = phone.says(text)
        assert "1-800-662-4357" in answer
        assert "\n1 " not in answer
        assert "5 digits" not in answer


@pytest.mark.parametrize("text", ["02139", "zip code 02139", "02139 methadone", "2139"])
@pytest.mark.parametrize("emergency", ["she is not breathing", "i want to kill myself tonight"])
def test_in_an_emergency_no_digits_are_a_zip_code(finder: Phone, emergency: str, text: str) -> None:
    finder.text(emergency)
    answer = finder.says(text)
    assert "What kind of place" not in answer
    assert "mi, " not in answer
    assert (
        "911" in answer or "988" in answer or (emergency.startswith("i want") and " " in text)
    )  # a suicide talk may turn to a topic


def test_an_answer_takes_two_segments(finder: Phone) -> None:
    for text in ("02139", "any", "more", "33101", "estoy en el 33101"):
        (message,) = finder.text(text)
        assert size(message).encoding == "GSM-7"
        assert size(message).segments <= 2, message


def test_the_phone_companys_zip_code_is_never_used(finder: Phone) -> None:
    answer = finder.says("find", FromZip="33101", FromCity="MIAMI")
    assert "Miami" not in answer
    assert "5-digit ZIP" in answer


def test_a_search_is_a_small_session(finder: Phone, raw: redis.Redis) -> None:
    for text in ("find", "02139", "2", "more"):
        finder.text(text)
    used = sum(int(raw.memory_usage(key) or 0) for key in raw.scan_iter("hl:{*:s"))
    assert used <= 500


def test_eight_people_at_once_all_get_their_places(finder: Phone) -> None:
    phones = [Phone(finder.app, f"+1500555{i:04d}") for i in range(8)]
    answers: list[str] = []
    threads = [threading.Thread(target=lambda p=p: answers.append(p.says("02139 methadone"))) for p in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("River Street Clinic" in answer for answer in answers) == 8


# --- sources that fail ---------------------------------------------------------------------------------------------


class Failing:
    """A source at its seam: slow, raising, or empty."""

    def __init__(self, wait: float = 0.0, error: Exception | None = None) -> None:
        self.wait, self.error = wait, error

    def _fail(self) -> None:
        time.sleep(self.wait)
        if self.error:
            raise self.error

    def ready(self, now: float) -> bool:
        return True

    def nearest(self, wanted: Wanted, now: float, seconds: float) -> Listing | None:
        self._fail()
        return None

    def places(self, ids: Sequence[str]) -> dict[str, Place]:
        self._fail()
        return {}


@pytest.mark.parametrize(
    "source", [Failing(error=ValueError("odd")), Failing(error=RecursionError()), Failing(wait=4.0), Failing()]
)
def test_whatever_a_source_does_the_person_is_answered_in_time(
    source: Failing, loaded: Loaded, store: Store, clock: Clock, logs: Callable[[], str]
) -> None:
    phone = Phone(make_app(loaded, store, clock, Sources((source,))))
    began = time.monotonic()
    assert "1-800-662-4357" in phone.says("02139 methadone")
    assert time.monotonic() - began < 2.0
    assert "02139" not in logs()


def test_a_frozen_source_does_not_slow_down_an_emergency(loaded: Loaded, store: Store, clock: Clock) -> None:
    phone = Phone(make_app(loaded, store, clock, Sources((Failing(wait=4.0),))))
    phone.says("02139 methadone")
    began = time.monotonic()
    assert "CALL 911 NOW" in phone.says("my friend is not breathing")
    assert time.monotonic() - began < 1.0


def test_a_store_that_goes_away_during_the_search_is_answered(finder: Phone, raw: redis.Redis) -> None:
    gone = RedisDirectory(connect("unix:///nowhere.sock"))
    app = replace(finder.app, places=Sources((gone,), gone))
    assert "1-800-662-4357" in Phone(app).says("02139 methadone")


def test_health_tells_what_is_loaded_and_warns_of_its_age(finder: Phone, raw: redis.Redis, clock: Clock) -> None:
    def ready() -> dict[str, Any]:
        answer = finder.client.get("/health/ready")
        assert answer.status_code == 200
        return dict(answer.get_json())

    assert ready()["directory"] == "13 places of 2026-11-01"
    assert not [warning for warning in ready()["warnings"] if "directory" in warning]
    made_up_places(raw, "2025-06-01", clock.now)
    assert any("more than a year old" in warning for warning in ready()["warnings"])
    made_up_places(raw, "2015-06-01", clock.now)
    assert any("people are not shown it" in warning for warning in ready()["warnings"])


def test_health_says_that_nothing_is_loaded(phone: Phone) -> None:
    assert phone.client.get("/health/ready").get_json()["directory"] == "none"


def test_every_text_of_the_search_is_told_in_spanish(loaded: Loaded) -> None:
    spoken = loaded.content.words.spoken["es"]
    assert [id_ for id_ in loaded.content.nodes if id_.startswith("find.") and id_ != "find.brief" and id_ not in spoken] == []
