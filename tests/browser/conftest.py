"""Fixtures of the browser tests. `town` is shared by the tests of a process: look, but change only what is
yours. `own_town` is fresh, with a server of its own (a second or two): for stories.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from ledger.postgres.supervisor import EmbeddedPostgres
from tests.browser import town as towns
from tests.browser.town import Founded, Town
from tests.browser.windows import Windows, chromium


@pytest.fixture(scope="session")
def browser(migrated_server: EmbeddedPostgres) -> Iterator[Browser]:
    """The one browser of this process. After the database, as Playwright's loop then runs on this thread."""
    program = chromium()
    assert program is not None, "no Chromium here: apt-get install chromium, or set APPRODO_CHROMIUM"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def founded(
    browser: Browser, migrated_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Founded]:
    with towns.founding(migrated_server, tmp_path_factory.mktemp("founded")) as made:
        yield made


@pytest.fixture(scope="session")
def town(founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with towns.town(founded, tmp_path_factory.mktemp("town")) as made:
        yield made


@pytest.fixture
def own_town(founded: Founded, tmp_path: Path) -> Iterator[Town]:
    with towns.town(founded, tmp_path) as made:
        yield made


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    opened = Windows(browser)
    yield opened
    assert opened.close() == []
