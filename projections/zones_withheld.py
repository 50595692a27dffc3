"""A placement's history without the zones she must avoid, for whoever does not name them in requests.

Whoever reads many histories with their zones and rankings would learn which houses each zone excludes, and so
about where they stand (`trials.drills.locate` shows it). The number of zones stays in the placement beside
it; the zones themselves are read in the reserved part of the log, by written order. Pure; the door calls it.
"""

from __future__ import annotations

from dataclasses import replace

from domain.placement.events import PlacementRequested, SafetyRevised
from projections.ranking_view import HistoryView


def without_zones(history: HistoryView) -> HistoryView:
    return replace(
        history,
        items=tuple(replace(line, event=_without(line.event)) for line in history.items),
    )


def _without(event: object) -> object:
    if isinstance(event, (PlacementRequested, SafetyRevised)):
        return replace(event, zones_to_avoid=())
    return event
