"""Static files: ours, and the assets that were installed. An address changes with its content, so they may be
kept; nothing else may.
"""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from api.pages.drawing import STATIC, VENDOR

_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASKED_ANEW = {"Cache-Control": "no-cache"}


async def own(request: Request) -> Response:
    return _file(STATIC, request.path_params["name"])


async def installed(request: Request) -> Response:
    return _file(VENDOR, request.path_params["name"])


async def worker(_: Request) -> Response:
    return _file(STATIC, "sw.js", headers=_ASKED_ANEW)


async def manifest(_: Request) -> Response:
    return _file(STATIC, "app.webmanifest", headers=_ASKED_ANEW, media_type="application/manifest+json")


def _file(
    folder: Path, name: str, *, headers: dict[str, str] | None = None, media_type: str | None = None
) -> Response:
    """Errors: HTTP 404, also for what lies outside the folder."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers=headers or _KEPT, media_type=media_type)


ROUTES = (
    Route("/statiche/vendor/{name:path}", installed),
    Route("/statiche/{name:path}", own),
    Route("/sw.js", worker),
    Route("/app.webmanifest", manifest),
)
