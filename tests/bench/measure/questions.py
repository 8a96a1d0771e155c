# SPDX-License-Identifier: GPL-3.0-or-later
"""The questions, and the zones that have the answers."""

import collections

APEX = "bench.test"
BESIDE = "beside.test"  # Knot's own zone in the server that has a store.
BESIDE_NAMES = 1000
HOT = 1000
DISTANCE = 2  # Names are "n" and eight digits of an even number.
RCODE = {"NOERROR": 0, "NXDOMAIN": 3}
A, AAAA = 1, 28
NO_AIMS = (None, None)


class Question(collections.namedtuple(
        "Question", "name first suffix rrtype rcode answers names aims title once",
        defaults=[None])):
    """One row.

    first   0: names that the zone has; 1: names between them
    names   how many are drawn from: a number, or None for as many as the zone has
    aims    greatest ratios to knotd's cost that are aimed at, without and with EDNS, or None
    once    that of a large zone, each name of which is asked for once
    """

    def is_once(self, zone):
        """Whether each name is asked for once: in a zone that has more than the hot ones."""
        return self.names is None and zone > HOT

    def aim(self, zone, edns):
        if self.is_once(zone):
            return None if edns else self.once
        return self.aims[edns]

    def drawn(self, zone):
        """How many names are drawn from a zone of a size, and the distance between them."""
        if self.names is None:
            return zone, DISTANCE
        if self.suffix == APEX:
            return min(self.names, zone), max(1, zone // self.names) * DISTANCE
        return self.names, DISTANCE


QUESTIONS = [
    Question("static", 0, APEX, A, "NOERROR", 1, None, NO_AIMS, "static A, each name once", 1.1),
    Question("hot", 0, APEX, A, "NOERROR", 1, HOT, (0.63, 0.79), "static A, 1,000 of the names"),
    Question("nodata", 0, APEX, AAAA, "NOERROR", 0, None, (0.65, 0.76), "NODATA, all names", 1.0),
    Question("nxdomain", 1, APEX, A, "NXDOMAIN", 0, None, (0.65, 0.76),
             "NXDOMAIN, between all names", 0.92),
    Question("wildcard", 0, "wild." + APEX, A, "NOERROR", 1, None, (0.55, None), "wildcard A"),
    Question("passed-on", 0, BESIDE, A, "NOERROR", 1, BESIDE_NAMES, (1.05, None),
             "A of a zone of Knot's, passed on"),
]
BY_NAME = {question.name: question for question in QUESTIONS}


def asked_of(names, chosen):
    """Questions for a zone of a size: a small zone has only hot names."""
    return [question for question in QUESTIONS if question.name in chosen
            and (question.name != "static" or question.is_once(names))]


HEAD = """$ORIGIN {apex}.
$TTL 3600
@ SOA ns.{apex}. admin.{apex}. 1 3600 600 86400 300
@ NS ns.{apex}.
"""


def write_zone(path, apex, names):
    """A zone file with that many names, in canonical order."""
    with open(path, "w", encoding="ascii") as out:
        out.write(HEAD.format(apex=apex))
        block = 100000
        for first in range(0, names, block):
            out.write("".join(f"n{i * DISTANCE:08} A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n"
                              for i in range(first, min(first + block, names))))
        out.write("ns A 192.0.2.1\n*.wild A 192.0.2.2\n")
    return path
