"""What nights, drills and figures stand on: a server and ledger of their own, real processes, tokens,
clients.
"""
