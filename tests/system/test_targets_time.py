# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases of names outside: TTLs, when targets are asked again, and answers without data."""

from steer.targets import silent
from steer.targetstory import NO_DATA, TargetStory
from steer.wait import until
from steer.wire import NOERROR, SOA_TYPE, TYPES, labels

HOST, OTHER = "host.target.test.", "other.target.test."
WWW = "www.example.com."
A = TYPES["A"]


class TimeStory(TargetStory):

    def aliased(self, *names, targets, **settings):
        """Aliases, www, n1, n2 ..., of these names."""
        words = ["www"] + [f"n{number}" for number in range(1, len(names))]
        return self.resolving(targets, "zone: example.com\nrecords:\n" + "".join(
            f"  {word}: {{type: A, alias: {name}}}\n" for word, name in zip(words, names)),
            **settings)

    def one_answer(self, targets, name, change):
        """Changes a name by a method of the targets; one query is answered from then on. Returns a
        list that gets the place of that query among the name's times."""
        places = []

        def once(query):
            places.append(len(targets.times(name)) - 1)
            targets.misbehave(name, silent)
            return targets.relay(query)
        # An answer that had to wait for the change could come too late.
        targets.misbehave(name, silent)
        change(name)
        targets.misbehave(name, once)
        return places


class Ttls(TimeStory):

    def test_the_smallest_of_the_chain_within_the_bounds(self):
        chains = {  # TTLs of CNAMEs and of the address, and that of the alias.
            "zero": ((0,), 5), "short": ((4,), 5), "least": ((5,), 5), "between": ((50,), 50),
            "most": ((100,), 100), "long": ((101,), 100), "longest": ((2147483647,), 100),
            "first": ((7, 90), 7), "last": ((90, 60, 8), 8), "middle": ((90, 9, 80), 9),
            "none": ((0, 90), 5), "far": ((300, 200, 120), 100)}
        targets = self.targets("target.test.")
        for name, (ttls, _) in chains.items():
            links = [f"{name}.target.test."] + [f"{name}{at}.target.test."
                                                for at in range(1, len(ttls))]
            for ttl, link, after in zip(ttls, links, links[1:]):
                targets.set(link, f"CNAME {after}", ttl=ttl)
            targets.set(links[-1], "A 192.0.2.1", "A 192.0.2.2", ttl=ttls[-1])
        targets.start()
        _, knot, _ = self.aliased(*(f"{name}.target.test." for name in chains), targets=targets,
                                  target_ttl_min="5s", target_ttl_max="100s")
        for number, (name, (_, ttl)) in enumerate(chains.items()):
            with self.subTest(name):
                alias = WWW if number == 0 else f"n{number}.example.com."
                self.until_shown(knot, alias, "192.0.2.1, 192.0.2.2")
                self.assertEqual({rr[3] for rr in self.ask(knot, alias).answer}, {ttl})

    def test_it_does_not_count_down(self):
        targets = self.targets("target.test.")
        targets.set(HOST, "A 192.0.2.1", ttl=3)
        targets.start()
        _, knot, daemon = self.aliased(HOST, targets=targets)
        self.until_shown(knot, WWW, "192.0.2.1")
        seen = set()
        until("a refresh", lambda: seen.update(rr[3] for rr in self.ask(knot, WWW).answer) or
              len(targets.times(HOST)) > 1)
        self.assertEqual(seen, {3})
        self.assert_calm(daemon, 3)


class Nothing(TimeStory):
    """The target has no data of the type, or its name does not exist."""

    def test_from_the_first_answer(self):
        targets = self.targets("target.test.")
        targets.set(HOST)
        targets.start()
        store, knot, _ = self.aliased(HOST, "missing.target.test.", targets=targets)
        for name, target, missing in ((WWW, HOST, 0),
                                      ("n1.example.com.", "missing.target.test.", 1)):
            with self.subTest(target):
                self.until_shown(knot, name, NO_DATA)
                answer = self.ask(knot, name)
                self.assertEqual((answer.rcode, answer.aa), (NOERROR, True))
                self.assertEqual([(rr[0], rr[1]) for rr in answer.authority],
                                 [(labels("example.com."), SOA_TYPE)])
                known = self.known(store, target)
                self.assertEqual((known.ttl, known.count, known.nxdomain, known.held),
                                 (1, 0, missing, 0))
        targets.set(HOST, "A 192.0.2.1")
        self.until_shown(knot, WWW, "192.0.2.1")

    def test_records_stay_until_two_answers_say_so(self):
        """The second one is the answer to a query that comes the hold later."""
        targets = self.targets("target.test.")
        for name in HOST, OTHER:
            targets.set(name, "A 192.0.2.1")
        targets.start()
        store, knot, _ = self.aliased(HOST, OTHER, targets=targets, target_empty_hold="2s")
        aliases = WWW, "n1.example.com."
        for alias in aliases:
            self.until_shown(knot, alias, "192.0.2.1")
        first = {name: self.one_answer(targets, name, change)
                 for name, change in ((HOST, targets.remove), (OTHER, targets.set))}
        for alias, name in zip(aliases, (HOST, OTHER)):
            self.stays(knot, alias, "192.0.2.1", lambda name=name:
                       first[name] and len(targets.times(name)) > first[name][0] + 1)
            self.assertEqual(self.known(store, name).held, 1)
            targets.misbehave(name, None)
            self.until_shown(knot, alias, NO_DATA)
            self.assertEqual(self.known(store, name).nxdomain, int(name == HOST))
            times = targets.times(name)[first[name][0]:]
            self.assertGreaterEqual(times[1] - times[0], 2)

    def test_an_apex_that_is_blank_for_a_moment_never_shows(self):
        targets = self.targets("target.test.")
        targets.set("target.test.", "A 192.0.2.1")
        targets.start()
        store, knot, _ = self.aliased("target.test.", targets=targets)
        self.until_shown(knot, WWW, "192.0.2.1")

        def blank_once(query):
            targets.remove("target.test.")
            answer = targets.relay(query)
            targets.misbehave("target.test.", None)
            targets.set("target.test.", "A 192.0.2.1")
            return answer
        targets.misbehave("target.test.", blank_once)
        asked = len(targets.times("target.test."))
        self.stays(knot, WWW, "192.0.2.1",
                   lambda: len(targets.times("target.test.")) >= asked + 3)
        self.assertEqual(self.known(store, "target.test.").held, 0)

    def test_without_a_hold_one_answer_is_enough(self):
        targets = self.targets("target.test.")
        targets.set(HOST, "A 192.0.2.1")
        targets.start()
        _, knot, _ = self.aliased(HOST, targets=targets, target_empty_hold="0s")
        self.until_shown(knot, WWW, "192.0.2.1")
        self.one_answer(targets, HOST, targets.remove)
        self.until_shown(knot, WWW, NO_DATA)
