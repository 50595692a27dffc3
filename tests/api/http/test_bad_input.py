"""Whatever is sent: a clear 4xx that names the field and what to do, nothing written, nothing repeated."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any
from uuid import UUID

import pytest
from starlette.types import Message

from api.http import reading
from tests.api.http.ground import ALONE, NIGHT, REQUEST, Ground, ground

_UNKNOWN = UUID(int=7)
_CANARY = "Mariarossi"


async def _raw(stage: Ground, content: bytes, **headers: str) -> Any:
    sent = {
        "Authorization": "Bearer coordinator",
        "Idempotency-Key": "prova-bad-input",
        "Content-Type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return await stage.client.post("/placement-requests", content=content, headers=sent)


def _with(**changes: Any) -> bytes:
    return json.dumps({**REQUEST, **changes}).encode()


GOOD = _with()
_SCOPE: dict[str, Any] = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/placement-requests",
    "raw_path": b"/placement-requests",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"authorization", b"Bearer coordinator"), (b"content-type", b"application/json")],
    "client": ("127.0.0.1", 1),
    "server": ("prova.invalid", 80),
}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("content", "status", "code", "pointer"),
    [
        (b"{", 400, "JSON_MALFORMED", None),
        (b"", 422, "REQUEST_INVALID", "/channel"),
        (b"null", 422, "REQUEST_INVALID", ""),
        (b"[]", 422, "REQUEST_INVALID", ""),
        (b"\xef\xbb\xbf" + GOOD, 400, "JSON_MALFORMED", None),
        (GOOD.replace(b"CAV", b"\xff"), 400, "JSON_MALFORMED", None),
        (GOOD.replace(b"CAV", b"\\ud800"), 400, "JSON_MALFORMED", None),
        (GOOD.replace(b"CAV", b"\x00"), 400, "JSON_MALFORMED", None),
        (GOOD.replace(b'"adults": 1', b'"adults": NaN'), 400, "JSON_MALFORMED", None),
        (GOOD.replace(b'"adults": 1', b'"adults": Infinity'), 400, "JSON_MALFORMED", None),
        (GOOD.replace(b'"adults": 1', b'"adults": 1, "adults": 2'), 400, "JSON_KEY_REPEATED", "/adults"),
        (
            GOOD.replace(b'"adults": 1', b'"adults": 1, "\\u0061dults": 2'),
            400,
            "JSON_KEY_REPEATED",
            "/adults",
        ),
        (b"[" * 1000 + b"]" * 1000, 400, "JSON_TOO_DEEP", None),
        (b"[" * 33 + b"]" * 33, 400, "JSON_TOO_DEEP", None),
        (b"[" * 100_000, 400, "JSON_MALFORMED", None),
        (GOOD.replace(b"CAV", b"C\\u0000AV"), 422, "REQUEST_INVALID", "/channel"),
        (_with(channel=_CANARY), 422, "REQUEST_INVALID", "/channel"),
        (_with(urgency="U5"), 422, "REQUEST_INVALID", "/urgency"),
        (_with(household={"adults": 1.0}), 422, "REQUEST_INVALID", "/household/adults"),
        (_with(household={"adults": True}), 422, "REQUEST_INVALID", "/household/adults"),
        (_with(household={"adults": "1"}), 422, "REQUEST_INVALID", "/household/adults"),
        (_with(household={"adults": 2**63}), 422, "REQUEST_INVALID", "/household/adults"),
        (_with(household={"adults": 10**400}), 400, "JSON_MALFORMED", None),
        (_with(household={"adults": -1}), 422, "REQUEST_INVALID", "/household/adults"),
        (_with(household={"adults": 11}), 422, "REQUEST_INVALID", "/household/adults"),
        (
            _with(household={"adults": 1, "children": ["AGE_0_2"] * 16}),
            422,
            "REQUEST_INVALID",
            "/household/children",
        ),
        (_with(household={"adults": 1, "children": [None]}), 422, "REQUEST_INVALID", "/household/children/0"),
        (_with(household={"adults": 0}), 422, "HOUSEHOLD_EMPTY", "/household"),
        (_with(zones_to_avoid=[str(_UNKNOWN)] * 51), 422, "REQUEST_INVALID", "/zones_to_avoid"),
        (_with(zones_to_avoid=["Via Roma 1"]), 422, "REQUEST_INVALID", "/zones_to_avoid/0"),
        (_with(occurred_at="2026-11-22T02:13:00"), 422, "REQUEST_INVALID", "/occurred_at"),
        (_with(occurred_at=1_700_000_000), 422, "REQUEST_INVALID", "/occurred_at"),
        (_with(occurred_at="1700000000"), 422, "REQUEST_INVALID", "/occurred_at"),
        (_with(occurred_at="0001-01-01T00:00:00+14:00"), 422, "REQUEST_INVALID", "/occurred_at"),
        (_with(occurred_at="9999-12-31T23:59:59-12:00"), 422, "REQUEST_INVALID", "/occurred_at"),
        (_with(safe_until="2026-02-30T00:00:00Z"), 422, "REQUEST_INVALID", "/safe_until"),
        (_with(occurred_at="2026-11-22T02:00:01Z"), 422, "OCCURRED_IN_THE_FUTURE", "/occurred_at"),
        (_with(consented_at="2026-11-22T02:00:01Z"), 422, "OCCURRED_IN_THE_FUTURE", "/consented_at"),
        (_with(case_id=str(_UNKNOWN)), 422, "REQUEST_INVALID", "/case_id"),
        (_with(channel="HELPLINE_1522"), 422, "CHANNEL_MAY_NOT_REQUEST", "/channel"),
        (_with(**{_CANARY: 1}), 422, "REQUEST_INVALID", ""),
        (_with(household={"adults": 1, _CANARY: 1}), 422, "REQUEST_INVALID", "/household"),
        (_with(notes=_CANARY), 422, "BELONGS_IN_THE_VAULT", "/notes"),
        (_with(alias=_CANARY), 422, "BELONGS_IN_THE_VAULT", "/alias"),
        (_with(callback={"telephone": _CANARY}), 422, "BELONGS_IN_THE_VAULT", "/callback"),
    ],
)
async def test_a_bad_body_is_refused_by_name_and_nothing_is_written(
    content: bytes, status: int, code: str, pointer: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with ground() as stage:
            before = await stage.store.head()
            answer = await _raw(stage, content)
            assert await stage.store.head() == before
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    if pointer is not None:
        assert told["errors"][0]["pointer"] == pointer
        assert told["errors"][0]["detail"]
    assert _CANARY not in answer.text + caplog.text
    assert "Via Roma" not in answer.text + caplog.text


@pytest.mark.asyncio
async def test_true_codes_under_other_names_and_commitments_are_refused() -> None:
    async with ground() as stage:
        path = await stage.offered()
        before = await stage.store.head()
        refusal = {"channel": "SCREEN", "shown": "SAFETY"}
        for field, value, code, pointer in (
            ("refusal_code", "PERPETRATOR_NEAR", "BELONGS_IN_THE_VAULT", "/refusal_code"),
            ("commitment", "a1" * 32, "REQUEST_INVALID", ""),
            ("shown", "PERPETRATOR_NEAR", "REQUEST_INVALID", "/shown"),
        ):
            answer = await stage.post(f"{path}/refusal", {**refusal, field: value}, "ginepro")
            assert (answer.status_code, answer.json()["code"]) == (422, code)
            assert answer.json()["errors"][0]["pointer"] == pointer
        decline = await stage.post(f"{path}/decline", {"decline_code": "TOO_FAR"})
        assert decline.json()["code"] == "BELONGS_IN_THE_VAULT"
        assert await stage.store.head() == before
        good = await stage.post(f"{path}/refusal", refusal, "ginepro")
        assert good.status_code == 200


@pytest.mark.asyncio
async def test_ten_megabytes_are_refused_while_they_stream() -> None:
    async with ground() as stage:
        answer = await _raw(stage, b" " * 10_000_000)
        assert answer.status_code == 413
        answer = await _raw(stage, b" " * 256 * 1024 + GOOD)
        assert answer.status_code == 413
        answer = await _raw(stage, b" " * 200 * 1024 + GOOD)
        assert answer.status_code == 201


@pytest.mark.asyncio
async def test_a_body_without_a_length_is_cut_at_the_cap() -> None:
    sent = 0

    async def receive() -> Message:
        nonlocal sent
        sent += 65_536
        return {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    async with ground() as stage:
        await stage.app(dict(_SCOPE), receive, send)
    assert answers[0]["status"] == 413
    assert sent <= 256 * 1024 + 65_536, "no more is read than tells that it is too much"


@pytest.mark.asyncio
async def test_a_body_that_does_not_arrive_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BODY_SECONDS", 0.05)
    messages: list[Message] = [{"type": "http.request", "body": GOOD[:20], "more_body": True}]
    answers: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0) if messages else await asyncio.Future()

    async def send(message: Message) -> None:
        answers.append(message)

    async with ground() as stage:
        await stage.app(dict(_SCOPE), receive, send)
    assert answers[0]["status"] == 408
    assert (b"connection", b"close") in answers[0]["headers"]
    assert json.loads(answers[1]["body"])["code"] == "BODY_TOO_SLOW"


@pytest.mark.asyncio
async def test_a_client_that_goes_away_in_the_middle_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": GOOD[:20], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answers: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        answers.append(message)

    async with ground() as stage:
        await stage.app(dict(_SCOPE), receive, send)
    assert answers == []
    assert "ERROR" not in caplog.text


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": "application/json; charset=latin-1"},
        {"Content_Encoding": "gzip"},
    ],
)
async def test_other_media_types_are_refused(headers: dict[str, str]) -> None:
    async with ground() as stage:
        answer = await _raw(stage, GOOD, **headers)
        assert (answer.status_code, answer.json()["code"]) == (415, "MEDIA_TYPE_UNSUPPORTED")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Basic Y29vcmRpbmF0b3I6", 401),
        ("Bearer nobody", 401),
        ("Bearer " + "x" * 9000, 401),
        ("bearer coordinator", 200),
    ],
)
async def test_without_a_valid_token_nobody_comes_in(authorization: str | None, status: int) -> None:
    async with ground() as stage:
        headers = {"Authorization": authorization} if authorization is not None else {}
        answer = await stage.client.get("/bed-board", headers=headers)
        assert answer.status_code == status
        if status == 401:
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert answer.json()["code"] == "UNAUTHENTICATED"


@pytest.mark.asyncio
@pytest.mark.parametrize("key", ["", "short", "k" * 201, "con spazio e altro"])
async def test_a_malformed_idempotency_key_is_refused(key: str) -> None:
    async with ground() as stage:
        answer = await _raw(stage, GOOD, Idempotency_Key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "IDEMPOTENCY_KEY_MALFORMED")


@pytest.mark.asyncio
async def test_a_missing_or_doubled_idempotency_key_is_refused() -> None:
    async with ground() as stage:
        base = [("Authorization", "Bearer coordinator"), ("Content-Type", "application/json")]
        for keys, code in (
            ([], "IDEMPOTENCY_KEY_MISSING"),
            (
                [("Idempotency-Key", "prova-uno"), ("Idempotency-Key", "prova-due")],
                "IDEMPOTENCY_KEY_MALFORMED",
            ),
        ):
            answer = await stage.client.post("/placement-requests", content=GOOD, headers=[*base, *keys])
            assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.asyncio
async def test_unknown_ids_are_not_found_and_malformed_ones_are_named() -> None:
    async with ground() as stage:
        case = (await stage.ask())["placement"]["case_id"]
        for path in (
            f"/placements/{_UNKNOWN}",
            f"/placements/{case}",
            f"/placements/{stage.unit('ginepro').id}",
        ):
            for tail in ("", "/ranking", "/history"):
                assert (await stage.get(path + tail)).status_code == 404
            answer = await stage.post(f"{path}/consent")
            assert (answer.status_code, answer.json()["code"]) == (404, "PLACEMENT_UNKNOWN")
        for path in (f"/units/{_UNKNOWN}", f"/shelters/{_UNKNOWN}", f"/units/{stage.house('ginepro')}"):
            assert (await stage.get(path)).status_code == 404
        for path in ("/placements/Mariarossi", "/units/1", "/shelters/%00", "/placements/Mariarossi/ranking"):
            answer = await stage.get(path)
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["pointer"].endswith("_id")
            assert _CANARY not in answer.text


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "query",
    [
        "as_of=yesterday",
        "as_of=2026-11-22T02:13:00",
        "as_of=0001-01-01T00:00:00%2B14:00",
        "as_of=9999-12-31T23:59:59-14:00",
        "position=-1",
        "position=1.5",
        f"position={2**63}",
        f"position={10**400}",
        "position=1&as_of=2026-11-22T02:13:00Z",
    ],
)
async def test_bad_questions_about_the_past_are_refused(query: str) -> None:
    async with ground() as stage:
        path = f"/placements/{(await stage.ask())['placement']['placement_id']}"
        answer = await stage.get(f"{path}/history?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST_INVALID")
        assert answer.json()["errors"][0]["pointer"] in ("as_of", "position")


@pytest.mark.asyncio
async def test_offers_name_exactly_what_is_held() -> None:
    async with ground() as stage:
        path = f"/placements/{(await stage.ask(ALONE))['placement']['placement_id']}"
        for units, status in (([], 422), ([str(_UNKNOWN)] * 4, 422), ([str(_UNKNOWN)], 409)):
            assert (await stage.post(f"{path}/offers", {"units": units})).status_code == status
        answer = await stage.post(f"{path}/acceptance", {"channel": "TELEPHONE", "offer_id": str(_UNKNOWN)})
        assert (answer.status_code, answer.json()["code"]) == (404, "OFFER_UNKNOWN")


@pytest.mark.asyncio
async def test_a_fictitious_house_stays_out_of_a_log_in_earnest() -> None:
    from domain.vocabulary import LogKind

    async with ground(log_kind=LogKind.REAL) as stage:
        body = {
            "code": "casa",
            "member_id": str(stage.ids.members["case"]),
            "district_id": str(stage.ids.districts["busto-arsizio"]),
            "valid_from": NIGHT.date().isoformat(),
            "address_class": "SECRET",
            "register_status": "COMPLIANT",
            "modes": ["EMERGENCY"],
            "fictitious": True,
        }
        answer = await stage.post("/shelters", body, "lead")
        assert (answer.status_code, answer.json()["code"]) == (409, "LOG_OF_ANOTHER_KIND")
        assert (await stage.post("/shelters", {**body, "fictitious": False}, "lead")).status_code == 201


@pytest.mark.asyncio
async def test_hundreds_of_thousands_of_small_things_are_answered_at_once() -> None:
    async with ground() as stage:
        for content in (
            b'{"a":' + b"[1]," * 10 + b"1}",
            b"[" + b'"\\"",' * 30_000 + b"1]",
            b'{"x":[' + b"{}," * 60_000 + b"1]}",
        ):
            answer = await _raw(stage, content)
            assert answer.status_code in (400, 422)
