"""A month of the lead body's figures, made by the function that releases them, and kept as it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import orjson

from domain.vocabulary import Urgency
from ledger.published import KeptRelease
from ledger.store.codec import plain
from projections.milestones import Milestone
from projections.statistics import release
from projections.told import Release
from tests.api.pages.ground import Pages
from tests.projections.test_statistics import MONTH, NIGHT, NOON, ROME, RULES, Rows


def a_month(cases: int = 120) -> Release:
    """By night and by day, of two urgencies, one of four left waiting."""
    rows = Rows()
    for case in range(cases):
        at = NOON if case % 2 else NIGHT
        if case % 4 == 3:
            rows.add(case, Milestone.ASKED, at, urgency=Urgency.U3)
            rows.add(
                case, Milestone.REFUSED, at + timedelta(minutes=50), "SAFETY" if case % 8 == 3 else "NOT_NOW"
            )
            barrier = "CAPACITY" if case % 8 == 3 else "NO_UNIT_KNOWN"
            rows.add(case, Milestone.LEFT_WAITING_FOR, at + timedelta(hours=1), barrier)
        else:
            rows.night(case, at)
    return release(rows.rows, MONTH, RULES, ROME, 12)


def as_kept(scope: UUID, told: Release) -> KeptRelease:
    """As the release of a network."""
    return KeptRelease(
        scope=scope,
        first_month=told.first_month,
        last_month=told.last_month,
        before=MONTH.before,
        told_at=told.told_at,
        told=told.told,
        late_told=0,
        document=orjson.dumps(told, plain, orjson.OPT_UTC_Z),
    )


async def kept(there: Pages, told: Release) -> Release:
    """The same, as that of the network behind the pages."""
    await there.stage.doors.published.release(as_kept(there.stage.doors.network_id, told))
    return told


def nothing_told() -> Release:
    """A month of too few cases."""
    return replace(a_month(5), told=False)
