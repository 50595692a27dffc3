"""`approdo replay`: the log read again up to an instant or a position, shown, and checked.

It changes nothing and trusts no live table: what it shows is folded from the events, and what it checks is
checked on their bytes. Only at the head of the log is the second guard compared as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from api.commands.instants import instant
from api.settings import Settings
from api.wiring import open_ledger
from domain.claims import ClaimKind
from domain.event import Event
from domain.matching.places import Places
from domain.matching.ranking import request_of
from domain.placement.state import Phase, PlacementState
from domain.vocabulary import PlaceKind, PlacementId
from ledger.evidence.invariants import Checker
from ledger.evidence.verdict import Verdict
from ledger.faults import LedgerFault
from ledger.store import codec
from ledger.store.port import Store, StoredRow
from ledger.store.replay import Replay, position_of, rows_upto

_TOO_LONG_TO_SHOW = frozenset({"best", "excluded", "household", "places", "units"})


class PlacementNotInLog(LedgerFault):
    """No placement has this id up to there: check the id, or replay further."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One event of a placement's journey, with where it stands: on its own stream, or on another's (a unit,
    a case) by the same command.
    """

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    event_id: UUID
    topic: str
    event: Event


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """What a replay found."""

    folded: Replay
    verdict: Verdict
    timeline: tuple[Told, ...]


async def replay(
    settings: Settings,
    *,
    as_of: str | None,
    position: int | None,
    placement_id: UUID | None,
    in_json: bool,
) -> bool:
    """Show the log up to there; whether it is sound.

    Errors: `WrongInstant`, `PlacementNotInLog`, and all of `open_ledger`.
    """
    async with open_ledger(settings, join=True) as ledger:
        zone = ledger.engine.index.places.network.zone
        upto = await position_of(
            ledger.store, position=position, as_of=instant(as_of, zone) if as_of is not None else None
        )
        found = await replayed(ledger.store, upto, placement_id)
    if placement_id is not None and not found.timeline:
        raise PlacementNotInLog(str(placement_id))
    print(as_json(found) if in_json else as_text(found, zone))
    return found.verdict.sound


async def replayed(store: Store, upto: int, placement_id: UUID | None) -> Replayed:
    """The log up to a position, with one placement's journey. Errors: the store's."""
    # The tables are read first: a command recorded meanwhile must not look like a difference.
    folded, checker, journey = Replay(), Checker(), _Journey(placement_id)
    tables = {kind: await store.claims(kind) for kind in ClaimKind}
    whole = await store.head() == upto
    async for rows in rows_upto(store, upto):
        folded.take(rows)
        checker.take(rows)
        journey.take(rows)
    verdict = checker.verdict(tables if whole and await store.head() == upto else None)
    return Replayed(folded=folded, verdict=verdict, timeline=journey.told())


class _Journey:
    """The events of every command that wrote to one placement."""

    def __init__(self, placement_id: UUID | None) -> None:
        self._placement_id = placement_id
        self._told: list[Told] = []
        self._command: list[StoredRow] = []

    def take(self, rows: Iterable[StoredRow]) -> None:
        for row in rows if self._placement_id is not None else ():
            # Events of one command stand together and share their metadata.
            if self._command and self._command[-1].metadata != row.metadata:
                self._settle()
            self._command.append(row)

    def told(self) -> tuple[Told, ...]:
        self._settle()
        return tuple(self._told)

    def _settle(self) -> None:
        if any(row.stream == self._placement_id for row in self._command):
            self._told += [_told(row) for row in self._command]
        self._command = []


def _told(row: StoredRow) -> Told:
    return Told(
        position=row.position,
        stream=row.stream,
        version=row.version,
        recorded_at=row.recorded_at,
        event_id=row.event_id,
        topic=row.topic,
        event=codec.decode(row.topic, row.state),
    )


# --- the board ----------------------------------------------------------------------------------------------


def board(places: Places) -> Mapping[str, Mapping[str, int]]:
    """Places by the function of their level: in service, free, held, occupied (beds and cots together)."""
    counted: dict[str, dict[str, int]] = {}
    for unit in places.units.values():
        if unit.registered is None:
            continue
        level = places.network.level(unit.registered.level)
        line = counted.setdefault(
            str(level.function) if level is not None else unit.registered.level,
            {"units": 0, "open": 0, "free": 0, "held": 0, "occupied": 0},
        )
        staying = sum(holder in unit.staying for holder in unit.taken.values())
        line["units"] += 1
        line["open"] += len(unit.open_places)
        line["free"] += sum(len(unit.free(kind)) for kind in PlaceKind)
        line["held"] += len(unit.taken) - staying
        line["occupied"] += staying
    return counted


def _open(folded: Replay) -> list[tuple[PlacementId, PlacementState]]:
    """Placements under way, in the order in which they are served."""
    found = [(each, state) for each, state in folded.placements.items() if state.phase is not Phase.ENDED]
    return sorted(found, key=lambda pair: request_of(*pair).precedence)


# --- for programs -------------------------------------------------------------------------------------------


def as_json(found: Replayed) -> str:
    """One JSON object; instants in UTC."""
    folded, verdict = found.folded, found.verdict
    shown = {
        "position": folded.position,
        "recorded_at": folded.recorded_at,
        "board": board(folded.places),
        "placements": [_placement(each, state) for each, state in _open(folded)],
        "ended": sum(state.phase is Phase.ENDED for state in folded.placements.values()),
        "verification": {
            "sound": verdict.sound,
            "events": verdict.events,
            "commands": verdict.commands,
            "findings": verdict.findings,
            "declared_exceptions": verdict.exceptions,
            "claims": {kind.lower(): len(claims) for kind, claims in verdict.claims.items()},
        },
        "timeline": found.timeline,
    }
    return orjson.dumps(shown, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode()


def _placement(placement_id: PlacementId, state: PlacementState) -> dict[str, object]:
    assert state.request is not None
    held = state.held
    return {
        "placement_id": placement_id,
        "phase": state.phase,
        "urgency": state.request.urgency,
        "requested_at": state.request.occurred_at,
        "shelter_id": held.shelter_id if held is not None else None,
        "units": [unit.unit_id for unit in held.units] if held is not None else [],
        "due_at": held.answer_due_at if held is not None else None,
    }


# --- for people ---------------------------------------------------------------------------------------------


def as_text(found: Replayed, zone: ZoneInfo) -> str:
    """Lines for a terminal; instants as the clock in `zone` shows them."""
    folded = found.folded
    at = folded.recorded_at.astimezone(zone).isoformat(" ", "seconds") if folded.recorded_at else "-"
    lines = [f"log up to position {folded.position}, recorded {at}", ""]
    lines.append(f"{'level':<22}{'units':>6}{'open':>6}{'free':>6}{'held':>6}{'occupied':>10}")
    for name, line in sorted(board(folded.places).items()):
        lines.append(
            f"{name:<22}{line['units']:>6}{line['open']:>6}{line['free']:>6}{line['held']:>6}{line['occupied']:>10}"
        )
    lines += ["", f"placements under way: {len(_open(folded))}"]
    lines += [_line(each, state, zone) for each, state in _open(folded)]
    if found.timeline:
        lines += ["", *(_step(told, zone) for told in found.timeline)]
    return "\n".join([*lines, "", *_verification(found.verdict)])


def _line(placement_id: PlacementId, state: PlacementState, zone: ZoneInfo) -> str:
    assert state.request is not None
    held = state.held
    parts = [f"  {placement_id}  {state.phase:<18}{state.request.urgency}"]
    if held is not None:
        parts.append(f"shelter {held.shelter_id} units {' '.join(str(unit.unit_id) for unit in held.units)}")
        if held.answer_due_at is not None:
            parts.append(f"answer due {held.answer_due_at.astimezone(zone).isoformat(' ', 'seconds')}")
    return "  ".join(parts)


def _step(told: Told, zone: ZoneInfo) -> str:
    at = told.recorded_at.astimezone(zone).isoformat(" ", "seconds")
    said = "  ".join(
        f"{field.name}={_shown(getattr(told.event, field.name), zone)}"
        for field in fields(told.event)
        if field.name not in _TOO_LONG_TO_SHOW
    )
    return f"  #{told.position:<6} {at}  {told.stream} v{told.version:<3} {told.topic}  {said}".rstrip()


def _shown(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(" ", "seconds")
    if isinstance(value, tuple):
        return ",".join(str(each) for each in value) or "-"
    return "-" if value is None else str(value)


def _verification(verdict: Verdict) -> list[str]:
    claims = verdict.claims
    lines = [
        f"verification: {'sound' if verdict.sound else 'NOT SOUND'}",
        f"  events: {verdict.events}, of commands: {verdict.commands}",
        f"  claimed places: {len(claims[ClaimKind.PLACE])}, cases: {len(claims[ClaimKind.CASE])}",
    ]
    lines += [
        f"  {each.breach} at position {each.position} in stream {each.stream}" for each in verdict.findings
    ]
    lines += [
        f"  declared exception at position {each.position} in stream {each.stream}: {each.kind}"
        for each in verdict.exceptions
    ]
    return lines
