"""What every page tells the browser: nothing from elsewhere, nothing kept, no frame, no referrer."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
}


def secure(web: Flask) -> None:
    """Add the headers to every answer; only our own style and script may be kept by the browser."""

    @web.after_request
    def add(response: Response) -> Response:
        if request.path.startswith("/twilio/"):  # no browser reads it
            return response
        response.headers.update(HEADERS)
        kept = request.path.startswith("/static/") and response.status_code == 200
        response.headers["Cache-Control"] = "public, max-age=3600" if kept else "no-store"
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
