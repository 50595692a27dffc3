"""Copies of one case for a court: its events with their proofs, that none was left out, and their checking.

The copy that may be shown withholds what is reserved; the annex has it, encrypted to one recipient. Words and
pages are `api.dossier`'s.
"""
