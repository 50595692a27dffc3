"""The search for tokens finds one in every form in which bytes could hold it, and nothing where none is."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from trials.drills.canary_calls import as_it_should_be, awry, doors_in, unreadable
from trials.drills.canary_sinks import Searched
from trials.drills.canary_tokens import CHUNK, Tokens, draw


@pytest.fixture
def tokens() -> Tokens:
    drawn = draw(random.Random(7))
    for number in range(40):
        drawn.word(f"word {number}")
        drawn.number(f"number {number}", "+39 000 ")
    drawn.other("secret", "4f2a" * 16)
    drawn.listed("code", "SPECIALISED_NEED_ADDICTION")
    return drawn


FORMS: dict[str, Callable[[str], bytes]] = {
    "raw": lambda text: text.encode(),
    "upper": lambda text: text.upper().encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "HEX": lambda text: text.encode().hex().upper().encode(),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "json": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text).encode(),
    "reversed": lambda text: text[::-1].encode(),
}


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("named", ["word 0", "word 39", "number 7", "number 39", "secret"])
def test_a_token_is_found_in_every_form(tokens: Tokens, form: str, named: str) -> None:
    assert tokens.found("sink", b"before " + FORMS[form](tokens.given[named]) + b" after")


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("after", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("named", ["word 3", "number 3", "secret"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_token_is_found_within_encoded_bytes_wherever_they_begin(
    tokens: Tokens, before: str, after: str, named: str, encode: object
) -> None:
    assert callable(encode)
    assert tokens.found("sink", encode(f"{before}{tokens.given[named]}{after}".encode()))


def test_a_hit_names_its_field(tokens: Tokens) -> None:
    for named in ("word 0", "word 39", "number 12", "secret", "code"):
        (hit,) = tokens.found("files base/1/2", b"a" + tokens.given[named].encode() + b"!")
        assert (hit.field, hit.sink) == (named, "files base/1/2")


def test_a_word_of_a_list_is_passed_over_in_answers_alone(tokens: Tokens) -> None:
    code = tokens.given["code"].encode()
    assert tokens.found("bodies GET /openapi.json", code) == ()
    assert tokens.found("dump trial_1", code)


def test_nothing_is_found_where_nothing_is(tokens: Tokens) -> None:
    chance = random.Random(3)
    assert tokens.found("sink", chance.randbytes(1 << 20)) == ()
    assert tokens.found("sink", "".join(chance.choices(string.printable, k=1 << 20)).encode()) == ()


def test_a_token_across_two_pieces_of_a_file_is_found(tokens: Tokens, tmp_path: Path) -> None:
    token = tokens.given["word 5"].encode()
    for cut in (1, 7, len(token) - 1):
        searched = Searched(tokens)
        path = tmp_path / str(cut)
        path.write_bytes(b"\0" * (CHUNK - cut) + token + b"\0" * 100)
        searched.file("files", path, tmp_path)
        assert "word 5" in {hit.field for hit in searched.hits}


def test_every_wrong_call_carries_a_token(tokens: Tokens) -> None:
    example = {"channel": "CAV", "household": {"adults": 1}}
    content = {"application/json": {"examples": {"esempio": {"value": example}}}}
    place = {"name": "placement_id", "in": "path"}
    document = {
        "paths": {
            "/placements/{placement_id}/x": {
                "post": {"parameters": [place], "requestBody": {"content": content}, "responses": {}}
            },
            "/news": {"get": {"responses": {"200": {"content": {"text/event-stream": {}}}}}},
            "/board": {"get": {"parameters": [{"name": "at", "in": "query"}], "responses": {}}},
        }
    }
    doors = doors_in(document)
    assert [door.name for door in doors] == ["POST /placements/{placement_id}/x", "GET /board"]
    for door in doors:
        calls = [*awry(door, tokens)]
        assert len(calls) > 8
        for call in calls:
            whole = f"{call.path} {json.dumps(dict(call.headers))} ".encode() + call.body
            assert tokens.found("sink", whole)
        for right in as_it_should_be(door, "there"):
            assert tokens.found("sink", right.path.encode() + right.body) == ()
    assert all(tokens.found("sink", each) for each in unreadable(tokens))
