"""The pages of the operator of a house."""

from __future__ import annotations

from collections.abc import Callable

from domain.permissions import Role
from tests.browser.shown.entry import Scene, Shown
from tests.browser.windows import Window

_VALUES = {
    "callback_contact": "+39 000 5550 123",
    "safe_channel": "VOICE",
    "safe_hours": ["10:00-11:30"],
    "may_call": True,
    "agreed_word": "corbezzolo",
    "alias": "Ginestra",
    "handover_point": "davanti alla stazione",
}


def _start(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "glicine")
    house.go("/casa")
    return house


def _several(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "mimosa", "glicine")
    house.go("/casa")
    return house


def _ageing(scene: Scene) -> Window:
    """Half a day later, a pause, a room that the coordination corrected."""
    unit = scene.town.unit("glicine", "glicine-camera-4")
    scene.town.doors(Role.COORDINATOR).post(
        f"/units/{unit['id']}/availability-correction", {"open_places": []}
    )
    intake = f"/shelters/{scene.town.house('glicine')}/intake"
    scene.town.doors(Role.SHELTER_OPERATOR, "glicine").post(intake, {"pause": "STAFF"})
    scene.town.move(hours=11)
    return _start(scene)


def _after_a_tap(scene: Scene) -> Window:
    house = _start(scene)
    house.page.get_by_role("button", name="−1 letto").first.click()
    house.sees("Annulla")
    return house


def _room(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "glicine")
    house.go(f"/casa/stanze/{scene.town.unit('glicine', 'glicine-camera-1')['id']}")
    return house


def _guests(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "glicine")
    house.go(f"/casa/stanze/{scene.town.unit('glicine', 'glicine-camera-1')['id']}/ospiti")
    return house


def _guests_nowhere(scene: Scene) -> Window:
    house = _guests(scene)
    house.tap("Segna gli ospiti")
    house.sees("Scegli almeno un posto.")
    return house


def _pause(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "glicine")
    house.go(f"/casa/{scene.town.house('glicine')}/pausa")
    return house


def _already_here(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "glicine")
    house.go(f"/casa/{scene.town.house('glicine')}/ingresso")
    return house


def _already_here_nobody(scene: Scene) -> Window:
    house = _already_here(scene)
    house.tap("Registra l’ingresso")
    house.sees("Scegli da chi è arrivata la segnalazione.")
    return house


def _numbers(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "glicine")
    house.go("/casa/numeri")
    return house


def _waiting(scene: Scene) -> Window:
    _, code = scene.town.offered()
    house = scene.open(Role.SHELTER_OPERATOR, code)
    house.go("/casa")
    return house


def _offer(then: str = "") -> Callable[[Scene], Window]:
    """An offer that has been opened, and one of its pages."""

    def reach(scene: Scene) -> Window:
        house = _waiting(scene)
        house.tap("Leggi l’offerta")
        house.sees("Sono al telefono con chi coordina")
        if then:
            house.go(house.path + then)
        return house

    return reach


def _unread(scene: Scene) -> Window:
    placement, code = scene.town.offered()
    house = scene.open(Role.SHELTER_OPERATOR, code)
    house.go(f"/casa/offerte/{placement}")
    return house


def _over(scene: Scene) -> Window:
    house = scene.open(Role.SHELTER_OPERATOR, "glicine")
    house.go("/casa/offerte/01990000-0000-7000-8000-000000000000")
    return house


def _expected(then: str = "", channel: str = "SCREEN") -> Callable[[Scene], Window]:
    """A household that is expected, with values kept for her."""

    def reach(scene: Scene) -> Window:
        placement, code = scene.town.offered()
        answered = code if channel == "SCREEN" else None
        scene.town.do(placement, "acceptance", {"channel": channel}, answered)
        coordinator = scene.town.doors(Role.COORDINATOR)
        case = coordinator.get(f"/placements/{placement}")["case_id"]
        coordinator.post(f"/cases/{case}/values", _VALUES)
        when = scene.town.now.replace(hour=scene.town.now.hour + 1).isoformat()
        scene.town.do(placement, "handover", {"expected_at": when, "escort": "LAW_ENFORCEMENT"})
        house = scene.open(Role.SHELTER_OPERATOR, code)
        house.go(f"/casa/offerte/{placement}{then}")
        return house

    return reach


def _entrusted_open(scene: Scene) -> Window:
    house = _expected("/affidati")(scene)
    house.tap("Apri", 1)
    house.sees("Nascondi adesso")
    return house


def _inside(then: str = "", *, start: bool = False) -> Callable[[Scene], Window]:
    """A household that has arrived."""

    def reach(scene: Scene) -> Window:
        placement, code = scene.town.accepted()
        scene.town.do(placement, "woman-acceptance", {"proximity_checked_by_voice": True})
        scene.town.do(placement, "admission", {}, code)
        house = scene.open(Role.SHELTER_OPERATOR, code)
        house.go("/casa" if start else f"/casa/offerte/{placement}{then}")
        return house

    return reach


SHOWN = (
    Shown("casa-inizio", _start, readme=True),
    Shown("casa-piu-case", _several),
    Shown("casa-da-confermare", _ageing, fresh=True),
    Shown("casa-dopo-un-tocco", _after_a_tap, fresh=True),
    Shown("casa-stanza", _room),
    Shown("casa-ospiti", _guests),
    Shown("casa-ospiti-senza-posto", _guests_nowhere),
    Shown("casa-pausa", _pause),
    Shown("casa-gia-qui", _already_here),
    Shown("casa-gia-qui-da-correggere", _already_here_nobody),
    Shown("casa-numeri", _numbers),
    Shown("casa-offerta-in-attesa", _waiting, fresh=True, readme=True),
    Shown("casa-offerta-non-letta", _unread, fresh=True),
    Shown("casa-offerta", _offer(), fresh=True),
    Shown("casa-offerta-si", _offer("/si"), fresh=True),
    Shown("casa-offerta-no", _offer("/no"), fresh=True),
    Shown("casa-offerta-finita", _over),
    Shown("casa-in-arrivo", _expected(), fresh=True),
    Shown("casa-in-arrivo-si-per-telefono", _expected(channel="TELEPHONE"), fresh=True),
    Shown("casa-arrivate-prima", _expected("/arrivo"), fresh=True),
    Shown("casa-arrivate-altrove", _expected("/ingresso"), fresh=True),
    Shown("casa-dati-affidati", _expected("/affidati"), fresh=True),
    Shown("casa-dati-affidati-aperti", _entrusted_open, fresh=True),
    Shown("casa-in-casa", _inside(), fresh=True),
    Shown("casa-chi-c-e", _inside(start=True), fresh=True),
    Shown("casa-dimissione", _inside("/dimissione"), fresh=True),
)
