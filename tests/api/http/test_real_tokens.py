"""The doors with the product's own check of tokens: a signed token comes in, anything else hears 401."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from api.identity.actors import Actors, MemoryRegister, authenticator
from api.identity.caller import Authenticate
from api.identity.key_file import KeyFile
from api.identity.tokens import Tokens
from domain.permissions import Role
from tests.api.http.ground import ALONE, ground

ISSUER, AUDIENCE = "https://issuer.invalid", "approdo"
KEY = OKPKey.generate_key("Ed25519", {"kid": "uno"})
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "uno"})
ANY = jws.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)


def token(role: Role, *houses: UUID, key: OKPKey = KEY, subject: str = "qualcuno", seconds: int = 600) -> str:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "exp": int(time.time()) + seconds,
        "approdo_role": role.value,
        "approdo_houses": [str(house) for house in houses],
    }
    header = {"alg": "Ed25519", "kid": "uno", "typ": "at+jwt"}
    return jws.serialize_compact(header, json.dumps(claims), key, registry=ANY)


@contextmanager
def real_check(folder: Path) -> Iterator[Authenticate]:
    path = folder / "keys.json"
    path.write_text(json.dumps({"keys": [KEY.as_dict(private=False)]}))
    tokens = Tokens(KeyFile(path), issuer=ISSUER, audience=AUDIENCE, clock=lambda: datetime.now(UTC))
    yield authenticator(tokens, Actors(MemoryRegister(), key=os.urandom(32), random_bytes=os.urandom))


@pytest.mark.asyncio
async def test_a_signed_token_comes_in_with_its_role_and_houses(tmp_path: Path) -> None:
    with real_check(tmp_path) as authenticate:
        async with ground(authenticate=authenticate) as stage:
            coordinator = token(Role.COORDINATOR)
            asked = await stage.post("/placement-requests", ALONE, coordinator)
            assert asked.status_code == 201
            placement = asked.json()["placement"]
            path = f"/placements/{placement['placement_id']}"
            offer = placement["offers"][0]
            units = {"units": [held["unit_id"] for held in offer["units"]]}
            assert (await stage.post(f"{path}/offers", units, coordinator)).status_code == 200
            hers = token(Role.SHELTER_OPERATOR, UUID(offer["shelter_id"]), subject="casa")
            others = token(Role.SHELTER_OPERATOR, UUID(int=1), subject="altra")
            assert (await stage.get(path, hers)).status_code == 200
            assert (await stage.get(path, others)).status_code == 404
            history = await stage.get(f"{path}/history", token(Role.AUDITOR, subject="revisore"))
            assert "qualcuno" not in history.text, "the subject of a token stays outside the log"


@pytest.mark.asyncio
async def test_any_other_token_hears_one_and_the_same_answer(tmp_path: Path) -> None:
    with real_check(tmp_path) as authenticate:
        async with ground(authenticate=authenticate) as stage:
            answers = [
                await stage.get("/bed-board", wrong)
                for wrong in (
                    token(Role.COORDINATOR, key=STRANGER),
                    token(Role.COORDINATOR, seconds=-600),
                    token(Role.ENGINE),
                    "a.b.c",
                    "e30.e30.",
                )
            ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
