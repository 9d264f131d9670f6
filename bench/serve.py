"""Serves an app in a process of its own: `python -m bench.serve APP WORKERS THREADS`, the floor as bot/serving.py serves us."""

from __future__ import annotations

import os
import sys

from granian import Granian
from granian.constants import Interfaces


def main() -> None:
    app, workers, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    Granian(
        app,
        factory=True,
        address="127.0.0.1",
        port=int(os.environ["PORT"]),
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        websockets=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main()
