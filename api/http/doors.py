"""What the HTTP doors are given by `api.wiring`: nothing here is built by a route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from api.http.past_boards import PastBoards
from api.http.past_places import PastPlaces
from api.http.unfinished import Unfinished
from api.identity.caller import Authenticate
from api.identity.identity import Identity
from api.loops.sealing import Sealing
from api.placing import Engine
from domain.disclosure import START_DISCLOSURE, Disclosure
from domain.vocabulary import LogKind, NetworkId
from ledger.evidence.notes.trust import Trust
from ledger.evidence.sealing.port import SealedReading
from ledger.published import MemoryPublished, Published
from ledger.vault.port import Vault
from projections.probing import Watch
from projections.projector import Projector
from projections.tail import Tail
from projections.views import Views

NOBODY = Trust()
"""No witness is known, and none is needed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """One process's view of one network's ledger. `digest_secret` keys the digests of request bodies.

    `requests_per_minute` is one actor's allowance, beyond which everything but a request for a place waits.
    `witnesses` are those that this network chose to see its heads, with their quorum.
    `migrations_current` says, for readiness, whether the database's schema is this program's (None: not
    asked). `published` keeps what was told of the figures; `watch` is this process's, as are `past_boards`,
    `past_places` and the readings that are `unfinished`. `sealing` is this process's sealer, if it has one.
    """

    engine: Engine
    projector: Projector
    views: Views
    tail: Tail
    authenticate: Authenticate
    identity: Identity
    network_id: NetworkId
    log_kind: LogKind
    vault: Vault
    sealed: SealedReading
    digest_secret: bytes
    app_version: str
    requests_per_minute: int = 6000
    disclosure: Disclosure = START_DISCLOSURE
    witnesses: Trust = NOBODY
    published: Published = field(default_factory=MemoryPublished)
    past_boards: PastBoards = field(default_factory=PastBoards)
    past_places: PastPlaces = field(default_factory=PastPlaces)
    unfinished: Unfinished = field(default_factory=Unfinished)
    watch: Watch = field(default_factory=lambda: Watch(START_DISCLOSURE))
    migrations_current: Callable[[], Awaitable[bool]] | None = None
    sealing: Sealing | None = None
