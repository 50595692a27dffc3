"""A sign-in that is under way: what this program asked, sealed into a cookie until the answer comes, and good
for one answer.

So no process remembers who only began, and an answer counts in the browser that asked and nowhere else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from api.identity.caller import Unauthenticated
from ledger.register.access import Access

LASTS = timedelta(minutes=10)


class UnderWay:
    """Under one key (32 bytes). `clock` is real time."""

    def __init__(self, *, access: Access, key: bytes, clock: Callable[[], datetime]) -> None:
        self._access = access
        self._seal = Fernet(base64.urlsafe_b64encode(key))
        self._clock = clock

    def begun(self, what: str, asked: Mapping[str, Any]) -> str:
        """The value of the cookie. `what` tells one kind of asking from another."""
        content = json.dumps({"what": what, **asked}).encode()
        return self._seal.encrypt_at_time(content, int(self._clock().timestamp())).decode()

    async def answered(self, what: str, cookie: str | None) -> dict[str, Any]:
        """What was asked: once, within ten minutes. Errors: `Unauthenticated`; the register's."""
        now = self._clock()
        try:
            content = self._seal.decrypt_at_time(
                (cookie or "").encode(errors="replace"),
                ttl=int(LASTS.total_seconds()),
                current_time=int(now.timestamp()),
            )
        except InvalidToken:
            raise Unauthenticated("SIGN_IN_NOT_BEGUN") from None
        asked: dict[str, Any] = json.loads(content)
        if asked.pop("what") != what:
            raise Unauthenticated("SIGN_IN_NOT_BEGUN")
        once = hashlib.sha256(content).digest()
        if not await self._access.use_assertion(once, now + LASTS, now):
            raise Unauthenticated("SIGN_IN_ANSWERED_TWICE")
        return asked
