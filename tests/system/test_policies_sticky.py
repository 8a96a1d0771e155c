# SPDX-License-Identifier: GPL-3.0-or-later
"""Sticky weights: a client keeps its member, and a change moves only those that it concerns."""

import contextlib

from steer.client import WINDOW, Udp
from steer.policystory import A, PolicyStory, addresses
from steer.wait import until
from steer.wire import Answer, labels, question, subnet

STICKY = """
    zone: example.com
    records:
      www:
        type: A
        policy: [up, weighted sticky=client, take 1]
        sets:
          a: {weight: 1, health: a, values: [192.0.2.1]}
          b: {weight: 2, health: b, values: [192.0.2.2]}
          c: {weight: 3, health: c, values: [192.0.2.3]}
          d: {weight: 4, health: d, values: [192.0.2.4]}
          e: {weight: 0, values: [192.0.2.5]}
      plain: {type: A, values: [192.0.2.1]}
      drawn:
        type: A
        policy: weighted
        sets:
          a: {weight: 1, values: [192.0.2.1]}
          b: {weight: 1, values: [192.0.2.2]}
      branch:
        type: A
        policy: [up, tier]
        sets:
          first: {tier: 0, alias: www}
          last: {tier: 1, values: [192.0.2.9]}
    ---
    health: {a: {type: manual}, b: {type: manual}, c: {type: manual}, d: {type: manual}}
"""
WWW = "www.example.com."
CLIENTS = [f"{x}.{y}.{z}.0/24" for x in (81, 145) for y in range(0, 250, 5)
           for z in range(0, 200, 5)]
SHARES = {f"192.0.2.{n}": n for n in (1, 2, 3, 4)}


class ClientsStick(PolicyStory):

    def members(self, server, clients, name=WWW):
        """The address that each client gets."""
        queries = [question(labels(name), A, subnet(client)) for client in clients]
        given = []
        with contextlib.closing(Udp(server.address)) as udp:
            for begin in range(0, len(queries), WINDOW):
                count = udp.send(queries[begin:begin + WINDOW])
                given += [addresses(Answer(message)) for message in udp.receive(count)]
        self.assertLessEqual(set(given), set(SHARES))  # Exactly one address.
        return given

    def counts(self, given):
        return {one: given.count(one) for one in set(given)}

    def test_removing_a_member_moves_only_its_share(self):
        """Rule S7."""
        store, host = self.served_policies(STICKY, ecs=True)
        before = self.members(host, CLIENTS)
        self.assert_shares(self.counts(before), SHARES)
        self.assertEqual(self.members(host, CLIENTS), before)
        store.ok("health", "report", "c", "down")
        moved = next(client for client, one in zip(CLIENTS, before) if one == "192.0.2.3")
        self.until_answered(host, WWW, *(set(SHARES) - {"192.0.2.3"}), edns=subnet(moved))
        after = self.members(host, CLIENTS)
        stayed = [(x, y) for x, y in zip(before, after) if x != "192.0.2.3"]
        self.assertEqual([pair for pair in stayed if pair[0] != pair[1]], [])
        with self.subTest("and its share goes to the others by their weights"):
            self.assert_shares(self.counts([y for x, y in zip(before, after) if x == "192.0.2.3"]),
                               {"192.0.2.1": 1, "192.0.2.2": 2, "192.0.2.4": 4})
        store.ok("health", "report", "c", "up")
        self.until_answered(host, WWW, "192.0.2.3", edns=subnet(moved))
        self.assertEqual(self.members(host, CLIENTS), before)

    def test_more_weight_only_takes_clients(self):
        store, host = self.served_policies(STICKY, ecs=True)
        before = self.members(host, CLIENTS)
        self.bring(store, STICKY.replace("weight: 1, health: a", "weight: 10, health: a"))
        self.until_moved(host, before)
        after = self.members(host, CLIENTS)
        self.assert_shares(self.counts(after), SHARES | {"192.0.2.1": 10})
        self.assertEqual({y for x, y in zip(before, after) if x != y}, {"192.0.2.1"})

    def until_moved(self, host, before):
        until("some clients having moved", lambda: self.members(host, CLIENTS) != before)

    def test_restarts_and_order_change_nothing(self):
        store, host = self.served_policies(STICKY, ecs=True)
        before = self.members(host, CLIENTS[:500])
        host.stop()
        self.bring(store, STICKY.replace("weight: 0", "weight: 7"))
        self.bring(store, STICKY)
        host.start()
        self.assertEqual(self.members(host, CLIENTS[:500]), before)

    def test_neighbours_are_one_client(self):
        _, host = self.served_policies(STICKY, ecs=True)
        for network in ("198.51.100.0/24", "203.0.113.0/24", "2001:db8:7:100::/56"):
            inside = [f"{network.split('0/')[0]}{n}/32" for n in (1, 77, 255)] \
                if "." in network else [f"2001:db8:7:1{n:02x}::{n}/128" for n in (1, 77, 255)]
            with self.subTest(network):
                self.assertEqual(len(set(self.members(host, [network, *inside]))), 1)

    def test_the_scope_tells_what_decided(self):
        """Rule C2."""
        _, host = self.served_policies(STICKY, ecs=True)
        for name, client, scope in (
                (WWW, "198.51.100.0/24", 24), (WWW, "198.51.100.7/32", 24),
                (WWW, "198.51.0.0/16", 24), (WWW, "2001:db8::/48", 56),
                (WWW, "2001:db8::/64", 56), (WWW, "0.0.0.0/0", 0),
                # For a private network the source address decides, for that network alone.
                (WWW, "10.1.2.0/24", 8), (WWW, "192.168.1.0/24", 16), (WWW, "fd00::/56", 7),
                ("branch.example.com.", "198.51.100.0/24", 24),
                ("plain.example.com.", "198.51.100.0/24", 0),
                ("drawn.example.com.", "198.51.100.0/24", 0),
                ("missing.example.com.", "198.51.100.0/24", 0)):
            with self.subTest(name=name, client=client):
                self.assertEqual(self.ask(host, name, edns=subnet(client)).scope(), scope)

    def test_a_private_subnet_counts_for_nothing(self):
        _, host = self.served_policies(STICKY, ecs=True)
        private = [f"10.{n}.0.0/24" for n in range(200)]
        self.assertEqual(set(self.members(host, private)), {addresses(self.ask(host, WWW))})

    def test_without_heed_the_source_address_counts(self):
        _, host = self.served_policies(STICKY)
        self.assertEqual(set(self.members(host, CLIENTS[:200])), {addresses(self.ask(host, WWW))})
        # A server that knows the option answers it: for all.
        self.assertIn(self.ask(host, WWW, edns=subnet(CLIENTS[0])).scope(), (None, 0))
