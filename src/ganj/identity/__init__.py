"""Knows which identifiers belong to one person: rules, stitching, duplicates; pure, it stores nothing."""
