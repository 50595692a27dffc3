"""Signing in at the network's own provider: there and back again, with a browser.

The way back brings a code in its address, as the protocol has it: it counts once, within ten minutes, and
only in the browser that was sent. The cookies of session and device do not come along from another site; they
are carried, sealed, in the one that does.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.http import cookies
from api.http.doors import Doors
from api.http.edge import visit_of
from api.http.problems import Problem
from api.http.sessions import signed_in
from api.http.signing_in import failing, few_failures, refused
from api.http.trouble_texts import Trouble
from api.identity.caller import Unauthenticated
from api.identity.openid import OpenId, ProviderUnreachable
from api.identity.sessions import How

router = APIRouter()
_CARRIED = (cookies.SESSION, cookies.DEVICE)
_Given = Annotated[str | None, Query(max_length=2000)]


# Not in the document: a browser's way, whose form is OpenID Connect's own.
@router.get("/identity/provider", include_in_schema=False, response_model=None)
async def go(request: Request, *, again: bool = False) -> Response:
    doors = visit_of(request).doors
    carried = {name: cookies.cookie(request, doors.log_kind, name) for name in _CARRIED}
    try:
        address, cookie = await _provider(doors).begin(again=again, carried=carried)
    except ProviderUnreachable:
        raise Problem(Trouble.PROVIDER_UNREACHABLE) from None
    answer = RedirectResponse(address, status_code=303)
    cookies.give_under_way(answer, request, doors.log_kind, cookie)
    return answer


@router.get("/identity/provider/return", include_in_schema=False, response_model=None)
async def come_back(request: Request, code: _Given = None, state: _Given = None) -> Response:
    """What else the provider says in the address, an error too, is passed over: there is no code then."""
    doors = visit_of(request).doors
    few_failures(request)
    provider = _provider(doors)
    try:
        if code is None or state is None:
            raise Unauthenticated("OPENID_NO_CODE")
        under_way = cookies.cookie(request, doors.log_kind, cookies.UNDER_WAY)
        found = await provider.returned(code, state, under_way)
        device = found.carried.get(cookies.DEVICE)
        subject = doors.identity.subjects.key_of(found.issuer, found.subject)
        known = await doors.identity.authority.of_subject(subject)
        cookie = await doors.identity.sessions.begin_session(
            known.actor,
            How.PROVIDER,
            await doors.identity.sessions.device_of(device) if device is not None else None,
            proved_at=found.proved_at,
            instead_of=found.carried.get(cookies.SESSION),
        )
    except Unauthenticated as why:
        failing(request)
        raise refused(why, request) from None
    except ProviderUnreachable:
        raise Problem(Trouble.PROVIDER_UNREACHABLE) from None
    answer = await signed_in(request, doors, cookie, device=device)
    cookies.take_back(answer, request, doors.log_kind, cookies.UNDER_WAY)
    return answer


def _provider(doors: Doors) -> OpenId:
    """Errors: problem 404 where this network has no provider."""
    if doors.identity.provider is None:
        raise Problem(Trouble.NOT_FOUND)
    return doors.identity.provider
