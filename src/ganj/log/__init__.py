"""Keeps collected events as they arrived: groups with a checksum, on disk before they are acknowledged."""

from ganj.log.line import DECISION, OWN, REJECTED, Line, decode, encode, trailer

__all__ = ["DECISION", "OWN", "REJECTED", "Line", "decode", "encode", "trailer"]
