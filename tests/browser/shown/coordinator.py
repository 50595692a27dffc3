"""The pages of the coordinator on call."""

from __future__ import annotations

from domain.permissions import Role
from tests.browser.shown.entry import Scene, Shown
from tests.browser.windows import Window


def _quiet_shift(scene: Scene) -> Window:
    her = scene.open(Role.COORDINATOR)
    her.go("/turno")
    return her


SHOWN = (Shown("coordinatrice-turno", _quiet_shift),)
