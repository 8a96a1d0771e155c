# SPDX-License-Identifier: GPL-3.0-or-later
"""How likely counts are to come from chance alone."""

import math


def _upper_gamma(half_degrees, half):
    """The regularised upper incomplete gamma function: a series, or a continued fraction."""
    scale = math.exp(half_degrees * math.log(half) - half - math.lgamma(half_degrees))
    if half < half_degrees + 1:
        term = total = 1 / half_degrees
        count = half_degrees
        while abs(term) > abs(total) * 1e-16:
            count += 1
            term *= half / count
            total += term
        return 1 - total * scale
    tiny = 1e-300
    b = half + 1 - half_degrees
    c, d = 1 / tiny, 1 / b
    fraction = d
    for i in range(1, 10000):
        a = -i * (i - half_degrees)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        fraction *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return fraction * scale


def p_value(counts, shares):
    """Probability that counts deviate this far from their shares by chance (chi-square test).

    counts, shares: dicts with the same keys; a count without a share makes it impossible.
    """
    total = sum(counts.values())
    if any(shares.get(what, 0) == 0 for what, count in counts.items() if count > 0):
        return 0.0
    square = sum((counts.get(what, 0) - total * share) ** 2 / (total * share)
                 for what, share in shares.items() if share > 0)
    degrees = sum(share > 0 for share in shares.values()) - 1
    return 1.0 if degrees == 0 or square == 0 else _upper_gamma(degrees / 2, square / 2)
