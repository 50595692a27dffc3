"""First come, first fit: what the same arrivals would have come to without ranking, urgency or owing.

An allocator of its own over plain counts: whoever asks gets the first unit registered that fits; whoever
waits gets the first that frees, in the order of asking. The same luck as in the engine's run: arrivals, their
patience and stays, the houses' days, and the answer of a house and of a woman to the same offer. A household
stays as long wherever it is placed; one placed only here occupies its place here for its own drawn stay.
Two things it has not: a late yes takes nothing back, and availability is always as fresh as what is recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush

from domain.codes import RefusalGroup
from domain.policy import START_POLICY, offer_deadline
from trials.simulate.answers import Answer, answer
from trials.simulate.arrivals import Arrival, arrivals, onward
from trials.simulate.behaviour_no_place import PRESSING
from trials.simulate.figures import minutes
from trials.simulate.houses import stay
from trials.simulate.rooms import House, Room, Taken, houses_of, share_taken
from trials.simulate.running import FIRST_DAY, Plan, midnight
from trials.simulate.weeks import ZONE, Group, day, habits, told_at
from trials.simulate.world import network_file, zones

_AGAIN = timedelta(hours=3)


@dataclass(kw_only=True, eq=False, slots=True)
class Ask:
    """One request here. `hold` is the room kept for it; `offers` counts them, so that what was for an earlier
    one passes by."""

    arrival: Arrival
    at: datetime
    hold: Room | None = None
    offers: int = 0
    accepted: bool = False
    admitted: bool = False
    over: bool = False
    stopped: bool = False
    waited: bool = False
    refused: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    times: Counter[str] = field(default_factory=Counter)


class FirstFit:
    """One run of it. `asks` is everybody who asked."""

    def __init__(self, plan: Plan, until: datetime) -> None:
        self._plan = plan
        self._draws, self._parameters = plan.draws, plan.parameters
        self._until = until
        file = network_file(plan.scale, self._draws, self._parameters)
        known = {each.code: habits(self._draws, self._parameters, each.code) for each in file.shelters}
        self._houses = houses_of(file, known)
        self.rooms = [room for house in self._houses for room in house.rooms]
        self._waiting: dict[Ask, None] = {}
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._noted = 0
        self.now = midnight(FIRST_DAY)
        self.asks: list[Ask] = []

    def play(self) -> None:
        self._open()
        while self._heap and self._heap[0][0] <= self._until:
            self.now, _, deed = heappop(self._heap)
            deed()

    def _note(self, at: datetime, deed: Callable[[], None]) -> None:
        self._noted += 1
        heappush(self._heap, (at, self._noted, deed))

    def _open(self) -> None:
        for room in self.rooms:
            for holder in room.taken:
                luck = self._draws(f"opening {room.name}").even((0, 1))
                self._note(
                    self.now + luck * stay(self._parameters, room.function, luck),
                    partial(self._free, room, holder),
                )
        coming = arrivals(
            self._draws,
            self._parameters,
            self._plan.scale.requests_a_day,
            FIRST_DAY,
            self._plan.days,
            ZONE,
            zones(self._plan.scale),
        )
        for arrival in coming:
            self._note(arrival.at, partial(self._ask, arrival))
        for number in range(self._plan.days):
            date_ = FIRST_DAY + timedelta(days=number)
            self._note(midnight(date_), partial(self._begin_day, number))

    def _begin_day(self, number: int) -> None:
        date_ = FIRST_DAY + timedelta(days=number)
        for house in self._houses:
            silent = house.habits.silent_at_weekends
            plan = day(self._draws, self._parameters, house.name, date_, ZONE, silent_at_weekends=silent)
            for group in plan.groups:
                self._note(group.at, partial(self._come, house, group))
            if plan.pause_from is not None:
                self._note(plan.pause_from, partial(self._pause, house, 1))
                self._note(plan.pause_from + plan.pause_for, partial(self._pause, house, -1))

    # --- requests

    def _ask(self, arrival: Arrival) -> None:
        ask = Ask(arrival=arrival, at=self.now)
        self.asks.append(ask)
        if arrival.direct is not None and self._take_in(ask, arrival.direct):
            return
        self._note(self.now + arrival.patience, partial(self._give_up, ask))
        self._search(ask)

    def _take_in(self, ask: Ask, luck: float) -> bool:
        """A house takes them by agreement, in beds that nobody lives in and on mattresses beside."""
        rooms = [room for room in self.rooms if room.function is ask.arrival.level]
        if not rooms:
            return False
        room = rooms[int(luck * len(rooms))]
        there = [taken for taken in room.taken.values() if taken.stays]
        free = 0 if room.exclusive and there else room.beds - sum(taken.beds for taken in there)
        beds = max(min(ask.arrival.household.people, free), 0)
        displaced = self._displace(room, beds) if beds else []
        room.taken[ask] = Taken(beds=beds, cots=0, stays=True)
        ask.admitted = ask.over = True
        for other in displaced:
            self._search(other)
        self._note(self.now + ask.arrival.stay, partial(self._leave, ask, room))
        return True

    def _search(self, ask: Ask) -> None:
        """The first unit registered that fits; one that was asked in vain only where there is no other."""
        ask.stopped = False
        if ask.over or ask.hold is not None:
            return
        for passed in (ask.asked, set[str]()):
            for room in self.rooms:
                if room.name not in passed and self._hold(ask, room):
                    return
        self._waiting[ask] = None
        if not ask.waited and ask.arrival.urgency in PRESSING:
            ask.waited = True
            self._note(
                self.now + minutes(self._parameters.no_place_minutes),
                partial(self._no_place, ask),
            )

    def _no_place(self, ask: Ask) -> None:
        """Neighbouring desks are asked."""
        if ask in self._waiting:
            after = timedelta(minutes=ask.arrival.neighbour_minutes)
            self._note(self.now + after, partial(self._neighbours_answer, ask))

    def _neighbours_answer(self, ask: Ask) -> None:
        if ask in self._waiting and ask.arrival.neighbour_takes:
            ask.over = True
            del self._waiting[ask]

    def _hold(self, ask: Ask, room: Room) -> bool:
        if room.house.paused or room.name in ask.refused or not room.suits(ask.arrival):
            return False
        slept_in = room.beds_for(ask.arrival.household)
        if slept_in is None:
            return False
        self._waiting.pop(ask, None)
        room.taken[ask] = Taken(beds=slept_in[0], cots=slept_in[1], stays=False)
        ask.hold, ask.accepted = room, False
        ask.offers += 1
        ask.times[room.name] += 1
        given = answer(self._draws, self._parameters, ask.arrival.key, room.name, ask.times[room.name])
        self._offer(ask, given)
        return True

    def _offer(self, ask: Ask, given: Answer) -> None:
        """When the house's answer comes, or that none comes and the place is given back."""
        consent = ask.at + timedelta(minutes=ask.arrival.consent_minutes)
        sent = max(self.now + given.send, consent)
        deadline = offer_deadline(START_POLICY, ask.arrival.urgency, sent, ZONE)
        seen = sent + given.seen if given.seen is not None else None
        if seen is not None and seen <= deadline:
            talk = timedelta(minutes=START_POLICY.conversation_minutes) + given.notices
            self._note(seen + min(given.screening, talk), partial(self._answered, ask, ask.offers, given))
        elif given.reached:
            self._note(deadline + given.notices, partial(self._answered, ask, ask.offers, given))
        else:
            self._note(deadline + given.notices, partial(self._silent, ask, ask.offers))

    def _answered(self, ask: Ask, offer: int, given: Answer) -> None:
        if ask.offers != offer or ask.hold is None:
            return
        refusal = given.refusal if ask.hold.has_room_beside(ask) else RefusalGroup.NO_CAPACITY
        if refusal is None:
            ask.accepted = True
            self._note(self.now + given.her_answer, partial(self._she_answers, ask, offer, given))
        else:
            self._no(ask, given, stops=refusal.stops)

    def _silent(self, ask: Ask, offer: int) -> None:
        if ask.offers == offer and ask.hold is not None:
            ask.asked.add(ask.hold.name)
            self._let_go(ask)
            self._search(ask)

    def _she_answers(self, ask: Ask, offer: int, given: Answer) -> None:
        if ask.offers != offer or ask.hold is None:
            return
        if given.declined:
            self._no(ask, given, stops=True)
        else:
            self._note(self.now + given.travel, partial(self._she_arrives, ask, offer))

    def _she_arrives(self, ask: Ask, offer: int) -> None:
        if ask.offers != offer or ask.hold is None:
            return
        if ask.arrival.no_show:
            self._note(
                self.now
                + timedelta(
                    minutes=self._parameters.late_minutes.value,
                    hours=self._parameters.unreachable_hours.value,
                ),
                partial(self._unreachable, ask, offer),
            )
            return
        ask.admitted = ask.over = ask.hold.taken[ask].stays = True
        self._note(self.now + ask.arrival.stay, partial(self._leave, ask, ask.hold))

    def _unreachable(self, ask: Ask, offer: int) -> None:
        if ask.offers == offer and ask.hold is not None:
            ask.over = True
            self._let_go(ask)

    def _no(self, ask: Ask, given: Answer, *, stops: bool) -> None:
        assert ask.hold is not None
        ask.refused.add(ask.hold.name)
        ask.stopped = stops
        self._let_go(ask)
        if not stops:
            self._search(ask)
        elif ask.arrival.goes_on:
            self._note(self.now + given.goes_on_after, partial(self._search, ask))
        else:
            ask.over = True

    def _give_up(self, ask: Ask) -> None:
        if ask.hold is not None and not ask.over:
            self._note(self.now + _AGAIN, partial(self._give_up, ask))
        elif not ask.over:
            ask.over = True
            self._waiting.pop(ask, None)

    def _leave(self, ask: Ask, room: Room) -> None:
        following = onward(self._draws, self._parameters, ask.arrival, self.now + timedelta(hours=1))
        if following is not None:
            self._note(following.at, partial(self._ask, following))
        self._free(room, ask)

    # --- places

    def _let_go(self, ask: Ask) -> None:
        room, ask.hold = ask.hold, None
        assert room is not None
        self._free(room, ask)

    def _free(self, room: Room, holder: object) -> None:
        """Whoever has waited longest and fits is next."""
        room.taken.pop(holder, None)
        self._fill([room])

    def _fill(self, rooms: Iterable[Room]) -> None:
        for room in rooms:
            for ask in tuple(self._waiting):
                if self._hold(ask, room) and room.exclusive:
                    break

    def _pause(self, house: House, change: int) -> None:
        house.paused += change
        if not house.paused:
            self._fill(house.rooms)

    def _displace(self, room: Room, beds: int) -> list[Ask]:
        """Whoever is only expected makes way for who is there."""
        held = [holder for holder, taken in room.taken.items() if isinstance(holder, Ask) and not taken.stays]
        displaced = []
        for ask in held:
            if room.exclusive or room.free_beds < beds:
                displaced.append(ask)
                del room.taken[ask]
                ask.hold = None
        return displaced

    # --- guests from outside

    def _come(self, house: House, group: Group) -> None:
        rooms = [room for room in house.rooms if room.function is group.level]
        if share_taken(rooms) >= house.habits.target:
            return
        room = next((each for each in rooms if each.takes(group)), None)
        if room is not None:
            room.hidden.append(group)
            at = told_at(group, silent_at_weekends=house.habits.silent_at_weekends)
            self._note(max(at, self.now), partial(self._record, room, group))

    def _record(self, room: Room, group: Group) -> None:
        """The guests are told of: who only holds what they are in has to be placed anew."""
        room.hidden.remove(group)
        displaced = self._displace(room, group.beds)
        room.taken[group] = Taken(beds=group.beds, cots=0, stays=True)
        leaves = group.at + stay(self._parameters, room.function, group.luck)
        self._note(max(leaves, self.now), partial(self._free, room, group))
        for ask in displaced:
            self._search(ask)
