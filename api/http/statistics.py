"""Statistics as they were released: of the network for those who answer for it, of a house for the house.

A release is told as it was first told, byte for byte. Nothing here counts per person who works.
"""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.http.commanding import invalid
from api.http.documenting import documented
from api.http.entering import enter
from api.http.releasing import house_releases, network_releases
from domain.permissions import Action
from domain.refusals import Refusal
from domain.vocabulary import ShelterId
from ledger.published import KeptRelease
from projections.house_statistics import HouseRelease
from projections.told import Release

router = APIRouter()
Month = Annotated[str | None, Query(max_length=7, description="A month that has ended: YYYY-MM. Required.")]
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@router.get(
    "/statistics",
    **documented(
        "show_statistics",
        "Requests, answers, places, times and unmet need of a month, in counts that give nobody away.",
        Release,
        tag="reports",
        description="Told once, seven days after the month has ended, and never changed: later entries are "
        "told with the next release, as a total alone. Counts are of cases, rounded to five; none below ten "
        "is told or can be worked out (null: hidden). A month with fewer than ten cases is not told by "
        "itself: it is carried into the next. — Pubblicate una volta, sette giorni dopo la fine del mese, e "
        "mai modificate. Nessun conteggio inferiore a dieci è indicato né ricavabile.",
    ),
)
async def show(request: Request, period: Month = None) -> Response:
    entered = await enter(request, Action.SEE_STATISTICS)
    month = _month(period)
    return _told(await network_releases(entered.doors), month)


@router.get(
    "/shelters/{shelter_id}/statistics",
    **documented(
        "show_shelter_statistics",
        "A house's own answers in a month, by time band: for the house itself.",
        HouseRelease,
        tag="reports",
        description="By the same rules as the network's statistics. Never per person who works. — Le "
        "risposte della propria casa, per fascia oraria; mai per operatrice.",
    ),
)
async def show_house(request: Request, shelter_id: UUID, period: Month = None) -> Response:
    entered = await enter(request, Action.SEE_OWN_STATISTICS)
    house = ShelterId(shelter_id)
    entered.must_reach_house(house, Refusal.SHELTER_UNKNOWN)
    month = _month(period)
    return _told(await house_releases(entered.doors, house), month)


def _month(period: str | None) -> str:
    """Asked for once it is known who asks. Errors: problem 422."""
    if period is None or _MONTH.fullmatch(period) is None:
        raise invalid("period", "NOT_A_MONTH", "Indica un mese: AAAA-MM.", "Name a month: YYYY-MM.")
    return period


def _told(releases: tuple[KeptRelease, ...], period: str) -> Response:
    found = next((each for each in releases if f"{each.last_month:%Y-%m}" == period), None)
    if found is None:
        raise invalid(
            "period",
            "NOT_YET_TOLD",
            "Di questo mese non c'è (ancora) una pubblicazione.",
            "There is no release of this month, or not yet.",
        )
    return Response(found.document, media_type="application/json")
