"""Whether a PostgreSQL server is set as a log in earnest needs: its own log silent, what it acknowledged
kept.

Asked once for each address when a ledger is opened, in a session of the role that will use it, because a
database or a role can have settings of its own. A REAL log is refused on an unfit server; an EXERCISE goes on
and says so. Called by `api.wiring`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from domain.vocabulary import LogKind
from ledger.log_lines import Line, tell
from ledger.postgres.faults import ServerUnfit
from ledger.postgres.settings import LASTING, SILENT
from ledger.store.driver_errors import DRIVER_ERRORS, as_fault

CALL_SECONDS = 30.0
_ASK = "SELECT name, setting FROM pg_settings WHERE name = ANY($1)"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitness:
    """The settings that are not as they must be, and what each must be; an exercise may lose its data."""

    telling: Mapping[str, str]
    losing: Mapping[str, str]

    def require(self, kind: LogKind) -> None:
        """Refuses (`ServerUnfit`) a REAL log where one setting is wrong; of an EXERCISE's the log is told."""
        if kind is LogKind.REAL and (wrong := {**self.telling, **self.losing}):
            raise ServerUnfit("; ".join(f"{name} = {right}" for name, right in wrong.items()))
        for name, right in self.telling.items():
            tell(_log, logging.WARNING, Line.SERVER_SETTING, setting=name, wanted=right)


async def fitness(dsn: str) -> Fitness:
    """What is wrong with the server behind an address. Errors: `StoreUnreachable`, `StoreRefused`."""
    try:
        connection = await asyncpg.connect(dsn, timeout=CALL_SECONDS, command_timeout=CALL_SECONDS)
        try:
            rows = await connection.fetch(_ASK, [*SILENT, *LASTING])
        finally:
            await connection.close()
    except DRIVER_ERRORS as cause:
        raise as_fault(cause) from None
    found = {row["name"]: row["setting"] for row in rows}
    return Fitness(telling=_wrong(SILENT, found), losing=_wrong(LASTING, found))


def _wrong(needed: Mapping[str, tuple[str, ...]], found: Mapping[str, str]) -> Mapping[str, str]:
    """A setting that the server does not know is one of a module that it has not loaded."""
    return {name: right[0] for name, right in needed.items() if name in found and found[name] not in right}
