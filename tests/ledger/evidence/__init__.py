"""Mirrors `ledger/evidence`."""
