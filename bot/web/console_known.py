"""Which browsers have signed in to a name before. They are let past the lock of it, which otherwise anybody could keep shut: a
counselor signs in at the browser where they sign in every day.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from ..app import App
from ..staff import Account, mark_of

COOKIE = "helpline_known"
PATH = "/console/sign-in"  # nothing else is told of it
KNOWN_FOR = 90 * 86400  # seconds since the last sign-in: one shift a month keeps a browser known
MOST_KNOWN = 8  # people who share one browser; a cookie has no room for a whole staff


@dataclass(frozen=True, slots=True)
class Known:
    """The cookie with the marks of those who signed in here, signed with a key of its own."""

    signer: URLSafeTimedSerializer
    secure: bool

    def marks(self) -> tuple[str, ...]:
        """Whose browser this is; nobody's when the cookie is missing, too old, or not ours."""
        try:
            marks = self.signer.loads(request.cookies.get(COOKIE, ""), max_age=KNOWN_FOR)
        except BadData:
            return ()
        return tuple(marks)

    def remember(self, answer: Response, account: Account) -> None:
        mark = mark_of(account)
        marks = [mark, *(other for other in self.marks() if other != mark)][:MOST_KNOWN]
        answer.set_cookie(
            COOKIE, self.signer.dumps(marks), KNOWN_FOR, path=PATH, secure=self.secure, httponly=True, samesite="Strict"
        )


def known(app: App) -> Known:
    return Known(URLSafeTimedSerializer(app.derived("browsers that signed in"), salt="known"), app.live)
