# SPDX-License-Identifier: GPL-3.0-or-later
"""A resolver on loopback that steerd asks, and what it answers."""

import contextlib
import itertools
import socket
import threading

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from steer.backend import Backend
from steer.wait import until
from steer.web import secure

NO_ANSWER = object()


class Resolver:
    """Answers over UDP and TCP what it is told to: each name has records, a whole message, an RCODE
    or NO_ANSWER, and all others are NXDOMAIN. What it says may change at any time.

    context  of TLS, over which alone it answers then; None: it does not know TLS
    few      queries after which it closes a connection; None: it does not
    asked    names and types of the queries that have come
    """

    def __init__(self, address="127.0.0.1", context=None):
        stream = self._serve_stream if context is None else secure(context, self._serve_stream)
        self.backend = Backend(stream, address)
        self._server = address, self.backend.port
        self._over_udp = context is None
        self.option = f"{address}@{self.backend.port}"
        self.asked = []
        self.few = None
        self._names = {}
        self._listens = False
        self._socket = None
        self._thread = None

    def set(self, name, *records, ttl=3600):
        """Records as "A 192.0.2.1"."""
        self._names[name] = [dns.rrset.from_text(name, ttl, "IN", *record.split(" ", 1))
                             for record in records]

    def say(self, name, *answer, authority=(), rcode="NOERROR"):
        """Records as "www.example. 300 A 192.0.2.1", whatever the type that is asked for."""
        def rrsets(records):
            return [dns.rrset.from_text(owner, int(ttl), "IN", rrtype, value) for
                    owner, ttl, rrtype, value in (record.split(" ", 3) for record in records)]
        self._names[name] = rcode, rrsets(answer), rrsets(authority)

    def fail(self, name, rcode):
        """An RCODE such as "SERVFAIL", or NO_ANSWER."""
        self._names[name] = rcode

    def start(self):
        self._listens = True
        self.backend.start()
        if self._over_udp:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.bind(self._server)
            self._thread = threading.Thread(target=self._run, args=(self._socket,), daemon=True)
            self._thread.start()
        return self

    def stop(self):
        self._listens = False  # For connections over TLS, which stay.
        self.backend.stop()
        if self._socket is not None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(b"", self._server)  # Which ends the thread.
            self._thread.join()
            self._socket.close()
            self._socket = None

    def wait_for(self, name, count):
        """Waits until a name was asked for so many times more."""
        since = len(self.asked)
        until(f"{count} queries for {name}",
              lambda: sum(asked == name for asked, _ in self.asked[since:]) >= count)

    def _run(self, sock):
        while True:
            wire, client = sock.recvfrom(4096)
            if not wire:
                return
            query = dns.message.from_wire(wire)
            answer = self._answer(query)
            if answer is not None:
                sock.sendto(self._fitting(query, answer), client)

    @staticmethod
    def _fitting(query, answer):
        """A message for UDP, truncated if it is too large."""
        try:
            return answer.to_wire(max_size=max(512, query.payload))
        except dns.exception.TooBig:
            short = dns.message.make_response(query, recursion_available=True)
            short.flags |= dns.flags.TC
            return short.to_wire()

    def _serve_stream(self, connection):
        def read(size):
            data = b""
            while len(data) < size:
                more = connection.recv(size - len(data))
                if not more:
                    raise ConnectionError("closed")
                data += more
            return data
        with contextlib.suppress(OSError):
            for number in itertools.count():
                if number == self.few:
                    return
                query = dns.message.from_wire(read(int.from_bytes(read(2), "big")))
                if not self._listens:
                    return
                answer = self._answer(query)
                if answer is not None:
                    wire = answer.to_wire(max_size=65535)
                    connection.sendall(len(wire).to_bytes(2, "big") + wire)

    def _answer(self, query):
        question = query.question[0]
        name = question.name.to_text().lower()
        self.asked.append((name, dns.rdatatype.to_text(question.rdtype)))
        said = self._names.get(name, "NXDOMAIN")
        if said is NO_ANSWER:
            return None
        answer = dns.message.make_response(query, recursion_available=True)
        if isinstance(said, tuple):
            rcode, answer.answer, answer.authority = said
            answer.set_rcode(dns.rcode.from_text(rcode))
        elif isinstance(said, str):
            answer.set_rcode(dns.rcode.from_text(said))
        else:
            answer.answer = [rrset for rrset in said
                             if rrset.rdtype in (question.rdtype, dns.rdatatype.CNAME)]
        return answer
