"""Tests of decisions over several aggregates."""
