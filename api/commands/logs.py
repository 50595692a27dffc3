"""What the process writes to its log: one JSON object a line, and never the text of an exception.

The text of a fault can carry values of people (a database's words, a parser's); its type and where it was
raised cannot. Not the record of what happened: that is the ledger.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import orjson


class JsonLines(logging.Formatter):
    """Each line has `at`, `level`, `from` and `said`; a fault adds its type and place."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "from": record.name,
            "said": record.msg if record.exc_info else record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return orjson.dumps(line, default=str, option=orjson.OPT_UTC_Z).decode()


def _where(record: logging.LogRecord) -> list[str]:
    """The last frames, innermost last, as module and line."""
    trace = record.exc_info[2] if record.exc_info else None
    frames: list[str] = []
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[-5:]


def configure(level: str) -> None:
    """Log to standard error from this level on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
