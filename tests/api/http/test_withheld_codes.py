"""The true code of a no goes into the vault, and no further than its group: not into a row, an answer, a
metric or a log. By order it is opened, and that is recorded.
"""

from __future__ import annotations

import logging

import pytest

from api.http.withholding import CODE_HEADER
from domain.kept import is_commitment
from domain.vocabulary import Urgency
from domain.withheld import DeclineCode, RefusalCode, valid_for
from ledger.vault.port import VaultUnreachable
from tests.api.http.ground import ALONE, Ground, ground

TELLING_REFUSALS = [code for code in RefusalCode if code.value != code.shown.value]
TELLING_DECLINES = [code for code in DeclineCode if code.value != code.shown.value]
PLANNED = {**ALONE, "urgency": "U3"}


async def opened(stage: Ground, path: str, who: str = "auditor") -> list[tuple[str, str]]:
    """The true codes of the placement's one offer, by order of a judge."""
    (offer,) = (await stage.get(path)).json()["offers"]
    body = {"offer_id": offer["offer_id"], "purpose": "JUDICIAL_ORDER"}
    answer = await stage.done(f"{path}/true-codes/openings", body, who)
    assert (await stage.topics())[-1] == "case.values-opened.1"
    return [(each["kind"], each["value"]) for each in answer["values"]]


async def nowhere(stage: Ground, code: str, *answers: str) -> None:
    """Nothing that the program keeps or shows has the word."""
    rows = await stage.store.read_all(after=0, limit=5000)
    kept = b"\n".join(row.state + row.metadata for row in rows)
    metrics = (await stage.client.get("/metrics")).text
    assert f'"{code}"'.encode() not in kept
    for told in (metrics, *answers):
        assert f'"{code}"' not in told, code


@pytest.mark.asyncio
@pytest.mark.parametrize("code", TELLING_REFUSALS)
async def test_a_refusal_keeps_the_group_and_never_the_code(
    code: RefusalCode, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with ground() as stage:
            path = await stage.offered(PLANNED)
            answer = await stage.post(f"{path}/refusal", {"channel": "TELEPHONE", "code": code})
            assert answer.status_code == 200, answer.text
            history = await stage.get(f"{path}/history")
            said = history.json()["items"]
            refused = next(item for item in said if item["topic"] == "placement.offer-refused.1")
            assert refused["event"]["shown"] == code.shown
            assert refused["event"]["stops"] is code.shown.stops
            assert is_commitment(refused["event"]["commitment"])
            assert answer.headers[CODE_HEADER] == "KEPT"
            again = await stage.repeated(stage.exchanges[-1])
            assert again.content == answer.content
            await nowhere(stage, code, answer.text, history.text, (await stage.get(path)).text)
            assert await opened(stage, path) == [("REFUSAL_CODE", code.value)]
    assert code not in caplog.text.replace(code.shown, "")


@pytest.mark.asyncio
@pytest.mark.parametrize("code", TELLING_DECLINES)
async def test_her_no_keeps_the_group_and_never_the_code(
    code: DeclineCode, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with ground() as stage:
            path = await stage.offered(PLANNED)
            answer = await stage.post(f"{path}/decline", {"code": code})
            assert answer.json()["placement"]["phase"] == "STOPPED", "a no from her always stops and asks"
            history = await stage.get(f"{path}/history")
            said = history.json()["items"]
            declined = next(item for item in said if item["topic"] == "placement.woman-declined.1")
            assert declined["event"]["shown"] == code.shown
            await nowhere(stage, code, answer.text, history.text)
            assert await opened(stage, path) == [("DECLINE_CODE", code.value)]
    assert code not in caplog.text.replace(code.shown, "")


@pytest.mark.asyncio
async def test_a_house_says_its_code_and_hears_nothing_of_it_again() -> None:
    async with ground() as stage:
        path = await stage.offered({**PLANNED, "household": {"adults": 3}})
        body = {"channel": "SCREEN", "code": "PROXIMITY_RISK"}
        told = await stage.post(f"{path}/refusal", body, "ginepro")
        assert told.status_code == 200
        assert (await stage.get(path)).json()["phase"] == "STOPPED"
        await nowhere(stage, "PROXIMITY_RISK", told.text)


@pytest.mark.asyncio
async def test_not_even_the_digest_of_the_request_rests_on_the_code() -> None:
    async with ground() as stage:
        path = await stage.offered(PLANNED)
        body = {"channel": "TELEPHONE", "code": "STAFF_ALONE_TONIGHT"}
        first = await stage.post(f"{path}/refusal", body, key="la-stessa-chiave")
        same = {"channel": "TELEPHONE", "shown": "NOT_NOW"}
        for again in ({**body, "code": "NO_NIGHT_STAFF"}, same):
            told = await stage.post(f"{path}/refusal", again, key="la-stessa-chiave")
            assert told.content == first.content
        other = await stage.post(f"{path}/refusal", {**body, "code": "PET"}, key="la-stessa-chiave")
        assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.asyncio
async def test_a_word_that_is_kept_would_be_found() -> None:
    async with ground() as stage:
        path = await stage.offered(PLANNED)
        told = await stage.post(f"{path}/refusal", {"channel": "TELEPHONE", "code": "PET"})
        with pytest.raises(AssertionError):
            await nowhere(stage, RefusalCode.PET.shown, told.text)


@pytest.mark.asyncio
async def test_a_code_or_its_group_and_not_both() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        head = await stage.store.head()
        refusal: dict[str, object] = {"channel": "TELEPHONE"}
        for body in (refusal, {**refusal, "code": "PET", "shown": "NOT_SUITABLE"}):
            assert await stage.refused(f"{path}/refusal", body) == (422, "ONE_OF_TWO", "/code")
        both = {"code": "PET", "shown": "PLACE_NOT_RIGHT"}
        assert await stage.refused(f"{path}/decline", both) == (422, "AT_MOST_ONE_OF_TWO", "/code")
        for body in ({**refusal, "code": "Via Roma"}, {**refusal, "code": 7}):
            answer = await stage.post(f"{path}/refusal", body)
            assert answer.status_code == 422
            assert "Via Roma" not in answer.text
        assert await stage.store.head() == head
        assert (await stage.post(f"{path}/decline")).status_code == 200, "she need not say"


@pytest.mark.asyncio
async def test_other_is_the_coordinations_word() -> None:
    async with ground() as stage:
        path = await stage.offered({**ALONE, "household": {"adults": 3}})
        body = {"channel": "SCREEN", "code": "OTHER"}
        assert await stage.refused(f"{path}/refusal", body, "ginepro") == (403, "FORBIDDEN", "/code")
        told = await stage.post(f"{path}/refusal", {"channel": "TELEPHONE", "code": "OTHER"})
        assert told.status_code == 200


@pytest.mark.asyncio
@pytest.mark.parametrize("urgency", list(Urgency))
@pytest.mark.parametrize("code", [RefusalCode.FEE_NOT_COMMITTED, RefusalCode.NO_SOCIAL_SERVICE_AUTHORISATION])
async def test_money_and_authorisations_do_not_refuse_an_emergency(
    code: RefusalCode, urgency: Urgency
) -> None:
    async with ground() as stage:
        path = await stage.offered({**ALONE, "urgency": urgency})
        head = await stage.store.head()
        told = await stage.post(f"{path}/refusal", {"channel": "TELEPHONE", "code": code})
        if valid_for(code, urgency):
            assert told.status_code == 200
        else:
            assert (told.status_code, told.json()["code"]) == (422, "CODE_NOT_VALID_FOR_URGENCY")
            assert told.json()["errors"][0]["pointer"] == "/code"
            assert await stage.store.head() == head
        await nowhere(stage, code, told.text)


@pytest.mark.asyncio
async def test_a_vault_that_does_not_answer_stops_no_no(monkeypatch: pytest.MonkeyPatch) -> None:
    async def down(*_: object) -> None:
        raise VaultUnreachable

    async with ground() as stage:
        path = await stage.offered(PLANNED)
        monkeypatch.setattr(stage.vault, "keep", down)
        answer = await stage.post(f"{path}/refusal", {"channel": "TELEPHONE", "code": "PET"})
        assert (answer.status_code, answer.headers[CODE_HEADER]) == (200, "NOT_KEPT")
        monkeypatch.undo()
        again = await stage.repeated(stage.exchanges[-1])
        assert (again.content, again.headers[CODE_HEADER]) == (answer.content, "NOT_KEPT")
        (offer,) = (await stage.get(path)).json()["offers"]
        assert offer["state"] == "REFUSED"
        body = {"offer_id": offer["offer_id"], "purpose": "JUDICIAL_ORDER"}
        told = await stage.refused(f"{path}/true-codes/openings", body, "auditor")
        assert told[:2] == (409, "VALUE_NOT_KEPT")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("who", "purpose", "status"),
    [
        ("coordinator", "UNDERSTAND_NO", 403),
        ("coordinator", "JUDICIAL_ORDER", 403),
        ("auditor", "UNDERSTAND_NO", 403),
        ("lead", "UNDERSTAND_NO", 404),
        ("ginepro", "UNDERSTAND_NO", 404),
        ("police", "JUDICIAL_ORDER", 404),
        ("region", "JUDICIAL_ORDER", 403),
    ],
)
async def test_why_it_was_a_no_is_opened_by_order_alone(who: str, purpose: str, status: int) -> None:
    async with ground() as stage:
        path = await stage.offered({**PLANNED, "household": {"adults": 3}})
        await stage.done(f"{path}/refusal", {"channel": "SCREEN", "code": "PROXIMITY_RISK"}, "ginepro")
        (offer,) = (await stage.get(path)).json()["offers"]
        head = await stage.store.head()
        body = {"offer_id": offer["offer_id"], "purpose": purpose}
        answer = await stage.post(f"{path}/true-codes/openings", body, who)
        assert answer.status_code == status, answer.text
        assert "PROXIMITY" not in answer.text
        assert await stage.store.head() == head
