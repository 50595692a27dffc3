"""The ledger's PostgreSQL: a server of our own where none is given, and the schema's migrations."""
