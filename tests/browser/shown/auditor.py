"""The pages of the desk of a verifier."""

from __future__ import annotations

from contextlib import suppress

from domain.permissions import Role
from tests.browser.shown.entry import Scene, Shown
from tests.browser.town import ALONE, TOO_MANY, WITH_CHILDREN
from tests.browser.windows import Window
from trials.stage.calls import Problem


def _night(scene: Scene) -> tuple[Window, str]:
    """One waits, one has been offered and refused, and an entry came late; the auditor, and the placement."""
    town = scene.town
    town.ask(TOO_MANY)
    before = town.now.isoformat()
    placement, house = town.offered(WITH_CHILDREN)
    town.move(minutes=12)
    town.do(placement, "refusal", {"channel": "SCREEN", "shown": "NOT_NOW"}, house)
    with suppress(Problem):  # the server's own loop may have found a place already
        town.do(placement, "search", {})
    town.do(placement, "safe-until", {"setting": "FRIEND", "safe_until": None, "occurred_at": before})
    inside, house = town.accepted(ALONE)
    town.do(inside, "woman-acceptance", {"proximity_checked_by_voice": True})
    town.do(inside, "admission", {}, house)
    return scene.open(Role.AUDITOR), placement


def _begin(scene: Scene) -> Window:
    auditor = scene.open(Role.AUDITOR)
    auditor.go("/verifica")
    return auditor


def _as_it_was(scene: Scene) -> Window:
    auditor, _ = _night(scene)
    auditor.go("/verifica")
    return auditor


def _no_instant(scene: Scene) -> Window:
    auditor = scene.open(Role.AUDITOR)
    auditor.go("/verifica?giorno=2036-01-01&ora=03:12:00")
    return auditor


def _journey(scene: Scene) -> Window:
    auditor, placement = _night(scene)
    auditor.go(f"/verifica/posti/{placement}")
    return auditor


def _decisions(scene: Scene) -> Window:
    auditor, placement = _night(scene)
    auditor.go(f"/verifica/posti/{placement}/decisioni")
    return auditor


def _none(scene: Scene) -> Window:
    auditor = scene.open(Role.AUDITOR)
    auditor.go("/verifica/posti?percorso=niente")
    return auditor


def _never_sealed(scene: Scene) -> Window:
    auditor = scene.open(Role.AUDITOR)
    auditor.go("/verifica/sigillo")
    return auditor


def _sealed(scene: Scene) -> Window:
    scene.town.ask(ALONE)
    scene.town.seal(seen=True)
    return _never_sealed(scene)


def _sealer_stands_still(scene: Scene) -> Window:
    scene.town.seal()
    scene.town.ask(ALONE)
    scene.town.move(minutes=11)
    return _never_sealed(scene)


SHOWN: tuple[Shown, ...] = (
    Shown("verifica-inizio", _begin),
    Shown("verifica-com-era", _as_it_was, fresh=True),
    Shown("verifica-momento-che-non-c-e", _no_instant),
    Shown("verifica-percorso", _journey, fresh=True),
    Shown("verifica-decisioni", _decisions, fresh=True, readme=True),
    Shown("verifica-percorso-che-non-c-e", _none),
    Shown("verifica-sigillo", _sealed, fresh=True),
    Shown("verifica-sigillo-mai", _never_sealed, fresh=True),
    Shown("verifica-sigillo-fermo", _sealer_stands_still, fresh=True),
)
