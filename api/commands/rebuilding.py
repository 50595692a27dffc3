"""`approdo rebuild`: the read models made again from the log beside those that are read, and compared."""

from __future__ import annotations

from api.commands.progress import Progress
from api.settings import Settings
from api.wiring import open_ledger
from ledger.faults import LedgerFault
from projections.rebuild import Comparison, Difference, Rebuilt
from projections.rebuild import rebuild as made_again


class RowsDiffer(LedgerFault):
    """What is read is not what the log gives. Nothing was changed; with --swap the rebuilt rows take over."""


async def rebuild(settings: Settings, *, swap: bool) -> None:
    """Errors: `RowsDiffer` without `swap`, and all of `open_ledger` and `projections.rebuild`."""
    progress = Progress()
    async with open_ledger(settings, join=True) as ledger:
        done = await made_again(ledger.store, ledger.opened.views, swap=swap, tell=progress.tell)
    progress.end(done.comparison.position)
    for difference in done.comparison.shown:
        print(_told(difference))
    print(_summary(done.comparison, done))
    if done.comparison.different and not swap:
        raise RowsDiffer(f"{done.comparison.different} rows")


def _told(difference: Difference) -> str:
    where = f"{difference.table} {difference.key}"
    live, rebuilt = difference.live, difference.rebuilt
    if live is None:
        return f"{where}: missing from what is read"
    if rebuilt is None:
        return f"{where}: the log does not give it"
    pairs = (f"{name} {live[name]} where the log gives {rebuilt[name]}" for name in difference.fields)
    return f"{where}: {', '.join(pairs)}"


def _summary(compared: Comparison, done: Rebuilt) -> str:
    agree = f"{compared.different} differ" if compared.different else "all agree"
    end = "the rebuilt ones have taken over" if done.took_over else "nothing was changed"
    return f"{compared.rows} rows rebuilt and compared at position {compared.position}: {agree}; {end}"
