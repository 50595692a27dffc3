"""Trust files (C2SP tlog-policy): what they may say, and what a note is worth under one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.evidence.notes.checkpoint import Checkpoint, clock_of
from ledger.evidence.notes.signed import KeyKind, NoteBroken, SignatureLine, SignedNote, Signer
from ledger.evidence.notes.trust import NONE, Trust, TrustBroken, parse_trust, rendered, standing

ORIGIN = "approdo.exercise/0f8fad5b-d9cb-469f-a165-70867728950e"
LOG = Signer(ORIGIN, KeyKind.NOTE, b"l" * 32)
NEXT = Signer(ORIGIN, KeyKind.NOTE, b"n" * 32)
CLOCK = Signer(clock_of(ORIGIN), KeyKind.COSIGNATURE, b"k" * 32)
WITNESSES = {
    name: Signer(f"{name}.example", KeyKind.COSIGNATURE, bytes([number]) * 32)
    for number, name in enumerate(("X1", "X2", "X3", "Y1", "Y2"), start=1)
}
RENAMED = Signer("other.example", KeyKind.NOTE, b"l" * 32)
NAMED = "".join(f"witness {name} {signer.verifier.vkey}\n" for name, signer in WITNESSES.items())
QUORUM = (
    f"log {LOG.verifier.vkey} https://log.example/\nlog {CLOCK.verifier.vkey}\n\n \t\n  # who has seen it\n"
    f"{NAMED}"
    "group X 2 X1 X2 X3\ngroup Y any Y1 Y2\n\tgroup  both\tall X Y \nquorum both\n"
)
TRUST = parse_trust(QUORUM)
WORDS = ["log", "witness", "group", "quorum", "none", "all", "any", "1", "2", "g", "X1", "X2", "#"]
HEAD = Checkpoint(origin=ORIGIN, size=7, root=bytes(32))
V = {name: signer.verifier.vkey for name, signer in WITNESSES.items()}


def test_a_quorum_of_groups_is_reached_by_enough_of_each() -> None:
    reached = {"X1 X2 Y1", "X1 X3 Y2", "X1 X2 X3 Y1 Y2"}
    missed = {"", "X1 X2", "X1 X2 X3", "X1 Y1", "Y1 Y2", "X1 Y1 Y2", "X Y", "both", "X1 X1 Y1"}
    for names in reached | missed:
        assert TRUST.reached(frozenset(names.split())) is (names in reached)


def test_no_quorum_is_always_reached() -> None:
    assert parse_trust("quorum none\n") == Trust(quorum=NONE)
    assert Trust().reached(frozenset())


def test_one_witness_is_a_quorum() -> None:
    trust = parse_trust(NAMED + "quorum X1")
    assert trust.reached(frozenset({"X1"}))
    assert not trust.reached(frozenset({"X2"}))


def test_a_trust_file_is_read_as_it_was_written() -> None:
    assert parse_trust(rendered(TRUST)) == TRUST


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["quorum"],
        ["quorum X1"],
        ["quorum none", "quorum none"],
        ["quorum none none"],
        ["Quorum none"],
        ["quorums none"],
        ["quorum none\r"],
        ["# a\x1b[31m", "quorum none"],
        ["quorum none\x00"],
        ["quorum none\x7f"],
        ["quorum\u00a0none"],
        ["quorum NONE"],
        ["log", "quorum none"],
        [f"log {LOG.verifier.vkey} https://x.example y", "quorum none"],
        [f"log {LOG.verifier.vkey[:-1]}", "quorum none"],
        [f"log {LOG.verifier.vkey}", f"log {LOG.verifier.vkey}", "quorum none"],
        [f"log {LOG.verifier.vkey}", f"log {RENAMED.verifier.vkey}", "quorum none"],
        [f"log {V['X1']}", "quorum none"],
        [f"witness {V['X1']}", "quorum none"],
        [f"witness X1 {LOG.verifier.vkey}", "quorum X1"],
        [f"witness none {V['X1']}", "quorum none"],
        [f"witness X1 {V['X1']}", f"witness X1 {V['X2']}", "quorum X1"],
        [f"witness X1 {V['X1']}", f"witness X2 {V['X1']}", "quorum X1"],
        [f"log {CLOCK.verifier.vkey}", f"witness X1 {CLOCK.verifier.vkey}", "quorum X1"],
        [f"witness X1 {CLOCK.verifier.vkey}", f"log {CLOCK.verifier.vkey}", "quorum X1"],
        [f"log {LOG.verifier.vkey}",
         f"witness X1 {Signer('w', KeyKind.COSIGNATURE, b'l' * 32).verifier.vkey}", "quorum X1"],
        [f"witness X1 {V['X1']}", "group X1 any X1", "quorum X1"],
        [f"witness X1 {V['X1']}", "group none any X1", "quorum none"],
        [f"witness X1 {V['X1']}", "group g any", "quorum none"],
        [f"witness X1 {V['X1']}", "group g 0 X1", "quorum g"],
        [f"witness X1 {V['X1']}", "group g -1 X1", "quorum g"],
        [f"witness X1 {V['X1']}", "group g 2 X1", "quorum g"],
        [f"witness X1 {V['X1']}", "group g 01 X1", "quorum g"],
        [f"witness X1 {V['X1']}", "group g \u0661 X1", "quorum g"],
        [f"witness X1 {V['X1']}", "group g 1.0 X1", "quorum g"],
        [f"witness X1 {V['X1']}", f"group g {'9' * 5000} X1", "quorum g"],
        [f"witness X1 {V['X1']}", "group g most X1", "quorum g"],
        [f"witness X1 {V['X1']}", "group g 2 X1 X1", "quorum g"],
        [f"witness X1 {V['X1']}", "group g any none", "quorum g"],
        [f"witness X1 {V['X1']}", "group g any g", "quorum g"],
        [f"witness X1 {V['X1']}", "group g any X2", f"witness X2 {V['X2']}", "quorum g"],
        [f"witness X1 {V['X1']}", "quorum g", "group g any X1"],
        # One witness counted as two, through two groups, and through a group and itself.
        [f"witness X1 {V['X1']}", "group a any X1", "group b any X1", "group g all a b", "quorum g"],
        [f"witness X1 {V['X1']}", "group a any X1", "group g all a X1", "quorum g"],
    ],
)  # fmt: skip
def test_a_wrong_trust_file_is_refused(lines: list[str]) -> None:
    with pytest.raises(TrustBroken):
        parse_trust("\n".join(lines) + "\n")


@given(
    st.lists(
        st.lists(
            st.sampled_from([*WORDS, LOG.verifier.vkey, CLOCK.verifier.vkey, V["X1"], V["X2"]])
            | st.text(max_size=4),
            max_size=5,
        ).map(" ".join),
        max_size=6,
    ).map("\n".join)
)
def test_any_text_is_a_trust_file_or_refused(text: str) -> None:
    try:
        found = parse_trust(text)
    except TrustBroken:
        return
    assert parse_trust(rendered(found)) == found


def test_the_wrong_line_is_named() -> None:
    with pytest.raises(TrustBroken, match="line 3"):
        parse_trust("# one\n\nlog x\nquorum none\n")


# --- what a note is worth -----------------------------------------------------------------------------------


def note(*lines: SignatureLine, head: Checkpoint = HEAD) -> SignedNote:
    return SignedNote(text=head.text, signatures=lines)


def seen(name: str, at: int = 1_790_000_000, head: Checkpoint = HEAD) -> SignatureLine:
    return WITNESSES[name].sign(head.text, at)


def test_a_head_stands_by_the_logs_key_its_clock_and_its_witnesses() -> None:
    found = standing(
        note(LOG.sign(HEAD.text), CLOCK.sign(HEAD.text, 50), seen("X1", 60), seen("X2", 70), seen("Y1", 80)),
        TRUST,
    )
    assert found.checkpoint == HEAD
    assert found.signed_by == (LOG.verifier,)
    assert (found.stood_at, dict(found.witnessed)) == (50, {"X1": 60, "X2": 70, "Y1": 80})
    assert found.quorum_reached


def test_one_witness_twice_is_one() -> None:
    found = standing(note(LOG.sign(HEAD.text), seen("X1", 60), seen("X1", 70), seen("Y1")), TRUST)
    assert (found.witnessed["X1"], found.quorum_reached) == (70, False)


def test_a_head_that_nobody_known_signed_stands_on_nothing() -> None:
    found = standing(note(NEXT.sign(HEAD.text)), TRUST)
    assert (found.signed_by, found.witnessed, found.stood_at) == ((), {}, None)


def test_during_a_rotation_both_keys_are_told() -> None:
    trust = parse_trust(f"log {LOG.verifier.vkey}\nlog {NEXT.verifier.vkey}\nquorum none\n")
    assert standing(note(LOG.sign(HEAD.text), NEXT.sign(HEAD.text)), trust).signed_by == (
        LOG.verifier,
        NEXT.verifier,
    )


def test_the_key_of_one_log_does_not_sign_anothers_head() -> None:
    other = Checkpoint(origin=ORIGIN.replace("exercise", "real"), size=7, root=bytes(32))
    found = standing(note(LOG.sign(other.text), CLOCK.sign(other.text, 5), head=other), TRUST)
    assert (found.signed_by, found.stood_at) == ((), None)


def test_the_logs_clock_is_no_signature_of_the_log_and_no_witness() -> None:
    found = standing(note(CLOCK.sign(HEAD.text, 50)), TRUST)
    assert (found.signed_by, dict(found.witnessed), found.quorum_reached) == ((), {}, False)


def test_a_witness_is_no_signature_of_the_log() -> None:
    assert standing(note(seen("X1")), TRUST).signed_by == ()


def test_a_line_of_a_witness_for_another_head_spoils_the_note() -> None:
    other = Checkpoint(origin=ORIGIN, size=8, root=bytes(32))
    with pytest.raises(NoteBroken):
        standing(note(LOG.sign(HEAD.text), seen("X1", head=other)), TRUST)
