"""The engine inside the trial's own process, founded on any store: for figures below the doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.network_file.naming import NamedIds
from api.network_file.schema import NetworkFile
from api.network_file.writing import FoundableStore, found
from api.placing import Engine
from domain.coordination.requesting import RequestPlacement
from domain.permissions import Role
from domain.vocabulary import (
    Channel,
    Household,
    IntakeMode,
    LevelFunction,
    LogKind,
    NetworkId,
    RiskBand,
    Urgency,
)
from ledger.store.ids import Sources
from ledger.store.metadata import Metadata
from ledger.store.port import LogClock
from ledger.store.transact import Command, Transactor
from projections.places_index import PlacesIndex

APP_VERSION = "trial"


@dataclass(frozen=True, kw_only=True, slots=True)
class Founded:
    """An engine on a founded exercise, with the ids of its network file."""

    engine: Engine
    ids: NamedIds
    network_id: NetworkId


async def found_engine(file: NetworkFile, store: FoundableStore, sources: Sources) -> Founded:
    """Found an exercise on the real clock and let the engine stand at its head."""
    founded = await found(
        file, store, sources, kind=LogKind.EXERCISE, clock=LogClock.REAL, app_version=APP_VERSION
    )
    network_id = NetworkId(founded.ids.network)
    engine = Engine(Transactor(store, sources, network_id), PlacesIndex(store))
    await engine.index.catch_up()
    return Founded(engine=engine, ids=founded.ids, network_id=network_id)


def command(network_id: NetworkId, actor: UUID, sources: Sources) -> Command:
    """A fresh command of a coordinator."""
    command_id = sources.new_id()
    return Command(
        digest=sources.random_bytes(32),
        metadata=Metadata(
            network=network_id,
            command_id=command_id,
            correlation_id=command_id,
            causation_id=None,
            actor=actor,
            on_behalf_of=None,
            role=Role.COORDINATOR,
            device=None,
            app_version=APP_VERSION,
        ),
    )


def emergency(household: Household, at: datetime) -> RequestPlacement:
    """A U1 request with consent, asked for just now."""
    return RequestPlacement(
        case_id=None,
        channel=Channel.CAV,
        urgency=Urgency.U1,
        intake_mode=IntakeMode.EMERGENCY,
        level=LevelFunction.EMERGENCY_RECEPTION,
        household=household,
        features_required=(),
        zones_to_avoid=(),
        risk=RiskBand.HIGH,
        setting=None,
        safe_until=None,
        removal_considered=None,
        send_on=False,
        consented_at=at,
        occurred_at=at,
    )
