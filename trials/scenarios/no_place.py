"""No place at all: every house too small or shut, every neighbour asked, and one of them says yes."""

from __future__ import annotations

from domain.codes import AlarmKind
from trials.demo.night import Night

TITLE = "nessun posto in tutta la rete: un ponte, le reti vicine, un sì da fuori"
STARTS = "22:00"


def play(night: Night) -> None:
    night.at("22:10", "Dalla polizia: una donna con cinque figli, e serve il piano terra")
    request = night.ask(
        {"adults": 1, "children": night.children(5)},
        channel="LAW_ENFORCEMENT",
        setting="POLICE",
        features_required=["GROUND_FLOOR"],
        zones_to_avoid=[night.stage.zone("z5")],
        safe_until=night.instant("23:55").isoformat(),
    )
    assert not night.holds(request), "there is no place for six"
    night.at("22:18", "La prima rete vicina: nessuna risposta")
    lariana = {"member_id": night.stage.ids["members"]["rete-lariana"]}
    night.step(night.coordinator, request, "neighbour-requests", lariana)
    night.step(night.coordinator, request, "neighbour-answers", {**lariana, "answer": "NO_ANSWER"})
    night.at("22:32", "Venti minuti senza un posto: il motore chiama una persona")
    night.alarm(request, AlarmKind.NO_PLACE_YET)
    night.at("22:40", "Intanto restano dalle forze dell'ordine; il pronto intervento sociale controlla")
    waiting = {
        "kind": "POLICE_UNTIL_MORNING",
        "checked_by": "SOCIAL_EMERGENCY_SERVICE",
        "check_at": night.instant("02:00", days_on=1).isoformat(),
        "until": night.instant("07:00", days_on=1).isoformat(),
    }
    night.step(night.coordinator, request, "bridge", waiting)
    night.at("22:50", "Per scelta della madre il figlio più grande va dai nonni: cinque persone, non sei")
    split = {
        "household": {"adults": 1, "children": night.youngest(request, 4)},
        "oldest_boy": "NO_BOY",
        "apart": {"adults": 0, "children": night.eldest(request, 1)},
        "destination": "RELATIVES",
    }
    night.step(night.coordinator, request, "household-split", split)
    night.at("23:00", "La seconda rete vicina dice sì")
    varese = {"member_id": night.stage.ids["members"]["rete-varese"]}
    night.step(night.coordinator, request, "neighbour-requests", varese)
    night.step(night.coordinator, request, "neighbour-answers", {**varese, "answer": "YES"})
    night.at("23:08", "La donna è d'accordo e sono in viaggio: la richiesta si chiude, e dice perché")
    night.step(night.coordinator, request, "closure", {"outcome": "PLACED_BY_NEIGHBOUR"})
