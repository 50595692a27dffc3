"""The doors with the product's own check of tokens: a signed token comes in as the register has its bearer,
anything else hears 401.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from api.identity.authority import Authority
from api.identity.bearing import authenticator
from api.identity.caller import Authenticate
from api.identity.enrolling import Enrolling, Terms
from api.identity.key_file import KeyFile
from api.identity.names import Seal
from api.identity.subjects import Subjects
from api.identity.tokens import Tokens
from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId
from ledger.register.memory import MemoryRegister
from tests.api.http.ground import ALONE, ground

ISSUER, AUDIENCE = "https://issuer.invalid", "approdo"
KEY = OKPKey.generate_key("Ed25519", {"kid": "uno"})
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "uno"})
ANY = jws.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)
BODY = MemberId(uuid4())


def token(subject: str, key: OKPKey = KEY, seconds: int = 600) -> str:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "exp": int(time.time()) + seconds,
        "approdo_role": "LEAD_BODY",
    }
    header = {"alg": "Ed25519", "kid": "uno", "typ": "at+jwt"}
    return jws.serialize_compact(header, json.dumps(claims), key, registry=ANY)


@dataclass(frozen=True, slots=True)
class Checked:
    """The product's check, and the register behind it."""

    authenticate: Authenticate
    enrolling: Enrolling

    async def enter(self, subject: str, role: Role, *houses: UUID, until: datetime | None = None) -> UUID:
        started = datetime.now(UTC) - timedelta(hours=1)
        of = frozenset(map(ShelterId, houses))
        terms = Terms(member=BODY, role=role, houses=of, valid_from=started, valid_to=until)
        entered = await self.enrolling.enter_person(ISSUER, subject, terms, name=None, by=None)
        return entered.actor


@contextmanager
def real_check(folder: Path) -> Iterator[Checked]:
    def clock() -> datetime:
        return datetime.now(UTC)

    path = folder / "keys.json"
    path.write_text(json.dumps({"keys": [KEY.as_dict(private=False)]}))
    tokens = Tokens(KeyFile(path), issuer=ISSUER, audience=AUDIENCE, clock=clock)
    register, subjects = MemoryRegister(), Subjects(os.urandom(32))
    yield Checked(
        authenticator(tokens, subjects, Authority(register, clock)),
        Enrolling(
            register=register,
            access=register,
            subjects=subjects,
            seal=Seal(os.urandom(32), os.urandom),
            random_bytes=os.urandom,
            clock=clock,
        ),
    )


@pytest.mark.asyncio
async def test_a_signed_token_comes_in_with_the_role_and_houses_of_the_register(tmp_path: Path) -> None:
    with real_check(tmp_path) as checked:
        async with ground(authenticate=checked.authenticate) as stage:
            await checked.enter("qualcuno", Role.COORDINATOR)
            coordinator = token("qualcuno")
            asked = await stage.post("/placement-requests", ALONE, coordinator)
            assert asked.status_code == 201
            placement = asked.json()["placement"]
            path = f"/placements/{placement['placement_id']}"
            offer = placement["offers"][0]
            units = {"units": [held["unit_id"] for held in offer["units"]]}
            assert (await stage.post(f"{path}/offers", units, coordinator)).status_code == 200
            await checked.enter("casa", Role.SHELTER_OPERATOR, UUID(offer["shelter_id"]))
            await checked.enter("altra", Role.SHELTER_OPERATOR, UUID(int=1))
            await checked.enter("revisore", Role.AUDITOR)
            assert (await stage.get(path, token("casa"))).status_code == 200
            assert (await stage.get(path, token("altra"))).status_code == 404
            history = await stage.get(f"{path}/history", token("revisore"))
            assert "qualcuno" not in history.text, "the subject of a token stays outside the log"
            last = (await stage.store.read_all(after=0, limit=5000))[-1]
            assert str(BODY).encode() in last.metadata, "whom they acted for is on the event"


@pytest.mark.asyncio
async def test_whoever_is_ended_hears_401_at_the_next_request_and_so_does_a_period_that_is_over(
    tmp_path: Path,
) -> None:
    with real_check(tmp_path) as checked:
        async with ground(authenticate=checked.authenticate) as stage:
            hers = token("qualcuno")
            assert (await stage.get("/bed-board", hers)).status_code == 401, "not in the register"
            actor = await checked.enter("qualcuno", Role.COORDINATOR)
            assert (await stage.get("/bed-board", hers)).status_code == 200
            assert await checked.enrolling.end(actor, by=None)
            assert (await stage.get("/bed-board", hers)).status_code == 401
            await checked.enter("qualcuno", Role.COORDINATOR, until=datetime.now(UTC) - timedelta(seconds=1))
            assert (await stage.get("/bed-board", hers)).status_code == 401
            await checked.enter("qualcuno", Role.AUDITOR)
            assert (await stage.get("/unmet-need", hers)).status_code == 403, "the role is the register's"


@pytest.mark.asyncio
async def test_any_other_token_hears_one_and_the_same_answer(tmp_path: Path) -> None:
    with real_check(tmp_path) as checked:
        async with ground(authenticate=checked.authenticate) as stage:
            await checked.enter("qualcuno", Role.COORDINATOR)
            answers = [
                await stage.get("/bed-board", wrong)
                for wrong in (
                    token("qualcuno", key=STRANGER),
                    token("qualcuno", seconds=-600),
                    token("nessuno"),
                    "a.b.c",
                    "e30.e30.",
                )
            ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.asyncio
async def test_a_stream_of_news_ends_with_the_person_who_follows_it(tmp_path: Path) -> None:
    with real_check(tmp_path) as checked:
        async with ground(authenticate=checked.authenticate) as stage:
            actor = await checked.enter("qualcuno", Role.COORDINATOR)
            await checked.enter("altra", Role.COORDINATOR)
            following = asyncio.ensure_future(stage.get("/events", token("qualcuno")))
            await asyncio.sleep(0.2)
            await checked.enrolling.end(actor, by=None)
            assert (await stage.post("/placement-requests", ALONE, token("altra"))).status_code == 201
            told = await asyncio.wait_for(following, 5)
            assert told.text.count("event: here") == 1
            assert "event: queue" not in told.text
