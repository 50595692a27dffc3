"""What carries a household while no place is found: neighbouring desks asked, bridges arranged and looked
after.

Commands and what follows from them for one placement alone. Whether a desk is known is read from the network
by `domain.coordination.bridging`, which the doors call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import BridgeEnd, BridgeKind, CheckedBy, NeighbourAnswer
from domain.horizon import is_too_far, is_too_far_to_wait
from domain.placement.events import (
    BridgeArranged,
    BridgeChecked,
    BridgeEnded,
    NeighbourAnswered,
    NeighbourAsked,
    PlacementEvent,
)
from domain.placement.standing import Bridge
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import BridgeId, MemberId, NewId, PlacementId

Answer = tuple[PlacementEvent, ...] | Refusal

# --- Commands -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class AskNeighbour:
    """A neighbouring network's desk is asked for a place."""

    placement_id: PlacementId
    member_id: MemberId
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordNeighbourAnswer:
    placement_id: PlacementId
    member_id: MemberId
    answer: NeighbourAnswer
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrangeBridge:
    """Something carries the household `until` then at the latest; `bridge_id` None: a new id. Whoever
    `checked_by` names looks at `check_at`. The request stays open.
    """

    placement_id: PlacementId
    bridge_id: BridgeId | None
    kind: BridgeKind
    checked_by: CheckedBy
    check_at: datetime
    until: datetime
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckBridge:
    """Somebody looked; `check_at` is when the next look is due, if one is."""

    placement_id: PlacementId
    bridge_id: BridgeId
    holds: bool
    check_at: datetime | None
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class EndBridge:
    placement_id: PlacementId
    bridge_id: BridgeId
    cause: BridgeEnd
    occurred_at: datetime


BridgingCommand = AskNeighbour | RecordNeighbourAnswer | ArrangeBridge | CheckBridge | EndBridge

# --- decide -------------------------------------------------------------------------------------------------


def decide(command: BridgingCommand, state: PlacementState, now: datetime, new_id: NewId) -> Answer:
    """Refuses: PLACEMENT_UNKNOWN, BRIDGE_UNKNOWN, NEIGHBOUR_NOT_ASKED, CODE_ALREADY_USED (the id of another
    bridge), BRIDGE_OVER_BEFORE_CHECK, OCCURRED_IN_THE_FUTURE, NOT_IN_THE_FUTURE (a look due before the bridge
    was arranged or the last look was taken), TOO_FAR_AHEAD, PLACEMENT_ENDED, ALREADY_ADMITTED,
    BRIDGE_ALREADY_ENDED.
    """
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if (refusal := _named_wrongly(command, state) or _timed_wrongly(command, state, now)) is not None:
        return refusal
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    match command:
        case AskNeighbour():
            return _ask_neighbour(command, state)
        case RecordNeighbourAnswer(member_id=member_id, answer=answer):
            said = NeighbourAnswered(member_id=member_id, answer=answer, occurred_at=command.occurred_at)
            return () if state.neighbours[member_id] is answer else (said,)
        case ArrangeBridge():
            return _arrange(command, state, new_id)
        case CheckBridge():
            return _check(command, state.bridges[command.bridge_id])
        case EndBridge():
            return _end(command, state.bridges[command.bridge_id])


def _named_wrongly(command: BridgingCommand, state: PlacementState) -> Refusal | None:
    match command:
        case AskNeighbour():
            return None
        case RecordNeighbourAnswer(member_id=member_id):
            return None if member_id in state.neighbours else Refusal.NEIGHBOUR_NOT_ASKED
        case ArrangeBridge(bridge_id=bridge_id):
            taken = bridge_id is not None and bridge_id in state.bridges
            return Refusal.CODE_ALREADY_USED if taken and not _stands_already(command, state) else None
        case CheckBridge(bridge_id=bridge_id) | EndBridge(bridge_id=bridge_id):
            return None if bridge_id in state.bridges else Refusal.BRIDGE_UNKNOWN


def _timed_wrongly(command: BridgingCommand, state: PlacementState, now: datetime) -> Refusal | None:
    """A look that is past by now may be named by a late entry: it must only follow what was arranged."""
    until, check_at = _span(command, state)
    if until is not None and check_at is not None and check_at > until:
        return Refusal.BRIDGE_OVER_BEFORE_CHECK
    if command.occurred_at > now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if check_at is not None and check_at <= command.occurred_at:
        return Refusal.NOT_IN_THE_FUTURE
    return Refusal.TOO_FAR_AHEAD if _too_far(command, state) else None


def _too_far(command: BridgingCommand, state: PlacementState) -> bool:
    assert state.request is not None, "only a placement that was asked for is bridged"
    until = command.until if isinstance(command, ArrangeBridge) else None
    check_at = _span(command, state)[1]
    said_at = command.occurred_at
    return is_too_far(until, said_at) or is_too_far_to_wait(check_at, said_at, state.request.urgency)


def _span(command: BridgingCommand, state: PlacementState) -> tuple[datetime | None, datetime | None]:
    """Until when the bridge carries at the latest, and when somebody looks next."""
    match command:
        case ArrangeBridge(until=until, check_at=check_at):
            return until, check_at
        case CheckBridge(bridge_id=bridge_id, check_at=check_at):
            return state.bridges[bridge_id].until, check_at
        case _:
            return None, None


def _ask_neighbour(command: AskNeighbour, state: PlacementState) -> Answer:
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if command.member_id in state.neighbours and state.neighbours[command.member_id] is None:
        return ()
    return (NeighbourAsked(member_id=command.member_id, occurred_at=command.occurred_at),)


def _arrange(command: ArrangeBridge, state: PlacementState, new_id: NewId) -> Answer:
    """The bridge that stood until now is over: a household is in one place at a time."""
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if _stands_already(command, state):
        return ()
    arranged = BridgeArranged(
        bridge_id=command.bridge_id or BridgeId(new_id()),
        kind=command.kind,
        checked_by=command.checked_by,
        check_at=command.check_at,
        until=command.until,
        occurred_at=command.occurred_at,
    )
    before = state.bridge
    if before is None:
        return (arranged,)
    replaced = BridgeEnded(
        bridge_id=before.bridge_id, cause=BridgeEnd.REPLACED, occurred_at=command.occurred_at
    )
    return replaced, arranged


def _stands_already(command: ArrangeBridge, state: PlacementState) -> bool:
    """Whether this very bridge was arranged: by its id, or, without one, by all that is said of it."""
    known = state.bridge if command.bridge_id is None else state.bridges.get(command.bridge_id)
    if known is None:
        return False
    same = (known.kind, known.checked_by, known.until) == (command.kind, command.checked_by, command.until)
    return same and (command.bridge_id is not None or known.check_at == command.check_at)


def _check(command: CheckBridge, bridge: Bridge) -> Answer:
    """A bridge that carries no longer is over with the look that found it so."""
    check_at = command.check_at if command.holds else None
    if (bridge.checked_at, bridge.check_at) == (command.occurred_at, check_at):
        return ()
    if not bridge.stands:
        return Refusal.BRIDGE_ALREADY_ENDED
    looked = BridgeChecked(
        bridge_id=bridge.bridge_id,
        holds=command.holds,
        check_at=check_at,
        occurred_at=command.occurred_at,
    )
    if command.holds:
        return (looked,)
    cause = BridgeEnd.NO_LONGER_POSSIBLE
    return looked, BridgeEnded(bridge_id=bridge.bridge_id, cause=cause, occurred_at=command.occurred_at)


def _end(command: EndBridge, bridge: Bridge) -> Answer:
    if not bridge.stands:
        return ()
    return (BridgeEnded(bridge_id=bridge.bridge_id, cause=command.cause, occurred_at=command.occurred_at),)
