"""The key that signs the log's heads, and where the last head is kept: from files, or beside the embedded
database.

The key derives from no other secret and is never in a database. Whoever has it can sign a history that never
was; who loses it seals no more. Called by `api.wiring_sealing`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from api.secret import kept_beside
from api.settings import Settings, WrongSettings

_KEY_KEPT_AS, _HEAD_KEPT_AS = "log.key", "sealed-head"
_FORM = re.compile(rb"[0-9a-fA-F]{64}")
_WANTED = "64 hexadecimal digits (openssl rand -hex 32)"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class LogSeeds:
    """The seed (32 bytes) of the present key and of the former one, while both sign."""

    present: bytes
    former: bytes | None


def log_seeds(settings: Settings) -> LogSeeds | None:
    """None where the database is given and no key is: such a program seals nothing.

    Refuses (`WrongSettings`) a key that is malformed, a file that cannot be read, a former key alone, or one
    that is the present.
    """
    present = _present(settings)
    former = _of_file(settings.log_former_key_file) if settings.log_former_key_file is not None else None
    if present is None:
        if former is not None:
            raise WrongSettings("Set APPRODO_LOG_KEY_FILE beside APPRODO_LOG_FORMER_KEY_FILE.")
        return None
    if present == former:
        raise WrongSettings("APPRODO_LOG_FORMER_KEY_FILE holds the present key: it is for the one before it.")
    return LogSeeds(present=present, former=former)


def head_path(settings: Settings) -> Path:
    """Where the sealer keeps its last head. Refuses (`WrongSettings`) to guess it beside a given database, or
    a folder that is not there.
    """
    if settings.sealed_head_file is None:
        if settings.embedded:
            return settings.data_dir / _HEAD_KEPT_AS
        raise WrongSettings(
            "Set APPRODO_SEALED_HEAD_FILE beside APPRODO_LOG_KEY_FILE: a file of the sealer's own, in no "
            "backup of the database."
        )
    if not settings.sealed_head_file.parent.is_dir():
        raise WrongSettings(f"There is no folder for the sealed head in {settings.sealed_head_file}.")
    return settings.sealed_head_file


def _present(settings: Settings) -> bytes | None:
    if settings.log_key_file is not None:
        return _of_file(settings.log_key_file)
    if settings.embedded:
        return _parsed(kept_beside(settings.data_dir, _KEY_KEPT_AS), str(settings.data_dir / _KEY_KEPT_AS))
    return None


def _of_file(path: Path) -> bytes:
    try:
        return _parsed(path.read_bytes(), str(path))
    except OSError as cause:
        raise WrongSettings(f"The log's key in {path} cannot be read: {cause.strerror}.") from None


def _parsed(text: bytes, where: str) -> bytes:
    if _FORM.fullmatch(text.strip()) is None:
        raise WrongSettings(f"{where} is not a key of the log: {_WANTED}.")
    return bytes.fromhex(text.strip().decode())
