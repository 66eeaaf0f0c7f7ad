"""Probability models of customers: likelihoods over counted rows, their fit, and what they expect.

Everything here reads counts of equal rows, never customers one by one: a million customers seen by
the day are some 180,000 different rows.  Nothing here knows events, tables or words for people.
"""
