"""Proof files (C2SP tlog-proof): as written, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.notes.proof_file import LONGEST_PROOF, TlogProof, parse_proof
from ledger.evidence.notes.signed import NoteBroken, SignedNote, encoded, signers_of
from ledger.evidence.tree.merkle import leaf_hash
from tests.ledger.evidence.sealed_log import KEY, ORIGIN, leaf, note_over
from tests.ledger.evidence.tree.literal import Literal

SIZE, INDEX = 23, 9
LEAVES = [leaf(index) for index in range(SIZE)]
LITERAL = Literal(LEAVES)
PROOF = TlogProof(index=INDEX, hashes=tuple(LITERAL.inclusion(INDEX, SIZE)), note=note_over(LEAVES))
LINES = PROOF.raw.decode().split("\n")
HASHED = leaf_hash(LEAVES[INDEX])


def without(at: int) -> str:
    return "\n".join(LINES[:at] + LINES[at + 1 :])


def instead(at: int, line: str) -> str:
    return "\n".join([*LINES[:at], line, *LINES[at + 1 :]])


def before(at: int, *lines: str) -> str:
    return "\n".join([*LINES[:at], *lines, *LINES[at:]])


def test_a_proof_is_read_as_it_was_written_and_holds() -> None:
    found = parse_proof(PROOF.raw)
    assert (found, found.raw) == (PROOF, PROOF.raw)
    assert found.holds(HASHED)
    assert found.checkpoint.origin == ORIGIN


def test_every_leaf_has_a_proof_of_its_own() -> None:
    for index in range(SIZE):
        proof = TlogProof(index=index, hashes=tuple(LITERAL.inclusion(index, SIZE)), note=PROOF.note)
        held = [other for other in range(SIZE) if parse_proof(proof.raw).holds(leaf_hash(LEAVES[other]))]
        assert held == [index]


def test_an_extra_line_is_passed_over() -> None:
    assert parse_proof(before(1, "extra Zm9v").encode()) == PROOF


def test_the_only_leaf_has_no_hashes() -> None:
    single = TlogProof(index=0, hashes=(), note=note_over(LEAVES[:1]))
    assert parse_proof(single.raw) == single
    assert single.holds(leaf_hash(LEAVES[0]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        without(0),
        without(1),
        without(LINES.index("")),
        instead(0, "c2sp.org/tlog-proof@v2"),
        instead(0, " c2sp.org/tlog-proof@v1"),
        before(0, ""),
        "\ufeff" + PROOF.raw.decode(),
        instead(1, "index"),
        instead(1, "index "),
        instead(1, "index 09"),
        instead(1, "index -9"),
        instead(1, "index +9"),
        instead(1, "index 9 "),
        instead(1, "index  9"),
        instead(1, "Index 9"),
        instead(1, "index \u0669"),
        instead(1, "index " + "9" * 20),
        instead(1, "index " + "9" * 5000),
        before(1, "index 9"),
        before(2, "extra Zm9v"),
        before(1, "extra Zm9v", "extra Zm9v"),
        before(1, "extra Zm9"),
        before(1, "extra Zm9v "),
        before(1, "extra"),
        before(2, ""),
        before(3, "x"),
        before(3, encoded(bytes(31))),
        before(3, encoded(bytes(33))),
        before(3, encoded(bytes(32))[:-2] + "9="),
        before(3, " " + encoded(bytes(32))),
        before(3, *[encoded(bytes(32))] * 63),
        before(1, "extra " + "AAAA" * LONGEST_PROOF),
        PROOF.raw.decode().replace("\n", "\r\n"),
        PROOF.raw.decode() + "\n",
        PROOF.raw.decode().rpartition("\n")[0],
        PROOF.raw.decode().rpartition("\n\n")[0] + "\n",
    ],
)
def test_what_is_not_a_proof_is_refused(text: str) -> None:
    with pytest.raises(NoteBroken):
        parse_proof(text.encode())


def test_a_proof_is_utf_8() -> None:
    with pytest.raises(NoteBroken):
        parse_proof(b"\xff" + PROOF.raw)


def test_a_proof_over_a_note_that_is_no_checkpoint_is_refused() -> None:
    text = "approdo\nand nothing else\n"
    proof = TlogProof(index=0, hashes=(), note=SignedNote(text=text, signatures=(KEY.heads.sign(text),)))
    with pytest.raises(NoteBroken):
        parse_proof(proof.raw)


@pytest.mark.parametrize(
    ("index", "size"),
    [(INDEX + 1, SIZE), (INDEX - 1, SIZE), (0, SIZE), (SIZE, SIZE), (2**63, SIZE), (INDEX, 9), (0, 0)],
)
def test_a_proof_for_another_place_does_not_hold(index: int, size: int) -> None:
    head = Checkpoint(origin=ORIGIN, size=size, root=LITERAL.root(size)).text
    proof = TlogProof(
        index=index, hashes=PROOF.hashes, note=SignedNote(text=head, signatures=(KEY.heads.sign(head),))
    )
    assert not proof.holds(HASHED)


def test_no_bit_of_a_proof_can_be_changed() -> None:
    """Each is refused, does not hold, or is signed by nobody who is known."""
    known = [KEY.heads.verifier]
    for bit in range(8 * len(PROOF.raw)):
        changed = bytearray(PROOF.raw)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            proof = parse_proof(bytes(changed))
            assert not (proof.holds(HASHED) and signers_of(proof.note, known))
        except NoteBroken:
            continue


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from([*LINES, "index 0", "extra AA=="]), max_size=14).map(
        lambda lines: "\n".join(lines).encode()
    )
)
def test_any_bytes_are_a_proof_or_refused(raw: bytes) -> None:
    try:
        found = parse_proof(raw)
    except NoteBroken:
        return
    assert found.raw == raw or b"\nextra " in raw
