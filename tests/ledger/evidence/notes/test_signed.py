"""Signed notes and their keys: the examples of C2SP, what is refused, and that nothing else can be read."""

from __future__ import annotations

import base64
from struct import pack

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.evidence.notes.signed import (
    LONGEST_NOTE,
    MOST_SIGNATURES,
    KeyBroken,
    KeyKind,
    NoteBroken,
    SignatureLine,
    SignedNote,
    Signer,
    VerifierKey,
    cosigned_at,
    decoded,
    encoded,
    parse_note,
    parse_vkey,
    signers_of,
)

FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu7"
    "2IneyaQM=\n"
)
L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
ALICE, BOB = Signer("a.example/1", KeyKind.NOTE, b"a" * 32), Signer("b.example/1", KeyKind.NOTE, b"b" * 32)
CLOCK = Signer("a.example/1/clock", KeyKind.COSIGNATURE, b"c" * 32)
TEXT = "a.example/1\n7\nroot\n"
NOTE = SignedNote(text=TEXT, signatures=(ALICE.sign(TEXT), BOB.sign(TEXT), CLOCK.sign(TEXT, 1_790_000_000)))
KNOWN = [ALICE.verifier, BOB.verifier, CLOCK.verifier]


def below(text: str, line: str) -> bytes:
    return f"{text}\n{line}".encode()


# --- the examples of the specification ----------------------------------------------------------------------


def test_the_example_of_the_specification_is_signed_by_its_key() -> None:
    note, key = parse_note(FOO_NOTE.encode()), parse_vkey(FOO)
    assert [found for found, _ in signers_of(note, [key])] == [key]
    assert (key.vkey, note.raw) == (FOO, FOO_NOTE.encode())


def test_a_text_may_have_empty_lines_and_is_parted_at_the_last() -> None:
    quasimodo = (
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
        "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xM"
        "cXxj99ihAQwaqP3ZekRwNtIc=\n"
    )
    note = parse_note(quasimodo.encode())
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert note.raw == quasimodo.encode()


# --- what a note looks like ---------------------------------------------------------------------------------


LINE = ALICE.sign(TEXT).text
CODED = LINE.split(" ")[2].strip()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"\n\n",
        TEXT.encode(),
        TEXT.encode() + b"\n",
        LINE.encode(),
        b"\n" + LINE.encode(),
        below(TEXT, LINE.removesuffix("\n")),
        below(TEXT, LINE + "\n"),
        below(TEXT, LINE + "and more\n"),
        below(TEXT, LINE + " " + LINE),
        below(TEXT.removesuffix("\n"), LINE),
        below(TEXT, LINE.replace("\n", "\r\n")),
        below(TEXT.replace("\n", "\r\n"), LINE),
        below(TEXT + "\0", LINE),
        below("tab\tin it\n", LINE),
        below(TEXT + "\x1b[2J\n", LINE),
        below(TEXT, LINE).replace("—".encode(), b"-"),
        below(TEXT, LINE).replace("— ".encode(), "—".encode()),
        below(TEXT, LINE).replace("— ".encode(), "—\u00a0".encode()),
        below(TEXT, f"— {CODED}\n"),
        below(TEXT, f"—  {CODED}\n"),
        below(TEXT, f"— a.example/1  {CODED}\n"),
        below(TEXT, f"— a.example/1 {CODED} \n"),
        below(TEXT, f"— a.example/1 {CODED} x\n"),
        below(TEXT, f"— a+b {CODED}\n"),
        below(TEXT, f"— a\u2003b {CODED}\n"),
        below(TEXT, f"— a\u0085 {CODED}\n"),
        below(TEXT, "— a.example/1 \n"),
        below(TEXT, "— a.example/1 AAAA\n"),
        below(TEXT, "— a.example/1 AAAAAA==\n"),
        below(TEXT, "— a.example/1 AAAAAAB=\n"),
        below(TEXT, f"— a.example/1 {CODED[:-1]}\n"),
        below(TEXT, f"— a.example/1 {CODED}=\n"),
        below(TEXT, f"— a.example/1 {CODED[:8]}\u00e0{CODED[9:]}\n"),
        below(TEXT, f"— a.example/1 {CODED.replace('/', '_').replace('+', '-')[:8]}-_==\n"),
        below(TEXT, LINE) + b"\xff\n",
        b"\xff" + below(TEXT, LINE),
        below(TEXT, LINE * (MOST_SIGNATURES + 1)),
        below("x" * LONGEST_NOTE + "\n", LINE),
    ],
)
def test_what_is_not_a_note_is_refused(raw: bytes) -> None:
    with pytest.raises(NoteBroken):
        parse_note(raw)


def test_sixteen_signatures_and_more_can_be_read() -> None:
    assert len(parse_note(below(TEXT, LINE * MOST_SIGNATURES)).signatures) == MOST_SIGNATURES


names = st.text(
    st.characters(codec="utf-8", exclude_characters="+", exclude_categories=("Zs", "Zl", "Zp", "Cc")),
    min_size=1,
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n")).map(
    lambda t: t + "\n"
)
lines = st.builds(
    SignatureLine,
    name=names,
    key_id=st.binary(min_size=4, max_size=4),
    signature=st.binary(min_size=1, max_size=90),
)


@given(texts, st.lists(lines, min_size=1, max_size=5))
def test_a_note_is_read_as_it_was_written(text: str, signatures: list[SignatureLine]) -> None:
    note = SignedNote(text=text, signatures=tuple(signatures))
    assert parse_note(note.raw) == note


@given(st.binary(max_size=300) | st.text(alphabet="ab\n— +A=", max_size=60).map(str.encode))
def test_bytes_that_are_read_are_the_ones_that_are_written(raw: bytes) -> None:
    try:
        note = parse_note(raw)
    except NoteBroken:
        return
    assert note.raw == raw


def test_no_bit_of_a_signed_note_can_be_changed() -> None:
    """Each is refused, or the signature that it touched is of a key that nobody knows, or it does not fit."""
    raw = NOTE.raw
    for bit in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            signed = {key for key, _ in signers_of(parse_note(bytes(changed)), KNOWN)}
        except NoteBroken:
            continue
        assert signed < set(KNOWN)
        assert parse_note(bytes(changed)).text == TEXT


# --- who signed ---------------------------------------------------------------------------------------------


def test_every_known_key_is_told_with_its_line() -> None:
    assert [key for key, _ in signers_of(parse_note(NOTE.raw), KNOWN)] == KNOWN
    assert signers_of(NOTE, []) == ()


def test_lines_of_unknown_keys_are_passed_over_whatever_they_hold() -> None:
    junk = SignatureLine(name="c.example", key_id=b"1234", signature=b"x")
    note = SignedNote(text=TEXT, signatures=(junk, NOTE.signatures[0], junk))
    assert [key for key, _ in signers_of(note, KNOWN)] == [ALICE.verifier]


def test_a_line_that_shares_only_name_or_id_with_a_known_key_is_of_another() -> None:
    good = NOTE.signatures[0]
    for name, key_id in (("z.example", good.key_id), (good.name, b"\0\0\0\0")):
        other = SignatureLine(name=name, key_id=key_id, signature=good.signature)
        assert signers_of(SignedNote(text=TEXT, signatures=(other,)), KNOWN) == ()


@pytest.mark.parametrize("at", [0, 31, 32, 63])
@pytest.mark.parametrize("which", range(3))
def test_a_bad_line_of_a_known_key_spoils_the_whole_note(which: int, at: int) -> None:
    good = NOTE.signatures[which]
    bad = bytearray(good.signature)
    bad[at] ^= 1
    line = SignatureLine(name=good.name, key_id=good.key_id, signature=bytes(bad))
    for signatures in ((*NOTE.signatures, line), (line, *NOTE.signatures)):
        with pytest.raises(NoteBroken):
            signers_of(SignedNote(text=TEXT, signatures=signatures), KNOWN)


@pytest.mark.parametrize("length", [1, 8, 63, 65, 71, 72, 73, 128])
@pytest.mark.parametrize("which", range(3))
def test_a_signature_of_another_length_does_not_fit(which: int, length: int) -> None:
    good = NOTE.signatures[which]
    if length != len(good.signature):
        line = SignatureLine(name=good.name, key_id=good.key_id, signature=(good.signature * 2)[:length])
        with pytest.raises(NoteBroken):
            signers_of(SignedNote(text=TEXT, signatures=(line,)), KNOWN)


def test_a_line_twice_is_one_signer() -> None:
    note = SignedNote(text=TEXT, signatures=(NOTE.signatures[0],) * 2)
    assert {key for key, _ in signers_of(parse_note(note.raw), KNOWN)} == {ALICE.verifier}


def test_a_note_keeps_no_line_twice() -> None:
    assert NOTE.signed_also(NOTE.signatures) == NOTE


def test_the_signature_of_one_text_is_not_of_another_nor_of_more_lines() -> None:
    line = ALICE.sign(TEXT)
    for other in ("", "\n", TEXT + "\n", TEXT + "more\n", TEXT.removesuffix("\n"), TEXT.upper()):
        assert not ALICE.verifier.has_signed(other, line)


def test_a_signature_of_one_kind_is_none_of_the_other() -> None:
    """The same seed under both kinds: neither line, however it is put, is taken for the other's."""
    plain, timed = (Signer("x.example", kind, b"s" * 32) for kind in (KeyKind.NOTE, KeyKind.COSIGNATURE))
    assert plain.verifier.key_id != timed.verifier.key_id
    as_timed = SignatureLine(
        name="x.example", key_id=timed.verifier.key_id, signature=pack(">Q", 5) + plain.sign(TEXT).signature
    )
    as_plain = SignatureLine(
        name="x.example", key_id=plain.verifier.key_id, signature=timed.sign(TEXT, 5).signature[8:]
    )
    assert not timed.verifier.has_signed(TEXT, as_timed)
    assert not plain.verifier.has_signed(TEXT, as_plain)


# --- instants of cosignatures -------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 1_679_315_147, 2**63 - 1])
def test_a_cosignature_tells_its_instant(at: int) -> None:
    line = CLOCK.sign(TEXT, at)
    assert cosigned_at(line) == at
    assert CLOCK.verifier.has_signed(TEXT, line)


@pytest.mark.parametrize("at", [2**63, 2**64 - 1])
def test_an_instant_out_of_range_is_refused(at: int) -> None:
    line = SignatureLine(
        name=CLOCK.verifier.name, key_id=CLOCK.verifier.key_id, signature=pack(">Q", at) + bytes(64)
    )
    with pytest.raises(NoteBroken):
        cosigned_at(line)
    with pytest.raises(NoteBroken):
        signers_of(SignedNote(text=TEXT, signatures=(line,)), KNOWN)
    assert not ALICE.verifier.has_signed(TEXT, line)


def test_the_instant_of_a_cosignature_cannot_be_moved() -> None:
    good = CLOCK.sign(TEXT, 1_790_000_000)
    moved = SignatureLine(
        name=good.name, key_id=good.key_id, signature=pack(">Q", 1_790_000_001) + good.signature[8:]
    )
    assert not CLOCK.verifier.has_signed(TEXT, moved)


@pytest.mark.parametrize("at", [0, -1, 2**63])
def test_no_instant_out_of_range_is_signed(at: int) -> None:
    with pytest.raises(AssertionError):
        CLOCK.sign(TEXT, at)


# --- keys ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "++",
        FOO.partition("+")[0],
        FOO.rpartition("+")[0],
        FOO.replace("foo", "bar"),
        FOO.replace("530d903a", "530D903A"),
        FOO.replace("530d903a", "530d903b"),
        FOO.replace("530d903a", "00530d903a"),
        FOO.replace("+Aeky", "+Beky"),
        FOO.replace("+Aeky", "+"),
        FOO + "\n",
        FOO + " ",
        " " + FOO,
        FOO + "=",
        FOO[:-1] + "l",
        FOO.replace("example.com", "exa mple.com"),
        FOO.replace("example.com", "exa\u2003mple.com"),
        FOO.replace("example.com", ""),
        FOO.replace("example.com", "\x1bexample.com"),
    ],
)
def test_what_is_not_a_key_is_refused(text: str) -> None:
    with pytest.raises(KeyBroken):
        parse_vkey(text)


@pytest.mark.parametrize("kind", [0x00, 0x02, 0x05, 0x06, 0xFF])
def test_a_kind_of_key_that_is_not_known_here_is_refused(kind: int) -> None:
    public = ALICE.verifier.public
    with pytest.raises(KeyBroken):
        parse_vkey(f"a+00000000+{encoded(bytes([kind]) + public)}")


def test_a_key_of_31_or_33_bytes_is_refused() -> None:
    for public in (ALICE.verifier.public[:31], ALICE.verifier.public + b"\0"):
        with pytest.raises(KeyBroken):
            parse_vkey(VerifierKey(name="a", kind=KeyKind.NOTE, public=public).vkey)


def test_a_key_is_read_as_it_was_written() -> None:
    for signer in (ALICE, BOB, CLOCK):
        assert parse_vkey(signer.verifier.vkey) == signer.verifier


@given(st.text(max_size=40) | st.text(alphabet="a+0/=5BE", max_size=60).map(lambda tail: FOO[:24] + tail))
def test_any_text_is_a_key_or_refused(text: str) -> None:
    try:
        found = parse_vkey(text)
    except KeyBroken:
        return
    assert found.vkey == text


EIGHTH = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
OTHER_EIGHTH = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
SMALL = [y.to_bytes(32, "little") for y in (0, 1, P - 1, P, P + 1)] + [EIGHTH, OTHER_EIGHTH]


@pytest.mark.parametrize("sign", [0, 0x80])
@pytest.mark.parametrize("public", SMALL)
def test_a_key_under_which_anybody_can_sign_is_refused(public: bytes, sign: int) -> None:
    with pytest.raises(KeyBroken):
        parse_vkey(
            VerifierKey(name="a", kind=KeyKind.NOTE, public=public[:-1] + bytes([public[-1] | sign])).vkey
        )


def test_under_such_a_key_any_text_would_be_signed() -> None:
    """The control: what the refusal is for. R is the key itself, of order 1, and S is 0."""
    identity = (1).to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(identity).verify(identity + bytes(32), b"anything at all")


def test_a_signature_has_one_form() -> None:
    """S + L would be the same signature by the equation alone."""
    good = ALICE.sign(TEXT)
    other = int.from_bytes(good.signature[32:], "little") + L
    line = SignatureLine(
        name=good.name, key_id=good.key_id, signature=good.signature[:32] + other.to_bytes(32, "little")
    )
    assert not ALICE.verifier.has_signed(TEXT, line)


def test_a_signature_is_the_same_each_time() -> None:
    """A head that is sealed again after a crash is the same note."""
    assert ALICE.sign(TEXT) == ALICE.sign(TEXT)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\tb", "a\u00a0b"])
def test_nobody_signs_under_a_name_that_a_note_cannot_hold(name: str) -> None:
    with pytest.raises(NoteBroken):
        Signer(name, KeyKind.NOTE, b"s" * 32)


# --- base64 -------------------------------------------------------------------------------------------------


@given(st.binary(max_size=80))
def test_base64_is_read_as_it_is_written(found: bytes) -> None:
    assert decoded(encoded(found)) == found


@given(st.text(alphabet="ABab09+/=-_ \n", max_size=12))
def test_base64_has_one_form(text: str) -> None:
    try:
        found = decoded(text)
    except NoteBroken:
        return
    assert base64.b64encode(found).decode() == text
