"""A note for the next page: what has just been done, in words, and what could undo it. Sealed into a cookie
that the next page takes back; after a minute nobody reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.http import cookies
from api.http.doors import Doors
from api.pages.sealing import Sealed

NOTE = "approdo-nota"
_SECONDS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Undo:
    """A form that takes it back, offered for ten seconds: `fields` are sent to `action`."""

    action: str
    fields: Mapping[str, str]
    seconds: int = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """`text` in the page's language. `danger`: something was not done."""

    text: str
    danger: bool = False
    undo: Undo | None = field(default=None)


def go(request: Request, path: str, note: Note | None = None) -> Response:
    """See the next page (303), with a note."""
    response = RedirectResponse(path, status_code=303)
    if note is not None:
        leave(response, request, note)
    return response


def leave(response: Response, request: Request, note: Note) -> None:
    doors = _doors(request)
    cookies.give(response, request, doors.log_kind, NOTE, _sealed(doors).seal(asdict(note)), _SECONDS)


def taken(request: Request) -> Note | None:
    """The note that was left for this page."""
    doors = _doors(request)
    said = cookies.cookie(request, doors.log_kind, NOTE)
    found = _sealed(doors).open(said) if said is not None else None
    if found is None:
        return None
    undo = found.pop("undo")
    return Note(**found, undo=Undo(**undo) if undo is not None else None)


def take_back(response: Response, request: Request) -> None:
    """The page that shows a note takes its cookie back."""
    if cookies.cookie(request, _doors(request).log_kind, NOTE) is not None:
        cookies.take_back(response, request, _doors(request).log_kind, NOTE)


def _sealed(doors: Doors) -> Sealed:
    return Sealed(doors.digest_secret, "notes", _SECONDS)


def _doors(request: Request) -> Doors:
    doors: Doors = request.app.state.doors
    return doors
