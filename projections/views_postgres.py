"""The rows of the read models on PostgreSQL, in the schema `views`, over a few connections of their own.

Nothing here is lost for good by a crash, so commits do not wait for the disk: what a crash of the server
takes away is the last rows together with the checkpoint that told of them. Opened by the wiring with the
address of the application's role.
"""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractAsyncContextManager
from dataclasses import fields
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import asyncpg
import orjson

from domain.codes import AlarmKind, BridgeKind
from domain.permissions import Role
from domain.placement.state import Phase
from domain.vocabulary import CaseId, IntakeMode, LevelFunction, OfferId, PlacementId, ShelterId, Urgency
from ledger.store.codec import plain
from ledger.store.connections import Connections
from projections.bed_board import Group
from projections.milestones import Milestone, MilestoneRow
from projections.on_call_queue import DeadlineKind, Need, QueueRow
from projections.placement_timeline import MOST_NAMED, Meanwhile, TimelineRow
from projections.queries import query
from projections.read_models import SHAPE, TABLES
from projections.views import Changes, Checkpoint, Stop, Timeline

MOST_CONNECTIONS = 4
SESSION = {
    "application_name": "approdo views",
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "off",
}
_Word = TypeVar("_Word", bound=str)


class PostgresViews:
    """Keeps `Views` on one database. Use it as an asynchronous context, or `open` and `close` it."""

    def __init__(self, dsn: str, *, connections: int = MOST_CONNECTIONS) -> None:
        self._connections = Connections(dsn, least=0, most=connections, session=SESSION, idle_seconds=0)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Errors: `StoreUnreachable`, `StoreRefused`."""
        await self._connections.open()

    async def close(self) -> None:
        await self._connections.close()

    async def live(self) -> Checkpoint:
        found = await self._fetch("live", SHAPE)
        if not found:
            await self._fetch("begin", SHAPE, True)
            found = await self._fetch("live", SHAPE)
        return checkpoint_of(found[0])

    async def advance(self, at: Checkpoint, to: int, changes: Changes) -> bool:
        async with self.connection() as connection:
            return await self.advance_on(connection, at, to, changes)

    async def advance_on(
        self, connection: Any, at: Checkpoint, to: int, changes: Changes, *, live: bool = True
    ) -> bool:
        """One statement, so one transaction, unless the connection is inside one."""
        documents = [_document(changes, table) for table in TABLES]
        gone = [key[0] for key, row in changes.rows["queue"].items() if row is None]
        moved = await connection.fetchval(
            query("advance"), at.generation, at.position, to, *documents, gone, live
        )
        return bool(moved)

    async def stop(self, at: Checkpoint, stop: Stop) -> None:
        await self._fetch("stop", at.generation, at.position, stop.position, stop.topic, stop.why)

    async def queue(self) -> tuple[int, tuple[QueueRow, ...]]:
        found = await self._fetch("queue", SHAPE)
        rows = tuple(_queue_row(record) for record in found if record["placement_id"] is not None)
        return _read_to(found), rows

    async def board(self, now: datetime) -> tuple[int, Counter[Group]]:
        found = await self._fetch("board", SHAPE, now)
        groups: Counter[Group] = Counter()
        for each in found:
            if each["units"] is not None:
                function = LevelFunction(each["function"])
                groups[Group(function, each["fits"], each["with_cot"], each["age"])] = each["units"]
        return _read_to(found), groups

    async def timeline(self, placement_id: PlacementId) -> Timeline:
        found = await self._fetch("timeline", SHAPE, placement_id, MOST_NAMED)
        told = [each for each in found if each["placement_id"] is not None]
        return Timeline(
            position=_read_to(found),
            rows=tuple(_timeline_row(each) for each in told if each["unknown_to"] is None),
            meanwhile=_meanwhile([each for each in told if each["unknown_to"] is not None]),
        )

    async def milestones(
        self, since: datetime | None, before: datetime, recorded_before: datetime
    ) -> tuple[MilestoneRow, ...]:
        found = await self._fetch("milestones", SHAPE, since, before, recorded_before)
        return tuple(_milestone_row(each) for each in found)

    async def first_asked(self) -> datetime | None:
        found: datetime | None = (await self._fetch("first_asked", SHAPE))[0][0]
        return found

    async def _fetch(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        async with self.connection() as connection:
            records: list[asyncpg.Record] = await connection.fetch(query(name), *arguments)
            return records

    def connection(self) -> AbstractAsyncContextManager[Any]:
        """One of the connections. Errors: `StoreUnreachable`, `StoreRefused`."""
        return self._connections.lent()


def checkpoint_of(record: Any) -> Checkpoint:
    generation, position, stopped_at, topic, why = record
    stop = Stop(position=stopped_at, topic=topic, why=why) if stopped_at is not None else None
    return Checkpoint(generation=generation, position=position, stop=stop)


def _document(changes: Changes, table: str) -> str:
    rows = [row for row in changes.rows[table].values() if row is not None]
    return orjson.dumps(rows, plain, orjson.OPT_UTC_Z).decode()


def _read_to(found: list[asyncpg.Record]) -> int:
    return int(found[0]["read_to"]) if found else 0


def _queue_row(record: Any) -> QueueRow:
    return QueueRow(
        placement_id=PlacementId(_plain_id(record["placement_id"])),
        version=record["version"],
        phase=Phase(record["phase"]),
        urgency=Urgency(record["urgency"]),
        level=LevelFunction(record["level"]),
        intake_mode=IntakeMode(record["intake_mode"]),
        household_size=record["household_size"],
        asked_at=record["asked_at"],
        hold=OfferId(_plain_id(record["hold"])) if record["hold"] is not None else None,
        due_kind=_word(DeadlineKind, record["due_kind"]),
        due_at=record["due_at"],
        stopped=record["stopped"],
        needs=_word(Need, record["needs"]),
        alarms=tuple(AlarmKind(word) for word in record["alarms"]),
        bridge=_word(BridgeKind, record["bridge"]),
        safe_until=record["safe_until"],
    )


def _timeline_row(record: Any) -> TimelineRow:
    told = {field.name: record[field.name] for field in fields(TimelineRow)}
    told["placement_id"] = PlacementId(_plain_id(record["placement_id"]))
    told["role"] = Role(record["role"])
    return TimelineRow(**told)


def _milestone_row(record: Any) -> MilestoneRow:
    house = record["shelter_id"]
    return MilestoneRow(
        position=record["position"],
        milestone=Milestone(record["milestone"]),
        word=record["word"],
        placement_id=PlacementId(_plain_id(record["placement_id"])),
        case_id=CaseId(_plain_id(record["case_id"])),
        at=record["at"],
        recorded_at=record["recorded_at"],
        urgency=Urgency(record["urgency"]),
        level=LevelFunction(record["level"]),
        household_size=record["household_size"],
        shelter_id=ShelterId(_plain_id(house)) if house is not None else None,
        minutes=record["minutes"],
    )


def _meanwhile(found: list[asyncpg.Record]) -> dict[int, Meanwhile]:
    named: dict[int, list[asyncpg.Record]] = {}
    for each in found:
        named.setdefault(each["unknown_to"], []).append(each)
    return {
        late: Meanwhile(
            named=tuple(sorted(map(_timeline_row, each), key=lambda row: row.position)),
            count=each[0]["decided"],
        )
        for late, each in named.items()
    }


def _plain_id(found: UUID) -> UUID:
    """The driver has its own kind of UUID, which compares as ours but serialises otherwise."""
    return UUID(int=found.int)


def _word(kind: type[_Word], stored: str | None) -> _Word | None:
    return kind(stored) if stored is not None else None
