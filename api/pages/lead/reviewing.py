"""What is to be looked at by a second person: broken glass and choices against a rule, each with its form."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.forms import Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of
from domain.codes import ReviewOutcome
from domain.permissions import Role


async def show(request: Request) -> Response:
    await visitor_of(request, Role.LEAD_BODY)
    return await _drawn(request)


async def review(request: Request) -> Response:
    await visitor_of(request, Role.LEAD_BODY)
    form, text = await form_of(request), gettext_in(language_of(request))
    about = str(request.path_params["review_id"])
    told = await asking(request).post(f"/reviews/{about}", {"outcome": form.one("esito") or None}, form)
    if told.ok:
        return go(request, "/rete/controlli", Note(text=text("Controllo registrato.")))
    return await _drawn(request, status=told.status, about=about, typed=form, detail=told.detail)


async def _drawn(
    request: Request,
    *,
    status: int = 200,
    about: str | None = None,
    typed: Form | None = None,
    detail: str | None = None,
) -> Response:
    return await draw(
        request,
        "lead/reviews.html",
        status=status,
        reviews=(await asking(request).shown("/reviews"))["items"],
        outcomes=[str(each) for each in ReviewOutcome],
        about=about,
        typed=typed,
        detail=detail,
    )


ROUTES = (
    Route("/rete/controlli", show),
    Route("/rete/controlli/{review_id:uuid}", review, methods=["POST"]),
)
