"""What operations sees: readiness, metrics, allowances, and the headers of every answer."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from api.http import health
from api.http.allowance import WINDOW_SECONDS, Allowances
from api.loops.sealing import Sealing
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.faults import StoreUnreachable
from ledger.store.memory import MemoryStore
from tests.api.http.ground import ALONE, ground, ground_on
from tests.ledger.evidence.sealed_log import KEY, ORIGIN


class Skewed(MemoryStore):
    """A store whose clock is three seconds off."""

    async def clock_skew(self) -> timedelta:
        return timedelta(seconds=-3)


class Gone(MemoryStore):
    """A store whose database has gone away."""

    gone = False

    async def head(self) -> int:
        if self.gone:
            raise StoreUnreachable
        return await super().head()


class Silent(Gone):
    """A store whose database does not answer at all."""

    async def head(self) -> int:
        if self.gone:
            await asyncio.sleep(60)
        return await super().head()


@pytest.mark.asyncio
async def test_a_process_whose_ledger_answers_is_ready() -> None:
    async with ground() as stage:
        for path in ("/livez", "/readyz", "/status"):
            answer = await stage.client.get(path)
            assert (answer.status_code, answer.json()["status"]) == (200, 200)


@pytest.mark.asyncio
@pytest.mark.parametrize("store", [Skewed, Gone, Silent])
async def test_a_process_that_cannot_work_is_alive_but_not_ready(
    store: type[MemoryStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.05)
    opened = store()
    async with ground_on(opened) as stage:
        if isinstance(opened, Gone):
            opened.gone = True
        assert (await stage.client.get("/livez")).status_code == 200
        for path in ("/readyz", "/status"):
            answer = await stage.client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (503, "NOT_READY")
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"]


@pytest.mark.asyncio
@pytest.mark.parametrize(("current", "status"), [(True, 200), (False, 503)])
async def test_a_schema_of_another_program_is_not_ready(current: bool, status: int) -> None:
    async def migrations_current() -> bool:
        return current

    async with ground(migrations_current=migrations_current) as stage:
        assert (await stage.client.get("/readyz")).status_code == status


class Moved(MemoryStore):
    """A store on which an hour has passed since the last event."""

    late = timedelta()

    async def now(self) -> datetime:
        return await super().now() + self.late


@pytest.mark.asyncio
async def test_a_log_that_is_not_sealed_is_a_warning_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    store = Moved()
    log, kept = MemorySealedLog(store), HeadFile(tmp_path / "sealed-head")
    keys = SealingKeys(origin=ORIGIN, present=KEY)
    sealing = Sealing(log, Sealer(log, keys, kept), kept)
    async with ground_on(store, sealed=log, sealing=sealing) as stage:
        answer = await stage.client.get("/readyz")
        assert (answer.status_code, answer.json()["warnings"]) == (200, [])
        store.late = timedelta(hours=1)
        assert (await stage.client.get("/readyz")).json()["warnings"] == ["NOT_SEALED"]
        sealing.stopped, sealing.disagreements = True, 2
        for path in ("/readyz", "/status"):
            answer = await stage.client.get(path)
            assert answer.status_code == 200
            assert answer.json()["warnings"] == ["SEALING_STOPPED", "NOT_SEALED"]
        page = (await stage.client.get("/metrics")).text
        assert "approdo_sealed_size 0.0" in page
        assert "approdo_unsealed_seconds 3600" in page
        assert "approdo_sealing_disagreements 2.0" in page
        sealing.stopped = False
        await sealing.step()
        assert (await stage.client.get("/readyz")).json()["warnings"] == []
        page = (await stage.client.get("/metrics")).text
        assert f"approdo_sealed_size {await store.head()}.0" in page
        assert "approdo_unsealed_seconds 0.0" in page


@pytest.mark.asyncio
async def test_metrics_count_by_route_and_result_and_never_by_house() -> None:
    async with ground() as stage:
        await stage.post("/placement-requests", ALONE, key="la-stessa-chiave")
        await stage.post("/placement-requests", ALONE, key="la-stessa-chiave")
        await stage.get(f"/units/{stage.unit('ginepro').id}")
        await stage.get("/nowhere/at/all")
        page = (await stage.client.get("/metrics")).text
    assert 'approdo_placement_results_total{result="held"} 1.0' in page, "a retry is counted once"
    assert 'route="/units/{unit_id}"' in page
    assert 'route="unmatched"' in page
    assert 'approdo_problems_total{code="NOT_FOUND"} 1.0' in page
    for code, shelter in stage.ids.shelters.items():
        assert str(shelter.id) not in page
        assert code not in page
        assert str(shelter.units["stanza-1"].id) not in page


@pytest.mark.asyncio
async def test_every_answer_carries_the_headers() -> None:
    async with ground() as stage:
        answers = [
            await stage.client.get("/livez"),
            await stage.client.get("/bed-board"),
            await stage.client.get("/nowhere"),
            await stage.get("/bed-board"),
            await stage.post("/placement-requests", ALONE),
            await stage.client.get("/openapi.json"),
        ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert int(answer.headers["ratelimit-limit"]) > int(answer.headers["ratelimit-remaining"]) >= 0
        assert 0 < int(answer.headers["ratelimit-reset"]) <= WINDOW_SECONDS
        UUID(answer.headers["correlation-id"])
    assert len({answer.headers["correlation-id"] for answer in answers}) == len(answers)


@pytest.mark.asyncio
async def test_who_asks_too_often_waits_but_a_request_for_a_place_never_does() -> None:
    async with ground(requests_per_minute=3) as stage:
        for _ in range(3):
            assert (await stage.get("/bed-board")).status_code == 200
        stopped = await stage.get("/bed-board")
        assert (stopped.status_code, stopped.json()["code"]) == (429, "TOO_MANY_REQUESTS")
        assert int(stopped.headers["retry-after"]) >= 1
        assert stopped.headers["ratelimit-remaining"] == "0"
        asked = await stage.post("/placement-requests", ALONE)
        assert asked.status_code == 201
        assert (await stage.get("/bed-board", "lead")).status_code == 200, "each has their own"


def test_a_new_window_forgets_the_old_one() -> None:
    now = [100.0]
    allowances = Allowances(1, clock=lambda: now[0])
    assert not allowances.count("a").exceeded
    assert allowances.count("a").exceeded
    now[0] += WINDOW_SECONDS
    assert not allowances.count("a").exceeded
