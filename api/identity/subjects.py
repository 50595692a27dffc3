"""From who signed in to the digest under which the register knows them.

The digest is keyed, so neither the log nor the register alone names anybody. Not a directory of people, and
not authority: see `authority`.
"""

from __future__ import annotations

import hmac

MOST_REMEMBERED = 10_000


class Subjects:
    """Digests of issuer and subject under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._met: dict[tuple[str, str], bytes] = {}

    def key_of(self, issuer: str, subject: str) -> bytes:
        """32 bytes, the same for the same issuer and subject for as long as the key is the same."""
        known = self._met.get((issuer, subject))
        if known is None:
            if len(self._met) >= MOST_REMEMBERED:
                self._met.clear()
            named = issuer.encode()
            content = len(named).to_bytes(4) + named + subject.encode(errors="surrogatepass")
            known = self._met[issuer, subject] = hmac.digest(self._key, content, "sha256")
        return known
