"""What people do: the coordination, the houses' answers and the women, reacting to what stands in the log.

A reaction is noted on the agenda and looks again when its minute comes, as a person would: things have moved.
It knows no ranking and chooses no place. The houses' own life is `houses`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from domain.case import CaseBound
from domain.codes import AlarmKind, BridgeKind, LateReason, PlacementOutcome, RefusalGroup
from domain.event import Event
from domain.placement.events import (
    AdmissionByDirectAgreement,
    AlarmRaised,
    BridgeArranged,
    ExtraordinaryAdmission,
    HoldDisplaced,
    HoldPlaced,
    HouseholdAdmitted,
    HouseholdDischarged,
    LateAcceptanceRecorded,
    LeftWaiting,
    OfferAccepted,
    OfferRefused,
    OfferSent,
    OfferUnanswered,
    PlacementEnded,
    PlacementRequested,
    WomanAccepted,
    WomanDeclined,
)
from domain.placement.state import Offer, OfferState, PlacementState
from domain.vocabulary import BridgeId, CaseId, OfferId, PlacementId, Setting, Urgency
from ledger.store.transact import Done
from trials.simulate.agenda import MINUTE, Agenda, Deed
from trials.simulate.answers import Answer, answer
from trials.simulate.arrivals import Arrival, onward
from trials.simulate.asking import Asking
from trials.simulate.drawing import Draws
from trials.simulate.figures import hours, minutes
from trials.simulate.houses import Houses
from trials.simulate.journeys import Journey
from trials.simulate.listening import Heard
from trials.simulate.parameters import Parameters
from trials.simulate.reading import seeks
from trials.simulate.weeks import next_eight_o_clock

E = TypeVar("E", bound=Event)
PRESSING = (Urgency.U1, Urgency.U2)
BRIDGES: Mapping[Setting | None, BridgeKind] = {
    Setting.EMERGENCY_DEPARTMENT: BridgeKind.EMERGENCY_DEPARTMENT_OBSERVATION,
    Setting.POLICE: BridgeKind.POLICE_UNTIL_MORNING,
    Setting.FRIEND: BridgeKind.TRUSTED_PERSON,
}


class People:
    """Everybody around the requests of one run. `journeys` are by placement."""

    def __init__(
        self,
        engine: Heard,
        asking: Asking,
        agenda: Agenda,
        houses: Houses,
        draws: Draws,
        parameters: Parameters,
    ) -> None:
        self._places = engine.index.places
        self._asking = asking
        self._agenda = agenda
        self._houses = houses
        self._draws = draws
        self._parameters = parameters
        self._asks: Arrival | None = None
        self.journeys: dict[PlacementId, Journey] = {}
        engine.ears.append(self.hear)

    async def arrive(self, arrival: Arrival, case_id: CaseId | None = None) -> None:
        """A household asks for a place now, or is in a house already."""
        self._asks = arrival
        into = self._houses.taken_in(arrival) if arrival.direct is not None else None
        if into is not None:
            await self._asking.admitted_directly(arrival, self._now, *into)
        else:
            await self._asking.request(arrival, self._now, case_id)
        self._asks = None

    def hear(self, done: Done) -> None:
        """Take note of what was recorded, and of what somebody will do about it."""
        bound = next((each for each in done.events if isinstance(each.event, CaseBound)), None)
        for each in done.events:
            placement_id = PlacementId(each.stream)
            if isinstance(each.event, PlacementRequested):
                assert self._asks is not None and bound is not None, "requests come from arrivals alone"
                self.journeys[placement_id] = Journey(
                    arrival=self._asks,
                    placement_id=placement_id,
                    case_id=CaseId(bound.stream),
                    asked_at=self._now,
                )
                self._begin(self.journeys[placement_id])
            elif placement_id in self.journeys:
                self._react(self.journeys[placement_id], each.event, done.receipt.recorded_at)

    def _begin(self, journey: Journey) -> None:
        if journey.arrival.consent_minutes:
            after = timedelta(minutes=journey.arrival.consent_minutes)
            self._later(journey.asked_at, after, partial(self._consent, journey))
        self._agenda.note(journey.gives_up_at, partial(self._give_up, journey))
        if journey.arrival.worsens:
            self._later(
                journey.asked_at,
                hours(self._parameters.worsens_hours),
                partial(self._worsen, journey),
            )

    def _react(self, journey: Journey, event: Event, now: datetime) -> None:
        match event:
            case HoldPlaced():
                journey.held_at = journey.held_at or now
                self._on_hold(journey, event, now)
            case OfferSent(offer_id=offer_id, deadline=deadline):
                self._agenda.note(deadline + MINUTE, None)
                self._on_offer(journey, offer_id, now)
            case OfferAccepted(offer_id=offer_id):
                given = journey.answers[offer_id]
                self._later(now, given.her_answer, partial(self._she_answers, journey, offer_id, given))
            case WomanAccepted(offer_id=offer_id):
                given = journey.answers[offer_id]
                self._agenda.note(now, partial(self._agree, journey, offer_id, given))
                self._later(now, given.travel, partial(self._she_arrives, journey, offer_id))
            case OfferUnanswered(offer_id=offer_id):
                journey.unanswered += 1
                given = journey.answers[offer_id]
                self._later(now, given.notices, partial(self._call_house, journey, offer_id, given))
            case OfferRefused(offer_id=offer_id, shown=shown, stops=stops):
                journey.refusals.append(shown)
                if stops:
                    self._ask_her(journey, journey.answers[offer_id], now)
            case WomanDeclined(offer_id=offer_id):
                journey.declined += 1
                self._ask_her(journey, journey.answers[offer_id], now)
            case HoldDisplaced():
                journey.displaced += 1
            case LateAcceptanceRecorded(offer_id=offer_id, reason=reason):
                journey.late_yes += 1
                if reason is LateReason.ANOTHER_HOLD:
                    self._later(
                        now,
                        minutes(self._parameters.takes_alarm_minutes),
                        partial(self._choose_late, journey, offer_id),
                    )
            case LeftWaiting():
                if not journey.waited:
                    self._later(
                        now,
                        minutes(self._parameters.no_place_minutes),
                        partial(self._no_place, journey),
                    )
                journey.waited = True
            case AlarmRaised(kind=kind, due_at=due_at):
                journey.alarms += 1
                self._later(
                    now,
                    minutes(self._parameters.takes_alarm_minutes),
                    partial(self._take_alarm, journey, kind, due_at),
                )
            case BridgeArranged(bridge_id=bridge_id, check_at=check_at, until=until):
                journey.bridges += 1
                self._agenda.note(check_at, partial(self._look_at_bridge, journey, bridge_id))
                self._agenda.note(until, partial(self._bridge_over, journey, bridge_id))
            case HouseholdAdmitted() | AdmissionByDirectAgreement() | ExtraordinaryAdmission():
                journey.admitted_at = now
                journey.direct = not isinstance(event, HouseholdAdmitted)
                self._agenda.note(now + journey.arrival.stay, partial(self._leave, journey))
            case HouseholdDischarged():
                self._move_on(journey, now)
            case PlacementEnded(outcome=outcome):
                journey.outcome = outcome
            case _:
                pass

    # --- the coordination

    def _on_hold(self, journey: Journey, hold: HoldPlaced, now: datetime) -> None:
        self._agenda.note(max(hold.deadline, now) + MINUTE, None)
        if hold.offer_id not in journey.answers:
            name = self._houses.name(hold.units[0].unit_id)
            journey.times[name] += 1
            given = answer(self._draws, self._parameters, journey.arrival.key, name, journey.times[name])
            if name in journey.said_yes:
                given = replace(given, seen=MINUTE, refusal=None)
            journey.answers[hold.offer_id] = given
            self._later(now, given.send, partial(self._send, journey, hold.offer_id))

    async def _consent(self, journey: Journey) -> None:
        state = self._state(journey)
        if state is not None and not state.consent:
            await self._asking.consent(journey.placement_id, self._now)
            held = state.held
            if held is not None and not held.sent:
                self._later(self._now, MINUTE, partial(self._send, journey, held.offer_id))

    async def _send(self, journey: Journey, offer_id: OfferId) -> None:
        state, held = self._standing(journey, offer_id)
        if state is not None and held is not None and state.consent and not state.stopped and not held.sent:
            units = tuple(each.unit_id for each in held.units)
            late = self._houses.name(units[0]) in journey.said_yes
            await self._asking.send(journey.placement_id, units, late_yes=late)

    async def _call_house(self, journey: Journey, offer_id: OfferId, given: Answer) -> None:
        """The coordinator telephones after silence: somebody answers, or the place is given back."""
        state, held = self._standing(journey, offer_id)
        if state is None or held is None or held.state is OfferState.ACCEPTED:
            return
        if not held.sent:
            if not state.consent:
                self._later(
                    self._now,
                    minutes(self._parameters.calls_again_minutes),
                    partial(self._call_house, journey, offer_id, given),
                )
            else:
                await self._send(journey, offer_id)
        elif held.conversation_until is None and not given.reached:
            moved = await self._asking.move_on(journey.placement_id, offer_id)
            if moved is None or not moved.events:  # there is no other house: call again
                again = partial(self._call_house, journey, offer_id, replace(given, reached=True))
                self._later(self._now, minutes(self._parameters.calls_again_minutes), again)
        else:
            await self._house_answers(journey, offer_id, given, by_telephone=True)

    async def _choose_late(self, journey: Journey, offer_id: OfferId) -> None:
        """A house said yes when another was already asked: she takes the yes, if that one is still silent."""
        state = self._state(journey)
        if state is None or state.held is None or state.stopped:
            return
        if state.held.state is not OfferState.ACCEPTED and state.held.conversation_until is None:
            units = tuple(each.unit_id for each in state.offers[offer_id].units)
            journey.said_yes.add(self._houses.name(units[0]))
            await self._asking.choose(journey.placement_id, units)

    async def _worsen(self, journey: Journey) -> None:
        state = self._state(journey)
        if state is not None and not state.admitted:
            higher = tuple(Urgency)[max(0, tuple(Urgency).index(journey.arrival.urgency) - 1)]
            await self._asking.worsen(journey.placement_id, higher, self._now)

    async def _take_alarm(self, journey: Journey, kind: AlarmKind, due_at: datetime) -> None:
        if self._state(journey) is not None:
            await self._asking.take_alarm(journey.placement_id, kind, due_at)

    def _ask_her(self, journey: Journey, given: Answer, now: datetime) -> None:
        deed = self._search_on if journey.arrival.goes_on else self._withdraw
        self._later(now, given.goes_on_after, partial(deed, journey))

    async def _search_on(self, journey: Journey) -> None:
        state = self._state(journey)
        if state is not None and state.stopped:
            await self._asking.search_on(journey.placement_id)

    # --- no place

    async def _no_place(self, journey: Journey) -> None:
        """Neighbouring desks are asked, and something carries her meanwhile."""
        state = self._state(journey)
        if state is None or not seeks(state) or journey.arrival.urgency not in PRESSING:
            return
        await self._asking.ask_neighbours(journey.placement_id, self._now)
        after = timedelta(minutes=journey.arrival.neighbour_minutes)
        self._later(self._now, after, partial(self._neighbours_answer, journey))
        await self._bridge(journey, state)

    async def _neighbours_answer(self, journey: Journey) -> None:
        state = self._state(journey)
        if state is not None and seeks(state):
            taken = journey.arrival.neighbour_takes
            await self._asking.neighbours_answer(journey.placement_id, self._now, taken=taken)

    async def _bridge(self, journey: Journey, state: PlacementState) -> None:
        """Until noon of the next day, with a look at eight."""
        setting = state.request.setting if state.request is not None else None
        kind = BRIDGES.get(setting, BridgeKind.VETTED_HOTEL_WITH_ESCORT)
        morning = next_eight_o_clock(self._now)
        await self._asking.arrange_bridge(
            journey.placement_id, kind, morning, morning + timedelta(hours=4), self._now
        )

    async def _look_at_bridge(self, journey: Journey, bridge_id: BridgeId) -> None:
        state = self._state(journey)
        if state is not None and state.bridge is not None and state.bridge.bridge_id == bridge_id:
            luck = self._draws(f"bridge {journey.arrival.key} {journey.bridges}")
            holds = luck.happens(self._parameters.bridge_holds.value)
            await self._asking.check_bridge(journey.placement_id, bridge_id, self._now, holds=holds)

    async def _bridge_over(self, journey: Journey, bridge_id: BridgeId) -> None:
        state = self._state(journey)
        if state is not None and state.bridge is not None and state.bridge.bridge_id == bridge_id:
            await self._asking.end_bridge(journey.placement_id, bridge_id, self._now)
            await self._bridge(journey, state)

    # --- the house

    def _on_offer(self, journey: Journey, offer_id: OfferId, now: datetime) -> None:
        given = journey.answers[offer_id]
        if given.seen is not None:
            self._later(now, given.seen, partial(self._house_sees, journey, offer_id, given))

    async def _house_sees(self, journey: Journey, offer_id: OfferId, given: Answer) -> None:
        state = self._state(journey)
        if state is None or state.admitted or self._settled(state.offers[offer_id]):
            return
        await self._asking.see(journey.placement_id, offer_id)
        self._later(self._now, given.screening, partial(self._house_answers, journey, offer_id, given))

    async def _house_answers(
        self, journey: Journey, offer_id: OfferId, given: Answer, *, by_telephone: bool = False
    ) -> None:
        state = self._state(journey)
        if state is None or state.admitted or self._settled(state.offers[offer_id]):
            return
        offer, telephone = state.offers[offer_id], given.telephone or by_telephone
        refusal = given.refusal if self._houses.has_room(offer) else RefusalGroup.NO_CAPACITY
        if refusal is not None:
            await self._asking.refuse(journey.placement_id, offer_id, refusal, self._now, telephone=telephone)
            return
        await self._asking.accept(journey.placement_id, offer_id, self._now, telephone=telephone)
        if telephone:
            self._later(
                self._now,
                minutes(self._parameters.calls_again_minutes),
                partial(self._confirm, journey, offer_id),
            )

    async def _confirm(self, journey: Journey, offer_id: OfferId) -> None:
        state = self._state(journey)
        if state is not None and state.offers[offer_id].state is OfferState.ACCEPTED:
            await self._asking.confirm(journey.placement_id, offer_id)

    # --- the woman

    async def _she_answers(self, journey: Journey, offer_id: OfferId, given: Answer) -> None:
        _, held = self._standing(journey, offer_id)
        if held is None or held.state is not OfferState.ACCEPTED:
            return
        if given.declined:
            await self._asking.decline(journey.placement_id, offer_id, self._now)
        else:
            await self._asking.accept_as_woman(journey.placement_id, offer_id, self._now)

    async def _she_arrives(self, journey: Journey, offer_id: OfferId) -> None:
        state, held = self._standing(journey, offer_id)
        if state is None or held is None or not state.woman_accepted:
            return
        if journey.arrival.no_show:
            journey.no_shows += 1
            self._later(
                self._now,
                minutes(self._parameters.late_minutes),
                partial(self._not_there, journey, offer_id),
            )
        else:
            await self._asking.admit(journey.placement_id, self._now)

    async def _agree(self, journey: Journey, offer_id: OfferId, given: Answer) -> None:
        _, held = self._standing(journey, offer_id)
        if held is not None:
            expected = self._now + max(given.travel, MINUTE)
            await self._asking.agree_handover(journey.placement_id, offer_id, expected, self._now)

    async def _not_there(self, journey: Journey, offer_id: OfferId) -> None:
        _, held = self._standing(journey, offer_id)
        if held is not None:
            await self._asking.not_arrived(journey.placement_id, offer_id, self._now)
            self._later(
                self._now,
                hours(self._parameters.unreachable_hours),
                partial(self._unreachable, journey),
            )

    async def _unreachable(self, journey: Journey) -> None:
        state = self._state(journey)
        if state is not None and not state.admitted:
            await self._asking.close(journey.placement_id, PlacementOutcome.UNREACHABLE, self._now)

    async def _give_up(self, journey: Journey) -> None:
        """Her patience is over; what is held for her now she still waits for."""
        state = self._state(journey)
        if state is None or state.admitted:
            return
        if state.hold is not None:
            self._later(self._now, timedelta(hours=3), partial(self._give_up, journey))
        else:
            await self._asking.withdraw(journey.placement_id, self._now)

    async def _withdraw(self, journey: Journey) -> None:
        state = self._state(journey)
        if state is not None and not state.admitted:
            await self._asking.withdraw(journey.placement_id, self._now)

    async def _leave(self, journey: Journey) -> None:
        luck = self._draws(f"leaves {journey.arrival.key}")
        outcome = luck.pick(self._parameters.outcomes.value)
        await self._asking.discharge(journey.placement_id, outcome, self._now)

    def _move_on(self, journey: Journey, now: datetime) -> None:
        following = onward(self._draws, self._parameters, journey.arrival, now)
        if following is not None:
            self._later(now, timedelta(hours=1), partial(self.arrive, following, journey.case_id))

    # --- what they look at

    @property
    def _now(self) -> datetime:
        return self._agenda.now

    def _later(self, now: datetime, after: timedelta, deed: Deed) -> None:
        self._agenda.note(now + after, deed)

    def _state(self, journey: Journey) -> PlacementState | None:
        """The placement as it is now; None once it has ended."""
        return self._places.placements.get(journey.placement_id)

    def _standing(self, journey: Journey, offer_id: OfferId) -> tuple[PlacementState | None, Offer | None]:
        """The placement, and the offer if its hold stands."""
        state = self._state(journey)
        return state, state.held if state is not None and state.hold == offer_id else None

    def _settled(self, offer: Offer) -> bool:
        return offer.state in (OfferState.ACCEPTED, OfferState.REFUSED, OfferState.DECLINED)
