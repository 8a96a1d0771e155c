# SPDX-License-Identifier: GPL-3.0-or-later
"""What listens in the place of a store's steerd, and what it says."""

import contextlib
import json
import os
import socket
import threading

from steer import env


class Peer:
    """What listens in the place of a store's steerd."""

    def __init__(self, path, behave):
        self.behave = behave
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        self._socket.bind(path)
        os.chmod(path, 0o660)
        self._socket.listen()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self):
        while True:
            try:
                one = self._socket.accept()[0]
            except OSError:
                return
            with one, contextlib.suppress(OSError):
                self.behave(one)

    def stop(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(env.PATIENCE)


def says(*parts):
    """A peer that says the same to everyone."""
    def behave(one):
        one.recv(4096)
        for part in parts:
            one.sendall(part)
    return behave


def answers(value):
    """A peer that answers with JSON."""
    return says(b"HTTP/1.1 200 OK\r\n\r\n", json.dumps(value).encode())
