"""Other ways than a place at once, the way there, and every ending. Tables alone."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, str]] = {
    "BridgeKind": {
        "EMERGENCY_DEPARTMENT_OBSERVATION": "osservazione breve in pronto soccorso",
        "VETTED_HOTEL_WITH_ESCORT": "albergo verificato, con accompagnamento",
        "POLICE_UNTIL_MORNING": "presso le forze dell’ordine fino al mattino",
        "TRUSTED_PERSON": "da una persona fidata",
        "NON_SPECIALISED_FACILITY": "struttura non specializzata",
        "OTHER_NETWORK": "in un’altra rete",
    },
    "CheckedBy": {
        "CAV": "il centro antiviolenza",
        "SOCIAL_SERVICES": "il servizio sociale",
        "SOCIAL_EMERGENCY_SERVICE": "il pronto intervento sociale",
        "EMERGENCY_DEPARTMENT": "il pronto soccorso",
        "LAW_ENFORCEMENT": "le forze dell’ordine",
        "COORDINATION": "la coordinatrice",
    },
    "BridgeEnd": {
        "PLACE_FOUND": "c’è il posto",
        "TIME_OVER": "il tempo è finito",
        "NO_LONGER_POSSIBLE": "non è più possibile",
        "LEFT": "è andata via",
        "REPLACED": "ce n’è un’altra",
    },
    "NeighbourAnswer": {
        "YES": "sì, c’è un posto",
        "NO": "no, nessun posto",
        "NO_ANSWER": "nessuna risposta",
    },
    "Escort": {
        "LAW_ENFORCEMENT": "con le forze dell’ordine",
        "CAV": "con il centro antiviolenza",
        "SOCIAL_SERVICES": "con il servizio sociale",
        "HOUSE": "con la casa",
        "AMBULANCE": "in ambulanza",
        "ON_THEIR_OWN": "con i propri mezzi",
    },
    "PlacementOutcome": {
        "CONSENT_WITHDRAWN": "ha ritirato il consenso",
        "DISCHARGED": "uscita dalla casa",
        "PLACED_BY_NEIGHBOUR": "accolta da una rete vicina",
        "OTHER_SOLUTION": "ha un’altra soluzione",
        "PERPETRATOR_REMOVED": "lui è stato allontanato da casa",
        "UNREACHABLE": "non si riesce a raggiungerla",
        "ENTERED_IN_ERROR": "richiesta scritta per errore",
    },
    "DischargeOutcome": {
        "GOALS_REACHED": "obiettivi raggiunti",
        "INDEPENDENT_HOUSING": "ha una casa sua",
        "HOSTING_PERIOD_ENDED": "periodo di accoglienza finito",
        "RETURNED_TO_PERPETRATOR": "è tornata da lui",
        "LEFT_PATH": "ha lasciato il percorso",
        "LEFT_WITHOUT_NOTICE": "è andata via senza dirlo",
        "TRANSFER_HIGHER_LEVEL": "passa a un livello più protetto",
        "TRANSFER_SEMI_INDEPENDENT": "passa alla semiautonomia",
        "TRANSFER_OTHER_NETWORK": "passa a un’altra rete",
        "TRANSFER_SPECIALISED": "passa a una casa specializzata",
        "MOVED_TO_FAMILY": "va da parenti",
        "RULE_BREACH": "per le regole della casa",
        "SECURITY_TRANSFER": "trasferita per sicurezza",
        "PERPETRATOR_REMOVED_RETURN_HOME": "torna a casa: lui è stato allontanato",
        "MEDICAL": "in ospedale",
        "DECEASED": "deceduta",
        "OTHER": "altro",
    },
    "CorrectionReason": {
        "WRONG_TIME": "l’ora era sbagliata",
        "WRONG_VALUE": "un dato era sbagliato",
        "WRONG_PLACEMENT": "era di un altro percorso",
        "ENTERED_TWICE": "era scritto due volte",
        "DID_NOT_HAPPEN": "non è successo",
    },
}
