"""What people read of a dossier: the same events as its evidence, in words, under labels of its own.

It is a function of the evidence and of the labels, so whoever checks a dossier makes it again and compares.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from api.dossier.labels import RandomBytes, is_label, labels_for
from api.dossier.telling import Telling
from ledger.evidence.dossier.checking import bound_in
from ledger.evidence.dossier.gathering import CaseEvidence, ProvedEvent

EXERCISE = "ESERCITAZIONE: nessuna persona, nessuna casa e nessun fatto sono veri."
NOTICE = """\
Questa copia mostra i soli fatti di questo caso. Case, camere, zone, altri casi e persone che hanno agito non
vi sono, e delle graduatorie vi sono i soli numeri: di ciascun fatto la parte riservata è sostituita dalla sua
impronta.

I nomi in chiaro (Percorso, Offerta e simili, con tre lettere) sono stati estratti per questa sola copia. Gli
identificativi nella parte che si verifica sono quelli del registro: sono uguali in ogni copia dello stesso
caso, e chi ha due copie può riconoscerlo da quelli.

Ciò che si legge qui non prova nulla da sé: lo prova la parte che si verifica, in dossier.json.
"""
"""Paragraphs, divided by empty lines."""


def paragraphs(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.split("\n\n")]


def drawn_labels(evidence: CaseEvidence, random_bytes: RandomBytes) -> Mapping[str, str]:
    events = (orjson.loads(each.shown.open) for each in evidence.events)
    placements = [str(each) for each in bound_in(evidence)]
    return labels_for(str(evidence.case_id), placements, events, random_bytes)


def are_labels(labels: Mapping[str, str], evidence: CaseEvidence) -> bool:
    """Whether these are labels as they are drawn for this evidence: of its ids alone, each of its kind."""
    drawn = drawn_labels(evidence, os.urandom)
    kinds = {named: label.rpartition(" ")[0] for named, label in drawn.items()}
    if labels.keys() != kinds.keys() or len(set(labels.values())) < len(labels):
        return False
    return all(is_label(label, kinds[named]) for named, label in labels.items())


def readable(
    evidence: CaseEvidence, labels: Mapping[str, str], *, reference: str, time_zone: str
) -> dict[str, Any]:
    """The readable part of a copy that may be shown."""
    telling = Telling(labels=labels, zone=ZoneInfo(time_zone))
    exercise = evidence.checkpoint.origin.startswith("approdo.exercise/")
    return {
        "title": "Copia ostensibile",
        "exercise": EXERCISE if exercise else None,
        "notice": paragraphs(NOTICE),
        "reference": reference,
        "log": evidence.checkpoint.origin,
        "size": evidence.checkpoint.size,
        "stated_whole": evidence.statement is not None,
        "time_zone": time_zone,
        "labels": dict(labels),
        "streams": list(_streams(evidence, labels)),
        "events": [_event(number, each, telling) for number, each in enumerate(evidence.events, start=1)],
    }


def _streams(evidence: CaseEvidence, labels: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    counted = {str(evidence.case_id): 0}
    for each in evidence.events:
        counted[str(each.shown.stream)] = counted.get(str(each.shown.stream), 0) + 1
    return ({"label": labels[stream], "events": count} for stream, count in counted.items())


def _event(number: int, each: ProvedEvent, telling: Telling) -> dict[str, Any]:
    shown = each.shown
    return {
        "number": number,
        "label": telling.labels[str(shown.stream)],
        "version": shown.version,
        "recorded": telling.at(shown.recorded_at),
        "what": telling.what(shown.topic),
        "details": [list(said) for said in telling.details(shown.topic, orjson.loads(shown.open))],
    }
