"""A network without a provider, with the real program: somebody is entered and invited on the machine, makes
a passkey with a browser, and is signed in; and what `serve` says where nobody could sign in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.commands.program import EXERCISE, NETWORK, approdo, serving
from tests.support.postgres import passable_directory
from trials.stage.authenticator import Authenticator

ORIGIN = "http://localhost:8000"


@pytest.fixture
def folder() -> Iterator[Path]:
    with passable_directory() as made:
        yield made


def test_somebody_is_invited_on_the_machine_and_signs_in_by_a_passkey(folder: Path) -> None:
    variables = {
        "APPRODO_DATA_DIR": str(folder / "data"),
        "APPRODO_PROFILE": "scratch",
        "APPRODO_PUBLIC_ORIGIN": ORIGIN,
    }
    assert approdo(variables, "init", NETWORK, *EXERCISE).status == 0
    with serving(variables) as server:
        lead = tomllib.loads(NETWORK.read_text())["members"][0]["code"]
        who = ("--subject", "1", "--role", "LEAD_BODY", "--member", lead)
        entered = approdo(variables, "operators", "add", *who)
        assert entered.status == 0, entered.err
        actor = entered.out.split()[0]
        assert approdo(variables, "operators", "add", *who).out.split()[0] == actor, "the same person again"
        code = approdo(variables, "operators", "invite", actor).out.split()[0]
        assert re.fullmatch(r"[A-Z2-7]{24}", code)
        headers = {"Host": "localhost:8000", "Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as browser:
            key = Authenticator(origin=ORIGIN, host="localhost")

            def said(path: str, body: dict[str, Any], cookie: str = "") -> httpx.Response:
                sent = {"Idempotency-Key": "una-prova-lunga", "Cookie": cookie}
                return browser.post(path, json=body, headers=sent)

            asked = said("/identity/passkeys/options", {"invitation": code})
            assert asked.status_code == 200, asked.text
            cookie = asked.headers["set-cookie"].partition(";")[0]
            made = said("/identity/passkeys", {"credential": key.made(asked.json()["options"])}, cookie)
            assert (made.status_code, made.json()["actor"]) == (201, actor), made.text
            asked = said("/identity/session/passkey/options", {})
            cookie = asked.headers["set-cookie"].partition(";")[0]
            answer = {"credential": key.shown(asked.json()["options"])}
            shown = said("/identity/session/passkey", answer, cookie)
            assert (shown.status_code, shown.json()["how"]) == (201, "PASSKEY"), shown.text
            assert said("/identity/session/passkey", answer, cookie).status_code == 401
            session = shown.headers["set-cookie"].partition(";")[0]
            listed = browser.get("/operators", headers={"Cookie": session})
            assert listed.status_code == 200, listed.text
            bearer = browser.get("/operators", headers={"Authorization": "Bearer a.b.c"})
            assert bearer.status_code == 401
        unknown = approdo(variables, "operators", "invite", "00000000-0000-4000-8000-000000000000")
        assert unknown.status != 0 and "Nothing stands" in unknown.complaint
        assert server.stop() == 0
        assert server.process.stderr is not None
        assert code not in server.process.stderr.read()
    alone = {name: value for name, value in variables.items() if name != "APPRODO_PUBLIC_ORIGIN"}
    assert "APPRODO_PUBLIC_ORIGIN" in approdo(alone, "operators", "invite", actor).complaint
    for given, word in (
        ({}, "nobody can sign in"),
        (
            {"APPRODO_TOKEN_ISSUER": "https://issuer.invalid"},
            "Set APPRODO_JWKS_FILE and APPRODO_TOKEN_AUDIENCE",
        ),
        ({"APPRODO_OPENID_ISSUER": "https://issuer.invalid"}, "Set APPRODO_OPENID_CLIENT_ID"),
        (
            {"APPRODO_OPENID_ISSUER": "https://issuer.invalid", "APPRODO_OPENID_CLIENT_ID": "approdo"},
            "Set APPRODO_PUBLIC_ORIGIN",
        ),
    ):
        assert word in approdo({**alone, **given}, "serve", "--port", "0").complaint, given
