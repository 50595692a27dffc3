"""Judges a whole log by the rule of what is owed: every ranking and hold at the position of its certificate,
and at every rest whether anybody waits for what she could have.

`owed_rule` says the rule, `owed_reading` reads the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from ledger.store.port import StoredRow
from trials.drills.double_claims import double_claims
from trials.drills.owed_reading import Asked, Reading, asked, instant, name_of, told
from trials.drills.owed_rule import (
    Before,
    deprived,
    first_for,
    is_unknown,
    kept_from,
    owed,
    owed_before,
)

_SERVED_IN_ORDER = ("U1", "U2")
_DECIDES = ("placement.candidates-ranked", "placement.hold-placed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """A certificate, and the beds held with it (none: she waits, or a late yes took nothing). `first` is
    where its command begins.
    """

    who: Asked
    first: int
    position: int
    at: datetime
    best: frozenset[str]
    held: frozenset[str]
    silent: frozenset[str]
    """Units marked as silent in the same command, before it was ranked."""
    by_engine: bool
    late: bool
    """A house's yes that came late: the beds are those of its own offer, whatever was ranked first."""
    against: bool
    """By a person, against a rule, and told so: whose turn it was is then no question of the ranking's."""


@dataclass(kw_only=True, slots=True)
class Verdict:
    """What was seen, and what was wrong."""

    holds: int = 0
    waiting: int = 0
    owed: int = 0
    """Certificates that kept at least one unit from her, as it was owed to another."""
    proposals: int = 0
    expiries: int = 0
    late_taken: int = 0
    late_owed: int = 0
    """Late yeses that took nothing, as the beds were owed to another."""
    silent_owed: int = 0
    unknown_owed: int = 0
    together_owed: int = 0
    apart_owed: int = 0
    against: int = 0
    """Holds against a rule."""
    raced: int = 0
    """Holds that took at the append what had become owed after their certificate's position."""
    violations: int = 0
    out_of_order: int = 0
    unsafe: int = 0
    """Holds in a house where she would meet whom she must not."""
    unlike: int = 0
    """Certificates whose first candidate the judge does not find: one of the two is mistaken."""
    doubled: int = 0
    starving: int = 0
    rests: int = 0
    still_waiting: int = 0
    passed_over: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        wrong = self.violations + self.out_of_order + self.unsafe
        return wrong + self.unlike + self.doubled + self.starving


def judge(rows: Sequence[StoredRow], rests: Mapping[int, datetime]) -> Verdict:
    """`rests` are the positions at which nobody acted any more and the loops had had time, each with its
    instant on the log's clock.
    """
    verdict, reading = Verdict(), Reading()
    at: dict[int, list[Ranked]] = {}
    for each in _decided(rows):
        for position in dict.fromkeys((each.position, each.first - 1)):
            at.setdefault(position, []).append(each)
    for row in rows:
        reading.take(row)
        for each in at.get(row.position, ()):
            _judge_ranked(reading, each, row.position, verdict)
        if row.position in rests:
            _judge_rest(reading, rests[row.position], verdict)
    _count(rows, verdict)
    verdict.doubled += len(reading.doubled) + double_claims(rows)
    verdict.complaints += reading.doubled
    return verdict


# --- each decision ----------------------------------------------------------------------------------------


def _judge_ranked(reading: Reading, each: Ranked, position: int, verdict: Verdict) -> None:
    who = reading.asked.get(each.who.id, each.who)
    before = owed_before(reading, who, each.at)
    if position != each.position:
        verdict.raced += not each.against and bool(deprived(reading, who, before, each.held))
        return
    verdict.waiting += len(before)
    _note(reading, who, before, each.at, verdict)
    if each.held:
        verdict.holds += 1
        verdict.late_taken += each.late
        verdict.proposals += each.by_engine and who.waiting
        verdict.against += each.against
        if not each.against:
            _refuse(verdict, each, deprived(reading, who, before, each.held))
        verdict.unsafe += not _houses(reading, each.held).isdisjoint(reading.unsafe_for(who))
        if not each.late and not each.against:
            _judge_order(reading, before, each, who, verdict)
    in_vain = who.asked_in_vain | each.silent
    first = first_for(reading, who, kept_from(reading, who, before), each.at, in_vain)
    if (first.taken if first is not None else frozenset()) != each.best:
        verdict.unlike += 1
        verdict.complaints.append(f"at {each.first}: the judge finds another first candidate for {who.id}")


def _judge_order(reading: Reading, before: Before, each: Ranked, who: Asked, verdict: Verdict) -> None:
    """Whoever asks alike and earlier is not overtaken: she is owed something, and it is not this."""
    alike = [
        rival
        for rival, found in before
        if _alike(reading, rival, who) and (found is None or not found.taken.isdisjoint(each.held))
    ]
    if alike:
        verdict.out_of_order += 1
        verdict.complaints.append(f"at {each.first}: {who.id} goes before {alike[0].id}, who asks alike")


def _judge_rest(reading: Reading, now: datetime, verdict: Verdict) -> None:
    """Nobody who waits could have a place that is not owed to an earlier one."""
    verdict.rests += 1
    for each, found in owed(reading, reading.waiting(now), now):
        if each.seeks:
            verdict.still_waiting += 1
            if found is not None:
                verdict.starving += 1
                verdict.complaints.append(f"at rest {each.urgency} {each.id} waits though a place is free")


def _houses(reading: Reading, beds: AbstractSet[str]) -> set[str]:
    return {room.house for room in reading.rooms.values() if not beds.isdisjoint(room.beds)}


def _refuse(verdict: Verdict, each: Ranked, lost: list[str]) -> None:
    if lost:
        verdict.violations += 1
        verdict.passed_over.update(lost)
        verdict.complaints.append(
            f"at {each.first}: {each.who.urgency} {each.who.id} takes what {lost} are owed"
        )


def _alike(reading: Reading, earlier: Asked, later: Asked) -> bool:
    """The same urgency and needs, and nothing that sets the earlier one apart."""
    return (
        earlier.seeks
        and earlier.urgency == later.urgency
        and later.urgency in _SERVED_IN_ORDER
        and (earlier.people, earlier.features) == (later.people, later.features)
        and not earlier.not_to_ask
        and not any(each.is_apart(earlier) for each in reading.asked.values())
    )


def _note(reading: Reading, who: Asked, before: Before, at: datetime, verdict: Verdict) -> None:
    given = [(rival, found) for rival, found in before if found is not None]
    verdict.silent_owed += any(rival.silent(at) for rival, _ in given)
    verdict.unknown_owed += any(is_unknown(reading, found, at) for _, found in given)
    verdict.together_owed += any(len(found.rooms) > 1 for _, found in given)
    verdict.apart_owed += any(rival.is_apart(who) for rival, _ in given)


# --- what was decided -------------------------------------------------------------------------------------


def _decided(rows: Sequence[StoredRow]) -> Iterator[Ranked]:
    """Every ranking in the order of the log; no place is held without one."""
    requests: dict[str, Asked] = {}
    for _, grouped in groupby(rows, lambda row: _metadata(row)["command_id"]):
        command = list(grouped)
        for row in command:
            if name_of(row) == "placement.requested":
                requests[str(row.stream)] = asked(str(row.stream), told(row))
        if not {name_of(row) for row in command}.isdisjoint(_DECIDES):
            yield _ranked(command, requests)


def _ranked(command: Sequence[StoredRow], requests: dict[str, Asked]) -> Ranked:
    (row,) = [row for row in command if name_of(row) == "placement.candidates-ranked"]
    certificate, held = told(row), _held(command, row)
    return Ranked(
        who=requests[str(row.stream)],
        first=command[0].position,
        position=certificate["position"],
        at=instant(certificate["decided_at"]),
        best=_beds(certificate["best"][0]) if certificate["best"] else frozenset(),
        held=_beds(held) if held is not None else frozenset(),
        silent=_marked(command, row),
        by_engine=_metadata(row)["role"] == "ENGINE",
        late=held is not None and any(name_of(each) == "placement.offer-accepted" for each in command),
        against=any(
            name_of(each) == "case.rule-overridden" and told(each)["placement_id"] == str(row.stream)
            for each in command
        ),
    )


def _held(command: Sequence[StoredRow], ranked: StoredRow) -> dict[str, Any] | None:
    found = [
        row for row in command if row.stream == ranked.stream and name_of(row) == "placement.hold-placed"
    ]
    return told(found[0]) if found else None


def _marked(command: Sequence[StoredRow], ranked: StoredRow) -> frozenset[str]:
    """Units given back without an answer by the command itself."""
    return frozenset(
        str(row.stream)
        for row in command
        if name_of(row) == "unit.released"
        and (told(row)["placement_id"], told(row)["cause"]) == (str(ranked.stream), "UNANSWERED")
    )


def _beds(candidate: dict[str, Any]) -> frozenset[str]:
    return frozenset(bed for held in candidate["units"] for bed in held["places"])


def _metadata(row: StoredRow) -> dict[str, Any]:
    metadata: dict[str, Any] = json.loads(row.metadata)
    return metadata


def _count(rows: Sequence[StoredRow], verdict: Verdict) -> None:
    """What the rows say by themselves; a certificate that a second owner gave again is a double. A late yes
    leaves one each time, whether it took its places again or nothing.
    """
    answered = ("placement.late-acceptance-recorded", "placement.hold-placed")
    late = {row.position - 1 for row in rows if name_of(row) in answered}
    latest: dict[str, str] = {}
    for row in rows:
        name, stream = name_of(row), str(row.stream)
        if name == "placement.candidates-ranked":
            certificate = told(row)
            verdict.owed += any(each["code"] == "OWED" for each in certificate["excluded"])
            again = latest.get(stream) == certificate["digest"] and row.position not in late
            if again and not certificate["best"]:
                verdict.doubled += 1
                verdict.complaints.append(f"at {row.position}: the same certificate twice for {stream}")
            latest[stream] = certificate["digest"]
        elif name == "placement.hold-placed" or name == "placement.search-resumed":
            latest.pop(stream, None)
        elif name == "placement.hold-expired":
            verdict.expiries += 1
        elif name == "placement.late-acceptance-recorded":
            verdict.late_owed += told(row)["reason"] == "OWED_TO_ANOTHER"
