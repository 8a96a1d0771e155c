# SPDX-License-Identifier: GPL-3.0-or-later
"""Name servers on loopback that behave in any way; see steer.backend for those over TCP alone.

A behaviour is a function of a query that returns the messages to send; over TCP, it is one of a
query and a connection.
"""

import contextlib
import itertools
import socket
import struct
import threading

from steer import env
from steer.backend import Backend
from steer.wire import NOERROR, TYPES, name_of, wire_name

RESPONSE, TRUNCATED = 0x8000, 0x0200
HEADER = 12


class Query:
    """A query as it came, with a question and EDNS.

    number  how many have come before
    peer    who has sent it; None over TCP
    """

    def __init__(self, message, number, peer=None):
        self.message = message
        self.number = number
        self.peer = peer
        self.id, *header = struct.unpack("!6H", message[:HEADER])
        self.header = tuple(header)
        end = message.index(b"\0", HEADER) + 5
        self.question = message[HEADER:end]
        self.rest = message[end:]
        self.name = name_of(message, HEADER)
        self.type = int.from_bytes(message[end - 4:end - 2], "big")


def rr(name, rrtype, rdata, rclass=1):
    """A record."""
    return (wire_name(name) + struct.pack("!HHIH", TYPES[rrtype], rclass, 300, len(rdata)) + rdata)


def reply(query, *answer, rcode=NOERROR, flags=RESPONSE, ident=None, question=None, count=None,
          additional=()):
    """A message; what is not given fits the query."""
    question = query.question if question is None else question
    return struct.pack("!HHHHHH", query.id if ident is None else ident, flags | rcode,
                       1 if question else 0, len(answer) if count is None else count, 0,
                       len(additional)) + question + b"".join(answer) + b"".join(additional)


def stream(make, size=7):
    """Over TCP: sends a message with its length in front, in pieces of a few bytes."""
    def behave(query, connection):
        message = make(query)
        message = len(message).to_bytes(2, "big") + message
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(message), size):
            connection.sendall(message[at:at + size])
    return behave


class NameServer:
    """One on an address of loopback, with a port that stays its own.

    answer   its behaviour
    tcp      its behaviour over TCP; None: it refuses
    queries  those that have come
    """

    def __init__(self, answer, tcp=None, address="127.0.0.1"):
        self.answer = answer
        self.tcp = tcp
        self.queries = []
        self._numbers = itertools.count()
        self._backend = Backend(self._serve_stream, address)
        self.address, self.port = address, self._backend.port
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.bind((address, self.port))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self):
        self._thread.start()
        if self.tcp is not None:
            self._backend.start()
        return self

    def stop(self):
        self._backend.stop()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # Which ends recvfrom().
        if self._thread.is_alive():
            self._thread.join(env.PATIENCE)
        self._socket.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                message, peer = self._socket.recvfrom(4096)
                if not message:
                    break
                query = Query(message, next(self._numbers), peer)
                self.queries.append(query)
                for part in self.answer(query):
                    self._socket.sendto(part, peer)

    def _serve_stream(self, connection):
        length = connection.recv(2, socket.MSG_WAITALL)
        message = connection.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL)
        query = Query(message, next(self._numbers))
        self.queries.append(query)
        self.tcp(query, connection)
