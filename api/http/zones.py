"""Zones: random ids that only ever exclude. What each one means stands outside the log."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import ask
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.answers import ZoneAnswer
from api.http.models.houses import ZoneBody
from api.http.reading import read_body
from domain import network
from domain.network import DrawZone, ZoneDrawn
from domain.permissions import Action
from domain.vocabulary import ZoneId
from domain.world import Context, Decided, World, on_stream

router = APIRouter()


@router.post(
    "/zones",
    **documented(
        "draw_zone",
        "A new zone exists, under an id that tells nothing.",
        ZoneAnswer,
        tag="network",
        status=201,
        body=ZoneBody,
        required=False,
    ),
)
async def draw(request: Request) -> Response:
    entered = await enter(request, Action.DRAW_ZONE)
    body = await read_body(request, ZoneBody)
    asked = ask(entered, body)
    command = DrawZone(zone_id=ZoneId(asked.new_id()))

    def decided(world: World, context: Context) -> Decided:
        return on_stream(context.network_id, network.decide(command, world.network(), context.now))

    done = await asked.run(decided)
    drawn = next(each.event for each in done.events if isinstance(each.event, ZoneDrawn))
    answer = ZoneAnswer(position=done.position, recorded_at=done.receipt.recorded_at, zone_id=drawn.zone_id)
    return as_json(answer, status=201)
