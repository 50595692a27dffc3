"""Tests of ranking, of its certificate and of the fold it reads."""
