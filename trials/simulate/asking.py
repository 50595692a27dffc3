"""Every command that a simulated person gives, built from the domain's own and put to the engine in process.

The one module here that knows how commands are made: when the domain grows, this follows. It decides nothing
and draws nothing; a refusal is an answer like any other, counted by whoever asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from api.placing import Engine
from domain import shelter, unit
from domain.codes import (
    AlarmKind,
    BridgeEnd,
    BridgeKind,
    CheckedBy,
    ChoiceReason,
    DeclineGroup,
    DischargeOutcome,
    Escort,
    NeighbourAnswer,
    PauseReason,
    PlacementOutcome,
    RefusalGroup,
    Told,
    UrgencyReason,
)
from domain.coordination import (
    answering,
    arriving,
    availability,
    bridging,
    direct,
    ending,
    moving_on,
    reality,
    requesting,
    revising,
    staying,
)
from domain.coordination.alarming import alarm
from domain.coordination.alone import decide_alone
from domain.coordination.resuming import resume_and_search
from domain.matching.places import Places
from domain.placement.alarms import TakeAlarm
from domain.placement.bridging import (
    ArrangeBridge,
    AskNeighbour,
    BridgingCommand,
    CheckBridge,
    EndBridge,
    RecordNeighbourAnswer,
)
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
from domain.unit import CorrectAvailability, EndOutsideOccupancy, PublishAvailability
from domain.vocabulary import (
    AnswerChannel,
    AssessorRole,
    BridgeId,
    CaseId,
    Channel,
    Criterion,
    HeldUnit,
    MemberId,
    NetworkId,
    OccupancyId,
    OfferId,
    PlaceId,
    PlacementId,
    ShelterId,
    UnitId,
    Urgency,
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
        self,
        engine: Engine,
        network_id: NetworkId,
        sources: Sources,
        zones: Mapping[str, UUID],
        neighbours: tuple[MemberId, ...],
    ) -> None:
        self._engine = engine
        self._network_id = network_id
        self._sources = sources
        self._zones = zones
        self._neighbours = neighbours
        self._coordinator = sources.new_id()
        self.refused: Counter[str] = Counter()

    # --- the coordination

    async def request(self, arrival: Arrival, now: datetime, case_id: CaseId | None) -> Done | None:
        """A place is asked for; ranks and holds."""
        asked = self._asked(arrival, now, case_id)
        return await self._place(
            lambda world, context, places: requesting.request_placement(asked, world, context, places)
        )

    async def admitted_directly(
        self, arrival: Arrival, now: datetime, shelter_id: ShelterId, unit: HeldUnit, without_place: int
    ) -> Done | None:
        """A house has taken a household by agreement outside the engine, beyond its places where it must."""
        fact = direct.RecordDirectAdmission(
            placement_id=None,
            asked=self._asked(arrival, now, None),
            shelter_id=shelter_id,
            units=(unit,),
            without_place=without_place,
            occurred_at=now,
        )
        return await self._run(lambda world, context: direct.record_direct_admission(fact, world, context))

    def _asked(self, arrival: Arrival, now: datetime, case_id: CaseId | None) -> requesting.RequestPlacement:
        zones = (ZoneId(self._zones[arrival.zone]),) if arrival.zone is not None else ()
        in_charge = arrival.channel is Channel.CAV
        return requesting.RequestPlacement(
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
            safe_until=arrival.safe_until(now),
            removal_considered=None,
            send_on=arrival.send_on,
            consented_at=None if arrival.consent_minutes else now,
            occurred_at=now,
            oldest_boy=arrival.oldest_boy,
            criteria_met=(Criterion.CAV_IN_CHARGE,) if in_charge else (),
        )

    async def consent(self, placement_id: PlacementId, now: datetime) -> Done | None:
        return await self._alone(placement_id, RecordConsent(occurred_at=now))

    async def send(
        self, placement_id: PlacementId, units: tuple[UnitId, ...], *, late_yes: bool
    ) -> Done | None:
        """One tap; where the candidate is not the first, with its reason."""
        reason = ChoiceReason.HOUSE_TELEPHONED if late_yes else None
        return await self._alone(placement_id, SendOffer(units=units, reason=reason))

    async def search_on(self, placement_id: PlacementId) -> Done | None:
        """A person decides to go on after a stop; elsewhere it searches again."""
        again = requesting.SearchAgain(placement_id=placement_id)
        return await self._place(
            lambda world, context, places: resume_and_search(again, world, context, places)
        )

    async def move_on(self, placement_id: PlacementId, offer_id: OfferId) -> Done | None:
        """The next house instead of a silent one; without events there is no other, and the hold stands."""
        following = moving_on.MoveOn(placement_id=placement_id, offer_id=offer_id)
        return await self._place(
            lambda world, context, places: moving_on.move_on(following, world, context, places)
        )

    async def choose(self, placement_id: PlacementId, units: tuple[UnitId, ...]) -> Done | None:
        """Another candidate than the one held: its house has said yes by telephone."""
        chosen = moving_on.ChooseAnother(
            placement_id=placement_id, units=units, reason=ChoiceReason.HOUSE_TELEPHONED
        )
        return await self._place(
            lambda world, context, places: moving_on.choose_another(chosen, world, context, places)
        )

    async def worsen(self, placement_id: PlacementId, urgency: Urgency, now: datetime) -> Done | None:
        """Her safe place is lost: a higher urgency."""
        raised = revising.ChangeUrgency(
            placement_id=placement_id,
            urgency=urgency,
            set_by=AssessorRole.CAV_WORKER,
            reason=UrgencyReason.SAFE_PLACE_LOST,
            occurred_at=now,
        )
        return await self._place(
            lambda world, context, places: revising.revise(raised, world, context, places)
        )

    async def ask_neighbours(self, placement_id: PlacementId, now: datetime) -> None:
        for member_id in self._neighbours:
            await self._bridging(
                AskNeighbour(placement_id=placement_id, member_id=member_id, occurred_at=now)
            )

    async def neighbours_answer(self, placement_id: PlacementId, now: datetime, *, taken: bool) -> None:
        """The last desk takes her, or none does; taken, the request is closed."""
        for member_id in self._neighbours:
            yes = taken and member_id == self._neighbours[-1]
            answered = RecordNeighbourAnswer(
                placement_id=placement_id,
                member_id=member_id,
                answer=NeighbourAnswer.YES if yes else NeighbourAnswer.NO,
                occurred_at=now,
            )
            await self._bridging(answered)
        if taken:
            await self.close(placement_id, PlacementOutcome.PLACED_BY_NEIGHBOUR, now)

    async def arrange_bridge(
        self, placement_id: PlacementId, kind: BridgeKind, check_at: datetime, until: datetime, now: datetime
    ) -> Done | None:
        arranged = ArrangeBridge(
            placement_id=placement_id,
            bridge_id=None,
            kind=kind,
            checked_by=CheckedBy.SOCIAL_EMERGENCY_SERVICE,
            check_at=check_at,
            until=until,
            occurred_at=now,
        )
        return await self._bridging(arranged)

    async def check_bridge(
        self, placement_id: PlacementId, bridge_id: BridgeId, now: datetime, *, holds: bool
    ) -> Done | None:
        looked = CheckBridge(
            placement_id=placement_id, bridge_id=bridge_id, holds=holds, check_at=None, occurred_at=now
        )
        return await self._bridging(looked)

    async def end_bridge(self, placement_id: PlacementId, bridge_id: BridgeId, now: datetime) -> Done | None:
        over = EndBridge(
            placement_id=placement_id, bridge_id=bridge_id, cause=BridgeEnd.TIME_OVER, occurred_at=now
        )
        return await self._bridging(over)

    async def take_alarm(self, placement_id: PlacementId, kind: AlarmKind, due_at: datetime) -> Done | None:
        taken = TakeAlarm(placement_id=placement_id, kind=kind, due_at=due_at)
        return await self._run(lambda world, context: alarm(taken, world, context))

    async def agree_handover(
        self, placement_id: PlacementId, offer_id: OfferId, expected_at: datetime, now: datetime
    ) -> Done | None:
        agreed = arriving.AgreeHandover(
            placement_id=placement_id,
            offer_id=offer_id,
            expected_at=expected_at,
            escort=Escort.LAW_ENFORCEMENT,
            occurred_at=now,
        )
        return await self._run(lambda world, context: arriving.agree_handover(agreed, world, context))

    async def not_arrived(self, placement_id: PlacementId, offer_id: OfferId, now: datetime) -> Done | None:
        missed = arriving.RecordNotArrived(
            placement_id=placement_id, offer_id=offer_id, welfare_check_asked=True, occurred_at=now
        )
        return await self._run(lambda world, context: arriving.record_not_arrived(missed, world, context))

    async def close(self, placement_id: PlacementId, outcome: PlacementOutcome, now: datetime) -> Done | None:
        closed = ending.CloseRequest(placement_id=placement_id, outcome=outcome, occurred_at=now)
        return await self._run(lambda world, context: ending.close(closed, world, context))

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

    async def correct(self, unit_id: UnitId, places: tuple[PlaceId, ...], now: datetime) -> Done | None:
        """The coordination learned by voice what is really open."""
        said = CorrectAvailability(open_places=places, observed_at=now)
        return await self._run(
            lambda world, context: availability.correct_availability(unit_id, said, world, context)
        )

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

    async def _bridging(self, asked: BridgingCommand) -> Done | None:
        return await self._run(lambda world, context: bridging.bridge(asked, world, context))

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
