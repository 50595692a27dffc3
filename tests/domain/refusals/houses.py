"""Ladders of refusals: network, houses and units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.coordination.reality import RecordOutsideOccupancy
from domain.network import (
    AddDistrict,
    AddMember,
    AdoptPolicy,
    BearNetwork,
    DefineLevel,
)
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.unit import (
    CorrectAvailability,
    InventoryOpened,
    OpeningOccupancy,
    OpenInventory,
    PublishAvailability,
)
from domain.vocabulary import (
    DistrictId,
    LevelFunction,
    LogKind,
    MemberId,
    MemberKind,
    ShelterId,
    StayLimit,
    ZoneId,
)
from tests.domain.refusals.ladder import Ladder, rung
from tests.domain.refusals.worlds import (
    BORN,
    EARLIER,
    HELD,
    LATER,
    NEW_YEAR,
    NOBODY,
    NOT_BORN,
    SET_UP,
)
from tests.domain.test_shelter import REGISTER as REGISTER_HOUSE
from tests.domain.test_unit import REGISTER as REGISTER_UNIT
from tests.support.night import (
    DISTRICT,
    GUESTS,
    HOUSE,
    ROOM,
    ZONES,
    a_house,
    a_network,
    bed,
)
from tests.support.spec import NETWORK, NOW, given

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
            rung(R.ZONE_UNKNOWN, unsuitable_zones=(ZoneId(NOBODY),)),
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
            rung(R.OLDER_THAN_KNOWN, observed_at=EARLIER),
        ),
        ROOM,
    ),
    "correct what is open": Ladder(
        CorrectAvailability(open_places=(), observed_at=NOW),
        HELD,
        (
            rung(R.UNIT_UNKNOWN, NOT_BORN),
            rung(R.PLACE_UNKNOWN, open_places=(bed(9), bed(9))),
            rung(R.PLACE_REPEATED, open_places=(bed(), bed())),
            rung(R.OCCURRED_IN_THE_FUTURE, observed_at=LATER),
            rung(R.OLDER_THAN_KNOWN, observed_at=EARLIER),
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
}
