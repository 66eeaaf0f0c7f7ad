"""Figures over time: what is regular in them, what comes next, and what is out of line."""
