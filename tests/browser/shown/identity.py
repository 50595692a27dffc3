"""The pages of signing in, the shared device, the locked screen, one's own ways in; and of who asks for a
place from outside the coordination.
"""

from __future__ import annotations

from collections.abc import Callable

from domain.permissions import Role
from tests.browser.shown.entry import Scene, Shown
from tests.browser.town import TOO_MANY
from tests.browser.windows import Window


def _at(path: str, role: Role | None = None, *houses: str) -> Callable[[Scene], Window]:
    """A page that is reached by its address."""

    def reach(scene: Scene) -> Window:
        window = scene.open(role, *houses)
        window.go(path)
        return window

    return reach


def _tapped(path: str, words: str, role: Role | None = None, *houses: str) -> Callable[[Scene], Window]:
    """What a tap on that page leads to."""

    def reach(scene: Scene) -> Window:
        window = _at(path, role, *houses)(scene)
        title = window.page.title()
        window.tap(words)
        window.page.wait_for_function("title => document.title !== title", arg=title)
        return window

    return reach


def _colleagues(scene: Scene) -> Window:
    """Where somebody has a PIN and the screen is locked, another person signs in."""
    window = _at("/turno", Role.COORDINATOR)(scene)
    window.tap("Blocca")
    window.sees("Schermo bloccato")
    window.go("/accesso")
    window.sees("Chi sei?")
    return window


def _pin(scene: Scene) -> Window:
    window = _colleagues(scene)
    window.tap(window.her_name)
    window.page.get_by_label("Il tuo PIN").fill("111111")
    window.tap("Entra")
    window.sees("PIN non giusto")
    return window


def _wrong_code(scene: Scene) -> Window:
    window = _at("/dispositivo")(scene)
    window.page.get_by_label("Codice").fill("NONVALE234567")
    window.tap("Condividi questo dispositivo")
    window.sees("Questo codice non vale")
    return window


def _codes(scene: Scene) -> Window:
    window = _at("/io/codici", Role.COORDINATOR)(scene)
    window.tap("Mostra codici nuovi")
    window.sees("Si vedono solo adesso.")
    return window


def _no_pin(scene: Scene) -> Window:
    window = _at("/io/pin", Role.COORDINATOR)(scene)
    window.page.get_by_label("Come ti chiamano le colleghe").fill("Ada")
    window.page.get_by_label("PIN: da sei a dieci cifre").fill("111111")
    window.page.get_by_label("Di nuovo il PIN").fill("111111")
    window.tap("Salva il PIN")
    window.page.locator(".errore").first.wait_for()
    return window


def _device_code(scene: Scene) -> Window:
    window = _at("/io/dispositivi", Role.LEAD_BODY)(scene)
    window.tap("Fai un codice")
    window.sees("Vale una volta")
    return window


def _revoking(scene: Scene) -> Window:
    window = _at("/io/dispositivi", Role.SHELTER_OPERATOR, "mimosa")(scene)
    window.tap("Perso o da togliere")
    window.sees("Vuoi togliere questo dispositivo?")
    return window


def _invited(scene: Scene) -> Window:
    window = _at("/rete/persone", Role.LEAD_BODY)(scene)
    window.page.get_by_label("coordinatrice reperibile").check()
    window.tap("Iscrivi")
    window.sees("Persona iscritta")
    window.page.locator("form[action$='/invito'] button").last.click()
    window.sees("Si vede solo adesso.")
    return window


def _ending(scene: Scene) -> Window:
    scene.town.sign_in(Role.COORDINATOR)
    window = _at("/rete/persone", Role.LEAD_BODY)(scene)
    window.page.locator("form[action$='/fine'] button").first.click()
    window.sees("Questa persona non lavora più qui?")
    return window


def _asked(scene: Scene) -> Window:
    """One request stands, and whether there was room has been looked at."""
    scene.town.ask(TOO_MANY)
    window = _at("/richieste/chiedi", Role.POLICE)(scene)
    window.page.get_by_label("subito").check()
    window.tap("Manda la richiesta")
    window.sees("Le mie richieste")
    window.page.get_by_label("Quante persone").fill("2")
    window.tap("Guarda")
    window.sees("c’era posto")
    return window


def _minor(scene: Scene) -> Window:
    window = _at("/richieste/chiedi", Role.EMERGENCY_ROOM)(scene)
    window.page.get_by_label("subito").check()
    window.page.get_by_label("Adulte").fill("0")
    window.page.get_by_label("Figli 14–17 anni").fill("1")
    window.tap("Manda la richiesta")
    window.sees("c’è un’altra strada")
    return window


SHOWN: tuple[Shown, ...] = (
    Shown("accesso", _at("/accesso")),
    Shown("accesso-invito", _at("/accesso/invito")),
    Shown("accesso-codice-di-riserva", _at("/accesso/codice")),
    Shown("accesso-dispositivo", _wrong_code),
    Shown("accesso-colleghe", _colleagues),
    Shown("accesso-pin", _pin),
    Shown("accesso-cambio", _at("/colleghe", Role.COORDINATOR)),
    Shown("accesso-schermo-bloccato", _tapped("/turno", "Blocca", Role.COORDINATOR)),
    Shown("accesso-conferma", _at("/conferma?torna=/io", Role.COORDINATOR)),
    Shown("accesso-mio", _at("/io", Role.SHELTER_OPERATOR, "mimosa")),
    Shown("accesso-scelta-pin", _no_pin),
    Shown("accesso-codici", _codes),
    Shown("accesso-dispositivi", _at("/io/dispositivi", Role.LEAD_BODY)),
    Shown("accesso-codice-del-dispositivo", _device_code),
    Shown("accesso-dispositivo-da-togliere", _revoking),
    Shown("accesso-persone", _at("/rete/persone", Role.LEAD_BODY)),
    Shown("accesso-persona-invitata", _invited, fresh=True),
    Shown("accesso-persona-che-esce", _ending, fresh=True),
    Shown("richieste-mie", _asked, fresh=True),
    Shown("richieste-chiedi", _at("/richieste/chiedi", Role.SOCIAL_SERVICE)),
    Shown("richieste-minorenne", _minor, fresh=True),
)
