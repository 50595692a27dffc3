"""Who asks what is known of a person: recorded, read to be answered, answered once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.codes import InquiryAsker, InquiryOutcome
from domain.inquiry import InquiryDecided, InquiryReceived, InquiryValueKept, InquiryValuesOpened, OpenInquiry
from domain.kept import OpeningPurpose, ValueKind
from domain.refusals import Refusal
from tests.domain.refusals.preserving import DECIDE, DETAILS, INQUIRY, RECEIVE, RECEIVED
from tests.domain.refusals.worlds import ENDED
from tests.support.spec import given

R, OUT = Refusal, InquiryOutcome


def test_the_log_learns_who_asks_by_a_code_and_a_number_and_nothing_of_whom() -> None:
    ENDED.when(RECEIVE, on=INQUIRY).then_alone(
        InquiryReceived(asker=InquiryAsker.CO_PARENT, reference="2030/5"),
        InquiryValueKept(kind=ValueKind.INQUIRY_DETAILS, commitment=DETAILS),
        again=R.INQUIRY_ALREADY_RECEIVED,
    )


def test_each_reading_is_recorded() -> None:
    look = OpenInquiry(purpose=OpeningPurpose.ANSWER_INQUIRY)
    twice = RECEIVED.when(look, on=INQUIRY).creates().when(look, on=INQUIRY).creates()
    opened = InquiryValuesOpened(commitments=(DETAILS,), purpose=OpeningPurpose.ANSWER_INQUIRY)
    assert twice.told(INQUIRY)[-2:] == (opened, opened)


def test_an_inquiry_is_answered_once() -> None:
    answered = RECEIVED.when(DECIDE, on=INQUIRY).then_alone(
        InquiryDecided(outcome=OUT.NOTHING_TO_SAY, reference="2030/6")
    )
    other = replace(DECIDE, reference="2030/7")
    assert answered.when(other, on=INQUIRY).decided is R.INQUIRY_ALREADY_DECIDED


HERS = {InquiryAsker.HERSELF, InquiryAsker.HER_LAWYER}


@pytest.mark.parametrize("asker", InquiryAsker)
def test_what_is_known_of_her_goes_to_her_or_her_lawyer_and_to_an_authority_by_law(
    asker: InquiryAsker,
) -> None:
    received = given([(INQUIRY, InquiryReceived(asker=asker, reference="2030/5"))])
    may = {
        outcome
        for outcome in InquiryOutcome
        if received.when(replace(DECIDE, outcome=outcome), on=INQUIRY).decided is not R.OUTCOME_NOT_FOR_ASKER
    }
    assert {OUT.NOTHING_TO_SAY, OUT.ASKER_NOT_IDENTIFIED} <= may
    assert (OUT.GIVEN_TO_HER in may) is (asker in HERS)
    assert (OUT.SENT_TO_AUTHORITY in may) is (asker is InquiryAsker.AUTHORITY)


def test_nothing_in_an_inquirys_events_names_a_case_a_placement_or_a_house() -> None:
    """What no event has a field for, no door can join."""
    for kind in (InquiryReceived, InquiryValueKept, InquiryValuesOpened, InquiryDecided):
        for field in kind.__dataclass_fields__.values():
            assert "Id" not in str(field.type), (kind, field.name)
