"""What somebody may do with one case: how they stand to it is how they stand to any of its placements.

As for a placement, whoever may not know of it hears what is said of an id that names nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.http.entering import Entered
from api.http.glass import looked_through
from api.http.problems import Problem
from api.http.reaching import relations_by
from api.http.states import folded_rows
from api.http.trouble_texts import Trouble
from domain import case
from domain.case import CaseState
from domain.permissions import NO_RELATION, Denied, Facts, Relation
from domain.refusals import Refusal
from domain.vocabulary import CaseId


@dataclass(frozen=True, slots=True)
class ReachedCase:
    """A case that somebody may do with what the door does, and how they stand to it."""

    entered: Entered
    case_id: CaseId
    state: CaseState
    relations: frozenset[Relation]


async def reach_case(entered: Entered, case_id: CaseId) -> ReachedCase:
    """Errors: problem 404 where there is none, or none that they may know of; 403 where they may know, and no
    more.
    """
    store = entered.doors.engine.transactor.store
    await entered.doors.engine.index.catch_up()
    rows = (await store.read_streams((case_id,))).get(case_id, ())
    state, _ = folded_rows("case", rows, case.initial, case.evolve)
    if not state.opened:
        raise Problem(Refusal.CASE_UNKNOWN)
    streams = await store.read_streams(state.placements)
    found = [await relations_by(entered, each, streams.get(each, ())) for each in state.placements]
    relations = frozenset().union(*found) or NO_RELATION
    verdict = entered.verdict(Facts(relations=relations))
    if isinstance(verdict, Denied):
        raise Problem(Refusal.CASE_UNKNOWN if verdict.hidden else Trouble.FORBIDDEN)
    await looked_through(entered, case_id, state, relations, Refusal.CASE_UNKNOWN)
    return ReachedCase(entered, case_id, state, relations)
