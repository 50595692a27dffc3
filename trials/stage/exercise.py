"""The line that no trial crosses: a REAL log is refused before anything is written."""

from __future__ import annotations

from domain.vocabulary import LogKind
from ledger.store.port import LogBirth


class RealLog(Exception):
    """This log is REAL: trials play only on an EXERCISE log of their own."""

    def __str__(self) -> str:
        return (type(self).__doc__ or "").strip()


async def require_exercise(log: LogBirth) -> None:
    """Refuses (`RealLog`) a log that was born REAL; one not yet born is free to become an exercise."""
    birth = await log.birth()
    if birth is not None and birth.kind is LogKind.REAL:
        raise RealLog
