"""Every refusal can be met, and where several hold the first of the list is the one returned.

Each ladder is one command at fault in several ways at once; taking the faults away from the first on, each
refusal shows in its turn until the command applies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.codes import DeclineGroup, DischargeOutcome, PauseReason, RefusalGroup
from domain.coordination.answering import AcceptOffer, DeclineOffer, RefuseOffer
from domain.coordination.ending import ReleaseHold, WithdrawConsent
from domain.coordination.reality import RecordOutsideOccupancy
from domain.coordination.requesting import SearchAgain
from domain.coordination.staying import AdmitHousehold, DischargeHousehold
from domain.network import (
    AddDistrict,
    AddMember,
    AdoptPolicy,
    BearNetwork,
    DefineLevel,
    NetworkBorn,
    RemoveMember,
)
from domain.placement.commands import (
    AcceptAsWoman,
    ConfirmAcceptance,
    MarkOfferSeen,
    MarkUnanswered,
    OpenConversation,
    SendOffer,
)
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.shelter import PauseIntake
from domain.unit import (
    EndOutsideOccupancy,
    InventoryOpened,
    OpeningOccupancy,
    OpenInventory,
    PublishAvailability,
)
from domain.vocabulary import (
    AnswerChannel,
    CaseId,
    Channel,
    DistrictId,
    Household,
    LevelFunction,
    LogKind,
    MemberId,
    MemberKind,
    OccupancyId,
    OfferId,
    PlacementId,
    ShelterId,
    Side,
    StayLimit,
)
from domain.world import Decision
from tests.domain.test_shelter import REGISTER as REGISTER_HOUSE
from tests.domain.test_unit import REGISTER as REGISTER_UNIT
from tests.support.night import (
    ASKED,
    CASE,
    DISTRICT,
    GUESTS,
    HOUSE,
    OFFER,
    OTHER_ROOM,
    ROOM,
    SECOND_OFFER,
    ZONES,
    a_house,
    a_house_with_a_room,
    a_network,
    a_room,
    a_stay,
    bed,
    given_back,
    held,
    holding,
    request,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NETWORK, NOW, Scene, given

LATER = NOW + timedelta(seconds=1)
NOBODY = UUID(int=0x99)
NEW_YEAR = date(2026, 1, 1)

NOT_BORN = given()
BORN = given([(NETWORK, NetworkBorn(kind=LogKind.EXERCISE, code="n", time_zone="Europe/Rome"))])
SET_UP = given(a_house_with_a_room())
WAITS = given(SET_UP.history, requested())
HELD = given(WAITS.history, holding())
OFFERED = given(HELD.history, sent())
ACCEPTED = given(OFFERED.history, said_yes())
AGREED = given(ACCEPTED.history, she_said_yes())
STAYS = given(SET_UP.history, a_stay())
ENDED = STAYS.when(
    DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW)
).done()
NO = RefuseOffer(
    placement_id=ASKED,
    offer_id=OFFER,
    channel=AnswerChannel.SCREEN,
    shown=RefusalGroup.SAFETY,
    commitment=None,
    occurred_at=NOW,
)
HER_NO = DeclineOffer(
    placement_id=ASKED, offer_id=OFFER, shown=DeclineGroup.NOT_SAID, commitment=None, occurred_at=NOW
)
YES = AcceptOffer(placement_id=ASKED, offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW)
REFUSED = OFFERED.when(NO).done()
UNCONSENTED = given(SET_UP.history, requested(consented=False), holding())
STOPPED_WITH_A_HOLD = given(
    OFFERED.history,
    a_room(OTHER_ROOM),
    given_back(),
    holding(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM), offer_id=SECOND_OFFER),
)
OVER = given(OFFERED.history, given_back())


@dataclass(frozen=True)
class Rung:
    """With these changes to the command, in this world, it is refused so."""

    refusal: Refusal
    changes: dict[str, Any]
    scene: Scene | None = None


@dataclass(frozen=True)
class Ladder:
    """`command` applies in `scene`; every rung adds its fault to those of the rungs below it."""

    command: Any
    scene: Scene
    rungs: tuple[Rung, ...]
    on: UUID = ASKED


def rung(refusal: Refusal, scene: Scene | None = None, **changes: Any) -> Rung:
    return Rung(refusal, changes, scene)


R = Refusal
LADDERS = {
    "bear a network": Ladder(
        BearNetwork(kind=LogKind.REAL, code="n", time_zone="Europe/Rome"),
        NOT_BORN,
        (rung(R.NETWORK_ALREADY_BORN, BORN), rung(R.CODE_MALFORMED, code="N")),
        NETWORK,
    ),
    "add a district": Ladder(
        AddDistrict(
            district_id=DistrictId(NOBODY), code="two", municipalities=("012070",), valid_from=NEW_YEAR
        ),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.CODE_MALFORMED, code="Two"),
            rung(R.CODE_ALREADY_USED, district_id=DISTRICT),
            rung(R.MUNICIPALITY_ALREADY_ASSIGNED, municipalities=("012026",)),
        ),
        NETWORK,
    ),
    "add a member": Ladder(
        AddMember(member_id=MemberId(NOBODY), kind=MemberKind.CAV, code="cav", valid_from=NEW_YEAR),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.CODE_MALFORMED, code="Cav"),
            rung(R.CODE_ALREADY_USED, code="body"),
        ),
        NETWORK,
    ),
    "define a level": Ladder(
        DefineLevel(code="l9", function=LevelFunction.FIRST_LEVEL, stay_limit=StayLimit(days=1)),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.CODE_MALFORMED, code="L9"),
            rung(R.STAY_LIMIT_MALFORMED, stay_limit=StayLimit()),
        ),
        NETWORK,
    ),
    "adopt a policy": Ladder(
        AdoptPolicy(policy=replace(START_POLICY, version="v2"), valid_from=NEW_YEAR),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.POLICY_MALFORMED, policy=replace(START_POLICY, ranker="rank_0")),
            rung(R.CODE_ALREADY_USED, policy=replace(START_POLICY, offer_minutes_u1=9)),
            rung(R.OCCURRED_IN_THE_FUTURE, valid_from=date(2027, 1, 1)),
        ),
        NETWORK,
    ),
    "register a house": Ladder(
        REGISTER_HOUSE,
        given(a_network()),
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.DISTRICT_UNKNOWN, district_id=DistrictId(NOBODY)),
            rung(R.MEMBER_UNKNOWN, member_id=MemberId(NOBODY)),
            rung(R.CODE_MALFORMED, code="NO"),
            rung(R.CODE_ALREADY_USED, SET_UP),
        ),
        HOUSE,
    ),
    "register a unit": Ladder(
        REGISTER_UNIT,
        given(a_network(), a_house()),
        (
            rung(R.SHELTER_UNKNOWN, shelter_id=ShelterId(NOBODY)),
            rung(R.LEVEL_UNKNOWN, level="l9"),
            rung(R.CODE_MALFORMED, code="NO"),
            rung(R.CODE_ALREADY_USED, SET_UP),
            rung(R.UNIT_WITHOUT_BEDS, places=()),
            rung(R.PLACE_REPEATED, places=REGISTER_UNIT.places * 2),
            rung(R.TOO_FEW_UNSUITABLE_ZONES, unsuitable_zones=ZONES[:1]),
        ),
        ROOM,
    ),
    "open the inventory": Ladder(
        OpenInventory(occupancies=(), observed_at=NOW),
        SET_UP,
        (
            rung(R.UNIT_UNKNOWN, NOT_BORN),
            rung(R.PLACE_UNKNOWN, occupancies=(OpeningOccupancy(occupancy_id=GUESTS, places=()),)),
            rung(
                R.PLACE_REPEATED,
                occupancies=(OpeningOccupancy(occupancy_id=GUESTS, places=(bed(), bed())),),
            ),
            rung(R.OCCURRED_IN_THE_FUTURE, observed_at=LATER),
            rung(
                R.INVENTORY_ALREADY_TAKEN,
                given(HELD.history, [(ROOM, InventoryOpened(occupancies=(), observed_at=NOW))]),
            ),
            rung(
                R.PLACE_CLAIMED,
                HELD,
                occupancies=(OpeningOccupancy(occupancy_id=GUESTS, places=(bed(),)),),
            ),
        ),
        ROOM,
    ),
    "publish availability": Ladder(
        PublishAvailability(open_places=(), observed_at=NOW),
        SET_UP,
        (
            rung(R.UNIT_UNKNOWN, NOT_BORN),
            rung(R.PLACE_UNKNOWN, open_places=(bed(9), bed(9))),
            rung(R.PLACE_REPEATED, open_places=(bed(), bed())),
            rung(R.OCCURRED_IN_THE_FUTURE, observed_at=LATER),
        ),
        ROOM,
    ),
    "record guests from outside": Ladder(
        RecordOutsideOccupancy(unit_id=ROOM, occupancy_id=GUESTS, places=(bed(),), occurred_at=NOW),
        SET_UP,
        (
            rung(R.UNIT_UNKNOWN, NOT_BORN),
            rung(R.PLACE_UNKNOWN, places=()),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
        ),
    ),
    "ask for a place": Ladder(
        request(),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.POLICY_NOT_ADOPTED, BORN),
            rung(R.CASE_UNKNOWN, case_id=CaseId(NOBODY)),
            rung(R.HOUSEHOLD_EMPTY, WAITS, household=Household(adults=0)),
            rung(R.OCCURRED_IN_THE_FUTURE, WAITS, occurred_at=LATER),
            rung(R.CHANNEL_MAY_NOT_REQUEST, WAITS, channel=Channel.OTHER),
            rung(R.CASE_HAS_OPEN_PLACEMENT, WAITS, case_id=CASE),
        ),
        NETWORK,
    ),
    "search again": Ladder(
        SearchAgain(placement_id=ASKED),
        WAITS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.SEARCH_STOPPED_FOR_A_PERSON, STOPPED_WITH_A_HOLD),
            rung(R.HOLD_STANDS, HELD),
        ),
    ),
    "send the offer": Ladder(
        SendOffer(units=(ROOM,)),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, SET_UP),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.CONSENT_NOT_RECORDED, UNCONSENTED),
            rung(R.SEARCH_STOPPED_FOR_A_PERSON, STOPPED_WITH_A_HOLD),
            rung(R.NO_HOLD, WAITS),
            rung(R.CANDIDATE_NOT_HELD, units=()),
        ),
    ),
    "say that they talk": Ladder(
        OpenConversation(offer_id=OFFER, side=Side.HOUSE),
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, SET_UP),
            rung(R.OFFER_UNKNOWN, ENDED, offer_id=OfferId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NOT_SENT, HELD),
            rung(R.OFFER_ALREADY_REFUSED, REFUSED),
            rung(R.OFFER_ALREADY_ACCEPTED, ACCEPTED),
            rung(R.OFFER_NO_LONGER_HELD, OVER),
        ),
    ),
    "see the offer": Ladder(
        MarkOfferSeen(offer_id=OFFER),
        OFFERED,
        (
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.OFFER_NOT_SENT, HELD),
        ),
    ),
    "accept": Ladder(
        YES,
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.OFFER_NOT_SENT, HELD),
            rung(R.OFFER_ALREADY_REFUSED, REFUSED),
        ),
    ),
    "refuse": Ladder(
        NO,
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.CODE_MALFORMED, commitment="words"),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NOT_SENT, HELD),
        ),
    ),
    "decline": Ladder(
        HER_NO,
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.CODE_MALFORMED, commitment="words"),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "her yes": Ladder(
        AcceptAsWoman(proximity_checked_by_voice=True, told=(), occurred_at=NOW),
        ACCEPTED,
        (
            rung(R.PLACEMENT_UNKNOWN, SET_UP),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.NO_HOLD, OVER),
            rung(R.OFFER_NO_LONGER_HELD, STOPPED_WITH_A_HOLD, offer_id=OFFER),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
        ),
    ),
    "arrive": Ladder(
        AdmitHousehold(placement_id=ASKED, occurred_at=NOW),
        AGREED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.NO_HOLD, WAITS),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
            rung(R.WOMAN_HAS_NOT_ACCEPTED, ACCEPTED),
        ),
    ),
    "give back": Ladder(
        ReleaseHold(placement_id=ASKED, offer_id=OFFER),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "withdraw": Ladder(
        WithdrawConsent(placement_id=ASKED, occurred_at=NOW),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "discharge": Ladder(
        DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW),
        STAYS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.NOT_ADMITTED, HELD),
        ),
    ),
}
SINGLE: dict[Refusal, Callable[[], object]] = {
    R.OCCUPANCY_UNKNOWN: lambda: (
        SET_UP.when(EndOutsideOccupancy(occupancy_id=OccupancyId(NOBODY), occurred_at=LATER), on=ROOM).decided
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
