"""Commands the engine gives by itself: their id, their digest and the metadata that says so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from domain.permissions import Role
from domain.vocabulary import NetworkId
from ledger.store.ids import uuid_8
from ledger.store.metadata import Metadata
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
        command_id = uuid_8(digest)
        return Command(
            digest=digest,
            metadata=Metadata(
                network=self.network_id,
                command_id=command_id,
                correlation_id=correlation_id,
                causation_id=cause,
                actor=self.network_id,
                on_behalf_of=None,
                role=Role.ENGINE,
                device=None,
                app_version=self.app_version,
            ),
        )
