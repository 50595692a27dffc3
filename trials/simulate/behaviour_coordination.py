"""What the coordination does: it sends offers, calls silent houses, goes on, takes alarms in hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from domain.codes import AlarmKind
from domain.placement.events import HoldPlaced
from domain.placement.standing import OfferState
from domain.vocabulary import OfferId, Urgency
from trials.simulate.acting import Acting, Around
from trials.simulate.agenda import MINUTE
from trials.simulate.answers import Answer, answer
from trials.simulate.behaviour_house import House
from trials.simulate.behaviour_woman import Woman
from trials.simulate.figures import minutes
from trials.simulate.journeys import Journey


class Coordination(Acting):
    """Whoever is on call."""

    def __init__(self, around: Around, house: House, woman: Woman) -> None:
        super().__init__(around)
        self._house = house
        self._woman = woman

    def on_hold(self, journey: Journey, hold: HoldPlaced, now: datetime) -> None:
        self._agenda.note(max(hold.deadline, now) + MINUTE, None)
        if hold.offer_id not in journey.answers:
            name = self._houses.name(hold.units[0].unit_id)
            journey.times[name] += 1
            given = answer(self._draws, self._parameters, journey.arrival.key, name, journey.times[name])
            if name in journey.said_yes:
                given = replace(given, seen=MINUTE, refusal=None)
            journey.answers[hold.offer_id] = given
            self._later(now, given.send, partial(self._send, journey, hold.offer_id))

    async def consent(self, journey: Journey) -> None:
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

    async def call_house(self, journey: Journey, offer_id: OfferId, given: Answer) -> None:
        """The coordinator telephones after silence: somebody answers, or the place is given back."""
        state, held = self._standing(journey, offer_id)
        if state is None or held is None or held.state is OfferState.ACCEPTED:
            return
        if not held.sent:
            if not state.consent:
                self._later(
                    self._now,
                    minutes(self._parameters.calls_again_minutes),
                    partial(self.call_house, journey, offer_id, given),
                )
            else:
                await self._send(journey, offer_id)
        elif held.conversation_until is None and not given.reached:
            moved = await self._asking.move_on(journey.placement_id, offer_id)
            if moved is None or not moved.events:  # there is no other house: call again
                again = partial(self.call_house, journey, offer_id, replace(given, reached=True))
                self._later(self._now, minutes(self._parameters.calls_again_minutes), again)
        else:
            await self._house.answer(journey, offer_id, given, by_telephone=True)

    async def choose_late(self, journey: Journey, offer_id: OfferId) -> None:
        """A house said yes when another was already asked: she takes the yes, if that one is still silent."""
        state = self._state(journey)
        if state is None or state.held is None or state.stopped:
            return
        if state.held.state is not OfferState.ACCEPTED and state.held.conversation_until is None:
            units = tuple(each.unit_id for each in state.offers[offer_id].units)
            journey.said_yes.add(self._houses.name(units[0]))
            await self._asking.choose(journey.placement_id, units)

    async def worsen(self, journey: Journey) -> None:
        state = self._state(journey)
        if state is not None and not state.admitted:
            higher = tuple(Urgency)[max(0, tuple(Urgency).index(journey.arrival.urgency) - 1)]
            await self._asking.worsen(journey.placement_id, higher, self._now)

    async def take_alarm(self, journey: Journey, kind: AlarmKind, due_at: datetime) -> None:
        if self._state(journey) is not None:
            await self._asking.take_alarm(journey.placement_id, kind, due_at)

    def ask_her(self, journey: Journey, given: Answer, now: datetime) -> None:
        deed = self._search_on if journey.arrival.goes_on else self._woman.withdraw
        self._later(now, given.goes_on_after, partial(deed, journey))

    async def _search_on(self, journey: Journey) -> None:
        state = self._state(journey)
        if state is not None and state.stopped:
            await self._asking.search_on(journey.placement_id)
