"""Seeded nights and years of an EXERCISE that drive the real engine on virtual time (`make simulate`).

Houses, people and dates are invented; what is published about such networks is in `parameters`, each figure
with its source. What the run says of the engine is judged from the log and by readings of its own.
"""
