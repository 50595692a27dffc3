"""How what an export was found to be looks: lines for a terminal, or JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson

from ledger.evidence.notes.signed import encoded
from ledger.evidence.notes.trust import NONE
from ledger.evidence.stamping.provider import provider_shown
from ledger.evidence.verifying.finding import ALL_HOLDS, Found, Kind
from ledger.evidence.verifying.verification import Verified

EXERCISE = "ESERCITAZIONE: nulla di questo è realmente accaduto. / EXERCISE: nothing of this really happened."
OWN_KEYS = """\
!! The keys below came WITH the export: whoever made it may have made them too. They prove something only
!! once they have been compared, sign by sign, with the keys that were given out by another way (--trust)."""
LAST = {
    0: (
        "Tutto concorda: nulla risulta cambiato, tolto o spostato. / "
        "All holds: nothing was found changed, left out or moved."
    ),
    1: "L'esportazione non si legge per intero. / The export cannot be read in full.",
    3: "Gli eventi si contraddicono. / The events contradict each other.",
    4: "Il contenuto non è quello che fu sigillato. / The content is not what was sealed.",
    5: "Le teste o le firme non sono quelle del registro. / The heads or signatures are not the log's.",
    6: "Mancano i testimoni richiesti. / The witnesses that are needed have not seen it.",
    7: "Una marca temporale non corrisponde. / A time stamp does not fit.",
    8: "Una decisione non segue dai fatti registrati. / A decision does not follow from what was recorded.",
    9: (
        "Il registro non è quello di una testa conservata prima: riportato indietro, o riscritto. / "
        "The log is not that of a head kept earlier: rolled back, or rewritten."
    ),
}
"""By exit status, for somebody who reads nothing else."""


def as_text(found: Verified, earlier: int) -> str:
    """Lines for a terminal; what it comes to is the last."""
    lines = [*_exercise(found), *_what(found), *_keys(found), ""]
    lines += [*_events(found), *_outside(found, earlier), ""]
    lines += [_finding(each) for each in found.findings]
    lines += [f"and {more} more {kind}" for kind, more in _untold(found)]
    first = found.findings.first_bad
    if first is not None:
        lines.append(f"first bad index: {_where(first)}")
    end = LAST[found.status]
    if found.status == ALL_HOLDS and not found.trust_given:
        end += (
            " Le chiavi vanno ancora confrontate con quelle ricevute per altra via. / "
            "The keys are still to be compared with those given by another way."
        )
    mark = "ESERCITAZIONE / EXERCISE. " if found.is_exercise else ""
    return "\n".join(_plain(line) for each in [*lines, f"{mark}{end}"] for line in each.split("\n"))


def as_json(found: Verified) -> str:
    """One JSON object; instants in UTC."""
    manifest, heads, first = found.manifest, found.heads, found.findings.first_bad
    standing = heads.standing if heads is not None else None
    shown = {
        "status": found.status,
        "all_holds": found.status == ALL_HOLDS,
        "exercise": found.is_exercise,
        "origin": manifest.origin if manifest is not None else None,
        "kind": manifest.kind if manifest is not None else None,
        "size": manifest.size if manifest is not None else None,
        "beyond": manifest.beyond if manifest is not None else None,
        "rows": found.rows,
        "root": encoded(found.root) if found.root is not None else None,
        "keys_given": found.trust_given,
        "keys": [key.vkey for key in found.trust.logs] if found.trust is not None else [],
        "heads": heads.count if heads is not None else 0,
        "heads_held": found.heads_held,
        "quorum": found.trust.quorum if found.trust is not None else None,
        "witnessed": dict(standing.witnessed) if standing is not None else {},
        "stood_at": _instant(standing.stood_at) if standing is not None else None,
        "stamps": [
            {
                "size": each.size,
                "at": each.found.at,
                "provider": each.provider,
                "signer": each.found.provider,
                "verified": each.found.verified,
            }
            for each in found.stamps
        ],
        "earlier_heads_that_fit": found.earlier_fit,
        "declared_exceptions": found.verdict.exceptions if found.verdict is not None else [],
        "decisions": found.decisions.decisions if found.decisions is not None else None,
        "decisions_rederived": found.decisions.alike if found.decisions is not None else None,
        "counts": {str(kind): count for kind, count in found.findings.counts.items()},
        "first_bad": {"index": first.index, "before": first.before} if first is not None else None,
        "findings": list(found.findings),
    }
    return orjson.dumps(shown, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode()


def _plain(line: str) -> str:
    """Words that an export brings along must not move a terminal's cursor or turn its lines around."""
    return "".join(sign if sign.isprintable() else "?" for sign in line)


def _exercise(found: Verified) -> Iterator[str]:
    if found.is_exercise:
        yield EXERCISE


def _what(found: Verified) -> Iterator[str]:
    manifest, heads = found.manifest, found.heads
    if manifest is None or heads is None:
        return
    yield f"log {manifest.origin}, {manifest.size} events, {heads.count} heads"
    if found.root is not None:
        yield f"root {encoded(found.root)}"
    if manifest.beyond:
        yield f"{manifest.beyond} events were written and not sealed when it was exported: not in it"


def _keys(found: Verified) -> Iterator[str]:
    if found.trust is None:
        return
    if not found.trust_given:
        yield OWN_KEYS
    for key in found.trust.logs:
        yield f"key {key.vkey}"
    for witness in found.trust.witnesses.values():
        yield f"witness {witness.name} {witness.key.vkey}"


def _events(found: Verified) -> Iterator[str]:
    heads, verdict, decisions = found.heads, found.verdict, found.decisions
    if heads is None or verdict is None:
        return
    yield f"heads of the tree over the events: {found.heads_held} of {heads.count}"
    yield f"events {verdict.events}, of commands {verdict.commands}; contradictions {len(verdict.findings)}"
    kinds = Counter(each.kind for each in verdict.exceptions)
    yield f"declared exceptions: {', '.join(f'{kind} {n}' for kind, n in sorted(kinds.items())) or 'none'}"
    for each in verdict.exceptions:
        yield f"  {each.kind} at position {each.position} in stream {each.stream}"
    if decisions is None:
        yield "decisions: not derived again"
    else:
        yield f"decisions derived again alike: {decisions.alike} of {decisions.decisions}"


def _outside(found: Verified, earlier: int) -> Iterator[str]:
    heads, trust = found.heads, found.trust
    if heads is None or trust is None:
        return
    standing = heads.standing
    if standing is not None and standing.stood_at is not None:
        yield f"by the log's own clock it stood as it is at {_instant(standing.stood_at)}"
    if trust.quorum == NONE:
        yield "witnesses: none needed. A rewriting of the whole log with its own key would not be seen here"
    elif standing is not None:
        seen = [f"{name} at {_instant(at)}" for name, at in sorted(standing.witnessed.items())]
        yield f"witnesses of the last head: {', '.join(seen) or 'none'}"
    for each in found.stamps:
        checked = "" if each.found.verified else ", its signature NOT checked (--stamp-roots)"
        at = f"{each.found.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        yield f"stamp over {each.size} events: {at}, {provider_shown(each.provider)}{checked}"
    if earlier:
        yield f"heads kept earlier that fit: {found.earlier_fit} of {earlier}"


def _finding(found: Found) -> str:
    where = f" at index {_where(found)}" if found.index is not None else ""
    return f"{found.kind}{where}: {found.said}"


def _where(found: Found) -> str:
    """One index, or the stretch in which one is."""
    if found.before is None or found.index is None or found.before == found.index + 1:
        return str(found.index)
    return f"{found.index}, or a later one below {found.before}"


def _untold(found: Verified) -> Iterator[tuple[Kind, int]]:
    told = Counter(each.kind for each in found.findings)
    for kind, number in found.findings.counts.items():
        if number > told[kind]:
            yield kind, number - told[kind]


def _instant(seconds: int | None) -> str | None:
    """Of seconds since 1970, as far as a calendar goes."""
    if seconds is None:
        return None
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"
