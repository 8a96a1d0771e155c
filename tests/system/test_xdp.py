# SPDX-License-Identifier: GPL-3.0-or-later
"""What mod-steer answers over AF_XDP, past the sockets of the kernel."""

from steer import xdp
from steer.case import zone_text
from steer.client import ask, ask_wire
from steer.mapstory import MapStory
from steer.policystory import A, addresses
from steer.wire import (EDNS_1232, NOERROR, NXDOMAIN, PLAIN, REFUSED, TYPES, Answer, labels, opt,
                        question, subnet)

TXT = TYPES["TXT"]
ECS = subnet("198.51.100.0/24")
EDNS_4096 = (1, opt(4096))
STRINGS = [f"{number:04}{200 * 'x'}" for number in range(40)]  # More than a frame takes.
STORE = f"""
health:
  blue: {{type: manual}}
---
zone: host.test
ttl: 60
records:
  "@":
    - {{type: NS, values: [ns.example.net.]}}
    - {{type: A, alias: www}}
  www: {{type: A, values: [192.0.2.1, 192.0.2.2]}}
  large: {{type: TXT, values: {STRINGS}}}
  sub: {{type: NS, values: [ns.sub]}}
  ns.sub: {{type: A, values: [192.0.2.3]}}
  "*.any": {{type: A, values: [192.0.2.4]}}
  mixed:
    type: A
    policy: weighted
    sets:
      blue: {{weight: 3, values: [192.0.2.10], health: blue}}
      green: {{weight: 1, values: [192.0.2.11]}}
  to-mixed: {{type: A, alias: mixed}}
  near:
    type: A
    policy: ip
    sets:
      link: {{cidr: {{collection: c, location: link}}, values: [192.0.2.20]}}
      link6: {{cidr: {{collection: c, location: link6}}, values: [192.0.2.21]}}
      subnet: {{cidr: {{collection: c, location: subnet}}, values: [192.0.2.22]}}
      default: {{cidr: default, values: [192.0.2.23]}}
"""

# name, type: response code, addresses.
QUESTIONS = {
    ("www.host.test", A): (NOERROR, "192.0.2.1 192.0.2.2"),
    ("host.test", A): (NOERROR, "192.0.2.1 192.0.2.2"),
    ("x.any.host.test", A): (NOERROR, "192.0.2.4"),
    ("www.host.test", TXT): (NOERROR, ""),
    ("missing.host.test", A): (NXDOMAIN, ""),
    ("x.sub.host.test", A): (NOERROR, ""),
    ("www.own.test", A): (NOERROR, "192.0.2.5"),  # Of a zone of Knot's.
    ("www.example.net", A): (REFUSED, ""),
}


class OverXdp(MapStory):

    def setUp(self):
        super().setUp()
        lacking = xdp.lacks()
        if lacking is not None:
            self.skipTest(f"needs {lacking}")
        links = xdp.Links()
        self.addCleanup(links.close)
        self.link = links.add()
        self.client = links.client
        self.store = self.store_of_maps(STORE, c=f"""
            {self.link.client} link
            {self.link.client6} link6
            198.51.100.0/24 subnet
            """)
        own = self.file("own.zone", zone_text("own.test.", "www A 192.0.2.5"))
        self.server = self.knot(zones={"own.test.": own}, store=self.store.directory, ecs=True,
                                xdp=xdp.INTERFACE)
        with self.link.server.inside():
            self.server.start()

    def from_client(self, address, name, rrtype=A, edns=PLAIN, tcp=False):
        """The answer that the client gets, as received."""
        with self.client.inside():
            return ask_wire(address, question(labels(name), rrtype, edns), tcp)

    def by_socket(self, name, rrtype, edns):
        """The answer of the same server over a socket."""
        with self.link.server.inside():
            return ask_wire(self.server.address, question(labels(name), rrtype, edns))

    def requests(self):
        """How many came, by protocol."""
        return self.server.stats("mod-stats.request-protocol")

    def test_what_it_answers_over_sockets(self):
        asked = 0
        for (name, rrtype), (rcode, right) in QUESTIONS.items():
            for edns in PLAIN, EDNS_1232, ECS:
                with self.subTest(name=name, rrtype=rrtype, edns=edns):
                    expected = self.by_socket(name, rrtype, edns)
                    for address in self.link.address, self.link.address6:
                        message = self.from_client(address, name, rrtype, edns)
                        self.assertEqual(message, expected)
                        answer = Answer(message)
                        self.assertEqual((answer.rcode, addresses(answer)), (rcode, right))
                    asked += 1
        self.assertEqual(self.requests(), {f"mod-stats.request-protocol[{protocol}]": asked
                                           for protocol in ("udp4", "udp4-xdp", "udp6-xdp")})

    def test_shares_and_what_is_down(self):
        with self.client.inside():
            for name in "mixed.host.test", "to-mixed.host.test":
                for edns in PLAIN, ECS:
                    counts = self.counted(self.link, name, edns=edns)
                    self.assert_shares(counts, {"192.0.2.10": 3, "192.0.2.11": 1})
            self.store.ok("health", "force", "blue", "down")
            self.until_answered(self.link, "mixed.host.test", "192.0.2.11")
            self.assertEqual(set(self.counted(self.link, "mixed.host.test")), {"192.0.2.11"})

    def test_where_the_client_is(self):
        for address, edns, right, scope in (
                (self.link.address, PLAIN, "192.0.2.20", None),
                (self.link.address6, PLAIN, "192.0.2.21", None),
                (self.link.address, ECS, "192.0.2.22", 24),
                (self.link.address6, ECS, "192.0.2.22", 24),
                (self.link.address, subnet("203.0.113.0/24"), "192.0.2.23", None)):
            with self.subTest(address=address, edns=edns):
                answer = Answer(self.from_client(address, "near.host.test", edns=edns))
                self.assertEqual(addresses(answer), right)
                if scope is not None:
                    self.assertEqual(answer.scope(), scope)

    def test_what_a_frame_does_not_take(self):
        for edns in PLAIN, EDNS_1232, EDNS_4096:
            answer = Answer(self.from_client(self.link.address, "large.host.test", TXT, edns))
            self.assertTrue(answer.tc, answer)
        answer = Answer(self.from_client(self.link.address, "large.host.test", TXT, tcp=True))
        self.assertEqual((answer.rcode, len(answer.answer)), (NOERROR, len(STRINGS)))
        self.assertEqual(self.requests()["mod-stats.request-protocol[tcp4-xdp]"], 1)

    def test_changes(self):
        with self.client.inside():
            self.store.ok("set", "www.host.test", "A", "192.0.2.30")
            self.until_answered(self.link, "www.host.test", "192.0.2.30")
            self.store.ok("zone", "delete", "--force", "host.test")
            self.until_answered(self.link, "www.host.test", "")
            self.assertEqual(ask(self.link, labels("www.host.test"), A).rcode, REFUSED)
