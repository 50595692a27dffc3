"""C2SP signed-note, and the two kinds of Ed25519 lines under it that this house knows: a plain signature
(0x01) and a timestamped cosignature of a checkpoint (0x04, tlog-cosignature).

A note is bytes as they came; it is never written again to be verified.
"""

from __future__ import annotations

import base64
import binascii
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from struct import pack, unpack

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.faults import LedgerFault

LONGEST_NOTE = 100_000
"""In bytes."""
MOST_SIGNATURES = 100
KEY_BYTES, ID_BYTES, SIGNATURE_BYTES = 32, 4, 64
_MARK = "— "
_LATEST = 2**63 - 1
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P


class NoteBroken(LedgerFault):
    """A note is not one, or a key that is trusted did not sign what it says."""


class KeyBroken(LedgerFault):
    """A verifier key cannot be read: it looks like name+1a2b3c4d+Base64."""


class KeyKind(enum.IntEnum):
    """What a key signs."""

    NOTE = 0x01
    """The text of a note."""
    COSIGNATURE = 0x04
    """The text of a checkpoint and an instant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureLine:
    """One line below a note. `signature` is what follows the key id: 64 bytes, or 8 of time and 64."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """With its end."""
        return f"{_MARK}{self.name} {encoded(self.key_id + self.signature)}\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedNote:
    """A text that ends in a newline, and who says to have signed it."""

    text: str
    signatures: tuple[SignatureLine, ...]

    @property
    def raw(self) -> bytes:
        return (self.text + "\n" + "".join(line.text for line in self.signatures)).encode()

    def signed_also(self, lines: Iterable[SignatureLine]) -> SignedNote:
        """The same text with further lines; none twice."""
        new = [line for line in lines if line not in self.signatures]
        return SignedNote(text=self.text, signatures=(*self.signatures, *new))


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifierKey:
    """A public key under the name it signs as."""

    name: str
    kind: KeyKind
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:ID_BYTES]

    @property
    def vkey(self) -> str:
        """As a person keeps it: name, key id and key in one word."""
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def is_of(self, line: SignatureLine) -> bool:
        """Whether the line says to be this key's."""
        return (line.name, line.key_id) == (self.name, self.key_id)

    def has_signed(self, text: str, line: SignatureLine) -> bool:
        """Whether it is, and signed this text. Errors: `NoteBroken` for an instant out of range."""
        message, signature = text.encode(), line.signature
        if not self.is_of(line):
            return False
        if self.kind is KeyKind.COSIGNATURE:
            if len(signature) != 8 + SIGNATURE_BYTES:
                return False
            message, signature = _timed(text, cosigned_at(line)), signature[8:]
        if len(signature) != SIGNATURE_BYTES:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Signer:
    """Signs under a name. `seed` is the Ed25519 private key (32 bytes)."""

    def __init__(self, name: str, kind: KeyKind, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(
            name=_named(name), kind=kind, public=self._private.public_key().public_bytes_raw()
        )

    def sign(self, text: str, at: int = 0) -> SignatureLine:
        """The line under a text; `at` is the instant of a cosignature, in seconds since 1970."""
        if self.verifier.kind is KeyKind.COSIGNATURE:
            assert 0 < at <= _LATEST
            signature = pack(">Q", at) + self._private.sign(_timed(text, at))
        else:
            signature = self._private.sign(text.encode())
        return SignatureLine(name=self.verifier.name, key_id=self.verifier.key_id, signature=signature)


def cosigned_at(line: SignatureLine) -> int:
    """The instant of a cosignature, in seconds since 1970. Errors: `NoteBroken`."""
    if len(line.signature) != 8 + SIGNATURE_BYTES:
        raise NoteBroken("a cosignature has an instant of 8 bytes and a signature of 64")
    at: int = unpack(">Q", line.signature[:8])[0]
    if at > _LATEST:
        raise NoteBroken("a cosignature's instant is out of range")
    return at


def parse_note(raw: bytes) -> SignedNote:
    """Read a note. Errors: `NoteBroken`."""
    if len(raw) > LONGEST_NOTE:
        raise NoteBroken("a note is too long")
    try:
        whole = raw.decode()
    except UnicodeDecodeError:
        raise NoteBroken("a note is not UTF-8") from None
    if any(sign < " " and sign != "\n" for sign in whole):
        raise NoteBroken("a note has a control character")
    before, divided, below = whole.rpartition("\n\n")
    if not divided or not below.endswith("\n"):
        raise NoteBroken("a note has no signature below an empty line")
    return SignedNote(text=before + "\n", signatures=parse_lines(below))


def parse_lines(below: str) -> tuple[SignatureLine, ...]:
    """The signature lines below a note. Errors: `NoteBroken`."""
    if not below.endswith("\n"):
        raise NoteBroken("a signature line has no end")
    lines = below.removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteBroken("a note has too many signatures")
    return tuple(_line(line) for line in lines)


def signers_of(
    note: SignedNote, known: Sequence[VerifierKey]
) -> tuple[tuple[VerifierKey, SignatureLine], ...]:
    """Which of the known keys signed it, with their lines; lines of other keys are passed over.

    Errors: `NoteBroken` where a line says to be of a known key and is not.
    """
    found = []
    for line in note.signatures:
        for key in known:
            if key.is_of(line):
                if not key.has_signed(note.text, line):
                    raise NoteBroken(f"the signature of {key.name} does not fit the note")
                found.append((key, line))
    return tuple(found)


def parse_vkey(text: str) -> VerifierKey:
    """Errors: `KeyBroken`, also for kinds of key that are not known here."""
    name, _, rest = text.partition("+")
    stated, _, coded = rest.partition("+")
    try:
        key = decoded(coded)
        found = VerifierKey(name=_named(name), kind=KeyKind(key[0]), public=key[1:])
    except (NoteBroken, ValueError, IndexError):
        raise KeyBroken from None
    if len(found.public) != KEY_BYTES or found.key_id.hex() != stated or _binds_nobody(found.public):
        raise KeyBroken
    return found


def encoded(found: bytes) -> str:
    """In base64 (RFC 4648 section 4)."""
    return base64.b64encode(found).decode()


def decoded(text: str) -> bytes:
    """Errors: `NoteBroken` for what is not base64 as `encoded` writes it."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteBroken("something is not base64") from None
    if encoded(found) != text:
        raise NoteBroken("something is not base64 in its one form")
    return found


def _line(line: str) -> SignatureLine:
    name, _, coded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not coded:
        raise NoteBroken("a signature line is not one")
    found = decoded(coded)
    if len(found) <= ID_BYTES:
        raise NoteBroken("a signature is too short")
    return SignatureLine(name=_named(name), key_id=found[:ID_BYTES], signature=found[ID_BYTES:])


def _named(name: str) -> str:
    if not name or "+" in name or any(sign.isspace() or sign < " " for sign in name):
        raise NoteBroken("a key has no name, or one with a space, a control character or a plus")
    return name


def _binds_nobody(public: bytes) -> bool:
    """Whether it is a point of order 1, 2, 4 or 8 of the curve, under which anybody can sign, or not written
    in its one form (RFC 8032 5.1.3). A doubled point of order 8 has y = 0, which gives the last term.
    """
    y = int.from_bytes(public, "little") & (2**255 - 1)
    if y >= _P:
        return True
    return y in (0, 1, _P - 1) or (_D * y**4 + 2 * y**2 - 1) % _P == 0


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
