"""Copies of one case for a court: ordered here, and for the reserved annex agreed to by another person here.

They are written on the machine itself, by `approdo dossier`; no door gives one.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import Asked, ask
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.dossiers import DossierAnswer, DossierApprovalBody, DossierBody
from api.http.reaching_cases import reach_case
from api.http.reading import read_body
from api.http.second_person import by_another, tied_to_caller
from api.http.stepping_up import must_have_stepped_up
from domain.case import DossierOrdered
from domain.case.copying import ApproveDossier, CopyingCommand, OrderDossier, decide
from domain.permissions import Action
from domain.vocabulary import CaseId, DossierId
from domain.world import Context, Decided, World, on_stream
from ledger.store.transact import Done
from projections.dossier_view import DossiersView, dossiers_view

router = APIRouter()
_TAG = "dossiers"


@router.get(
    "/cases/{case_id}/dossiers",
    **documented(
        "list_dossiers",
        "Which copies of this case a court was given, or is to be given: by whose order, up to where.",
        DossiersView,
        tag=_TAG,
    ),
)
async def show(request: Request, case_id: UUID) -> Response:
    entered = await enter(request, Action.SEE_DOSSIERS)
    await reach_case(entered, CaseId(case_id))
    return as_json(await _dossiers(entered, case_id))


@router.post(
    "/cases/{case_id}/dossiers",
    **documented(
        "order_dossier",
        "Order a copy of this case for a court, by the number of its written order. Nothing leaves by that.",
        DossierAnswer,
        tag=_TAG,
        status=201,
        body=DossierBody,
        example={"kind": "OSTENSIBLE", "reference": "2029/0000311"},
        description="OSTENSIBLE: what the parties may read, with no house, zone, ranking or other case. "
        "RESERVED: the annex with the rankings, which another person must approve and which is encrypted to "
        "one recipient. Either is written once, by `approdo dossier` on the machine itself.",
    ),
)
async def order(request: Request, case_id: UUID) -> Response:
    entered = await _entered(request, case_id)
    body = await read_body(request, DossierBody)
    command = OrderDossier(kind=body.kind, reference=body.reference, actor=entered.caller.actor)
    done = await _run(ask(entered, body, case_id), case_id, command)
    made = next(each.event for each in done.events if isinstance(each.event, DossierOrdered))
    return await _answer(entered, case_id, made.dossier_id, done, status=201)


@router.post(
    "/cases/{case_id}/dossiers/{dossier_id}/approval",
    **documented(
        "approve_dossier",
        "Another person agrees that the reserved annex is made.",
        DossierAnswer,
        tag=_TAG,
        body=DossierApprovalBody,
        required=False,
        description="Not by who ordered it. A copy that may be shown needs no approval.",
    ),
)
async def approve(request: Request, case_id: UUID, dossier_id: UUID) -> Response:
    entered = await _entered(request, case_id)
    body = await read_body(request, DossierApprovalBody)
    command = ApproveDossier(dossier_id=DossierId(dossier_id), actor=entered.caller.actor)
    asked = ask(entered, body, case_id, dossier_id)
    done = await _run(asked, case_id, command, await tied_to_caller(entered))
    return await _answer(entered, case_id, dossier_id, done)


async def _entered(request: Request, case_id: UUID) -> Entered:
    entered = await enter(request, Action.ORDER_DOSSIER)
    await reach_case(entered, CaseId(case_id))
    must_have_stepped_up(entered)
    return entered


async def _run(
    asked: Asked, case_id: UUID, command: CopyingCommand, tied: frozenset[UUID] = frozenset()
) -> Done:
    """`tied`: who must not have ordered it."""

    def decided(world: World, context: Context) -> Decided:
        state = world.case(CaseId(case_id))
        made = on_stream(case_id, decide(command, state, context.new_id))
        approved = isinstance(command, ApproveDossier) and state.dossiers.get(command.dossier_id)
        return by_another(made, approved.ordered.ordered_by if approved else None, tied)

    return await asked.run(decided)


async def _dossiers(entered: Entered, case_id: UUID, *, upto: int | None = None) -> DossiersView:
    store = entered.doors.engine.transactor.store
    return dossiers_view(case_id, (await store.read_streams((case_id,), upto=upto)).get(case_id, ()))


async def _answer(
    entered: Entered, case_id: UUID, dossier_id: UUID, done: Done, *, status: int = 200
) -> Response:
    known = await _dossiers(entered, case_id, upto=done.position)
    dossier = next(each for each in known.dossiers if each.dossier_id == dossier_id)
    answer = DossierAnswer(position=done.position, recorded_at=done.receipt.recorded_at, dossier=dossier)
    return as_json(answer, status=status)
