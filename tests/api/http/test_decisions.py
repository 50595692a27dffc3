"""Each decision of a placement beside its re-derivation; a log in which one was changed says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.placement.events import CandidatesRanked, ExclusionCount
from ledger.evidence.rederive import rederive
from ledger.store import codec
from ledger.store.port import StoredRow
from tests.api.http.ground import FAMILY, REQUEST, Ground, ground


async def _decisions(stage: Ground, path: str, who: str = "auditor") -> list[dict[str, Any]]:
    answer = await stage.get(f"{path}/decisions", who)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.asyncio
async def test_each_ranking_stands_beside_what_follows_from_the_log() -> None:
    async with ground() as stage:
        path = await stage.offered()
        await stage.done(f"{path}/refusal", {"channel": "SCREEN", "shown": "NOT_NOW"}, "ginepro")
        await stage.done(f"{path}/search")
        items = await _decisions(stage, path)
        topics = await stage.topics()
        assert len(items) == sum(each.startswith("placement.candidates-ranked") for each in topics) == 2
        for item in items:
            assert (item["same"], item["flaw"], item["differing"]) == (True, None, [])
            for name in ("summary", "candidates", "digest"):
                assert item[name] == item["derived"][name]
            counted = {each["code"]: each["units"] for each in item["summary"]["excluded"]}
            assert {each["code"]: each["units"] for each in item["derived"]["excluded"]} == counted
        latest = (await stage.get(f"{path}/ranking", "auditor")).json()
        assert (items[-1]["digest"], items[-1]["summary"]) == (latest["digest"], latest["summary"])


@pytest.mark.asyncio
async def test_every_unit_is_a_candidate_or_excluded_by_a_rule_under_its_label() -> None:
    async with ground() as stage:
        path = await stage.held(FAMILY)
        (item,) = await _decisions(stage, path)
        rooms = [room for each in item["derived"]["excluded"] for room in each["rooms"]]
        assert item["candidates"] == []
        assert len(set(rooms)) == item["summary"]["units_seen"] == 2
        other = await stage.held(FAMILY)
        (again,) = await _decisions(stage, other)
        assert {room for each in again["derived"]["excluded"] for room in each["rooms"]} != set(rooms)


@pytest.mark.asyncio
async def test_units_excluded_for_safety_are_counted_and_not_labelled() -> None:
    async with ground() as stage:
        zone = str(stage.ids.zones["z1"])
        path = await stage.held({**REQUEST, "household": {"adults": 1}, "zones_to_avoid": [zone]})
        (item,) = await _decisions(stage, path)
        (safety,) = (each for each in item["derived"]["excluded"] if each["code"] == "SAFETY")
        assert (safety["units"], safety["rooms"]) == (1, [])
        answer = (await stage.get(f"{path}/decisions", "auditor")).text
        named = [*stage.ids.zones.values(), *(house.id for house in stage.ids.shelters.values())]
        named += [unit.id for house in stage.ids.shelters.values() for unit in house.units.values()]
        assert not [each for each in named if str(each) in answer]


class _Altered:
    """A log in which a certificate is another than the one that was recorded."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def read_streams(self, *given: Any, **named: Any) -> Any:
        found = await self._store.read_streams(*given, **named)
        return {stream: tuple(map(_altered, rows)) for stream, rows in found.items()}


def _altered(row: StoredRow) -> StoredRow:
    if row.topic != CandidatesRanked.TOPIC:
        return row
    event = codec.decode(row.topic, row.state)
    assert isinstance(event, CandidatesRanked)
    excluded = (*event.excluded, ExclusionCount(code="RISK", units=1))
    return replace(row, state=codec.encode(replace(event, excluded=excluded), bytes(16)))


@pytest.mark.asyncio
async def test_a_certificate_that_was_changed_is_told_with_the_fields_that_differ() -> None:
    async with ground() as stage:
        path = await stage.held()
        stage.engine.transactor.store = _Altered(stage.engine.transactor.store)
        (item,) = await _decisions(stage, path)
        assert (item["same"], item["flaw"], item["differing"]) == (False, "DIFFERS", ["excluded"])
        assert item["summary"]["excluded"] != item["derived"]["summary"]["excluded"]
        assert item["digest"] == item["derived"]["digest"]


@pytest.mark.asyncio
async def test_the_door_and_the_command_judge_alike() -> None:
    async with ground() as stage:
        path = await stage.offered()
        await stage.done(f"{path}/refusal", {"channel": "SCREEN", "shown": "NOT_NOW"}, "ginepro")
        found = rederive(await stage.store.read_all(after=0, limit=5000))
        items = await _decisions(stage, path)
        assert found.agrees
        assert (found.decisions, found.alike) == (len(items), sum(item["same"] for item in items))
