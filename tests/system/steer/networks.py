# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks with values: what clients have by the longest network that contains them."""

import bisect
import ipaddress

BITS = {4: 32, 6: 128}

# Clients in them are not looked up by their subnet (rule C1 of steer-policies(7)).
PRIVATE = [ipaddress.ip_network(network) for network in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.168.0.0/16", "::/8", "fc00::/7", "fe80::/10")]


def is_private(network):
    return any(network.version == each.version and network.overlaps(each) for each in PRIVATE)


def network_of(version, address, length):
    """The network of a length that contains an address, a number."""
    bits = BITS[version]
    address = address >> bits - length << bits - length
    return ipaddress.ip_network((address, length)) if version == 4 else \
        ipaddress.IPv6Network((address, length))


class Networks:
    """Values by network; what is in no network has the value None.

    covered  networks all of whose addresses are in longer ones
    """

    def __init__(self, values):
        self.values = dict(values)
        self.covered = set(self.values)
        self._lengths = {version: sorted({network.prefixlen for network in self.values
                                          if network.version == version}, reverse=True)
                         for version in BITS}
        self._ranges = {version: self._merged(version) for version in BITS}

    def around(self, client):
        """The networks that contain a whole client, the longest first."""
        for length in self._lengths[client.version]:
            if length <= client.prefixlen:
                network = client.supernet(new_prefix=length)
                if network in self.values:
                    yield network

    def within(self, client):
        """The longest network that contains a whole client; None: there is none."""
        return next(self.around(client), None)

    def network(self, client):
        """The longest network that contains a client's first address; None: there is none."""
        return self.within(network_of(client.version, int(client.network_address),
                                      BITS[client.version]))

    def without_covered(self):
        return Networks({network: value for network, value in self.values.items()
                         if network not in self.covered})

    def value(self, client):
        return self.values.get(self.network(client))

    def _merged(self, version):
        """Where the value changes: first addresses, and the values from there on."""
        edges = {0}
        for network in self.values:
            if network.version == version:
                edges |= {int(network.network_address), int(network.broadcast_address) + 1}
        starts, values = [], []
        for start in sorted(edges - {1 << BITS[version]}):
            network = self.network(network_of(version, start, BITS[version]))
            self.covered.discard(network)
            value = self.values.get(network)
            if not values or values[-1] != value:
                starts.append(start)
                values.append(value)
        return starts, values

    def beyond(self, client, length):
        """An address of another value in the client's prefix of a length; None: there is none."""
        starts, _ = self._ranges[client.version]
        address = int(client.network_address)
        whole = network_of(client.version, address, length)
        at = bisect.bisect_right(starts, address)
        other = None
        if starts[at - 1] > int(whole.network_address):
            other = starts[at - 1] - 1
        elif at < len(starts) and starts[at] <= int(whole.broadcast_address):
            other = starts[at]
        return None if other is None else network_of(client.version, other, BITS[client.version])

    def scope(self, client):
        """Length of the shortest prefix around the client's first address that has one value."""
        return next(length for length in range(BITS[client.version] + 1)
                    if self.beyond(client, length) is None)


def drawn(random, count, version, draw, within):
    """Networks drawn inside of some, many of them inside of or next to each other; draw() gives
    each a value."""
    found, bits = {}, BITS[version]
    while len(found) < count:
        parent = random.choice(list(found) if found and random.random() < 0.5 else within)
        if random.random() < 0.2 and parent in found:
            sibling = network_of(version, int(parent.network_address) ^
                                 1 << bits - parent.prefixlen, parent.prefixlen)
            if any(sibling.subnet_of(each) for each in within):
                found.setdefault(sibling, found[parent])
            continue
        length = min(parent.prefixlen + random.randint(1, 9), bits)
        address = int(parent.network_address) | random.getrandbits(bits - parent.prefixlen)
        found.setdefault(network_of(version, address, length), draw())
    return found


def clients_of(random, networks, count):
    """Public clients: at the edges of networks, just beyond them, and inside; their prefixes are
    shorter than, as long as or longer than those of the networks."""
    found, all_networks = set(), list(networks.values)
    while len(found) < count:
        network = random.choice(all_networks)
        bits = BITS[network.version]
        first, last = int(network.network_address), int(network.broadcast_address)
        address = random.choice((first, last, first - 1, last + 1, random.randint(first, last)))
        length = random.choice((bits, bits, bits * 3 // 4, network.prefixlen,
                                random.randint(1, bits)))
        if 0 <= address < 1 << bits:
            client = network_of(network.version, address, length)
            if not is_private(client):
                found.add(client)
    return sorted(found, key=lambda client: (client.version, client))
