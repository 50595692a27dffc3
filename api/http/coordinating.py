"""What the coordination does with a request: consent, offer, her yes or no, release, new search, end."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import placement_answer
from api.http.documenting import documented
from api.http.models.answers import PlacementAnswer
from api.http.models.steps import (
    DeclineBody,
    ReleaseBody,
    SearchBody,
    SendOfferBody,
    WhenBody,
    WomanAcceptanceBody,
)
from api.http.stepping import has_been_shown, offer_meant, step
from api.http.withholding import kept_code, shown_of_decline, told_of_code
from domain.coordination.alone import decide_alone
from domain.coordination.answering import DeclineOffer, decline
from domain.coordination.ending import ReleaseHold, WithdrawConsent, release, withdraw
from domain.coordination.requesting import SearchAgain, search_again
from domain.coordination.resuming import resume_and_search
from domain.permissions import Action
from domain.placement.commands import AcceptAsWoman, RecordConsent, SendOffer
from domain.refusals import Refusal
from domain.world import Context, Decided, World

router = APIRouter()
_TAG = "coordination"
_COORDINATE = Action.COORDINATE_PLACEMENT


@router.post(
    "/placements/{placement_id}/consent",
    **documented(
        "record_consent",
        "The woman agrees that a place be sought.",
        PlacementAnswer,
        tag=_TAG,
        body=WhenBody,
        required=False,
        etag=True,
    ),
)
async def consent(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, WhenBody, _COORDINATE)

    def decided(world: World, context: Context) -> Decided:
        command = RecordConsent(occurred_at=body.occurred_at or context.now)
        return decide_alone(known, command, world, context)

    return await placement_answer(asked, known, await asked.run(decided))


@router.post(
    "/placements/{placement_id}/offers",
    **documented(
        "send_offer",
        "A named coordinator sends the offer for the units held.",
        PlacementAnswer,
        tag=_TAG,
        body=SendOfferBody,
        example={
            "units": ["0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55"],
            "shown_position": 7,
            "page": "richiesta-1",
        },
        etag=True,
    ),
)
async def send_offer(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, SendOfferBody, _COORDINATE)
    await has_been_shown(asked, body.shown_position)
    command = SendOffer(
        units=body.units, reason=body.reason, shown_position=body.shown_position, page=body.page
    )
    done = await asked.run(lambda world, context: decide_alone(known, command, world, context))
    return await placement_answer(asked, known, done)


@router.post(
    "/placements/{placement_id}/woman-acceptance",
    **documented(
        "accept_as_woman",
        "She says yes to this place, told what it is like.",
        PlacementAnswer,
        tag=_TAG,
        body=WomanAcceptanceBody,
        example={"proximity_checked_by_voice": True, "told": ["HOUSE_RULES", "SHARED_SPACES"]},
        etag=True,
    ),
)
async def accept_as_woman(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, WomanAcceptanceBody, _COORDINATE)

    def decided(world: World, context: Context) -> Decided:
        command = AcceptAsWoman(
            proximity_checked_by_voice=body.proximity_checked_by_voice,
            told=body.told,
            occurred_at=body.occurred_at or context.now,
            offer_id=body.offer_id,
        )
        return decide_alone(known, command, world, context)

    return await placement_answer(asked, known, await asked.run(decided))


@router.post(
    "/placements/{placement_id}/decline",
    **documented(
        "decline_offer",
        "She says no to this place: the search stops and asks. It never counts against her.",
        PlacementAnswer,
        tag=_TAG,
        body=DeclineBody,
        example={"code": "TOO_FAR"},
        required=False,
        etag=True,
    ),
)
async def decline_offer(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, DeclineBody, _COORDINATE)
    shown = shown_of_decline(body)
    commitment = await kept_code(asked, known, body.code)

    def decided(world: World, context: Context) -> Decided:
        offer = offer_meant(world.placement(known), body.offer_id, None)
        if isinstance(offer, Refusal):
            return offer
        command = DeclineOffer(
            placement_id=known,
            offer_id=offer,
            shown=shown,
            commitment=commitment,
            occurred_at=body.occurred_at or context.now,
        )
        return decline(command, world, context)

    done = await asked.run(decided)
    told = await placement_answer(asked, known, done)
    return await told_of_code(asked, known, done, body.code, told)


@router.post(
    "/placements/{placement_id}/release",
    **documented(
        "release_hold",
        "The coordination gives a hold back without an answer.",
        PlacementAnswer,
        tag=_TAG,
        body=ReleaseBody,
        required=False,
        etag=True,
    ),
)
async def release_hold(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, ReleaseBody, _COORDINATE)

    def decided(world: World, context: Context) -> Decided:
        offer = offer_meant(world.placement(known), body.offer_id, None)
        if isinstance(offer, Refusal):
            return offer
        return release(ReleaseHold(placement_id=known, offer_id=offer, cause=body.cause), world, context)

    return await placement_answer(asked, known, await asked.run(decided))


@router.post(
    "/placements/{placement_id}/search",
    **documented(
        "search_again",
        "Rank anew and hold the best, in the request's old place in the order.",
        PlacementAnswer,
        tag=_TAG,
        body=SearchBody,
        example={"resume": True},
        required=False,
        etag=True,
    ),
)
async def search(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, SearchBody, _COORDINATE)
    decide = resume_and_search if body.resume else search_again
    command = SearchAgain(placement_id=known)
    done = await asked.place(lambda world, context, places: decide(command, world, context, places))
    return await placement_answer(asked, known, done)


@router.post(
    "/placements/{placement_id}/withdrawal",
    **documented(
        "withdraw_consent",
        "She no longer wants a place sought: what is held is given back and the placement ends.",
        PlacementAnswer,
        tag=_TAG,
        body=WhenBody,
        required=False,
        etag=True,
    ),
)
async def withdraw_consent(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, WhenBody, _COORDINATE)

    def decided(world: World, context: Context) -> Decided:
        command = WithdrawConsent(placement_id=known, occurred_at=body.occurred_at or context.now)
        return withdraw(command, world, context)

    return await placement_answer(asked, known, await asked.run(decided))
