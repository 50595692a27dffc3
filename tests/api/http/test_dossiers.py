"""Copies of a case for a court: ordered by one, the annex agreed to by another, seen by who watches."""

from __future__ import annotations

import pytest

from domain.case import DossierApproved, DossierOrdered
from tests.api.http.ground import Ground, ground

SHOWN = {"kind": "OSTENSIBLE", "reference": "2029/0000311"}
ANNEX = {"kind": "RESERVED", "reference": "2029/0000312"}
NOWHERE = "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55"


async def dossiers(stage: Ground) -> str:
    path = f"/placements/{(await stage.ask())['placement']['placement_id']}"
    return f"/cases/{(await stage.get(path)).json()['case_id']}/dossiers"


@pytest.mark.asyncio
async def test_the_annex_is_ordered_by_one_person_and_agreed_to_by_another() -> None:
    async with ground() as stage:
        path = await dossiers(stage)
        told = (await stage.done(path, ANNEX, "lead"))["dossier"]
        assert (told["kind"], told["step"], told["recipient"]) == ("RESERVED", "ORDERED", None)
        approving = f"{path}/{told['dossier_id']}/approval"
        assert (await stage.refused(approving, {}, "lead"))[:2] == (409, "SAME_PERSON")
        agreed = (await stage.done(approving, {}, "other-lead"))["dossier"]
        assert (agreed["step"], agreed["approved_at"] is None) == ("APPROVED", False)
        assert (await stage.done(approving, {}, "other-lead"))["dossier"] == agreed
        topics = [row.topic for row in await stage.store.read_all(after=0, limit=10_000)]
        assert topics.count(DossierOrdered.TOPIC) == topics.count(DossierApproved.TOPIC) == 1


@pytest.mark.asyncio
async def test_what_may_be_shown_needs_no_second_person() -> None:
    async with ground() as stage:
        path = await dossiers(stage)
        ordered = (await stage.done(path, SHOWN, "lead"))["dossier"]
        approving = f"{path}/{ordered['dossier_id']}/approval"
        assert (await stage.refused(approving, {}, "other-lead"))[:2] == (409, "DOSSIER_NOT_RESERVED")
        unknown = await stage.refused(f"{path}/{NOWHERE}/approval", {}, "other-lead")
        assert unknown[:2] == (404, "DOSSIER_UNKNOWN")


@pytest.mark.asyncio
async def test_who_watches_sees_the_list_and_nobody_else_orders() -> None:
    async with ground() as stage:
        path = await dossiers(stage)
        ordered = (await stage.done(path, SHOWN, "lead"))["dossier"]
        for who in ("lead", "auditor", "protection"):
            assert (await stage.get(path, who)).json()["dossiers"] == [ordered]
        for who in ("coordinator", "ginepro", "auditor", "protection", "administrator", "region"):
            assert (await stage.refused(path, SHOWN, who))[0] == 403
        assert (await stage.get(path, "coordinator")).status_code == 403
        assert (await stage.refused(path, SHOWN, "unproved-lead"))[:2] == (401, "STEP_UP_NEEDED")
        assert (await stage.refused(path, {**SHOWN, "reference": "Maria Rossi"}, "lead"))[0] == 422
