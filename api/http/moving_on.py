"""From one house to the next: after silence, by another choice, and asking a house again after a no."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import placement_answer
from api.http.documenting import documented
from api.http.models.answers import PlacementAnswer
from api.http.models.steps import AnotherChoiceBody, AskingAgainBody, OfferNamedBody
from api.http.stepping import has_been_shown, offer_meant, step
from domain.coordination.asking_again import AllowAskingAgain, allow_asking_again
from domain.coordination.moving_on import ChooseAnother, MoveOn, choose_another, move_on
from domain.matching.places import Places
from domain.permissions import Action
from domain.refusals import Refusal
from domain.world import Context, Decided, World

router = APIRouter()
_TAG = "coordination"
_COORDINATE = Action.COORDINATE_PLACEMENT
_UNIT = "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55"


@router.post(
    "/placements/{placement_id}/another-choice",
    **documented(
        "choose_another",
        "Rank now and hold the candidate named instead of the one held.",
        PlacementAnswer,
        tag=_TAG,
        body=AnotherChoiceBody,
        example={"units": [_UNIT], "reason": "HER_WISH"},
        etag=True,
    ),
)
async def choose(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, AnotherChoiceBody, _COORDINATE)
    await has_been_shown(asked, body.shown_position)
    command = ChooseAnother(
        placement_id=known,
        units=body.units,
        reason=body.reason,
        shown_position=body.shown_position,
        page=body.page,
    )
    done = await asked.place(lambda world, context, places: choose_another(command, world, context, places))
    return await placement_answer(asked, known, done)


@router.post(
    "/placements/{placement_id}/move-on",
    **documented(
        "move_on",
        "Nobody has answered in time: the next candidate is held instead.",
        PlacementAnswer,
        tag=_TAG,
        body=OfferNamedBody,
        required=False,
        description="Where nothing else is found no event is recorded: the hold stands.",
        etag=True,
    ),
)
async def go_on(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, OfferNamedBody, _COORDINATE)

    def decided(world: World, context: Context, places: Places) -> Decided:
        offer = offer_meant(world.placement(known), body.offer_id, None)
        if isinstance(offer, Refusal):
            return offer
        return move_on(MoveOn(placement_id=known, offer_id=offer), world, context, places)

    return await placement_answer(asked, known, await asked.place(decided))


@router.post(
    "/placements/{placement_id}/asking-again",
    **documented(
        "allow_asking_again",
        "Units that had said no, or that she had declined, may be asked again within this request.",
        PlacementAnswer,
        tag=_TAG,
        body=AskingAgainBody,
        example={"units": [_UNIT], "reason": "HOUSE_CHANGED_ITS_MIND"},
        etag=True,
    ),
)
async def allow(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, AskingAgainBody, _COORDINATE)
    command = AllowAskingAgain(placement_id=known, units=body.units, reason=body.reason)
    done = await asked.run(lambda world, context: allow_asking_again(command, world, context))
    return await placement_answer(asked, known, done)
