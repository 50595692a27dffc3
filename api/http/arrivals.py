"""Arriving and leaving: they are expected, come or do not, stay, leave. The house records it, or the
coordination.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import placement_answer
from api.http.documenting import documented
from api.http.models.answers import OfferedAnswer, PlacementAnswer
from api.http.models.steps import DischargeBody, HandoverBody, NoShowBody, WhenBody
from api.http.stepping import offer_meant, step
from domain.coordination.arriving import (
    AgreeHandover,
    RecordNotArrived,
    agree_handover,
    record_not_arrived,
)
from domain.coordination.staying import AdmitHousehold, DischargeHousehold, admit, discharge
from domain.permissions import Action
from domain.placement.state import OfferState, PlacementState
from domain.refusals import Refusal
from domain.vocabulary import ShelterId
from domain.world import Context, Decided, World
from projections.offered_view import offers_to

router = APIRouter()
_TAG = "arrivals"


@router.post(
    "/placements/{placement_id}/handover",
    **documented(
        "agree_handover",
        "House and coordination have agreed how and when they come. Where to is spoken, never written.",
        PlacementAnswer,
        tag=_TAG,
        body=HandoverBody,
        example={"expected_at": "2026-11-22T03:30:00Z", "escort": "LAW_ENFORCEMENT"},
        etag=True,
    ),
)
async def agree(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, HandoverBody, Action.COORDINATE_PLACEMENT)

    def decided(world: World, context: Context) -> Decided:
        offer = offer_meant(world.placement(known), body.offer_id, None)
        if isinstance(offer, Refusal):
            return offer
        command = AgreeHandover(
            placement_id=known,
            offer_id=offer,
            expected_at=body.expected_at,
            escort=body.escort,
            occurred_at=body.occurred_at or context.now,
        )
        return agree_handover(command, world, context)

    return await placement_answer(asked, known, await asked.run(decided))


@router.post(
    "/placements/{placement_id}/no-show",
    **documented(
        "record_not_arrived",
        "They have not come. The places are kept until a person decides otherwise.",
        PlacementAnswer | OfferedAnswer,
        tag=_TAG,
        body=NoShowBody,
        example={"welfare_check_asked": True},
        required=False,
        description="The house may say that they have not come; whether somebody is asked to look for her is "
        "the coordination's to say.",
        etag=True,
    ),
)
async def record_no_show(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, NoShowBody, Action.RECORD_ARRIVAL)
    if body.welfare_check_asked:
        asked.entered.must(Action.ASK_WELFARE_CHECK, pointer="/welfare_check_asked")
    houses = asked.entered.houses

    def decided(world: World, context: Context) -> Decided:
        offer = offer_meant(world.placement(known), body.offer_id, houses)
        if isinstance(offer, Refusal):
            return offer
        if (elsewhere := _not_theirs(world.placement(known), houses)) is not None:
            return elsewhere
        command = RecordNotArrived(
            placement_id=known,
            offer_id=offer,
            welfare_check_asked=body.welfare_check_asked,
            occurred_at=body.occurred_at or context.now,
        )
        return record_not_arrived(command, world, context)

    return await placement_answer(asked, known, await asked.run(decided))


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
        if (elsewhere := _not_theirs(world.placement(known), houses)) is not None:
            return elsewhere
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
        if (elsewhere := _not_theirs(world.placement(known), houses)) is not None:
            return elsewhere
        command = DischargeHousehold(
            placement_id=known, outcome=body.outcome, occurred_at=body.occurred_at or context.now
        )
        return discharge(command, world, context)

    return await placement_answer(asked, known, await asked.run(decided))


def _not_theirs(state: PlacementState, houses: frozenset[ShelterId] | None) -> Refusal | None:
    """An operator records arrivals in her own house alone. Of a household that is not there she learns only
    that: not whether another house has it, whether it still seeks a place, or how it ended.
    """
    if houses is None:
        return None
    if state.held is not None:
        theirs = state.held.shelter_id in houses
    else:
        theirs = any(offer.state is OfferState.ACCEPTED for offer in offers_to(state, houses))
    return None if theirs else Refusal.OFFER_NO_LONGER_HELD
