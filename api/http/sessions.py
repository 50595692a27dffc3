"""Sessions of browsers: begun with a token or, on a shared device, with two taps; locked, unlocked, ended.

Each beginning, unlocking and new proof gives the browser another cookie. Pages come to these doors; programs
use tokens.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http import cookies
from api.http.answering import as_json
from api.http.commanding import idempotency_key
from api.http.documenting import documented
from api.http.doors import Doors
from api.http.edge import visit_of
from api.http.models.identity import (
    NoBody,
    PinBody,
    PinSignInBody,
    SessionAnswer,
    SessionEnded,
)
from api.http.proving import bearer_token, found_session, require_own_origin
from api.http.reading import read_body
from api.http.signing_in import failing, few_failures, refused
from api.identity.caller import Unauthenticated
from api.identity.sessions import LONGEST, Found, How
from ledger.register.access import Device

router = APIRouter()
_TAG = "sessions"
_PIN = {"pin": "380417"}
_ACTOR = {"actor": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d88"}


@router.post(
    "/identity/session",
    **documented(
        "begin_session",
        "A browser signs in with a bearer token, in full.",
        SessionAnswer,
        tag=_TAG,
        status=201,
        body=NoBody,
        example={},
        required=False,
    ),
)
async def begin(request: Request) -> Response:
    doors = visit_of(request).doors
    await read_body(request, NoBody)
    idempotency_key(request)
    try:
        caller = await doors.authenticate(bearer_token(request))
        cookie = await doors.identity.sessions.begin_session(
            caller.actor,
            How.TOKEN,
            await device_of(request, doors),
            proved_at=caller.stepped_up_at,
            instead_of=cookies.cookie(request, doors.log_kind, cookies.SESSION),
        )
    except Unauthenticated as why:
        raise refused(why, request) from None
    return await signed_in(request, doors, cookie, status=201)


@router.post(
    "/identity/session/pin",
    **documented(
        "switch_by_pin",
        "A colleague takes over a shared device with two taps.",
        SessionAnswer,
        tag=_TAG,
        status=201,
        body=PinSignInBody,
        example={**_ACTOR, **_PIN},
    ),
)
async def switch(request: Request) -> Response:
    doors = visit_of(request).doors
    body = await read_body(request, PinSignInBody)
    idempotency_key(request)
    require_own_origin(request, doors)
    device = await device_of(request, doors)
    if device is None:
        raise refused()
    here = (device.device, body.actor)
    few_failures(request, here)
    try:
        cookie = await doors.identity.sessions.begin_by_pin(
            body.actor,
            body.pin,
            device,
            instead_of=cookies.cookie(request, doors.log_kind, cookies.SESSION),
        )
    except Unauthenticated as why:
        failing(request, here)
        raise refused(why, request) from None
    return await signed_in(request, doors, cookie, status=201)


@router.get(
    "/identity/session",
    **documented(
        "show_session", "Who is at this browser, and whether it is locked.", SessionAnswer, tag=_TAG
    ),
)
async def show(request: Request) -> Response:
    doors = visit_of(request).doors
    found, cookie = await _found(request, doors)
    return as_json(_answer(doors, found, cookie))


@router.post(
    "/identity/session/lock",
    **documented(
        "lock_session",
        "Nobody is at this browser: it is locked at once.",
        SessionAnswer,
        tag=_TAG,
        body=NoBody,
        example={},
        required=False,
    ),
)
async def lock(request: Request) -> Response:
    doors = visit_of(request).doors
    await read_body(request, NoBody)
    idempotency_key(request)
    found, _ = await _found(request, doors)
    await doors.identity.sessions.lock(found)
    found, cookie = await _found(request, doors)
    return as_json(_answer(doors, found, cookie))


@router.post(
    "/identity/session/unlock",
    **documented(
        "unlock_session",
        "The same person goes on where they were, with their PIN.",
        SessionAnswer,
        tag=_TAG,
        body=PinBody,
        example=_PIN,
    ),
)
async def unlock(request: Request) -> Response:
    return await _proved_again(request)


@router.post(
    "/identity/session/step-up",
    **documented(
        "step_up",
        "They prove anew who they are, for what asks for it.",
        SessionAnswer,
        tag=_TAG,
        body=PinBody,
        example=_PIN,
    ),
)
async def step_up(request: Request) -> Response:
    return await _proved_again(request)


@router.post(
    "/identity/session/end",
    **documented(
        "end_session",
        "Signed out: the browser is told to keep nothing.",
        SessionEnded,
        tag=_TAG,
        body=NoBody,
        example={},
        required=False,
    ),
)
async def end(request: Request) -> Response:
    doors = visit_of(request).doors
    await read_body(request, NoBody)
    idempotency_key(request)
    _, cookie = await _found(request, doors)
    await doors.identity.sessions.end(cookie)
    answer = as_json(SessionEnded(ended=True))
    # Not "cookies": the device's own must stay, and a browser would forget it too.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    cookies.take_back(answer, request, doors.log_kind, cookies.SESSION)
    return answer


async def device_of(request: Request, doors: Doors) -> Device | None:
    """The shared device that asks, unless it was revoked."""
    secret = cookies.cookie(request, doors.log_kind, cookies.DEVICE)
    return await doors.identity.sessions.device_of(secret) if secret is not None else None


async def _proved_again(request: Request) -> Response:
    doors = visit_of(request).doors
    body = await read_body(request, PinBody)
    idempotency_key(request)
    found, _ = await _found(request, doors)
    few_failures(request, found.session.actor)
    try:
        cookie = await doors.identity.sessions.proved_by_pin(found, body.pin)
    except Unauthenticated as why:
        failing(request, found.session.actor)
        raise refused(why, request) from None
    return await signed_in(request, doors, cookie)


async def _found(request: Request, doors: Doors) -> tuple[Found, str]:
    try:
        return await found_session(request, doors)
    except Unauthenticated as why:
        raise refused(why, request) from None


async def signed_in(
    request: Request, doors: Doors, cookie: str, *, status: int = 200, device: str | None = None
) -> Response:
    """The session that has begun, and its cookie. `device`: the device's secret, where the request could not
    bring it. Errors: a problem 401.
    """
    device = device or cookies.cookie(request, doors.log_kind, cookies.DEVICE)
    try:
        found = await doors.identity.sessions.find(cookie, device)
    except Unauthenticated as why:
        raise refused(why, request) from None
    answer = as_json(_answer(doors, found, cookie), status=status)
    cookies.give(answer, request, doors.log_kind, cookies.SESSION, cookie)
    return answer


def _answer(doors: Doors, found: Found, cookie: str) -> SessionAnswer:
    return SessionAnswer(
        actor=found.session.actor,
        role=found.engagement.role,
        member_id=found.engagement.member,
        houses=tuple(sorted(found.engagement.houses)),
        device_id=found.session.device,
        how=found.session.how,
        locked=found.locked,
        stepped_up_at=found.session.stepped_up_at,
        ends_at=found.session.began_at + LONGEST,
        forgery_token=doors.identity.sessions.forgery_token(cookie),
    )
