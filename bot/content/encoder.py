"""Runs the network of the second reader (bot/models/network.msgpack) with onnxruntime.

onnxruntime takes a quarter of a second to import: no start waits for that. The first text that needs it does, or the
background of a server that has just started (bot/warming.py).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..log import log

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

PIECES = "pieces"  # the name of what goes in
QUIET = 3  # onnxruntime's level for errors: below it, it tells of hardware that a server has not


class Encoder:
    """Callable as bot.core.network.Hear. Threads may share it; a fork opens its own at its first text."""

    def __init__(self, model: bytes) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._session: InferenceSession | None = None
        self._broken = False

    def __call__(self, pieces: Sequence[int]) -> Sequence[float]:
        """The logarithms of the shares; () where the network cannot be run, which is logged once: nobody goes unanswered."""
        try:
            session = self._session or self._open()
            return tuple(session.run(None, {PIECES: [pieces]})[0][0].tolist()) if session else ()
        except Exception as error:  # whatever a library may raise: the first reader and the rules have read the text already
            self._give_up(error)
            return ()

    def _open(self) -> InferenceSession | None:
        with self._lock:
            if self._session is None and not self._broken:
                import onnxruntime

                onnxruntime.set_default_logger_severity(QUIET)
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = options.inter_op_num_threads = 1  # texts are read side by side, not parts of one
                self._session = onnxruntime.InferenceSession(self._model, options, providers=["CPUExecutionProvider"])
        return self._session

    def _give_up(self, error: Exception) -> None:
        if not self._broken:
            self._broken = True
            log.error(
                "second_reader_broken", error=type(error).__name__, hint="Emergencies are known by the rules and one reader"
            )
