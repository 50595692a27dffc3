"""Static files: ours, and the assets that were installed. An address with its version changes with its
content, so what it names may be kept for good; without one, for a day. Text travels packed.
"""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from api.pages.drawing import STATIC, VENDOR

_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_A_DAY = "public, max-age=86400"
_ASKED_ANEW = "no-cache"
_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".woff2": "font/woff2"}
_TEXT = frozenset({".css", ".js", ".svg", ".webmanifest"})


async def own(request: Request) -> Response:
    return _file(request, STATIC, request.path_params["name"], _kept(request))


async def installed(request: Request) -> Response:
    return _file(request, VENDOR, request.path_params["name"], _kept(request))


async def worker(request: Request) -> Response:
    return _file(request, STATIC, "sw.js", _ASKED_ANEW)


async def manifest(request: Request) -> Response:
    return _file(request, STATIC, "app.webmanifest", _ASKED_ANEW)


def _kept(request: Request) -> str:
    return _FOR_GOOD if "v" in request.query_params else _FOR_A_DAY


def _file(request: Request, folder: Path, name: str, kept: str) -> Response:
    """Errors: HTTP 404, also for what lies outside the folder."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise HTTPException(404)
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    if path.suffix in _TEXT and "gzip" in request.headers.get("accept-encoding", ""):
        content = _packed(path, path.stat().st_mtime_ns)
        return Response(content, headers={**headers, "Content-Encoding": "gzip"}, media_type=media_type)
    return FileResponse(path, headers=headers, media_type=media_type)


@lru_cache(maxsize=32)
def _packed(path: Path, changed_at: int) -> bytes:
    """The file as it was then. Nothing secret is in it, so its length tells nothing."""
    del changed_at
    return gzip.compress(path.read_bytes(), 9, mtime=0)


ROUTES = (
    Route("/statiche/vendor/{name:path}", installed),
    Route("/statiche/{name:path}", own),
    Route("/sw.js", worker),
    Route("/app.webmanifest", manifest),
)
