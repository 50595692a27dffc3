"""The lead body at its desk: a review by the keyboard alone, figures on paper and in a file."""

from __future__ import annotations

from domain.permissions import Role
from tests.api.pages.lead.stage import a_month
from tests.browser.shown.lead import published, waiting
from tests.browser.town import Town
from tests.browser.windows import Windows


def test_a_review_is_done_by_the_keyboard_alone(own_town: Town, windows: Windows) -> None:
    waiting(own_town)
    lead = windows.open(own_town, Role.LEAD_BODY, width=1280)
    lead.go("/rete/controlli")
    page = lead.page
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Registra il controllo"
    page.keyboard.press("Enter")
    lead.sees("Controllo registrato.")
    lead.sees("Nessun controllo da fare.")


def test_figures_on_paper_are_figures_alone(own_town: Town, windows: Windows) -> None:
    published(own_town, a_month())
    lead = windows.open(own_town, Role.LEAD_BODY)
    lead.go("/rete/cifre")
    page = lead.page
    assert page.locator("svg.grafico").count() >= 3
    page.emulate_media(media="print")
    for gone in ("button", "nav", "select"):
        found = page.locator(gone)
        assert not [each for each in found.all() if each.is_visible()], gone
    assert page.locator("svg.grafico").first.is_visible()
    page.emulate_media(media="screen")
    with page.expect_download() as taken:
        lead.tap("I casi, per Excel (CSV)")
    assert taken.value.suggested_filename == "cifre.csv"
    assert taken.value.path().read_bytes().startswith('\ufeff"Tabella";'.encode())
