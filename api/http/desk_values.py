"""Values of desks on their way to the vault and out of it: kept before their event is recorded, shown after
the event of their opening was.

What a crash leaves behind: a value in the vault that no event names, which is swept; or an opening that is
recorded and showed nothing.
"""

from __future__ import annotations

from uuid import UUID

from api.http.commanding import Asked
from api.http.problems import Problem
from api.http.trouble_texts import Trouble
from api.keeping import Keeping, Named, is_over
from api.placing import Decide
from domain.coordination.contacts import keep_values
from domain.desk import DeskValuesOpened, KeepDeskValues
from domain.kept import ValueKind
from domain.refusals import Refusal
from domain.vocabulary import DeskId
from ledger.store.transact import Done


async def keep_value(asked: Asked, desk_id: DeskId, kind: ValueKind, value: str) -> Done:
    """Errors: problems for a refusal, or for a key that was used with another value; the vault's and the
    ledger's.
    """
    vault, engine = asked.entered.doors.vault, asked.entered.doors.engine
    await vault.doubt(desk_id, engine.index.places.desks[desk_id].values.values())

    def decide(named: Named) -> Decide:
        return lambda world, _: keep_values(desk_id, KeepDeskValues(values=named), world)

    return asked.done(await Keeping(vault, engine).keep(asked.command, desk_id, [(kind, value)], decide))


async def opened_values(asked: Asked, done: Done) -> dict[UUID, tuple[str, ...]]:
    """What the openings of a recorded command name, by desk, in its order.

    Errors: problem 409 for a value that has been replaced since, or a look that is over; the vault's.
    """
    if await is_over(asked.entered.doors.engine, done):
        raise Problem(Trouble.OPENING_OVER)
    shown: dict[UUID, tuple[str, ...]] = {}
    for each in done.events:
        if isinstance(each.event, DeskValuesOpened):
            named = each.event.commitments
            values = await asked.entered.doors.vault.open(each.stream, named)
            if len(values) < len(named):
                raise Problem(Refusal.VALUE_NOT_KEPT)
            shown[each.stream] = tuple(values[name] for name in named)
    return shown
