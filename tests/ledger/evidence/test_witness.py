"""A witness by C2SP tlog-witness: each status, any sequence of submissions, two at once; and what a witness
that looks at its memory too early would have vouched for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.notes.signed import (
    KeyKind,
    NoteBroken,
    SignatureLine,
    SignedNote,
    Signer,
    VerifierKey,
    encoded,
    signers_of,
)
from ledger.evidence.sealing.log_key import LogKey, log_key
from ledger.evidence.tree.merkle import (
    Node,
    consistency_plan,
    filled,
    leaf_hash,
    node_hash,
    nodes_of,
)
from ledger.evidence.witnessing.judgement import Refused
from ledger.evidence.witnessing.memory_files import MemoryBroken, MemoryFiles, WitnessTaken, hash_of
from ledger.evidence.witnessing.submission import MOST_HASHES, Submission, parse_submission, submission
from ledger.evidence.witnessing.witness import Witness
from tests.ledger.evidence.sealed_log import KEY, ORIGIN, leaf, note_over

OTHER_ORIGIN = "approdo.real/0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER_KEY = log_key(OTHER_ORIGIN, bytes([7]) * 32)
STRANGER = log_key(ORIGIN, bytes([9]) * 32)
SIGNER = Signer("witness.example/one", KeyKind.COSIGNATURE, bytes([3]) * 32)
LOGS = {ORIGIN: (KEY.heads.verifier,), OTHER_ORIGIN: (OTHER_KEY.heads.verifier,)}
AT = datetime(2026, 11, 20, 23, tzinfo=UTC)
ZEROS = encoded(bytes(32))
Said = SignatureLine | Refused


def leaves(size: int, changed: int | None = None) -> list[bytes]:
    return [leaf(index) + (b"!" if index == changed else b"") for index in range(size)]


def proof_between(old: int, over: Sequence[bytes]) -> tuple[bytes, ...]:
    if not 0 < old <= len(over):
        return ()
    plan = consistency_plan(old, len(over))
    return filled(plan, {node: _hash(node, over) for node in nodes_of(plan)})


def _hash(node: Node, over: Sequence[bytes]) -> bytes:
    if node.level == 0:
        return leaf_hash(over[node.number])
    left, right = Node(node.level - 1, 2 * node.number), Node(node.level - 1, 2 * node.number + 1)
    return node_hash(_hash(left, over), _hash(right, over))


def asking(old: int, over: Sequence[bytes], origin: str = ORIGIN, key: LogKey = KEY) -> Submission:
    raw = submission(old, proof_between(old, over), note_over(over, origin, key))
    return parse_submission(raw)


def witness_in(folder: Path) -> Witness:
    return Witness(SIGNER, LOGS, MemoryFiles(folder), lambda: AT)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with MemoryFiles(tmp_path).alone():
        yield tmp_path


def status_of(found: Said) -> HTTPStatus:
    return found.status if isinstance(found, Refused) else HTTPStatus.OK


# --- each status --------------------------------------------------------------------------------------------


def forged_line(asked: Submission) -> Submission:
    (line,) = asked.note.signatures
    bent = replace(line, signature=line.signature[:-1] + bytes([line.signature[-1] ^ 1]))
    return replace(asked, note=replace(asked.note, signatures=(bent,)))


def with_other_line(asked: Submission) -> Submission:
    note = asked.note.signed_also([STRANGER.heads.sign(asked.note.text)])
    return replace(asked, note=note)


def with_a_forged_line_besides(asked: Submission) -> Submission:
    note = asked.note.signed_also(forged_line(asked).note.signatures)
    return replace(asked, note=note)


def empty_with_a_root() -> Submission:
    said = Checkpoint(origin=OTHER_ORIGIN, size=0, root=bytes(32))
    note = SignedNote(text=said.text, signatures=(OTHER_KEY.heads.sign(said.text),))
    return Submission(old=0, proof=(), note=note, checkpoint=said)


STATUSES: dict[str, tuple[Submission, HTTPStatus]] = {
    "the next head": (asking(5, leaves(9)), HTTPStatus.OK),
    "the same head again": (asking(5, leaves(5)), HTTPStatus.OK),
    "a line of an unknown key besides": (with_other_line(asking(5, leaves(9))), HTTPStatus.OK),
    "the first head of another log": (asking(0, leaves(3), OTHER_ORIGIN, OTHER_KEY), HTTPStatus.OK),
    "an empty log": (asking(0, [], OTHER_ORIGIN, OTHER_KEY), HTTPStatus.OK),
    "a log nobody named": (asking(0, leaves(5), "example.com/log", STRANGER), HTTPStatus.NOT_FOUND),
    "no line of a trusted key": (asking(5, leaves(9), key=STRANGER), HTTPStatus.FORBIDDEN),
    "a forged line": (forged_line(asking(5, leaves(9))), HTTPStatus.FORBIDDEN),
    "a forged line besides a true one": (
        with_a_forged_line_besides(asking(5, leaves(9))),
        HTTPStatus.FORBIDDEN,
    ),
    "an old size beyond the head": (replace(asking(5, leaves(9)), old=10), HTTPStatus.BAD_REQUEST),
    "an old size that was not seen": (asking(4, leaves(9)), HTTPStatus.CONFLICT),
    "no old size": (asking(0, leaves(9)), HTTPStatus.CONFLICT),
    "a shorter head": (asking(3, leaves(3)), HTTPStatus.CONFLICT),
    "a fork": (asking(5, leaves(9, changed=2)), HTTPStatus.UNPROCESSABLE_ENTITY),
    "another head of the same size": (asking(5, leaves(5, changed=2)), HTTPStatus.UNPROCESSABLE_ENTITY),
    "a proof that is cut off": (
        replace(asking(5, leaves(9)), proof=asking(5, leaves(9)).proof[:-1]),
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    "a proof where none belongs": (
        replace(asking(0, leaves(3), OTHER_ORIGIN, OTHER_KEY), proof=(bytes(32),)),
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    "a proof to the same head": (
        replace(asking(5, leaves(5)), proof=(bytes(32),)),
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    "an empty log with a root": (empty_with_a_root(), HTTPStatus.UNPROCESSABLE_ENTITY),
}


@pytest.mark.parametrize("case", STATUSES)
def test_each_submission_after_a_head_of_five_has_its_status(folder: Path, case: str) -> None:
    asked, status = STATUSES[case]
    witness = witness_in(folder)
    assert status_of(witness.add(asking(0, leaves(5)))) is HTTPStatus.OK
    before = witness.last(hash_of(ORIGIN))
    found = witness.add(asked)
    assert status_of(found) is status
    if isinstance(found, Refused):
        assert found.size == (5 if status is HTTPStatus.CONFLICT else 0)
        assert witness.last(hash_of(ORIGIN)) == before
    else:
        last = witness.last(hash_of(asked.checkpoint.origin))
        assert last is not None and found in last.signatures


def test_a_cosignature_is_over_the_head_and_kept_with_the_logs_own_line_alone(folder: Path) -> None:
    witness, asked = witness_in(folder), with_other_line(asking(0, leaves(5)))
    line = witness.add(asked)
    assert isinstance(line, SignatureLine)
    assert SIGNER.verifier.has_signed(asked.note.text, line)
    last = witness.last(hash_of(ORIGIN))
    assert last is not None
    known: list[VerifierKey] = [KEY.heads.verifier, SIGNER.verifier]
    assert [key for key, _ in signers_of(last, known)] == known
    assert len(last.signatures) == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"old 5\n",
        b"old 05\n\n" + note_over(leaves(9)).raw,
        b"new 5\n\n" + note_over(leaves(9)).raw,
        b"old 5\r\n\r\n" + note_over(leaves(9)).raw,
        b"old -1\n\n" + note_over(leaves(9)).raw,
        b"old 99999999999999999999\n\n" + note_over(leaves(9)).raw,
        b"old 5\nnot base64\n\n" + note_over(leaves(9)).raw,
        b"old 5\n" + encoded(bytes(31)).encode() + b"\n\n" + note_over(leaves(9)).raw,
        b"old 5\n"
        + (encoded(bytes(32)).encode() + b"\n") * (MOST_HASHES + 1)
        + b"\n"
        + note_over(leaves(9)).raw,
        b"old 5\n\n" + note_over(leaves(9)).raw.removesuffix(b"\n"),
        b"old 5\n\n" + note_over(leaves(9)).text.encode(),
        b"old 5\n\n\xff" + note_over(leaves(9)).raw,
    ],
)
def test_what_has_not_the_form_is_no_submission(raw: bytes) -> None:
    with pytest.raises(NoteBroken):
        parse_submission(raw)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        asked = parse_submission(raw)
    except NoteBroken:
        return
    assert submission(asked.old, asked.proof, asked.note) == raw


# --- its memory ---------------------------------------------------------------------------------------------


def test_two_witnesses_cannot_share_a_folder(folder: Path) -> None:
    with pytest.raises(WitnessTaken), MemoryFiles(folder).alone():
        raise AssertionError


@pytest.mark.parametrize("found", [b"", b"no note\n", note_over(leaves(3), OTHER_ORIGIN, OTHER_KEY).raw])
def test_a_broken_memory_vouches_for_nothing(folder: Path, found: bytes) -> None:
    witness = witness_in(folder)
    witness.add(asking(0, leaves(5)))
    (folder / hash_of(ORIGIN)).write_bytes(found)
    for asked in (asking(0, leaves(5)), asking(5, leaves(9))):
        with pytest.raises(MemoryBroken):
            witness.add(asked)


def test_a_memory_that_cannot_be_written_gives_no_cosignature(folder: Path) -> None:
    witness = witness_in(folder)
    witness.add(asking(0, leaves(5)))
    (folder / f"{hash_of(ORIGIN)}.part").mkdir()
    with pytest.raises(MemoryBroken):
        witness.add(asking(5, leaves(9)))
    assert witness.add(asking(0, leaves(9))) == Refused(status=HTTPStatus.CONFLICT, size=5)


class Submissions(RuleBasedStateMachine):
    """Any heads, true, late, forked and forged, with restarts, against a model that only counts."""

    @initialize()
    def begin(self) -> None:
        self._folder = TemporaryDirectory()
        self._witness = witness_in(Path(self._folder.name))
        self._seen = 0

    @rule(old=st.integers(0, 12), size=st.integers(0, 12))
    def a_true_head(self, old: int, size: int) -> None:
        found = self._witness.add(asking(old, leaves(size)))
        if old > size:
            assert status_of(found) is HTTPStatus.BAD_REQUEST
        elif old != self._seen:
            assert found == Refused(status=HTTPStatus.CONFLICT, size=self._seen)
        else:
            assert status_of(found) is HTTPStatus.OK
            self._seen = size

    @rule(size=st.integers(1, 12), data=st.data())
    def a_fork(self, size: int, data: st.DataObject) -> None:
        if self._seen == 0 or size < self._seen:
            return
        changed = data.draw(st.integers(0, self._seen - 1))
        found = self._witness.add(asking(self._seen, leaves(size, changed)))
        assert status_of(found) is HTTPStatus.UNPROCESSABLE_ENTITY

    @rule(size=st.integers(0, 12))
    def a_forged_head(self, size: int) -> None:
        found = self._witness.add(asking(self._seen, leaves(size), key=STRANGER))
        assert status_of(found) is HTTPStatus.FORBIDDEN

    @rule()
    def a_restart(self) -> None:
        self._witness = witness_in(Path(self._folder.name))

    def teardown(self) -> None:
        self._folder.cleanup()


TestSubmissions = Submissions.TestCase
TestSubmissions.settings = settings(max_examples=40, stateful_step_count=25)


# --- two at once --------------------------------------------------------------------------------------------


class HastyWitness(Witness):
    """Looks at its memory before it is its turn: the control."""

    def __init__(self, folder: Path, meeting: Barrier) -> None:
        super().__init__(SIGNER, LOGS, MemoryFiles(folder), lambda: AT)
        self._meeting = meeting

    def add(self, asked: Submission) -> Said:
        seen = self._seen(asked.checkpoint.origin)
        self._meeting.wait(timeout=10)
        with self._one_at_a_time:
            return self._vouched(asked, seen)


def raced(witness: Witness, sizes: Sequence[int]) -> list[Said]:
    """Heads of these sizes, all after the one of five, submitted at once."""
    witness_first = Witness(SIGNER, LOGS, witness._memory, lambda: AT)
    assert status_of(witness_first.add(asking(0, leaves(5)))) is HTTPStatus.OK
    asked = [asking(5, leaves(size)) for size in sizes]
    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(witness.add, asked))


@pytest.mark.parametrize("number", range(20))
def test_of_heads_submitted_at_once_one_is_cosigned_and_none_rolls_back(folder: Path, number: int) -> None:
    sizes = [9, 7, 12, 6]
    witness = witness_in(folder)
    found = raced(witness, sizes)
    cosigned = [size for size, each in zip(sizes, found, strict=True) if not isinstance(each, Refused)]
    assert len(cosigned) == 1
    assert remembered(witness) == cosigned[0]
    assert [each.size for each in found if isinstance(each, Refused)] == cosigned * 3


def test_control_a_witness_that_looks_too_early_vouches_for_both(folder: Path) -> None:
    witness = HastyWitness(folder, Barrier(2))
    assert [status_of(each) for each in raced(witness, [9, 7])] == [HTTPStatus.OK] * 2


def remembered(witness: Witness) -> int:
    last = witness.last(hash_of(ORIGIN))
    assert last is not None
    return int(last.text.split("\n")[1])
