"""Hand-offs in every store: one suite for memory, the embedded server and the oldest supported one."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import cast

import redis

from bot.store import Store, keys
from bot.store.desk import BACK_WITHIN, FULL, KEEP_LIFE, MOST_WAITING, UNSEEN, Change, Page, State
from tests.phone import Clock

LIFE = 3600
OPEN = Change(None, b"one", LIFE, notes=[b"opened"])


def test_a_ticket_is_changed_only_as_it_was_read(any_store: Store) -> None:
    desk = any_store.desk
    assert desk.change("ann", OPEN)
    assert not desk.change("ann", OPEN)
    assert not desk.change("ann", Change(b"other", b"two", LIFE))
    assert desk.change("ann", Change(b"one", b"two", LIFE, notes=[b"next"]))
    assert (desk.ticket("ann"), desk.notes("ann")) == (b"two", [b"opened", b"next"])


def test_session_opt_out_and_ticket_change_together_or_not_at_all(any_store: Store) -> None:
    assert any_store.commit("ann", None, b"session", None, LIFE, OPEN)
    assert any_store.load("ann").ticket == b"one"
    late = Change(b"other", b"two", LIFE, drop=True)
    assert not any_store.commit("ann", b"session", b"new", True, LIFE, late)
    record = any_store.load("ann")
    assert (record.blob, record.opted_out, record.ticket) == (b"session", False, b"one")
    assert not any_store.commit("ann", b"lost the race", b"new", None, LIFE, replace(late, before=b"one"))
    assert any_store.load("ann").ticket == b"one"


def test_of_eight_claims_at_once_one_wins(any_store: Store) -> None:
    any_store.desk.change("ann", OPEN)
    won: list[bool] = []
    claims = [Change(b"one", bytes([i]), LIFE) for i in range(8)]
    racers = [threading.Thread(target=lambda c=c: won.append(any_store.desk.change("ann", c))) for c in claims]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(won) == [False] * 7 + [True]


def test_the_outbox_keeps_its_order_and_what_is_dropped_is_said(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", replace(OPEN, outbox=[("a", b"first:x"), ("b", b"second"), ("c", b"third")]))
    assert desk.outbox("ann") == [("a", b"first:x"), ("b", b"second"), ("c", b"third")]
    desk.state("ann", "a", State("sent", 0, 5.0, "SM1", 1), LIFE)
    desk.done("ann", "a")
    assert [name for name, _ in desk.outbox("ann")] == ["b", "c"]
    desk.change("ann", Change(b"one", b"two", LIFE, drop=True))
    assert desk.outbox("ann") == []
    assert {name: state.state for name, state in desk.states("ann").items()} == {"a": "sent", "b": "dropped", "c": "dropped"}


def test_a_nudge_does_not_shorten_the_life_of_what_waits_already(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", replace(OPEN, outbox=[("a", b"first")]))
    desk.push("ann", [("b", b"a nudge")], 900)
    desk.push("new", [("c", b"a nudge")], 900)
    assert desk.outbox("ann") == [("a", b"first"), ("b", b"a nudge")]
    if any_store.client is not None:
        lives = [cast(redis.Redis, any_store.client).ttl(keys.of(contact, keys.OUTBOX)) for contact in ("ann", "new")]
        assert lives[0] > 900 >= lives[1] > 0


def test_a_delivery_state_never_goes_back_and_keeps_its_sid(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", OPEN)
    assert desk.state("ann", "a", State("sending", 0, 1.0, tries=1), LIFE)
    assert desk.state("ann", "a", State("delivered", 0, 3.0, "SM1"), LIFE)  # Twilio's report may be faster than its answer
    assert not desk.state("ann", "a", State("sent", 0, 2.0, "SM1", 1), LIFE)
    assert desk.states("ann")["a"] == State("delivered", 0, 3.0, "SM1", 1)
    assert desk.state("ann", "b", State("failed", 30003, 3.0), LIFE)
    desk.state("ann", "b", State("sent", 0, 2.0, "SM2", 1), LIFE)
    assert (desk.states("ann")["b"].state, desk.states("ann")["b"].sid) == ("failed", "SM2")


def test_erasing_leaves_nothing(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", replace(OPEN, outbox=[("a", b"x")]))
    desk.deliver("ann", "w", b"y")
    assert any_store.commit("ann", None, None, None, 0, Change(b"one", None, 0, drop=True))
    assert (desk.ticket("ann"), desk.notes("ann"), desk.outbox("ann"), desk.inbox("ann")) == (None, [], [], [])


def test_what_comes_late_brings_nothing_of_an_erased_ticket_back(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", replace(OPEN, outbox=[("a", b"x")]))
    desk.state("ann", "a", State("sending", 0, 1.0, tries=1), LIFE)
    desk.see_page("ann", 1.0)
    desk.change("ann", Change(b"one", None, 0, drop=True))
    assert not desk.state("ann", "a", State("sent", 0, 2.0, "SM1", 1), LIFE)
    desk.deliver("ann", "w", b"y")
    assert desk.see_page("ann", 20.0) == "none"
    desk.close_page("ann", 21.0)
    assert (desk.states("ann"), desk.inbox("ann"), desk.page("ann")) == ({}, [], Page())
    if any_store.client is not None:
        assert not any(cast(redis.Redis, any_store.client).exists(key) for key in keys.ticket_keys("ann", "s"))


def test_what_lies_beside_a_ticket_lives_as_long_as_that(any_store: Store) -> None:
    desk = any_store.desk
    for life in (0, LIFE):  # 0: a legal hold
        desk.change("ann", replace(OPEN, before=desk.ticket("ann"), life=life))
        desk.state("ann", "a", State("sent", 0, 5.0, "SM1", 1), 9 * LIFE)
        desk.deliver("ann", "w", b"y")
        desk.see_page("ann", 10.0)
        if any_store.client is not None:
            names = [keys.of("ann", kind) for kind in (keys.SENT, keys.INBOX, keys.PAGE)]
            lives = [cast(redis.Redis, any_store.client).ttl(name) for name in names]
            assert all(left == -1 if life == 0 else 0 < left <= LIFE for left in lives)


def test_a_change_may_leave_the_life_as_it_is(any_store: Store) -> None:
    desk = any_store.desk
    for life, left in ((LIFE, LIFE), (0, -1)):  # 0: a legal hold
        desk.change("ann", replace(OPEN, before=desk.ticket("ann"), life=life))
        assert desk.change("ann", Change(b"one", b"one", KEEP_LIFE, notes=[b"a rung"], outbox=[("a", b"x")]))
        assert desk.notes("ann")[-1] == b"a rung"
        if any_store.client is not None:
            names = [keys.of("ann", kind) for kind in (keys.TICKET, keys.LOG, keys.OUTBOX)]
            assert {cast(redis.Redis, any_store.client).ttl(name) for name in names} <= {left, left - 1}


def test_what_is_announced_is_due_shown_and_wakes(any_store: Store) -> None:
    desk = any_store.desk
    desk.announce("ann", 50.0, ("ann-1", 3, b"new"))
    desk.announce("ann", 60.0, ("ann-1", 2, b"old"))
    desk.announce("ben", 70.0, None)
    assert (desk.due_at("ann"), desk.due_at("ben"), desk.shown()) == (50.0, 70.0, {"ann-1": b"new"})
    began = time.monotonic()
    desk.sleep(30)
    assert time.monotonic() - began < 20


def test_a_shift_is_read_with_the_places_that_are_taken(any_store: Store) -> None:
    desk = any_store.desk
    assert desk.shift("s1") is None
    desk.set_duty("s1", b"sealed", 5.0)
    desk.hold("s1", "ann-1", 3)
    assert desk.shift("s1") == (b"sealed", 5.0, 1)


def test_what_finds_no_place_in_the_outbox_is_shown_as_not_sent(any_store: Store) -> None:
    desk = any_store.desk
    many = [(f"m{n}", b"x") for n in range(MOST_WAITING + 1)]
    desk.change("ann", replace(OPEN, outbox=many))
    assert len(desk.outbox("ann")) == MOST_WAITING
    assert desk.states("ann")[f"m{MOST_WAITING}"] == State("dropped", FULL)


def test_a_page_that_looks_is_written_down_now_and_then(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", OPEN)
    looks = [desk.see_page("ann", 100.0 + second) for second in range(0, 12, 2)]
    assert looks == ["known"] * 6
    assert desk.page("ann") == Page(110.0)


def test_a_closed_page_may_come_back_for_a_minute(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", OPEN)
    desk.see_page("ann", 100.0)
    desk.close_page("ann", 101.0)
    assert desk.page("ann") == Page(100.0, 101.0)
    assert desk.see_page("ann", 103.0) == "back"
    assert desk.page("ann") == Page(103.0)
    desk.close_page("ann", 104.0)
    assert desk.see_page("ann", 104.0 + BACK_WITHIN) == "late"
    assert desk.page("ann").gone(104.0 + BACK_WITHIN)


def test_a_page_that_writes_is_there_unless_it_was_closed_since(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", OPEN)
    desk.close_page("ann", 100.0)
    assert desk.see_page("ann", 99.0, "writes") == "known"  # its last words, a moment before
    assert desk.page("ann").closed == 100.0
    assert desk.see_page("ann", 100.0 + BACK_WITHIN, "writes") == "back"
    assert desk.page("ann") == Page(100.0 + BACK_WITHIN)


def test_a_page_that_nobody_has_seen_for_an_hour_may_look_but_not_be_loaded_again(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", OPEN)
    desk.see_page("ann", 100.0)
    assert desk.see_page("ann", 99.0 + UNSEEN, "again") == "known"
    assert desk.see_page("ann", 99.0 + 2 * UNSEEN) == "known"  # it slept, and shows it all
    last = desk.page("ann").seen
    for _ in range(2):  # the answer may be lost
        assert desk.see_page("ann", last + UNSEEN, "again") == "late"
    assert desk.page("ann") == Page(last, last)
    desk.see_page("ann", last + UNSEEN, "writes")
    desk.close_page("ann", last + 2 * UNSEEN)
    assert desk.see_page("ann", last + 2 * UNSEEN + 1, "again") == "back"  # it was there a second ago


def test_what_is_known_of_a_page_ends_with_its_hand_off(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", OPEN)
    desk.close_page("ann", 100.0)
    desk.change("ann", Change(b"one", b"two", LIFE))
    assert desk.page("ann").closed
    desk.change("ann", Change(b"two", b"another", LIFE, fresh=True))
    assert desk.page("ann") == Page()


def test_a_locked_record_is_out_of_the_way_of_the_next_ticket(any_store: Store) -> None:
    desk = any_store.desk
    desk.change("ann", replace(OPEN, outbox=[("a", b"x")]))
    assert desk.change("ann", Change(b"one", b"flagged", LIFE, [b"withdrawn"], drop=True, lock=True, serial="s1"))
    desk.index_locked("ann-s1")
    assert (desk.ticket("ann"), desk.notes("ann"), desk.outbox("ann")) == (None, [], [])
    assert (desk.locked("ann", "s1"), desk.notes("ann", "s1")) == (b"flagged", [b"opened", b"withdrawn"])
    assert desk.change("ann", OPEN)
    assert desk.all_locked() == {"ann-s1": b"flagged"}
    desk.keep_locked("ann", "s1", "ann-s1", b"held", 0)
    assert desk.locked("ann", "s1") == b"held"
    desk.erase_locked("ann", "s1", "ann-s1")
    assert (desk.locked("ann", "s1"), desk.notes("ann", "s1"), desk.all_locked()) == (None, [], {})


def test_what_is_locked_is_named_under_the_contact_itself(any_store: Store) -> None:
    desk = any_store.desk
    for serial in ("s1", "s2"):
        desk.change("ann", OPEN)
        assert desk.change("ann", Change(b"one", b"flagged", LIFE, drop=True, lock=True, serial=serial))
    assert sorted(desk.locks("ann")) == ["s1", "s2"]
    desk.erase_locked("ann", "s1", "ann-s1")
    desk.unlock("ann", "s1")
    assert desk.locks("ann") == ["s2"]


def test_who_is_due_comes_again_until_settled(any_store: Store) -> None:
    desk = any_store.desk
    desk.mark("ann", 100.0)
    desk.mark("ann", 200.0)  # an earlier moment stands
    desk.mark("bob", 150.0)
    assert desk.due(99.0, 130.0, 10) == []
    assert desk.due(100.0, 130.0, 10) == ["ann"]
    assert desk.due_at("ann") == 130.0
    desk.settle("ann", 130.0, 500.0)
    assert desk.due_at("ann") == 500.0
    desk.settle("ann", 500.0, None)
    assert desk.due_at("ann") is None
    assert desk.overdue(150.0) == 1


def test_a_mark_made_while_somebody_looked_is_not_lost(any_store: Store) -> None:
    desk = any_store.desk
    desk.mark("ann", 100.0)
    desk.due(100.0, 130.0, 10)
    desk.mark("ann", 101.0)
    desk.settle("ann", 130.0, None)
    assert desk.due_at("ann") == 101.0


def test_one_at_a_time_sends_to_a_contact(any_store: Store) -> None:
    desk = any_store.desk
    assert desk.lease("ann", "one", 25)
    assert not desk.lease("ann", "two", 25)
    desk.release("ann", "two")
    assert not desk.lease("ann", "two", 25)
    desk.release("ann", "one")
    assert desk.lease("ann", "two", 25)


def test_the_consoles_list_takes_no_older_word(any_store: Store) -> None:
    desk = any_store.desk
    before = desk.poll(0, 0.0)
    desk.show("t1", 3, b"three")
    desk.show("t1", 2, b"two")
    now = desk.poll(before.cursor, 0.0)
    assert now.tickets == {"t1": b"three"}
    assert desk.poll(now.cursor, 0.0).tickets is None
    desk.hide("t1")
    assert desk.poll(now.cursor, 0.0).tickets == {}


def test_duty_places_beats_waits_and_pace(any_store: Store) -> None:
    desk = any_store.desk
    desk.set_duty("s1", b"sealed", 10.0)
    desk.see("s1", 20.0)
    assert desk.duty() == {"s1": (b"sealed", 20.0)}
    assert [desk.hold("s1", t, 2) for t in ("a", "b", "a", "c")] == [True, True, True, False]
    desk.unhold("s1", "a")
    assert desk.hold("s1", "c", 2)
    assert sorted(desk.holds("s1")) == ["b", "c"]
    desk.beat(30.0)
    assert desk.poll(-1, 0.0).beat == 30.0
    desk.waited(12, 40)
    assert desk.waits() == [(40.0, 12.0)]
    assert [round(desk.pace("us", 100.0, 1.0, 1.5), 3) for _ in range(4)] == [0, 1, 2, 2]  # past the most nothing is reserved


def test_lost_indexes_are_built_again_from_the_tickets(any_store: Store, clock: Clock) -> None:
    desk = any_store.desk
    desk.change("ann", OPEN)
    desk.push("bob", [("a", b"x")], LIFE)
    assert desk.rebuild() == 2
    assert sorted(desk.due(clock(), clock() + 30, 10)) == ["ann", "bob"]
