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
from domain.codes import AlarmKind, BridgeKind, DeclineGroup, RefusalGroup, ReleaseCause
from domain.desk import DeskOpened, DeskValuesOpened
from domain.event import Event
from domain.permissions import Role
from domain.placement.events import (
    AdmissionByDirectAgreement,
    AlarmRaised,
    AlarmTaken,
    BridgeArranged,
    BridgeChecked,
    BridgeEnded,
    CandidatesRanked,
    ConversationOpened,
    DecisionTaken,
    HandoverAgreed,
    HoldDisplaced,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    HouseholdDischarged,
    LeftWaiting,
    NeighbourAnswered,
    NeighbourAsked,
    OfferAccepted,
    OfferRefused,
    OfferSeen,
    OfferSent,
    OfferUnanswered,
    PlacementEnded,
    PlacementRequested,
    SearchConsented,
    SearchResumed,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
    WomanDeclined,
)
from domain.placement.state import Phase
from domain.shelter import ShelterRegistered
from domain.unit import InventoryOpened, OccupiedOutsideEngine, UnitHeld, UnitOccupied
from domain.vocabulary import AnswerChannel, LogKind, PlacementId, Urgency
from ledger.evidence.rederive import rederive
from ledger.store import metadata
from ledger.store.port import LogClock
from ledger.store.replay import Replay
from tests.support.postgres import passable_directory
from tests.trials.nights import ROOT, Played, ordinary_user, play
from trials.stage.record import Entry, of_kind

pytestmark = pytest.mark.slow

_E = TypeVar("_E", bound=Event)
ROME = ZoneInfo("Europe/Rome")
JOURNEYS: tuple[tuple[type[Event], ...], ...] = (
    (  # a no on safety grounds, a silence, a yes by telephone
        PlacementRequested,
        SearchConsented,
        CandidatesRanked,
        HoldPlaced,
        DecisionTaken,
        OfferSent,
        OfferRefused,
        HoldReleased,
        SearchResumed,
        CandidatesRanked,
        HoldPlaced,
        DecisionTaken,
        OfferSent,
        AlarmRaised,
        AlarmTaken,
        OfferUnanswered,
        CandidatesRanked,
        HoldReleased,
        HoldPlaced,
        DecisionTaken,
        OfferSent,
        OfferAccepted,
        TelephoneAcceptanceConfirmed,
        WomanAccepted,
        HandoverAgreed,
        HouseholdAdmitted,
    ),
    (  # displaced by a family that is already there, then her no, then a room of her own
        PlacementRequested,
        SearchConsented,
        CandidatesRanked,
        HoldPlaced,
        DecisionTaken,
        OfferSent,
        AlarmRaised,
        AlarmTaken,
        HoldDisplaced,
        CandidatesRanked,
        HoldPlaced,
        DecisionTaken,
        OfferSent,
        OfferAccepted,
        WomanDeclined,
        HoldReleased,
        SearchResumed,
        CandidatesRanked,
        HoldPlaced,
        DecisionTaken,
        OfferSent,
        OfferSeen,
        ConversationOpened,
        OfferAccepted,
        WomanAccepted,
        HouseholdAdmitted,
    ),
    (  # in the house by direct agreement
        PlacementRequested,
        AdmissionByDirectAgreement,
        HouseholdDischarged,
        PlacementEnded,
    ),
    (  # no place at 01:20, a bridge, and a place in the morning
        PlacementRequested,
        SearchConsented,
        CandidatesRanked,
        LeftWaiting,
        NeighbourAsked,
        NeighbourAnswered,
        AlarmRaised,
        AlarmTaken,
        BridgeArranged,
        AlarmRaised,
        AlarmTaken,
        BridgeChecked,
        AlarmRaised,
        AlarmTaken,
        CandidatesRanked,
        HoldPlaced,
        DecisionTaken,
        OfferSent,
        OfferAccepted,
        WomanAccepted,
        HouseholdAdmitted,
        BridgeEnded,
    ),
)
SAFETY, OWN_ROOM, DIRECT, NO_PLACE = range(4)


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


def journey(night: Played, which: int) -> tuple[Entry, ...]:
    """One of the night's placements, event by event, in the order in which they began."""
    begun = [each.stream for each in of_kind(night.entries, PlacementRequested)]
    assert len(begun) == len(JOURNEYS)
    return tuple(each for each in night.entries if each.stream == begun[which])


def the(night: Played, which: int, kind: type[_E], index: int = 0) -> tuple[Entry, _E]:
    found = [each for each in journey(night, which) if isinstance(each.event, kind)]
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
    assert len(houses) == 6
    assert all(isinstance(house, ShelterRegistered) and house.fictitious for house in houses)
    assert any(isinstance(each.event, InventoryOpened) and each.event.occupancies for each in night.entries)
    assert list(of_kind(night.entries, OccupiedOutsideEngine))


@pytest.mark.parametrize("which", range(len(JOURNEYS)))
def test_every_step_of_the_night_stands_in_the_log_in_its_order(night: Played, which: int) -> None:
    assert tuple(type(each.event) for each in journey(night, which)) == JOURNEYS[which]
    assert [each.version for each in journey(night, which)] == list(range(1, len(JOURNEYS[which]) + 1))


def test_the_request_is_urgent_for_a_woman_and_two_children_who_consented(night: Played) -> None:
    entry, requested = the(night, SAFETY, PlacementRequested)
    _, consented = the(night, SAFETY, SearchConsented)
    assert requested.urgency is Urgency.U1
    assert (requested.household.adults, len(requested.household.children)) == (1, 2)
    assert requested.occurred_at <= consented.occurred_at < entry.recorded_at
    case = [each.event for each in night.entries if each.stream == requested.case_id]
    assert case == [CaseOpened(), CaseBound(placement_id=PlacementId(entry.stream))]


def test_request_ranking_and_hold_are_one_command(night: Played) -> None:
    kinds: tuple[type[Event], ...] = (PlacementRequested, CandidatesRanked, HoldPlaced)
    commands = {
        metadata.decode(each.row.metadata).command_id
        for each in (the(night, SAFETY, kind)[0] for kind in kinds)
    }
    held = next(each for each in night.entries if isinstance(each.event, UnitHeld))
    assert commands == {metadata.decode(held.row.metadata).command_id}


def test_a_no_on_safety_grounds_stops_until_a_person_decides(night: Played) -> None:
    entry, refused = the(night, SAFETY, OfferRefused)
    assert (refused.shown, refused.stops, role(entry)) == (RefusalGroup.SAFETY, True, Role.SHELTER_OPERATOR)
    resumed, _ = the(night, SAFETY, SearchResumed)
    assert role(resumed) is Role.COORDINATOR
    _, again = the(night, SAFETY, CandidatesRanked, 1)
    assert "NOT_TO_ASK" in {each.code for each in again.excluded}
    assert b"INCOMPATIBLE_WITH_GUESTS" not in b"".join(each.row.state for each in night.entries)


def test_after_silence_a_person_goes_on_and_nothing_was_taken_away_before(night: Played) -> None:
    silent, _ = the(night, SAFETY, OfferUnanswered)
    released, why = the(night, SAFETY, HoldReleased, 1)
    assert (role(silent), role(released)) == (Role.ENGINE, Role.COORDINATOR)
    assert why.cause is ReleaseCause.UNANSWERED
    houses = {the(night, SAFETY, HoldPlaced, index)[1].shelter_id for index in range(3)}
    assert len(houses) == 3


def test_the_number_of_the_house_that_is_held_is_opened_once_and_no_number_is_in_the_log(
    night: Played,
) -> None:
    (opened,) = (each for each in night.entries if isinstance(each.event, DeskValuesOpened))
    (desk,) = (each for each in night.entries if each.stream == opened.stream and _opens(each.event))
    held, hold = the(night, SAFETY, HoldPlaced, 2)
    assert isinstance(desk.event, DeskOpened)
    assert desk.event.shelter_id == hold.shelter_id
    assert held.position < opened.position
    assert role(opened) is Role.COORDINATOR
    assert b"000 000" not in b"".join(each.row.state for each in night.entries)


def _opens(event: Event) -> bool:
    return isinstance(event, DeskOpened)


def test_no_offer_leaves_without_a_coordinator_who_chose_it(night: Played) -> None:
    sendings = [each for each in night.entries if isinstance(each.event, OfferSent | DecisionTaken)]
    assert len(sendings) == 2 * 7
    assert {role(each) for each in sendings} == {Role.COORDINATOR}
    assert all(not each.event.automatic for each in sendings if isinstance(each.event, DecisionTaken))


def test_a_family_that_is_already_there_displaces_a_hold_and_is_a_declared_exception(night: Played) -> None:
    admitted, direct = the(night, DIRECT, AdmissionByDirectAgreement)
    _, lost = the(night, OWN_ROOM, HoldDisplaced)
    assert lost.occupancy_id == admitted.stream
    _, held = the(night, OWN_ROOM, HoldPlaced)
    assert {unit.unit_id for unit in held.units} <= {unit.unit_id for unit in direct.units}
    again, _ = the(night, OWN_ROOM, HoldPlaced, 1)
    assert role(again) is Role.ENGINE
    assert [each.position for each in night.verdict.exceptions] == [admitted.position]


def test_her_no_stops_and_asks_and_never_leaves_a_reason(night: Played) -> None:
    _, declined = the(night, OWN_ROOM, WomanDeclined)
    assert declined.stops and declined.shown is DeclineGroup.PLACE_NOT_RIGHT
    assert b'SHARED_SPACE"' not in b"".join(each.row.state for each in night.entries)
    assert role(the(night, OWN_ROOM, SearchResumed)[0]) is Role.COORDINATOR


def test_without_a_place_there_is_a_bridge_and_the_engine_calls_a_person(night: Played) -> None:
    _, bridge = the(night, NO_PLACE, BridgeArranged)
    assert bridge.kind is BridgeKind.VETTED_HOTEL_WITH_ESCORT
    assert bridge.check_at.astimezone(ROME).hour == 8
    raised = [each for each in journey(night, NO_PLACE) if isinstance(each.event, AlarmRaised)]
    assert {role(each) for each in raised} == {Role.ENGINE}
    kinds = [each.event.kind for each in raised if isinstance(each.event, AlarmRaised)]
    assert kinds == [AlarmKind.NO_PLACE_YET, AlarmKind.BRIDGE_CHECK, AlarmKind.SAFE_UNTIL]


def test_in_the_morning_the_freed_rooms_are_proposed_to_who_is_owed_them(night: Played) -> None:
    freed, _ = the(night, DIRECT, HouseholdDischarged)
    proposed, held = the(night, NO_PLACE, HoldPlaced)
    described = metadata.decode(proposed.row.metadata)
    assert role(proposed) is Role.ENGINE and proposed.position > freed.position
    cause = next(each for each in night.entries if each.row.event_id == described.causation_id)
    assert metadata.decode(cause.row.metadata).command_id == metadata.decode(freed.row.metadata).command_id
    assert len(held.units) == 2
    assert role(the(night, NO_PLACE, BridgeEnded)[0]) is Role.SHELTER_OPERATOR


def test_the_telephone_yes_is_confirmed(night: Played) -> None:
    entry, accepted = the(night, SAFETY, OfferAccepted)
    assert (accepted.channel, role(entry)) == (AnswerChannel.TELEPHONE, Role.COORDINATOR)
    assert accepted.occurred_at < entry.recorded_at
    confirmed, _ = the(night, SAFETY, TelephoneAcceptanceConfirmed)
    assert role(confirmed) is Role.SHELTER_OPERATOR


def test_the_distance_is_never_called_verified_when_it_was_not(night: Played) -> None:
    assert the(night, SAFETY, WomanAccepted)[1].proximity_checked_by_voice is True
    assert the(night, OWN_ROOM, WomanAccepted)[1].proximity_checked_by_voice is False


def test_the_admission_turns_the_hold_into_a_stay_on_the_same_places(night: Played) -> None:
    for which in (SAFETY, OWN_ROOM, NO_PLACE):
        entry, admitted = the(night, which, HouseholdAdmitted)
        holds = [each.event for each in journey(night, which) if isinstance(each.event, HoldPlaced)]
        assert isinstance(holds[-1], HoldPlaced)
        assert admitted.offer_id == holds[-1].offer_id
        occupied = {
            each.stream: each.event.places
            for each in night.entries
            if isinstance(each.event, UnitOccupied) and each.event.placement_id == entry.stream
        }
        assert occupied == {unit.unit_id: unit.places for unit in holds[-1].units}


def test_every_decision_can_be_derived_again(night: Played) -> None:
    found = rederive([each.row for each in night.entries])
    assert (found.decisions, found.alike, found.deviations) == (8, 8, ())


def test_at_twenty_one_past_one_one_waits_and_one_house_had_said_yes(night: Played) -> None:
    instant = datetime(2026, 11, 21, 1, 21, tzinfo=ROME).astimezone(UTC) + timedelta(minutes=1)
    replay = Replay()
    replay.take([each.row for each in night.entries if each.recorded_at < instant])
    phases = [replay.placements[PlacementId(journey(night, which)[0].stream)].phase for which in range(4)]
    assert phases == [Phase.ACCEPTED_BY_BOTH, Phase.ACCEPTED_BY_HOUSE, Phase.ADMITTED, Phase.WAITING]


def test_the_log_is_sound_and_agrees_with_the_claims_that_stand(night: Played) -> None:
    assert night.verdict.sound, night.verdict.findings


def test_another_seed_gives_another_night(first: Played, another: Played) -> None:
    assert first.content != another.content


def test_the_same_seed_gives_the_same_night_to_any_user(first: Played) -> None:
    with passable_directory() as folder:
        again = play(folder, "--seed", "1", user=ordinary_user())
    assert again.content == first.content


@pytest.mark.parametrize(
    "name", ["last-place", "displaced", "late-yes", "no-place", "stale-weekend", "contested"]
)
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
