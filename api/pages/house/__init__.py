"""The pages of a house, for its operators: what is free with one tap, offers, who comes and who leaves."""

from __future__ import annotations

from starlette.routing import Route

from api.pages.house import arrivals, directly, entrusted, guests, intake, numbers, offers, start

ROUTES: tuple[Route, ...] = (
    *start.ROUTES,
    *numbers.ROUTES,
    *intake.ROUTES,
    *guests.ROUTES,
    *offers.ROUTES,
    *arrivals.ROUTES,
    *entrusted.ROUTES,
    *directly.ROUTES,
)
