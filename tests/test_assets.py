"""What pages borrow: cut down to what they use, taken only as it is locked, and never needed."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import stat
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from assets.fetching import ASK_AGAIN_SECONDS, LOCK, NotHad, Package, install, packages, unpacked
from assets.stylesheet import classes_in, cut_down

SHEET = """\ufeff/*! Licence; of {it} */@charset "utf-8";
:root{--read: 1px; --deep: 2px; --middle: var(--deep); --unread: 3px}
body{margin:var(--read);background:url("data:image/svg+xml,%3csvg;{}%3e")}
.azione,.btn{color:red;padding:var(--middle)}.btn:hover{color:blue}
a:not(.btn):hover{color:green}#id{color:red}
@media (min-width: 10px){.btn{top:0}.azione{left:0}}@media print{.btn{top:0}}
@keyframes turn{from{top:0}to{top:1px}}.azione{animation:turn 1s}
@font-face{font-family:x;src:url(x.woff)}"""


def test_a_stylesheet_keeps_what_the_pages_use_and_what_that_reads() -> None:
    assert cut_down(SHEET, frozenset({"azione"})) == (
        "/*! Licence; of {it} */\n"
        ":root{--read: 1px;--deep: 2px;--middle: var(--deep)}"
        "body{margin:var(--read)}"
        ".azione{color:red;padding:var(--middle)}"
        "@media (min-width: 10px){.azione{left:0}}\n"
    )


def test_a_stylesheet_is_cut_down_to_the_same_twice() -> None:
    once = cut_down(SHEET, frozenset({"azione", "btn"}))
    assert cut_down(once, frozenset({"azione", "btn"})) == once
    assert ".btn:hover" in once and "a:not(.btn):hover" in once


def test_classes_are_found_also_where_an_expression_chooses_them() -> None:
    template = (
        """<p class="riga{% if x == "y" %} nota{% endif %}"><a class="{{ "forte" if z else 'quieta' }}">"""
    )
    assert classes_in([template]) == {"riga", "nota", "forte", "quieta"}


def test_the_lock_names_no_host_and_gives_each_archive_its_digest() -> None:
    assert "://" not in LOCK.read_text()
    assert {package.name for package in packages()} == {"bootstrap-italia", "htmx.org"}
    assert all(len(base64.b64decode(each.integrity.removeprefix("sha512-"))) == 64 for each in packages())


# --- fetched from a registry that a small program stands for


def archive(folder: Path) -> Path:
    path = folder / "look-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as opened:
        for name, text in (("look.css", SHEET), ("x-400.woff2", "font"), ("other.js", "steal()")):
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text.encode())
            opened.addfile(member, io.BytesIO(text.encode()))
    return path


def lock_of(folder: Path, path: Path) -> Path:
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    lock = folder / "assets.lock"
    lock.write_text(
        f'[[packages]]\nname = "look"\nversion = "1.0.0"\nintegrity = "sha512-{digest}"\n'
        '[packages.files]\n"look.css" = "look.css"\n"x-400.woff2" = "titillium-web-400.woff2"\n'
        '[npm]\nrequirement = "no-such==1"\nhashes = []\n'
    )
    return lock


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of pages with one template."""
    made = tmp_path / "pages"
    (made / "templates").mkdir(parents=True)
    (made / "templates" / "a.html").write_text('<p class="azione">')
    return made


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registry that has one archive, and counts who asks."""
    path = archive(tmp_path)
    _npm(tmp_path, monkeypatch, f'echo asked >> "{tmp_path}/asked"; cp "{path}" .')
    return lock_of(tmp_path, path)


def _npm(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    program = folder / "bin" / "npm"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)


def no_pip() -> Sequence[str]:
    return ["false"]


def test_what_is_wanted_is_laid_in_place_once(pages: Path, lock: Path, tmp_path: Path) -> None:
    said: list[str] = []
    assert install(no_pip, said.append, kept=pages.parent / "kept", pages=pages, lock=lock)
    assert install(no_pip, said.append, kept=pages.parent / "kept", pages=pages, lock=lock)
    assert len(said) == 1 and (tmp_path / "asked").read_text() == "asked\n"
    vendor = pages / "vendor"
    assert {path.name for path in vendor.iterdir()} == {".installed", "look.css", "titillium-web-400.woff2"}
    sheet = (vendor / "look.css").read_text()
    assert ".azione" in sheet and ".btn" not in sheet
    assert 'font-weight:400;font-display:swap;src:url("titillium-web-400.woff2")' in sheet


def test_a_class_that_a_template_gains_is_brought_without_asking_anybody(
    pages: Path, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(no_pip, print, kept=pages.parent / "kept", pages=pages, lock=lock)
    _npm(tmp_path, monkeypatch, "exit 1")
    (pages / "templates" / "b.html").write_text('<p class="btn">')
    install(no_pip, print, kept=pages.parent / "kept", pages=pages, lock=lock)
    assert ".btn" in (pages / "vendor" / "look.css").read_text()


def test_another_archive_than_the_locked_one_is_refused(pages: Path, lock: Path, tmp_path: Path) -> None:
    lock.write_text(lock.read_text().replace("sha512-", "sha512-A"))
    said: list[str] = []
    assert not install(no_pip, said.append, kept=pages.parent / "kept", pages=pages, lock=lock)
    assert "plain look" in said[-1] and "not the archive that is locked" in said[-1]
    assert not (pages / "vendor" / "look.css").exists()
    package = Package(name="look", version="1.0.0", integrity="sha512-", files={})
    with pytest.raises(NotHad):
        unpacked(package, tmp_path / "look-1.0.0.tgz")


def test_without_a_network_it_is_said_and_asked_again_a_day_later(
    pages: Path, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _npm(tmp_path, monkeypatch, "exit 1")
    said: list[str] = []
    assert not install(no_pip, said.append, kept=pages.parent / "kept", pages=pages, lock=lock)
    assert not install(no_pip, said.append, kept=pages.parent / "kept", pages=pages, lock=lock)
    assert len(said) == 2, "what it does, and that it could not"
    missing = pages / "vendor" / ".missing"
    os.utime(missing, (0, missing.stat().st_mtime - ASK_AGAIN_SECONDS - 1))
    install(no_pip, said.append, kept=pages.parent / "kept", pages=pages, lock=lock)
    assert len(said) == 4


def test_with_neither_npm_nor_pip_pages_stay_plain(
    pages: Path, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    said: list[str] = []
    assert not install(
        lambda: ["/bin/false"], said.append, kept=pages.parent / "kept", pages=pages, lock=lock
    )
    assert "there is no npm" in said[-1]
