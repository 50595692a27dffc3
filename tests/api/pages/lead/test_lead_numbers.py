"""The lead body's figures: the page, its drawings, tables and files say what the release says, no more."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree as ET

import pytest

from api.pages.lead.charts import WIDTH, bars, spans
from api.pages.tables import cell, csv_bytes
from api.pages.words import word
from domain.permissions import Role
from projections.told import TIME_BANDS
from tests.api.pages.ground import pages, played
from tests.api.pages.lead.stage import a_month, kept, nothing_told

PAGE = "/rete/cifre?mese=2026-11"


def _table(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in content.replace(b"\r\n", b"")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@played
async def test_every_number_of_the_release_is_on_the_page() -> None:
    async with pages() as there:
        told = await kept(there, a_month())
        lead = await there.signed_in(Role.LEAD_BODY)
        page = await lead.open(PAGE)
        assert (page.status, told.told) == (200, True)
        assert f"Casi: {told.cases}" in page.text
        assert told.by_outcome is not None and told.by_time_band is not None
        for table in (told.by_outcome, told.by_time_band):
            for total in (*table.rows, *table.columns):
                assert f"<strong>{total.cases}</strong>" in page.html
        for line in told.refusals:
            shown = "non indicato" if line.cases is None else str(line.cases)
            assert f"{word('RefusalGroup', line.name)} {shown}" in page.text
        assert "non c’era nessuna camera" in page.text
        for said in ("entro 15 min", "giorno e notte", "notte", "giorno"):
            assert said in page.text


@played
async def test_every_drawing_has_a_name_a_description_and_its_table_and_no_style() -> None:
    async with pages() as there:
        await kept(there, a_month())
        page = await (await there.signed_in(Role.LEAD_BODY)).open(PAGE)
        drawings = re.findall(r"<svg class=\"grafico\".*?</svg>", page.html, re.DOTALL)
        assert len(drawings) >= 3
        for drawing in drawings:
            tree = ET.fromstring(drawing)
            (title,), (description,) = tree.findall("title"), tree.findall("desc")
            assert title.text and description.text
            assert tree.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
            for rect in tree.findall("rect"):
                assert 0 <= float(rect.get("x", 0)) <= WIDTH
                assert float(rect.get("x", 0)) + float(rect.get("width", 0)) <= WIDTH + 0.2
            after = page.html.split(drawing)[1]
            assert after.lstrip().startswith("<table")
            for words in tree.findall("text"):
                said = "".join(words.itertext()).rpartition(": ")[2].removeprefix("metà ")
                assert said in after.split("</table>")[0]
        assert "style=" not in page.html


@played
async def test_what_is_hidden_is_said_to_be_hidden_and_nothing_leads_to_it() -> None:
    async with pages() as there:
        told = await kept(there, a_month())
        hidden = [line for line in told.refusals if line.cases is None]
        assert hidden
        lead = await there.signed_in(Role.LEAD_BODY)
        page = await lead.open(PAGE)
        rows = _table((await lead.client.get("/rete/cifre/cifre.csv?mese=2026-11")).content)
        for line in hidden:
            label = word("RefusalGroup", line.name)
            assert f"{label} non indicato" in page.text
            assert [row[3] for row in rows if row[1] == label] == ["non indicato"]
        numbers = {int(row[3]) for row in rows[1:] if row[3].isdecimal()}
        assert all(number % told.rounded_to == 0 and number >= told.smallest_told for number in numbers)
        bare = re.findall(r"<rect class=\"grafico-barra\"", page.html)
        assert len(bare) == sum(line.cases is not None for line in told.refusals) + sum(
            line.cases is not None for line in told.unmet.left_waiting_for
        ) + len(told.times)


@played
async def test_the_files_hold_what_the_page_shows() -> None:
    async with pages() as there:
        told = await kept(there, a_month())
        lead = await there.signed_in(Role.LEAD_BODY)
        page = await lead.open(PAGE)
        links = [each for each in page.links if ".csv" in each]
        assert len(links) == 2
        counts, times = [_table((await lead.client.get(each)).content) for each in links]
        assert counts[0] == ["Tabella", "Riga", "Colonna", "Casi"]
        assert counts[1] == ["Casi", "tutte", "tutte", str(told.cases)]
        assert len(times) == 1 + len(told.times)
        for row in (*counts[1:], *times[1:]):
            for value in row[1:]:
                assert value in page.text or value == "tutte", value


@played
async def test_a_month_of_few_cases_says_only_that_it_comes_with_the_next() -> None:
    async with pages() as there:
        await kept(there, nothing_told())
        page = await (await there.signed_in(Role.LEAD_BODY)).open("/rete/cifre")
        assert "troppo pochi casi" in page.text
        assert '<svg class="grafico"' not in page.html
        assert "Casi:" not in page.text


@pytest.mark.parametrize("month", ["2026-10", "novembre", "2026-13", "'; --"])
@played
async def test_a_month_that_was_not_released_is_said_in_words(month: str) -> None:
    async with pages() as there:
        await kept(there, a_month())
        lead = await there.signed_in(Role.LEAD_BODY)
        answer = await lead.client.get("/rete/cifre", params={"mese": month})
        assert answer.status_code == 422
        assert "mese" in answer.text
        assert (await lead.client.get("/rete/cifre/cifre.csv", params={"mese": month})).status_code == 404


@played
async def test_before_the_first_month_there_is_nothing_to_choose() -> None:
    async with pages() as there:
        page = await (await there.signed_in(Role.LEAD_BODY)).open("/rete/cifre")
        assert "Non c’è ancora nessun mese." in page.text


@pytest.mark.parametrize(
    "hostile", ["=1+1", "+39", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0", "＝1", "\n=1"]
)
def test_no_cell_is_a_formula(hostile: str) -> None:
    assert cell(hostile) == f"'{hostile}"
    content = csv_bytes(["a"], [[hostile]]).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(content, newline=""), delimiter=";")
    assert row == [f"'{hostile}"]


def test_a_file_is_as_the_italian_excel_opens_it() -> None:
    assert csv_bytes(["Età", "b"], [[1.5, None], ['a;b"c', -3]]) == (
        '\ufeff"Età";"b"\r\n"1,5";""\r\n"a;b""c";"-3"\r\n'.encode()
    )


def test_bars_are_as_long_as_what_they_say_and_the_hidden_have_none() -> None:
    chart = bars([("a", "20", 20), ("b", "10", 10), ("c", "non indicato", None)])
    assert [mark.width for mark in chart.marks] == [WIDTH, WIDTH / 2, None]


def test_spans_lie_in_the_order_of_their_bands() -> None:
    chart = spans([("a", "x", 15, 30, 60), ("b", "y", None, None, None)], TIME_BANDS)
    first, second = chart.marks
    assert first.tick is not None and first.width is not None and second.tick is not None
    assert first.x < first.tick < first.x + first.width < second.tick <= WIDTH
