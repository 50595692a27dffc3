"""What somebody who opens an export reads first, in Italian and English."""

from __future__ import annotations

from domain.vocabulary import LogKind
from ledger.evidence.export.layout import Manifest
from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.notes.signed import encoded

_BANNER = """\
##########################################################################
##  ESERCITAZIONE: nessun fatto di questo registro è realmente accaduto.
##  EXERCISE: nothing in this log really happened.
##########################################################################

"""
_TEXT = """\
Registro di Approdo: esportazione
=================================

Questa cartella contiene il registro "{origin}"
fino all'evento numero {size}. Radice dell'albero: {root}
Eventi già scritti ma non ancora sigillati, e quindi non compresi: {beyond}.

Contiene dati personali pseudonimi: va custodita e trasmessa come tale.

Per verificarla, senza rete e senza il registro:

    approdo verify QUESTA_CARTELLA --trust CHIAVI

CHIAVI è il file con le chiavi pubbliche del registro ricevuto per altra via (non quello di questa cartella).
Con --against FILE si confronta una testa conservata prima: una pagina giornaliera ricevuta per PEC, la testa
di un testimone, il file "checkpoint" di un'esportazione precedente.

  log.jsonl       gli eventi, uno per riga            checkpoint    l'ultima testa firmata
  checkpoints     tutte le teste, in ordine           keys          le dichiarazioni delle chiavi
  trust           le chiavi secondo chi esporta       stamps/       le marche temporali e ciò che coprono
  tile/           l'albero (C2SP tlog-tiles)          SHA256SUMS    impronte dei file sotto tile/
  manifest.json   impronte di tutti gli altri file

I formati sono descritti byte per byte in docs/EVIDENCE.md.


Approdo log: export
===================

This directory holds the log "{origin}"
up to event number {size}. Root of the tree: {root}
Events that were written but not sealed yet, and so are not in it: {beyond}.

It holds pseudonymous personal data: keep it and send it as such.

To verify it, without a network and without the log:

    approdo verify THIS_DIRECTORY --trust KEYS

KEYS is the file with the log's public keys that you were given by another way (not the one in this
directory). With --against FILE a head that was kept earlier is compared: a daily page that came by certified
mail, a witness's head, the file "checkpoint" of an earlier export.

  log.jsonl       the events, one a line              checkpoint    the last signed head
  checkpoints     every head, in order                keys          the statements of keys
  trust           the keys as the exporter has them   stamps/       the time stamps and what they cover
  tile/           the tree (C2SP tlog-tiles)          SHA256SUMS    digests of the files below tile/
  manifest.json   digests of all other files

The formats are described byte by byte in docs/EVIDENCE.md.
"""


def readme(manifest: Manifest, head: Checkpoint) -> str:
    """Of an export under this head."""
    text = _TEXT.format(
        origin=manifest.origin, size=manifest.size, root=encoded(head.root), beyond=manifest.beyond
    )
    return (_BANNER if manifest.kind is LogKind.EXERCISE else "") + text
