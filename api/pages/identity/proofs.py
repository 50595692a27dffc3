"""How the person at a browser shows again who they are: PIN, passkey, or the provider in another tab. And
which of these this network has. Called by the pages that lock, that ask anew, and that sign in.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from starlette.requests import Request

from api.http import cookies
from api.http.doors import Doors
from api.pages.asking import Told, asking
from api.pages.forms import Form

CREDENTIAL, WAY, PIN, PROVIDER = "credenziale", "modo", "pin", "ente"
"""Fields of the forms: what an authenticator answered; by which way; the PIN."""


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
    if form.has(CREDENTIAL):
        body = {"credential": credential(form)}
        return await asking(request).post("/identity/session/passkey", body, form, signing_in=True)
    if form.one(WAY) == PROVIDER:
        return await asking(request).get("/identity/session")
    return await asking(request).post(door, {"pin": form.one(PIN)}, form, signing_in=True)


def credential(form: Form) -> object:
    """What the authenticator answered; what is none the door refuses."""
    try:
        found: object = orjson.loads(form.one(CREDENTIAL))
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
