"""What she does: her answer to a place, the way there, leaving, and giving up waiting."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from domain.codes import PlacementOutcome
from domain.placement.standing import OfferState
from domain.vocabulary import OfferId
from trials.simulate.acting import Acting
from trials.simulate.agenda import MINUTE
from trials.simulate.answers import Answer
from trials.simulate.figures import hours, minutes
from trials.simulate.journeys import Journey


class Woman(Acting):
    """Every woman who asked."""

    async def answer(self, journey: Journey, offer_id: OfferId, given: Answer) -> None:
        _, held = self._standing(journey, offer_id)
        if held is None or held.state is not OfferState.ACCEPTED:
            return
        if given.declined:
            await self._asking.decline(journey.placement_id, offer_id, self._now)
        else:
            await self._asking.accept_as_woman(journey.placement_id, offer_id, self._now)

    async def arrive(self, journey: Journey, offer_id: OfferId) -> None:
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

    async def agree(self, journey: Journey, offer_id: OfferId, given: Answer) -> None:
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

    async def give_up(self, journey: Journey) -> None:
        """Her patience is over; what is held for her now she still waits for."""
        state = self._state(journey)
        if state is None or state.admitted:
            return
        if state.hold is not None:
            self._later(self._now, timedelta(hours=3), partial(self.give_up, journey))
        else:
            await self._asking.withdraw(journey.placement_id, self._now)

    async def withdraw(self, journey: Journey) -> None:
        state = self._state(journey)
        if state is not None and not state.admitted:
            await self._asking.withdraw(journey.placement_id, self._now)

    async def leave(self, journey: Journey) -> None:
        luck = self._draws(f"leaves {journey.arrival.key}")
        outcome = luck.pick(self._parameters.outcomes.value)
        await self._asking.discharge(journey.placement_id, outcome, self._now)
