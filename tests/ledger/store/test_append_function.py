"""`ledger.append` judged batch by batch, by calling the SQL directly: also batches that the batcher would
never send.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal

import asyncpg
import pytest
import pytest_asyncio

from ledger.faults import MalformedAppend
from ledger.store.batcher import AnotherBatch
from ledger.store.port import Append, Conflict, KeyReused, Outcome, Receipt
from ledger.store.recorder import Recorder
from tests.ledger.store.appends import OTHER_DIGEST, a_case, a_place, an_append, an_event
from tests.support.postgres import Database

pytestmark = pytest.mark.asyncio


class Batches:
    """Sends batches as they are and reads the answers as words."""

    def __init__(self, database: Database) -> None:
        self.dsn = database.dsn("app")
        self.recorder = Recorder(self.dsn)

    async def send(self, *batch: Append) -> list[str]:
        return [_word(answer) for answer in await self.recorder.record(batch)]

    async def rows(self, statement: str) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(self.dsn)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    async def positions(self) -> list[int]:
        rows = await self.rows("SELECT notification_id FROM ledger.stored_events ORDER BY 1")
        return [row[0] for row in rows]


def _word(answer: Outcome | AnotherBatch) -> str:
    match answer:
        case Receipt(first=first, last=last, head=head, repeated=repeated):
            return f"{'repeated' if repeated else 'recorded'} {first}..{last} of {head}"
        case Conflict(head=head):
            return f"conflict at {head}"
        case KeyReused():
            return "key reused"
        case AnotherBatch():
            return "retry"


@pytest_asyncio.fixture
async def batches(database: Database) -> AsyncIterator[Batches]:
    sender = Batches(database)
    yield sender
    await sender.recorder.close()


async def test_a_batch_of_independent_commands_is_recorded_in_its_order(batches: Batches) -> None:
    a, b = uuid.uuid4(), uuid.uuid4()
    assert await batches.send(
        an_append((a, 1), (a, 2)), an_append(), an_append((b, 1)), an_append(guards=[(uuid.uuid4(), 0)])
    ) == ["recorded 1..2 of 2", "recorded None..None of 2", "recorded 3..3 of 3", "recorded None..None of 3"]


async def test_each_command_is_judged_by_itself(batches: Batches) -> None:
    done, stream, bed = an_append((uuid.uuid4(), 1)), uuid.uuid4(), uuid.uuid4()
    await batches.send(done, an_append((stream, 1), takes=[a_place(bed, stream)]))
    assert await batches.send(
        an_append((uuid.uuid4(), 1)),
        an_append((stream, 1), (uuid.uuid4(), 1)),
        done,
        an_append((uuid.uuid4(), 1), takes=[a_place(bed, uuid.uuid4())]),
        an_append(command_id=done.command_id, digest=OTHER_DIGEST),
        an_append(),
        an_append((uuid.uuid4(), 1), guards=[(uuid.uuid4(), 4)]),
        an_append((uuid.uuid4(), 1)),
    ) == [
        "recorded 3..3 of 3",
        "conflict at 4",
        "repeated 1..1 of 1",
        "conflict at 4",
        # An id that stands in the log is judged by the log, wherever else in the batch it stands.
        "key reused",
        "recorded None..None of 3",
        "conflict at 4",
        "recorded 4..4 of 4",
    ]
    assert await batches.positions() == [1, 2, 3, 4]


async def test_an_id_twice_in_a_batch_is_judged_once(batches: Batches) -> None:
    one = an_append((uuid.uuid4(), 1))
    other = an_append((uuid.uuid4(), 1), command_id=one.command_id, digest=OTHER_DIGEST)
    assert await batches.send(one, one, other) == ["recorded 1..1 of 1", "retry", "retry"]
    assert await batches.send(one, other) == ["repeated 1..1 of 1", "key reused"]


async def test_two_writers_of_a_stream_do_not_share_a_batch(batches: Batches) -> None:
    unit = uuid.uuid4()
    second = an_append((unit, 2))
    assert await batches.send(an_append((unit, 1)), second, an_append((unit, 1))) == [
        "recorded 1..1 of 1",
        "retry",
        "retry",
    ]
    assert await batches.send(second) == ["recorded 2..2 of 2"]


async def test_one_who_writes_what_an_earlier_one_guards_waits(batches: Batches) -> None:
    shelter = uuid.uuid4()
    guarding, writing = an_append((uuid.uuid4(), 1), guards=[(shelter, 0)]), an_append((shelter, 1))
    assert await batches.send(guarding, writing) == ["recorded 1..1 of 1", "retry"]


async def test_one_who_guards_what_an_earlier_one_writes_waits(batches: Batches) -> None:
    shelter = uuid.uuid4()
    guarding, writing = an_append((uuid.uuid4(), 1), guards=[(shelter, 0)]), an_append((shelter, 1))
    assert await batches.send(writing, guarding) == ["recorded 1..1 of 1", "retry"]
    assert await batches.send(guarding) == ["conflict at 1"]


async def test_many_may_guard_one_stream(batches: Batches) -> None:
    shelter = uuid.uuid4()
    guarding = [an_append((uuid.uuid4(), 1), guards=[(shelter, 0)]) for _ in range(3)]
    answers = await batches.send(*guarding, an_append((shelter, 1)), an_append(guards=[(shelter, 0)]))
    assert answers == ["recorded 1..1 of 1", "recorded 2..2 of 2", "recorded 3..3 of 3", "retry", "retry"]


async def test_a_guard_at_two_versions_by_two_commands_leaves_the_stale_one_behind(batches: Batches) -> None:
    shelter = uuid.uuid4()
    await batches.send(an_append((shelter, 1)))
    assert await batches.send(an_append(guards=[(shelter, 1)]), an_append(guards=[(shelter, 0)])) == [
        "recorded None..None of 1",
        "conflict at 1",
    ]


async def test_two_who_take_one_key_do_not_share_a_batch(batches: Batches) -> None:
    bed, a, b = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    assert await batches.send(an_append(takes=[a_place(bed, a)]), an_append(takes=[a_place(bed, b)])) == [
        "recorded None..None of 0",
        "retry",
    ]
    assert await batches.send(
        an_append(frees=[a_place(bed, a)]), an_append(takes=[a_place(bed, b)]), an_append()
    ) == ["recorded None..None of 0", "retry", "recorded None..None of 0"]
    assert await batches.rows("SELECT * FROM ledger.active_claim") == []


async def test_a_place_and_a_case_of_one_id_do_not_meet(batches: Batches) -> None:
    key, holder = uuid.uuid4(), uuid.uuid4()
    answers = await batches.send(
        an_append(takes=[a_place(key, holder)]), an_append(takes=[a_case(key, holder)])
    )
    assert answers == ["recorded None..None of 0"] * 2


async def test_a_loser_s_claims_and_events_leave_no_trace(batches: Batches) -> None:
    free, bed, stream = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    await batches.send(an_append((stream, 1), takes=[a_place(bed, stream)]))
    await batches.send(
        an_append((uuid.uuid4(), 1), takes=[a_place(free, stream), a_place(bed, free)]),
        an_append((stream, 1), frees=[a_place(bed, stream)]),
    )
    assert await batches.rows("SELECT place FROM ledger.active_claim") == [(bed,)]
    assert await batches.rows("SELECT count(*) FROM ledger.command_log") == [(1,)]
    assert await batches.positions() == [1]


async def test_a_stream_may_start_at_zero_below_the_ledger_s_own_rule(batches: Batches) -> None:
    stream = uuid.uuid4()
    assert await batches.send(an_append((stream, 0), (stream, 1))) == ["recorded 1..2 of 2"]
    assert await batches.send(an_append((stream, 0))) == ["conflict at 2"]
    assert await batches.send(an_append((stream, 1))) == ["conflict at 2"]
    assert await batches.send(an_append((stream, 2))) == ["recorded 3..3 of 3"]


STREAM = uuid.uuid4()
HOLDER = uuid.uuid4()


@pytest.mark.parametrize(
    "wrong",
    [
        an_append((STREAM, 1), (STREAM, 3)),
        an_append((STREAM, 1), (STREAM, 1)),
        an_append(takes=[a_place(STREAM, HOLDER), a_place(STREAM, STREAM)]),
        an_append(frees=[a_place(STREAM, HOLDER), a_place(STREAM, STREAM)]),
        an_append(digest=b"short"),
        an_append(an_event(STREAM, 1, state=b"s" * 59_990, topic="t" * 11)),
        an_append(an_event(STREAM, 1, topic="a\x00b")),
        an_append((STREAM, 2**70)),
    ],
    ids=["gap", "twice", "taken twice", "freed twice", "digest", "too large", "NUL", "out of range"],
)
async def test_a_malformed_command_fails_its_batch_and_records_nothing(
    batches: Batches, wrong: Append
) -> None:
    with pytest.raises(MalformedAppend) as refusal:
        await batches.send(an_append((uuid.uuid4(), 1)), wrong)
    assert "t" * 11 not in str(refusal.value)
    assert await batches.positions() == []
    assert await batches.rows("SELECT * FROM ledger.command_log") == []
    assert await batches.send(an_append((uuid.uuid4(), 1))) == ["recorded 1..1 of 1"]


async def test_recorded_at_never_steps_back(batches: Batches) -> None:
    async def send() -> None:
        for _ in range(10):
            await batches.send(an_append((uuid.uuid4(), 1)), an_append((uuid.uuid4(), 1)))

    await asyncio.gather(*(send() for _ in range(4)))
    steps = "SELECT recorded_at < lag(recorded_at) OVER (ORDER BY notification_id) FROM ledger.stored_events"
    assert (True,) not in await batches.rows(steps)
    assert await batches.positions() == list(range(1, 81))


@pytest.mark.parametrize("level", ["repeatable_read", "serializable"])
async def test_an_append_under_another_isolation_level_is_refused(
    database: Database, level: Literal["repeatable_read", "serializable"]
) -> None:
    connection = await asyncpg.connect(database.dsn("app"))
    empty: Sequence[object] = [[] for _ in range(17)]
    call = f"SELECT * FROM ledger.append({', '.join(f'${n}' for n in range(1, 18))})"
    try:
        with pytest.raises(asyncpg.PostgresError) as refusal:
            async with connection.transaction(isolation=level):
                await connection.execute(call, *empty)
    finally:
        await connection.close()
    assert refusal.value.sqlstate == "LG002"


@pytest.mark.parametrize(
    "changes",
    [
        {6: None},
        {1: [b"d" * 32] * 2},
        {5: []},
        {9: [1]},
        {9: [2], 10: [STREAM], 11: [0]},
        {9: [1], 10: [STREAM], 11: [None]},
        {9: [1], 10: [None], 11: [0]},
        {12: [1], 13: ["BED"], 14: [True], 15: [STREAM], 16: [HOLDER]},
        {12: [1], 13: [None], 14: [True], 15: [STREAM], 16: [HOLDER]},
        {12: [1], 13: ["PLACE"], 14: [None], 15: [STREAM], 16: [HOLDER]},
        {12: [0], 13: ["PLACE"], 14: [True], 15: [STREAM], 16: [HOLDER]},
        {12: [None], 13: ["PLACE"], 14: [True], 15: [STREAM], 16: [HOLDER]},
        {12: [1], 13: ["PLACE"], 14: [True], 15: [STREAM, HOLDER], 16: [HOLDER]},
    ],
)
async def test_what_belongs_to_no_command_or_says_nothing_is_not_passed_over(
    batches: Batches, database: Database, changes: dict[int, object]
) -> None:
    call = f"SELECT * FROM ledger.append({', '.join(f'${n}' for n in range(1, 18))})"
    one: list[object] = [[uuid.uuid4()], [b"d" * 32], [1], [uuid.uuid4()], [1], ["t"], [b""], [uuid.uuid4()]]
    one += [[b""], *([] for _ in range(8))]
    connection = await asyncpg.connect(database.dsn("app"))
    try:
        with pytest.raises(asyncpg.PostgresError) as refusal:
            await connection.fetch(call, *(changes.get(n, each) for n, each in enumerate(one)))
        assert refusal.value.sqlstate == "LG001"
        assert await batches.positions() == []
        await connection.fetch(call, *one)
        assert await batches.positions() == [1]
    finally:
        await connection.close()


async def test_an_append_waits_for_a_writer_that_locks_the_table(
    batches: Batches, database: Database
) -> None:
    owner = await asyncpg.connect(database.dsn("superuser"))
    try:
        async with owner.transaction():
            await owner.execute("LOCK TABLE ledger.stored_events IN EXCLUSIVE MODE")
            sending = asyncio.create_task(batches.send(an_append((uuid.uuid4(), 1))))
            done, _ = await asyncio.wait({sending}, timeout=0.3)
            assert not done
        assert await sending == ["recorded 1..1 of 1"]
    finally:
        await owner.close()
