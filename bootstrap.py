"""The first command on a fresh machine: makes `.venv` from the hash-locked requirements, runs a task in it.

Not part of the product and imported by nothing. Needs Python 3.11 and pip 22.3, and no package; the Makefile
calls it. What is there is left alone: a second run starts at once, writes nothing and needs no network.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("APPRODO_VENV") or ROOT / ".venv").absolute()
PYTHON = VENV / "bin" / "python"
PACKAGES = ("domain", "ledger", "projections", "api", "trials")
RUNTIME, DEVELOPMENT, BROWSER = "requirements.lock", "requirements-dev.lock", "requirements-ui.lock"
OUTSIDE = VENV / "outside"
OUTSIDE_LOCK = "requirements-outside.lock"
BROWSER_TESTS = "tests/browser"
OLDEST_PYTHON, OLDEST_PIP = (3, 11), (22, 3)

HELP = """Usage: python3 bootstrap.py TASK [arguments]      (or: make TASK)

  install [--dev]   make .venv and install the locked requirements (--dev: those of the tests too)
  demo              one emergency night over HTTP on an embedded PostgreSQL, then serve until Ctrl-C
                    (make demo EXIT=1: stop after the night; SCENARIO=name, SEED=n: another night)
  simulate          seeded nights of an invented network on virtual time, judged and reported
                    (make simulate SCALE=A|B|C SEED=n DAYS=n|EVENTS=n STORE=memory|postgres DATA=folder)
  check             ruff, mypy, the import contracts and the fast tests
  test [arguments]  what CI runs: check with every test; with arguments, pytest alone with those arguments
  test-browser [arguments]   the pages in a real Chromium: all of tests/browser, or what the arguments say
                    (make test-browser ONLY=tests/browser/test_house.py: one file)
  screenshots       pictures of every page, by day and by night
  assets            fetch the stylesheet, the font and the script that pages borrow (install, demo, test too)
  bench, drill      the figures; the faults and attacks, each with its control (make bench ONLY=name: one)
  approdo ARGS      the command line of the product (or: .venv/bin/approdo ARGS)
  lock              write the lock files anew from pyproject.toml (needs the tool uv)
  clean             remove .venv, the assets and the caches
"""
NO_CHROMIUM = (
    "there is no Chromium here. Debian: `apt-get install chromium`, Ubuntu: `snap install chromium`;"
    " or set APPRODO_CHROMIUM to the program."
)


class Unprepared(Exception):
    """The machine lacks something; the message says what to do."""


# ---- the environment


def install(lock_name: str) -> None:
    """Bring `.venv` to the lock, if it is not there already, and put the project on its path."""
    with _alone():
        if not _runs(PYTHON):
            _make_venv(VENV)
        if not _is_stamped(lock_name):
            _install_lock(lock_name, PYTHON)
            locks = (RUNTIME, DEVELOPMENT, BROWSER)
            for name in locks[: locks.index(lock_name) + 1]:
                _stamp(name).write_text(_fingerprint(name))
        _put_in_place()


def install_outside() -> None:
    """What others wrote to check our proofs with, in an environment that shares nothing with ours."""
    python = OUTSIDE / "bin" / "python"
    with _alone():
        if not (_runs(python) and _is_stamped(OUTSIDE_LOCK)):
            _make_venv(OUTSIDE)
            _install_lock(OUTSIDE_LOCK, python)
            _stamp(OUTSIDE_LOCK).write_text(_fingerprint(OUTSIDE_LOCK))


def _install_lock(lock_name: str, python: Path) -> None:
    _say(f"installing {lock_name} into {python.parents[1].name} (once)")
    options = [
        "--quiet",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--requirement",
        str(ROOT / lock_name),
    ]
    if subprocess.run([*_pip(python), "install", *options]).returncode:
        raise Unprepared(f"pip could not install {lock_name} (its message is above)")


def _make_venv(venv: Path) -> None:
    if venv.exists() and not os.access(venv, os.W_OK):
        raise Unprepared(f"{venv} belongs to another user: set APPRODO_VENV to a folder of yours.")
    own_pip = importlib.util.find_spec("pip") is None
    if own_pip and importlib.util.find_spec("ensurepip") is None:
        raise Unprepared(
            "this Python has no pip: install it (Debian, Ubuntu: `apt-get install python3-pip`)."
        )
    shutil.rmtree(venv, ignore_errors=True)
    command = [sys.executable, "-m", "venv", *([] if own_pip else ["--without-pip"]), str(venv)]
    if subprocess.run(command).returncode:
        raise Unprepared(
            "`python3 -m venv` failed (its message is above; Debian, Ubuntu: `apt-get install python3-venv`)."
        )


def _pip(python: Path = PYTHON) -> list[str]:
    if importlib.util.find_spec("pip") is None:
        return [str(python), "-m", "pip"]
    version = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, text=True
    ).stdout
    found = re.match(r"pip (\d+)\.(\d+)", version)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_PIP:
        raise Unprepared(
            f"pip 22.3 is needed, this is {version[:12].strip() or 'none'}: `python3 -m pip install -U pip`."
        )
    return [sys.executable, "-m", "pip", "--python", str(python)]


def _put_in_place() -> None:
    """`import domain` from any folder, and `approdo` in the environment's `bin`; needs no build tool."""
    site = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    _write_if_other(site / "approdo.pth", f"{ROOT}\n", 0o644)
    # The shell line is a string to Python; a path in `#!` could be neither long nor hold spaces.
    launcher = f"""#!/bin/sh
'''exec' "{PYTHON}" -P "$0" "$@"
' '''
import sys

from api.commands.main import program

sys.exit(program())
"""
    _write_if_other(VENV / "bin" / "approdo", launcher, 0o755)


def _write_if_other(path: Path, text: str, mode: int) -> None:
    if not (path.exists() and path.read_text() == text):
        path.write_text(text)
        path.chmod(mode)


def _stamp(lock_name: str) -> Path:
    return VENV / f".installed-{lock_name}"


def _is_stamped(lock_name: str) -> bool:
    stamp = _stamp(lock_name)
    return stamp.exists() and stamp.read_text() == _fingerprint(lock_name)


def _fingerprint(lock_name: str) -> str:
    return f"{hashlib.sha256((ROOT / lock_name).read_bytes()).hexdigest()} {VENV} {sys.version_info[:2]}\n"


def _runs(python: Path) -> bool:
    """Whether the environment's interpreter runs at all and is the version that calls."""
    if not os.access(python, os.X_OK):
        return False
    answer = subprocess.run(
        [str(python), "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True
    )
    return answer.stdout.strip() == str(sys.version_info[:2])


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Of two runs at once the second waits. The lock is on the folder itself, so it leaves no file."""
    try:
        import fcntl
    except ImportError:  # no such lock on this system
        yield
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


# ---- the tasks


def check(pytest_arguments: list[str]) -> int:
    """The linters, then the tests that need no browser."""
    present = [name for name in (*PACKAGES, "assets", "tests") if (ROOT / name).is_dir()]
    return _in_turn(
        ["-m", "ruff", "check", "."],
        ["-m", "mypy", "--exclude", f"^{BROWSER_TESTS}/", *present, "bootstrap.py"],
        ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-logo"],
        ["-m", "pytest", "-n", "2", *pytest_arguments],
    )


def test_browser(arguments: list[str]) -> int:
    """The pages in a real Chromium. Without one: in CI a failure, elsewhere skipped, and said so."""
    if _chromium() is None and _in_ci():
        _fetch_chromium()
    if _chromium() is None:
        _say(f"THE BROWSER TESTS DID NOT RUN: {NO_CHROMIUM}")
        return 1 if _in_ci() else 0
    install(BROWSER)
    return _in_turn(
        ["-m", "mypy", BROWSER_TESTS],
        ["-m", "pytest", "-n", "2", *(arguments or [BROWSER_TESTS])],
    )


def screenshots(arguments: list[str]) -> int:
    """Pictures of every page."""
    if _chromium() is None:
        raise Unprepared(NO_CHROMIUM)
    install(BROWSER)
    return _in_turn(["-m", "tests.browser.pictures", *arguments])


def _in_turn(*steps: list[str]) -> int:
    """The first step that fails ends it, so its message is the last on the screen."""
    return next(
        filter(None, (subprocess.run([str(PYTHON), *step], cwd=ROOT).returncode for step in steps)), 0
    )


def _chromium() -> str | None:
    given = os.environ.get("APPRODO_CHROMIUM")
    names = (given,) if given else ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("true", "1")


def _fetch_chromium() -> None:
    """Debian's, where we may install it."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    _say("installing Chromium (once)")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(
            ["apt-get", "--quiet", "--quiet", *command], env=environment, stdout=subprocess.DEVNULL
        )


def dress() -> None:
    """Lay the assets of the pages in place, once. Pages work without: no failure here ends a task."""
    from assets.fetching import install as install_assets

    with _alone():
        install_assets(_pip, _say, kept=VENV / "assets")


def lock() -> int:
    """Each lock from pyproject.toml, for every platform, naming no host. One contains the one before it; that
    of the outside tools is of them alone.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise Unprepared(
            "the tool uv is needed to write the locks (and for nothing else): `python3 -m pip install uv`."
        )
    options = (
        "--quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-annotate"
    )
    command = [
        uv,
        "pip",
        "compile",
        *options.split(),
        "--no-emit-index-url",
        "--no-emit-find-links",
    ]
    development = ["--all-extras", "--group", "dev", "--constraint", RUNTIME]
    browser = ["--all-extras", "--group", "dev", "--group", "ui", "--constraint", DEVELOPMENT]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    for extra in (
        ["pyproject.toml", "--output-file", RUNTIME],
        ["pyproject.toml", *development, "--output-file", DEVELOPMENT],
        ["pyproject.toml", *browser, "--output-file", BROWSER],
        ["--group", "outside", "--output-file", OUTSIDE_LOCK],
    ):
        status = subprocess.run([*command, *extra], cwd=ROOT, env=environment).returncode
        if status:
            return status
    return 0


def clean() -> int:
    for path in (
        VENV,
        ROOT / "api" / "pages" / "vendor",
        *(
            ROOT / name
            for name in (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")
        ),
    ):
        shutil.rmtree(path, ignore_errors=True)
    return 0


def _become(arguments: list[str]) -> NoReturn:
    """Signals and the exit status then are the task's own."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *arguments])


def run(task: str, arguments: list[str]) -> int:
    if task == "lock":
        return lock()
    if task == "clean":
        return clean()
    trials = {"demo": RUNTIME, "simulate": RUNTIME, "bench": DEVELOPMENT, "drill": DEVELOPMENT}
    modules = {
        "demo": "trials.demo",
        "simulate": "trials.simulate",
        "bench": "trials.bench",
        "drill": "trials.drills",
    }
    if task in trials:
        install(trials[task])
        if task == "demo":
            dress()
        _become(["-m", modules[task], *arguments])
    if task == "approdo":
        install(RUNTIME)
        _become(["-P", str(VENV / "bin" / "approdo"), *arguments])
    if task in ("install", "assets"):
        install(DEVELOPMENT if "--dev" in arguments else RUNTIME)
        dress()
        return 0
    return _tried(task, arguments)


def _tried(task: str, arguments: list[str]) -> int:
    """The tasks that need what only tests need."""
    install(DEVELOPMENT)
    dress()
    if task == "check":
        return check(["-m", "not slow", *arguments])
    if task == "test-browser":
        return test_browser(arguments)
    if task == "screenshots":
        return screenshots(arguments)
    install_outside()
    if arguments:
        _become(["-m", "pytest", *arguments])
    return check([]) or test_browser([])


def _say(text: str) -> None:
    print(f"approdo: {text}", file=sys.stderr, flush=True)


def main() -> int:
    if sys.version_info < OLDEST_PYTHON:
        _say(f"Python 3.11 is needed, this is {sys.version.split()[0]}: try `make PYTHON=python3.12 demo`.")
        return 2
    tasks = "install assets demo simulate check test test-browser screenshots bench drill approdo lock clean"
    task, arguments = (sys.argv[1:2] or ["help"])[0], sys.argv[2:]
    if task not in tasks.split():
        print(HELP, end="")
        return 0 if task in ("help", "--help", "-h") else 2
    try:
        return run(task, arguments)
    except (Unprepared, OSError) as fault:
        _say(str(fault))
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
