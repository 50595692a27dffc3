"""A house's own figures, as they were told: never another's, nothing that was hidden, never per person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import orjson

from api.pages.house.numbers import months_before
from ledger.published import KeptRelease
from ledger.store.codec import plain
from projections.house_statistics import HouseRelease, house_release
from tests.api.pages.ground import Pages, played
from tests.api.pages.house.stage import house
from tests.projections.test_statistics import HOUSE, MONTH, NIGHT, NOON, ROME, RULES, Rows

OCTOBER = date(2026, 10, 1)


async def kept(there: Pages, scope: UUID, cases: int) -> HouseRelease:
    """October of a house that was asked by so many."""
    rows = Rows()
    for case in range(cases):
        rows.night(case, NOON if case % 2 else NIGHT, admitted=case % 4 != 3)
    told = replace(
        house_release(rows.rows, HOUSE, MONTH, RULES, ROME), first_month=OCTOBER, last_month=OCTOBER
    )
    await there.stage.doors.published.release(
        KeptRelease(
            scope=scope,
            first_month=OCTOBER,
            last_month=OCTOBER,
            before=MONTH.before,
            told_at=told.told_at,
            told=told.told,
            late_told=0,
            document=orjson.dumps(told, plain, orjson.OPT_UTC_Z),
        )
    )
    return told


@played
async def test_the_latest_figures_are_shown_with_their_times() -> None:
    async with house() as (there, reader):
        told = await kept(there, there.stage.house("lentisco"), 120)
        page = await reader.open("/casa/numeri")
        assert told.answers is not None
        for column in told.answers.cells:
            assert column.cases is None or str(column.cases) in page.text
        assert f"circa {told.cases} nuclei" in page.text
        assert "Minuti fino alla prima risposta" in page.text
        assert "Giorno e notte" in page.text
        again = await reader.open("/casa/numeri?mese=2026-10")
        assert f"circa {told.cases} nuclei" in again.text
        assert "non c’è ancora una pubblicazione" in (await reader.open("/casa/numeri?mese=2026-09")).text


@played
async def test_few_are_carried_on_and_another_house_is_not_shown() -> None:
    async with house() as (there, reader):
        await kept(there, there.stage.house("ginepro"), 120)
        page = await reader.open("/casa/numeri")
        assert "circa" not in page.text
        await kept(there, there.stage.house("lentisco"), 4)
        page = await reader.open("/casa/numeri")
        assert "i numeri passano al mese dopo" in page.text


@played
async def test_a_month_that_is_none_is_as_if_none_were_named() -> None:
    async with house() as (there, reader):
        await kept(there, there.stage.house("lentisco"), 120)
        for said in ("2026-13", "x", "<b>", "2036-01", "9" * 400):
            page = await reader.open(f"/casa/numeri?mese={said}")
            assert (page.status, "circa" in page.text) == (200, True), said
            assert "<b>" not in page.html


def test_months_go_back_over_the_year() -> None:
    assert list(months_before(date(2026, 2, 3), 3)) == ["2026-01", "2025-12", "2025-11"]
