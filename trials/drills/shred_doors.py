"""The people of a shred at a real server's doors: who keeps values, holds, proposes and approves, and who
looks for what is left. For `shred`.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from domain.permissions import Role
from trials.stage.ledger_on import TrialLedger
from trials.stage.programs import Served
from trials.stage.wire import Answer, Lost, Wire

FINISHED_SECONDS = 60.0
_ASKED = {"channel": "CAV", "urgency": "U1", "risk": "HIGH", "household": {"adults": 1}}
_ORDER = {"decision": "2041/124", "administrative": True, "archive_authorisation": "2041/31"}
_HOLD = {"asked_by": "HER_LAWYER", "reference": "2040/7"}
_LOOK = {"kinds": ["ALIAS"], "purpose": "AGREE_HANDOVER"}


class Unexpected(AssertionError):
    """A door answered otherwise than it must."""


@dataclass(slots=True)
class Case:
    """A case and what was kept for her: what she said, and later every byte that it became."""

    case_id: UUID
    placement_id: UUID
    alias: str
    notes: str
    needles: dict[str, bytes] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/cases/{self.case_id}"


class Doors:
    """One server's doors, and whoever knocks there."""

    def __init__(self, server: Served, ledger: TrialLedger) -> None:
        self.server = server
        self.database = ledger.database
        self._ledger = ledger
        self._keys = count()

    async def post(
        self, path: str, body: object, role: Role = Role.COORDINATOR, who: str = "first"
    ) -> Answer:
        headers = {**self._bearer(role, who), "idempotency-key": f"shred-{next(self._keys):08}"}
        async with Wire(self.server.url) as wire:
            return await wire.post(path, body, headers)

    async def done(self, path: str, body: object, role: Role = Role.COORDINATOR, who: str = "first") -> Any:
        """Errors: `Unexpected`."""
        answer = await self.post(path, body, role, who)
        if answer.status not in (200, 201):
            raise Unexpected(f"{path}: {answer.status} {answer.body.decode()}")
        return answer.json()

    async def get(self, path: str, role: Role = Role.COORDINATOR, who: str = "first") -> Any:
        async with Wire(self.server.url) as wire:
            return (await wire.get(path, self._bearer(role, who))).json()

    def _bearer(self, role: Role, who: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self._ledger.people.token(f'{role}-{who}', role)}"}


async def cases_with_values(doors: Doors, number: int) -> list[Case]:
    """So many cases, each with words that nobody else has, and no request open any more."""
    return [await _case(doors) for _ in range(number)]


async def _case(doors: Doors) -> Case:
    placement = (await doors.done("/placement-requests", _ASKED))["placement"]
    made = Case(
        case_id=UUID(placement["case_id"]),
        placement_id=UUID(placement["placement_id"]),
        alias=f"alias {secrets.token_hex(12)}",
        notes=f"notes {secrets.token_hex(24)}",
    )
    await doors.done(f"{made.path}/values", {"alias": made.alias, "notes": made.notes, "may_call": True})
    await doors.done(f"/placements/{made.placement_id}/withdrawal", {})
    return made


async def proposed(doors: Doors, case: Case) -> dict[str, str]:
    told = await doors.done(f"{case.path}/shredding", _ORDER, Role.LEAD_BODY)
    return {"shredding_id": told["preservation"]["shreddings"][-1]["shredding_id"]}


async def approve(doors: Doors, case: Case, named: dict[str, str]) -> Answer | None:
    """None where the answer was lost."""
    try:
        return await doors.post(f"{case.path}/shredding/approval", named, Role.LEAD_BODY, "second")
    except Lost:
        return None


async def refusals(doors: Doors, case: Case) -> list[str]:
    """Who wants to destroy alone, or against a legal hold, is told no: the codes of each."""
    named = await proposed(doors, case)
    approving = f"{case.path}/shredding/approval"
    alone = await doors.post(approving, named, Role.LEAD_BODY)
    placed = await doors.done(f"{case.path}/legal-holds", _HOLD, Role.DATA_PROTECTION)
    held = await doors.post(approving, named, Role.LEAD_BODY, "second")
    await doors.done(f"{case.path}/shredding/rejection", named, Role.LEAD_BODY)
    anew = await doors.post(f"{case.path}/shredding", _ORDER, Role.LEAD_BODY)
    hold = placed["preservation"]["legal_holds"][0]["hold_id"]
    lifting = f"{case.path}/legal-holds/{hold}/lifting"
    await doors.done(lifting, {"reference": "2041/9"}, Role.DATA_PROTECTION)
    return [str(each.json().get("code")) for each in (alone, held, anew)]


REFUSED = ["SAME_PERSON", "LEGAL_HOLD_STANDS", "LEGAL_HOLD_STANDS"]


async def step_of(doors: Doors, case: Case) -> str:
    """How far the case's latest destruction has come."""
    told = await doors.get(f"{case.path}/preservation", Role.LEAD_BODY)
    return str(told["shreddings"][-1]["step"])


async def is_destroyed(doors: Doors, case: Case) -> bool:
    """Whether the log says within a minute that the key is gone."""
    until = time.monotonic() + FINISHED_SECONDS
    while await step_of(doors, case) != "DESTROYED":
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.2)
    return True


async def not_open(doors: Doors, cases: Iterable[Case]) -> list[str]:
    """Of each case for which what was kept does not open as what she said, what was answered instead."""
    found = []
    for case in cases:
        answer = await doors.post(f"{case.path}/values/openings", _LOOK)
        values = answer.json().get("values", ()) if answer.status == 200 else ()
        if [each["value"] for each in values] != [case.alias]:
            found.append(f"another's value does not open: {answer.status} {answer.json().get('code')}")
    return found


async def complaints_about(doors: Doors, case: Case) -> list[str]:
    """What is said of a destroyed case and should not be, or should and is not."""
    found = []
    for path in ("", "/history", "/timeline"):
        told = await doors.get(f"/placements/{case.placement_id}{path}")
        if (told.get("values_destroyed") or {}).get("decision") != _ORDER["decision"]:
            found.append(f"{path or 'the placement'} does not say what is gone")
    code = (await doors.post(f"{case.path}/values/openings", _LOOK)).json().get("code")
    if code != "KEY_DESTROYED":
        found.append(f"an opening after the end says {code}")
    return found
