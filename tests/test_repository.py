"""What the repository itself must be: clean, locked, documented, and started with Python and pip alone."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("domain", "ledger", "projections", "api")
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
BROWSER = "requirements-ui.lock"
OUTSIDE = "requirements-outside.lock"
# In halves, so that this file does not hold them.
LEFT_OPEN = ("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK"), ("pragma: no ", "cover")
NOT_RUN = (
    (r"pytest\.mark\.s", "kip"),
    (r"pytest\.mark\.x", "fail"),
    (r"pytest\.s", "kip"),
    (r"pytest\.x", "fail"),
)
FOLDERS_OF_A_MACHINE = re.compile(r"(^|[^A-Za-z0-9_.-])/(ho" + r"me|root|tmp|work)/[A-Za-z.]", re.MULTILINE)


def tracked(*suffixes: str) -> Iterator[tuple[str, str]]:
    """Name and text of the files in the repository."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, names.split("\0")):
        if (not suffixes or name.endswith(suffixes)) and (ROOT / name).is_file():
            yield name, (ROOT / name).read_text(errors="replace")


def project() -> dict[str, list[str]]:
    """The requirements of pyproject.toml under the lock that must cover them."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = [each for group in whole["project"]["optional-dependencies"].values() for each in group]
    tested = [*whole["project"]["dependencies"], *extras, *whole["dependency-groups"]["dev"]]
    return {
        RUNTIME: whole["project"]["dependencies"],
        DEVELOPMENT: tested,
        BROWSER: [*tested, *whole["dependency-groups"]["ui"]],
        OUTSIDE: whole["dependency-groups"]["outside"],
    }


def pins(lock: str) -> dict[str, str]:
    """Name and version of each pinned package."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in lines}


def modules_of(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    """The full names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_nothing_is_left_open() -> None:
    words = re.compile(r"\b(" + "|".join(map("".join, (*LEFT_OPEN, *NOT_RUN))) + r")\b")
    found = [
        (name, match[0])
        for name, text in tracked(".py", ".sql", ".toml", ".yml", ".sh")
        if (match := words.search(text))
    ]
    assert found == []


def test_no_file_names_a_folder_of_some_machine() -> None:
    assert [name for name, text in tracked() if FOLDERS_OF_A_MACHINE.search(text)] == []


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT, BROWSER, OUTSIDE])
def test_a_lock_names_no_host_and_gives_every_package_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) == len(pins(lock))
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT, BROWSER, OUTSIDE])
def test_a_lock_covers_the_project(lock: str) -> None:
    pinned = pins(lock)
    for line in project()[lock]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), line


def test_each_lock_is_the_one_before_it_and_more() -> None:
    assert pins(RUNTIME).items() < pins(DEVELOPMENT).items() < pins(BROWSER).items()


def test_every_package_and_module_says_what_it_is() -> None:
    silent = [
        path for path in modules_of(*PRODUCT, "trials") if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
    folders = {path.parent for path in modules_of(*PRODUCT, "trials")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_the_domain_needs_the_standard_library_alone() -> None:
    impure = {
        "asyncio",
        "logging",
        "os",
        "pathlib",
        "random",
        "secrets",
        "socket",
        "subprocess",
        "threading",
        "time",
    }
    allowed = (sys.stdlib_module_names | {"domain"}) - impure
    used = {(path.name, name.split(".")[0]) for path in modules_of("domain") for name in imports_of(path)}
    assert {each for each in used if each[1] not in allowed} == set()


def test_what_a_person_runs_needs_the_runtime_lock_alone() -> None:
    """`make demo` installs no more; what only tests have would be missing on a fresh machine."""
    provided = {
        name
        for name, distributions in importlib.metadata.packages_distributions().items()
        if any(canonicalize_name(each) in pins(RUNTIME) for each in distributions)
    }
    allowed = sys.stdlib_module_names | provided | {*PRODUCT, "trials"}
    trials = [ROOT / "trials" / name for name in ("demo", "demo.py", "simulate", "simulate.py", "scenarios")]
    start = [*modules_of(*PRODUCT), *(path for each in trials for path in (each, *each.rglob("*.py")))]
    # The library's view of the ledger is for those who have its PostgreSQL driver (extra `library`).
    library = ROOT / "ledger" / "store" / "library.py"
    reached = _closure([path for path in start if path.is_file() and path != library])
    foreign = {(str(path.relative_to(ROOT)), name) for path in reached for name in imports_of(path)}
    # A court's copy is written without its pages where typst is not there (extra `pdf`).
    pages = {("api/dossier/pages.py", "typst")}
    assert {each for each in foreign - pages if each[1].split(".")[0] not in allowed} == set()


def _closure(start: list[Path]) -> set[Path]:
    reached, waiting = set(start), list(start)
    while waiting:
        for name in imports_of(waiting.pop()):
            if name.startswith("trials."):
                path = ROOT.joinpath(*name.split("."))
                for module in (path.with_suffix(".py"), path / "__init__.py"):
                    if module.is_file() and module not in reached:
                        reached.add(module)
                        waiting.append(module)
    return reached


def test_the_licence_is_the_one_the_project_names() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "EUPL-1.2"
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in (ROOT / "LICENSE").read_text()


def test_what_runs_before_a_change_lands_is_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = [line for line in script.read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "set -euo pipefail"
    assert lines[-1] == "exec make --no-print-directory test"


def test_make_hands_its_variables_on_as_flags() -> None:
    command = [
        "make",
        "--dry-run",
        "--no-print-directory",
        "demo",
        "EXIT=1",
        "SCENARIO=night",
        "SEED=7",
        "ONLY=one",
    ]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split() == [
        "python3",
        "bootstrap.py",
        "demo",
        "--only",
        "one",
        "--seed",
        "7",
        "--scenario",
        "night",
        "--exit",
    ]


def test_make_hands_the_variables_of_a_simulation_on_as_flags() -> None:
    given = ["SCALE=C", "SEED=3", "EVENTS=1000000", "STORE=postgres", "DATA=log"]
    command = ["make", "--dry-run", "--no-print-directory", "simulate", *given]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    flags = "--scale C --seed 3 --events 1000000 --store postgres --data log"
    assert said.split() == ["python3", "bootstrap.py", "simulate", *flags.split()]


def test_an_installed_environment_is_left_as_it_is() -> None:
    command = [sys.executable, "bootstrap.py", "install", "--dev"]
    environment = {**os.environ, "APPRODO_VENV": sys.prefix, "PIP_NO_INDEX": "1"}
    launcher = Path(sys.prefix, "bin", "approdo")
    before = launcher.stat().st_mtime_ns
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
    assert launcher.stat().st_mtime_ns == before


def test_an_unknown_task_shows_what_there_is() -> None:
    said = subprocess.run([sys.executable, "bootstrap.py", "fly"], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 2
    assert "demo" in said.stdout


def test_an_old_python_still_reads_the_bootstrap_so_that_it_can_say_what_it_needs() -> None:
    ast.parse((ROOT / "bootstrap.py").read_text(), feature_version=(3, 7))
