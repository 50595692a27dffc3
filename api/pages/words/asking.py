"""What a request says: how soon, how dangerous, where she is, who asks, who comes. Tables alone."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, str]] = {
    "Urgency": {
        "U1": "subito",
        "U2": "entro oggi",
        "U3": "entro 72 ore",
        "U4": "programmata",
    },
    "UrgencyReason": {
        "RISK_HIGHER": "il rischio è più alto",
        "RISK_LOWER": "il rischio è più basso",
        "SAFE_PLACE_LOST": "non ha più un posto sicuro dove aspettare",
        "SAFE_PLACE_FOUND": "ha un posto sicuro dove aspettare",
        "PERPETRATOR_RELEASED": "lui è di nuovo libero",
        "PERPETRATOR_REMOVED": "lui è stato allontanato da casa",
        "HEALTH": "per motivi di salute",
        "SET_WRONGLY": "era stata indicata per errore",
    },
    "RiskBand": {
        "IMMEDIATE": "rischio immediato",
        "HIGH": "rischio alto",
        "MEDIUM": "rischio medio",
        "LOW": "rischio basso",
        "NOT_ASSESSED": "rischio non valutato: vale come alto",
    },
    # Instruments keep their names.
    "RiskTool": {
        "SARA": "SARA",
        "SARA_S": "SARA-S",
        "SARA_PLUS": "SARA-Plus",
        "DANGER_ASSESSMENT": "Danger Assessment",
        "DA5": "DA5",
        "ISA": "ISA",
        "PROFESSIONAL_JUDGEMENT": "giudizio professionale",
        "OTHER": "altro strumento",
    },
    "AssessorRole": {
        "CAV_WORKER": "operatrice del centro antiviolenza",
        "SOCIAL_WORKER": "assistente sociale",
        "HEALTH_WORKER": "personale sanitario",
        "POLICE_OFFICER": "forze dell’ordine",
        "COORDINATOR": "coordinatrice",
        "OTHER": "altra figura professionale",
    },
    # Where she is now.
    "Setting": {
        "EMERGENCY_DEPARTMENT": "in pronto soccorso",
        "POLICE": "presso le forze dell’ordine",
        "FRIEND": "da una persona amica",
        "STREET": "per strada o in un luogo pubblico",
        "WITH_PERPETRATOR": "dove c’è lui",
    },
    # Who called.
    "Channel": {
        "CAV": "centro antiviolenza",
        "SOCIAL_SERVICES": "servizio sociale",
        "SOCIAL_EMERGENCY_SERVICE": "pronto intervento sociale",
        "EMERGENCY_DEPT": "pronto soccorso",
        "LAW_ENFORCEMENT": "forze dell’ordine",
        "HELPLINE_1522": "numero 1522",
        "PROSECUTOR_COURT": "procura o tribunale",
        "HEALTH_SERVICE": "consultorio o medico",
        "OTHER_NETWORK": "un’altra rete antiviolenza",
        "SELF_VIA_CAV": "lei stessa, tramite il centro antiviolenza",
        "OTHER": "altri",
    },
    "AgeBand": {
        "AGE_0_2": "0–2 anni",
        "AGE_3_5": "3–5 anni",
        "AGE_6_10": "6–10 anni",
        "AGE_11_13": "11–13 anni",
        "AGE_14_17": "14–17 anni",
    },
    # Asked only because some houses set a limit.
    "OldestBoy": {
        "NOT_SAID": "non so",
        "NO_BOY": "nessun figlio maschio",
        "AGE_0_2": "0–2 anni",
        "AGE_3_5": "3–5 anni",
        "AGE_6_10": "6–10 anni",
        "AGE_11_13": "11–13 anni",
        "AGE_14_17": "14–17 anni",
    },
    "Feature": {
        "GROUND_FLOOR": "piano terra",
        "STEP_FREE": "senza gradini",
        "ACCESSIBLE_BATHROOM": "bagno accessibile",
        "PRIVATE_BATHROOM": "bagno privato",
        "OWN_KITCHEN": "cucina propria",
        "STAFFED_AT_NIGHT": "operatrice presente di notte",
        "PETS_ADMITTED": "animali ammessi",
    },
    "RevisionReason": {
        "CHILD_JOINED": "un figlio o una figlia in più",
        "CHILD_STAYS_ELSEWHERE": "un figlio o una figlia resta altrove",
        "ADULT_JOINED": "una persona adulta in più",
        "AGE_CORRECTED": "un’età era sbagliata",
        "NEED_LEARNED": "si è saputo di un bisogno",
        "ENTERED_WRONGLY": "era stato scritto male",
    },
    "SplitDestination": {
        "RELATIVES": "da parenti",
        "FRIENDS": "da persone amiche",
        "MINORS_FACILITY": "in una struttura per minori",
        "OTHER_FACILITY": "in un’altra struttura",
        "OTHER_PARENT": "dall’altro genitore",
    },
    # How it is safe to reach her.
    "SafeChannel": {
        "VOICE": "a voce, per telefono",
        "TEXT_MESSAGE": "con un SMS",
        "MESSAGING_APP": "con un’app di messaggi",
        "THROUGH_SERVICE": "solo tramite chi ha chiamato per lei",
    },
}
