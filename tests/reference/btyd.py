"""Likelihoods of buying, one customer at a time, as the papers print them."""

from math import exp, lgamma, log


def hypergeometric(a, b, c, z):
    total = term = 1.0
    j = 0
    while abs(term) > 1e-17 * abs(total):
        term *= (a + j) * (b + j) / ((c + j) * (j + 1)) * z
        total += term
        j += 1
    return total


def beta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def bg_nbd(parameters, x, t, end):
    """Return ln L: Fader, Hardie and Lee 2005."""
    r, alpha, a, b = parameters
    front = lgamma(r + x) - lgamma(r) + r * log(alpha)
    stays = exp(beta(a, b + x) - beta(a, b)) * (alpha + end) ** -(r + x)
    leaves = exp(beta(a + 1, b + x - 1) - beta(a, b)) * (alpha + t) ** -(r + x) if x else 0
    return front + log(stays + leaves)


def mbg_nbd(parameters, x, t, end):
    """Return ln L: Batislam, Denizel and Filiztekin 2007."""
    r, alpha, a, b = parameters
    front = lgamma(r + x) - lgamma(r) + r * log(alpha)
    stays = exp(beta(a, b + x + 1) - beta(a, b)) * (alpha + end) ** -(r + x)
    leaves = exp(beta(a + 1, b + x) - beta(a, b)) * (alpha + t) ** -(r + x)
    return front + log(stays + leaves)


def pareto_nbd(parameters, x, t, end):
    """Return ln L: Fader and Hardie 2005, A note on deriving the Pareto/NBD model."""
    r, alpha, s, beta_ = parameters
    second = s + 1 if alpha >= beta_ else r + x
    most, gap = max(alpha, beta_), abs(alpha - beta_)

    def ends(when):
        z = gap / (most + when)
        return hypergeometric(r + s + x, second, r + s + x + 1, z) / (most + when) ** (r + s + x)

    stays = (alpha + end) ** -(r + x) * (beta_ + end) ** -s
    left = s / (r + s + x) * (ends(t) - ends(end))
    return lgamma(r + x) - lgamma(r) + r * log(alpha) + s * log(beta_) + log(stays + left)


def bg_nbd_expected(parameters, x, t, end, horizon):
    """Return expected purchases: Fader, Hardie and Lee 2005."""
    r, alpha, a, b = parameters
    z = horizon / (alpha + end + horizon)
    shrunk = ((alpha + end) / (alpha + end + horizon)) ** (r + x)
    numerator = (a + b + x - 1) / (a - 1) * (1 - shrunk * hypergeometric(r + x, b + x, a + b + x - 1, z))
    odds = a / (b + x - 1) * ((alpha + end) / (alpha + t)) ** (r + x) if x else 0
    return numerator / (1 + odds)
