"""What a page cannot show, as a page: sign in first, unlock first, not found, not now."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.http.proving import BACKGROUND
from api.http.texts import Language
from api.http.trouble_texts import TROUBLE_TEXTS, Trouble, trouble_of
from api.pages.asking import NotTold
from api.pages.drawing import clock_of, draw
from api.pages.forms import Form, form_of
from api.pages.i18n import language_of
from api.pages.identity import proving_anew
from api.pages.identity.locking import lock_page
from api.pages.notes import go
from api.pages.visitor import NotYourPage, SignInFirst, UnlockFirst
from ledger.faults import LedgerFault
from ledger.log_lines import Line, tell

_log = logging.getLogger("approdo.pages")
_BY_STATUS = {
    400: Trouble.REQUEST_INVALID,
    405: Trouble.METHOD_NOT_ALLOWED,
    408: Trouble.BODY_TOO_SLOW,
    413: Trouble.BODY_TOO_LARGE,
    415: Trouble.MEDIA_TYPE_UNSUPPORTED,
}
SIGN_IN, UNLOCK = "/accesso", "/sblocca"


async def sign_in_first(request: Request, why: Exception) -> Response:
    assert isinstance(why, SignInFirst | NotTold)
    return go(request, SIGN_IN)


async def unlock_first(request: Request, why: Exception) -> Response:
    """The lock page; a draft that was just sent comes along, sealed (`identity.locking`)."""
    assert isinstance(why, UnlockFirst | NotTold)
    if BACKGROUND in request.headers:
        return go(request, UNLOCK)
    return await lock_page(request, form=await _sent(request), back_to=request.url.path)


async def not_your_page(request: Request, why: Exception) -> Response:
    assert isinstance(why, NotYourPage)
    return await _drawn(request, Trouble.NOT_FOUND)


async def not_told(request: Request, why: Exception) -> Response:
    """A door said no to what the page is about."""
    assert isinstance(why, NotTold)
    told = why.told
    if told.code == proving_anew.NEEDED:
        return await proving_anew.needed(
            request, await form_of(request) if request.method == "POST" else None
        )
    if told.status == 401:
        return await sign_in_first(request, why)
    if told.code == "SESSION_LOCKED":
        return await unlock_first(request, why)
    return await _said(request, told.status, told.content.get("title"), told.detail)


async def ledger_fault(request: Request, why: Exception) -> Response:
    """The page itself met a fault: nothing was recorded by it."""
    assert isinstance(why, LedgerFault)
    tell(_log, logging.WARNING, Line.LEDGER_FAULT, fault=why)
    return await _drawn(request, trouble_of(why))


async def http_trouble(request: Request, why: Exception) -> Response:
    assert isinstance(why, HTTPException)
    return await _drawn(request, _BY_STATUS.get(why.status_code, Trouble.NOT_FOUND), why.status_code)


async def _sent(request: Request) -> Form | None:
    return await form_of(request) if request.method == "POST" else None


async def _drawn(request: Request, trouble: Trouble, status: int | None = None) -> Response:
    """In the same words as the doors have for it."""
    text = TROUBLE_TEXTS[trouble]
    words = text.words(Language(language_of(request)))
    return await _said(request, status or text.status, words.title, words.detail)


async def _said(request: Request, status: int, title: str | None, detail: str) -> Response:
    """The ledger is not asked the time: it may be what cannot be asked. Nor does the page tell the address
    that led here.
    """
    clock = await clock_of(request, datetime.now(UTC))
    return await draw(
        request, "trouble.html", status=status, clock=clock, path="/", title=title, detail=detail
    )
