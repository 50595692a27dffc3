"""Tests of what did happen: the store, its database and its evidence."""
