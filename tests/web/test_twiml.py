"""Our TwiML beside what twilio's own library makes of the same answer."""

from __future__ import annotations

from xml.etree.ElementTree import canonicalize

from hypothesis import example, given
from hypothesis import strategies as st
from twilio.twiml.messaging_response import MessagingResponse

from bot.web.twiml import twiml

# What XML can hold: no control characters but these, no halves of a character.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n\t", exclude_characters="\ufffe\uffff")
)


@given(st.lists(TEXT, max_size=3), TEXT)
@example([], "/twilio/status")
@example(["Tom & Ann <b> \"1\" '2' ]]>", "&amp;"], 'https://x.example/twilio/status?m=1&n="2" \'')
def test_it_says_what_twilios_own_library_says(messages: list[str], status: str) -> None:
    theirs = MessagingResponse()
    for message in messages:
        theirs.message(message, status_callback=status)
    assert canonicalize(twiml(messages, status)) == canonicalize(str(theirs))
