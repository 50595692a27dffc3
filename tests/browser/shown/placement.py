"""The three screens of a request, and a placement's page in each phase with the pages below it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from domain.permissions import Role
from tests.browser.shown.entry import Scene, Shown
from tests.browser.town import ALONE, TOO_MANY, WITH_CHILDREN
from tests.browser.windows import Window


def _at(scene: Scene, placement: str, below: str = "") -> Window:
    her = scene.open(Role.COORDINATOR)
    her.go(f"/posti/{placement}{below}")
    return her


def _screen_1(scene: Scene) -> Window:
    her = scene.open(Role.COORDINATOR)
    her.go("/richieste/nuova")
    return her


def screen_2(scene: Scene) -> Window:
    her = _screen_1(scene)
    her.page.get_by_role("group", name="Può parlare").get_by_label("No", exact=True).check()
    her.page.get_by_label("Sì, lo ha detto adesso").check()
    her.page.get_by_label("Centro antiviolenza", exact=True).check()
    her.tap("Avanti: chi ha bisogno")
    her.sees("Chi ha bisogno del posto")
    return her


def _screen_3(scene: Scene) -> Window:
    her = screen_2(scene)
    her.tap("Avanti: dov’è adesso")
    her.sees("Per quanto è al sicuro dov’è?")
    return her


def _screen_1_misunderstood(scene: Scene) -> Window:
    her = _screen_1(scene)
    her.tap("Avanti: chi ha bisogno")
    her.sees("Scegli una voce.")
    return her


def _screen_3_misunderstood(scene: Scene) -> Window:
    her = _screen_3(scene)
    her.tap("Cerca un posto")
    her.sees("Va bene anche «non so».")
    return her


def _minor(scene: Scene) -> Window:
    her = scene.open(Role.COORDINATOR)
    her.go("/richieste/minorenne")
    return her


def _without_consent(scene: Scene) -> Window:
    return _at(scene, scene.town.held(ALONE, consented_at=None))


def _offered(scene: Scene) -> Window:
    return _at(scene, scene.town.offered(WITH_CHILDREN)[0])


def _talking(scene: Scene) -> Window:
    placement, _ = scene.town.offered(WITH_CHILDREN)
    scene.town.do(placement, "conversation", {})
    return _at(scene, placement)


def _silent(scene: Scene) -> Window:
    placement, _ = scene.town.offered(WITH_CHILDREN)
    scene.town.move(minutes=12)
    her = _at(scene, placement)
    her.sees("Nessuna risposta")
    return her


def _waiting(scene: Scene) -> Window:
    return _at(scene, scene.town.held(TOO_MANY))


def _stopped(scene: Scene) -> Window:
    placement, _ = scene.town.accepted(WITH_CHILDREN)
    scene.town.do(placement, "decline", {"code": "TOO_FAR"})
    return _at(scene, placement)


def _agreed(scene: Scene) -> str:
    town = scene.town
    placement, _ = town.accepted(WITH_CHILDREN)
    town.do(placement, "woman-acceptance", {"proximity_checked_by_voice": False})
    expected = (town.now + timedelta(hours=1)).isoformat()
    town.do(placement, "handover", {"expected_at": expected, "escort": "LAW_ENFORCEMENT"})
    return placement


def _expected(scene: Scene) -> Window:
    return _at(scene, _agreed(scene))


def _not_arrived(scene: Scene) -> Window:
    placement = _agreed(scene)
    scene.town.do(placement, "no-show", {})
    return _at(scene, placement)


def _arrived(scene: Scene) -> Window:
    placement = _agreed(scene)
    scene.town.do(placement, "admission", {})
    return _at(scene, placement)


def _ended(scene: Scene) -> Window:
    her = _at(scene, scene.town.held(ALONE))
    her.page.locator("#secondarie summary").click()
    her.page.get_by_label("Non vuole più un posto").check()
    her.tap("Ritira il suo sì")
    her.sees("Percorso chiuso")
    return her


def _opened(below: str) -> Callable[[Scene], Window]:
    """A page below one whose house has said yes, with everything folded out."""

    def reach(scene: Scene) -> Window:
        her = _at(scene, scene.town.accepted(ALONE)[0], below)
        for each in her.page.locator("main summary").all():
            each.click()
        return her

    return reach


def _values(scene: Scene) -> Window:
    her = _at(scene, scene.town.held(ALONE), "/dati")
    her.page.get_by_label("Numero per richiamarla").fill("+39 000 5550 123")
    her.page.get_by_label("Ha detto lei che si può chiamare").check()
    her.page.get_by_label("Parola d’intesa").fill("corbezzolo")
    her.page.get_by_role("button", name="Custodisci", exact=True).click()
    her.sees("Custodito.")
    return her


def _values_opened(scene: Scene) -> Window:
    her = _values(scene)
    her.tap("Apri")
    her.sees("Spariscono da soli")
    return her


def _her_misunderstood(scene: Scene) -> Window:
    her = _at(scene, scene.town.accepted(ALONE)[0], "/lei")
    her.tap("Lei dice sì")
    her.sees("Scegli una voce.")
    return her


SHOWN = (
    Shown("coordinatrice-richiesta-1", _screen_1),
    Shown("coordinatrice-richiesta-1-non-capita", _screen_1_misunderstood),
    Shown("coordinatrice-richiesta-2", screen_2),
    Shown("coordinatrice-richiesta-3", _screen_3),
    Shown("coordinatrice-richiesta-3-non-capita", _screen_3_misunderstood),
    Shown("coordinatrice-richiesta-minorenne", _minor),
    Shown("coordinatrice-posto-senza-il-suo-si", _without_consent, fresh=True),
    Shown("coordinatrice-posto-offerto", _offered, fresh=True),
    Shown("coordinatrice-posto-al-telefono", _talking, fresh=True),
    Shown("coordinatrice-posto-silenzio", _silent, fresh=True),
    Shown("coordinatrice-posto-la-casa-dice-si", _opened(""), fresh=True),
    Shown("coordinatrice-posto-in-attesa", _waiting, fresh=True),
    Shown("coordinatrice-posto-ricerca-ferma", _stopped, fresh=True),
    Shown("coordinatrice-posto-arrivo-concordato", _expected, fresh=True),
    Shown("coordinatrice-posto-non-arrivata", _not_arrived, fresh=True),
    Shown("coordinatrice-posto-arrivata", _arrived, fresh=True),
    Shown("coordinatrice-posto-chiuso", _ended, fresh=True),
    Shown("coordinatrice-posto-risposta-della-casa", _opened("/casa"), fresh=True),
    Shown("coordinatrice-posto-chiedere-a-lei", _opened("/lei"), fresh=True),
    Shown("coordinatrice-posto-chiedere-a-lei-non-capito", _her_misunderstood, fresh=True),
    Shown("coordinatrice-posto-lei-dice-no", _opened("/lei/no"), fresh=True),
    Shown("coordinatrice-posto-accordo", _opened("/accordo"), fresh=True),
    Shown("coordinatrice-posto-altri", _opened("/altri"), fresh=True),
    Shown("coordinatrice-posto-cambia", _opened("/cambia"), fresh=True),
    Shown("coordinatrice-posto-consegna", _opened("/consegna"), fresh=True),
    Shown("coordinatrice-posto-dati", _values, fresh=True),
    Shown("coordinatrice-posto-dati-aperti", _values_opened, fresh=True),
)
