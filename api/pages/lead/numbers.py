"""The page of figures: one release of the statistics, chosen by its last month, with files to take away."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.i18n import gettext_in, language_of
from api.pages.lead.figures import STEPS, TABLES, Figures
from api.pages.lead.months import Month, months
from api.pages.marking import _
from api.pages.tables import csv_answer
from api.pages.visitor import visitor_of
from domain.permissions import Role

_COUNTS = (_("Tabella"), _("Riga"), _("Colonna"), _("Casi"))
_TIMES = (
    _("Tempo"),
    _("Urgenza"),
    _("Ora"),
    _("Un quarto dei casi"),
    _("Metà dei casi"),
    _("Tre quarti dei casi"),
)


async def show(request: Request) -> Response:
    await visitor_of(request, Role.LEAD_BODY)
    known = await _months(request)
    chosen = request.query_params.get("mese") or (known[0].last if known else None)
    told = await asking(request).get("/statistics", {"period": chosen}) if chosen else None
    fault = None if told is None or told.ok else next(iter(told.faults.values()), told.detail)
    figures = None
    if told is not None and told.ok:
        figures = Figures(told.content, gettext_in(language_of(request)))
    return await draw(
        request,
        "lead/numbers.html",
        status=422 if fault else 200,
        months=known,
        chosen=chosen,
        figures=figures,
        fault=fault,
        steps=STEPS,
        tables=TABLES,
    )


async def take(request: Request) -> Response:
    """The same numbers, in tables."""
    await visitor_of(request, Role.LEAD_BODY)
    told = await asking(request).get("/statistics", {"period": request.query_params.get("mese")})
    if not told.ok:
        raise HTTPException(404)
    text = gettext_in(language_of(request))
    figures = Figures(told.content, text)
    if request.url.path.endswith("tempi.csv"):
        return csv_answer("tempi.csv", [text(each) for each in _TIMES], figures.time_lines())
    return csv_answer("cifre.csv", [text(each) for each in _COUNTS], figures.lines())


async def _months(request: Request) -> tuple[Month, ...]:
    """Of every release so far, the newest first."""
    told: dict[str, Any] = await asking(request).shown("/unmet-need")
    return months(
        ((date.fromisoformat(each["first_month"]), date.fromisoformat(each["last_month"]), each["told"])
         for each in reversed(told["items"])),
        language_of(request),
    )  # fmt: skip


ROUTES = (
    Route("/rete/cifre", show),
    *(Route(f"/rete/cifre/{name}", take, name=name) for name in ("cifre.csv", "tempi.csv")),
)
