"""Tests of the store: one contract for its adapters, the append function, and the library on our table."""
