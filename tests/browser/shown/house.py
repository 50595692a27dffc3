"""The pages of the operator of a house."""

from __future__ import annotations

from domain.permissions import Role
from tests.browser.shown.entry import Scene, Shown
from tests.browser.windows import Window


def _start(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "mimosa")
    house.go("/casa")
    return house


SHOWN = (Shown("casa-inizio", _start),)
