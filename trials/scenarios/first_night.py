"""A whole night and the morning after: three requests and a family that was already in the house.

A house says no on safety grounds, another one nothing at all, one woman says no; for a family of five there
is no place, and in the morning there is.
"""

from __future__ import annotations

from domain.codes import AlarmKind
from domain.placement.events import HoldPlaced, OfferUnanswered
from trials.demo.night import Night, Request

TITLE = "una notte intera: un no, un silenzio, il suo no, nessun posto; e al mattino un posto"
STARTS = "00:30"
_TOLD = ["HOUSE_RULES", "SHARED_SPACES", "TELEPHONE_USE", "LENGTH_OF_STAY", "CHILDREN_AND_SCHOOL"]


def play(night: Night) -> None:
    first = _a_no_on_safety_grounds(night)
    second = _a_silence(night, first)
    there = _a_family_that_is_already_there(night, first, second)
    third = _no_place_for_five(night, second)
    _a_room_of_her_own(night, first, second)
    _in_the_morning(night, third, there)
    night.at("11:40", "Un'auditrice rilegge la notte com'era alle 01:21")
    night.replay("--as-of", f"{night.day}T01:21:00")
    night.at("11:41", "E fa derivare di nuovo ogni decisione dal registro")
    night.replay("--decisions")


def _a_no_on_safety_grounds(night: Night) -> Request:
    night.at("00:40", "Il pronto soccorso chiama la coordinatrice reperibile: una donna con due figli")
    first = night.ask({"adults": 1, "children": night.children(2)}, removal_considered=True)
    night.at("00:42", "La coordinatrice sceglie e invia l'offerta")
    house = night.offer(first)
    night.at("00:47", f"La casa {house} dice no per motivi di sicurezza: la ricerca si ferma e chiede")
    no = {"channel": "SCREEN", "code": "INCOMPATIBLE_WITH_GUESTS"}
    night.step(night.house(house), first, "refusal", no)
    night.at("00:50", "La coordinatrice ha sentito la casa e decide: si cerca ancora")
    night.step(night.coordinator, first, "search", {"resume": True})
    night.at("00:51", "L'offerta alla seconda casa")
    night.offer(first)
    return first


def _a_silence(night: Night, first: Request) -> Request:
    night.at("00:55", "Dai servizi sociali una seconda donna, con un figlio, per oggi (U2)")
    second = night.ask(
        {"adults": 1, "children": night.children(1)},
        urgency="U2",
        channel="SOCIAL_SERVICES",
        setting="FRIEND",
    )
    night.at("00:57", "L'offerta per la seconda; per la prima il motore chiama una persona")
    night.offer(second)
    night.alarm(first, AlarmKind.NO_PLACE_YET)
    night.at("01:03", "Dieci minuti senza una parola dalla seconda casa: nessuno toglie il posto")
    night.wait_for(first, OfferUnanswered)
    third_house = night.move_on(first)
    night.at("01:04", "La coordinatrice passa alla casa successiva e le invia l'offerta")
    night.offer(first)
    night.at("01:06", f"Nessuno ha ancora risposto: la coordinatrice chiama la casa {third_house}")
    night.ring(first)
    night.at("01:08", f"La casa {third_house} dice sì per telefono; la coordinatrice lo registra")
    yes = {"channel": "TELEPHONE", "occurred_at": night.ago(1)}
    night.step(night.coordinator, first, "acceptance", yes)
    night.at("01:10", f"L'operatrice della casa {third_house} conferma sul suo schermo")
    night.step(night.house(third_house), first, "acceptance-confirmation", {})
    return second


def _a_family_that_is_already_there(night: Night, first: Request, second: Request) -> Request:
    house, room = "glicine", "glicine-camera-1"
    night.at("01:12", f"La casa {house}: una famiglia è già qui, portata dai carabinieri per accordo diretto")
    night.alarm(second, AlarmKind.NO_PLACE_YET)
    four = {"adults": 1, "children": night.children(3)}
    there = night.came_directly(house, room, four, channel="LAW_ENFORCEMENT")
    night.screen.progress("il posto della seconda è perso: il motore cerca di nuovo, al suo turno …")
    night.wait_for(second, HoldPlaced, more_than=1)
    night.at("01:14", "L'offerta per la seconda va alla nuova casa")
    night.offer(second)
    night.at("01:15", "La prima donna ascolta com'è il posto e dice sì; la porta una pattuglia")
    said = {"proximity_checked_by_voice": True, "told": _TOLD}
    night.step(night.coordinator, first, "woman-acceptance", said)
    handover = {"expected_at": night.instant("02:00").isoformat(), "escort": "LAW_ENFORCEMENT"}
    night.step(night.coordinator, first, "handover", handover)
    night.at("01:18", "La nuova casa dice sì per la seconda")
    new_house = night.names.of(night.hold_of(second).shelter_id)
    night.step(night.house(new_house), second, "acceptance", {"channel": "SCREEN"})
    return there


def _no_place_for_five(night: Night, second: Request) -> Request:
    night.at("01:20", "Una donna con quattro figli: non c'è nessun posto")
    third = night.ask({"adults": 1, "children": night.children(4)}, zones_to_avoid=[night.stage.zone("z5")])
    night.at("01:22", "La seconda donna dice no a questo posto: la ricerca si ferma e chiede")
    night.step(night.coordinator, second, "decline", {"code": "SHARED_SPACE"})
    night.at("01:24", "La coordinatrice chiama una rete vicina")
    member = {"member_id": night.stage.ids["members"]["rete-varese"]}
    night.step(night.coordinator, third, "neighbour-requests", member)
    night.at("01:31", "La rete vicina non ha posto")
    night.step(night.coordinator, third, "neighbour-answers", {**member, "answer": "NO"})
    night.at("01:38", "Un albergo verificato, con accompagnamento; la richiesta resta aperta, al suo turno")
    night.alarm(third, AlarmKind.NO_PLACE_YET)
    hotel = {
        "kind": "VETTED_HOTEL_WITH_ESCORT",
        "checked_by": "SOCIAL_EMERGENCY_SERVICE",
        "check_at": night.instant("08:00").isoformat(),
        "until": night.instant("12:00").isoformat(),
    }
    night.step(night.coordinator, third, "bridge", hotel)
    return third


def _a_room_of_her_own(night: Night, first: Request, second: Request) -> None:
    night.at("01:45", "La seconda donna e la coordinatrice ne hanno parlato: si cerca ancora")
    night.step(night.coordinator, second, "search", {"resume": True})
    night.at("01:46", "C'è una camera tutta per loro: l'offerta")
    house = night.offer(second)
    night.at("01:52", f"La casa {house} apre l'offerta, tocca «sto parlando» e poi dice sì")
    night.step(night.house(house), second, "seen", {})
    night.step(night.house(house), second, "conversation", {})
    night.step(night.house(house), second, "acceptance", {"channel": "SCREEN"})
    night.at("01:58", "La donna dice sì; la distanza non è stata verificata, e così resta scritto")
    said = {"proximity_checked_by_voice": False, "told": _TOLD[:2]}
    night.step(night.coordinator, second, "woman-acceptance", said)
    night.at("02:10", "La prima è arrivata")
    arrived = night.names.of(night.hold_of(first).shelter_id)
    night.step(night.house(arrived), first, "admission", {"occurred_at": night.ago(5)})
    night.at("02:40", "La seconda è arrivata")
    night.step(night.house(house), second, "admission", {"occurred_at": night.ago(3)})


def _in_the_morning(night: Night, third: Request, there: Request) -> None:
    night.at("08:02", "È l'ora del controllo in albergo, e nessuno ha ancora detto nulla")
    night.alarm(third, AlarmKind.BRIDGE_CHECK)
    night.at("08:04", "Il pronto intervento sociale è passato: stanno bene")
    bridge = night.bridge_of(third)
    checked = {"holds": True, "check_at": night.instant("11:30").isoformat()}
    night.step(night.coordinator, third, f"bridges/{bridge}/check", checked)
    night.at("11:00", "Fra un'ora l'albergo finisce: il motore chiama una persona")
    night.alarm(third, AlarmKind.SAFE_UNTIL)
    night.at("11:04", "La famiglia accolta di notte va dai parenti: la camera è libera")
    night.step(night.house("glicine"), there, "discharge", {"outcome": "MOVED_TO_FAMILY"})
    night.screen.progress("il motore propone il posto, da solo, a chi spetta …")
    night.wait_for(third, HoldPlaced)
    night.at("11:06", "Due camere vicine della stessa casa: la coordinatrice invia l'offerta")
    house = night.offer(third)
    night.at("11:12", f"La casa {house} dice sì")
    night.step(night.house(house), third, "acceptance", {"channel": "SCREEN"})
    night.at("11:16", "La donna dice sì")
    said = {"proximity_checked_by_voice": True, "told": _TOLD}
    night.step(night.coordinator, third, "woman-acceptance", said)
    night.at("11:28", "Arrivo: la soluzione ponte finisce con l'ingresso")
    night.step(night.house(house), third, "admission", {"occurred_at": night.ago(2)})
