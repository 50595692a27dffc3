"""C2SP tlog-policy: whom somebody who checks a log trusts, and how many witnesses must have seen a head.

A file of lines `log VKEY [URL]`, `witness NAME VKEY [URL]`, `group NAME all|any|K NAME...`, `quorum NAME`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.evidence.notes.checkpoint import Checkpoint, clock_of, parse_checkpoint
from ledger.evidence.notes.signed import (
    KeyBroken,
    KeyKind,
    SignedNote,
    VerifierKey,
    cosigned_at,
    parse_vkey,
    signers_of,
)
from ledger.faults import LedgerFault

NONE = "none"
_is_number = re.compile(r"[1-9][0-9]{0,4}").fullmatch


class TrustBroken(LedgerFault):
    """A file of trusted keys cannot be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Witness:
    """Somebody outside who remembers the heads of a log; `url` is where heads are brought, if it is known."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """At least `least` of the members, which are witnesses or groups before it."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """Whom to believe."""

    logs: tuple[VerifierKey, ...] = ()
    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    def reached(self, seen_by: frozenset[str]) -> bool:
        """Whether these witnesses (by name) are enough."""
        return self.quorum == NONE or self._has(self.quorum, seen_by)

    def _has(self, name: str, seen_by: frozenset[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in seen_by
        return sum(self._has(member, seen_by) for member in group.members) >= group.least


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a note is worth to somebody: the head it tells, which trusted keys of the log signed it, which
    witnesses did and when, when the log itself last said it still stood (seconds since 1970), and whether the
    quorum is reached.
    """

    checkpoint: Checkpoint
    signed_by: tuple[VerifierKey, ...]
    witnessed: Mapping[str, int]
    stood_at: int | None
    quorum_reached: bool


def standing(note: SignedNote, trust: Trust) -> Standing:
    """Errors: `NoteBroken` where it is no checkpoint or a known key's line does not fit. That nobody known
    signed it is an answer too: `signed_by` is empty.
    """
    head = parse_checkpoint(note.text)
    logs = [key for key in trust.logs if key.kind is KeyKind.NOTE and key.name == head.origin]
    clocks = [
        key for key in trust.logs if key.kind is KeyKind.COSIGNATURE and key.name == clock_of(head.origin)
    ]
    names = {witness.key: name for name, witness in trust.witnesses.items()}
    witnessed: dict[str, int] = {}
    stood: list[int] = []
    signed: list[VerifierKey] = []
    for key, line in signers_of(note, [*logs, *clocks, *names]):
        if key in names:
            witnessed[names[key]] = max(cosigned_at(line), witnessed.get(names[key], 0))
        elif key.kind is KeyKind.COSIGNATURE:
            stood.append(cosigned_at(line))
        else:
            signed.append(key)
    return Standing(
        checkpoint=head,
        signed_by=tuple(signed),
        witnessed=witnessed,
        stood_at=max(stood, default=None),
        quorum_reached=trust.reached(frozenset(witnessed)),
    )


def parse_trust(text: str) -> Trust:
    """Errors: `TrustBroken`, with the line."""
    reading = _Reading()
    for number, line in enumerate(text.split("\n"), start=1):
        if any(sign < " " and sign != "\t" for sign in line) or "\x7f" in line:
            raise TrustBroken(f"line {number}: there is a control character (lines end in a line feed alone)")
        words = line.strip(" \t").replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            continue
        try:
            reading.take(words[0], words[1:])
        except (_Wrong, KeyBroken) as wrong:
            raise TrustBroken(f"line {number}: {wrong}") from None
    if reading.quorum is None:
        raise TrustBroken("there is no line that says what quorum is needed (quorum none: no witness)")
    return Trust(
        logs=tuple(reading.logs),
        witnesses=reading.witnesses,
        groups=reading.groups,
        quorum=reading.quorum,
    )


def rendered(trust: Trust) -> str:
    """The file of it."""
    lines = [f"log {key.vkey}" for key in trust.logs]
    for name, witness in trust.witnesses.items():
        lines.append(" ".join(["witness", name, witness.key.vkey, *([witness.url] if witness.url else [])]))
    for name, group in trust.groups.items():
        lines.append(" ".join(["group", name, str(group.least), *group.members]))
    return "\n".join([*lines, f"quorum {trust.quorum}"]) + "\n"


class _Wrong(Exception):
    """What is wrong with a line."""


class _Reading:
    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def take(self, what: str, words: list[str]) -> None:
        match what, words:
            case "log", [vkey] | [vkey, _]:
                self._log(parse_vkey(vkey))
            case "witness", [name, vkey]:
                self._witness(name, parse_vkey(vkey), None)
            case "witness", [name, vkey, url]:
                self._witness(name, parse_vkey(vkey), url)
            case "group", [name, least, *members] if members:
                self._group(name, least, members)
            case "quorum", [name]:
                if self.quorum is not None:
                    raise _Wrong("the quorum is said twice")
                if name != NONE:
                    self._known(name)
                self.quorum = name
            case _:
                raise _Wrong("a line is log, witness, group or quorum, and what belongs to it, as `log KEY`")

    def _log(self, key: VerifierKey) -> None:
        if key.kind is KeyKind.COSIGNATURE and not key.name.endswith(clock_of("")):
            raise _Wrong("a log has a key for notes (type 1), and one for cosignatures only as its clock")
        self._once(key)
        self.logs.append(key)

    def _witness(self, name: str, key: VerifierKey, url: str | None) -> None:
        self._new(name)
        if key.kind is not KeyKind.COSIGNATURE:
            raise _Wrong("a witness has a key for cosignatures (type 4)")
        self._once(key)
        self.witnesses[name] = Witness(name=name, key=key, url=url)

    def _group(self, name: str, least: str, members: list[str]) -> None:
        self._new(name)
        for member in members:
            self._known(member)
        if len(set(members)) < len(members) or self._members & set(members):
            raise _Wrong("a member is there twice: it would count twice towards the quorum")
        said = {"any": 1, "all": len(members)}.get(least)
        number = said if said is not None else int(least) if _is_number(least) else 0
        if not 1 <= number <= len(members):
            raise _Wrong("a group needs all, any, or a number of its members")
        self._members.update(members)
        self.groups[name] = Group(least=number, members=tuple(members))

    def _once(self, key: VerifierKey) -> None:
        """A log cannot be its own witness, nor a witness two."""
        if any(key.public == each.public for each in (*self.logs, *(w.key for w in self.witnesses.values()))):
            raise _Wrong("this key is there twice")

    def _new(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise _Wrong(f"the name {name} is taken")

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise _Wrong(f"{name} is not said before")
