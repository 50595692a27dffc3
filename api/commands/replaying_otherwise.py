"""`approdo replay --decisions --policy | --one-more`: each decision as it would have been, told one by one.

It counts as `approdo policy impact` does, by the same walk. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from api.commands.instants import clock
from api.commands.one_more_said import unit_said
from api.commands.policy_impact import table
from api.commands.progress import Progress
from api.commands.replaying_rows import LogRows, network_of, open_rows, position_asked
from api.network_file.policy_file import read_policy_file
from api.settings import Settings
from ledger.evidence.one_more import OneMore
from ledger.evidence.otherwise import Change, Comparison, Impact, Otherwise
from ledger.evidence.rederive_walk import WINDOW

_SAID = {
    Change.ANOTHER_FIRST: "another place first",
    Change.GIVEN_A_PLACE: "a place instead of waiting",
    Change.LEFT_WITHOUT: "waiting instead of a place",
}
_BY_ITSELF = (
    "Each decision is judged by itself, over the places as they really stood: what would have followed from "
    "another hold is not played."
)
_ANEW = (
    "The one more unit is empty again at every decision: several may name it first, and it could have taken "
    "in one household at a time."
)


async def otherwise(
    settings: Settings,
    *,
    source: Path | None,
    position: int | None,
    as_of: str | None,
    policy: Path | None,
    one_more: str | None,
    window: int | None,
    in_json: bool,
) -> None:
    """Tell which decisions up to there would have been others. Errors: `WrongArgument`, `WrongInstant`,
    `BadNetworkFile`, `DumpBroken`, and all of `open_rows`.
    """
    rules, progress = read_policy_file(policy).policy if policy is not None else None, Progress()
    async with open_rows(settings, source) as rows:
        network = await network_of(rows)
        more = unit_said(one_more, network) if one_more is not None else None
        comparison = Comparison(rules, one_more=more, window=window or WINDOW)
        found = await _compared(rows, comparison, await position_asked(rows, position, as_of), progress)
    print(as_json(found, more) if in_json else as_text(found, more, network.zone))


async def _compared(rows: LogRows, comparison: Comparison, upto: int | None, progress: Progress) -> Impact:
    async for page in rows.pages(upto):
        comparison.take(page)
        progress.tell(comparison.rows, comparison.decisions)
    progress.end(comparison.rows, comparison.decisions)
    return comparison.result()


def as_json(found: Impact, more: OneMore | None) -> str:
    """One JSON object; instants in UTC."""
    said = [_BY_ITSELF, *((_ANEW,) if more is not None else ())]
    shown = {"impact": found, "one_more": more, "said": said}
    return orjson.dumps(shown, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode()


def as_text(found: Impact, more: OneMore | None, zone: ZoneInfo) -> str:
    """Lines for a terminal, the totals last; instants as the clock in `zone` shows them."""
    return "\n".join(_lines(found, more, zone))


def _lines(found: Impact, more: OneMore | None, zone: ZoneInfo) -> Iterator[str]:
    under = f"under {found.policy}" if found.policy is not None else "each under its own policy"
    yield f"{under}, decisions up to position {found.last}:"
    if more is not None:
        since = f" from {clock(more.free_from, zone)}" if more.free_from is not None else ""
        having = f", with {' '.join(more.features)}" if more.features else ""
        places = f"beds {more.beds}, cots {more.cots}"
        yield f"with one more unit: level {more.level}, {places}{having}, free{since}"
    yield from (_line(each, zone) for each in found.changed)
    if found.changed_count > len(found.changed):
        yield f"  and {found.changed_count - len(found.changed)} more"
    yield from ("", *table(found))
    if more is not None:
        yield f"requests that would have had the one more unit first: {found.one_more_first}. {_ANEW}"
    yield _BY_ITSELF


def _line(each: Otherwise, zone: ZoneInfo) -> str:
    was = " ".join(str(unit) for unit in each.was) or "none"
    would = "the one more" if each.by_one_more else " ".join(str(unit) for unit in each.would) or "none"
    return (
        f"  #{each.position:<6} {clock(each.decided_at, zone)}  {each.placement_id}  {each.urgency}  "
        f"{_SAID[each.change]}: {was} -> {would}"
    )
