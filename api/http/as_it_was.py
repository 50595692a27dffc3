"""The network as it was, for whoever verifies: board, queue and stays at an instant or a position."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import invalid
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.fields import Instant
from api.http.reaching import kept_from
from domain.permissions import Action
from ledger.store.port import Store
from ledger.store.replay import position_of
from projections.as_it_was import NetworkAsItWas, network_as_it_was

router = APIRouter()
_LAST_POSITION = 2**63 - 1


@router.get(
    "/network-history",
    **documented(
        "show_network_history",
        "The bed board, the on-call queue and the stays as they were at an instant or a position.",
        NetworkAsItWas,
        tag="history",
        description="For the auditor and the data protection officer: read again from the log, with the "
        "functions that make today's boards. Without either, as of the head. What was overdue or stale is "
        "judged at the instant asked for, or when the position was recorded. No house or zone is named. A "
        "long log takes several requests: 503 STILL_READING, and the next goes on from there. — Tabellone, "
        "coda e accoglienze com'erano, riletti dal registro.",
    ),
)
async def show(
    request: Request,
    as_of: Annotated[
        Instant | None, Query(description="As recorded at this instant (RFC 3339, with its offset).")
    ] = None,
    position: Annotated[
        int | None, Query(ge=1, le=_LAST_POSITION, description="As of this position of the log.")
    ] = None,
) -> Response:
    entered = await enter(request, Action.SEE_AS_IT_WAS)
    store = entered.doors.engine.transactor.store
    if as_of is not None and position is not None:
        raise invalid(
            "position", "ONE_OF_TWO", "Indica as_of oppure position, non entrambi.", "Give as_of or position."
        )
    now, head = await store.now(), await store.head()
    if (as_of is not None and as_of > now) or (position is not None and position > head):
        field = "as_of" if as_of is not None else "position"
        raise invalid(field, "NOT_YET", "Non è ancora accaduto.", "That has not come yet.")
    stand = await entered.doors.past_places.at(
        store, await position_of(store, position=position, as_of=as_of)
    )
    shown = network_as_it_was(
        stand.places,
        recorded_at=stand.recorded_at,
        as_of=as_of or (now if position is None else stand.recorded_at) or now,
        head=head,
        head_recorded_at=await _recorded_at(store, head),
        hidden=await kept_from(entered),
    )
    return as_json(shown)


async def _recorded_at(store: Store, position: int) -> datetime | None:
    rows = await store.read_all(after=position - 1, limit=1) if position else ()
    return rows[0].recorded_at if rows else None
