"""The part of the wiring that puts a sealer together: its key, its own memory, its role's address.

Called by `api.wiring` for `serve` and `work`, and by `approdo seal`, which has nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.addresses import as_role
from api.log_key import head_path, log_seeds
from api.loops.sealing import Sealing
from api.settings import Settings
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import log_key
from ledger.evidence.sealing.port import SealedLog
from ledger.evidence.sealing.sealer import Grown, Sealer, SealingKeys
from ledger.store.port import Birth

SEALER_ROLE = "approdo_sealer"


@dataclass(frozen=True, kw_only=True, slots=True)
class SealingParts:
    """What a sealer of one log is made of."""

    sealed: SealedLog
    keys: SealingKeys
    kept: HeadFile

    def sealing(self, grown: Grown | None = None) -> Sealing:
        """The loop that seals; `grown` wakes it."""
        return Sealing(self.sealed, Sealer(self.sealed, self.keys, self.kept), self.kept, grown)


def sealing_parts(settings: Settings, sealed: SealedLog, birth: Birth) -> SealingParts | None:
    """None where this process has no key: another seals, or nobody. Errors: `WrongSettings`."""
    seeds = log_seeds(settings)
    if seeds is None:
        return None
    origin = origin_of(birth.kind, birth.network)
    former = log_key(origin, seeds.former) if seeds.former is not None else None
    keys = SealingKeys(origin=origin, present=log_key(origin, seeds.present), former=former)
    return SealingParts(sealed=sealed, keys=keys, kept=HeadFile(head_path(settings)))


def sealer_address(settings: Settings, dsn: str) -> str:
    """The given one, else the same address in the sealer's role."""
    given = settings.sealer_database_url
    return given.get_secret_value() if given is not None else as_role(dsn, SEALER_ROLE)
