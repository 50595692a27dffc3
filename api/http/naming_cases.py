"""Cases that a body names: one that is not there for whoever names it, a conflict of interest, is taken for
an id that names nothing, so that all that follows is as it would then be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from api.http.commanding import Asked
from domain.coordination.requesting import RequestPlacement
from domain.vocabulary import CaseId

Reachable = Callable[[CaseId], CaseId]


def reachable(asked: Asked) -> Reachable:
    """From a case named to the case meant. The same each time: a decision may be taken again."""
    engine, actor = asked.entered.doors.engine, asked.entered.caller.actor
    nowhere: dict[CaseId, CaseId] = {}

    def meant(named: CaseId) -> CaseId:
        if named not in engine.index.access.kept_from(actor):
            return named
        if named not in nowhere:
            nowhere[named] = CaseId(asked.new_id())
        return nowhere[named]

    return meant


def as_meant(command: RequestPlacement, meant: Reachable) -> RequestPlacement:
    """A request that names cases, with those it means."""
    if command.case_id is None and not command.apart_from:
        return command
    case_id = meant(command.case_id) if command.case_id is not None else None
    return replace(command, case_id=case_id, apart_from=tuple(meant(each) for each in command.apart_from))
