"""Copies of a case for a court as people read them: in Italian words, as JSON and as pages (PDF/A).

What is proved stands in `ledger.evidence.dossier`; this is made from it and proves nothing by itself.
"""
