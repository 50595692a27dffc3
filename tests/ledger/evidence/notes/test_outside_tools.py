"""Programs that nobody here wrote accept what a log hands out, and refuse it corrupted.

`proofbundle` reads proof files; it has an environment of its own, which `make test` installs, and shares
nothing with ours. `openssl` reads signatures, by the commands that `docs/EVIDENCE.md` has for it. Neither is
given more than an auditor is: the file, the leaf and the log's public key.
"""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.evidence.notes.proof_file import TlogProof
from ledger.evidence.notes.signed import KeyKind, Signer
from tests.ledger.evidence.sealed_log import KEY, ORIGIN, leaf, note_over
from tests.ledger.evidence.tree.literal import Literal

PROOFBUNDLE = Path(sys.prefix) / "outside" / "bin" / "proofbundle"
SIZE, INDEX = 23, 9
LEAVES = [leaf(index) for index in range(SIZE)]
WITNESSES = [Signer(f"w{number}.example", KeyKind.COSIGNATURE, bytes([number]) * 32) for number in (1, 2)]
NOTE = note_over(LEAVES)
PROOF = TlogProof(
    index=INDEX,
    hashes=tuple(Literal(LEAVES).inclusion(INDEX, SIZE)),
    note=NOTE.signed_also(each.sign(NOTE.text, 1_790_000_000) for each in WITNESSES),
)
OTHER_HASH = base64.b64encode(bytes(32))
PAGE = (Path(__file__).parents[4] / "docs" / "EVIDENCE.md").read_text()


def proofbundle(folder: Path, proof: bytes, payload: bytes = LEAVES[INDEX], vkey: str = "") -> bool:
    (folder / "proof").write_bytes(proof)
    (folder / "leaf").write_bytes(payload)
    options = [
        "--payload-file",
        "leaf",
        "--log-vkey",
        vkey or KEY.heads.verifier.vkey,
        "--expected-origin",
        ORIGIN,
    ]
    for witness in WITNESSES:
        options += ["--witness-vkey", witness.verifier.vkey]
    said = subprocess.run(
        [PROOFBUNDLE, "verify-proof", "proof", *options, "--threshold", "2"], cwd=folder, capture_output=True
    )
    return said.returncode == 0


@pytest.mark.slow
def test_proofbundle_accepts_a_proof_with_two_witnesses(tmp_path: Path) -> None:
    assert proofbundle(tmp_path, PROOF.raw)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("proof", "payload", "vkey"),
    [
        (PROOF.raw, LEAVES[INDEX + 1], ""),
        (PROOF.raw.replace(b"index 9", b"index 8"), LEAVES[INDEX], ""),
        (PROOF.raw.replace(PROOF.raw.split(b"\n")[3], OTHER_HASH), LEAVES[INDEX], ""),
        (PROOF.raw.replace(b"\n23\n", b"\n24\n"), LEAVES[INDEX], ""),
        (PROOF.raw, LEAVES[INDEX], WITNESSES[0].verifier.vkey),
        (TlogProof(index=INDEX, hashes=PROOF.hashes, note=NOTE).raw, LEAVES[INDEX], ""),
    ],
    ids=["another leaf", "another index", "another hash", "another size", "another key", "no witness"],
)
def test_proofbundle_refuses_a_corrupted_proof(
    tmp_path: Path, proof: bytes, payload: bytes, vkey: str
) -> None:
    assert not proofbundle(tmp_path, proof, payload, vkey)


def openssl(folder: Path, note: bytes, vkey: str) -> bool:
    """The commands of the page, as they stand in it."""
    (folder / "checkpoint").write_bytes(note)
    (folder / "vkey").write_text(vkey + "\n")
    commands = PAGE.split("## Checking with other tools", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0]
    said = subprocess.run(["sh", "-e", "-c", commands], cwd=folder, capture_output=True, text=True)
    return said.returncode == 0 and "Verified Successfully" in said.stdout


def test_openssl_accepts_the_signature_of_a_head(tmp_path: Path) -> None:
    assert openssl(tmp_path, NOTE.raw, KEY.heads.verifier.vkey)


@pytest.mark.parametrize(
    ("note", "vkey"),
    [
        (NOTE.raw.replace(b"\n23\n", b"\n22\n"), KEY.heads.verifier.vkey),
        (NOTE.raw.replace(NOTE.raw.split(b"\n")[2], OTHER_HASH), KEY.heads.verifier.vkey),
        (NOTE.raw.replace(b"exercise", b"real"), KEY.heads.verifier.vkey),
        (
            note_over(LEAVES[:-1]).raw.split(b"\n\n")[0] + b"\n\n" + NOTE.raw.split(b"\n\n")[1],
            KEY.heads.verifier.vkey,
        ),
        (NOTE.raw, KEY.clock.verifier.vkey),
    ],
    ids=["another size", "another root", "another log", "another head's signature", "another key"],
)
def test_openssl_refuses_a_corrupted_head(tmp_path: Path, note: bytes, vkey: str) -> None:
    assert not openssl(tmp_path, note, vkey)
