"""The text beside a dossier: what it is, what it does not show, how it is checked. In Italian."""

from __future__ import annotations

SHOWN = """\
APPRODO - COPIA OSTENSIBILE DI UN CASO
{exercise}
Ordine n. {reference}. Registro {log}, fino alla posizione {size}.

CHE COSA C'È
  dossier.pdf    i fatti in italiano, da leggere (se è presente)
  dossier.json   gli stessi fatti ("readable") e la parte che si verifica ("evidence")

CHE COSA NON C'È
  Case, camere, zone, altri casi, chi ha agito; delle graduatorie ci sono i soli numeri. Di ogni fatto è
  mostrata la parte aperta; quella riservata è sostituita dalla sua impronta, così la verifica resta possibile
  e nessuno può cambiarla dopo.
  Il contenuto riservato può essere chiesto con un altro ordine scritto (allegato riservato).

I NOMI
  "Caso", "Percorso", "Offerta" e simili, con tre lettere, valgono per questa copia sola. Gli identificativi
  nella parte che si verifica sono invece quelli del registro, gli stessi in ogni copia dello stesso caso: chi
  ha due copie può riconoscerlo da quelli. Anche le posizioni nel registro e le impronte sono quelle vere.

COME SI VERIFICA
  1. Chiedi la chiave pubblica del registro a chi la custodisce, non a chi ti ha dato questa copia, e scrivila
     in un file FIDUCIA (una riga "log CHIAVE" e una riga "quorum none", o i testimoni che conosci).
  2. approdo verify-dossier QUESTA_CARTELLA --trust FIDUCIA
     Non serve né il registro né la rete. Stato di uscita 0: tutto regge.
  Senza questo programma: docs/EVIDENCE.md descrive ogni byte. Per ogni fatto si compone la foglia dalle sue
  parti, se ne calcola l'impronta, si segue la prova ("proof", C2SP tlog-proof) fino alla radice, e si
  verifica la firma Ed25519 di chi ha firmato la testa ("checkpoint", C2SP signed-note).

CHE COSA È PROVATO
  Che ogni fatto mostrato sta nel registro, in quella posizione e in quella forma; che le righe di ogni
  percorso sono tutte, da 1 all'ultima.
  {whole}
CHE COSA NON È PROVATO
  Che ciò che le persone hanno dichiarato sia vero. Chi rubasse la chiave del registro potrebbe firmare una
  storia diversa: lo mostrano solo i testimoni, le marche temporali e le copie custodite altrove.
"""
STATED = """Lo dichiara il registro con la propria firma ("statement"), per questa posizione."""
CLOSED = """Senza dichiarazione firmata: fino alla chiusura di ogni percorso, non oltre."""

RESERVED = """\
APPRODO - ALLEGATO RISERVATO DI UN CASO
{exercise}
Ordine n. {reference}. Registro {log}, fino alla posizione {size}.

allegato.cms è cifrato (CMS EnvelopedData, AES-256) per il solo certificato con impronta SHA-256
  {recipient}
e si apre soltanto con la sua chiave privata:

  openssl cms -decrypt -binary -inform DER -in allegato.cms -inkey CHIAVE.pem -out allegato.tar
  tar -xf allegato.tar
  approdo verify-dossier . --trust FIDUCIA

Contiene case, camere, zone, graduatorie e chi ha agito: aprilo dove nessun altro legge, e cancella
allegato.tar dopo l'uso. La cifratura custodisce e non garantisce: garantiscono le prove e le firme dentro.
"""
