# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of two namespaces, whose link loses and holds packets as a story wants.

Everything goes away with the process, at the latest. Only root can make namespaces.
"""

import contextlib
import ctypes
import fcntl
import ipaddress
import os
import select
import shutil
import struct
import subprocess
import threading

from steer import env

CLONE_NEWNET = 0x40000000
TUN = "/dev/net/tun"
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
LINK = "tun0"
PACKET_MAX = 65535

PING_GROUPS, EVERYBODY = "net.ipv4.ping_group_range", "0 2147483647"  # Also for IPv6.

# Steerd is near; all other addresses are far.
NEAR, NEAR6 = "192.0.2.1", "2001:db8::1"
HOST, HOST6 = "198.51.100.1", "2001:db8:1::1"
UNREACHABLE, UNREACHABLE6 = "203.0.113.1", "2001:db8:2::1"
BLACKHOLE, BLACKHOLE6 = "203.0.113.2", "2001:db8:2::2"
PROHIBITED = "203.0.113.3"
NO_ROUTE = "203.0.113.4"  # Near already.


def namespaces_lack():
    """What is missing for namespaces; None: nothing."""
    if os.geteuid() != 0:
        return "root, who can make network namespaces"
    return None if shutil.which("ip") else "ip(8)"


def lacks():
    """What is missing for a network; None: nothing."""
    return namespaces_lack() or (None if os.path.exists(TUN) else TUN)


def _system_call(name, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _own_namespace():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Namespace:
    """A network namespace; loopback is up."""

    def __init__(self):
        self.handle = None
        maker = threading.Thread(target=self._make)  # It leaves that of the process alone.
        maker.start()
        maker.join()
        self.ip("link", "set", "lo", "up")

    def _make(self):
        _system_call("unshare", CLONE_NEWNET)
        self.handle = _own_namespace()

    @contextlib.contextmanager
    def inside(self):
        """What this thread opens and starts is in it."""
        home = _own_namespace()
        _system_call("setns", self.handle, CLONE_NEWNET)
        try:
            yield self
        finally:
            _system_call("setns", home, CLONE_NEWNET)
            os.close(home)

    @property
    def path(self):
        """By which other programs know it."""
        return f"/proc/{os.getpid()}/fd/{self.handle}"

    def ip(self, *words):
        """Runs ip(8) in it."""
        with self.inside():
            subprocess.run(["ip", *words], check=True, timeout=env.PATIENCE)

    def set(self, name, value):
        """Sets a parameter of its kernel: see sysctl(8)."""
        with self.inside(), open(f"/proc/sys/{name.replace('.', '/')}", "w",
                                 encoding="ascii") as file:
            file.write(value)

    def tun(self, *addresses):
        """An end of the link: packets that are sent there are read from it."""
        with self.inside():
            end = os.open(TUN, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
            fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", LINK.encode(), IFF_TUN | IFF_NO_PI))
        for address in addresses:
            self.ip("address", "add", address, "dev", LINK, *(["nodad"] if ":" in address else []))
        self.ip("link", "set", LINK, "addrgenmode", "none")
        self.ip("link", "set", LINK, "up")
        return end

    def close(self):
        os.close(self.handle)


class Packet:
    """A packet of IPv4 or IPv6; data is what follows the header."""

    def __init__(self, content):
        self.content = content
        v6 = content[0] >> 4 == 6
        self.protocol = content[6] if v6 else content[9]
        self.data = content[40:] if v6 else content[4 * (content[0] & 15):]
        ends = content[8:40] if v6 else content[12:20]
        half = len(ends) // 2
        self.source, self.to = (str(ipaddress.ip_address(end))
                                for end in (ends[:half], ends[half:]))

    def is_echo(self):
        """Whether it is an echo request or reply."""
        return (self.protocol, self.data[0]) in ((1, 8), (1, 0), (58, 128), (58, 129))

    def sequence(self):
        """Number of an echo request."""
        return int.from_bytes(self.data[6:8], "big")

    def changed(self, source=None, data=None):
        """The same packet of ICMP over IPv4 with another source, or other data."""
        source = ipaddress.ip_address(source or self.source).packed
        data = data or self.data
        head = self.content[:2] + (20 + len(data)).to_bytes(2, "big") + self.content[4:10]
        ends = source + self.content[16:20]
        return Packet(head + _checksum(head + ends) + ends +
                      data[:2] + _checksum(data[:2] + data[4:]) + data[4:])

    def redirect(self, request, gateway):
        """From the same host to the same, an advice to send a request by a gateway."""
        advice = b"\5\1\0\0" + ipaddress.ip_address(gateway).packed
        return self.changed(data=advice + request.content[:28])


def _checksum(content):
    """The Internet checksum (RFC 1071)."""
    content += bytes(len(content) % 2)
    total = sum(struct.unpack(f"!{len(content) // 2}H", content))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return (~total & 0xFFFF).to_bytes(2, "big")


class Network:
    """Two namespaces and the link between them.

    out, back  functions of a packet that leaves near and far, which return the packets that arrive
    """

    def __init__(self):
        self.near, self.far = Namespace(), Namespace()
        self.out = self.back = lambda packet: [packet]
        self._near_end = self.near.tun(f"{NEAR}/24", f"{NEAR6}/64")
        self._far_end = self.far.tun()
        self._stop, self._stopped = os.pipe()
        self._route()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def _route(self):
        self.near.set(PING_GROUPS, EVERYBODY)
        self.near.ip("route", "add", "default", "dev", LINK)
        self.near.ip("-6", "route", "add", "default", "dev", LINK)
        self.near.ip("route", "add", "unreachable", NO_ROUTE)
        self.far.ip("route", "add", f"{NEAR}/32", "dev", LINK)
        self.far.ip("-6", "route", "add", f"{NEAR6}/128", "dev", LINK)
        self.far.set("net.ipv4.ip_forward", "1")
        self.far.set("net.ipv6.conf.all.forwarding", "1")
        self.far.set("net.ipv4.icmp_ratemask", "0")  # All errors are sent.
        self.far.set("net.ipv6.icmp.ratelimit", "0")
        for host in f"{HOST}/32", f"{HOST6}/128":
            self.far.ip("address", "add", host, "dev", "lo")
        for kind, *hosts in (("unreachable", UNREACHABLE, UNREACHABLE6),
                             ("blackhole", BLACKHOLE, BLACKHOLE6), ("prohibit", PROHIBITED)):
            for host in hosts:
                self.far.ip("route", "add", kind, host)

    def _carry(self):
        ways = {self._near_end: (self._far_end, lambda packet: self.out(packet)),
                self._far_end: (self._near_end, lambda packet: self.back(packet))}
        while True:
            ready, _, _ = select.select([self._stop, *ways], [], [])
            if self._stop in ready:
                return
            for end in ready:
                other, passes = ways[end]
                packet = Packet(os.read(end, PACKET_MAX))
                if not ipaddress.ip_address(packet.to).is_multicast:  # The kernel's own.
                    for arriving in passes(packet):
                        os.write(other, arriving.content)

    def close(self):
        os.close(self._stopped)  # Which makes the other end of the pipe readable.
        self._thread.join(env.PATIENCE)
        for end in self._stop, self._near_end, self._far_end:
            os.close(end)
        self.near.close()
        self.far.close()
