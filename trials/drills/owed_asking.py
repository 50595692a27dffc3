"""What people ask of the engine in the drill `owed`, each thing one command; a refusal is an answer too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from api.placing import Engine
from domain import shelter, unit
from domain.codes import DeclineGroup, DischargeOutcome, RefusalGroup
from domain.coordination import answering, ending, reality, staying
from domain.coordination.alone import decide_alone
from domain.coordination.requesting import RequestPlacement, SearchAgain, request_placement
from domain.coordination.resuming import resume_and_search
from domain.coordination.revising import Revision, revise
from domain.matching.places import Places
from domain.placement.commands import AcceptAsWoman, PlacementCommand
from domain.vocabulary import (
    AnswerChannel,
    NetworkId,
    OccupancyId,
    OfferId,
    PlaceId,
    PlacementId,
    ShelterId,
    UnitId,
)
from domain.world import Context, Decided, World, on_stream
from ledger.store.ids import Sources
from trials.stage.in_process import command

Decide = Callable[[World, Context], Decided]
DecideOnPlaces = Callable[[World, Context, Places], Decided]


class Asking:
    """Everybody, over one engine."""

    def __init__(self, engine: Engine, network: UUID, sources: Sources) -> None:
        self.engine = engine
        self._network_id = NetworkId(network)
        self._sources = sources
        self._coordinator = sources.new_id()

    async def run(self, decide: Decide) -> object:
        return await self.engine.run(command(self._network_id, self._coordinator, self._sources), decide)

    async def place(self, decide: DecideOnPlaces) -> object:
        return await self.engine.place(command(self._network_id, self._coordinator, self._sources), decide)

    async def alone(self, placement_id: PlacementId, asked: PlacementCommand) -> object:
        return await self.run(lambda world, context: decide_alone(placement_id, asked, world, context))

    async def request(self, asked: RequestPlacement) -> object:
        return await self.place(
            lambda world, context, places: request_placement(asked, world, context, places)
        )

    async def revise(self, revision: Revision) -> object:
        return await self.place(lambda world, context, places: revise(revision, world, context, places))

    async def search_on(self, placement_id: PlacementId) -> object:
        again = SearchAgain(placement_id=placement_id)
        return await self.place(
            lambda world, context, places: resume_and_search(again, world, context, places)
        )

    async def withdraw(self, placement_id: PlacementId, now: datetime) -> object:
        withdrawn = ending.WithdrawConsent(placement_id=placement_id, occurred_at=now)
        return await self.run(lambda world, context: ending.withdraw(withdrawn, world, context))

    async def release(self, placement_id: PlacementId, offer_id: OfferId) -> object:
        given_back = ending.ReleaseHold(placement_id=placement_id, offer_id=offer_id)
        return await self.run(lambda world, context: ending.release(given_back, world, context))

    async def accept(self, placement_id: PlacementId, offer_id: OfferId, now: datetime) -> object:
        yes = answering.AcceptOffer(
            placement_id=placement_id, offer_id=offer_id, channel=AnswerChannel.TELEPHONE, occurred_at=now
        )
        return await self.place(lambda world, context, places: answering.accept(yes, world, context, places))

    async def refuse(
        self, placement_id: PlacementId, offer_id: OfferId, shown: RefusalGroup, now: datetime
    ) -> object:
        no = answering.RefuseOffer(
            placement_id=placement_id,
            offer_id=offer_id,
            channel=AnswerChannel.SCREEN,
            shown=shown,
            commitment=None,
            occurred_at=now,
        )
        return await self.run(lambda world, context: answering.refuse(no, world, context))

    async def decline(self, placement_id: PlacementId, offer_id: OfferId, now: datetime) -> object:
        no = answering.DeclineOffer(
            placement_id=placement_id,
            offer_id=offer_id,
            shown=DeclineGroup.NOT_SAID,
            commitment=None,
            occurred_at=now,
        )
        return await self.run(lambda world, context: answering.decline(no, world, context))

    async def arrive(self, placement_id: PlacementId, offer_id: OfferId, now: datetime) -> object:
        """She says yes, and comes."""
        yes = AcceptAsWoman(proximity_checked_by_voice=False, told=(), occurred_at=now, offer_id=offer_id)
        await self.alone(placement_id, yes)
        admitted = staying.AdmitHousehold(placement_id=placement_id, occurred_at=now)
        return await self.run(lambda world, context: staying.admit(admitted, world, context))

    async def discharge(self, placement_id: PlacementId, now: datetime) -> object:
        left = staying.DischargeHousehold(
            placement_id=placement_id, outcome=DischargeOutcome.GOALS_REACHED, occurred_at=now
        )
        return await self.run(lambda world, context: staying.discharge(left, world, context))

    async def publish(self, unit_id: UnitId, places: tuple[PlaceId, ...], now: datetime) -> object:
        return await self._of_unit(unit_id, unit.PublishAvailability(open_places=places, observed_at=now))

    async def occupied(
        self, unit_id: UnitId, guests: OccupancyId, places: tuple[PlaceId, ...], since: datetime
    ) -> object:
        fact = reality.RecordOutsideOccupancy(
            unit_id=unit_id, occupancy_id=guests, places=places, occurred_at=since
        )
        return await self.run(lambda world, context: reality.record_outside_occupancy(fact, world, context))

    async def gone(self, unit_id: UnitId, guests: OccupancyId, now: datetime) -> object:
        return await self._of_unit(unit_id, unit.EndOutsideOccupancy(occupancy_id=guests, occurred_at=now))

    async def of_house(self, house: ShelterId, asked: shelter.ShelterCommand) -> object:
        return await self.run(
            lambda world, context: on_stream(house, shelter.decide(asked, world.shelter(house), context.now))
        )

    async def _of_unit(self, unit_id: UnitId, asked: unit.UnitCommand) -> object:
        return await self.run(
            lambda world, context: on_stream(unit_id, unit.decide(asked, world.unit(unit_id), context.now))
        )
