"""Shared devices: a code from the house or the lead body, the device that uses it, and its end when it is
lost.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http import cookies
from api.http.answering import as_json
from api.http.commanding import idempotency_key, invalid
from api.http.documenting import documented
from api.http.edge import visit_of
from api.http.entering import Entered, enter
from api.http.models.identity import (
    DeviceAnswer,
    DeviceBody,
    DeviceCodeAnswer,
    DeviceCodeBody,
    DeviceLine,
    DeviceList,
    EndedAnswer,
    NoBody,
)
from api.http.problems import Problem
from api.http.reading import read_body
from api.http.signing_in import failing, few_failures, refused
from api.http.trouble_texts import Trouble
from api.identity.enrolling import CodeWrong
from domain.permissions import Action
from domain.vocabulary import MemberId, ShelterId
from ledger.register.access import Device

router = APIRouter()
_TAG = "devices"


@router.post(
    "/device-codes",
    **documented(
        "make_device_code",
        "A code with which one device is enrolled, once, within ten minutes.",
        DeviceCodeAnswer,
        tag=_TAG,
        status=201,
        description="A house's operator enrols for her houses alone; the lead body says for whom.",
        body=DeviceCodeBody,
        example={"member_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d77", "houses": []},
    ),
)
async def make_code(request: Request) -> Response:
    entered = await enter(request, Action.ENROL_DEVICE)
    body = await read_body(request, DeviceCodeBody)
    idempotency_key(request)
    member, houses = _for_whom(entered, body)
    code, until = await entered.doors.identity.enrolling.make_code(member, houses, by=entered.caller.actor)
    return as_json(DeviceCodeAnswer(code=code, expires_at=until), status=201)


@router.post(
    "/devices",
    **documented(
        "enrol_device",
        "This device is shared by the colleagues for whom the code was made. It needs no token: the code is "
        "the proof.",
        DeviceAnswer,
        tag=_TAG,
        status=201,
        body=DeviceBody,
        example={"code": "MFRGGZDFMZTWQ2LK"},
    ),
)
async def enrol(request: Request) -> Response:
    doors = visit_of(request).doors
    body = await read_body(request, DeviceBody)
    idempotency_key(request)
    few_failures(request)
    secret = doors.identity.sessions.new_secret()
    try:
        device = await doors.identity.enrolling.enrol_device(body.code, secret)
    except CodeWrong:
        failing(request)
        raise refused() from None
    answer = as_json(DeviceAnswer(device=_line(device)), status=201)
    cookies.give(answer, request, doors.log_kind, cookies.DEVICE, secret, cookies.DEVICE_SECONDS)
    return answer


@router.get(
    "/devices",
    **documented(
        "list_devices", "Shared devices: a house's operator hears of her own.", DeviceList, tag=_TAG
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.ENROL_DEVICE)
    found = await entered.doors.identity.access.devices()
    return as_json(DeviceList(devices=tuple(_line(each) for each in found if _reaches(entered, each))))


@router.post(
    "/devices/{device_id}/revocation",
    **documented(
        "revoke_device",
        "A lost device: from the next request on nobody is signed in on it, in any process.",
        EndedAnswer,
        tag=_TAG,
        body=NoBody,
        example={},
        required=False,
    ),
)
async def revoke(request: Request, device_id: UUID) -> Response:
    entered = await enter(request, Action.ENROL_DEVICE)
    await read_body(request, NoBody)
    idempotency_key(request)
    identity = entered.doors.identity
    known = [each for each in await identity.access.devices() if each.device == device_id]
    if not any(_reaches(entered, each) for each in known):
        raise Problem(Trouble.NOT_FOUND)
    ended = await identity.enrolling.revoke_device(device_id, by=entered.caller.actor)
    return as_json(EndedAnswer(ended=ended))


def _for_whom(entered: Entered, body: DeviceCodeBody) -> tuple[MemberId, frozenset[ShelterId]]:
    """Errors: problem 422 about a house that is not hers, or a body that nobody named."""
    own, member = entered.houses, entered.principal.member
    if own is None:
        if body.member_id is None:
            raise invalid("/member_id", "MISSING", "Indica per quale ente.", "Say for which body.")
        return body.member_id, frozenset(body.houses or ())
    houses = frozenset(body.houses) if body.houses else own
    if member is None or body.member_id not in (None, member) or not houses <= own:
        raise invalid("/houses", "NOT_YOURS", "Puoi indicare solo le tue case.", "Only houses of yours.")
    return member, houses


def _reaches(entered: Entered, device: Device) -> bool:
    return entered.houses is None or (
        device.member == entered.principal.member and bool(device.houses) and device.houses <= entered.houses
    )


def _line(device: Device) -> DeviceLine:
    return DeviceLine(
        device_id=device.device,
        member_id=device.member,
        houses=tuple(sorted(device.houses)),
        enrolled_by=device.enrolled_by,
        enrolled_at=device.enrolled_at,
        revoked_at=device.revoked_at,
    )
