"""Says of a placement what can no longer be shown, where its case's key was ordered to be destroyed.

What is gone was never in these answers; without this, nobody could tell it from what was never kept.
"""

from __future__ import annotations

from dataclasses import replace

from api.placing import Engine
from domain.placement.events import PlacementRequested
from domain.vocabulary import CaseId
from ledger.store.port import StoredRow
from ledger.store.transact import recorded
from projections.placement_view import PlacementView
from projections.preservation_view import ValuesDestroyed, values_destroyed
from projections.ranking_view import HistoryView


async def what_is_gone(engine: Engine, case_id: CaseId, upto: int | None = None) -> ValuesDestroyed | None:
    """As of a position (None: now). Nothing is read for a case whose key stands."""
    if not engine.index.preservation.of(case_id).approved:
        return None
    rows = (await engine.transactor.store.read_streams((case_id,), upto=upto)).get(case_id, ())
    return values_destroyed(rows, engine.index.places.network.zone)


async def view_saying_it(engine: Engine, view: PlacementView, upto: int | None = None) -> PlacementView:
    gone = await what_is_gone(engine, view.case_id, upto)
    return view if gone is None else replace(view, values_destroyed=gone)


async def history_saying_it(engine: Engine, told: HistoryView, rows: tuple[StoredRow, ...]) -> HistoryView:
    """The same of the history of a placement with these `rows`: now, whatever position it is told of."""
    requested = (recorded(row).event for row in rows)
    case_id = next((each.case_id for each in requested if isinstance(each, PlacementRequested)), None)
    gone = await what_is_gone(engine, case_id) if case_id is not None else None
    return told if gone is None else replace(told, values_destroyed=gone)
