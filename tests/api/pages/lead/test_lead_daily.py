"""The lead body's page of the day: what is shown is what is taken away, and that fits the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.daily_page import BEGIN, END
from domain.permissions import Role
from ledger.evidence.daily.finding import heads_in
from ledger.evidence.daily.fitting import Fit, judged
from ledger.evidence.daily.spelling import spelled
from tests.api.http.ground import ALONE
from tests.api.http.sealed_ground import beside
from tests.api.pages.ground import pages, played

PAGE = "/rete/impronta"
FILE = f"{PAGE}/impronta-del-giorno.txt"


@played
async def test_before_the_first_seal_there_is_nothing_to_send(tmp_path: Path) -> None:
    async with pages() as there:
        page = await (await there.signed_in(Role.LEAD_BODY)).open(PAGE)
        assert page.status == 200
        assert "Nessuna testa è stata ancora firmata" in page.text
        assert BEGIN not in page.text


@played
async def test_what_is_taken_away_is_what_is_shown_and_fits_the_log_afterwards(tmp_path: Path) -> None:
    async with pages() as there:
        sealed = await beside(there.stage, there.stage.doors.sealed, tmp_path)  # type: ignore[arg-type]
        head = await sealed.seal()
        lead = await there.signed_in(Role.LEAD_BODY)
        page, taken = await lead.open(PAGE), await lead.client.get(FILE)
        assert taken.headers["content-type"] == "text/plain; charset=utf-8"
        assert "impronta-del-giorno.txt" in taken.headers["content-disposition"]
        note = taken.text.partition(BEGIN)[2].partition(END)[0]
        assert all(line in page.text for line in (BEGIN, *note.split("\n"), END, *spelled(head.root)))
        assert "====" not in page.text
        assert "ESERCITAZIONE" in taken.text
        await there.stage.held(ALONE)
        await sealed.seal()
        found = heads_in(taken.content)
        (fit,) = await judged(sealed.log, head.checkpoint.origin, [sealed.key.heads.verifier], found)
        assert (fit.fit, fit.head.checkpoint.size) == (Fit.FITS, head.size)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
@played
async def test_the_file_is_the_lead_bodys_alone(role: Role) -> None:
    async with pages() as there:
        assert (await (await there.signed_in(role)).open(FILE)).status == 404
