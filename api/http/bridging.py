"""While no place is found: neighbouring desks asked by telephone, bridges arranged and looked after, alarms
taken in hand. The request stays open.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import placement_answer
from api.http.commanding import Asked
from api.http.documenting import documented
from api.http.models.answers import PlacementAnswer
from api.http.models.bridging import (
    AlarmTakenBody,
    BridgeBody,
    BridgeCheckBody,
    BridgeEndBody,
    NeighbourAnswerBody,
    NeighbourRequestBody,
)
from api.http.stepping import step
from domain.coordination.alarming import alarm
from domain.coordination.bridging import bridge
from domain.permissions import Action
from domain.placement.alarms import TakeAlarm
from domain.placement.bridging import (
    ArrangeBridge,
    AskNeighbour,
    BridgingCommand,
    CheckBridge,
    EndBridge,
    RecordNeighbourAnswer,
)
from domain.vocabulary import BridgeId, PlacementId
from domain.world import Context, Decided, World

router = APIRouter()
_TAG = "bridges"
_COORDINATE = Action.COORDINATE_PLACEMENT
_DESK = "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d77"


@router.post(
    "/placements/{placement_id}/neighbour-requests",
    **documented(
        "ask_neighbour",
        "A neighbouring network's desk was asked for a place.",
        PlacementAnswer,
        tag=_TAG,
        body=NeighbourRequestBody,
        example={"member_id": _DESK},
        etag=True,
    ),
)
async def ask_neighbour(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, NeighbourRequestBody, _COORDINATE)
    return await _bridged(
        asked,
        known,
        lambda now: AskNeighbour(
            placement_id=known, member_id=body.member_id, occurred_at=body.occurred_at or now
        ),
    )


@router.post(
    "/placements/{placement_id}/neighbour-answers",
    **documented(
        "record_neighbour_answer",
        "What a neighbouring network's desk said.",
        PlacementAnswer,
        tag=_TAG,
        body=NeighbourAnswerBody,
        example={"member_id": _DESK, "answer": "NO"},
        etag=True,
    ),
)
async def record_neighbour_answer(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, NeighbourAnswerBody, _COORDINATE)
    return await _bridged(
        asked,
        known,
        lambda now: RecordNeighbourAnswer(
            placement_id=known,
            member_id=body.member_id,
            answer=body.answer,
            occurred_at=body.occurred_at or now,
        ),
    )


@router.post(
    "/placements/{placement_id}/bridge",
    **documented(
        "arrange_bridge",
        "Something carries the household until a place is found: with who checks, and when.",
        PlacementAnswer,
        tag=_TAG,
        body=BridgeBody,
        example={
            "kind": "VETTED_HOTEL_WITH_ESCORT",
            "checked_by": "CAV",
            "check_at": "2026-11-22T07:00:00Z",
            "until": "2026-11-22T11:00:00Z",
        },
        description="It replaces the bridge that stands, if one does. The request stays open in its order.",
        etag=True,
    ),
)
async def arrange_bridge(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, BridgeBody, _COORDINATE)
    return await _bridged(
        asked,
        known,
        lambda now: ArrangeBridge(
            placement_id=known,
            bridge_id=None,
            kind=body.kind,
            checked_by=body.checked_by,
            check_at=body.check_at,
            until=body.until,
            occurred_at=body.occurred_at or now,
        ),
    )


@router.post(
    "/placements/{placement_id}/bridges/{bridge_id}/check",
    **documented(
        "check_bridge",
        "Somebody looked whether the bridge still carries.",
        PlacementAnswer,
        tag=_TAG,
        body=BridgeCheckBody,
        example={"holds": True, "check_at": "2026-11-22T09:00:00Z"},
        etag=True,
    ),
)
async def check_bridge(request: Request, placement_id: UUID, bridge_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, BridgeCheckBody, _COORDINATE, also=bridge_id)
    return await _bridged(
        asked,
        known,
        lambda now: CheckBridge(
            placement_id=known,
            bridge_id=BridgeId(bridge_id),
            holds=body.holds,
            check_at=body.check_at,
            occurred_at=body.occurred_at or now,
        ),
    )


@router.post(
    "/placements/{placement_id}/bridges/{bridge_id}/end",
    **documented(
        "end_bridge",
        "The bridge is over.",
        PlacementAnswer,
        tag=_TAG,
        body=BridgeEndBody,
        example={"cause": "TIME_OVER"},
        etag=True,
    ),
)
async def end_bridge(request: Request, placement_id: UUID, bridge_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, BridgeEndBody, _COORDINATE, also=bridge_id)
    return await _bridged(
        asked,
        known,
        lambda now: EndBridge(
            placement_id=known,
            bridge_id=BridgeId(bridge_id),
            cause=body.cause,
            occurred_at=body.occurred_at or now,
        ),
    )


@router.post(
    "/placements/{placement_id}/alarms/taken",
    **documented(
        "take_alarm",
        "A named person has taken an alarm in hand.",
        PlacementAnswer,
        tag=_TAG,
        body=AlarmTakenBody,
        example={"kind": "BRIDGE_CHECK", "due_at": "2026-11-22T07:00:00Z"},
        etag=True,
    ),
)
async def take_alarm(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, AlarmTakenBody, _COORDINATE)
    command = TakeAlarm(placement_id=known, kind=body.kind, due_at=body.due_at)
    done = await asked.run(lambda world, context: alarm(command, world, context))
    return await placement_answer(asked, known, done)


async def _bridged(
    asked: Asked, known: PlacementId, command: Callable[[datetime], BridgingCommand]
) -> Response:
    def decided(world: World, context: Context) -> Decided:
        return bridge(command(context.now), world, context)

    return await placement_answer(asked, known, await asked.run(decided))
