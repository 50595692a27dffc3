"""The master key of the vault: from the settings, from a file, or drawn once beside the embedded database.

It is not the server's secret and does not derive from it: losing this one loses every value of the vault, and
destroying it destroys them. Called by `api.wiring`.
"""

from __future__ import annotations

import re
from pathlib import Path

from api.secret import kept_beside
from api.settings import Settings, WrongSettings
from ledger.vault.wrapping import MasterKeys

_KEPT_AS = "vault.key"
_FORM = re.compile(rb"[0-9a-fA-F]{64}")
_WANTED = "64 hexadecimal digits (openssl rand -hex 32)"


def master_keys(settings: Settings) -> MasterKeys | None:
    """None where the database is given and no key is: such a program opens no vault.

    Refuses (`WrongSettings`) two, one that is malformed, or a file that cannot be read.
    """
    current = _current(settings)
    if current is None:
        return None
    former = settings.vault_former_key_file
    return MasterKeys(current, _of_file(former) if former is not None else None)


def _current(settings: Settings) -> bytes | None:
    if settings.vault_key is not None and settings.vault_key_file is not None:
        raise WrongSettings("Set APPRODO_VAULT_KEY or APPRODO_VAULT_KEY_FILE, not both.")
    if settings.vault_key is not None:
        return _parsed(settings.vault_key.get_secret_value().encode(), "APPRODO_VAULT_KEY")
    if settings.vault_key_file is not None:
        return _of_file(settings.vault_key_file)
    if settings.embedded:
        return _parsed(kept_beside(settings.data_dir, _KEPT_AS), str(settings.data_dir / _KEPT_AS))
    return None


def _of_file(path: Path) -> bytes:
    try:
        return _parsed(path.read_bytes(), str(path))
    except OSError as cause:
        raise WrongSettings(f"The vault's key in {path} cannot be read: {cause.strerror}.") from None


def _parsed(text: bytes, where: str) -> bytes:
    if _FORM.fullmatch(text.strip()) is None:
        raise WrongSettings(f"{where} is not a key of the vault: {_WANTED}.")
    return bytes.fromhex(text.strip().decode())
