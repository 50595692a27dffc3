"""A request closed without an admission here, and entries declared wrong."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import placement_answer
from api.http.commanding import invalid
from api.http.documenting import documented
from api.http.models.answers import PlacementAnswer
from api.http.models.steps import ClosureBody, CorrectionBody
from api.http.stepping import step
from domain.codes import CorrectionReason
from domain.coordination.correcting import CorrectEntry, correct_entry
from domain.coordination.ending import CloseRequest, close
from domain.permissions import Action
from domain.world import Context, Decided, World

router = APIRouter()
_TAG = "coordination"


@router.post(
    "/placements/{placement_id}/closure",
    **documented(
        "close_request",
        "No place of this network is sought any more: what is held is given back and the placement ends.",
        PlacementAnswer,
        tag=_TAG,
        body=ClosureBody,
        example={"outcome": "PLACED_BY_NEIGHBOUR"},
        etag=True,
    ),
)
async def close_request(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, ClosureBody, Action.COORDINATE_PLACEMENT)

    def decided(world: World, context: Context) -> Decided:
        command = CloseRequest(
            placement_id=known, outcome=body.outcome, occurred_at=body.occurred_at or context.now
        )
        return close(command, world, context)

    return await placement_answer(asked, known, await asked.run(decided))


@router.post(
    "/placements/{placement_id}/corrections",
    **documented(
        "correct_entry",
        "An entry of this placement is declared wrong; it stays as it is.",
        PlacementAnswer,
        tag=_TAG,
        body=CorrectionBody,
        example={"version": 7, "reason": "WRONG_TIME", "true_occurred_at": "2026-11-22T02:05:00Z"},
        description="Also of a placement that has ended. `version` is what GET /placements/{placement_id}"
        "/history says of the entry.",
        etag=True,
    ),
)
async def correct(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, CorrectionBody, Action.CORRECT_ENTRY)
    if (body.true_occurred_at is not None) != (body.reason is CorrectionReason.WRONG_TIME):
        raise invalid(
            "/true_occurred_at",
            "WITH_WRONG_TIME",
            "Indica quando è successo davvero con WRONG_TIME, e solo con quello.",
            "Give when it really happened with WRONG_TIME, and with that alone.",
        )
    command = CorrectEntry(
        placement_id=known,
        version=body.version,
        reason=body.reason,
        true_occurred_at=body.true_occurred_at,
    )
    done = await asked.run(lambda world, context: correct_entry(command, world, context))
    return await placement_answer(asked, known, done)
