"""HTTP and JSON: routes with their request models beside them, problems, idempotency. No rule of the
domain lives here."""
