"""Worlds at each step of one request, and the answers given in them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from domain.codes import (
    AlarmKind,
    BridgeEnd,
    DeclineGroup,
    DischargeOutcome,
    PlacementOutcome,
    RefusalGroup,
)
from domain.coordination.answering import AcceptOffer, DeclineOffer, RefuseOffer
from domain.coordination.staying import DischargeHousehold
from domain.network import (
    NetworkBorn,
)
from domain.placement.bridging import (
    EndBridge,
)
from domain.placement.events import AlarmRaised, NeighbourAsked, PlacementEnded
from domain.vocabulary import (
    AnswerChannel,
    AssessorRole,
    Household,
    LogKind,
    RiskAssessment,
    RiskTool,
)
from tests.support.night import (
    ASKED,
    BRIDGE,
    NEIGHBOUR,
    OFFER,
    OTHER_ROOM,
    SECOND_OFFER,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    bridged,
    given_back,
    held,
    holding,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NETWORK, NOW, given

LATER = NOW + timedelta(seconds=1)
EARLIER = NOW - timedelta(hours=2)
"""Before what the rooms were last seen like."""
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
AHEAD = NOW + timedelta(hours=1)
FAR_AHEAD = NOW + timedelta(days=31, seconds=1)
ASSESSED = RiskAssessment(
    tool=RiskTool.DA5, tool_version="1", assessor=AssessorRole.HEALTH_WORKER, assessed_on=NEW_YEAR
)
WITHDRAWN = [(ASKED, PlacementEnded(outcome=PlacementOutcome.CONSENT_WITHDRAWN))]
TWO_ADULTS = given(SET_UP.history, requested(household=Household(adults=2)))
TWO_ADULTS_GONE = given(TWO_ADULTS.history, WITHDRAWN)
CARRIED = given(WAITS.history, bridged())
CARRIED_FOR_DAYS = given(WAITS.history, bridged(until=NOW + timedelta(days=9)))
BRIDGE_OVER = CARRIED.when(
    EndBridge(placement_id=ASKED, bridge_id=BRIDGE, cause=BridgeEnd.TIME_OVER, occurred_at=NOW)
).done()
NEIGHBOUR_ASKED = given(WAITS.history, [(ASKED, NeighbourAsked(member_id=NEIGHBOUR, occurred_at=NOW))])
NO_PLACE_AT = NOW - timedelta(minutes=40)
ALARMED = given(WAITS.history, [(ASKED, AlarmRaised(kind=AlarmKind.NO_PLACE_YET, due_at=NO_PLACE_AT))])
