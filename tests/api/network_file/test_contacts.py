"""The contact book and the rota of a network file: an uncovered hour is named, and so is all that does not
agree.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from api.network_file.founding import FoundingRefused, file_digest
from api.network_file.reading import BadNetworkFile, parse_network_file, read_network_file, said_at_set_up
from api.network_file.writing import found
from domain.codes import DeskKind
from domain.network import RotaAdopted
from domain.network.rota import answering
from domain.vocabulary import LogKind, Weekday
from ledger.store.ids import system_sources
from ledger.store.memory import MemoryStore
from ledger.store.port import LogClock
from projections.places_index import PlacesIndex
from tests.api.network_file.test_reading import changed, problems
from tests.api.network_file.test_writing import SMALL, START, founded

SCENARIO = Path(__file__).parents[3] / "trials" / "scenarios" / "rete-busto-arsizio.toml"


@pytest.mark.parametrize(
    ("old", "new", "gap"),
    [
        ('to = "20:00"', 'to = "19:30"', "Monday 19:30-20:00"),
        ('from = "20:00"', 'from = "20:00"\ndays = ["MON"]', "Monday 00:00-08:00"),
        (
            'to = "08:00"',
            'to = "08:00"\ndays = ["MON", "WED", "THU", "FRI", "SAT", "SUN"]',
            "Tuesday 20:00-24:00",
        ),
        ('desk = "coordination-day"', 'desk = "house-a"', "Monday 08:00-20:00"),
    ],
)
def test_the_first_hour_without_the_coordination_is_named_and_what_to_do(
    old: str, new: str, gap: str
) -> None:
    (told,) = problems(changed(old, new))
    assert told == (
        f"rota: {gap}: nobody of the coordination answers: add a shift of a desk whose kind is COORDINATION."
    )


def test_a_file_without_a_rota_founds_nothing() -> None:
    (told,) = problems(SMALL.read_text().split("[[rota]]")[0])
    assert told.startswith("rota: Monday 00:00-24:00: nobody of the coordination answers")


def test_nor_does_one_that_was_never_read_as_a_whole() -> None:
    async def run() -> None:
        store = MemoryStore()
        bare = read_network_file(SMALL).model_copy(update={"rota": ()})
        with pytest.raises(FoundingRefused, match="HOUR_UNCOVERED"):
            await founded(store, bare)
        assert await store.head() == 0

    asyncio.run(run())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('from = "08:00"', 'from = "8"', "rota[#2].from: must be a time of the day like 20:00"),
        ('from = "08:00"', 'from = "24:01"', "rota[#2].from: must be a time of the day like 20:00"),
        ('desk = "house-a"', 'desk = "house-z"', "rota.desk: 'house-z' is not in this file"),
        ('desk = "house-a"', 'desk = "legend-1"', "rota.desk: 'legend-1' is not in this file"),
        ('house = "house-a"', 'house = "house-z"', "desks[house-a].house: 'house-z' is not in this file"),
        ('zone = "north"', 'zone = "west"', "desks[legend-1].zone: 'west' is not in this file"),
        ('house = "house-a"', 'member = "lead"', "desks[house-a].house: is missing"),
        (
            'house = "house-a"',
            'house = "house-a"\nmember = "lead"',
            "desks[house-a].member: a HOUSE desk names",
        ),
        (
            'member = "lead"\non_call_number',
            'member = "nobody"\non_call_number',
            "desks[coordination-night].member: 'nobody' is not in this file",
        ),
        ('code = "coordination-day"', 'code = "house-a"', "desks[house-a].code: is used twice"),
        ("+39 000 0000 002", "via Roma 3", "desks[house-a].on_call_number: must be digits and spaces"),
        ("+39 000 0000 002", "+39 0331 000000", "desks[house-a].on_call_number: must be digits and spaces"),
        (
            'meaning = "nowhere at all"',
            'on_call_number = "+39 000 1"',
            "desks[legend-1].on_call_number: a zone",
        ),
    ],
)
def test_what_does_not_agree_is_named_by_its_path(old: str, new: str, said: str) -> None:
    assert any(told.startswith(said) for told in problems(changed(old, new, 1))), problems(
        changed(old, new, 1)
    )


@pytest.mark.parametrize("wrong", ["+39 0331 000000", "via Roma 3"])
def test_what_is_wrong_with_a_number_is_said_without_it(wrong: str) -> None:
    """What a command says may end in a log of the machine."""
    (told,) = problems(changed("+39 000 0000 002", wrong, 1))
    assert wrong not in told


def test_a_house_for_emergencies_that_nobody_can_ring_is_said_and_stops_nothing() -> None:
    (told,) = said_at_set_up(read_network_file(SMALL))
    assert told == "shelters[house-b]: takes emergencies and has no desk: nobody can ring it at night."
    assert said_at_set_up(read_network_file(SCENARIO)) == ()


def test_a_night_of_the_file_is_two_shifts_of_the_log_and_the_desks_are_founded() -> None:
    async def run() -> MemoryStore:
        store = MemoryStore()
        made = await founded(store, read_network_file(SMALL))
        ids = made.ids.desks
        assert list(ids) == ["coordination-night", "coordination-day", "house-a", "legend-1"]
        rows = await store.read_all(after=0, limit=1000)
        assert [row.topic for row in rows].count(RotaAdopted.TOPIC) == 1
        return store

    store = asyncio.run(run())
    places = asyncio.run(PlacesIndex(store).catch_up()).places
    rota = places.network.rota
    assert rota is not None
    by_code = {state.opened.code: each for each, state in places.desks.items() if state.opened is not None}
    night = [shift for shift in rota.shifts if shift.desk_id == by_code["coordination-night"]]
    assert [(shift.begins, shift.ends, shift.weekdays) for shift in night] == [
        (1200, 1440, tuple(Weekday)),
        (0, 480, (*tuple(Weekday)[1:], Weekday.MON)),
    ]
    assert answering(rota.shifts, START, places.network.zone) != ()
    assert {state.opened.kind for state in places.desks.values() if state.opened} == {
        DeskKind.COORDINATION,
        DeskKind.HOUSE,
        DeskKind.ZONE,
    }


def test_no_number_and_no_meaning_is_in_what_a_founding_leaves() -> None:
    async def run() -> None:
        store = MemoryStore()
        await founded(store, read_network_file(SMALL))
        for row in await store.read_all(after=0, limit=1000):
            assert b"0000 00" not in row.state
            assert b"nowhere" not in row.state

    asyncio.run(run())
    file, other = read_network_file(SMALL), parse_network_file(changed("0000 001", "0000 009").encode())
    assert file != other
    assert file_digest(file, LogKind.EXERCISE) == file_digest(other, LogKind.EXERCISE)


def test_a_real_log_takes_no_number_from_a_file() -> None:
    async def run() -> None:
        text = SMALL.read_text().replace("fictitious = true", "fictitious = false")
        with pytest.raises(BadNetworkFile) as told:
            await found(
                parse_network_file(text.encode()),
                MemoryStore(),
                system_sources(),
                kind=LogKind.REAL,
                clock=LogClock.REAL,
                app_version="t",
            )
        assert all("carries no number and no meaning" in each for each in told.value.problems)

    asyncio.run(run())
