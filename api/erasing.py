"""The end of a key: once two persons' approval stands in the log, the vault destroys the key, and the log is
told that it did.

Never before an approval and never by itself. What a crash leaves behind: an approval, after which nothing
under the key is opened; the key still there or gone; and the loop of `api.loops.destroying`, or the command
`shred`, goes on from there. Done twice, by two owners or after a crash, it is done once.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.loops.automatic import Automatic
from api.placing import Engine
from domain.case.preserving import ConfirmKeyDestroyed, decide
from domain.refusals import Refusal
from domain.vocabulary import CaseId, ShreddingId
from domain.world import Context, Decided, World, on_stream
from ledger.vault.port import KeyDestroyed, ValueBroken, Vault
from ledger.vault.wrapping import MasterKeyUnknown


@dataclass(frozen=True, slots=True)
class Erasing:
    """What destroys. It is given a vault to destroy in, never to read from."""

    vault: Vault
    engine: Engine
    automatic: Automatic

    async def finish(self, case_id: CaseId, shredding_id: ShreddingId) -> bool:
        """Destroy the key of a case if, by the log, its destruction was approved; whether it is gone.

        Errors: `VaultUnreachable`, the ledger's.
        """
        state = (await self.engine.index.catch_up()).preservation.of(case_id)
        approved = state.approved and state.proposed is not None
        if not approved or state.proposed is None or state.proposed.shredding_id != shredding_id:
            return False
        # Until the log says that it is done, do it: a crash may have come before the last byte was gone.
        if not state.destroyed or not await self._is_gone(case_id):
            await self.vault.destroy(case_id)

        def decided(world: World, context: Context) -> Decided:
            command = ConfirmKeyDestroyed(shredding_id=shredding_id)
            return on_stream(case_id, decide(command, world.case(case_id), context.new_id))

        command = self.automatic.command("confirm-key-destroyed", shredding_id, case_id)
        result = await self.engine.run(command, decided)
        return not isinstance(result, Refusal)

    async def _is_gone(self, case_id: CaseId) -> bool:
        """Whether the vault itself says so: one brought back from a backup may hold the key again."""
        try:
            await self.vault.open(case_id, ())
        except KeyDestroyed:
            return True
        except (MasterKeyUnknown, ValueBroken):
            return False
        return False
