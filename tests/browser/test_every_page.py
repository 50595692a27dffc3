"""Every page in every state (`tests.browser.shown`), at three widths, by day and night, passes each check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import town as towns
from tests.browser.checks import axe, own_checks
from tests.browser.shown import EVERY
from tests.browser.shown.entry import Scene, Shown
from tests.browser.town import Founded
from tests.browser.windows import HEIGHTS, TELEPHONE, Window, Windows


@pytest.fixture
def scene(request: pytest.FixtureRequest, windows: Windows, tmp_path: Path, shown: Shown) -> Iterator[Scene]:
    """The town that the page is to be looked at in."""
    if not shown.fresh:
        yield Scene(town=request.getfixturevalue("town"), windows=windows)
        return
    founded: Founded = request.getfixturevalue("founded")
    with towns.town(founded, tmp_path) as own:
        yield Scene(town=own, windows=windows)


@pytest.mark.parametrize("shown", EVERY, ids=[shown.name for shown in EVERY])
def test_every_page_is_as_every_page_must_be(shown: Shown, scene: Scene) -> None:
    window = shown.reach(scene)
    faults: dict[str, list[str]] = {}
    for width, height in HEIGHTS.items():
        window.page.set_viewport_size({"width": width, "height": height})
        for night in (False, True):
            window.page.emulate_media(color_scheme="dark" if night else "light")
            for fault in _faults(window, width, night):
                faults.setdefault(fault, []).append(f"{width}{' night' if night else ''}")
    assert not faults, "".join(f"\n  {fault}   [{', '.join(where)}]" for fault, where in faults.items())


def _faults(window: Window, width: int, night: bool) -> list[str]:
    """Ours each time. Axe as a whole at each width by day; the night is the same page in other colours, so of
    its rules the one on colours, at a telephone's width.
    """
    page = window.page
    faults = own_checks(page, night=night, never_shown=window.town.never_shown)
    if not night:
        faults += axe(page)
    elif width == TELEPHONE[0]:
        faults += axe(page, "color-contrast")
    return faults


def test_no_two_pages_have_one_name() -> None:
    assert len({shown.name for shown in EVERY}) == len(EVERY)
