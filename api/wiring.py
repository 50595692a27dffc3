"""The one file that builds things: from settings to an open ledger, and from there to the doors.

Everything below is given what it needs and builds nothing itself. Called by the commands and by trials. What
is opened here is closed here, in the opposite order, whatever happens in between.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import httpx

from api.adapters.notifier import Exercise, Notifier
from api.addresses import as_role
from api.http.doors import NOBODY, Doors
from api.identity.authority import Authority
from api.identity.bearing import authenticator
from api.identity.caller import Authenticate
from api.identity.enrolling import Enrolling
from api.identity.failures import Failures
from api.identity.identity import Identity
from api.identity.independence import Independence
from api.identity.key_file import KeyFile
from api.identity.names import Seal
from api.identity.openid import Client, OpenId, fetcher
from api.identity.passkeys import Passkeys
from api.identity.pins import Pins
from api.identity.programs import OwnKey, Programs
from api.identity.sessions import Sessions
from api.identity.subjects import Subjects
from api.identity.tokens import Tokens
from api.identity.under_way import UnderWay
from api.loops.running import Loop, kept_turning
from api.loops.running import loops as loops_of
from api.loops.sealing import Sealing
from api.placing import Engine
from api.secret import client_secret, derived, server_secret
from api.settings import Settings, WrongSettings, all_or_none, required
from api.vault_key import master_keys
from api.wiring_outside import chosen_witnesses, outside_loops
from api.wiring_sealing import sealer_address, sealing_parts
from domain.vocabulary import LogKind, NetworkId
from ledger.evidence.sealing.port import SealedReading
from ledger.faults import LedgerFault
from ledger.postgres import migrations
from ledger.postgres.directory import server_socket
from ledger.postgres.fitness import Fitness, fitness
from ledger.postgres.published import PostgresPublished
from ledger.postgres.sealed import PostgresSealedLog
from ledger.postgres.settings import Profile
from ledger.postgres.supervisor import EmbeddedPostgres
from ledger.register.access import Access
from ledger.register.credentials import Credentials
from ledger.register.port import Register
from ledger.register.postgres import PostgresRegister, RegisterConnections
from ledger.register.postgres_access import PostgresAccess
from ledger.register.postgres_credentials import PostgresCredentials
from ledger.store.ids import Sources, system_sources
from ledger.store.port import Birth
from ledger.store.postgres import PostgresStore
from ledger.store.transact import Transactor
from ledger.vault.port import VaultUnreachable
from ledger.vault.postgres import PostgresVault
from ledger.vault.sealing import KEY_BYTES
from ledger.vault.wrapping import MasterKeys
from projections.places_index import PlacesIndex
from projections.projector import Projector
from projections.tail import Tail
from projections.views_postgres import PostgresViews

VERSION = "0.1.0"
APP_ROLE = "approdo_app"
VAULT_ROLE = "approdo_vault"
IDENTITY_ROLE = "approdo_identity"


class NotFounded(LedgerFault):
    """This ledger has no network yet: found one with `approdo init FILE --kind exercise|real`."""


class ScratchInEarnest(LedgerFault):
    """A REAL log is not kept with APPRODO_PROFILE=scratch, which loses data: unset it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenStore:
    """A migrated database, and the store, the register and the rest on it."""

    settings: Settings
    store: PostgresStore
    register: RegisterConnections
    views: PostgresViews
    published: PostgresPublished
    sealed: SealedReading
    """What the sealer has sealed of this log."""
    sealing: PostgresSealedLog
    """The same as the sealer's role, which adds to it."""
    vault: PostgresVault | None
    """None where no master key was given."""
    eraser: PostgresVault
    """The same without a master key: it destroys keys and can open none."""
    sources: Sources
    server: EmbeddedPostgres | None
    fitness: Fitness
    fetch: httpx.AsyncClient | None
    """Asks the provider; None where this network has none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningIn:
    """How people sign in: by passkeys of `origin`, and at the provider that `client` names, if any."""

    credentials: Credentials
    origin: str
    client: Client | None = None
    fetch: httpx.AsyncClient | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenLedger:
    """A founded ledger, ready to decide on."""

    opened: OpenStore
    birth: Birth
    network_id: NetworkId
    engine: Engine
    projector: Projector
    loops: tuple[Loop, ...]
    """What the process does by itself; `serve` runs each in a task of its own."""
    sealing: Sealing | None
    """That of them which seals; None where this process has no key of the log."""

    @property
    def store(self) -> PostgresStore:
        return self.opened.store


@asynccontextmanager
async def open_store(
    settings: Settings, *, sources: Sources | None = None, join: bool = False
) -> AsyncIterator[OpenStore]:
    """Bring the database up and to this program's schema, then connect.

    An embedded database, or one whose owner's address is given, is migrated; any other is only checked. With
    `join`, an embedded server that another process of ours runs is used as it is.
    Errors: `EmbeddedServerFault`, `MigrationFault`, `StoreUnreachable`, `StoreRefused`, `WrongSettings`.
    """
    if settings.embedded and settings.owner_database_url is not None:
        raise WrongSettings("Set APPRODO_DATABASE_URL beside APPRODO_OWNER_DATABASE_URL: both or neither.")
    with _server(settings, join=join) as server:
        dsn = await _migrated(settings, server)
        sources = sources or system_sources()
        async with (
            PostgresStore(dsn, readers=settings.reader_connections) as store,
            RegisterConnections(_identity_address(settings, dsn)) as register,
            PostgresViews(dsn) as views,
            PostgresPublished(dsn) as published,
            PostgresSealedLog(dsn) as sealed,
            PostgresSealedLog(sealer_address(settings, dsn)) as sealing,
            _vault(settings, dsn, sources) as vault,
            _eraser(settings, dsn, sources) as eraser,
            _fetching(settings) as fetch,
        ):
            yield OpenStore(
                settings=settings,
                store=store,
                register=register,
                views=views,
                published=published,
                sealed=sealed,
                sealing=sealing,
                vault=vault,
                eraser=eraser,
                sources=sources,
                server=server,
                fitness=await fitness(dsn, _identity_address(settings, dsn), _vault_address(settings, dsn)),
                fetch=fetch,
            )


@asynccontextmanager
async def open_ledger(
    settings: Settings, *, sources: Sources | None = None, join: bool = False
) -> AsyncIterator[OpenLedger]:
    """As `open_store`, on a ledger that has its network. Errors: also `NotFounded`, `ScratchInEarnest`."""
    async with open_store(settings, sources=sources, join=join) as opened:
        yield await ledger_on(opened)


async def ledger_on(opened: OpenStore) -> OpenLedger:
    """The engine on an open store. Errors: `NotFounded`, `ScratchInEarnest`, the store's."""
    birth = await opened.store.birth()
    if birth is None or await opened.store.head() == 0:
        raise NotFounded
    refuse_scratch(opened.settings, birth.kind)
    opened.fitness.require(birth.kind)
    network_id = NetworkId(birth.network)
    transactor = Transactor(opened.store, opened.sources, network_id)
    index = PlacesIndex(opened.store)
    await index.catch_up()
    engine = Engine(transactor, index)
    projector = Projector(opened.store, opened.views)
    sealing = sealing_of(opened, birth)
    loops = loops_of(engine, VERSION, projector, opened.vault, _notifier(birth.kind), opened.eraser)
    return OpenLedger(
        opened=opened,
        birth=birth,
        network_id=network_id,
        engine=engine,
        projector=projector,
        loops=loops if sealing is None else (*loops, *_sealing_loops(opened, sealing)),
        sealing=sealing,
    )


def _sealing_loops(opened: OpenStore, sealing: Sealing) -> tuple[Loop, ...]:
    beside = outside_loops(opened.settings, opened.sealing)
    return tuple(kept_turning(run) for run in (sealing.run, *beside))


def sealing_of(opened: OpenStore, birth: Birth) -> Sealing | None:
    """The sealer of an open store, None where this process has no key of the log. Errors: `WrongSettings`."""
    parts = sealing_parts(opened.settings, opened.sealing, birth)
    return parts.sealing(lambda size: opened.store.grown(beyond=size)) if parts is not None else None


@asynccontextmanager
async def open_sealing(settings: Settings) -> AsyncIterator[tuple[PostgresSealedLog, Birth]]:
    """What a sealer needs and no more: the log in its role, and whose log it is. With
    APPRODO_SEALER_DATABASE_URL no other address is used.

    Errors: `NotFounded`, `WrongSettings`, `MigrationFault`, `EmbeddedServerFault`, the store's.
    """
    given = settings.sealer_database_url
    if given is not None:
        required(settings, "log_key_file", "sealed_head_file")
        await migrations.check(given.get_secret_value())
    with _server(settings, join=True) if given is None else nullcontext() as server:
        dsn = sealer_address(settings, "" if given is not None else await _migrated(settings, server))
        async with PostgresSealedLog(dsn) as sealed:
            birth = await sealed.birth()
            if birth is None:
                raise NotFounded
            yield sealed, birth


def _notifier(kind: LogKind) -> Notifier | None:
    """An exercise reaches nobody. A REAL network's way out (voice, SMS) would be chosen here."""
    return Exercise() if kind is LogKind.EXERCISE else None


def refuse_scratch(settings: Settings, kind: LogKind) -> None:
    """Refuses (`ScratchInEarnest`) to keep a REAL log on an embedded server that may lose it."""
    if kind is LogKind.REAL and settings.embedded and settings.profile is Profile.SCRATCH:
        raise ScratchInEarnest


async def migrate(settings: Settings) -> tuple[str, ...]:
    """Bring the database to this program's schema; the names of what was applied now.

    Errors: `EmbeddedServerFault`, `MigrationFault`, `WrongSettings` (no owner's address).
    """
    if settings.owner_database_url is not None:
        return await migrations.migrate(settings.owner_database_url.get_secret_value())
    if not settings.embedded:
        raise WrongSettings("Set APPRODO_OWNER_DATABASE_URL to the database's address as its owner.")
    with _server(settings) as server:
        assert server is not None
        return await migrations.migrate(server.dsn())


def authentication(opened: OpenStore, identity: Identity) -> Authenticate:
    """The check of bearer tokens: of the issuer's, where there is one, and of our own.

    Errors: `WrongSettings`, `BadKeyFile`.
    """
    return authenticator(
        _issuers_tokens(opened.settings), identity.subjects, identity.authority, identity.programs.tokens
    )


def _issuers_tokens(settings: Settings) -> Tokens | None:
    if not all_or_none(settings, "jwks_file", "token_issuer", "token_audience"):
        if settings.public_origin is None:
            raise WrongSettings(
                "Set APPRODO_JWKS_FILE, APPRODO_TOKEN_ISSUER and APPRODO_TOKEN_AUDIENCE, or "
                "APPRODO_PUBLIC_ORIGIN, or nobody can sign in: see docs/OPERATIONS.md."
            )
        return None
    assert settings.jwks_file and settings.token_issuer and settings.token_audience
    return Tokens(
        KeyFile(settings.jwks_file),
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        clock=_real_time,
    )


def identity_of(opened: OpenStore, network_id: NetworkId) -> Identity:
    """Who is who, on the register. Errors: `WrongSettings`."""
    settings = opened.settings
    return identity_on(
        PostgresRegister(opened.register),
        PostgresAccess(opened.register),
        secret=server_secret(settings),
        audience=settings.token_audience or "approdo",
        network_id=network_id,
        sources=opened.sources,
        signing_in=_signing_in(opened),
    )


def _signing_in(opened: OpenStore) -> SigningIn | None:
    settings = opened.settings
    if all_or_none(settings, "openid_issuer", "openid_client_id"):
        required(settings, "public_origin")
    if settings.public_origin is None:
        return None
    client = None
    if settings.openid_issuer and settings.openid_client_id:
        client = Client(
            issuer=settings.openid_issuer,
            client_id=settings.openid_client_id,
            secret=client_secret(settings),
            redirect_uri=f"{settings.public_origin}/identity/provider/return",
        )
    return SigningIn(
        credentials=PostgresCredentials(opened.register),
        origin=settings.public_origin,
        client=client,
        fetch=opened.fetch,
    )


def _real_time() -> datetime:
    return datetime.now(UTC)


def identity_on(
    register: Register,
    access: Access,
    *,
    secret: bytes,
    audience: str,
    network_id: NetworkId,
    sources: Sources,
    clock: Callable[[], datetime] = _real_time,
    signing_in: SigningIn | None = None,
) -> Identity:
    """The same on any register. `clock` is real time, also in an exercise."""
    authority = Authority(register, clock)
    under_way = UnderWay(access=access, key=derived(secret, "sign-ins under way"), clock=clock)
    subjects = Subjects(derived(secret, "actors"))
    seal = Seal(derived(secret, "names"), sources.random_bytes)
    pins = Pins(access, derived(secret, "pins"))
    return Identity(
        register=register,
        access=access,
        authority=authority,
        enrolling=Enrolling(
            register=register,
            access=access,
            subjects=subjects,
            seal=seal,
            random_bytes=sources.random_bytes,
            clock=clock,
        ),
        pins=pins,
        sessions=Sessions(
            access=access,
            authority=authority,
            pins=pins,
            key=derived(secret, "forgery tokens"),
            random_bytes=sources.random_bytes,
            clock=clock,
        ),
        programs=Programs(
            register=register,
            access=access,
            authority=authority,
            key=OwnKey(derived(secret, "program tokens")),
            network_id=network_id,
            audience=audience,
            clock=clock,
        ),
        failures=Failures(),
        independence=Independence(
            register=register,
            credentials=signing_in.credentials if signing_in is not None else None,
            clock=clock,
        ),
        seal=seal,
        subjects=subjects,
        passkeys=_passkeys(signing_in, under_way, secret, sources, clock),
        provider=_provider(signing_in, under_way, sources, clock),
    )


def _passkeys(
    signing_in: SigningIn | None,
    under_way: UnderWay,
    secret: bytes,
    sources: Sources,
    clock: Callable[[], datetime],
) -> Passkeys | None:
    if signing_in is None:
        return None
    return Passkeys(
        credentials=signing_in.credentials,
        under_way=under_way,
        origin=signing_in.origin,
        key=derived(secret, "passkey handles"),
        random_bytes=sources.random_bytes,
        clock=clock,
    )


def _provider(
    signing_in: SigningIn | None, under_way: UnderWay, sources: Sources, clock: Callable[[], datetime]
) -> OpenId | None:
    if signing_in is None or signing_in.client is None:
        return None
    assert signing_in.fetch is not None, "a provider is asked over HTTP"
    return OpenId(
        signing_in.client,
        under_way=under_way,
        random_bytes=sources.random_bytes,
        clock=clock,
        fetch=signing_in.fetch,
    )


def vault_of(opened: OpenStore) -> PostgresVault:
    """What is kept apart from the log. Errors: `WrongSettings` where no master key was given."""
    if opened.vault is None:
        raise WrongSettings("Set APPRODO_VAULT_KEY_FILE to a file with 64 random hexadecimal digits.")
    return opened.vault


async def require_master_key(opened: OpenStore) -> None:
    """That the vault's keys open under the master key given. A vault that does not answer now is not waited
    for: what needs no value goes on without it. Errors: `MasterKeyUnknown`, `WrongSettings`.
    """
    with suppress(VaultUnreachable):
        await vault_of(opened).require_master()


def doors_of(ledger: OpenLedger) -> Doors:
    """What the HTTP doors are given. Errors: `WrongSettings`, `BadKeyFile`."""
    identity = identity_of(ledger.opened, ledger.network_id)
    return Doors(
        engine=ledger.engine,
        projector=ledger.projector,
        views=ledger.opened.views,
        tail=Tail(ledger.store),
        authenticate=authentication(ledger.opened, identity),
        identity=identity,
        network_id=ledger.network_id,
        log_kind=ledger.birth.kind,
        vault=vault_of(ledger.opened),
        published=ledger.opened.published,
        sealed=ledger.opened.sealed,
        witnesses=chosen_witnesses(ledger.opened.settings) or NOBODY,
        sealing=ledger.sealing,
        digest_secret=derived(server_secret(ledger.opened.settings), "digests"),
        app_version=VERSION,
    )


@contextmanager
def _server(settings: Settings, *, join: bool = False) -> Iterator[EmbeddedPostgres | None]:
    """The embedded server, started and stopped; None where it is not ours to start."""
    if not settings.embedded or (join and _runs(settings)):
        yield None
        return
    with EmbeddedPostgres(settings.data_dir, profile=settings.profile) as server:
        yield server


@asynccontextmanager
async def _vault(settings: Settings, dsn: str, sources: Sources) -> AsyncIterator[PostgresVault | None]:
    """The vault, which connects when it is first wanted."""
    master = master_keys(settings)
    if master is None:
        yield None
        return
    async with PostgresVault(_vault_address(settings, dsn), master, sources.random_bytes) as vault:
        yield vault


@asynccontextmanager
async def _fetching(settings: Settings) -> AsyncIterator[httpx.AsyncClient | None]:
    """What asks the provider, where there is one."""
    if settings.openid_issuer is None:
        yield None
        return
    async with fetcher() as fetch:
        yield fetch


def _vault_address(settings: Settings, dsn: str) -> str:
    given = settings.vault_database_url
    return given.get_secret_value() if given is not None else as_role(dsn, VAULT_ROLE)


def _eraser(settings: Settings, dsn: str, sources: Sources) -> PostgresVault:
    """The vault with a master key under which nothing was ever wrapped."""
    nothing = MasterKeys(sources.random_bytes(KEY_BYTES))
    return PostgresVault(_vault_address(settings, dsn), nothing, sources.random_bytes)


def _identity_address(settings: Settings, dsn: str) -> str:
    given = settings.identity_database_url
    return given.get_secret_value() if given is not None else as_role(dsn, IDENTITY_ROLE)


async def _migrated(settings: Settings, server: EmbeddedPostgres | None) -> str:
    """The application role's address, once the schema is this program's."""
    if server is not None:
        await migrations.migrate(server.dsn())
        return server.dsn(role=APP_ROLE)
    if settings.owner_database_url is not None:
        await migrations.migrate(settings.owner_database_url.get_secret_value())
    dsn = settings.database_url.get_secret_value() if settings.database_url else _joined(settings)
    await migrations.check(dsn)
    return dsn


def _runs(settings: Settings) -> bool:
    """Whether a server answers in the data directory."""
    listens = server_socket(settings.data_dir)
    if listens is None:
        return False
    with socket.socket(socket.AF_UNIX) as knock:
        try:
            knock.connect(str(listens))
        except OSError:
            return False
    return True


def _joined(settings: Settings) -> str:
    """The application role's address on the embedded server that another process runs."""
    listens = server_socket(settings.data_dir)
    assert listens is not None, "a server has answered there"
    folder = quote(str(listens.parent), safe="")
    return f"postgresql://{APP_ROLE}@/postgres?host={folder}&port=5432"
