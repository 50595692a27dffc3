"""The harness itself: whoever is asked for is signed in, and what goes wrong in a window is found."""

from __future__ import annotations

from domain.permissions import Role
from tests.browser.town import Town
from tests.browser.windows import Windows


def test_a_coordinator_is_at_her_first_screen(town: Town, windows: Windows) -> None:
    her = windows.open(town, Role.COORDINATOR)
    answer = her.go("/turno")
    assert answer is not None and answer.status == 200
    assert her.path == "/turno"


def test_an_operator_is_at_the_page_of_her_house(town: Town, windows: Windows) -> None:
    house = windows.open(town, Role.SHELTER_OPERATOR, "mimosa", night=True)
    house.go("/casa")
    assert house.path == "/casa"


def test_what_has_happened_is_seen(own_town: Town, windows: Windows) -> None:
    _, house = own_town.offered()
    there = windows.open(own_town, Role.SHELTER_OPERATOR, house)
    there.go("/casa")
    assert there.page.locator("h1").count() == 1


def test_an_error_of_a_script_is_found(town: Town, windows: Windows) -> None:
    her = windows.open(town)
    her.go("/senza-rete")
    her.page.evaluate("() => { setTimeout(() => { throw new Error('broken on purpose') }) }")
    her.page.wait_for_timeout(100)
    assert any("broken on purpose" in each for each in her.troubles)
    her.excuse("broken on purpose")


def test_what_the_content_policy_forbids_is_found(town: Town, windows: Windows) -> None:
    her = windows.open(town)
    her.go("/senza-rete")
    her.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    her.page.wait_for_timeout(100)
    assert any("style-src" in each for each in her.troubles)
    her.excuse("style")
