"""A dossier's files, made in memory from the ledger and what is sealed of it: nothing is written here.

The annex is made whole in memory and leaves it encrypted. Called by the command `dossier` and by tests.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.dossier import readme
from api.dossier.annex_readable import annex_readable
from api.dossier.labels import RandomBytes
from api.dossier.pages import PagesNotMade, pdf_of
from api.dossier.readable import EXERCISE, drawn_labels, readable
from domain.vocabulary import CaseId
from ledger.evidence.dossier.annex import AnnexEvidence, annex_json, annex_of
from ledger.evidence.dossier.attesting import DecisionsOfCase
from ledger.evidence.dossier.checking import ANNEX_FILE, ANNEX_FORMAT, FILE, FORMAT
from ledger.evidence.dossier.gathering import CaseEvidence, gather, placements_of, rows_of_case
from ledger.evidence.dossier.recipient import Recipient
from ledger.evidence.dossier.statement import signed_by
from ledger.evidence.dossier.written import evidence_json
from ledger.evidence.notes.signed import Signer
from ledger.evidence.sealing.port import SealedHead, SealedReading
from ledger.store.port import Store, StoredRow
from ledger.store.replay import rows_upto

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """What a dossier is made from. Without `signers` it states nothing and attests nothing."""

    store: Store
    sealed: SealedReading
    signers: Sequence[Signer]
    random_bytes: RandomBytes
    time_zone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A dossier's files by name. `pages_missing`: why there are no pages among them."""

    files: Mapping[str, bytes]
    pages_missing: PagesNotMade | None
    evidence: CaseEvidence


async def make_shown(source: Source, case_id: CaseId, reference: str, head: SealedHead) -> Made:
    """The copy that may be shown, as the log was at that head. Errors: `NotSealed`, the store's."""
    rows = await rows_of_case(source.store, case_id, head.size)
    evidence = await gather(source.sealed, case_id, rows, head, source.signers)
    labels = drawn_labels(evidence, source.random_bytes)
    told = readable(evidence, labels, reference=reference, time_zone=source.time_zone)
    written = {"format": FORMAT, "readable": told, "evidence": evidence_json(evidence)}
    pages, missing = _pages("dossier.pdf", told, head)
    text = readme.SHOWN.format(**_heading(told), whole=readme.STATED if evidence.statement else readme.CLOSED)
    files = {FILE: _bytes(written), **pages, "README.txt": text.encode()}
    return Made(files=files, pages_missing=missing, evidence=evidence)


async def make_reserved(
    source: Source, case_id: CaseId, reference: str, head: SealedHead, recipient: Recipient
) -> Made:
    """The reserved annex, encrypted to its recipient. Errors: as above."""
    rows = await rows_of_case(source.store, case_id, head.size)
    evidence = await gather(source.sealed, case_id, rows, head, source.signers)
    annex = await _annex(source, evidence, rows, head)
    told = annex_readable(annex, reference=reference, time_zone=source.time_zone)
    written = {"format": ANNEX_FORMAT, "readable": told, "evidence": annex_json(annex)}
    pages, missing = _pages("allegato.pdf", told, head)
    packed = _packed({ANNEX_FILE: _bytes(written), **pages}, head)
    text = readme.RESERVED.format(**_heading(told), recipient=recipient.fingerprint)
    files = {"allegato.cms": recipient.enveloped(packed), "README.txt": text.encode()}
    return Made(files=files, pages_missing=missing, evidence=evidence)


async def _annex(
    source: Source, evidence: CaseEvidence, rows: Sequence[StoredRow], head: SealedHead
) -> AnnexEvidence:
    """Its decisions are derived again from the whole log."""
    own = [row for row in rows if row.stream == evidence.case_id]
    decisions = DecisionsOfCase(placements_of(own))
    if source.signers:
        async for page in rows_upto(source.store, head.size):
            decisions.take(page)
    attested = decisions.attestations(head.checkpoint)
    return annex_of(evidence, rows, [signed_by(each.text, source.signers) for each in attested])


def _pages(name: str, told: Json, head: SealedHead) -> tuple[dict[str, bytes], PagesNotMade | None]:
    try:
        return {name: pdf_of(told, head.sealed_at)}, None
    except PagesNotMade as missing:
        return {}, missing


def _packed(files: Mapping[str, bytes], head: SealedHead) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.mtime = len(content), 0o600, int(head.sealed_at.timestamp())
            tar.addfile(member, io.BytesIO(content))
    return held.getvalue()


def _heading(told: Json) -> dict[str, str]:
    exercise = EXERCISE + "\n" if told["exercise"] else ""
    return {"exercise": exercise, **{name: str(told[name]) for name in ("reference", "log", "size")}}


def _bytes(written: Json) -> bytes:
    return orjson.dumps(written, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
