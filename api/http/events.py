"""Live news as server-sent events: that the queue or the board has changed at a position, and for which id.

It says that something changed, never what: a screen then asks the door it is allowed to ask. The coordination
hears of everything; a house's operator of her house, her units and the offers made to her; the lead body that
there is something to review. A stream that ends
is taken up again from its last position. It ends by itself when the process is told to stop, and after a
while, so that a token is checked again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, suppress
from time import monotonic
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Request
from fastapi.sse import EventSourceResponse
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.news import MOST_BEHIND, News, NewsKind, news_of, to_review
from api.http.problems import Problem
from api.http.proving import is_still
from api.http.reaching import kept_from
from api.http.trouble_texts import Trouble
from domain.permissions import Action, Role
from ledger.faults import LedgerFault
from ledger.log_lines import Line, tell
from ledger.store.codec import plain
from ledger.store.port import StoredRow
from projections.tail import NoSeat

HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 15 * 60.0
RETRY_MILLISECONDS = 2000
_LAST_POSITION = 2**63 - 1

router = APIRouter()
_log = logging.getLogger(__name__)


@router.get(
    "/events",
    **documented(
        "follow_events",
        "Live news of the queue and the board, as server-sent events.",
        News,
        tag="events",
        description="Each event's `id` is a position of the log; with `Last-Event-ID` the news goes on from "
        "there. `here` says where the stream begins, `reload` that too much has happened since to be told "
        "one by one. The coordination hears of everything, a house of itself, its units and the offers made "
        "to it, the lead body that there is something to review. A comment every fifteen seconds keeps the "
        "connection; after a quarter of an hour it ends and is to be opened again. A person has at most "
        "eight open in a process, a process a hundred; one more is answered 503. — Una persona può tenerne "
        "aperti al massimo otto per processo, un processo cento; a uno in più si risponde 503.",
        stream=True,
    ),
)
async def follow(
    request: Request,
    last_event_id: Annotated[
        int | None,
        Header(alias="Last-Event-ID", ge=0, le=_LAST_POSITION, description="The last position heard of."),
    ] = None,
) -> Response:
    entered = await enter(request, Action.FOLLOW_NEWS)
    head = await entered.doors.engine.transactor.store.head()
    closing: asyncio.Event | None = getattr(request.app.state, "closing", None)
    return _Seated(entered, _told(entered, head, last_event_id, closing or asyncio.Event()))


class _Seated(EventSourceResponse):
    """A stream that begins only with a seat of its caller's, taken and asked for in one step: of many who
    come at once none slips in beside another.
    """

    def __init__(self, entered: Entered, told: AsyncIterator[bytes]) -> None:
        super().__init__(told)
        self._entered = entered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Errors: a problem 503 before anything is sent."""
        with ExitStack() as seat:
            try:
                seat.enter_context(self._entered.doors.tail.watching(self._entered.caller.actor))
            except NoSeat:
                raise Problem(Trouble.TOO_MANY_STREAMS) from None
            await super().__call__(scope, receive, send)


async def _told(
    entered: Entered, head: int, last: int | None, closing: asyncio.Event
) -> AsyncIterator[bytes]:
    """The bytes of one stream."""
    behind = last is not None and not 0 <= head - last <= MOST_BEHIND
    position = head if last is None or behind else last
    kind = NewsKind.RELOAD if behind else NewsKind.HERE
    yield b"retry: %d\n" % RETRY_MILLISECONDS + _said(News(position=position, kind=kind))
    stopping = asyncio.ensure_future(closing.wait())
    try:
        async for line in _followed(entered, position, stopping):
            yield line
    except LedgerFault as fault:
        tell(_log, logging.WARNING, Line.NEWS_ENDED, fault=fault)
    finally:
        stopping.cancel()


async def _followed(entered: Entered, position: int, stopping: asyncio.Future[Any]) -> AsyncIterator[bytes]:
    until = monotonic() + LONGEST_SECONDS
    waiting = asyncio.ensure_future(entered.doors.tail.after(position))
    try:
        while monotonic() < until:
            await asyncio.wait(
                (waiting, stopping), timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if stopping.done() or not await is_still(entered.request, entered.doors, entered.caller):
                return
            if not waiting.done():
                yield b":\n\n"
                continue
            rows = waiting.result()
            hidden = await kept_from(entered)
            for news in await _news(entered, rows, hidden):
                yield _said(news)
            position = rows[-1].position
            waiting = asyncio.ensure_future(entered.doors.tail.after(position))
    finally:
        waiting.cancel()
        with suppress(asyncio.CancelledError, LedgerFault):
            await waiting


async def _news(entered: Entered, rows: Sequence[StoredRow], hidden: frozenset[UUID]) -> tuple[News, ...]:
    if entered.role is Role.LEAD_BODY:
        return to_review(rows)
    return await news_of(entered.doors.engine, entered.houses, rows, hidden)


def _said(news: News) -> bytes:
    told = orjson.dumps(news, plain)
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (news.position, news.kind.encode(), told)
