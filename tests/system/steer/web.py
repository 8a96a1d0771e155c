# SPDX-License-Identifier: GPL-3.0-or-later
"""Behaviours of web servers, good and hostile; see steer.backend.

Those that take a list note in it what they have seen.
"""

import ssl
import struct
import zlib

from steer.backend import read_head, until_closed


def answer(*parts, then=None):
    """Reads a request and sends parts; then goes on, or closes the connection."""
    def behave(connection):
        if not read_head(connection):
            return
        for part in parts:
            connection.sendall(part)
        if then is not None:
            then(connection)
    return behave


def page(body=b"", status="200 OK", *headers):
    """A response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(*chunks):
    """A response in chunks."""
    return (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
            b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b"")))


def compressed(body, coding="gzip"):
    """A response with a compressed body."""
    wbits = {"gzip": 31, "deflate": 15}[coding]
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return page(packer.compress(body) + packer.flush(), "200 OK", f"Content-Encoding: {coding}")


def redirect(location, status="302 Found"):
    return answer(page(b"", status, f"Location: {location}"))


def endless(start, more):
    """Sends a start, then more for as long as the peer takes it."""
    def go_on(connection):
        while True:
            connection.sendall(more)
    return answer(start, then=go_on)


def noting(heads, behave):
    """Notes heads of requests; behave gets the connection after that."""
    class Again:
        """A connection whose first bytes have been read."""

        def __init__(self, connection, head):
            self._connection, self._head = connection, head

        def recv(self, count):
            if self._head:
                data, self._head = self._head[:count], self._head[count:]
                return data
            return self._connection.recv(count)

        def __getattr__(self, name):
            return getattr(self._connection, name)

    def note(connection):
        head = read_head(connection)
        if head:
            heads.append(head.decode())
            behave(Again(connection, head))
    return note


def secure(context, behave, names=None, refuse=False):
    """TLS; notes the names that clients say in their hello, None for those that say none, and
    refuses any name."""
    def hear(_, name, __):
        if names is not None:
            names.append(name)
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME if refuse and name is not None else None

    def handshake(connection):
        with context.wrap_socket(connection, server_side=True) as tls:
            behave(tls)

    context.sni_callback = hear
    return handshake


def http2(frames):
    """One response of HTTP/2 (RFC 9113), or none if it was not offered; notes types of frames."""
    def frame(kind, flags, stream, payload=b""):
        return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload

    def read(tls, count):
        data = b""
        while len(data) < count:
            more = tls.recv(count - len(data))
            if not more:
                raise ConnectionError("closed")
            data += more
        return data

    def behave(tls):
        if tls.selected_alpn_protocol() != "h2":
            return
        preface = read(tls, 24)
        assert preface == b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", preface
        tls.sendall(frame(4, 0, 0))  # SETTINGS
        while True:
            head = read(tls, 9)
            length, kind = int.from_bytes(head[:3], "big"), head[3]
            read(tls, length)
            frames.append(kind)
            if kind == 1:  # HEADERS: answered by :status 200, the end of the stream.
                tls.sendall(frame(1, 4 | 1, 1, b"\x88"))
                until_closed(tls)
                return
    return behave
