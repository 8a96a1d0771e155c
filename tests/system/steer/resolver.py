# SPDX-License-Identifier: GPL-3.0-or-later
"""A resolver on loopback that steerd asks, and what it answers."""

import socket
import threading

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from steer.knot import Port
from steer.wait import until

NO_ANSWER = object()


class Resolver:
    """Answers over UDP what it is told to: each name has records, an RCODE or NO_ANSWER, and all
    others are NXDOMAIN. What it says may change at any time.

    asked  names and types of the queries that have come
    """

    def __init__(self, address="127.0.0.1"):
        self._port = Port()
        self._server = address, self._port.number
        self.option = f"{address}@{self._port.number}"
        self.asked = []
        self._names = {}
        self._socket = None
        self._thread = None

    def set(self, name, *records, ttl=3600):
        """Records as "A 192.0.2.1"."""
        self._names[name] = [dns.rrset.from_text(name, ttl, "IN", *record.split(" ", 1))
                             for record in records]

    def fail(self, name, rcode):
        """An RCODE such as "SERVFAIL", or NO_ANSWER."""
        self._names[name] = rcode

    def start(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(self._server)
        self._thread = threading.Thread(target=self._run, args=(self._socket,), daemon=True)
        self._thread.start()
        return self

    def stop(self):
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
            answer = self._answer(dns.message.from_wire(wire))
            if answer is not None:
                sock.sendto(answer.to_wire(), client)

    def _answer(self, query):
        question = query.question[0]
        name = question.name.to_text().lower()
        self.asked.append((name, dns.rdatatype.to_text(question.rdtype)))
        said = self._names.get(name, "NXDOMAIN")
        if said is NO_ANSWER:
            return None
        answer = dns.message.make_response(query, recursion_available=True)
        if isinstance(said, str):
            answer.set_rcode(dns.rcode.from_text(said))
        else:
            answer.answer = [rrset for rrset in said
                             if rrset.rdtype in (question.rdtype, dns.rdatatype.CNAME)]
        return answer
