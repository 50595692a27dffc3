"""What the lead body’s figures count, and what a check of the record finds. Tables alone."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, str]] = {
    "Step": {
        "FIRST_ANSWER": "prima risposta di una casa",
        "CONFIRMED": "posto confermato",
        "ADMITTED": "ingresso in casa",
        "AGE_OF_THE_WORD": "da quanto la casa aveva confermato i posti",
    },
    # Declared beside the rules: listed, never a fault.
    "ExceptionKind": {
        "CONTESTED": "qualcuno era in posti già occupati",
        "DIRECT_AGREEMENT": "ingresso per accordo diretto",
        "EXTRAORDINARY_ADMISSION": "ingresso oltre i posti che ci sono",
        "RULE_OVERRIDDEN": "scelta contro una regola",
    },
    "Breach": {
        "POSITION_OUT_OF_ORDER": "una posizione è fuori ordine",
        "POSITION_MISSING": "manca una posizione",
        "TIME_STEPPED_BACK": "l’ora torna indietro",
        "VERSION_OUT_OF_ORDER": "una versione è fuori ordine",
        "STREAM_OF_TWO_KINDS": "una storia mescola due cose diverse",
        "UNREADABLE": "una riga non si legge",
        "ANOTHER_NETWORK": "viene da un’altra rete",
        "COMMAND_TWICE": "lo stesso comando vale due volte",
        "DOUBLE_CLAIM": "lo stesso posto è dato due volte",
        "FREED_WITHOUT_CLAIM": "un posto è liberato senza essere preso",
        "CASE_BOUND_TWICE": "un caso ha due richieste aperte",
        "CASE_BINDING_DIFFERS": "caso e richiesta non coincidono",
        "TWO_HOLDS": "due posti opzionati insieme",
        "TWO_STAYS": "due permanenze insieme",
        "TWO_ENDINGS": "due chiusure",
        "HELD_AFTER_ENDING": "un posto opzionato dopo la chiusura",
        "HOLD_ACROSS_SHELTERS": "un posto opzionato su due case",
        "OFFERED_WITHOUT_CONSENT": "offerta senza il consenso di lei",
        "DECISION_DIFFERS": "la decisione non coincide",
        "ADMITTED_WITHOUT_BOTH_YESES": "ingresso senza i due sì",
        "CONTESTED_WITHOUT_A_STAY": "posto conteso senza una permanenza",
        "PLACES_DIFFER_FROM_HOLD": "i posti non sono quelli opzionati",
        "CLAIM_TABLE_DIFFERS": "la tabella dei posti presi non coincide",
    },
    "Flaw": {
        "OUT_OF_ORDER": "una riga è fuori ordine",
        "UNREADABLE": "una riga non si legge",
        "IMPOSSIBLE": "un fatto che non può seguire da quelli prima",
        "REQUEST_UNKNOWN": "nessuno aveva chiesto questo posto",
        "POSITION_OUT_OF_LOG": "parte da un punto che non c’è",
        "POSITION_TOO_FAR_BACK": "parte da un punto troppo lontano: non controllata",
        "POLICY_UNKNOWN": "regole sconosciute",
        "POLICY_NOT_IN_FORCE": "regole non in vigore in quel momento",
        "RANKER_UNKNOWN": "metodo di confronto sconosciuto",
        "RANKER_NOT_OF_POLICY": "metodo di confronto diverso da quello delle regole",
        "NOT_DERIVABLE": "non si può rifare",
        "DIFFERS": "rifatta dal registro, viene diversa",
        "HELD_ANOTHER": "opzionato un posto diverso da quello scelto",
        "OVERRIDDEN_OTHERWISE": "scelta contro regole diverse da quelle dichiarate",
        "LEFT_WAITING": "lasciata in attesa anche se un posto c’era",
    },
}
