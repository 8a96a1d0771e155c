# SPDX-License-Identifier: GPL-3.0-or-later
"""A zone, a zone inside it and one inside that come and go in every order.

36 trees go through one order each, step by step and side by side. After each step every tree is
queried, and must answer like the tree of a Knot that holds the same zones in files. Where a zone
starts inside another, Knot's file of the outer zone has a record of a private type there, since
the apex of a hosted zone makes its ancestors exist in the enclosing one.
"""

import contextlib
import itertools

from steer.case import Case, zone_text
from steer.client import Udp, WINDOW
from steer.differ import difference
from steer.wait import until
from steer.wire import TYPES, Answer, labels, question

TOP, MIDDLE, INNER = "", "m.empty.", "i.deep.m.empty."
ZONES = {
    TOP: ("www A 192.0.2.1", "*.empty TXT \"wild\"", "m.empty NS ns.m.empty",
          "ns.m.empty A 192.0.2.2", "hidden.m.empty A 192.0.2.3", "a.deep.m.empty A 192.0.2.4",
          "to-m CNAME www.m.empty", "* A 192.0.2.5"),
    MIDDLE: ("www A 192.0.2.11", "*.deep A 192.0.2.12", "a.deep A 192.0.2.13",
             "hidden.i.deep TXT \"hidden\""),
    INNER: ("www A 192.0.2.21", "sub NS ns.sub", "ns.sub A 192.0.2.22"),
}
NAMES = ("", "www", "empty", "x.empty", "m.empty", "www.m.empty", "hidden.m.empty", "x.m.empty",
         "ns.m.empty", "deep.m.empty", "a.deep.m.empty", "x.deep.m.empty", "i.deep.m.empty",
         "www.i.deep.m.empty", "x.i.deep.m.empty", "hidden.i.deep.m.empty", "x.sub.i.deep.m.empty")
KINDS = [TYPES[kind] for kind in ("A", "TXT", "NS", "SOA", "DS")]


def zone_file(tree, inner, present=()):
    """Text of one zone of a tree, for Knot with the markers of the zones inside it."""
    apex = f"{inner}{tree}."
    lines = list(ZONES[inner])
    nearest = [zone for zone in present if zone != inner and zone.endswith(inner)]
    for zone in nearest:
        between = [other for other in nearest if other != zone and zone.endswith("." + other)]
        if not between:
            lines.append(f"{zone.removesuffix(inner).rstrip('.')} TYPE65281 \\# 0")
    return apex, zone_text(apex, *lines)


def subsets():
    for count in range(len(ZONES) + 1):
        yield from itertools.combinations(ZONES, count)


class ZonesInAnyOrder(Case):

    def reference(self):
        """A Knot with a tree for each set of zones; set of zones -> name of its tree."""
        trees, files = {}, {}
        for number, present in enumerate(subsets()):
            tree = trees[present] = f"r{number:02d}"
            for zone in present:
                apex, text = zone_file(tree, zone, present)
                files[apex] = self.file(apex + "zone", text)
        return trees, self.knot("reference", zones=files, modules=()).start()

    @staticmethod
    def ask(client, tree):
        """Answers to all questions about a tree, with the tree's name taken out."""
        queries = [question(labels(f"{name}.{tree}" if name else tree), kind)
                   for name in NAMES for kind in KINDS]
        answers = []
        for start in range(0, len(queries), WINDOW):
            count = client.send(queries[start:start + WINDOW])
            answers += [message[2:].replace(b"\x03" + tree.encode(), b"\x03xxx")
                        for message in client.receive(count)]
        return answers

    def test_every_order(self):
        trees, knot = self.reference()
        store = self.store()
        steer = self.host("steer", store=store.directory, stats=False).start()
        orders = list(itertools.product(itertools.permutations(ZONES),
                                        itertools.permutations(ZONES)))
        state = {f"t{number:02d}": set() for number in range(len(orders))}
        with contextlib.closing(Udp(knot.address)) as left, \
                contextlib.closing(Udp(steer.address)) as right:
            right_answers = {present: self.ask(left, tree) for present, tree in trees.items()}
            for step in range(2 * len(ZONES)):
                self.step(store, orders, state, step)
                store.ok("zone", "create", f"step{step}.marker", "--ns", "ns.example.net")
                self.served(steer, f"step{step}.marker", TYPES["SOA"])
                for (tree, present), order in zip(state.items(), orders):
                    key = tuple(zone for zone in ZONES if zone in present)
                    got = self.ask(right, tree)
                    self.compare(right_answers[key], got, f"{order}, step {step}: {key}")
        store.ok("check")

    def step(self, store, orders, state, step):
        """One zone of each tree comes or goes."""
        creates = step < len(ZONES)
        words = []
        for (tree, present), (come, go) in zip(state.items(), orders):
            zone = come[step] if creates else go[step - len(ZONES)]
            if creates:
                apex, text = zone_file(tree, zone)
                words.append(self.file(apex + "zone", text))
                present.add(zone)
            else:
                store.ok("zone", "delete", f"{zone}{tree}", "--force")
                present.discard(zone)
        for file in words:
            store.ok("import", file)

    def compare(self, expected, got, what):
        for index, (one, other) in enumerate(zip(expected, got)):
            if one != other:
                name, kind = NAMES[index // len(KINDS)], KINDS[index % len(KINDS)]
                a, b = Answer(b"\0\0" + one), Answer(b"\0\0" + other)
                if difference(a, b) is None:
                    continue
                self.fail(f"{what}: {name or '@'} type {kind}\n  Knot:\n{a}\n  mod-steer:\n{b}")

    def test_a_file_of_several_zones_in_one_change_set(self):
        """All three at once, in every order of the files."""
        trees, knot = self.reference()
        for number, order in enumerate(itertools.permutations(ZONES)):
            store = self.store("--map-size", "64M", name=f"store{number}")
            files = []
            for zone in order:
                apex, text = zone_file("t00", zone)
                files.append(self.file(f"{apex}zone", text))
            store.ok("import", *files)
            steer = self.host(f"steer{number}", store=store.directory, stats=False).start()
            with contextlib.closing(Udp(knot.address)) as left, \
                    contextlib.closing(Udp(steer.address)) as right:
                self.compare(self.ask(left, trees[tuple(ZONES)]), self.ask(right, "t00"),
                             str(order))
            steer.stop()

    def test_a_zone_below_a_dname(self):
        """A zone below a DNAME of an enclosing zone is allowed or refused whichever comes first."""
        outer = self.file("outer.test.zone", zone_text("outer.test.", "d DNAME example.net."))
        inner = self.file("in.d.outer.test.zone", zone_text("in.d.outer.test.", "www A 192.0.2.1"))
        outcomes = []
        for number, order in enumerate(((outer, inner), (inner, outer))):
            store = self.store("--map-size", "64M", name=f"store{number}")
            store.ok("import", order[0])
            result = store.run("import", order[1])
            outcomes.append(result.status)
            if result.status != 0:
                self.assert_status(result, 1, "DNAME")
            store.ok("check")
        together = self.store("--map-size", "64M").run("import", outer, inner).status
        self.assertEqual(outcomes, [together, together])

    def test_zones_come_and_go_while_clients_ask(self):
        """A name of the outer zone is answered from one of the two zones at all times."""
        store = self.store()
        for apex, text in (zone_file("t00", TOP), zone_file("t00", MIDDLE)):
            store.ok("import", self.file(apex + "zone", text))
        steer = self.host("steer", store=store.directory).start()
        query = question(labels("www.m.empty.t00"), TYPES["A"])
        with contextlib.closing(Udp(steer.address)) as client:
            for _ in range(2):
                for command, aa in ((("zone", "delete", "m.empty.t00", "--force"), False),
                                    (("import", self.path("m.empty.t00.zone")), True)):
                    store.ok(*command)

                    def there(aa=aa):
                        client.send([query] * WINDOW)
                        answers = [Answer(message) for message in client.receive(WINDOW)]
                        self.assertEqual({answer.rcode for answer in answers}, {0})
                        return all(answer.aa == aa for answer in answers)
                    until(f"AA {aa}", there)
