"""One more unit that never was, put among the places as they stood: what would it have changed?

It stands in a house of its own that takes everybody: under agreement with every district, near no zone, with
no terms. It is empty and its word is fresh at each decision, so that it counts for each anew. Pure; for
`otherwise`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.event import Event
from domain.matching.places import Places
from domain.shelter import AgreementSigned, IntakePolicySet, ShelterRegistered
from domain.unit import AvailabilityPublished, TermsDeclared, UnitRegistered
from domain.vocabulary import (
    AddressClass,
    Feature,
    IntakeMode,
    MemberId,
    Place,
    PlaceId,
    PlaceKind,
    RegisterStatus,
    ShelterId,
    UnitId,
)

_HOUSE = ShelterId(UUID(int=1))
UNIT = UnitId(UUID(int=2))
"""No id of a log is so small: those hold the time at which they were drawn."""
_FIRST_PLACE = 100
_LONG_AGO = date(1, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class OneMore:
    """`level` is the network's own code; `free_from` an instant (None: from the first day of the log)."""

    level: str
    beds: int
    cots: int = 0
    exclusive: bool = False
    features: tuple[Feature, ...] = ()
    intake_modes: tuple[IntakeMode, ...] = tuple(IntakeMode)
    free_from: datetime | None = None

    def free_at(self, at: datetime) -> bool:
        return self.free_from is None or at >= self.free_from

    def beside(self, places: Places, at: datetime) -> Places:
        """The same places with this one among them, free at an instant."""
        more = places.forked()
        for stream, version, event in (*self._house(places), *self._unit(at)):
            more.apply(stream, version, more.position + 1, event)
        more.position = places.position
        return more

    def _house(self, places: Places) -> list[tuple[UUID, int, Event]]:
        registered = ShelterRegistered(
            code="one-more",
            member_id=MemberId(UUID(int=3)),
            address_class=AddressClass.KNOWN,
            register_status=RegisterStatus.COMPLIANT,
            fictitious=True,
        )
        events: list[Event] = [registered, IntakePolicySet(modes=self.intake_modes)]
        events += [
            AgreementSigned(district_id=district.district_id, valid_from=_LONG_AGO)
            for district in places.network.districts
        ]
        return [(_HOUSE, version, event) for version, event in enumerate(events, start=1)]

    def _unit(self, at: datetime) -> list[tuple[UUID, int, Event]]:
        kinds = [PlaceKind.BED] * self.beds + [PlaceKind.COT] * self.cots
        there = tuple(
            Place(place_id=PlaceId(UUID(int=number)), kind=kind)
            for number, kind in enumerate(kinds, start=_FIRST_PLACE)
        )
        registered = UnitRegistered(
            shelter_id=_HOUSE,
            code="one-more",
            level=self.level,
            intake_modes=self.intake_modes,
            places=there,
            exclusive=self.exclusive,
            features=self.features,
            unsuitable_zones=(),
        )
        terms = TermsDeclared(children_most=None, boys_up_to=None, risk_up_to=None, criteria=())
        word = AvailabilityPublished(open_places=tuple(place.place_id for place in there), observed_at=at)
        return [(UNIT, 1, registered), (UNIT, 2, terms), (UNIT, 3, word)]
