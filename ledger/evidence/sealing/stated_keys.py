"""The keys of a log by its own statements: each names the key that signs from a size on, and is signed by it
and by the one that was stated before it.

Whoever has a key of the log from elsewhere (a trust file) need not believe the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.evidence.notes.checkpoint import clock_of
from ledger.evidence.notes.signed import KeyKind, NoteBroken, VerifierKey, parse_note, parse_vkey, signers_of
from ledger.evidence.sealing.log_key import STATEMENT
from ledger.evidence.sealing.port import KeyStatement


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedKeys:
    """What signs the heads beyond the size `since`, and what says that they still stand."""

    since: int
    heads: VerifierKey
    clock: VerifierKey


def stated_keys(origin: str, statements: Iterable[KeyStatement]) -> tuple[StatedKeys, ...]:
    """Each in order. Errors: `NoteBroken` for one that does not follow from those before it, `KeyBroken`."""
    found: list[StatedKeys] = []
    for statement in statements:
        found.append(_next(origin, statement.note, [each.heads for each in found]))
    return tuple(found)


def verifiers(stated: Iterable[StatedKeys]) -> tuple[VerifierKey, ...]:
    """All of the keys, as a trust file lists them."""
    return tuple(key for each in stated for key in (each.heads, each.clock))


def _next(origin: str, raw: bytes, before: list[VerifierKey]) -> StatedKeys:
    note = parse_note(raw)
    first, named, since, *vkeys = note.text.removesuffix("\n").split("\n")[:5] + [""] * 3
    if (first, named) != (STATEMENT, origin) or not (
        since.isascii() and since.isdecimal() and len(since) < 20
    ):
        raise NoteBroken("a statement of a key is not one, or of another log")
    heads, clock = parse_vkey(vkeys[0]), parse_vkey(vkeys[1])
    if (heads.name, heads.kind) != (origin, KeyKind.NOTE):
        raise NoteBroken("a stated key is not for this log's heads")
    if (clock.name, clock.kind) != (clock_of(origin), KeyKind.COSIGNATURE):
        raise NoteBroken("a stated key is not for this log's clock")
    signed = {key for key, _ in signers_of(note, [heads, *before])}
    if heads not in signed or (before and before[-1] not in signed):
        raise NoteBroken("a stated key was not signed by itself and by the one before it")
    return StatedKeys(since=int(since), heads=heads, clock=clock)
