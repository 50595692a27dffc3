"""Why this place, why not the others, and why a person chose otherwise. Tables alone."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, str]] = {
    # Of one: “1 camera è troppo piccola”.
    "ExclusionCode": {
        "NOT_TO_ASK": "ha già avuto un no",
        "NOT_ACCEPTING": "adesso non accoglie",
        "INTAKE_MODE": "non accoglie con questi tempi",
        "LEVEL": "è di un altro livello",
        "CAPACITY": "è troppo piccola",
        "CHILDREN": "ha altre regole sui figli",
        "RISK": "non è adatta a questo rischio",
        "FEATURE": "non ha quello che serve",
        "SAFETY": "è esclusa per sicurezza",
        "OCCUPIED": "è occupata",
        "OWED": "spetta a chi aspetta da prima",
    },
    # The same of more than one: “3 camere sono troppo piccole”.
    "ExclusionCodes": {
        "NOT_TO_ASK": "hanno già avuto un no",
        "NOT_ACCEPTING": "adesso non accolgono",
        "INTAKE_MODE": "non accolgono con questi tempi",
        "LEVEL": "sono di un altro livello",
        "CAPACITY": "sono troppo piccole",
        "CHILDREN": "hanno altre regole sui figli",
        "RISK": "non sono adatte a questo rischio",
        "FEATURE": "non hanno quello che serve",
        "SAFETY": "sono escluse per sicurezza",
        "OCCUPIED": "sono occupate",
        "OWED": "spettano a chi aspetta da prima",
    },
    # Why this one first: by what candidates are ordered, before their weights.
    "Order": {
        "expires": "È libero: non si toglie nulla a nessuno.",
        "to_confirm": "Si sa già tutto quello che la casa chiede.",
        "asked_before": "Non è ancora stata chiesta per questo nucleo.",
        "penalty": "È la più adatta fra quelle libere.",
        "tie": "Altre erano adatte allo stesso modo: fra pari decide il sorteggio registrato.",
    },
    # The same of each weight of the policy: what speaks for a place that has no such cost.
    "Weights": {
        "spare_place": "È della misura giusta: non lascia letti vuoti.",
        "ageing_availability": "La casa ha confermato da poco che è libero.",
        "stale_availability": "La casa ha confermato oggi che è libero.",
        "spare_feature": "Lascia libero, per chi ne ha bisogno, quello che a lei non serve.",
        "extra_unit": "Il nucleo resta insieme, in una sola camera.",
        "pending_offer": "La casa non aspetta già altre famiglie.",
        "wrong_availability": "L’ultima parola della casa sui posti era giusta.",
        "other_district": "La tiene vicina a scuola e lavoro, come ha chiesto.",
    },
    # To be asked of the house by voice.
    "ToConfirm": {
        "AVAILABILITY_OLD": "se è libero davvero",
        "BOYS_AGE": "se va bene l’età del figlio maschio",
        "INTERVIEW_FIRST": "se serve un colloquio prima",
        "SELF_SUFFICIENT": "se deve essere autonoma",
        "CAV_IN_CHARGE": "se deve seguirla il centro antiviolenza",
        "SOCIAL_SERVICE_AUTHORISATION": "se serve l’autorizzazione del servizio sociale",
        "FEE_COMMITTED": "se serve l’impegno di spesa",
        "RESIDENCE_OR_AGREEMENT": "se serve la residenza o la convenzione",
        "DOCUMENTS_SEEN": "se servono i documenti",
    },
    # Why another place than the first.
    "ChoiceReason": {
        "HER_WISH": "lo ha chiesto lei",
        "KNOWN_CONFLICT": "c’è un conflitto noto",
        "DISTANCE_BY_VOICE": "la distanza, sentita a voce",
        "HOUSE_TELEPHONED": "la casa ha telefonato",
        "SUPPORT_NEEDED": "il sostegno che le serve",
        "LANGUAGE": "la lingua",
        "CONTINUITY": "scuola, lavoro o cure vicino",
    },
    "AskAgainReason": {
        "HOUSE_CHANGED_ITS_MIND": "la casa ha cambiato idea",
        "SHE_CHANGED_HER_MIND": "lei ha cambiato idea",
        "HOUSEHOLD_CHANGED": "il nucleo è cambiato",
        "REASON_GONE": "il motivo non c’è più",
        "ANSWER_ENTERED_WRONGLY": "la risposta era stata scritta male",
    },
    "OverrideReason": {
        "IMMEDIATE_DANGER": "pericolo immediato",
        "HOUSE_AGREED_BY_VOICE": "la casa è d’accordo, a voce",
        "RULE_DATA_WRONG": "i dati della regola sono sbagliati",
        "SHE_ASKED_FOR_IT": "lo ha chiesto lei",
        "COURT_ORDER": "ordine di un giudice",
    },
}
