"""The page of the day: what it spells, how a head is found in a letter, and whether it still fits the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.daily_page import WIDTH, PageOfTheDay, daily_page
from domain.vocabulary import LogKind
from ledger.evidence.daily.finding import heads_in
from ledger.evidence.daily.fitting import Fit, Judged, LastHeadBroken, judged
from ledger.evidence.daily.spelling import root_spelled, spelled
from ledger.evidence.notes.signed import NoteBroken, SignedNote, VerifierKey
from ledger.evidence.sealing.log_key import log_key
from ledger.evidence.sealing.memory import MemorySealedLog
from tests.ledger.evidence.sealed_log import EPOCH, KEY, ORIGIN, leaf, note_over, sealed_log

ROME = ZoneInfo("Europe/Rome")
ROOT = sha256(b"a root").digest()
KNOWN = (KEY.heads.verifier,)
roots = st.binary(min_size=32, max_size=32)


def page(note: SignedNote, kind: LogKind = LogKind.EXERCISE) -> str:
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    return daily_page(PageOfTheDay(note=note, kind=kind, day=now, sealed_at=EPOCH, zone=ROME))


# --- over the telephone -------------------------------------------------------------------------------------


@given(roots)
def test_what_is_spelled_is_heard(root: bytes) -> None:
    assert root_spelled(spelled(root)) == root


@given(roots, st.integers(0, 63), st.sampled_from("0123456789abcdef"))
def test_a_wrong_digit_is_always_heard(root: bytes, at: int, digit: str) -> None:
    lines = list(spelled(root))
    line, column = divmod(at, 16)
    place = len("1) ") + column + column // 4
    heard = lines[line][:place] + digit + lines[line][place + 1 :]
    if heard != lines[line]:
        lines[line] = heard
        assert root_spelled(lines) is None


@given(roots, st.integers(0, 3), st.integers(0, 14))
def test_two_neighbours_exchanged_are_always_heard(root: bytes, line: int, column: int) -> None:
    lines = list(spelled(root))
    places = [len("1) ") + each + each // 4 for each in (column, column + 1)]
    signs = list(lines[line])
    signs[places[0]], signs[places[1]] = signs[places[1]], signs[places[0]]
    if "".join(signs) != lines[line]:
        lines[line] = "".join(signs)
        assert root_spelled(lines) is None


@given(roots, st.permutations(range(4)))
def test_lines_read_in_another_order_under_the_wrong_numbers_are_always_heard(
    root: bytes, order: Sequence[int]
) -> None:
    lines = spelled(root)
    read = [f"{number}{lines[each][1:]}" for number, each in enumerate(order, start=1)]
    assert root_spelled(read) in (root, None)


def test_a_root_with_a_line_missing_is_not_heard() -> None:
    assert root_spelled(spelled(ROOT)[:3]) is None


# --- the page and the letter --------------------------------------------------------------------------------


def test_the_page_carries_the_note_sign_by_sign_and_is_narrow_enough_for_print() -> None:
    note = note_over(leaf(index) for index in range(7))
    told = page(note)
    assert note.raw.decode() in told
    assert all(len(line) <= WIDTH or line in note.raw.decode() for line in told.split("\n"))
    assert "lunedì 23 novembre 2026" in told
    (found,) = heads_in(told.encode())
    assert (found.note, found.spelled_otherwise) == (note, False)


def test_only_an_exercise_says_that_it_is_one() -> None:
    note = note_over([leaf(0)])
    assert "ESERCITAZIONE" in page(note)
    assert "ESERCITAZIONE" not in page(note, LogKind.REAL)


def as_mail(text: str) -> bytes:
    return "\r\n".join(f"> > {line} " for line in text.split("\n")).encode()


@pytest.mark.parametrize(
    "sent",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        as_mail,
        lambda text: ("Buongiorno,\nin allegato.\n\n" + text + "\n\nCordiali saluti\n").encode(),
        lambda text: ("Il registro:\n" + text).replace("\n", "\r\n").encode(),
    ],
)
def test_a_head_is_found_in_what_mail_makes_of_it(sent: object) -> None:
    assert callable(sent)
    note = note_over(leaf(index) for index in range(7))
    for text in (note.raw.decode(), page(note)):
        (found,) = heads_in(sent(text))
        assert found.note == note


def test_every_head_of_a_letter_is_found() -> None:
    notes = [note_over(leaf(index) for index in range(size)) for size in (3, 5)]
    letter = b"prima\n\n" + notes[0].raw + b"\npoi\n\n" + notes[1].raw
    assert [found.note for found in heads_in(letter)] == notes


def test_a_letter_without_a_whole_head_is_told() -> None:
    note = note_over([leaf(0)]).raw.decode()
    for broken in ("", "Buongiorno\n", note.partition("\n\n")[0], note.replace("\n\n", "\n")):
        with pytest.raises(NoteBroken):
            heads_in(broken.encode())


def test_a_page_that_spells_another_root_than_it_carries_is_told() -> None:
    note = note_over(leaf(index) for index in range(7))
    told = page(note)
    for line, other in zip(spelled(note_root(note)), spelled(ROOT), strict=True):
        (found,) = heads_in(told.replace(line, other).encode())
        assert found.spelled_otherwise
        answer = told.replace(line, other) + "\n\n> " + "\n> ".join(note.raw.decode().split("\n"))
        assert [each.spelled_otherwise for each in heads_in(answer.encode())] == [True, True]
    twice = heads_in(f"{told}\n\n{told}".encode())
    assert [each.spelled_otherwise for each in twice] == [False, False]


def note_root(note: SignedNote) -> bytes:
    return heads_in(note.raw)[0].checkpoint.root


# --- whether it fits ----------------------------------------------------------------------------------------


def judge(
    sealed: MemorySealedLog, *notes: SignedNote, known: tuple[VerifierKey, ...] = KNOWN
) -> tuple[Judged, ...]:
    heads = [found for note in notes for found in heads_in(note.raw)]
    return asyncio.run(judged(sealed, ORIGIN, known, heads))


def test_every_earlier_head_fits_whether_or_not_the_log_sealed_at_its_size() -> None:
    sealed = asyncio.run(sealed_log([5, 64, 300]))
    notes = [note_over(leaf(index) for index in range(size)) for size in range(1, 301)]
    assert {each.fit for each in judge(sealed, *notes)} == {Fit.FITS}


@pytest.mark.parametrize("changed", [0, 4, 63, 64, 120])
def test_a_changed_log_fits_up_to_the_change_and_no_further(changed: int) -> None:
    sealed = asyncio.run(sealed_log([130], changed=changed))
    sizes = list(range(1, 131))
    notes = [note_over(leaf(index) for index in range(size)) for size in sizes]
    for size, each in zip(sizes, judge(sealed, *notes), strict=True):
        assert each.fit is (Fit.FITS if size <= changed else Fit.DIFFERS)
        if each.fit is Fit.DIFFERS:
            assert each.since == changed


def test_a_log_that_was_rolled_back_is_shorter_than_its_page() -> None:
    (found,) = judge(asyncio.run(sealed_log([5])), note_over(leaf(index) for index in range(9)))
    assert found.fit is Fit.LONGER


def test_a_log_without_any_head_is_shorter_than_every_page() -> None:
    (found,) = judge(asyncio.run(sealed_log([])), note_over([leaf(0)]))
    assert found.fit is Fit.LONGER


def test_the_page_of_another_log_and_one_that_nobody_signed_are_told_apart() -> None:
    other = "approdo.real/0f8fad5b-d9cb-469f-a165-70867728950e"
    sealed = asyncio.run(sealed_log([5]))
    leaves = [leaf(index) for index in range(5)]
    stranger = log_key(ORIGIN, bytes(32))
    forged = note_over([*leaves[:4], b"another"])
    ours = note_over(leaves).signatures
    found = judge(
        sealed,
        note_over(leaves, other, log_key(other, bytes(32))),
        note_over(leaves, ORIGIN, stranger),
        SignedNote(text=forged.text, signatures=ours),
    )
    assert [each.fit for each in found] == [Fit.OTHER_LOG, Fit.NOT_SIGNED, Fit.NOT_SIGNED]


def test_nothing_is_held_against_a_log_whose_own_head_is_not_signed_by_a_known_key() -> None:
    sealed = asyncio.run(sealed_log([5], key=log_key(ORIGIN, bytes(32))))
    with pytest.raises(LastHeadBroken):
        judge(sealed, note_over(leaf(index) for index in range(5)))
