"""The copy that may be shown: it holds, and has nothing of any other case, house, room, zone or person."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import orjson
import pypdf
import pytest

from api.commands.verifying_dossier import verify_dossier
from api.dossier.making import Made, make_shown
from ledger import state_bytes
from ledger.evidence.dossier.annex import annex_json, annex_of
from ledger.evidence.dossier.checking import ANNEX_FILE, FILE, check_dossier, check_evidence
from ledger.evidence.dossier.gathering import placements_of, rows_of_case
from ledger.evidence.notes.trust import rendered
from tests.api.dossier.stage import RESERVED, SHOWN, Sealed, sealed_night

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


async def shown_of(sealed: Sealed) -> Made:
    return await make_shown(sealed.source, sealed.case_id, SHOWN.reference, sealed.head)


def written(made: Made, folder: Path) -> Path:
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    return folder


def pdf_text(content: bytes) -> str:
    """All that somebody can read or copy from the pages, and what the file says of itself."""
    pdf = pypdf.PdfReader(io.BytesIO(content))
    return "\n".join(page.extract_text() for page in pdf.pages) + str(pdf.metadata)


def foreign_ids(sealed: Sealed) -> set[UUID]:
    """Every id in the log that is not of this case's own open parts, streams or events."""
    own = {sealed.case_id, sealed.night.network_id}
    told: set[UUID] = set()
    for row in sealed.rows:
        told |= {row.stream, row.event_id}
        told |= {UUID(each) for each in _ID.findall(row.state.decode("latin-1"))}
        told |= {UUID(each) for each in _ID.findall(row.metadata.decode())}
    own_rows = [row for row in sealed.rows if row.stream == sealed.case_id]
    own |= set(placements_of(own_rows))
    for row in sealed.rows:
        if row.stream in own and row.stream != sealed.night.network_id:
            own |= {row.event_id} | {UUID(each) for each in _ID.findall(_open(row.state))}
    return told - own


def _open(state: bytes) -> str:
    return state_bytes.split(state).open.decode()


def forms(each: UUID) -> Iterator[bytes]:
    import base64

    yield str(each).encode()
    yield each.hex.encode()
    yield each.bytes
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + each.bytes)
        yield coded[4 if shift else 0 : -4]


def leaks(files: Mapping[str, bytes], ids: set[UUID]) -> set[tuple[str, UUID]]:
    """Which of the ids stand in which file, in any form; on pages also with lines and hyphens in between."""
    texts = {name: content.lower() + content for name, content in files.items()}
    for name, content in files.items():
        if name.endswith(".pdf"):
            texts[name] += re.sub("[^0-9a-f]", "", pdf_text(content).lower()).encode()
    return {
        (name, each)
        for name, text in texts.items()
        for each in ids
        if any(form in text for form in forms(each))
    }


@pytest.mark.asyncio
async def test_it_holds_and_has_nothing_of_anybody_else(tmp_path: Path) -> None:
    sealed = await sealed_night()
    made = await shown_of(sealed)
    assert set(made.files) == {"dossier.json", "dossier.pdf", "README.txt"}
    assert check_dossier(written(made, tmp_path), sealed.trust) == ()
    foreign = foreign_ids(sealed)
    assert len(foreign) > 100 and set(sealed.others) <= foreign
    houses = {house.id for house in sealed.night.ids.shelters.values()}
    rooms = {room.id for house in sealed.night.ids.shelters.values() for room in house.units.values()}
    assert houses | rooms | set(sealed.night.ids.zones.values()) <= foreign
    # The network is named by the log's own name, in which it is no secret; actor and metadata are not there.
    assert leaks(made.files, foreign) == set()
    for house in sealed.night.ids.shelters:
        assert house.encode() not in made.files[FILE]


@pytest.mark.asyncio
async def test_a_writer_that_shows_what_is_reserved_is_caught() -> None:
    """The control."""
    sealed = await sealed_night()
    made = await shown_of(sealed)
    rows = await rows_of_case(sealed.source.store, sealed.case_id, sealed.head.size)
    careless = {**made.files, FILE: orjson.dumps(annex_json(annex_of(made.evidence, rows, ())))}
    assert {name for name, _ in leaks(careless, foreign_ids(sealed))} == {FILE}


@pytest.mark.asyncio
async def test_labels_are_drawn_anew_and_two_copies_say_the_same_of_the_log() -> None:
    sealed = await sealed_night()
    one, two = [orjson.loads((await shown_of(sealed)).files[FILE]) for _ in range(2)]
    assert one["evidence"] == two["evidence"]
    assert one["readable"]["labels"].keys() == two["readable"]["labels"].keys()
    assert set(one["readable"]["labels"].values()).isdisjoint(two["readable"]["labels"].values())


@pytest.mark.asyncio
async def test_the_shape_of_its_file() -> None:
    sealed = await sealed_night()
    said = orjson.loads((await shown_of(sealed)).files[FILE])
    assert list(said) == ["format", "readable", "evidence"]
    assert list(said["readable"]) == [
        "title", "exercise", "notice", "reference", "log", "size", "stated_whole", "time_zone", "labels",
        "streams", "events",
    ]  # fmt: skip
    assert list(said["evidence"]) == ["case", "checkpoint", "statement", "events"]
    assert list(said["evidence"]["events"][0]) == [
        "stream", "version", "position", "recorded_at", "event_id", "topic", "open", "withheld", "proof",
    ]  # fmt: skip
    assert list(said["readable"]["events"][0]) == [
        "number", "label", "version", "recorded", "what", "details",
    ]  # fmt: skip
    assert said["format"] == "approdo/dossier v1"
    asked = said["readable"]["events"][0]
    opened = next(each for each in said["readable"]["events"] if each["label"].startswith("Caso "))
    assert (opened["what"], opened["details"]) == ("il caso è stato aperto, senza nome", [])
    assert ["urgenza", "subito"] in asked["details"]
    assert (asked["number"], asked["label"][:9]) == (1, "Percorso ")
    told = [each["what"] for each in said["readable"]["events"]]
    assert "la casa ha detto no" in told and "il nucleo è entrato in casa" in told
    assert said["readable"]["exercise"].startswith("ESERCITAZIONE")
    assert said["evidence"]["statement"].startswith("approdo/dossier-statement v1\napprodo.exercise/")


@pytest.mark.asyncio
async def test_the_pages_are_pdf_a_and_tagged() -> None:
    sealed = await sealed_night()
    pdf = (await shown_of(sealed)).files["dossier.pdf"]
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf and b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    read = pypdf.PdfReader(io.BytesIO(pdf))
    root = read.root_object
    assert {"/MarkInfo", "/OutputIntents", "/StructTreeRoot", "/Metadata"} <= root.keys()
    assert (str(root["/MarkInfo"]), str(root["/Lang"])) == ("{'/Marked': True, '/Suspects': False}", "it-IT")
    text = pdf_text(pdf)
    for said in ("Copia ostensibile", "ESERCITAZIONE", "2029/311", "casa ha detto no", "Percorso"):
        assert said in text, said


@pytest.mark.asyncio
async def test_without_typst_all_else_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "typst", None)
    sealed = await sealed_night()
    made = await shown_of(sealed)
    assert set(made.files) == {"dossier.json", "README.txt"}
    assert "pip install typst" in str(made.pages_missing)


@pytest.mark.asyncio
async def test_without_the_logs_key_it_is_whole_up_to_its_closing_alone() -> None:
    sealed = await sealed_night()
    keyless = replace(sealed.source, signers=())
    closed = [
        (await make_shown(keyless, case_id, SHOWN.reference, sealed.head)).evidence
        for case_id in (sealed.case_id, *sealed.others)
    ]
    assert [bool(check_evidence(each, sealed.trust)) for each in closed] == [True, False, True]


@pytest.mark.asyncio
async def test_the_command_checks_the_words_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sealed = await sealed_night()
    folder = written(await shown_of(sealed), tmp_path)
    trust = tmp_path / "trust"
    trust.write_text(rendered(sealed.trust))
    assert verify_dossier(folder, trust) == 0
    assert "none is left out, as the log states" in capsys.readouterr().out
    said = orjson.loads((folder / FILE).read_bytes())
    labels = said["readable"]["labels"]
    for changed in (
        {"events": said["readable"]["events"][:-1]},
        {"stated_whole": False},
        {"exercise": None},
        {"reference": "2029/1"},
        {"reference": RESERVED.reference},
        {"labels": {**labels, "rank_1": "Percorso ABC"}},
        {"labels": dict.fromkeys(labels, "Percorso ABC")},
        {"labels": dict.fromkeys(labels, "Maria")},
        {"labels": None},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "Europe"},
        {"time_zone": "a" * 300},
    ):
        (folder / FILE).write_bytes(orjson.dumps({**said, "readable": {**said["readable"], **changed}}))
        assert verify_dossier(folder, trust) == 4, changed
    nothings: tuple[object, ...] = (None, [], {})
    for nothing in nothings:
        (folder / FILE).write_bytes(orjson.dumps({**said, "readable": nothing}))
        assert verify_dossier(folder, trust) == 4, nothing
    assert verify_dossier(folder, tmp_path / "none") == 2
    assert verify_dossier(folder / ("a" * 300), trust) == 1
    (folder / FILE).write_bytes(b"{}")
    assert verify_dossier(folder, trust) == 1


@pytest.mark.asyncio
async def test_nothing_stands_beside_what_is_vouched_for(tmp_path: Path) -> None:
    """A word more in the file, or another file that is checked in its stead, would be read as proved."""
    sealed = await sealed_night()
    folder = written(await shown_of(sealed), tmp_path)
    trust = tmp_path / "trust"
    trust.write_text(rendered(sealed.trust))
    raw = (folder / FILE).read_bytes()
    said = orjson.loads(raw)
    evidence, (first, *others) = said["evidence"], said["evidence"]["events"]
    told_twice = raw.replace(b'"readable":', b'"readable": {"events": []}, "readable":', 1)
    assert orjson.loads(told_twice) == said
    more = (
        {**said, "note": "x"},
        {**said, "evidence": {**evidence, "reserved": {}}},
        *(
            {**said, "evidence": {**evidence, "events": [event, *others]}}
            for event in ({**first, "reserved": {"unit_id": "x"}}, {**first, "topic": 5})
        ),
        {**said, "evidence": {**evidence, "case": evidence["case"].upper()}},
        {name: value for name, value in said.items() if name != "readable"},
    )
    for changed in (told_twice, *map(orjson.dumps, more)):
        (folder / FILE).write_bytes(changed)
        assert verify_dossier(folder, trust) == 1, changed[:60]
    (folder / FILE).write_bytes(raw)
    assert verify_dossier(folder, trust) == 0
    (folder / ANNEX_FILE).write_bytes(raw)
    assert verify_dossier(folder, trust) == 1
