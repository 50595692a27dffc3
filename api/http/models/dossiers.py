"""The bodies and answers about copies of a case for a court."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.http.models.fields import Body
from api.http.models.preserving import Reference
from domain.codes import DossierKind
from projections.dossier_view import DossierView


class DossierBody(Body):
    """Which copy, and under which number the written order was registered."""

    kind: DossierKind
    reference: Reference


class DossierApprovalBody(Body):
    """Another person agrees."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierAnswer:
    """The copy as it stood in the log."""

    position: int
    recorded_at: datetime
    dossier: DossierView
