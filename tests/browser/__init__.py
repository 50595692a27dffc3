"""Real Chromium at the real server: see `docs/decisions/0024-assets-and-browser-tests.md`; `make test-browser`."""
