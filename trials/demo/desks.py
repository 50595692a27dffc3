"""The desks that anybody may sit down at after the night: shared devices, each of one body, and the
colleagues who switch on them by a PIN.

PINs and the codes of devices come from the doors, as in a real network; only who works where is entered as
on the machine itself. Names are those of shifts: nobody is invented. A browser is one device at a time and
keeps cookies by host, apart in a private window: so two hosts and two kinds of window are four devices.
"""

from __future__ import annotations

import os
import secrets
import select
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from api.identity.pins import guessable
from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId
from trials.demo.screen import Screen
from trials.demo.stage import NETWORK_FILE, Stage
from trials.stage.calls import Calls

_WINDOWS = (
    ("finestra normale", "127.0.0.1"),
    ("finestra normale", "localhost"),
    ("finestra in incognito", "127.0.0.1"),
    ("finestra in incognito", "localhost"),
)
"""What a browser takes for different devices, in the order of the desks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """One shared device: what it is called here, whose it is, and who switches on it in which task."""

    name: str
    member: MemberId
    colleagues: tuple[tuple[str, Role], ...]
    houses: tuple[ShelterId, ...] = ()


class Desks:
    """All desks of one night. Making it enters the colleagues and gives them their PIN."""

    def __init__(self, on: Stage, screen: Screen) -> None:
        self._on, self._screen = on, screen
        self._all = tuple(_desks(on))
        self.pin = _new_pin()
        for desk in self._all:
            for name, role in desk.colleagues:
                self._calls(desk, name, role).post("/identity/pin", {"pin": self.pin, "shown_as": name})

    def tell(self) -> None:
        """Where to go and what to type. Codes are new each time: one lasts ten minutes and counts once."""
        self._screen.title("Le pagine: ogni riga è il telefono di turno di un ente")
        self._screen.note(
            "Apri l’indirizzo nella sua finestra del browser e scrivi il codice. Poi tocca un turno e "
            f"scrivi il PIN {self.pin}. Per cambiare collega bastano gli stessi due tocchi."
        )
        self._screen.gap()
        for desk, (window, host) in zip(self._all, _WINDOWS, strict=True):
            self._screen.desk(desk.name, window, self._address(host), self._code(desk))
        self._screen.gap()
        self._screen.note(
            "Un codice vale dieci minuti e una volta sola: Invio ne scrive di nuovi. Nella stessa finestra "
            "un codice nuovo prende il posto di quello di prima. L’orologio dell’esercitazione ora scorre. "
            "Chiedi un posto dalla prima finestra: l’offerta arriva a una delle due delle case."
        )

    def _code(self, desk: Desk) -> str:
        asked = {"member_id": str(desk.member), "houses": [str(house) for house in desk.houses]}
        lead = self._all[-1]
        return str(self._calls(lead, *lead.colleagues[0]).post("/device-codes", asked)["code"])

    def _calls(self, desk: Desk, name: str, role: Role) -> Calls:
        token = self._on.people.token(f"{desk.name} · {name}", role, desk.houses, desk.member)
        return Calls(self._on.served.url, token, uuid4)

    def _address(self, host: str) -> str:
        return f"http://{host}:{urlsplit(self._on.served.url).port}/dispositivo"


class Return:
    """Whether somebody pressed the return key since it was last asked. Nobody at the keyboard: never."""

    def __init__(self) -> None:
        self._source = sys.stdin.fileno() if sys.stdin is not None and not sys.stdin.closed else None

    def pressed(self) -> bool:
        if self._source is None or not select.select([self._source], [], [], 0)[0]:
            return False
        if os.read(self._source, 4096):
            return True
        self._source = None
        return False


def _desks(on: Stage) -> Iterator[Desk]:
    """The coordination's, each houses' body's, and the lead body's, where it is also audited."""
    network = tomllib.loads(NETWORK_FILE.read_text())
    bodies = [
        (each["kind"], each["code"], MemberId(UUID(on.ids["members"][each["code"]])))
        for each in network["members"]
    ]
    first = {kind: member for kind, _, member in reversed(bodies)}
    yield Desk(name="coordinatrice", member=first["CAV"], colleagues=_shifts(Role.COORDINATOR))
    for kind, body, member in bodies:
        if kind == "SHELTER_BODY":
            houses = [each["code"] for each in network["shelters"] if each["member"] == body]
            yield Desk(
                name=f"case {', '.join(houses)}",
                member=member,
                colleagues=_shifts(Role.SHELTER_OPERATOR),
                houses=tuple(ShelterId(on.shelter(house)) for house in houses),
            )
    both = (("Capofila A", Role.LEAD_BODY), ("Capofila B", Role.LEAD_BODY), ("Verifica", Role.AUDITOR))
    yield Desk(name="ente capofila e verifica", member=first["LEAD"], colleagues=both)


def _shifts(role: Role) -> tuple[tuple[str, Role], ...]:
    return ("Turno A", role), ("Turno B", role)


def _new_pin() -> str:
    while guessable(pin := f"{secrets.randbelow(10**6):06}"):
        pass
    return pin
