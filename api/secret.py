"""The one secret of a server: from the settings, from a file, or drawn once beside the embedded database.

Each use has a key of its own derived from it, so that none can stand in for another. Losing it forgets which
subject is which actor and what recorded commands asked; it decrypts nothing. Called by `api.wiring`.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from api.settings import Settings, WrongSettings

SHORTEST = 32
_KEPT_AS = "secret"


def derived(secret: bytes, purpose: str) -> bytes:
    """The key (32 bytes) for one purpose."""
    return hmac.digest(secret, f"approdo {purpose}".encode(), "sha256")


def server_secret(settings: Settings) -> bytes:
    """Refuses (`WrongSettings`) none, two, one that is too short, or a file that cannot be read."""
    if settings.digest_secret is not None and settings.digest_secret_file is not None:
        raise WrongSettings("Set APPRODO_DIGEST_SECRET or APPRODO_DIGEST_SECRET_FILE, not both.")
    if settings.digest_secret is not None:
        return _long_enough(settings.digest_secret.get_secret_value().encode(), "APPRODO_DIGEST_SECRET")
    if settings.digest_secret_file is not None:
        return _read(settings.digest_secret_file)
    if settings.embedded:
        return kept_beside(settings.data_dir, _KEPT_AS)
    raise WrongSettings("Set APPRODO_DIGEST_SECRET_FILE to a file with at least 32 random characters.")


def client_secret(settings: Settings) -> str | None:
    """With which this program proves to the provider who it is; None: it is a public client.

    Refuses (`WrongSettings`) two, or a file that cannot be read.
    """
    given, file = settings.openid_client_secret, settings.openid_client_secret_file
    if given is not None and file is not None:
        raise WrongSettings(
            "Set APPRODO_OPENID_CLIENT_SECRET or APPRODO_OPENID_CLIENT_SECRET_FILE, not both."
        )
    if file is None:
        return given.get_secret_value() if given is not None else None
    try:
        found = file.read_text().strip()
    except (OSError, ValueError):
        raise WrongSettings(f"The secret in {file} cannot be read.") from None
    if not found:
        raise WrongSettings(f"There is no secret in {file}.")
    return found


def kept_beside(data_dir: Path, name: str) -> bytes:
    """64 random hexadecimal digits in a file of that name, drawn where there is none yet. The embedded
    server's directory is ours alone while we run, so nobody else draws at the same time.

    A crash while it is written leaves a part that the next start replaces.
    """
    kept = data_dir / name
    if not kept.exists():
        part = kept.with_suffix(".part")
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        part.rename(kept)
    return _read(kept)


def _read(path: Path) -> bytes:
    try:
        return _long_enough(path.read_bytes().strip(), str(path))
    except OSError as cause:
        raise WrongSettings(f"The secret in {path} cannot be read: {cause.strerror}.") from None


def _long_enough(secret: bytes, where: str) -> bytes:
    if len(secret) < SHORTEST:
        raise WrongSettings(f"{where} is too short: at least {SHORTEST} characters that nobody can guess.")
    return secret
