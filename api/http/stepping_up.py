"""Some doors open only to who has just proved anew who they are: what lies on a table may be anybody's.

How one proves it is `api.identity`'s (a PIN, a passkey, a new sign-in). RFC 9470 gives the answer's header.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.http.entering import Entered
from api.http.problems import Problem
from api.http.trouble_texts import Trouble

STEP_UP_LASTS = timedelta(minutes=5)
_CHALLENGE = f'Bearer error="insufficient_user_authentication", max_age={STEP_UP_LASTS.seconds}'


def must_have_stepped_up(entered: Entered) -> None:
    """Errors: problem 401 unless they proved who they are within five minutes, by the real clock."""
    proved_at = entered.caller.stepped_up_at
    if proved_at is None or not timedelta() <= datetime.now(UTC) - proved_at <= STEP_UP_LASTS:
        raise Problem(Trouble.STEP_UP_NEEDED, headers={"WWW-Authenticate": _CHALLENGE})
