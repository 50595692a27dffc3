"""Real Chromium at the real server (`make test-browser`): see `decision 0024`."""
