"""Ladders of refusals, by family of commands; `tests.domain.test_refusals` climbs them."""
