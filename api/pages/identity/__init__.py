"""Signing in and out, switching, locking: the pages over the doors of sessions, devices and passkeys."""
