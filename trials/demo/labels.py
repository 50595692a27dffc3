"""The Italian labels of coded words, for whoever watches a night. Tables alone."""

from __future__ import annotations

from domain.codes import (
    AlarmKind,
    BridgeEnd,
    BridgeKind,
    CheckedBy,
    ChoiceReason,
    DeclineGroup,
    DischargeOutcome,
    Escort,
    LateReason,
    NeighbourAnswer,
    PlacementOutcome,
    RefusalGroup,
    ReleaseCause,
    ToConfirm,
)
from domain.kept import OpeningPurpose
from domain.vocabulary import AgeBand, AnswerChannel, RiskBand

AGES = {
    AgeBand.AGE_0_2: "0–2",
    AgeBand.AGE_3_5: "3–5",
    AgeBand.AGE_6_10: "6–10",
    AgeBand.AGE_11_13: "11–13",
    AgeBand.AGE_14_17: "14–17",
}
NUMBERS = {1: "un", 2: "due", 3: "tre", 4: "quattro", 5: "cinque"}
EXCLUSIONS = {
    "NOT_TO_ASK": ("ha già avuto un no", "hanno già avuto un no"),
    "NOT_ACCEPTING": ("non accoglie", "non accolgono"),
    "INTAKE_MODE": ("non accoglie in emergenza", "non accolgono in emergenza"),
    "LEVEL": ("di altro livello", "di altro livello"),
    "CAPACITY": ("troppo piccola", "troppo piccole"),
    "FEATURE": ("senza un requisito", "senza un requisito"),
    "SAFETY": ("per sicurezza", "per sicurezza"),
    "CHILDREN": ("per le regole sui figli", "per le regole sui figli"),
    "RISK": ("non per questo rischio", "non per questo rischio"),
    "OCCUPIED": ("occupata", "occupate"),
    "OWED": ("spetta a chi attende da prima", "spettano a chi attende da prima"),
}
"""Why units are left out, of one and of more."""
RISKS = {
    RiskBand.IMMEDIATE: "rischio immediato",
    RiskBand.HIGH: "rischio alto",
    RiskBand.MEDIUM: "rischio medio",
    RiskBand.LOW: "rischio basso",
    RiskBand.NOT_ASSESSED: "rischio non valutato",
}
REFUSED = {
    RefusalGroup.NO_CAPACITY: "non c'è posto",
    RefusalGroup.NOT_SUITABLE: "non adatta",
    RefusalGroup.NEEDS_SPECIALISED_UNIT: "serve una casa specializzata",
    RefusalGroup.NOT_NOW: "non in questo momento",
    RefusalGroup.SAFETY: "sicurezza: la ricerca si ferma e chiede",
}
DECLINED = {
    DeclineGroup.PLACE_NOT_RIGHT: "il posto non va bene",
    DeclineGroup.NOT_NOW: "non adesso",
    DeclineGroup.OTHER_SOLUTION: "altra soluzione",
    DeclineGroup.NOT_SAID: "non detto",
}
RELEASED = {
    ReleaseCause.REFUSED_BY_HOUSE: "la casa ha detto no",
    ReleaseCause.DECLINED_BY_WOMAN: "lei ha detto no",
    ReleaseCause.CONSENT_WITHDRAWN: "consenso ritirato",
    ReleaseCause.RELEASED_BY_COORDINATOR: "la coordinatrice lo ha lasciato",
    ReleaseCause.DISPLACED_BY_REALITY: "c'è già qualcuno",
    ReleaseCause.EXPIRED_FOR_ANOTHER: "scaduto, serve a un'altra",
    ReleaseCause.UNANSWERED: "nessuna risposta, si passa alla prossima casa",
    ReleaseCause.ANOTHER_CHOSEN: "scelto un altro posto",
    ReleaseCause.NOT_ARRIVED: "non sono arrivate",
    ReleaseCause.NO_LONGER_FITS: "non è più adatto",
    ReleaseCause.NOT_REALLY_FREE: "non era libero davvero",
    ReleaseCause.ADMITTED_ELSEWHERE: "accolte altrove",
    ReleaseCause.REQUEST_CLOSED: "richiesta chiusa",
}
LATE = {
    LateReason.PLACES_TAKEN: "i posti sono di un'altra",
    LateReason.SHELTER_NOT_ADMITTING: "la casa non accoglie",
    LateReason.PLACEMENT_ENDED: "la richiesta è chiusa",
    LateReason.ANOTHER_HOLD: "c'è un altro posto opzionato",
    LateReason.DECLINED_BY_WOMAN: "lei aveva detto no",
    LateReason.SEARCH_STOPPED: "la ricerca si era fermata",
    LateReason.NOT_TO_ASK: "da quella camera era venuto un no",
    LateReason.OWED_TO_ANOTHER: "il posto spetta a chi attende da prima",
    LateReason.NO_LONGER_FITS: "non va più bene per come è ora la richiesta",
}
CHANNELS = {
    AnswerChannel.TELEPHONE: "per telefono, registrato dalla coordinatrice",
    AnswerChannel.SCREEN: "a schermo",
}
ENDED = {
    PlacementOutcome.CONSENT_WITHDRAWN: "consenso ritirato",
    PlacementOutcome.DISCHARGED: "uscita dalla casa",
    PlacementOutcome.PLACED_BY_NEIGHBOUR: "accolta da una rete vicina",
    PlacementOutcome.OTHER_SOLUTION: "altra soluzione",
    PlacementOutcome.PERPETRATOR_REMOVED: "lui è stato allontanato da casa",
    PlacementOutcome.UNREACHABLE: "non si riesce a raggiungerla",
    PlacementOutcome.ENTERED_IN_ERROR: "registrata per errore",
}
CONFIRM = {
    ToConfirm.AVAILABILITY_OLD: "se è libero davvero",
    ToConfirm.BOYS_AGE: "l'età del figlio maschio",
    ToConfirm.INTERVIEW_FIRST: "un colloquio prima",
    ToConfirm.SELF_SUFFICIENT: "l'autonomia",
    ToConfirm.CAV_IN_CHARGE: "la presa in carico del CAV",
    ToConfirm.SOCIAL_SERVICE_AUTHORISATION: "l'autorizzazione dei servizi sociali",
    ToConfirm.FEE_COMMITTED: "l'impegno di spesa",
    ToConfirm.RESIDENCE_OR_AGREEMENT: "la residenza o la convenzione",
    ToConfirm.DOCUMENTS_SEEN: "i documenti",
}
"""What the house is asked by voice."""
REASONS = {
    ChoiceReason.HER_WISH: "lo ha chiesto lei",
    ChoiceReason.KNOWN_CONFLICT: "un conflitto noto",
    ChoiceReason.DISTANCE_BY_VOICE: "la distanza, sentita a voce",
    ChoiceReason.HOUSE_TELEPHONED: "la casa ha telefonato",
    ChoiceReason.SUPPORT_NEEDED: "il sostegno che serve",
    ChoiceReason.LANGUAGE: "la lingua",
    ChoiceReason.CONTINUITY: "la continuità",
}
BRIDGES = {
    BridgeKind.EMERGENCY_DEPARTMENT_OBSERVATION: "osservazione breve in pronto soccorso",
    BridgeKind.VETTED_HOTEL_WITH_ESCORT: "albergo verificato, con accompagnamento",
    BridgeKind.POLICE_UNTIL_MORNING: "dalle forze dell'ordine fino al mattino",
    BridgeKind.TRUSTED_PERSON: "da una persona fidata",
    BridgeKind.NON_SPECIALISED_FACILITY: "struttura non specializzata",
    BridgeKind.OTHER_NETWORK: "in un'altra rete",
}
CHECKERS = {
    CheckedBy.CAV: "il centro antiviolenza",
    CheckedBy.SOCIAL_SERVICES: "i servizi sociali",
    CheckedBy.SOCIAL_EMERGENCY_SERVICE: "il pronto intervento sociale",
    CheckedBy.EMERGENCY_DEPARTMENT: "il pronto soccorso",
    CheckedBy.LAW_ENFORCEMENT: "le forze dell'ordine",
    CheckedBy.COORDINATION: "la coordinatrice",
}
BRIDGE_ENDS = {
    BridgeEnd.PLACE_FOUND: "c'è il posto",
    BridgeEnd.TIME_OVER: "il tempo è finito",
    BridgeEnd.NO_LONGER_POSSIBLE: "non è più possibile",
    BridgeEnd.LEFT: "è andata via",
    BridgeEnd.REPLACED: "ce n'è un'altra",
}
NEIGHBOURS = {
    NeighbourAnswer.YES: "sì",
    NeighbourAnswer.NO: "no, nessun posto",
    NeighbourAnswer.NO_ANSWER: "nessuna risposta",
}
ALARMS = {
    AlarmKind.SAFE_UNTIL: "fra poco non è più al sicuro dove si trova",
    AlarmKind.BRIDGE_CHECK: "è l'ora di controllare la soluzione ponte",
    AlarmKind.BRIDGE_ENDS: "la soluzione ponte finisce",
    AlarmKind.LATE_ARRIVAL: "non sono ancora arrivate",
    AlarmKind.NO_PLACE_YET: "dopo tanto tempo ancora nessun posto",
    AlarmKind.HOUSES_SILENT: "le case non rispondono",
    AlarmKind.ALL_REFUSED: "tutte le case hanno detto no",
    AlarmKind.PLACE_LOST: "il posto già accettato non c'è più",
    AlarmKind.LATE_YES: "una casa ha detto sì troppo tardi",
    AlarmKind.NOT_SETTLED: "la casa ha detto sì e l'arrivo non è ancora concordato",
}
OPENED = {
    OpeningPurpose.CALL_HOUSE: "il numero della casa",
    OpeningPurpose.CALL_SERVICE: "il numero del servizio",
    OpeningPurpose.NAME_ZONES: "il significato delle zone",
}
"""What somebody is about to read of the contact book."""
ESCORTS = {
    Escort.LAW_ENFORCEMENT: "con le forze dell'ordine",
    Escort.CAV: "con il centro antiviolenza",
    Escort.SOCIAL_SERVICES: "con i servizi sociali",
    Escort.HOUSE: "con la casa",
    Escort.AMBULANCE: "in ambulanza",
    Escort.ON_THEIR_OWN: "da sole",
}
LEFT = {
    DischargeOutcome.GOALS_REACHED: "obiettivi raggiunti",
    DischargeOutcome.INDEPENDENT_HOUSING: "una casa sua",
    DischargeOutcome.HOSTING_PERIOD_ENDED: "periodo di accoglienza finito",
    DischargeOutcome.RETURNED_TO_PERPETRATOR: "è tornata da lui",
    DischargeOutcome.LEFT_PATH: "ha lasciato il percorso",
    DischargeOutcome.LEFT_WITHOUT_NOTICE: "è andata via senza dirlo",
    DischargeOutcome.TRANSFER_HIGHER_LEVEL: "passa a un livello più protetto",
    DischargeOutcome.TRANSFER_SEMI_INDEPENDENT: "passa alla semiautonomia",
    DischargeOutcome.TRANSFER_OTHER_NETWORK: "passa a un'altra rete",
    DischargeOutcome.TRANSFER_SPECIALISED: "passa a una casa specializzata",
    DischargeOutcome.MOVED_TO_FAMILY: "va dai parenti",
    DischargeOutcome.RULE_BREACH: "regole della casa",
    DischargeOutcome.SECURITY_TRANSFER: "trasferita per sicurezza",
    DischargeOutcome.PERPETRATOR_REMOVED_RETURN_HOME: "torna a casa, lui è stato allontanato",
    DischargeOutcome.MEDICAL: "ricovero",
    DischargeOutcome.DECEASED: "deceduta",
    DischargeOutcome.OTHER: "altro",
}
"""How a stay ended."""
