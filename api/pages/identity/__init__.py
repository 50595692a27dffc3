"""Signing in and out, switching, locking: the pages over the doors of sessions, devices and passkeys."""

from __future__ import annotations

from api.pages.identity import devices, leaving, locking, mine, people, proving_anew, sharing, signing_in

ROUTES = (
    *mine.ROUTES,
    *devices.ROUTES,
    *people.ROUTES,
    *signing_in.ROUTES,
    *sharing.ROUTES,
    *leaving.ROUTES,
    *locking.ROUTES,
    *proving_anew.ROUTES,
)
