"""The files that pages are drawn with: how they travel, how long they are kept, and what they may not do."""

from __future__ import annotations

import gzip
import json
import re
import struct

import pytest

from api.pages.drawing import STATIC
from domain.permissions import Role
from tests.api.pages.ground import pages, played

STYLE = (STATIC / "approdo.css").read_text()
SCRIPTS = {name: (STATIC / name).read_text() for name in ("app.js", "sw.js")}
LARGEST = {"approdo.css": 10_000, "app.js": 8_000, "sw.js": 2_000}
"""Packed, in bytes: together a third of a second at 400 kbit/s."""


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/statiche/approdo.css", "text/css; charset=utf-8"),
        ("/statiche/app.js", "text/javascript; charset=utf-8"),
        ("/statiche/icona.svg", "image/svg+xml"),
        ("/statiche/icona-192.png", "image/png"),
        ("/app.webmanifest", "application/manifest+json"),
        ("/sw.js", "text/javascript; charset=utf-8"),
    ],
)
@played
async def test_a_file_says_what_it_is(path: str, media_type: str) -> None:
    async with pages() as there:
        answer = await there.reader().client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        assert answer.headers["x-content-type-options"] == "nosniff"


@played
async def test_what_has_a_version_is_kept_for_good_and_the_rest_for_a_day() -> None:
    async with pages() as there:
        client = there.reader().client
        drawn = (await client.get("/senza-rete")).text
        for name in ("approdo.css", "app.js"):
            found = re.search(rf'"(/statiche/{re.escape(name)}\?v=\w+)"', drawn)
            assert found is not None, name
            answer = await client.get(found[1])
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        answer = await client.get("/statiche/icona-192.png")
        assert answer.headers["cache-control"] == "public, max-age=86400"


@pytest.mark.parametrize("path", ["/sw.js", "/app.webmanifest"])
@played
async def test_what_has_no_version_in_its_name_is_asked_anew(path: str) -> None:
    async with pages() as there:
        assert (await there.reader().client.get(path)).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/turno", "/senza-rete", "/fine", "/accesso", "/niente/qui"])
@played
async def test_a_page_is_never_kept(path: str) -> None:
    async with pages() as there:
        answer = await (await there.signed_in(Role.COORDINATOR)).client.get(path)
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", LARGEST)
@played
async def test_text_travels_packed_and_is_small(name: str) -> None:
    async with pages() as there:
        client = there.reader().client
        packed = await client.get(f"/statiche/{name}", headers={"accept-encoding": "gzip"})
        plain = await client.get(f"/statiche/{name}", headers={"accept-encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
        assert packed.content == plain.content == (STATIC / name).read_bytes()
        assert len(gzip.compress(plain.content)) < LARGEST[name]


@pytest.mark.parametrize(
    "path", ["/statiche/../edge.py", "/statiche/%2e%2e/edge.py", "/statiche/", "/statiche/niente.css"]
)
@played
async def test_nothing_outside_the_folder_is_a_file(path: str) -> None:
    async with pages() as there:
        assert (await there.reader().client.get(path)).status_code == 404


@played
async def test_the_worker_may_serve_the_whole_site_and_reach_no_other() -> None:
    """A worker's scope is the folder it stands in, and its policy is the one it came with."""
    async with pages() as there:
        answer = await there.reader().client.get("/sw.js")
        assert "connect-src 'self'" in answer.headers["content-security-policy"]
        assert "service-worker-allowed" not in answer.headers


@played
async def test_the_manifest_names_icons_of_the_size_they_have() -> None:
    async with pages() as there:
        client = there.reader().client
        told = json.loads((await client.get("/app.webmanifest")).text)
        assert (told["name"], told["start_url"], told["display"]) == ("Approdo", "/", "standalone")
        for icon in told["icons"]:
            answer = await client.get(icon["src"])
            assert (answer.status_code, answer.headers["content-type"]) == (200, icon["type"])
            if icon["type"] == "image/png":
                assert icon["sizes"] == "{}x{}".format(*struct.unpack(">II", answer.content[16:24]))


@played
async def test_the_page_without_a_network_is_the_same_for_everybody() -> None:
    async with pages() as there:
        nobody = await there.reader().open("/senza-rete")
        somebody = await (await there.signed_in(Role.COORDINATOR)).open("/senza-rete")
        assert nobody.html == somebody.html
        assert [link for link in nobody.links if link.startswith("tel:")] == [
            "tel:112",
            "tel:1522",
            "tel:114",
        ]
        assert not nobody.forms


@played
async def test_a_script_that_sends_a_form_is_told_where_to_go() -> None:
    """Were it sent on by itself, it would read the note that is meant for the next page."""
    async with pages() as there:
        client = there.reader().client
        told = await client.get("/turno", headers={"approdo-sent": "1"})
        sent_on = await client.get("/turno")
        assert (told.status_code, told.headers["approdo-go"], told.content) == (200, "/accesso", b"")
        assert "location" not in told.headers
        assert (sent_on.status_code, sent_on.headers["location"]) == (303, "/accesso")
        assert "approdo-go" not in sent_on.headers


def test_the_night_is_the_same_however_it_is_asked_for() -> None:
    blocks = re.findall(
        r":root(?:\[data-tema=\"notte\"\]|:not\(\[data-tema=\"chiaro\"\]\)) \{([^}]*)\}", STYLE
    )
    assert len(blocks) == 2
    first, second = ([line.strip() for line in block.strip().splitlines()] for block in blocks)
    assert first == second


@pytest.mark.parametrize("theme", ["chiaro", "notte"])
def test_the_colours_can_be_told_apart(theme: str) -> None:
    colours = _colours(theme)
    grounds = [value for name, value in colours.items() if name in ("fondo", "carta", "quieto")]
    grounds += [value for name, value in colours.items() if name.endswith("-fondo")]
    for ground in grounds:
        for name in ("testo", "tenue", "primario", "pericolo", "attenzione", "sereno"):
            assert _contrast(colours[name], ground) >= 4.5, (name, ground)
        for name in ("bordo", "fuoco"):
            assert _contrast(colours[name], ground) >= 3, (name, ground)
    assert _contrast(colours["su-forte"], colours["forte"]) >= 4.5
    assert _contrast("#ffffff", colours["pericolo-pieno"]) >= 4.5
    assert _contrast(colours["su-testata"], colours["testata"]) >= 4.5


def test_the_style_asks_nobody_else_and_needs_no_policy_loosened() -> None:
    assert not re.findall(r"https?:|data:|@import", STYLE)
    assert all(address.startswith("/statiche/") for address in re.findall(r"url\(\"?([^)\"]+)", STYLE))


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_evaluates_no_text_and_asks_nobody_else(name: str) -> None:
    for forbidden in (
        "eval(",
        "new Function",
        "innerHTML =",
        "document.write",
        "localStorage",
        "http://",
        "https://",
    ):
        assert forbidden not in SCRIPTS[name], forbidden


def test_the_worker_keeps_the_page_without_a_network_and_its_style_alone() -> None:
    kept = re.findall(r"cache\.(?:put|add|addAll)\(([^)]*)\)", SCRIPTS["sw.js"])
    assert kept == ["PAGE, answer", "style[0]"]
    assert 'const PAGE = "/senza-rete";' in SCRIPTS["sw.js"]


def _colours(theme: str) -> dict[str, str]:
    light, night = STYLE.index(":root {"), STYLE.index(':root[data-tema="notte"] {')
    start = light if theme == "chiaro" else night
    block = STYLE[start : STYLE.index("}", start)]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
