"""The store's recorder under the library's blocking interface: a loop in a thread, and no judgement of its
own.
"""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)

from ledger.faults import MalformedAppend
from ledger.store.batcher import Batcher
from ledger.store.port import NewEvent, Receipt, StoredRow
from ledger.store.postgres import PostgresStore
from ledger.store.recorder import Recorder
from tests.ledger.store.appends import an_append

T = TypeVar("T")


class Loop:
    """An event loop in a thread of its own, for callers that block."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class BlockingRecorder(AggregateRecorder):
    """The aggregate half of the library's contract over ours."""

    def __init__(self, dsn: str) -> None:
        self._loop = Loop()
        self._recorder = Recorder(dsn)
        self._batcher = Batcher(self._recorder.record)
        self._store = PostgresStore(dsn)
        self._loop.run(self._store.open())

    def close(self) -> None:
        for closing in (self._batcher.close(), self._recorder.close(), self._store.close()):
            self._loop.run(closing)
        self._loop.close()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        del kwargs
        self._append(stored_events)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        assert isinstance(originator_id, UUID)
        rows = self._loop.run(self._store.read_streams([originator_id]))[originator_id]
        chosen = [
            StoredEvent(row.stream, row.version, row.topic, row.state)
            for row in (reversed(rows) if desc else rows)
            if (gt is None or row.version > gt) and (lte is None or row.version <= lte)
        ]
        return chosen[:limit]

    def _append(self, stored_events: Sequence[StoredEvent]) -> Sequence[int]:
        if not stored_events:
            return []
        try:
            outcome = self._loop.run(self._batcher.append(an_append(*map(_new, stored_events))))
        except MalformedAppend as fault:
            raise IntegrityError(str(fault)) from fault
        if not isinstance(outcome, Receipt):
            raise IntegrityError(str(outcome))
        assert outcome.first is not None
        return range(outcome.first, outcome.first + len(stored_events))


class BlockingApplicationRecorder(BlockingRecorder, ApplicationRecorder):
    """The whole of it, but for subscriptions, which are the library's own on our table."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        del kwargs
        return list(self._append(stored_events))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = (start or 0) - (1 if start is not None and inclusive_of_start else 0)
        found: list[StoredRow] = []
        while len(found) < limit:
            page = self._loop.run(self._store.read_all(after=after, limit=limit, upto=stop))
            if not page:
                break
            found += [row for row in page if not topics or row.topic in topics]
            after = page[-1].position
        return [
            Notification(row.stream, row.version, row.topic, row.state, row.position) for row in found[:limit]
        ]

    def max_notification_id(self) -> int | None:
        return self._loop.run(self._store.head()) or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        raise NotImplementedError


def _new(event: StoredEvent) -> NewEvent:
    assert isinstance(event.originator_id, UUID)
    return NewEvent(
        stream=event.originator_id,
        version=event.originator_version,
        topic=event.topic,
        state=event.state,
        event_id=uuid.uuid4(),
        metadata=b"{}",
    )
