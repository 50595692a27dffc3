"""What makes the record evidence: the bytes a leaf is made of and the checks a log must pass. No database
driver is needed here."""
