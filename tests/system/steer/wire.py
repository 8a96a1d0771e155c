# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS messages by hand, since the differential test asks millions of questions.

A name is a tuple of labels (bytes), leftmost first.
"""

import ipaddress
import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "HINFO": 13, "MX": 15, "TXT": 16,
         "RP": 17, "AFSDB": 18, "AAAA": 28, "LOC": 29, "SRV": 33, "NAPTR": 35, "DNAME": 39,
         "OPT": 41, "DS": 43, "SSHFP": 44, "RRSIG": 46, "TLSA": 52, "SVCB": 64, "HTTPS": 65,
         "IXFR": 251, "AXFR": 252, "ANY": 255, "URI": 256, "CAA": 257, "TYPE65280": 65280}
TYPE_NAMES = {number: name for name, number in TYPES.items()}

NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMPL, REFUSED, YXDOMAIN = 0, 1, 2, 3, 4, 5, 6
NOTAUTH, BADCOOKIE = 9, 23
SOA_TYPE = TYPES["SOA"]
CLIENT_SUBNET, EXTENDED_ERROR = 8, 15  # EDNS options

# Rdata with names: bytes before, number of names. All that Knot compresses or might compress.
_NAMES_IN = {2: (0, 1), 5: (0, 1), 6: (0, 2), 12: (0, 1), 15: (2, 1), 17: (0, 2), 18: (2, 1),
             33: (6, 1), 39: (0, 1)}


_PLAIN_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*")


def labels(text):
    """Name from text without escapes."""
    text = text.rstrip(".")
    return tuple(label.encode() for label in text.split(".")) if text else ()


def text(name):
    """Name as in a zone file."""
    if not name:
        return "."
    shown = []
    for label in name:
        shown.append("".join(chr(c) if c in _PLAIN_BYTES else f"\\{c:03d}" for c in label))
    return ".".join(shown) + "."


def wire_name(name):
    return b"".join(bytes((len(label),)) + label for label in name) + b"\0"


def wire_length(name):
    return sum(len(label) + 1 for label in name) + 1


def lower(name):
    return tuple(label.lower() for label in name)


def opt(size, flags=0, options=b""):
    """OPT RR."""
    return b"\0" + struct.pack("!HHIH", 41, size, flags, len(options)) + options


def subnet(network):
    """EDNS with Client Subnet (RFC 7871) of a network as text."""
    network = ipaddress.ip_network(network)
    address = network.network_address.packed[:(network.prefixlen + 7) // 8]
    data = struct.pack("!HBB", 1 if network.version == 4 else 2, network.prefixlen, 0) + address
    return (1, opt(1232, options=struct.pack("!HH", CLIENT_SUBNET, len(data)) + data))


# After the question: count of additional RRs, RRs.
PLAIN = (0, b"")
EDNS_512 = (1, opt(512))
EDNS_1232 = (1, opt(1232))
EDNS_DO = (1, opt(1232, 0x8000))


def question(name, rrtype, edns=PLAIN, flags=0, rclass=1, opcode=0):
    """A query without its id."""
    return (struct.pack("!HHHHH", flags | opcode << 11, 1, 0, 0, edns[0]) + wire_name(name) +
            struct.pack("!HH", rrtype, rclass) + edns[1])


def _name(message, at):
    """Name at a position, and the position after it."""
    name = []
    behind = None
    hops = 0
    while True:
        length = message[at]
        if length >= 0xC0:
            if behind is None:
                behind = at + 2
            at = (length & 0x3F) << 8 | message[at + 1]
            hops += 1
            if hops > 128:
                raise ValueError("compression loop")
            continue
        at += 1
        if length == 0:
            break
        name.append(message[at:at + length])
        at += length
    return tuple(name), at if behind is None else behind


class Answer:
    """A parsed reply: sections are lists of (owner, type, class, ttl, rdata)."""

    def __init__(self, message):
        self.message = message
        (self.id, self.flags, qdcount, ancount, nscount, arcount) = \
            struct.unpack("!HHHHHH", message[:12])
        self.rcode = self.flags & 15
        self.aa = bool(self.flags & 0x0400)
        self.tc = bool(self.flags & 0x0200)
        at = 12
        self.question = None
        for _ in range(qdcount):
            name, at = _name(message, at)
            self.question = (name, *struct.unpack("!HH", message[at:at + 4]))
            at += 4
        self.answer, at = self._section(at, ancount)
        self.authority, at = self._section(at, nscount)
        self.additional, at = self._section(at, arcount)
        if at != len(message):
            raise ValueError(f"{len(message) - at} bytes after the message")

    def _section(self, at, count):
        message = self.message
        rrs = []
        for _ in range(count):
            owner, at = _name(message, at)
            rrtype, rclass, ttl, length = struct.unpack("!HHIH", message[at:at + 10])
            at += 10
            end = at + length
            rdata = message[at:end]
            if rrtype in _NAMES_IN:
                before, names = _NAMES_IN[rrtype]
                parts = [message[at:at + before]]
                at += before
                for _ in range(names):
                    name, at = _name(message, at)
                    parts.append(wire_name(lower(name)))
                parts.append(message[at:end])
                rdata = b"".join(parts)
            rrs.append((owner, rrtype, rclass, ttl, rdata))
            at = end
        return rrs, at

    def names(self):
        """Owners of the answer section."""
        return [rr[0] for rr in self.answer]

    def values(self, rrtype):
        """Rdata of a type in the answer section."""
        return {rr[4] for rr in self.answer if rr[1] == rrtype}

    def options(self):
        """EDNS options: code -> data."""
        found = {}
        for _, rrtype, _, _, data in self.additional:
            while rrtype == TYPES["OPT"] and data:
                code, length = struct.unpack("!HH", data[:4])
                found[code] = data[4:4 + length]
                data = data[4 + length:]
        return found

    def scope(self):
        """Scope of the Client Subnet in the reply; None: it has none."""
        data = self.options().get(CLIENT_SUBNET)
        return None if data is None else data[3]

    def extended_error(self):
        """Extended DNS error (RFC 8914); None: there is none."""
        data = self.options().get(EXTENDED_ERROR)
        return None if data is None else int.from_bytes(data[:2], "big")

    def __str__(self):
        def show(section):
            lines = [f"      {text(o)} {t} TYPE{y} {r.hex()}" for o, y, _, t, r in section]
            more = [f"      ... {len(lines)} in all"] if lines[12:] else []
            return "\n".join(lines[:12] + more)
        return (f"    rcode {self.rcode}{' AA' if self.aa else ''}{' TC' if self.tc else ''}, "
                f"{len(self.message)} bytes\n"
                f"    answer\n{show(self.answer)}\n    authority\n{show(self.authority)}\n"
                f"    additional\n{show(self.additional)}")


def name_of(rdata, at=0):
    """Name inside parsed rdata."""
    return _name(rdata, at)[0]
