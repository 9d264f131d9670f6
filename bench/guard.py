"""Ends the servers of a benchmark that can no longer do so itself (kill -9): run beside it, reads its standard input.

A line is the id of a process group that was started, or with a minus before it one that has ended. At the end of the input
whatever still runs is killed.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the benchmark, which ends its servers in order
    running: set[int] = set()
    for line in sys.stdin:
        group = int(line)
        running.add(group) if group > 0 else running.discard(-group)
    for group in running:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
