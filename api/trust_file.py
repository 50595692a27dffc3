"""A file of trusted keys (C2SP tlog-policy) that a command or a setting names."""

from __future__ import annotations

from pathlib import Path

from api.settings import WrongSettings
from ledger.evidence.notes.trust import Trust, TrustBroken, parse_trust


def trust_in(path: Path) -> Trust:
    """Refuses (`WrongSettings`) what cannot be read."""
    try:
        return parse_trust(path.read_text(encoding="utf-8"))
    except OSError as cause:
        raise WrongSettings(f"{path} cannot be read: {cause.strerror}.") from None
    except UnicodeDecodeError:
        raise WrongSettings(f"{path} cannot be read: it is not UTF-8.") from None
    except TrustBroken as broken:
        raise WrongSettings(f"{path}: {broken}") from None
