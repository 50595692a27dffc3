"""The auditor's first page: what the boards said at an instant is what it says, and it changes nothing."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.pages.words import word
from domain.permissions import Role
from tests.api.http.ground import ALONE, FAMILY, Ground
from tests.api.pages.ground import Page, Pages, Reader, pages, played

ROME = ZoneInfo("Europe/Rome")
HARMLESS = {"/blocca", "/esci", "/preferenze"}


async def _night(stage: Ground) -> list[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]]:
    """What queue and board said, and when, through a night in which one comes in and one waits."""
    told = []

    async def note() -> None:
        await stage.later(seconds=7)
        queue = (await stage.get("/on-call-queue")).json()
        told.append((queue["as_of"], queue["items"], (await stage.get("/bed-board")).json()["items"]))
        await stage.later(minutes=3)

    await note()
    path = await stage.accepted()
    await note()
    await stage.held(FAMILY)
    await note()
    await stage.done(f"{path}/woman-acceptance", {"proximity_checked_by_voice": True})
    await stage.done(f"{path}/admission", {}, "ginepro")
    await stage.offered(ALONE)
    await note()
    await stage.later(hours=1)
    await note()
    return told


def _query(instant: str) -> str:
    local = datetime.fromisoformat(instant).astimezone(ROME)
    return f"/verifica?giorno={local:%Y-%m-%d}&ora={local:%H:%M:%S}"


@played
async def test_each_instant_of_a_night_is_shown_as_the_boards_were() -> None:
    async with pages() as there:
        told = await _night(there.stage)
        auditor = await there.signed_in(Role.AUDITOR)
        for as_of, queue, board in told:
            page = await auditor.open(_query(as_of))
            assert page.status == 200
            assert page.html.count('<th scope="row"><a href="/verifica/posti/') >= len(queue)
            for line in queue:
                assert f"/verifica/posti/{line['placement_id']}?posizione=" in page.html
                assert word("Phase", line["phase"]) in page.text
                assert not line["needs"] or word("Need", line["needs"]) in page.text
            assert bool(queue) is ("Nessuna richiesta aperta." not in page.text)
            assert page.text.count("(scaduto)") == sum(line["overdue"] for line in queue)
            shown = await _table(auditor, page, "tabellone.csv")
            assert [int(row[2]) for row in shown] == [line["units"] for line in board]


@played
async def test_how_old_the_words_were_is_told_by_level() -> None:
    async with pages() as there:
        await there.stage.later(hours=80)
        page = await (await there.signed_in(Role.AUDITOR)).open("/verifica")
        assert "0 aggiornate, 0 da riconfermare, 2 vecchie" in page.text
        assert "0 aggiornate, 0 da riconfermare, 2 vecchie 22/11/2026 02:00:00" in page.text
        assert "ordine secondo rank_1" in page.text


@played
async def test_what_is_taken_away_is_what_the_door_told() -> None:
    async with pages() as there:
        told = await _night(there.stage)
        auditor = await there.signed_in(Role.AUDITOR)
        as_of, queue, board = told[3]
        page = await auditor.open(_query(as_of))
        link = next(each for each in page.links if "rete.json" in each)
        answer = await auditor.client.get(link)
        assert "attachment" in answer.headers["content-disposition"]
        assert (answer.json()["queue"], answer.json()["board"]) == (queue, board)
        rows = await _table(auditor, page, "coda.csv")
        assert [row[0] for row in rows] == [line["placement_id"] for line in queue]
        assert len(await _table(auditor, page, "accoglienze.csv")) == 1


async def _table(reader: Reader, page: Page, name: str) -> list[list[str]]:
    link = next(each for each in page.links if name in each)
    answer = await reader.client.get(link)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:]


@played
async def test_a_position_is_shown_and_where_the_log_ends_is_said() -> None:
    async with pages() as there:
        await _night(there.stage)
        auditor, head = await there.signed_in(Role.AUDITOR), await there.stage.store.head()
        page = await auditor.open("/verifica?posizione=20")
        assert "Posizione letta 20" in page.text
        assert f"Ultima posizione del registro {head}" in page.text
        assert "Registro sigillato" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("posizione=999999", "Non è ancora accaduto."),
        ("posizione=-1", "Indica un numero di posizione"),
        ("posizione=9" + "9" * 40, "Indica un numero di posizione"),
        ("giorno=2026-02-30&ora=10:00", "Indica un giorno e un’ora che esistono."),
        ("giorno=2026-03-29&ora=02:30:00", "Quella notte quest’ora non c’è stata."),
        ("giorno=2036-11-22&ora=03:00:00", "Non è ancora accaduto."),
    ],
)
@played
async def test_an_instant_that_is_none_is_said_in_words(query: str, said: str) -> None:
    async with pages() as there:
        await there.stage.get("/on-call-queue")
        page = await (await there.signed_in(Role.AUDITOR)).open(f"/verifica?{query}")
        assert page.status == 422
        assert said in page.text


@played
async def test_the_hour_that_comes_twice_is_offered_twice() -> None:
    async with pages() as there:
        await there.stage.get("/on-call-queue")
        auditor = await there.signed_in(Role.AUDITOR)
        first = await auditor.open("/verifica?giorno=2026-10-25&ora=02:30:00")
        assert "l’ora viene due volte" in first.text
        assert "(UTC+0200)" in first.text
        again = await auditor.open(next(each for each in first.links if "seconda=1" in each))
        assert "(UTC+0100)" in again.text


async def _every_page(there: Pages, auditor: Reader) -> list[Page]:
    placements = {line["placement_id"] for _, queue, _ in await _night(there.stage) for line in queue}
    paths = ["/verifica", "/verifica?posizione=30", "/verifica/posti?percorso=niente"]
    for placement in placements:
        paths += [f"/verifica/posti/{placement}", f"/verifica/posti/{placement}/decisioni"]
    return [await auditor.open(path) for path in paths]


@played
async def test_nothing_on_any_page_changes_anything() -> None:
    async with pages() as there:
        auditor = await there.signed_in(Role.AUDITOR)
        for page in await _every_page(there, auditor):
            assert page.h1
            changing = {form.action for form in page.forms if form.method == "post"}
            assert changing <= HARMLESS, page.path
            assert "formaction" not in page.html
            assert "hx-post" not in page.html
        before = await there.stage.store.head()
        await auditor.open("/verifica")
        assert await there.stage.store.head() == before


@played
async def test_no_page_names_a_house_a_room_a_zone_or_a_code() -> None:
    async with pages() as there:
        auditor, ids = await there.signed_in(Role.AUDITOR), there.stage.ids
        named = [*ids.zones.values(), *(house.id for house in ids.shelters.values())]
        named += [unit.id for house in ids.shelters.values() for unit in house.units.values()]
        for page in await _every_page(there, auditor):
            assert not [each for each in named if str(each) in page.html]
            for raw in ("ginepro", "stanza-1", "EMERGENCY", "WAITING", "CAPACITY", "SCREEN", "None"):
                assert raw not in page.text, (page.path, raw)


@pytest.mark.parametrize("path", ["/verifica", "/verifica/scarica/rete.json", "/verifica/posti"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD_BODY, Role.SHELTER_OPERATOR])
@played
async def test_the_pages_are_the_auditors_alone(path: str, role: Role) -> None:
    async with pages() as there:
        houses = (there.stage.house("ginepro"),) if role is Role.SHELTER_OPERATOR else ()
        assert (await (await there.signed_in(role, *houses)).open(path)).status == 404


@played
async def test_a_long_log_is_a_page_that_goes_on_by_itself() -> None:
    async with pages() as there:
        await _night(there.stage)
        auditor = await there.signed_in(Role.AUDITOR)
        past = there.stage.doors.past_places
        past._patience, past._page = 0.000001, 20
        page = await auditor.open("/verifica?posizione=60")
        assert (page.status, page.h1, page.response.headers["refresh"]) == (503, "Lettura in corso", "1")
        for _ in range(10):
            page = await auditor.open(next(each for each in page.links if "posizione=60" in each))
            if page.status == 200:
                break
        assert "Posizione letta 60" in page.text
