# SPDX-License-Identifier: GPL-3.0-or-later
"""What an overlay must answer, worked out from what it holds and from what Knot answers without it.

Where the overlay has no part in an answer, the message must be Knot's, byte for byte.
"""

import contextlib

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from steer.client import WINDOW
from steer.differ import ALL_TRANSPORTS, TWELVE, section
from steer.wire import NOERROR, NXDOMAIN, TYPES, Answer, lower, name_of, question, text

A, NS, CNAME, MX, AAAA, SRV, DNAME, OPT, ANY = (
    TYPES[t] for t in ("A", "NS", "CNAME", "MX", "AAAA", "SRV", "DNAME", "OPT", "ANY"))
# Bytes before the name in rdata whose name's addresses are added.
NAMED_AT = {NS: 0, MX: 2, SRV: 6}


class Overlay:
    """What the store holds: owner -> type -> [(ttl, rdata)]. Names are lower case."""

    def __init__(self, apex, *records):
        """records: "owner TTL type rdata", owners relative to the apex, names in rdata too."""
        self.origin = dns.name.from_text(apex)
        self.apex = lower(tuple(self.origin.labels[:-1]))
        self.records = {}
        for record in records:
            self.add(record)

    def name(self, word):
        return lower(tuple(dns.name.from_text(word, self.origin).labels[:-1]))

    def add(self, record):
        owner, ttl, rrtype, rdata = record.split(" ", 3)
        parsed = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(rrtype), rdata,
                                     self.origin, relativize=False)
        self.records.setdefault(self.name(owner), {}).setdefault(int(parsed.rdtype), []).append(
            (int(ttl), parsed.to_digestable()))

    def commands(self):
        """The same for steerctl set: lists of words."""
        made = []
        for name, types in self.records.items():
            for rrtype, rrs in types.items():
                values = [dns.rdata.from_wire(dns.rdataclass.IN, rrtype, rdata, 0,
                                              len(rdata)).to_text() for _, rdata in rrs]
                made.append(["set", text(name), dns.rdatatype.to_text(rrtype), "--ttl",
                             str(rrs[0][0]), *values])
        return made

    def put(self, store):
        """Creates the overlay in a store."""
        store.ok("zone", "create", text(self.apex), "--overlay")
        for words in self.commands():
            store.ok(*words)
        return store

    def holds(self, name, rrtype):
        return rrtype in self.records.get(name, {})

    def exists(self, name):
        """Whether it holds the name or names below."""
        return any(held[-len(name):] == name for held in self.records)

    def rrs(self, name, rrtype):
        return [(name, rrtype, 1, ttl, rdata) for ttl, rdata in self.records[name][rrtype]]

    def walk(self, name, rrtype):
        """RRs that answer from this name on; None: it does not hold the name and type."""
        found, seen = [], set()
        while name not in seen:
            seen.add(name)
            if rrtype == ANY:
                break
            if self.holds(name, rrtype):
                return found + self.rrs(name, rrtype)
            if not self.holds(name, CNAME):
                break
            found += self.rrs(name, CNAME)
            name = lower(name_of(self.records[name][CNAME][0][1]))
        return found or None

    def addresses(self, answers):
        """What it adds to its own answers."""
        added = []
        for rr in answers:
            if rr[1] in NAMED_AT:
                target = lower(name_of(rr[4], NAMED_AT[rr[1]]))
                for rrtype in (A, AAAA):
                    if self.holds(target, rrtype):
                        added += self.rrs(target, rrtype)
        return added

    def expect(self, below):
        """From Knot's answer: (rcode, answer, authority, additional); None: that very message."""
        name, rrtype, _ = below.question
        name = lower(name)
        own = self.walk(name, rrtype)
        if own is not None:
            return NOERROR, own, [], self.addresses(own)
        kept = []
        for rr in below.answer:
            kept.append(rr)
            made = len(kept) > 1 and kept[-2][1] == DNAME
            followed = rrtype not in (ANY, CNAME) or rrtype == ANY and made
            if rr[1] != CNAME or lower(rr[0]) != name or not followed:
                continue
            name = lower(name_of(rr[4]))
            own = self.walk(name, rrtype)
            if own is not None:
                return NOERROR, kept + own, [], self.addresses(own)
        return self._exists(below, name)

    def _exists(self, below, name):
        if below.rcode == NXDOMAIN and self.exists(name):
            return NOERROR, below.answer, below.authority, plain(below.additional)
        return None


def plain(additional):
    return [rr for rr in additional if rr[1] != OPT]


class Differences(AssertionError):
    """Answers are not what they must be."""


class Layers:
    """Asks a server with an overlay, and one without that serves the same zones below it."""

    SHOWN = 8

    def __init__(self, below, above, *overlays):
        self.below, self.above = below, above
        self.overlays = overlays
        self.asked = 0
        self.same = 0      # Messages that had to be Knot's byte for byte, and were.
        self.own = 0       # Answers with a part of the overlay.
        self.truncated = 0
        self.differences = []

    def expect(self, answer):
        for overlay in sorted(self.overlays, key=lambda o: -len(o.apex)):
            name = lower(answer.question[0])
            if name[-len(overlay.apex):] == overlay.apex:
                return overlay.expect(answer)
        return None

    def compare(self, names, types=None, transports=ALL_TRANSPORTS):
        pairs = [(name, rrtype) for name in names for rrtype in types or TWELVE]
        for transport in transports:
            with contextlib.closing(transport.client(self.below.address)) as below, \
                    contextlib.closing(transport.client(self.above.address)) as above, \
                    contextlib.closing(transports[-1].client(self.below.address)) as whole:
                for start in range(0, len(pairs), WINDOW):
                    self._block(pairs[start:start + WINDOW], transport, below, above, whole)
        return self

    def _block(self, block, transport, below, above, whole):
        queries = [question(name, rrtype, transport.edns) for name, rrtype in block]
        count = below.send(queries)
        above.send(queries)
        whole.send(queries)
        for b, a, w in zip(below.receive(count), above.receive(count), whole.receive(count)):
            self._judge(b, a, w, transport)

    def _judge(self, below, above, whole, transport):
        self.asked += 1
        complete = Answer(whole)  # A truncated one would hide where its chain ends.
        expected = self.expect(complete)
        if expected is None:
            if below == above:
                self.same += 1
            else:
                self._differs(transport, "must be Knot's own", Answer(below), Answer(above))
            return
        self.own += 1
        got = Answer(above)
        what = self._wrong(got, complete, *expected)
        if what is not None:
            self._differs(transport, what, complete, got)

    def _wrong(self, got, complete, rcode, answers, authority, additional):
        if got.rcode != rcode or not got.aa:
            return f"rcode or AA, expected {rcode} and AA"
        if got.question != complete.question or any(
                rr[0] != got.question[0] for rr in got.answer
                if lower(rr[0]) == lower(got.question[0]) and rr not in complete.answer):
            return "the case of the question"
        if complete.extended_error() is None and \
                [rr for rr in got.additional if rr[1] == OPT] != \
                [rr for rr in complete.additional if rr[1] == OPT]:
            return "OPT"
        if got.tc:
            self.truncated += 1
            return None if section(got.answer) <= section(answers) else "a truncated answer"
        for what, have, want in (("answer", got.answer, answers),
                                 ("authority", got.authority, authority)):
            if len(have) != len(want) or section(have) != section(want):
                return f"{what}, expected {want}"
        if not section(plain(got.additional)) <= section(additional):  # What fits is added.
            return f"additional, expected {additional}"
        return None

    def _differs(self, transport, what, below, above):
        name, rrtype, _ = above.question
        self.differences.append(f"{text(name)} type {rrtype} by {transport.word}: {what}\n"
                                f"  without:\n{below}\n  with:\n{above}")

    def check(self):
        if self.differences:
            shown = self.differences[::max(1, len(self.differences) // self.SHOWN)]
            raise Differences(f"{len(self.differences)} differences in {self.asked} questions, "
                              "some of them:\n" + "\n".join(shown))
        return self

__all__ = ["Layers", "Overlay"]
