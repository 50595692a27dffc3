"""Checking an exported log with nothing but the export and keys: no database, no network."""
