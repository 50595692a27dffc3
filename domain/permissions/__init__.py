"""Who may do what: one pure function of role, action and facts, over a table.

`roles` and `actions` are closed lists, `relations` says how somebody stands to a case, `matrix` is the table,
`deciding` the function. It denies by default. The doors ask it; nothing else judges permissions.
"""

from __future__ import annotations

from domain.permissions.actions import Action
from domain.permissions.deciding import (
    Allowed,
    Denial,
    Denied,
    Facts,
    Verdict,
    decide,
    decide_any,
    may,
    may_enter,
    may_keep_from,
)
from domain.permissions.relations import (
    NO_RELATION,
    Deed,
    Relation,
    is_restricted,
    relation_of_offer,
    relations_to,
    relations_to_house,
)
from domain.permissions.roles import Principal, Role

__all__ = [
    "NO_RELATION",
    "Action",
    "Allowed",
    "Deed",
    "Denial",
    "Denied",
    "Facts",
    "Principal",
    "Relation",
    "Role",
    "Verdict",
    "decide",
    "decide_any",
    "is_restricted",
    "may",
    "may_enter",
    "may_keep_from",
    "relation_of_offer",
    "relations_to",
    "relations_to_house",
]
