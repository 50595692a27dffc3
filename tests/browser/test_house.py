"""A house's evening on a telephone: one tap for what is free, an offer from its coming to the departure.

Played with scripts, and once more without; what a tap changes is seen at the coordination within a second.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from domain.permissions import Role
from tests.browser.town import Town
from tests.browser.windows import Window, Windows

HOUSE, ROOM = "glicine", "glicine-camera-1"
PUBLISHED = "unit.availability-published.1"
SOON = 1_000.0
"""Milliseconds within which a change in one window is seen in another."""


def operator(town: Town, windows: Windows, house: str = HOUSE, **how: Any) -> Window:
    window = windows.open(town, Role.SHELTER_OPERATOR, house, **how)
    window.go("/casa")
    return window


def free(town: Town, house: str = HOUSE, room: str = ROOM) -> int:
    """How many places are free, by the door."""
    shown = town.doors(Role.COORDINATOR).get(f"/units/{town.unit(house, room)['id']}")
    return sum(place["state"] == "FREE" for place in shown["places"])


def told(town: Town, topic: str) -> int:
    """How often something stands in the log."""
    return town._with_store(lambda store: _count(store, topic))


async def _count(store: Any, topic: str) -> int:
    return [row.topic for row in await store.read_all(after=0, limit=5000)].count(topic)


def room(window: Window, name: str = "Camera 1") -> Any:
    return window.page.locator("article", has=window.page.get_by_role("heading", name=name))


def test_one_tap_changes_what_is_free_and_undo_is_a_second_event(own_town: Town, windows: Windows) -> None:
    her = operator(own_town, windows)
    before, events = free(own_town), told(own_town, PUBLISHED)
    room(her).get_by_role("button", name="−1 letto").tap()
    her.sees("Camera 1: posti liberi 4 su 5.")
    assert (free(own_town), told(own_town, PUBLISHED)) == (before - 1, events + 1)
    her.tap("Annulla")
    her.sees("Annullato.")
    assert (free(own_town), told(own_town, PUBLISHED)) == (before, events + 2)


def test_undo_is_offered_for_ten_seconds(own_town: Town, windows: Windows) -> None:
    her = operator(own_town, windows)
    her.page.clock.install()
    room(her).get_by_role("button", name="−1 letto").tap()
    expect(her.page.get_by_role("button", name="Annulla")).to_be_visible()
    her.page.clock.run_for(9_000)
    expect(her.page.get_by_role("button", name="Annulla")).to_be_visible()
    her.page.clock.run_for(1_500)
    expect(her.page.get_by_role("button", name="Annulla")).to_have_count(0)


def test_a_tap_in_the_house_is_on_the_coordination_s_board_within_a_second(
    own_town: Town, windows: Windows
) -> None:
    her = operator(own_town, windows, "mimosa")
    board = windows.open(own_town, Role.COORDINATOR)
    board.go("/tabellone")
    four = board.page.get_by_role("row", name="4 persone").first.locator("strong")
    count = int(four.inner_text())
    board.page.wait_for_timeout(300)  # the stream of news is open
    for words, change in (("Non libera", -1), ("Libera tutta", 0)):
        button = room(her, "Alloggio").get_by_role("button", name=words)
        expect(button).to_be_enabled()
        button.tap()
        expect(four).to_have_text(str(count + change), timeout=SOON)


def about_to_be_offered(town: Town) -> tuple[str, str, list[str]]:
    """A placement that is held and not offered yet, its house, its rooms."""
    placement = town.ask({"adults": 1, "children": ["AGE_3_5"]})["placement"]
    offer = placement["offers"][0]
    units = [each["unit_id"] for each in offer["units"]]
    return str(placement["placement_id"]), town.house_of(offer["shelter_id"]), units


def test_an_offer_comes_by_itself_and_a_double_tap_answers_it_once(own_town: Town, windows: Windows) -> None:
    placement, house, units = about_to_be_offered(own_town)
    her = operator(own_town, windows, house)
    her.page.wait_for_timeout(300)  # the stream of news is open
    own_town.do(placement, "offers", {"units": units})
    expect(her.page.get_by_text("Offerta: 2 persone")).to_be_visible(timeout=SOON)
    her.tap("Leggi l’offerta")
    her.tap("Sì, accogliamo")
    her.page.get_by_role("button", name="Confermo il sì").dblclick()
    her.sees("In arrivo: 2 persone")
    assert told(own_town, "placement.offer-accepted.1") == 1
    assert placement in her.path
    assert placement not in her.page.title()
    assert house not in her.page.title().lower()


def evening(town: Town, windows: Windows, **how: Any) -> None:
    """All that an evening brings: look, confirm, read, talk, accept, let in, let go, pause."""
    placement, house, units = about_to_be_offered(town)
    her = operator(town, windows, house, **how)
    her.tap("Confermo: è ancora così")
    her.sees("Confermato: è ancora così.")
    town.do(placement, "offers", {"units": units})
    her.go("/casa")
    her.tap("Leggi l’offerta")
    her.sees("Offerta: 2 persone")
    her.tap("Sono al telefono con chi coordina")
    her.sees("Segnato: state parlando.")
    her.tap("Sì, accogliamo")
    her.tap("Confermo il sì")
    her.sees("Sì registrato.")
    her.sees("Figlie e figli")
    town.do(placement, "woman-acceptance", {"proximity_checked_by_voice": True})
    her.go(her.path)
    her.tap("Sono arrivate")
    her.sees("In casa: 2 persone")
    here = her.path
    her.go("/casa")
    assert her.page.locator(f'a[href="{here}"]').count() == 1, "who is here leads to their page"
    her.go(here)
    her.tap("Dimissione")
    her.tap("Registra la dimissione")
    her.sees("Scegli com’è finita la permanenza.")
    her.page.get_by_text("Obiettivi raggiunti").click()
    her.tap("Registra la dimissione")
    her.sees("Dimissione registrata.")
    her.page.locator("summary", has_text="pausa").click()
    her.tap("Metti la casa in pausa")
    her.tap("Manca personale")
    her.sees("La casa è in pausa: non riceve offerte.")
    her.tap("Accogliamo di nuovo")
    her.sees("La casa accoglie di nuovo.")


def test_the_evening_of_a_house(own_town: Town, windows: Windows) -> None:
    evening(own_town, windows)


def test_the_evening_of_a_house_without_scripts(own_town: Town, windows: Windows) -> None:
    evening(own_town, windows, scripts=False)


def test_an_offer_that_goes_elsewhere_leaves_the_screen_by_itself(own_town: Town, windows: Windows) -> None:
    placement, house = own_town.offered()
    her = operator(own_town, windows, house)
    her.tap("Leggi l’offerta")
    her.page.wait_for_timeout(300)
    own_town.do(placement, "withdrawal", {})
    her.sees("Qui non c’è più niente", within=2_000)
    her.sees("Torna alla casa")


def test_a_cut_network_sends_nothing_and_says_so(own_town: Town, windows: Windows) -> None:
    her = operator(own_town, windows)
    before = told(own_town, PUBLISHED)
    her.offline()
    room(her).get_by_role("button", name="−1 letto").tap()
    her.sees("Non inviato")
    assert told(own_town, PUBLISHED) == before
    her.offline(False)
    her.page.get_by_role("button", name="Riprova").click()
    her.sees("Camera 1: posti liberi 4 su 5.")
    assert told(own_town, PUBLISHED) == before + 1
