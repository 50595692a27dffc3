"""A placement: one journey of one case, from the request for a place to its end.

`events` and `commands` name what can happen and what can be asked, `state` folds, `decide` answers for the
commands that touch the placement alone; `bridging` and `alarms` are families of such commands of their own.
Commands that also touch units, the case or other placements live in `domain.coordination`.
"""
