"""What was entered wrongly is declared wrong, and stays; what is asked again; what was not really free."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.codes import AskAgainReason, CorrectionReason, RefusalGroup
from domain.coordination.answering import RefuseOffer
from domain.coordination.asking_again import AllowAskingAgain
from domain.coordination.correcting import CorrectEntry
from domain.coordination.ending import WithdrawConsent
from domain.coordination.requesting import SearchAgain
from domain.placement.events import EntryCorrected, MayBeAskedAgain
from domain.refusals import Refusal
from domain.vocabulary import AnswerChannel, PlacementId
from tests.support.night import (
    ASKED,
    HOUR,
    OFFER,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    a_house_with_a_room,
    a_stay,
    holding,
    requested,
    sent,
)
from tests.support.spec import NOW, Scene, given, minutes

WRONG_HOUR = CorrectEntry(
    placement_id=ASKED, version=1, reason=CorrectionReason.WRONG_TIME, true_occurred_at=NOW - 2 * HOUR
)
ASK_AGAIN = AllowAskingAgain(placement_id=ASKED, units=(ROOM,), reason=AskAgainReason.HOUSE_CHANGED_ITS_MIND)
NO = RefuseOffer(
    placement_id=ASKED,
    offer_id=OFFER,
    channel=AnswerChannel.TELEPHONE,
    shown=RefusalGroup.NOT_NOW,
    commitment=None,
    occurred_at=NOW,
)


def waits() -> Scene:
    return given(a_house_with_a_room(), requested())


def refused() -> Scene:
    return given(waits().history, holding(), sent()).when(NO).done()


def test_an_entry_declared_wrong_stays_and_is_known_to_be_wrong() -> None:
    before = waits()
    after = before.when(WRONG_HOUR).then_on(
        ASKED,
        EntryCorrected(version=1, reason=CorrectionReason.WRONG_TIME, true_occurred_at=NOW - 2 * HOUR),
    )
    assert after.told(ASKED)[:2] == before.told(ASKED)
    assert after.placement(ASKED).corrected == {1}
    assert after.placement(ASKED).request == before.placement(ASKED).request


def test_an_entry_may_be_corrected_otherwise_and_a_correction_corrected() -> None:
    once = waits().when(WRONG_HOUR).done()
    twice = once.when(replace(WRONG_HOUR, true_occurred_at=NOW - 3 * HOUR)).done()
    thrice = twice.when(
        replace(WRONG_HOUR, version=3, reason=CorrectionReason.ENTERED_TWICE, true_occurred_at=None)
    ).done()
    assert thrice.placement(ASKED).corrected == {1, 3}


@pytest.mark.parametrize("reason", CorrectionReason)
def test_a_true_time_goes_with_a_wrong_time_and_with_that_alone(reason: CorrectionReason) -> None:
    with_time = replace(WRONG_HOUR, reason=reason)
    without = replace(WRONG_HOUR, reason=reason, true_occurred_at=None)
    if reason is CorrectionReason.WRONG_TIME:
        waits().when(with_time).done()
        waits().when(without).then(Refusal.CODE_MALFORMED)
    else:
        waits().when(without).done()
        waits().when(with_time).then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize("version", [0, -1, 3, 99])
def test_only_an_entry_that_is_there_is_corrected(version: int) -> None:
    waits().when(replace(WRONG_HOUR, version=version)).then(Refusal.ENTRY_UNKNOWN)
    waits().when(replace(WRONG_HOUR, version=2)).done()


def test_also_what_has_ended_is_corrected() -> None:
    ended = waits().when(WithdrawConsent(placement_id=ASKED, occurred_at=NOW)).done()
    ended.when(WRONG_HOUR).done()


def test_nothing_truly_happened_tomorrow() -> None:
    ahead = replace(WRONG_HOUR, true_occurred_at=NOW + minutes(1))
    waits().when(ahead).then(Refusal.OCCURRED_IN_THE_FUTURE)


@pytest.mark.parametrize("reason", AskAgainReason)
def test_a_house_that_said_no_is_asked_again_only_after_a_person_said_that_it_may(
    reason: AskAgainReason,
) -> None:
    alone = refused().when(SearchAgain(placement_id=ASKED)).done()
    assert alone.placement(ASKED).hold is None
    allowed = (
        refused()
        .when(replace(ASK_AGAIN, reason=reason))
        .then_on(ASKED, MayBeAskedAgain(units=(ROOM,), reason=reason))
    )
    found = allowed.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    assert found.unit(ROOM).taken


def test_units_that_nobody_ruled_out_are_left_out() -> None:
    refused().when(replace(ASK_AGAIN, units=(OTHER_ROOM, ROOM, ROOM))).then_on(
        ASKED, MayBeAskedAgain(units=(ROOM,), reason=ASK_AGAIN.reason)
    )
    refused().when(replace(ASK_AGAIN, units=(OTHER_ROOM,))).then({})


def test_nobody_is_asked_again_for_who_has_arrived_or_left() -> None:
    given(a_house_with_a_room(), a_stay()).when(ASK_AGAIN).then(Refusal.ALREADY_ADMITTED)
    ended = refused().when(WithdrawConsent(placement_id=ASKED, occurred_at=NOW)).done()
    ended.when(ASK_AGAIN).then(Refusal.PLACEMENT_ENDED)


@pytest.mark.parametrize("command", [WRONG_HOUR, ASK_AGAIN])
def test_of_an_unknown_placement_nothing_is_entered(command: CorrectEntry | AllowAskingAgain) -> None:
    elsewhere = replace(command, placement_id=PlacementId(RIVAL))
    waits().when(elsewhere).then(Refusal.PLACEMENT_UNKNOWN)
