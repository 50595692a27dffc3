"""What a log says of itself and others of it, in the formats of C2SP: notes, heads, trust, proofs. Pure."""
