# SPDX-License-Identifier: GPL-3.0-or-later
"""What the steps that look at the client make of candidates: a model of steer-policies(7), S11 to
S16.

Each result comes with the names of the maps that were looked up (steer/maps.py).
"""

import itertools
import math

from steer.maps import distance, point_of

UNKNOWN = math.inf
# Distances of which one is hardly greater are not compared: the library's are whole metres, right
# within a few, and within 600 at the opposite end of the earth.
HARDLY = 3e-4


class Ambiguous(Exception):
    """Two distances are so near each other that this model cannot tell which is greater."""


def nearly(one, other):
    return abs(one - other) <= HARDLY * max(one, other) + 10 and UNKNOWN not in (one, other)


# Matching.

def geo_level(one, place):
    """0 is the most specific place of a client; None: it is not one of the client's."""
    want = one.geo
    if want is None:
        return 3
    if place is None:
        return None
    if want.subdivision is not None:
        return 0 if (want.country, want.subdivision) == (place.country, place.subdivision) else None
    if want.country is not None:
        return 1 if want.country == place.country else None
    return 2 if want.continent == place.continent else None


def location_of(candidates, blocks, length):
    """Location of the longest block, not longer than the client's prefix, that a candidate names;
    None: there is none."""
    named = {one.location for one in candidates}
    fitting = [location for network, location in blocks or ()
               if network.prefixlen <= length and location in named]
    return fitting[-1] if fitting else None


def matching(step, candidates, group, sight):
    """Levels of the candidates that match, the most specific first; at least one, if empty."""
    if step.name == "geo":
        name = "geo"
        place = sight.find(name)
        levels = {one: geo_level(one, place) for one in candidates}
    elif step.name == "asn":
        name = "asn"
        asn = sight.find(name)
        levels = {one: 0 if asn in one.asns else None if one.asns else 1 for one in candidates}
    else:
        name = f"cidr/{group.collection}"
        blocks = sight.find(name)
        here = location_of(candidates, blocks, sight.client.network.prefixlen) if blocks else None
        levels = {one: 1 if one.location is None else 0 if one.location == here else None
                  for one in candidates}
    found = [tuple(one for one in candidates if levels[one] == level) for level in range(4)]
    return tuple(filter(None, found)) or ((),), frozenset({name})


# Measuring.

def latencies(candidates, sight):
    """Microseconds by set; None: the map does not have them for all candidates."""
    rtts = sight.find("latency") or {}
    if all(one.region in rtts for one in candidates):
        return {one: rtts[one.region] for one in candidates}
    return None


def distances(candidates, sight, bias):
    """Metres by set, as the bias makes them; None: it is not known where the client is."""
    here = point_of(sight.find("geo"))
    if here is None:
        return None
    found = {}
    for one in candidates:
        there = one.point or sight.maps.regions.get(one.region)
        if there is None:
            found[one] = UNKNOWN
        else:
            percent = one.bias if bias else 0
            scale = 1 - percent / 100 if percent >= 0 else 1 / (1 + percent / 100)
            found[one] = distance(here, there) * scale
    return found


def must_differ(values):
    """Distances are either equal or so different that all agree on their order."""
    for one, other in itertools.pairwise(sorted(values)):
        if one != other and nearly(one, other):
            raise Ambiguous


def measured(step, candidates, group, sight):
    """The candidates in order of their measure, equal ones in that of the group; the measures, None
    if there are none; and what was looked up."""
    looked = {"geo"}
    if step.name == "nearest":
        found = distances(candidates, sight, True)
    else:
        looked = {"latency"}
        found = latencies(candidates, sight)
        if found is None:
            looked.add("geo")
            found = distances(candidates, sight, False)
            if found is not None and UNKNOWN in found.values():
                found = None
    if found is not None:
        must_differ(found.values())
    order = sorted(candidates, key=lambda one: ((found or {}).get(one, 0), group.sets.index(one)))
    measures = None if found is None else tuple(found.items())
    return tuple(order), measures, frozenset(looked)


def near(step, candidates, measures):
    """Those whose measure is at most so many percent greater than the least one that is left."""
    if measures is None or not candidates:
        return candidates
    found = dict(measures)
    least = min(found[one] for one in candidates)
    if least == UNKNOWN:
        return candidates
    most = least * (100 + step.percent)
    if not isinstance(least, int) and any(
            found[one] != least and nearly(found[one], most / 100) for one in candidates):
        raise Ambiguous
    return tuple(one for one in candidates if found[one] == least or found[one] * 100 <= most)
