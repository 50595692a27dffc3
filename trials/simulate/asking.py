"""Every command that a simulated person gives, built from the domain's own and put to the engine in process.

The one module here that knows how commands are made: when the domain grows, this follows. It decides nothing
and draws nothing; a refusal is an answer like any other, counted by whoever asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from api.placing import Engine
from domain import shelter, unit
from domain.codes import DeclineGroup, DischargeOutcome, PauseReason, RefusalGroup, Told
from domain.coordination import answering, ending, reality, requesting, staying
from domain.coordination.alone import decide_alone
from domain.coordination.resuming import resume_and_search
from domain.matching.places import Places
from domain.placement.commands import (
    AcceptAsWoman,
    ConfirmAcceptance,
    MarkOfferSeen,
    PlacementCommand,
    RecordConsent,
    SendOffer,
)
from domain.refusals import Refusal
from domain.shelter import PauseIntake, ResumeIntake
from domain.unit import EndOutsideOccupancy, PublishAvailability
from domain.vocabulary import (
    AnswerChannel,
    CaseId,
    NetworkId,
    OccupancyId,
    OfferId,
    PlaceId,
    PlacementId,
    ShelterId,
    UnitId,
    ZoneId,
)
from domain.world import Context, Decided, World, on_stream
from ledger.store.ids import Sources
from ledger.store.transact import Done, Result
from trials.simulate.arrivals import Arrival
from trials.stage.in_process import command

Alone = Callable[[World, Context], Decided]
OnPlaces = Callable[[World, Context, Places], Decided]


class Asking:
    """The people of the network as the engine hears them. `refused` counts what it answered no to."""

    def __init__(
        self, engine: Engine, network_id: NetworkId, sources: Sources, zones: Mapping[str, UUID]
    ) -> None:
        self._engine = engine
        self._network_id = network_id
        self._sources = sources
        self._zones = zones
        self._coordinator = sources.new_id()
        self.refused: Counter[str] = Counter()

    # --- the coordination

    async def request(self, arrival: Arrival, now: datetime, case_id: CaseId | None) -> Done | None:
        """A place is asked for; ranks and holds."""
        zones = (ZoneId(self._zones[arrival.zone]),) if arrival.zone is not None else ()
        asked = requesting.RequestPlacement(
            case_id=case_id,
            channel=arrival.channel,
            urgency=arrival.urgency,
            intake_mode=arrival.mode,
            level=arrival.level,
            household=arrival.household,
            features_required=arrival.features,
            zones_to_avoid=zones,
            risk=arrival.risk,
            setting=arrival.setting,
            safe_until=now + timedelta(hours=arrival.safe_hours) if arrival.safe_hours is not None else None,
            removal_considered=None,
            send_on=arrival.send_on,
            consented_at=None if arrival.consent_minutes else now,
            occurred_at=now,
        )
        return await self._place(
            lambda world, context, places: requesting.request_placement(asked, world, context, places)
        )

    async def consent(self, placement_id: PlacementId, now: datetime) -> Done | None:
        return await self._alone(placement_id, RecordConsent(occurred_at=now))

    async def send(self, placement_id: PlacementId, units: tuple[UnitId, ...]) -> Done | None:
        return await self._alone(placement_id, SendOffer(units=units))

    async def search_on(self, placement_id: PlacementId) -> Done | None:
        """A person decides to go on after a stop; elsewhere it searches again."""
        again = requesting.SearchAgain(placement_id=placement_id)
        return await self._place(
            lambda world, context, places: resume_and_search(again, world, context, places)
        )

    async def release(self, placement_id: PlacementId, offer_id: OfferId) -> Done | None:
        given_back = ending.ReleaseHold(placement_id=placement_id, offer_id=offer_id)
        return await self._run(lambda world, context: ending.release(given_back, world, context))

    async def withdraw(self, placement_id: PlacementId, now: datetime) -> Done | None:
        withdrawn = ending.WithdrawConsent(placement_id=placement_id, occurred_at=now)
        return await self._run(lambda world, context: ending.withdraw(withdrawn, world, context))

    async def admit(self, placement_id: PlacementId, now: datetime) -> Done | None:
        admitted = staying.AdmitHousehold(placement_id=placement_id, occurred_at=now)
        return await self._run(lambda world, context: staying.admit(admitted, world, context))

    async def discharge(
        self, placement_id: PlacementId, outcome: DischargeOutcome, now: datetime
    ) -> Done | None:
        left = staying.DischargeHousehold(placement_id=placement_id, outcome=outcome, occurred_at=now)
        return await self._run(lambda world, context: staying.discharge(left, world, context))

    # --- the house's answer, and hers

    async def see(self, placement_id: PlacementId, offer_id: OfferId) -> Done | None:
        return await self._alone(placement_id, MarkOfferSeen(offer_id=offer_id))

    async def accept(
        self, placement_id: PlacementId, offer_id: OfferId, now: datetime, *, telephone: bool
    ) -> Done | None:
        yes = answering.AcceptOffer(
            placement_id=placement_id, offer_id=offer_id, channel=_channel(telephone), occurred_at=now
        )
        return await self._place(lambda world, context, places: answering.accept(yes, world, context, places))

    async def confirm(self, placement_id: PlacementId, offer_id: OfferId) -> Done | None:
        return await self._alone(placement_id, ConfirmAcceptance(offer_id=offer_id))

    async def refuse(
        self,
        placement_id: PlacementId,
        offer_id: OfferId,
        shown: RefusalGroup,
        now: datetime,
        *,
        telephone: bool,
    ) -> Done | None:
        no = answering.RefuseOffer(
            placement_id=placement_id,
            offer_id=offer_id,
            channel=_channel(telephone),
            shown=shown,
            commitment=None,
            occurred_at=now,
        )
        return await self._run(lambda world, context: answering.refuse(no, world, context))

    async def accept_as_woman(
        self, placement_id: PlacementId, offer_id: OfferId, now: datetime
    ) -> Done | None:
        yes = AcceptAsWoman(
            proximity_checked_by_voice=True, told=tuple(Told), occurred_at=now, offer_id=offer_id
        )
        return await self._alone(placement_id, yes)

    async def decline(self, placement_id: PlacementId, offer_id: OfferId, now: datetime) -> Done | None:
        no = answering.DeclineOffer(
            placement_id=placement_id,
            offer_id=offer_id,
            shown=DeclineGroup.PLACE_NOT_RIGHT,
            commitment=None,
            occurred_at=now,
        )
        return await self._run(lambda world, context: answering.decline(no, world, context))

    # --- the houses by themselves

    async def publish(self, unit_id: UnitId, places: tuple[PlaceId, ...], now: datetime) -> Done | None:
        return await self._of_unit(unit_id, PublishAvailability(open_places=places, observed_at=now))

    async def pause(self, house: ShelterId, reason: PauseReason) -> Done | None:
        return await self._of_house(house, PauseIntake(reason=reason))

    async def resume(self, house: ShelterId) -> Done | None:
        return await self._of_house(house, ResumeIntake())

    async def occupied_outside(
        self, unit_id: UnitId, guests: OccupancyId, places: tuple[PlaceId, ...], since: datetime
    ) -> Done | None:
        fact = reality.RecordOutsideOccupancy(
            unit_id=unit_id, occupancy_id=guests, places=places, occurred_at=since
        )
        return await self._run(lambda world, context: reality.record_outside_occupancy(fact, world, context))

    async def gone_outside(self, unit_id: UnitId, guests: OccupancyId, now: datetime) -> Done | None:
        return await self._of_unit(unit_id, EndOutsideOccupancy(occupancy_id=guests, occurred_at=now))

    # --- to the engine

    async def _alone(self, placement_id: PlacementId, asked: PlacementCommand) -> Done | None:
        return await self._run(lambda world, context: decide_alone(placement_id, asked, world, context))

    async def _of_unit(self, unit_id: UnitId, asked: unit.UnitCommand) -> Done | None:
        return await self._run(
            lambda world, context: on_stream(unit_id, unit.decide(asked, world.unit(unit_id), context.now))
        )

    async def _of_house(self, house: ShelterId, asked: shelter.ShelterCommand) -> Done | None:
        return await self._run(
            lambda world, context: on_stream(house, shelter.decide(asked, world.shelter(house), context.now))
        )

    async def _run(self, decide: Alone) -> Done | None:
        asked = command(self._network_id, self._coordinator, self._sources)
        return self._answered(await self._engine.run(asked, decide))

    async def _place(self, decide: OnPlaces) -> Done | None:
        asked = command(self._network_id, self._coordinator, self._sources)
        return self._answered(await self._engine.place(asked, decide))

    def _answered(self, result: Result) -> Done | None:
        if isinstance(result, Refusal):
            self.refused[result.name] += 1
            return None
        assert isinstance(result, Done), "every command has an id of its own"
        return result


def _channel(telephone: bool) -> AnswerChannel:
    return AnswerChannel.TELEPHONE if telephone else AnswerChannel.SCREEN
