"""How a stamp's provider is named where stamps are kept and shown.

Whether a provider is qualified (Regulation (EU) No 910/2014, articles 41 and 42: on the trusted list of a
member state) nobody can read from a stamp alone. It is what the network's lead body has found and set; unless
it has, every place that shows a stamp says that its provider is not.
"""

from __future__ import annotations

_QUALIFIED = " (qualified)"


def provider_kept(host: str, *, qualified: bool) -> str:
    """As it is kept beside each of its stamps."""
    return f"{host}{_QUALIFIED}" if qualified else host


def is_qualified(provider: str) -> bool:
    """Of a provider as it is kept."""
    return provider.endswith(_QUALIFIED)


def provider_shown(provider: str) -> str:
    """As a person reads it, in Italian and English."""
    host = provider.removesuffix(_QUALIFIED)
    if is_qualified(provider):
        return f"{host} · fornitore qualificato / qualified provider"
    return f"{host} · fornitore non qualificato / non-qualified provider"
