"""Two women, one place that fits: the first is held, the second waits in her order, and nobody is told
«errore».
"""

from __future__ import annotations

from domain.placement.events import HoldPlaced
from trials.demo.night import Night

TITLE = "due richieste, un solo posto adatto"
STARTS = "22:55"
_NEEDS = ["GROUND_FLOOR", "STAFFED_AT_NIGHT", "ACCESSIBLE_BATHROOM"]


def play(night: Night) -> None:
    night.at("23:05", "La prima richiesta: serve una camera al piano terra, con bagno accessibile")
    first = night.ask({"adults": 1, "children": night.children(1)}, features_required=_NEEDS)
    night.at("23:06", "Un minuto dopo, dal CAV, la seconda: gli stessi requisiti")
    second = night.ask({"adults": 1}, channel="CAV", setting="FRIEND", features_required=_NEEDS)
    assert night.holds(first) and not night.holds(second), "one place, one hold"
    night.at("23:09", "L'offerta per la prima")
    house = night.offer(first)
    night.at("23:15", f"La casa {house} dice sì a schermo")
    night.step(night.house(house), first, "acceptance", {"channel": "SCREEN"})
    night.at("23:22", "La donna dice no a questo posto: la ricerca si ferma e chiede")
    night.step(night.coordinator, first, "decline", {"shown": "OTHER_SOLUTION"})
    night.at("23:24", "Ha trovato un'altra soluzione: ritira il consenso")
    night.step(night.coordinator, first, "withdrawal", {})
    night.screen.progress("il posto è libero: il motore lo propone, da solo, a chi spetta …")
    night.wait_for(second, HoldPlaced)
    night.at("23:27", "L'offerta per la seconda")
    night.offer(second)
    night.at("23:31", f"La casa {house} dice sì, e la donna anche; la distanza è verificata a voce")
    night.step(night.house(house), second, "acceptance", {"channel": "SCREEN"})
    yes = {"proximity_checked_by_voice": True, "told": ["HOUSE_RULES", "LENGTH_OF_STAY"]}
    night.step(night.coordinator, second, "woman-acceptance", yes)
