"""The reserved annex's evidence: each event of a case with what the copy that may be shown withholds, and
what came of deriving its decisions again.

Whoever has it checks it as the other copy, and that what is added is what was withheld: its digest stands in
each leaf. It is never written in the clear (`recipient`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger import state_bytes
from ledger.evidence.dossier.checking import DossierFinding, DossierFlaw, check_evidence, log_keys
from ledger.evidence.dossier.gathering import CaseEvidence
from ledger.evidence.dossier.statement import parse_attestation
from ledger.evidence.dossier.written import DossierBroken, Json, evidence_json, read_evidence
from ledger.evidence.leaf import withheld_digest
from ledger.evidence.notes.signed import NoteBroken, SignedNote, parse_note, signers_of
from ledger.evidence.notes.trust import Trust
from ledger.evidence.rederive import is_ranking
from ledger.state_bytes import SALT_BYTES
from ledger.store.port import StoredRow

_ADDED = ("withheld", "attestations")


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnexEvidence:
    """`withheld` are the state's reserved part and the metadata of each event, by position."""

    case: CaseEvidence
    withheld: Mapping[int, tuple[bytes, bytes]]
    attestations: tuple[SignedNote, ...]


def annex_of(
    case: CaseEvidence, rows: Sequence[StoredRow], attestations: Sequence[SignedNote]
) -> AnnexEvidence:
    """`rows` are those of the case."""
    withheld = {row.position: (state_bytes.split(row.state).reserved, row.metadata) for row in rows}
    return AnnexEvidence(case=case, withheld=withheld, attestations=tuple(attestations))


def annex_json(annex: AnnexEvidence) -> dict[str, object]:
    withheld = {
        str(position): {
            "salt": reserved[:SALT_BYTES].hex(),
            "reserved": reserved[SALT_BYTES:].decode(),
            "metadata": metadata.decode(),
        }
        for position, (reserved, metadata) in annex.withheld.items()
    }
    attestations = [each.raw.decode() for each in annex.attestations]
    return {**evidence_json(annex.case), "withheld": withheld, "attestations": attestations}


def read_annex(said: Json) -> AnnexEvidence:
    """Errors: `DossierBroken`."""
    case = read_evidence({name: value for name, value in said.items() if name not in _ADDED})
    try:
        withheld = {
            int(position): (
                bytes.fromhex(each["salt"]) + each["reserved"].encode(),
                each["metadata"].encode(),
            )
            for position, each in said["withheld"].items()
        }
        attestations = tuple(parse_note(each.encode()) for each in said["attestations"])
    except (NoteBroken, KeyError, ValueError, TypeError, AttributeError) as wrong:
        raise DossierBroken(f"the annex cannot be read ({type(wrong).__name__})") from None
    found = AnnexEvidence(case=case, withheld=withheld, attestations=attestations)
    if annex_json(found) != said:
        raise DossierBroken("the annex's evidence is not written in its one form")
    return found


def check_annex(annex: AnnexEvidence, trust: Trust) -> tuple[DossierFinding, ...]:
    """What is wrong with it; nothing where it may be believed."""
    found = [*check_evidence(annex.case, trust)]
    for each in annex.case.events:
        parts = annex.withheld.get(each.shown.position)
        if parts is None or withheld_digest(*parts) != each.shown.withheld:
            found.append(DossierFinding(flaw=DossierFlaw.WITHHELD_DIFFERS, position=each.shown.position))
    if withheld_of_others(annex):
        found.append(DossierFinding(flaw=DossierFlaw.WITHHELD_DIFFERS))
    if [_attested(note, annex.case, trust) for note in annex.attestations] != _to_be_attested(annex.case):
        found.append(DossierFinding(flaw=DossierFlaw.ATTESTATION_WRONG))
    return tuple(found)


def withheld_of_others(annex: AnnexEvidence) -> bool:
    """Whether something is shown as withheld of an event that is not there: nothing vouches for it."""
    return not annex.withheld.keys() <= {each.shown.position for each in annex.case.events}


def _to_be_attested(case: CaseEvidence) -> list[tuple[int, UUID]]:
    """Every decision, where the log's key was there: whoever has it states that nothing is left out, too."""
    rankings = (each.shown for each in case.events if is_ranking(each.shown.topic))
    return [(each.position, each.stream) for each in rankings] if case.statement is not None else []


def _attested(note: SignedNote, case: CaseEvidence, trust: Trust) -> tuple[int, UUID] | None:
    """Of which decision it is the log's word under this head; None where it is not."""
    try:
        said = parse_attestation(note.text)
        signed = signers_of(note, log_keys(trust, case.checkpoint.origin))
    except NoteBroken:
        return None
    return (said.position, said.stream) if signed and said.head == case.checkpoint else None
