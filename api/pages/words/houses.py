"""What a house and its places are, who they are for, and how they stand. Tables alone."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, str]] = {
    # How long a level lasts is the network’s to say: see `level`.
    "LevelFunction": {
        "EMERGENCY_RECEPTION": "pronto intervento",
        "FIRST_LEVEL": "protezione di primo livello",
        "SECOND_LEVEL": "protezione di secondo livello",
        "SEMI_INDEPENDENT": "semiautonomia",
    },
    "IntakeMode": {
        "EMERGENCY": "in emergenza",
        "PLANNED_URGENT": "programmata, con urgenza",
        "MEDIUM_LONG": "programmata, per mesi",
    },
    "PlaceKind": {
        "BED": "letto",
        "COT": "culla",
    },
    "PlaceState": {
        "FREE": "libero",
        "HELD": "opzionato",
        "OCCUPIED": "occupato",
        "NOT_OFFERED": "non disponibile adesso",
    },
    "PauseReason": {
        "STAFF": "manca personale",
        "MAINTENANCE": "lavori in casa",
        "HEALTH": "motivi di salute in casa",
        "OTHER": "altro motivo",
    },
    # In the regional register.
    "RegisterStatus": {
        "COMPLIANT": "iscritta all’albo regionale",
        "TRANSITIONAL": "iscritta all’albo, in adeguamento",
        "NOT_LISTED": "non iscritta all’albo: non accoglie",
    },
    "AddressClass": {
        "SECRET": "indirizzo segreto",
        "RESERVED": "indirizzo riservato",
        "KNOWN": "indirizzo noto",
    },
    # To others a compromised house looks paused.
    "SecurityState": {
        "NORMAL": "sicura",
        "COMPROMISED": "non più sicura: non accoglie",
    },
    # What a house wants known first.
    "Criterion": {
        "INTERVIEW_FIRST": "un colloquio prima",
        "SELF_SUFFICIENT": "che sia autonoma",
        "CAV_IN_CHARGE": "che la segua il centro antiviolenza",
        "SOCIAL_SERVICE_AUTHORISATION": "l’autorizzazione del servizio sociale",
        "FEE_COMMITTED": "l’impegno di spesa",
        "RESIDENCE_OR_AGREEMENT": "la residenza o la convenzione",
        "DOCUMENTS_SEEN": "i documenti",
    },
    "Band": {
        "NONE": "nessun posto",
        "FEW": "pochi posti",
        "SEVERAL": "diversi posti",
    },
    "Trend": {
        "LESS": "meno della settimana prima",
        "SAME": "come la settimana prima",
        "MORE": "più della settimana prima",
        "NOT_KNOWN": "non si sa",
    },
    "Weekday": {
        "MON": "lunedì",
        "TUE": "martedì",
        "WED": "mercoledì",
        "THU": "giovedì",
        "FRI": "venerdì",
        "SAT": "sabato",
        "SUN": "domenica",
    },
}
