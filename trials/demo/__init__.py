"""`make demo`: one emergency night over HTTP on a ledger of its own, shown step by step, replayed and
verified.
"""
