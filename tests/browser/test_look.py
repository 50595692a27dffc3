"""How the pages look where a script cannot say it: the night is dark from its first paint, an exercise cannot
be missed, a printed sheet has no buttons, and every width has room.
"""

from __future__ import annotations

import base64
import struct
import zlib
from time import sleep

import pytest
from playwright.sync_api import Route, expect

from domain.permissions import Role
from tests.browser.town import Town
from tests.browser.windows import Window, Windows

DARK, LIGHT = 60, 180
"""Mean luminance of a picture, of 255."""


def _luminance(picture: bytes) -> float:
    """Of a PNG of eight bits a channel without interlacing, as a browser's are: a sample of its pixels."""
    width, height, _, kind = struct.unpack(">IIBB", picture[16:26])
    channels = {2: 3, 6: 4}[kind]
    rows = _rows(picture, width * channels, channels)
    total, count = 0.0, 0
    for row in rows[:: max(1, height // 100)]:
        for at in range(0, width * channels, channels * 4):
            red, green, blue = row[at : at + 3]
            total += 0.2126 * red + 0.7152 * green + 0.0722 * blue
            count += 1
    return total / count


def _rows(picture: bytes, length: int, channels: int) -> list[bytearray]:
    packed, at = b"", 8
    while at < len(picture):
        size, kind = struct.unpack(">I4s", picture[at : at + 8])
        packed += picture[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    raw, rows, above = zlib.decompress(packed), list[bytearray](), bytearray(length)
    for start in range(0, len(raw), length + 1):
        row = bytearray(raw[start + 1 : start + 1 + length])
        _unfiltered(raw[start], row, above, channels)
        rows.append(row)
        above = row
    return rows


def _unfiltered(kind: int, row: bytearray, above: bytearray, channels: int) -> None:
    """PNG, "filter types", in place."""
    for at in range(len(row)):
        left = row[at - channels] if at >= channels else 0
        corner = above[at - channels] if at >= channels else 0
        guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[kind]
        row[at] = (row[at] + guess) & 255


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))


def _shot(window: Window) -> bytes:
    """As it stands, without waiting for anything."""
    taken = window.devtools("Page.captureScreenshot", {"format": "png"})
    return base64.b64decode(taken["data"])


def test_the_night_is_dark_and_the_day_is_not(town: Town, windows: Windows) -> None:
    by_night = windows.open(town, Role.COORDINATOR, night=True)
    by_day = windows.open(town, Role.COORDINATOR)
    chosen = windows.open(town, Role.COORDINATOR, theme="notte")
    against = windows.open(town, Role.COORDINATOR, night=True, theme="chiaro")
    for window in (by_night, by_day, chosen, against):
        window.go("/turno")
    assert _luminance(_shot(by_night)) < DARK
    assert _luminance(_shot(chosen)) < DARK
    assert _luminance(_shot(by_day)) > LIGHT
    assert _luminance(_shot(against)) > LIGHT


@pytest.mark.parametrize(("night", "theme"), [(True, None), (False, "notte")])
def test_no_white_flash_in_the_night(town: Town, windows: Windows, night: bool, theme: str | None) -> None:
    """The stylesheet comes late: until then the browser's own ground is shown, and it must be dark too."""
    her = windows.open(town, night=night, theme=theme)

    def late(route: Route) -> None:
        sleep(1.5)
        route.continue_()

    her.page.route("**/approdo.css*", late)
    her.page.goto(her.town.url + "/senza-rete", wait_until="commit")
    her.page.wait_for_timeout(500)
    assert _luminance(_shot(her)) < DARK
    her.page.wait_for_load_state()
    assert _luminance(_shot(her)) < DARK


@pytest.mark.parametrize("night", [False, True])
def test_an_exercise_cannot_be_missed(town: Town, windows: Windows, night: bool) -> None:
    her = windows.open(town, Role.COORDINATOR, night=night)
    her.go("/turno")
    assert her.page.title().startswith("ESERCITAZIONE")
    expect(her.page.locator(".esercitazione")).to_be_visible()
    stripes = "each => getComputedStyle(each, '::after').backgroundImage"
    assert "repeating-linear-gradient" in her.page.locator(".testata").evaluate(stripes)
    colour = her.page.locator(".testata").evaluate("each => getComputedStyle(each).backgroundColor")
    her.page.evaluate("document.documentElement.dataset.registro = 'REAL'")
    assert her.page.locator(".testata").evaluate("each => getComputedStyle(each).backgroundColor") != colour


def test_a_printed_sheet_has_no_buttons_and_says_that_it_is_an_exercise(town: Town, windows: Windows) -> None:
    her = windows.open(town, Role.COORDINATOR, width=1280, night=True)
    her.go("/turno/consegne")
    her.page.emulate_media(media="print")
    assert not her.page.locator("button:visible, .azione:visible, .testata:visible").count()
    expect(her.page.locator(".esercitazione")).to_be_visible()
    colours = (
        "() => { const said = getComputedStyle(document.body); return [said.color, said.backgroundColor] }"
    )
    assert her.page.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_main_action_is_at_the_thumb_and_covers_nothing(town: Town, windows: Windows, width: int) -> None:
    her = windows.open(town, Role.COORDINATOR, width=width)
    her.go("/turno")
    bar = her.page.locator(".barra-bassa")
    box, window = bar.bounding_box(), her.page.viewport_size
    assert box is not None and window is not None
    assert abs(box["y"] + box["height"] - window["height"]) < 2, "at the foot of the window"
    her.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = her.page.locator(".pagina > *").last.bounding_box()
    bar_now = bar.bounding_box()
    assert last is not None and bar_now is not None
    assert last["y"] + last["height"] <= bar_now["y"] + 1
    assert her.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
