"""Somebody is already in the room: reality displaces a hold, and the request is ranked again at once."""

from __future__ import annotations

from domain.placement.events import HoldPlaced
from trials.demo.night import Night

TITLE = "nella stanza c'è già qualcuno"
STARTS = "00:15"


def play(night: Night) -> None:
    night.at("00:20", "Una richiesta dal pronto intervento sociale")
    request = night.ask(
        {"adults": 1, "children": night.children(2)}, channel="SOCIAL_EMERGENCY_SERVICE", setting="STREET"
    )
    held = night.hold_of(request)
    house, unit = night.names.of(held.shelter_id), held.units[0]
    night.at("00:28", f"La casa {house}: due posti sono occupati da ieri sera da ospiti di un'altra rete")
    night.house(house).post(
        f"/units/{unit.unit_id}/outside-occupancy",
        {"places": [str(place) for place in unit.places[:2]], "occurred_at": night.ago(180)},
    )
    night.show()
    night.screen.progress("il motore cerca di nuovo, da solo; la richiesta tiene il suo turno …")
    night.wait_for(request, HoldPlaced, more_than=1)
    night.at("00:31", "La coordinatrice invia l'offerta alla nuova casa")
    second = night.offer(request)
    assert second != house or night.hold_of(request).units[0].unit_id != unit.unit_id, "the room was lost"
    night.at("00:36", f"La casa {second} dice sì a schermo")
    night.step(night.house(second), request, "acceptance", {"channel": "SCREEN"})
    night.at("00:45", "La donna dice sì")
    night.step(
        night.coordinator,
        request,
        "woman-acceptance",
        {"proximity_checked_by_voice": True, "told": ["HOUSE_RULES"]},
    )
