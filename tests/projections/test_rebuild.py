"""A rebuild beside a projector that moves on, and one that meets an event it cannot read."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from api.loops.projecting import Projecting
from ledger.store.port import StoredRow
from ledger.store.postgres import PostgresStore
from projections.projector import Projector
from projections.rebuild import EventUnreadable, rebuild
from projections.views import MemoryViews
from projections.views_postgres import PostgresViews
from tests.api.http.ground import ALONE, Ground, ground_on
from tests.support.postgres import Database

pytestmark = pytest.mark.asyncio


class Unreadable(PostgresStore):
    """A store of which one event is broken."""

    broken: int | None = None

    async def read_all(self, *, after: int, limit: int, upto: int | None = None) -> tuple[StoredRow, ...]:
        rows = await super().read_all(after=after, limit=limit, upto=upto)
        return tuple(replace(row, state=b"") if row.position == self.broken else row for row in rows)


async def test_it_agrees_and_takes_over_while_the_log_grows_and_others_project(database: Database) -> None:
    dsn = database.dsn()
    async with (
        PostgresStore(dsn) as store,
        PostgresViews(dsn) as views,
        PostgresViews(dsn) as others,
        ground_on(store) as night,
    ):
        owners = [asyncio.ensure_future(_turned(store, each)) for each in (views, others)]
        growing = asyncio.ensure_future(_grown(night))
        generations: set[int] = set()
        try:
            while not growing.done() or len(generations) < 2:
                done = await rebuild(store, views, swap=False, tell=lambda _: None)
                assert (done.comparison.different, done.took_over) == (0, True)
                generations.add((await views.live()).generation)
        finally:
            for owner in owners:
                owner.cancel()
            await asyncio.gather(*owners, return_exceptions=True)
        await growing
        await Projector(store, views).catch_up()
        beside = MemoryViews()
        await Projector(store, beside).catch_up()
        assert sorted((await views.queue())[1], key=str) == sorted((await beside.queue())[1], key=str)
        final = await rebuild(store, views, swap=False, tell=lambda _: None)
        assert (final.comparison.position, final.comparison.different) == (await store.head(), 0)


async def _turned(store: PostgresStore, views: PostgresViews) -> None:
    await Projecting(store, Projector(store, views, page=10)).run()


async def _grown(night: Ground) -> None:
    for _ in range(6):
        path = f"/placements/{(await night.ask(ALONE))['placement']['placement_id']}"
        await night.post(f"{path}/withdrawal")


async def test_before_an_event_that_it_cannot_read_it_changes_nothing(database: Database) -> None:
    async with Unreadable(database.dsn()) as store, PostgresViews(database.dsn()) as views:
        async with ground_on(store) as night:
            await night.ask()
        store.broken = await store.head()
        with pytest.raises(EventUnreadable, match=f"position {store.broken}: .* BrokenEvent"):
            await rebuild(store, views, swap=True, tell=lambda _: None)
        before = await views.live()
        assert (before.position, before.stop is not None) == (store.broken - 1, True)
        store.broken = None
        done = await rebuild(store, views, swap=False, tell=lambda _: None)
        live = await views.live()
        assert (done.took_over, live.stop, live.position) == (True, None, await store.head())
        assert live.generation > before.generation
