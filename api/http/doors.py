"""What the HTTP doors are given by `api.wiring`: nothing here is built by a route."""

from __future__ import annotations

from dataclasses import dataclass

from api.identity.caller import Authenticate
from api.placing import Engine
from domain.vocabulary import LogKind, NetworkId


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """One process's view of one network's ledger. `digest_secret` keys the digests of request bodies."""

    engine: Engine
    authenticate: Authenticate
    network_id: NetworkId
    log_kind: LogKind
    digest_secret: bytes
    app_version: str
