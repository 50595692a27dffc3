"""Houses: entering the network, their units, and whether they take people."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import Asked, ask, invalid
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.answers import ShelterAnswer, ShelterDetail, UnitAnswer
from api.http.models.houses import IntakeBody, ShelterBody, UnitBody
from api.http.problems import Problem
from api.http.reading import read_body
from api.http.states import shelter_after
from api.http.trouble_texts import Trouble
from api.http.units import unit_answer
from domain import shelter
from domain.coordination.enrolling import enrol_shelter, enrol_unit
from domain.matching.places import Places
from domain.permissions import Action
from domain.refusals import Refusal
from domain.shelter import (
    PauseIntake,
    RegisterShelter,
    ResumeIntake,
    SetIntakePolicy,
    ShelterCommand,
    ShelterRegistered,
)
from domain.unit import RegisterUnit, UnitRegistered
from domain.vocabulary import LogKind, Place, PlaceId, PlaceKind, ShelterId, UnitId
from domain.world import Context, Decided, World, on_stream
from ledger.store.transact import Done
from projections.house_view import shelter_view

router = APIRouter()
_TAG = "shelters"
_SHELTER_EXAMPLE = {
    "code": "casa-ginepro",
    "member_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d11",
    "district_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d22",
    "valid_from": "2026-01-01",
    "address_class": "SECRET",
    "register_status": "COMPLIANT",
    "modes": ["EMERGENCY"],
    "fictitious": True,
}
_UNIT_EXAMPLE = {
    "code": "stanza-1",
    "level": "pronto-intervento",
    "intake_modes": ["EMERGENCY"],
    "beds": 4,
    "cots": 1,
    "exclusive": True,
    "features": ["GROUND_FLOOR"],
    "unsuitable_zones": [
        "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d33",
        "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d44",
    ],
}


@router.post(
    "/shelters",
    **documented(
        "register_shelter",
        "A house enters the network under a code name.",
        ShelterAnswer,
        tag=_TAG,
        status=201,
        body=ShelterBody,
        example=_SHELTER_EXAMPLE,
        etag=True,
    ),
)
async def register(request: Request) -> Response:
    entered = await enter(request, Action.REGISTER_HOUSE)
    body = await read_body(request, ShelterBody)
    if body.fictitious and entered.doors.log_kind is LogKind.REAL:
        raise Problem(Trouble.LOG_OF_ANOTHER_KIND)
    command = RegisterShelter(
        code=body.code,
        member_id=body.member_id,
        district_id=body.district_id,
        valid_from=body.valid_from,
        address_class=body.address_class,
        register_status=body.register_status,
        modes=body.modes,
        fictitious=body.fictitious,
    )
    asked = ask(entered, body)
    fresh = ShelterId(asked.new_id())
    done = await asked.place(
        lambda world, context, places: enrol_shelter(fresh, command, world, context, places)
    )
    shelter_id = next(each.stream for each in done.events if isinstance(each.event, ShelterRegistered))
    return await shelter_answer(asked, ShelterId(shelter_id), done, status=201)


@router.get(
    "/shelters/{shelter_id}",
    **documented(
        "show_shelter",
        "A house and its units, under code names.",
        ShelterDetail,
        tag=_TAG,
        etag=True,
    ),
)
async def show(request: Request, shelter_id: UUID) -> Response:
    entered = await enter(request, Action.SEE_HOUSE)
    known = await known_shelter(entered, shelter_id)
    places = entered.doors.engine.index.places
    version = places.versions[known]
    answer = ShelterDetail(
        shelter=shelter_view(known, places.shelters[known], version),
        units=tuple(places.by_shelter.get(known, ())),
    )
    return as_json(answer, version=version)


@router.post(
    "/shelters/{shelter_id}/units",
    **documented(
        "register_unit",
        "A room or apartment of a house, with its beds and cots.",
        UnitAnswer,
        tag=_TAG,
        status=201,
        body=UnitBody,
        example=_UNIT_EXAMPLE,
        etag=True,
    ),
)
async def add_unit(request: Request, shelter_id: UUID) -> Response:
    entered = await enter(request, Action.REGISTER_HOUSE)
    body = await read_body(request, UnitBody)
    asked = ask(entered, body, shelter_id)
    house, fresh = ShelterId(shelter_id), UnitId(asked.new_id())

    def decided(world: World, context: Context, places: Places) -> Decided:
        return enrol_unit(fresh, _register_unit(house, body, context), world, context, places)

    done = await asked.place(decided)
    unit_id = next(each.stream for each in done.events if isinstance(each.event, UnitRegistered))
    return await unit_answer(asked, UnitId(unit_id), done, status=201)


@router.post(
    "/shelters/{shelter_id}/intake",
    **documented(
        "change_intake",
        "Pause or resume intake, or say in which modes the house takes people.",
        ShelterAnswer,
        tag=_TAG,
        body=IntakeBody,
        example={"pause": "STAFF"},
        etag=True,
    ),
)
async def change_intake(request: Request, shelter_id: UUID) -> Response:
    entered = await enter(request, Action.UPDATE_HOUSE)
    house = ShelterId(shelter_id)
    entered.must_reach_house(house, Refusal.SHELTER_UNKNOWN)
    body = await read_body(request, IntakeBody)
    command = _intake(body)
    asked = ask(entered, body, shelter_id)
    done = await asked.run(
        lambda world, context: on_stream(house, shelter.decide(command, world.shelter(house), context.now))
    )
    return await shelter_answer(asked, house, done)


async def known_shelter(entered: Entered, shelter_id: UUID) -> ShelterId:
    """Errors: problem 404 where there is none, or where it is not the operator's."""
    house = ShelterId(shelter_id)
    entered.must_reach_house(house, Refusal.SHELTER_UNKNOWN)
    places = (await entered.doors.engine.index.catch_up()).places
    if house not in places.shelters:
        raise Problem(Refusal.SHELTER_UNKNOWN)
    return house


async def shelter_answer(asked: Asked, shelter_id: ShelterId, done: Done, *, status: int = 200) -> Response:
    state, version = await shelter_after(asked.entered.doors.engine, shelter_id, done)
    answer = ShelterAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        shelter=shelter_view(shelter_id, state, version),
    )
    location = f"/shelters/{shelter_id}" if status == 201 else None
    return as_json(answer, status=status, version=version, location=location)


def _intake(body: IntakeBody) -> ShelterCommand:
    given = [body.pause is not None, body.resume, body.modes is not None]
    if sum(given) != 1:
        raise invalid(
            "/pause",
            "ONE_OF_THREE",
            "Indica esattamente uno tra pause, resume (true) e modes.",
            "Give exactly one of pause, resume (true) and modes.",
        )
    if body.pause is not None:
        return PauseIntake(reason=body.pause)
    return ResumeIntake() if body.modes is None else SetIntakePolicy(modes=body.modes)


def _register_unit(house: ShelterId, body: UnitBody, context: Context) -> RegisterUnit:
    kinds = [PlaceKind.BED] * body.beds + [PlaceKind.COT] * body.cots
    return RegisterUnit(
        shelter_id=house,
        code=body.code,
        level=body.level,
        intake_modes=body.intake_modes,
        places=tuple(Place(place_id=PlaceId(context.new_id()), kind=kind) for kind in kinds),
        exclusive=body.exclusive,
        features=body.features,
        unsuitable_zones=body.unsuitable_zones,
    )
