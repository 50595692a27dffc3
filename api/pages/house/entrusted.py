"""Values kept for her, opened by the house that takes her: for a purpose, by who has just proved who she is.

Which kinds stand is shown; what they say only after a tap, on a page that takes itself away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import NotTold, asking
from api.pages.drawing import draw
from api.pages.house.asked import operator, over, tapped, text_of, why_not
from api.pages.notes import Note, go

SHOWN_SECONDS = 120
"""How long opened values stay on the screen."""


async def ask(request: Request) -> Response:
    await operator(request)
    openable = await _openable(request)
    return await over(request) if openable is None else await _drawn(request, openable)


async def open_for(request: Request) -> Response:
    """`scopo`: for what. What the purpose needs and stands is opened at once, in one recorded look."""
    form, text = await tapped(request), text_of(request)
    openable = await _openable(request)
    if openable is None:
        return await over(request)
    purpose = form.one("scopo")
    kinds = next((each["kinds"] for each in openable["items"] if each["purpose"] == purpose), None)
    if kinds is None:
        said = text("Per questo scopo non c’è niente di custodito.")
        return go(request, request.url.path, Note(text=said, danger=True))
    path = f"/placements/{request.path_params['placement_id']}/values/openings"
    told = await asking(request).post(path, {"kinds": kinds, "purpose": purpose}, form)
    if not told.ok:
        return go(request, request.url.path, Note(text=why_not(request, told), danger=True))
    response = await _drawn(request, openable, values=told.content["values"], purpose=purpose)
    response.headers["Refresh"] = f"{SHOWN_SECONDS}; url={request.url.path}"
    return response


async def _openable(request: Request) -> Mapping[str, Any] | None:
    """None where it is not theirs to open. Errors: `NotTold` for any other no."""
    told = await asking(request).get(f"/placements/{request.path_params['placement_id']}/values")
    if told.status in (403, 404):
        return None
    if not told.ok:
        raise NotTold(told)
    found: Mapping[str, Any] = told.content
    return found


async def _drawn(
    request: Request,
    openable: Mapping[str, Any],
    values: tuple[Mapping[str, str], ...] = (),
    purpose: str | None = None,
) -> Response:
    return await draw(
        request,
        "house/entrusted.html",
        placement_id=openable["placement_id"],
        openable=openable,
        values=values,
        purpose=purpose,
        seconds=SHOWN_SECONDS,
    )


_PAGE = "/casa/offerte/{placement_id:uuid}/affidati"
ROUTES = (
    Route(_PAGE, ask, methods=["GET"]),
    Route(_PAGE, open_for, methods=["POST"]),
)
