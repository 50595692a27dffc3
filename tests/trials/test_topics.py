"""Trials that read a log by its topics name only what is recorded now: one that looks for an earlier version
would find nothing and be content.
"""

from __future__ import annotations

import re

from domain.catalogue import EVENT_TYPES
from tests.trials.nights import ROOT

KINDS = sorted({topic.split(".", 1)[0] for topic in EVENT_TYPES})
TOPIC = re.compile(rf"\b(?:{'|'.join(KINDS)})\.[a-z-]+\.\d+\b")


def test_every_topic_that_a_trial_names_is_recorded_now() -> None:
    named = {
        (topic, path.relative_to(ROOT).as_posix())
        for path in (ROOT / "trials").rglob("*.py")
        for topic in TOPIC.findall(path.read_text())
    }
    assert named, "the drills read rows by their topics"
    assert {(topic, path) for topic, path in named if topic not in EVENT_TYPES} == set()
