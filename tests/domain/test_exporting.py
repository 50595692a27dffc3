"""The whole log leaves the house only by two persons' will, once, within a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from domain.network import (
    ApproveExport,
    ExportApproved,
    ExportRequested,
    LogExported,
    RecordExport,
    RequestExport,
)
from domain.refusals import Refusal
from domain.vocabulary import ExportId
from tests.domain.refusals.preserving import (
    APPROVE_EXPORT,
    EXPORT,
    EXPORT_ASKED,
    FIRST,
    RECORD_EXPORT,
    SECOND,
)
from tests.domain.refusals.worlds import BORN
from tests.support.spec import NOW

R = Refusal


def test_one_asks_another_agrees_and_it_is_made_once() -> None:
    asking = RequestExport(export_id=EXPORT, actor=FIRST, reference="2041/5")
    asked = BORN.when(asking).then_alone(
        ExportRequested(export_id=EXPORT, requested_by=FIRST, reference="2041/5")
    )
    assert asked.when(replace(APPROVE_EXPORT, actor=FIRST)).decided is R.SAME_PERSON
    approved = asked.when(APPROVE_EXPORT).then_alone(
        ExportApproved(export_id=EXPORT, approved_by=SECOND, until=NOW + timedelta(hours=24))
    )
    approved.when(RECORD_EXPORT).then_alone(LogExported(export_id=EXPORT, upto=7), again=R.EXPORT_UNKNOWN)


def test_an_approval_is_over_after_a_day() -> None:
    approved = EXPORT_ASKED.when(APPROVE_EXPORT).done()
    late = approved.when(RECORD_EXPORT, at=NOW + timedelta(hours=24))
    assert late.decided is R.EXPORT_NOT_APPROVED


def test_another_request_takes_its_place_and_its_approval_away() -> None:
    approved = EXPORT_ASKED.when(APPROVE_EXPORT).done()
    other = ExportId(UUID(int=0xE2))
    anew = approved.when(RequestExport(export_id=other, actor=SECOND, reference="2041/6")).done()
    assert anew.when(RECORD_EXPORT).decided is R.EXPORT_UNKNOWN
    assert anew.when(RecordExport(export_id=other, upto=7)).decided is R.EXPORT_NOT_APPROVED
    assert anew.when(ApproveExport(export_id=other, actor=SECOND)).decided is R.SAME_PERSON
