"""The one function: no by default, the order of its denials, and what is hidden."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from domain.permissions import (
    Action,
    Allowed,
    Denial,
    Denied,
    Facts,
    Relation,
    Role,
    decide,
    may,
    may_keep_from,
)
from domain.permissions.matrix import ANY, CHANNELS, MATRIX
from domain.vocabulary import Channel

_REQUESTERS = (Role.SOCIAL_SERVICE, Role.EMERGENCY_ROOM, Role.POLICE, Role.NEIGHBOUR_DESK)


def _facts(*relations: Relation) -> Facts:
    return Facts(relations=frozenset(relations))


def test_every_action_has_its_line_and_somebody_who_may() -> None:
    assert set(MATRIX) == set(Action)
    assert all(MATRIX[action] for action in Action)


def test_the_program_itself_may_nothing_at_a_door() -> None:
    assert not any(may(Role.ENGINE, action) for action in Action)


def test_no_cell_lets_in_whom_a_conflict_of_interest_keeps_away() -> None:
    cells = [cell for row in MATRIX.values() for cell in row.values()]
    assert all(Relation.RESTRICTED not in cell for cell in cells)
    for action, row in MATRIX.items():
        for role in row:
            verdict = decide(role, action, _facts(*Relation))
            assert verdict == Denied(Denial.CONFLICT_OF_INTEREST, hidden=True), (action, role)


def test_what_no_cell_allows_is_denied_whatever_the_relation() -> None:
    pairs = combinations(ANY, 2)
    for relations in chain(((each,) for each in ANY), pairs):
        for action in Action:
            for role in Role:
                allowed = not MATRIX[action].get(role, frozenset()).isdisjoint(relations)
                assert isinstance(decide(role, action, _facts(*relations)), Allowed) is allowed


def test_a_role_that_may_never_is_told_so_and_nothing_of_the_thing() -> None:
    for relation in Relation:
        verdict = decide(Role.POLICE, Action.COORDINATE_PLACEMENT, _facts(relation))
        assert verdict == Denied(Denial.ROLE, hidden=False)


def test_what_one_may_not_know_of_is_hidden_and_what_one_knows_of_is_not() -> None:
    unknown = decide(Role.COORDINATOR, Action.COORDINATE_PLACEMENT, _facts(Relation.NONE))
    seen = decide(Role.COORDINATOR, Action.COORDINATE_PLACEMENT, _facts(Relation.GLASS))
    assert unknown == Denied(Denial.RELATION, hidden=True)
    assert seen == Denied(Denial.RELATION, hidden=False)


@pytest.mark.parametrize("action", [Action.SEE_PLACEMENTS, Action.SEE_HISTORY, Action.OPEN_VALUES])
def test_the_lead_body_sees_no_single_case_without_glass(action: Action) -> None:
    for relation in ANY:
        allowed = isinstance(decide(Role.LEAD_BODY, action, _facts(relation)), Allowed)
        assert allowed is (relation is Relation.GLASS)


def test_a_house_sees_an_offer_while_it_stands_and_no_longer() -> None:
    stands = {Relation.OFFERED, Relation.ACCEPTED, Relation.STAYED}
    for relation in ANY:
        allowed = isinstance(decide(Role.SHELTER_OPERATOR, Action.SEE_OFFER, _facts(relation)), Allowed)
        assert allowed is (relation in stands)


def test_a_late_yes_can_still_be_said() -> None:
    late = _facts(Relation.FORMERLY_OFFERED)
    assert decide(Role.SHELTER_OPERATOR, Action.ANSWER_ON_SCREEN, late) == Allowed()


def test_no_two_outside_the_coordination_share_a_channel() -> None:
    used = [channel for role in _REQUESTERS for channel in CHANNELS[role]]
    assert len(used) == len(set(used))
    assert set(CHANNELS) == set(MATRIX[Action.REQUEST_PLACEMENT])


def test_a_role_asks_through_its_own_channels_of_those_that_the_network_lists() -> None:
    asks = Action.REQUEST_PLACEMENT
    own, others = Facts(channel=Channel.LAW_ENFORCEMENT), Facts(channel=Channel.CAV)
    unlisted = Facts(channel=Channel.LAW_ENFORCEMENT, listed=frozenset({Channel.CAV}))
    assert decide(Role.POLICE, asks, own) == Allowed()
    assert decide(Role.POLICE, asks, others) == Denied(Denial.CHANNEL_OF_OTHERS, hidden=False)
    assert decide(Role.POLICE, asks, unlisted) == Denied(Denial.CHANNEL_NOT_LISTED, hidden=False)
    assert all(decide(Role.COORDINATOR, asks, Facts(channel=each)) == Allowed() for each in Channel)


def test_a_case_is_hidden_from_nobody_who_looks_at_what_was_done() -> None:
    for by in (Role.COORDINATOR, Role.LEAD_BODY):
        assert not may_keep_from(by, Role.AUDITOR)
        assert not may_keep_from(by, Role.DATA_PROTECTION)
        assert may_keep_from(by, Role.LEAD_BODY) is (by is Role.LEAD_BODY)
        assert may_keep_from(by, Role.COORDINATOR)
        assert may_keep_from(by, None)


def test_an_officer_learns_of_the_hand_over_only_while_bringing_her() -> None:
    for relation in ANY:
        allowed = isinstance(decide(Role.POLICE, Action.SEE_HANDOVER, _facts(relation)), Allowed)
        assert allowed is (relation is Relation.ESCORTING)
