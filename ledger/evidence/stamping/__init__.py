"""Time stamps (RFC 3161) over the heads of a log: asked for, checked, kept as they came."""
