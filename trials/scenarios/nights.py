"""Every night there is, by the name it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from trials.scenarios import contested, displaced, first_night, last_place, late_yes, no_place, stale_weekend

FIRST = "first-night"
NIGHTS: Mapping[str, ModuleType] = {
    FIRST: first_night,
    "last-place": last_place,
    "displaced": displaced,
    "late-yes": late_yes,
    "no-place": no_place,
    "stale-weekend": stale_weekend,
    "contested": contested,
}
