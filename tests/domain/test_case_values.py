"""Values kept for her: what an opening shows, for whom and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.case import CaseValueKept, CaseValuesOpened, CaseValueWithdrawn
from domain.case.keeping import (
    CODES,
    MOST_OPENINGS,
    OF_CASE,
    OPENED_FOR,
    KeepCaseValues,
    OpenCaseValues,
    WithdrawCaseValues,
)
from domain.kept import OpeningPurpose, ValueKind
from domain.permissions import Relation, Role
from domain.permissions.opening import OPENS, opens
from domain.refusals import Refusal
from tests.domain.refusals.keeping import (
    BROKEN,
    CALL,
    CODE,
    HOURS,
    KEPT,
    MAY,
    NOTES,
    NUMBER,
    OTHER,
    TOLD,
    UNDERSTAND,
    WORN_OUT,
    kept,
    opened,
)
from tests.support.night import CASE
from tests.support.spec import NOW, given

EVERY_RELATION = frozenset(Relation) - {Relation.RESTRICTED}


def test_a_value_kept_twice_is_kept_once_and_another_takes_its_place() -> None:
    scene = KEPT.when(KeepCaseValues(values=((ValueKind.NOTES, OTHER),)), on=CASE).done()
    assert scene.told(CASE)[-1] == CaseValueKept(kind=ValueKind.NOTES, commitment=OTHER)


def test_what_is_taken_back_is_named_and_what_is_not_there_is_nothing() -> None:
    withdrawing = WithdrawCaseValues(kinds=(ValueKind.MAY_CALL, ValueKind.ALIAS, ValueKind.MAY_CALL))
    scene = KEPT.when(withdrawing, on=CASE).done()
    assert scene.told(CASE)[-1] == CaseValueWithdrawn(kind=ValueKind.MAY_CALL, commitment=MAY)
    assert scene.when(CALL, on=CASE).decided is Refusal.NOT_TO_BE_CALLED


def test_nobody_sees_the_number_without_how_it_is_safe() -> None:
    scene = KEPT.when(CALL, on=CASE).creates()
    assert scene.told(CASE)[-1] == CaseValuesOpened(
        commitments=(NUMBER, MAY, HOURS), purpose=OpeningPurpose.CALL_HER
    )


def test_each_opening_is_an_event_of_its_own() -> None:
    scene = KEPT.when(CALL, on=CASE).creates().when(CALL, on=CASE).creates()
    assert scene.case(CASE).openings == {NUMBER: 2, MAY: 2, HOURS: 2}


def test_the_limit_counts_one_kept_value_and_a_new_one_begins_anew() -> None:
    almost = given(KEPT.history, opened(NUMBER, MOST_OPENINGS - 1))
    assert not isinstance(almost.when(CALL, on=CASE).decided, Refusal)
    assert WORN_OUT.when(CALL, on=CASE).decided is Refusal.OPENED_TOO_OFTEN
    asked_anew = given(WORN_OUT.history, kept(callback_contact=OTHER))
    assert not isinstance(asked_anew.when(CALL, on=CASE).decided, Refusal)


def test_the_limit_does_not_stop_who_broke_the_glass_while_it_is_broken() -> None:
    broken = given(WORN_OUT.history, BROKEN)
    assert not isinstance(broken.when(CALL, on=CASE).decided, Refusal)
    other = replace(CALL, actor=CASE)
    assert broken.when(other, on=CASE).decided is Refusal.OPENED_TOO_OFTEN
    assert broken.when(CALL, on=CASE, at=NOW + timedelta(hours=2)).decided is Refusal.OPENED_TOO_OFTEN


def test_the_true_code_is_opened_on_the_case() -> None:
    scene = TOLD.when(UNDERSTAND).creates()
    assert scene.told(CASE)[-1] == CaseValuesOpened(commitments=(CODE,), purpose=OpeningPurpose.UNDERSTAND_NO)


def test_notes_are_not_needed_to_call_her() -> None:
    notes = OpenCaseValues(kinds=(ValueKind.NOTES,), purpose=OpeningPurpose.PREPARE_ARRIVAL, actor=CASE)
    scene = KEPT.when(notes, on=CASE).creates()
    assert scene.told(CASE)[-1] == CaseValuesOpened(
        commitments=(NOTES,), purpose=OpeningPurpose.PREPARE_ARRIVAL
    )


class TestWhoOpensWhat:
    """`domain.permissions.opening`."""

    def test_the_coordination_never_opens_a_true_code(self) -> None:
        for purpose in OpeningPurpose:
            assert CODES.isdisjoint(opens(Role.COORDINATOR, EVERY_RELATION, purpose))

    def test_an_escort_learns_the_hand_over_point_and_nothing_else(self) -> None:
        escorting = frozenset({Relation.ESCORTING})
        seen = {kind for purpose in OpeningPurpose for kind in opens(Role.POLICE, escorting, purpose)}
        assert seen == {ValueKind.HANDOVER_POINT}

    def test_a_house_opens_nothing_before_it_has_said_yes_and_never_the_notes(self) -> None:
        before = EVERY_RELATION - {Relation.ENTRUSTED}
        accepted = frozenset({Relation.ACCEPTED, Relation.ENTRUSTED})
        for purpose in OpeningPurpose:
            assert opens(Role.SHELTER_OPERATOR, before, purpose) == frozenset()
            assert ValueKind.NOTES not in opens(Role.SHELTER_OPERATOR, accepted, purpose)
        assert ValueKind.CALLBACK_CONTACT in opens(Role.SHELTER_OPERATOR, accepted, OpeningPurpose.CALL_HER)

    @pytest.mark.parametrize("role", Role)
    def test_with_a_conflict_of_interest_nobody_opens_anything(self, role: Role) -> None:
        for purpose in OpeningPurpose:
            assert opens(role, frozenset(Relation), purpose) == frozenset()

    @pytest.mark.parametrize("role", [role for role in Role if role not in OPENS])
    def test_a_role_that_is_not_named_opens_nothing(self, role: Role) -> None:
        for purpose in OpeningPurpose:
            assert opens(role, EVERY_RELATION, purpose) == frozenset()

    @pytest.mark.parametrize("role", Role)
    def test_nobody_is_shown_more_than_the_purpose_needs(self, role: Role) -> None:
        for purpose in OpeningPurpose:
            assert opens(role, EVERY_RELATION, purpose) <= OPENED_FOR.get(purpose, frozenset())

    def test_every_value_of_a_case_can_be_opened_by_somebody(self) -> None:
        seen = {
            kind
            for role in Role
            for purpose in OpeningPurpose
            for kind in opens(role, EVERY_RELATION, purpose)
        }
        assert seen == OF_CASE | CODES
