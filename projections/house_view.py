"""How a house and its units look: codes and places, never where it stands nor which zones it is unsuitable
for.

A compromised house looks like a paused one. Pure functions from states to values that serialise as they
stand.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.codes import PauseReason
from domain.network import NetworkState
from domain.shelter import ShelterState
from domain.unit import UnitState
from domain.vocabulary import (
    AddressClass,
    AgeBand,
    Criterion,
    DistrictId,
    Feature,
    IntakeMode,
    LevelFunction,
    MemberId,
    Place,
    PlaceId,
    PlaceKind,
    RegisterStatus,
    RiskBand,
    ShelterId,
    UnitId,
)


class PlaceState(enum.StrEnum):
    """What a bed or cot is doing. NOT_OFFERED: free, but the house does not give it to the engine now."""

    FREE = "FREE"
    HELD = "HELD"
    OCCUPIED = "OCCUPIED"
    NOT_OFFERED = "NOT_OFFERED"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceView:
    """One bed or cot. `open`: its house gives it to the engine, also where it is taken just now. `holder` is
    the stay or outside occupancy in it, where the reader may know it.
    """

    place_id: PlaceId
    kind: PlaceKind
    state: PlaceState
    open: bool
    holder: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsView:
    """Whom the house takes in a unit, by its own declaration. Null: no limit."""

    children_most: int | None
    boys_up_to: AgeBand | None
    risk_up_to: RiskBand | None
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitView:
    """A room or apartment as its house sees it. `version` is what an `If-Match` names.

    `wrongly_published`: the coordination learned by voice that the house's last word was wrong, and the house
    has not published since.
    """

    unit_id: UnitId
    shelter_id: ShelterId
    version: int
    code: str
    level: str
    intake_modes: tuple[IntakeMode, ...]
    exclusive: bool
    features: tuple[Feature, ...]
    inventoried: bool
    observed_at: datetime | None
    wrongly_published: bool
    terms: TermsView | None
    places: tuple[PlaceView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementView:
    """With which Ambito the house works, and from which day to which (null: until further notice)."""

    district_id: DistrictId
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShelterView:
    """A house under its code name."""

    shelter_id: ShelterId
    version: int
    code: str
    member_id: MemberId
    address_class: AddressClass
    register_status: RegisterStatus
    fictitious: bool
    modes: tuple[IntakeMode, ...]
    admits: bool
    paused: PauseReason | None
    agreements: tuple[AgreementView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelView:
    """What the network calls a level, what it is for, and how long a stay there may last: days or months."""

    code: str
    function: LevelFunction
    days: int
    months: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseView:
    """A house and its units, whole."""

    shelter: ShelterView
    units: tuple[UnitView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HousesView:
    """Houses as of one instant, with the network's levels; and for how many hours a house's word on a unit is
    fresh, and after how many it is stale, by the policy in force.
    """

    as_of: datetime
    fresh_hours: int
    stale_hours: int
    levels: tuple[LevelView, ...]
    items: tuple[HouseView, ...]


def unit_view(
    unit_id: UnitId,
    state: UnitState,
    version: int,
    *,
    with_holders: bool,
    unnamed: frozenset[UUID] = frozenset(),
) -> UnitView:
    """`with_holders` names who is in each place, but for the `unnamed`; who only holds one is never named."""
    registered = state.registered
    assert registered is not None, "only a registered unit is shown"
    return UnitView(
        unit_id=unit_id,
        shelter_id=registered.shelter_id,
        version=version,
        code=registered.code,
        level=registered.level,
        intake_modes=registered.intake_modes,
        exclusive=registered.exclusive,
        features=registered.features,
        inventoried=state.inventoried,
        observed_at=state.observed_at,
        wrongly_published=state.wrongly_published,
        terms=_terms_view(state),
        places=tuple(
            _place_view(place, state, with_holders=with_holders, unnamed=unnamed)
            for place in registered.places
        ),
    )


def shelter_view(shelter_id: ShelterId, state: ShelterState, version: int) -> ShelterView:
    registered = state.registered
    assert registered is not None, "only a registered house is shown"
    return ShelterView(
        shelter_id=shelter_id,
        version=version,
        code=registered.code,
        member_id=registered.member_id,
        address_class=registered.address_class,
        register_status=state.register_status,
        fictitious=registered.fictitious,
        modes=state.modes,
        admits=state.admits,
        paused=None if state.admits else state.paused or PauseReason.OTHER,
        agreements=tuple(
            AgreementView(
                district_id=signed.district_id,
                valid_from=signed.valid_from,
                valid_to=state.ending.get(signed.district_id),
            )
            for signed in state.agreements
        ),
    )


def level_views(network: NetworkState) -> tuple[LevelView, ...]:
    return tuple(
        LevelView(
            code=level.code,
            function=level.function,
            days=level.stay_limit.days,
            months=level.stay_limit.months,
        )
        for level in network.levels
    )


def _terms_view(state: UnitState) -> TermsView | None:
    terms = state.terms
    if terms is None:
        return None
    return TermsView(
        children_most=terms.children_most,
        boys_up_to=terms.boys_up_to,
        risk_up_to=terms.risk_up_to,
        criteria=terms.criteria,
    )


def _place_view(place: Place, state: UnitState, *, with_holders: bool, unnamed: frozenset[UUID]) -> PlaceView:
    holder = state.taken.get(place.place_id) or _beside(place.place_id, state)
    stays = holder in state.staying
    if holder is not None:
        doing = PlaceState.OCCUPIED if stays else PlaceState.HELD
    else:
        doing = PlaceState.FREE if place.place_id in state.open_places else PlaceState.NOT_OFFERED
    return PlaceView(
        place_id=place.place_id,
        kind=place.kind,
        state=doing,
        open=place.place_id in state.open_places,
        holder=holder if stays and with_holders and holder not in unnamed else None,
    )


def _beside(place_id: PlaceId, state: UnitState) -> UUID | None:
    """Guests from outside who stood beside a stay and are in the place since that has ended."""
    return next((guests for guests, places in state.guests.items() if place_id in places), None)
