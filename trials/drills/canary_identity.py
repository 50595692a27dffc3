"""The names, PINs and secrets of those who work, each kept and used once by its proper door. For
`canary_fields`.
"""

from __future__ import annotations

import random
import string
from http.cookies import SimpleCookie

from domain.permissions import Role
from trials.drills.canary_planting import Planting
from trials.stage.issuer import ISSUER
from trials.stage.wire import Answer

_DEVICE, _SESSION = "approdo-device", "approdo-session"
PIN_DIGITS = 10


async def planted_identity(planting: Planting) -> None:
    await _of_a_name(planting)
    await _of_a_device(planting)


async def _of_a_name(planting: Planting) -> None:
    tokens = planting.tokens
    entered = {
        "member_id": str(next(iter(planting.ledger.ids.members.values()))),
        "role": "COORDINATOR",
        "issuer": ISSUER,
        "subject": tokens.word("OPERATOR's subject"),
        "full_name": tokens.word("OPERATOR's name"),
    }
    known = await planting.do(Role.LEAD_BODY, "/operators", entered)
    if known is None:
        return
    path = f"/operators/{known['operator']['actor']}/name-openings"
    order = {"reason": "JUDICIAL_ORDER", "order": tokens.word("ORDER by which a name is opened")}
    await planting.open(Role.AUDITOR, path, order, "OPERATOR's name")


async def _of_a_device(planting: Planting) -> None:
    """A shared device, a PIN on it, a session by that PIN."""
    tokens = planting.tokens
    bearer = {"authorization": f"Bearer {planting.bearer(Role.SHELTER_OPERATOR)}"}
    code = await planting.given("/device-codes", {}, bearer)
    if code is None:
        return
    tokens.other("DEVICE CODE", code.json()["code"])
    planting.see(code, "/device-codes", "DEVICE CODE")
    enrolled = await planting.given("/devices", {"code": tokens.given["DEVICE CODE"]}, {})
    if enrolled is None:
        return
    tokens.other("DEVICE SECRET", _cookie(enrolled, _DEVICE))
    planting.see(enrolled, "/devices")
    pin = tokens.other("PIN", "".join(random.Random().choices(string.digits, k=PIN_DIGITS)))
    chosen = {"pin": pin, "shown_as": tokens.word("PIN shown as")}
    await planting.do(Role.SHELTER_OPERATOR, "/identity/pin", chosen)
    device = {"cookie": f"{_DEVICE}={tokens.given['DEVICE SECRET']}"}
    colleagues = await planting.wire.get("/identity/colleagues", device)
    planting.see(colleagues, "/identity/colleagues", "PIN shown as")
    for each in colleagues.json().get("colleagues", ()):
        await _session(planting, {"actor": each["actor"], "pin": pin}, device)


async def _session(planting: Planting, body: dict[str, str], device: dict[str, str]) -> None:
    own = {"origin": planting.sending.url, "sec-fetch-site": "same-origin"}
    begun = await planting.given("/identity/session/pin", body, {**device, **own})
    if begun is not None:
        planting.tokens.other("SESSION", _cookie(begun, _SESSION))
        planting.see(begun, "/identity/session/pin")


def _cookie(answer: Answer, name: str) -> str:
    """What the browser is given to keep; the door's proper place for it."""
    return SimpleCookie(answer.headers.get("set-cookie", ""))[name].value
