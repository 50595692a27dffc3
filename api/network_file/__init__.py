"""A network is founded from one file: `schema` says what may stand in it, `reading` checks it as a whole,
`founding` writes it to the ledger, `naming` gives back the ids.

Not a way to change a network that stands; that is done through the doors. Called by `approdo init` and by
trials.
"""
