"""What one more unit would have changed of the decisions of a night, each judged by itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.matching.places import Places
from domain.placement.events import CandidatesRanked
from domain.policy import START_POLICY
from domain.vocabulary import AgeBand, Feature, Household, IntakeMode
from ledger.evidence.one_more import UNIT, OneMore
from ledger.evidence.otherwise import Change, Comparison, Impact
from ledger.store import codec
from ledger.store.port import StoredRow
from tests.ledger.evidence.night import Night

WOMAN = Household(adults=1)
ROOM = OneMore(level="reception", beds=1)


@pytest.fixture(scope="module")
def rows() -> list[StoredRow]:
    """Nine women, one after the other."""

    async def asked() -> list[StoredRow]:
        night = Night()
        await night.begin()
        for _ in range(9):
            await night.ask(WOMAN)
        return await night.rows()

    return asyncio.run(asked())


def with_one_more(rows: list[StoredRow], unit: OneMore) -> Impact:
    comparison = Comparison(None, one_more=unit)
    comparison.take(rows)
    return comparison.result()


def certificates(rows: list[StoredRow]) -> list[tuple[datetime, CandidatesRanked]]:
    told = [(row, codec.decode(row.topic, row.state)) for row in rows]
    return [(row.recorded_at, event) for row, event in told if isinstance(event, CandidatesRanked)]


@pytest.fixture(scope="module")
def too_many() -> list[StoredRow]:
    """Two families that no house has room for, one after the other."""

    async def asked() -> list[StoredRow]:
        night = Night()
        await night.begin()
        for _ in range(2):
            await night.ask(Household(adults=1, children=(AgeBand.AGE_6_10,) * 7))
        return await night.rows()

    return asyncio.run(asked())


def test_who_was_left_waiting_would_have_had_the_one_more_unit(too_many: list[StoredRow]) -> None:
    found = with_one_more(too_many, replace(ROOM, beds=8))
    first = certificates(too_many)[0][1]
    (placed,) = found.changed
    assert (placed.change, placed.was, placed.would) == (Change.GIVEN_A_PLACE, (), (UNIT,))
    assert (first.best, placed.decided_at) == ((), first.decided_at)
    assert (found.one_more_first, found.lines["all"].left_without) == (1, 0)


def test_it_is_owed_to_the_first_of_those_who_wait(too_many: list[StoredRow]) -> None:
    """Who came later would still have waited: as it really stood, another waited for it before her."""
    found = with_one_more(too_many, replace(ROOM, beds=8)).lines["all"]
    assert (found.decisions, found.given_a_place) == (2, 1)


def test_a_unit_that_takes_nobody_of_them_changes_nothing(rows: list[StoredRow]) -> None:
    for unit in (
        replace(ROOM, beds=0, cots=1),
        replace(ROOM, level="first-level"),
        replace(ROOM, intake_modes=(IntakeMode.MEDIUM_LONG,)),
    ):
        found = with_one_more(rows, unit)
        assert (found.changed, found.changed_count, found.one_more_first) == ((), 0, 0)
        assert found.lines["all"].decisions == len(certificates(rows))


def test_what_she_does_not_need_is_kept_for_others(rows: list[StoredRow]) -> None:
    plain = with_one_more(rows, ROOM)
    rich = with_one_more(rows, replace(ROOM, features=tuple(Feature)))
    assert rich.one_more_first <= plain.one_more_first
    assert plain.one_more_first > 0


def test_before_it_is_free_no_decision_is_looked_at(rows: list[StoredRow]) -> None:
    certified = certificates(rows)
    since = certified[-1][1].decided_at
    assert with_one_more(rows, replace(ROOM, free_from=since)).lines["all"].decisions == 1
    never = replace(ROOM, free_from=since + timedelta(seconds=1))
    assert with_one_more(rows, never).lines["all"].decisions == 0


def test_the_places_of_the_log_stay_as_they_were(rows: list[StoredRow]) -> None:
    places = Places()
    for row in rows:
        places.apply(row.stream, row.version, row.position, codec.decode(row.topic, row.state))
    before = (dict(places.units), dict(places.vacancies), dict(places.shelters), places.position)
    more = ROOM.beside(places, rows[-1].recorded_at)
    assert UNIT in more.units
    assert (places.units, places.vacancies, places.shelters, places.position) == before
    assert more.position == places.position


def test_under_another_policy_and_with_one_more_unit_both_count(rows: list[StoredRow]) -> None:
    weights = replace(START_POLICY.weights, spare_place=1000)
    policy = replace(START_POLICY, version="agreed-2", weights=weights)
    comparison = Comparison(policy, one_more=replace(ROOM, beds=1))
    comparison.take(rows)
    found = comparison.result()
    assert found.policy == "agreed-2"
    assert found.lines["all"].another_first >= with_one_more(rows, ROOM).lines["all"].another_first


def test_a_comparison_that_forgets_the_one_more_unit_is_caught(
    rows: list[StoredRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without it among the places nothing changes, and the tests above would say so."""
    monkeypatch.setattr(OneMore, "beside", lambda _self, places, _at: places)
    assert with_one_more(rows, ROOM).changed_count == 0
