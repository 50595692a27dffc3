"""What the HTTP doors are given by `api.wiring`: nothing here is built by a route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.identity.caller import Authenticate
from api.placing import Engine
from domain.vocabulary import LogKind, NetworkId
from projections.projector import Projector
from projections.tail import Tail
from projections.views import Views


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """One process's view of one network's ledger. `digest_secret` keys the digests of request bodies.

    `requests_per_minute` is one actor's allowance, beyond which everything but a request for a place waits.
    `migrations_current` says, for readiness, whether the database's schema is this program's (None: not
    asked).
    """

    engine: Engine
    projector: Projector
    views: Views
    tail: Tail
    authenticate: Authenticate
    network_id: NetworkId
    log_kind: LogKind
    digest_secret: bytes
    app_version: str
    requests_per_minute: int = 6000
    migrations_current: Callable[[], Awaitable[bool]] | None = None
