"""Who reacts to what in the log: the coordination, the houses and the women, each in a module of their own.

A reaction is noted on the agenda and looks again when its minute comes, as a person would: things have moved.
It knows no ranking and chooses no place. The houses' own life is `houses`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from domain.case import CaseBound
from domain.codes import LateReason
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
from domain.vocabulary import CaseId, PlacementId
from ledger.store.transact import Done
from trials.simulate.acting import Acting, Around
from trials.simulate.agenda import MINUTE
from trials.simulate.arrivals import Arrival, onward
from trials.simulate.behaviour_coordination import Coordination
from trials.simulate.behaviour_house import House
from trials.simulate.behaviour_no_place import NoPlace
from trials.simulate.behaviour_woman import Woman
from trials.simulate.figures import hours, minutes
from trials.simulate.journeys import Journey
from trials.simulate.listening import Heard


class People(Acting):
    """Everybody around the requests of one run. `journeys` are by placement."""

    def __init__(self, engine: Heard, around: Around) -> None:
        super().__init__(around)
        self._house, self._woman, self._no_place = House(around), Woman(around), NoPlace(around)
        self._coordination = Coordination(around, self._house, self._woman)
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
            self._later(journey.asked_at, after, partial(self._coordination.consent, journey))
        self._agenda.note(journey.gives_up_at, partial(self._woman.give_up, journey))
        if journey.arrival.worsens:
            self._later(
                journey.asked_at,
                hours(self._parameters.worsens_hours),
                partial(self._coordination.worsen, journey),
            )

    def _react(self, journey: Journey, event: Event, now: datetime) -> None:
        match event:
            case HoldPlaced():
                journey.held_at = journey.held_at or now
                self._coordination.on_hold(journey, event, now)
            case OfferSent(offer_id=offer_id, deadline=deadline):
                self._agenda.note(deadline + MINUTE, None)
                self._house.on_offer(journey, offer_id, now)
            case OfferAccepted(offer_id=offer_id):
                given = journey.answers[offer_id]
                self._later(now, given.her_answer, partial(self._woman.answer, journey, offer_id, given))
            case WomanAccepted(offer_id=offer_id):
                given = journey.answers[offer_id]
                self._agenda.note(now, partial(self._woman.agree, journey, offer_id, given))
                self._later(now, given.travel, partial(self._woman.arrive, journey, offer_id))
            case OfferUnanswered(offer_id=offer_id):
                journey.unanswered += 1
                given = journey.answers[offer_id]
                self._later(
                    now, given.notices, partial(self._coordination.call_house, journey, offer_id, given)
                )
            case OfferRefused(offer_id=offer_id, shown=shown, stops=stops):
                journey.refusals.append(shown)
                if stops:
                    self._coordination.ask_her(journey, journey.answers[offer_id], now)
            case WomanDeclined(offer_id=offer_id):
                journey.declined += 1
                self._coordination.ask_her(journey, journey.answers[offer_id], now)
            case HoldDisplaced():
                journey.displaced += 1
            case LateAcceptanceRecorded(offer_id=offer_id, reason=reason):
                journey.late_yes += 1
                if reason is LateReason.ANOTHER_HOLD:
                    self._later(
                        now,
                        minutes(self._parameters.takes_alarm_minutes),
                        partial(self._coordination.choose_late, journey, offer_id),
                    )
            case LeftWaiting():
                if not journey.waited:
                    self._later(
                        now,
                        minutes(self._parameters.no_place_minutes),
                        partial(self._no_place.begin, journey),
                    )
                journey.waited = True
            case AlarmRaised(kind=kind, due_at=due_at):
                journey.alarms += 1
                self._later(
                    now,
                    minutes(self._parameters.takes_alarm_minutes),
                    partial(self._coordination.take_alarm, journey, kind, due_at),
                )
            case BridgeArranged(bridge_id=bridge_id, check_at=check_at, until=until):
                journey.bridges += 1
                self._agenda.note(check_at, partial(self._no_place.look_at, journey, bridge_id))
                self._agenda.note(until, partial(self._no_place.over, journey, bridge_id))
            case HouseholdAdmitted() | AdmissionByDirectAgreement() | ExtraordinaryAdmission():
                journey.admitted_at = now
                journey.direct = not isinstance(event, HouseholdAdmitted)
                self._agenda.note(now + journey.arrival.stay, partial(self._woman.leave, journey))
            case HouseholdDischarged():
                self._move_on(journey, now)
            case PlacementEnded(outcome=outcome):
                journey.outcome = outcome
            case _:
                pass

    def _move_on(self, journey: Journey, now: datetime) -> None:
        following = onward(self._draws, self._parameters, journey.arrival, now)
        if following is not None:
            self._later(now, timedelta(hours=1), partial(self.arrive, following, journey.case_id))
