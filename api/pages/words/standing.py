"""Where a request, an offer and a house stand, what is awaited, what a person is called for. Tables alone."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, Mapping[str, str]] = {
    "Phase": {
        "SEARCHING": "si cerca un posto",
        "STOPPED": "ricerca ferma: tocca a te decidere",
        "WAITING": "in attesa di un posto",
        "HELD": "posto opzionato",
        "OFFERED": "offerta inviata alla casa",
        "IN_CONVERSATION": "la casa sta decidendo",
        "ACCEPTED_BY_HOUSE": "la casa ha detto sì",
        "ACCEPTED_BY_BOTH": "sì della casa e sì di lei",
        "ADMITTED": "è in casa",
        "ENDED": "percorso chiuso",
    },
    "OfferState": {
        "HELD": "opzionato, offerta da inviare",
        "SENT": "offerta inviata",
        "ACCEPTED": "sì della casa",
        "REFUSED": "no della casa",
        "DECLINED": "lei ha detto no",
        "RELEASED": "posto lasciato",
        "EXPIRED": "scaduto, passato a un’altra richiesta",
        "DISPLACED": "nella camera c’era già qualcuno",
    },
    # An offer as its house sees it.
    "Standing": {
        "SENT": "aspetta la vostra risposta",
        "ACCEPTED": "avete detto sì",
        "OVER": "non è più per voi",
    },
    "Need": {
        "DECIDE": "decidi se cercare ancora",
        "SEND_OFFER": "invia l’offerta alla casa",
        "ANSWER_SILENCE": "la casa non risponde: telefona o vai avanti",
        "ASK_HER": "chiedi a lei se il posto va bene",
        "AGREE_HANDOVER": "concorda arrivo e accompagnamento",
        "FIND_HER": "non è arrivata: chiedi che la cerchino",
        "FIND_ANOTHER_WAY": "nessun posto: trova un’altra strada",
    },
    # Read before a countdown: “risposta della casa: fra 4 min”.
    "DeadlineKind": {
        "OFFER_TO_SEND": "offerta da inviare",
        "ANSWER": "risposta della casa",
        "CONVERSATION": "fine della telefonata",
        "ARRIVAL": "arrivo",
        "BRIDGE_CHECK": "controllo della soluzione ponte",
        "BRIDGE_ENDS": "fine della soluzione ponte",
    },
    "AlarmKind": {
        "SAFE_UNTIL": "finisce il tempo in cui è al sicuro dove si trova",
        "BRIDGE_CHECK": "è l’ora di controllare la soluzione ponte",
        "BRIDGE_ENDS": "la soluzione ponte finisce",
        "LATE_ARRIVAL": "il nucleo non è ancora arrivato",
        "NO_PLACE_YET": "dopo tanto tempo ancora nessun posto",
        "HOUSES_SILENT": "le case non rispondono",
        "ALL_REFUSED": "tutte le case hanno detto no",
        "PLACE_LOST": "il posto già accettato non c’è più",
        "LATE_YES": "una casa ha detto sì troppo tardi",
        "NOT_SETTLED": "la casa ha detto sì e l’arrivo non è ancora concordato",
    },
    # Written in lower case by the door.
    "RequestResult": {
        "held": "posto opzionato",
        "waiting": "nessun posto adesso: resta in attesa",
        "minor_alone": "è minorenne e sola: c’è un’altra strada",
    },
}
