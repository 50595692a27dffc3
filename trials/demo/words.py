"""What each event says to a person who watches the night, in Italian. Words alone: no state, no printing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.case import CaseBound, CaseOpened, CaseUnbound
from domain.codes import DeclineGroup, LateReason, PlacementOutcome, RefusalGroup, ReleaseCause
from domain.event import Event
from domain.placement.events import (
    CandidatesRanked,
    ConversationOpened,
    ExclusionCount,
    HoldDisplaced,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    HouseholdDischarged,
    LateAcceptanceRecorded,
    LeftWaiting,
    OfferAccepted,
    OfferRefused,
    OfferSeen,
    OfferSent,
    OfferUnanswered,
    PlacementEnded,
    PlacementRequested,
    SearchConsented,
    SearchConsentWithdrawn,
    SearchResumed,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
    WomanDeclined,
)
from domain.unit import (
    AvailabilityPublished,
    OccupiedOutsideEngine,
    UnitHeld,
    UnitOccupied,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
)
from domain.vocabulary import AgeBand, AnswerChannel, HeldUnit, Household, RiskBand, Side

_AGES = {
    AgeBand.AGE_0_2: "0–2",
    AgeBand.AGE_3_5: "3–5",
    AgeBand.AGE_6_10: "6–10",
    AgeBand.AGE_11_13: "11–13",
    AgeBand.AGE_14_17: "14–17",
}
_NUMBERS = {1: "un", 2: "due", 3: "tre", 4: "quattro", 5: "cinque"}
_EXCLUSIONS = {
    "NOT_TO_ASK": ("ha già avuto un no", "hanno già avuto un no"),
    "NOT_ACCEPTING": ("non accoglie", "non accolgono"),
    "INTAKE_MODE": ("non accoglie in emergenza", "non accolgono in emergenza"),
    "LEVEL": ("di altro livello", "di altro livello"),
    "CAPACITY": ("troppo piccola", "troppo piccole"),
    "FEATURE": ("senza un requisito", "senza un requisito"),
    "SAFETY": ("per sicurezza", "per sicurezza"),
    "OCCUPIED": ("occupata", "occupate"),
}
"""Why units are left out, of one and of more."""
_RISKS = {
    RiskBand.IMMEDIATE: "rischio immediato",
    RiskBand.HIGH: "rischio alto",
    RiskBand.MEDIUM: "rischio medio",
    RiskBand.LOW: "rischio basso",
    RiskBand.NOT_ASSESSED: "rischio non valutato",
}
_REFUSED = {
    RefusalGroup.NO_CAPACITY: "non c'è posto",
    RefusalGroup.NOT_SUITABLE: "non adatta",
    RefusalGroup.NEEDS_SPECIALISED_UNIT: "serve una casa specializzata",
    RefusalGroup.NOT_NOW: "non in questo momento",
    RefusalGroup.SAFETY: "sicurezza: la ricerca si ferma e chiede",
}
_DECLINED = {
    DeclineGroup.PLACE_NOT_RIGHT: "il posto non va bene",
    DeclineGroup.NOT_NOW: "non adesso",
    DeclineGroup.OTHER_SOLUTION: "altra soluzione",
    DeclineGroup.NOT_SAID: "non detto",
}
_RELEASED = {
    ReleaseCause.REFUSED_BY_HOUSE: "la casa ha detto no",
    ReleaseCause.DECLINED_BY_WOMAN: "lei ha detto no",
    ReleaseCause.CONSENT_WITHDRAWN: "consenso ritirato",
    ReleaseCause.RELEASED_BY_COORDINATOR: "la coordinatrice lo ha lasciato",
    ReleaseCause.DISPLACED_BY_REALITY: "c'è già qualcuno",
    ReleaseCause.EXPIRED_FOR_ANOTHER: "scaduto, serve a un'altra",
}
_LATE = {
    LateReason.PLACES_TAKEN: "i posti sono di un'altra",
    LateReason.SHELTER_NOT_ADMITTING: "la casa non accoglie",
    LateReason.PLACEMENT_ENDED: "la richiesta è chiusa",
    LateReason.ANOTHER_HOLD: "c'è un altro posto opzionato",
    LateReason.DECLINED_BY_WOMAN: "lei aveva detto no",
}
_CHANNELS = {
    AnswerChannel.TELEPHONE: "per telefono, registrato dalla coordinatrice",
    AnswerChannel.SCREEN: "a schermo",
}
_ENDED = {
    PlacementOutcome.CONSENT_WITHDRAWN: "consenso ritirato",
    PlacementOutcome.DISCHARGED: "uscita dalla casa",
}


class Names:
    """Code names of houses and units, and short names for the night's requests, by id."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self.known: dict[UUID, str] = {}

    def of(self, stream: UUID) -> str:
        """The known name, or the last eight digits of the id."""
        return self.known.get(stream, f"…{str(stream)[-8:]}")

    def clock(self, instant: datetime) -> str:
        """Local time of day."""
        return f"{instant.astimezone(self._zone):%H:%M}"

    def units(self, held: tuple[HeldUnit, ...]) -> str:
        return " + ".join(
            f"{self.of(each.unit_id)} ({count(len(each.places), 'posto', 'posti')})" for each in held
        )


def count(number: int, one: str, many: str) -> str:
    return f"{_NUMBERS.get(number, str(number))} {one if number == 1 else many}"


def household(who: Household) -> str:
    """«una donna e due figli (3–5, 6–10)»."""
    adults = "una donna" if who.adults == 1 else f"{_NUMBERS.get(who.adults, str(who.adults))} donne"
    ages = ", ".join(_AGES[age] for age in who.children)
    return f"{adults} e {count(len(who.children), 'figlio', 'figli')} ({ages})" if ages else adults


def sentence(event: Event, names: Names) -> str | None:
    """One line for an event; None for those that a night does not show."""
    for said in (_asking, _holding, _answering, _staying, _room):
        if (line := said(event, names)) is not None:
            return line
    return None


def _asking(event: Event, names: Names) -> str | None:
    match event:
        case PlacementRequested(urgency=urgency, risk=risk, occurred_at=at):
            who = household(event.household)
            return f"chiede un posto: {who} · {urgency} · {_RISKS[risk]} · chiesto alle {names.clock(at)}"
        case SearchConsented(occurred_at=at):
            return f"consenso alla ricerca, dato alle {names.clock(at)}"
        case SearchConsentWithdrawn():
            return "consenso ritirato: nessuna pressione, e non conterà mai contro di lei"
        case CandidatesRanked():
            return _ranking(event, names)
        case LeftWaiting():
            return "nessun posto libero: resta in attesa, al suo turno"
        case SearchResumed():
            return "una persona decide: si cerca ancora"
        case CaseOpened():
            return "caso aperto, senza nome"
        case CaseBound():
            return "una sola richiesta aperta per questo caso"
        case CaseUnbound():
            return "caso senza richieste aperte"
        case _:
            return None


def _holding(event: Event, names: Names) -> str | None:
    match event:
        case HoldPlaced(shelter_id=house, units=units, deadline=until):
            where = f"{names.of(house)} · {names.units(units)}"
            return f"posto opzionato: {where} · da proporre alla casa entro le {names.clock(until)}"
        case HoldReleased(cause=cause):
            return f"posto restituito: {_RELEASED[cause]}"
        case HoldExpired(needed_by=rival):
            return f"posto passato alla {names.of(rival)}: la risposta non era arrivata in tempo"
        case HoldDisplaced():
            return "posto perso: nella stanza c'è già qualcuno. La realtà vince, si cerca di nuovo"
        case _:
            return None


def _answering(event: Event, names: Names) -> str | None:
    match event:
        case OfferSent(deadline=until):
            return f"proposta inviata alla casa · risposta attesa entro le {names.clock(until)}"
        case OfferSeen():
            return "proposta vista dalla casa"
        case ConversationOpened(side=side, until=until):
            who = "la casa" if side is Side.HOUSE else "la coordinatrice"
            return f"in conversazione ({who}) · il posto non scade fino alle {names.clock(until)}"
        case OfferUnanswered():
            return "nessuna risposta: avvisata una persona; il posto resta suo finché non serve ad altre"
        case OfferAccepted(channel=channel, occurred_at=at):
            return f"la casa dice SÌ alle {names.clock(at)} ({_CHANNELS[channel]})"
        case TelephoneAcceptanceConfirmed():
            return "la casa conferma a schermo il sì dato per telefono"
        case OfferRefused(shown=shown):
            return f"la casa dice no: {_REFUSED[shown]}"
        case LateAcceptanceRecorded(reason=reason):
            return f"sì arrivato tardi: {_LATE[reason]}; nulla è tolto a nessuno, avvisata la coordinatrice"
        case WomanAccepted(proximity_checked_by_voice=checked, told=told):
            near = f"distanza dal maltrattante {'verificata a voce' if checked else 'NON verificata'}"
            return f"lei dice SÌ a questo posto · informata su {count(len(told), 'punto', 'punti')} · {near}"
        case WomanDeclined(shown=why):
            return f"lei dice no: {_DECLINED[why]}; la ricerca si ferma e chiede"
        case _:
            return None


def _staying(event: Event, names: Names) -> str | None:
    match event:
        case HouseholdAdmitted(occurred_at=at):
            return f"entrata in casa alle {names.clock(at)}: il posto opzionato è ora una permanenza"
        case HouseholdDischarged(outcome=outcome):
            return f"uscita: {outcome}"
        case PlacementEnded(outcome=outcome):
            return f"richiesta chiusa: {_ENDED[outcome]}"
        case _:
            return None


def _room(event: Event, _: Names) -> str | None:
    match event:
        case OccupiedOutsideEngine(places=places, contested=contested):
            beside = f", {len(contested)} contesi" if contested else ""
            return f"presenze non inviate dalla rete: {count(len(places), 'posto', 'posti')}{beside}"
        case VacatedOutsideEngine(places=places):
            return f"presenze non inviate dalla rete, uscite: {count(len(places), 'posto', 'posti')}"
        case AvailabilityPublished(open_places=places):
            return f"disponibilità: {count(len(places), 'posto', 'posti')} in servizio"
        case UnitHeld(places=places):
            return f"opzionati: {count(len(places), 'posto', 'posti')}"
        case UnitReleased(places=places):
            return f"di nuovo liberi: {count(len(places), 'posto', 'posti')}"
        case UnitOccupied(places=places):
            return f"occupata: {count(len(places), 'posto', 'posti')}"
        case UnitVacated(places=places):
            return f"lasciata: {count(len(places), 'posto', 'posti')}"
        case _:
            return None


def _ranking(event: CandidatesRanked, names: Names) -> str:
    out = ", ".join(_left_out(each) for each in event.excluded) or "nessuna"
    best = " > ".join(" + ".join(names.of(unit.unit_id) for unit in each.units) for each in event.best[:3])
    fits = "adatta" if event.eligible == 1 else "adatte"
    fit = f"{event.eligible} {fits} su {event.units_seen} camere e alloggi"
    rules = f"{event.ranker}, regole {event.policy}, alla posizione {event.position}"
    return f"perché: {fit}{f' ({best})' if best else ''}; escluse: {out} · {rules}"


def _left_out(excluded: ExclusionCount) -> str:
    one, many = _EXCLUSIONS[excluded.code]
    return f"{excluded.units} {one if excluded.units == 1 else many}"
