"""A change that waits for its seal: told when it came, never undone or held up when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any

import httpx
import pytest

from api.http.receipts import LOOK_SECONDS, preferences
from ledger.evidence.notes.proof_file import parse_proof
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.evidence.sealing.port import SealedHead
from ledger.faults import StoreUnreachable
from ledger.store.memory import MemoryStore
from tests.api.http.ground import ALONE, REQUEST, Ground, ground_on
from tests.api.http.sealed_ground import Sealed


@asynccontextmanager
async def _sealing(sealed: Sealed) -> AsyncIterator[None]:
    """The sealer at work."""
    at_work = asyncio.create_task(sealed.sealer.run())
    try:
        yield
    finally:
        at_work.cancel()
        with suppress(asyncio.CancelledError):
            await at_work


async def _asked(
    stage: Ground, prefer: str, who: str = "coordinator", key: str | None = None
) -> httpx.Response:
    body = {**REQUEST, "channel": "LAW_ENFORCEMENT"} if who == "police" else REQUEST
    return await stage.post("/placement-requests", body, who, key=key, Prefer=prefer)


@pytest.mark.asyncio
async def test_a_change_waits_for_its_seal_and_its_receipt_is_there_at_once(sealed: Sealed) -> None:
    async with _sealing(sealed):
        answer = await _asked(sealed.stage, "sealed, wait=9")
        assert answer.status_code == 201
        assert answer.headers["preference-applied"] == "sealed"
        position = answer.json()["position"]
        there = f"/audit/proofs/{position}"
        assert answer.headers["link"] == f'<{there}>; rel="urn:approdo:relation:receipt"; type="text/plain"'
        proof = parse_proof((await sealed.stage.get(there)).content)
        assert proof.holds((await sealed.leaves())[position - 1])


@pytest.mark.asyncio
async def test_a_sealer_that_stands_still_holds_no_change_up_beyond_the_wait(sealed: Sealed) -> None:
    began = perf_counter()
    answer = await _asked(sealed.stage, "sealed, wait=1", key="la-stessa-chiave")
    took = perf_counter() - began
    assert answer.status_code == 201
    assert "preference-applied" not in answer.headers
    assert answer.headers["link"].startswith(f"</audit/proofs/{answer.json()['position']}>")
    assert 1.0 <= took < 2.5, took
    await sealed.seal()
    again = await _asked(sealed.stage, "sealed, wait=1", key="la-stessa-chiave")
    assert (again.content, again.headers["preference-applied"]) == (answer.content, "sealed")


@pytest.mark.asyncio
async def test_a_change_that_was_not_asked_to_wait_does_not(memory: Sealed) -> None:
    for prefer in ("", "wait=9", "respond-async", "sealed=yes", 'sealed; wait=9 "', "sealed, =", "a" * 501):
        began = perf_counter()
        answer = await _asked(memory.stage, prefer)
        assert perf_counter() - began < 0.9, prefer
        assert answer.status_code == 201, "what is malformed is as if it were not there"
        assert not {"link", "preference-applied"} & set(answer.headers), prefer


@pytest.mark.asyncio
async def test_what_is_refused_or_only_read_waits_for_nothing(memory: Sealed) -> None:
    told = await memory.stage.post("/placement-requests", {}, Prefer="sealed")
    assert told.status_code == 422
    seen = await memory.stage.get("/bed-board", Prefer="sealed")
    assert not {"link", "preference-applied"} & {*told.headers, *seen.headers}


@pytest.mark.asyncio
async def test_a_command_that_had_nothing_left_to_do_waits_for_what_was_there(memory: Sealed) -> None:
    path = await memory.stage.held(ALONE)
    await memory.stage.done(f"{path}/withdrawal")
    await memory.seal()
    head = await memory.stage.store.head()
    answer = await memory.stage.post(f"{path}/withdrawal", {}, Prefer="sealed, wait=0")
    assert (answer.status_code, await memory.stage.store.head()) == (200, head)
    assert answer.headers["preference-applied"] == "sealed"


@pytest.mark.asyncio
async def test_who_may_have_no_receipt_is_told_that_it_is_sealed_and_not_where(memory: Sealed) -> None:
    async with _sealing(memory):
        answer = await _asked(memory.stage, "sealed", "police")
    assert answer.status_code == 201
    assert answer.headers["preference-applied"] == "sealed"
    assert "link" not in answer.headers


@pytest.mark.asyncio
async def test_a_process_that_closes_lets_nobody_wait(memory: Sealed) -> None:
    closing = memory.stage.app.state.closing = asyncio.Event()
    began = perf_counter()
    waiting = asyncio.create_task(_asked(memory.stage, "sealed, wait=10"))
    await asyncio.sleep(0.3)
    closing.set()
    answer = await waiting
    assert answer.status_code == 201
    assert perf_counter() - began < 2
    assert "preference-applied" not in answer.headers


class _Unreachable(MemorySealedLog):
    """What is sealed cannot be read."""

    async def head(self) -> SealedHead | None:
        raise StoreUnreachable


class _Counted(MemorySealedLog):
    looks = 0

    async def head(self) -> SealedHead | None:
        self.looks += 1
        return await super().head()


@pytest.mark.asyncio
async def test_a_fault_while_it_waits_leaves_the_change_recorded() -> None:
    store = MemoryStore()
    async with ground_on(store, sealed=_Unreachable(store)) as stage:
        answer = await _asked(stage, "sealed")
        assert answer.status_code == 201
        assert "preference-applied" not in answer.headers
        assert "link" in answer.headers


@pytest.mark.asyncio
async def test_however_many_wait_one_looks() -> None:
    store = MemoryStore()
    log = _Counted(store)
    async with ground_on(store, sealed=log) as stage:
        answers = await asyncio.gather(*(_asked(stage, "sealed, wait=1") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert 0 < log.looks <= 2 * (1.5 / LOOK_SECONDS) + 2


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", {}),
        ("sealed", {"sealed": ""}),
        ("Sealed , WAIT = 7", {"sealed": "", "wait": "7"}),
        ('sealed; a="b,;c"; d, wait=1, wait=9', {"sealed": "", "wait": "1"}),
        ('sealed=""', {"sealed": '""'}),
        ("return=minimal;;, sealed", {"return": "minimal", "sealed": ""}),
        ("sealed wait=5", {}),
        ("sealed,,wait=5", {}),
        ('sealed="', {}),
    ],
)
def test_preferences_are_read_as_rfc_7240_writes_them(said: str, found: dict[str, Any]) -> None:
    assert preferences(said) == found


def test_a_long_header_is_read_in_no_time() -> None:
    began = perf_counter()
    hostile: Sequence[str] = (" " * 500, "a;" * 250, "a" + " \t" * 249, 'a="' + "\\" * 490, "a" * 10**6)
    assert all(not preferences(each) or "a" in preferences(each) for each in hostile)
    assert perf_counter() - began < 0.5
