"""Every personal field with its token: kept through its door, and shown once by the door that may show it.

A field that could not be kept or was not shown as it should be is a complaint: where tokens never came in,
none would be found outside. For `canary`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.permissions import Role
from trials.drills.canary_calls import Sending
from trials.drills.canary_identity import planted_identity
from trials.drills.canary_planting import Planting, Shown, bearer
from trials.drills.canary_tokens import Tokens
from trials.stage.ledger_on import TrialLedger
from trials.stage.wire import Wire

RINGS_NOWHERE = "+39 000 "
_ASKED = {
    "channel": "CAV",
    "urgency": "U1",
    "risk": "HIGH",
    "household": {"adults": 1},
    "consented_at": "2026-01-01T00:00:00Z",
}
_HOURS = ["03:17-04:49", "05:11-06:43", "11:07-12:51", "13:03-14:37", "19:31-20:23", "21:13-22:41"]
MOST_LOOKS = 40
NEVER_SHOWN = (
    "subject of a token",
    "OPERATOR's subject",
    "idempotency key",
    "digest_secret",
    "vault_key",
    "PIN",
    "DEVICE SECRET",
    "SESSION",
    "ORDER by which",
)
"""Fields, by how their names begin, that no body of an answer holds: they are proofs and keys, or are read by
a court.
"""
_REFUSAL, _DECLINE = "SPECIALISED_NEED_ADDICTION", "FEAR_FOR_CHILDREN"


async def planted_and_shown(sending: Sending, wire: Wire, ledger: TrialLedger, tokens: Tokens) -> Shown:
    """Every field in turn."""
    planting = Planting(sending=sending, wire=wire, ledger=ledger, tokens=tokens)
    asked = await planting.do(Role.COORDINATOR, "/placement-requests", _ASKED)
    if asked is not None:
        placement = asked["placement"]
        planting.shown.there += [UUID(placement["placement_id"]), UUID(placement["case_id"])]
        await _of_her(planting, f"/cases/{placement['case_id']}/values")
        await _of_a_no(planting, f"/placements/{placement['placement_id']}", placement)
    await _of_services_and_zones(planting)
    await _of_an_inquiry(planting)
    await planted_identity(planting)
    planting.count(NEVER_SHOWN)
    return planting.shown


async def _of_her(planting: Planting, path: str) -> None:
    tokens = planting.tokens
    kept = {
        "callback_contact": tokens.number("CALLBACK_CONTACT", RINGS_NOWHERE),
        "safe_channel": "MESSAGING_APP",
        "safe_hours": tokens.other("SAFE_HOURS", ",".join(_HOURS)).split(","),
        "may_call": True,
        "agreed_word": tokens.word("AGREED_WORD"),
        "alias": tokens.word("ALIAS"),
        "notes": f"{tokens.word('NOTES')}\n{'x' * 300}",
        "handover_point": tokens.word("HANDOVER_POINT"),
    }
    await planting.do(Role.COORDINATOR, path, kept)
    for purpose, named in (
        ("CALL_HER", ("CALLBACK_CONTACT", "SAFE_HOURS", "AGREED_WORD")),
        ("PREPARE_ARRIVAL", ("ALIAS", "NOTES")),
        ("AGREE_HANDOVER", ("HANDOVER_POINT",)),
    ):
        opening = {"kinds": [*named], "purpose": purpose}
        await planting.open(Role.COORDINATOR, f"{path}/openings", opening, *named)
    await planting.do(Role.COORDINATOR, path, {"alias": tokens.word("ALIAS, the second")})
    second = {"kinds": ["ALIAS"], "purpose": "PREPARE_ARRIVAL"}
    await planting.open(Role.COORDINATOR, f"{path}/openings", second, "ALIAS, the second")
    await planting.do(Role.COORDINATOR, f"{path}/withdrawals", {"kinds": ["NOTES"]})


async def _of_services_and_zones(planting: Planting) -> None:
    ids = planting.ledger.ids
    member = str(next(iter(ids.members.values())))
    service = {"kind": "SERVICE", "code": "service", "member_id": member}
    desk = await _desk(planting, service, Role.LEAD_BODY, "ON_CALL_NUMBER", "ON_CALL_NUMBER of a service")
    if desk is not None:
        opening = {"purpose": "CALL_SERVICE"}
        await planting.open(
            Role.COORDINATOR, f"/desks/{desk}/openings", opening, "ON_CALL_NUMBER of a service"
        )
    zone = str(next(iter(ids.zones.values())))
    await _desk(
        planting,
        {"kind": "ZONE", "code": "zone", "zone_id": zone},
        Role.LEAD_BODY,
        "ZONE_MEANING",
        "ZONE_MEANING",
    )
    await planting.open(Role.COORDINATOR, "/zones/openings", {"zone_ids": [zone]}, "ZONE_MEANING")


async def _of_an_inquiry(planting: Planting) -> None:
    asked = {"asker": "CO_PARENT", "reference": "2026/1", "details": planting.tokens.word("INQUIRY_DETAILS")}
    received = await planting.do(Role.DATA_PROTECTION, "/inquiries", asked)
    if received is not None:
        path = f"/inquiries/{received['inquiry']['inquiry_id']}/openings"
        opening = {"purpose": "ANSWER_INQUIRY"}
        await planting.open(Role.DATA_PROTECTION, path, opening, "INQUIRY_DETAILS")


async def _desk(
    planting: Planting, desk: Mapping[str, str], keeper: Role, kind: str, named: str
) -> str | None:
    """A desk of this description that keeps the field's token; its id."""
    opened = await planting.do(Role.LEAD_BODY, "/desks", desk)
    if opened is None:
        return None
    desk_id: str = opened["desk"]["desk_id"]
    tokens = planting.tokens
    value = tokens.number(named, RINGS_NOWHERE) if kind == "ON_CALL_NUMBER" else tokens.word(named)
    await planting.do(keeper, f"/desks/{desk_id}/values", {"kind": kind, "value": value})
    planting.shown.there.append(UUID(desk_id))
    return desk_id


async def _of_a_no(planting: Planting, path: str, placement: Mapping[str, Any]) -> None:
    """A house's no and hers, with their true codes; the number of each house while it is asked."""
    first = placement["offers"][0]
    await _asked_and_rung(planting, path, first)
    refused = {"channel": "SCREEN", "code": planting.tokens.listed("REFUSAL_CODE", _REFUSAL)}
    await planting.do(Role.SHELTER_OPERATOR, f"{path}/refusal", refused)
    await _true_code(planting, path, first, "REFUSAL_CODE")
    second = await _next_place(planting, path)
    if second is None:
        return
    await _asked_and_rung(planting, path, second)
    declined = {"code": planting.tokens.listed("DECLINE_CODE", _DECLINE)}
    await planting.do(Role.COORDINATOR, f"{path}/decline", declined)
    await _true_code(planting, path, second, "DECLINE_CODE")


async def _asked_and_rung(planting: Planting, path: str, offer: Mapping[str, Any]) -> None:
    house = str(offer["shelter_id"])
    named = f"ON_CALL_NUMBER of house {house[-4:]}"
    described = {"kind": "HOUSE", "code": f"desk-{house[-4:]}", "shelter_id": house}
    if house not in planting.desks:
        planting.desks[house] = await _desk(
            planting, described, Role.SHELTER_OPERATOR, "ON_CALL_NUMBER", named
        )
    desk = planting.desks[house]
    await planting.do(Role.COORDINATOR, f"{path}/offers", {"units": _units(offer)})
    await planting.open(Role.COORDINATOR, f"/desks/{desk}/openings", {"purpose": "CALL_HOUSE"}, named)


async def _next_place(planting: Planting, path: str) -> Mapping[str, Any] | None:
    """The engine looks for one by itself, as soon as the first is free again."""
    for _ in range(MOST_LOOKS):
        seen = await planting.look(Role.COORDINATOR, path)
        if seen is not None and len(seen["offers"]) > 1:
            found: Mapping[str, Any] = seen["offers"][-1]
            return found
        await asyncio.sleep(0.25)
    planting.shown.missed += ("no other place was found after a no",)
    return None


async def _true_code(planting: Planting, path: str, offer: Mapping[str, Any], named: str) -> None:
    opening = {"offer_id": offer["offer_id"], "purpose": "JUDICIAL_ORDER"}
    await planting.open(Role.AUDITOR, f"{path}/true-codes/openings", opening, named)


def _units(offer: Mapping[str, Any]) -> Sequence[str]:
    return [each["unit_id"] for each in offer["units"]]


def people(ledger: TrialLedger, tokens: Tokens) -> tuple[str, ...]:
    """A bearer token for each role, and one whom nobody entered in the register."""
    known = tuple(bearer(ledger, tokens, role) for role in Role if role is not Role.ENGINE)
    return (*known, ledger.issuer.token(tokens.word("subject of a token: nobody")))
