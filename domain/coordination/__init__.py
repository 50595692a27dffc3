"""Decisions over several aggregates at once: the only place that sees more than one. One module per family of
commands.
"""
