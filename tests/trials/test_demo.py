"""`make demo`, judged by the log that it leaves and never by what it prints."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from domain.case import CaseBound, CaseOpened
from domain.codes import RefusalGroup, ReleaseCause
from domain.event import Event
from domain.matching import rankers
from domain.matching.certificate import certify
from domain.matching.ranking import RankRequest
from domain.permissions import Role
from domain.placement.events import (
    CandidatesRanked,
    ConversationOpened,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    OfferAccepted,
    OfferRefused,
    OfferSeen,
    OfferSent,
    PlacementRequested,
    SearchConsented,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
)
from domain.placement.state import Phase
from domain.shelter import ShelterRegistered
from domain.unit import InventoryOpened, OccupiedOutsideEngine, UnitHeld, UnitOccupied, UnitReleased
from domain.vocabulary import AnswerChannel, LogKind, PlacementId, Side, UnitId, Urgency
from ledger.store import metadata
from ledger.store.port import LogClock
from ledger.store.replay import Replay
from tests.support.postgres import passable_directory
from tests.trials.nights import ROOT, Played, ordinary_user, play
from trials.stage.record import Entry, of_kind

pytestmark = pytest.mark.slow

_E = TypeVar("_E", bound=Event)
ROME = ZoneInfo("Europe/Rome")
JOURNEY: tuple[type[Event], ...] = (
    PlacementRequested,
    SearchConsented,
    CandidatesRanked,
    HoldPlaced,
    OfferSent,
    OfferRefused,
    HoldReleased,
    CandidatesRanked,
    HoldPlaced,
    OfferSent,
    OfferSeen,
    ConversationOpened,
    ConversationOpened,
    OfferAccepted,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
    HouseholdAdmitted,
)


@pytest.fixture(scope="module")
def first() -> Iterator[Played]:
    with passable_directory() as folder:
        yield play(folder, "--seed", "1")


@pytest.fixture(scope="module")
def another() -> Iterator[Played]:
    with passable_directory() as folder:
        yield play(folder, "--seed", "2")


@pytest.fixture(params=["first", "another"])
def night(request: pytest.FixtureRequest) -> Played:
    played: Played = request.getfixturevalue(request.param)
    return played


def journey(night: Played) -> tuple[Entry, ...]:
    """The night's one placement, event by event."""
    requested = [each.stream for each in of_kind(night.entries, PlacementRequested)]
    assert len(requested) == 1
    return tuple(each for each in night.entries if each.stream == requested[0])


def the(night: Played, kind: type[_E], index: int = 0) -> tuple[Entry, _E]:
    found = [each for each in journey(night) if isinstance(each.event, kind)]
    event = found[index].event
    assert isinstance(event, kind)
    return found[index], event


def role(entry: Entry) -> Role:
    return metadata.decode(entry.row.metadata).role


def test_it_plays_on_an_exercise_of_the_real_territory(night: Played) -> None:
    assert (night.birth.kind, night.birth.clock) == (LogKind.EXERCISE, LogClock.VIRTUAL)
    replay = Replay()
    replay.take([each.row for each in night.entries])
    districts = {each.code: len(each.municipalities) for each in replay.places.network.districts}
    assert districts == {"busto-arsizio": 1, "gallarate": 9, "saronno": 6, "somma-lombardo": 9}
    houses = [each.event for each in of_kind(night.entries, ShelterRegistered)]
    assert len(houses) == 5
    assert all(isinstance(house, ShelterRegistered) and house.fictitious for house in houses)
    assert any(isinstance(each.event, InventoryOpened) and each.event.occupancies for each in night.entries)
    assert list(of_kind(night.entries, OccupiedOutsideEngine))


def test_every_step_of_the_night_stands_in_the_log_in_its_order(night: Played) -> None:
    assert tuple(type(each.event) for each in journey(night)) == JOURNEY
    assert [each.version for each in journey(night)] == list(range(1, len(JOURNEY) + 1))


def test_the_request_is_urgent_for_a_woman_and_two_children_who_consented(night: Played) -> None:
    entry, requested = the(night, PlacementRequested)
    _, consented = the(night, SearchConsented)
    assert requested.urgency is Urgency.U1
    assert (requested.household.adults, len(requested.household.children)) == (1, 2)
    assert requested.occurred_at <= consented.occurred_at < entry.recorded_at
    local = entry.recorded_at.astimezone(ROME)
    assert timedelta(hours=1, minutes=40) <= timedelta(hours=local.hour, minutes=local.minute)
    assert local.hour == 1
    case = [each.event for each in night.entries if each.stream == requested.case_id]
    assert case == [CaseOpened(), CaseBound(placement_id=PlacementId(entry.stream))]


def test_request_ranking_and_hold_are_one_command(night: Played) -> None:
    commands = {
        metadata.decode(each.row.metadata).command_id
        for each in (the(night, kind)[0] for kind in (PlacementRequested, CandidatesRanked, HoldPlaced))
    }
    held = next(each for each in night.entries if isinstance(each.event, UnitHeld))
    assert commands == {metadata.decode(held.row.metadata).command_id}


def test_the_first_house_refuses_and_gives_the_places_back(night: Played) -> None:
    entry, refused = the(night, OfferRefused)
    _, held = the(night, HoldPlaced)
    _, released = the(night, HoldReleased)
    assert (refused.offer_id, refused.shown, refused.stops) == (held.offer_id, RefusalGroup.NOT_NOW, False)
    assert released.cause is ReleaseCause.REFUSED_BY_HOUSE
    assert role(entry) is Role.SHELTER_OPERATOR
    freed = next(each.event for each in night.entries if isinstance(each.event, UnitReleased))
    assert freed.places == held.units[0].places


def test_the_engine_searches_anew_because_the_log_grew(night: Played) -> None:
    second, hold = the(night, HoldPlaced, 1)
    cause, _ = the(night, HoldReleased)
    described = metadata.decode(second.row.metadata)
    assert (described.role, described.causation_id) == (Role.ENGINE, cause.row.event_id)
    assert hold.shelter_id != the(night, HoldPlaced)[1].shelter_id
    _, again = the(night, CandidatesRanked, 1)
    assert "NOT_TO_ASK" in {each.code for each in again.excluded}


def test_no_offer_leaves_without_a_coordinator(night: Played) -> None:
    for index in (0, 1):
        entry, sent = the(night, OfferSent, index)
        assert role(entry) is Role.COORDINATOR
        assert sent.offer_id == the(night, HoldPlaced, index)[1].offer_id


def test_house_and_coordinator_talk_and_the_telephone_yes_is_confirmed(night: Played) -> None:
    assert [the(night, ConversationOpened, index)[1].side for index in (0, 1)] == [
        Side.HOUSE,
        Side.COORDINATION,
    ]
    entry, accepted = the(night, OfferAccepted)
    assert (accepted.channel, role(entry)) == (AnswerChannel.TELEPHONE, Role.COORDINATOR)
    assert accepted.occurred_at < entry.recorded_at
    confirmed, _ = the(night, TelephoneAcceptanceConfirmed)
    assert role(confirmed) is Role.SHELTER_OPERATOR


def test_she_says_yes_told_what_it_is_like_and_the_distance_is_not_verified(night: Played) -> None:
    _, yes = the(night, WomanAccepted)
    assert yes.told
    assert yes.proximity_checked_by_voice is False


def test_the_admission_turns_the_hold_into_a_stay_on_the_same_places(night: Played) -> None:
    _, admitted = the(night, HouseholdAdmitted)
    _, held = the(night, HoldPlaced, 1)
    assert admitted.offer_id == held.offer_id
    occupied = list(of_kind(night.entries, UnitOccupied))
    assert [each.stream for each in occupied] == [held.units[0].unit_id]
    assert isinstance(occupied[0].event, UnitOccupied)
    assert occupied[0].event.places == held.units[0].places


def test_every_decision_can_be_derived_again(night: Played) -> None:
    _, requested = the(night, PlacementRequested)
    placement_id = PlacementId(journey(night)[0].stream)
    not_to_ask: frozenset[UnitId] = frozenset()
    for index in (0, 1):
        _, recorded = the(night, CandidatesRanked, index)
        replay = Replay()
        replay.take([each.row for each in night.entries if each.position <= recorded.position])
        if index:
            not_to_ask = replay.placements[placement_id].not_to_ask
        request = RankRequest(placement_id=placement_id, requested=requested, not_to_ask=not_to_ask)
        policy = replay.places.network.policy
        assert policy is not None
        assert certify(rankers.rank(request, replay.places, policy, recorded.decided_at)) == recorded


def test_at_two_thirteen_the_second_house_was_still_talking(night: Played) -> None:
    instant = datetime(2026, 11, 21, 2, 13, tzinfo=ROME).astimezone(UTC)
    replay = Replay()
    replay.take([each.row for each in night.entries if each.recorded_at <= instant])
    state = replay.placements[PlacementId(journey(night)[0].stream)]
    assert state.phase is Phase.IN_CONVERSATION
    assert state.held is not None
    assert state.held.shelter_id == the(night, HoldPlaced, 1)[1].shelter_id
    assert replay.position < night.entries[-1].position


def test_the_log_is_sound_and_agrees_with_the_claims_that_stand(night: Played) -> None:
    assert night.verdict.sound, night.verdict.findings


def test_another_seed_gives_another_night(first: Played, another: Played) -> None:
    assert first.content != another.content


def test_the_same_seed_gives_the_same_night_to_any_user(first: Played) -> None:
    with passable_directory() as folder:
        again = play(folder, "--seed", "1", user=ordinary_user())
    assert again.content == first.content


@pytest.mark.parametrize("name", ["last-place", "displaced", "late-yes"])
def test_other_nights_leave_a_sound_log(name: str) -> None:
    with passable_directory() as folder:
        night = play(folder, "--scenario", name, "--seed", "3")
    assert night.verdict.sound, night.verdict.findings


def test_it_never_plays_on_a_database_that_is_given(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "trials.demo", "--exit"],
        cwd=ROOT,
        env={
            "APPRODO_DATABASE_URL": f"postgresql:///none?host={tmp_path}",
            "APPRODO_DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 2
    assert list(tmp_path.iterdir()) == []
