"""Arriving and leaving: the hold becomes a stay, the stay ends. The house records it, or the coordination."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import placement_answer
from api.http.documenting import documented
from api.http.models.answers import OfferedAnswer, PlacementAnswer
from api.http.models.steps import DischargeBody, WhenBody
from api.http.stepping import step
from domain.coordination.staying import AdmitHousehold, DischargeHousehold, admit, discharge
from domain.permissions import Action
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import ShelterId
from domain.world import Context, Decided, World

router = APIRouter()
_TAG = "arrivals"


@router.post(
    "/placements/{placement_id}/admission",
    **documented(
        "admit_household",
        "The household has arrived, after both yeses: the hold becomes a stay.",
        PlacementAnswer | OfferedAnswer,
        tag=_TAG,
        body=WhenBody,
        required=False,
        etag=True,
    ),
)
async def admit_household(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, WhenBody, Action.RECORD_ARRIVAL)
    houses = asked.entered.houses

    def decided(world: World, context: Context) -> Decided:
        if not _is_theirs(world.placement(known), houses):
            return Refusal.PLACEMENT_UNKNOWN
        command = AdmitHousehold(placement_id=known, occurred_at=body.occurred_at or context.now)
        return admit(command, world, context)

    return await placement_answer(asked, known, await asked.run(decided))


@router.post(
    "/placements/{placement_id}/discharge",
    **documented(
        "discharge_household",
        "The household has left the house: the stay and the placement end.",
        PlacementAnswer | OfferedAnswer,
        tag=_TAG,
        body=DischargeBody,
        example={"outcome": "GOALS_REACHED"},
        etag=True,
    ),
)
async def discharge_household(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, DischargeBody, Action.RECORD_ARRIVAL)
    houses = asked.entered.houses

    def decided(world: World, context: Context) -> Decided:
        if not _is_theirs(world.placement(known), houses):
            return Refusal.PLACEMENT_UNKNOWN
        command = DischargeHousehold(
            placement_id=known, outcome=body.outcome, occurred_at=body.occurred_at or context.now
        )
        return discharge(command, world, context)

    return await placement_answer(asked, known, await asked.run(decided))


def _is_theirs(state: PlacementState, houses: frozenset[ShelterId] | None) -> bool:
    """An operator records arrivals in her own house alone: another house may have the hold now."""
    held = state.held
    return houses is None or held is None or held.shelter_id in houses
