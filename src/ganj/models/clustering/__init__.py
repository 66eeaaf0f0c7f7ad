"""Customers who are alike: their figures on one scale, groups of near ones, and whether there are any.

::

    crowd       distinct combinations of categories and figures, with counts: a state that merges
    scaling     figures on one scale: logarithm where skewed, median and quartiles, categories as shares
    lloyd       k-means: seeded, several starts on a sample, polished on everyone
    ward        hierarchical clusters of micro-clusters, and their tree
    choosing    how many clusters, and whether there are any
"""
