"""The night as the coordinator on call works it: nothing fits and something carries her until a place is
free; the shift handed over; the board live in another window; what is printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from domain.permissions import Role
from tests.browser.shown.shift import bridge
from tests.browser.town import ALONE, TOO_MANY, WITH_CHILDREN, Town
from tests.browser.windows import Window, Windows

FIVE: Mapping[str, Any] = {"adults": 1, "children": ["AGE_3_5"] * 4}
"""One room of the network is large enough."""
ON_PAPER = "button, input:not([type=hidden]), .azione, nav"


def test_nothing_fits_a_bridge_carries_her_and_then_a_place_is_free(own_town: Town, windows: Windows) -> None:
    first = own_town.held(FIVE)
    while own_town.ask(FIVE)["result"] != "waiting":
        pass
    her = windows.open(own_town, Role.COORDINATOR)
    her.go("/turno")
    her.tap("Nessun posto: trova un’altra strada")
    her.sees("La richiesta resta aperta, al suo posto nella fila.")
    her.sees("si trova una camera più grande, o più camere insieme")
    form = her.page.locator("#modulo")
    form.get_by_label("Albergo verificato, con accompagnamento").check()
    form.get_by_label("Il centro antiviolenza").check()
    form.get_by_role("group", name="Quando si controlla?").get_by_label("alle 08:00").check()
    form.get_by_role("group", name="Fino a quando regge?").get_by_label("alle 12:00").check()
    her.tap("Segna la soluzione")
    her.sees("Prossimo controllo: oggi 08:00. La richiesta resta aperta.")
    her.tap("Torna al turno")
    her.sees("Controllo della soluzione ponte")
    own_town.do(first, "closure", {"outcome": "OTHER_SOLUTION"})
    her.sees("Invia l’offerta alla casa")


def test_the_hand_over_has_the_lines_of_the_queue_in_their_order(own_town: Town, windows: Windows) -> None:
    waiting = own_town.held(TOO_MANY)
    bridge(own_town, waiting)
    own_town.offered(WITH_CHILDREN)
    own_town.held(ALONE, urgency="U3")
    her = windows.open(own_town, Role.COORDINATOR)
    her.go("/turno")
    queue = _placements(her, "#coda h3 a")
    her.tap("Consegne")
    her.sees("Leggi insieme a chi inizia il turno")
    assert _placements(her, "#consegne h3 a") == queue
    assert len(queue) == 3


def test_the_board_follows_in_another_window(own_town: Town, windows: Windows) -> None:
    board = windows.open(own_town, Role.COORDINATOR)
    board.go("/tabellone")
    row = board.page.locator("section").first.get_by_role("row", name=re.compile("^5 persone"))
    assert row.count() == 1
    board.page.wait_for_timeout(500)
    own_town.held(FIVE)
    row.wait_for(state="detached", timeout=5_000)


@pytest.mark.parametrize("path", ["/turno", "/turno/consegne", "/tabellone", "/moduli"])
def test_on_paper_there_is_nothing_to_tap(town: Town, windows: Windows, path: str) -> None:
    her = windows.open(town, Role.COORDINATOR)
    her.go(path)
    if path == "/moduli":
        _make_one_form(her)
    her.page.emulate_media(media="print")
    shown = her.page.locator(ON_PAPER).all()
    assert shown
    assert [each.inner_text() for each in shown if each.is_visible()] == []


def test_a_form_on_paper_is_three_sheets_of_one_page_each(town: Town, windows: Windows) -> None:
    her = windows.open(town, Role.COORDINATOR)
    her.go("/moduli")
    _make_one_form(her)
    printed = her.page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 3


def _make_one_form(her: Window) -> None:
    her.page.get_by_label("1", exact=True).check()
    her.tap("Prepara i moduli")
    her.sees("Richiesta di un posto")


def _placements(her: Window, links: str) -> list[str | None]:
    return [each.get_attribute("href") for each in her.page.locator(links).all()]
