"""The first page: who waits, what I hold, who is on duty; and what every page of the console asks for again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import tickets
from ..app import App
from .console_session import me
from .console_view import OUTCOMES, Card, ago, card, clock_time

HALF_HOUR = 30 * 60
LONGEST_SHIFT = 12 * 2  # half hours that the list of shift ends goes on
HAND_OVER_FROM = 10 * 60  # seconds before the end of a shift; then the page asks to hand over


def add(routes: Blueprint, app: App, zone: tzinfo) -> None:
    @routes.get("/")
    def queue() -> str:
        tickets.heartbeat(app, me())
        return render_template("console_queue.html", **_everything())

    @routes.get("/updates")
    def updates() -> Response:
        """What changed since `cursor`: parts of the page, drawn here, so that script and plain page cannot differ."""
        found = tickets.changes(app, me(), whole(request.args.get("cursor", "")))
        duty = tickets.duty_of(app, me())
        told: dict[str, object] = {
            "cursor": found.cursor,
            "changed": found.changed,
            "on_duty": duty is not None,
            "banners": _banners(found.health, duty),
        }
        if found.changed:
            told["waiting"] = found.waiting
            told["unread"] = sum(row.unread for row in found.mine)
            told["withdrawn"] = found.withdrawn
            told["backup"] = _backup(found.backup)
        if found.changed and request.args.get("page") == "queue":
            told["parts"] = _parts()
        return jsonify(told)

    @routes.post("/here")
    def here() -> Response:
        """Somebody uses the page: a key, a click."""
        return jsonify(on_duty=tickets.heartbeat(app, me()) is not None)

    @routes.get("/next")
    def next_unread() -> Response:
        """Where the next of my conversations with something new is."""
        new = [row for row in tickets.held(app, me()) if row.unread]
        return jsonify(link=url_for("console.conversation", ticket=new[0].id) if new else "")

    @routes.post("/duty")
    def duty() -> Response:
        until, phone = whole(request.form.get("until", "")), _dialled(request.form.get("phone", ""))
        return _done(lambda: tickets.go_on_duty(app, me(), float(until), phone))

    @routes.post("/pause")
    def pause() -> Response:
        return _done(lambda: tickets.pause(app, me(), request.form.get("on") == "yes"))

    @routes.post("/backup")
    def backup() -> Response:
        return _done(lambda: tickets.ask_for_backup(app, me(), request.form.get("on") == "yes"))

    @routes.post("/off-duty")
    def off_duty() -> Response | str:
        try:
            tickets.go_off_duty(app, me())
        except tickets.StillHolding as still:
            return _hand_over(str(still))
        flash("You are off duty. Thank you.")
        return _to_queue()

    @routes.get("/hand-over")
    def hand_over() -> Response | str:
        return _hand_over("")

    def _hand_over(words: str) -> str:
        mine = [card(app, row) for row in tickets.held(app, me())]
        others = [duty for duty in tickets.on_duty(app) if duty.staff != me().id]
        return render_template(
            "console_hand_over.html",
            mine=mine,
            others=others,
            words=words,
            outcomes=OUTCOMES,
            now=app.clock(),
            ago=ago,
            back="hand_over",
        )

    def _everything() -> dict[str, object]:
        rows, mine = tickets.queue(app), tickets.held(app, me())
        duty = tickets.duty_of(app, me())
        backup = [d.name for d in tickets.on_duty(app) if d.backup_since and d.staff != me().id]
        return {
            "waiting": [card(app, row) for row in rows],
            "mine": [card(app, row) for row in mine],
            "others": tickets.on_duty(app),
            "open": _of_others() if me().supervises else [],
            "duty": duty,
            "me": me(),
            "now": app.clock(),
            "ago": ago,
            "at": lambda epoch: clock_time(epoch, zone),
            "most": tickets.MOST_AT_ONCE,
            "banners": [*_banners(tickets.health(app), duty), *_backup(backup)],
            "ends": _shift_ends(app.clock(), zone),
        }

    def _of_others() -> list[Card]:
        return [card(app, row) for row in tickets.everything(app, me()) if row.state == "connected" and row.staff != me().id]

    def _parts() -> dict[str, str]:
        """The parts of the first page that change by themselves. A form that somebody may be filling in is none of them."""
        facts = _everything()
        parts = ("waiting", "mine", "others", *(("open",) if me().supervises else ()))
        return {part: render_template(f"console_part_{part}.html", **facts) for part in parts}

    def _banners(health: tickets.Health, duty: tickets.Duty | None) -> list[dict[str, str]]:
        found = []
        if not health.alive:
            words = "Replies are not being sent right now. They are kept in order and leave as soon as sending works again. "
            found.append({"kind": "red", "words": words + "In an emergency use another phone."})
        elif health.unsent:
            found.append({"kind": "red", "words": "Some replies should have left by now. They are kept, and tried again."})
        if duty and duty.phone_stopped:
            words = "Your phone for nudges has opted out: text START from it to our number. Until then no nudge gets to it."
            found.append({"kind": "amber", "words": words})
        if duty and duty.holding and duty.until - app.clock() < HAND_OVER_FROM:
            words = f"Your shift ends at {clock_time(duty.until, zone)}. Hand over or close your conversations."
            found.append({"kind": "amber", "words": words, "link": url_for("console.hand_over"), "label": "Hand over"})
        return found


def _backup(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"kind": "amber", "words": f"{' and '.join(names)} asked for backup."}] if names else []


def _done(act: Callable[[], object]) -> Response:
    """Do it, and back to the queue; what is refused is told there."""
    try:
        act()
    except tickets.Refused as refused:
        flash(str(refused), "problem")
    return _to_queue()


def _to_queue() -> Response:
    return redirect(url_for("console.queue"), 303)


def _shift_ends(now: float, zone: tzinfo) -> list[tuple[int, str]]:
    """The half hours of the next twelve: epoch seconds and words."""
    first = int(now // HALF_HOUR + 1) * HALF_HOUR
    today = datetime.fromtimestamp(now, zone).date()
    ends = []
    for at in (first + step * HALF_HOUR for step in range(LONGEST_SHIFT)):
        tomorrow = "" if datetime.fromtimestamp(at, zone).date() == today else " tomorrow"
        ends.append((at, f"{clock_time(at, zone)}{tomorrow} ({ago(at - now)})"))
    return ends


def _dialled(written: str) -> str:
    """A phone as staff write it, (555) 123-4567, the way it is dialled: +15551234567. Anything else stays, to be refused."""
    digits = re.sub(r"[\s().-]", "", written)
    if re.fullmatch(r"1?[2-9]\d{9}", digits):
        return "+1" + digits[-10:]
    return digits


def whole(value: str) -> int:
    """A number that a page sent, 0 for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 20 else 0
