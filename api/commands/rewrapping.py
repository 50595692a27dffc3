"""`approdo rewrap`: every key of the vault wrapped under the present master key, after it was changed."""

from __future__ import annotations

from api.settings import Settings, required
from api.wiring import open_store, vault_of


async def rewrap(settings: Settings) -> None:
    """Errors: `WrongSettings` (no former key), `MasterKeyUnknown`, `ValueBroken`, `VaultUnreachable`, and all
    of `open_store`.
    """
    required(settings, "vault_former_key_file")
    async with open_store(settings, join=True) as opened:
        count = await vault_of(opened).rewrap()
    print(f"{count} keys wrapped under the new master key; the former one is needed no more")
