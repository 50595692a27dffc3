"""Pause and resume: whether a house receives offers at all. Either is taken back with one tap."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.house.asked import done, house_meant, not_done, operator, taking_back, tapped, text_of
from domain.codes import PauseReason


async def ask(request: Request) -> Response:
    await operator(request)
    house = await house_meant(request)
    return await draw(request, "house/pause.html", house=house, reasons=tuple(PauseReason))


async def change(request: Request) -> Response:
    """`motivo` pauses; without it the house takes people again, and `prima` is why it did not."""
    form, text = await tapped(request), text_of(request)
    reason, before = form.one("motivo"), form.one("prima")
    body = {"pause": reason} if reason else {"resume": True}
    told = await asking(request).post(f"/shelters/{request.path_params['shelter_id']}/intake", body, form)
    if not told.ok:
        return not_done(request, told)
    if reason:
        said = text("La casa è in pausa: non riceve offerte.")
        return done(request, said, form, taking_back(request.url.path, prima=reason))
    undo = taking_back(request.url.path, motivo=before) if before else None
    return done(request, text("La casa accoglie di nuovo."), form, undo)


ROUTES = (
    Route("/casa/{shelter_id:uuid}/pausa", ask, methods=["GET"]),
    Route("/casa/{shelter_id:uuid}/accoglienza", change, methods=["POST"]),
)
