"""A template and its values become a page. What every page needs besides is added here: the language, the
theme, who is here, the instant, the note of the page before.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.doors import Doors
from api.pages import notes
from api.pages.i18n import gettext_in, language_of, ngettext_in
from api.pages.naming import named
from api.pages.times import Clock
from api.pages.visitor import Visitor
from api.pages.words import word

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
VENDOR = Path(__file__).parent / "vendor"
THEME = "approdo-tema"
"""The cookie of the theme: `chiaro`, `notte`, or the telephone's own."""
THEMES = ("chiaro", "notte")


async def draw(
    request: Request,
    template: str,
    *,
    status: int = 200,
    note: notes.Note | None = None,
    clock: Clock | None = None,
    **values: Any,
) -> HTMLResponse:
    """The page. `note` is shown in place of the one that was left for it; without `clock` the ledger is asked
    for its instant. Errors: then the ledger's.
    """
    left = notes.taken(request)
    clock = clock or await clock_of(request)
    said = {**_common(request, clock), "note": note or left, **values}
    response = HTMLResponse(_environment(language_of(request)).get_template(template).render(said), status)
    notes.take_back(response, request)
    return response


async def clock_of(request: Request, now: datetime | None = None) -> Clock:
    """The ledger's instant, or `now` where it cannot be asked, and how this page says it."""
    doors: Doors = request.app.state.doors
    language = language_of(request)
    return Clock(
        now=now or await doors.engine.transactor.store.now(),
        zone=doors.engine.index.places.network.zone,
        language=language,
        text=gettext_in(language),
    )


def theme_of(request: Request) -> str:
    said = request.cookies.get(THEME, "")
    return said if said in THEMES else ""


def _common(request: Request, clock: Clock) -> dict[str, Any]:
    doors: Doors = request.app.state.doors
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return {
        "clock": clock,
        "kind": str(doors.log_kind),
        "language": language_of(request),
        "path": request.url.path,
        "theme": theme_of(request),
        "visitor": visitor,
    }


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = gettext_in(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        text, ngettext_in(language), newstyle=True
    )
    environment.filters["named"] = named
    environment.filters["word"] = lambda code, family: text(word(family, code))
    environment.globals.update(new_key=lambda: str(uuid4()), static=_static, installed=_installed)
    environment.filters.update(at=_at, ago=_ago, until=_until)
    return environment


@pass_context
def _at(context: Context, instant: str | None) -> str:
    clock: Clock = context["clock"]
    return clock.at(instant)


@pass_context
def _ago(context: Context, instant: str | None) -> str:
    clock: Clock = context["clock"]
    return clock.ago(instant)


@pass_context
def _until(context: Context, instant: str | None) -> str:
    clock: Clock = context["clock"]
    return clock.until(instant)


@cache
def _static(name: str) -> str:
    """The address of a static file, which changes with its content."""
    return f"/statiche/{name}?v={_digest((STATIC / name).read_bytes())}"


@cache
def _installed(name: str) -> str | None:
    """The same of an installed asset; None where it was not installed."""
    path = VENDOR / name
    return f"/statiche/vendor/{name}?v={_digest(path.read_bytes())}" if path.is_file() else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
