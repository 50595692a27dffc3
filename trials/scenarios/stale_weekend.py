"""Sunday night: nobody has published since Friday. Every place is to be confirmed, and one is not there."""

from __future__ import annotations

from domain.placement.events import HoldPlaced
from trials.demo.night import Night

TITLE = "fine settimana: dati vecchi, tutto da confermare a voce"
STARTS = "18:00"


def play(night: Night) -> None:
    night.at("22:30", "Domenica notte: le case non aggiornano da ieri", days_on=1)
    request = night.ask({"adults": 1, "children": night.children(1)}, channel="CAV", setting="FRIEND")
    assert night.confirms(request), "old availability is to be confirmed, never taken as true"
    house = night.names.of(night.hold_of(request).shelter_id)
    held = night.hold_of(request).units[0]
    night.at("22:36", f"La coordinatrice telefona alla casa {house}: quei posti non ci sono")
    corrected = {"open_places": [], "observed_at": night.ago(1)}
    night.call(night.coordinator, f"/units/{held.unit_id}/availability-correction", corrected)
    night.screen.progress("il posto non c'era: il motore cerca di nuovo, al suo turno …")
    night.wait_for(request, HoldPlaced, more_than=1)
    night.at("22:40", "L'offerta alla seconda casa, confermata a voce")
    second = night.offer(request)
    night.at("22:44", f"La casa {second} dice sì per telefono, e lo conferma a schermo")
    night.step(
        night.coordinator, request, "acceptance", {"channel": "TELEPHONE", "occurred_at": night.ago(1)}
    )
    night.step(night.house(second), request, "acceptance-confirmation", {})
    night.at("22:50", "La donna dice sì")
    said = {"proximity_checked_by_voice": True, "told": ["HOUSE_RULES", "LENGTH_OF_STAY"]}
    night.step(night.coordinator, request, "woman-acceptance", said)
