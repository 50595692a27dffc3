"""`make screenshots`: pictures of every page that `tests.browser.shown` lists, by day and by night.

PNG files, whole pages, in `build/screenshots`, which git does not track; those for the front page
(`readme=True`), one screen of a telephone each, in `docs/screenshots`. Words given as arguments choose the
pages whose names have one of them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from ledger.postgres.migrations import migrate
from ledger.postgres.settings import Profile
from ledger.postgres.supervisor import EmbeddedPostgres
from tests.browser import town as towns
from tests.browser.shown import EVERY
from tests.browser.shown.entry import Scene, Shown
from tests.browser.town import Founded, Town
from tests.browser.windows import TELEPHONE, Windows, chromium
from tests.support.postgres import TEMPLATE, administer, passable_directory

ROOT = Path(__file__).resolve().parents[2]
ALL, FRONT = ROOT / "build" / "screenshots", ROOT / "docs" / "screenshots"


def main(words: Sequence[str]) -> int:
    chosen = [shown for shown in EVERY if not words or any(word in shown.name for word in words)]
    for folder in (ALL, FRONT):
        folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    with _stage() as (founded, browser, folder), towns.town(founded, folder) as shared:
        for shown in chosen:
            try:
                _take(shown, founded, shared, browser, folder)
            except Exception as fault:  # noqa: BLE001 - the other pages can still be taken
                print(f"{shown.name}: {type(fault).__name__}: {str(fault)[:300]}", file=sys.stderr)
                failed += 1
    print(f"{len(chosen) - failed} pages in {ALL.relative_to(ROOT)}, {failed} not reached")
    return 1 if failed else 0


@contextmanager
def _stage() -> Iterator[tuple[Founded, Browser, Path]]:
    with passable_directory() as folder, EmbeddedPostgres(folder / "pg", profile=Profile.SCRATCH) as server:
        administer(server, f"CREATE DATABASE {TEMPLATE}")
        asyncio.run(migrate(server.dsn(TEMPLATE)))
        with towns.founding(server, folder) as founded, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium())
            yield founded, browser, folder
            browser.close()


def _take(shown: Shown, founded: Founded, shared: Town, browser: Browser, folder: Path) -> None:
    if shown.fresh:
        with towns.town(founded, folder) as own:
            _shoot(shown, own, browser)
    else:
        _shoot(shown, shared, browser)


def _shoot(shown: Shown, town: Town, browser: Browser) -> None:
    """One visit: the night is the same page in other colours."""
    windows = Windows(browser)
    page = shown.reach(Scene(town=town, windows=windows)).page
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        name = f"{shown.name}{'-notte' if theme == 'dark' else ''}.png"
        # A bar that stays at the thumb would else lie across the middle of the picture.
        page.set_viewport_size({"width": TELEPHONE[0], "height": max(tall, TELEPHONE[1])})
        page.screenshot(path=ALL / name, animations="disabled", caret="hide")
        page.set_viewport_size({"width": TELEPHONE[0], "height": TELEPHONE[1]})
        if shown.readme and theme == shown.readme_theme:
            page.screenshot(path=FRONT / f"{shown.name}.png", animations="disabled", caret="hide")
    windows.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
