"""How sending ends, and why, in words: what a provider's file returns, and what the console shows."""

from __future__ import annotations

from dataclasses import dataclass

UNSUBSCRIBED, WINDOW_CLOSED = 21610, 63016
NO_ACCOUNT, GAVE_UP, KEY_GONE, FULL = 1, 2, 3, 4  # our own codes, where no number of Twilio's fits

# Why a message did not arrive. Twilio's codes: https://www.twilio.com/docs/api/errors
WHY = {
    21610: "They texted STOP: nothing can be sent.",
    21211: "Their number is not valid.",
    21408: "Texts to their region are not switched on.",
    21612: "Their number cannot be reached by text.",
    21614: "Their number cannot take texts.",
    21606: "Our number cannot send texts there.",
    21617: "The text is too long.",
    30002: "Our Twilio account is suspended.",
    30003: "Their phone is off or out of reach, or their plan blocks this number.",
    30004: "Their phone or carrier blocks our texts.",
    30005: "Their number is unknown or no longer in use.",
    30006: "A landline, or a carrier that cannot be reached.",
    30007: "Their carrier filtered the text.",
    30008: "The carrier gives no reason.",
    30034: "Our number is not registered for these texts.",
    63016: "WhatsApp: more than 24 hours since their last text, so it cannot be sent.",
    NO_ACCOUNT: "This helpline has no Twilio account: nothing leaves from here.",
    GAVE_UP: "It could not be handed to Twilio in time.",
    FULL: "Too many texts to this person wait to be sent.",
    KEY_GONE: "Its key is gone from HELPLINE_KEYS.",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """Twilio took it."""

    sid: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Twilio did not take it, or nobody knows. code: Twilio's, 0 for none. retry: it may pass later. unsure: it may have been
    sent: ask before it is sent again."""

    code: int = 0
    retry: bool = False
    unsure: bool = False
