"""The least that a network needs before it is founded: somebody of the coordination who always answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ALWAYS_ANSWERED: Mapping[str, Any] = {
    "desks": ({"code": "coordination", "kind": "COORDINATION", "member": "lead"},),
    "rota": ({"desk": "coordination"},),
}
"""Keys of a network file whose lead body is the member `lead`."""
