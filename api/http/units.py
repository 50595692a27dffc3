"""Units: what is free, who is there from outside, who was there on the first day."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import Asked, ask, expected_versions
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.answers import UnitAnswer
from api.http.models.houses import AvailabilityBody, OpeningInventoryBody, OutsideOccupancyBody
from api.http.models.steps import WhenBody
from api.http.problems import Problem
from api.http.reaching import kept_from
from api.http.reading import read_body
from api.http.states import unit_after
from domain import unit
from domain.coordination.reality import RecordOutsideOccupancy, record_outside_occupancy
from domain.permissions import Action, may
from domain.refusals import Refusal
from domain.unit import (
    EndOutsideOccupancy,
    InventoryOpened,
    OccupiedOutsideEngine,
    OpeningOccupancy,
    OpenInventory,
    PublishAvailability,
)
from domain.vocabulary import OccupancyId, UnitId
from domain.world import Context, Decided, World, on_stream
from ledger.store.transact import Done
from projections.house_view import UnitView, unit_view

router = APIRouter()
_TAG = "units"
_PLACE = "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d66"


@router.get(
    "/units/{unit_id}",
    **documented(
        "show_unit",
        "A unit, its places, and the house's own word on them.",
        UnitView,
        tag=_TAG,
        etag=True,
        description="Its ETag is what `PUT /units/{unit_id}/availability` wants in `If-Match`.",
    ),
)
async def show(request: Request, unit_id: UUID) -> Response:
    entered = await enter(request, Action.SEE_HOUSE)
    known = await known_unit(entered, unit_id)
    places = entered.doors.engine.index.places
    version = places.versions[known]
    unnamed = await kept_from(entered)
    with_holders = may(entered.role, Action.SEE_HOLDERS)
    view = unit_view(known, places.units[known], version, with_holders=with_holders, unnamed=unnamed)
    return as_json(view, version=version)


@router.put(
    "/units/{unit_id}/availability",
    **documented(
        "publish_availability",
        "The house says which places the engine may give.",
        UnitAnswer,
        tag=_TAG,
        body=AvailabilityBody,
        example={"open_places": [_PLACE]},
        etag=True,
        if_match=True,
    ),
)
async def publish(request: Request, unit_id: UUID) -> Response:
    entered = await enter(request, Action.UPDATE_HOUSE)
    known = await known_unit(entered, unit_id)
    body = await read_body(request, AvailabilityBody)
    versions = expected_versions(request)
    asked = ask(entered, body, unit_id)

    def decided(world: World, context: Context) -> Decided:
        command = PublishAvailability(
            open_places=body.open_places, observed_at=body.observed_at or context.now
        )
        return on_stream(known, unit.decide(command, world.unit(known), context.now))

    return await unit_answer(asked, known, await asked.run_at(known, versions, decided))


@router.post(
    "/units/{unit_id}/outside-occupancy",
    **documented(
        "record_outside_occupancy",
        "Guests that the engine did not send are here. Never refused: it displaces holds.",
        UnitAnswer,
        tag=_TAG,
        status=201,
        body=OutsideOccupancyBody,
        example={"places": [_PLACE]},
        etag=True,
    ),
)
async def record_occupancy(request: Request, unit_id: UUID) -> Response:
    entered = await enter(request, Action.UPDATE_HOUSE)
    known = await known_unit(entered, unit_id)
    body = await read_body(request, OutsideOccupancyBody)
    asked = ask(entered, body, unit_id)
    fresh = OccupancyId(asked.new_id())

    def decided(world: World, context: Context) -> Decided:
        command = RecordOutsideOccupancy(
            unit_id=known,
            occupancy_id=fresh,
            places=body.places,
            occurred_at=body.occurred_at or context.now,
        )
        return record_outside_occupancy(command, world, context)

    return await unit_answer(asked, known, await asked.run(decided), status=201)


@router.post(
    "/units/{unit_id}/outside-occupancy/{occupancy_id}/end",
    **documented(
        "end_outside_occupancy",
        "Guests that the engine did not send have left.",
        UnitAnswer,
        tag=_TAG,
        body=WhenBody,
        required=False,
        etag=True,
    ),
)
async def end_occupancy(request: Request, unit_id: UUID, occupancy_id: UUID) -> Response:
    entered = await enter(request, Action.UPDATE_HOUSE)
    known = await known_unit(entered, unit_id)
    body = await read_body(request, WhenBody)
    asked = ask(entered, body, unit_id, occupancy_id)

    def decided(world: World, context: Context) -> Decided:
        command = EndOutsideOccupancy(
            occupancy_id=OccupancyId(occupancy_id), occurred_at=body.occurred_at or context.now
        )
        return on_stream(known, unit.decide(command, world.unit(known), context.now))

    return await unit_answer(asked, known, await asked.run(decided))


@router.post(
    "/units/{unit_id}/opening-inventory",
    **documented(
        "take_opening_inventory",
        "Who occupied which places on the first day, without identity. Taken once.",
        UnitAnswer,
        tag=_TAG,
        status=201,
        body=OpeningInventoryBody,
        example={"occupancies": [{"places": [_PLACE]}]},
        etag=True,
    ),
)
async def take_inventory(request: Request, unit_id: UUID) -> Response:
    entered = await enter(request, Action.UPDATE_HOUSE)
    known = await known_unit(entered, unit_id)
    body = await read_body(request, OpeningInventoryBody)
    asked = ask(entered, body, unit_id)

    def decided(world: World, context: Context) -> Decided:
        command = OpenInventory(
            occupancies=tuple(
                OpeningOccupancy(occupancy_id=OccupancyId(context.new_id()), places=each.places)
                for each in body.occupancies
            ),
            observed_at=body.observed_at or context.now,
        )
        return on_stream(known, unit.decide(command, world.unit(known), context.now))

    return await unit_answer(asked, known, await asked.run(decided), status=201)


async def unit_answer(asked: Asked, unit_id: UnitId, done: Done, *, status: int = 200) -> Response:
    """The unit as the command left it."""
    state, version = await unit_after(asked.entered.doors.engine, unit_id, done)
    answer = UnitAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        occupancy_ids=tuple(occupancy for each in done.events for occupancy in _began(each.event)),
        unit=unit_view(
            unit_id,
            state,
            version,
            with_holders=may(asked.entered.role, Action.SEE_HOLDERS),
            unnamed=await kept_from(asked.entered),
        ),
    )
    location = f"/units/{unit_id}" if status == 201 else None
    return as_json(answer, status=status, version=version, location=location)


async def known_unit(entered: Entered, unit_id: UUID) -> UnitId:
    """Errors: problem 404 where there is none, or where its house is not the operator's."""
    places = (await entered.doors.engine.index.catch_up()).places
    known = places.units.get(UnitId(unit_id))
    if known is None or known.registered is None:
        raise Problem(Refusal.UNIT_UNKNOWN)
    entered.must_reach_house(known.registered.shelter_id, Refusal.UNIT_UNKNOWN)
    return UnitId(unit_id)


def _began(event: object) -> tuple[OccupancyId, ...]:
    match event:
        case OccupiedOutsideEngine(occupancy_id=occupancy):
            return (occupancy,)
        case InventoryOpened(occupancies=occupancies):
            return tuple(each.occupancy_id for each in occupancies)
        case _:
            return ()
