"""Shared devices, for the house's operators and the lead body: a code for a new one, which there are, and the
end of one that was lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.forms import Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.mine import KEEPS_DEVICES, SURE
from api.pages.notes import Note, go
from api.pages.visitor import NotYourPage, Visitor, visitor_of
from domain.permissions import Role

HERE = "/io/dispositivi"


async def show(request: Request) -> Response:
    visitor = await visitor_of(request, *KEEPS_DEVICES)
    doors = asking(request)
    houses = await _houses(request)
    found = (await doors.shown("/devices"))["devices"]
    return await draw(
        request,
        "identity/devices.html",
        devices=[each for each in found if each["revoked_at"] is None],
        revoked=[each for each in found if each["revoked_at"] is not None],
        houses=houses,
        choose=visitor.role is Role.LEAD_BODY,
        names=_names(houses),
    )


async def make_code(request: Request) -> Response:
    """Shown once, on this very page."""
    visitor = await visitor_of(request, *KEEPS_DEVICES)
    form = await form_of(request)
    houses = await _houses(request)
    told = await asking(request).post("/device-codes", _for_whom(visitor, form, houses), form)
    if not told.ok:
        words = next(iter(told.plain_faults.values()), told.plain)
        return go(request, HERE, Note(text=words, danger=True))
    return await draw(
        request,
        "identity/device_code.html",
        path=HERE,
        code=told.content["code"],
        until=told.content["expires_at"],
    )


async def revoke(request: Request) -> Response:
    """Asks first: whoever is signed in on it is out at once, and it needs another code to be shared again."""
    await visitor_of(request, *KEEPS_DEVICES)
    form, text = await form_of(request), gettext_in(language_of(request))
    device_id = str(request.path_params["device_id"])
    doors = asking(request)
    if not form.has(SURE):
        found = (await doors.shown("/devices"))["devices"]
        device = next((each for each in found if each["device_id"] == device_id), None)
        if device is None:
            raise NotYourPage
        names = _names(await _houses(request))
        return await draw(request, "identity/revoke_device.html", device=device, names=names, path=HERE)
    told = await doors.post(f"/devices/{device_id}/revocation", {}, form)
    if not told.ok:
        return go(request, HERE, Note(text=told.plain, danger=True))
    return go(request, HERE, Note(text=text("Dispositivo tolto. Chi era dentro è già fuori.")))


async def _houses(request: Request) -> list[Mapping[str, Any]]:
    return [each["shelter"] for each in (await asking(request).shown("/shelters"))["items"]]


def _names(houses: list[Mapping[str, Any]]) -> dict[str, str]:
    return {each["shelter_id"]: each["code"] for each in houses}


def _for_whom(visitor: Visitor, form: Form, houses: list[Mapping[str, Any]]) -> dict[str, Any]:
    """An operator's device is for her houses. The lead body names a house, or means its own people."""
    if visitor.role is not Role.LEAD_BODY:
        return {}
    house = next((each for each in houses if each["shelter_id"] == form.one("casa")), None)
    if house is None:
        return {"member_id": visitor.member}
    return {"member_id": house["member_id"], "houses": [house["shelter_id"]]}


ROUTES = (
    Route(HERE, show, methods=["GET"]),
    Route(HERE, make_code, methods=["POST"]),
    Route(HERE + "/{device_id:uuid}/revoca", revoke, methods=["POST"]),
)
