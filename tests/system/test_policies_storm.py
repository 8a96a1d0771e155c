# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies that change without a pause: each answer is one version of them, whole.

STEER_SWITCHES  change sets
"""

from steer import env
from steer.case import Case, zone_text
from steer.stress import Probe, Writer, chain, dropped

CHAIN = ("first.test.", "second.test.")
SWITCHES = env.number("STEER_SWITCHES", 4000, 1000, sanitized=400)

VERSIONS = 10  # More of them are seen; it depends on the machine how many change sets that takes,
MOST = 20 * SWITCHES  # though not so many.


class PoliciesChangeWithoutAGap(Case):

    alone = True

    def storm(self, texts, links):
        """New weights with each change set, and no policy with every fourth; questions all the
        while."""
        store = self.hosted(*texts)
        host = self.host(store=store.directory, stats=False, threads=2).start()
        before = dropped()
        probe = Probe(self, host, CHAIN, sockets=4, links=links)
        probe.wait_for(0)
        written = 0
        while len(probe.seen()) <= VERSIONS and written < MOST:
            Writer(self, store, CHAIN, since=written, count=SWITCHES, links=links,
                   policies=True).wait()
            written += SWITCHES
            probe.wait_for(written)
        counts, described = probe.finish()
        bad = {word: counts[word] for word in ("failed", "mixed", "back") if counts[word] != 0}
        self.assertEqual(bad, {}, f"of {counts}:\n{described}")
        missing = counts["sent"] - counts["answered"]
        self.assertLessEqual(missing, dropped() - before, counts)
        versions = len(probe.seen())
        print(f"     {counts['answered']} answers, {versions} of {written} versions seen")
        self.assertGreater(versions, VERSIONS)

    def test_one_group_from_simple_to_weighted_and_back(self):
        first, second = CHAIN
        self.storm([(first, zone_text(first, "chain A 0.0.0.0")), (second, zone_text(second))], 1)

    def test_a_chain_of_cname_groups(self):
        self.storm(chain(*CHAIN), 5)
