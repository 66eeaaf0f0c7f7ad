"""Loops in Numba: arrays in, arrays out.

Serial, ``nogil``, cached, over a range of customers; the engine runs ranges side by side on its own threads.
"""
