"""What a page leaves with the browser and nobody else may read or make up: a note for the next page, and the
draft of a form while the screen is locked.

Sealed (Fernet) under a key of its own derived from the server's secret, so no process remembers anything.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from api.secret import derived


class Sealed:
    """For one `purpose`; what was sealed longer than `seconds` ago is not opened."""

    def __init__(self, secret: bytes, purpose: str, seconds: int) -> None:
        self._seal = Fernet(base64.urlsafe_b64encode(derived(secret, f"pages: {purpose}")))
        self._seconds = seconds

    def seal(self, content: Mapping[str, Any]) -> str:
        return self._seal.encrypt(zlib.compress(json.dumps(content).encode())).decode()

    def open(self, sealed: str) -> dict[str, Any] | None:
        """None where it was not sealed here, or too long ago."""
        try:
            content = self._seal.decrypt(sealed.encode(errors="replace"), ttl=self._seconds)
        except InvalidToken:
            return None
        found: dict[str, Any] = json.loads(zlib.decompress(content))
        return found
