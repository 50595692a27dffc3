"""What pages ask of houses: every house that somebody may see with its units, and what stands with one now.

Read from the index of places alone. What changes a house is in `api.http.shelters` and `api.http.units`.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.reaching import kept_from, standing_with
from api.http.shelters import known_shelter
from domain.matching.places import Places
from domain.permissions import Action, may
from domain.policy import START_POLICY
from domain.vocabulary import ShelterId
from projections.house_view import HousesView, HouseView, level_views, shelter_view, unit_view
from projections.offered_view import StandingOffers, declared_in, standing_offers

router = APIRouter()
_TAG = "shelters"


@router.get(
    "/shelters",
    **documented(
        "list_shelters",
        "The houses, each with its units and places, under code names.",
        HousesView,
        tag=_TAG,
        description="The coordination and the lead body see every house, an operator her own. With them for "
        "how long a house's word is fresh, by the policy in force. — Coordinamento ed ente capofila vedono "
        "ogni casa, un'operatrice le proprie.",
    ),
)
async def show_all(request: Request) -> Response:
    entered = await enter(request, Action.SEE_HOUSE)
    unnamed = await kept_from(entered)
    engine = entered.doors.engine
    now = await engine.transactor.store.now()
    places = (await engine.index.catch_up()).places
    policy = places.network.policy or START_POLICY
    return as_json(
        HousesView(
            as_of=now,
            fresh_hours=policy.fresh_hours,
            stale_hours=policy.stale_hours,
            levels=level_views(places.network),
            items=tuple(
                _house(entered, places, house, unnamed)
                for house in places.shelters
                if _theirs(entered, house)
            ),
        )
    )


@router.get(
    "/shelters/{shelter_id}/offers",
    **documented(
        "list_offers_to_a_shelter",
        "What stands with a house now: what awaits its answer, who is expected, who is there.",
        StandingOffers,
        tag="answers",
        description="For the house's operators, each as `GET /placements/{placement_id}` shows it; in each "
        "group what is due soonest first. Nothing of an offer that has ended. — Per le operatrici della "
        "casa: offerte in attesa, arrivi previsti, nuclei presenti.",
    ),
)
async def show_offers(request: Request, shelter_id: UUID) -> Response:
    entered = await enter(request, Action.SEE_OFFER)
    house = await known_shelter(replace(entered, actions=(Action.SEE_HOUSE,)), shelter_id)
    engine = entered.doors.engine
    now = await engine.transactor.store.now()
    found = await standing_with(entered, house, now)
    declared = declared_in(engine.index.places)
    return as_json(standing_offers(((each.placement_id, each.state) for each in found), house, declared, now))


def _theirs(entered: Entered, house: ShelterId) -> bool:
    return entered.houses is None or house in entered.houses


def _house(entered: Entered, places: Places, house: ShelterId, unnamed: frozenset[UUID]) -> HouseView:
    with_holders = may(entered.role, Action.SEE_HOLDERS)
    return HouseView(
        shelter=shelter_view(house, places.shelters[house], places.versions[house]),
        units=tuple(
            unit_view(
                unit, places.units[unit], places.versions[unit], with_holders=with_holders, unnamed=unnamed
            )
            for unit in places.by_shelter.get(house, ())
        ),
    )
