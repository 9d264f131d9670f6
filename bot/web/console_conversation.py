"""One conversation: reading it, taking it, writing, and every way to end or pass it on. Plain posts; the script only adds."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import tzinfo

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from .. import tickets
from ..app import App
from ..core.sms import size
from .console_queue import whole
from .console_session import me, problem, wants_json
from .console_view import ENDED, FLAGS, LANGUAGES, OUTCOMES, ago, card, clock_time, delivery, page_of

LONGEST_REASON = 200
Answer = str | AnyResponse | tuple[Response, int]


def add(routes: Blueprint, app: App, zone: tzinfo) -> None:
    @routes.get("/c/<ticket>")
    def conversation(ticket: str) -> Answer:
        tickets.heartbeat(app, me())
        return _page(ticket)

    @routes.get("/c/<ticket>/entries")
    def entries(ticket: str) -> Answer:
        """What came after `since`, drawn here, and how every message of ours fares now."""
        found = tickets.conversation(app, me(), ticket, whole(request.args.get("since", "")))
        return jsonify(
            state=found.row.state,
            holder=found.row.staff_name,
            mine=found.row.staff == me().id,
            seq=found.row.seq,
            html=[{"seq": entry.seq, "who": entry.who, "html": _entry(entry)} for entry in found.entries],
            deliveries={seq: delivery(told) for seq, told in found.deliveries.items()},
            facts=render_template("console_part_facts.html", **_facts(found)),
            window=found.window,
        )

    @routes.post("/c/<ticket>/claim")
    def claim(ticket: str) -> Answer:
        try:
            tickets.claim(app, me(), ticket)
        except tickets.Taken as taken:
            flash(f"Taken by {taken.by}, a moment before you.", "problem")
            return redirect(url_for("console.queue"), 303)
        except tickets.Refused as refused:
            flash(str(refused), "problem")
            return redirect(url_for("console.queue"), 303)
        return redirect(url_for("console.conversation", ticket=ticket, _anchor="text"), 303)

    @routes.post("/c/<ticket>/reply")
    def reply(ticket: str) -> Answer:
        text, token = request.form.get("text", ""), request.form.get("token", "")
        if name := request.form.get("canned", ""):  # without script: put a ready text into the draft
            return _page(ticket, draft=_with_canned(ticket, name, text), token=token)
        try:
            entry = tickets.reply(app, me(), ticket, text, token)
        except tickets.Refused as refused:
            if wants_json():
                return problem(str(refused), 409)
            flash(str(refused), "problem")
            return _page(ticket, draft=text, token=token)
        if wants_json():
            return jsonify(seq=entry.seq, html=_entry(entry))
        return redirect(url_for("console.conversation", ticket=ticket, _anchor="text"), 303)

    @routes.post("/c/<ticket>/transfer")
    def transfer(ticket: str) -> Answer:
        to = request.form.get("to", "")
        names = {duty.staff: duty.name for duty in tickets.on_duty(app)}
        return _ended(lambda: tickets.transfer(app, me(), ticket, to), f"Handed over to {names.get(to, 'somebody else')}.")

    @routes.post("/c/<ticket>/hand-back")
    def hand_back(ticket: str) -> Answer:
        return _ended(lambda: tickets.hand_back(app, me(), ticket), "Back in the queue, at its old place.")

    @routes.post("/c/<ticket>/close")
    def close(ticket: str) -> Answer:
        return _ended(lambda: tickets.close(app, me(), ticket, request.form.get("outcome", "")), "Closed. The person was told.")

    @routes.post("/c/<ticket>/flag")
    def flag(ticket: str) -> Answer:
        name, on = request.form.get("name", ""), request.form.get("on") == "yes"
        return _stayed(ticket, lambda: tickets.flag(app, me(), ticket, name, on))

    @routes.post("/c/<ticket>/reveal")
    def reveal(ticket: str) -> Answer:
        """The number stands on this one page only: looking again is asked, and logged, again."""
        try:
            number = tickets.reveal(app, me(), ticket, request.form.get("reason", "").strip()[:LONGEST_REASON])
            return _page(ticket, number=number or "There is no number: this is a web chat.")
        except tickets.Refused as refused:
            flash(str(refused), "problem")
            return redirect(url_for("console.conversation", ticket=ticket), 303)

    @routes.post("/c/<ticket>/erase")
    def erase(ticket: str) -> Answer:
        if request.form.get("sure") != "yes":
            flash("Tick the box first: an erased record does not come back.", "problem")
            return redirect(url_for("console.conversation", ticket=ticket), 303)
        return _ended(lambda: tickets.erase(app, me(), ticket), "The record is erased.", "console.locked")

    def _page(ticket: str, draft: str = "", token: str = "", number: str = "") -> str:
        found = tickets.conversation(app, me(), ticket)
        duty = tickets.duty_of(app, me())
        return render_template(
            "console_conversation.html",
            **_facts(found),
            entries=[(entry, _entry(entry, found.deliveries.get(entry.seq))) for entry in found.entries],
            seq=found.row.seq,
            mine=found.row.staff == me().id,
            open=found.row.state in ("waiting", "connected"),
            duty=duty,
            others=[one for one in tickets.on_duty(app) if one.staff != found.row.staff],
            canned=tickets.canned(app, found.row.language),
            canned_language=LANGUAGES.get(found.row.language, "English"),
            outcomes=OUTCOMES,
            all_flags=[(flag, FLAGS[flag], flag in found.row.flags) for flag in tickets.FLAGS],
            draft=draft,
            size=size(draft),
            token=token or str(uuid.uuid4()),
            number=number,
            longest=tickets.LONGEST_REPLY,
            longest_reason=LONGEST_REASON,
            ended=ENDED.get(found.outcome, found.outcome),
            health=tickets.health(app),
        )

    def _facts(found: tickets.Conversation) -> dict[str, object]:
        return {
            "card": card(app, found.row),
            "window": found.window,
            "page": page_of(found, app.clock()),
            "now": app.clock(),
            "ago": ago,
            "me": me(),
        }

    def _entry(entry: tickets.Entry, told: tickets.Delivery | None = None) -> str:
        return render_template(
            "console_part_entry.html",
            entry=entry,
            at=clock_time(entry.at, zone),
            delivery=delivery(told or entry.delivery),
            mine=entry.who == "counselor",
        )

    def _with_canned(ticket: str, name: str, text: str) -> str:
        row = tickets.conversation(app, me(), ticket).row
        words = next((one.text for one in tickets.canned(app, row.language) if one.id == name), "")
        return f"{text.rstrip()} {words}".strip()


def _ended(act: Callable[[], object], words: str, page: str = "console.queue") -> AnyResponse:
    """Do what takes the conversation from this page, and go where it leads; what is refused is told there."""
    try:
        act()
        flash(words)
    except tickets.Refused as refused:
        flash(str(refused), "problem")
    back = request.form.get("back", "")
    return redirect(url_for("console.hand_over" if back == "hand_over" else page), 303)


def _stayed(ticket: str, act: Callable[[], object]) -> AnyResponse:
    try:
        act()
    except tickets.Refused as refused:
        flash(str(refused), "problem")
    return redirect(url_for("console.conversation", ticket=ticket), 303)
