"""The whole log leaves the house by two persons' will alone: one asks here, another agrees here. It is made
on the machine itself, by `approdo replay --dump`, and no door ever gives more than one case.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import Asked, ask
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.exporting import ExportAnswer, ExportApprovalBody, ExportBody
from api.http.reading import read_body
from api.http.second_person import by_another, tied_to_caller
from api.http.stepping_up import must_have_stepped_up
from domain import network
from domain.network import ApproveExport, ExportApproved, ExportCommand, ExportRequested, RequestExport
from domain.permissions import Action
from domain.vocabulary import ExportId
from domain.world import Context, Decided, World, on_stream
from ledger.store.transact import Done

router = APIRouter()
_TAG = "exports"


@router.post(
    "/exports",
    **documented(
        "request_export",
        "Ask that the whole log may be written out once. Another person must agree.",
        ExportAnswer,
        tag=_TAG,
        status=201,
        body=ExportBody,
        example={"reference": "2041/0000200"},
        description="It takes the place of an earlier request that was not made yet.",
    ),
)
async def request_it(request: Request) -> Response:
    entered = await enter(request, Action.EXPORT_LOG)
    must_have_stepped_up(entered)
    body = await read_body(request, ExportBody)
    asked = ask(entered, body)
    export_id = ExportId(asked.new_id())
    command = RequestExport(export_id=export_id, actor=entered.caller.actor, reference=body.reference)
    done = await _run(asked, command)
    made = next(each.event for each in done.events if isinstance(each.event, ExportRequested))
    return _answer(done, made.export_id, status=201)


@router.post(
    "/exports/{export_id}/approval",
    **documented(
        "approve_export",
        "Another person agrees: for 24 hours the whole log may be written out once, and that is recorded.",
        ExportAnswer,
        tag=_TAG,
        body=ExportApprovalBody,
        required=False,
    ),
)
async def approve(request: Request, export_id: UUID) -> Response:
    entered = await enter(request, Action.EXPORT_LOG)
    must_have_stepped_up(entered)
    body = await read_body(request, ExportApprovalBody)
    asked = ask(entered, body, export_id)
    command = ApproveExport(export_id=ExportId(export_id), actor=entered.caller.actor)
    return _answer(await _run(asked, command, await tied_to_caller(entered)), export_id)


async def _run(asked: Asked, command: ExportCommand, tied: frozenset[UUID] = frozenset()) -> Done:
    """`tied`: who must not have asked for it."""

    def decided(world: World, context: Context) -> Decided:
        state = world.network()
        made = on_stream(context.network_id, network.decide(command, state, context.now))
        return by_another(made, state.export.requested_by if state.export is not None else None, tied)

    return await asked.run(decided)


def _answer(done: Done, export_id: UUID, *, status: int = 200) -> Response:
    approved = (each.event for each in done.events if isinstance(each.event, ExportApproved))
    until = next((event.until for event in approved), None)
    answer = ExportAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        export_id=export_id,
        approved_until=until,
    )
    return as_json(answer, status=status)
