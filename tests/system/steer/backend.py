# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on loopback that probes look at, and how they behave.

A behaviour is a function of a connection, which is closed when it returns. It runs in a thread of
its own and may wait for the peer as long as it likes: see until_closed().
"""

import contextlib
import socket
import struct
import threading

from steer import env
from steer.server import Port
from steer.wait import until


def reset(connection):
    """Ends a connection by RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def until_closed(connection):
    """Says nothing until the peer has closed the connection."""
    while connection.recv(4096):
        pass


def read_head(connection):
    """The head of a request, with its empty line; b"" if the peer closes before that."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        more = connection.recv(1)
        if not more:
            return b""
        head += more
    return head


def http(status=200, body=b"", headers=(), reason="OK"):
    """Answers one request."""
    lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}", "Connection: close",
             *headers]
    answer = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def behave(connection):
        if read_head(connection):
            connection.sendall(answer)
    return behave


class Backend:
    """A TCP server with a port that stays its own.

    behave       what it does with a connection; may be replaced at any time
    connections  how many it has accepted
    """

    def __init__(self, behave=until_closed, address="127.0.0.1"):
        self.behave = behave
        self.address = address
        self._port = Port()
        self.port = self._port.number
        self.connections = 0
        self._listener = None
        self._thread = None
        self._open = set()
        self._crowd = []
        self._lock = threading.Lock()

    def _listen(self, backlog):
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._listener = socket.create_server((self.address, self.port), family=family,
                                              backlog=backlog)

    def start(self):
        """Accepts connections."""
        self.stop()
        self._listen(128)
        self._thread = threading.Thread(target=self._accept, args=(self._listener,), daemon=True)
        self._thread.start()
        return self

    def hang(self):
        """Lets connections wait before they are established: its queue is full, so the kernel
        ignores them."""
        self.stop()
        self._listen(0)
        self._crowd.append(socket.create_connection((self.address, self.port), env.PATIENCE))
        until("a full queue", self._is_full)

    def _is_full(self):
        """Whether more connections wait for accept() than the queue is for (tcp_info of a
        listener: tcpi_unacked and tcpi_sacked)."""
        info = self._listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 32)
        waiting, room = struct.unpack_from("=II", info, 24)
        return waiting > room

    def stop(self):
        """Refuses connections, and resets those that there are."""
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # Which ends accept().
        if self._thread is not None:
            self._thread.join(env.PATIENCE)
            self._thread = None
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    reset(one)
                    one.shutdown(socket.SHUT_RDWR)
        for one in self._crowd:
            one.close()
        self._crowd.clear()

    def wait_for(self, count):
        """Waits until it has accepted so many connections more."""
        enough = self.connections + count
        until(f"{count} connections to port {self.port}", lambda: self.connections >= enough)

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError):
            with self._lock:
                self._open.add(connection)
            try:
                connection.settimeout(env.PATIENCE)
                self.behave(connection)
            finally:
                with self._lock:
                    self._open.discard(connection)
