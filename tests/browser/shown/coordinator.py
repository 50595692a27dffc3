"""The pages of the coordinator on call."""

from __future__ import annotations

from domain.permissions import Role
from tests.browser.shown.entry import Scene, Shown
from tests.browser.town import WITH_CHILDREN
from tests.browser.windows import Window


def _quiet_shift(scene: Scene) -> Window:
    her = scene.open(Role.COORDINATOR)
    her.go("/turno")
    return her


def _held(scene: Scene) -> Window:
    placement = scene.town.held(WITH_CHILDREN)
    her = scene.open(Role.COORDINATOR)
    her.go(f"/posti/{placement}")
    return her


SHOWN = (
    Shown("coordinatrice-turno", _quiet_shift),
    Shown("coordinatrice-posto-opzionato", _held, fresh=True, readme=True),
)
