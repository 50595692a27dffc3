"""Leaving at once: by a tap, by Esc, by Shift three times. The page is gone, the session has ended, and the
way back shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from api.http.cookies import SESSION
from domain.permissions import Role
from tests.browser.town import Town
from tests.browser.windows import Window, Windows


def _tap(window: Window) -> None:
    window.tap("Esci subito")


def _escape(window: Window) -> None:
    window.page.keyboard.press("Escape")


def _shift(window: Window) -> None:
    for _ in range(3):
        window.page.keyboard.press("Shift")


@pytest.mark.parametrize("leave", [_tap, _escape, _shift])
def test_whoever_leaves_leaves_nothing_behind(
    town: Town, windows: Windows, leave: Callable[[Window], None]
) -> None:
    her = windows.open(town, Role.COORDINATOR)
    her.go("/turno")
    leave(her)
    her.page.wait_for_url("**/fine")
    assert her.text == ""
    assert "Approdo" not in her.page.title()
    assert SESSION not in {cookie.get("name") for cookie in her.context.cookies()}
    her.page.go_back()
    assert "Turno" not in her.text
    her.go("/turno")
    assert her.path == "/accesso"


def test_the_page_is_gone_before_the_server_knows(town: Town, windows: Windows) -> None:
    her = windows.open(town, Role.COORDINATOR)
    her.go("/turno")
    her.page.route("**/esci", lambda _: None)
    her.page.keyboard.press("Escape")
    expect(her.page.locator("h1")).to_be_hidden(timeout=200)
    her.page.wait_for_url("**/fine", timeout=2000)


def test_esc_first_closes_what_it_has_opened(town: Town, windows: Windows) -> None:
    """In a list or a date it belongs to the telephone's own window; the second time it leaves."""
    her = windows.open(town, Role.COORDINATOR)
    her.go("/ingressi/diretto")
    her.page.locator("input[type=date]").first.focus()
    her.page.keyboard.press("Escape")
    her.page.wait_for_timeout(300)
    assert her.path == "/ingressi/diretto"
    her.page.keyboard.press("Escape")
    her.page.wait_for_url("**/fine")


def test_without_scripts_the_same_button_leaves(town: Town, windows: Windows) -> None:
    her = windows.open(town, Role.COORDINATOR, scripts=False)
    her.go("/turno")
    her.tap("Esci subito")
    her.page.wait_for_url("**/fine")
    her.go("/turno")
    assert her.path == "/accesso"


def test_whoever_left_without_a_network_has_left_when_it_is_back(own_town: Town, windows: Windows) -> None:
    her = windows.open(own_town, Role.COORDINATOR, workers="allow")
    her.go("/turno")
    her.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    her.offline()
    her.page.keyboard.press("Escape")
    her.page.wait_for_url("**/fine")
    assert her.text == ""
    her.offline(cut=False)
    her.go("/turno")
    her.page.wait_for_url("**/fine")
    her.go("/turno")
    assert her.path == "/accesso"
    assert "approdo-uscita" not in {cookie.get("name") for cookie in her.context.cookies()}
