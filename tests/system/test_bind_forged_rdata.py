# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever may write to a store can change answers, and nothing more: BIND aborts if it is given
rdata that its type cannot have."""

import ctypes
import os
import struct

from steer.case import zone_text
from steer.client import ask
from steer.named import NamedCase
from steer.wire import NOERROR, SERVFAIL, TYPES, labels

UNKNOWN = 65001
OWNER = b"\xc0\x0c"  # Of all RRs in a store.
SUM, PAGE_NODE = 4, 8  # Bytes of a node's sum, and of what LMDB has before a key.


def checksum(data):
    """That of a node: the low half of XXH3-64."""
    library = ctypes.CDLL("libxxhash.so.0")
    library.XXH3_64bits.restype = ctypes.c_uint64
    library.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    return struct.pack("<I", library.XXH3_64bits(data, len(data)) & 0xFFFFFFFF)


def forge(data, name, rrtype):
    """Makes the only record of a name, of an unknown type, one of another type."""
    key = b"\0" + b"".join(label.encode() + b"\0" for label in reversed(name.split(".")))
    found = 0
    at = data.find(key)
    while at >= 0:
        low, high, _, size = struct.unpack_from("<HHHH", data, at - PAGE_NODE)
        begin, end = at + len(key), at + len(key) + (low | high << 16)
        node = bytes(data[begin:end])
        if size == len(key) and node[:SUM] == checksum(node[SUM:]):
            for order in "<", ">":
                node = node.replace(struct.pack(order + "H", UNKNOWN),
                                    struct.pack(order + "H", rrtype))
            data[begin:end] = checksum(node[SUM:]) + node[SUM:]
            found += 1
        at = data.find(key, at + 1)
    return found


class ForgedRdata(NamedCase):

    RIGHT = (("A", "c0000201"), ("AAAA", "20010db8" + "00" * 12), ("MX", "000a036d783100"),
             ("TXT", "0161"), ("CAA", "0001610162"))
    WRONG = (
        ("A", ""), ("A", "c00002"), ("A", "c000020100"), ("AAAA", "20010db8" + "00" * 11),
        ("CNAME", ""), ("CNAME", "0361"), ("CNAME", "40" + "61" * 64 + "00"), ("CNAME", "c00c"),
        ("NS", "0000"), ("MX", "00"), ("MX", "000a0361"), ("TXT", ""), ("TXT", "0361"),
        ("SRV", "0000"), ("DNAME", "0361"), ("CAA", "00"), ("SOA", "00" * 21),
    )

    def test_it_is_refused(self):
        cases = [(f"v{number}.example.com", TYPES[rrtype], rdata)
                 for number, (rrtype, rdata) in enumerate(self.RIGHT + self.WRONG)]
        lines = [f"{name}. TYPE{UNKNOWN} \\# {len(rdata) // 2} {rdata}" for name, _, rdata in cases]
        store = self.hosted(("example.com.", zone_text("example.com.", *lines)))
        path = os.path.join(store.directory, "records", "data.mdb")
        with open(path, "rb") as file:
            data = bytearray(file.read())
        for name, rrtype, _ in cases:
            self.assertGreater(forge(data, name, rrtype), 0, name)
        with open(path, "wb") as file:
            file.write(data)
        server = self.loaded(self.named(store=store.directory).start())
        right, wrong = cases[:len(self.RIGHT)], cases[len(self.RIGHT):]
        for asked, rcode in ((right, NOERROR), (wrong, SERVFAIL), (right, NOERROR)):
            for name, rrtype, rdata in asked:
                with self.subTest(rrtype=rrtype, rdata=rdata):
                    answer = ask(server, labels(name), rrtype)
                    self.assertEqual((answer.rcode, [rr[4].hex() for rr in answer.answer]),
                                     (rcode, [rdata] if rcode == NOERROR else []))
