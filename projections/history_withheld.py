"""A placement's history without what is not for everybody who may read it: the zones she must avoid, for
whoever does not name them in requests, and other cases that are not there for this person.

Whoever reads many histories with their zones and rankings would learn which houses each zone excludes, and so
about where they stand (`trials.drills.locate` shows it). The number of zones stays in the placement beside
it; the zones themselves are read in the reserved part of the log, by written order. Pure; the door calls it.
"""

from __future__ import annotations

from dataclasses import replace

from domain.placement.events import PlacementRequested, SafetyRevised
from domain.vocabulary import CaseId
from projections.ranking_view import HistoryView


def without_zones(history: HistoryView) -> HistoryView:
    return replace(
        history,
        items=tuple(replace(line, event=_without_zones(line.event)) for line in history.items),
    )


def without_cases(history: HistoryView, hidden: frozenset[CaseId]) -> HistoryView:
    """The same, in which these cases are not named."""
    if not hidden:
        return history
    return replace(
        history,
        items=tuple(replace(line, event=_without_cases(line.event, hidden)) for line in history.items),
    )


def _without_zones(event: object) -> object:
    if isinstance(event, (PlacementRequested, SafetyRevised)):
        return replace(event, zones_to_avoid=())
    return event


def _without_cases(event: object, hidden: frozenset[CaseId]) -> object:
    if isinstance(event, (PlacementRequested, SafetyRevised)):
        return replace(event, apart_from=tuple(each for each in event.apart_from if each not in hidden))
    return event
