"""A process that keeps or opens a value of a case and dies on the way, by kill -9: between the vault and the
log, or between the log and the answer. Run by `tests.api.test_keeping`; with `nowhere` it lives and prints
what it saw. `hasty` does each the wrong way round, and dies in between: the control.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from uuid import UUID

from api.keeping import Keeping, Named, Opened, told_of
from api.placing import Decide, Engine
from domain.case import keeping as kept
from domain.case.keeping import KeepCaseValues, KeepingCommand, OpenCaseValues
from domain.kept import OpeningPurpose, ValueKind
from domain.refusals import Refusal
from domain.vocabulary import CaseId, NetworkId
from domain.world import Context, Decided, World, on_stream
from ledger.store.ids import system_sources
from ledger.store.metadata import own_act
from ledger.store.port import KeyReused
from ledger.store.postgres import PostgresStore
from ledger.store.transact import Command, Result, Transactor
from ledger.vault.postgres import PostgresVault
from ledger.vault.wrapping import MasterKeys
from projections.places_index import PlacesIndex

WORD = "corbezzolo"


async def die(*_: object) -> None:
    """The end of the process, at once."""
    os.kill(os.getpid(), signal.SIGKILL)


class HastyKeeping(Keeping):
    """Shows before it records, and records before it seals."""

    async def keep(
        self,
        command: Command,
        subject: UUID,
        values: Sequence[tuple[ValueKind, str]],
        decide: Callable[[Named], Decide],
    ) -> Result:
        await self.engine.run(command, decide(tuple((kind, "5e" * 32) for kind, _ in values)))
        await die()
        return await super().keep(command, subject, values, decide)

    async def open(self, command: Command, subject: UUID, decide: Decide) -> Opened | Refusal | KeyReused:
        told = await told_of(self.engine.transactor.store, subject)
        print(*(await self.vault.open(subject, told.standing)).values(), flush=True)
        await die()
        return await super().open(command, subject, decide)


async def main(
    app: str, beside: str, master: str, network: str, case: str, command: str, what: str, where: str
) -> None:
    network_id, case_id = NetworkId(UUID(network)), CaseId(UUID(case))
    async with (
        PostgresStore(app) as store,
        PostgresVault(beside, MasterKeys(bytes.fromhex(master)), os.urandom) as vault,
    ):
        engine = Engine(Transactor(store, system_sources(), network_id), PlacesIndex(store))
        if where == "before-append":
            store.append = die  # type: ignore[method-assign, assignment]
        if where == "before-discard":
            vault.discard = die  # type: ignore[method-assign, assignment]
        if where == "before-settle":
            vault.settle = die  # type: ignore[method-assign, assignment]
        if where == "before-answer":
            vault.open = die  # type: ignore[method-assign, assignment]
        described = own_act(
            network_id, UUID(command), "prova", causation_id=None, correlation_id=UUID(command)
        )
        asked = Command(digest=bytes(32), metadata=described)
        keeping = (HastyKeeping if where == "hasty" else Keeping)(vault, engine)

        def on_case(wanted: KeepingCommand) -> Decide:
            def decide(world: World, context: Context) -> Decided:
                return on_stream(case_id, kept.decide(wanted, world.case(case_id), context.now))

            return decide

        def named(values: Named) -> Decide:
            return on_case(KeepCaseValues(values=values))

        if what == "keep":
            print(type(await keeping.keep(asked, case_id, [(ValueKind.AGREED_WORD, WORD)], named)).__name__)
            return
        opening = OpenCaseValues(
            kinds=(ValueKind.AGREED_WORD,), purpose=OpeningPurpose.CALL_HER, actor=UUID(command)
        )
        opened = await keeping.open(asked, case_id, on_case(opening))
        print(*(opened.values.values() if isinstance(opened, Opened) else [opened]))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
