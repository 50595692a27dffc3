"""What a log says of a dossier under its key: the last version of each stream of a case, and whether a
decision followed from the log when it was derived again.

Both are signed notes (C2SP signed-note) of the key that signs heads. Their first line is the name of their
form, which no log has as its origin, so neither can pass for a checkpoint, nor a checkpoint for one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.notes.signed import NoteBroken, SignedNote, Signer, decoded, encoded

STATEMENT = "approdo/dossier-statement v1"
ATTESTATION = "approdo/decision-attestation v1"
SAME = "same"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """At this head each of these streams ended with this version, and none of them is left out."""

    head: Checkpoint
    versions: Mapping[UUID, int]

    @property
    def text(self) -> str:
        lines = (f"{stream} {version}" for stream, version in self.versions.items())
        return "\n".join([STATEMENT, *_head(self.head), *lines]) + "\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attestation:
    """The decision recorded at `position` was derived again from the log up to this head, where it is kept.
    `result`: `same`, or what was found and the fields of the certificate that differ, with commas.
    """

    head: Checkpoint
    position: int
    stream: UUID
    result: str

    @property
    def text(self) -> str:
        return (
            "\n".join([ATTESTATION, *_head(self.head), f"{self.position} {self.stream} {self.result}"]) + "\n"
        )


def parse_statement(text: str) -> Statement:
    """Errors: `NoteBroken` for what `Statement.text` would not write."""
    head, lines = _parted(text, STATEMENT)
    versions: dict[UUID, int] = {}
    for line in lines:
        stream, _, version = line.partition(" ")
        versions[_id(stream)] = _number(version)
    found = Statement(head=head, versions=versions)
    if found.text != text:
        raise NoteBroken("a statement is not written in its one form")
    return found


def parse_attestation(text: str) -> Attestation:
    """Errors: `NoteBroken` for what `Attestation.text` would not write."""
    head, lines = _parted(text, ATTESTATION)
    position, stream, result, *more = [*"\n".join(lines).split(" "), "", ""]
    found = Attestation(head=head, position=_number(position), stream=_id(stream), result=result)
    if found.text != text or not result or any(more):
        raise NoteBroken("an attestation is not written in its one form")
    return found


def signed_by(text: str, signers: Sequence[Signer]) -> SignedNote:
    return SignedNote(text=text, signatures=tuple(signer.sign(text) for signer in signers))


def _head(head: Checkpoint) -> tuple[str, str, str]:
    return head.origin, str(head.size), encoded(head.root)


def _parted(text: str, form: str) -> tuple[Checkpoint, list[str]]:
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 4 or lines[0] != form:
        raise NoteBroken(f"a note does not begin with {form}")
    return Checkpoint(origin=lines[1], size=_number(lines[2]), root=decoded(lines[3])), lines[4:]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 19:
        raise NoteBroken("something is not a whole number")
    return int(text)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NoteBroken("something is not an id") from None
