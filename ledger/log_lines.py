"""What a process may write to its log: lines of a closed list, with values of a closed list of keys.

Whoever logs says a `Line` and gives values by key; a key that is not known, or a value that does not have
its key's form, is dropped before the line is made. Words of other programs (the server's, the driver's,
asyncio's) are reduced to where they come from and, where their template is known, to a code. An exception is
its type and the lines of code it passed, never its text. Not the record of what happened: that is the ledger.
Called by every module that logs; `JsonLines` is put in force by `api.commands.guarding`.
"""

from __future__ import annotations

import enum
import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from uuid import UUID

import orjson

MOST_FRAMES = 12


class Line(enum.StrEnum):
    """Everything that is ever said. None has a place for a value: values stand beside it, by key."""

    REQUEST_ANSWERED = "a request was answered"
    REQUEST_FAILED = "a request ended in a fault that nobody foresaw"
    LEDGER_FAULT = "the ledger could not do what a request asked"
    UNAUTHENTICATED = "a request came without a valid proof of who asks"
    NEWS_ENDED = "a stream of news ends after a fault"
    LOOP_RESTARTED = "a loop starts again after a fault"
    SEALING_STOPPED = "the log is not sealed any more: the database is not the one that was sealed"
    WITNESS_SILENT = "a witness did not answer: it is asked again"
    WITNESS_REFUSED = "a witness does not take this log's heads: its settings or ours are wrong"
    WITNESS_SAW_OTHERS = "a witness remembers other events than this log has: find out before anything else"
    WITNESS_SAW_MORE = "a witness has seen more of this log than there is: find out before anything else"
    WITNESSES_MISSING = "for an hour too few witnesses have seen the log's last head"
    STAMP_MISSING = "the provider of time stamps did not answer: it is asked again"
    STAMP_REFUSED = "what the provider of time stamps gave is no stamp of the log's head"
    VIEWS_STOPPED = "the views stop before an event that cannot be read"
    KEY_SET_UNUSABLE = "the key set has changed and cannot be used: the keys read before stay in force"
    SERVER_GONE = "the embedded PostgreSQL is gone and is started again"
    SERVER_DOES_NOT_START = "the embedded PostgreSQL does not start"
    SERVER_SETTING = "a setting of PostgreSQL is not what a REAL log needs"
    PROGRAM_FAILED = "the program ends after a fault that nobody foresaw"
    UNUSUAL_ASKING = "somebody asked or read unusually much: a notice is kept for the lead body"
    DESK_TOLD = "a desk would be told that there is a task: this is an exercise"
    FAULT_ASIDE = "a fault in a thread or at an object's end"
    FOREIGN = "another program's words are left out"


def _shaped(pattern: str) -> Callable[[object], object]:
    known = re.compile(pattern)

    def shaped(value: object) -> object:
        return str(value) if isinstance(value, str) and known.fullmatch(value) else None

    return shaped


def _number(value: object) -> object:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _id(value: object) -> object:
    return str(value) if isinstance(value, UUID) else None


def _fault(value: object) -> object:
    """The type's name, never its text; the SQLSTATE of the database's error behind it is told beside it."""
    return type(value).__name__ if isinstance(value, BaseException) else None


_CODE = _shaped(r"[A-Z][A-Z0-9_]{0,63}")
_NAME = _shaped(r"[A-Za-z_][A-Za-z0-9_.]{0,79}")

KEYS: Mapping[str, Callable[[object], object]] = {
    "method": _shaped(r"[A-Z]{3,7}"),
    "route": _shaped(r"(/[a-z0-9_{}.:-]*)+|unmatched"),
    "status": _number,
    "milliseconds": _number,
    "correlation_id": _id,
    "fault": _fault,
    "sqlstate": _shaped(r"[0-9A-Z]{5}"),
    "reason": _CODE,
    "loop": _NAME,
    "position": _number,
    "witness": _NAME,
    "count": _number,
    "topic": _shaped(r"[a-z]+\.[a-z-]+\.[0-9]{1,4}"),
    "why": _NAME,
    "setting": _shaped(r"[a-z_]+(\.[a-z_]+)?"),
    "wanted": _shaped(r"[a-z0-9_, -]{1,60}"),
}
"""The keys a line may have besides `at`, `level`, `from`, `said`, `code` and `where`, and their forms."""

KNOWN_WORDS: Mapping[str, str] = {
    "Exception in ASGI application\n": "ASGI_EXCEPTION",
    "Invalid HTTP request received.": "HTTP_MALFORMED",
    "Task exception was never retrieved": "TASK_FAULT",
    "Future exception was never retrieved": "TASK_FAULT",
    "Started server process [%d]": "SERVER_STARTED",
    "Finished server process [%d]": "SERVER_FINISHED",
    "Waiting for application startup.": "STARTING",
    "Application startup complete.": "STARTED",
    "Waiting for application shutdown.": "STOPPING",
    "Application shutdown complete.": "STOPPED",
    "Shutting down": "STOPPING",
    "Waiting for connections to close. (CTRL+C to force quit)": "STOPPING",
    "Waiting for background tasks to complete. (CTRL+C to force quit)": "STOPPING",
    "Cancel %s running task(s), timeout graceful shutdown exceeded": "TASKS_CANCELLED",
    "ASGI callable returned without starting response.": "ASGI_NO_RESPONSE",
    "ASGI callable returned without completing response.": "ASGI_NO_RESPONSE",
}
"""Templates of other programs, as their source has them, and the code each is reduced to."""


def tell(log: logging.Logger, level: int, line: Line, **values: object) -> None:
    """Write one line. A value whose key or form is not known is left out."""
    if log.isEnabledFor(level):
        log.log(level, line, extra={"values": values})


class JsonLines(logging.Formatter):
    """One JSON object a line: `at`, `level`, `from`, `said`, and the values that may be told."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "from": record.name,
            **(_ours(record, record.msg) if isinstance(record.msg, Line) else _foreign(record)),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = frames(record.exc_info[2])
        return orjson.dumps(line, option=orjson.OPT_UTC_Z).decode()


def _ours(record: logging.LogRecord, said: Line) -> dict[str, object]:
    values: Mapping[str, object] = getattr(record, "values", {})
    behind = {"sqlstate": getattr(values.get("fault"), "sqlstate", None)}
    formed = {key: KEYS[key](value) for key, value in {**behind, **values}.items() if key in KEYS}
    return {"said": said.value, **{key: value for key, value in formed.items() if value is not None}}


def _foreign(record: logging.LogRecord) -> dict[str, object]:
    code = KNOWN_WORDS.get(record.msg) if isinstance(record.msg, str) else None
    return {"said": Line.FOREIGN.value, **({"code": code} if code is not None else {})}


def frames(trace: TracebackType | None) -> list[str]:
    """The last frames of a fault, innermost last, as module and line: no value of any variable."""
    found: list[str] = []
    while trace is not None:
        found.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-MOST_FRAMES:]
