"""Who somebody is to the network, how they proved it, and why they look or ask. Tables alone."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, str]] = {
    "Role": {
        "COORDINATOR": "coordinatrice reperibile",
        "SHELTER_OPERATOR": "operatrice della casa",
        "LEAD_BODY": "ente capofila",
        "AUDITOR": "verifica",
        "ENGINE": "Approdo, in automatico",
        "SOCIAL_SERVICE": "servizio sociale",
        "EMERGENCY_ROOM": "pronto soccorso",
        "POLICE": "forze dell’ordine",
        "NEIGHBOUR_DESK": "rete vicina",
        "HEALTH_AGENCY": "agenzia di tutela della salute",
        "REGION": "Regione",
        "DATA_PROTECTION": "protezione dei dati",
        "SYSTEM_ADMINISTRATOR": "tecnica",
    },
    "MemberKind": {
        "LEAD": "ente capofila",
        "CAV": "centro antiviolenza",
        "SHELTER_BODY": "ente gestore di case",
        "SOCIAL_SERVICES": "servizio sociale",
        "EMERGENCY_DEPARTMENT": "pronto soccorso",
        "LAW_ENFORCEMENT": "forze dell’ordine",
        "HEALTH_AGENCY": "agenzia di tutela della salute",
        "NEIGHBOUR_NETWORK": "rete vicina",
    },
    # How a session began.
    "How": {
        "TOKEN": "codice di accesso",
        "PASSKEY": "passkey",
        "PROVIDER": "accesso dell’ente",
        "PIN": "PIN su questo telefono",
        "RECOVERY": "codice su carta",
    },
    "DeskKind": {
        "COORDINATION": "coordinamento",
        "HOUSE": "casa",
        "SERVICE": "servizio",
        "NEIGHBOUR": "rete vicina",
        "ZONE": "zona",
    },
    # Why somebody without a part in a case must see it now.
    "GlassReason": {
        "DANGER_TO_LIFE": "c’è una vita in pericolo",
        "COLLEAGUE_UNREACHABLE": "la collega non si trova",
        "JUDICIAL_ORDER": "ordine di un giudice",
        "SYSTEM_FAULT": "un guasto del sistema",
    },
    "ReviewOutcome": {
        "JUSTIFIED": "era giustificato",
        "NOT_JUSTIFIED": "non era giustificato",
        "RULE_TO_CHANGE": "la regola va cambiata",
    },
    "ReviewKind": {
        "GLASS_BROKEN": "ha aperto un caso non suo",
        "RULE_OVERRIDDEN": "ha scelto contro una regola",
    },
    "LegalHoldAsker": {
        "WOMAN": "lei stessa",
        "HER_LAWYER": "la sua avvocata o il suo avvocato",
        "PROSECUTOR": "la procura",
        "COURT": "il tribunale",
        "COURT_OF_AUDITORS": "la Corte dei conti",
        "DATA_PROTECTION_AUTHORITY": "il Garante della privacy",
    },
    "DossierKind": {
        "OSTENSIBLE": "copia ostensibile",
        "RESERVED": "allegato riservato",
    },
    "DossierStep": {
        "ORDERED": "ordinata",
        "APPROVED": "approvata",
        "ISSUED": "fatta",
    },
    "InquiryAsker": {
        "HERSELF": "lei stessa",
        "HER_LAWYER": "la sua avvocata o il suo avvocato",
        "CO_PARENT": "l’altro genitore",
        "CO_PARENTS_LAWYER": "chi difende l’altro genitore",
        "AUTHORITY": "un’autorità",
        "OTHER": "altri",
    },
    "InquiryOutcome": {
        "GIVEN_TO_HER": "risposta data a lei",
        "NOTHING_TO_SAY": "nulla da comunicare",
        "SENT_TO_AUTHORITY": "inviata all’autorità",
        "ASKER_NOT_IDENTIFIED": "non si sa chi chiede",
    },
    "ShreddingStep": {
        "PROPOSED": "distruzione proposta",
        "REJECTED": "distruzione respinta",
        "APPROVED": "distruzione approvata",
        "DESTROYED": "dati distrutti",
    },
    # What somebody did so much of that a person should look.
    "ProbingKind": {
        "FRUITLESS_REQUESTS": "tante richieste senza offerta",
        "PLACEMENTS_READ": "tanti percorsi aperti",
        "VALUES_OPENED": "tanti dati riservati aperti",
        "SEARCHES": "tante ricerche",
    },
    # What the vault keeps.
    "ValueKind": {
        "CALLBACK_CONTACT": "numero per richiamarla",
        "SAFE_CHANNEL": "come è sicuro contattarla",
        "SAFE_HOURS": "a che ora è sicuro",
        "MAY_CALL": "se si può chiamare",
        "AGREED_WORD": "parola d’intesa",
        "ALIAS": "nome da usare",
        "NOTES": "note",
        "HANDOVER_POINT": "punto d’incontro",
        "REFUSAL_CODE": "motivo del no della casa",
        "DECLINE_CODE": "motivo del suo no",
        "ON_CALL_NUMBER": "numero reperibile",
        "ZONE_MEANING": "che zona è",
        "INQUIRY_DETAILS": "chi chiede e di chi",
    },
    # What sealed data is opened for.
    "OpeningPurpose": {
        "CALL_HER": "per chiamarla",
        "AGREE_HANDOVER": "per concordare l’arrivo",
        "PREPARE_ARRIVAL": "per preparare l’arrivo",
        "CALL_HOUSE": "per chiamare la casa",
        "CALL_SERVICE": "per chiamare un servizio",
        "NAME_ZONES": "per sapere che zone sono",
        "UNDERSTAND_NO": "per capire un no",
        "REVIEW": "per un controllo",
        "ANSWER_INQUIRY": "per rispondere a una domanda",
        "JUDICIAL_ORDER": "per ordine di un giudice",
    },
    "LogKind": {
        "REAL": "registro vero",
        "EXERCISE": "esercitazione",
    },
}
