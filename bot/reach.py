"""Whom staff nudges reach: which settings are missing for them, and whether any phone is there at all."""

from __future__ import annotations

from collections.abc import Iterable

from .settings import Settings

NO_SENDER = (
    "SMS_SENDER is not set: staff are texted from the number that the waiting person texted, and not at all for a web chat or "
    "WhatsApp. Set it to a number of yours that sends texts."
)
NO_BACKUP = (
    "BACKUP_PHONES is not set: when nobody on duty answers, nobody else is texted. Set it to the phones of who stands by, like "
    "+15551234567."
)
NO_ACCOUNT = "TWILIO_ACCOUNT_SID is not set: what counselors write, and nudges, cannot leave as text messages. Set it."
NO_PHONE = "No phone is set for anyone on duty: when somebody waits, only this page tells it. Set one under your shift."


def gaps(settings: Settings) -> list[str]:
    """What a program that hands over still lacks to reach its staff, each with the setting's name and the mend."""
    given = {NO_ACCOUNT: settings.twilio_account_sid, NO_SENDER: settings.sms_sender, NO_BACKUP: settings.backup_phones}
    return [words for words, value in given.items() if not value]


def unreached(settings: Settings, phones: Iterable[bool]) -> list[str]:
    """The same for who is on duty now. phones: of each of them, whether one is set."""
    here = list(phones)
    return [*([NO_PHONE] if here and not any(here) else []), *gaps(settings)]
