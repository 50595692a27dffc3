"""Random commands have the same outcomes in memory and on PostgreSQL, alone, together, and as raw batches.

A small world of streams, keys and command ids makes overlaps, stale versions, repeats and reuse common.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.claims import Claim, ClaimKind
from ledger.store.batcher import AnotherBatch
from ledger.store.footprint import footprint
from ledger.store.memory import MemoryStore
from ledger.store.port import Append, Conflict, KeyReused, Outcome, Receipt, StoredRow
from ledger.store.postgres import PostgresStore
from ledger.store.recorder import Recorder
from tests.ledger.store.appends import DIGEST, OTHER_DIGEST, Ledger, an_append
from tests.support.postgres import Database, clone

STREAMS = [UUID(int=number) for number in range(1, 5)]
KEYS = [UUID(int=number) for number in range(11, 14)]
HOLDERS = [UUID(int=number) for number in range(21, 23)]
COMMANDS = [UUID(int=number) for number in range(31, 37)]

claims = st.builds(
    Claim, kind=st.sampled_from(ClaimKind), key=st.sampled_from(KEYS), holder=st.sampled_from(HOLDERS)
)


@st.composite
def appends(draw: st.DrawFn) -> Append:
    """A well-formed command whose expectations are often, not always, those of a young log."""
    events: list[tuple[UUID, int]] = []
    for stream in draw(st.lists(st.sampled_from(STREAMS), unique=True, max_size=2)):
        first = draw(st.integers(1, 4))
        events += [(stream, first + step) for step in range(draw(st.integers(1, 2)))]
    guards = draw(
        st.dictionaries(st.sampled_from(STREAMS), st.integers(0, 3), max_size=2).map(lambda d: d.items())
    )
    return an_append(
        *events,
        command_id=draw(st.sampled_from(COMMANDS) | st.uuids()),
        digest=draw(st.sampled_from([DIGEST, DIGEST, OTHER_DIGEST])),
        guards=[guard for guard in guards if guard[0] not in dict(events)],
        frees=draw(st.lists(claims, max_size=1)),
        takes=draw(st.lists(claims, max_size=2, unique_by=lambda claim: (claim.kind, claim.key))),
    )


def _seen(outcome: Outcome) -> object:
    """An outcome without its instant, which is the only thing two stores may differ in."""
    if isinstance(outcome, Receipt):
        return (outcome.command_id, outcome.first, outcome.last, outcome.head, outcome.repeated)
    return outcome


async def _state(store: Ledger) -> tuple[object, ...]:
    rows = await store.read_all(after=0, limit=10_000)
    return (
        [(r.position, r.stream, r.version, r.topic, r.state, r.event_id, r.metadata) for r in rows],
        {kind: await store.claims(kind) for kind in ClaimKind},
        {command: found[0] for command in COMMANDS if (found := await store.receipt(command))},
    )


def _assert_sound(rows: Sequence[StoredRow]) -> None:
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    reached: Counter[UUID] = Counter()
    for row in rows:
        reached[row.stream] += 1
        assert row.version == reached[row.stream]
    assert [row.recorded_at for row in rows] == sorted(row.recorded_at for row in rows)


async def _naive(memory: MemoryStore, batch: Sequence[Append]) -> list[object]:
    """What the function is to answer for a raw batch, by the rules of `0002_append.sql`, pair by pair."""
    answers: list[Any] = []
    before = await memory.head()
    recorded = {a.command_id: await memory.receipt(a.command_id) for a in batch}
    for number, append in enumerate(batch):
        if recorded[append.command_id] is None and any(_meet(earlier, append) for earlier in batch[:number]):
            answers.append(AnotherBatch())
        else:
            answers.append(_seen(await memory.append(append)))
    head = await memory.head()
    assert head >= before
    return [Conflict(head=head) if isinstance(answer, Conflict) else answer for answer in answers]


def _meet(one: Append, other: Append) -> bool:
    if one.command_id == other.command_id:
        return True
    writes, others = ({event.stream for event in append.events} for append in (one, other))
    guards, other_guards = ({stream for stream, _ in append.guards} for append in (one, other))
    keys, other_keys = (
        {(claim.kind, claim.key) for claim in append.frees + append.takes} for append in (one, other)
    )
    return bool(writes & (others | other_guards) or others & guards or keys & other_keys)


@given(commands=st.lists(appends(), max_size=25))
@settings(max_examples=40)
def test_commands_one_after_another_have_the_same_outcomes(
    migrated_server: Any, commands: list[Append]
) -> None:
    async def run(database: Database) -> None:
        memory = MemoryStore()
        async with PostgresStore(database.dsn("app")) as postgres:
            for command in commands:
                assert _seen(await postgres.append(command)) == _seen(await memory.append(command))
            assert await _state(postgres) == await _state(memory)
            _assert_sound(await postgres.read_all(after=0, limit=10_000))

    with clone(migrated_server) as database:
        asyncio.run(run(database))


@given(batches=st.lists(st.lists(appends(), min_size=1, max_size=6), max_size=6))
@settings(max_examples=60)
def test_raw_batches_are_answered_as_the_rules_say(migrated_server: Any, batches: list[list[Append]]) -> None:
    async def run(database: Database) -> None:
        memory, recorder = MemoryStore(), Recorder(database.dsn("app"))
        async with PostgresStore(database.dsn("app")) as postgres:
            for batch in batches:
                expected = await _naive(memory, batch)
                answers = await recorder.record(batch)
                assert [a if isinstance(a, AnotherBatch) else _seen(a) for a in answers] == expected
            assert await _state(postgres) == await _state(memory)
            _assert_sound(await postgres.read_all(after=0, limit=10_000))
        await recorder.close()

    with clone(migrated_server) as database:
        asyncio.run(run(database))


@given(commands=st.lists(appends(), max_size=40))
@settings(max_examples=30)
def test_commands_all_at_once_have_the_outcomes_of_some_order(
    migrated_server: Any, commands: list[Append]
) -> None:
    """The order is the one the log shows; losers are judged against nothing it does not hold."""

    async def run(database: Database) -> None:
        async with PostgresStore(database.dsn("app")) as postgres:
            outcomes = await asyncio.gather(*map(postgres.append, commands))
            rows = await postgres.read_all(after=0, limit=10_000)
            _assert_sound(rows)
            fresh = [o for o in outcomes if isinstance(o, Receipt) and not o.repeated]
            assert len({o.command_id for o in fresh}) == len(fresh)
            written = sum(
                len(command.events)
                for command, o in zip(commands, outcomes, strict=True)
                if isinstance(o, Receipt) and not o.repeated
            )
            assert written == len(rows)
            for command, outcome in zip(commands, outcomes, strict=True):
                recorded = await postgres.receipt(command.command_id)
                if isinstance(outcome, KeyReused):
                    assert recorded is not None
                    assert recorded[0] != command.digest
                if isinstance(outcome, Receipt):
                    assert recorded is not None
                    assert _seen(replace(recorded[1], repeated=outcome.repeated)) == _seen(outcome)

    with clone(migrated_server) as database:
        asyncio.run(run(database))


@given(one=appends(), other=appends())
def test_footprints_keep_apart_whatever_meets(one: Append, other: Append) -> None:
    first, second = footprint(one), footprint(other)
    apart = first.changes.isdisjoint(second.touches) and first.touches.isdisjoint(second.changes)
    if _meet(one, other):
        assert not apart
