"""Every page in every state that a person can meet: what `tests.browser.test_every_page` looks at, at 320,
390 and 1280 pixels, by day and by night, and what `make screenshots` takes pictures of.

One module for each area of the pages. To add a page, write in the module of your area

    def _queue(scene: Scene) -> Window:
        scene.town.held(WITH_CHILDREN)                     # what has happened, at the doors
        her = scene.open(Role.COORDINATOR)                 # signed in, at the width and theme of the moment
        her.go("/turno")                                   # or taps and fills until the page stands
        return her

    SHOWN = (
        …
        Shown("coordinatrice-coda", _queue, fresh=True),   # its own network: it holds places
    )

The name is that of the picture, Italian and with hyphens. `fresh=True` gives the page a network and a server
of its own (three seconds); without it the network is shared with other pages, so change nothing that they
show. A window with expected troubles excuses them itself. `readme=True` puts the picture on the front page.
"""

from __future__ import annotations

from tests.browser.shown import auditor, common, coordinator, house, identity, lead, placement, shift
from tests.browser.shown.entry import Shown

EVERY: tuple[Shown, ...] = (
    *common.SHOWN,
    *identity.SHOWN,
    *coordinator.SHOWN,
    *placement.SHOWN,
    *shift.SHOWN,
    *house.SHOWN,
    *auditor.SHOWN,
    *lead.SHOWN,
)
