"""The on-call queue: who waits for what, in the order in which a place is owed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.entering import enter
from api.http.reaching import kept_from
from api.http.viewing import caught_up
from domain.permissions import Action
from projections.on_call_queue import OnCallQueue, on_call_queue

router = APIRouter()


@router.get(
    "/on-call-queue",
    **documented(
        "show_on_call_queue",
        "Open requests with their next deadline and what a person has to do, most urgent and oldest first.",
        OnCallQueue,
        tag="placement-requests",
        description="Every request that still seeks or holds a place: what is awaited and until when "
        "(`due_kind`, `due_at`, `overdue`), whether the search stopped for a person, what that person has to "
        "do (`needs`), and until when she is safe where she is (`safe_until`, `unsafe` once it has passed).",
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.SEE_QUEUE)
    complete = await caught_up(entered.doors)
    now = await entered.doors.engine.transactor.store.now()
    position, rows = await entered.doors.views.queue()
    hidden = await kept_from(entered)
    shown = (row for row in rows if row.placement_id not in hidden)
    return as_json(on_call_queue(shown, position, now, complete=complete))
