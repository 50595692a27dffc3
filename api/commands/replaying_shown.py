"""How a replay looks: one JSON object, or lines for a terminal.

The board, the ages of what the houses had said, who waits for what, the policy in force, one placement's
journey with the ranking that stood, and whether the log is sound. For `replaying`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson

from api.commands.instants import clock
from api.commands.replaying import Replayed, Told
from domain.claims import ClaimKind
from domain.matching.ranking import request_of
from domain.placement.state import Phase, PlacementState
from domain.vocabulary import PlacementId
from ledger.evidence.verdict import Verdict
from projections.bed_board import STALE
from projections.data_ages import NEVER, unit_ages
from projections.on_call_queue import QueueLine
from projections.place_counts import place_counts
from projections.ranking_view import RankingView

_TOO_LONG_TO_SHOW = frozenset({"best", "excluded", "household", "places", "units"})


def _open(found: Replayed) -> list[tuple[PlacementId, PlacementState]]:
    """Placements under way, in the order in which they are served."""
    return sorted(found.places.placements.items(), key=lambda pair: request_of(*pair).precedence)


def _judged_at(found: Replayed) -> datetime:
    told = found.was.told_about
    return told.about if told is not None else found.was.as_of


# --- for programs -------------------------------------------------------------------------------------------


def as_json(found: Replayed) -> str:
    """One JSON object; instants in UTC."""
    was, verdict = found.was, found.verdict
    shown = {
        "position": was.position,
        "recorded_at": was.recorded_at,
        "as_of": was.as_of,
        "told_about": was.told_about,
        "policy": was.policy,
        "ranker": was.ranker,
        "board": place_counts(found.places),
        "bed_board": [line for line in was.board if line.units],
        "ages": was.ages,
        "unit_ages": list(unit_ages(found.places, _judged_at(found))),
        "queue": was.queue,
        "stays": was.stays,
        "placements": [_placement(each, state) for each, state in _open(found)],
        "ended": sum(state.phase is Phase.ENDED for state in found.folded.placements.values()),
        "verification": {
            "sound": verdict.sound,
            "events": verdict.events,
            "commands": verdict.commands,
            "findings": verdict.findings,
            "declared_exceptions": verdict.exceptions,
            "claims": {kind.lower(): len(claims) for kind, claims in verdict.claims.items()},
        },
        "ranking": found.ranking,
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
    lines = [*_where(found, zone), "", *_board(found), "", *_ages(found, zone)]
    queued = {line.placement_id: line for line in found.was.queue}
    under_way = _open(found)
    lines += ["", f"placements under way: {len(under_way)}"]
    lines += [_line(each, state, queued.get(each), zone) for each, state in under_way]
    if found.ranking is not None:
        lines += ["", *_ranking(found.ranking, zone)]
    if found.timeline:
        lines += ["", *(_step(told, zone) for told in found.timeline)]
    return "\n".join([*lines, "", *_verification(found.verdict)])


def _where(found: Replayed, zone: ZoneInfo) -> Iterator[str]:
    was, told = found.was, found.was.told_about
    at = clock(was.recorded_at, zone) if was.recorded_at is not None else "-"
    yield f"log up to position {was.position}, recorded {at}"
    yield f"judged as of {clock(_judged_at(found), zone)}"
    yield f"policy in force: {was.policy or '-'}, ranker {was.ranker or '-'}"
    if told is None:
        return
    yield (
        f"told about {clock(told.about, zone)}, as far as it was recorded by {clock(was.as_of, zone)}: "
        f"recorded later and counted {told.learned_later_count}, declared later to have happened afterwards "
        f"{told.left_out}, resting on what had not happened yet {told.resting}"
    )
    for each in told.learned_later:
        happened, recorded = clock(each.happened_at, zone), clock(each.recorded_at, zone)
        yield f"  #{each.position:<6} {each.topic} happened {happened}, recorded {recorded}"


def _board(found: Replayed) -> Iterator[str]:
    yield f"{'level':<22}{'units':>6}{'open':>6}{'free':>6}{'held':>6}{'occupied':>10}"
    for name, line in sorted(place_counts(found.places).items()):
        yield (f"{name:<22}{line.units:>6}{line.open:>6}{line.free:>6}{line.held:>6}{line.occupied:>10}")


def _ages(found: Replayed, zone: ZoneInfo) -> Iterator[str]:
    yield f"{'age of what was said':<22}{'units':>6}{'fresh':>7}{'ageing':>8}{'stale':>7}{'never':>7}  oldest"
    for line in found.was.ages:
        oldest = clock(line.oldest_at, zone) if line.oldest_at is not None else "-"
        counts = f"{line.units:>6}{line.fresh:>7}{line.ageing:>8}{line.stale:>7}{line.never:>7}"
        if line.units:
            yield f"{line.level:<22}{counts}  {oldest}"
    for unit in unit_ages(found.places, _judged_at(found)):
        if unit.age in (STALE, NEVER):
            since = f"since {clock(unit.observed_at, zone)}" if unit.observed_at is not None else "said"
            yield f"  unit {unit.unit_id} of shelter {unit.shelter_id}: {unit.age} {since}"


def _line(placement_id: PlacementId, state: PlacementState, queued: QueueLine | None, zone: ZoneInfo) -> str:
    assert state.request is not None
    held = state.held
    parts = [f"  {placement_id}  {state.phase:<18}{state.request.urgency}"]
    if held is not None:
        parts.append(f"shelter {held.shelter_id} units {' '.join(str(unit.unit_id) for unit in held.units)}")
        if held.answer_due_at is not None:
            parts.append(f"answer due {clock(held.answer_due_at, zone)}")
    return "  ".join([*parts, *(_waits(queued, zone) if queued is not None else ())])


def _waits(queued: QueueLine, zone: ZoneInfo) -> Iterator[str]:
    """What a request waits for, and what a person had to do."""
    if queued.due_kind is not None and queued.due_at is not None:
        passed = " (overdue)" if queued.overdue else ""
        yield f"awaits {queued.due_kind} until {clock(queued.due_at, zone)}{passed}"
    if queued.needs is not None:
        yield f"needs {queued.needs}"
    if queued.alarms:
        yield f"alarms {' '.join(queued.alarms)}"


def _ranking(ranking: RankingView, zone: ZoneInfo) -> Iterator[str]:
    summary = ranking.summary
    yield (
        f"ranking that stood: recorded at position {ranking.recorded_position}, over the log up to "
        f"{summary.position}, by {summary.ranker} under {summary.policy}, decided "
        f"{clock(summary.decided_at, zone)}"
    )
    excluded = ", ".join(f"{each.code} {each.units}" for each in summary.excluded) or "none"
    yield (
        f"  units {summary.units_seen}, eligible {summary.eligible}, to be confirmed "
        f"{summary.to_be_confirmed}, excluded: {excluded}"
    )
    for each in ranking.candidates:
        units = " ".join(str(held.unit_id) for held in each.units)
        yield (
            f"  {each.rank}. shelter {each.shelter_id} units {units}  penalty {each.penalty}, word "
            f"{each.availability_age_minutes} min old"
        )


def _step(told: Told, zone: ZoneInfo) -> str:
    said = "  ".join(
        f"{field.name}={_shown(getattr(told.event, field.name), zone)}"
        for field in fields(told.event)
        if field.name not in _TOO_LONG_TO_SHOW
    )
    at = clock(told.recorded_at, zone)
    return f"  #{told.position:<6} {at}  {told.stream} v{told.version:<3} {told.topic}  {said}".rstrip()


def _shown(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return clock(value, zone)
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
