"""Commands the engine gives by itself: their id, their digest and the metadata that says so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from domain.vocabulary import NetworkId
from ledger.store.ids import uuid_8
from ledger.store.metadata import own_act
from ledger.store.transact import Command


@dataclass(frozen=True, kw_only=True, slots=True)
class Automatic:
    """The engine as an actor: it acts under the network's own id, in the role ENGINE."""

    network_id: NetworkId
    app_version: str

    def command(self, name: str, cause: UUID, correlation_id: UUID) -> Command:
        """The command `name` that follows from the event `cause`: the same id whoever gives it, however
        often."""
        digest = hashlib.sha256(self.network_id.bytes + name.encode() + cause.bytes).digest()
        metadata = own_act(
            self.network_id,
            uuid_8(digest),
            self.app_version,
            causation_id=cause,
            correlation_id=correlation_id,
        )
        return Command(digest=digest, metadata=metadata)
