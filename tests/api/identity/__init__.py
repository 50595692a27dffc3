"""Mirrors `api/identity`."""
