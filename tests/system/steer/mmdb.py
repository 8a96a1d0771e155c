# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the MaxMind DB format, version 2.0."""

import ipaddress
import struct

METADATA = b"\xab\xcd\xefMaxMind.com"
RECORD = 4  # Bytes.
MAPPED = 96  # Bits of IPv6 before an address of IPv4.


class _Uint16(int):
    """A number that readers expect in two bytes."""


class _Uint64(int):
    """A number that readers expect in eight bytes."""


def _head(kind, size):
    more = b""
    if size >= 285:
        size, more = 30, (size - 285).to_bytes(2, "big")
    elif size >= 29:
        size, more = 29, bytes([size - 29])
    head = bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])
    return head + more


def _encode(item):
    """Maps, arrays, texts, numbers without a sign, and doubles."""
    if isinstance(item, dict):
        return _head(7, len(item)) + b"".join(_encode(key) + _encode(value)
                                              for key, value in item.items())
    if isinstance(item, list):
        return _head(11, len(item)) + b"".join(map(_encode, item))
    if isinstance(item, str):
        return _head(2, len(item.encode())) + item.encode()
    if isinstance(item, float):
        return _head(3, 8) + struct.pack(">d", item)
    kind, size = {_Uint16: (5, 2), _Uint64: (9, 8)}.get(type(item), (6, 4))
    return _head(kind, size) + item.to_bytes(size, "big")


class _Tree:
    """Nodes of two branches, each of which is a number of a node, or a value, or None."""

    def __init__(self, bits):
        self.bits = bits
        self.nodes = [[None, None]]

    def put(self, address, length, value):
        """Longer networks must come after those that contain them."""
        node = self.nodes[0]
        for at in range(length):
            bit = address >> self.bits - 1 - at & 1
            if at == length - 1:
                node[bit] = value
                return
            if not isinstance(node[bit], int):
                self.nodes.append([node[bit], node[bit]])
                node[bit] = len(self.nodes) - 1
            node = self.nodes[node[bit]]


def mmdb(networks, kind="Test-City"):
    """A file with values by network, given as text; IPv4 is where MaxMind has it in a file of both
    versions."""
    parsed = [(ipaddress.ip_network(network), value) for network, value in networks.items()]
    both = any(network.version == 6 for network, _ in parsed)
    tree, data, offsets = _Tree(128 if both else 32), b"", {}
    for network, value in sorted(parsed, key=lambda pair: pair[0].prefixlen +
                                 (MAPPED if both and pair[0].version == 4 else 0)):
        encoded = _encode(value)
        if encoded not in offsets:
            offsets[encoded] = len(data)
            data += encoded
        before = MAPPED if both and network.version == 4 else 0
        tree.put(int(network.network_address), before + network.prefixlen, (offsets[encoded],))
    count = len(tree.nodes)

    def record(branch):
        if branch is None:
            return count
        return branch if isinstance(branch, int) else count + 16 + branch[0]

    out = b"".join(record(branch).to_bytes(RECORD, "big") for node in tree.nodes for branch in node)
    meta = {"node_count": count, "record_size": _Uint16(8 * RECORD),
            "ip_version": _Uint16(6 if both else 4), "database_type": kind, "languages": ["en"],
            "binary_format_major_version": _Uint16(2), "binary_format_minor_version": _Uint16(0),
            "build_epoch": _Uint64(1700000000), "description": {"en": "a test"}}
    return out + bytes(16) + data + METADATA + _encode(meta)
