"""Who acts in the drill `owed`: they ask, answer, change their minds and leave, as a seed draws it.

Not the simulator: nothing here is likely, everything is meant to happen at once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from api.placing import Engine
from domain.codes import AskAgainReason, ChoiceReason, PauseReason, RefusalGroup, UrgencyReason
from domain.coordination.asking_again import AllowAskingAgain, allow_asking_again
from domain.coordination.moving_on import ChooseAnother, MoveOn, choose_another, move_on
from domain.coordination.revising import ChangeUrgency, ReviseSafety
from domain.placement.commands import OpenConversation, SendOffer
from domain.placement.standing import Offer, OfferState, Phase
from domain.placement.state import PlacementState
from domain.shelter import PauseIntake, ResumeIntake
from domain.vocabulary import (
    AgeBand,
    AssessorRole,
    Feature,
    Household,
    NetworkId,
    OccupancyId,
    PlacementId,
    Side,
    Urgency,
)
from ledger.store.ids import system_sources
from ledger.store.postgres import PostgresStore
from ledger.store.transact import TooManyConflicts, Transactor
from projections.places_index import PlacesIndex
from trials.drills.owed_asking import Asking
from trials.stage.in_process import emergency

MOST_UNDER_WAY = 18
CLOCK_SECONDS = 0.08
MOST_MINUTES = 5
_URGENCIES = (Urgency.U1, Urgency.U1, Urgency.U2, Urgency.U2, Urgency.U3, Urgency.U3, Urgency.U3, Urgency.U4)
_FEATURES = ((), (), (), (Feature.GROUND_FLOOR,), (Feature.STAFFED_AT_NIGHT,))
_UNDER_WAY = (Phase.WAITING, Phase.HELD, Phase.OFFERED, Phase.STOPPED)
_ENDED = (OfferState.EXPIRED, OfferState.RELEASED, OfferState.DISPLACED)
Act = Callable[["Crowd"], Awaitable[object]]


class Crowd(Asking):
    """Everybody who acts in one process, over its engine."""

    def __init__(self, store: PostgresStore, network: UUID, seed: str) -> None:
        sources = system_sources()
        transactor = Transactor(store, sources, NetworkId(network))
        super().__init__(Engine(transactor, PlacesIndex(store)), network, sources)
        self._store = store
        self._chance = random.Random(seed)
        self._new_id = sources.new_id

    async def act(self, times: int) -> None:
        """One person after another, whoever comes first."""
        for _ in range(times):
            await self.engine.index.catch_up()
            (chosen,) = self._chance.choices(_ACTS, _OFTEN)
            try:
                await chosen(self)
            except TooManyConflicts:
                continue

    async def move_clock(self) -> None:
        """Time passes in jumps, so that silence lasts too long now and then."""
        while True:
            await asyncio.sleep(CLOCK_SECONDS)
            minutes = self._chance.randint(0, MOST_MINUTES)
            await self._store.move_clock(await self._store.now() + timedelta(minutes=minutes))

    # --- who is there

    def _one(self, *phases: Phase) -> tuple[PlacementId, PlacementState] | None:
        found = [(each, state) for each, state in self._placements() if state.phase in phases]
        return self._chance.choice(found) if found else None

    def _placements(self) -> list[tuple[PlacementId, PlacementState]]:
        return sorted(self.engine.index.places.placements.items())

    def _held(self, *phases: Phase) -> tuple[PlacementId, Offer] | None:
        one = self._one(*phases)
        return (one[0], one[1].held) if one is not None and one[1].held is not None else None

    # --- what they do

    async def ask(self) -> object:
        if len(self.engine.index.places.under_way) >= MOST_UNDER_WAY:
            return await self.go()
        now = await self._store.now()
        children = (AgeBand.AGE_6_10,) * self._chance.choice((0, 0, 1, 1, 2, 3))
        asked = replace(
            emergency(Household(adults=1, children=children), now),
            urgency=self._chance.choice(_URGENCIES),
            features_required=self._chance.choice(_FEATURES),
            send_on=self._chance.random() < 0.5,
        )
        return await self.request(asked)

    async def reconsider(self) -> object:
        """Somebody sets another urgency, or records whom she must not meet, or that she may."""
        one, now = self._one(*_UNDER_WAY), await self._store.now()
        if one is None:
            return None
        if self._chance.random() < 0.25:
            urgency = ChangeUrgency(
                placement_id=one[0],
                urgency=self._chance.choice(_URGENCIES),
                set_by=AssessorRole.CAV_WORKER,
                reason=UrgencyReason.RISK_HIGHER,
                occurred_at=now,
            )
            return await self.revise(urgency)
        others = [state.request for each, state in self._placements() if each != one[0]]
        cases = sorted(request.case_id for request in others if request is not None)
        met = self._chance.sample(cases, min(len(cases), self._chance.choice((0, 0, 6))))
        safety = ReviseSafety(
            placement_id=one[0],
            zones_to_avoid=(),
            apart_from=tuple(met),
            houses_barred=(),
            occurred_at=now,
        )
        return await self.revise(safety)

    async def take_back(self) -> object:
        """The hold of whoever comes last is given back, and at once her house says yes after all."""
        sent = [
            (state.request.urgency, state.request.occurred_at, each, state.held.offer_id)
            for each, state in self._placements()
            if state.phase in (Phase.OFFERED, Phase.IN_CONVERSATION) and state.request and state.held
        ]
        if not sent:
            return None
        _, _, placement_id, offer_id = max(sent)
        await self.release(placement_id, offer_id)
        return await self.accept(placement_id, offer_id, await self._store.now())

    async def go(self) -> object:
        """She no longer wants a place, or has found one."""
        one = self._one(Phase.WAITING, Phase.STOPPED, Phase.HELD, Phase.OFFERED, Phase.SEARCHING)
        return one and await self.withdraw(one[0], await self._store.now())

    async def offer(self) -> object:
        held = self._held(Phase.HELD)
        if held is None:
            return None
        placement_id, offer = held
        return await self.alone(placement_id, SendOffer(units=tuple(unit.unit_id for unit in offer.units)))

    async def answer(self) -> object:
        """The house says yes, no, or that it is talking; or she says no; or the hold is given back."""
        held = self._held(Phase.OFFERED, Phase.IN_CONVERSATION, Phase.HELD)
        if held is None:
            return None
        (placement_id, offer), now = held, await self._store.now()
        match self._chance.randrange(10):
            case 0 | 1 | 2:
                return await self.accept(placement_id, offer.offer_id, now)
            case 3 | 4:
                shown = RefusalGroup.NO_CAPACITY
                return await self.refuse(placement_id, offer.offer_id, shown, now)
            case 5:
                shown = RefusalGroup.SAFETY
                return await self.refuse(placement_id, offer.offer_id, shown, now)
            case 6:
                return await self.decline(placement_id, offer.offer_id, now)
            case 7:
                return await self.release(placement_id, offer.offer_id)
            case _:
                talking = OpenConversation(offer_id=offer.offer_id, side=Side.HOUSE)
                return await self.alone(placement_id, talking)

    async def answer_at_last(self) -> None:
        """Every house that has been silent for too long says yes: nothing becomes free, but less is owed."""
        index, now = await self.engine.index.catch_up(), await self._store.now()
        for placement_id in sorted(index.places.overdue(now)):
            state = index.places.placements.get(placement_id)
            if state is not None and state.held is not None and state.held.sent:
                with suppress(TooManyConflicts):
                    await self.accept(placement_id, state.held.offer_id, now)

    async def answer_late(self) -> object:
        """A yes or a plain no to an offer whose hold has ended."""
        ended = [
            (placement_id, offer)
            for placement_id, state in self._placements()
            for offer in state.offers.values()
            if state.hold is None and not state.stopped_by_a_no and offer.sent and offer.state in _ENDED
        ]
        if not ended:
            return None
        (placement_id, offer), now = self._chance.choice(ended[-6:]), await self._store.now()
        if self._chance.random() < 0.2:
            shown = RefusalGroup.NO_CAPACITY
            return await self.refuse(placement_id, offer.offer_id, shown, now)
        return await self.accept(placement_id, offer.offer_id, now)

    async def come(self) -> object:
        held = self._held(Phase.ACCEPTED_BY_HOUSE)
        if held is None:
            return None
        return await self.arrive(held[0], held[1].offer_id, await self._store.now())

    async def leave(self) -> object:
        one = self._one(Phase.ADMITTED)
        return one and await self.discharge(one[0], await self._store.now())

    async def go_on(self) -> object:
        """A person takes up a search that had stopped, sometimes allowing what had said no."""
        one = self._one(Phase.STOPPED)
        if one is None:
            return None
        placement_id, state = one
        if self._chance.random() < 0.5 and state.not_to_ask:
            await self._allow(placement_id, state)
        return await self.search_on(placement_id)

    async def ask_again(self) -> object:
        one = self._one(Phase.WAITING)
        return one and await self._allow(*one)

    async def _allow(self, placement_id: PlacementId, state: PlacementState) -> object:
        allowed = AllowAskingAgain(
            placement_id=placement_id,
            units=tuple(sorted(state.not_to_ask)),
            reason=AskAgainReason.HOUSE_CHANGED_ITS_MIND,
        )
        return await self.run(lambda world, context: allow_asking_again(allowed, world, context))

    async def choose(self) -> object:
        """The coordinator goes on after silence, or takes another candidate."""
        held = self._held(Phase.HELD, Phase.OFFERED, Phase.IN_CONVERSATION)
        if held is None:
            return None
        placement_id, offer = held
        if offer.overdue(await self._store.now()):
            further = MoveOn(placement_id=placement_id, offer_id=offer.offer_id)
            return await self.place(lambda world, context, places: move_on(further, world, context, places))
        state = self.engine.index.places.placements.get(placement_id)
        if state is None or state.ranking is None or len(state.ranking.best) < 2:
            return None
        units = tuple(unit.unit_id for unit in self._chance.choice(state.ranking.best[1:]).units)
        other = ChooseAnother(placement_id=placement_id, units=units, reason=ChoiceReason.HER_WISH)
        return await self.place(lambda world, context, places: choose_another(other, world, context, places))

    async def publish_some(self) -> object:
        """A house says anew what is open: mostly everything, at times less."""
        units = self.engine.index.places.units
        unit_id = self._chance.choice(list(units))
        places = units[unit_id].place_ids
        fewer = self._chance.random() < 0.3
        is_open = places[: self._chance.randrange(len(places))] if fewer else places
        return await self.publish(unit_id, is_open, await self._store.now())

    async def guests(self) -> object:
        """Guests from outside come into beds where nobody lives, or leave."""
        units = self.engine.index.places.units
        here = [(unit, who) for unit, state in units.items() for who in state.guests]
        now = await self._store.now()
        if here and self._chance.random() < 0.6:
            unit_id, who = self._chance.choice(here)
            return await self.gone(unit_id, OccupancyId(who), now)
        unit_id = self._chance.choice(list(units))
        state = units[unit_id]
        beds = [place for place in state.place_ids if state.taken.get(place) not in state.staying]
        if not beds or (len(beds) < len(state.place_ids) and state.whole(tuple(beds)) != tuple(beds)):
            return None
        guests = OccupancyId(self._new_id())
        return await self.occupied(unit_id, guests, (self._chance.choice(beds),), now)

    async def shut(self) -> object:
        """A house takes nobody for a while."""
        shelters = self.engine.index.places.shelters
        closed = [house for house, state in shelters.items() if state.paused is not None]
        if closed:
            return await self.of_house(closed[0], ResumeIntake())
        house = self._chance.choice(list(shelters))
        return await self.of_house(house, PauseIntake(reason=PauseReason.STAFF))


_ACTS: Sequence[Act] = (
    Crowd.ask,
    Crowd.offer,
    Crowd.answer,
    Crowd.answer_late,
    Crowd.come,
    Crowd.leave,
    Crowd.go_on,
    Crowd.ask_again,
    Crowd.choose,
    Crowd.publish_some,
    Crowd.guests,
    Crowd.shut,
    Crowd.go,
    Crowd.reconsider,
    Crowd.take_back,
)
_OFTEN = (26, 20, 9, 10, 5, 8, 6, 2, 4, 2, 4, 2, 2, 6, 4)
