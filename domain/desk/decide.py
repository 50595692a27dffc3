"""What follows from a command to a desk. Already done is no events; an opening is one each time."""

from __future__ import annotations

from collections.abc import Mapping

from domain.codes import DeskKind
from domain.desk.commands import CloseDesk, DeskCommand, KeepDeskValues, OpenDesk, OpenDeskValues
from domain.desk.events import DeskClosed, DeskEvent, DeskOpened, DeskValueKept, DeskValuesOpened
from domain.desk.state import DeskState
from domain.kept import OpeningPurpose, ValueKind, is_commitment
from domain.refusals import Refusal
from domain.vocabulary import is_code

Answer = tuple[DeskEvent, ...] | Refusal

KEEPS: Mapping[DeskKind, ValueKind] = {
    DeskKind.COORDINATION: ValueKind.ON_CALL_NUMBER,
    DeskKind.HOUSE: ValueKind.ON_CALL_NUMBER,
    DeskKind.SERVICE: ValueKind.ON_CALL_NUMBER,
    DeskKind.NEIGHBOUR: ValueKind.ON_CALL_NUMBER,
    DeskKind.ZONE: ValueKind.ZONE_MEANING,
}
"""The one kind of value that each kind of desk keeps."""
OPENS: Mapping[DeskKind, OpeningPurpose] = {
    DeskKind.COORDINATION: OpeningPurpose.CALL_SERVICE,
    DeskKind.HOUSE: OpeningPurpose.CALL_HOUSE,
    DeskKind.SERVICE: OpeningPurpose.CALL_SERVICE,
    DeskKind.NEIGHBOUR: OpeningPurpose.CALL_SERVICE,
    DeskKind.ZONE: OpeningPurpose.NAME_ZONES,
}
"""The one purpose for which each is opened."""


def decide(command: DeskCommand, state: DeskState) -> Answer:
    """Refuses: DESK_UNKNOWN, CODE_MALFORMED, DESK_MALFORMED, CODE_ALREADY_USED (another desk under this id),
    VALUE_NOT_OF_DESK, DESK_CLOSED, VALUE_NOT_KEPT.
    """
    if isinstance(command, OpenDesk):
        return _open(command, state)
    if state.opened is None:
        return Refusal.DESK_UNKNOWN
    match command:
        case CloseDesk():
            return () if state.closed else (DeskClosed(),)
        case KeepDeskValues():
            return _keep(command, state, state.opened)
        case OpenDeskValues():
            return _open_values(command, state, state.opened)


def _open(command: OpenDesk, state: DeskState) -> Answer:
    opened = DeskOpened(
        kind=command.kind,
        code=command.code,
        member_id=command.member_id,
        shelter_id=command.shelter_id,
        zone_id=command.zone_id,
    )
    if state.opened == opened:
        return ()
    if not is_code(command.code):
        return Refusal.CODE_MALFORMED
    if not _names_whom_it_reaches(command):
        return Refusal.DESK_MALFORMED
    return (opened,) if state.opened is None else Refusal.CODE_ALREADY_USED


def _names_whom_it_reaches(command: OpenDesk) -> bool:
    wanted = {DeskKind.HOUSE: (False, True, False), DeskKind.ZONE: (False, False, True)}
    named = (command.member_id, command.shelter_id, command.zone_id)
    return tuple(each is not None for each in named) == wanted.get(command.kind, (True, False, False))


def _keep(command: KeepDeskValues, state: DeskState, opened: DeskOpened) -> Answer:
    if not all(is_commitment(commitment) for _, commitment in command.values):
        return Refusal.CODE_MALFORMED
    if any(kind is not KEEPS[opened.kind] for kind, _ in command.values):
        return Refusal.VALUE_NOT_OF_DESK
    if state.closed:
        return Refusal.DESK_CLOSED
    return tuple(
        DeskValueKept(kind=kind, commitment=commitment)
        for kind, commitment in command.values
        if state.values.get(kind) != commitment
    )


def _open_values(command: OpenDeskValues, state: DeskState, opened: DeskOpened) -> Answer:
    if command.purpose is not OPENS[opened.kind]:
        return Refusal.VALUE_NOT_OF_DESK
    if state.closed:
        return Refusal.DESK_CLOSED
    if not state.values:
        return Refusal.VALUE_NOT_KEPT
    return (DeskValuesOpened(commitments=tuple(state.values.values()), purpose=command.purpose),)
