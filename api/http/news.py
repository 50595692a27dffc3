"""What is told live of events of the log, and to whom: a kind, a position and the id it is about.

Never a topic: that a house is compromised, or that another house was asked, would be told by it.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from api.http.states import placement_now
from api.placing import Engine
from domain.case import GlassBroken, GlassReviewed, OverrideReviewed, RuleOverridden
from domain.event import kind_of
from domain.permissions import Relation, relation_of_offer
from domain.placement.events import (
    AdmissionByDirectAgreement,
    ConversationOpened,
    ExtraordinaryAdmission,
    HandoverAgreed,
    HoldDisplaced,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    HouseholdNotArrived,
    OfferAccepted,
    OfferSeen,
    OfferSent,
    PlacementEnded,
    TelephoneAcceptanceConfirmed,
)
from domain.placement.state import PlacementState
from domain.vocabulary import PlacementId, ShelterId, UnitId
from ledger.store.port import StoredRow
from ledger.store.transact import recorded

_ENDINGS = (HoldReleased, HoldExpired, HoldDisplaced)
_SEEN_BY_A_HOUSE = (
    OfferSent,
    OfferSeen,
    ConversationOpened,
    HoldPlaced,
    OfferAccepted,
    TelephoneAcceptanceConfirmed,
    HandoverAgreed,
    HouseholdNotArrived,
    HouseholdAdmitted,
    AdmissionByDirectAgreement,
    ExtraordinaryAdmission,
    *_ENDINGS,
)
_TO_REVIEW = (GlassBroken.TOPIC, GlassReviewed.TOPIC, RuleOverridden.TOPIC, OverrideReviewed.TOPIC)
MOST_BEHIND = 5000
"""Events told one by one to whoever comes back; beyond that, a screen is read anew."""


class NewsKind(enum.StrEnum):
    """What has changed, or where the stream stands."""

    QUEUE = "queue"
    BOARD = "board"
    HERE = "here"
    RELOAD = "reload"
    REVIEW = "review"


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """Something changed at this position of the log: a placement in the queue, or a unit, a house or the
    rules (no id) behind the board. `here`, `reload` and `review` (somebody broke the glass or went against a
    rule, or that was reviewed) name nothing.
    """

    position: int
    kind: NewsKind
    placement_id: UUID | None = None
    unit_id: UUID | None = None
    shelter_id: UUID | None = None


async def news_of(
    engine: Engine,
    houses: frozenset[ShelterId] | None,
    rows: Sequence[StoredRow],
    hidden: frozenset[UUID] = frozenset(),
) -> tuple[News, ...]:
    """What these events are to somebody bound to these houses (None: to the coordination), for whom `hidden`
    placements are not there: the last of each thing that changed, in the order of the log. Errors: the
    store's.
    """
    told: dict[UUID, News] = {}
    known: dict[UUID, PlacementState] = {}
    for row in rows:
        news = _news(row)
        if news is None or row.stream in hidden:
            continue
        if await (_on_call(engine, row) if houses is None else _concerns(engine, houses, row, known)):
            told[row.stream] = news
    return tuple(sorted(told.values(), key=lambda news: news.position))


def to_review(rows: Sequence[StoredRow]) -> tuple[News, ...]:
    """What these events are to the lead body: that there is something else to review, the last time alone."""
    about = [row.position for row in rows if row.topic in _TO_REVIEW]
    return (News(position=about[-1], kind=NewsKind.REVIEW),) if about else ()


async def _on_call(engine: Engine, row: StoredRow) -> bool:
    """All but what is still said of a placement that has ended."""
    if kind_of(row.topic) != "placement" or row.topic == PlacementEnded.TOPIC:
        return True
    return row.stream in (await engine.index.at_least(row.position)).places.placements


def _news(row: StoredRow) -> News | None:
    stream = UUID(int=row.stream.int)
    match kind_of(row.topic):
        case "placement":
            return News(position=row.position, kind=NewsKind.QUEUE, placement_id=stream)
        case "unit":
            return News(position=row.position, kind=NewsKind.BOARD, unit_id=stream)
        case "shelter":
            return News(position=row.position, kind=NewsKind.BOARD, shelter_id=stream)
        case "network":
            return News(position=row.position, kind=NewsKind.BOARD)
        case _:
            return None


async def _concerns(
    engine: Engine, houses: frozenset[ShelterId], row: StoredRow, known: dict[UUID, PlacementState]
) -> bool:
    match kind_of(row.topic):
        case "shelter":
            return row.stream in houses
        case "unit":
            places = (await engine.index.at_least(row.position)).places
            registered = places.units[UnitId(row.stream)].registered
            return registered is not None and registered.shelter_id in houses
        case "placement":
            return await _about_an_offer(engine, houses, row, known)
        case _:
            return False


async def _about_an_offer(
    engine: Engine, houses: frozenset[ShelterId], row: StoredRow, known: dict[UUID, PlacementState]
) -> bool:
    """Only what changes how an offer made to one of these houses looks to it, its end being the last: not
    that others were asked, nor what became of her. Each placement is read once, however much of what happened
    is its own.
    """
    event = recorded(row).event
    if not isinstance(event, _SEEN_BY_A_HOUSE):
        return False
    if row.stream not in known:
        known[row.stream], _ = await placement_now(engine, PlacementId(row.stream))
    offer = known[row.stream].offers[event.offer_id]
    if offer.shelter_id not in houses:
        return False
    relation = relation_of_offer(offer, known[row.stream])
    over = relation is Relation.FORMERLY_OFFERED
    return relation is not None and (not over or isinstance(event, _ENDINGS))
