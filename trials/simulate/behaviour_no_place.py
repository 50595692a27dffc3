"""What is done where there is no place: neighbouring desks are asked, and a bridge carries her meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from domain.codes import BridgeKind
from domain.placement.state import PlacementState
from domain.vocabulary import BridgeId, Setting, Urgency
from trials.simulate.acting import Acting
from trials.simulate.journeys import Journey
from trials.simulate.reading import seeks
from trials.simulate.weeks import next_eight_o_clock

PRESSING = (Urgency.U1, Urgency.U2)
BRIDGES: Mapping[Setting | None, BridgeKind] = {
    Setting.EMERGENCY_DEPARTMENT: BridgeKind.EMERGENCY_DEPARTMENT_OBSERVATION,
    Setting.POLICE: BridgeKind.POLICE_UNTIL_MORNING,
    Setting.FRIEND: BridgeKind.TRUSTED_PERSON,
}


class NoPlace(Acting):
    """Neighbours and bridges."""

    async def begin(self, journey: Journey) -> None:
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

    async def look_at(self, journey: Journey, bridge_id: BridgeId) -> None:
        state = self._state(journey)
        if state is not None and state.bridge is not None and state.bridge.bridge_id == bridge_id:
            luck = self._draws(f"bridge {journey.arrival.key} {journey.bridges}")
            holds = luck.happens(self._parameters.bridge_holds.value)
            await self._asking.check_bridge(journey.placement_id, bridge_id, self._now, holds=holds)

    async def over(self, journey: Journey, bridge_id: BridgeId) -> None:
        state = self._state(journey)
        if state is not None and state.bridge is not None and state.bridge.bridge_id == bridge_id:
            await self._asking.end_bridge(journey.placement_id, bridge_id, self._now)
            await self._bridge(journey, state)
