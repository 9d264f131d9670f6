"""What a web process runs that is no fork of its server: the app from the environment. And the end with the server."""

from __future__ import annotations

import os
import threading
import time

from flask import Flask

from .. import settings
from ..app import build
from ..log import configure
from ..processes import started
from ..warming import warm
from .create import create_app

LIVE = "HELPLINE_LIVE"  # set by `helpline serve` for the processes that it starts
LOOK_EVERY = 0.5  # seconds


def create() -> Flask:
    configure()
    end_with_parent()
    app = build(settings.read(), live=os.environ.get(LIVE) == "1")
    web = create_app(app)
    started()
    warm(app)
    return web


def end_with_parent() -> None:
    """A worker whose server was killed would go on holding the port (granian does not look)."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()
