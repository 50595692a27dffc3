"""The closed set of facts about an event that are not the event: which command, on whose behalf, from where.

`actor` is a random id that only a register outside the log maps to a person. There is no token subject and no
free text. Stored as one JSON object with exactly these keys, in this order; `docs/EVIDENCE.md` names them.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import orjson

from domain.permissions import Role
from domain.vocabulary import NetworkId
from ledger.faults import BrokenEvent
from ledger.store.codec import BROKEN, plain
from ledger.store.decoders import decoder_of

METADATA_VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """Who and what stands behind an event. `causation_id` is the event or command an automatic command
    derives from."""

    v: int = METADATA_VERSION
    network: NetworkId
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    actor: UUID
    on_behalf_of: UUID | None
    role: Role
    device: UUID | None
    app_version: str


_decode = decoder_of(Metadata)


def own_act(
    network_id: NetworkId,
    command_id: UUID,
    app_version: str,
    *,
    causation_id: UUID | None = None,
    correlation_id: UUID | None = None,
) -> Metadata:
    """What the program does by itself: under the network's own id, in the role ENGINE. Correlated with itself
    unless it follows from something.
    """
    return Metadata(
        network=network_id,
        command_id=command_id,
        correlation_id=command_id if correlation_id is None else correlation_id,
        causation_id=causation_id,
        actor=network_id,
        on_behalf_of=None,
        role=Role.ENGINE,
        device=None,
        app_version=app_version,
    )


def encode(metadata: Metadata) -> bytes:
    return orjson.dumps(metadata, plain)


def decode(stored: bytes) -> Metadata:
    """Errors: `BrokenEvent`."""
    try:
        decoded: Metadata = _decode(orjson.loads(stored))
    except BROKEN:
        raise BrokenEvent("metadata") from None
    if decoded.v != METADATA_VERSION:
        raise BrokenEvent("metadata of another version")
    return decoded
