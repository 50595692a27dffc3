"""How the evidence of a case is written in JSON, and read again: the part of a dossier that is checked.

`docs/EVIDENCE.md` specifies it. What people read stands beside it and is made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ledger.evidence.dossier.gathering import CaseEvidence, ProvedEvent
from ledger.evidence.leaf import DIGEST_BYTES, ShownEvent
from ledger.evidence.notes.checkpoint import parse_checkpoint
from ledger.evidence.notes.proof_file import parse_proof
from ledger.evidence.notes.signed import NoteBroken, parse_note
from ledger.faults import LedgerFault

Json = Mapping[str, Any]
_MALFORMED = (KeyError, ValueError, TypeError, AttributeError, OverflowError)


class DossierBroken(LedgerFault):
    """A dossier cannot be read."""


def evidence_json(evidence: CaseEvidence) -> dict[str, object]:
    """As it stands in a dossier's file."""
    return {
        "case": str(evidence.case_id),
        "checkpoint": evidence.head.raw.decode(),
        "statement": evidence.statement.raw.decode() if evidence.statement is not None else None,
        "events": [_event_json(each) for each in evidence.events],
    }


def read_evidence(said: Json) -> CaseEvidence:
    """Errors: `DossierBroken`, also where anything else stands there, for nothing would vouch for it; whether
    it may be believed is for `checking` to say.
    """
    try:
        head = parse_note(said["checkpoint"].encode())
        statement = said["statement"]
        events = tuple(_event(each) for each in said["events"])
        found = CaseEvidence(
            case_id=UUID(said["case"]),
            head=head,
            checkpoint=parse_checkpoint(head.text),
            events=events,
            statement=parse_note(statement.encode()) if statement is not None else None,
        )
    except (NoteBroken, *_MALFORMED) as wrong:
        raise DossierBroken(f"the dossier's evidence cannot be read ({type(wrong).__name__})") from None
    if evidence_json(found) != said:
        raise DossierBroken("the dossier's evidence is not written in its one form")
    return found


def _event_json(event: ProvedEvent) -> dict[str, object]:
    shown = event.shown
    return {
        "stream": str(shown.stream),
        "version": shown.version,
        "position": shown.position,
        "recorded_at": _instant_text(shown.recorded_at),
        "event_id": str(shown.event_id),
        "topic": shown.topic,
        "open": shown.open.decode(),
        "withheld": shown.withheld.hex(),
        "proof": event.proof.raw.decode(),
    }


def _event(said: Json) -> ProvedEvent:
    version, position, withheld = said["version"], said["position"], bytes.fromhex(said["withheld"])
    if type(version) is not int or type(position) is not int or len(withheld) != DIGEST_BYTES:
        raise ValueError
    if not isinstance(said["topic"], str):
        raise TypeError
    recorded_at = datetime.fromisoformat(said["recorded_at"])
    if _instant_text(recorded_at) != said["recorded_at"]:
        raise ValueError
    shown = ShownEvent(
        stream=UUID(said["stream"]),
        version=version,
        position=position,
        recorded_at=recorded_at,
        event_id=UUID(said["event_id"]),
        topic=said["topic"],
        open=said["open"].encode(),
        withheld=withheld,
    )
    return ProvedEvent(shown=shown, proof=parse_proof(said["proof"].encode()))


def _instant_text(instant: datetime) -> str:
    if instant.utcoffset() != timedelta():
        raise ValueError
    return instant.isoformat().replace("+00:00", "Z")
