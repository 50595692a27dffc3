"""C2SP tlog-checkpoint: a log's head as the text of a signed note. No extension lines are written here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from domain.vocabulary import LogKind
from ledger.evidence.notes.signed import NoteBroken, decoded, encoded
from ledger.evidence.tree.merkle import EMPTY_ROOT, HASH_BYTES, LARGEST_SIZE

_is_size = re.compile(r"0|[1-9][0-9]{0,18}").fullmatch


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """The log `origin` had `size` leaves and this root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


def origin_of(kind: LogKind, network: UUID) -> str:
    """A log's name in all that it signs: it says what kind of log it is and of which network."""
    return f"approdo.{kind.value.lower()}/{network}"


def clock_of(origin: str) -> str:
    """The name of the key with which the log says at what instants it still stood."""
    return f"{origin}/clock"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a note's text. Extension lines are passed over. Errors: `NoteBroken`."""
    found = checkpoint_said(text)
    if found.size == 0 and found.root != EMPTY_ROOT:
        raise NoteBroken("a log without leaves has one root alone")
    return found


def checkpoint_said(text: str) -> Checkpoint:
    """The same, whatever root it gives to no leaves: for a witness, who answers that apart.

    Errors: `NoteBroken`.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteBroken("a checkpoint has an origin, a size and a root, and no empty line")
    origin, size, root = lines[:3]
    if _is_size(size) is None or int(size) > LARGEST_SIZE:
        raise NoteBroken("a checkpoint's size is not a number in its one form")
    found = Checkpoint(origin=origin, size=int(size), root=decoded(root))
    if len(found.root) != HASH_BYTES:
        raise NoteBroken("a checkpoint's root has 32 bytes")
    return found
