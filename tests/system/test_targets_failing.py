# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases of names outside that cannot be resolved: the last good answer, for how long, and what
comes after it."""

from steer.nameserver import reply, rr
from steer.targets import fails, refuses, silent
from steer.targetstory import NOT_READY, TargetStory, as_shown
from steer.wait import until
from steer.wire import TYPES, labels, wire_name

APEXES = "target.test.", "other.test."
OLD, NEW = "192.0.2.1", "192.0.2.2"


def name_of(word):
    return f"{word}.target.test."


def alias_of(word):
    return f"{word}.example.com."


class FailingStory(TargetStory):

    def aliased(self, targets, *words, rrtype="A", **settings):
        """An alias of that name for each of the names in the first zone. Without a hold, by which
        a failure that counts as an answer without data would go unnoticed."""
        return self.resolving(targets, "zone: example.com\nrecords:\n" + "".join(
            f"  {word}: {{type: {rrtype}, alias: {name_of(word)}}}\n" for word in words),
            **{"target_empty_hold": "0s", **settings})

    @staticmethod
    def fails_again(targets, name, since):
        """Whether it was tried again, after tries that followed each other at once."""
        times = targets.times(name)[since:]
        return any(after - before > 0.9 for before, after in zip(times, times[1:]))


class Failing(FailingStory):

    @staticmethod
    def bad():
        """Ways to fail: name -> behaviour of its server."""
        def loops(query):
            return [reply(query, rr(query.name, "CNAME", wire_name(query.name)))]

        def is_short(query):
            return [reply(query, rr(query.name, "A", b"\xc0\0\2\x09"), count=2)]
        return {"servfail": fails, "refused": refuses, "loop": loops, "short": is_short}

    def test_the_last_answer_stays_until_it_is_back(self):
        targets = self.targets(*APEXES)
        bad = self.bad()
        for word in bad:
            targets.set(name_of(word), f"A {OLD}")
        targets.start()
        _, knot, _ = self.aliased(targets, *bad)
        for word in bad:
            self.until_shown(knot, alias_of(word), OLD)
        for word, behaviour in bad.items():
            targets.misbehave(name_of(word), behaviour)
            targets.set(name_of(word), f"A {NEW}")
        asked = {word: len(targets.times(name_of(word))) for word in bad}
        for word in bad:
            self.stays(knot, alias_of(word), OLD, lambda word=word: self.fails_again(
                targets, name_of(word), asked[word]))
        until("each answer being counted as stale",
              lambda: self.stale_answers(knot, bad, OLD) == len(bad))
        for word in bad:
            targets.misbehave(name_of(word), None)
        for word in bad:
            self.until_shown(knot, alias_of(word), NEW)
        self.assertEqual(self.stale_answers(knot, bad, NEW), 0)

    def stale_answers(self, knot, words, wanted):
        """How many answers are counted as stale while each of these aliases is asked for."""
        name = "mod-steer.stale-answer"
        before = knot.stats(name).get(name, 0)
        for word in words:
            self.assertEqual(self.shown(knot, alias_of(word)), wanted)
        return knot.stats(name).get(name, 0) - before

    def test_silence_too(self):
        targets = self.targets(*APEXES)
        for word in "www", "other":
            targets.set(name_of(word), f"A {OLD}")
        targets.start()
        _, knot, daemon = self.aliased(targets, "www", "other")
        for word in "www", "other":
            self.until_shown(knot, alias_of(word), OLD)
        targets.misbehave(name_of("www"), silent)
        self.stays(knot, alias_of("www"), OLD, lambda: daemon.log.lines(
            r"alias target www\.target\.test\. A: not resolved, its last answer is given: "))
        for word in "www", "other":
            targets.set(name_of(word), f"A {NEW}")
        self.until_shown(knot, alias_of("other"), NEW)
        self.assertEqual(self.shown(knot, alias_of("www")), OLD)
        targets.misbehave(name_of("www"), None)
        self.until_shown(knot, alias_of("www"), NEW)

    def test_it_goes_at_stale_max_and_comes_back(self):
        targets = self.targets(*APEXES)
        targets.set(name_of("www"), f"A {OLD}")
        targets.set(name_of("none"))
        targets.start()
        store, knot, _ = self.aliased(targets, "www", "none", stale_max="2s")
        self.bring(store, f"""
            zone: example.org
            records:
              tree:
                type: A
                policy: failover
                sets:
                  first: {{failover: primary, alias: {name_of("www")}}}
                  second: {{failover: secondary, values: [{NEW}]}}
        """)
        self.until_shown(knot, alias_of("www"), OLD)
        self.until_shown(knot, "tree.example.org.", OLD)
        self.until_shown(knot, alias_of("none"), "no data")
        for word in "www", "none":
            targets.misbehave(name_of(word), fails)
        asked = len(targets.times(name_of("www")))
        self.stays(knot, alias_of("www"), OLD, lambda: len(targets.times(name_of("www"))) > asked)
        for word in "www", "none":
            self.until_shown(knot, alias_of(word), NOT_READY)
            self.assertIsNone(self.known(store, name_of(word)))
        self.until_shown(knot, "tree.example.org.", NEW)
        targets.misbehave(name_of("www"), None)
        self.until_shown(knot, alias_of("www"), OLD)
        self.until_shown(knot, "tree.example.org.", OLD)

    def test_nothing_stale_at_all(self):
        targets = self.targets(*APEXES)
        targets.set(name_of("www"), f"A {OLD}")
        targets.start()
        _, knot, _ = self.aliased(targets, "www", stale_max="0s")
        self.until_shown(knot, alias_of("www"), OLD)
        targets.misbehave(name_of("www"), fails)
        self.until_shown(knot, alias_of("www"), NOT_READY)
        targets.misbehave(name_of("www"), None)
        self.until_shown(knot, alias_of("www"), OLD)

    def test_one_that_never_answered_is_tried_again(self):
        targets = self.targets(*APEXES)
        targets.set(name_of("www"), f"A {OLD}")
        targets.misbehave(name_of("www"), fails)
        targets.start()
        _, knot, _ = self.aliased(targets, "www")
        self.stays(knot, alias_of("www"), NOT_READY,
                   lambda: self.fails_again(targets, name_of("www"), 0))
        targets.misbehave(name_of("www"), None)
        self.until_shown(knot, alias_of("www"), OLD)


class Odd(FailingStory):

    def test_records_of_other_names_are_none_of_its(self):
        targets = self.targets(*APEXES)
        targets.set(name_of("www"), f"A {OLD}")

        def says_more(query):
            more = rr(labels("www.elsewhere.test"), "A", b"\xc0\0\2\x09")
            own = rr(query.name, "A", b"\xc0\0\2\2")
            return [reply(query, more, own, rr(query.name, "TXT", b"\1x"))]
        targets.start()
        _, knot, _ = self.aliased(targets, "www")
        self.until_shown(knot, alias_of("www"), OLD)
        targets.misbehave(name_of("www"), says_more)
        self.until_shown(knot, alias_of("www"), NEW)
        self.assertEqual([rr[1] for rr in self.ask(knot, alias_of("www")).answer], [TYPES["A"]])


class Large(FailingStory):

    def test_answers_over_tcp(self):
        targets = self.targets(*APEXES)
        texts = [f"TXT {'x' * 200}{number:03}" for number in range(250)]
        targets.set(name_of("huge"), *texts)
        targets.set(name_of("small"), "TXT small")
        targets.misbehave(name_of("small"), targets.truncates)
        targets.start()
        _, knot, _ = self.aliased(targets, "huge", "small", rrtype="TXT")
        self.until_shown(knot, alias_of("small"), '"small"', "TXT")
        huge = as_shown(texts, "TXT")
        until("the huge one", lambda: self.over_tcp(knot, alias_of("huge"), "TXT") == huge)
        targets.set(name_of("huge"), *texts[1:])
        huge = as_shown(texts[1:], "TXT")
        until("another huge one", lambda: self.over_tcp(knot, alias_of("huge"), "TXT") == huge)
        self.assertTrue(self.ask(knot, alias_of("huge"), TYPES["TXT"]).tc)

    def test_more_records_than_a_message_holds(self):
        """Those of a small response do, whose names are compressed."""
        targets = self.targets(*APEXES)
        targets.set(name_of("www"), "MX 1 mail")
        targets.start()
        _, knot, daemon = self.aliased(targets, "www", rrtype="MX")
        self.until_shown(knot, alias_of("www"), "1 mail.target.test.", "MX")
        long = ".".join(3 * ["x" * 63]) + ".target.test."
        targets.set(name_of("www"), *(f"MX {number} {long}" for number in range(320)))
        daemon.log.wait("www.*: not resolved, .*: more records than a message holds")
        self.assertEqual(self.shown(knot, alias_of("www"), "MX"), "1 mail.target.test.")
        records = [f"MX {number} {long}" for number in range(290)]
        targets.set(name_of("www"), *records)
        until("fewer", lambda: self.over_tcp(knot, alias_of("www"), "MX") ==
              as_shown(records, "MX"))

    def test_a_chain_through_zones(self):
        targets = self.targets(*APEXES)
        links = ["www.target.test."] + [f"link{number}.{APEXES[number % 2]}"
                                        for number in range(1, 8)]
        for link, after in zip(links, links[1:]):
            targets.set(link, f"CNAME {after}")
        targets.set(links[-1], f"A {OLD}", "AAAA 2001:db8::1")
        targets.start()
        _, knot, daemon = self.aliased(targets, "www")
        self.until_shown(knot, alias_of("www"), OLD)
        targets.set(links[-1], f"A {NEW}")
        self.until_shown(knot, alias_of("www"), NEW)
        targets.set(links[4], f"CNAME {links[2]}")  # A loop.
        self.stays(knot, alias_of("www"), NEW, lambda: daemon.log.lines("www.*: not resolved"))
        targets.set(links[4], f"A {OLD}")
        self.until_shown(knot, alias_of("www"), OLD)


class Bogus(FailingStory):
    """DNSSEC: an answer that cannot be verified is none."""

    def test_an_answer_that_turns_bogus(self):
        targets = self.targets(*APEXES, signed=True)
        words = "www", "forged"
        for word in words:
            targets.set(name_of(word), f"A {OLD}")
        targets.start()

        def forges(query):
            return [message.replace(b"\xc0\0\2\1", b"\xc0\0\2\x09").replace(
                b"\xc0\0\2\2", b"\xc0\0\2\x09") for message in targets.relay(query)]
        targets.misbehave(name_of("forged"), forges)
        anchors = self.file("anchors", "".join(targets.anchors()))
        _, knot, _ = self.aliased(targets, *words, options=["--trust-anchor", anchors])
        self.until_shown(knot, alias_of("www"), OLD)
        targets.misbehave(name_of("www"), forges)
        targets.set(name_of("www"), f"A {NEW}")
        asked = len(targets.times(name_of("www")))
        self.stays(knot, alias_of("www"), OLD, lambda: self.fails_again(
            targets, name_of("www"), asked))
        self.assertEqual(self.shown(knot, alias_of("forged")), NOT_READY)
        for word in words:
            targets.misbehave(name_of(word), None)
        self.until_shown(knot, alias_of("www"), NEW)
        self.until_shown(knot, alias_of("forged"), OLD)
