"""The page of the day: the log's head as text that is printed, sent by certified mail (PEC) to two partner
bodies, and entered in the municipal register of correspondence.

Written by the command line and by a door; checked by `ledger.evidence.daily`. Nothing about a case is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.vocabulary import LogKind
from ledger.evidence.daily.spelling import spelled
from ledger.evidence.notes.checkpoint import parse_checkpoint
from ledger.evidence.notes.signed import SignedNote
from ledger.faults import LedgerFault

WIDTH = 72
BEGIN, END = "-----BEGIN APPRODO CHECKPOINT-----", "-----END APPRODO CHECKPOINT-----"
_DAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
_EXERCISE = """
ESERCITAZIONE · EXERCISE
Questo registro è di un'esercitazione: nessuna persona vera.
The log of an exercise: no real person is in it.
"""
_WHAT_TO_DO = """CHE COSA FARE
1. Inviare oggi questa pagina, come allegato e senza toccarla, per PEC a
   due enti della rete diversi da chi gestisce il registro.
2. Registrarla al protocollo del Comune e scrivere qui numero e data.
3. Conservarla. Domani basta una di queste pagine, chiunque la tenga.

Protocollo n. ______________________   del ____ / ____ / ________
Inviata a  _______________________________________________________
           _______________________________________________________
Firma      _______________________________________________________"""
_WHAT_IT_PROVES = """CHE COSA PROVA
Che quando fu firmata il registro aveva esattamente questi eventi, in
quest'ordine. Se poi uno fosse cambiato, tolto, spostato o aggiunto in
mezzo, o se il registro fosse riportato indietro, questa pagina non gli
corrisponderebbe più. La data certa la danno il protocollo e la PEC.
Non prova che quanto fu scritto sia vero. Non contiene nomi, luoghi né
casi: dice soltanto quanti eventi il registro aveva.

COME SI CONTROLLA
  approdo checkpoint check FILE       (questa pagina, o la mail intera)
Al telefono: si leggono le quattro righe della radice. Tra parentesi
quadre sta il resto della divisione per 97 di numero di riga e cifre,
letti insieme come un solo numero esadecimale."""
_ENGLISH = """IN ENGLISH
The signed head of an append-only log (C2SP tlog-checkpoint, Ed25519).
Send it unchanged to two partner bodies by certified mail and enter it
in the register of correspondence. It proves what the log held, in what
order, when it was signed; it has nothing about any case. To check it:
approdo checkpoint check FILE. docs/EVIDENCE.md gives every byte."""


class NothingSealed(LedgerFault):
    """The log has no sealed head yet: a sealer must run first (`approdo seal`, or `serve` with its key)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageOfTheDay:
    """What the page tells. `day` is when it is made, `sealed_at` when its head was sealed."""

    note: SignedNote
    kind: LogKind
    day: datetime
    sealed_at: datetime
    zone: ZoneInfo


def daily_page(told: PageOfTheDay) -> str:
    """The text. Its lines are at most 72 signs wide, but for the note's."""
    head = parse_checkpoint(told.note.text)
    rule = "=" * WIDTH
    parts = [
        rule,
        "APPRODO · IMPRONTA DEL GIORNO",
        _dated(told.day.astimezone(told.zone)),
        rule,
        *([_EXERCISE.strip(), rule] if told.kind is LogKind.EXERCISE else []),
        f"Registro (log)    {head.origin}",
        f"Eventi (size)     {head.size}",
        f"Sigillati (UTC)   {told.sealed_at:%Y-%m-%d %H:%M:%S}",
        "Radice (root), SHA-256:",
        *(f"    {line}" for line in spelled(head.root)),
        "",
        "La firma del registro, da non toccare:",
        "",
        BEGIN,
        told.note.raw.decode().rstrip("\n"),
        END,
        "",
        _WHAT_TO_DO,
        "",
        _WHAT_IT_PROVES,
        "",
        _ENGLISH,
        rule,
    ]
    return "\n".join(parts) + "\n"


def _dated(day: datetime) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
