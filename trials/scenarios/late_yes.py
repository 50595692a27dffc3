"""A house is silent past its deadline; a more urgent request needs the place; the yes comes too late to take
it.
"""

from __future__ import annotations

from domain.codes import AlarmKind
from domain.placement.events import HoldExpired, OfferUnanswered
from trials.demo.night import Night

TITLE = "silenzio, una richiesta più urgente, un sì arrivato tardi"
STARTS = "21:30"
_NEEDS = ["GROUND_FLOOR", "STAFFED_AT_NIGHT", "ACCESSIBLE_BATHROOM"]


def play(night: Night) -> None:
    night.at("21:40", "Una richiesta per oggi (U2), dai servizi sociali")
    slow = night.ask(
        {"adults": 1}, urgency="U2", channel="SOCIAL_SERVICES", setting="FRIEND", features_required=_NEEDS
    )
    night.at("21:44", "La coordinatrice invia l'offerta")
    house = night.offer(slow)
    night.at(
        "22:20", "Trenta minuti di silenzio sono passati: nessuno toglie il posto, una persona è avvisata"
    )
    night.wait_for(slow, OfferUnanswered)
    night.at("22:31", "Una richiesta immediata (U1) ha bisogno proprio di quella camera")
    urgent = night.ask({"adults": 1, "children": night.children(1)}, features_required=_NEEDS)
    assert night.holds(urgent) and night.count(slow, HoldExpired) == 1, (
        "only silence expires, and only for another"
    )
    night.at("22:38", f"La casa {house} dice sì alla prima, per telefono: è tardi")
    night.step(night.coordinator, slow, "acceptance", {"channel": "TELEPHONE", "occurred_at": night.ago(1)})
    night.alarm(slow, AlarmKind.LATE_YES)
    night.at("22:41", "La seconda riceve la sua offerta e il sì della casa")
    night.offer(urgent)
    night.step(night.house(house), urgent, "acceptance", {"channel": "SCREEN"})
