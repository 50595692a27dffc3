"""The numbers and meanings of an exercise's file go to the vault once its network is founded, one command for
each desk.

A desk that keeps a value already is left as it is. A crash in between leaves some desks without: founding
from the same file again fills them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from uuid import UUID

from api.network_file.schema import NetworkFile
from domain.coordination.contacts import keep_values
from domain.desk import KEEPS, KeepDeskValues
from domain.vocabulary import DeskId
from domain.world import NOTHING, Decided
from ledger.store.ids import uuid_8
from ledger.store.loaded import Loaded
from ledger.store.metadata import own_act
from ledger.store.transact import Command, Done, Transactor
from ledger.vault.port import Vault


async def fill(
    file: NetworkFile, desks: Mapping[str, UUID], vault: Vault, transactor: Transactor, app_version: str
) -> None:
    """Errors: the vault's and the store's."""
    for table in file.desks:
        if table.value is None:
            continue
        desk_id = DeskId(desks[table.code])
        command = _command(transactor, desk_id, app_version)
        kind = KEEPS[table.kind]
        commitments = await vault.keep(desk_id, [(kind, table.value)], command.command_id)
        kept = KeepDeskValues(values=tuple((kind, each) for each in commitments))

        def decide(world: Loaded, desk_id: DeskId = desk_id, kept: KeepDeskValues = kept) -> Decided:
            return NOTHING if world.desk(desk_id).values else keep_values(desk_id, kept, world)

        done = await transactor.run(command, decide, reads=(desk_id,))
        if isinstance(done, Done) and done.events:
            await vault.settle(desk_id, commitments)


def _command(transactor: Transactor, desk_id: DeskId, app_version: str) -> Command:
    digest = hashlib.sha256(transactor.network_id.bytes + b"fill" + desk_id.bytes).digest()
    return Command(digest=digest, metadata=own_act(transactor.network_id, uuid_8(digest), app_version))
