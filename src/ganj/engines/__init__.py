"""Where a miner runs; never what it computes."""
