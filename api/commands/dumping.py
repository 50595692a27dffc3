"""`approdo replay --dump`: the log's rows as a plain file, for whoever checks it without this database."""

from __future__ import annotations

from pathlib import Path

from api.commands.leaving import birth_of, leave
from api.commands.progress import Progress
from api.commands.replaying_rows import LedgerRows, position_asked
from api.settings import Settings
from api.wiring import open_store
from ledger.store.dump import dump_at


async def dump(settings: Settings, path: Path, *, position: int | None, as_of: str | None) -> None:
    """Write the rows up to there. Errors: `ExportNotApproved`, `DumpNotWritten`, `WrongInstant`,
    `NotFounded`, and all of `open_store`.
    """
    progress, count, last = Progress(), 0, 0
    with dump_at(path) as write:
        async with open_store(settings, join=True) as opened:
            birth = await birth_of(opened)
            await leave(opened, birth)
            rows = LedgerRows(opened.store, birth.network)
            async for page in rows.pages(await position_asked(rows, position, as_of)):
                for row in page:
                    write(row)
                count, last = count + len(page), page[-1].position
                progress.tell(count)
    progress.end(count)
    print(f"wrote {count} rows, up to position {last}, to {path}")
