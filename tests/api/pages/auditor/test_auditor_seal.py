"""The auditor's page of the sealed log: it shows what the sealer signed, and what it hands out verifies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.permissions import Role
from ledger.evidence.daily.spelling import spelled
from ledger.evidence.notes.checkpoint import parse_checkpoint
from ledger.evidence.notes.proof_file import parse_proof
from ledger.evidence.notes.signed import KeyKind, Signer, parse_note
from ledger.evidence.notes.trust import Trust, Witness, parse_trust, standing
from ledger.evidence.sealing.port import Cosignature
from tests.api.http.ground import ALONE
from tests.api.http.sealed_ground import Sealed, beside
from tests.api.pages.ground import Pages, pages, played

PAGE = "/verifica/sigillo"


@asynccontextmanager
async def _sealed(folder: Path, **doors: Any) -> AsyncIterator[tuple[Pages, Sealed]]:
    async with pages(**doors) as there:
        yield there, await beside(there.stage, there.stage.doors.sealed, folder)  # type: ignore[arg-type]


@played
async def test_the_last_head_is_told_with_its_root_as_it_is_read_out(tmp_path: Path) -> None:
    async with _sealed(tmp_path) as (there, sealed):
        auditor = await there.signed_in(Role.AUDITOR)
        empty = await auditor.open(PAGE)
        assert "Nessuna testa è stata ancora firmata." in empty.text
        head = await sealed.seal()
        page = await auditor.open(PAGE)
        assert page.h1 == "Registro sigillato"
        assert f"dalla prima alla posizione {head.size}" in page.text
        assert all(line in page.text for line in spelled(head.root))
        assert head.checkpoint.origin in page.text
        assert sealed.key.heads.verifier.vkey in page.text
        assert sealed.key.clock.verifier.vkey in page.text
        for said in ("non ancora: si ripete ogni dieci minuti", "nessuna voce", "Nessun testimone ha ancora"):
            assert said in page.text
        assert "Prova quali voci aveva il registro" in page.text
        assert "Non prova che quanto fu scritto sia vero." in page.text


@played
async def test_who_has_seen_it_and_when_the_log_last_stood(tmp_path: Path) -> None:
    async with _sealed(tmp_path) as (there, sealed):
        await there.stage.held(ALONE)
        head, now = await sealed.seal(), datetime(2026, 11, 22, 3, 12, 5, tzinfo=UTC)
        seer = Signer("witness.example/w1", KeyKind.COSIGNATURE, bytes([7] * 32))
        for signer in (seer, sealed.key.clock):
            line = signer.sign(head.signed.text, int(now.timestamp()))
            await sealed.log.cosign(Cosignature(size=head.size, line=line, at=now))
        page = await (await there.signed_in(Role.AUDITOR)).open(PAGE)
        assert "witness.example/w1" in page.text
        assert "chiave non nota qui" in page.text
        assert page.text.count("22/11/2026 04:12:05") == 2, "by the clock of the network"


@played
async def test_whether_the_witnesses_required_have_seen_it(tmp_path: Path) -> None:
    seer = Signer("witness.example/w1", KeyKind.COSIGNATURE, bytes([7] * 32))
    chosen = Trust(witnesses={"regione": Witness(name="regione", key=seer.verifier)}, quorum="regione")
    async with _sealed(tmp_path, witnesses=chosen) as (there, sealed):
        head, auditor = await sealed.seal(), await there.signed_in(Role.AUDITOR)
        assert "Mancano ancora testimoni richiesti." in (await auditor.open(PAGE)).text
        now = datetime.now(UTC)
        line = seer.sign(head.signed.text, int(now.timestamp()))
        await sealed.log.cosign(Cosignature(size=head.size, line=line, at=now))
        page = await auditor.open(PAGE)
        assert "I testimoni richiesti l’hanno vista." in page.text
        assert "regione" in page.text
        assert "chiave non nota qui" not in page.text


@played
async def test_a_sealer_that_stands_still_is_an_alarm_after_ten_minutes(tmp_path: Path) -> None:
    async with _sealed(tmp_path) as (there, sealed):
        await sealed.seal()
        auditor, stage = await there.signed_in(Role.AUDITOR), there.stage
        await stage.later(hours=5)
        assert "Il sigillo è fermo." not in (await auditor.open(PAGE)).text, "nothing waits"
        await stage.held(ALONE)
        await stage.later(minutes=9)
        assert "Il sigillo è fermo." not in (await auditor.open(PAGE)).text
        await stage.later(minutes=2)
        page = await auditor.open(PAGE)
        assert "Il sigillo è fermo." in page.text
        assert 'role="alert"' in page.html
        assert "voci aspettano dal 22/11/2026 08:00:00." in page.text
        await sealed.seal()
        assert "Il sigillo è fermo." not in (await auditor.open(PAGE)).text


@played
async def test_what_is_taken_away_verifies_without_us(tmp_path: Path) -> None:
    async with _sealed(tmp_path) as (there, sealed):
        path = await there.stage.held(ALONE)
        head = await sealed.seal()
        auditor = await there.signed_in(Role.AUDITOR)
        keys = await auditor.client.get(f"{PAGE}/scarica/chiavi.txt")
        note = await auditor.client.get(f"{PAGE}/scarica/testa.txt")
        found = standing(parse_note(note.content), parse_trust(keys.text))
        assert (found.checkpoint, found.signed_by) == (head.checkpoint, (sealed.key.heads.verifier,))
        assert note.headers["content-disposition"] == 'attachment; filename="testa.txt"'
        journey = await auditor.open(f"/verifica/posti/{path.rsplit('/', 1)[-1]}")
        linked = [link for link in journey.links if link.startswith(f"{PAGE}/prove/")]
        history = (await there.stage.get(f"{path}/history", "auditor")).json()["items"]
        assert linked == [f"{PAGE}/prove/{line['position']}" for line in history]
        leaves = await sealed.leaves()
        for link in linked:
            answer = await auditor.client.get(link)
            position = int(link.rpartition("/")[2])
            kept = f'attachment; filename="approdo-{position}.tlog-proof"'
            assert answer.headers["content-disposition"] == kept
            proof = parse_proof(answer.content)
            assert proof.holds(leaves[position - 1])
            assert parse_checkpoint(proof.note.text) == head.checkpoint


@played
async def test_a_proof_that_is_not_there_yet_is_told_on_a_page(tmp_path: Path) -> None:
    async with _sealed(tmp_path) as (there, sealed):
        head = await sealed.seal()
        await there.stage.held(ALONE)
        auditor = await there.signed_in(Role.AUDITOR)
        waits = await auditor.open(f"{PAGE}/prove/{head.size + 1}")
        assert waits.status == 503
        assert "non è ancora sigillata" in waits.text
        for nowhere in (head.size + 500, 0, 10**30):
            assert (await auditor.open(f"{PAGE}/prove/{nowhere}")).status in (404, 422)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD_BODY, Role.SOCIAL_SERVICE])
@played
async def test_the_page_is_the_auditors(role: Role) -> None:
    async with pages() as there:
        reader = await there.signed_in(role)
        for path in (PAGE, f"{PAGE}/scarica/testa.txt", f"{PAGE}/prove/1"):
            assert (await reader.open(path)).status == 404, path
