"""Which key signs from when on: a statement follows from the one before it, and from none that is over."""

from __future__ import annotations

import pytest

from ledger.evidence.notes.signed import KeyBroken, KeyKind, NoteBroken, SignedNote, VerifierKey
from ledger.evidence.notes.trust import Trust, Witness
from ledger.evidence.sealing.log_key import STATEMENT, LogKey, log_key, statement_of
from ledger.evidence.sealing.port import KeyStatement
from ledger.evidence.sealing.stated_keys import stated_keys
from ledger.evidence.verifying.keys import KeyRing
from tests.ledger.evidence.sealed_log import ORIGIN

FIRST, SECOND, THIRD = (log_key(ORIGIN, bytes([number]) * 32) for number in (1, 2, 3))
NOTES = (statement_of(ORIGIN, 0, FIRST, None), statement_of(ORIGIN, 5, SECOND, FIRST))


def ring(*trusted: LogKey) -> KeyRing:
    return KeyRing(ORIGIN, Trust(logs=tuple(key.heads.verifier for key in trusted)))


def stated(*notes: SignedNote) -> list[int]:
    found = stated_keys(ORIGIN, [KeyStatement(vkey="", since=0, note=note.raw) for note in notes])
    return [each.since for each in found]


def signs_at(keys: KeyRing, size: int) -> list[str]:
    return [key.vkey for key in keys.at(size).logs if key.name == ORIGIN]


def test_the_first_key_vouches_for_the_second_and_signs_no_more_after_it() -> None:
    keys = ring(FIRST)
    assert [keys.state(note.raw) for note in NOTES] == [True, True]
    assert signs_at(keys, 5) == [FIRST.heads.verifier.vkey]
    assert signs_at(keys, 6) == [SECOND.heads.verifier.vkey]
    assert stated(*NOTES) == [0, 5]


def test_a_key_whose_time_is_over_names_no_other() -> None:
    late = statement_of(ORIGIN, 9, THIRD, FIRST)
    for trusted in ((FIRST,), (FIRST, SECOND)):
        keys = ring(*trusted)
        assert [keys.state(note.raw) for note in (*NOTES, late)] == [True, True, False]
        assert signs_at(keys, 10) == [SECOND.heads.verifier.vkey]
    with pytest.raises(NoteBroken):
        stated(*NOTES, late)


def test_a_key_that_only_itself_vouches_for_is_not_taken() -> None:
    alone = statement_of(ORIGIN, 5, SECOND, None)
    assert not ring().state(NOTES[0].raw)
    keys = ring(FIRST)
    assert [keys.state(note.raw) for note in (NOTES[0], alone)] == [True, False]
    with pytest.raises(NoteBroken):
        stated(NOTES[0], alone)


def test_a_key_that_does_not_sign_for_itself_is_not_taken() -> None:
    """Else one could claim heads as one's own that another signs."""
    note = SignedNote(text=NOTES[1].text, signatures=NOTES[1].signatures[1:])
    keys = ring(FIRST)
    assert [keys.state(each.raw) for each in (NOTES[0], note)] == [True, False]
    with pytest.raises(NoteBroken):
        stated(NOTES[0], note)


@pytest.mark.parametrize("public", [FIRST.clock.verifier.public, FIRST.heads.verifier.public])
def test_no_key_of_the_log_is_a_witness_under_another_name(public: bytes) -> None:
    """What is cosigned does not name who cosigns: the clock's line would count as the witness's."""
    witness = Witness(name="w", key=VerifierKey(name="w.example", kind=KeyKind.COSIGNATURE, public=public))
    trust = Trust(logs=(FIRST.heads.verifier,), witnesses={"w": witness}, quorum="w")
    with pytest.raises(NoteBroken):
        KeyRing(ORIGIN, trust).state(NOTES[0].raw)


def test_no_statement_steps_back() -> None:
    keys = ring(FIRST)
    assert all(keys.state(note.raw) for note in NOTES)
    with pytest.raises(NoteBroken):
        keys.state(statement_of(ORIGIN, 4, THIRD, SECOND).raw)


@pytest.mark.parametrize(
    "change",
    [
        (STATEMENT, "approdo/log-key v2"),
        (f"\n{ORIGIN}\n", "\napprodo.real/0f8fad5b-d9cb-469f-a165-70867728950e\n"),
        ("\n5\n", "\n-5\n"),
        ("\n5\n", "\n\n"),
        ("\n5\n", "\n" + "9" * 20 + "\n"),
        ("\n5\n", "\n" + "9" * 5000 + "\n"),
        ("/clock+", "/other+"),
        (SECOND.heads.verifier.vkey, SECOND.clock.verifier.vkey),
        (SECOND.clock.verifier.vkey, SECOND.heads.verifier.vkey),
    ],
)
def test_a_statement_has_one_form(change: tuple[str, str]) -> None:
    text = NOTES[1].text.replace(*change)
    signatures = tuple(key.heads.sign(text) for key in (SECOND, FIRST))
    note = SignedNote(text=text, signatures=signatures)
    with pytest.raises((NoteBroken, KeyBroken)):
        stated(NOTES[0], note)
    keys = ring(FIRST)
    assert keys.state(NOTES[0].raw)
    with pytest.raises((NoteBroken, KeyBroken)):
        keys.state(note.raw)
