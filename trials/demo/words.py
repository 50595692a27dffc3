"""What each event says to a person who watches the night, in Italian. Words alone: no state, no printing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from api.pages.words import excluded, word
from domain.case import CaseBound, CaseOpened, CaseUnbound
from domain.desk import DeskValuesOpened
from domain.event import Event
from domain.placement.events import (
    AdmissionByDirectAgreement,
    AlarmRaised,
    AlarmTaken,
    BridgeArranged,
    BridgeChecked,
    BridgeEnded,
    CandidatesRanked,
    ConversationOpened,
    DecisionTaken,
    EntryCorrected,
    ExclusionCount,
    ExtraordinaryAdmission,
    HandoverAgreed,
    HoldDisplaced,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    HouseholdDischarged,
    HouseholdNotArrived,
    HouseholdRevised,
    HouseholdSplitAgreed,
    LateAcceptanceRecorded,
    LeftWaiting,
    MayBeAskedAgain,
    NeighbourAnswered,
    NeighbourAsked,
    OfferAccepted,
    OfferRefused,
    OfferSeen,
    OfferSent,
    OfferUnanswered,
    PlacementEnded,
    PlacementRequested,
    RiskAssessed,
    SafetyRevised,
    SafeUntilRevised,
    SearchConsented,
    SearchConsentWithdrawn,
    SearchResumed,
    TelephoneAcceptanceConfirmed,
    UrgencyChanged,
    WomanAccepted,
    WomanDeclined,
)
from domain.unit import (
    AvailabilityCorrected,
    AvailabilityPublished,
    OccupiedDirectly,
    OccupiedOutsideEngine,
    UnitHeld,
    UnitOccupied,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
)
from domain.vocabulary import HeldUnit, Household, Side


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


NUMBERS = {1: "un", 2: "due", 3: "tre", 4: "quattro", 5: "cinque"}


def count(number: int, one: str, many: str) -> str:
    return f"{NUMBERS.get(number, str(number))} {one if number == 1 else many}"


def people(number: int) -> str:
    return "una persona" if number == 1 else f"{NUMBERS.get(number, str(number))} persone"


def household(who: Household) -> str:
    """«una donna e due figli (3–5, 6–10)»."""
    adults = "una donna" if who.adults == 1 else f"{NUMBERS.get(who.adults, str(who.adults))} donne"
    ages = ", ".join(word("AgeBand", age).removesuffix(" anni") for age in who.children)
    return f"{adults} e {count(len(who.children), 'figlio', 'figli')} ({ages} anni)" if ages else adults


def sentence(event: Event, names: Names) -> str | None:
    """One line for an event; None for those that a night does not show."""
    for said in (_asking, _revising, _holding, _answering, _bridging, _staying, _room, _contacts):
        if (line := said(event, names)) is not None:
            return line
    return None


def _asking(event: Event, names: Names) -> str | None:
    match event:
        case PlacementRequested(urgency=urgency, risk=risk, occurred_at=at):
            who = household(event.household)
            how_soon = f"{urgency}, {word('Urgency', urgency)} · {word('RiskBand', risk)}"
            return f"chiede un posto: {who} · {how_soon} · chiesto alle {names.clock(at)}"
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


def _revising(event: Event, names: Names) -> str | None:
    match event:
        case UrgencyChanged(urgency=urgency):
            return f"urgenza cambiata da una persona: ora {urgency}, {word('Urgency', urgency)}"
        case RiskAssessed(risk=risk):
            return f"rischio valutato: {word('RiskBand', risk)}"
        case HouseholdRevised():
            return f"il nucleo ora è: {household(event.household)}"
        case HouseholdSplitAgreed(apart=apart):
            return (
                f"per scelta della madre {people(apart.people)} altrove; resta: {household(event.household)}"
            )
        case SafetyRevised():
            return "le zone e le case da evitare sono cambiate"
        case SafeUntilRevised(safe_until=until):
            return f"al sicuro dov'è fino alle {names.clock(until)}" if until else "nessun luogo sicuro"
        case MayBeAskedAgain(units=units):
            return f"si può chiedere ancora: {', '.join(names.of(each) for each in units)}"
        case EntryCorrected(version=version):
            return f"la registrazione n. {version} era sbagliata; resta scritta, e si sa"
        case _:
            return None


def _bridging(event: Event, names: Names) -> str | None:
    match event:
        case NeighbourAsked(member_id=member):
            return f"chiesto alla rete vicina {names.of(member)}"
        case NeighbourAnswered(member_id=member, answer=answer):
            return f"la rete vicina {names.of(member)} risponde: {word('NeighbourAnswer', answer)}"
        case BridgeArranged(kind=kind, checked_by=who, check_at=at, until=until):
            look = f"alle {names.clock(at)} controlla {word('CheckedBy', who)}"
            return f"soluzione ponte fino alle {names.clock(until)}: {word('BridgeKind', kind)} · {look}"
        case BridgeChecked(holds=holds, check_at=at):
            again = f" · prossimo controllo alle {names.clock(at)}" if at else ""
            return f"controllata: {'regge' if holds else 'NON regge'}{again}"
        case BridgeEnded(cause=cause):
            return f"soluzione ponte finita: {word('BridgeEnd', cause)}"
        case AlarmRaised(kind=kind):
            return f"ALLARME, avvisata una persona: {word('AlarmKind', kind)}"
        case AlarmTaken(kind=kind):
            return f"l'allarme «{word('AlarmKind', kind)}» è preso in carico"
        case _:
            return None


def _holding(event: Event, names: Names) -> str | None:
    match event:
        case HoldPlaced(shelter_id=house, units=units, deadline=until):
            where = f"{names.of(house)} · {names.units(units)}"
            return f"posto opzionato: {where} · da proporre alla casa entro le {names.clock(until)}"
        case HoldReleased(cause=cause):
            return f"posto restituito: {word('ReleaseCause', cause)}"
        case HoldExpired(needed_by=rival):
            return f"posto passato alla {names.of(rival)}: la risposta non era arrivata in tempo"
        case HoldDisplaced():
            return "posto perso: nella stanza c'è già qualcuno. La realtà vince, si cerca di nuovo"
        case _:
            return None


def _answering(event: Event, names: Names) -> str | None:
    match event:
        case DecisionTaken(choice=choice, reason=reason, automatic=automatic):
            who = "prosegue da sola, come chiesto" if automatic else "scelta della coordinatrice"
            why = f" ({word('ChoiceReason', reason)})" if reason is not None else ""
            return f"{who}: il posto n. {choice} della lista{why}"
        case OfferSent(deadline=until):
            return f"offerta inviata alla casa · risposta attesa entro le {names.clock(until)}"
        case OfferSeen():
            return "offerta vista dalla casa"
        case ConversationOpened(side=side, until=until):
            who = "la casa" if side is Side.HOUSE else "la coordinatrice"
            return f"in conversazione ({who}) · il posto non scade fino alle {names.clock(until)}"
        case OfferUnanswered():
            return "nessuna risposta: avvisata una persona; il posto resta suo finché non serve ad altre"
        case OfferAccepted(channel=channel, occurred_at=at):
            return f"la casa dice SÌ alle {names.clock(at)} ({word('AnswerChannel', channel)})"
        case TelephoneAcceptanceConfirmed():
            return "la casa conferma a schermo il sì dato per telefono"
        case OfferRefused(shown=shown):
            return f"la casa dice no: {word('RefusalGroup', shown)}"
        case LateAcceptanceRecorded(reason=reason):
            why = word("LateReason", reason)
            return f"sì arrivato tardi: {why}; nulla è tolto a nessuno, avvisata la coordinatrice"
        case WomanAccepted(proximity_checked_by_voice=checked, told=told):
            near = f"distanza dal maltrattante {'verificata a voce' if checked else 'NON verificata'}"
            return f"lei dice SÌ a questo posto · informata su {count(len(told), 'punto', 'punti')} · {near}"
        case WomanDeclined(shown=why):
            return f"lei dice no: {word('DeclineGroup', why)}; la ricerca si ferma e chiede"
        case _:
            return None


def _staying(event: Event, names: Names) -> str | None:
    match event:
        case HandoverAgreed(expected_at=at, escort=escort):
            how = word("Escort", escort)
            return f"arrivo concordato verso le {names.clock(at)}, {how}; il luogo si dice a voce"
        case HouseholdNotArrived(welfare_check_asked=asked):
            return f"non sono arrivate; il posto resta loro{' · chiesta una verifica' if asked else ''}"
        case AdmissionByDirectAgreement(shelter_id=house):
            return f"già accolta per accordo diretto nella casa {names.of(house)}: eccezione dichiarata"
        case ExtraordinaryAdmission(shelter_id=house, without_place=number):
            where = f"nella casa {names.of(house)}, {people(number)} senza letto"
            return f"accoglienza straordinaria {where}: eccezione dichiarata"
        case HouseholdAdmitted(occurred_at=at):
            return f"entrata in casa alle {names.clock(at)}: il posto opzionato è ora una permanenza"
        case HouseholdDischarged(outcome=outcome):
            return f"uscita: {word('DischargeOutcome', outcome)}"
        case PlacementEnded(outcome=outcome):
            return f"richiesta chiusa: {word('PlacementOutcome', outcome)}"
        case _:
            return None


def _room(event: Event, _: Names) -> str | None:
    match event:
        case OccupiedOutsideEngine(places=places, contested=contested):
            beside = f", {len(contested)} contesi" if contested else ""
            return f"presenze non inviate dalla rete: {count(len(places), 'posto', 'posti')}{beside}"
        case VacatedOutsideEngine(places=places):
            return f"presenze non inviate dalla rete, uscite: {count(len(places), 'posto', 'posti')}"
        case OccupiedDirectly(places=places, contested=contested):
            beside = f", {len(contested)} contesi" if contested else ""
            return f"occupata per accordo diretto: {count(len(places), 'posto', 'posti')}{beside}"
        case AvailabilityCorrected(open_places=places):
            return f"disponibilità corretta a voce: {count(len(places), 'posto', 'posti')} in servizio"
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


def _contacts(event: Event, _: Names) -> str | None:
    match event:
        case DeskValuesOpened(purpose=purpose):
            return f"un numero sta per essere letto {word('OpeningPurpose', purpose)}: resta scritto prima"
        case _:
            return None


def _ranking(event: CandidatesRanked, names: Names) -> str:
    out = ", ".join(_left_out(each) for each in event.excluded) or "nessuna"
    best = " > ".join(" + ".join(names.of(unit.unit_id) for unit in each.units) for each in event.best[:3])
    fits = "adatta" if event.eligible == 1 else "adatte"
    fit = f"{event.eligible} {fits} su {event.units_seen} camere e alloggi"
    if event.to_be_confirmed:
        fit += f", {event.to_be_confirmed} da confermare a voce{_asked(event)}"
    rules = f"{event.ranker}, regole {event.policy}, alla posizione {event.position}"
    return f"perché: {fit}{f' ({best})' if best else ''}; escluse: {out} · {rules}"


def _asked(event: CandidatesRanked) -> str:
    asked = event.best[0].to_confirm if event.best else ()
    return f" ({', '.join(word('ToConfirm', each) for each in asked)})" if asked else ""


def _left_out(each: ExclusionCount) -> str:
    return f"{each.units} {excluded(each.code, each.units)}"
