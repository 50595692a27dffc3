"""The trials judged from outside: what they leave in a log, and that they fail when they should."""
