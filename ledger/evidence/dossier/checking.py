"""Whether a dossier may be believed, from its file and the keys that somebody trusts alone.

Each event's leaf is made from what is shown of it and is in the tree under the head; the head is signed by a
trusted key; no event of the case lacks, by dense versions and by the log's own statement, or, without one, up
to the events that close each of its streams. Called by `approdo verify-dossier`; reads no log and no network.
"""

from __future__ import annotations

import enum
import json
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson

from domain.case import CaseBound, CaseOpened, CaseUnbound, DossierOrdered
from domain.codes import DossierKind
from domain.placement.events import PlacementEnded
from ledger.evidence.dossier.gathering import CaseEvidence, ProvedEvent
from ledger.evidence.dossier.statement import parse_statement
from ledger.evidence.dossier.written import DossierBroken, Json, read_evidence
from ledger.evidence.leaf import leaf_bytes
from ledger.evidence.notes.signed import KeyKind, NoteBroken, SignedNote, VerifierKey, signers_of
from ledger.evidence.notes.trust import Trust, standing
from ledger.evidence.tree.merkle import leaf_hash
from ledger.faults import BrokenEvent

FILE, FORMAT = "dossier.json", "approdo/dossier v1"
ANNEX_FILE, ANNEX_FORMAT = "allegato.json", "approdo/reserved-annex v1"
LONGEST_FILE = 100_000_000
"""In bytes."""


class DossierFlaw(enum.Enum):
    """What keeps a dossier from being believed."""

    HEAD_NOT_SIGNED = "the head is not signed by a key that is trusted"
    QUORUM_NOT_REACHED = "too few of the trusted witnesses have signed the head"
    ANOTHER_HEAD = "an event's proof is under another head"
    NOT_IN_THE_LOG = "what is shown of an event is not what the log has there"
    OUT_OF_ORDER = "the events are not in the log's order, each once"
    VERSION_MISSING = "a stream's versions are not 1, 2, 3 and so on"
    ANOTHER_STREAM = "an event is of a stream that is not the case's"
    STREAM_MISSING = "a placement of the case is not shown"
    STATEMENT_WRONG = "the statement that nothing is left out is not of this head, these streams or this log"
    NOT_SHOWN_TO_BE_WHOLE = "nothing shows that these are all of the case's events"
    WITHHELD_DIFFERS = "what the annex shows of an event is not what was withheld of it"
    ATTESTATION_WRONG = "the attestations are not one for each decision, of this head and signed by the log"
    WORDS_DIFFER = "what people read is not what the evidence says"


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierFinding:
    """A flaw, and the position in the log of the event that shows it, where one does."""

    flaw: DossierFlaw
    position: int | None = None

    def __str__(self) -> str:
        return self.flaw.value + (f" (position {self.position})" if self.position is not None else "")


def read_dossier(directory: Path, file: str = FILE, form: str = FORMAT) -> Json:
    """What stands in a dossier's file, its evidence an object. Errors: `DossierBroken`."""
    try:
        with (directory / file).open("rb") as opened:
            raw = opened.read(LONGEST_FILE + 1)
        said = orjson.loads(raw[:LONGEST_FILE])
        json.loads(raw[:LONGEST_FILE], object_pairs_hook=_each_once)
    except (OSError, ValueError, RecursionError):
        raise DossierBroken(f"there is no {file} that can be read") from None
    if not isinstance(said, dict) or said.get("format") != form or len(raw) > LONGEST_FILE:
        raise DossierBroken(f"{file} is not of the form {form}")
    if said.keys() != {"format", "readable", "evidence"} or not isinstance(said["evidence"], dict):
        raise DossierBroken(f"{file} has not what people read and its evidence, and these alone")
    return said


def _each_once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    """Of two values under one name one reader shows the first, another the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def check_dossier(directory: Path, trust: Trust) -> tuple[DossierFinding, ...]:
    """What is wrong with the dossier in a directory; nothing where it may be believed.

    Errors: `DossierBroken`.
    """
    return check_evidence(read_evidence(read_dossier(directory)["evidence"]), trust)


def check_evidence(evidence: CaseEvidence, trust: Trust) -> tuple[DossierFinding, ...]:
    return (
        *_head_findings(evidence, trust),
        *(found for each in evidence.events for found in _event_findings(each, evidence)),
        *_order_findings(evidence.events),
        *_stream_findings(evidence),
        *_whole_findings(evidence, trust),
    )


def _head_findings(evidence: CaseEvidence, trust: Trust) -> Iterator[DossierFinding]:
    try:
        stands = standing(evidence.head, trust)
    except NoteBroken:
        yield DossierFinding(flaw=DossierFlaw.HEAD_NOT_SIGNED)
        return
    if not stands.signed_by:
        yield DossierFinding(flaw=DossierFlaw.HEAD_NOT_SIGNED)
    if not stands.quorum_reached:
        yield DossierFinding(flaw=DossierFlaw.QUORUM_NOT_REACHED)


def _event_findings(event: ProvedEvent, evidence: CaseEvidence) -> Iterator[DossierFinding]:
    position, proof = event.shown.position, event.proof
    if proof.note.text != evidence.head.text:
        yield DossierFinding(flaw=DossierFlaw.ANOTHER_HEAD, position=position)
    if not _is_there(event):
        yield DossierFinding(flaw=DossierFlaw.NOT_IN_THE_LOG, position=position)


def _is_there(event: ProvedEvent) -> bool:
    """At its own position, with all that is shown of it."""
    try:
        hashed = leaf_hash(leaf_bytes(event.shown))
        return event.proof.index == event.shown.position - 1 and event.proof.holds(hashed)
    except (BrokenEvent, NoteBroken, ValueError, ArithmeticError, struct.error):
        return False


def _order_findings(events: Sequence[ProvedEvent]) -> Iterator[DossierFinding]:
    last = 0
    for each in events:
        if each.shown.position <= last:
            yield DossierFinding(flaw=DossierFlaw.OUT_OF_ORDER, position=each.shown.position)
        last = each.shown.position


def _stream_findings(evidence: CaseEvidence) -> Iterator[DossierFinding]:
    """The case's stream begins it and names its placements; each of them is here, dense, and no other is."""
    versions: dict[UUID, int] = defaultdict(int)
    named = set(bound_in(evidence))
    for each in evidence.events:
        stream, version, position = each.shown.stream, each.shown.version, each.shown.position
        if stream != evidence.case_id and stream not in named:
            yield DossierFinding(flaw=DossierFlaw.ANOTHER_STREAM, position=position)
        if version != versions[stream] + 1:
            yield DossierFinding(flaw=DossierFlaw.VERSION_MISSING, position=position)
        versions[stream] = version
    first = next((each.shown for each in evidence.events if each.shown.stream == evidence.case_id), None)
    if first is None or first.topic != CaseOpened.TOPIC or not named <= versions.keys():
        yield DossierFinding(flaw=DossierFlaw.STREAM_MISSING)


def bound_in(evidence: CaseEvidence) -> tuple[UUID, ...]:
    """The placements that the case's own events name, in order."""
    return tuple(
        placement
        for each in evidence.events
        if (each.shown.stream, each.shown.topic) == (evidence.case_id, CaseBound.TOPIC)
        for placement in _placement_in(each.shown.open)
    )


def _placement_in(shown: bytes) -> Iterable[UUID]:
    try:
        return (UUID(orjson.loads(shown)["placement_id"]),)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return ()


def references_in(evidence: CaseEvidence, kind: DossierKind) -> set[str]:
    """The register numbers under which copies of this kind were ordered, as the case's own events say."""
    opened = (
        orjson.loads(each.shown.open) for each in evidence.events if each.shown.topic == DossierOrdered.TOPIC
    )
    return {str(each["reference"]) for each in opened if each["kind"] == kind}


def _whole_findings(evidence: CaseEvidence, trust: Trust) -> Iterator[DossierFinding]:
    if evidence.statement is None:
        if not is_closed(evidence):
            yield DossierFinding(flaw=DossierFlaw.NOT_SHOWN_TO_BE_WHOLE)
    elif not _states(evidence.statement, evidence, trust):
        yield DossierFinding(flaw=DossierFlaw.STATEMENT_WRONG)


def is_closed(evidence: CaseEvidence) -> bool:
    """Whether every placement is shown up to its end, and the case up to where it was bound to none."""
    ended = {each.shown.stream for each in evidence.events if each.shown.topic == PlacementEnded.TOPIC}
    bindings = (CaseBound.TOPIC, CaseUnbound.TOPIC)
    own = [each.shown.topic for each in evidence.events if each.shown.topic in bindings]
    return bool(own) and own[-1] == CaseUnbound.TOPIC and set(bound_in(evidence)) <= ended


def _states(note: SignedNote, evidence: CaseEvidence, trust: Trust) -> bool:
    try:
        said = parse_statement(note.text)
        signed = signers_of(note, log_keys(trust, evidence.checkpoint.origin))
    except NoteBroken:
        return False
    last: dict[UUID, int] = {}
    for each in evidence.events:
        last[each.shown.stream] = each.shown.version
    return bool(signed) and said.head == evidence.checkpoint and dict(said.versions) == last


def log_keys(trust: Trust, origin: str) -> list[VerifierKey]:
    """The trusted keys that sign for this log."""
    return [key for key in trust.logs if key.kind is KeyKind.NOTE and key.name == origin]
