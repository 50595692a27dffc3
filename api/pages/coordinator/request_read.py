"""What a request's three screens say, as the door reads it: one field after the other, each fault in words
under its own field's name. Nothing is guessed; what nobody knows is left out. Called by `request` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from api.pages.coordinator.moments import Misunderstood, due, happened, written
from api.pages.forms import Form
from api.pages.times import Clock
from domain.vocabulary import AgeBand, Channel, Feature, OldestBoy, RiskBand, Setting, Urgency

SCREENS = 3
CHANNELS, URGENCIES = tuple(map(str, Channel)), tuple(map(str, Urgency))
BANDS, BOYS = tuple(map(str, AgeBand)), tuple(map(str, OldestBoy))
FEATURES, SETTINGS = tuple(map(str, Feature)), tuple(map(str, Setting))
RISKS = tuple(map(str, RiskBand))
NOW, UNKNOWN = "adesso-no", "non-so"
REMOVAL = {"si": True, "no": False}
MOST_ADULTS, MOST_CHILDREN, MOST_OF_A_BAND = 10, 15, 15

Faults = dict[str, str]


def faults_of(screen: int, form: Form, clock: Clock) -> Faults:
    """What of a screen was not understood, or is missing."""
    return _SCREENS[screen](form, clock)


def body_of(form: Form, clock: Clock, case_id: str | None) -> dict[str, Any]:
    """For the door, of a form without faults."""
    moment = happened(form, clock)
    asked_at = moment if isinstance(moment, datetime) else None
    agreed = form.one("consenso") == "si"
    return {
        "case_id": case_id,
        "channel": form.one("canale"),
        "urgency": form.one("urgenza"),
        "household": household_of(form),
        "oldest_boy": form.one("maschio", str(OldestBoy.NOT_SAID)),
        "features_required": features_of(form),
        "zones_to_avoid": list(zones_of(form)),
        "risk": form.one("rischio", str(RiskBand.NOT_ASSESSED)),
        "setting": form.one("dove") if form.one("dove") in SETTINGS else None,
        "safe_until": safe_until(form, clock),
        "removal_considered": REMOVAL.get(form.one("allontanamento")),
        "send_on": form.one("avanti_da_sola") == "si",
        "consented_at": written(asked_at or clock.now) if agreed else None,
        "occurred_at": written(asked_at) if asked_at is not None else None,
    }


def household_of(form: Form) -> dict[str, Any]:
    """Adults, and one age band for each child."""
    children = [band for band in BANDS for _ in range(count_of(form, band))]
    return {"adults": _number(form.one("adulte")) or 0, "children": children}


def count_of(form: Form, band: str) -> int:
    """Children of an age: the card that was tapped, or the number written where they are more."""
    many = _number(form.one(f"piu_{band}", "0")) or 0
    return many or _number(form.one(f"figli_{band}", "0")) or 0


def features_of(form: Form) -> list[str]:
    return [each for each in FEATURES if each in form.all("serve")]


def zones_of(form: Form) -> tuple[str, ...]:
    """Zones to avoid, by their ids."""
    return tuple(dict.fromkeys(each for each in form.all("zona") if _is_id(each)))


def safe_until(form: Form, clock: Clock, name: str = "sicura") -> str | None:
    """Until when she is safe where she is. Not safe now: until now. None: nobody knows."""
    if form.one(name) == NOW:
        return written(clock.now)
    if form.one(name) == UNKNOWN and not form.has(f"{name}_ora"):
        return None
    moment = due(form, clock, name=name)
    return written(moment) if isinstance(moment, datetime) else None


def safety_faults(form: Form, clock: Clock, name: str = "sicura") -> Faults:
    said, _ = form.one(name), clock.text
    if said in (NOW, UNKNOWN):
        if form.has(f"{name}_ora"):
            return {name: _("Hai scelto qui e scritto anche un’ora: tieni una delle due.")}
        return {}
    moment = due(form, clock, name=name)
    if isinstance(moment, Misunderstood):
        return dict(moment.faults)
    return {} if moment is not None else {name: _("Scegli una voce. Va bene anche «non so».")}


def household_faults(form: Form, clock: Clock) -> Faults:
    """Of the people, their ages and what they need."""
    _, faults = clock.text, Faults()
    adults = _number(form.one("adulte"))
    if adults is None or adults > MOST_ADULTS:
        faults["adulte"] = _("Un numero da 0 a {}.").format(MOST_ADULTS)
    for band in BANDS:
        for name in (f"figli_{band}", f"piu_{band}"):
            number = _number(form.one(name, "0"))
            if number is None or number > MOST_OF_A_BAND:
                faults[name] = _("Un numero da 0 a {}.").format(MOST_OF_A_BAND)
    if not faults and sum(count_of(form, band) for band in BANDS) > MOST_CHILDREN:
        faults[f"figli_{BANDS[0]}"] = _("Al massimo {} figli.").format(MOST_CHILDREN)
    if form.one("maschio", BOYS[0]) not in BOYS:
        faults["maschio"] = _("Scegli una voce.")
    if set(form.all("serve")) - set(FEATURES):
        faults["serve"] = _("Scegli una voce.")
    return faults


def _calling(form: Form, clock: Clock) -> Faults:
    _ = clock.text
    needed = {"canale": CHANNELS, "urgenza": URGENCIES, "consenso": ("si", "non-ancora")}
    faults = {name: _("Scegli una voce.") for name, known in needed.items() if form.one(name) not in known}
    moment = happened(form, clock)
    return faults | (dict(moment.faults) if isinstance(moment, Misunderstood) else {})


def _where(form: Form, clock: Clock) -> Faults:
    _, faults = clock.text, safety_faults(form, clock)
    optional: Mapping[str, tuple[str, ...]] = {
        "dove": (UNKNOWN, *SETTINGS),
        "rischio": RISKS,
        "allontanamento": (UNKNOWN, *REMOVAL),
    }
    for name, known in optional.items():
        if form.has(name) and form.one(name) not in known:
            faults[name] = _("Scegli una voce.")
    if len(zones_of(form)) != len(set(form.all("zona"))):
        faults["zona"] = _("Scegli una voce.")
    if form.one("zone") not in ("si", UNKNOWN):
        faults["zone"] = _("Scegli una voce. Va bene anche «non so».")
    elif form.one("zone") == "si" and not zones_of(form):
        faults["zone"] = _("Apri i nomi delle zone e toccane almeno una, oppure scegli «non so».")
    elif form.one("zone") == UNKNOWN and zones_of(form):
        faults["zone"] = _("Hai toccato delle zone: scegli «sì», oppure toglile.")
    return faults


_SCREENS: Mapping[int, Callable[[Form, Clock], Faults]] = {1: _calling, 2: household_faults, 3: _where}


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 3 else None


def _is_id(said: str) -> bool:
    try:
        return str(UUID(said)) == said
    except ValueError:
        return False
