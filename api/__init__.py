"""The doors: HTTP, the command line, the loops; and the one file that wires them to the rest."""
