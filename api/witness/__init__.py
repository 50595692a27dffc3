"""The HTTP doors of a witness: a program of its own, beside no ledger."""
