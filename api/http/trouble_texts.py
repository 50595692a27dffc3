"""What the doors say of their own accord: requests that cannot be understood or are not allowed, and faults.

`Trouble` is the closed list of the doors' own codes. `FAULT_TROUBLES` turns each fault of the ledger into one
of them; a test proves both tables total.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from api.http.texts import Text, Words
from ledger import faults
from ledger.evidence.sealing.port import NotSealed
from ledger.store.transact import TooManyConflicts
from ledger.vault.port import VaultUnreachable
from ledger.vault.wrapping import MasterKeyUnknown


class Trouble(enum.StrEnum):
    """Why a door answered without asking the domain, or could not ask it."""

    JSON_MALFORMED = "JSON_MALFORMED"
    JSON_TOO_DEEP = "JSON_TOO_DEEP"
    JSON_KEY_REPEATED = "JSON_KEY_REPEATED"
    IDEMPOTENCY_KEY_MISSING = "IDEMPOTENCY_KEY_MISSING"
    IDEMPOTENCY_KEY_MALFORMED = "IDEMPOTENCY_KEY_MALFORMED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    STEP_UP_NEEDED = "STEP_UP_NEEDED"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    PROVIDER_UNREACHABLE = "PROVIDER_UNREACHABLE"
    SESSION_LOCKED = "SESSION_LOCKED"
    FORBIDDEN = "FORBIDDEN"
    REVIEW_OVERDUE = "REVIEW_OVERDUE"
    NOT_ONESELF = "NOT_ONESELF"
    FULL_SIGN_IN_NEEDED = "FULL_SIGN_IN_NEEDED"
    REQUEST_FORGED = "REQUEST_FORGED"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    LOG_OF_ANOTHER_KIND = "LOG_OF_ANOTHER_KIND"
    OPENING_OVER = "OPENING_OVER"
    SIGNS_IN_ALREADY = "SIGNS_IN_ALREADY"
    ETAG_STALE = "ETAG_STALE"
    HTTP_MALFORMED = "HTTP_MALFORMED"
    BODY_TOO_SLOW = "BODY_TOO_SLOW"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    MEDIA_TYPE_UNSUPPORTED = "MEDIA_TYPE_UNSUPPORTED"
    REQUEST_INVALID = "REQUEST_INVALID"
    BELONGS_IN_THE_VAULT = "BELONGS_IN_THE_VAULT"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    ETAG_MISSING = "ETAG_MISSING"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    TOO_MANY_SIGN_INS = "TOO_MANY_SIGN_INS"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    OVERLOADED = "OVERLOADED"
    TOO_MANY_STREAMS = "TOO_MANY_STREAMS"
    TOO_MANY_CONFLICTS = "TOO_MANY_CONFLICTS"
    LEDGER_UNREACHABLE = "LEDGER_UNREACHABLE"
    VAULT_UNREACHABLE = "VAULT_UNREACHABLE"
    NOT_READY = "NOT_READY"
    STILL_READING = "STILL_READING"
    NOT_SEALED_YET = "NOT_SEALED_YET"
    HEAD_UNKNOWN = "HEAD_UNKNOWN"


RETRY_AFTER_SECONDS: Mapping[Trouble, int] = MappingProxyType(
    {
        Trouble.OVERLOADED: 1,
        Trouble.TOO_MANY_STREAMS: 5,
        Trouble.TOO_MANY_CONFLICTS: 1,
        Trouble.LEDGER_UNREACHABLE: 2,
        Trouble.VAULT_UNREACHABLE: 2,
        Trouble.PROVIDER_UNREACHABLE: 5,
        Trouble.NOT_READY: 2,
        Trouble.STILL_READING: 1,
        Trouble.NOT_SEALED_YET: 1,
    }
)

FAULT_TROUBLES: Mapping[type[faults.LedgerFault], Trouble] = MappingProxyType(
    {
        faults.StoreOverloaded: Trouble.OVERLOADED,
        TooManyConflicts: Trouble.TOO_MANY_CONFLICTS,
        faults.StoreUnreachable: Trouble.LEDGER_UNREACHABLE,
        faults.StoreRefused: Trouble.NOT_READY,
        VaultUnreachable: Trouble.VAULT_UNREACHABLE,
        MasterKeyUnknown: Trouble.NOT_READY,
        NotSealed: Trouble.NOT_SEALED_YET,
        faults.WrongLog: Trouble.LOG_OF_ANOTHER_KIND,
        faults.ClockSteppedBack: Trouble.LOG_OF_ANOTHER_KIND,
        faults.LedgerFault: Trouble.INTERNAL_ERROR,
    }
)
"""By the nearest class above a fault: what is not named here is this program's own fault."""


def trouble_of(fault: faults.LedgerFault) -> Trouble:
    return next(FAULT_TROUBLES[kind] for kind in type(fault).__mro__ if kind in FAULT_TROUBLES)


def _text(status: int, it: tuple[str, str], en: tuple[str, str], pointer: str | None = None) -> Text:
    return Text(status, Words(*it), Words(*en), pointer)


TROUBLE_TEXTS: Mapping[Trouble, Text] = MappingProxyType(
    {
        Trouble.JSON_MALFORMED: _text(
            400,
            (
                "Il corpo non è JSON valido.",
                "Manda un oggetto JSON in UTF-8, senza NaN, surrogati isolati o caratteri di controllo.",
            ),
            (
                "The body is not valid JSON.",
                "Send one JSON object in UTF-8, without NaN, lone surrogates or control characters.",
            ),
        ),
        Trouble.JSON_TOO_DEEP: _text(
            400,
            ("Il corpo JSON è troppo annidato.", "Manda al massimo 32 livelli."),
            ("The JSON body is nested too deeply.", "Send at most 32 levels."),
        ),
        Trouble.JSON_KEY_REPEATED: _text(
            400,
            ("Un campo compare due volte nello stesso oggetto.", "Manda ogni campo una volta sola."),
            ("A field appears twice in the same object.", "Send each field once."),
        ),
        Trouble.IDEMPOTENCY_KEY_MISSING: _text(
            400,
            (
                "Manca l'intestazione Idempotency-Key.",
                "Manda una chiave nuova per ogni comando e la stessa chiave quando lo ripeti.",
            ),
            (
                "The header Idempotency-Key is missing.",
                "Send a new key with each command, and the same key when you repeat it.",
            ),
        ),
        Trouble.IDEMPOTENCY_KEY_MALFORMED: _text(
            400,
            (
                "L'intestazione Idempotency-Key non è ben formata.",
                "Usa una sola chiave da 8 a 200 caratteri ASCII visibili, per esempio un UUID.",
            ),
            (
                "The header Idempotency-Key is malformed.",
                "Use one key of 8 to 200 visible ASCII characters, such as a UUID.",
            ),
        ),
        Trouble.UNAUTHENTICATED: _text(
            401,
            ("Accesso non riconosciuto.", "Manda un token valido: Authorization: Bearer …"),
            ("Not authenticated.", "Send a valid token: Authorization: Bearer …"),
        ),
        Trouble.STEP_UP_NEEDED: _text(
            401,
            (
                "Conferma di essere tu prima di aprire questi dati.",
                "Conferma la tua identità (PIN, passkey o nuovo accesso) e ripeti entro cinque minuti.",
            ),
            (
                "Confirm that it is you before these values are opened.",
                "Prove who you are again (PIN, passkey or a new sign-in) and repeat within five minutes.",
            ),
        ),
        Trouble.SIGN_IN_REFUSED: _text(
            401,
            (
                "Accesso non riuscito.",
                "Controlla e riprova; se continua, accedi per intero con le tue credenziali.",
            ),
            ("Not signed in.", "Check and try again; if it goes on, sign in in full."),
        ),
        Trouble.PROVIDER_UNREACHABLE: _text(
            503,
            (
                "Il servizio di accesso della rete non risponde.",
                "Riprova tra poco; intanto entra con il PIN di un dispositivo della casa o con una passkey.",
            ),
            (
                "The network's sign-in service does not answer.",
                "Try again soon; meanwhile use the PIN on a shared device, or a passkey.",
            ),
        ),
        Trouble.SESSION_LOCKED: _text(
            401,
            ("Lo schermo è bloccato.", "Sbloccalo con il tuo PIN: quello che stavi scrivendo resta lì."),
            ("The screen is locked.", "Unlock it with your PIN: what you were writing is still there."),
        ),
        Trouble.FORBIDDEN: _text(
            403,
            (
                "Il tuo ruolo non permette questa azione.",
                "Chiedi a chi ha il compito, o accedi con il ruolo giusto.",
            ),
            ("Your role does not allow this.", "Ask who has the task, or sign in in the right role."),
        ),
        Trouble.REVIEW_OVERDUE: _text(
            403,
            (
                "Il tuo accesso è sospeso: nessuno ha ancora esaminato perché hai rotto il vetro.",
                "Chiedi all'ente capofila di esaminarlo: l'accesso torna subito.",
            ),
            (
                "Your access is suspended: nobody has looked yet at why you broke the glass.",
                "Ask the lead body to review it: your access is back at once.",
            ),
        ),
        Trouble.NOT_ONESELF: _text(
            403,
            ("Nessuno iscrive sé stesso.", "Chiedi a un'altra persona dell'ente capofila."),
            ("Nobody enters themselves.", "Ask another person of the lead body."),
        ),
        Trouble.FULL_SIGN_IN_NEEDED: _text(
            403,
            (
                "Per questo serve un accesso completo e recente.",
                "Accedi di nuovo con le tue credenziali, non con il PIN, e ripeti entro dieci minuti.",
            ),
            (
                "This asks for a full and recent sign-in.",
                "Sign in again, not with the PIN, and repeat within ten minutes.",
            ),
        ),
        Trouble.REQUEST_FORGED: _text(
            403,
            (
                "La richiesta non viene da una pagina di questo servizio.",
                "Ricarica la pagina e ripeti; Origin e Forgery-Token devono essere quelli della sessione.",
            ),
            (
                "The request does not come from a page of this service.",
                "Reload the page and repeat; Origin and Forgery-Token must be the session's.",
            ),
        ),
        Trouble.NOT_FOUND: _text(
            404,
            ("Qui non c'è nulla.", "Controlla l'indirizzo e gli id che contiene."),
            ("There is nothing here.", "Check the address and the ids in it."),
        ),
        Trouble.METHOD_NOT_ALLOWED: _text(
            405,
            (
                "Questo metodo non è previsto a questo indirizzo.",
                "Usa uno dei metodi elencati nell'intestazione Allow.",
            ),
            (
                "This method is not served at this address.",
                "Use one of the methods that the header Allow lists.",
            ),
        ),
        Trouble.LOG_OF_ANOTHER_KIND: _text(
            409,
            (
                "Questo comando non è per un registro di questo tipo.",
                (
                    "Un registro REAL non accetta comandi di esercitazione, e viceversa: controlla a quale "
                    "servizio ti stai rivolgendo."
                ),
            ),
            (
                "This command is not for a log of this kind.",
                (
                    "A REAL log takes no commands of an exercise, nor the reverse: check which service you "
                    "are talking to."
                ),
            ),
        ),
        Trouble.OPENING_OVER: _text(
            409,
            (
                "Questa apertura è già stata usata.",
                "Per vedere di nuovo i dati apri di nuovo, con una nuova Idempotency-Key: resta registrato.",
            ),
            (
                "This opening is over.",
                "To see the values again open them again, with a new Idempotency-Key: it is recorded.",
            ),
        ),
        Trouble.SIGNS_IN_ALREADY: _text(
            409,
            (
                "Questa persona ha già un suo modo di accedere, o glielo hai tolto tu.",
                "Chi lo ha perso viene chiuso nel registro da una persona e iscritto e invitato da un'altra.",
            ),
            (
                "This person has a way of signing in already, or it was you who took it away.",
                "Whoever lost theirs is ended in the register by one person, entered and invited by another.",
            ),
        ),
        Trouble.ETAG_STALE: _text(
            412,
            (
                "Nel frattempo qualcosa è cambiato.",
                "Rileggi la risorsa, controlla, e ripeti con il suo ETag nuovo in If-Match.",
            ),
            (
                "Something has changed meanwhile.",
                "Read the resource again, check, and repeat with its new ETag in If-Match.",
            ),
        ),
        Trouble.HTTP_MALFORMED: _text(
            400,
            ("Questa non è una richiesta HTTP/1.1 valida.", "Controlla metodo, indirizzo e intestazioni."),
            ("This is not a valid HTTP/1.1 request.", "Check the method, the address and the headers."),
        ),
        Trouble.BODY_TOO_SLOW: _text(
            408,
            (
                "Il corpo non è arrivato in tempo: nulla è stato scritto.",
                "Ripeti con la stessa Idempotency-Key.",
            ),
            (
                "The body did not arrive in time: nothing was written.",
                "Repeat with the same Idempotency-Key.",
            ),
        ),
        Trouble.BODY_TOO_LARGE: _text(
            413,
            ("Il corpo è troppo grande.", "Manda al massimo 256 KB."),
            ("The body is too large.", "Send at most 256 KB."),
        ),
        Trouble.MEDIA_TYPE_UNSUPPORTED: _text(
            415,
            (
                "Formato del corpo non supportato.",
                "Manda Content-Type: application/json, senza Content-Encoding.",
            ),
            (
                "The body's format is not supported.",
                "Send Content-Type: application/json, without Content-Encoding.",
            ),
        ),
        Trouble.REQUEST_INVALID: _text(
            422,
            ("La richiesta non è valida.", "Correggi i campi elencati in errors e ripeti."),
            ("The request is not valid.", "Correct the fields listed in errors and repeat."),
        ),
        Trouble.BELONGS_IN_THE_VAULT: _text(
            422,
            (
                "Questo dato va nella cassaforte e non qui.",
                (
                    "Togli i campi elencati in errors. Recapito, alias, note e punto d'incontro si mandano a "
                    "POST /cases/{case_id}/values; nomi e indirizzi non si mandano mai."
                ),
            ),
            (
                "This value belongs in the vault and not here.",
                (
                    "Leave out the fields listed in errors. Contact, alias, notes and hand-over point go to "
                    "POST /cases/{case_id}/values; names and addresses go nowhere."
                ),
            ),
        ),
        Trouble.IDEMPOTENCY_KEY_REUSED: _text(
            422,
            (
                "Questa Idempotency-Key è già stata usata per un altro comando.",
                "Per un comando diverso usa una chiave nuova; per ripetere, manda lo stesso corpo.",
            ),
            (
                "This Idempotency-Key was already used for another command.",
                "For another command use a new key; to repeat, send the same body.",
            ),
        ),
        Trouble.ETAG_MISSING: _text(
            428,
            (
                "Manca l'intestazione If-Match.",
                "Manda in If-Match l'ETag che hai letto con GET, così non sovrascrivi ciò che non hai visto.",
            ),
            (
                "The header If-Match is missing.",
                "Send in If-Match the ETag that GET gave you, so that you overwrite nothing unseen.",
            ),
        ),
        Trouble.TOO_MANY_REQUESTS: _text(
            429,
            (
                "Troppe richieste in poco tempo.",
                (
                    "Attendi i secondi indicati in Retry-After. Le nuove richieste di posto non sono mai "
                    "fermate."
                ),
            ),
            (
                "Too many requests in a short time.",
                "Wait for the seconds in Retry-After. New requests for a place are never stopped.",
            ),
        ),
        Trouble.TOO_MANY_SIGN_INS: _text(
            429,
            (
                "Troppi tentativi di accesso non riusciti.",
                "Attendi i secondi indicati in Retry-After, o accedi per intero con le tue credenziali.",
            ),
            (
                "Too many failed sign-ins.",
                "Wait for the seconds in Retry-After, or sign in in full.",
            ),
        ),
        Trouble.INTERNAL_ERROR: _text(
            500,
            (
                "Errore interno.",
                (
                    "Ripeti con la stessa Idempotency-Key; se continua, segnala il Correlation-ID della "
                    "risposta."
                ),
            ),
            (
                "Internal error.",
                "Repeat with the same Idempotency-Key; if it goes on, report the answer's Correlation-ID.",
            ),
        ),
        Trouble.OVERLOADED: _text(
            503,
            (
                "Troppi comandi insieme in questo momento.",
                "Ripeti tra un secondo con la stessa Idempotency-Key.",
            ),
            (
                "Too many commands at this moment.",
                "Repeat in a second with the same Idempotency-Key.",
            ),
        ),
        Trouble.TOO_MANY_STREAMS: _text(
            503,
            (
                "Troppi schermi seguono già le novità da qui.",
                "Riprova tra qualche secondo; intanto aggiorna la pagina per vedere lo stato attuale.",
            ),
            (
                "Too many screens follow the news from here already.",
                "Try again in a few seconds; meanwhile reload the page to see how things stand.",
            ),
        ),
        Trouble.TOO_MANY_CONFLICTS: _text(
            503,
            (
                "Altri stanno cambiando gli stessi posti.",
                "Nulla è stato scritto: ripeti tra un secondo con la stessa Idempotency-Key.",
            ),
            (
                "Others keep changing the same places.",
                "Nothing was written: repeat in a second with the same Idempotency-Key.",
            ),
        ),
        Trouble.LEDGER_UNREACHABLE: _text(
            503,
            (
                "Il registro non risponde: l'esito non è noto.",
                (
                    "Ripeti con la stessa Idempotency-Key: se il comando era stato registrato, riavrai la "
                    "sua risposta."
                ),
            ),
            (
                "The ledger does not answer: the outcome is not known.",
                "Repeat with the same Idempotency-Key: if the command was recorded you get its answer.",
            ),
        ),
        Trouble.VAULT_UNREACHABLE: _text(
            503,
            (
                "La cassaforte dei dati non risponde: nulla è stato mostrato.",
                "Ripeti con la stessa Idempotency-Key. Tutto ciò che non riguarda questi dati funziona.",
            ),
            (
                "The vault does not answer: nothing was shown.",
                "Repeat with the same Idempotency-Key. Whatever needs none of its values goes on.",
            ),
        ),
        Trouble.NOT_READY: _text(
            503,
            ("Il servizio non è pronto.", "Ripeti tra qualche secondo."),
            ("The service is not ready.", "Repeat in a few seconds."),
        ),
        Trouble.STILL_READING: _text(
            503,
            (
                "Il registro è lungo: la rilettura è in corso.",
                "Ripeti tra un secondo: si riprende da dove si era arrivati.",
            ),
            (
                "The log is long and is still being read again.",
                "Repeat in a second: it goes on from where it was.",
            ),
        ),
        Trouble.NOT_SEALED_YET: _text(
            503,
            (
                "Questa voce è scritta, ma non è ancora sigillata.",
                "Ripeti tra un secondo; se continua, il sigillo è fermo: avvisa chi gestisce il servizio.",
            ),
            (
                "This entry is recorded, and not sealed yet.",
                "Repeat in a second; if it goes on, the sealer stands still and operations must be told.",
            ),
        ),
        Trouble.HEAD_UNKNOWN: _text(
            404,
            (
                "Nessuna testa del registro di questa misura è stata firmata qui.",
                "Controlla il numero. Se ne hai una firmata, conservala: è la prova che qualcosa non torna.",
            ),
            (
                "No head of the log of this size was signed here.",
                "Check the number. If you hold a signed one, keep it: it proves that something is wrong.",
            ),
        ),
    }
)
