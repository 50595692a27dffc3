"""What a page weighs on a bad connection: 400 kbit/s, 300 ms, nothing kept from before.

Bytes and requests decide, for they are the same on every machine. The time of the first paint is printed (run
with `-s`): a machine that is busy says nothing about a page. What comes before the paint is what the time is
made of: 60 KB are 1.2 s at 400 kbit/s, and each of three requests in a row is 0.3 s more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from domain.permissions import Role
from tests.browser import town as towns
from tests.browser.town import TOO_MANY, WITH_CHILDREN, Founded, Town
from tests.browser.windows import Window, Windows

BYTES = 250_000
BYTES_BEFORE_PAINT = 60_000
"""The page, its styles and nothing else: little more than a second at 400 kbit/s."""
BLOCKING, REQUESTS = 3, 12
BLOCKED_BY = """performance.getEntriesByType("resource")
    .filter(each => each.renderBlockingStatus === "blocking").length"""
AGAIN = 60_000
"""Bytes of a second visit: the page itself."""
PAGES = (
    (Role.COORDINATOR, "/turno"),
    (Role.COORDINATOR, "/richieste/nuova"),
    (Role.COORDINATOR, "/tabellone"),
    (Role.COORDINATOR, "/posti/{placement}"),
    (Role.SHELTER_OPERATOR, "/casa"),
    (Role.AUDITOR, "/verifica"),
    (Role.LEAD_BODY, "/rete"),
)


class Scales:
    """Weighs what a window receives, as it comes over the wire."""

    def __init__(self, window: Window) -> None:
        window.devtools("Network.enable")
        session = window.session
        session.on("Network.responseReceived", self._named)
        session.on("Network.loadingFinished", self._weighed)
        self._names: dict[str, tuple[str, str]] = {}
        self.weights: dict[tuple[str, str], float] = defaultdict(float)

    def _named(self, said: Mapping[str, Any]) -> None:
        address = said["response"]["url"].partition("?")[0].rpartition("/")[2]
        self._names[said["requestId"]] = (said["type"], address)

    def _weighed(self, said: Mapping[str, Any]) -> None:
        if (name := self._names.get(said["requestId"])) is not None:
            self.weights[name] += said["encodedDataLength"]

    def of(self, *kinds: str) -> float:
        return sum(weight for (kind, _), weight in self.weights.items() if not kinds or kind in kinds)


@pytest.fixture(scope="module")
def busy(founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, str]]:
    """A town in a bad night, and the id of one of its placements."""
    with towns.town(founded, tmp_path_factory.mktemp("busy")) as made:
        made.held(TOO_MANY)
        made.offered()
        placement, _ = made.accepted(WITH_CHILDREN)
        yield made, placement


@pytest.mark.parametrize(("role", "path"), PAGES, ids=[path for _, path in PAGES])
def test_a_page_is_light_on_a_bad_connection(
    role: Role, path: str, busy: tuple[Town, str], windows: Windows
) -> None:
    town, placement = busy
    houses = ("mimosa",) if role is Role.SHELTER_OPERATOR else ()
    window = windows.open(town, role, *houses)
    scales = Scales(window)
    window.slow()
    answer = window.go(path.format(placement=placement))
    assert answer is not None and answer.ok
    window.page.evaluate("document.fonts.ready.then(() => null)")
    painted = window.page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    )
    blocking = window.page.evaluate(BLOCKED_BY)
    whole, before_paint = scales.of(), scales.of("Document", "Stylesheet")
    first = f"{before_paint / 1000:.0f} KB before the first paint at {painted:.0f} ms"
    print(f"\n{path}: {whole / 1000:.0f} KB, {first}")
    assert whole < BYTES, dict(scales.weights)
    assert before_paint < BYTES_BEFORE_PAINT, dict(scales.weights)
    assert blocking <= BLOCKING
    assert len(scales.weights) <= REQUESTS, dict(scales.weights)


def test_a_second_visit_fetches_the_page_alone(busy: tuple[Town, str], windows: Windows) -> None:
    her = windows.open(busy[0], Role.COORDINATOR)
    her.go("/turno")
    her.page.wait_for_load_state("load")
    scales = Scales(her)
    her.go("/tabellone")
    assert scales.of("Stylesheet", "Font", "Script", "Image") == 0, dict(scales.weights)
    assert scales.of("Document") < AGAIN
