"""Who stands behind a request, once their token has been checked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.permissions import Principal


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """An authenticated person or program. `actor` is the random id that goes on events; no token subject
    travels on."""

    actor: UUID
    principal: Principal
    on_behalf_of: UUID | None = None
    device: UUID | None = None
    stepped_up_at: datetime | None = None
    """When they last proved anew who they are; None: not since they signed in."""


class Unauthenticated(Exception):
    """The token is missing or not valid. The reason is for the log, as a code, never for the caller."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Authenticate = Callable[[str], Awaitable[Caller]]
"""From a bearer token to a caller. Errors: `Unauthenticated`."""
