"""Collected events: from the log into the store."""
