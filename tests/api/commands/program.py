"""The real program: a server in a process of its own, other commands in this one, each with an environment
that holds nothing else of ours.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from joserfc.jwk import OKPKey

from api.commands.main import main

ROOT = Path(__file__).resolve().parents[3]
NETWORK = ROOT / "tests" / "api" / "network_file" / "small.toml"
EXERCISE = ("--kind", "exercise", "--clock", "virtual", "--starts-at", "2026-11-20T22:00")


def environment(inherited: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in inherited.items() if not name.startswith("APPRODO_")}
    return {**kept, **variables}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What a command that ran to its end said, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line in which it said what was wrong."""
        assert self.err.startswith("approdo: ") and self.err.count("\n") == 1, self.err
        return self.err


def approdo(variables: Mapping[str, str], *arguments: str | Path) -> Ended:
    """Run a command in this process, as the launcher does, with these variables alone."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment(before, variables))
    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            status = main([str(each) for each in arguments])
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert "Traceback" not in err.getvalue()
    return Ended(status=status, out=out.getvalue(), err=err.getvalue())


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """A server that is up."""

    process: subprocess.Popen[str]
    ready: str
    url: str

    def status_of(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return int(answer.status)
        except HTTPError as refused:
            return refused.code

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@contextmanager
def serving(variables: Mapping[str, str], *arguments: str) -> Iterator[Serving]:
    """Serve until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api.commands.main", "serve", "--port", "0", *arguments],
        cwd=ROOT,
        env=environment(os.environ, variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None and process.stderr is not None
        ready = process.stdout.readline()
        url = re.search(r"http://\S+", ready)
        assert url is not None, process.stderr.read()
        yield Serving(process=process, ready=ready, url=url[0])
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def identity(folder: Path) -> dict[str, str]:
    """A key set and the settings that name it."""
    keys = folder / "keys.json"
    key = OKPKey.generate_key("Ed25519", {"kid": "one"})
    keys.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    return {
        "APPRODO_JWKS_FILE": str(keys),
        "APPRODO_TOKEN_ISSUER": "https://issuer.invalid",
        "APPRODO_TOKEN_AUDIENCE": "approdo",
    }


def read(done: Ended) -> Any:
    assert done.status == 0, done.err
    return json.loads(done.out)
