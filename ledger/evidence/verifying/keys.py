"""Which keys a head of a size must be signed by: those that somebody trusts, and those they vouch for. Pure.

A key is trusted where the trust file lists it, or where a statement of the log names it that is signed by the
key stated before it (the first: by one of the file). From its statement on the stated key signs, and the one
before it no more, neither heads nor statements.
"""

from __future__ import annotations

from dataclasses import replace

from ledger.evidence.notes.checkpoint import clock_of
from ledger.evidence.notes.signed import (
    KeyKind,
    NoteBroken,
    VerifierKey,
    parse_note,
    parse_vkey,
    signers_of,
)
from ledger.evidence.notes.trust import Trust
from ledger.evidence.sealing.log_key import STATEMENT
from ledger.evidence.sealing.stated_keys import StatedKeys
from ledger.evidence.tree.merkle import LARGEST_SIZE


class KeyRing:
    """The keys of one log, as its statements are read in order."""

    def __init__(self, origin: str, trust: Trust) -> None:
        self._origin = origin
        self._trust = trust
        self._given = tuple(key for key in trust.logs if key.name == origin and key.kind is KeyKind.NOTE)
        self._clocks = [key for key in trust.logs if key.name == clock_of(origin)]
        self.stated: list[StatedKeys] = []
        """Those that are trusted."""

    @property
    def known(self) -> tuple[VerifierKey, ...]:
        """Every trusted key of heads, whenever it signs."""
        return tuple(dict.fromkeys([*self._given, *(each.heads for each in self.stated)]))

    def state(self, raw: bytes) -> bool:
        """Take the next statement; whether a trusted key vouches for it.

        Errors: `NoteBroken`, `KeyBroken`.
        """
        note = parse_note(raw)
        lines = note.text.removesuffix("\n").split("\n")
        if len(lines) != 5 or lines[:2] != [STATEMENT, self._origin] or not lines[2].isdecimal():
            raise NoteBroken("a statement of a key is not one, or of another log")
        since, heads, clock = int(lines[2][:20]), parse_vkey(lines[3]), parse_vkey(lines[4])
        if (heads.name, heads.kind) != (self._origin, KeyKind.NOTE) or since > LARGEST_SIZE:
            raise NoteBroken("a stated key is not for this log's heads")
        if (clock.name, clock.kind) != (clock_of(self._origin), KeyKind.COSIGNATURE):
            raise NoteBroken("a stated key is not for this log's clock")
        if {heads.public, clock.public} & {each.key.public for each in self._trust.witnesses.values()}:
            raise NoteBroken("a stated key is that of a witness: the log would be its own")
        signers = {key for key, _ in signers_of(note, list(dict.fromkeys([heads, *self.known])))}
        before = {self.stated[-1].heads} if self.stated else set(self._given)
        if heads not in signers or not signers & before:
            return False
        if self.stated and since < self.stated[-1].since:
            raise NoteBroken("a statement of a key is out of order")
        self.stated.append(StatedKeys(since=since, heads=heads, clock=clock))
        return True

    def at(self, size: int) -> Trust:
        """Whom to believe about a head of this size."""
        latest = next((each for each in reversed(self.stated) if each.since < size), None)
        heads = (latest.heads,) if latest is not None else self._given
        clocks = dict.fromkeys([*self._clocks, *(each.clock for each in self.stated)])
        return replace(self._trust, logs=(*heads, *clocks))
