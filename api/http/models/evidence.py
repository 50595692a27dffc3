"""The answers about what is sealed: how far, by which keys, and that one head follows from another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WitnessView:
    """Somebody outside who has signed the last head, and when they say to have. `known`: one of the witnesses
    that this network chose, by their name there, and the signature is theirs; else `name` is what the key
    says of itself, and nothing vouches for it.
    """

    name: str
    at: datetime
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SealView:
    """How far the log is sealed. `root` is in hexadecimal digits; `sealed_at` and `stood_at` are by the
    sealer's clock: when the head was signed, and when it was last said to stand. `waiting` events after it
    are not sealed yet, the first of them since `waiting_since`; `late`: for more than ten minutes.
    `quorum_reached`: enough of the witnesses chosen have signed it (null: none are needed).
    """

    origin: str
    size: int
    root: str | None
    sealed_at: datetime | None
    stood_at: datetime | None
    witnesses: tuple[WitnessView, ...]
    quorum_reached: bool | None
    waiting: int
    waiting_since: datetime | None
    late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LogKeyView:
    """Which keys sign the heads of a size beyond `since`, and say that they still stand, as C2SP vkeys; and
    the signed note that says so.
    """

    since: int
    heads: str
    clock: str
    statement: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LogKeysView:
    """The log's name and its public keys, in order; `trust` is a C2SP tlog-policy that names them, for
    whoever checks what the log has signed.
    """

    origin: str
    keys: tuple[LogKeyView, ...]
    trust: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsistencyView:
    """That the tree of the head of size `new` begins with all of that of size `old` (RFC 9162, 2.1.4): the
    proof's hashes in base64, and both signed heads.
    """

    old: int
    new: int
    hashes: tuple[str, ...]
    old_note: str
    new_note: str
