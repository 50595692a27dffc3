"""The two parts of an event's stored state, and how they lie in its bytes.

`state = u32 length ‖ open part ‖ u32 length ‖ reserved part`, big-endian. The open part is a JSON object. The
reserved part is 16 random bytes and then a JSON object: the fields a court's copy does not show, which nobody
can guess back from their hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import pack, unpack_from

from ledger.faults import BrokenEvent

SALT_BYTES = 16
_LENGTH = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class StateParts:
    """The open part and the reserved part (its salt first), as stored."""

    open: bytes
    reserved: bytes


def join(parts: StateParts) -> bytes:
    return pack(">I", len(parts.open)) + parts.open + pack(">I", len(parts.reserved)) + parts.reserved


def split(state: bytes) -> StateParts:
    """Take stored state apart. Errors: `BrokenEvent` when the lengths do not add up."""
    size = len(state)
    if size < 2 * _LENGTH:
        raise BrokenEvent("state shorter than its two lengths")
    (open_size,) = unpack_from(">I", state)
    reserved_at = _LENGTH + open_size
    if reserved_at + _LENGTH > size:
        raise BrokenEvent("the open part is longer than the state")
    (reserved_size,) = unpack_from(">I", state, reserved_at)
    if reserved_at + _LENGTH + reserved_size != size or reserved_size < SALT_BYTES:
        raise BrokenEvent("the reserved part does not fill the state")
    return StateParts(open=state[_LENGTH:reserved_at], reserved=state[reserved_at + _LENGTH :])
