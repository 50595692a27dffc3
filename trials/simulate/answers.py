"""What a house and a woman answer to one offer: luck that belongs to the offer, whoever makes it.

The engine's run plays an answer out as commands; the allocator it is compared with only reads what came of
it. Both draw the same answer for the same household, unit and how often it was asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.codes import RefusalGroup
from trials.simulate.drawing import Draws
from trials.simulate.parameters import Parameters


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Delays count each from the step before. `seen` None: nobody looks; `reached`: a call finds somebody."""

    send: timedelta
    seen: timedelta | None
    screening: timedelta
    refusal: RefusalGroup | None
    telephone: bool
    reached: bool
    notices: timedelta
    declined: bool
    her_answer: timedelta
    travel: timedelta
    goes_on_after: timedelta


def answer(draws: Draws, parameters: Parameters, key: str, unit: str, times: int) -> Answer:
    """The answer to the offer of `unit` to the household `key`, asked for the `times`-th time."""
    luck = draws(f"offer {key} {unit} {times}")
    seen = luck.delay(*parameters.acknowledged.value)
    never = luck.happens(parameters.never_seen.value)
    group = luck.pick(parameters.refusals.value)
    return Answer(
        send=timedelta(minutes=luck.even(parameters.send_minutes.value)),
        seen=None if never else timedelta(minutes=min(seen, 24 * 60)),
        screening=timedelta(minutes=luck.even(parameters.screening_minutes.value)),
        refusal=group if luck.happens(parameters.house_says_no.value) else None,
        telephone=luck.happens(parameters.answered_by_telephone.value),
        reached=luck.happens(parameters.telephone_reaches.value),
        notices=timedelta(minutes=luck.even(parameters.notices_minutes.value)),
        declined=luck.happens(parameters.she_says_no.value),
        her_answer=timedelta(minutes=luck.even(parameters.her_answer_minutes.value)),
        travel=timedelta(minutes=luck.even(parameters.travel_minutes.value)),
        goes_on_after=timedelta(minutes=luck.even(parameters.notices_minutes.value)),
    )
