"""The one store of events: its contract (`port`), the adapters that keep it, and the codec between events and
bytes.
"""
