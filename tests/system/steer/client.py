# SPDX-License-Identifier: GPL-3.0-or-later
"""UDP and TCP clients that keep a window of questions in flight."""

import contextlib
import socket

from steer import env
from steer.wire import Answer, PLAIN, question

WINDOW = 64


class Udp:
    """Asks blocks of questions over one UDP socket, if requested from an address."""

    def __init__(self, address, patience=env.PATIENCE, source=""):
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((source, 0))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.connect(address)
        self.socket.settimeout(patience)
        self.next = 1

    def send(self, queries):
        """Sends up to WINDOW queries; receive() must follow."""
        put = self.socket.send
        number = self.next
        for query in queries:
            put(number.to_bytes(2, "big") + query)
            number = number + 1 & 0xFFFF
        return len(queries)

    def receive(self, count):
        """The answers to the last send, in its order."""
        get = self.socket.recv
        first = self.next
        self.next = first + count & 0xFFFF
        answers = [None] * count
        for _ in range(count):
            message = get(65535)
            at = (message[0] << 8 | message[1]) - first & 0xFFFF
            if at >= count or answers[at] is not None:
                raise AssertionError("an answer to no question")
            answers[at] = message
        return answers

    def first_of_two(self):
        """After a send of two queries: the answer to the first one, None if there is none."""
        message = self.socket.recv(65535)
        return message if message[:2] != (self.next + 1 & 0xFFFF).to_bytes(2, "big") else None

    def close(self):
        self.socket.close()


class Tcp:
    """Asks blocks of questions over one TCP connection."""

    def __init__(self, address, patience=env.PATIENCE):
        self.socket = socket.create_connection(address, patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb", 1 << 17)
        self.next = 1

    def send(self, queries):
        number = self.next
        out = bytearray()
        for query in queries:
            out += (len(query) + 2).to_bytes(2, "big") + number.to_bytes(2, "big") + query
            number = number + 1 & 0xFFFF
        self.socket.sendall(out)
        return len(queries)

    def message(self):
        """One message as received."""
        head = self.file.read(2)
        if len(head) != 2:
            raise ConnectionError("the connection was closed")
        return self.file.read(int.from_bytes(head, "big"))

    def first_of_two(self):
        """After a send of two queries: the answer to the first one, None if there is none."""
        try:
            message = self.message()
        except ConnectionError:
            return None
        return message if message[:2] != (self.next + 1 & 0xFFFF).to_bytes(2, "big") else None

    def receive(self, count):
        first = self.next
        self.next = first + count & 0xFFFF
        answers = [None] * count
        for _ in range(count):
            message = self.message()
            answers[(message[0] << 8 | message[1]) - first & 0xFFFF] = message
        return answers

    def close(self):
        self.file.close()
        self.socket.close()


def ask_wire(address, query, tcp=False):
    """Sends one query (without id); returns the reply as received."""
    with contextlib.closing((Tcp if tcp else Udp)(address)) as client:
        client.send([query])
        return client.receive(1)[0]


def ask(server, name, rrtype, edns=PLAIN, tcp=False, **more):
    """Asks one question; returns the parsed reply."""
    return Answer(ask_wire(server.address, question(name, rrtype, edns, **more), tcp))
