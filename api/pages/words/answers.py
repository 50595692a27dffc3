"""What a house and she answered, and what was told; how an offer and a hold end. Tables alone."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, str]] = {
    "AnswerChannel": {
        "SCREEN": "dalla casa, a schermo",
        "TELEPHONE": "per telefono, registrato dalla coordinatrice",
    },
    "Side": {
        "HOUSE": "la casa",
        "COORDINATION": "la coordinatrice",
    },
    # A house’s no, as it is shown.
    "RefusalGroup": {
        "NO_CAPACITY": "non c’è posto",
        "NOT_SUITABLE": "non è la casa adatta",
        "NEEDS_SPECIALISED_UNIT": "serve una casa specializzata",
        "NOT_NOW": "non in questo momento",
        "SAFETY": "per sicurezza: la ricerca si ferma e chiede",
    },
    # What the house itself taps; it stays in the vault.
    "RefusalCode": {
        "NO_CAPACITY": "non c’è posto",
        "HOUSEHOLD_TOO_LARGE": "il nucleo è troppo numeroso",
        "CHILD_AGE_SEX_RULE": "regola sull’età dei figli",
        "ACCESSIBILITY": "la casa non è accessibile",
        "PROXIMITY_RISK": "troppo vicino a lui",
        "SPECIALISED_NEED_MENTAL_HEALTH": "serve un aiuto per la salute mentale",
        "SPECIALISED_NEED_ADDICTION": "serve un aiuto per una dipendenza",
        "SPECIALISED_NEED_MEDICAL": "servono cure mediche",
        "INCOMPATIBLE_WITH_GUESTS": "non può stare con chi è già in casa",
        "NO_NIGHT_STAFF": "di notte non c’è nessuna operatrice",
        "STAFF_ALONE_TONIGHT": "stanotte l’operatrice è sola",
        "NOT_TARGET": "non è una situazione di violenza",
        "RESIDENCE_OR_AGREEMENT": "residenza o convenzione",
        "DOCUMENTS_STATUS": "documenti",
        "NO_SOCIAL_SERVICE_AUTHORISATION": "manca l’autorizzazione del servizio sociale",
        "FEE_NOT_COMMITTED": "manca l’impegno di spesa",
        "RISK_ABOVE_HOUSE": "il rischio è troppo alto per la casa",
        "NOT_SELF_SUFFICIENT": "non è abbastanza autonoma",
        "PET": "animale con sé",
        "LANGUAGE_MEDIATION": "manca una mediatrice",
        "SECURITY_STANDBY": "la casa è in allerta",
        "OTHER": "altro motivo",
    },
    # Her no, as it is shown.
    "DeclineGroup": {
        "PLACE_NOT_RIGHT": "il posto non va bene per lei",
        "NOT_NOW": "non adesso",
        "OTHER_SOLUTION": "ha un’altra soluzione",
        "NOT_SAID": "non lo ha detto",
    },
    # Her reason, if she wants to say; it stays in the vault.
    "DeclineCode": {
        "TOO_CLOSE": "troppo vicino",
        "TOO_FAR": "troppo lontano",
        "WORK_SCHOOL": "lavoro o scuola",
        "CHILD_NOT_ADMITTED": "un figlio o una figlia non può entrare",
        "PET": "animale con sé",
        "SHARED_SPACE": "spazi in comune",
        "HOUSE_RULES": "le regole della casa",
        "FEAR_FOR_CHILDREN": "paura per i figli",
        "LANGUAGE": "la lingua",
        "NEEDS_TIME": "ha bisogno di tempo",
        "NOT_NOW": "non adesso",
        "FOUND_SAFE_PLACE": "ha trovato un posto sicuro",
        "RETURNED_HOME": "è tornata a casa",
        "UNREACHABLE": "non si riesce a raggiungerla",
        "NOT_SAID": "non lo ha detto",
    },
    # What she was told of the place.
    "Told": {
        "HOUSE_RULES": "le regole della casa",
        "SHARED_SPACES": "gli spazi in comune",
        "TELEPHONE_USE": "come si usa il telefono",
        "LENGTH_OF_STAY": "quanto può restare",
        "CHILDREN_AND_SCHOOL": "i figli e la scuola",
        "LANGUAGE_AND_INTERPRETER": "la lingua e la mediatrice",
    },
    # Why a held place was given back.
    "ReleaseCause": {
        "REFUSED_BY_HOUSE": "la casa ha detto no",
        "DECLINED_BY_WOMAN": "lei ha detto no",
        "CONSENT_WITHDRAWN": "ha ritirato il consenso",
        "RELEASED_BY_COORDINATOR": "lo ha lasciato la coordinatrice",
        "DISPLACED_BY_REALITY": "nella camera c’era già qualcuno",
        "EXPIRED_FOR_ANOTHER": "scaduto: serviva a un’altra",
        "UNANSWERED": "nessuna risposta: si passa a un’altra casa",
        "ANOTHER_CHOSEN": "scelto un altro posto",
        "NOT_ARRIVED": "il nucleo non è arrivato",
        "NO_LONGER_FITS": "non è più adatto",
        "NOT_REALLY_FREE": "non era libero davvero",
        "ADMITTED_ELSEWHERE": "è entrata in un’altra casa",
        "REQUEST_CLOSED": "richiesta chiusa",
    },
    # Why a late yes took nothing.
    "LateReason": {
        "PLACES_TAKEN": "i posti sono di un’altra",
        "SHELTER_NOT_ADMITTING": "la casa adesso non accoglie",
        "PLACEMENT_ENDED": "la richiesta è chiusa",
        "ANOTHER_HOLD": "c’è già un altro posto opzionato",
        "DECLINED_BY_WOMAN": "lei aveva detto no",
        "SEARCH_STOPPED": "la ricerca era ferma",
        "NOT_TO_ASK": "da quella camera era venuto un no",
        "OWED_TO_ANOTHER": "il posto spetta a chi aspetta da prima",
        "NO_LONGER_FITS": "non va più bene per com’è ora la richiesta",
    },
}
