"""What no start waits for is made ready in the background of a server process, so that hardly anybody's text waits for it."""

from __future__ import annotations

import threading
from functools import partial

from .app import App
from .zips import look_up

AT_ONCE = 0.0  # seconds; the first text may be an emergency
LATER = 20.0  # the ZIP codes stop everything else for a quarter of a second: right at a start, the first texts


def warm(app: App) -> None:
    """Open the second reader's network, and a little later read the ZIP codes. Whoever asks sooner waits for the ZIP codes."""
    for after, ready in ((AT_ONCE, app.content.recogniser.prepare), (LATER, partial(look_up, "02139"))):
        timer = threading.Timer(after, ready)
        timer.daemon = True
        timer.start()
