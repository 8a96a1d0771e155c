# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers of external alias targets: a real knotd with their zones, which change at any time,
and a name server in front of it that keeps what is asked and misbehaves where it is told to."""

import os
import time

import dns.rdata

from steer.case import write, zone_text
from steer.client import ask_wire
from steer.knot import Knot
from steer.nameserver import RESPONSE, TRUNCATED, NameServer, reply, stream
from steer.wait import until
from steer.wire import (Answer, EDNS_1232, REFUSED, SERVFAIL, TYPE_NAMES, labels, lower, question,
                        text)

DNSKEY = 48
SECURE_ENTRY_POINT = b"\1\1"  # The flags of a key that anchors refer to.
# TTL of negative answers: the last field.
SOA = "ns.example.net. admin.example.net. {} 3600 600 86400 1"


def fails(query):
    return [reply(query, rcode=SERVFAIL)]


def refuses(query):
    return [reply(query, rcode=REFUSED)]


def silent(query):
    return []


class Targets:
    """Serves zones at an address that stays its own.

    directory  of its knotd
    apexes     names of its zones
    signed     whether they are (RFC 4035)
    asked      name, type and time (time.monotonic()) of the queries that have come
    """

    def __init__(self, directory, *apexes, signed=False):
        self.asked = []
        self._directory = directory
        self._records = {apex: {} for apex in apexes}
        self._behaviours = {}
        self._serial = 0
        os.makedirs(directory)
        self._knot = Knot(directory, zones={apex: self._write(apex) for apex in apexes}, modules=(),
                          template="    dnssec-signing: on\n" if signed else "")
        self._server = NameServer(self._answer, tcp=self._answer_stream)
        self.option = f"{self._server.address}@{self._server.port}"

    def start(self):
        self._knot.start()
        self._server.start()
        return self

    def stop(self):
        self._server.stop()
        self._knot.stop()

    # What it serves.

    def set(self, name, *records, ttl=1):
        """These are the records of a name from now on, as "A 192.0.2.1"; none: the name is an empty
        non-terminal, so that every type is NODATA."""
        lines = [f"{name} {ttl} {record}" for record in records]
        self._change(name, lines or [f"below.{name} {ttl} TXT exists"])

    def remove(self, name):
        """The name is NXDOMAIN from now on, or has nothing but SOA and NS if it is an apex."""
        self._change(name, [])

    def misbehave(self, name, behaviour):
        """From now on queries for a name meet a behaviour (steer.nameserver); None: a good one."""
        self._behaviours[name] = behaviour

    def truncates(self, query):
        """A behaviour: the answer comes over TCP alone."""
        return [reply(query, flags=RESPONSE | TRUNCATED)] if query.peer else self.relay(query)

    def relay(self, query):
        """A behaviour: the knotd's."""
        answer = ask_wire(self._knot.address, query.message[2:], tcp=query.peer is None)
        return [query.message[:2] + answer[2:]]

    def anchors(self):
        """The keys by which its zones are verified, as lines of a zone file."""
        for apex in self._records:
            query = question(labels(apex), DNSKEY, EDNS_1232)
            for key in Answer(ask_wire(self._knot.address, query)).values(DNSKEY):
                if key.startswith(SECURE_ENTRY_POINT):
                    yield f"{apex} 300 IN DNSKEY " \
                          f"{dns.rdata.from_wire(1, DNSKEY, key, 0, len(key)).to_text()}\n"

    # What is asked.

    def times(self, name, rrtype="A"):
        """When a name and type was asked for."""
        return [when for *what, when in list(self.asked) if what == [name, rrtype]]

    def wait_for(self, name, count, rrtype="A"):
        """Waits until a name and type was asked for so many times more."""
        enough = len(self.times(name, rrtype)) + count
        until(f"{count} queries for {name} {rrtype}",
              lambda: len(self.times(name, rrtype)) >= enough)

    def _change(self, name, lines):
        apex = max((apex for apex in self._records if f".{name}".endswith(f".{apex}")), key=len)
        self._records[apex][name] = lines
        self._write(apex)
        if self._knot.alive():
            self._knot.control("-b", "zone-reload", apex)

    def _write(self, apex):
        self._serial += 1
        lines = (line for lines in self._records[apex].values() for line in lines)
        return write(os.path.join(self._directory, f"{apex}zone"),
                     zone_text(apex, *lines, soa=SOA.format(self._serial)))

    def _answer(self, query):
        name, rrtype = text(lower(query.name)), TYPE_NAMES.get(query.type, str(query.type))
        self.asked.append((name, rrtype, time.monotonic()))
        return (self._behaviours.get(name) or self.relay)(query)

    def _answer_stream(self, query, connection):
        for message in self._answer(query):
            stream(lambda _, message=message: message, 16384)(query, connection)
