"""What somebody has still to look at afterwards: glass broken and rules gone against, kept in memory beside
the index of places.

Fed by `projections.places_index`. The doors ask it who waits for a review, and whether somebody's own has
been waiting too long; the loop that tells desks, whether there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.case import GlassBroken, GlassReviewed, OverrideReviewed, RuleOverridden
from domain.event import Event
from domain.vocabulary import CaseId


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """One thing to be looked at by a second person. `actor` is who broke the glass; who went against a rule
    the metadata of its event tells.
    """

    review_id: UUID
    case_id: CaseId
    review_by: datetime
    actor: UUID | None


class Reviews:
    """Every review there is to be, and those that are still open."""

    def __init__(self) -> None:
        self._all: dict[UUID, Review] = {}
        self._open: dict[UUID, Review] = {}

    def apply(self, stream: UUID, event: Event) -> None:
        """Take in the next event of the log, whatever it is."""
        match event:
            case GlassBroken():
                self._begin(event.breaking_id, CaseId(stream), event.review_by, event.actor)
            case RuleOverridden():
                self._begin(event.override_id, CaseId(stream), event.review_by, None)
            case GlassReviewed(breaking_id=review_id) | OverrideReviewed(override_id=review_id):
                self._open.pop(review_id, None)
            case _:
                pass

    @property
    def open(self) -> Mapping[UUID, Review]:
        """In the order in which they are to be reviewed."""
        return self._open

    def of(self, review_id: UUID) -> Review | None:
        return self._all.get(review_id)

    def waiting_for(self, actor: UUID) -> Iterable[Review]:
        """Of the glass that this person broke, what nobody has reviewed."""
        return tuple(each for each in self._open.values() if each.actor == actor)

    def _begin(self, review_id: UUID, case_id: CaseId, review_by: datetime, actor: UUID | None) -> None:
        review = Review(review_id=review_id, case_id=case_id, review_by=review_by, actor=actor)
        self._all[review_id] = self._open[review_id] = review
