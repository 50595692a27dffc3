"""Mirrors `api/http`."""
