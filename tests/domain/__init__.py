"""Tests of what may happen: one module per module of the domain, in sentences."""
