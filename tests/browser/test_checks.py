"""Each check finds the fault that it is for on a page with it, and nothing on the same page without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import checks

GOOD = """<!doctype html><html lang="it"><head><title>Approdo – Prova</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Il turno</h1><p>Due donne aspettano un posto.</p>
<form><p><label for="eta">Quanti anni ha</label></p>
<p><input id="eta" class="grande" name="eta"></p>
<p><button class="grande" type="submit">Avanti</button></p></form>
<p><a class="grande" href="/turno">Torna al turno</a></p></main></body></html>"""
LOOK = """.grande { display: block; box-sizing: border-box; min-width: 48px; min-height: 48px; margin: 12px 0;
  border: 2px solid #333; background: #fff; color: #111; font-size: 16px }"""
BROKEN = {
    "small_targets": ("<h1>", '<button type="button">x</button><h1>'),
    "crowded_targets": (
        "</form>",
        '</form><p class="vicini"><a class="grande" href="/">Una</a><a class="grande" href="/">Altra</a></p>',
    ),
    "faint_borders": ("<h1>", '<textarea class="grande pallido" aria-label="Nota"></textarea><h1>'),
    "sticks_out": ("<h1>", '<p class="largo">Molto largo</p><h1>'),
    "headings": ("</h1>", "</h1><h1>Ancora</h1>"),
    "inlined": ("<h1>", '<p onclick="x()">Tocca</p><h1>'),
    "codes": ("Due donne", "EMERGENCY_RECEPTION, due donne"),
    "hard_to_read": (
        "</h1>",
        "</h1><p>"
        + "L’indisponibilità dell’alloggiamento precedentemente individuato determina conseguentemente " * 6
        + "</p>",
    ),
}
MORE = """.vicini a { margin: 2px 0 !important } .pallido { border-color: #ddd !important }
.largo { width: 120vw }"""


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="it-IT")
    return context.new_page()


def shown(page: Page, html: str) -> None:
    """Styles are laid on from outside, so that they are not in the page."""
    page.set_content(html)
    page.evaluate(
        """look => { const sheet = new CSSStyleSheet(); sheet.replaceSync(look);
                     document.adoptedStyleSheets = [sheet] }""",
        LOOK + MORE,
    )


def test_a_good_page_has_no_fault(page: Page) -> None:
    shown(page, GOOD)
    assert checks.every_check(page, never_shown=["mimosa"]) == []
    page.context.close()


@pytest.mark.parametrize("name", [check.__name__ for check in checks.OURS])
def test_a_fault_is_found_by_its_check_alone(page: Page, name: str) -> None:
    before, after = BROKEN[name]
    assert before in GOOD
    shown(page, GOOD.replace(before, after, 1))
    measured = checks.facts(page)
    found = {check.__name__ for check in checks.OURS if list(check(measured))}
    assert name in found
    assert found <= {name, "small_targets"} if name != "faint_borders" else {name}
    page.context.close()


def test_axe_finds_a_picture_without_words(page: Page) -> None:
    shown(page, GOOD.replace("<h1>", '<img src="/x.png"><h1>', 1))
    assert any("image-alt" in fault for fault in checks.axe(page))
    page.context.close()


def test_a_title_and_an_address_are_searched(page: Page) -> None:
    shown(page, GOOD.replace("Approdo – Prova", "Approdo – Mimosa 0199aaaa-bbbb-7ccc", 1))
    assert len(list(checks.tells_too_much(checks.facts(page), ["mimosa", "glicine"]))) == 2
    page.context.close()


def test_a_white_ground_is_bright_at_night(page: Page) -> None:
    shown(page, GOOD)
    assert list(checks.bright_at_night(checks.facts(page)))
    page.context.close()


def test_the_words_of_the_program_are_those_of_its_enumerations() -> None:
    words = checks.words_of_the_program()
    assert {"EMERGENCY_RECEPTION", "STAFFED_AT_NIGHT", "COORDINATOR"} <= words
    assert "U1" not in words
