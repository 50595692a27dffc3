"""A woman and two children at 01:40: one house says no, the next one yes, by telephone, and they are in by
dawn.
"""

from __future__ import annotations

from domain.placement.events import HoldPlaced
from trials.demo.night import Night

TITLE = "una donna e due bambini, due case, un sì per telefono"
STARTS = "01:30"


def play(night: Night) -> None:
    night.at("01:40", "Il pronto soccorso chiama la coordinatrice reperibile")
    request = night.ask(
        {"adults": 1, "children": night.children(2)},
        zones_to_avoid=[night.stage.zone("z1")],
        removal_considered=True,
    )
    night.at("01:42", "La coordinatrice sceglie e invia la proposta")
    first = night.offer(request)
    night.at("01:47", f"La casa {first} risponde a schermo: un'ospite sta male, non in questo momento")
    holds = night.count(request, HoldPlaced)
    night.step(night.house(first), request, "refusal", {"channel": "SCREEN", "shown": "NOT_NOW"})
    night.screen.progress("il motore cerca di nuovo, da solo; la richiesta tiene il suo turno …")
    night.ask_door(request, lambda seen: bool(seen["phase"] == "HELD"))
    night.wait_for(request, HoldPlaced, more_than=holds)
    night.at("01:49", "La coordinatrice invia la proposta alla seconda casa")
    second = night.offer(request)
    night.at("01:52", f"L'operatrice della casa {second} apre la proposta e tocca «sto parlando»")
    night.step(night.house(second), request, "seen", {})
    night.step(night.house(second), request, "conversation", {})
    night.at("02:10", "La conversazione continua: la coordinatrice la rinnova con un tocco")
    night.step(night.coordinator, request, "conversation", {})
    night.at("02:19", f"La casa {second} ha detto sì per telefono; la coordinatrice lo registra")
    night.step(
        night.coordinator, request, "acceptance", {"channel": "TELEPHONE", "occurred_at": night.ago(2)}
    )
    night.at("02:24", f"L'operatrice della casa {second} conferma sul suo schermo")
    night.step(night.house(second), request, "acceptance-confirmation", {})
    night.at("02:31", "La donna ascolta com'è il posto e decide")
    night.step(
        night.coordinator,
        request,
        "woman-acceptance",
        {
            "proximity_checked_by_voice": False,
            "told": [
                "HOUSE_RULES",
                "SHARED_SPACES",
                "TELEPHONE_USE",
                "LENGTH_OF_STAY",
                "CHILDREN_AND_SCHOOL",
            ],
        },
    )
    night.at("03:05", f"Arrivo alla casa {second}")
    night.step(night.house(second), request, "admission", {"occurred_at": night.ago(5)})
    night.at("03:10", "Un'auditrice rilegge la notte com'era alle 02:13")
    night.replay("--as-of", f"{night.day}T02:13:00")
