"""Networks drawn by chance and grown event by event, folded as the log is: houses, rooms, holds young and
overdue, stays, guests, old news, terms, agreements that end, requests that wait.

Every event is one that could follow from what stood before; nothing here decides. For `rankers_agree` and for
the bench of rankers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from domain.codes import (
    DischargeOutcome,
    PlacementOutcome,
    RefusalGroup,
    ReleaseCause,
    UrgencyReason,
)
from domain.matching.ranking import RankRequest
from domain.placement.events import (
    ConversationOpened,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    HouseholdDischarged,
    LeftWaiting,
    OfferAccepted,
    OfferRefused,
    OfferSent,
    PlacementEnded,
    PlacementRequested,
    SafetyRevised,
    SearchConsented,
    SearchResumed,
    UrgencyChanged,
)
from domain.placement.standing import Offer, OfferState
from domain.policy import START_POLICY, Policy, Weights
from domain.unit import (
    OccupiedOutsideEngine,
    UnitHeld,
    UnitOccupied,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
)
from domain.vocabulary import (
    AgeBand,
    AnswerChannel,
    AssessorRole,
    CaseId,
    Channel,
    Criterion,
    Feature,
    HeldUnit,
    Household,
    IntakeMode,
    LevelFunction,
    OccupancyId,
    OfferId,
    OldestBoy,
    PlaceKind,
    PlacementId,
    RiskBand,
    Side,
    UnitId,
    Urgency,
)
from trials.drills.rankers_agree_houses import Houses

_MODES = (IntakeMode.EMERGENCY,) * 5 + (IntakeMode.PLANNED_URGENT,)
_FUNCTIONS = (LevelFunction.EMERGENCY_RECEPTION,) * 5 + (LevelFunction.FIRST_LEVEL,)


class Growing(Houses):
    """A network in which people ask, wait, are held places, arrive and leave."""

    def grow(self, events: int) -> None:
        """Let so much happen, as time goes by."""
        for _ in range(events):
            self.random.choices(_HAPPENINGS, _OFTEN)[0](self)

    def guests(self, unit_id: UnitId) -> None:
        """Somebody is there whom the engine did not send."""
        state = self.places.units[unit_id]
        free = [place for place in state.place_ids if place not in state.taken]
        if not free:
            return
        some = tuple(self.random.sample(free, self.random.randint(1, len(free))))
        stayed = [place for place in state.taken if state.taken[place] in state.staying]
        contested = tuple(stayed[:1]) if self.random.random() < 0.1 else ()
        guests = OccupancyId(self._id())
        event = OccupiedOutsideEngine(
            occupancy_id=guests, places=state.whole(some), contested=contested, occurred_at=self.now
        )
        if not any(place in state.taken for place in event.places):
            self.tell(unit_id, event)

    def _guests_leave(self) -> None:
        here = [(each, state) for each, state in self.places.units.items() if state.guests]
        if here:
            unit_id, state = self.random.choice(here)
            guests = OccupancyId(next(iter(state.guests)))
            places = state.places_of(guests)
            self.tell(unit_id, VacatedOutsideEngine(occupancy_id=guests, places=places, occurred_at=self.now))

    def ask(self) -> PlacementRequested:
        """What somebody might ask for now."""
        random = self.random
        children = self._children()
        urgency = random.choice((Urgency.U1, Urgency.U2, Urgency.U3, Urgency.U4))
        asked = {state.request.case_id for state in self.places.placements.values() if state.request}
        cases = sorted(asked)
        return PlacementRequested(
            case_id=CaseId(self._id()),
            channel=Channel.CAV,
            urgency=urgency,
            intake_mode=random.choice(_MODES),
            level=random.choice(_FUNCTIONS),
            household=Household(adults=random.choice((1, 1, 1, 2)), children=children),
            features_required=self._some(Feature, 0.06),
            zones_to_avoid=tuple(random.sample(self.zones, random.choice((0, 0, 0, 1, 2)))),
            risk=random.choice(tuple(RiskBand)),
            setting=None,
            safe_until=None,
            removal_considered=None,
            send_on=False,
            occurred_at=self.now - timedelta(minutes=random.randint(0, 600)),
            oldest_boy=random.choice((OldestBoy.NOT_SAID, *OldestBoy)),
            criteria_met=self._some(Criterion, 0.4),
            apart_from=tuple(random.sample(cases, min(len(cases), random.choice((0, 0, 0, 0, 1))))),
            houses_barred=tuple(random.sample(self.built, 1)) if random.random() < 0.1 else (),
            continuity_with=random.choice((None, *self.districts)),
        )

    def _children(self) -> tuple[AgeBand, ...]:
        bands = list(AgeBand)
        some = self.random.choices(bands, k=self.random.choice((0, 0, 0, 1, 1, 2, 3, 5)))
        return tuple(sorted(some, key=bands.index))

    def request(self) -> RankRequest:
        """Somebody who asks now, for the first time."""
        few = min(len(self.known), 2)
        return RankRequest(
            placement_id=PlacementId(self._id()),
            requested=self.ask(),
            not_to_ask=frozenset(self.random.sample(self.known, self.random.randint(0, few))),
            asked_before=frozenset(self.random.sample(self.known, self.random.randint(0, few))),
        )

    def wait(self) -> None:
        """Somebody asks, and waits."""
        placement_id, asked = PlacementId(self._id()), self.ask()
        self.tell(placement_id, asked)
        self.tell(placement_id, SearchConsented(occurred_at=self.now))
        self.tell(placement_id, LeftWaiting())

    def hold(self) -> None:
        """Somebody who waits is given free places of one house, fit or not: silence may have lasted."""
        seeking = list(self.places.waiting)
        if not seeking:
            return
        random, placement_id = self.random, self.random.choice(seeking)
        house = random.choice(list(self.places.by_shelter))
        units = random.sample(
            self.places.by_shelter[house],
            min(len(self.places.by_shelter[house]), random.choice((1, 1, 1, 2))),
        )
        held = tuple(taken for unit_id in units if (taken := self._taken(unit_id)) is not None)
        if not held:
            return
        offer_id = OfferId(self._id())
        deadline = self.now + timedelta(minutes=random.choice((-90, -1, 0, 5, 60)))
        self.tell(
            placement_id, HoldPlaced(offer_id=offer_id, shelter_id=house, units=held, deadline=deadline)
        )
        for each in held:
            self.tell(each.unit_id, UnitHeld(placement_id=placement_id, places=each.places))

    def _taken(self, unit_id: UnitId) -> HeldUnit | None:
        state = self.places.units[unit_id]
        free = [*state.free(PlaceKind.BED), *state.free(PlaceKind.COT)]
        if not free:
            return None
        places = state.whole(tuple(self.random.sample(free, self.random.randint(1, min(3, len(free))))))
        if any(place in state.taken for place in places):
            return None
        return HeldUnit(unit_id=unit_id, places=places)

    def _hold_goes_on(self) -> None:
        """The offer is sent, talked over, accepted; the household arrives, leaves; or the house says no."""
        holding = [each for each, state in self.places.placements.items() if state.held is not None]
        if not holding:
            return
        placement_id = self.random.choice(holding)
        state = self.places.placements[placement_id]
        held = state.held
        assert held is not None
        if state.admitted:
            self._leave(placement_id, held.units)
        elif held.state is OfferState.ACCEPTED:
            self.tell(placement_id, HouseholdAdmitted(offer_id=held.offer_id, occurred_at=self.now))
            for each in held.units:
                self.tell(each.unit_id, UnitOccupied(placement_id=placement_id, places=each.places))
        else:
            self.random.choice((self._send, self._talk, self._accept, self._refuse, self._give_back))(
                placement_id, held
            )

    def _send(self, placement_id: PlacementId, held: Offer) -> None:
        self.tell(placement_id, OfferSent(offer_id=held.offer_id, deadline=self.now + timedelta(minutes=10)))

    def _talk(self, placement_id: PlacementId, held: Offer) -> None:
        until = self.now + timedelta(minutes=self.random.choice((1, 30)))
        self.tell(placement_id, ConversationOpened(offer_id=held.offer_id, side=Side.HOUSE, until=until))

    def _accept(self, placement_id: PlacementId, held: Offer) -> None:
        yes = OfferAccepted(offer_id=held.offer_id, channel=AnswerChannel.SCREEN, occurred_at=self.now)
        self.tell(placement_id, yes)

    def _refuse(self, placement_id: PlacementId, held: Offer) -> None:
        shown = self.random.choice((RefusalGroup.NO_CAPACITY, RefusalGroup.SAFETY))
        refused = OfferRefused(
            offer_id=held.offer_id,
            channel=AnswerChannel.SCREEN,
            shown=shown,
            stops=shown.stops,
            commitment=None,
            units=tuple(each.unit_id for each in held.units),
            occurred_at=self.now,
        )
        self.tell(placement_id, refused)
        self._free(placement_id, held, ReleaseCause.REFUSED_BY_HOUSE)

    def _give_back(self, placement_id: PlacementId, held: Offer) -> None:
        self._free(
            placement_id,
            held,
            self.random.choice((ReleaseCause.UNANSWERED, ReleaseCause.RELEASED_BY_COORDINATOR)),
        )

    def _free(self, placement_id: PlacementId, held: Offer, cause: ReleaseCause) -> None:
        self.tell(placement_id, HoldReleased(offer_id=held.offer_id, cause=cause))
        for each in held.units:
            self.tell(each.unit_id, UnitReleased(placement_id=placement_id, places=each.places, cause=cause))

    def _leave(self, placement_id: PlacementId, units: Sequence[HeldUnit]) -> None:
        for each in units:
            self.tell(each.unit_id, UnitVacated(placement_id=placement_id, places=each.places))
        self.tell(
            placement_id,
            HouseholdDischarged(outcome=DischargeOutcome.GOALS_REACHED, occurred_at=self.now),
        )
        self.tell(placement_id, PlacementEnded(outcome=PlacementOutcome.DISCHARGED))

    def _asked_anew(self) -> None:
        if not self.places.placements:
            return
        random = self.random
        placement_id = random.choice(list(self.places.placements))
        changed = UrgencyChanged(
            urgency=random.choice(tuple(Urgency)),
            set_by=AssessorRole.COORDINATOR,
            reason=UrgencyReason.RISK_HIGHER,
            occurred_at=self.now,
        )
        asked = self.ask()
        revised = SafetyRevised(
            zones_to_avoid=asked.zones_to_avoid,
            apart_from=asked.apart_from,
            houses_barred=asked.houses_barred,
            occurred_at=self.now,
        )
        self.tell(placement_id, random.choice((changed, revised, SearchResumed())))

    def _time_goes_by(self) -> None:
        self.now += timedelta(minutes=self.random.choice((1, 5, 20, 240, 1500)))


_HAPPENINGS: tuple[Callable[[Growing], object], ...] = (
    Growing.house,
    Growing.unit,
    lambda growing: growing._any_unit(growing.publish),
    lambda growing: growing._any_unit(growing._declare),
    Growing._house_changes,
    lambda growing: growing._any_unit(growing.guests),
    Growing._guests_leave,
    Growing.wait,
    Growing.hold,
    Growing._hold_goes_on,
    Growing._asked_anew,
    Growing._time_goes_by,
)
_OFTEN = (1, 2, 5, 2, 4, 3, 2, 7, 8, 8, 2, 3)


def drawn(seed: int) -> Growing:
    """A small network in which much has happened."""
    random = Random(seed)
    growing = Growing(random.getrandbits(64), _a_policy(random))
    large = 4 if random.random() < 0.1 else 1
    for _ in range(large * random.randint(1, 4)):
        growing.house()
    for _ in range(large * random.randint(1, 14)):
        growing.unit()
    growing.grow(random.randint(0, 60))
    return growing


def _a_policy(random: Random) -> Policy:
    """The start policy, or one in which small weights make many ties and odd sums."""
    if random.random() < 0.5:
        return START_POLICY
    fresh = random.choice((1, 12, 30))
    return replace(
        START_POLICY,
        version="drawn",
        fresh_hours=fresh,
        stale_hours=fresh + random.choice((0, 12, 100)),
        weights=Weights(
            spare_place=random.randint(0, 3),
            ageing_availability=random.randint(0, 3),
            stale_availability=random.randint(0, 3),
            spare_feature=random.randint(0, 3),
            extra_unit=random.randint(0, 3),
            pending_offer=random.randint(0, 3),
            wrong_availability=random.randint(0, 3),
            other_district=random.randint(0, 3),
        ),
    )
