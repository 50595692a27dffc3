"""Telling a desk that something waits for it, and nothing else: the port, the two texts, and the ways that
reach nobody.

A telephone lies on a table and is shared. So a message has no place for a name, a house, a level, an hour, a
number or an id: the port takes a desk and has no other argument, and what to do is seen by signing in. A way
that rings real telephones opens the desk's number by itself and is another adapter. Called by
`api.loops.notifying`.
"""

from __future__ import annotations

import logging
from typing import Protocol

from domain.vocabulary import DeskId
from ledger.log_lines import Line, tell

TEXT_IT = "Approdo: nuova attività"
TEXT_EN = "Approdo: new task"
"""All that is ever sent, whatever it is about."""

_log = logging.getLogger(__name__)


class Notifier(Protocol):
    """Tells a desk that something waits. It may be told twice of one thing; it is told at least once."""

    async def new_task(self, desk_id: DeskId) -> None: ...


class TellsNobody:
    """Where no way out was chosen: nothing is told, screens show what waits."""

    async def new_task(self, desk_id: DeskId) -> None:
        """Nothing."""


class Exercise:
    """An exercise reaches nobody: what would have been sent is kept here, and the log has a line."""

    def __init__(self) -> None:
        self.told: list[tuple[DeskId, str]] = []

    async def new_task(self, desk_id: DeskId) -> None:
        self.told.append((desk_id, f"{TEXT_IT} / {TEXT_EN}"))
        tell(_log, logging.INFO, Line.DESK_TOLD)
