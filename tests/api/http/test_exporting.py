"""The whole log: asked for by one person, agreed to by another, who both have just proved who they are."""

from __future__ import annotations

import pytest

from tests.api.http.ground import ground

NUMBER = {"reference": "2041/200"}


@pytest.mark.asyncio
async def test_one_asks_and_another_agrees() -> None:
    async with ground() as stage:
        asked = await stage.done("/exports", NUMBER, "lead")
        assert asked["approved_until"] is None
        approving = f"/exports/{asked['export_id']}/approval"
        assert (await stage.refused(approving, {}, "lead"))[:2] == (409, "SAME_PERSON")
        told = await stage.done(approving, {}, "other-lead")
        assert told["approved_until"] == "2026-11-23T02:00:00Z"
        newer = await stage.done("/exports", NUMBER, "lead")
        assert (await stage.refused(approving, {}, "other-lead"))[:2] == (404, "EXPORT_UNKNOWN")
        assert newer["export_id"] != asked["export_id"]


@pytest.mark.asyncio
async def test_nobody_else_asks_and_nobody_who_has_not_proved_who_they_are() -> None:
    async with ground() as stage:
        for who in ("coordinator", "ginepro", "auditor", "protection", "administrator", "region"):
            assert (await stage.refused("/exports", NUMBER, who))[0] == 403
        assert (await stage.refused("/exports", NUMBER, "unproved-lead"))[:2] == (401, "STEP_UP_NEEDED")
        assert (await stage.refused("/exports", {"reference": "Maria Rossi"}, "lead"))[0] == 422
