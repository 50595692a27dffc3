"""The projector: rows and checkpoint move together, a second owner is harmless, and what cannot be read stops
it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from domain.vocabulary import PlacementId
from ledger.log_lines import JsonLines, Line
from ledger.store.memory import MemoryStore
from ledger.store.port import Append, StoredRow
from ledger.store.postgres import PostgresStore
from projections.placement_timeline import MOST_NAMED
from projections.projector import Projector, Step
from projections.read_models import TABLES, Change, Folded, follow
from projections.views import Changes, Checkpoint, MemoryViews, Stop
from projections.views_postgres import PostgresViews
from tests.api.http.ground import ALONE, FAMILY, Ground, ground, ground_on
from tests.support.postgres import Database
from trials.drills.any_history import EARLY, histories

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def night() -> AsyncIterator[Ground]:
    """A request offered and accepted, one held, one waiting."""
    async with ground() as made:
        await made.accepted("lentisco", ALONE)
        await made.ask()
        await made.ask()
        yield made


async def straight(night: Ground) -> MemoryViews:
    """What one projector makes of the whole log in one go."""
    views = MemoryViews()
    await Projector(night.store, views).catch_up()
    assert all(views.tables[table] for table in TABLES)
    return views


class Deaf(MemoryStore):
    """A store in which the rows of another are read, one of them broken."""

    def __init__(self, rows: tuple[StoredRow, ...], broken: int) -> None:
        super().__init__()
        self.broken: int | None = broken
        self._rows = list(rows)
        for row in rows:
            self._streams.setdefault(row.stream, []).append(row)

    async def read_all(self, *, after: int, limit: int, upto: int | None = None) -> tuple[StoredRow, ...]:
        rows = await super().read_all(after=after, limit=limit, upto=upto)
        return tuple(replace(row, state=b"") if row.position == self.broken else row for row in rows)


@pytest.mark.parametrize("page", [1, 3, 7, 1000])
async def test_rows_are_the_same_however_the_log_is_cut_into_batches(night: Ground, page: int) -> None:
    views = MemoryViews()
    await Projector(night.store, views, page=page, streams=2).catch_up()
    assert views.tables == (await straight(night)).tables
    assert views.at.position == await night.store.head()


async def test_a_restart_after_any_batch_goes_on_from_its_checkpoint(night: Ground) -> None:
    views = MemoryViews()
    while await Projector(night.store, views, page=2).step() is Step.MOVED:
        pass
    assert views.tables == (await straight(night)).tables


async def test_of_two_owners_one_loses_each_race_and_has_written_nothing(night: Ground) -> None:
    views = MemoryViews()
    first, second = (Projector(night.store, views, page=4) for _ in range(2))
    assert await first.step() is Step.MOVED
    assert await second.step() is Step.MOVED
    assert await first.step() is Step.LOST
    lost = 1
    for _ in range(200):
        steps = [await owner.step() for owner in (first, second)]
        lost += steps.count(Step.LOST)
        if steps == [Step.AT_HEAD, Step.AT_HEAD]:
            break
    assert lost > 2
    assert views.tables == (await straight(night)).tables


async def test_an_event_that_cannot_be_read_stops_it_before_that_event_and_says_so(
    night: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    rows = await night.store.read_all(after=0, limit=5000)
    broken = next(row for row in rows if row.topic == "placement.hold-placed.1")
    store, views = Deaf(rows, broken.position), MemoryViews()
    projector = Projector(store, views)
    with caplog.at_level(logging.ERROR):
        at = await projector.catch_up()
        await projector.catch_up()
    expected = Stop(position=broken.position, topic=broken.topic, why="BrokenEvent")
    assert (at.position, at.stop, views.at.stop) == (broken.position - 1, expected, expected)
    assert projector.stopped == expected
    (record,) = caplog.records
    told = json.loads(JsonLines().format(record))
    assert (told["said"], told["position"]) == (Line.VIEWS_STOPPED.value, broken.position)
    assert (told["topic"], told["why"]) == (broken.topic, "BrokenEvent")
    before = await _made(store, broken.position - 1)
    assert views.tables == before.tables, "all before it is written"


async def _made(store: MemoryStore, upto: int) -> MemoryViews:
    views = MemoryViews()
    await Projector(store, views).catch_up(upto=upto)
    return views


async def test_it_goes_on_by_itself_once_the_program_can_read_the_event(night: Ground) -> None:
    rows = await night.store.read_all(after=0, limit=5000)
    store, views = Deaf(rows, 30), MemoryViews()
    projector = Projector(store, views)
    assert await projector.step() is Step.STOPPED or await projector.step() is Step.STOPPED
    store.broken = None
    await projector.catch_up()
    assert (views.at.stop, projector.stopped) == (None, None)
    assert views.tables == (await straight(night)).tables


async def test_a_row_that_cannot_be_made_stops_it_as_well(night: Ground) -> None:
    def failing(before: Folded | None, row: StoredRow) -> tuple[Folded, tuple[Change, ...]]:
        if row.topic == "placement.offer-sent.1":
            raise ValueError("Anna Bianchi, via Roma 1")
        return follow(before, row)

    views = MemoryViews()
    at = await Projector(night.store, views, follow=failing).catch_up()
    assert at.stop is not None
    assert (at.stop.topic, at.stop.why) == ("placement.offer-sent.1", "ValueError"), "never its text"


@pytest.mark.parametrize("seed", range(6))
async def test_with_every_event_type_and_any_losses_the_rows_are_those_of_one_reading(seed: int) -> None:
    """Several owners take turns in any order and forget in between, over histories of every type there is."""
    chance, store = random.Random(seed), MemoryStore(clock=lambda: EARLY)
    for page in histories(200, seed):
        await store.append(Append(command_id=uuid4(), digest=bytes(32), events=page))
    views, straight = MemoryViews(), MemoryViews()
    await Projector(store, straight, page=10_000).catch_up()
    assert straight.at.position == await store.head()
    owners = [Projector(store, views, page=chance.randint(1, 30), streams=3) for _ in range(3)]
    steps = Counter[Step]()
    while views.at.position < straight.at.position:
        which = chance.randrange(3)
        if chance.random() < 0.1:
            owners[which] = Projector(store, views, page=chance.randint(1, 30))
        steps[await owners[which].step()] += 1
    assert views.tables == straight.tables
    assert steps[Step.LOST] > 0


# --- the same on PostgreSQL -------------------------------------------------------------------------------


async def test_postgres_keeps_and_tells_the_rows_as_memory_does(database: Database) -> None:
    dsn = database.dsn()
    async with PostgresStore(dsn) as store, PostgresViews(dsn) as views, ground_on(store) as night:
        path = await night.accepted("lentisco", ALONE)
        await night.ask()
        await night.later(minutes=9)
        asked = await night.ask()
        await night.later(hours=13)
        beside = MemoryViews()
        for kept in (views, beside):
            await Projector(store, kept, page=5).catch_up()
        now = await store.now()
        assert sorted((await views.queue())[1], key=str) == sorted((await beside.queue())[1], key=str)
        assert await views.board(now) == await beside.board(now)
        for shown in (path.rsplit("/", 1)[-1], asked["placement"]["placement_id"]):
            known = PlacementId(UUID(shown))
            told, expected = await views.timeline(known), await beside.timeline(known)
            assert told.position == expected.position
            assert sorted(told.rows, key=str) == sorted(expected.rows, key=str)
            assert told.meanwhile == expected.meanwhile
        assert await views.first_asked() == await beside.first_asked() is not None
        later = now.replace(year=now.year + 1)
        for since, before, recorded in ((None, later, now), (None, later, later), (now, later, later)):
            found = await views.milestones(since, before, recorded)
            assert set(found) == set(await beside.milestones(since, before, recorded))
        assert await views.milestones(None, later, later)


async def test_postgres_and_memory_name_the_same_decisions_and_count_the_same(database: Database) -> None:
    dsn = database.dsn()
    async with PostgresStore(dsn) as store, PostgresViews(dsn) as views, ground_on(store) as night:
        path = await night.offered(ALONE)
        said_at = (await store.now()).isoformat()
        await night.later(minutes=9)
        for _ in range(MOST_NAMED + 2):
            await night.ask(FAMILY)
        await night.done(f"{path}/acceptance", {"channel": "TELEPHONE", "occurred_at": said_at})
        wrong = {"version": 1, "reason": "WRONG_TIME", "true_occurred_at": "2001-02-01T00:00:00Z"}
        await night.done(f"{path}/corrections", wrong)
        beside = MemoryViews()
        for kept in (views, beside):
            await Projector(store, kept).catch_up()
        known = PlacementId(UUID(path.rsplit("/", 1)[-1]))
        told, expected = await views.timeline(known), await beside.timeline(known)
        assert told.meanwhile == expected.meanwhile
        assert [(each.count, len(each.named)) for _, each in sorted(told.meanwhile.items())] == [
            (MOST_NAMED + 2, MOST_NAMED),
            (MOST_NAMED + 3, MOST_NAMED),
        ]


async def test_two_processes_race_on_postgres_and_the_rows_are_whole(database: Database) -> None:
    async with PostgresStore(database.dsn()) as store, ground_on(store) as night:
        for _ in range(3):
            await night.ask(ALONE)
        async with PostgresViews(database.dsn()) as one, PostgresViews(database.dsn()) as other:
            owners = [Projector(store, views, page=1) for views in (one, other)]
            steps: list[Step] = []

            async def turn(owner: Projector) -> None:
                while (step := await owner.step()) is not Step.AT_HEAD:
                    steps.append(step)

            await asyncio.gather(*map(turn, owners))
            assert Step.LOST in steps
            assert steps.count(Step.MOVED) == await store.head(), "each event was written once"
            beside = MemoryViews()
            await Projector(store, beside).catch_up()
            assert sorted((await one.queue())[1], key=str) == sorted((await beside.queue())[1], key=str)


async def test_a_batch_is_written_with_its_checkpoint_or_not_at_all(database: Database) -> None:
    async with PostgresStore(database.dsn()) as store, ground_on(store) as night:
        await night.ask()
        rows = await store.read_all(after=0, limit=5000)
        changes: list[Change] = []
        states: dict[object, Folded] = {}
        for row in rows:
            states[row.stream], changed = follow(states.get(row.stream), row)
            changes.extend(changed)
        async with PostgresViews(database.dsn()) as views:
            at = await views.live()
            elsewhere = Checkpoint(generation=at.generation, position=7)
            assert not await views.advance(elsewhere, len(rows), Changes.of(changes))
            assert await views.queue() == (0, ())
            assert await views.advance(at, len(rows), Changes.of(changes))
            assert not await views.advance(at, len(rows), Changes.of(changes))
            position, queue = await views.queue()
            assert (position, len(queue)) == (len(rows), 1)


async def test_what_stopped_it_is_kept_until_it_moves_on(database: Database) -> None:
    stop = Stop(position=1, topic="network.born.9", why="UnknownTopic")
    async with PostgresViews(database.dsn()) as views:
        at = await views.live()
        await views.stop(at, stop)
        assert (await views.live()).stop == stop
        assert await views.advance(at, 1, Changes.of(()))
        assert await views.live() == Checkpoint(generation=at.generation, position=1)
