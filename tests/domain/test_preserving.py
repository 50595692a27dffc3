"""What is preserved of a case and what is destroyed: two persons, no legal hold, and nothing by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.case import (
    CaseKeyDestroyed,
    LegalHoldLifted,
    LegalHoldPlaced,
    ShreddingApproved,
    ShreddingProposed,
    ShreddingRejected,
)
from domain.case.keeping import KeepCaseValues, OpenCaseValues
from domain.case.preserving import (
    ConfirmKeyDestroyed,
    LiftLegalHold,
    ProposeShredding,
    RejectShredding,
    is_reference,
)
from domain.kept import OpeningPurpose, ValueKind
from domain.refusals import Refusal
from domain.vocabulary import LegalHoldId, ShreddingId
from domain.world import Decision
from tests.domain.refusals.preserving import (
    AN_APPROVAL,
    APPROVE,
    APPROVED,
    DESTROYED,
    FIRST,
    HOLD,
    LIFT,
    PLACE,
    PROPOSE,
    PROPOSED,
    SECOND,
    SHREDDING,
    UNDER_HOLD,
)
from tests.domain.refusals.worlds import ENDED
from tests.support.night import CASE
from tests.support.spec import fresh, given

R = Refusal


def test_a_hold_is_placed_each_time_somebody_asks_for_one_and_each_is_lifted_by_itself() -> None:
    once = ENDED.when(PLACE, on=CASE).creates()
    placed = LegalHoldPlaced(
        hold_id=LegalHoldId(fresh(1)), asked_by=PLACE.asked_by, reference=PLACE.reference
    )
    assert once.told(CASE)[-1] == placed
    twice = once.when(PLACE, on=CASE, ids=1).creates()
    assert len(twice.case(CASE).legal_holds) == 2
    lift = LiftLegalHold(hold_id=placed.hold_id, reference="2033/1")
    lifted = twice.when(lift, on=CASE).then_alone(
        LegalHoldLifted(hold_id=placed.hold_id, reference="2033/1"), again=R.LEGAL_HOLD_UNKNOWN
    )
    assert lifted.when(PROPOSE, on=CASE).decided is R.LEGAL_HOLD_STANDS


def test_a_destruction_takes_two_persons_and_then_the_programs_own_word() -> None:
    proposed = ENDED.when(PROPOSE, on=CASE).creates()
    shredding = ShreddingId(fresh(1))
    assert proposed.told(CASE)[-1] == ShreddingProposed(
        shredding_id=shredding, proposed_by=FIRST, decision="2041/12", archive_authorisation="2041/3"
    )
    approve = replace(APPROVE, shredding_id=shredding)
    assert proposed.when(replace(approve, actor=FIRST), on=CASE).decided is R.SAME_PERSON
    approved = proposed.when(approve, on=CASE).then_alone(
        ShreddingApproved(shredding_id=shredding, approved_by=SECOND)
    )
    approved.when(ConfirmKeyDestroyed(shredding_id=shredding), on=CASE).then_alone(
        CaseKeyDestroyed(shredding_id=shredding)
    )


def test_a_record_that_is_not_administrative_needs_no_archive_authority() -> None:
    own = ProposeShredding(actor=FIRST, decision="2041/9", administrative=False, archive_authorisation=None)
    assert isinstance(ENDED.when(own, on=CASE).decided, Decision)


def test_a_hold_that_comes_between_proposal_and_approval_stops_it_until_it_is_lifted() -> None:
    held = given(PROPOSED.history, UNDER_HOLD.history[len(ENDED.history) :])
    assert held.when(APPROVE, on=CASE).decided is R.LEGAL_HOLD_STANDS
    lifted = held.when(LIFT, on=CASE).done(again=R.LEGAL_HOLD_UNKNOWN)
    lifted.when(APPROVE, on=CASE).done()
    assert not lifted.case(CASE).legal_holds
    assert HOLD not in lifted.case(CASE).legal_holds


def test_a_rejected_proposal_is_over_and_another_may_follow() -> None:
    rejecting = RejectShredding(shredding_id=SHREDDING)
    after = PROPOSED.when(rejecting, on=CASE).then_alone(
        ShreddingRejected(shredding_id=SHREDDING), again=R.SHREDDING_UNKNOWN
    )
    assert after.when(APPROVE, on=CASE).decided is R.SHREDDING_UNKNOWN
    assert isinstance(after.when(PROPOSE, on=CASE).decided, Decision)


@pytest.mark.parametrize("scene", [APPROVED, DESTROYED], ids=["approved", "destroyed"])
def test_from_the_approval_on_nothing_is_kept_opened_held_or_proposed(scene: object) -> None:
    keep = KeepCaseValues(values=((ValueKind.ALIAS, "aa" * 32),))
    look = OpenCaseValues(kinds=(ValueKind.NOTES,), purpose=OpeningPurpose.PREPARE_ARRIVAL, actor=FIRST)
    for command in (keep, look, PLACE, PROPOSE):
        assert scene.when(command, on=CASE).decided is R.KEY_DESTROYED  # type: ignore[attr-defined]


def test_what_happened_stays_told_without_who_she_was() -> None:
    assert DESTROYED.case(CASE).placements == ENDED.case(CASE).placements
    assert DESTROYED.case(CASE).destroyed
    assert not DESTROYED.case(CASE).values
    assert AN_APPROVAL[0] in DESTROYED.history


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("2026/0001234", True),
        ("1999/1", True),
        ("2026/", False),
        ("3026/1", False),
        ("2026/1234567890", False),
        ("2026/12 Maria", False),
        ("2026-12", False),
        ("2026/1\n", False),
        ("２０２６/1", False),
    ],
)
def test_a_reference_is_a_register_number_and_has_no_room_for_anything_else(text: str, is_one: bool) -> None:
    assert is_reference(text) is is_one
