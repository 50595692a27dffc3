"""The page while a long log is read again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.pages.drawing import draw
from api.pages.times import Clock


async def still_reading(request: Request, clock: Clock) -> Response:
    """The browser asks again by itself, and a link does the same."""
    query = f"?{request.url.query}" if request.url.query else ""
    again = f"{request.url.path}{query}"
    response = await draw(request, "auditor/still_reading.html", status=503, clock=clock, again=again)
    response.headers["Refresh"] = "1"
    response.headers["Retry-After"] = "1"
    return response
