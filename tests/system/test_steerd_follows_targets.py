# SPDX-License-Identifier: GPL-3.0-or-later
"""Which alias targets steerd resolves, how, and what the status has of them, as the store says."""

import json

from steer import asking
from steer.asking import Metrics
from steer.resolver import Resolver
from steer.steerdstory import SteerdStory
from steer.wait import until

OLD, NEW = "192.0.2.1", "192.0.2.2"
TARGET = "host.target.test."


class Follows(SteerdStory):

    def resolver(self, address=OLD, ttl=3600):
        resolver = Resolver().start()
        self.addCleanup(resolver.stop)
        resolver.set(TARGET, f"A {address}", ttl=ttl)
        return resolver

    def resolving(self, resolver, **settings):
        """A store with an alias, and a steerd that has resolved its target."""
        store = self.policies("zone: example.com\nrecords:\n"
                              f"  www: {{type: A, alias: {TARGET}}}\n")
        for setting, value in settings.items():
            store.ok("config", setting.replace("_", "-"), value)
        daemon = self.steerd(store, options=["--resolver", resolver.option]).start()
        self.until_known(store, OLD)
        return store, daemon

    @staticmethod
    def known(store, name="www.example.com"):
        """What an alias answers by what is stored; None: no records."""
        line = store.run("explain", name, "A").out.splitlines()[-2].split("\t")
        return line[-1] if len(line) > 1 else None

    def until_known(self, store, address, name="www.example.com"):
        until(f"{name} being {address}", lambda: self.known(store, name) == address)

    @staticmethod
    def stored(store):
        """How many values the status has."""
        return json.loads(store.ok("stats", "--json"))["databases"]["status"]["entries"]

    def test_a_reload_resolves_all_anew(self):
        resolver = self.resolver()
        store, daemon = self.resolving(resolver)
        resolver.set(TARGET, f"A {NEW}", ttl=3600)
        daemon.reload()
        self.until_known(store, NEW)

    def test_other_forwarders_are_asked_at_once(self):
        first, second = self.resolver(), self.resolver(NEW)
        store, _ = self.resolving(first)
        store.ok("config", "forwarders", second.option)
        self.until_known(store, NEW)
        store.ok("config", "forwarders", "--default")
        self.until_known(store, OLD)

    def test_other_bounds_count_at_once(self):
        resolver = self.resolver()
        store, _ = self.resolving(resolver)
        resolver.set(TARGET, f"A {NEW}", ttl=3600)
        store.ok("config", "target-ttl-max", "5s")
        self.until_known(store, NEW)

    def test_what_is_not_used_when_it_starts_is_removed(self):
        store, daemon = self.resolving(self.resolver())
        store.ok("set", "other.example.com", "A", "--alias", "other.target.test")
        until("the other being resolved", lambda: "other.target.test.\tA\tfresh" in
              store.ok("target", "list"))
        daemon.stop()
        before = self.stored(store)
        store.ok("del", "www.example.com", "A")
        daemon.start()
        until("a removed value", lambda: self.stored(store) < before)
        store.ok("set", "www.example.com", "A", "--alias", TARGET)
        self.until_known(store, OLD)

    def test_ends_of_hosted_names_are_resolved(self):
        resolver = self.resolver()
        resolver.set("x.far.test.", f"A {NEW}")
        store, _ = self.resolving(resolver)
        store.ok("set", "cname.example.com", "CNAME", TARGET)
        store.ok("set", "below.example.com", "DNAME", "far.test.")
        store.ok("set", "a.example.com", "A", "--alias", "cname.example.com")
        store.ok("set", "b.example.com", "A", "--alias", "x.below.example.com")
        store.ok("set", "c.example.com", "CNAME", "--alias", "x.far.test")
        store.ok("set", "d.example.com", "A", "--alias", "c.example.com")
        self.until_known(store, OLD, "a.example.com")
        for name in "b.example.com", "d.example.com":
            self.until_known(store, NEW, name)

    def test_times_are_written_with_a_heartbeat(self):
        store, _ = self.resolving(self.resolver(ttl=1), target_ttl_min="1s", stale_max="80s")
        place = store.path(asking.SOCKET)

        def published():
            return Metrics(place)("steerd_published_answers_total")
        before = published()
        until("times being written", lambda: published() > before)
