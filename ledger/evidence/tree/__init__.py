"""The Merkle tree of RFC 6962 over the leaves of a log, and its tiles. Pure."""
