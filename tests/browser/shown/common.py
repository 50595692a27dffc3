"""Pages that belong to no area: nobody's, and what is left when something goes wrong."""

from __future__ import annotations

from domain.permissions import Role
from tests.browser.shown.entry import Scene, Shown
from tests.browser.windows import Window


def _offline(scene: Scene) -> Window:
    nobody = scene.open()
    nobody.go("/senza-rete")
    return nobody


def _nowhere(scene: Scene) -> Window:
    her = scene.open(Role.COORDINATOR)
    her.go("/posti/01990000-0000-7000-8000-000000000000")
    return her


def _not_hers(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "mimosa")
    house.go("/turno")
    return house


SHOWN = (
    Shown("comune-senza-rete", _offline),
    Shown("comune-pagina-che-non-c-e", _nowhere),
    Shown("comune-pagina-di-altre", _not_hers),
)
