"""Admissions that happened without the engine: never refused for want of a place or of a yes.

The coordination records them, or the house for itself. A house names no other case and no other house.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import placement_answer
from api.http.commanding import Asked, ask
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.answers import OfferedAnswer, PlacementAnswer
from api.http.models.direct import DirectAdmissionBody, NewDirectAdmissionBody
from api.http.naming_cases import as_meant, reachable
from api.http.pointing import problem_of
from api.http.reading import read_body
from api.http.states import open_placement_at
from api.http.stepping import must_still_see, step
from domain.coordination.direct import RecordDirectAdmission, record_direct_admission
from domain.coordination.requesting import RequestPlacement
from domain.permissions import Action, Facts, relations_to_house
from domain.placement.events import AdmissionByDirectAgreement, ExtraordinaryAdmission
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import PlacementId, ShelterId
from domain.world import Context, Decided, World
from ledger.store.transact import Done

router = APIRouter()
_TAG = "arrivals"
_EXAMPLE = {
    "shelter_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d11",
    "units": [
        {
            "unit_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55",
            "places": ["0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d66"],
        }
    ],
    "occurred_at": "2026-11-22T02:40:00Z",
}
_ASKED = {
    "channel": "LAW_ENFORCEMENT",
    "urgency": "U1",
    "household": {"adults": 1, "children": ["AGE_3_5"]},
    "occurred_at": "2026-11-22T02:20:00Z",
}
_COORDINATIONS = ("case_id", "apart_from", "houses_barred", "zones_to_avoid", "continuity_with")
"""Fields that name other cases, houses or zones: not a house's to give."""
_ENDED = (Refusal.PLACEMENT_ENDED, Refusal.ALREADY_ADMITTED)


@router.post(
    "/placements/{placement_id}/direct-admission",
    **documented(
        "record_direct_admission",
        "This household is in a house by agreement outside the engine. Never refused: it displaces holds.",
        PlacementAnswer | OfferedAnswer,
        tag=_TAG,
        body=DirectAdmissionBody,
        example=_EXAMPLE,
        etag=True,
    ),
)
async def record_for_placement(request: Request, placement_id: UUID) -> Response:
    action = Action.RECORD_DIRECT_ADMISSION
    asked, known, body = await step(request, placement_id, DirectAdmissionBody, action)
    _must_know(asked.entered, body)

    def decided(world: World, context: Context) -> Decided:
        houses = asked.entered.houses
        if not _may_know(world.placement(known), houses):
            return Refusal.PLACEMENT_UNKNOWN
        admitted = record_direct_admission(_command(known, None, body, context), world, context)
        return Refusal.PLACEMENT_UNKNOWN if houses is not None and admitted in _ENDED else admitted

    return await placement_answer(asked, known, await asked.run(decided))


@router.post(
    "/direct-admissions",
    **documented(
        "record_new_direct_admission",
        "A household that was not asked for here is in a house. Never refused: it displaces holds.",
        PlacementAnswer | OfferedAnswer,
        tag=_TAG,
        status=201,
        body=NewDirectAdmissionBody,
        example={**_EXAMPLE, "without_place": 1, "asked": _ASKED},
        description="Where the case named has an open placement, the fact goes into that.",
        etag=True,
    ),
)
async def record_new(request: Request) -> Response:
    entered = await enter(request, Action.RECORD_UNASKED_ADMISSION)
    body = await read_body(request, NewDirectAdmissionBody)
    _must_know(entered, body)
    _keep_to_itself(entered, body)
    asked = ask(entered, body)
    meant = reachable(asked)

    def decided(world: World, context: Context) -> Decided:
        begun = as_meant(body.asked.command(context.now), meant)
        return record_direct_admission(_command(None, begun, body, context), world, context)

    done = await asked.run(decided)
    known = await _placement(asked, body, done)
    await must_still_see(asked, known, done)
    return await placement_answer(asked, known, done, status=201)


def _command(
    placement_id: PlacementId | None,
    begun: RequestPlacement | None,
    body: DirectAdmissionBody,
    context: Context,
) -> RecordDirectAdmission:
    return RecordDirectAdmission(
        placement_id=placement_id,
        asked=begun,
        shelter_id=body.shelter_id,
        units=tuple(each.held() for each in body.units),
        without_place=body.without_place,
        occurred_at=body.occurred_at or context.now,
    )


def _must_know(entered: Entered, body: DirectAdmissionBody) -> None:
    """Errors: the problem of a house that is none, for another house's operator."""
    entered.must(
        Action.RECORD_UNASKED_ADMISSION,
        problem=problem_of(Refusal.SHELTER_UNKNOWN, body),
        facts=Facts(relations=relations_to_house(entered.principal, body.shelter_id)),
    )


def _may_know(state: PlacementState, houses: frozenset[ShelterId] | None) -> bool:
    """That they are in another house is not a house's to know."""
    held = state.held
    return houses is None or not state.admitted or held is None or held.shelter_id in houses


def _keep_to_itself(entered: Entered, body: NewDirectAdmissionBody) -> None:
    """Errors: problem 403 about the field, for a house that names what is not its own."""
    for name in _COORDINATIONS:
        if getattr(body.asked, name):
            entered.must(Action.NAME_OTHERS, pointer=f"/asked/{name}")


async def _placement(asked: Asked, body: NewDirectAdmissionBody, done: Done) -> PlacementId:
    """The placement that the fact stands in. Without events it stood there already: the case's open one."""
    admissions = AdmissionByDirectAgreement | ExtraordinaryAdmission
    stream = next((each.stream for each in done.events if isinstance(each.event, admissions)), None)
    if stream is not None:
        return PlacementId(stream)
    assert body.asked.case_id is not None, "without a case named it is always recorded"
    return await open_placement_at(asked.entered.doors.engine, body.asked.case_id, done)
