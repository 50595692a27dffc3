"""Whole roads of a request, told step by step."""
