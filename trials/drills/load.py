"""Coordinators who never stop asking, and a journal on disk of what was acknowledged to them.

Each asks for a place with a fresh key until that key is answered, whatever happens to the server meanwhile;
then with the next. What was acknowledged is compared with the log afterwards. Not a benchmark: it wants many
answers in flight at the moment of a kill, not many a second.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from domain.permissions import Role
from domain.placement.events import PlacementRequested
from ledger.store.port import StoredRow
from ledger.store.postgres import PostgresStore
from trials.stage.ledger_on import TrialLedger
from trials.stage.wire import Lost, Wire

WORKERS = 12
PAUSE_SECONDS = 0.03
ANSWER_SECONDS = 15.0
FINISH_SECONDS = 60.0
_ASKED = {"channel": "CAV", "urgency": "U1", "risk": "HIGH", "household": {"adults": 1}}


class Load:
    """The workers and what they were told. `acknowledged` has, by key, the events of the answer."""

    def __init__(self, url: str, ledger: TrialLedger, journal: Path) -> None:
        self._url = url
        self._token = {"authorization": f"Bearer {ledger.people.token('coordinator', Role.COORDINATOR)}"}
        self._journal = journal.open("a", buffering=1)
        self._stopping = False
        self.abandoned = False
        """Set where a control has found what it looked for: the ledger may then never answer again."""
        self._answered = asyncio.Event()
        self.acknowledged: dict[str, list[dict[str, Any]]] = {}
        self.in_flight = 0
        self.lost_answers = 0
        self.unavailable = 0
        self.asked_again = 0
        self.faults = 0
        """Answers that are neither a place nor a call to come back: there must be none."""

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """The workers ask while the body runs; then each finishes the key it is at, unless abandoned."""
        self._stopping = self.abandoned = False
        workers = [asyncio.create_task(self._work()) for _ in range(WORKERS)]
        try:
            yield
            self._stopping = True
            if not self.abandoned:
                async with asyncio.timeout(FINISH_SECONDS):
                    await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def more(self, answers: int) -> None:
        """Until so many more keys are answered; an error after a minute."""
        wanted = len(self.acknowledged) + answers
        async with asyncio.timeout(60):
            while len(self.acknowledged) < wanted:
                await self._answered.wait()
                self._answered.clear()

    async def ask_again(self, keys: int) -> None:
        """Send the last keys that were answered once more, as one does who did not hear the answer: another
        answer than the first is a fault.
        """
        async with Wire(self._url, seconds=ANSWER_SECONDS) as wire:
            for key in list(self.acknowledged)[-keys:]:
                first = self.acknowledged[key]
                await self._until_answered(wire, key)
                self.asked_again += 1
                self.faults += self.acknowledged[key] != first

    def close(self) -> None:
        self._journal.close()

    async def _work(self) -> None:
        async with Wire(self._url, seconds=ANSWER_SECONDS) as wire:
            while not self._stopping:
                await self._until_answered(wire, str(uuid4()))

    async def _until_answered(self, wire: Wire, key: str) -> None:
        while True:
            if await self._asked(wire, key):
                return
            await asyncio.sleep(PAUSE_SECONDS)

    async def _asked(self, wire: Wire, key: str) -> bool:
        """Whether this key has its answer now."""
        self.in_flight += 1
        try:
            answer = await wire.post("/placement-requests", _ASKED, {**self._token, "idempotency-key": key})
        except Lost:
            self.lost_answers += 1
            return False
        finally:
            self.in_flight -= 1
        if answer.status == 503:
            self.unavailable += 1
            return False
        if answer.status != 201:
            self.faults += 1
            return True
        events = answer.json()["events"]
        self._journal.write(json.dumps({"key": key, "events": events}) + "\n")
        self.acknowledged[key] = events
        self._answered.set()
        return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """What a log holds of what was acknowledged."""

    acknowledged: int
    requests: int
    lost: int
    duplicated: int
    faults: int


async def compare(ledger: TrialLedger, load: Load, *, only: AbstractSet[str] | None = None) -> Compared:
    """Every acknowledged event (of `only` these keys) where the answer said; no request that nobody made."""
    async with PostgresStore(ledger.dsn) as store:
        rows = {row.position: row for row in await _whole(store)}
    judged = [events for key, events in load.acknowledged.items() if only is None or key in only]
    lost = sum(not _stands(said, rows) for events in judged for said in events)
    requests = sum(row.topic == PlacementRequested.TOPIC for row in rows.values())
    return Compared(
        acknowledged=sum(map(len, judged)),
        requests=requests,
        lost=lost,
        duplicated=max(requests - len(load.acknowledged), 0),
        faults=load.faults,
    )


def _stands(said: dict[str, Any], rows: dict[int, StoredRow]) -> bool:
    row = rows.get(said["position"])
    return row is not None and (str(row.stream), row.version, row.topic) == (
        said["stream"],
        said["version"],
        said["topic"],
    )


async def _whole(store: PostgresStore) -> Iterable[StoredRow]:
    rows: list[StoredRow] = []
    while page := await store.read_all(after=rows[-1].position if rows else 0, limit=5000):
        rows.extend(page)
    return rows
