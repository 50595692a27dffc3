"""A short night on the real engine in memory, and events that no engine would write, to be planted in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from api.network_file.reading import read_network_file
from api.network_file.writing import found
from api.placing import Decide, DecideOnPlaces, Engine
from domain.claims import ClaimKind
from domain.codes import DischargeOutcome, RefusalGroup, Told
from domain.coordination.answering import AcceptOffer, RefuseOffer, accept, refuse
from domain.coordination.direct import RecordDirectAdmission, record_direct_admission
from domain.coordination.moving_on import MoveOn, SendOn, move_on, send_on
from domain.coordination.reality import RecordOutsideOccupancy, record_outside_occupancy
from domain.coordination.requesting import SearchAgain, request_placement, search_again
from domain.coordination.staying import AdmitHousehold, DischargeHousehold, admit, discharge
from domain.event import Event
from domain.placement.commands import AcceptAsWoman, SendOffer
from domain.placement.decide import decide
from domain.placement.events import PlacementRequested
from domain.placement.state import Offer
from domain.unit import PublishAvailability
from domain.unit import decide as decide_unit
from domain.vocabulary import (
    AgeBand,
    AnswerChannel,
    HeldUnit,
    Household,
    LogKind,
    NetworkId,
    OccupancyId,
    PlaceId,
    PlacementId,
    ShelterId,
    UnitId,
)
from domain.world import on_stream
from ledger.store import codec, metadata
from ledger.store.ids import SeededBytes, seeded_sources
from ledger.store.memory import MemoryStore
from ledger.store.port import LogClock, StoredRow
from ledger.store.transact import Command, Done, Result, Transactor
from projections.places_index import PlacesIndex
from trials.stage.in_process import command, emergency

NETWORK = Path(__file__).parents[2] / "api" / "network_file" / "small.toml"
START = datetime(2026, 11, 20, 21, tzinfo=UTC)
FAMILY = Household(adults=1, children=(AgeBand.AGE_3_5,))


class Night:
    """Commands of one coordinator, ten virtual minutes apart."""

    def __init__(self, seed: str = "night") -> None:
        self.store = MemoryStore()
        self.sources = seeded_sources(seed, lambda: int(self.now.timestamp() * 1000))
        self.now = START

    async def begin(self) -> None:
        founded = await found(
            read_network_file(NETWORK),
            self.store,
            self.sources,
            kind=LogKind.EXERCISE,
            clock=LogClock.VIRTUAL,
            app_version="test",
            starts_at=START,
        )
        self.network_id = NetworkId(founded.birth.network)
        self.ids = founded.ids
        self.engine = Engine(Transactor(self.store, self.sources, self.network_id), PlacesIndex(self.store))
        await self.engine.index.catch_up()

    async def ask(self, household: Household = FAMILY, *, send_on: bool = False) -> PlacementId:
        command = replace(emergency(household, self.now), send_on=send_on)
        done = await self.place(
            lambda world, context, places: request_placement(command, world, context, places)
        )
        (requested,) = [each for each in done.events if isinstance(each.event, PlacementRequested)]
        return PlacementId(requested.stream)

    async def search(self, placement_id: PlacementId) -> None:
        command = SearchAgain(placement_id=placement_id)
        await self.place(lambda world, context, places: search_again(command, world, context, places))

    async def publish(self, unit_id: UnitId, open_places: tuple[PlaceId, ...]) -> None:
        command = PublishAvailability(open_places=open_places, observed_at=self.now)
        await self.run(
            lambda world, context: on_stream(unit_id, decide_unit(command, world.unit(unit_id), context.now))
        )

    async def move_on(self, placement_id: PlacementId) -> None:
        """A person goes on, an hour of silence later."""
        self.now += timedelta(hours=1)
        command = MoveOn(placement_id=placement_id, offer_id=self._held(placement_id).offer_id)
        await self.place(lambda world, context, places: move_on(command, world, context, places))

    async def send_on(self, placement_id: PlacementId) -> None:
        """The engine goes on, an hour of silence later."""
        self.now += timedelta(hours=1)
        command = SendOn(placement_id=placement_id, offer_id=self._held(placement_id).offer_id)
        await self.place(lambda world, context, places: send_on(command, world, context, places))

    async def offer(self, placement_id: PlacementId) -> None:
        units = tuple(held.unit_id for held in self._held(placement_id).units)
        await self._alone(placement_id, SendOffer(units=units))

    async def accept(self, placement_id: PlacementId) -> None:
        command = AcceptOffer(
            placement_id=placement_id,
            offer_id=self._held(placement_id).offer_id,
            channel=AnswerChannel.TELEPHONE,
            occurred_at=self.now,
        )
        await self.place(lambda world, context, places: accept(command, world, context, places))

    async def refuse(self, placement_id: PlacementId) -> None:
        command = RefuseOffer(
            placement_id=placement_id,
            offer_id=self._held(placement_id).offer_id,
            channel=AnswerChannel.SCREEN,
            shown=RefusalGroup.NO_CAPACITY,
            commitment=None,
            occurred_at=self.now,
        )
        await self.run(lambda world, context: refuse(command, world, context))

    async def admit(self, placement_id: PlacementId) -> None:
        yes = AcceptAsWoman(proximity_checked_by_voice=True, told=(Told.HOUSE_RULES,), occurred_at=self.now)
        await self._alone(placement_id, yes)
        arrival = AdmitHousehold(placement_id=placement_id, occurred_at=self.now)
        await self.run(lambda world, context: admit(arrival, world, context))

    async def discharge(self, placement_id: PlacementId) -> None:
        command = DischargeHousehold(
            placement_id=placement_id, outcome=DischargeOutcome.GOALS_REACHED, occurred_at=self.now
        )
        await self.run(lambda world, context: discharge(command, world, context))

    async def occupy(self, unit_id: UUID, places: tuple[UUID, ...]) -> None:
        fact = RecordOutsideOccupancy(
            unit_id=UnitId(unit_id),
            occupancy_id=OccupancyId(self.sources.new_id()),
            places=places,  # type: ignore[arg-type]
            occurred_at=self.now,
        )
        await self.run(lambda world, context: record_outside_occupancy(fact, world, context))

    async def arrive_directly(
        self, placement_id: PlacementId, shelter_id: UUID, units: tuple[HeldUnit, ...], without_place: int = 0
    ) -> None:
        """A household is in the house by agreement over the telephone."""
        fact = RecordDirectAdmission(
            placement_id=placement_id,
            asked=None,
            shelter_id=ShelterId(shelter_id),
            units=units,
            without_place=without_place,
            occurred_at=self.now,
        )
        await self.run(lambda world, context: record_direct_admission(fact, world, context))

    async def run(self, decided: Decide) -> Done:
        return await self._done(lambda: self.engine.run(self._command(), decided))

    async def place(self, decided: DecideOnPlaces) -> Done:
        return await self._done(lambda: self.engine.place(self._command(), decided))

    async def rows(self) -> list[StoredRow]:
        return list(await self.store.read_all(after=0, limit=10_000))

    async def tables(self) -> dict[ClaimKind, dict[UUID, UUID]]:
        return {kind: dict(await self.store.claims(kind)) for kind in ClaimKind}

    async def _alone(self, placement_id: PlacementId, command: SendOffer | AcceptAsWoman) -> None:
        await self.run(
            lambda world, context: on_stream(
                placement_id,
                decide(command, world.placement(placement_id), context.now, context.policy, context.zone),
            )
        )

    async def _done(self, go: Callable[[], Awaitable[Result]]) -> Done:
        self.now += timedelta(minutes=10)
        await self.store.move_clock(self.now)
        result = await go()
        assert isinstance(result, Done), result
        return result

    def _held(self, placement_id: PlacementId) -> Offer:
        held = self.engine.index.places.placements[placement_id].held
        assert held is not None
        return held

    def _command(self) -> Command:
        return command(self.network_id, self.network_id, self.sources)


async def played() -> Night:
    """Held, refused, held elsewhere, admitted; one contested and discharged; one left waiting."""
    night = Night()
    await night.begin()
    house = night.ids.shelters["house-b"].units["room-1"]
    first = await night.ask()
    await night.offer(first)
    await night.refuse(first)
    await night.search(first)
    await night.offer(first)
    await night.accept(first)
    await night.admit(first)
    second = await night.ask()
    await night.offer(second)
    await night.accept(second)
    await night.admit(second)
    await night.occupy(house.id, house.beds)
    await night.ask(Household(adults=1, children=(AgeBand.AGE_3_5,) * 4))
    await night.discharge(second)
    return night


async def played_by_telephone() -> Night:
    """One household admitted by direct agreement into the places held for another, and beside a stay; one
    beyond the places there are.
    """
    night = Night("by telephone")
    await night.begin()
    house = night.ids.shelters["house-b"]
    room = house.units["room-1"]
    beds = tuple(PlaceId(bed) for bed in room.beds)
    waiting, arrived, beyond = await night.ask(), await night.ask(), await night.ask()
    await night.arrive_directly(
        waiting, house.id, (HeldUnit(unit_id=UnitId(room.id), places=(beds[0], beds[1])),)
    )
    await night.arrive_directly(
        arrived, house.id, (HeldUnit(unit_id=UnitId(room.id), places=(beds[1], beds[2])),)
    )
    await night.arrive_directly(
        beyond, house.id, (HeldUnit(unit_id=UnitId(room.id), places=()),), without_place=2
    )
    await night.discharge(waiting)
    return night


async def played_past_the_silent() -> Night:
    """A silent room with beds left is alone known to be free: a person goes on to one to be confirmed, and
    the engine to the next.
    """
    night = Night("past the silent")
    await night.begin()
    night.now += timedelta(hours=30)
    room = night.ids.shelters["house-b"].units["room-1"]
    open_places = tuple(PlaceId(bed) for bed in room.beds)
    await night.publish(UnitId(room.id), open_places)
    placement_id = await night.ask(Household(adults=1), send_on=True)
    await night.offer(placement_id)
    await night.move_on(placement_id)
    await night.offer(placement_id)
    await night.send_on(placement_id)
    return night


def planted(rows: list[StoredRow], stream: UUID, event: Event, **changes: object) -> list[StoredRow]:
    """The log with one more event at its end, of a command of its own that no decision stands behind."""
    last = rows[-1]
    version = max((row.version for row in rows if row.stream == stream), default=0) + 1
    described = replace(
        metadata.decode(last.metadata), command_id=UUID(int=len(rows) << 64 | 8 << 76 | 2 << 62)
    )
    row = StoredRow(
        stream=stream,
        version=version,
        position=last.position + 1,
        topic=event.TOPIC,
        state=codec.encode(event, SeededBytes("planted")(16)),
        event_id=UUID(int=len(rows) + 1),
        metadata=metadata.encode(described),
        recorded_at=last.recorded_at,
    )
    return [*rows, replace(row, **changes)]  # type: ignore[arg-type]
