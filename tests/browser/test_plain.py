"""The same pages without what was installed for their look: every check passes, so nothing needs it."""

from __future__ import annotations

import pytest

from domain.permissions import Role
from tests.browser.checks import every_check
from tests.browser.town import Town
from tests.browser.windows import Windows

PAGES = ((None, "/senza-rete"), (Role.COORDINATOR, "/turno"), (Role.SHELTER_OPERATOR, "/casa"))


@pytest.mark.parametrize("night", [False, True])
@pytest.mark.parametrize(("role", "path"), PAGES, ids=[path for _, path in PAGES])
def test_a_page_stands_without_installed_assets(
    role: Role | None, path: str, night: bool, town: Town, windows: Windows
) -> None:
    houses = ("mimosa",) if role is Role.SHELTER_OPERATOR else ()
    window = windows.open(town, role, *houses, night=night)
    window.page.route("**/statiche/vendor/**", lambda route: route.fulfill(status=404, body=""))
    window.excuse("/statiche/vendor/")
    window.go(path)
    assert every_check(window.page, night=night, never_shown=town.never_shown) == []
