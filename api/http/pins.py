"""Personal PINs, chosen after signing in in full, and the colleagues that a shared device shows to tap on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import idempotency_key, invalid
from api.http.documenting import documented
from api.http.doors import Doors
from api.http.edge import visit_of
from api.http.entering import authenticated, once_all_is_here
from api.http.models.identity import Colleague, Colleagues, NewPinBody, PinKept
from api.http.problems import Problem
from api.http.proving import found_session
from api.http.reading import read_body
from api.http.sessions import device_of
from api.http.signing_in import refused
from api.http.trouble_texts import Trouble
from api.identity.caller import Caller, Unauthenticated
from api.identity.pins import MOST_WRONG, guessable
from api.identity.sessions import FULL, How, belongs
from ledger.register.access import Device, Pin

FULL_SIGN_IN_AGE = timedelta(minutes=10)
router = APIRouter()
_SHOWN = "shown"


@router.post(
    "/identity/pin",
    **documented(
        "choose_pin",
        "A PIN of one's own for shared devices. Asks to have signed in in full within ten minutes.",
        PinKept,
        tag="sessions",
        body=NewPinBody,
        example={"pin": "380417", "shown_as": "Ada"},
    ),
)
async def choose(request: Request) -> Response:
    visit = visit_of(request)
    caller = await once_all_is_here(request, visit, await authenticated(request, visit))
    body = await read_body(request, NewPinBody)
    idempotency_key(request)
    if not await _in_full(request, visit.doors, caller):
        raise Problem(Trouble.FULL_SIGN_IN_NEEDED)
    if guessable(body.pin):
        raise invalid(
            "/pin", "PIN_GUESSABLE", "Scegli cifre meno prevedibili.", "Choose less obvious digits."
        )
    identity = visit.doors.identity
    shown = identity.seal.seal(body.shown_as, _SHOWN, caller.actor)
    await identity.pins.set(caller.actor, body.pin, shown, datetime.now(UTC))
    return as_json(PinKept(actor=caller.actor))


@router.get(
    "/identity/colleagues",
    **documented(
        "list_colleagues",
        "Who can switch on this shared device. The device's own cookie is the proof.",
        Colleagues,
        tag="sessions",
    ),
)
async def colleagues(request: Request) -> Response:
    doors = visit_of(request).doors
    device = await device_of(request, doors)
    if device is None:
        raise refused()
    tries = await doors.identity.access.tries()
    found = [each for each in await doors.identity.access.pins() if await _shares(doors, each, device)]
    shown = tuple(
        Colleague(
            actor=each.actor,
            shown_as=doors.identity.seal.open(each.shown, _SHOWN, each.actor),
            locked=tries.get(each.actor, 0) >= MOST_WRONG,
        )
        for each in found
    )
    return as_json(Colleagues(colleagues=tuple(sorted(shown, key=lambda each: each.shown_as))))


async def _in_full(request: Request, doors: Doors, caller: Caller) -> bool:
    """Whether they proved who they are a short time ago, by something other than a PIN."""
    since = datetime.now(UTC) - FULL_SIGN_IN_AGE
    if "authorization" in request.headers:
        return caller.stepped_up_at is not None and caller.stepped_up_at >= since
    found, _ = await found_session(request, doors)
    return How(found.session.how) in FULL and found.session.began_at >= since


async def _shares(doors: Doors, pin: Pin, device: Device) -> bool:
    try:
        return belongs(await doors.identity.authority.of_actor(pin.actor), device)
    except Unauthenticated:
        return False
