"""A dossier's evidence holds; whatever is changed in it, left out or taken from elsewhere is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.case import CaseBound
from domain.vocabulary import LogKind
from ledger.evidence.dossier.checking import DossierFinding, DossierFlaw, check_evidence
from ledger.evidence.dossier.gathering import CaseEvidence, ProvedEvent, gather, rows_of_case
from ledger.evidence.dossier.statement import (
    Attestation,
    Statement,
    parse_attestation,
    parse_statement,
    signed_by,
)
from ledger.evidence.dossier.written import DossierBroken, evidence_json, read_evidence
from ledger.evidence.notes.checkpoint import Checkpoint, origin_of, parse_checkpoint
from ledger.evidence.notes.signed import KeyKind, NoteBroken, SignedNote
from ledger.evidence.notes.trust import Trust, Witness, standing
from ledger.evidence.sealing.log_key import log_key
from tests.api.dossier.stage import SEED, Sealed, sealed_night

F = DossierFlaw


async def evidence_of(sealed: Sealed) -> CaseEvidence:
    rows = await rows_of_case(sealed.source.store, sealed.case_id, sealed.head.size)
    return await gather(sealed.source.sealed, sealed.case_id, rows, sealed.head, sealed.source.signers)


def changed(evidence: CaseEvidence, number: int, **values: object) -> CaseEvidence:
    """With other things shown of one event."""
    events = list(evidence.events)
    shown = replace(events[number].shown, **values)  # type: ignore[arg-type]
    events[number] = ProvedEvent(shown=shown, proof=events[number].proof)
    return replace(evidence, events=tuple(events))


def without(evidence: CaseEvidence, *numbers: int) -> CaseEvidence:
    kept = [each for number, each in enumerate(evidence.events) if number not in numbers]
    return replace(evidence, events=tuple(kept))


def flaws(found: tuple[DossierFinding, ...]) -> set[DossierFlaw]:
    return {each.flaw for each in found}


@pytest.mark.asyncio
async def test_it_holds_and_is_read_again_as_it_was_written() -> None:
    sealed = await sealed_night()
    evidence = await evidence_of(sealed)
    assert check_evidence(evidence, sealed.trust) == ()
    assert read_evidence(evidence_json(evidence)) == evidence


@pytest.mark.asyncio
async def test_every_change_of_what_is_shown_of_an_event_is_found() -> None:
    sealed = await sealed_night()
    evidence = await evidence_of(sealed)
    for number, each in enumerate(evidence.events):
        shown = each.shown
        changes: tuple[dict[str, object], ...] = (
            {"recorded_at": shown.recorded_at + timedelta(microseconds=1)},
            {"event_id": UUID(int=shown.event_id.int ^ 1)},
            {"topic": shown.topic.replace(".1", ".3").replace(".2", ".4")},
            {"open": shown.open + b" "},
            {"withheld": bytes([shown.withheld[0] ^ 1]) + shown.withheld[1:]},
            {"position": shown.position + 1},
            {"version": shown.version + 1},
            {"version": 2**64},
            {"stream": UUID(int=shown.stream.int ^ 1)},
        )
        for values in changes:
            found = check_evidence(changed(evidence, number, **values), sealed.trust)
            assert F.NOT_IN_THE_LOG in flaws(found), values
            position = values.get("position", shown.position)
            assert any((one.flaw, one.position) == (F.NOT_IN_THE_LOG, position) for one in found)


@pytest.mark.asyncio
async def test_no_event_can_be_left_out_repeated_or_moved() -> None:
    sealed = await sealed_night()
    evidence = await evidence_of(sealed)
    for number in range(len(evidence.events)):
        assert check_evidence(without(evidence, number), sealed.trust), number
    tail = without(evidence, len(evidence.events) - 1)
    assert flaws(check_evidence(tail, sealed.trust)) == {F.STATEMENT_WRONG}
    twice = replace(evidence, events=(*evidence.events[:3], evidence.events[2], *evidence.events[3:]))
    assert F.OUT_OF_ORDER in flaws(check_evidence(twice, sealed.trust))
    swapped = replace(evidence, events=(evidence.events[1], evidence.events[0], *evidence.events[2:]))
    assert F.OUT_OF_ORDER in flaws(check_evidence(swapped, sealed.trust))


@pytest.mark.asyncio
async def test_a_whole_journey_cannot_be_left_out_nor_anothers_be_put_in() -> None:
    sealed = await sealed_night()
    evidence = await evidence_of(sealed)
    own = replace(
        evidence,
        events=tuple(each for each in evidence.events if each.shown.stream == sealed.case_id),
    )
    assert {F.STREAM_MISSING, F.STATEMENT_WRONG} == flaws(check_evidence(own, sealed.trust))
    other = await evidence_of(replace(sealed, case_id=sealed.others[0]))
    events = tuple(sorted((*evidence.events, *other.events), key=lambda each: each.shown.position))
    mixed = check_evidence(replace(evidence, events=events), sealed.trust)
    assert {F.ANOTHER_STREAM, F.STATEMENT_WRONG} == flaws(mixed)
    assert F.STREAM_MISSING in flaws(check_evidence(replace(evidence, events=()), sealed.trust))


@pytest.mark.asyncio
async def test_without_a_statement_an_open_case_is_not_shown_to_be_whole_and_a_closed_one_is() -> None:
    sealed = await sealed_night()
    kept = replace(await evidence_of(sealed), statement=None)
    assert flaws(check_evidence(kept, sealed.trust)) == {F.NOT_SHOWN_TO_BE_WHOLE}
    closed = await evidence_of(replace(sealed, case_id=sealed.others[0]))
    assert check_evidence(replace(closed, statement=None), sealed.trust) == ()
    unbound = without(replace(closed, statement=None), len(closed.events) - 1)
    assert flaws(check_evidence(unbound, sealed.trust)) == {F.NOT_SHOWN_TO_BE_WHOLE}


@pytest.mark.asyncio
async def test_a_statement_is_of_this_head_these_streams_and_this_log() -> None:
    sealed = await sealed_night()
    evidence = await evidence_of(sealed)
    assert evidence.statement is not None
    said, signers = parse_statement(evidence.statement.text), sealed.source.signers
    stranger = log_key(evidence.checkpoint.origin, bytes(32)).heads
    fewer = dict(list(said.versions.items())[:-1])
    others = (
        signed_by(said.text, [stranger]),
        signed_by(replace(said, versions=fewer).text, signers),
        signed_by(replace(said, head=replace(said.head, size=said.head.size - 1)).text, signers),
        signed_by(replace(said, head=replace(said.head, root=bytes(32))).text, signers),
        signed_by(replace(said, head=replace(said.head, origin="approdo.real/x")).text, signers),
        signed_by(evidence.checkpoint.text, signers),
        SignedNote(text=said.text + "\n", signatures=evidence.statement.signatures),
        SignedNote(text=said.text, signatures=()),
    )
    for statement in others:
        found = check_evidence(replace(evidence, statement=statement), sealed.trust)
        assert flaws(found) == {F.STATEMENT_WRONG}


@pytest.mark.asyncio
async def test_a_head_is_signed_by_whom_one_trusts_and_seen_by_their_witnesses() -> None:
    sealed = await sealed_night()
    evidence = await evidence_of(sealed)
    stranger = log_key(evidence.checkpoint.origin, bytes(32))
    unknown = check_evidence(evidence, Trust(logs=(stranger.heads.verifier,)))
    assert flaws(unknown) == {F.HEAD_NOT_SIGNED, F.STATEMENT_WRONG}
    witness = Witness(name="garante", key=stranger.clock.verifier)
    wanting = replace(sealed.trust, witnesses={"garante": witness}, quorum="garante")
    assert flaws(check_evidence(evidence, wanting)) == {F.QUORUM_NOT_REACHED}
    line = evidence.head.signatures[0]
    torn = replace(line, signature=bytes([line.signature[0] ^ 1]) + line.signature[1:])
    broken = replace(evidence, head=replace(evidence.head, signatures=(torn,)))
    assert F.HEAD_NOT_SIGNED in flaws(check_evidence(broken, sealed.trust))


@pytest.mark.asyncio
async def test_a_proof_is_under_the_head_that_is_shown() -> None:
    sealed = await sealed_night()
    evidence = await evidence_of(sealed)
    earlier = replace(evidence.checkpoint, size=evidence.checkpoint.size - 1)
    head = replace(evidence.head, text=earlier.text)
    assert F.ANOTHER_HEAD in flaws(check_evidence(replace(evidence, head=head), sealed.trust))


def test_neither_note_passes_for_a_checkpoint_nor_a_checkpoint_for_one() -> None:
    origin = origin_of(LogKind.REAL, UUID(int=1))
    key = log_key(origin, SEED)
    head = Checkpoint(origin=origin, size=9, root=bytes(32))
    stated = Statement(head=head, versions={UUID(int=2): 3})
    attested = Attestation(head=head, position=4, stream=UUID(int=2), result="DIFFERS,best,digest")
    assert parse_statement(stated.text) == stated
    assert parse_attestation(attested.text) == attested
    trust = Trust(logs=(key.heads.verifier,))
    for text in (stated.text, attested.text):
        note = SignedNote(text=text, signatures=(key.heads.sign(text),))
        with pytest.raises(NoteBroken):
            parse_checkpoint(text)
        with pytest.raises(NoteBroken):
            standing(note, trust)
    for read in (parse_statement, parse_attestation):
        with pytest.raises(NoteBroken):
            read(head.text)
    with pytest.raises(NoteBroken):
        parse_statement(attested.text)
    assert key.heads.verifier.kind is KeyKind.NOTE


Change = Callable[[dict[str, object]], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.pop("events"),
        lambda said: said.update(case="nobody"),
        lambda said: said.update(checkpoint="nothing"),
        lambda said: said.update(statement=7),
        lambda said: said.update(events=[7]),
        lambda said: said["events"][0].update(version="1"),
        lambda said: said["events"][0].update(position=True),
        lambda said: said["events"][0].update(withheld="00"),
        lambda said: said["events"][0].update(open=None),
        lambda said: said["events"][0].update(proof=""),
        lambda said: said["events"][0].update(recorded_at="2026-11-20T21:10:00"),
        lambda said: said["events"][0].update(recorded_at="2026-11-20T22:10:00+01:00"),
    ],
)
@pytest.mark.asyncio
async def test_what_cannot_be_read_is_said_to_be_so(change: Change) -> None:
    said = evidence_json(await evidence_of(await sealed_night()))
    change(said)
    with pytest.raises(DossierBroken):
        read_evidence(said)


@pytest.mark.asyncio
async def test_a_case_names_its_placements() -> None:
    sealed = await sealed_night()
    evidence = await evidence_of(sealed)
    assert [each.shown.topic for each in evidence.events].count(CaseBound.TOPIC) == 1
    assert {each.shown.stream for each in evidence.events} > {sealed.case_id}
