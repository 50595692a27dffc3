"""After the night the demo serves its pages, and says how to sit down at each of them."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from domain.permissions import Role
from tests.support.postgres import passable_directory
from tests.trials.nights import ROOT

pytestmark = pytest.mark.slow
DESK = re.compile(r"(http://(?:127\.0\.0\.1|localhost):\d+)/dispositivo +([A-Z2-7]{16})")
HOME_OF = {Role.COORDINATOR: "/turno", Role.SHELTER_OPERATOR: "/casa", Role.LEAD_BODY: "/rete"}
PATIENCE_SECONDS = 120.0


@dataclass
class Demo:
    """A demo under way, and what it has said so far."""

    process: subprocess.Popen[bytes]
    said: str = ""
    desks: list[tuple[str, str]] = field(default_factory=list)

    def hear_desks(self, number: int) -> None:
        """Until it has told so many desks in all."""
        ends = time.monotonic() + PATIENCE_SECONDS
        assert self.process.stdout is not None
        while len(self.desks) < number and time.monotonic() < ends:
            if select.select([self.process.stdout], [], [], 1)[0]:
                heard = os.read(self.process.stdout.fileno(), 65536)
                assert heard, self.said
                self.said += heard.decode()
                self.desks = DESK.findall(self.said)
        assert len(self.desks) == number, self.said

    def press_return(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()


@contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    process = subprocess.Popen(
        [sys.executable, "-B", "-m", "trials.demo", "--scenario", "last-place"],
        cwd=ROOT,
        env={**os.environ, "APPRODO_DATA_DIR": str(folder), "HOME": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=_heeds_ctrl_c,  # noqa: PLW1509 - one system call
    )
    try:
        yield Demo(process)
    finally:
        process.kill()
        process.communicate()


def _heeds_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_each_desk_is_a_device_whose_colleagues_sign_in_and_find_their_page() -> None:
    with passable_directory() as folder, demo(folder) as played:
        played.hear_desks(4)
        (pin,) = set(re.findall(r"PIN (\d{6})", played.said))
        roles = [_sits_down(url, code, pin) for url, code in played.desks]
        assert roles == [
            {Role.COORDINATOR},
            {Role.SHELTER_OPERATOR},
            {Role.SHELTER_OPERATOR},
            {Role.LEAD_BODY, Role.AUDITOR},
        ]
        played.press_return()
        played.hear_desks(8)
        assert not {code for _, code in played.desks[:4]} & {code for _, code in played.desks[4:]}
        _time_goes_on(played)
        played.process.send_signal(signal.SIGINT)
        assert played.process.wait(60) == 0


def _sits_down(url: str, code: str, pin: str) -> set[Role]:
    """The roles of the colleagues who sign in on a device, one after the other."""
    roles = set()
    with httpx.Client(base_url=url, headers={"origin": url}) as browser:
        assert browser.post("/devices", json={"code": code}, headers=_once()).status_code == 201
        again = browser.post("/devices", json={"code": code}, headers=_once())
        assert again.status_code == 401, "a code counts once"
        for colleague in browser.get("/identity/colleagues").json()["colleagues"]:
            tapped = {"actor": colleague["actor"], "pin": pin}
            session = browser.post("/identity/session/pin", json=tapped, headers=_once())
            assert session.status_code == 201, session.text
            role = Role(session.json()["role"])
            start = browser.get("/", headers={"accept": "text/html"})
            assert start.headers["location"] == HOME_OF.get(role, "/verifica")
            roles.add(role)
    return roles


def _time_goes_on(played: Demo) -> None:
    url = played.desks[0][0]
    token = re.findall(r"TOKEN=(\S+)", played.said)[0]
    asked = {"authorization": f"Bearer {token}"}
    before = httpx.get(f"{url}/bed-board", headers=asked).json()["as_of"]
    ends = time.monotonic() + 10
    while httpx.get(f"{url}/bed-board", headers=asked).json()["as_of"] == before:
        assert time.monotonic() < ends, "the exercise's clock stands still"
        time.sleep(0.2)


def _once() -> dict[str, str]:
    return {"idempotency-key": str(uuid4())}
