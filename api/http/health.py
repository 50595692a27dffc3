"""Whether this process lives, whether it can do its work, and what it has counted. Open to all; tells nothing
else.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Protocol, runtime_checkable

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.doors import Doors
from api.http.edge import visit_of
from api.http.metering import MEDIA_TYPE, Metrics
from api.http.models.answers import ServiceStatus, ServiceWarning, ViewsStatus
from api.http.problems import Problem
from api.http.standing import seal_view
from api.http.trouble_texts import Trouble
from ledger.faults import LedgerFault

LARGEST_SKEW = timedelta(seconds=2)
PATIENCE_SECONDS = 2.0
router = APIRouter()
_TAG = "health"


@runtime_checkable
class Clocked(Protocol):
    """A store that knows how far this process's clock is from the ledger's."""

    async def clock_skew(self) -> timedelta: ...


@router.get(
    "/status",
    **documented("show_status", "Whether the service works.", ServiceStatus, tag=_TAG, opened=True),
)
async def status(request: Request) -> Response:
    doors = visit_of(request).doors
    await _require_ready(doors)
    stop = (await doors.views.live()).stop
    title = "Il servizio funziona." if stop is None else "Il servizio funziona; le viste sono ferme."
    told = ViewsStatus(
        stopped=stop is not None,
        topic=stop.topic if stop is not None else None,
        fault=stop.why if stop is not None else None,
    )
    warned = await _warnings(doors)
    return as_json(ServiceStatus(status=200, title=title, views=told, warnings=warned))


@router.get(
    "/livez",
    **documented("show_liveness", "Whether the process lives.", ServiceStatus, tag=_TAG, opened=True),
)
async def live() -> Response:
    return as_json(ServiceStatus(status=200, title="Il processo vive."))


@router.get(
    "/readyz",
    **documented(
        "show_readiness",
        "Whether the process can do its work now.",
        ServiceStatus,
        tag=_TAG,
        opened=True,
        description="Ready: the ledger answers, its clock is within two seconds of ours, and its schema is "
        "this program's. A warning keeps nobody waiting and wants a person: `SEALING_STOPPED` (the database "
        "is not the one that was sealed), `NOT_SEALED` (events have waited for ten minutes to be sealed).",
    ),
)
async def ready(request: Request) -> Response:
    doors = visit_of(request).doors
    await _require_ready(doors)
    return as_json(ServiceStatus(status=200, title="Pronto.", warnings=await _warnings(doors)))


@router.get("/metrics", include_in_schema=False, response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    visit = visit_of(request)
    with suppress(LedgerFault, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await _count_sealed(visit.doors, visit.metrics)
    return Response(visit.metrics.page(), media_type=MEDIA_TYPE)


async def _count_sealed(doors: Doors, metrics: Metrics) -> None:
    seen, since = await seal_view(doors), timedelta()
    if seen.waiting_since is not None:
        since = await doors.engine.transactor.store.now() - seen.waiting_since
    disagreements = doors.sealing.disagreements if doors.sealing is not None else 0
    metrics.sealed(seen.size, max(0.0, since.total_seconds()), disagreements)


async def _warnings(doors: Doors) -> tuple[ServiceWarning, ...]:
    """What does not work beside the doors. What cannot be asked now is not warned of."""
    found = []
    if doors.sealing is not None and doors.sealing.stopped:
        found.append(ServiceWarning.SEALING_STOPPED)
    with suppress(LedgerFault, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            if (await seal_view(doors)).late:
                found.append(ServiceWarning.NOT_SEALED)
    return tuple(found)


async def _require_ready(doors: Doors) -> None:
    """Errors: problem 503."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            is_ready = await _is_ready(doors)
    except (LedgerFault, TimeoutError):
        is_ready = False
    if not is_ready:
        raise Problem(Trouble.NOT_READY)


async def _is_ready(doors: Doors) -> bool:
    store = doors.engine.transactor.store
    await store.head()
    if isinstance(store, Clocked) and abs(await store.clock_skew()) > LARGEST_SKEW:
        return False
    return doors.migrations_current is None or await doors.migrations_current()
