"""The register: one contract for memory and PostgreSQL."""
