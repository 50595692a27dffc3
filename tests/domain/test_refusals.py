"""Every refusal can be met, and where several hold the first of the list is the one returned.

Each ladder is one command at fault in several ways at once; taking the faults away from the first on, each
refusal shows in its turn until the command applies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.codes import (
    ChoiceReason,
    PauseReason,
)
from domain.coordination.moving_on import ChooseAnother
from domain.network import (
    RemoveMember,
)
from domain.placement.commands import (
    ConfirmAcceptance,
    MarkUnanswered,
)
from domain.refusals import Refusal
from domain.shelter import EndAgreement, PauseIntake
from domain.unit import (
    DeclareTerms,
    EndOutsideOccupancy,
)
from domain.vocabulary import (
    DistrictId,
    MemberId,
    OccupancyId,
)
from domain.world import Decision
from tests.domain.refusals import (
    asking,
    contacts,
    ending,
    guarding,
    houses,
    keeping,
    offering,
    preserving,
    waiting,
)
from tests.domain.refusals.worlds import (
    HELD,
    HER_NO,
    LATER,
    NEW_YEAR,
    NOBODY,
    OFFERED,
    SET_UP,
)
from tests.support.night import (
    ASKED,
    HOUSE,
    OFFER,
    OTHER_ROOM,
    ROOM,
)
from tests.support.spec import Scene

R = Refusal
LADDERS = {
    **houses.LADDERS,
    **asking.LADDERS,
    **offering.LADDERS,
    **waiting.LADDERS,
    **ending.LADDERS,
    **contacts.LADDERS,
    **keeping.LADDERS,
    **guarding.LADDERS,
    **preserving.LADDERS,
}
SINGLE: dict[Refusal, Callable[[], object]] = {
    R.OCCUPANCY_UNKNOWN: lambda: (
        SET_UP.when(EndOutsideOccupancy(occupancy_id=OccupancyId(NOBODY), occurred_at=LATER), on=ROOM).decided
    ),
    R.AGREEMENT_UNKNOWN: lambda: (
        SET_UP.when(EndAgreement(district_id=DistrictId(NOBODY), valid_to=NEW_YEAR), on=HOUSE).decided
    ),
    R.TERMS_MALFORMED: lambda: (
        SET_UP.when(
            DeclareTerms(children_most=-1, boys_up_to=None, risk_up_to=None, criteria=()), on=ROOM
        ).decided
    ),
    R.REASON_NEEDED: lambda: (
        HELD.when(ChooseAnother(placement_id=ASKED, units=(OTHER_ROOM,), reason=None)).decided
    ),
    R.CANDIDATE_NOT_ELIGIBLE: lambda: (
        HELD.when(
            ChooseAnother(placement_id=ASKED, units=(OTHER_ROOM,), reason=ChoiceReason.HER_WISH)
        ).decided
    ),
    R.HOLD_NOT_OVERDUE: lambda: OFFERED.when(MarkUnanswered(offer_id=OFFER), on=ASKED).decided,
    R.SHELTER_UNKNOWN: lambda: SET_UP.when(PauseIntake(reason=PauseReason.STAFF), on=NOBODY).decided,
    R.MEMBER_UNKNOWN: lambda: (
        SET_UP.when(RemoveMember(member_id=MemberId(NOBODY), valid_to=NEW_YEAR)).decided
    ),
    R.HOUSE_HAS_NOT_ACCEPTED: lambda: OFFERED.when(ConfirmAcceptance(offer_id=OFFER), on=ASKED).decided,
}


def stopped(scene: Scene) -> Scene:
    return scene.when(HER_NO).done()


@pytest.mark.parametrize("name", LADDERS)
def test_of_several_refusals_the_first_of_the_list_is_returned(name: str) -> None:
    ladder = LADDERS[name]
    order = [one.refusal.value for one in ladder.rungs]
    assert order == sorted(order), "a ladder goes down the list of refusals"
    for index, top in enumerate(ladder.rungs):
        command = ladder.command
        for lower in reversed(ladder.rungs[index:]):
            command = replace(command, **lower.changes)
        scene = top.scene or ladder.scene
        if top.refusal is R.SEARCH_STOPPED_FOR_A_PERSON:
            scene = stopped(scene)
        assert scene.when(command, on=ladder.on).decided is top.refusal


@pytest.mark.parametrize("name", LADDERS)
def test_without_a_fault_the_command_applies(name: str) -> None:
    ladder = LADDERS[name]
    decided = ladder.scene.when(ladder.command, on=ladder.on).decided
    assert isinstance(decided, Decision)
    assert decided.events


@pytest.mark.parametrize("refusal", SINGLE)
def test_a_refusal_of_one_command_alone(refusal: Refusal) -> None:
    assert SINGLE[refusal]() is refusal


def test_every_refusal_can_be_met() -> None:
    met = {one.refusal for ladder in LADDERS.values() for one in ladder.rungs} | SINGLE.keys()
    assert met == set(Refusal)
