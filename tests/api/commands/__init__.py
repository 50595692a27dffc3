"""Mirrors `api/commands`."""
