# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison: the same questions to two servers, and what their answers have in common.

Equal are: rcode, AA, TC, the question as it was asked, and the answer, authority and additional
sections as sets, owners with their case, names in rdata regardless of it. Servers nearly always
agree byte by byte; only the rest is parsed.

Questions that may be answered differently are explained by an exception: a rule that says what
the second server must answer instead, so an exception never lets anything pass unchecked.
"""

import collections
import contextlib

from steer.client import Tcp, Udp, WINDOW
from steer.wire import (Answer, EDNS_1232, EDNS_512, EDNS_DO, NOERROR, NXDOMAIN, PLAIN, TYPES,
                        YXDOMAIN, lower, name_of, question, text)
from steer.zonemodel import closest

NS, CNAME, DNAME, SOA, DS, OPT, ANY = (
    TYPES[t] for t in ("NS", "CNAME", "DNAME", "SOA", "DS", "OPT", "ANY"))
TWELVE = [TYPES[t] for t in ("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "SRV", "DS", "DNAME",
                             "ANY", "TYPE65280")]

# How a question travels: word for messages, client, EDNS.
Transport = collections.namedtuple("Transport", "word client edns")
UDP = Transport("UDP", Udp, PLAIN)
UDP_512 = Transport("UDP, EDNS 512", Udp, EDNS_512)
UDP_1232 = Transport("UDP, EDNS 1232", Udp, EDNS_1232)
UDP_DO = Transport("UDP, EDNS 1232 with DO", Udp, EDNS_DO)
TCP = Transport("TCP", Tcp, PLAIN)
TCP_EDNS = Transport("TCP, EDNS", Tcp, EDNS_1232)
ALL_TRANSPORTS = (UDP, UDP_512, UDP_1232, UDP_DO, TCP, TCP_EDNS)

# The type of the records that make a name exist in the oracle's zones.
MARKER = 65281
# CNAMEs and DNAMEs that Knot follows for one question.
CHAIN_MAX = 5

_CNAME_LIKE = (CNAME.to_bytes(2, "big"), DNAME.to_bytes(2, "big"))


def section(rrs):
    """A section as a set, regardless of order and case: the oracle is asked in lower case."""
    return frozenset((lower(owner), rrtype, rclass, ttl, rdata)
                     for owner, rrtype, rclass, ttl, rdata in rrs)


def difference(a, b):
    """How two parsed replies differ, or None."""
    for what in ("rcode", "aa", "tc", "flags", "question"):
        if getattr(a, what) != getattr(b, what):
            return what
    for what in ("answer", "authority", "additional"):
        one, other = getattr(a, what), getattr(b, what)
        if len(one) != len(other) or set(one) != set(other):
            return what
    return None


class Reached:
    """Counts which corner cases were reached, from the place of the question in the zone and the
    first server's answer."""

    def __init__(self):
        self.seen = collections.Counter()    # (place, type, flags, an, ns) of every answer
        self.chains = collections.Counter()  # words about CNAME and DNAME chains
        self.transports = collections.Counter()

    def note(self, place, rrtype, message, transport, chained=None, answer=None):
        self.seen[place, rrtype, message[2:4], message[7] > 0 or message[6] > 0,
                  message[9] > 0 or message[8] > 0] += 1
        self.transports[transport.word] += 1
        if chained is not None:
            self.chains.update(chained(answer))

    def count(self, condition):
        """Sum over all answers for which condition(place, type, rcode, aa, tc, an, ns) holds."""
        total = 0
        for (place, rrtype, flags, answers, authority), number in self.seen.items():
            bits = int.from_bytes(flags, "big")
            if condition(place, rrtype, bits & 15, bool(bits & 0x400), bool(bits & 0x200), answers,
                         authority):
                total += number
        return total


def chain_words(zone, answer):
    """What happened in a reply with CNAMEs, DNAMEs or a referral."""
    words = []
    owners = {lower(rr[0]) for rr in answer.answer if rr[1] == CNAME}
    cnames = [rr for rr in answer.answer if rr[1] == CNAME]
    dnames = [rr for rr in answer.answer if rr[1] == DNAME]
    if answer.tc:
        return ["truncated chain"]
    if dnames and cnames:
        words.append("DNAME with synthesis")
        if any(lower(rr[0]) == zone.apex for rr in dnames):
            words.append("DNAME at the apex")
    if len(dnames) > 1:
        words.append("DNAME to DNAME")
    if answer.rcode == YXDOMAIN:
        words.append("YXDOMAIN")
        if cnames:
            words.append("YXDOMAIN after a CNAME")
    if cnames:
        if len(cnames) > 1 and not dnames:
            words.append("CNAME chain")
        last = lower(name_of(cnames[-1][4]))
        other = any(rr[1] not in (CNAME, DNAME) for rr in answer.answer)
        kind = "DNAME" if dnames else "CNAME"
        if other:
            words.append(f"{kind} to data")
        elif answer.rcode == NXDOMAIN:
            words.append(f"{kind} to nothing")
        elif any(rr[1] == SOA for rr in answer.authority):
            words.append(f"{kind} to NODATA")
        elif any(rr[1] == NS for rr in answer.authority):
            words.append(f"{kind} to a delegation")
        elif not zone.contains(last):
            words.append(f"{kind} out of the zone")
        elif last in owners:
            words.append(f"{kind} loop")
        elif len(cnames) >= CHAIN_MAX:
            words.append("chain beyond the limit")
    if not answer.answer and any(rr[1] == NS for rr in answer.authority):
        cut = lower(answer.authority[0][0])
        targets = [lower(name_of(rr[4])) for rr in answer.authority if rr[1] == NS]
        below = [t for t in targets if t[-len(cut):] == cut]
        inside = [t for t in targets if zone.contains(t) and t not in below]
        glue = {lower(rr[0]) for rr in answer.additional if rr[1] != OPT}
        if glue.intersection(below):
            words.append("referral with glue below the cut")
        if glue.intersection(inside):
            words.append("referral with glue elsewhere in the zone")
        if not below and not inside:
            words.append("referral to servers outside")
        if below and not glue.intersection(below):
            words.append("referral without the glue it needs")
    return words


class Excuse:
    """An exception that explained a difference."""

    def __init__(self, name, reason):
        self.name, self.reason = name, reason


ANCESTOR = Excuse(
    "ancestor of a hosted apex",
    "the apex of a hosted zone makes its ancestors exist in the enclosing hosted zone, for Knot "
    "they do not")
CHAIN = Excuse(
    "chain across zones",
    "CNAME and DNAME chains are followed into the closest hosted zone, Knot stays in the first")
EXCEPTIONS = (ANCESTOR, CHAIN)


class Oracle:
    """What mod-steer must answer where it deviates from Knot on purpose.

    Its server is a Knot that serves the same zones, where each zone that encloses another holds a
    record of a private type at the inner apex; so the ancestors exist, and that is the first
    exception. For the second, its answers are put together zone by zone.
    """

    def __init__(self, server, zones):
        self.client = Tcp(server.address)
        self.zones = zones
        self.known = {}

    def close(self):
        self.client.close()

    def ask(self, name, rrtype):
        """The server's answer; asked once, whatever the transport and the case of the question."""
        key = (lower(name), rrtype)
        if key not in self.known:
            self.known[key] = self._send(*key)
            if rrtype == ANY and any(rr[1] == MARKER for rr in self.known[key].answer):
                self.known[key] = self._send(key[0], MARKER + 1)  # What ANY finds without it.
        return self.known[key]

    def _send(self, name, rrtype):
        self.client.send([question(name, rrtype)])
        return Answer(self.client.receive(1)[0])

    def zone_of(self, name, rrtype):
        if rrtype == DS and name:
            parent = closest(self.zones, name[1:])
            if parent is not None:
                return parent
        return closest(self.zones, name)

    def explain(self, name, rrtype, got):
        """The exception that allows a reply, or None."""
        first = self.ask(name, rrtype)
        if self._same(got, first.rcode, first.answer, first.authority):
            return ANCESTOR
        if self._same(got, *self._stitch(first, rrtype)):
            return CHAIN
        return None

    @staticmethod
    def _same(got, rcode, answers, authority):
        if got.tc:  # The longer answer does not fit; the same question is asked over TCP, too.
            return section(got.answer) <= section(answers)
        return (rcode == got.rcode and section(answers) == section(got.answer)
                and section(authority) == section(got.authority))

    def _stitch(self, reply, rrtype):
        """Follows the chain from zone to zone: rcode, answer and authority sections."""
        zone = self.zone_of(lower(reply.question[0]), rrtype)
        answers, seen, steps = [], set(), 0
        while True:
            leave = None
            for rr, before, after in zip(reply.answer, [None, *reply.answer],
                                         [*reply.answer[1:], None]):
                made = rr[1] == CNAME and before is not None and before[1] == DNAME
                # Synthesized from a DNAME that is there already: ANY follows no CNAME of the zone.
                again = rr[1] == CNAME and before is not None and before[1] == CNAME and \
                    rrtype == ANY
                if rr[1] == DNAME and after is not None and after[1] == CNAME or again or \
                        rr[1] == CNAME and not made and rrtype not in (CNAME, ANY):
                    if steps == CHAIN_MAX or (lower(rr[0]), rr[1]) in seen:
                        return NOERROR, answers, []
                    seen.add((lower(rr[0]), rr[1]))
                    steps += 1
                answers.append(rr)
                if rr[1] == CNAME and rrtype != CNAME and (made or again or rrtype != ANY):
                    leave = self._inner(zone, lower(name_of(rr[4])), rrtype)
                    if leave is not None:
                        break
            if leave is None:
                return reply.rcode, answers, reply.authority
            zone = self.zone_of(leave, rrtype)
            reply = self.ask(leave, rrtype)

    def _inner(self, zone, target, rrtype):
        """The target, if it belongs to another hosted zone."""
        other = self.zone_of(target, rrtype)
        return target if other is not None and other is not zone else None


class Difference(AssertionError):
    """The servers answer differently."""


class Comparison:
    """Asks two servers the same questions."""

    SHOWN = 10  # Differences described in full.

    def __init__(self, left, right, zones, oracle=None, may_differ=None, ordered=False):
        """may_differ: apexes of the zones whose answers may need an exception; None: of all.
        ordered: the RRs of a section must have the same order, too."""
        self.left, self.right = left, right
        self.zones = {zone.apex: zone for zone in zones}
        self.oracle = oracle
        self.may_differ = may_differ
        self.ordered = ordered
        self.reached = Reached()
        self.asked = 0
        self.parsed = 0
        self.excused = collections.Counter()
        self.excused_queries = collections.defaultdict(list)
        self.differences = []

    def run(self, pairs, transport):
        """Asks (name, place, zone, type) tuples over one transport."""
        with contextlib.closing(transport.client(self.left.address)) as left, \
                contextlib.closing(transport.client(self.right.address)) as right:
            for start in range(0, len(pairs), WINDOW):
                block = pairs[start:start + WINDOW]
                queries = [question(name, rrtype, transport.edns) for name, _, _, rrtype in block]
                count = left.send(queries)
                right.send(queries)
                for pair, query, a, b in zip(block, queries, left.receive(count),
                                             right.receive(count)):
                    self._judge(pair, query, a, b, transport)

    def _judge(self, pair, query, a, b, transport):
        name, place, zone, rrtype = pair
        self.asked += 1
        chained = parsed = None
        after = len(query) - len(transport.edns[1]) + 2
        if zone is not None and (a[after + 2:after + 4] in _CNAME_LIKE and a[7] and
                                 rrtype not in (CNAME, DNAME) or a[9] and not a[2] & 4):
            parsed = Answer(a)
            chained = lambda answer: chain_words(zone, answer)  # noqa: E731
        self.reached.note(place, rrtype, a, transport, chained, parsed)
        if a == b:
            if a[12:after] != query[10:10 + after - 12]:
                self.differences.append(f"{text(name)} {rrtype}: the question changed its case")
            return
        self.parsed += 1
        one, other = Answer(a), Answer(b)
        what = difference(one, other)
        if what is None and self.ordered and [rr[1:] for rr in one.answer + one.authority] != \
                [rr[1:] for rr in other.answer + other.authority]:
            what = "order"
        if what is None:
            return
        excuse = self.explain(pair, query, one, other, transport)
        if excuse is not None:
            self.excused[excuse.name] += 1
            self.excused_queries[transport].append(query)
            return
        self.differences.append(
            f"{text(name)} type {rrtype} by {transport.word}: {what} differs ({place})\n"
            f"  {self.left.name}:\n{one}\n"
            f"  {self.right.name}:\n{other}")

    def explain(self, pair, _query, _one, other, _transport):
        """The exception that allows the second server's reply, or None."""
        name, _, zone, rrtype = pair
        if self.oracle is None or (self.may_differ is not None and (
                zone is None or zone.apex not in self.may_differ)):
            return None
        return self.oracle.explain(name, rrtype, other)

    def check_counters(self):
        """mod-stats counts the same on both, except for excused questions, which are asked again to
        know how they count."""
        before = [server.stats() for server in (self.left, self.right)]
        for transport, queries in self.excused_queries.items():
            for server in (self.left, self.right):
                with contextlib.closing(transport.client(server.address)) as client:
                    for start in range(0, len(queries), WINDOW):
                        count = client.send(queries[start:start + WINDOW])
                        client.receive(count)
        after = [server.stats() for server in (self.left, self.right)]
        plain = []
        for old, new in zip(before, after):
            plain.append({name: 2 * old.get(name, 0) - value for name, value in new.items()})
        for name in sorted(set(plain[0]) | set(plain[1])):
            one, other = plain[0].get(name, 0), plain[1].get(name, 0)
            if one != other:
                self.differences.append(f"counter {name}: {one} and {other}")

    def check(self):
        """Raises if anything differed."""
        if self.differences:
            shown = self.differences[:: max(1, len(self.differences) // self.SHOWN)]
            raise Difference(f"{len(self.differences)} differences in {self.asked} questions, "
                             "some of them:\n" + "\n".join(shown))


def questions_of(zones, names_of, types=None):
    """Questions about zones: tuples of name, place, zone and type.

    zones     all zones of the server
    names_of  name lists per zone, in the order of zones
    """
    types = TWELVE if types is None else types
    by_apex = {zone.apex: zone for zone in zones}
    pairs = []
    for names in names_of:
        for name in names:
            low = lower(name)
            zone = closest(by_apex, low)
            place = "outside" if zone is None else zone.place(low)
            pairs.extend((name, place, zone, rrtype) for rrtype in types)
    return pairs


__all__ = ["ALL_TRANSPORTS", "Comparison", "Difference", "EXCEPTIONS", "Oracle", "Reached", "TCP",
           "TCP_EDNS", "TWELVE", "UDP", "UDP_1232", "UDP_512", "UDP_DO", "difference",
           "questions_of"]
