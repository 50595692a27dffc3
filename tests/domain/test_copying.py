"""Copies for a court: what may be shown by one order, the annex by two persons to a recipient, each once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.case import DossierApproved, DossierIssued, DossierOrdered
from domain.codes import DossierKind
from domain.refusals import Refusal
from domain.vocabulary import DossierId
from tests.domain.refusals.preserving import (
    AGREE,
    ANNEX,
    COPIES,
    COPIES_AGREED,
    COPY_MADE,
    DESTROYED,
    FIRST,
    ISSUE,
    ISSUE_ANNEX,
    ORDER,
    RECIPIENT,
    SECOND,
    SHOWN,
)
from tests.domain.refusals.worlds import ENDED, STAYS
from tests.support.night import CASE
from tests.support.spec import fresh

R = Refusal


@pytest.mark.parametrize("scene", [ENDED, STAYS, DESTROYED], ids=["ended", "open", "key destroyed"])
def test_a_copy_is_ordered_each_time_whatever_stands_of_the_case(scene: object) -> None:
    once = scene.when(ORDER, on=CASE).creates()  # type: ignore[attr-defined]
    assert once.told(CASE)[-1] == DossierOrdered(
        dossier_id=DossierId(fresh(1)),
        kind=DossierKind.OSTENSIBLE,
        reference=ORDER.reference,
        ordered_by=FIRST,
    )
    twice = once.when(ORDER, on=CASE, ids=1).creates()
    assert len(twice.case(CASE).dossiers) == 2


def test_what_may_be_shown_is_made_once_without_a_second_person() -> None:
    COPIES.when(ISSUE, on=CASE).then_alone(
        DossierIssued(dossier_id=SHOWN, upto=7, recipient=None), again=R.DOSSIER_ALREADY_ISSUED
    )
    assert COPY_MADE.when(replace(ISSUE, upto=9), on=CASE).decided is R.DOSSIER_ALREADY_ISSUED


def test_the_annex_waits_for_a_second_person() -> None:
    assert COPIES.when(ISSUE_ANNEX, on=CASE).decided is R.DOSSIER_NOT_APPROVED
    COPIES.when(AGREE, on=CASE).then_alone(DossierApproved(dossier_id=ANNEX, approved_by=SECOND))
    COPIES_AGREED.when(ISSUE_ANNEX, on=CASE).then_alone(
        DossierIssued(dossier_id=ANNEX, upto=7, recipient=RECIPIENT), again=R.DOSSIER_ALREADY_ISSUED
    )


@pytest.mark.parametrize("recipient", [None, "", "E5" * 32, "e5" * 31, "e5" * 32 + "\n", "Tribunale"])
def test_the_annex_goes_to_a_certificate_and_to_nobody_else(recipient: str | None) -> None:
    command = replace(ISSUE_ANNEX, recipient=recipient)
    assert COPIES_AGREED.when(command, on=CASE).decided is R.RECIPIENT_MALFORMED


def test_what_may_be_shown_is_encrypted_to_nobody() -> None:
    assert COPIES.when(replace(ISSUE, recipient=RECIPIENT), on=CASE).decided is R.RECIPIENT_MALFORMED
