"""Codes issued for paper: a request or an admission entered later stands under the code that was printed."""

from __future__ import annotations

import pytest

from projections.case_codes import code_of
from tests.api.http.ground import ALONE, REQUEST, ground


@pytest.mark.asyncio
async def test_what_was_written_on_paper_is_entered_under_its_printed_code() -> None:
    async with ground() as stage:
        told = await stage.done("/case-codes", {"count": 2})
        first, second = told["items"]
        assert (await stage.get("/case-codes")).json()["items"] == [second, first]
        found = (await stage.get(f"/case-codes?code={first['code'].lower().replace('-', '')}")).json()
        assert found["items"] == [first]
        placement = (await stage.ask({**REQUEST, "case_id": first["case_id"]}))["placement"]
        assert placement["case_id"] == first["case_id"]
        assert (await stage.get(f"/case-codes?code={first['code']}")).json()["items"] == []
        unit = stage.unit("lentisco")
        body = {
            "shelter_id": str(stage.house("lentisco")),
            "units": [{"unit_id": str(unit.id), "places": [str(unit.beds[0])]}],
            "asked": {**ALONE, "consented_at": None, "case_id": second["case_id"]},
        }
        admitted = await stage.done("/direct-admissions", body)
        assert admitted["placement"]["case_id"] == second["case_id"]
        assert (await stage.get("/case-codes")).json()["waiting"] == 0


@pytest.mark.asyncio
async def test_a_case_that_a_request_opens_waits_for_nobody() -> None:
    async with ground() as stage:
        await stage.ask()
        assert (await stage.get("/case-codes")).json() == {
            "position": await stage.store.head(),
            "waiting": 0,
            "items": [],
        }


@pytest.mark.asyncio
async def test_a_repeated_request_issues_no_more_codes() -> None:
    async with ground() as stage:
        told = await stage.done("/case-codes", {"count": 3})
        assert [each["code"] for each in told["items"]] == [
            code_of(each) for each in stage.engine.index.issued.waiting.values()
        ]
        again = await stage.repeated(stage.exchanges[-1])
        assert (again.status_code, again.json()) == (201, told)
        stage.forget()
        assert (await stage.get("/case-codes")).json()["waiting"] == 3


@pytest.mark.parametrize("count", [0, 21, -1, "3", None])
@pytest.mark.asyncio
async def test_a_number_that_is_none_issues_nothing(count: object) -> None:
    async with ground() as stage:
        head = await stage.store.head()
        assert (await stage.refused("/case-codes", {"count": count}))[::2] == (422, "/count")
        assert await stage.store.head() == head


@pytest.mark.parametrize("code", ["", "niente", "ABC-DEF-GHJ", "a' or 1=1", "%00", "Z" * 40])
@pytest.mark.asyncio
async def test_a_code_that_is_none_finds_nothing(code: str) -> None:
    async with ground() as stage:
        await stage.done("/case-codes", {"count": 1})
        answer = await stage.client.get(
            "/case-codes", params={"code": code}, headers={"Authorization": "Bearer coordinator"}
        )
        assert answer.status_code == 200
        assert answer.json()["items"] == []
