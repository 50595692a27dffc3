"""Inquiries as those who answer them see them: by kind of asker and register number, open ones first.

Nothing here knows of a case, a placement or a house, so nothing can tell whether the person asked about is
known. Pure, from the rows of the inquiries' own streams.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from domain.codes import InquiryAsker, InquiryOutcome
from domain.inquiry import InquiryDecided, InquiryReceived, InquiryValuesOpened
from domain.vocabulary import InquiryId
from ledger.store.port import StoredRow
from ledger.store.transact import recorded


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerText:
    """What is written to whoever asked. It is the same for everybody who is answered so."""

    it: str
    en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InquiryView:
    """One inquiry. It waits while `outcome` is null."""

    inquiry_id: InquiryId
    asker: InquiryAsker
    reference: str
    received_at: datetime
    openings: int
    outcome: InquiryOutcome | None
    decided_at: datetime | None
    answer_reference: str | None
    answer: AnswerText | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquiries:
    """Those that wait, the oldest first, then those that were answered, the latest first."""

    items: tuple[InquiryView, ...]


ANSWERS: Mapping[InquiryOutcome, AnswerText] = MappingProxyType(
    {
        InquiryOutcome.GIVEN_TO_HER: AnswerText(
            it="Si consegna a chi ha titolo, di persona o al legale con procura, quanto risulta. Il luogo di "
            "una casa e chi vi è ospitato non fanno parte della risposta.",
            en="What is known is handed to the person entitled, or to her lawyer under a mandate. Where a "
            "house is and who stays there are no part of it.",
        ),
        InquiryOutcome.NOTHING_TO_SAY: AnswerText(
            it="La rete non conferma né smentisce a nessuno se una persona le sia nota: questa risposta è la "
            "stessa in ogni caso. Contro di essa si può ricorrere al Garante o al giudice.",
            en="The network neither confirms nor denies to anybody whether a person is known to it: this "
            "answer is the same in every case. A complaint may be made to the Garante or a court.",
        ),
        InquiryOutcome.SENT_TO_AUTHORITY: AnswerText(
            it="La richiesta segue la via di legge, e solo per quella via l'autorità riceve risposta.",
            en="The inquiry goes the way the law provides; the authority is answered that way alone.",
        ),
        InquiryOutcome.ASKER_NOT_IDENTIFIED: AnswerText(
            it="Chi ha chiesto non è stato identificato: la richiesta si può ripetere con un documento.",
            en="Who asked was not identified: the inquiry may be made again with a document.",
        ),
    }
)


def inquiry_view(inquiry_id: InquiryId, rows: Iterable[StoredRow]) -> InquiryView:
    """From the rows of its stream, of which the first says that it was received."""
    received, received_at, decided, decided_at, openings = None, None, None, None, 0
    for row in rows:
        match event := recorded(row).event:
            case InquiryReceived():
                received, received_at = event, row.recorded_at
            case InquiryDecided():
                decided, decided_at = event, row.recorded_at
            case InquiryValuesOpened():
                openings += 1
            case _:
                pass
    assert received is not None and received_at is not None, "only a received inquiry is shown"
    return InquiryView(
        inquiry_id=inquiry_id,
        asker=received.asker,
        reference=received.reference,
        received_at=received_at,
        openings=openings,
        outcome=decided.outcome if decided is not None else None,
        decided_at=decided_at,
        answer_reference=decided.reference if decided is not None else None,
        answer=ANSWERS[decided.outcome] if decided is not None else None,
    )


def inquiries(streams: Mapping[UUID, Iterable[StoredRow]]) -> Inquiries:
    views = [inquiry_view(InquiryId(stream), rows) for stream, rows in streams.items()]
    waiting = sorted((each for each in views if each.decided_at is None), key=lambda each: each.received_at)
    answered = [(each.decided_at, each) for each in views if each.decided_at is not None]
    answered.sort(key=lambda pair: pair[0], reverse=True)
    return Inquiries(items=(*waiting, *(each for _, each in answered)))
