"""The pages on a founded exercise in memory, and browsers without scripts that read, fill and send them.

A form is sent as a browser would: every field that stands in it, what the person typed over it, to the
address it names. What is no form on the page cannot be sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from html.parser import HTMLParser
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx

from api.http.cookies import DEVICE, SESSION
from api.identity.enrolling import Terms
from api.identity.sessions import How
from api.pages.site import Site, site
from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId
from tests.api.http.ground import Ground, ground

ORIGIN = "http://localhost"
PIN = "380417"
BODIES = {Role.SHELTER_OPERATOR: "case"}


@dataclass
class FoundForm:
    """A form as it stands in a page: `fields` in order, and its buttons with a name."""

    action: str
    method: str
    id: str | None
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, value, words."""


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FoundForm] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.h1: list[str] = []
        self._open: FoundForm | None = None
        self._select: str | None = None
        self._area: str | None = None
        self._button: tuple[str, str] | None = None
        self._silent = 0
        self._in_h1 = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "head"):
            self._silent += 1
        self._in_h1 = self._in_h1 or tag == "h1"
        if tag == "a" and "href" in said:
            self.links.append(said["href"])
        if tag == "form":
            form_id = said.get("id")
            self._open = FoundForm(said.get("action", ""), said.get("method", "get").lower(), form_id)
            self.forms.append(self._open)
        if self._open is not None:
            self._field(tag, said)

    def _field(self, tag: str, said: dict[str, str]) -> None:
        assert self._open is not None
        name = said.get("name", "")
        if tag == "input" and name:
            if said.get("type") not in ("radio", "checkbox") or "checked" in said:
                self._open.fields.append((name, said.get("value", "on")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in said:
            self._open.fields.append((self._select, said.get("value", "")))
        elif tag == "textarea":
            self._area = name
            self._open.fields.append((name, ""))
        elif tag == "button":
            self._button = (name, said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "head"):
            self._silent -= 1
        if tag == "h1":
            self._in_h1 = False
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._open is not None:
            name, before = self._open.fields.pop()
            self._open.fields.append((name, before + data))
        if self._button is not None and self._open is not None and data.strip():
            self._open.buttons.append((*self._button, data.strip()))
        if not self._silent and data.strip():
            self.words.append(data.strip())
            if self._in_h1:
                self.h1.append(data.strip())


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser got."""

    response: httpx.Response
    path: str
    """Where it is now, after being sent on."""

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.text

    def _read(self) -> _Reading:
        reading = _Reading()
        reading.feed(self.html)
        return reading

    @property
    def text(self) -> str:
        """All that is shown, in one line."""
        return " ".join(" ".join(self._read().words).split())

    @property
    def h1(self) -> str:
        return " ".join(self._read().h1)

    @property
    def links(self) -> list[str]:
        return self._read().links

    @property
    def forms(self) -> list[FoundForm]:
        return self._read().forms

    def form(self, action: str | None = None, *, button: str | None = None, nth: int = 0) -> FoundForm:
        """The `nth` form that goes to an address ending so, or that has a button with these words."""
        found = [
            form
            for form in self.forms
            if (action is None or form.action.endswith(action))
            and (button is None or any(button in words for _, _, words in form.buttons))
        ]
        assert len(found) > nth, f"no form to {action} with {button}: {[form.action for form in self.forms]}"
        return found[nth]


@dataclass(slots=True)
class Reader:
    """One browser without scripts."""

    client: httpx.AsyncClient
    actor: UUID | None = None

    async def open(self, path: str, **headers: str) -> Page:
        return await self._followed(await self.client.get(path, headers=headers))

    async def send(self, form: FoundForm, *, button: str | None = None, **typed: Any) -> Page:
        """Send a form with what was typed over its fields; a list means several, None leaves a field out."""
        return await self._followed(await self.sent(form, button=button, **typed))

    async def sent(self, form: FoundForm, *, button: str | None = None, **typed: Any) -> httpx.Response:
        """The same, not sent on."""
        fields = [(name, value) for name, value in form.fields if name not in typed]
        for name, value in typed.items():
            fields += [(name, str(each)) for each in (value if isinstance(value, list) else [value])
                       if each is not None]  # fmt: skip
        for name, value, words in form.buttons:
            if name and button is not None and button in words:
                fields.append((name, value))
        return await self.client.post(
            form.action,
            content=urlencode(fields),
            headers={"content-type": "application/x-www-form-urlencoded", "origin": ORIGIN},
        )

    async def _followed(self, answer: httpx.Response) -> Page:
        path = answer.request.url.path
        for _ in range(5):
            if answer.status_code != 303:
                break
            path = answer.headers["location"]
            answer = await self.client.get(path)
        return Page(answer, path)


@dataclass(slots=True)
class Pages:
    """The site, the doors behind it (`stage`), and a browser for whoever is asked for."""

    site: Site
    stage: Ground
    _numbers: Any = field(default_factory=lambda: count(1))

    def reader(self) -> Reader:
        """A browser at which nobody is signed in."""
        return Reader(httpx.AsyncClient(transport=httpx.ASGITransport(self.site), base_url=ORIGIN))

    async def signed_in(self, role: Role, *houses: UUID, pin: str | None = PIN) -> Reader:
        """A shared device at which somebody new of this role has just signed in, in full."""
        doors, reader = self.stage.doors, self.reader()
        members = self.stage.ids.members
        body = MemberId(members.get(BODIES.get(role, ""), next(iter(members.values()))))
        terms = Terms(member=body, role=role, houses=frozenset(map(ShelterId, houses)))
        entered = await doors.identity.enrolling.enter_person(
            "https://issuer.invalid", f"p{next(self._numbers)}", terms, name=None, by=None
        )
        now, secret = datetime.now(UTC), doors.identity.sessions.new_secret()
        code, _ = await doors.identity.enrolling.make_code(body, terms.houses, by=entered.actor)
        device = await doors.identity.enrolling.enrol_device(code, secret)
        cookie = await doors.identity.sessions.begin_session(
            entered.actor, How.TOKEN, device, proved_at=now, instead_of=None
        )
        reader.client.cookies.set(DEVICE, secret)
        if pin is not None:
            shown = doors.identity.seal.seal("Turno", "shown", entered.actor)
            await doors.identity.pins.set(entered.actor, pin, shown, now)
        reader.client.cookies.set(SESSION, cookie)
        reader.actor = entered.actor
        return reader


def played(story: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that awaits."""

    @wraps(story)
    def test(*args: Any, **kwargs: Any) -> None:
        asyncio.run(story(*args, **kwargs))

    return test


@asynccontextmanager
async def pages(**doors: Any) -> AsyncIterator[Pages]:
    """The site on a founded exercise."""
    async with ground(**doors) as stage:
        yield Pages(site(stage.app, stage.doors), stage)
