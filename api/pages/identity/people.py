"""The people of the network, for the lead body: who acts in which task, somebody new, an invitation, an end.

By codes, for the register tells no names. Somebody new acts for the lead body itself or for a house; people
of other bodies are entered on the machine (`approdo operators`), which knows the bodies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Told, asking
from api.pages.drawing import draw
from api.pages.forms import EMPTY, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.mine import SURE
from api.pages.identity.proofs import ways_of
from api.pages.notes import Note, go
from api.pages.visitor import NotYourPage, Visitor, visitor_of
from domain.permissions import Role

HERE = "/rete/persone"
OWN_TASKS = (Role.COORDINATOR, Role.LEAD_BODY, Role.AUDITOR)
"""In which somebody acts for the lead body itself."""


async def show(request: Request) -> Response:
    visitor = await visitor_of(request, Role.LEAD_BODY)
    return await _drawn(request, visitor)


async def enter(request: Request) -> Response:
    """Somebody new; the invitation is made from the list, by one who knows whom they give it to."""
    visitor = await visitor_of(request, Role.LEAD_BODY)
    form, text = await form_of(request), gettext_in(language_of(request))
    houses = await _houses(request)
    told = await asking(request).post("/operators", _terms(request, visitor, form, houses), form)
    if not told.ok:
        return await _drawn(request, visitor, told, form)
    code = code_of(told.content["operator"]["actor"])
    return go(request, HERE, Note(text=text("Persona iscritta: codice %s. Adesso invitala.") % code))


async def invite(request: Request) -> Response:
    """The code is shown once, on this very page."""
    visitor = await visitor_of(request, Role.LEAD_BODY)
    actor, form = str(request.path_params["actor"]), await form_of(request)
    told = await asking(request).post(f"/operators/{actor}/invitation", {}, form)
    if not told.ok:
        return await _drawn(request, visitor, told)
    return await draw(
        request,
        "identity/invited.html",
        path=HERE,
        person=code_of(actor),
        code=told.content["code"],
        until=told.content["expires_at"],
    )


async def end(request: Request) -> Response:
    """Asks first: from the next request on this is nobody, and no passkey of theirs counts."""
    visitor = await visitor_of(request, Role.LEAD_BODY)
    actor, form = str(request.path_params["actor"]), await form_of(request)
    if not form.has(SURE):
        person = next((each for each in await _standing(request) if each["actor"] == actor), None)
        if person is None:
            raise NotYourPage
        return await draw(request, "identity/end_person.html", person=person, path=HERE)
    told = await asking(request).post(f"/operators/{actor}/end", {}, form)
    if not told.ok:
        return await _drawn(request, visitor, told)
    text = gettext_in(language_of(request))
    return go(request, HERE, Note(text=text("Fatto: questa persona non entra più.")))


def code_of(actor: str) -> str:
    """What a person is called here, where no name is told."""
    return actor[-6:].upper()


async def _standing(request: Request) -> list[dict[str, Any]]:
    """Everybody who acts now or will, without programs."""
    found = (await asking(request).shown("/operators"))["operators"]
    standing = [each for each in found if each["ended_at"] is None and not each["program"]]
    return [{**each, "code": code_of(each["actor"])} for each in standing]


async def _houses(request: Request) -> list[Mapping[str, Any]]:
    return [each["shelter"] for each in (await asking(request).shown("/shelters"))["items"]]


def _terms(request: Request, visitor: Visitor, form: Form, houses: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Where people sign in with passkeys alone, what they are called is made up: the form's own key."""
    house = next((each for each in houses if f"casa {each['shelter_id']}" == form.one("compito")), None)
    provider = ways_of(request).provider
    return {
        "issuer": form.one("fornitore") if provider else "urn:approdo:passkeys",
        "subject": form.one("soggetto") if provider else form.key,
        "member_id": house["member_id"] if house is not None else visitor.member,
        "role": Role.SHELTER_OPERATOR if house is not None else form.one("compito"),
        "houses": [house["shelter_id"]] if house is not None else [],
    }


async def _drawn(
    request: Request, visitor: Visitor, told: Told | None = None, typed: Form = EMPTY
) -> Response:
    faults, text = told.faults if told is not None else {}, gettext_in(language_of(request))
    named = {"issuer": "fornitore", "subject": "soggetto", "role": "compito"}
    words = text("Controlla questo campo.")
    houses = await _houses(request)
    return await draw(
        request,
        "identity/people.html",
        status=200 if told is None else told.status,
        path=HERE,
        people=await _standing(request),
        me=visitor.actor,
        houses=houses,
        names={each["shelter_id"]: each["code"] for each in houses},
        tasks=tuple(map(str, OWN_TASKS)),
        ways=ways_of(request),
        typed=typed,
        faults={named[name]: words for name in faults if name in named},
        detail=None if told is None else told.plain,
    )


ROUTES = (
    Route(HERE, show, methods=["GET"]),
    Route(HERE, enter, methods=["POST"]),
    Route(HERE + "/{actor:uuid}/invito", invite, methods=["POST"]),
    Route(HERE + "/{actor:uuid}/fine", end, methods=["POST"]),
)
