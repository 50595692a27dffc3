"""Which places fit a request, in which order, and why: versioned rankers over a fold of the log, and their
certificate.
"""
