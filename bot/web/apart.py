"""An application of its own under one path, made when first asked for: what no text needs keeps no text waiting at a start."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Apart:
    """`main`, but everything at and below `path` goes to what `make` returns. Paths are passed on whole."""

    def __init__(self, main: WSGIApplication, path: str, make: Callable[[], WSGIApplication]) -> None:
        self._main, self._path, self._make = main, path, make
        self._made: WSGIApplication | None = None
        self._making = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get("PATH_INFO", "")
        if asked != self._path and not asked.startswith(f"{self._path}/"):
            return self._main(environ, start_response)
        return self._there()(environ, start_response)

    def _there(self) -> WSGIApplication:
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made
