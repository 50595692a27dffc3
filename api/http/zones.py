"""Zones: random ids that only ever exclude. What each one means stands in the vault, and is opened by a POST
that is recorded before it is shown: somebody must be able to say where she may not be placed.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import ask
from api.http.desk_values import opened_values
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.answers import ZoneAnswer
from api.http.models.contacts import ZoneOpeningBody
from api.http.models.contacts_answers import OpenedValue, OpeningAnswer
from api.http.models.houses import ZoneBody
from api.http.reading import read_body
from domain import network
from domain.coordination.contacts import NameZones, name_zones, zone_desks
from domain.network import DrawZone, ZoneDrawn
from domain.permissions import Action
from domain.vocabulary import DeskId, ZoneId
from domain.world import Context, Decided, World, on_stream
from projections.contact_book import ZonesView, zones_view

router = APIRouter()


@router.get(
    "/zones",
    **documented("list_zones", "Every zone, by its id alone.", ZonesView, tag="network"),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.REQUEST_PLACEMENT, Action.DRAW_ZONE)
    return as_json(zones_view((await entered.doors.engine.index.catch_up()).places))


@router.post(
    "/zones/openings",
    **documented(
        "open_zone_meanings",
        "What these zones mean, all in one opening. Recorded before it is shown.",
        OpeningAnswer,
        tag="network",
        body=ZoneOpeningBody,
        example={"zone_ids": ["0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d33"]},
    ),
)
async def name(request: Request) -> Response:
    entered = await enter(request, Action.OPEN_CONTACTS)
    body = await read_body(request, ZoneOpeningBody)
    asked, command = ask(entered, body), NameZones(zones=body.zone_ids)
    done = await asked.place(lambda world, _, places: name_zones(command, world, places))
    values = await opened_values(asked, done)
    zones = {desk: zone for zone, desk in zone_desks(entered.doors.engine.index.places).items()}
    answer = OpeningAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        values=tuple(
            OpenedValue(desk_id=DeskId(desk_id), zone_id=zones.get(DeskId(desk_id)), value=each)
            for desk_id, opened in values.items()
            for each in opened
        ),
    )
    return as_json(answer)


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
