"""The reserved annex: whole, attested, and opened by its recipient alone, with a tool that is not ours."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest

from api.commands.verifying_dossier import verify_dossier
from api.dossier.making import make_reserved
from ledger.evidence.dossier.annex import annex_json, annex_of, check_annex, read_annex
from ledger.evidence.dossier.attesting import DecisionsOfCase
from ledger.evidence.dossier.checking import ANNEX_FILE, DossierFlaw
from ledger.evidence.dossier.gathering import gather, placements_of, rows_of_case
from ledger.evidence.dossier.recipient import RecipientUnfit, recipient_of
from ledger.evidence.dossier.statement import Attestation, parse_attestation, signed_by
from ledger.evidence.notes.trust import rendered
from ledger.evidence.rederive import is_ranking
from ledger.evidence.sealing.log_key import log_key
from ledger.store.port import StoredRow
from tests.api.dossier.stage import RESERVED, Sealed, certificate, sealed_night
from tests.api.dossier.test_shown import foreign_ids, leaks, pdf_text

OPENSSL = "openssl"


def opened(folder: Path, sealed: bytes, key: bytes) -> subprocess.CompletedProcess[bytes]:
    """As the text beside it says."""
    (folder / "allegato.cms").write_bytes(sealed)
    (folder / "key.pem").write_bytes(key)
    return openssl(folder, "cms -decrypt -binary -inform DER -in allegato.cms -inkey key.pem")


def openssl(folder: Path, arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([OPENSSL, *arguments.split()], cwd=folder, capture_output=True, timeout=60)


def unpacked(packed: bytes, folder: Path) -> Mapping[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        tar.extractall(folder, filter="data")
    return {each.name: each.read_bytes() for each in folder.iterdir()}


async def made(sealed: Sealed) -> tuple[Mapping[str, bytes], bytes]:
    pem, key = certificate()
    recipient = recipient_of(pem, datetime.now(UTC))
    return (
        await make_reserved(sealed.source, sealed.case_id, RESERVED.reference, sealed.head, recipient)
    ).files, key


@pytest.mark.asyncio
async def test_its_recipient_opens_it_with_openssl_and_it_holds(tmp_path: Path) -> None:
    sealed = await sealed_night()
    files, key = await made(sealed)
    assert set(files) == {"allegato.cms", "README.txt"}
    decrypted = opened(tmp_path, files["allegato.cms"], key)
    assert decrypted.returncode == 0, decrypted.stderr
    folder, trust = tmp_path / "opened", tmp_path / "trust"
    folder.mkdir()
    inside = unpacked(decrypted.stdout, folder)
    assert set(inside) == {"allegato.json", "allegato.pdf"}
    trust.write_text(rendered(sealed.trust))
    assert verify_dossier(folder, trust) == 0
    said = orjson.loads(inside[ANNEX_FILE])
    annex = read_annex(said["evidence"])
    results = [parse_attestation(note.text).result for note in annex.attestations]
    rankings = [each for each in annex.case.events if is_ranking(each.shown.topic)]
    assert len(results) == len(rankings) == len(said["readable"]["decisions"]) == 2
    assert set(results) == {"same"}
    shelters = {house.id for house in sealed.night.ids.shelters.values()}
    found = leaks(inside, shelters)
    assert found == {(name, each) for name in inside for each in shelters}, "what it is for is there"
    assert "Rifatta sul registro completo: uguale." in pdf_text(inside["allegato.pdf"])


@pytest.mark.asyncio
async def test_nobody_else_opens_it_and_nothing_stands_beside_it_in_the_clear(tmp_path: Path) -> None:
    sealed = await sealed_night()
    files, key = await made(sealed)
    _, strange = certificate()
    refused = opened(tmp_path, files["allegato.cms"], strange)
    assert b"readable" not in refused.stdout and b"allegato.json" not in refused.stdout
    own = {*(row.stream for row in sealed.rows), *foreign_ids(sealed)} - {sealed.night.network_id}
    assert leaks(files, own) == set()
    clear = opened(tmp_path, files["allegato.cms"], key).stdout
    assert leaks({"clear": clear}, own) != set(), "the control: in the clear they would be found"
    told = openssl(tmp_path, "cms -cmsout -print -noout -inform DER -in allegato.cms").stdout
    assert b"aes-256-cbc" in told and b"rsaEncryption" in told


@pytest.mark.asyncio
async def test_it_is_made_through_memory_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = await sealed_night()
    before = set(os.listdir(tmp_path))
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    await made(sealed)
    assert set(os.listdir(tmp_path)) == before


@pytest.mark.asyncio
async def test_another_reserved_part_or_attestation_is_found() -> None:
    sealed = await sealed_night()
    rows = await rows_of_case(sealed.source.store, sealed.case_id, sealed.head.size)
    case = await gather(sealed.source.sealed, sealed.case_id, rows, sealed.head, sealed.source.signers)
    notes = [signed_by(each.text, sealed.source.signers) for each in attested(sealed, sealed.rows)]
    annex = annex_of(case, rows, notes)
    assert check_annex(annex, sealed.trust) == ()
    assert read_annex(annex_json(annex)) == annex
    position = rows[0].position
    reserved, metadata = annex.withheld[position]
    for parts in ((reserved + b" ", metadata), (reserved, metadata + b" ")):
        wrong = check_annex(replace(annex, withheld={**annex.withheld, position: parts}), sealed.trust)
        assert [(each.flaw, each.position) for each in wrong] == [(DossierFlaw.WITHHELD_DIFFERS, position)]
    missing = {at: parts for at, parts in annex.withheld.items() if at != position}
    assert check_annex(replace(annex, withheld=missing), sealed.trust)
    beside = check_annex(replace(annex, withheld={**annex.withheld, 1: (reserved, metadata)}), sealed.trust)
    assert [each.flaw for each in beside] == [DossierFlaw.WITHHELD_DIFFERS]
    of_another = replace(attested(sealed, sealed.rows)[0], stream=UUID(int=7))
    for wrong_notes in (
        [],
        notes[:1],
        notes[::-1],
        [*notes, notes[0]],
        [signed_by(of_another.text, sealed.source.signers), notes[1]],
    ):
        found = check_annex(replace(annex, attestations=tuple(wrong_notes)), sealed.trust)
        assert [each.flaw for each in found] == [DossierFlaw.ATTESTATION_WRONG]
    stranger = log_key(case.checkpoint.origin, bytes(32)).heads
    for note in (
        signed_by(case.checkpoint.text, sealed.source.signers),
        *(signed_by(each.text, [stranger]) for each in attested(sealed, sealed.rows)),
    ):
        found = check_annex(replace(annex, attestations=(note, notes[1])), sealed.trust)
        assert [each.flaw for each in found] == [DossierFlaw.ATTESTATION_WRONG]


def attested(sealed: Sealed, rows: list[StoredRow]) -> tuple[Attestation, ...]:
    decisions = DecisionsOfCase(placements_of(row for row in rows if row.stream == sealed.case_id))
    decisions.take(rows)
    return decisions.attestations(sealed.head.checkpoint)


@pytest.mark.asyncio
async def test_a_decision_that_does_not_follow_is_attested_as_such() -> None:
    """A ranking changed after the fact: another position of the first candidate's penalty."""
    sealed = await sealed_night()
    whole = [each.result for each in attested(sealed, sealed.rows)]
    assert whole == ["same", "same"]
    forged = [
        replace(row, state=row.state.replace(b'"units_seen":3', b'"units_seen":2')) for row in sealed.rows
    ]
    results = [each.result for each in attested(sealed, forged)]
    assert results == ["DIFFERS,units_seen"] * 2


@pytest.mark.parametrize("what", ["not one", "elliptic", "expired", "not yet"])
def test_a_certificate_that_cannot_serve_is_refused(what: str) -> None:
    now = datetime.now(UTC)
    pem = {
        "not one": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "elliptic": certificate(rsa_key=False)[0],
        "expired": certificate(now=now - timedelta(days=90))[0],
        "not yet": certificate(now=now + timedelta(days=90))[0],
    }[what]
    with pytest.raises(RecipientUnfit):
        recipient_of(pem, now)


def test_a_recipient_is_known_by_the_fingerprint_that_openssl_shows(tmp_path: Path) -> None:
    pem, _ = certificate()
    (tmp_path / "cert.pem").write_bytes(pem)
    told = openssl(tmp_path, "x509 -noout -fingerprint -sha256 -in cert.pem").stdout.decode()
    shown = told.strip().rpartition("=")[2].replace(":", "").lower()
    assert recipient_of(pem, datetime.now(UTC)).fingerprint == shown
