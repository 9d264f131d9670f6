"""What RQ runs, by name, with contact ids as its only arguments. Each job gets the app that the worker built."""

from __future__ import annotations

from dataclasses import dataclass

from .app import App
from .attend import attend
from .log import log
from .outbound import Post
from .store import StoreDown


@dataclass(slots=True)
class _Ready:
    """What `get_ready` was given: a job is found by RQ through its name, so there is no other way to hand it over."""

    app: App | None = None
    post: Post | None = None


_ready = _Ready()


def get_ready(app: App, post: Post) -> None:
    """Called once by the worker, before any job."""
    _ready.app, _ready.post = app, post


def look_after(contact: str) -> None:
    """Do what is due for `contact`."""
    if _ready.app is not None and _ready.post is not None:
        attend(_ready.app, _ready.post, contact)


def beat() -> None:
    """Show that jobs are run: the console is red without it."""
    if _ready.app is not None:
        try:
            _ready.app.store.desk.beat(_ready.app.clock())
        except StoreDown as error:
            log.warning("store_down", problem=str(error))
