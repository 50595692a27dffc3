"""Reading through broken glass: each look is recorded before anything is shown, and each answer says until
when.

Whoever may see the case anyway looks through no glass. Called where a placement or a case is reached
(`api.http.reaching`, `api.http.reaching_cases`).
"""

from __future__ import annotations

import hashlib

from api.http.entering import Entered
from api.http.problems import Problem
from domain.case import CaseState
from domain.case.guarding import LookThroughGlass, decide
from domain.permissions import Allowed, Facts, Relation
from domain.refusals import Refusal
from domain.vocabulary import CaseId
from domain.world import Context, Decided, World, on_stream
from ledger.store.ids import uuid_8
from ledger.store.metadata import Metadata
from ledger.store.transact import Command, Done


async def looked_through(
    entered: Entered, case_id: CaseId, case: CaseState, relations: frozenset[Relation], unknown: Refusal
) -> None:
    """Mark the answer where their glass is broken; where they see it for no other reason, record the look.

    Errors: the ledger's: then nothing is shown. The problem `unknown` where the glass has just closed.
    """
    if Relation.GLASS not in relations:
        return
    actor = entered.caller.actor
    entered.visit.glass_until = max(
        broken.until for broken in case.breakings.values() if broken.actor == actor
    )
    anyway = entered.verdict(Facts(relations=relations - {Relation.GLASS} or frozenset({Relation.NONE})))
    if entered.request.method != "GET" or isinstance(anyway, Allowed):
        return
    engine = entered.doors.engine

    def decided(world: World, context: Context) -> Decided:
        look = LookThroughGlass(actor=actor)
        return on_stream(case_id, decide(look, world.case(case_id), context.now, context.new_id))

    done = await engine.run(_look(entered), decided)
    if not isinstance(done, Done) or not done.events:
        raise Problem(unknown)


def _look(entered: Entered) -> Command:
    """A look is a command of its own each time: it has no key, and none is repeated."""
    doors, caller = entered.doors, entered.caller
    digest = hashlib.sha256(doors.engine.transactor.sources.new_id().bytes).digest()
    metadata = Metadata(
        network=doors.network_id,
        command_id=uuid_8(digest),
        correlation_id=entered.visit.correlation_id,
        causation_id=None,
        actor=caller.actor,
        on_behalf_of=caller.on_behalf_of,
        role=caller.principal.role,
        device=caller.device,
        app_version=doors.app_version,
    )
    return Command(digest=digest, metadata=metadata)
