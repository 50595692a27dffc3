"""Ladders of refusals: what carries a household meanwhile, and who is called."""

from __future__ import annotations

from datetime import timedelta

from domain.codes import (
    AlarmKind,
    BridgeEnd,
    BridgeKind,
    CheckedBy,
    NeighbourAnswer,
)
from domain.placement.alarms import RaiseAlarm, TakeAlarm
from domain.placement.bridging import (
    ArrangeBridge,
    AskNeighbour,
    CheckBridge,
    EndBridge,
    RecordNeighbourAnswer,
)
from domain.refusals import Refusal
from domain.vocabulary import (
    BridgeId,
    MemberId,
    PlacementId,
)
from tests.domain.refusals.ladder import Ladder, rung
from tests.domain.refusals.worlds import (
    AHEAD,
    ALARMED,
    BRIDGE_OVER,
    CARRIED,
    CARRIED_FOR_DAYS,
    ENDED,
    FAR_AHEAD,
    LATER,
    NEIGHBOUR_ASKED,
    NO_PLACE_AT,
    NOBODY,
    STAYS,
    WAITS,
    WITHDRAWN,
)
from tests.support.night import (
    ASKED,
    BRIDGE,
    NEIGHBOUR,
    SECOND_BRIDGE,
)
from tests.support.spec import NOW, given

R = Refusal
LADDERS = {
    "ask a neighbour": Ladder(
        AskNeighbour(placement_id=ASKED, member_id=NEIGHBOUR, occurred_at=NOW),
        WAITS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.NEIGHBOUR_UNKNOWN, member_id=MemberId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "record what a neighbour said": Ladder(
        RecordNeighbourAnswer(
            placement_id=ASKED, member_id=NEIGHBOUR, answer=NeighbourAnswer.NO, occurred_at=NOW
        ),
        NEIGHBOUR_ASKED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.NEIGHBOUR_NOT_ASKED, member_id=MemberId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, given(NEIGHBOUR_ASKED.history, WITHDRAWN)),
        ),
    ),
    "arrange a bridge": Ladder(
        ArrangeBridge(
            placement_id=ASKED,
            bridge_id=SECOND_BRIDGE,
            kind=BridgeKind.TRUSTED_PERSON,
            checked_by=CheckedBy.CAV,
            check_at=AHEAD,
            until=AHEAD,
            occurred_at=NOW,
        ),
        CARRIED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.CODE_ALREADY_USED, bridge_id=BRIDGE),
            rung(R.BRIDGE_OVER_BEFORE_CHECK, until=NO_PLACE_AT),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.NOT_IN_THE_FUTURE, ENDED, check_at=NOW),
            rung(R.TOO_FAR_AHEAD, ENDED, until=FAR_AHEAD),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "look at a bridge": Ladder(
        CheckBridge(placement_id=ASKED, bridge_id=BRIDGE, holds=True, check_at=AHEAD, occurred_at=NOW),
        CARRIED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.BRIDGE_UNKNOWN, bridge_id=BridgeId(NOBODY)),
            rung(R.BRIDGE_OVER_BEFORE_CHECK, check_at=NOW + timedelta(days=9)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.NOT_IN_THE_FUTURE, check_at=NOW),
            rung(R.TOO_FAR_AHEAD, CARRIED_FOR_DAYS, check_at=NOW + timedelta(days=4)),
            rung(R.PLACEMENT_ENDED, given(CARRIED.history, WITHDRAWN)),
            rung(R.BRIDGE_ALREADY_ENDED, BRIDGE_OVER),
        ),
    ),
    "end a bridge": Ladder(
        EndBridge(placement_id=ASKED, bridge_id=BRIDGE, cause=BridgeEnd.LEFT, occurred_at=NOW),
        CARRIED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.BRIDGE_UNKNOWN, bridge_id=BridgeId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, given(CARRIED.history, WITHDRAWN)),
        ),
    ),
    "raise an alarm": Ladder(
        RaiseAlarm(placement_id=ASKED, kind=AlarmKind.NO_PLACE_YET, due_at=NO_PLACE_AT),
        WAITS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.ALARM_UNKNOWN, due_at=NOW),
        ),
    ),
    "take an alarm": Ladder(
        TakeAlarm(placement_id=ASKED, kind=AlarmKind.NO_PLACE_YET, due_at=NO_PLACE_AT),
        ALARMED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.ALARM_UNKNOWN, due_at=NOW),
            rung(R.PLACEMENT_ENDED, given(ALARMED.history, WITHDRAWN)),
        ),
    ),
}
