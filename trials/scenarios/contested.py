"""Six requests at once for one place that fits: one hold, five wait, and it goes on by their order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from domain.placement.events import HoldPlaced
from trials.demo.night import Night

TITLE = "sei richieste insieme per l'unico posto adatto"
STARTS = "20:50"
_NEEDS = ["GROUND_FLOOR", "STAFFED_AT_NIGHT", "ACCESSIBLE_BATHROOM"]
_RIVALS = 6


def play(night: Night) -> None:
    night.at("21:00", "Nello stesso minuto sei coordinatrici chiedono l'unico posto accessibile")
    with ThreadPoolExecutor(_RIVALS) as together:
        asked = list(together.map(lambda number: night.rival(number, _NEEDS), range(_RIVALS)))
    requests = night.introduce(asked)
    held = [request for request in requests if night.holds(request)]
    assert len(held) == 1, "one place, one hold"
    waiting = [request for request in requests if request not in held]
    for minute in range(2):
        first = held[0]
        night.at(f"21:1{minute}", f"La richiesta {first.letter} non ne ha più bisogno: ha un'altra soluzione")
        night.step(night.coordinator, first, "closure", {"outcome": "OTHER_SOLUTION"})
        night.screen.progress("il posto è libero: il motore lo propone a chi spetta …")
        following = night.next_in_order(waiting)
        night.wait_for(following, HoldPlaced)
        waiting.remove(following)
        assert not any(night.holds(request) for request in waiting), "the place goes by the order"
        held = [following]
    night.at("21:20", "L'offerta, e il sì della casa")
    house = night.offer(held[0])
    night.step(night.house(house), held[0], "acceptance", {"channel": "SCREEN"})
