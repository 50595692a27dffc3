"""Ways out of the program to a person: each kept behind a port of `api.adapters.notifier`, chosen by
`api.wiring`.
"""
