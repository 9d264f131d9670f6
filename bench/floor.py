"""The floor: the smallest Flask app that does what nobody may leave out.

It checks the signature with Twilio's RequestValidator, GETs and SETs one key, and answers with Twilio's MessagingResponse.
"""

from __future__ import annotations

import os

import redis
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

ANSWER = (
    "Detox is getting through withdrawal with care. Medicine can ease it. You don't have to do it alone. Where are you now?\n"
    "1 I'm sick right now\n2 Planning it\n3 For someone else\nOr HUMAN for a person."
)


def create() -> Flask:
    app = Flask(__name__)
    store = redis.Redis.from_url(os.environ["REDIS_URL"])
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
    url = os.environ["PUBLIC_URL"]

    @app.post("/twilio/sms")
    def sms() -> Response:
        if not validator.validate(url + request.path, request.form, request.headers.get("X-Twilio-Signature", "")):
            return Response("", 403)
        key = f"floor:{request.form['From']}"
        store.get(key)
        store.set(key, request.form["MessageSid"])
        answer = MessagingResponse()
        answer.message(ANSWER)
        return Response(str(answer), mimetype="text/xml")

    return app
