"""A unit's terms, declared by its house, and its availability, corrected by the coordination."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.commanding import ask
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.answers import UnitAnswer
from api.http.models.houses import AvailabilityCorrectionBody, TermsBody
from api.http.reading import read_body
from api.http.units import known_unit, unit_answer
from domain import unit
from domain.coordination.availability import correct_availability
from domain.permissions import Action
from domain.unit import CorrectAvailability, DeclareTerms
from domain.world import Context, Decided, World, on_stream

router = APIRouter()
_TAG = "units"


@router.post(
    "/units/{unit_id}/terms",
    **documented(
        "declare_terms",
        "The house says whom it takes in this unit, and what it wants known first.",
        UnitAnswer,
        tag=_TAG,
        body=TermsBody,
        example={
            "children_most": 3,
            "boys_up_to": "AGE_11_13",
            "risk_up_to": "HIGH",
            "criteria": ["INTERVIEW_FIRST"],
        },
        etag=True,
    ),
)
async def declare(request: Request, unit_id: UUID) -> Response:
    entered = await enter(request, Action.DECLARE_TERMS)
    known = await known_unit(entered, unit_id)
    body = await read_body(request, TermsBody)
    command = DeclareTerms(
        children_most=body.children_most,
        boys_up_to=body.boys_up_to,
        risk_up_to=body.risk_up_to,
        criteria=body.criteria,
    )
    asked = ask(entered, body, unit_id)
    done = await asked.run(
        lambda world, context: on_stream(known, unit.decide(command, world.unit(known), context.now))
    )
    return await unit_answer(asked, known, done)


@router.post(
    "/units/{unit_id}/availability-correction",
    **documented(
        "correct_availability",
        "The coordination learned by voice what is really open.",
        UnitAnswer,
        tag=_TAG,
        body=AvailabilityCorrectionBody,
        example={"open_places": []},
        etag=True,
    ),
)
async def correct(request: Request, unit_id: UUID) -> Response:
    entered = await enter(request, Action.CORRECT_AVAILABILITY)
    known = await known_unit(entered, unit_id)
    body = await read_body(request, AvailabilityCorrectionBody)
    asked = ask(entered, body, unit_id)

    def decided(world: World, context: Context) -> Decided:
        command = CorrectAvailability(
            open_places=body.open_places, observed_at=body.observed_at or context.now
        )
        return correct_availability(known, command, world, context)

    return await unit_answer(asked, known, await asked.run(decided))
