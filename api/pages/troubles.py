"""What a page cannot show, as a page: sign in first, unlock first, not found, not now."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.http import problems
from api.http.proving import BACKGROUND
from api.http.texts import Language
from api.pages.asking import NotTold
from api.pages.drawing import draw
from api.pages.forms import form_of
from api.pages.i18n import language_of
from api.pages.identity.locking import lock_page
from api.pages.notes import go
from api.pages.visitor import NotYourPage, SignInFirst, UnlockFirst
from ledger.faults import LedgerFault
from ledger.log_lines import Line, tell

_log = logging.getLogger("approdo.pages")
SIGN_IN, UNLOCK = "/accesso", "/sblocca"


async def sign_in_first(request: Request, why: Exception) -> Response:
    assert isinstance(why, SignInFirst | NotTold)
    return go(request, SIGN_IN)


async def unlock_first(request: Request, why: Exception) -> Response:
    """The lock page; a draft that was just sent comes along, sealed (`identity.locking`)."""
    assert isinstance(why, UnlockFirst | NotTold)
    if BACKGROUND in request.headers:
        return go(request, UNLOCK)
    form = await form_of(request) if request.method == "POST" else None
    return await lock_page(request, form=form, back_to=request.url.path)


async def not_your_page(request: Request, why: Exception) -> Response:
    assert isinstance(why, NotYourPage)
    return await draw(request, "trouble.html", status=404, title=None, detail=None, code="NOT_FOUND")


async def not_told(request: Request, why: Exception) -> Response:
    """A door said no to what the page is about."""
    assert isinstance(why, NotTold)
    told = why.told
    if told.status == 401:
        return await sign_in_first(request, why)
    if told.code == "SESSION_LOCKED":
        return await unlock_first(request, why)
    return await draw(
        request,
        "trouble.html",
        status=told.status,
        title=told.content.get("title"),
        detail=told.detail,
        code=told.code,
    )


async def ledger_fault(request: Request, why: Exception) -> Response:
    """The page itself met a fault: nothing was recorded by it."""
    assert isinstance(why, LedgerFault)
    tell(_log, logging.WARNING, Line.LEDGER_FAULT, fault=why)
    said = problems.of_fault(why)
    words = problems.PROBLEMS[said.code].words(Language(language_of(request)))
    return await draw(
        request, "trouble.html", status=503, title=words.title, detail=words.detail, code=said.code
    )


async def http_trouble(request: Request, why: Exception) -> Response:
    assert isinstance(why, HTTPException)
    return await draw(
        request, "trouble.html", status=why.status_code, title=None, detail=None, code="NOT_FOUND"
    )
