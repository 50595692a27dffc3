"""Mirrors `api`."""
