"""Who is asking: tokens checked, the person mapped to a random actor id, the role and houses they act for."""
