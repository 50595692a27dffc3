"""What may happen: the rules of protected placement, pure, on the standard library alone.

Nothing here reads a clock, draws a random number, opens a file or waits. Callers pass `now`, the policy and
ids in.
"""
