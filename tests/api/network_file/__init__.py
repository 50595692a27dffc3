"""Mirrors `api/network_file`."""
