"""Tests of one placement by itself."""
