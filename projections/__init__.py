"""How it looks now: read models, each disposable and rebuilt from the log."""
