"""`approdo policy impact`: what a file's policy would have done to the decisions that a log holds.

Each decision is ranked again where it was taken, for the same request at the same instant, under the other
rules. It is looked at by itself: what would have followed from another hold is not played. Nothing is
written.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from pathlib import Path

import orjson

from api.commands.progress import Progress
from api.commands.replaying_rows import LogRows, open_rows
from api.network_file.policy_file import read_policy_file
from api.settings import Settings
from ledger.evidence.otherwise import Comparison, Impact
from ledger.evidence.rederive import is_ranking
from ledger.store.port import StoredRow

_MOST_DAYS = 366 * 1000
"""Older than any log."""


async def impact(
    settings: Settings, path: Path, *, source: Path | None, last: int | None, days: int | None, in_json: bool
) -> None:
    """Compare the last decisions of a log, and those of its last days; all of them where neither is said.

    Errors: `BadNetworkFile`, `DumpBroken`, and all of `open_rows`.
    """
    policy, progress = read_policy_file(path).policy, Progress()
    async with open_rows(settings, source) as rows:
        comparison = Comparison(policy, await _first(rows, last, days))
        async for page in rows.pages():
            comparison.take(page)
            progress.tell(comparison.rows, comparison.decisions)
        found = comparison.result()
    progress.end(comparison.rows, comparison.decisions)
    print(as_json(found) if in_json else as_text(found))


async def _first(rows: LogRows, last: int | None, days: int | None) -> int:
    """The position from which decisions are looked at."""
    if last is None and days is None:
        return 1
    positions: deque[int] = deque(maxlen=last or 0)
    head: StoredRow | None = None
    async for page in rows.pages():
        positions.extend(row.position for row in page if is_ranking(row.topic))
        head = page[-1]
    first = positions[0] if last is not None and positions else 1
    if days is not None and head is not None:
        since = head.recorded_at - timedelta(days=min(days, _MOST_DAYS))
        first = max(first, await rows.position_at(since) + 1)
    return first


def as_json(found: Impact) -> str:
    """One JSON object."""
    return orjson.dumps(found, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode()


def as_text(found: Impact) -> str:
    """Lines for a terminal."""
    head = f"under {found.policy}, decisions at positions {found.first} to {found.last}:"
    return "\n".join([head, *table(found)])


def table(found: Impact) -> list[str]:
    """The totals, and what they are."""
    heads = ("decisions", "requests", "another first", "given a place", "left without")
    lines = [f"{'':<6}" + "".join(f"{head:>15}" for head in heads)]
    for name, line in found.lines.items():
        counts = (line.decisions, line.requests, line.another_first, line.given_a_place, line.left_without)
        lines.append(f"{name:<6}" + "".join(f"{count:>15}" for count in counts))
    if found.passed_over:
        lines.append(f"not looked at, as the log does not allow it: {found.passed_over}")
    lines.append(
        "another first: decisions; given a place, left without: requests. Each decision is looked at by "
        "itself."
    )
    return lines
