"""Learning from what happened to what will: sample, design, learners, calibration, trial, reasons, leaks.

An analysis that predicts folds histories into a `Sample` and learns from that: the sample is bounded, whatever
the number of customers, and everything after it is small.  What is random is drawn from a seed.
"""
