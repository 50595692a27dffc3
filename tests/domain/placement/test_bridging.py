"""What carries a household while no place is found, and the desks of neighbouring networks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.codes import BridgeEnd, BridgeKind, CheckedBy, NeighbourAnswer
from domain.coordination.staying import AdmitHousehold
from domain.placement.bridging import (
    ArrangeBridge,
    AskNeighbour,
    BridgingCommand,
    CheckBridge,
    EndBridge,
    RecordNeighbourAnswer,
)
from domain.placement.events import (
    BridgeArranged,
    BridgeChecked,
    BridgeEnded,
    NeighbourAnswered,
    NeighbourAsked,
)
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.vocabulary import BridgeId, MemberId, PlacementId, Urgency
from tests.support.night import (
    ASKED,
    BRIDGE,
    HOUR,
    MEMBER,
    NEIGHBOUR,
    SECOND_BRIDGE,
    a_house_with_a_room,
    a_stay,
    bridged,
    holding,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NOW, Scene, fresh, given, minutes

A_HOTEL = ArrangeBridge(
    placement_id=ASKED,
    bridge_id=BRIDGE,
    kind=BridgeKind.VETTED_HOTEL_WITH_ESCORT,
    checked_by=CheckedBy.SOCIAL_SERVICES,
    check_at=NOW + 6 * HOUR,
    until=NOW + 10 * HOUR,
    occurred_at=NOW,
)
A_FRIEND = replace(A_HOTEL, bridge_id=SECOND_BRIDGE, kind=BridgeKind.TRUSTED_PERSON)
ALL_IS_WELL = CheckBridge(
    placement_id=ASKED, bridge_id=BRIDGE, holds=True, check_at=NOW + 8 * HOUR, occurred_at=NOW
)
IT_ENDS = EndBridge(placement_id=ASKED, bridge_id=BRIDGE, cause=BridgeEnd.TIME_OVER, occurred_at=NOW)
WE_ASK = AskNeighbour(placement_id=ASKED, member_id=NEIGHBOUR, occurred_at=NOW)
THEY_SAY_NO = RecordNeighbourAnswer(
    placement_id=ASKED, member_id=NEIGHBOUR, answer=NeighbourAnswer.NO, occurred_at=NOW
)


def waits() -> Scene:
    return given(a_house_with_a_room(), requested())


def carried() -> Scene:
    return given(waits().history, bridged())


def arranged(command: ArrangeBridge, bridge_id: BridgeId) -> BridgeArranged:
    return BridgeArranged(
        bridge_id=bridge_id,
        kind=command.kind,
        checked_by=command.checked_by,
        check_at=command.check_at,
        until=command.until,
        occurred_at=command.occurred_at,
    )


def test_a_bridge_carries_her_and_the_request_stays_open() -> None:
    after = waits().when(A_HOTEL).then_on(ASKED, arranged(A_HOTEL, BRIDGE))
    state = after.placement(ASKED)
    assert (state.phase, state.safe_until) == (Phase.SEARCHING, A_HOTEL.until)
    assert state.seeks


def test_a_bridge_without_an_id_is_given_one_and_is_not_arranged_twice() -> None:
    command = replace(A_HOTEL, bridge_id=None)
    waits().when(command).then_on(ASKED, arranged(A_HOTEL, BridgeId(fresh(1))))


def test_the_bridge_that_stood_is_replaced() -> None:
    after = (
        carried()
        .when(A_FRIEND)
        .then_on(
            ASKED,
            BridgeEnded(bridge_id=BRIDGE, cause=BridgeEnd.REPLACED, occurred_at=NOW),
            arranged(A_FRIEND, SECOND_BRIDGE),
        )
    )
    bridge = after.placement(ASKED).bridge
    assert bridge is not None
    assert bridge.bridge_id == SECOND_BRIDGE


def test_an_id_names_one_bridge_for_ever() -> None:
    carried().when(replace(A_HOTEL, kind=BridgeKind.TRUSTED_PERSON)).then(Refusal.CODE_ALREADY_USED)
    looked_after = carried().when(ALL_IS_WELL).done()
    looked_after.when(A_HOTEL).then({})


@pytest.mark.parametrize("kind", BridgeKind)
@pytest.mark.parametrize("checked_by", CheckedBy)
def test_every_kind_of_bridge_is_looked_after_by_anybody_of_the_list(
    kind: BridgeKind, checked_by: CheckedBy
) -> None:
    after = waits().when(replace(A_HOTEL, kind=kind, checked_by=checked_by)).done()
    bridge = after.placement(ASKED).bridge
    assert bridge is not None
    assert (bridge.kind, bridge.checked_by) == (kind, checked_by)


def test_somebody_looks_before_it_is_over_and_after_it_began() -> None:
    waits().when(replace(A_HOTEL, check_at=A_HOTEL.until + minutes(1))).then(Refusal.BRIDGE_OVER_BEFORE_CHECK)
    waits().when(replace(A_HOTEL, check_at=A_HOTEL.until)).done()
    waits().when(replace(A_HOTEL, check_at=NOW)).then(Refusal.NOT_IN_THE_FUTURE)


@pytest.mark.parametrize(
    ("urgency", "days"), [(Urgency.U1, 3), (Urgency.U2, 3), (Urgency.U3, 31), (Urgency.U4, 31)]
)
def test_a_slip_in_a_date_does_not_leave_a_bridge_unlooked_at(urgency: Urgency, days: int) -> None:
    scene = given(a_house_with_a_room(), requested(urgency=urgency))
    a_month, last = NOW + timedelta(days=31), NOW + timedelta(days=days)
    scene.when(replace(A_HOTEL, check_at=last, until=a_month)).done()
    scene.when(replace(A_HOTEL, until=a_month + minutes(1))).then(Refusal.TOO_FAR_AHEAD)
    beyond = {"check_at": last + minutes(1), "until": max(a_month, last + minutes(1))}
    scene.when(replace(A_HOTEL, **beyond)).then(Refusal.TOO_FAR_AHEAD)  # type: ignore[arg-type]


def test_the_next_look_is_as_near_as_the_first() -> None:
    scene = given(waits().history, bridged(until=NOW + timedelta(days=9)))
    scene.when(replace(ALL_IS_WELL, check_at=NOW + timedelta(days=3))).done()
    scene.when(replace(ALL_IS_WELL, check_at=NOW + timedelta(days=3, seconds=1))).then(Refusal.TOO_FAR_AHEAD)


def test_after_an_outage_a_bridge_is_entered_whose_look_is_past_by_now() -> None:
    late = replace(A_HOTEL, occurred_at=NOW - 6 * HOUR, check_at=NOW - HOUR, until=NOW)
    waits().when(late).done()


def test_somebody_looked_and_says_when_the_next_look_is_due() -> None:
    after = (
        carried()
        .when(ALL_IS_WELL)
        .then_on(
            ASKED,
            BridgeChecked(bridge_id=BRIDGE, holds=True, check_at=NOW + 8 * HOUR, occurred_at=NOW),
        )
    )
    bridge = after.placement(ASKED).bridge
    assert bridge is not None
    assert (bridge.check_at, bridge.checked_at) == (NOW + 8 * HOUR, NOW)


def test_a_second_look_is_recorded_though_the_next_is_due_as_before() -> None:
    once = carried().when(ALL_IS_WELL).done()
    twice = once.when(replace(ALL_IS_WELL, occurred_at=NOW + HOUR), at=NOW + HOUR).done()
    assert len(twice.told(ASKED)) == len(once.told(ASKED)) + 1


def test_no_further_look_may_be_due() -> None:
    after = carried().when(replace(ALL_IS_WELL, check_at=None)).done()
    assert after.placement(ASKED).bridge is not None


def test_a_bridge_found_to_carry_no_longer_is_over_with_that_look() -> None:
    after = (
        carried()
        .when(replace(ALL_IS_WELL, holds=False))
        .then_on(
            ASKED,
            BridgeChecked(bridge_id=BRIDGE, holds=False, check_at=None, occurred_at=NOW),
            BridgeEnded(bridge_id=BRIDGE, cause=BridgeEnd.NO_LONGER_POSSIBLE, occurred_at=NOW),
        )
    )
    state = after.placement(ASKED)
    assert (state.bridge, state.safe_until) == (None, None)


@pytest.mark.parametrize("cause", BridgeEnd)
def test_a_bridge_ends_once_for_any_cause(cause: BridgeEnd) -> None:
    after = (
        carried()
        .when(replace(IT_ENDS, cause=cause))
        .then_on(ASKED, BridgeEnded(bridge_id=BRIDGE, cause=cause, occurred_at=NOW))
    )
    after.when(ALL_IS_WELL).then(Refusal.BRIDGE_ALREADY_ENDED)


def test_an_arrival_ends_the_bridge_in_the_same_append() -> None:
    scene = given(carried().history, holding(), sent(), said_yes(), she_said_yes())
    after = scene.when(AdmitHousehold(placement_id=ASKED, occurred_at=NOW)).done()
    ended = BridgeEnded(bridge_id=BRIDGE, cause=BridgeEnd.PLACE_FOUND, occurred_at=NOW)
    assert after.told(ASKED)[-1] == ended


def test_a_desk_is_asked_and_what_it_says_is_recorded() -> None:
    asked = waits().when(WE_ASK).then_on(ASKED, NeighbourAsked(member_id=NEIGHBOUR, occurred_at=NOW))
    assert asked.placement(ASKED).neighbours == {NEIGHBOUR: None}
    answered = asked.when(THEY_SAY_NO).then_on(
        ASKED, NeighbourAnswered(member_id=NEIGHBOUR, answer=NeighbourAnswer.NO, occurred_at=NOW)
    )
    again = answered.when(replace(WE_ASK, occurred_at=NOW + HOUR), at=NOW + HOUR).done()
    assert again.placement(ASKED).neighbours == {NEIGHBOUR: None}


@pytest.mark.parametrize("answer", NeighbourAnswer)
def test_a_desk_may_change_its_answer(answer: NeighbourAnswer) -> None:
    asked = waits().when(WE_ASK).done()
    answered = asked.when(replace(THEY_SAY_NO, answer=answer)).done()
    other = next(each for each in NeighbourAnswer if each is not answer)
    changed = answered.when(replace(THEY_SAY_NO, answer=other)).done()
    assert changed.placement(ASKED).neighbours == {NEIGHBOUR: other}


@pytest.mark.parametrize("member_id", [MEMBER, MemberId(BRIDGE)])
def test_only_a_neighbouring_network_is_asked(member_id: MemberId) -> None:
    waits().when(replace(WE_ASK, member_id=member_id)).then(Refusal.NEIGHBOUR_UNKNOWN)


def test_only_a_desk_that_was_asked_answers() -> None:
    waits().when(THEY_SAY_NO).then(Refusal.NEIGHBOUR_NOT_ASKED)


def test_after_the_arrival_nothing_more_is_arranged() -> None:
    stays = given(a_house_with_a_room(), a_stay())
    stays.when(A_HOTEL).then(Refusal.ALREADY_ADMITTED)
    stays.when(WE_ASK).then(Refusal.ALREADY_ADMITTED)


@pytest.mark.parametrize("command", [A_HOTEL, ALL_IS_WELL, IT_ENDS, WE_ASK, THEY_SAY_NO])
def test_of_an_unknown_placement_nothing_is_arranged(command: BridgingCommand) -> None:
    elsewhere = replace(command, placement_id=PlacementId(NEIGHBOUR))
    waits().when(elsewhere).then(Refusal.PLACEMENT_UNKNOWN)


@pytest.mark.parametrize("command", [ALL_IS_WELL, IT_ENDS])
def test_a_bridge_that_was_never_arranged_is_unknown(command: BridgingCommand) -> None:
    waits().when(command).then(Refusal.BRIDGE_UNKNOWN)
