"""What Twilio says when nothing of ours can be reached."""

from __future__ import annotations

from click.testing import CliRunner

from bot.cli import main
from bot.core.sms import size
from tests.phone import messages


def test_the_fallback_is_twiml_in_both_languages_with_every_number_and_no_digit_to_reply() -> None:
    printed = CliRunner().invoke(main, ["fallback"])
    assert printed.exit_code == 0
    english, spanish = messages(printed.output.strip())
    for message in (english, spanish):
        assert "911" in message
        assert "988" in message
        assert "1-800-662-4357" in message
        assert size(message).segments <= 2
        assert size(message).encoding == "GSM-7"
    assert "llame al 911" in spanish
    assert "\n1 " not in english
