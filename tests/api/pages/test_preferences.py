"""The language and the theme of a browser: switched on the page where one is."""

from __future__ import annotations

import pytest

from domain.permissions import Role
from tests.api.pages.ground import pages, played


@played
async def test_the_language_is_switched_where_one_is_and_stays() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open("/tabellone")
        page = await reader.send(page.form("/preferenze"), button="English")
        assert (page.path, page.status) == ("/tabellone", 200)
        assert '<html lang="en"' in page.html and "Lock" in page.text
        page = await reader.send(page.form("/preferenze"), button="Italiano")
        assert '<html lang="it"' in page.html


@played
async def test_the_theme_is_switched_also_where_nobody_is_signed_in() -> None:
    async with pages() as there:
        reader = there.reader()
        page = await reader.open("/accesso")
        page = await reader.send(page.form("/preferenze"), button="Tema notte")
        assert page.path == "/accesso" and 'data-tema="notte"' in page.html
        page = await reader.send(page.form("/preferenze"), button="Tema chiaro")
        assert 'data-tema="chiaro"' in page.html


@pytest.mark.parametrize(
    "back_to",
    ["//altrove.invalid", "https://altrove.invalid", "/\\altrove", "/blocca", "/esci", "", "/è", "/niente"],
)
@played
async def test_nobody_is_sent_away_or_to_what_takes_only_forms(back_to: str) -> None:
    async with pages() as there:
        reader = there.reader()
        form = (await reader.open("/accesso")).form("/preferenze")
        answer = await reader.sent(form, _torna=back_to, tema="notte")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


@played
async def test_what_is_no_language_or_theme_changes_nothing() -> None:
    async with pages() as there:
        reader = there.reader()
        form = (await reader.open("/accesso")).form("/preferenze")
        answer = await reader.sent(form, lingua="fr", tema='"><script>')
        assert answer.status_code == 303
        assert "set-cookie" not in answer.headers
