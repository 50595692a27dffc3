"""An offer on its house's page: read, talked about, answered; who comes, who arrives, who leaves."""

from __future__ import annotations

import re

from api.http.proving import BACKGROUND
from domain.withheld import RefusalCode
from tests.api.http.ground import REQUEST, after
from tests.api.pages.ground import Page, Pages, Reader, played
from tests.api.pages.house.stage import house, operator, tap, told

SEEN, TALKING = "placement.offer-seen.1", "placement.conversation-opened.1"


async def opened(there: Pages, reader: Reader) -> tuple[str, Page]:
    """An offer has come, and she has opened it: its door, and its page."""
    path = await there.stage.offered()
    page = await reader.send(tap(await reader.open("/casa"), "Leggi l’offerta"))
    return path, page


async def accepted(there: Pages, reader: Reader) -> tuple[str, Page]:
    path, page = await opened(there, reader)
    page = await reader.send(tap(await reader.open(f"{page.path}/si"), "Confermo il sì"))
    return path, page


@played
async def test_opening_an_offer_is_a_tap_and_the_coordination_sees_it() -> None:
    async with house("ginepro") as (there, reader):
        path = await there.stage.offered()
        page = await reader.open("/casa")
        assert "Offerta: 3 persone" in page.text
        assert "fra 10 min" in page.text
        for _ in range(2):
            await reader.open("/casa", **{BACKGROUND: "1"})
            await reader.open(f"/casa/offerte/{path.rsplit('/', 1)[-1]}", **{BACKGROUND: "1"})
        assert await told(there, SEEN) == 0, "a page by itself has read nothing"
        page = await reader.send(tap(page, "Leggi l’offerta"))
        assert (await there.stage.get(path)).json()["offers"][0]["seen"] is True
        assert page.h1 == "Offerta: 3 persone"


@played
async def test_who_comes_by_an_address_alone_is_shown_nothing_before_the_tap() -> None:
    async with house("ginepro") as (there, reader):
        path = await there.stage.offered()
        page = await reader.open(f"/casa/offerte/{path.rsplit('/', 1)[-1]}")
        assert page.h1 == "C’è un’offerta"
        assert "persone" not in page.text
        page = await reader.send(tap(page, "Leggi l’offerta"))
        assert "3 persone" in page.text


@played
async def test_before_its_yes_a_house_is_shown_what_its_role_may_see_and_no_more() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await opened(there, reader)
        whole = (await there.stage.get(path)).json()
        for secret in (whole["case_id"], "CAV", "U1", "HIGH", "alto", "6–10", "Centro antiviolenza"):
            assert secret not in page.html, secret
        assert "Pronto intervento" in page.text or "pronto intervento" in page.text
        assert "fino a 8 giorni" in page.text
        assert whole["placement_id"] not in re.search(r"<title>.*</title>", page.html).group()  # type: ignore[union-attr]


@played
async def test_talking_is_one_tap_and_moves_the_deadline() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await opened(there, reader)
        await there.stage.later(minutes=10)
        page = await reader.send(tap(await reader.open(page.path), "Sono al telefono con chi coordina"))
        assert "state parlando" in page.text
        assert "fra 30 min" in page.text
        assert await told(there, TALKING) == 2, "reading it had opened one too"
        assert (await there.stage.get(path)).json()["phase"] == "IN_CONVERSATION"


@played
async def test_a_yes_takes_two_taps_and_then_shows_who_comes() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await opened(there, reader)
        yes = await reader.open(next(link for link in page.links if link.endswith("/si")))
        assert yes.h1 == "Accogliete 3 persone?"
        again = tap(yes, "Confermo il sì")
        for _ in range(2):
            page = await reader.send(again)
            assert page.h1 == "In arrivo: 3 persone"
        assert await told(there, "placement.offer-accepted.1") == 1
        assert "Donne adulte 1" in page.text
        start = await reader.open("/casa")
        assert "In arrivo: 3 persone" in start.text
        await there.stage.done(f"{path}/handover", {"expected_at": after(hours=1), "escort": "CAV"})
        assert "Attese" in (await reader.open(page.path)).text


@played
async def test_a_no_is_a_code_in_two_taps_of_which_the_record_keeps_the_group() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await opened(there, reader)
        no = await reader.open(next(link for link in page.links if link.endswith("/no")))
        offered = {value for form in no.forms for name, value, _ in form.buttons if name == "codice"}
        assert offered == set(RefusalCode) - {RefusalCode.OTHER}
        code = next(
            words for form in no.forms for _, value, words in form.buttons if value == "NO_NIGHT_STAFF"
        )
        page = await reader.send(tap(no, code), button=code)
        assert (page.path, "No registrato" in page.text) == ("/casa", True)
        rows = await there.stage.store.read_all(after=0, limit=5000)
        assert not any(b"NO_NIGHT_STAFF" in row.state + row.metadata for row in rows)
        assert (await there.stage.get(path)).json()["offers"][0]["state"] == "REFUSED"
        gone = await reader.open(path.replace("/placements", "/casa/offerte"))
        assert (gone.status, gone.h1) == (404, "Qui non c’è più niente")


@played
async def test_a_no_without_its_code_or_with_one_that_may_not_be_said_is_asked_again_in_words() -> None:
    async with house("ginepro") as (there, reader):
        _, page = await opened(there, reader)
        no = await reader.open(f"{page.path}/no")
        page = await reader.send(no.form("/no"))
        assert (page.status, "Tocca un motivo." in page.text) == (422, True)
        for code in ("OTHER", "FEE_NOT_COMMITTED", "x" * 3000, "<b>"):
            page = await reader.send(no.form("/no"), codice=code)
            assert page.status in (200, 422), code
            assert "<b>" not in page.html
        assert await told(there, "placement.offer-refused.1") == 0


@played
async def test_an_offer_that_has_gone_elsewhere_says_so_and_nothing_more() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await opened(there, reader)
        taps = [
            tap(page, "Sono al telefono con chi coordina"),
            tap(await reader.open(f"{page.path}/si"), "Confermo il sì"),
        ]
        await there.stage.done(f"{path}/withdrawal")
        for each in taps:
            answer = await reader.send(each)
            assert "non è più" in answer.text or "non sono più" in answer.text, answer.text
        alive = await reader.open(page.path, **{BACKGROUND: "1"})
        assert (alive.status, alive.h1) == (200, "Qui non c’è più niente"), "the page replaces itself"
        other = await operator(there, "lentisco")
        for sub in ("", "/si", "/no", "/arrivo", "/dimissione", "/ingresso", "/affidati"):
            answer = await other.open(page.path + sub)
            assert (answer.status, answer.h1) == (404, "Qui non c’è più niente"), sub


@played
async def test_a_yes_by_telephone_is_confirmed_with_one_tap() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await opened(there, reader)
        await there.stage.done(f"{path}/acceptance", {"channel": "TELEPHONE"})
        assert "Sì detto per telefono: confermalo" in (await reader.open("/casa")).text
        page = await reader.send(tap(await reader.open(page.path), "Confermo il nostro sì"))
        assert "Il sì è stato detto per telefono" not in page.text
        assert await told(there, "placement.telephone-acceptance-confirmed.1") == 1


@played
async def test_arriving_staying_leaving() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await accepted(there, reader)
        early = await reader.send(tap(page, "Sono arrivate"))
        assert "Manca ancora un sì." in early.text
        await there.stage.done(f"{path}/woman-acceptance", {"proximity_checked_by_voice": True})
        page = await reader.send(tap(await reader.open(page.path), "Sono arrivate"))
        assert page.h1 == "In casa: 3 persone"
        assert "4 posti" in (await reader.open("/casa")).text, "who is there, as places"
        left = await reader.open(f"{page.path}/dimissione")
        again = await reader.send(left.form("/dimissione"), minuti_fa="60")
        assert (again.status, "Scegli com’è finita" in again.text) == (422, True)
        assert 'value="60" checked' in again.html, "what was chosen is kept"
        page = await reader.send(again.form("/dimissione"), esito="GOALS_REACHED", minuti_fa="0")
        assert "Dimissione registrata." in page.text
        assert (await reader.open(path.replace("/placements", "/casa/offerte"))).h1 == "Uscite"


@played
async def test_who_does_not_come_is_said_with_one_tap_and_the_place_stays() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await accepted(there, reader)
        page = await reader.send(tap(page, "Non arrivata"))
        assert "Segnata come non arrivata." in page.text
        shown = (await there.stage.get(path)).json()
        assert (shown["not_arrived"], shown["welfare_check_asked"]) == (True, False)
        assert "Non arrivata" in (await reader.open("/casa")).text


@played
async def test_an_arrival_some_time_ago_is_counted_from_the_page() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await accepted(there, reader)
        await there.stage.done(f"{path}/woman-acceptance", {"proximity_checked_by_voice": True})
        await there.stage.later(minutes=40)
        form = (await reader.open(f"{page.path}/arrivo")).form("/arrivo")
        for _ in range(2):
            page = await reader.send(form, minuti_fa="30")
            assert page.h1 == "In casa: 3 persone"
        items = (await there.stage.get(f"{path}/history")).json()["items"]
        assert items[-1]["occurred_at"] == after(minutes=10)


@played
async def test_a_yes_after_the_hold_has_ended_takes_the_place_again_or_says_that_it_is_gone() -> None:
    async with house("ginepro") as (there, reader):
        path, page = await opened(there, reader)
        yes = tap(await reader.open(f"{page.path}/si"), "Confermo il sì")
        await there.stage.done(f"{path}/release")
        answer = await reader.send(yes)
        assert "Sì registrato." in answer.text
        assert (await there.stage.get(path)).json()["phase"] == "ACCEPTED_BY_HOUSE"
    async with house("ginepro") as (there, reader):
        path, page = await opened(there, reader)
        yes = tap(await reader.open(f"{page.path}/si"), "Confermo il sì")
        await there.stage.done(f"{path}/release")
        await there.stage.held()
        answer = await reader.send(yes)
        assert "i posti non sono più disponibili" in answer.text
        assert (await there.stage.get(path)).json()["offers"][0]["late_yes"] is True


@played
async def test_a_no_for_want_of_places_leads_to_what_is_really_free() -> None:
    async with house("ginepro") as (there, reader):
        _, page = await opened(there, reader)
        page = await reader.send((await reader.open(f"{page.path}/no")).form("/no"), codice="NO_CAPACITY")
        assert "Segna qui sotto quello che è libero davvero." in page.text
        assert "Libera" in page.text


@played
async def test_several_houses_each_have_their_own_offers() -> None:
    async with house("ginepro", "lentisco") as (there, reader):
        await there.stage.offered(REQUEST)
        page = await reader.open("/casa")
        assert page.h1 == "Le tue case"
        assert page.text.index("Offerta: 3 persone") < page.text.index("Posti"), "what waits is on top"
        assert "Ginepro · Stanza 1 · pronto intervento" in page.text
