"""What every refusal of the domain says at the doors: one total table, with a test that it is total.

Statuses: 404 what the address names does not exist; 422 the request contradicts itself or the network's
rules; 409 it cannot apply to what stands now.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from api.http.texts import Text, Words
from domain.refusals import Refusal

_SEE_AGAIN = "Rileggi il percorso con GET /placements/{id} e ripeti solo ciò che serve ancora."
_SEE_AGAIN_EN = "Read the placement again with GET /placements/{id} and repeat only what is still needed."


def _text(status: int, it: tuple[str, str], en: tuple[str, str], pointer: str | None = None) -> Text:
    return Text(status, Words(*it), Words(*en), pointer)


def _stands(it: str, en: str) -> Text:
    """A 409 whose remedy is to look again."""
    return _text(409, (it, _SEE_AGAIN), (en, _SEE_AGAIN_EN))


REFUSAL_TEXTS: Mapping[Refusal, Text] = MappingProxyType(
    {
        Refusal.NETWORK_NOT_BORN: _text(
            409,
            ("La rete non è ancora stata avviata.", "L'ente capofila deve prima avviare la rete."),
            ("The network has not been set up.", "The lead body must set up the network first."),
        ),
        Refusal.NETWORK_ALREADY_BORN: _text(
            409,
            ("La rete è già stata avviata.", "Non serve altro: una rete si avvia una volta sola."),
            ("The network is already set up.", "Nothing to do: a network is set up once."),
        ),
        Refusal.POLICY_NOT_ADOPTED: _text(
            409,
            ("La rete non ha ancora adottato le sue regole.", "L'ente capofila deve adottare una politica."),
            ("The network has not adopted its rules.", "The lead body must adopt a policy."),
        ),
        Refusal.DISTRICT_UNKNOWN: _text(
            422,
            ("L'Ambito indicato non fa parte della rete.", "Indica l'id di un Ambito della rete."),
            ("The district named is not part of the network.", "Give the id of a district of the network."),
            "/district_id",
        ),
        Refusal.MEMBER_UNKNOWN: _text(
            422,
            ("L'ente indicato non fa parte della rete.", "Indica l'id di un ente della rete."),
            ("The body named is not a member of the network.", "Give the id of a member of the network."),
            "/member_id",
        ),
        Refusal.DESK_UNKNOWN: _text(
            404,
            ("Questo recapito non esiste.", "Usa l'id di un recapito della rubrica (GET /desks)."),
            ("There is no such desk.", "Use the id of a desk of the contact book (GET /desks)."),
        ),
        Refusal.DESK_MALFORMED: _text(
            422,
            (
                "Il recapito non dice a chi porta.",
                "Indica la casa per un recapito HOUSE, la zona per ZONE, l'ente per gli altri: uno solo.",
            ),
            (
                "The desk does not say whom it reaches.",
                "Name the house for a HOUSE desk, the zone for ZONE, the body for any other: one alone.",
            ),
            "/kind",
        ),
        Refusal.VALUE_NOT_FOR_PURPOSE: _text(
            422,
            ("Questo scopo non richiede questi dati.", "Chiedi solo i dati che servono allo scopo indicato."),
            ("This purpose does not need these values.", "Ask only for what the purpose you give needs."),
            "/purpose",
        ),
        Refusal.VALUE_NOT_OF_DESK: _text(
            422,
            (
                "Questo recapito non conserva questo dato, o non si apre per questo scopo.",
                (
                    "Un numero sta in un recapito, un significato in una zona: CALL_HOUSE apre quello di una "
                    "casa, CALL_SERVICE gli altri, NAME_ZONES le zone."
                ),
            ),
            (
                "This desk does not keep such a value, or is not opened for such a purpose.",
                (
                    "A number belongs to a desk, a meaning to a zone: CALL_HOUSE opens a house's, "
                    "CALL_SERVICE the others', NAME_ZONES the zones'."
                ),
            ),
        ),
        Refusal.ROTA_MALFORMED: _text(
            422,
            (
                "Un turno non è scritto bene, o nomina un recapito che non risponde.",
                (
                    "Ogni turno ha giorni diversi fra loro, comincia prima di finire e sta in un giorno solo "
                    "(0-1440 minuti): una notte sono due turni."
                ),
            ),
            (
                "A shift is not well formed, or names a desk that does not answer.",
                (
                    "Each shift has days that differ, begins before it ends and stays within a day (0 to "
                    "1440 minutes): a night is two shifts."
                ),
            ),
            "/shifts",
        ),
        Refusal.HOUR_UNCOVERED: _text(
            422,
            (
                "C'è un'ora della settimana in cui nessuno del coordinamento risponde.",
                "Aggiungi un turno di un recapito COORDINATION per ogni ora scoperta.",
            ),
            (
                "There is an hour of the week in which nobody of the coordination answers.",
                "Add a shift of a COORDINATION desk for each uncovered hour.",
            ),
            "/shifts",
        ),
        Refusal.DESK_CLOSED: _text(
            409,
            ("Questo recapito è chiuso.", "Usa un altro recapito della rubrica (GET /desks)."),
            ("This desk is closed.", "Use another desk of the contact book (GET /desks)."),
        ),
        Refusal.DESK_ON_ROTA: _text(
            409,
            ("Questo recapito è in turno.", "Adotta prima un calendario che non lo nomina (POST /rota)."),
            ("This desk is on the rota.", "Adopt a rota that does not name it first (POST /rota)."),
        ),
        Refusal.VALUE_NOT_KEPT: _text(
            409,
            ("Qui questo dato non è conservato.", "Chi lo conosce deve prima scriverlo."),
            ("Such a value is not kept here.", "Whoever knows it must first write it."),
        ),
        Refusal.NOT_TO_BE_CALLED: _text(
            409,
            (
                "Non ha detto che si può chiamarla: non chiamare.",
                "Aspetta che si faccia viva lei; quando dice che si può, conserva may_call.",
            ),
            (
                "She has not said that she may be called: do not call.",
                "Wait for her to make contact; when she says she may be called, keep may_call.",
            ),
        ),
        Refusal.OPENED_TOO_OFTEN: _text(
            409,
            (
                "Questo dato è stato aperto troppe volte.",
                (
                    "Chiedilo di nuovo a chi l'ha dato e conservalo di nuovo; se c'è pericolo, apri in "
                    "emergenza con il suo motivo."
                ),
            ),
            (
                "This value was opened too often.",
                (
                    "Ask again whoever gave it and keep it anew; in danger, break the glass and give the "
                    "reason."
                ),
            ),
        ),
        Refusal.HOUSE_NOT_ASKED: _text(
            409,
            (
                "In questa casa non c'è nessun posto tenuto né offerto.",
                "Il numero di una casa si apre quando c'è un'offerta o un posto da parlarne.",
            ),
            (
                "No place is held or offered in this house.",
                "A house's number is opened when there is an offer or a place to talk about.",
            ),
        ),
        Refusal.LEVEL_UNKNOWN: _text(
            422,
            ("Il livello indicato non è definito nella rete.", "Usa il codice di un livello della rete."),
            ("The level named is not defined in the network.", "Use the code of a level of the network."),
            "/level",
        ),
        Refusal.SHELTER_UNKNOWN: _text(
            404,
            ("Nessuna casa con questo id.", "Controlla l'id della casa nell'indirizzo."),
            ("No house with this id.", "Check the house's id in the address."),
        ),
        Refusal.UNIT_UNKNOWN: _text(
            404,
            ("Nessuna unità con questo id.", "Controlla l'id dell'unità nell'indirizzo."),
            ("No unit with this id.", "Check the unit's id in the address."),
        ),
        Refusal.PLACE_UNKNOWN: _text(
            422,
            (
                "Uno dei posti indicati non è di questa unità.",
                "Indica almeno un posto, con gli id che dà GET /units/{id}.",
            ),
            (
                "One of the places named is not in this unit.",
                "Name at least one place, with the ids that GET /units/{id} gives.",
            ),
        ),
        Refusal.OCCUPANCY_UNKNOWN: _text(
            404,
            (
                "Nessuna presenza esterna in corso con questo id.",
                "Controlla l'id nell'indirizzo: forse è già finita.",
            ),
            (
                "No outside occupancy under way with this id.",
                "Check the id in the address: it may have ended.",
            ),
        ),
        Refusal.CASE_UNKNOWN: _text(
            404,
            ("Nessun caso con questo id.", "Controlla l'id del caso nell'indirizzo."),
            ("No case with this id.", "Check the case's id in the address."),
        ),
        Refusal.PLACEMENT_UNKNOWN: _text(
            404,
            ("Nessun percorso con questo id.", "Controlla l'id del percorso nell'indirizzo."),
            ("No placement with this id.", "Check the placement's id in the address."),
        ),
        Refusal.OFFER_UNKNOWN: _text(
            404,
            (
                "Nessuna offerta corrispondente in questo percorso.",
                (
                    "Indica in offer_id un'offerta che GET /placements/{id} elenca; si può omettere solo "
                    "se ce n'è una sola in corso."
                ),
            ),
            (
                "No matching offer in this placement.",
                (
                    "Name in offer_id an offer that GET /placements/{id} lists; it may be left out only "
                    "where exactly one is current."
                ),
            ),
            "/offer_id",
        ),
        Refusal.ZONE_UNKNOWN: _text(
            422,
            ("Una zona indicata non esiste.", "Usa gli id delle zone tracciate: POST /zones ne aggiunge."),
            ("A zone named does not exist.", "Use the ids of zones that are drawn: POST /zones adds one."),
        ),
        Refusal.AGREEMENT_UNKNOWN: _text(
            422,
            (
                "La casa non ha una convenzione con questo Ambito.",
                "Controlla district_id con GET /shelters/{id}.",
            ),
            (
                "The house has no agreement with this district.",
                "Check district_id with GET /shelters/{id}.",
            ),
            "/district_id",
        ),
        Refusal.BRIDGE_UNKNOWN: _text(
            404,
            (
                "Nessuna soluzione ponte con questo id in questo percorso.",
                "Controlla l'id con GET /placements/{id}.",
            ),
            ("No bridge with this id in this placement.", "Check the id with GET /placements/{id}."),
        ),
        Refusal.NEIGHBOUR_UNKNOWN: _text(
            422,
            (
                "L'ente indicato non è una rete vicina.",
                "Indica in member_id una delle reti vicine di questa rete.",
            ),
            (
                "The body named is not a neighbouring network.",
                "Name in member_id one of the neighbouring networks of this network.",
            ),
            "/member_id",
        ),
        Refusal.NEIGHBOUR_NOT_ASKED: _text(
            409,
            (
                "A questa rete vicina non risulta chiesto nulla.",
                "Registra prima la domanda: POST /placements/{id}/neighbour-requests.",
            ),
            (
                "Nothing was asked of this neighbouring network.",
                "Record the request first: POST /placements/{id}/neighbour-requests.",
            ),
            "/member_id",
        ),
        Refusal.ALARM_UNKNOWN: _text(
            422,
            (
                "Nessun avviso di questo tipo a quest'ora.",
                "Riporta kind e due_at come li dà GET /placements/{id}.",
            ),
            (
                "No alarm of this kind at this time.",
                "Give kind and due_at as GET /placements/{id} shows them.",
            ),
        ),
        Refusal.ENTRY_UNKNOWN: _text(
            422,
            (
                "Nessuna registrazione con questo numero in questo percorso.",
                "Indica in version il numero che dà GET /placements/{id}/history.",
            ),
            (
                "No entry with this number in this placement.",
                "Give in version the number that GET /placements/{id}/history shows.",
            ),
            "/version",
        ),
        Refusal.NOT_AN_OVERRIDE: _text(
            409,
            ("Nessuna regola esclude questo posto.", "Sceglilo come un'altra offerta: non è una deroga."),
            ("No rule excludes this place.", "Choose it as another candidate: it is no override."),
        ),
        Refusal.RULE_STANDS: _text(
            409,
            (
                "A questa regola non si deroga.",
                "Scegli un altro posto, o correggi la richiesta con il suo motivo se un dato è sbagliato.",
            ),
            (
                "Nobody goes against this rule.",
                "Take another place, or enter the request anew with its reason where something is wrong.",
            ),
        ),
        Refusal.REVIEW_UNKNOWN: _text(
            404,
            ("Non c'è nulla di simile da rivedere.", "Rileggi l'elenco con GET /reviews."),
            ("There is nothing like that to review.", "Read the list again with GET /reviews."),
        ),
        Refusal.LEGAL_HOLD_UNKNOWN: _text(
            404,
            (
                "Questo obbligo di conservazione non c'è, o è già stato tolto.",
                "Rileggi il caso e ripeti con un id valido.",
            ),
            (
                "There is no such legal hold, or it has been lifted.",
                "Read the case again and use an id that stands.",
            ),
        ),
        Refusal.DOSSIER_UNKNOWN: _text(
            404,
            (
                "Questa copia per il tribunale non è stata ordinata per questo caso.",
                "Rileggi l'elenco con GET /cases/{case_id}/dossiers, o ordinala.",
            ),
            (
                "No such copy for a court was ordered of this case.",
                "Read the list again with GET /cases/{case_id}/dossiers, or order it.",
            ),
        ),
        Refusal.DOSSIER_NOT_RESERVED: _text(
            409,
            (
                "La copia ostensibile non ha bisogno di una seconda persona.",
                "Si può scrivere subito, con approdo dossier.",
            ),
            (
                "The copy that may be shown needs no second person.",
                "It can be written at once, with approdo dossier.",
            ),
        ),
        Refusal.DOSSIER_NOT_APPROVED: _text(
            409,
            (
                "L'allegato riservato non è stato approvato.",
                "Serve prima l'approvazione di una seconda persona.",
            ),
            ("The reserved annex has not been approved.", "A second person must approve it first."),
        ),
        Refusal.DOSSIER_ALREADY_ISSUED: _text(
            409,
            ("Questa copia è già stata fatta.", "Per averne un'altra, ordinala di nuovo."),
            ("This copy has been made already.", "For another one, order it anew."),
        ),
        Refusal.RECIPIENT_MALFORMED: _text(
            422,
            (
                "L'allegato riservato si cifra per un destinatario, la copia ostensibile per nessuno.",
                "Indica il certificato del destinatario solo per l'allegato riservato.",
            ),
            (
                "A reserved annex is encrypted to a recipient, a copy that may be shown to nobody.",
                "Name the recipient's certificate for a reserved annex alone.",
            ),
        ),
        Refusal.SHREDDING_UNKNOWN: _text(
            404,
            (
                "Questa proposta di distruzione non c'è.",
                "Rileggi il caso e ripeti con la proposta che sta aperta.",
            ),
            (
                "There is no such proposal to destroy.",
                "Read the case again and name the proposal that stands.",
            ),
        ),
        Refusal.INQUIRY_UNKNOWN: _text(
            404,
            ("Questa richiesta di accesso non c'è.", "Rileggi l'elenco con GET /inquiries."),
            ("There is no such inquiry.", "Read the list again with GET /inquiries."),
        ),
        Refusal.EXPORT_UNKNOWN: _text(
            404,
            ("Questa richiesta di esportazione non sta aperta.", "Chiedine una nuova con POST /exports."),
            ("No such export is asked for.", "Ask for a new one with POST /exports."),
        ),
        Refusal.REFERENCE_MALFORMED: _text(
            422,
            (
                "Il riferimento non è un numero di protocollo.",
                "Scrivilo come anno/numero, per esempio 2026/0001234.",
            ),
            ("The reference is not a register number.", "Write it as year/number: 2026/0001234."),
        ),
        Refusal.OUTCOME_NOT_FOR_ASKER: _text(
            422,
            (
                "A chi ha chiesto non si può rispondere così.",
                "I dati si danno a lei o al suo legale; a un'autorità per la via di legge.",
            ),
            (
                "Who asked cannot be answered so.",
                "What is known is given to her or her lawyer; to an authority as the law provides.",
            ),
        ),
        Refusal.INQUIRY_ALREADY_RECEIVED: _stands(
            "La richiesta di accesso è già stata registrata.", "The inquiry has been recorded already."
        ),
        Refusal.INQUIRY_ALREADY_DECIDED: _stands(
            "Alla richiesta di accesso è già stato risposto.", "The inquiry has been answered already."
        ),
        Refusal.ARCHIVE_AUTHORISATION_NEEDED: _text(
            422,
            (
                "Manca l'autorizzazione della Soprintendenza archivistica.",
                "Indicane il numero (art. 21 D.Lgs. 42/2004): senza, l'atto si conserva.",
            ),
            (
                "The archive authority's authorisation is missing.",
                "Give its number (art. 21 D.Lgs. 42/2004): without it the record stays.",
            ),
        ),
        Refusal.ACCESS_RESTRICTED: _text(
            404,
            ("Questo caso non c'è.", "Controlla l'id."),
            ("There is no such case.", "Check the id."),
        ),
        Refusal.GLASS_UNREVIEWED: _text(
            409,
            (
                "Hai già rotto il vetro per questo caso, e nessuno l'ha ancora esaminato.",
                "Chiedi all'ente capofila di esaminarlo.",
            ),
            (
                "You have broken the glass of this case before, and nobody has reviewed it yet.",
                "Ask the lead body to review it.",
            ),
        ),
        Refusal.SAME_PERSON: _text(
            409,
            ("Serve un'altra persona.", "Chiedi a chi non ha fatto il primo passo di fare il secondo."),
            ("Another person is needed.", "Ask somebody who did not take the first step to take the second."),
        ),
        Refusal.LEGAL_HOLD_STANDS: _text(
            409,
            (
                "Il caso va conservato: c'è un obbligo di conservazione.",
                "Si può distruggere solo dopo che chi l'ha chiesto, o l'autorità, lo ha tolto.",
            ),
            (
                "The case must be preserved: a legal hold stands.",
                "It can be destroyed only once the hold has been lifted.",
            ),
        ),
        Refusal.SHREDDING_ALREADY_PROPOSED: _text(
            409,
            ("La distruzione è già stata proposta.", "Approva o respingi la proposta che sta aperta."),
            ("Destroying it has been proposed already.", "Approve or reject the proposal that stands."),
        ),
        Refusal.SHREDDING_NOT_APPROVED: _text(
            409,
            ("La distruzione non è stata approvata.", "Serve prima l'approvazione di una seconda persona."),
            ("Destroying it has not been approved.", "A second person must approve it first."),
        ),
        Refusal.EXPORT_NOT_APPROVED: _text(
            409,
            (
                "L'esportazione non è approvata, o l'approvazione è scaduta.",
                "Serve l'approvazione di una seconda persona, entro 24 ore.",
            ),
            (
                "The export has not been approved, or the approval is over.",
                "A second person must approve it, within 24 hours.",
            ),
        ),
        Refusal.KEY_DESTROYED: _text(
            409,
            (
                "I dati di questa persona sono stati distrutti.",
                "Non si possono più mostrare né conservare: resta la storia, senza chi era.",
            ),
            (
                "This person's data have been destroyed.",
                "They can no longer be shown or kept: the history stays, without who she was.",
            ),
        ),
        Refusal.CODE_MALFORMED: _text(
            422,
            (
                "Un codice non è ben formato, o non va d'accordo con gli altri campi.",
                (
                    "Usa le parole elencate nella documentazione; un codice libero ha da 1 a 40 lettere "
                    "minuscole, cifre e trattini singoli."
                ),
            ),
            (
                "A code is malformed, or does not go with the other fields.",
                (
                    "Use the words that the documentation lists; a code of one's own has 1 to 40 lower-case "
                    "letters, digits and single hyphens."
                ),
            ),
            "/code",
        ),
        Refusal.CODE_ALREADY_USED: _text(
            409,
            ("Il codice è già usato.", "Scegli un altro codice."),
            ("The code is already used.", "Choose another code."),
            "/code",
        ),
        Refusal.POLICY_MALFORMED: _text(
            422,
            (
                "La politica non è applicabile: criterio sconosciuto o un valore fuori misura.",
                "Indica un criterio esistente, minuti tra 1 e 1440, un'ora tra 0 e 23, pesi non negativi.",
            ),
            (
                "The policy cannot be applied: an unknown ranker or a value out of range.",
                "Name an existing ranker, minutes from 1 to 1440, an hour from 0 to 23, no negative weights.",
            ),
            "/policy",
        ),
        Refusal.STAY_LIMIT_MALFORMED: _text(
            422,
            (
                "La durata del livello non è indicata bene.",
                "Indica in stay_limit o i giorni o i mesi, non entrambi.",
            ),
            (
                "The length of stay of the level is not well given.",
                "Give in stay_limit either days or months, not both.",
            ),
            "/stay_limit",
        ),
        Refusal.MUNICIPALITY_ALREADY_ASSIGNED: _text(
            409,
            (
                "Un comune è già assegnato a un Ambito.",
                "Togli il comune da uno dei due elenchi: sta in un Ambito solo.",
            ),
            (
                "A municipality is already assigned to a district.",
                "Take it out of one of the two lists: it belongs to one.",
            ),
            "/municipalities",
        ),
        Refusal.UNIT_WITHOUT_BEDS: _text(
            422,
            ("L'unità non ha letti.", "Indica almeno un letto in beds."),
            ("The unit has no beds.", "Give at least one bed in beds."),
            "/beds",
        ),
        Refusal.PLACE_REPEATED: _text(
            422,
            ("Un posto è indicato più volte.", "Indica ogni posto una volta sola."),
            ("A place is named more than once.", "Name each place once."),
        ),
        Refusal.TOO_FEW_UNSUITABLE_ZONES: _text(
            422,
            (
                "Zone non adatte insufficienti.",
                "Indica almeno due zone diverse: una sola direbbe dove sta la casa.",
            ),
            (
                "Too few unsuitable zones.",
                "Name at least two different zones: one alone would say where the house stands.",
            ),
            "/unsuitable_zones",
        ),
        Refusal.TERMS_MALFORMED: _text(
            422,
            (
                "Le condizioni della casa non sono indicate bene.",
                (
                    "Il numero di minori non è negativo, il limite di rischio è un livello valutato, ogni "
                    "criterio compare una volta."
                ),
            ),
            (
                "The house's terms are not well given.",
                (
                    "The number of children is not negative, the limit of risk is an assessed band, each "
                    "criterion stands once."
                ),
            ),
        ),
        Refusal.HOUSEHOLD_WITHOUT_HER: _text(
            422,
            (
                "Nel nucleo manca la donna.",
                "Indica almeno un adulto; per minori soli vale il percorso dei minori.",
            ),
            (
                "The woman is missing from the household.",
                "Give at least one adult; minors alone follow the minors' path.",
            ),
            "/household",
        ),
        Refusal.SPLIT_DOES_NOT_ADD_UP: _text(
            422,
            (
                "Le due parti non fanno il nucleo della richiesta.",
                "Chi resta e chi va altrove, insieme, devono essere le persone del nucleo attuale.",
            ),
            (
                "The two parts do not make up the household of the request.",
                "Who stays and who goes elsewhere must together be the people of the present household.",
            ),
            "/apart",
        ),
        Refusal.CONTINUITY_ONLY_PLANNED: _text(
            422,
            (
                "La continuità con un Ambito vale solo per gli inserimenti programmati.",
                "Togli continuity_with, o usa l'urgenza U4.",
            ),
            (
                "Continuity with a district counts for planned moves alone.",
                "Leave continuity_with out, or use urgency U4.",
            ),
            "/continuity_with",
        ),
        Refusal.NOT_SAFE_WITH_PERPETRATOR: _text(
            422,
            (
                "Dove si trova chi la maltratta nessuna ora è sicura.",
                "Togli safe_until, o indica in setting dove la donna si trova davvero.",
            ),
            (
                "Where the perpetrator is, she is safe until no hour.",
                "Leave safe_until out, or say in setting where she really is.",
            ),
            "/safe_until",
        ),
        Refusal.BRIDGE_OVER_BEFORE_CHECK: _text(
            422,
            (
                "La soluzione ponte finirebbe prima della verifica.",
                "Anticipa check_at, o sposta più avanti until.",
            ),
            (
                "The bridge would be over before somebody checks on it.",
                "Make check_at earlier, or until later.",
            ),
            "/check_at",
        ),
        Refusal.CODE_NOT_VALID_FOR_URGENCY: _text(
            422,
            (
                "Con questa urgenza il motivo indicato non è ammesso.",
                "Rette e autorizzazioni seguono l'emergenza: indica il vero motivo, o ospita.",
            ),
            (
                "With this urgency the reason given is not admitted.",
                "Fees and authorisations follow an emergency: give the true reason, or take her in.",
            ),
            "/code",
        ),
        Refusal.REASON_NEEDED: _text(
            422,
            (
                "Serve un motivo per non scegliere il primo posto.",
                "Indica in reason perché, con una delle parole elencate nella documentazione.",
            ),
            (
                "A reason is needed for another choice than the first.",
                "Say why in reason, with one of the words that the documentation lists.",
            ),
            "/reason",
        ),
        Refusal.HOUSEHOLD_EMPTY: _text(
            422,
            ("Il nucleo è vuoto.", "Indica quanti adulti e quali fasce d'età dei figli."),
            ("The household is empty.", "Give how many adults, and the children's age bands."),
            "/household",
        ),
        Refusal.OCCURRED_IN_THE_FUTURE: _text(
            422,
            (
                "L'ora indicata è nel futuro.",
                "Correggi l'ora di ciò che è accaduto, o omettila per intendere adesso.",
            ),
            (
                "The time given is in the future.",
                "Correct the time at which it happened, or leave it out to mean now.",
            ),
        ),
        Refusal.NOT_IN_THE_FUTURE: _text(
            422,
            (
                "L'ora indicata non è nel futuro.",
                "Indica un'ora che deve ancora venire, successiva a ciò che si registra.",
            ),
            (
                "The time given is not in the future.",
                "Give a time still to come, later than what is recorded.",
            ),
        ),
        Refusal.TOO_FAR_AHEAD: _text(
            422,
            (
                "L'ora indicata è troppo lontana.",
                (
                    "Controlla giorno, mese e anno: entro 31 giorni da quando è stato detto; con urgenza U1 "
                    "o U2 l'arrivo e la verifica del ponte entro 3 giorni."
                ),
            ),
            (
                "The time given lies too far ahead.",
                (
                    "Check day, month and year: within 31 days of when it was said; with urgency U1 or U2 "
                    "the arrival and the look at a bridge within 3 days."
                ),
            ),
        ),
        Refusal.OLDER_THAN_KNOWN: _text(
            409,
            (
                "Di questa unità si conosce già una situazione più recente.",
                "Rileggila con GET /units/{id}, poi manda ciò che è libero adesso, senza observed_at.",
            ),
            (
                "Something more recent is already known of this unit.",
                "Read it again with GET /units/{id}, then send what is open now, without observed_at.",
            ),
            "/observed_at",
        ),
        Refusal.INVENTORY_ALREADY_TAKEN: _text(
            409,
            (
                "L'inventario iniziale è già stato registrato.",
                "Per chi arriva ora usa outside-occupancy o un percorso.",
            ),
            (
                "The opening inventory has already been taken.",
                "For who arrives now use outside-occupancy or a placement.",
            ),
        ),
        Refusal.CHANNEL_MAY_NOT_REQUEST: _text(
            422,
            (
                "Da questo canale la rete non accetta richieste.",
                "Fai passare la richiesta da un canale abilitato, per esempio il centro antiviolenza.",
            ),
            (
                "The network takes no requests through this channel.",
                "Bring the request through an enabled channel, such as the anti-violence centre.",
            ),
            "/channel",
        ),
        Refusal.CASE_HAS_OPEN_PLACEMENT: _text(
            409,
            (
                "Per questo caso c'è già una richiesta aperta.",
                "Prosegui su quella: GET /placement-requests?status=open.",
            ),
            (
                "This case already has an open request.",
                "Go on with that one: GET /placement-requests?status=open.",
            ),
            "/case_id",
        ),
        Refusal.PLACEMENT_ENDED: _stands("Il percorso è concluso.", "The placement has ended."),
        Refusal.ALREADY_ADMITTED: _stands(
            "Il nucleo è già stato accolto.", "The household is already admitted."
        ),
        Refusal.CONSENT_NOT_RECORDED: _text(
            409,
            (
                "Il consenso della donna alla ricerca non è registrato.",
                "Registralo con POST /placements/{id}/consent, poi invia l'offerta.",
            ),
            (
                "The woman's consent to the search is not recorded.",
                "Record it with POST /placements/{id}/consent, then send the offer.",
            ),
        ),
        Refusal.SEARCH_STOPPED_FOR_A_PERSON: _text(
            409,
            (
                "La ricerca è ferma in attesa di una decisione.",
                'Se si prosegue, manda POST /placements/{id}/search con {"resume": true}.',
            ),
            (
                "The search has stopped for a person to decide.",
                'To go on, send POST /placements/{id}/search with {"resume": true}.',
            ),
            "/resume",
        ),
        Refusal.HOLD_STANDS: _text(
            409,
            (
                "Un posto è già tenuto per questa richiesta.",
                "Procedi con l'offerta, o libera prima il posto con POST /placements/{id}/release.",
            ),
            (
                "A place is already held for this request.",
                "Go on with the offer, or free the place first with POST /placements/{id}/release.",
            ),
        ),
        Refusal.NO_HOLD: _text(
            409,
            (
                "Nessun posto è tenuto per questa richiesta.",
                "Cerca di nuovo con POST /placements/{id}/search.",
            ),
            (
                "No place is held for this request.",
                "Search again with POST /placements/{id}/search.",
            ),
        ),
        Refusal.HOLD_NOT_OVERDUE: _stands(
            "Il termine della risposta non è ancora passato.", "The deadline to answer has not passed."
        ),
        Refusal.CANDIDATE_NOT_HELD: _text(
            409,
            (
                "Le unità indicate non sono quelle tenute per questa richiesta.",
                "Indica in units esattamente le unità dell'offerta in corso, nello stesso ordine.",
            ),
            (
                "The units named are not those held for this request.",
                "Name in units exactly the units of the current hold, in the same order.",
            ),
            "/units",
        ),
        Refusal.OFFER_NOT_SENT: _text(
            409,
            (
                "L'offerta non è ancora stata inviata alla casa.",
                "Inviala prima con POST /placements/{id}/offers.",
            ),
            (
                "The offer has not been sent to the house.",
                "Send it first with POST /placements/{id}/offers.",
            ),
        ),
        Refusal.OFFER_ALREADY_REFUSED: _stands(
            "La casa ha già rifiutato questa offerta.", "The house has already refused this offer."
        ),
        Refusal.OFFER_ALREADY_ACCEPTED: _stands(
            "La casa ha già accettato questa offerta.", "The house has already accepted this offer."
        ),
        Refusal.OFFER_NO_LONGER_HELD: _stands(
            "Il posto di questa offerta non è più tenuto.", "The place of this offer is no longer held."
        ),
        Refusal.HOUSE_HAS_NOT_ACCEPTED: _text(
            409,
            (
                "La casa non ha ancora detto sì.",
                "Attendi o registra la risposta: POST /placements/{id}/acceptance.",
            ),
            (
                "The house has not said yes.",
                "Wait for its answer or record it: POST /placements/{id}/acceptance.",
            ),
        ),
        Refusal.WOMAN_HAS_NOT_ACCEPTED: _text(
            409,
            (
                "La donna non ha ancora detto sì a questo posto.",
                "Registra il suo sì con POST /placements/{id}/woman-acceptance.",
            ),
            (
                "The woman has not said yes to this place.",
                "Record her yes with POST /placements/{id}/woman-acceptance.",
            ),
        ),
        Refusal.NOT_ADMITTED: _stands(
            "Il nucleo non è stato accolto.", "The household has not been admitted."
        ),
        Refusal.BRIDGE_ALREADY_ENDED: _stands(
            "La soluzione ponte è già finita.", "The bridge has already ended."
        ),
        Refusal.CANDIDATE_NOT_ELIGIBLE: _text(
            409,
            (
                "Le unità indicate non sono tra quelle possibili adesso.",
                "Scegli tra quelle che dà GET /placements/{id}/ranking.",
            ),
            (
                "The units named are not among what can be offered now.",
                "Choose among those that GET /placements/{id}/ranking gives.",
            ),
            "/units",
        ),
        Refusal.PLACE_CLAIMED: _text(
            409,
            ("Il posto risulta già di qualcuno.", "Rileggi l'unità con GET /units/{id}."),
            ("The place already has somebody.", "Read the unit again with GET /units/{id}."),
        ),
    }
)
