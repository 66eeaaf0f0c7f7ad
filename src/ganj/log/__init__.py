"""Keeps collected events as they arrived: groups with a checksum, on disk before they are acknowledged."""

from ganj.log.line import DECISION, MANY, OWN, REJECTED, Line, decode, encode, trailer
from ganj.log.reasons import REASONS
from ganj.log.writing import LogFull, LogUnwritable, Writer

__all__ = [
    "DECISION",
    "MANY",
    "OWN",
    "REASONS",
    "REJECTED",
    "Line",
    "LogFull",
    "LogUnwritable",
    "Writer",
    "decode",
    "encode",
    "trailer",
]
