"""Founding a network: whole or not at all, once, and never as something else."""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from api.network_file.reading import BadNetworkFile, parse_network_file, read_network_file
from api.network_file.schema import NetworkFile
from api.network_file.writing import FoundableStore, Founded, FoundedOtherwise, found
from domain.claims import ClaimKind
from domain.permissions import Role
from domain.unit import TermsDeclared
from domain.vocabulary import AgeBand, Criterion, LogKind, RiskBand, UnitId
from ledger.evidence.invariants import check
from ledger.store import metadata
from ledger.store.ids import seeded_sources
from ledger.store.memory import MemoryStore
from ledger.store.port import LogClock
from ledger.store.postgres import PostgresStore
from ledger.store.replay import Replay, replay
from tests.support.postgres import Database

SMALL = Path(__file__).with_name("small.toml")
START = datetime(2026, 11, 20, 21, tzinfo=UTC)
SEEDS = (str(number) for number in range(1000))
"""Each founding draws other ids."""


def small() -> NetworkFile:
    return read_network_file(SMALL)


async def founded(
    store: FoundableStore,
    file: NetworkFile,
    *,
    kind: LogKind = LogKind.EXERCISE,
    clock: LogClock = LogClock.VIRTUAL,
    starts_at: datetime = START,
) -> Founded:
    sources = seeded_sources(next(SEEDS), lambda: 1)
    return await found(file, store, sources, kind=kind, clock=clock, app_version="test", starts_at=starts_at)


def earnest() -> NetworkFile:
    text = SMALL.read_text().replace("fictitious = true", "fictitious = false")
    return parse_network_file(re.sub(r"(?m)^(on_call_number|meaning) = .*$", "", text).encode())


def test_what_the_file_says_is_what_the_log_tells() -> None:
    async def run() -> tuple[Founded, Replay]:
        store = MemoryStore()
        return await founded(store, small()), await replay(store)

    made, told = asyncio.run(run())
    network = told.places.network
    assert network.born is not None
    assert (network.born.code, network.born.kind) == ("small-network", LogKind.EXERCISE)
    assert [each.municipalities for each in network.districts] == [("012026",), ("012119", "012034")]
    assert [each.code for each in network.levels] == ["reception", "first-level"]
    house = made.ids.shelters["house-a"]
    room = told.places.units[house.units["room-1"].id]  # type: ignore[index]
    assert (len(house.units["room-1"].beds), len(house.units["room-1"].cots)) == (4, 1)
    assert room.registered is not None
    assert room.registered.unsuitable_zones == (made.ids.zones["north"], made.ids.zones["south"])
    assert room.observed_at == START - timedelta(hours=2)
    assert len(room.open_places) == 4
    first, second = house.units["room-1"].beds[:2]
    (opening,), (outside,) = house.units["room-1"].opening_guests, house.units["room-1"].outside_guests
    assert room.taken == {first: opening, second: outside, house.units["room-1"].cots[0]: outside}
    assert told.recorded_at == START


def test_every_zone_is_drawn_before_anything_names_it() -> None:
    async def run() -> tuple[Founded, Replay, MemoryStore]:
        store = MemoryStore()
        return await founded(store, small()), await replay(store), store

    made, told, store = asyncio.run(run())
    assert told.places.network.zones == frozenset(made.ids.zones.values())
    assert list(made.ids.zones) == ["north", "south", "east"]
    topics = [row.topic for row in asyncio.run(store.read_all(after=0, limit=1000))]
    assert topics[:5] == [
        "network.born.1",
        *["network.zone-drawn.1"] * 3,
        "network.district-added.1",
    ]


def test_a_unit_has_the_terms_that_the_file_declares_and_another_none() -> None:
    terms = 'children_most = 2\nboys_up_to = "AGE_11_13"\nrisk_up_to = "HIGH"\ncriteria = ["FEE_COMMITTED"]\n'

    async def run() -> tuple[Founded, Replay]:
        store = MemoryStore()
        text = SMALL.read_text().replace('code = "flat-1"\n', f'code = "flat-1"\n{terms}')
        return await founded(store, parse_network_file(text.encode())), await replay(store)

    made, told = asyncio.run(run())
    units = {code: UnitId(each.id) for code, each in made.ids.shelters["house-a"].units.items()}
    declared = TermsDeclared(
        children_most=2,
        boys_up_to=AgeBand.AGE_11_13,
        risk_up_to=RiskBand.HIGH,
        criteria=(Criterion.FEE_COMMITTED,),
    )
    assert told.places.units[units["flat-1"]].terms == declared
    assert told.places.units[units["room-1"]].terms is None


def test_the_log_keeps_no_label_of_a_zone_and_says_who_founded() -> None:
    async def run() -> MemoryStore:
        store = MemoryStore()
        await founded(store, small())
        return store

    store = asyncio.run(run())
    rows = asyncio.run(store.read_all(after=0, limit=1000))
    assert not any(label in row.state for row in rows for label in (b"north", b"south", b"east"))
    assert {metadata.decode(row.metadata).role for row in rows} == {Role.ENGINE}
    assert len({metadata.decode(row.metadata).command_id for row in rows}) == 1
    verdict = check(rows, {kind: asyncio.run(store.claims(kind)) for kind in ClaimKind})
    assert (verdict.findings, verdict.commands) == ((), 1)
    assert len(verdict.claims[ClaimKind.PLACE]) == 3


def test_the_same_file_again_changes_nothing_and_gives_the_same_ids() -> None:
    async def run() -> None:
        store = MemoryStore()
        first = await founded(store, small())
        head = await store.head()
        again = await founded(store, small(), starts_at=START + timedelta(days=1))
        assert (first.anew, again.anew) == (True, False)
        assert await store.head() == head
        assert asdict(again.ids) == asdict(first.ids)

    asyncio.run(run())


def test_comments_and_layout_do_not_make_another_file() -> None:
    async def run() -> None:
        store = MemoryStore()
        await founded(store, small())
        spaced = parse_network_file(b"# said otherwise\n" + SMALL.read_bytes().replace(b" = ", b"  =  "))
        assert not (await founded(store, spaced)).anew

    asyncio.run(run())


def test_another_file_or_another_birth_is_refused_and_changes_nothing() -> None:
    async def run() -> None:
        store = MemoryStore()
        await founded(store, small())
        head = await store.head()
        other = parse_network_file(SMALL.read_bytes().replace(b"observed_hours_ago = 2", b""))
        with pytest.raises(FoundedOtherwise, match="another network file"):
            await founded(store, other)
        with pytest.raises(FoundedOtherwise, match="born EXERCISE on a VIRTUAL clock"):
            await founded(store, small(), clock=LogClock.REAL)
        with pytest.raises(FoundedOtherwise, match="born EXERCISE on a VIRTUAL clock"):
            await founded(store, earnest(), kind=LogKind.REAL, clock=LogClock.REAL)
        assert await store.head() == head

    asyncio.run(run())


def test_a_house_that_does_not_exist_never_enters_a_real_log() -> None:
    async def run() -> None:
        store = MemoryStore()
        with pytest.raises(BadNetworkFile) as told:
            await founded(store, small(), kind=LogKind.REAL, clock=LogClock.REAL)
        assert len(told.value.problems) == 2 + 3, "two houses, two numbers and a meaning"
        assert await store.birth() is None
        assert (await founded(store, earnest(), kind=LogKind.REAL, clock=LogClock.REAL)).anew

    asyncio.run(run())


def test_a_founding_that_stopped_after_the_birth_is_taken_up() -> None:
    async def run() -> None:
        store = MemoryStore()
        first = MemoryStore()
        made = await founded(first, small())
        await store.bear(made.birth)
        again = await founded(store, small())
        assert (again.anew, again.birth) == (True, made.birth)

    asyncio.run(run())


def test_two_who_found_at_once_found_one_network(database: Database) -> None:
    async def run() -> None:
        async with PostgresStore(database.dsn("app")) as one, PostgresStore(database.dsn("app")) as two:
            both = await asyncio.gather(founded(one, small()), founded(two, small()))
            assert sorted(each.anew for each in both) == [False, True]
            assert both[0].birth == both[1].birth
            assert both[0].ids.shelters == both[1].ids.shelters
            verdict = check(
                await two.read_all(after=0, limit=1000), {kind: await two.claims(kind) for kind in ClaimKind}
            )
            assert verdict.sound

    asyncio.run(run())


def test_the_founding_is_remembered_longer_than_its_command(database: Database) -> None:
    async def run() -> None:
        async with PostgresStore(database.dsn("app")) as store:
            first = await founded(store, small())
            forget(database)
            again = await founded(store, small())
            assert not again.anew
            assert again.ids.shelters == first.ids.shelters

    asyncio.run(run())


def forget(database: Database) -> None:
    """As the owner does after thirty days."""
    with psycopg.connect(database.dsn("superuser")) as connection:
        connection.execute("DELETE FROM ledger.command_log")
