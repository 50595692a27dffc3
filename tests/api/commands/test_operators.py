"""`approdo operators`: the first person is entered on the machine beside a server, and ended there."""

from __future__ import annotations

import json
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from tests.api.commands.program import EXERCISE, NETWORK, Serving, approdo, read, serving
from tests.support.postgres import passable_directory

ISSUER = "https://issuer.invalid"
KEY = OKPKey.generate_key("Ed25519", {"kid": "one"})
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    with passable_directory() as folder:
        keys = folder / "keys.json"
        keys.write_text(json.dumps({"keys": [KEY.as_dict(private=False)]}))
        named = {
            "APPRODO_DATA_DIR": str(folder / "data"),
            "APPRODO_PROFILE": "scratch",
            "APPRODO_JWKS_FILE": str(keys),
            "APPRODO_TOKEN_ISSUER": ISSUER,
            "APPRODO_TOKEN_AUDIENCE": "approdo",
        }
        assert approdo(named, "init", NETWORK, *EXERCISE).status == 0
        yield named


@pytest.fixture(scope="module")
def server(variables: dict[str, str]) -> Iterator[Serving]:
    with serving(variables) as up:
        yield up
        assert up.stop() == 0


def token(subject: str) -> str:
    claims = {"iss": ISSUER, "aud": "approdo", "sub": subject, "exp": int(time.time()) + 600}
    header = {"alg": "Ed25519", "kid": "one", "typ": "at+jwt"}
    registry = jws.JWSRegistry(algorithms=["Ed25519"])
    return jws.serialize_compact(header, json.dumps(claims), KEY, registry=registry)


def status(server: Serving, subject: str) -> int:
    asked = urllib.request.Request(
        f"{server.url}/operators", headers={"Authorization": f"Bearer {token(subject)}"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def test_somebody_is_entered_listed_and_ended_beside_a_running_server(
    variables: dict[str, str], server: Serving
) -> None:
    listed = read(approdo(variables, "operators", "list", "--json"))
    assert listed == []
    assert status(server, "capo") == 401
    lead = _first_member()
    who = ("--subject", "capo", "--role", "LEAD_BODY", "--member", lead, "--name", "Ada")
    done = approdo(variables, "operators", "add", *who)
    assert done.status == 0, done.err
    actor = done.out.split()[0]
    assert status(server, "capo") == 200
    (line,) = read(approdo(variables, "operators", "list", "--json"))
    assert (line["actor"], line["role"]) == (actor, "LEAD_BODY")
    assert (line["entered_by"], line["ended_at"]) == (None, None)
    plain = approdo(variables, "operators", "list").out
    assert actor in plain and "Ada" not in plain and "capo" not in plain
    ended = approdo(variables, "operators", "end", actor)
    assert ended.status == 0, ended.err
    assert status(server, "capo") == 401, "at the very next request"
    assert "nothing stands" in approdo(variables, "operators", "end", actor).complaint.lower()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--role", "LEAD_BODY", "--member", "nobody"), "no member"),
        (("--role", "SHELTER_OPERATOR", "--member", "@first"), "--house"),
        (("--role", "SHELTER_OPERATOR", "--member", "@first", "--house", NOBODY), "no shelter"),
        (("--role", "LEAD_BODY", "--member", "@first", "--house", NOBODY), "--house"),
        (("--role", "LEAD_BODY", "--member", "@first", "--until", "tomorrow"), "tomorrow"),
    ],
)
def test_a_mistake_is_named_and_nobody_is_entered(
    variables: dict[str, str], server: Serving, arguments: tuple[str, ...], said: str
) -> None:
    assert server.url
    named = [_first_member() if each == "@first" else each for each in arguments]
    before = len(read(approdo(variables, "operators", "list", "--json")))
    done = approdo(variables, "operators", "add", "--subject", "altra", *named)
    assert done.status != 0
    assert said in done.complaint
    assert len(read(approdo(variables, "operators", "list", "--json"))) == before
    assert "nothing stands" in approdo(variables, "operators", "revoke-device", NOBODY).complaint.lower()


def _first_member() -> str:
    """The code of the lead body in the network file."""
    codes = [each["code"] for each in tomllib.loads(Path(NETWORK).read_text())["members"]]
    return str(codes[0])
