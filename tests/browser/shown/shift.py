"""The coordination's pages about a shift as a whole and about what nothing fits: queue, hand-over, board,
bridges, neighbours, late entries, corrections, forms on paper.
"""

from __future__ import annotations

from datetime import timedelta

from domain.permissions import Role
from tests.browser.shown.entry import Scene, Shown
from tests.browser.town import TOO_MANY, WITH_CHILDREN, Town
from tests.browser.windows import Window


def bridge(town: Town, placement: str) -> None:
    """A hotel until noon, looked after at seven."""
    body = {
        "kind": "VETTED_HOTEL_WITH_ESCORT",
        "checked_by": "CAV",
        "check_at": (town.now + timedelta(hours=4)).isoformat(),
        "until": (town.now + timedelta(hours=9)).isoformat(),
    }
    town.do(placement, "bridge", body)


def _at(scene: Scene, path: str) -> Window:
    her = scene.open(Role.COORDINATOR)
    her.go(path)
    return her


def _night(scene: Scene) -> str:
    """One waits on a bridge, one was offered and time is over, one house has said yes."""
    town = scene.town
    waiting = town.held(TOO_MANY, safe_until=(town.now + timedelta(minutes=5)).isoformat())
    bridge(town, waiting)
    town.offered(WITH_CHILDREN, safe_until=(town.now + timedelta(minutes=5)).isoformat())
    town.move(minutes=40)
    town.accepted()
    return waiting


def _full_shift(scene: Scene) -> Window:
    _night(scene)
    return _at(scene, "/turno")


def _stale_shift(scene: Scene) -> Window:
    scene.town.move(hours=30)
    return _at(scene, "/turno")


def _full_handover(scene: Scene) -> Window:
    _night(scene)
    her = _at(scene, "/turno/consegne")
    for each in her.page.locator("summary").all():
        each.click()
    return her


def _quiet_handover(scene: Scene) -> Window:
    return _at(scene, "/turno/consegne")


def _board(scene: Scene) -> Window:
    return _at(scene, "/tabellone")


def _old_board(scene: Scene) -> Window:
    scene.town.move(hours=30)
    return _at(scene, "/tabellone")


def _no_bridge(scene: Scene) -> Window:
    return _at(scene, f"/posti/{scene.town.held(TOO_MANY)}/ponte")


def _bridge_misunderstood(scene: Scene) -> Window:
    her = _no_bridge(scene)
    her.tap("Segna la soluzione")
    her.sees("Scegli quando.")
    return her


def _bridge_stands(scene: Scene) -> Window:
    placement = scene.town.held(TOO_MANY)
    bridge(scene.town, placement)
    her = _at(scene, f"/posti/{placement}/ponte")
    for each in her.page.locator("summary").all():
        each.click()
    return her


def _no_longer_seeking(scene: Scene) -> Window:
    placement = scene.town.held(TOO_MANY)
    scene.town.do(placement, "closure", {"outcome": "OTHER_SOLUTION"})
    her = scene.open(Role.COORDINATOR)
    her.go(f"/posti/{scene.town.held(TOO_MANY)}/chiusura")
    her.page.get_by_text("Richiesta scritta per errore").click()
    her.page.locator("main").get_by_role("button", name="Chiudi la richiesta").click()
    her.sees("Richiesta chiusa")
    return her


def _neighbours(scene: Scene) -> Window:
    placement = scene.town.held(TOO_MANY)
    her = _at(scene, f"/posti/{placement}/reti-vicine")
    her.tap("Ho chiesto il posto")
    her.sees("aspettiamo la loro risposta")
    return her


def _closure(scene: Scene) -> Window:
    return _at(scene, f"/posti/{scene.town.held(TOO_MANY)}/chiusura")


def _number(scene: Scene) -> Window:
    her = _at(scene, "/turno")
    her.tap("Mostra il numero")
    her.sees("Numero da chiamare")
    return her


def _direct(scene: Scene) -> Window:
    return _at(scene, "/ingressi/diretto")


def _direct_misunderstood(scene: Scene) -> Window:
    her = _direct(scene)
    her.page.get_by_label("Adulte").fill("0")
    her.page.get_by_label("Quante dormono senza letto?").fill("99")
    her.page.evaluate("document.querySelector('#modulo').noValidate = true")
    her.tap("Registra l’ingresso")
    her.sees("Serve almeno un’adulta.")
    return her


def _direct_of_a_request(scene: Scene) -> Window:
    return _at(scene, f"/ingressi/diretto?posto={scene.town.held(TOO_MANY)}")


def _story(scene: Scene) -> Window:
    placement = scene.town.held(TOO_MANY)
    scene.town.do(placement, "corrections", {"version": 1, "reason": "WRONG_VALUE"})
    return _at(scene, f"/posti/{placement}/storia")


def _correction(scene: Scene) -> Window:
    her = _at(scene, f"/posti/{scene.town.held(TOO_MANY)}/storia/1/correggi")
    her.tap("Scrivi la correzione")
    her.sees("Scegli una voce.")
    return her


def _paper(scene: Scene) -> Window:
    return _at(scene, "/moduli")


def _code_not_found(scene: Scene) -> Window:
    her = _paper(scene)
    her.page.get_by_label("Codice del modulo").fill("ABC-DEF-GHJ")
    her.tap("Continua")
    her.sees("Codice non trovato")
    return her


def _sheets(scene: Scene) -> Window:
    her = _paper(scene)
    her.page.get_by_label("1", exact=True).check()
    her.tap("Prepara i moduli")
    her.sees("Richiesta di un posto")
    return her


SHOWN = (
    Shown("coordinatrice-turno-pieno", _full_shift, fresh=True, readme=True, readme_theme="dark"),
    Shown("coordinatrice-turno-case-da-risentire", _stale_shift, fresh=True),
    Shown("coordinatrice-consegne", _full_handover, fresh=True),
    Shown("coordinatrice-consegne-vuote", _quiet_handover),
    Shown("coordinatrice-tabellone", _board),
    Shown("coordinatrice-tabellone-parola-vecchia", _old_board, fresh=True),
    Shown("coordinatrice-numero", _number),
    Shown("coordinatrice-nessun-posto", _no_bridge, fresh=True),
    Shown("coordinatrice-nessun-posto-non-capito", _bridge_misunderstood, fresh=True),
    Shown("coordinatrice-soluzione-ponte", _bridge_stands, fresh=True),
    Shown("coordinatrice-reti-vicine", _neighbours, fresh=True),
    Shown("coordinatrice-chiusura", _closure, fresh=True),
    Shown("coordinatrice-richiesta-chiusa", _no_longer_seeking, fresh=True),
    Shown("coordinatrice-ingresso-diretto", _direct),
    Shown("coordinatrice-ingresso-diretto-non-capito", _direct_misunderstood),
    Shown("coordinatrice-ingresso-di-una-richiesta", _direct_of_a_request, fresh=True),
    Shown("coordinatrice-storia", _story, fresh=True),
    Shown("coordinatrice-correzione", _correction, fresh=True),
    Shown("coordinatrice-moduli", _paper),
    Shown("coordinatrice-moduli-codice-sbagliato", _code_not_found),
    Shown("coordinatrice-moduli-fogli", _sheets),
)
