"""Keeps collected events as they arrived: groups with a checksum, on disk before they are acknowledged."""
