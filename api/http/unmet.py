"""Unmet need, for the lead body: what stood between requests and a place, as the statistics tell it."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.entering import enter
from api.http.releasing import network_releases
from domain.permissions import Action
from ledger.published import KeptRelease
from projections.unmet_need import UnmetNeed

router = APIRouter()


@router.get(
    "/unmet-need",
    **documented(
        "show_unmet_need",
        "Cases left waiting or ended without a place, by barrier, level and household size.",
        UnmetNeed,
        tag="reports",
        description="Every release of the statistics so far, this part of it alone. It counts cases: a woman "
        "who asks five times counts once. A case counts once under each barrier it met; a barrier is the "
        "code under which units were excluded, and never a house or a district. No count below ten is told "
        "or can be worked out. — Conta i casi, non le richieste. Un ostacolo è il codice con cui le unità "
        "sono state escluse, mai una casa né un Ambito. Nessun conteggio inferiore a dieci è indicato "
        "né ricavabile.",
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.SEE_UNMET_NEED)
    return as_json({"items": [_part(each) for each in await network_releases(entered.doors)]})


def _part(kept: KeptRelease) -> dict[str, Any]:
    """Taken from what was told, so that the two can never differ."""
    told = orjson.loads(kept.document)
    return {name: told[name] for name in ("first_month", "last_month", "told", "unmet")}
