"""Whether a PostgreSQL server is set as a log in earnest needs: its own log silent, what it acknowledged
kept.

Asked once for each address when a ledger is opened, in a session of the role that will use it, because a
database or a role can have settings of its own. A REAL log is refused on an unfit server; an EXERCISE goes on
and says so. Called by `api.wiring`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import asyncpg

from domain.vocabulary import LogKind
from ledger.faults import StoreRefused, StoreUnreachable
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


async def fitness(dsn: str, *rooms: str) -> Fitness:
    """What is wrong with the server behind the log's address, and behind those of other rooms if they answer:
    only sealed bytes and digests go there, and a program starts without them.

    Errors: `StoreUnreachable`, `StoreRefused`, of the log's alone.
    """
    found = [await _settings(dsn)]
    for room in rooms:
        with suppress(StoreUnreachable, StoreRefused):
            found.append(await _settings(room))
    return Fitness(telling=_wrong(SILENT, found), losing=_wrong(LASTING, found))


async def _settings(dsn: str) -> Mapping[str, str]:
    try:
        connection = await asyncpg.connect(dsn, timeout=CALL_SECONDS, command_timeout=CALL_SECONDS)
        try:
            rows = await connection.fetch(_ASK, [*SILENT, *LASTING])
        finally:
            await connection.close()
    except DRIVER_ERRORS as cause:
        raise as_fault(cause) from None
    return {row["name"]: row["setting"] for row in rows}


def _wrong(needed: Mapping[str, tuple[str, ...]], servers: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    """A setting that a server does not know is one of a module that it has not loaded."""
    return {
        name: right[0]
        for name, right in needed.items()
        if any(name in found and found[name] not in right for found in servers)
    }
