"""Bytes of an answer: typed values, serialised as they stand, with their ETag."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

from api.http.commanding import Asked, etag
from api.http.gone import view_saying_it
from api.http.models.answers import OfferedAnswer, PlacementAnswer, event_lines
from api.http.states import placement_after
from domain.vocabulary import PlacementId
from ledger.store.codec import plain
from ledger.store.transact import Done
from projections.offered_view import answered_view
from projections.placement_view import placement_view


def as_json(
    answer: object, *, status: int = 200, version: int | None = None, location: str | None = None
) -> Response:
    """`answer` is one of our frozen dataclasses."""
    headers: dict[str, Any] = {}
    if version is not None:
        headers["ETag"] = etag(version)
    if location is not None:
        headers["Location"] = location
    body = orjson.dumps(answer, plain, orjson.OPT_UTC_Z)
    return Response(body, status_code=status, headers=headers, media_type="application/json")


async def placement_answer(
    asked: Asked, placement_id: PlacementId, done: Done, *, status: int = 200
) -> Response:
    """The placement as the command left it: whole for the coordination; for a house how its offer stands."""
    location = f"/placements/{placement_id}" if status == 201 else None
    entered = asked.entered
    state, version = await placement_after(entered.doors.engine, placement_id, done)
    if entered.houses is not None:
        return as_json(
            OfferedAnswer(
                position=done.position,
                recorded_at=done.receipt.recorded_at,
                placement=answered_view(placement_id, state, entered.houses),
            ),
            status=status,
            location=location,
        )
    view = placement_view(placement_id, state, version)
    return as_json(
        PlacementAnswer(
            position=done.position,
            recorded_at=done.receipt.recorded_at,
            events=event_lines(done),
            placement=await view_saying_it(entered.doors.engine, view, done.position),
        ),
        status=status,
        version=version,
        location=location,
    )
