"""The stranger again, with what `docs/EVIDENCE.md` says of tree, signed notes, keys, proofs and tiles.

The standard library alone, which has no Ed25519: what a signature is over, and under which key, is given
back, and checking it is left to whoever asks. Roots are computed as the page defines them, from the top, not
as a program would that has to be fast.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from tests.vectors.stranger import Unreadable


@dataclass(frozen=True, kw_only=True)
class Key:
    """A verifier key."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A signature line."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class Head:
    """A checkpoint with its lines; `text` is what was signed."""

    text: str
    origin: str
    size: int
    root: bytes
    lines: Sequence[Line]


def leaf_hash(leaf: bytes) -> bytes:
    """Tree."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Tree."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Tree: the root over leaves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    cut = _cut(len(leaves))
    return node_hash(root(leaves[:cut]), root(leaves[cut:]))


def root_shown(index: int, size: int, hashed: bytes, proof: Sequence[bytes]) -> bytes:
    """Proofs: the root that a proof of inclusion shows for a leaf's hash, read from its last hash."""
    if not 0 <= index < size:
        raise Unreadable("no such leaf")
    if size == 1:
        if proof:
            raise Unreadable("too many hashes")
        return hashed
    *inner, last = proof or _lacking()
    cut = _cut(size)
    if index < cut:
        return node_hash(root_shown(index, cut, hashed, inner), last)
    return node_hash(last, root_shown(index - cut, size - cut, hashed, inner))


def roots_shown(old: int, size: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Proofs: the old and the new root that a proof of consistency shows."""
    if not 0 < old <= size:
        raise Unreadable("no such tree")
    return _roots(old, size, proof, old_root)


def _roots(old: int, size: int, proof: Sequence[bytes], known: bytes | None) -> tuple[bytes, bytes]:
    if old == size:
        if known is None and len(proof) == 1:
            return proof[0], proof[0]
        if known is None or proof:
            raise Unreadable("too many or too few hashes")
        return known, known
    *inner, last = proof or _lacking()
    cut = _cut(size)
    if old <= cut:
        before, after = _roots(old, cut, inner, known)
        return before, node_hash(after, last)
    before, after = _roots(old - cut, size - cut, inner, None)
    return node_hash(last, before), node_hash(last, after)


def read_head(raw: bytes) -> Head:
    """Checkpoint and signed note."""
    text, divided, below = raw.decode().rpartition("\n\n")
    origin, size, coded = text.split("\n")
    if not divided or not below.endswith("\n") or str(int(size)) != size:
        raise Unreadable("no head")
    lines = tuple(_line(line) for line in below[:-1].split("\n"))
    return Head(text=text + "\n", origin=origin, size=int(size), root=_bytes(coded, 32), lines=lines)


def read_key(vkey: str) -> Key:
    """Keys: name, id and key in one word."""
    name, stated, coded = vkey.split("+", 2)
    plain = _bytes(coded, 33)
    key = Key(name=name, kind=plain[0], public=plain[1:])
    if key.key_id.hex() != stated:
        raise Unreadable("another key's id")
    return key


def signed_by(key: Key, head: Head) -> list[tuple[bytes, bytes]]:
    """Keys: for each line that says to be this key's, the bytes it must have signed and its 64 bytes."""
    own = [line.signature for line in head.lines if (line.name, line.key_id) == (key.name, key.key_id)]
    if key.kind == 1:
        return [(head.text.encode(), signature) for signature in own]
    timed = [(struct.unpack(">Q", each[:8])[0], each[8:]) for each in own]
    return [(f"cosignature/v1\ntime {at}\n{head.text}".encode(), each) for at, each in timed]


def read_proof(raw: bytes) -> tuple[int, list[bytes], Head]:
    """Proof file: index, hashes and the head."""
    above, _, note = raw.partition(b"\n\n")
    first, index, *hashes = above.decode().split("\n")
    if first != "c2sp.org/tlog-proof@v1" or not index.startswith("index "):
        raise Unreadable("no proof")
    return int(index[6:]), [_bytes(each, 32) for each in hashes], read_head(note)


def tile_path(level: int | str, number: int, width: int) -> str:
    """Tiles."""
    digits = str(number)
    while len(digits) % 3:
        digits = "0" + digits
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "".join(f"x{each}/" for each in groups[:-1]) + groups[-1]
    return f"tile/{level}/{path}" + ("" if width == 256 else f".p/{width}")


def read_bundle(raw: bytes) -> list[bytes]:
    """Tiles: the leaves of a bundle."""
    leaves = []
    while raw:
        (length,) = struct.unpack(">H", raw[:2])
        leaves.append(raw[2 : 2 + length])
        raw = raw[2 + length :]
    return leaves


def _cut(size: int) -> int:
    cut = 1
    while cut * 2 < size:
        cut *= 2
    return cut


def _line(line: str) -> Line:
    dash, name, coded = line.split(" ")
    plain = base64.b64decode(coded)
    if dash != "\u2014":
        raise Unreadable("no signature line")
    return Line(name=name, key_id=plain[:4], signature=plain[4:])


def _bytes(coded: str, length: int) -> bytes:
    plain = base64.b64decode(coded)
    if len(plain) != length or base64.b64encode(plain).decode() != coded:
        raise Unreadable("no bytes of this length")
    return plain


def _lacking() -> list[bytes]:
    raise Unreadable("too few hashes")
