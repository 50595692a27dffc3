"""How the person at a browser shows who they are: PIN, passkey, or the provider in another tab. Which of
these this network has, and in which words one that failed is told. The pages that sign in, lock and ask anew
call it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import orjson
from starlette.requests import Request

from api.http import cookies
from api.http.doors import Doors
from api.pages.asking import Told, asking
from api.pages.drawing import clock_of
from api.pages.forms import Form
from api.pages.i18n import gettext_in, language_of

CREDENTIAL, WAY, PIN = "credenziale", "modo", "pin"
"""Fields of the forms: what an authenticator answered; by which way; the PIN."""
BY_PROVIDER, BY_PASSKEY = "ente", "passkey"
TOO_MANY = 429


@dataclass(frozen=True, kw_only=True, slots=True)
class Ways:
    """What may be offered here. `shared`: the browser says that it is an enrolled device."""

    passkeys: bool
    provider: bool
    shared: bool


def ways_of(request: Request) -> Ways:
    doors: Doors = request.app.state.doors
    return Ways(
        passkeys=doors.identity.passkeys is not None,
        provider=doors.identity.provider is not None,
        shared=cookies.cookie(request, doors.log_kind, cookies.DEVICE) is not None,
    )


async def shown(request: Request, form: Form, door: str) -> Told:
    """What became of the proof in `form`; the PIN goes to `door`. Without a proof of its own, what the
    provider's tab has left: the session as it stands.
    """
    way = form.one(WAY)
    if form.has(CREDENTIAL) or way == BY_PASSKEY:
        return await passkey_shown(request, form)
    if way == BY_PROVIDER:
        return await asking(request).get("/identity/session")
    return await asking(request).post(door, {"pin": form.one(PIN)}, form, signing_in=True)


async def passkey_shown(request: Request, form: Form) -> Told:
    body = {"credential": credential(form)}
    return await asking(request).post("/identity/session/passkey", body, form, signing_in=True)


def credential(form: Form) -> object:
    """What the authenticator answered; what is none the door refuses."""
    try:
        found: object = orjson.loads(form.one(CREDENTIAL))
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def status_of(told: Told) -> int:
    """Of the page that tells it. Too many tries are told as a no: a script would take the status for the
    network's fault, and offer to send it all again.
    """
    return 403 if told.status == TOO_MANY else told.status


async def said(request: Request, told: Told, otherwise: str) -> str:
    """A proof that failed, in calm words. `otherwise`: what to look at where the door tells nothing; in
    the page's language."""
    text = gettext_in(language_of(request))
    if told.status == TOO_MANY:
        clock = await clock_of(request)
        wait = clock.length(timedelta(seconds=int(told.headers.get("retry-after", "60"))))
        return text("Troppi tentativi. Riprova fra %s, oppure entra in un altro modo.") % wait
    if told.code in ("SIGN_IN_REFUSED", "REQUEST_INVALID"):
        return otherwise
    return told.plain
