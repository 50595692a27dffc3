"""The import contracts hold, and would notice: each is broken once, on a copy of the packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("domain", "ledger", "projections", "api", "trials")
BREACHES = {
    "domain": "import ledger.faults, orjson, trials",
    "ledger": "import fastapi, psycopg",
    "ledger/evidence": "import asyncpg",
    "projections": "import eventsourcing",
    "api": "import asyncpg",
    "api/http": "import api.pages.site",
    "api/pages": "import api.placing",
}


def linted(folder: Path) -> str:
    """What import-linter says of the packages in the folder, contract by contract."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", program, "--no-logo", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout


def test_the_contracts_notice_a_breach_of_each(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    assert ", 0 broken" in linted(tmp_path)
    for package, breach in BREACHES.items():
        (tmp_path / package / "breach.py").write_text(breach)
    said = linted(tmp_path)
    assert ": 0 kept" in said, said
