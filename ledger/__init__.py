"""What did happen: the append-only record, how it is written, read, proved and kept."""
