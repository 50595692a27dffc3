"""What is sealed, at the doors: whoever has the leaves and a key checks all of it without asking us again."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.evidence.notes.checkpoint import parse_checkpoint
from ledger.evidence.notes.proof_file import parse_proof
from ledger.evidence.notes.signed import KeyKind, Signer, parse_note, signers_of
from ledger.evidence.notes.trust import Group, Trust, Witness, parse_trust, standing
from ledger.evidence.sealing.port import Cosignature
from ledger.evidence.sealing.sealer import HEARTBEAT_SECONDS
from ledger.evidence.tree.merkle import CompactRange, is_consistent, leaf_hash
from ledger.evidence.tree.tiles import WIDTH, hashes_in, tiles_of
from tests.api.http.ground import ALONE, FAMILY
from tests.api.http.sealed_ground import Sealed, sealed_in_memory


async def _text(sealed: Sealed, path: str, who: str = "auditor") -> str:
    answer = await sealed.stage.get(path, who)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.text


async def _told(sealed: Sealed, path: str, who: str = "auditor") -> Any:
    answer = await sealed.stage.get(path, who)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.asyncio
async def test_the_checkpoint_is_signed_by_the_keys_that_the_doors_name(sealed: Sealed) -> None:
    head = await sealed.seal()
    said = await _told(sealed, "/audit/keys")
    assert [key["heads"] for key in said["keys"]] == [sealed.key.heads.verifier.vkey]
    note = parse_note((await _text(sealed, "/audit/checkpoint")).encode())
    found = standing(note, parse_trust(said["trust"]))
    assert (found.checkpoint.origin, found.checkpoint.size) == (said["origin"], head.size)
    assert found.checkpoint.root == head.root
    assert found.signed_by == (sealed.key.heads.verifier,)
    statement = parse_note(said["keys"][0]["statement"].encode())
    assert signers_of(statement, [sealed.key.heads.verifier])
    assert said["origin"].startswith("approdo.exercise/"), "a reader of the note alone sees what log it is"


@pytest.mark.asyncio
async def test_every_event_has_a_receipt_that_holds_under_every_later_head(sealed: Sealed) -> None:
    first = await sealed.seal()
    await sealed.stage.held(ALONE)
    last = await sealed.seal()
    for position, hashed in enumerate(await sealed.leaves(), start=1):
        answer = await sealed.stage.get(f"/audit/proofs/{position}", "coordinator")
        kept = f'attachment; filename="approdo-{position}.tlog-proof"'
        assert answer.headers["content-disposition"] == kept
        proof = parse_proof(answer.content)
        assert (proof.index, proof.checkpoint.size) == (position - 1, last.size)
        assert proof.holds(hashed)
        assert not proof.holds(leaf_hash(b"another"))
        if position <= first.size:
            earlier = parse_proof(
                (await _text(sealed, f"/audit/proofs/{position}?size={first.size}")).encode()
            )
            assert earlier.checkpoint.size == first.size
            assert earlier.holds(hashed)


@pytest.mark.asyncio
async def test_what_is_not_sealed_yet_is_said_to_be_on_its_way(sealed: Sealed) -> None:
    for path in ("/audit/checkpoint", "/audit/proofs/1"):
        answer = await sealed.stage.get(path, "auditor")
        assert (answer.status_code, answer.json()["code"]) == (503, "NOT_SEALED_YET")
        assert answer.headers["retry-after"] == "1"
    head = await sealed.seal()
    await sealed.stage.held(ALONE)
    waits = await sealed.stage.get(f"/audit/proofs/{head.size + 1}", "auditor")
    assert (waits.status_code, waits.json()["code"]) == (503, "NOT_SEALED_YET")
    beyond = await sealed.stage.get(f"/audit/proofs/{await sealed.stage.store.head() + 1}", "auditor")
    assert (beyond.status_code, beyond.json()["code"]) == (404, "NOT_FOUND")
    for query in ("proofs/1?size=1", "checkpoint?size=1", f"consistency?old=1&new={head.size}"):
        unknown = await sealed.stage.get(f"/audit/{query}", "auditor")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "HEAD_UNKNOWN"), query
    for query in (
        f"proofs/{head.size}?size=1",
        f"consistency?old={head.size + 1}",
        "proofs/0",
        "consistency",
    ):
        wrong = await sealed.stage.get(f"/audit/{query}", "auditor")
        assert (wrong.status_code, wrong.json()["code"]) == (422, "REQUEST_INVALID"), query


@pytest.mark.asyncio
async def test_from_one_head_to_another_the_log_has_only_grown(sealed: Sealed) -> None:
    heads = [await sealed.seal()]
    for body in (ALONE, FAMILY):
        await sealed.stage.held(body)
        heads.append(await sealed.seal())
    for old in heads:
        for new in (each for each in heads if each.size >= old.size):
            said = await _told(sealed, f"/audit/consistency?old={old.size}&new={new.size}", "protection")
            proof = [base64.b64decode(each) for each in said["hashes"]]
            assert is_consistent(old.size, old.root, new.size, new.root, proof)
            assert parse_checkpoint(parse_note(said["old_note"].encode()).text).root == old.root
            assert parse_checkpoint(parse_note(said["new_note"].encode()).text).root == new.root
    upto = await _told(sealed, f"/audit/consistency?old={heads[0].size}")
    assert upto["new"] == heads[-1].size


@pytest.mark.asyncio
async def test_tiles_alone_rebuild_the_root(sealed: Sealed) -> None:
    earlier = await sealed.seal()
    while await sealed.stage.store.head() <= WIDTH:
        path = await sealed.stage.held(ALONE)
        await sealed.stage.done(f"{path}/withdrawal")
    head = await sealed.seal()
    leaves: list[bytes] = []
    wanted = list(tiles_of(head.size))
    assert [tile.level for tile in wanted] == [0, 0, 1]
    for tile in wanted:
        answer = await sealed.stage.get(f"/audit/tiles/{tile.path.removeprefix('tile/')}", "auditor")
        assert answer.status_code == 200, tile
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert len(hashes_in(answer.content)) == tile.width
        leaves += hashes_in(answer.content) if tile.level == 0 else []
    tree = CompactRange()
    for hashed in leaves:
        tree.append(hashed)
    assert (tree.size, tree.root()) == (head.size, head.root)
    (kept,) = tiles_of(earlier.size)
    assert (
        await sealed.stage.get(f"/audit/{kept.path.replace('tile', 'tiles', 1)}", "lead")
    ).status_code == 200
    nowhere = (
        "0/001",
        "0/002.p/1",
        f"0/000.p/{earlier.size - 1}",
        "1/000",
        "1/000.p/2",
        "entries/000",
        "0/0",
    )
    for path in (*nowhere, "63/000", "0/x000/000", "0/000.p/0", "0/000.p/256", "0/999.p/9"):
        answer = await sealed.stage.get(f"/audit/tiles/{path}", "auditor")
        assert answer.status_code in (404, 422), path
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.asyncio
async def test_how_far_the_log_is_sealed_and_since_when_the_rest_waits(sealed: Sealed) -> None:
    stage = sealed.stage
    nothing = await _told(sealed, "/audit/seal")
    assert (nothing["size"], nothing["root"], nothing["waiting"]) == (0, None, await stage.store.head())
    assert not nothing["late"], "it waits since a moment ago"
    head = await sealed.seal()
    done = await _told(sealed, "/audit/seal")
    assert (done["size"], done["root"], done["waiting"]) == (head.size, head.root.hex(), 0)
    assert (done["waiting_since"], done["late"], done["witnesses"]) == (None, False, [])
    since = (await stage.ask(ALONE))["recorded_at"]
    await stage.later(minutes=10)
    assert not (await _told(sealed, "/audit/seal"))["late"]
    await stage.later(seconds=1)
    late = await _told(sealed, "/audit/seal", "lead")
    assert (late["late"], late["waiting_since"]) == (True, since)
    assert late["waiting"] == await stage.store.head() - head.size


@pytest.mark.asyncio
async def test_the_checkpoint_carries_when_the_log_last_stood_and_who_has_seen_it(memory: Sealed) -> None:
    head = await memory.seal()
    seer = Signer("witness.example/w1", KeyKind.COSIGNATURE, bytes([7] * 32))
    now = datetime.now(UTC).replace(microsecond=0)
    for signer in (seer, memory.key.clock):
        line = signer.sign(head.signed.text, int(now.timestamp()))
        await memory.log.cosign(Cosignature(size=head.size, line=line, at=now))
    trust = parse_trust((await _told(memory, "/audit/keys"))["trust"])
    note = parse_note((await _text(memory, "/audit/checkpoint", "coordinator")).encode())
    assert len(note.signatures) == 3
    assert signers_of(note, [seer.verifier])
    assert standing(note, trust).stood_at == int(now.timestamp())
    said = await _told(memory, "/audit/seal")
    told = now.isoformat().replace("+00:00", "Z")
    assert said["stood_at"] == told
    assert said["witnesses"] == [{"name": "witness.example/w1", "at": told, "known": False}]
    assert said["quorum_reached"] is None
    assert HEARTBEAT_SECONDS == 600.0, "as the page says"


@pytest.mark.asyncio
async def test_only_the_coordination_has_receipts_and_only_who_verifies_sees_the_tree(memory: Sealed) -> None:
    await memory.seal()
    for path in ("/audit/checkpoint", "/audit/proofs/1", "/audit/proofs/999999", "/audit/keys"):
        for who in ("ginepro", "social", "police", "neighbour", "region", "administrator", "engine"):
            answer = await memory.stage.get(path, who)
            assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN"), (path, who)
    for path in ("/audit/consistency?old=1", "/audit/tiles/0/000", "/audit/seal"):
        assert (await memory.stage.get(path, "coordinator")).status_code == 403


@pytest.mark.asyncio
async def test_the_witnesses_that_were_chosen_are_named_and_their_quorum_is_judged(tmp_path: Path) -> None:
    seers = [Signer(f"w{n}.example/w", KeyKind.COSIGNATURE, bytes([n] * 32)) for n in (7, 8)]
    chosen = Trust(
        witnesses={
            name: Witness(name=name, key=seer.verifier)
            for name, seer in zip(("auditor", "region"), seers, strict=True)
        },
        groups={"both": Group(least=2, members=("auditor", "region"))},
        quorum="both",
    )
    async with sealed_in_memory(tmp_path, witnesses=chosen) as sealed:
        head, now = await sealed.seal(), datetime.now(UTC).replace(microsecond=0)
        kept = parse_trust((await _told(sealed, "/audit/keys"))["trust"])
        assert (set(kept.witnesses), kept.quorum) == ({"auditor", "region"}, "both")
        assert sealed.key.heads.verifier in kept.logs
        for seer, names in zip(seers, (["auditor"], ["auditor", "region"]), strict=True):
            line = seer.sign(head.signed.text, int(now.timestamp()))
            await sealed.log.cosign(Cosignature(size=head.size, line=line, at=now))
            said = await _told(sealed, "/audit/seal")
            assert [(each["name"], each["known"]) for each in said["witnesses"]] == [(n, True) for n in names]
            assert said["quorum_reached"] is (len(names) == 2)
        note = parse_note((await _text(sealed, "/audit/checkpoint")).encode())
        assert standing(note, kept).quorum_reached, "who has the file judges alike"
