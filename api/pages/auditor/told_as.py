"""What an auditor takes away as tables: the lines that the pages show, with the same words. No page.

Each function gives a header and rows; ids stand in full, as a table is compared with others. Called by the
pages that offer them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from api.pages.auditor.telling import said_in
from api.pages.marking import _
from api.pages.tables import Cell
from api.pages.words import word

Table = tuple[Sequence[str], list[Sequence[Cell]]]
Text = Callable[[str], str]
At = Callable[[str | None], str]
Line = Mapping[str, Any]


def board(lines: Iterable[Line], text: Text) -> Table:
    header = (
        _("Livello"),
        _("Persone"),
        _("Camere libere"),
        _("con culla"),
        _("aggiornate"),
        _("da riconfermare"),
        _("vecchie"),
    )
    counts = ("household_size", "units", "with_cot", "fresh", "ageing", "stale")
    rows = [(_word(text, "LevelFunction", line["level"]), *(line[name] for name in counts)) for line in lines]
    return _headed(header, text), list(rows)


def queue(lines: Iterable[Line], text: Text, at: At) -> Table:
    header = (
        _("Percorso"),
        _("Urgenza"),
        _("Livello"),
        _("Persone"),
        _("Chiesto"),
        _("A che punto"),
        _("Che cosa si aspetta"),
        _("Entro"),
        _("Scaduto"),
        _("Da fare"),
        _("Avvisi"),
    )
    return _headed(header, text), [
        (
            line["placement_id"],
            _word(text, "Urgency", line["urgency"]),
            _word(text, "LevelFunction", line["level"]),
            line["household_size"],
            at(line["asked_at"]),
            _word(text, "Phase", line["phase"]),
            _word(text, "DeadlineKind", line["due_kind"]),
            at(line["due_at"]),
            text("sì") if line["overdue"] else text("no"),
            _word(text, "Need", line["needs"]),
            ", ".join(_word(text, "AlarmKind", each) for each in line["alarms"]),
        )
        for line in lines
    ]


def stays(lines: Iterable[Line], text: Text, at: At) -> Table:
    header = (_("Percorso"), _("Urgenza"), _("Livello"), _("Persone"), _("Chiesto"), _("A che punto"))
    return _headed(header, text), [
        (
            line["placement_id"],
            _word(text, "Urgency", line["urgency"]),
            _word(text, "LevelFunction", line["level"]),
            line["household_size"],
            at(line["asked_at"]),
            _word(text, "Phase", line["phase"]),
        )
        for line in lines
    ]


def history(lines: Iterable[Line], text: Text, at: At) -> Table:
    header = (
        _("Posizione"),
        _("Accaduto"),
        _("Registrato"),
        _("In ritardo"),
        _("Minuti di ritardo"),
        _("Decisioni prese senza saperlo"),
        _("Che cosa"),
        _("Dettagli"),
        _("Ruolo"),
        _("Persona"),
        _("Ente"),
        _("Dispositivo"),
        _("Corretta"),
    )
    return _headed(header, text), [
        (
            line["position"],
            at(line["occurred_at"]),
            at(line["recorded_at"]),
            text("sì") if line["late"] else text("no"),
            line["gap_minutes"],
            line["decided_meanwhile_count"],
            _word(text, "Topic", line["topic"]),
            details(line, text),
            _word(text, "Role", line["role"]),
            line["actor"],
            line["on_behalf_of"],
            line["device"],
            text("sì") if line["correction"] else text("no"),
        )
        for line in lines
    ]


def decisions(items: Iterable[Line], text: Text, at: At) -> Table:
    """One line for each candidate and each excluded room, as recorded and as derived."""
    header = (
        _("Posizione della decisione"),
        _("Registrata"),
        _("Registro letto fino a"),
        _("Regole"),
        _("Metodo"),
        _("Uguale"),
        _("Fonte"),
        _("Che cosa"),
        _("Posto in ordine"),
        _("Casa o camera"),
        _("Camere"),
        _("Punteggio"),
    )
    rows: list[Sequence[Cell]] = []
    for item in items:
        sources = [(_("registrata"), item)] + ([(_("rifatta"), item["derived"])] if item["derived"] else [])
        for source, told in sources:
            summary = told["summary"]
            start: tuple[Cell, ...] = (
                item["recorded_position"],
                at(item["recorded_at"]),
                summary["position"],
                summary["policy"],
                summary["ranker"],
                text("sì") if item["same"] else text("no"),
                text(source),
            )
            rows += [
                (
                    *start,
                    text("adatta"),
                    each["rank"],
                    each["house"],
                    " ".join(each["rooms"]),
                    each["penalty"],
                )
                for each in told["candidates"]
            ]
            rows += [
                (*start, _word(text, "ExclusionCode", each["code"]), None, None,
                 " ".join(each.get("rooms", ())), each["units"])
                for each in told.get("excluded", summary["excluded"])
            ]  # fmt: skip
    return _headed(header, text), rows


def details(line: Line, text: Text) -> str:
    """The codes of an event, in one line."""
    return "; ".join(
        f"{text(said.label)}: {', '.join(_word(text, said.family, each) for each in said.codes)}"
        for said in said_in(line["topic"], line["event"])
    )


def _word(text: Text, family: str | None, code: str | None) -> str:
    if code is None:
        return ""
    return text(word(family, code)) if family is not None else code


def _headed(header: Iterable[str], text: Text) -> list[str]:
    return [text(each) for each in header]
