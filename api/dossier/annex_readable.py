"""What people read of a reserved annex: every event of the case whole, who acted, and each decision with its
full ranking and what came of deriving it again. Ids stand as they are in the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from api.dossier.readable import EXERCISE, paragraphs
from api.dossier.telling import Telling
from api.pages.words import word
from ledger.evidence.dossier.annex import AnnexEvidence
from ledger.evidence.dossier.gathering import ProvedEvent
from ledger.evidence.dossier.statement import SAME, parse_attestation
from ledger.evidence.rederive import is_ranking
from ledger.state_bytes import SALT_BYTES

NOTICE = """\
Allegato riservato, cifrato per il solo destinatario indicato nell’ordine. Contiene case, camere, zone,
graduatorie e persone che hanno agito, sotto gli identificativi del registro: chi lo riceve ne risponde.

Ciascuna decisione è stata rifatta dal programma sul registro completo, dove è custodito: l’esito è attestato
con la firma del registro. Ciò che si legge qui non prova nulla da sé: lo prova la parte che si verifica, in
allegato.json.
"""
Json = Mapping[str, Any]


def annex_readable(annex: AnnexEvidence, *, reference: str, time_zone: str) -> dict[str, Any]:
    telling = Telling(labels={}, zone=ZoneInfo(time_zone))
    case = annex.case
    streams: dict[str, int] = {}
    for each in case.events:
        streams[str(each.shown.stream)] = streams.get(str(each.shown.stream), 0) + 1
    numbered = enumerate(case.events, start=1)
    return {
        "title": "Allegato riservato",
        "exercise": EXERCISE if case.checkpoint.origin.startswith("approdo.exercise/") else None,
        "notice": paragraphs(NOTICE),
        "reference": reference,
        "log": case.checkpoint.origin,
        "size": case.checkpoint.size,
        "stated_whole": case.statement is not None,
        "time_zone": time_zone,
        "streams": [{"label": stream, "events": count} for stream, count in streams.items()],
        "events": [_event(number, each, annex, telling) for number, each in numbered],
        "decisions": list(_decisions(annex, telling)),
    }


def _event(number: int, each: ProvedEvent, annex: AnnexEvidence, telling: Telling) -> dict[str, Any]:
    shown = each.shown
    reserved, metadata = _withheld(annex, shown.position)
    told = {**orjson.loads(shown.open), **{name: it for name, it in reserved.items() if name != "best"}}
    role = word("Role", metadata["role"])
    return {
        "number": number,
        "label": str(shown.stream),
        "version": shown.version,
        "recorded": telling.at(shown.recorded_at),
        "what": telling.what(shown.topic),
        "details": [
            *(list(said) for said in telling.details(shown.topic, told)),
            ["chi ha agito", f"{role}, {metadata['actor']}"],
        ],
    }


def _decisions(annex: AnnexEvidence, telling: Telling) -> Iterator[dict[str, Any]]:
    attested = [parse_attestation(note.text) for note in annex.attestations]
    results = {each.position: each.result for each in attested}
    for each in annex.case.events:
        if is_ranking(each.shown.topic):
            reserved, _ = _withheld(annex, each.shown.position)
            excluded = orjson.loads(each.shown.open)["excluded"]
            hint = telling.hints(each.shown.topic)["excluded"]
            yield {
                "position": each.shown.position,
                "label": str(each.shown.stream),
                "derived": _derived(results.get(each.shown.position)),
                "excluded": telling.say(hint, excluded),
                "best": [_candidate(rank, said) for rank, said in enumerate(reserved["best"], start=1)],
            }


def _candidate(rank: int, said: Json) -> dict[str, Any]:
    units = ", ".join(unit["unit_id"] for unit in said["units"])
    confirm = (word("ToConfirm", each) for each in said.get("to_confirm", ()))
    return {
        "rank": rank,
        "where": f"casa {said['shelter_id']}; camere {units}",
        "penalty": said["penalty"],
        "spare": said["spare_places"],
        "age": said["availability_age_minutes"],
        "to_confirm": ", ".join(confirm) or "—",
    }


def _derived(result: str | None) -> str:
    if result is None:
        return "non rifatta"
    if result == SAME:
        return "uguale"
    flaw, *fields = result.split(",")
    return word("Flaw", flaw) + (f" ({', '.join(fields)})" if fields else "")


def _withheld(annex: AnnexEvidence, position: int) -> tuple[Json, Json]:
    reserved, metadata = annex.withheld[position]
    return orjson.loads(reserved[SALT_BYTES:]), orjson.loads(metadata)
