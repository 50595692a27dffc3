"""The locked screen: nothing of the page before can be read on it, and nothing typed there is lost.

Whatever form was on the page (its id is `modulo`) is posted along when somebody locks, or when a form meets a
session that has locked itself meanwhile. It waits in the lock page, sealed for this person alone, and is on
its page again after the PIN.
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Message, Scope

from api.pages.asking import NotTold, Told, asking
from api.pages.drawing import draw
from api.pages.forms import BACK_TO, DRAFT, EMPTY, Form, form_of
from api.pages.notes import Note, go
from api.pages.sealing import Sealed
from api.pages.visitor import SignInFirst, Visitor, anybody

LASTS_SECONDS = 14 * 3600
"""As long as a session: what is typed in the evening is there in the morning."""


async def lock(request: Request) -> Response:
    """Somebody puts the telephone down."""
    form = await form_of(request)
    told = await asking(request).post("/identity/session/lock", {}, form)
    if not told.ok:
        raise NotTold(told)
    return await lock_page(request, form=form, back_to=form.one(BACK_TO, "/"))


async def show(request: Request) -> Response:
    """The lock page, for a page that found itself locked."""
    here = await anybody(request, locked=True)
    if here is None:
        raise SignInFirst
    if getattr(request.state, "visitor", None) is not None:
        return go(request, here.home)
    return await lock_page(request, form=None, back_to="/")


async def unlock(request: Request) -> Response:
    form = await form_of(request)
    pin = {"pin": form.one("pin")}
    told = await asking(request).post("/identity/session/unlock", pin, form, signing_in=True)
    if told.ok:
        return await _back(request, form, told)
    return await _drawn(request, form.one(DRAFT), form.one(BACK_TO, "/"), told)


async def lock_page(request: Request, *, form: Form | None, back_to: str) -> Response:
    """With the draft of `form`, if something was typed. Errors: `SignInFirst`, `NotTold`."""
    here = await _behind(request)
    typed = form.typed() if form is not None else {}
    draft = _sealed(request).seal({"actor": here.actor, "typed": typed}) if typed else ""
    return await _drawn(request, draft, _own(back_to), None)


def draft_of(request: Request) -> Form:
    """What was typed before the screen was locked; empty on every other way to a page."""
    return Form(getattr(request.state, "draft", None) or EMPTY.fields)


async def _behind(request: Request) -> Visitor:
    here = await anybody(request, locked=True)
    if here is None:
        raise SignInFirst
    return here


async def _drawn(request: Request, draft: str, back_to: str, told: Told | None) -> Response:
    here = await _behind(request)
    request.state.visitor = None
    return await draw(
        request,
        "identity/locked.html",
        status=200 if told is None else told.status,
        proof=here.proof,
        draft=draft,
        back_to=back_to,
        detail=told.detail if told is not None else None,
    )


async def _back(request: Request, form: Form, told: Told) -> Response:
    """To the page before; with a draft, drawn at once under the new cookie."""
    found = _sealed(request).open(form.one(DRAFT)) if form.has(DRAFT) else None
    back_to = _own(form.one(BACK_TO, "/"))
    if found is None or found["actor"] != told.content["actor"]:
        response = go(request, back_to)
    else:
        response = await _drawn_again(request, back_to, found["typed"], told)
    told.carry(response)
    return response


async def _drawn_again(request: Request, path: str, typed: dict[str, Any], told: Told) -> Response:
    """The page at `path` as if the browser had come with its new cookie, with what was typed on it."""
    state = {"draft": {name: tuple(values) for name, values in typed.items()}}
    scope: Scope = {
        **request.scope,
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": _with_cookies(request.headers, told),
        "state": state,
    }
    status, parts = 500, []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            parts.append(message.get("body", b""))

    await request.app(scope, receive, send)
    if status != 200:
        return go(request, path, Note(text=_lost(), danger=True))
    return HTMLResponse(b"".join(parts))


def _lost() -> str:
    return "Quello che stavi scrivendo non vale più su questa pagina."


def _with_cookies(headers: Headers, told: Told) -> list[tuple[bytes, bytes]]:
    """The browser's headers, with the cookies that the door has just given in place of those before."""
    given = dict(each.split(b";", 1)[0].split(b"=", 1) for each in told.cookies)
    kept = [
        pair.strip()
        for pair in headers.get("cookie", "").encode("latin-1").split(b";")
        if pair.strip() and pair.strip().split(b"=", 1)[0] not in given
    ]
    cookies = b"; ".join([*kept, *(name + b"=" + value for name, value in given.items())])
    others = [pair for pair in headers.raw if pair[0] not in (b"cookie", b"content-length", b"content-type")]
    return [*others, (b"cookie", cookies)]


def _own(path: str) -> str:
    """A path of ours and nothing else."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isascii() else "/"


def _sealed(request: Request) -> Sealed:
    return Sealed(request.app.state.doors.digest_secret, "drafts", LASTS_SECONDS)


ROUTES = (
    Route("/blocca", lock, methods=["POST"]),
    Route("/sblocca", show, methods=["GET"]),
    Route("/sblocca", unlock, methods=["POST"]),
)
