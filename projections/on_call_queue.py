"""The on-call queue: who seeks or holds a place, in the order in which one is owed, and what is awaited next.

One row per open request, folded from the state of its placement alone. Whether a deadline has passed is for
whoever reads it, at their instant. A new kind of deadline joins `_awaited`, a new call for a person `_needs`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.codes import AlarmKind, BridgeKind
from domain.placement.state import Phase, PlacementState
from domain.vocabulary import IntakeMode, LevelFunction, OfferId, PlacementId, Urgency


class DeadlineKind(enum.StrEnum):
    """What is awaited: a coordinator's tap on the offer, the house's answer, the end of a conversation, the
    household's arrival, a look at its bridge, or the bridge's end.
    """

    OFFER_TO_SEND = "OFFER_TO_SEND"
    ANSWER = "ANSWER"
    CONVERSATION = "CONVERSATION"
    ARRIVAL = "ARRIVAL"
    BRIDGE_CHECK = "BRIDGE_CHECK"
    BRIDGE_ENDS = "BRIDGE_ENDS"


class Need(enum.StrEnum):
    """What a person has to do now, as the engine does not do it by itself. Of a hold whose offer was never
    sent nobody is silent, however long ago it was due: it is to be sent.
    """

    DECIDE = "DECIDE"
    SEND_OFFER = "SEND_OFFER"
    ANSWER_SILENCE = "ANSWER_SILENCE"
    ASK_HER = "ASK_HER"
    AGREE_HANDOVER = "AGREE_HANDOVER"
    FIND_HER = "FIND_HER"
    FIND_ANOTHER_WAY = "FIND_ANOTHER_WAY"


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueRow:
    """One open request. `asked_at` is when she asked; `due_at` the nearest deadline, none while nothing runs
    out. `alarms` are those raised that nobody has taken in hand; `bridge` is what carries her meanwhile, and
    `safe_until` counts it.
    """

    KEY: ClassVar[tuple[str, ...]] = ("placement_id",)
    placement_id: PlacementId
    version: int
    phase: Phase
    urgency: Urgency
    level: LevelFunction
    intake_mode: IntakeMode
    household_size: int
    asked_at: datetime
    hold: OfferId | None
    due_kind: DeadlineKind | None
    due_at: datetime | None
    stopped: bool
    needs: Need | None
    alarms: tuple[AlarmKind, ...]
    bridge: BridgeKind | None
    safe_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueLine:
    """A row as it stands at an instant. `overdue`: the deadline has passed; `unsafe`: she was safe where
    she is until an instant that has passed.
    """

    placement_id: PlacementId
    version: int
    phase: Phase
    urgency: Urgency
    level: LevelFunction
    intake_mode: IntakeMode
    household_size: int
    asked_at: datetime
    hold: OfferId | None
    due_kind: DeadlineKind | None
    due_at: datetime | None
    overdue: bool
    stopped: bool
    needs: Need | None
    alarms: tuple[AlarmKind, ...]
    bridge: BridgeKind | None
    safe_until: datetime | None
    unsafe: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OnCallQueue:
    """The queue as of one position of the log and one instant, most urgent and then oldest first. Not
    `complete`: the program could not read on from there, and what happened since is missing.
    """

    position: int
    as_of: datetime
    complete: bool
    items: tuple[QueueLine, ...]


def queue_row(placement_id: PlacementId, state: PlacementState, version: int) -> QueueRow | None:
    """None once the household has arrived or the placement has ended."""
    request = state.request
    if request is None or state.admitted or state.outcome is not None:
        return None
    due_at, due_kind = min(_awaited(state), default=(None, None))
    return QueueRow(
        placement_id=placement_id,
        version=version,
        phase=state.phase,
        urgency=request.urgency,
        level=request.level,
        intake_mode=request.intake_mode,
        household_size=request.household.people,
        asked_at=request.occurred_at,
        hold=state.hold,
        due_kind=due_kind,
        due_at=due_at,
        stopped=state.stopped,
        needs=_needs(state),
        alarms=tuple(sorted({alarm.kind for alarm, taken in state.alarms.items() if not taken})),
        bridge=state.bridge.kind if state.bridge is not None else None,
        safe_until=state.safe_until,
    )


def on_call_queue(rows: Iterable[QueueRow], position: int, now: datetime, *, complete: bool) -> OnCallQueue:
    ordered = sorted(rows, key=lambda row: (row.urgency, row.asked_at, row.placement_id))
    lines = tuple(_line(row, now) for row in ordered)
    return OnCallQueue(position=position, as_of=now, complete=complete, items=lines)


def _line(row: QueueRow, now: datetime) -> QueueLine:
    return QueueLine(
        placement_id=row.placement_id,
        version=row.version,
        phase=row.phase,
        urgency=row.urgency,
        level=row.level,
        intake_mode=row.intake_mode,
        household_size=row.household_size,
        asked_at=row.asked_at,
        hold=row.hold,
        due_kind=row.due_kind,
        due_at=row.due_at,
        overdue=row.due_at is not None and now > row.due_at,
        stopped=row.stopped,
        needs=row.needs,
        alarms=row.alarms,
        bridge=row.bridge,
        safe_until=row.safe_until,
        unsafe=row.safe_until is not None and now > row.safe_until,
    )


def _awaited(state: PlacementState) -> Iterator[tuple[datetime, DeadlineKind]]:
    """Everything with a deadline now."""
    if state.bridge is not None:
        yield state.bridge.until, DeadlineKind.BRIDGE_ENDS
        if state.bridge.check_at is not None:
            yield state.bridge.check_at, DeadlineKind.BRIDGE_CHECK
    if state.handover is not None:
        yield state.handover.expected_at, DeadlineKind.ARRIVAL
    held = state.held
    if held is None or held.answer_due_at is None:
        return
    if held.conversation_until is not None and held.conversation_until >= held.deadline:
        yield held.answer_due_at, DeadlineKind.CONVERSATION
    else:
        yield held.answer_due_at, DeadlineKind.ANSWER if held.sent else DeadlineKind.OFFER_TO_SEND


def _needs(state: PlacementState) -> Need | None:
    held = state.held
    if held is not None and held.unanswered and state.phase is not Phase.HELD:
        return Need.ANSWER_SILENCE
    if state.not_arrived:
        return Need.FIND_HER
    match state.phase:
        case Phase.STOPPED:
            return Need.DECIDE
        case Phase.WAITING if state.bridge is None:
            return Need.FIND_ANOTHER_WAY
        case Phase.HELD:
            return Need.SEND_OFFER
        case Phase.ACCEPTED_BY_HOUSE:
            return Need.ASK_HER
        case Phase.ACCEPTED_BY_BOTH if state.handover is None:
            return Need.AGREE_HANDOVER
    return None
