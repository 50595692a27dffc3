"""What must be preserved of a case, and the end of its key: asked for by one person, approved by another.

Nothing is destroyed by default, and no door destroys what only one person wants gone. Who looks after data
protection keeps the holds: she herself or her lawyer may ask for one.
"""

from __future__ import annotations

import contextlib
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.erasing import Erasing
from api.http.answering import as_json
from api.http.commanding import Asked, ask
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.fields import Body
from api.http.models.preserving import LegalHoldBody, LegalHoldLiftingBody, ShreddingBody, ShreddingNamedBody
from api.http.models.preserving_answers import PreservationAnswer
from api.http.reaching_cases import reach_case
from api.http.reading import read_body
from api.http.second_person import by_another, tied_to_caller
from api.http.stepping_up import must_have_stepped_up
from api.loops.automatic import Automatic
from domain.case.preserving import (
    ApproveShredding,
    LiftLegalHold,
    PlaceLegalHold,
    PreservingCommand,
    ProposeShredding,
    RejectShredding,
    decide,
)
from domain.permissions import Action
from domain.vocabulary import CaseId, LegalHoldId
from domain.world import Context, Decided, World, on_stream
from ledger.store.transact import Done
from ledger.vault.port import VaultUnreachable
from projections.preservation_view import PreservationView, preservation_view

router = APIRouter()
_TAG = "preservation"
_Body = TypeVar("_Body", bound=Body)
_SHREDDING = {"shredding_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d99"}


@router.get(
    "/cases/{case_id}/preservation",
    **documented(
        "show_preservation",
        "Legal holds, destructions proposed and approved, and what can no longer be shown.",
        PreservationView,
        tag=_TAG,
    ),
)
async def show(request: Request, case_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_LEGAL_HOLD, Action.SHRED)
    await reach_case(entered, CaseId(case_id))
    engine = entered.doors.engine
    rows = (await engine.transactor.store.read_streams((case_id,))).get(case_id, ())
    return as_json(preservation_view(CaseId(case_id), rows, engine.index.places.network.zone))


@router.post(
    "/cases/{case_id}/legal-holds",
    **documented(
        "place_legal_hold",
        "Nothing of this case is destroyed until the hold is lifted. She or her lawyer may ask for it.",
        PreservationAnswer,
        tag=_TAG,
        status=201,
        body=LegalHoldBody,
        example={"asked_by": "HER_LAWYER", "reference": "2026/0001234"},
    ),
)
async def place_hold(request: Request, case_id: UUID) -> Response:
    asked, body = await _asked(request, case_id, LegalHoldBody, Action.KEEP_LEGAL_HOLD)
    command = PlaceLegalHold(asked_by=body.asked_by, reference=body.reference)
    return await _answer(asked, case_id, await _done(asked, case_id, command), status=201)


@router.post(
    "/cases/{case_id}/legal-holds/{hold_id}/lifting",
    **documented(
        "lift_legal_hold",
        "The hold ends. Nothing is destroyed by that: whoever wants it must propose it.",
        PreservationAnswer,
        tag=_TAG,
        body=LegalHoldLiftingBody,
        example={"reference": "2031/0000007"},
    ),
)
async def lift_hold(request: Request, case_id: UUID, hold_id: UUID) -> Response:
    asked, body = await _asked(request, case_id, LegalHoldLiftingBody, Action.KEEP_LEGAL_HOLD, hold_id)
    command = LiftLegalHold(hold_id=LegalHoldId(hold_id), reference=body.reference)
    return await _answer(asked, case_id, await _done(asked, case_id, command))


@router.post(
    "/cases/{case_id}/shredding",
    **documented(
        "propose_shredding",
        "Propose to destroy the key of this case, and with it all that is kept for her. Changes nothing yet.",
        PreservationAnswer,
        tag=_TAG,
        status=201,
        body=ShreddingBody,
        example={
            "decision": "2041/0000124",
            "administrative": True,
            "archive_authorisation": "2041/0000031",
        },
        description="By the number of the controller's decision; for an administrative record also that of "
        "the archive authority's authorisation (art. 21 D.Lgs. 42/2004). Refused while a legal hold stands.",
    ),
)
async def propose(request: Request, case_id: UUID) -> Response:
    asked, body = await _asked(request, case_id, ShreddingBody, Action.SHRED, proved=True)
    command = ProposeShredding(
        actor=asked.entered.caller.actor,
        decision=body.decision,
        administrative=body.administrative,
        archive_authorisation=body.archive_authorisation,
    )
    return await _answer(asked, case_id, await _done(asked, case_id, command), status=201)


@router.post(
    "/cases/{case_id}/shredding/approval",
    **documented(
        "approve_shredding",
        "Another person approves: the key is destroyed at once, for good. What happened stays on record.",
        PreservationAnswer,
        tag=_TAG,
        body=ShreddingNamedBody,
        example=_SHREDDING,
        description="Not by who proposed it. The answer shows the approval; that the key is gone shows "
        "GET /cases/{case_id}/preservation, at once or, where the vault did not answer, as soon as it does.",
    ),
)
async def approve(request: Request, case_id: UUID) -> Response:
    asked, body = await _asked(request, case_id, ShreddingNamedBody, Action.SHRED, proved=True)
    command = ApproveShredding(shredding_id=body.shredding_id, actor=asked.entered.caller.actor)
    done = await _done(asked, case_id, command, await tied_to_caller(asked.entered))
    doors = asked.entered.doors
    automatic = Automatic(network_id=doors.network_id, app_version=doors.app_version)
    with contextlib.suppress(VaultUnreachable):  # the approval stands: the loop finishes it
        await Erasing(doors.vault, doors.engine, automatic).finish(CaseId(case_id), body.shredding_id)
    return await _answer(asked, case_id, done)


@router.post(
    "/cases/{case_id}/shredding/rejection",
    **documented(
        "reject_shredding",
        "The proposal is over and nothing was destroyed. Who made it may also take it back so.",
        PreservationAnswer,
        tag=_TAG,
        body=ShreddingNamedBody,
        example=_SHREDDING,
    ),
)
async def reject(request: Request, case_id: UUID) -> Response:
    asked, body = await _asked(request, case_id, ShreddingNamedBody, Action.SHRED)
    command = RejectShredding(shredding_id=body.shredding_id)
    return await _answer(asked, case_id, await _done(asked, case_id, command))


async def _asked(
    request: Request, case_id: UUID, model: type[_Body], action: Action, *others: UUID, proved: bool = False
) -> tuple[Asked, _Body]:
    entered = await enter(request, action)
    await reach_case(entered, CaseId(case_id))
    if proved:
        must_have_stepped_up(entered)
    body = await read_body(request, model)
    return ask(entered, body, case_id, *others), body


async def _done(
    asked: Asked, case_id: UUID, command: PreservingCommand, tied: frozenset[UUID] = frozenset()
) -> Done:
    """`tied`: who must not have proposed it."""

    def decided(world: World, context: Context) -> Decided:
        state = world.case(CaseId(case_id))
        made = on_stream(case_id, decide(command, state, context.new_id))
        return by_another(made, state.proposed.proposed_by if state.proposed is not None else None, tied)

    return await asked.run(decided)


async def _answer(asked: Asked, case_id: UUID, done: Done, *, status: int = 200) -> Response:
    engine = asked.entered.doors.engine
    rows = (await engine.transactor.store.read_streams((case_id,), upto=done.position)).get(case_id, ())
    answer = PreservationAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        preservation=preservation_view(CaseId(case_id), rows, engine.index.places.network.zone),
    )
    return as_json(answer, status=status)
