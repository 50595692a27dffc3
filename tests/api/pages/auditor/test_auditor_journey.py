"""One placement before the auditor: who, when, how late; each decision beside its re-derivation."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from api.pages.auditor.telling import FIELDS, said_in
from api.pages.words import word
from domain.catalogue import EVENT_TYPES
from domain.permissions import Role
from domain.placement.events import CandidatesRanked, ExclusionCount
from ledger.store import codec
from ledger.store.port import StoredRow
from tests.api.http.ground import NIGHT, REQUEST, after
from tests.api.pages.ground import pages, played


@played
async def test_every_event_is_told_with_who_when_and_where_it_stands() -> None:
    async with pages() as there:
        stage = there.stage
        path = await stage.accepted()
        history = (await stage.get(f"{path}/history", "auditor")).json()["items"]
        page = await (await there.signed_in(Role.AUDITOR)).open(f"/verifica/posti/{path.rsplit('/', 1)[-1]}")
        for line in history:
            assert word("Topic", line["topic"]) in page.text
            assert f"posizione {line['position']}" in page.text
            assert word("Role", line["role"]) in page.text
            assert f"…{line['actor'][-6:]}" in page.text
        assert "22/11/2026 03:00:00" in page.text, "by the clock of the network"
        assert "nessun dispositivo condiviso" in page.text
        assert "Distanza dal maltrattante NON verificata." in page.text


@played
async def test_a_late_entry_is_marked_with_what_was_decided_meanwhile() -> None:
    async with pages() as there:
        stage = there.stage
        path = await stage.offered()
        await stage.later(minutes=50)
        await stage.done(f"{path}/refusal", {"channel": "TELEPHONE", "shown": "NOT_NOW"})
        await stage.done(f"{path}/search")
        late = {"setting": "FRIEND", "safe_until": after(hours=3), "occurred_at": NIGHT.isoformat()}
        await stage.later(minutes=5)
        await stage.done(f"{path}/safe-until", late)
        page = await (await there.signed_in(Role.AUDITOR)).open(f"/verifica/posti/{path.rsplit('/', 1)[-1]}")
        assert "Voce scritta in ritardo di 55 minuti." in page.text
        assert "senza saperlo" in page.text


@played
async def test_what_was_known_at_a_position_is_shown_alone() -> None:
    async with pages() as there:
        path = await there.stage.accepted()
        placement = path.rsplit("/", 1)[-1]
        history = (await there.stage.get(f"{path}/history", "auditor")).json()["items"]
        auditor = await there.signed_in(Role.AUDITOR)
        page = await auditor.open(f"/verifica/posti/{placement}?posizione={history[0]['position']}")
        assert page.html.count('id="voce-') == 1
        found = await auditor.open(f"/verifica/posti?percorso={placement}")
        assert found.path == f"/verifica/posti/{placement}"
        assert found.html.count('id="voce-') == len(history)


@played
async def test_a_journey_over_a_long_log_is_a_page_that_goes_on_by_itself() -> None:
    async with pages() as there:
        path = await there.stage.accepted()
        auditor = await there.signed_in(Role.AUDITOR)
        past = there.stage.doors.past_places
        past._patience, past._page = 0.000001, 20
        address = f"/verifica/posti/{path.rsplit('/', 1)[-1]}?posizione={await there.stage.store.head()}"
        page = await auditor.open(address)
        assert (page.status, page.h1) == (503, "Lettura in corso")
        for _ in range(10):
            page = await auditor.open(address)
            if page.status == 200:
                break
        assert word("Topic", "placement.offer-accepted.1") in page.text
        assert "0 richieste prima di questa" in page.text
        assert "versione start-1, ordine secondo rank_1" in page.text


@played
async def test_each_decision_stands_beside_its_rederivation_with_every_exclusion() -> None:
    async with pages() as there:
        stage = there.stage
        zone = str(stage.ids.zones["z1"])
        path = await stage.held({**REQUEST, "household": {"adults": 1}, "zones_to_avoid": [zone]})
        page = await (await there.signed_in(Role.AUDITOR)).open(
            f"/verifica/posti/{path.rsplit('/', 1)[-1]}/decisioni"
        )
        told = (await stage.get(f"{path}/decisions", "auditor")).json()["items"]
        assert page.text.count("Rifatta dal registro, viene identica.") == len(told) == 1
        for each in told[0]["derived"]["excluded"]:
            assert word("ExclusionCode", each["code"]) in page.text
        assert "non si dice quali, per sicurezza" in page.text
        assert told[0]["digest"][:16] in page.text


class _Altered:
    """A log in which a certificate is another than the one that was recorded."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def read_streams(self, *given: Any, **named: Any) -> Any:
        found = await self._store.read_streams(*given, **named)
        return {stream: tuple(map(_altered, rows)) for stream, rows in found.items()}


def _altered(row: StoredRow) -> StoredRow:
    if row.topic != CandidatesRanked.TOPIC:
        return row
    event = codec.decode(row.topic, row.state)
    assert isinstance(event, CandidatesRanked)
    changed = replace(event, excluded=(*event.excluded, ExclusionCount(code="RISK", units=1)), best=())
    return replace(row, state=codec.encode(changed, bytes(16)))


@played
async def test_a_decision_that_does_not_follow_is_said_aloud() -> None:
    async with pages() as there:
        path = await there.stage.held()
        there.stage.engine.transactor.store = _Altered(there.stage.engine.transactor.store)
        page = await (await there.signed_in(Role.AUDITOR)).open(
            f"/verifica/posti/{path.rsplit('/', 1)[-1]}/decisioni"
        )
        assert "Diversa." in page.text
        assert word("Flaw", "DIFFERS") in page.text
        assert "Non coincidono 2 parti." in page.text
        assert "Ordine rifatto" in page.text


@played
async def test_what_is_taken_away_has_every_line() -> None:
    async with pages() as there:
        path = await there.stage.accepted()
        placement, auditor = path.rsplit("/", 1)[-1], await there.signed_in(Role.AUDITOR)
        history = (await there.stage.get(f"{path}/history", "auditor")).json()
        where = f"/verifica/posti/{placement}/scarica"
        assert (await auditor.client.get(f"{where}/storia.json")).json()["items"] == history["items"]
        content = (await auditor.client.get(f"{where}/storia.csv")).content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(content), delimiter=";"))
        assert [row[0] for row in rows[1:]] == [str(line["position"]) for line in history["items"]]
        told = (await there.stage.get(f"{path}/decisions", "auditor")).json()
        assert (await auditor.client.get(f"{where}/decisioni.json")).json()["items"] == told["items"]
        lines = (await auditor.client.get(f"{where}/decisioni.csv")).content.decode("utf-8-sig").splitlines()
        assert len(lines) > len(told["items"])


@pytest.mark.parametrize("suffix", ["", "/decisioni", "/scarica/storia.json", "/scarica/decisioni.csv"])
@played
async def test_a_placement_that_is_none_is_not_found(suffix: str) -> None:
    async with pages() as there:
        auditor = await there.signed_in(Role.AUDITOR)
        page = await auditor.open(f"/verifica/posti/0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55{suffix}")
        assert page.status == 404


def test_every_field_with_a_code_has_its_label_and_every_code_its_words() -> None:
    for topic in EVENT_TYPES:
        if topic.startswith("placement."):
            event: dict[str, Any] = dict.fromkeys(EVENT_TYPES[topic].__dataclass_fields__, "X")
            for said in said_in(topic, event):
                assert said.label in FIELDS.values()
