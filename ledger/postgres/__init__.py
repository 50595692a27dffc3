"""The ledger's PostgreSQL: a server of our own when none is given, the schema's migrations, and what goes
wrong there.
"""
