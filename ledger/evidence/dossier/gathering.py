"""The events of one case, gathered from a sealed log under one head, each with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.case import CaseBound
from ledger.evidence.dossier.statement import Statement, signed_by
from ledger.evidence.leaf import ShownEvent, shown
from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.notes.proof_file import TlogProof
from ledger.evidence.notes.signed import SignedNote, Signer
from ledger.evidence.sealing.port import SealedHead, SealedReading
from ledger.evidence.sealing.proving import note_of, proof_of
from ledger.store import codec
from ledger.store.port import Store, StoredRow


@dataclass(frozen=True, kw_only=True, slots=True)
class ProvedEvent:
    """An event as it may be shown, and that it stands in the log."""

    shown: ShownEvent
    proof: TlogProof


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseEvidence:
    """One case under one head: its stream and those of its placements, every event in the log's order.

    `statement` says that these are all; None where no key of the log was at hand.
    """

    case_id: UUID
    head: SignedNote
    checkpoint: Checkpoint
    events: tuple[ProvedEvent, ...]
    statement: SignedNote | None


def placements_of(case_rows: Iterable[StoredRow]) -> tuple[UUID, ...]:
    """The placements that a case was ever bound to, in order."""
    found: dict[UUID, None] = {}
    for row in case_rows:
        event = codec.decode(row.topic, row.state) if row.topic == CaseBound.TOPIC else None
        if isinstance(event, CaseBound):
            found[event.placement_id] = None
    return tuple(found)


async def rows_of_case(store: Store, case_id: UUID, upto: int) -> tuple[StoredRow, ...]:
    """Its events and those of its placements up to a position, in the log's order."""
    own = (await store.read_streams((case_id,), upto=upto)).get(case_id, ())
    journeys = await store.read_streams(placements_of(own), upto=upto)
    rows = [*own, *(row for each in journeys.values() for row in each)]
    return tuple(sorted(rows, key=lambda row: row.position))


async def gather(
    sealed: SealedReading,
    case_id: UUID,
    rows: Sequence[StoredRow],
    head: SealedHead,
    signers: Sequence[Signer] = (),
) -> CaseEvidence:
    """The rows of a case up to a head, proved under it. `signers` say that they are all.

    Errors: `NotSealed`, the store's.
    """
    note = await note_of(sealed, head)
    events = [ProvedEvent(shown=shown(row), proof=await proof_of(sealed, row.position, head)) for row in rows]
    stated = Statement(head=head.checkpoint, versions=_last_versions(case_id, rows)).text
    return CaseEvidence(
        case_id=case_id,
        head=note,
        checkpoint=head.checkpoint,
        events=tuple(events),
        statement=signed_by(stated, signers) if signers else None,
    )


def _last_versions(case_id: UUID, rows: Iterable[StoredRow]) -> dict[UUID, int]:
    """By stream, the case's first."""
    found = {case_id: 0}
    for row in rows:
        found[row.stream] = row.version
    return found
