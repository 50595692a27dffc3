"""A sealed log as a directory: what it holds, how it is written, how it is read."""
