"""One's own page: passkeys, recovery codes, the PIN for shared devices; and the first passkey, made with an
invitation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.identity.sessions import How
from api.pages.asking import NotTold, Told, asking
from api.pages.drawing import draw
from api.pages.forms import Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.proofs import credential, said, status_of, ways_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of
from domain.permissions import Role

HERE, PIN_PAGE, CODES_PAGE = "/io", "/io/pin", "/io/codici"
IN_FULL_FIRST = "FULL_SIGN_IN_NEEDED"
SURE = "sicura"
"""A form that says so has been asked whether it is meant."""
KEEPS_DEVICES = frozenset({Role.SHELTER_OPERATOR, Role.LEAD_BODY})


async def show(request: Request) -> Response:
    return await _drawn(request)


async def add_passkey(request: Request) -> Response:
    """Another passkey of who is signed in."""
    await visitor_of(request)
    form, text = await form_of(request), gettext_in(language_of(request))
    told = await _made(request, form)
    if not told.ok:
        return await _drawn(request, told, text("La passkey non è stata creata. Riprova."))
    return _signed_in(request, told, HERE, text("Passkey aggiunta."))


async def remove_passkey(request: Request) -> Response:
    """Asks first: it cannot be taken back."""
    await visitor_of(request)
    form, text = await form_of(request), gettext_in(language_of(request))
    if not form.has(SURE):
        known = await _passkeys(request)
        last = known is not None and len(known) == 1
        return await draw(
            request, "identity/remove_passkey.html", passkey=form.one("passkey"), last=last, path=HERE
        )
    told = await asking(request).post("/identity/passkeys/removal", {"passkey": form.one("passkey")}, form)
    if not told.ok:
        return await _drawn(request, told, text("Questa passkey non c’è."))
    return go(request, HERE, Note(text=text("Passkey tolta: dal prossimo accesso non vale più.")))


async def ask_codes(request: Request) -> Response:
    await visitor_of(request)
    return await _codes(request)


async def make_codes(request: Request) -> Response:
    """Shown once, on this very page: no address leads to them again."""
    await visitor_of(request)
    told = await asking(request).post("/identity/recovery-codes", {}, await form_of(request))
    return await _codes(request, told)


async def ask_pin(request: Request) -> Response:
    await visitor_of(request)
    return await _pin(request)


async def choose_pin(request: Request) -> Response:
    await visitor_of(request)
    form, text = await form_of(request), gettext_in(language_of(request))
    if form.one("pin") != form.one("pin2"):
        faults = {"pin2": text("I due PIN non sono uguali.")}
        return await _pin(request, form=form, faults=faults)
    body = {"pin": form.one("pin"), "shown_as": form.one("nome")}
    told = await asking(request).post("/identity/pin", body, form)
    if not told.ok:
        return await _pin(request, told, form=form, faults=_pin_faults(request, told))
    return go(request, HERE, Note(text=text("PIN scelto: vale su tutti i dispositivi condivisi.")))


async def ask_invitation(request: Request) -> Response:
    return await draw(request, "identity/invitation.html", ways=ways_of(request), detail=None)


async def first_passkey(request: Request) -> Response:
    """Made with an invitation; then codes on paper, then the PIN."""
    form, text = await form_of(request), gettext_in(language_of(request))
    told = await _made(request, form)
    if told.ok:
        return _signed_in(request, told, CODES_PAGE, text("Passkey creata. Adesso i codici di riserva."))
    failed = text("La passkey non è stata creata. Controlla l’invito e riprova.")
    return await draw(
        request,
        "identity/invitation.html",
        status=status_of(told),
        ways=ways_of(request),
        detail=await said(request, told, failed),
    )


async def _made(request: Request, form: Form) -> Told:
    body = {"credential": credential(form)}
    return await asking(request).post("/identity/passkeys", body, form, signing_in=True)


def _signed_in(request: Request, told: Told, address: str, words: str) -> Response:
    """Making a passkey begins another session."""
    response = go(request, address, Note(text=words))
    told.carry(response)
    return response


async def _passkeys(request: Request) -> list[Mapping[str, Any]] | None:
    """None where who is here came by a PIN, or the network has none. Errors: `NotTold`."""
    if not ways_of(request).passkeys:
        return None
    told = await asking(request).get("/identity/passkeys")
    if told.code == IN_FULL_FIRST:
        return None
    if not told.ok:
        raise NotTold(told)
    found: list[Mapping[str, Any]] = told.content["passkeys"]
    return found


def _pin_faults(request: Request, told: Told) -> dict[str, str]:
    """The door's words by the form's own fields; of digits that are none it says a rule, not what to do."""
    text = gettext_in(language_of(request))
    found = {{"pin": "pin", "shown_as": "nome"}[name]: words for name, words in told.faults.items()}
    if "nome" in found:
        found["nome"] = text("Scrivi un nome, fino a venti lettere.")
    if "pin" in found and told.content["errors"][0]["code"] != "PIN_GUESSABLE":
        found["pin"] = text("Il PIN ha da sei a dieci cifre.")
    return found


async def _drawn(request: Request, told: Told | None = None, otherwise: str = "") -> Response:
    here = await visitor_of(request)
    return await draw(
        request,
        "identity/mine.html",
        status=200 if told is None else status_of(told),
        passkeys=await _passkeys(request),
        ways=ways_of(request),
        in_full=here.how != How.PIN,
        keeps_devices=here.role in KEEPS_DEVICES,
        path=HERE,
        detail=None if told is None else await said(request, told, otherwise),
    )


async def _codes(request: Request, told: Told | None = None) -> Response:
    failed = told is not None and not told.ok
    return await draw(
        request,
        "identity/codes.html",
        status=status_of(told) if told is not None and failed else 200,
        codes=told.content["codes"] if told is not None and not failed else None,
        in_full_first=told is not None and told.code == IN_FULL_FIRST,
        detail=told.plain if told is not None and failed else None,
    )


async def _pin(
    request: Request,
    told: Told | None = None,
    *,
    form: Form | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    """What was typed as a name stays; digits are typed anew."""
    wrong = faults or {}
    return await draw(
        request,
        "identity/choose_pin.html",
        status=422 if wrong else 200 if told is None else told.status,
        shown_as=form.one("nome") if form is not None else "",
        faults=wrong,
        in_full_first=told is not None and told.code == IN_FULL_FIRST,
        detail=told.plain if told is not None and not wrong else None,
    )


ROUTES = (
    Route(HERE, show),
    Route("/io/passkey", add_passkey, methods=["POST"]),
    Route("/io/passkey/togli", remove_passkey, methods=["POST"]),
    Route(CODES_PAGE, ask_codes, methods=["GET"]),
    Route(CODES_PAGE, make_codes, methods=["POST"]),
    Route(PIN_PAGE, ask_pin, methods=["GET"]),
    Route(PIN_PAGE, choose_pin, methods=["POST"]),
    Route("/accesso/invito", ask_invitation, methods=["GET"]),
    Route("/accesso/invito", first_passkey, methods=["POST"]),
)
