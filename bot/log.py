"""Structured logs: event names, node ids, counts. Never a number, an address or a text."""

from __future__ import annotations

import logging
import sys

import structlog

# What a log line may hold. Anything else is dropped, so that a careless call cannot leak.
ALLOWED = frozenset(
    """event level timestamp logger node means kind detail problem url count port path store version seconds restart_in_s workers
    pid process exit_code contact_channel error nodes unreviewed program hint ticket staff""".split()
)


def configure(quiet: bool = False) -> None:
    """Logs as JSON lines on standard error. Third-party loggers only from WARNING: twilio's prints numbers at INFO.

    `quiet` keeps only errors, for a terminal that a person reads.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    for noisy in ("twilio", "twilio.http_client", "transitions", "rq", "werkzeug"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # A retry is a warning that holds the URL, and in a look at Twilio's list of messages that one has `To=` and a number.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if quiet else logging.INFO),
        logger_factory=lambda *_: _StandardError(),
    )


class _StandardError:
    """Writes lines to standard error. A full disk or a closed pipe must not cost a person their answer."""

    def msg(self, message: str) -> None:
        try:
            sys.stderr.write(message + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            pass

    debug = info = warning = error = critical = msg


def _only_allowed(logger: object, method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: value for key, value in line.items() if key in ALLOWED}


log: structlog.stdlib.BoundLogger = structlog.get_logger()
