"""Frequent sequences: ganj beside SPMF (Java), rusket (Rust) and prefixspan (Python), equal sequences and counts.

SIGN (long, full histories) and BMS-WebView-1 (short ones, and a few that are very long). Each contender gets the sequences
ready made and returns every frequent one with its count; SPMF's time is what it says of itself, the start of Java
left out, the fastest of three of its programs. The ratio is the least over the data of how many times as long the
fastest SPMF program takes; that against the fastest peer of all is told beside. ``--peer PYTHON`` says whose Python has the peers.
"""

from __future__ import annotations

import argparse
import sys

from bench.patterns.beside import beside, numbered

from ganj.kernels.prefixspan import frequent_sequences

BAR = 5.0
CASES = {"SIGN": ("SIGN.txt.gz", (219, 146, 110)), "BMS1": ("BMS1_spmf.txt.gz", (60, 42))}
SPMF = ("SPMF PrefixSpan", "SPMF CM-SPADE", "SPMF CM-SPAM")


def main() -> float:
    words = argparse.ArgumentParser(prog="python -m bench sequences", description=__doc__)
    words.add_argument("--peer", default=sys.executable)
    python = words.parse_args().peer
    least_of_spmf, least_of_all = [], []
    for case, (name, leasts) in CASES.items():
        given = numbered(f"sequences/{name}")
        for least in leasts:
            tries = {"rusket": 3, **dict.fromkeys(SPMF, 1)}
            if least == max(leasts):
                tries["prefixspan"] = 1
            ratios = beside(case, given, least, frequent_sequences, tries, python)
            least_of_spmf.append(min(ratios[program] for program in SPMF))
            least_of_all.append(min(ratios.values()))
    print(f"against the fastest peer of all {min(least_of_all):.1f}")
    print(f"sequences ratio {min(least_of_spmf):.1f} (bar {BAR:.0f})")
    if min(least_of_spmf) < BAR:
        sys.exit(1)
    return min(least_of_spmf)


if __name__ == "__main__":
    main()
