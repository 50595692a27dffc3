"""Sealing a log: its tree grown and its heads signed, apart from those who write it."""
