"""What a house does with an offer: sees it, talks about it, says yes or no. By telephone, the coordinator
records it.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import placement_answer
from api.http.commanding import Asked
from api.http.documenting import documented
from api.http.models.answers import OfferedAnswer, PlacementAnswer
from api.http.models.steps import AcceptanceBody, OfferNamedBody, RefusalBody
from api.http.stepping import offer_meant, step
from api.http.withholding import kept_code, shown_of_refusal, told_of_code
from domain.coordination.alone import decide_alone
from domain.coordination.answering import AcceptOffer, RefuseOffer, accept, refuse
from domain.matching.places import Places
from domain.permissions import Action, Relation, Role, relation_of_offer
from domain.placement.commands import ConfirmAcceptance, MarkOfferSeen, OpenConversation, PlacementCommand
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import AnswerChannel, OfferId, PlacementId, ShelterId, Side
from domain.world import NOTHING, Context, Decided, World

router = APIRouter()
_TAG = "answers"
_CHANNEL_ACTION = {
    AnswerChannel.SCREEN: Action.ANSWER_ON_SCREEN,
    AnswerChannel.TELEPHONE: Action.ANSWER_BY_TELEPHONE,
}


@router.post(
    "/placements/{placement_id}/seen",
    **documented(
        "mark_offer_seen",
        "The house has read the offer: it is no longer silence.",
        OfferedAnswer,
        tag=_TAG,
        body=OfferNamedBody,
        required=False,
    ),
)
async def see(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, OfferNamedBody, Action.ANSWER_ON_SCREEN)
    return await _about_the_offer(asked, known, body, lambda offer: MarkOfferSeen(offer_id=offer))


@router.post(
    "/placements/{placement_id}/conversation",
    **documented(
        "open_conversation",
        "House and coordination are talking: the deadline moves. One tap from either side renews it.",
        PlacementAnswer | OfferedAnswer,
        tag=_TAG,
        body=OfferNamedBody,
        required=False,
        etag=True,
    ),
)
async def talk(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, OfferNamedBody, Action.TALK)
    side = Side.HOUSE if asked.entered.role is Role.SHELTER_OPERATOR else Side.COORDINATION
    return await _about_the_offer(
        asked, known, body, lambda offer: OpenConversation(offer_id=offer, side=side)
    )


@router.post(
    "/placements/{placement_id}/acceptance",
    **documented(
        "accept_offer",
        "The house says yes, on its screen, or by telephone as the coordinator records it.",
        PlacementAnswer | OfferedAnswer,
        tag=_TAG,
        body=AcceptanceBody,
        example={"channel": "SCREEN"},
        description="A yes that comes after the hold has ended takes the places again where they are still "
        "free; else it is recorded alone (`late_yes`) and the coordinator is told. It is never lost.",
        etag=True,
    ),
)
async def accept_offer(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, AcceptanceBody, *_CHANNEL_ACTION.values())
    asked.entered.must(_CHANNEL_ACTION[body.channel], pointer="/channel")
    houses = asked.entered.houses

    def decided(world: World, context: Context, places: Places) -> Decided:
        offer = offer_meant(world.placement(known), body.offer_id, houses)
        if isinstance(offer, Refusal):
            return offer
        command = AcceptOffer(
            placement_id=known,
            offer_id=offer,
            channel=body.channel,
            occurred_at=body.occurred_at or context.now,
        )
        return accept(command, world, context, places)

    return await placement_answer(asked, known, await asked.place(decided))


@router.post(
    "/placements/{placement_id}/acceptance-confirmation",
    **documented(
        "confirm_acceptance",
        "The house confirms on its own screen a yes that was recorded from the telephone.",
        OfferedAnswer,
        tag=_TAG,
        body=OfferNamedBody,
        required=False,
    ),
)
async def confirm(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, OfferNamedBody, Action.ANSWER_ON_SCREEN)
    return await _about_the_offer(asked, known, body, lambda offer: ConfirmAcceptance(offer_id=offer))


@router.post(
    "/placements/{placement_id}/refusal",
    **documented(
        "refuse_offer",
        "The house says no: the places are free again and its units are not asked again in this request.",
        PlacementAnswer | OfferedAnswer,
        tag=_TAG,
        body=RefusalBody,
        example={"channel": "SCREEN", "code": "NO_NIGHT_STAFF"},
        etag=True,
    ),
)
async def refuse_offer(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, RefusalBody, *_CHANNEL_ACTION.values())
    asked.entered.must(_CHANNEL_ACTION[body.channel], pointer="/channel")
    shown = shown_of_refusal(asked.entered, body)
    houses = asked.entered.houses
    commitment = await kept_code(asked, known, body.code)

    def decided(world: World, context: Context) -> Decided:
        offer = offer_meant(world.placement(known), body.offer_id, houses)
        if isinstance(offer, Refusal):
            return offer
        command = RefuseOffer(
            placement_id=known,
            offer_id=offer,
            channel=body.channel,
            shown=shown,
            commitment=commitment,
            occurred_at=body.occurred_at or context.now,
            code=body.code,
        )
        return _without_more(refuse(command, world, context), world.placement(known), offer, houses)

    done = await asked.run(decided)
    told = await placement_answer(asked, known, done)
    return await told_of_code(asked, known, done, body.code, told)


async def _about_the_offer(
    asked: Asked, known: PlacementId, body: OfferNamedBody, command: Callable[[OfferId], PlacementCommand]
) -> Response:
    """A step of the offer that the body names, or of the current one. Of one that has ended a house hears no
    more than that.
    """
    houses = asked.entered.houses

    def decided(world: World, context: Context) -> Decided:
        state = world.placement(known)
        offer = offer_meant(state, body.offer_id, houses)
        if isinstance(offer, Refusal):
            return offer
        if houses is not None and not _stands(state, offer):
            return Refusal.OFFER_NO_LONGER_HELD
        return decide_alone(known, command(offer), world, context)

    return await placement_answer(asked, known, await asked.run(decided))


def _stands(state: PlacementState, offer: OfferId) -> bool:
    return relation_of_offer(state.offers[offer], state) in (Relation.OFFERED, Relation.ACCEPTED)


def _without_more(
    decided: Decided, state: PlacementState, offer: OfferId, houses: frozenset[ShelterId] | None
) -> Decided:
    """A house's no to an offer that has ended: where it is not recorded, because she is elsewhere or seeks no
    place any more, it is answered as if it were.
    """
    elsewhere = decided in (Refusal.PLACEMENT_ENDED, Refusal.ALREADY_ADMITTED)
    return NOTHING if houses is not None and elsewhere and not _stands(state, offer) else decided
