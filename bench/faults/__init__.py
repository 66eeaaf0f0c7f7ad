"""Faults, one script each: what was lost and what was doubled.  Run: ``python -m bench.faults.NAME``."""
