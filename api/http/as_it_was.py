"""The network as it was, for whoever verifies: at an instant or a position, about an earlier one, and what
changed between two.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import invalid
from api.http.documenting import documented
from api.http.doors import Doors
from api.http.entering import enter
from api.http.models.fields import Instant
from api.http.past_places import Stand
from api.http.past_reading import reading_belief, reading_changes
from api.http.problems import Problem
from api.http.reaching import kept_from
from domain.matching.places import Places
from domain.permissions import Action
from ledger.store.belief import Believed
from ledger.store.port import Store
from ledger.store.replay import position_of
from projections.as_it_was import NetworkAsItWas, ToldAbout, network_as_it_was, told_about
from projections.changes import NetworkChanges

router = APIRouter()
_LAST_POSITION = 2**63 - 1
_AS_OF = "As recorded at this instant (RFC 3339, with its offset)."


@router.get(
    "/network-history",
    **documented(
        "show_network_history",
        "Board, ages of its words, queue, stays and policy as they were at an instant or a position.",
        NetworkAsItWas,
        tag="history",
        description="For the auditor and the data protection officer: read again from the log, with the "
        "functions that make today's boards. Without either, as of the head. What was overdue or stale is "
        "judged at the instant asked for, or when the position was recorded. With `about`, what was believed "
        "by then about an earlier instant: what is said to have happened by it, as far as it was recorded "
        "(`told_about` names what was learned later). No house or zone is named. A long log takes several "
        "requests: 503 STILL_READING, and the next goes on from there. — Tabellone, età dei dati, coda, "
        "accoglienze e regole com'erano, riletti dal registro.",
    ),
)
async def show(
    request: Request,
    as_of: Annotated[Instant | None, Query(description=_AS_OF)] = None,
    position: Annotated[
        int | None, Query(ge=1, le=_LAST_POSITION, description="As of this position of the log.")
    ] = None,
    about: Annotated[
        Instant | None, Query(description="Tell of this earlier instant (RFC 3339, with its offset).")
    ] = None,
) -> Response:
    entered = await enter(request, Action.SEE_AS_IT_WAS)
    doors = entered.doors
    store, hidden = doors.engine.transactor.store, await kept_from(entered)
    if as_of is not None and position is not None:
        raise invalid(
            "position", "ONE_OF_TWO", "Indica as_of oppure position, non entrambi.", "Give as_of or position."
        )
    now, head = await store.now(), await store.head()
    if (as_of is not None and as_of > now) or (position is not None and position > head):
        raise _not_yet("as_of" if as_of is not None else "position")
    stand = await doors.past_places.at(store, await position_of(store, position=position, as_of=as_of))
    at = as_of or (now if position is None else stand.recorded_at) or now
    places, told = stand.places, None
    if about is not None:
        places, told = await _believed(doors, stand, at, about, hidden)
    shown = network_as_it_was(
        places,
        recorded_at=stand.recorded_at,
        as_of=at,
        head=head,
        head_recorded_at=await _recorded_at(store, head),
        hidden=hidden,
        told_about=told,
    )
    return as_json(shown)


@router.get(
    "/network-history/changes",
    **documented(
        "show_network_changes",
        "What changed between two instants: places, requests, policies, availability, late entries.",
        NetworkChanges,
        tag="history",
        description="For the auditor and the data protection officer: the log as it stood at `since` beside "
        "the log as it stood at `as_of` (without it: now), and what was recorded in between. A late entry "
        "was recorded in between and is said to have happened before. Of each kind the first five hundred "
        "are named, and all are counted. No house or zone is named. A long log takes several requests: 503 "
        "STILL_READING. — Che cosa è cambiato fra due istanti, con le voci tardive.",
    ),
)
async def show_changes(
    request: Request,
    since: Annotated[
        Instant | None, Query(description="The first instant (RFC 3339, with its offset); it must be given.")
    ] = None,
    as_of: Annotated[Instant | None, Query(description=_AS_OF)] = None,
) -> Response:
    entered = await enter(request, Action.SEE_AS_IT_WAS)
    if since is None:
        raise invalid("since", "MISSING", "Indica il primo istante.", "Give the first instant.")
    doors = entered.doors
    store, hidden = doors.engine.transactor.store, await kept_from(entered)
    now = await store.now()
    at = as_of or now
    if at > now:
        raise _not_yet("as_of")
    if since > at:
        raise invalid(
            "since", "AFTER_THE_SECOND", "Viene dopo il secondo istante.", "It comes after the second one."
        )
    first, upto = await position_of(store, as_of=since), await position_of(store, as_of=at)
    before = (await doors.past_places.at(store, first)).places
    after = (await doors.past_places.at(store, upto)).places
    changes = await doors.unfinished.go_on(
        ("changes", since, first, upto), partial(reading_changes, store, since, first, upto)
    )
    return as_json(changes.result(before, after, at, hidden))


async def _believed(
    doors: Doors, stand: Stand, at: datetime, about: datetime, hidden: frozenset[UUID]
) -> tuple[Places, ToldAbout]:
    if about > at:
        raise invalid("about", "NOT_YET", "Allora non era ancora accaduto.", "By then that had not come yet.")
    store, upto = doors.engine.transactor.store, stand.places.position
    then = await doors.past_places.at(store, min(upto, await position_of(store, as_of=about)))
    believed: Believed = await doors.unfinished.go_on(
        ("belief", about, upto), lambda: reading_belief(store, then, about, upto)
    )
    return believed.places, told_about(about, believed, hidden)


def _not_yet(field: str) -> Problem:
    return invalid(field, "NOT_YET", "Non è ancora accaduto.", "That has not come yet.")


async def _recorded_at(store: Store, position: int) -> datetime | None:
    rows = await store.read_all(after=position - 1, limit=1) if position else ()
    return rows[0].recorded_at if rows else None
