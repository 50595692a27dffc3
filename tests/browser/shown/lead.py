"""The pages of the desk of the lead body."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from domain.permissions import Role
from ledger.postgres.published import PostgresPublished
from ledger.published import KeptNotice
from projections.told import Release
from tests.api.pages.lead.stage import a_month, as_kept, nothing_told
from tests.browser.shown.entry import Scene, Shown
from tests.browser.town import Town, elsewhere
from tests.browser.windows import Window


def published(town: Town, told: Release | None = None, notice: KeptNotice | None = None) -> None:
    async def kept() -> None:
        async with PostgresPublished(town.database.dsn("app")) as published:
            if told is not None:
                await published.release(as_kept(UUID(town.ids["network"]), told))
            if notice is not None:
                await published.notice(notice)

    elsewhere(kept)


def _at(scene: Scene, path: str) -> Window:
    lead = scene.open(Role.LEAD_BODY)
    lead.go(path)
    return lead


def waiting(town: Town) -> None:
    """Somebody opened a case that is not hers, and asked for much."""
    placement = town.ask()["placement"]
    caller = town.doors(Role.LEAD_BODY)
    caller.post(f"/cases/{placement['case_id']}/glass", {"reason": "DANGER_TO_LIFE"})
    notice = KeptNotice(
        notice_id=UUID(int=7),
        noticed_at=datetime(2026, 11, 22, 1, 40, tzinfo=UTC),
        kind="PLACEMENTS_READ",
        actor=UUID(int=0x5EED),
        count=131,
    )
    published(town, notice=notice)


def _desk(scene: Scene) -> Window:
    waiting(scene.town)
    return _at(scene, "/rete")


def _reviews(scene: Scene) -> Window:
    waiting(scene.town)
    return _at(scene, "/rete/controlli")


def _review_unanswered(scene: Scene) -> Window:
    lead = _reviews(scene)
    lead.page.locator("form[action^='/rete/controlli/']").evaluate("form => form.noValidate = true")
    lead.tap("Registra il controllo")
    lead.page.get_by_role("alert").first.wait_for()
    return lead


def _notices(scene: Scene) -> Window:
    waiting(scene.town)
    return _at(scene, "/rete/segnalazioni")


def _page_of_the_day(scene: Scene) -> Window:
    scene.town.ask()
    scene.town.seal()
    return _at(scene, "/rete/impronta")


def _figures(scene: Scene) -> Window:
    published(scene.town, a_month())
    return _at(scene, "/rete/cifre")


def _few(scene: Scene) -> Window:
    published(scene.town, nothing_told())
    return _at(scene, "/rete/cifre")


SHOWN: tuple[Shown, ...] = (
    Shown("rete-inizio", _desk, fresh=True),
    Shown("rete-nulla-da-controllare", lambda scene: _at(scene, "/rete/controlli")),
    Shown("rete-controlli", _reviews, fresh=True),
    Shown("rete-controllo-senza-risposta", _review_unanswered, fresh=True),
    Shown("rete-segnalazioni", _notices, fresh=True),
    Shown("rete-impronta-non-sigillato", lambda scene: _at(scene, "/rete/impronta"), fresh=True),
    Shown("rete-impronta", _page_of_the_day, fresh=True),
    Shown("rete-cifre", _figures, fresh=True, readme=True),
    Shown("rete-cifre-pochi-casi", _few, fresh=True),
    Shown("rete-cifre-nessun-mese", lambda scene: _at(scene, "/rete/cifre")),
)
