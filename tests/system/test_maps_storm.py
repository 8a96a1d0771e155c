# SPDX-License-Identifier: GPL-3.0-or-later
"""A map that is replaced without a pause: each answer is of one version of it, whole, with the
scope of that version.

STEER_MAPS  times that the map is replaced
"""

from steer import env
from steer.case import Case
from steer.stress import Probe, dropped

ZONES = ("first.test.", "second.test.")
MAPS = env.number("STEER_MAPS", 500, 200, sanitized=60)
LINKS = 5
CLIENT = "81.0.0.1"  # Not private: of such a subnet, the source address would count.

VERSIONS = 10  # At least; how many are seen depends on the machine.


def target(version, link):
    """What the name of a link has: the next one, or an address."""
    if link == LINKS - 1:
        return ".".join(str(byte) for byte in version.to_bytes(4, "big"))
    return f"v{version:08}-{link + 1}.{ZONES[(link + 1) % 2]}"


def group(name, link, versions):
    """A name that leads each version's clients to their target, and others nowhere."""
    kind = "A" if link == LINKS - 1 else "CNAME"
    sets = [f"{{cidr: {{collection: c, location: v{version}}}, values: [{target(version, link)}]}}"
            for version in versions]
    sets.append(f"{{cidr: default, values: [{target(2 ** 24, link)}]}}")
    named = ", ".join(f"s{number}: {one}" for number, one in enumerate(sets))
    return f"  {name}: [{{type: {kind}, policy: [cidr, take 1], sets: {{{named}}}}}]\n"


def zones(count):
    """The chain of chain.h, of which each link has the map decide."""
    text = [f"zone: {zone}\nrecords:\n" for zone in ZONES]
    text[0] += group("chain", 0, range(count + 1))
    for version in range(count + 1):
        for link in range(1, LINKS):
            text[link % 2] += group(f"v{version:08}-{link}", link, [version])
    return "---\n".join(text)


class MapsChangeWithoutAGap(Case):

    alone = True

    def put(self, store, version):
        """A map whose only network, and with it the scope, depends on the version."""
        network = f"81.0.0.0/{8 + version % 17}"
        store.ok("map", "import", "--type", "cidr", "--name", "c",
                 self.file("map", f"{network} v{version}\n"))

    def test_one_map_replaced_under_load(self):
        store = self.store("--ns", "ns1.example.net.", "--ns", "ns2.example.net.")
        store.ok("import", self.file("zones.yaml", zones(MAPS)))
        host = self.host(store=store.directory, stats=False, threads=2,
                         ecs=True).start()
        self.put(store, 0)  # The store's first map, while it is served.
        host.log.wait("map c of .* was added")
        changes = store.ok("log")
        before = dropped()
        probe = Probe(self, host, ZONES, sockets=4, client=CLIENT)
        probe.wait_for(0)
        for version in range(1, MAPS + 1):
            self.put(store, version)
        probe.wait_for(MAPS)
        counts, described = probe.finish()
        bad = {word: counts[word] for word in ("failed", "mixed", "back") if counts[word] != 0}
        self.assertEqual(bad, {}, f"of {counts}:\n{described}")
        self.assertLessEqual(counts["sent"] - counts["answered"], dropped() - before, counts)
        versions = len(probe.seen())
        print(f"     {counts['answered']} answers, {versions} of {MAPS} versions seen")
        self.assertGreater(versions, VERSIONS)
        self.assertEqual(store.ok("log"), changes)  # No node was written for it.
