"""What a process of ours leaves behind: no core, no secret among its arguments, no words of a fault."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.postgres.directory import server_pid
from tests.api.commands.program import EXERCISE, NETWORK, ROOT, approdo, identity, serving
from tests.support.postgres import passable_directory

TOKEN = "Mariarossi"
GUARDED = "from api.commands.guarding import guard; guard()\n"


def python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


RAISES = f"""
class Fault(Exception): pass
raise Fault({TOKEN!r})
"""
IN_A_THREAD = f"""
import threading
def run(): raise ValueError({TOKEN!r})
each = threading.Thread(target=run); each.start(); each.join()
"""
AT_AN_END = f"""
class Ends:
    def __del__(self): raise ValueError({TOKEN!r})
Ends()
"""
IN_A_TASK = f"""
import asyncio, gc
async def fails(): raise ValueError({TOKEN!r})
async def main():
    task = asyncio.ensure_future(fails())
    await asyncio.sleep(0.01)
    del task
    gc.collect()
asyncio.run(main())
"""
A_WARNING = f"import warnings; warnings.simplefilter('always'); warnings.warn({TOKEN!r})"
A_LIBRARY = f"import logging; logging.getLogger('asyncpg').error('value %s', {TOKEN!r})"
BADLY_WRITTEN = f"import logging; logging.getLogger('x').error('value %d', {TOKEN!r})"
WAYS = (RAISES, IN_A_THREAD, AT_AN_END, IN_A_TASK, A_WARNING, A_LIBRARY, BADLY_WRITTEN)


@pytest.mark.parametrize("program", WAYS)
def test_a_fault_of_any_kind_ends_without_its_words(program: str) -> None:
    told = python(GUARDED + program)
    assert told.stderr.startswith("{") and TOKEN not in told.stderr


@pytest.mark.parametrize("program", WAYS)
def test_without_the_guard_its_words_would_be_there(program: str) -> None:
    assert TOKEN in python(program).stderr


def test_a_guarded_process_gives_no_core() -> None:
    asked = (
        "import ctypes, resource\n"
        "print(ctypes.CDLL(None).prctl(3), *resource.getrlimit(resource.RLIMIT_CORE))"
    )
    assert python(GUARDED + asked).stdout.split() == ["0", "0", "0"]


def test_server_and_database_leave_no_core_and_show_no_secret_among_their_arguments() -> None:
    secret = "gehe1m-" * 8
    with passable_directory() as folder:
        variables = {
            "APPRODO_DATA_DIR": str(folder / "data"),
            "APPRODO_PROFILE": "scratch",
            "APPRODO_DIGEST_SECRET": secret,
            **identity(folder),
        }
        approdo(variables, "init", NETWORK, *EXERCISE)
        with serving(variables) as up:
            database = server_pid(folder / "data" / "pgdata")
            assert database is not None
            for pid in (up.process.pid, database):
                of = Path("/proc", str(pid))
                assert "Max core file size        0                    0" in (of / "limits").read_text()
                assert secret.encode() not in (of / "cmdline").read_bytes()
            assert up.stop() == 0
