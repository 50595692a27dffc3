"""The lead body's people: entered, invited, ended, by codes and after a question."""

from __future__ import annotations

import pytest

from domain.permissions import Role
from tests.api.pages.ground import Page, Reader, played
from tests.api.pages.identity.stage import Network, authenticator, made, network

HERE = "/rete/persone"


async def lead(net: Network) -> Reader:
    reader, _ = await net.with_passkey(await net.enter(Role.LEAD_BODY))
    return reader


def buttons(page: Page, ending: str) -> list[str]:
    return [form.action for form in page.forms if form.action.endswith(ending)]


@played
async def test_somebody_new_is_entered_invited_and_works_here() -> None:
    async with network() as net:
        reader = await lead(net)
        page = await reader.open(HERE)
        assert not buttons(page, "/invito"), "nobody invites themselves"
        page = await reader.send(page.form(HERE), compito="COORDINATOR")
        assert "Persona iscritta: codice" in page.text
        page = await reader.send(page.form("/invito"))
        assert page.h1 == "Invito" and "Si vede solo adesso" in page.text
        code = page.html.split("<code>")[1].split("</code>")[0]
        new = net.there.reader()
        page = await made(
            new, (await new.open("/accesso/invito")).form("/accesso/invito"), authenticator(), invito=code
        )
        assert page.path == "/io/codici"
        assert (await new.open("/")).path == "/turno"
        page = await reader.open(HERE)
        again = await reader.send(page.form("/invito"))
        assert again.status == 409 and "ha già un suo modo di accedere" in again.text

        asked = await reader.send((await reader.open(HERE)).form("/fine"))
        assert "non lavora più qui" in asked.h1
        assert (await new.open("/turno")).path == "/turno", "nothing was done yet"
        page = await reader.send(asked.form("/fine"))
        assert "questa persona non entra più" in page.text
        assert (await new.open("/turno")).path == "/accesso"


@played
async def test_a_second_tap_enters_one_person_and_a_house_has_its_operator() -> None:
    async with network() as net:
        reader = await lead(net)
        house = net.there.stage.house("ginepro")
        page = await reader.open(HERE)
        form = page.form(HERE)
        for _ in range(3):
            page = await reader.send(form, compito=f"casa {house}")
        assert len(buttons(page, "/fine")) == 1
        assert "operatrice della casa · ginepro" in page.text


@pytest.mark.parametrize(
    "task", ["", "casa", "casa x", "POLICE_OFFICER", "ENGINE", "<b>", "SHELTER_OPERATOR"]
)
@played
async def test_a_task_that_is_none_enters_nobody(task: str) -> None:
    async with network() as net:
        reader = await lead(net)
        page = await reader.send((await reader.open(HERE)).form(HERE), compito=task)
        assert page.status == 422 and page.h1 == "Persone della rete"
        assert not buttons(page, "/fine")


@played
async def test_nobody_else_sees_the_people() -> None:
    async with network() as net:
        reader, _ = await net.with_passkey(await net.enter(Role.COORDINATOR))
        assert (await reader.open(HERE)).status == 404
        theirs = (await (await lead(net)).open(HERE)).form(HERE)
        assert (await reader.send(theirs, compito="LEAD_BODY")).status == 404
