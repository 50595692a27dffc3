"""Writes the founding of a network to a ledger: its birth, its clock, and one append with everything else.

So a log is founded whole or not at all. The command's id derives from what the file says: founding again from
the same file changes nothing, from another one is refused. A crash after the birth leaves a log without
events, which the same command then founds. Called by `approdo init` and by trials.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from api.network_file.filling import fill
from api.network_file.founding import Founding, file_digest, refuse_unreal
from api.network_file.naming import NamedIds, named_ids
from api.network_file.schema import NetworkFile
from domain.refusals import Refusal
from domain.vocabulary import LogKind, NetworkId
from domain.world import Context, Decided
from ledger.faults import WrongLog
from ledger.store import metadata
from ledger.store.ids import Sources, uuid_8
from ledger.store.loaded import Loaded
from ledger.store.metadata import own_act
from ledger.store.port import Birth, LogBirth, LogClock, Store
from ledger.store.transact import Command, Done, Recorded, Transactor, recorded
from ledger.vault.port import Vault

PAGE = 2000


class FoundableStore(Store, LogBirth, Protocol):
    """Both ports of a store."""


class FoundedOtherwise(Exception):
    """This ledger was founded before, as something else. The message says as what; nothing was changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Founded:
    """The network and its ids. `anew` is false when this very file had founded it before."""

    birth: Birth
    ids: NamedIds
    anew: bool


async def found(
    file: NetworkFile,
    store: FoundableStore,
    sources: Sources,
    *,
    kind: LogKind,
    clock: LogClock,
    app_version: str,
    starts_at: datetime | None = None,
    vault: Vault | None = None,
) -> Founded:
    """Found the network. `starts_at` is where a virtual clock begins (else: now). The numbers and meanings
    of an exercise's file go to the vault, where one is given.

    Refuses, in order: fictitious houses in a REAL log (`BadNetworkFile`), another birth or another file
    (`FoundedOtherwise`), what the domain refuses (`FoundingRefused`). Errors: the store's.
    """
    refuse_unreal(file, kind)
    birth = await _born(store, sources, kind, clock)
    if clock is LogClock.VIRTUAL and await store.head() == 0:
        await store.move_clock(starts_at or await store.now())
    digest = file_digest(file, kind)
    command = _command(NetworkId(birth.network), digest, app_version)

    def decide(world: Loaded) -> Decided:
        if world.network().born is not None:
            return Refusal.NETWORK_ALREADY_BORN
        return Founding(file, kind, context).decide()

    context = await _context(file, store, sources, NetworkId(birth.network))
    transactor = Transactor(store, sources, NetworkId(birth.network))
    result = await transactor.run(command, decide, reads=(birth.network,))
    anew = isinstance(result, Done) and not result.receipt.repeated
    events = result.events if isinstance(result, Done) else await _first_events(store, command.command_id)
    if not events:
        raise FoundedOtherwise(
            "This ledger was founded from another network file: it stays as it is. To found another network, "
            "use another database or data directory."
        )
    ids = named_ids(file, events)
    if vault is not None:
        await fill(file, ids.desks, vault, transactor, app_version)
    return Founded(birth=birth, ids=ids, anew=anew)


async def _born(store: LogBirth, sources: Sources, kind: LogKind, clock: LogClock) -> Birth:
    born = await store.birth()
    if born is None:
        born = Birth(network=sources.new_id(), kind=kind, clock=clock)
        try:
            await store.bear(born)
        except WrongLog:  # somebody else was first
            found_born = await store.birth()
            if found_born is None:
                raise
            born = found_born
    if (born.kind, born.clock) != (kind, clock):
        raise FoundedOtherwise(
            f"This log was born {born.kind} on a {born.clock} clock and stays so for ever: use another "
            "database or data directory."
        )
    return born


async def _context(file: NetworkFile, store: Store, sources: Sources, network_id: NetworkId) -> Context:
    return Context(
        network_id=network_id,
        now=await store.now(),
        policy=file.policy.policy(),
        zone=ZoneInfo(file.network.time_zone),
        new_id=sources.new_id,
    )


def _command(network_id: NetworkId, digest: bytes, app_version: str) -> Command:
    """Founding is the program's own act: like its loops, it acts under the network's id."""
    command_id = uuid_8(hashlib.sha256(network_id.bytes + b"found" + digest).digest())
    return Command(
        digest=digest,
        metadata=own_act(network_id, command_id, app_version),
    )


async def _first_events(store: Store, command_id: UUID) -> Sequence[Recorded]:
    """The events of this command at the head of the log, also when the log of commands has forgotten it."""
    found: list[Recorded] = []
    after = 0
    while rows := await store.read_all(after=after, limit=PAGE):
        for row in rows:
            if metadata.decode(row.metadata).command_id != command_id:
                return found
            found.append(recorded(row))
        after = rows[-1].position
    return found
