# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotation by the server and groups with policies: which records answer is the policy's, their
order is the server's."""

import contextlib

from steer.client import Udp
from steer.policystory import A, PolicyStory, address
from steer.wire import Answer, labels, question

ZONE = """
    zone: example.com
    records:
      "@": {type: A, alias: plain}
      plain: {type: A, values: [192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4]}
      one:
        type: A
        policy: weighted
        sets:
          a: {weight: 1, values: [192.0.2.1, 192.0.2.2, 192.0.2.3]}
          b: {weight: 0, values: [192.0.2.9]}
      all:
        type: A
        policy: [up]
        sets:
          a: {values: [192.0.2.3, 192.0.2.4]}
          b: {values: [192.0.2.1, 192.0.2.2]}
      drawn:
        type: A
        policy: weighted
        sets:
          a: {weight: 1, values: [192.0.2.1]}
          b: {weight: 3, values: [192.0.2.2, 192.0.2.3]}
      "*.any": {type: A, alias: all}
"""
# The records as they are stored: by set, then in canonical order.
STORED = {"example.com.": "1234", "plain.example.com.": "1234", "one.example.com.": "123",
          "all.example.com.": "3412", "x.any.example.com.": "3412"}


class Rotation(PolicyStory):

    def orders(self, host, name):
        """The orders of answers to consecutive IDs, by last digits."""
        with contextlib.closing(Udp(host.address)) as client:
            client.send([question(labels(name), A)] * 12)
            return {"".join(address(rr[4])[-1] for rr in Answer(message).answer)
                    for message in client.receive(12)}

    def test_off_leaves_them_as_they_are_stored(self):
        _, host = self.served_policies(ZONE)
        for name, stored in STORED.items():
            with self.subTest(name):
                self.assertEqual(self.orders(host, name), {stored})

    def test_on_begins_with_each_in_turn(self):
        _, host = self.served_policies(ZONE, rotation=True)
        for name, stored in STORED.items():
            with self.subTest(name):
                self.assertEqual(self.orders(host, name),
                                 {stored[n:] + stored[:n] for n in range(len(stored))})

    def test_on_changes_no_share(self):
        _, host = self.served_policies(ZONE, rotation=True)
        self.assert_shares(self.counted(host, "drawn.example.com."),
                           {"192.0.2.1": 1, "192.0.2.2 192.0.2.3": 3})
