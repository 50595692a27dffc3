"""`approdo verify-dossier`: a copy of a case for a court checked with nothing but it and trusted keys.

It opens no database, asks no network and reads no settings. An annex is checked once it is decrypted and
unpacked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from api.dossier.annex_readable import annex_readable
from api.dossier.readable import EXERCISE, are_labels, readable
from api.settings import WrongSettings
from api.trust_file import trust_in
from domain.codes import DossierKind
from ledger.evidence.dossier.annex import AnnexEvidence, check_annex, read_annex
from ledger.evidence.dossier.checking import (
    ANNEX_FILE,
    ANNEX_FORMAT,
    FILE,
    DossierFinding,
    DossierFlaw,
    check_evidence,
    read_dossier,
    references_in,
)
from ledger.evidence.dossier.gathering import CaseEvidence
from ledger.evidence.dossier.written import DossierBroken, read_evidence
from ledger.evidence.notes.trust import Trust

HOLDS, UNREADABLE, WRONG_ARGUMENTS = 0, 1, 2
F = DossierFlaw
STATUSES: Mapping[DossierFlaw, int] = MappingProxyType(
    {
        F.VERSION_MISSING: 3,
        F.ANOTHER_STREAM: 3,
        F.STREAM_MISSING: 3,
        F.NOT_SHOWN_TO_BE_WHOLE: 3,
        F.NOT_IN_THE_LOG: 4,
        F.ANOTHER_HEAD: 4,
        F.OUT_OF_ORDER: 4,
        F.WITHHELD_DIFFERS: 4,
        F.WORDS_DIFFER: 4,
        F.HEAD_NOT_SIGNED: 5,
        F.STATEMENT_WRONG: 5,
        F.ATTESTATION_WRONG: 5,
        F.QUORUM_NOT_REACHED: 6,
    }
)
"""As those of `approdo verify`: the lowest of what was found is the exit status."""
_UNTELLABLE = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, StopIteration, OSError)
"""What asking for words that there cannot be ends in; OSError: a time zone that is a folder, or too long."""


def verify_dossier(folder: Path, trust: Path) -> int:
    """Check and tell; the exit status."""
    try:
        found, case = _checked(folder, trust_in(trust))
    except WrongSettings as wrong:
        return _complain(str(wrong), WRONG_ARGUMENTS)
    except DossierBroken as broken:
        return _complain(str(broken), UNREADABLE)
    for line in _told(found, case):
        print(line)
    return min((STATUSES[each.flaw] for each in found), default=HOLDS)


def _complain(said: str, status: int) -> int:
    print(f"approdo: {said}", file=sys.stderr)
    return status


def _checked(folder: Path, trust: Trust) -> tuple[tuple[DossierFinding, ...], CaseEvidence]:
    if _is_there(folder / ANNEX_FILE):
        if _is_there(folder / FILE):
            raise DossierBroken(f"{ANNEX_FILE} and {FILE} lie in one folder: each is checked in its own")
        said = read_dossier(folder, ANNEX_FILE, ANNEX_FORMAT)
        annex = read_annex(said["evidence"])
        found = check_annex(annex, trust)
        return found or _words_of_annex(said.get("readable"), annex), annex.case
    said = read_dossier(folder)
    evidence = read_evidence(said["evidence"])
    found = check_evidence(evidence, trust)
    return found or _words(said.get("readable"), evidence), evidence


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as cause:
        raise DossierBroken(str(cause.strerror)) from None


def _words(told: Any, evidence: CaseEvidence) -> tuple[DossierFinding, ...]:
    """What people read, made again from evidence that holds and the labels that it names."""
    try:
        labels = told["labels"]
        said = {"reference": told["reference"], "time_zone": told["time_zone"]}
        ordered = told["reference"] in references_in(evidence, DossierKind.OSTENSIBLE)
        fits = ordered and are_labels(labels, evidence)
        again = readable(evidence, labels, **said) if fits else None
    except _UNTELLABLE:
        again = None
    return () if again is not None and again == told else (DossierFinding(flaw=DossierFlaw.WORDS_DIFFER),)


def _words_of_annex(told: Any, annex: AnnexEvidence) -> tuple[DossierFinding, ...]:
    try:
        ordered = told["reference"] in references_in(annex.case, DossierKind.RESERVED)
        said = {"reference": told["reference"], "time_zone": told["time_zone"]}
        again = annex_readable(annex, **said) if ordered else None
    except _UNTELLABLE:
        again = None
    return () if again is not None and again == told else (DossierFinding(flaw=DossierFlaw.WORDS_DIFFER),)


def _told(found: Iterable[DossierFinding], case: CaseEvidence) -> Iterable[str]:
    findings = tuple(found)
    if case.checkpoint.origin.startswith("approdo.exercise/"):
        yield EXERCISE
    head = case.checkpoint
    yield f"{len(case.events)} events of one case, log {head.origin}, up to event {head.size}"
    if not findings:
        whole = (
            "as the log states"
            if case.statement is not None
            else "up to where each stream was closed; of what came after nothing is said"
        )
        yield f"all hold; none is left out, {whole}"
    yield from map(str, findings)
