"""Tests of who may do what: the relations, the table, the one function."""
