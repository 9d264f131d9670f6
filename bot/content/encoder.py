"""Runs the network of the second reader (bot/models/network.msgpack) with onnxruntime.

onnxruntime takes a quarter of a second to import, on a busy machine seconds: no start waits for that, and no text longer than
PATIENCE. A server that has just started opens it in the background (bot/warming.py).
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..core.linear import CLASSES
from ..log import log

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

PIECES = "pieces"  # the name of what goes in
SHARES = 1 + len(CLASSES)  # that come out: of "none of these", and of each class
SAMPLE = (2, 3)  # a text of no words: start and end, as training/network.py numbers them
SILENT = 4  # onnxruntime's level for what ends a process: its own lines could hold parts of a text, and would not be ours
PATIENCE = 0.5  # seconds after the begin of an opening that texts wait for it; then the first reader decides alone


class Encoder:
    """Is a bot.core.network.Hear. Threads may share it, and forks that are made before or after an opening. Never raises.

    problem: why it can never run, "" as long as it may.
    """

    def __init__(self, model: bytes) -> None:
        self.problem = ""
        self._model = model
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None
        self._late = 0.0
        self._session: InferenceSession | None = None
        self._failed = False

    @property
    def settled(self) -> bool:
        return self._session is not None or bool(self.problem)

    def prepare(self) -> None:
        self._begin().join()

    def __call__(self, pieces: Sequence[int]) -> Sequence[float]:
        if not self.settled:
            self._begin().join(max(0.0, self._late - time.monotonic()))
        session = self._session
        if session is None:
            return ()
        try:
            return _heard(session, pieces)
        except Exception as error:  # whatever a library may raise: the first reader and the rules have read the text already
            self._tell_once(error)
            return ()

    def _begin(self) -> threading.Thread:
        """The thread that opens it, begun once. `_late`: from then on no text waits, however often it is read in its turn."""
        with self._lock:
            # A fork takes no threads along: there it is begun again.
            if self._opening is None or not (self._opening.is_alive() or self.settled):
                self._late = time.monotonic() + PATIENCE
                self._opening = threading.Thread(target=self._try, daemon=True)
                self._opening.start()
            return self._opening

    def _try(self) -> None:
        try:
            session = _session(self._model)
            _heard(session, SAMPLE)
            self._session = session
        except Exception as error:
            self.problem = f"{type(error).__name__}: {str(error).splitlines()[0][:200]}" if str(error) else type(error).__name__
            log.error("second_reader_broken", error=self.problem, hint="Emergencies are known by the rules and the first reader")

    def _tell_once(self, error: Exception) -> None:
        if not self._failed:
            self._failed = True
            log.error("second_reader_failed", error=type(error).__name__, hint="For that text; it is asked again for the next")


def _session(model: bytes) -> InferenceSession:
    import onnxruntime

    onnxruntime.set_default_logger_severity(SILENT)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = SILENT
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # texts are read side by side, not parts of one
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _heard(session: InferenceSession, pieces: Sequence[int]) -> Sequence[float]:
    told = tuple(session.run(None, {PIECES: [list(pieces)]})[0][0].tolist())
    if len(told) != SHARES or not all(map(math.isfinite, told)):
        raise ValueError("the network says no shares")
    return told
