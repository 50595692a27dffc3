"""Counts beds that two households hold at once, from the log's bytes alone: it shares no code with the
engine.

It knows four topics by name and reads their JSON, so a mistake in `domain.claims` or in the fold cannot hide
itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from struct import unpack_from
from typing import Any

from ledger.store.port import StoredRow

_TAKEN = {"unit.held.1": "placement_id", "unit.occupied-outside.1": "occupancy_id"}
_FREED = {
    "unit.released.1": "placement_id",
    "unit.vacated.1": "placement_id",
    "unit.vacated-outside.1": "occupancy_id",
}
_SALT = 16


def double_claims(rows: Iterable[StoredRow]) -> int:
    """How often a place was taken while another still had it."""
    holders: dict[str, set[str]] = {}
    doubles = 0
    for row in rows:
        if row.topic in _TAKEN:
            told = _told(row.state)
            for place in told["places"]:
                has = holders.setdefault(place, set())
                doubles += bool(has - {told[_TAKEN[row.topic]]})
                has.add(told[_TAKEN[row.topic]])
        elif row.topic in _FREED:
            told = _told(row.state)
            for place in told["places"]:
                holders.get(place, set()).discard(told[_FREED[row.topic]])
    return doubles


def _told(state: bytes) -> dict[str, Any]:
    (size,) = unpack_from(">I", state)
    return {**json.loads(state[4 : 4 + size]), **json.loads(state[8 + size + _SALT :])}
