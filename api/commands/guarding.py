"""What a process does before anything else, so that it leaves nothing of what it knows behind: its log in the
one form, no fault printed with its words, no image of its memory on disk.

Called by the command line, whatever the command.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
from types import TracebackType

from ledger.log_lines import JsonLines, Line, tell

_PR_SET_DUMPABLE = 4

_log = logging.getLogger("approdo")


def guard() -> None:
    """For the whole process, from now on: what it logs, and what a fault or a crash leaves."""
    _configure()
    leave_no_core()


def log_from(level: str) -> None:
    """Log from this level on; warnings and worse unless this is said."""
    logging.getLogger().setLevel(level.upper())


def _configure() -> None:
    """Log to standard error, and let Python's own last words go the same way."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.raiseExceptions = False  # a line that cannot be written is not told with its words either
    logging.captureWarnings(True)
    sys.excepthook = _unforeseen
    sys.unraisablehook = lambda told: _aside(told.exc_value, told.exc_traceback)
    threading.excepthook = lambda told: _aside(told.exc_value, told.exc_traceback)


def leave_no_core() -> None:
    """No core file, by whatever means the machine takes one; children inherit the limit.

    On Linux the process is also marked so that a handler of cores gets none and no other process of the same
    user may read its memory.
    """
    try:
        import resource
    except ImportError:  # no such limit on this system
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _unforeseen(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    _log.critical(Line.PROGRAM_FAILED, exc_info=(kind, fault, trace))


def _aside(fault: BaseException | None, trace: TracebackType | None) -> None:
    if fault is None:
        tell(_log, logging.ERROR, Line.FAULT_ASIDE)
    else:
        _log.error(Line.FAULT_ASIDE, exc_info=(type(fault), fault, trace))
