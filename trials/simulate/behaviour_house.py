"""What a house does with an offer: it sees it after a while, screens by telephone, and says yes or no."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from domain.codes import RefusalGroup
from domain.placement.standing import OfferState
from domain.vocabulary import OfferId
from trials.simulate.acting import Acting
from trials.simulate.answers import Answer
from trials.simulate.figures import minutes
from trials.simulate.journeys import Journey


class House(Acting):
    """Every house, as it answers."""

    def on_offer(self, journey: Journey, offer_id: OfferId, now: datetime) -> None:
        given = journey.answers[offer_id]
        if given.seen is not None:
            self._later(now, given.seen, partial(self._see, journey, offer_id, given))

    async def _see(self, journey: Journey, offer_id: OfferId, given: Answer) -> None:
        state = self._state(journey)
        if state is None or state.admitted or self._settled(state.offers[offer_id]):
            return
        await self._asking.see(journey.placement_id, offer_id)
        self._later(self._now, given.screening, partial(self.answer, journey, offer_id, given))

    async def answer(
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
