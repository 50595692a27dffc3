"""`approdo replay --decisions`: every decision of a log derived again, from the ledger or from a plain dump.

It changes nothing. From a dump it needs no database: what it says then rests on the dump and this program
alone.
"""

from __future__ import annotations

from pathlib import Path

import orjson

from api.commands.progress import Progress
from api.commands.replaying_rows import open_rows, position_asked
from api.settings import Settings
from ledger.evidence.rederive import Rederivation, Way
from ledger.evidence.rederive_verdict import Deviation, Flaw, Rederived
from ledger.evidence.rederive_walk import WINDOW
from ledger.faults import LedgerFault

SAID = {
    Flaw.OUT_OF_ORDER: "this row does not follow the one before it",
    Flaw.UNREADABLE: "this row's bytes are not what its topic says",
    Flaw.IMPOSSIBLE: "this event cannot follow from what stood before it",
    Flaw.REQUEST_UNKNOWN: "a ranking for a placement that is not open",
    Flaw.POSITION_OUT_OF_LOG: "ranked at a position that is not in the log before it",
    Flaw.POSITION_TOO_FAR_BACK: "ranked at a position too far back to be derived",
    Flaw.POLICY_UNKNOWN: "ranked under a policy that was never adopted before it",
    Flaw.POLICY_NOT_IN_FORCE: "ranked under a policy that was not in force",
    Flaw.RANKER_UNKNOWN: "ranked by a ranker that this program does not have",
    Flaw.RANKER_NOT_OF_POLICY: "ranked by another ranker than its policy names",
    Flaw.NOT_DERIVABLE: "its ranker cannot rank what the log says",
    Flaw.DIFFERS: "another certificate follows from the log",
    Flaw.HELD_ANOTHER: "what was held is not what was decided",
    Flaw.OVERRIDDEN_OTHERWISE: "held against other rules than those it names, or against one that stands",
    Flaw.LEFT_WAITING: "left waiting although the ranking had found a place",
}


class DecisionsDiffer(LedgerFault):
    """The log and its decisions do not agree."""


async def rederive(
    settings: Settings,
    *,
    source: Path | None,
    position: int | None,
    as_of: str | None,
    way: Way,
    window: int | None,
    in_json: bool,
) -> None:
    """Derive the decisions up to there and tell what was found. `window` is how many rows back from its
    record a decision may rest, where not the usual number.

    Errors: `DecisionsDiffer` when anything was; `WrongInstant`, `DumpBroken`, and all of `open_rows`.
    """
    rederivation, progress = Rederivation(way, window=window or WINDOW), Progress()
    async with open_rows(settings, source) as rows:
        async for page in rows.pages(await position_asked(rows, position, as_of)):
            rederivation.take(page)
            progress.tell(rederivation.rows, rederivation.decisions)
        found = rederivation.result()
    progress.end(found.rows, found.decisions)
    print(as_json(found) if in_json else as_text(found))
    if not found.agrees:
        raise DecisionsDiffer


def as_json(found: Rederived) -> str:
    """One JSON object."""
    shown = {
        "rows": found.rows,
        "position": found.position,
        "decisions": found.decisions,
        "rederived": found.alike,
        "differing": found.decisions - found.alike,
        "flaws": {str(flaw): count for flaw, count in found.flaws.items()},
        "deviations": found.deviations,
    }
    return orjson.dumps(shown, default=str, option=orjson.OPT_INDENT_2).decode()


def as_text(found: Rederived) -> str:
    """Lines for a terminal, the summary last."""
    lines = [_line(each) for each in found.deviations]
    untold = sum(found.flaws.values()) - len(found.deviations)
    if untold:
        lines.append(f"and {untold} more")
    return "\n".join([*lines, _summary(found)])


def _line(deviation: Deviation) -> str:
    where = f"{deviation.flaw} at position {deviation.position} in stream {deviation.stream}"
    fields = f" ({', '.join(deviation.fields)})" if deviation.fields else ""
    return f"{where}: {SAID[deviation.flaw]}{fields}"


def _summary(found: Rederived) -> str:
    differing = found.decisions - found.alike
    summary = f"decisions re-derived {found.alike} of {found.decisions}, differing {differing}"
    others = sum(found.flaws.values()) - differing
    return f"{summary}, and {others} other deviations" if others > 0 else summary
