# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checks of hosts by name: steerd asks a resolver, each time."""

import re
import subprocess

from steer import env
from steer.resolver import NO_ANSWER, Resolver
from steer.steerdstory import SteerdStory
from steer.wait import until
from steer.web import redirect

LOCAL = "A 127.0.0.1"     # Where the backend is.
NOBODY = "A 127.0.0.2"    # Nobody listens there.
IPV6 = "AAAA ::1"         # Nor there.
TOO_LONG = "the address of {} takes too long after"
MANY = 2100  # Names, more than are asked for at the same time.


class ByName(SteerdStory):

    def resolver(self):
        resolver = Resolver().start()
        self.addCleanup(resolver.stop)
        return resolver

    def probing(self, *resolvers, prefix=(), **hosts):
        """A backend, and a steerd that probes it by its names: check -> (host, options)."""
        sets = "".join(f"      {name}: {{health: {name}, values: [192.0.2.{number % 250}]}}\n"
                       for number, name in enumerate(hosts))
        store = self.policies("zone: example.com\nrecords:\n  www:\n    type: A\n"
                              f"    policy: multivalue\n    sets:\n{sets}")
        backend = self.backend()
        for name, (host, options) in hosts.items():
            self.set_check(store, name, backend, **{"address": None, "host": host, **options})
        options = [word for resolver in resolvers for word in ("--resolver", resolver.option)]
        return store, backend, self.steerd(store, options=options, prefix=prefix).start()

    def wait_for(self, daemon, name, state, reason):
        """Waits until a check has changed to a state, which must be for that reason."""
        line = daemon.log.wait(rf"'{name}' is {state}: .*")
        self.assertRegex(line, rf"'{name}' is {state}: {reason} ")

    def test_what_names_are(self):
        resolver = self.resolver()
        resolver.set("web.test.", LOCAL)
        resolver.set("web.home.arpa.", LOCAL)
        resolver.set("alias.example.", "CNAME web.test.", LOCAL)
        resolver.set("empty.example.")
        resolver.set("ipv6.example.", IPV6)
        resolver.set("two.example.", IPV6, LOCAL)
        resolver.set("dead.example.", IPV6, NOBODY)
        resolver.set("many.example.", *(f"A 127.0.0.{number}" for number in range(2, 62)))
        resolver.fail("broken.example.", "SERVFAIL")
        both, aaaa = {"resolve": "both"}, {"resolve": "aaaa"}
        _, backend, daemon = self.probing(
            resolver, web=("web.test", {}), home=("web.home.arpa", {}),
            alias=("alias.example", {}), gone=("gone.example", {}), empty=("empty.example", {}),
            noipv6=("web.test", aaaa), neither=("empty.example", both), ipv6=("ipv6.example", aaaa),
            two=("two.example", both), dead=("dead.example", both), many=("many.example", {}),
            broken=("broken.example", {}), localhost=("localhost", {}))
        port = backend.port
        for name, state, reason in (
                ("web", "up", rf"connected to 127\.0\.0\.1:{port} after"),
                ("home", "up", rf"connected to 127\.0\.0\.1:{port} after"),
                ("alias", "up", rf"connected to 127\.0\.0\.1:{port} after"),
                ("gone", "down", r"DNS resolution of gone\.example: NXDOMAIN after"),
                ("empty", "down", r"DNS resolution of empty\.example: no A records after"),
                ("noipv6", "down", r"DNS resolution of web\.test: no AAAA records after"),
                ("neither", "down",
                 r"DNS resolution of empty\.example: no A or AAAA records after"),
                ("ipv6", "down", rf"\[::1\]:{port}: .* after"),
                ("two", "up", rf"connected to 127\.0\.0\.1:{port} after"),
                ("dead", "down", rf"\[::1\]:{port}: .* after"),
                ("many", "down", rf"127\.0\.0\.\d+:{port}: Connection refused after"),
                ("broken", "down", r"DNS resolution of broken\.example: SERVFAIL, or no answer"),
                ("localhost", "up", rf"connected to 127\.0\.0\.1:{port} after")):
            with self.subTest(name):
                self.wait_for(daemon, name, state, reason)
        self.assertNotIn("localhost.", {name for name, _ in resolver.asked})

    def test_a_redirect_leads_to_what_is_no_name(self):
        host = 64 * "x" + ".example"
        server = self.backend(redirect(f"http://{host}/"))
        _, _, daemon = self.probing(
            self.resolver(), web=(None, {"address": "127.0.0.1", "port": server.port,
                                         "kind": "http", "redirects": "follow"}))
        self.wait_for(daemon, "web", "down", f"DNS resolution of {host}: not a domain name")

    def test_a_new_address_is_probed_next_time(self):
        resolver = self.resolver()
        resolver.set("web.example.", LOCAL, ttl=3600)
        store, backend, daemon = self.probing(resolver, web=("web.example", {}))
        self.until_state(store, "web", "up")
        resolver.set("web.example.", NOBODY)
        self.until_state(store, "web", "down")
        self.wait_for(daemon, "web", "down", rf"127\.0\.0\.2:{backend.port}: Connection refused")
        resolver.fail("web.example.", "NXDOMAIN")
        resolver.wait_for("web.example.", 2)
        resolver.set("web.example.", LOCAL)
        self.until_state(store, "web", "up")

    def test_an_address_is_taken_as_it_is(self):
        resolver = self.resolver()
        store, backend, daemon = self.probing(
            resolver, web=("web.example", {"address": "127.0.0.1", "kind": "http"}),
            other=("other.example", {}))
        self.until_state(store, "other", "down")
        self.wait_for(daemon, "web", "down", rf".* 127\.0\.0\.1:{backend.port} takes too long")
        self.assertNotIn("web.example.", {name for name, _ in resolver.asked})

    def test_a_name_that_is_not_answered_delays_nobody(self):
        resolver = self.resolver()
        resolver.fail("slow.example.", NO_ANSWER)
        resolver.set("web.example.", LOCAL)
        store, backend, daemon = self.probing(
            resolver, slow=("slow.example", {}), web=("web.example", {"fall": 3}),
            fixed=(None, {"address": "127.0.0.1", "fall": 3}))
        self.wait_for(daemon, "slow", "down", TOO_LONG.format(r"slow\.example"))
        self.until_state(store, "web", "up")
        backend.wait_for(4)
        self.assertEqual(daemon.log.lines("'(web|fixed)' is down"), [])
        resolver.set("slow.example.", LOCAL)
        self.until_state(store, "slow", "up")

    def test_a_resolver_that_comes_back_is_asked_again(self):
        resolver = self.resolver()
        resolver.set("web.example.", LOCAL)
        store, _, _ = self.probing(resolver, web=("web.example", {}))
        self.until_state(store, "web", "up")
        resolver.stop()
        self.until_state(store, "web", "down")
        resolver.fail("web.example.", NO_ANSWER)
        resolver.start()
        resolver.wait_for("web.example.", 4)
        resolver.set("web.example.", LOCAL)
        self.until_state(store, "web", "up")

    def test_one_of_two_resolvers_is_enough(self):
        dead, resolver = self.resolver(), self.resolver()
        dead.fail("web.example.", NO_ANSWER)
        resolver.set("web.example.", LOCAL)
        store, _, daemon = self.probing(dead, resolver, web=("web.example", {"fall": 3}))
        self.until_state(store, "web", "up")
        resolver.wait_for("web.example.", 6)
        self.assertEqual(daemon.log.lines("'web' is down"), [])

    def test_a_reload_asks_again_what_was_not_answered(self):
        resolver = self.resolver()
        resolver.fail("web.example.", NO_ANSWER)
        store, _, daemon = self.probing(
            resolver, web=("web.example", {"interval": "10s"}))
        resolver.wait_for("web.example.", 1)
        daemon.reload()
        resolver.wait_for("web.example.", 1)
        resolver.set("web.example.", LOCAL)
        self.until_state(store, "web", "up")
        self.assertEqual(daemon.log.lines("'web' is down"), [])

    def test_without_descriptors_a_check_keeps_its_state(self):
        resolver = self.resolver()
        resolver.set("web.example.", LOCAL)
        store, backend, daemon = self.probing(resolver, web=("web.example", {}))
        self.until_state(store, "web", "up")

        def starved():
            daemon.allow_no_more_files()
            return daemon.log.lines(
                r"'web' cannot be probed and keeps its state: DNS resolution of web\.example: ")
        until("lookups without a socket", starved)
        backend.stop()
        self.assertEqual(self.state(store, "web"), ("up", "probe"))
        daemon.allow_files()
        self.until_state(store, "web", "down")
        self.wait_for(daemon, "web", "down", rf"127\.0\.0\.1:{backend.port}: Connection refused")

    def test_a_check_goes_while_its_name_is_asked_for(self):
        resolver = self.resolver()
        for name in "web.example.", "other.example.":
            resolver.fail(name, NO_ANSWER)
        store, _, daemon = self.probing(
            resolver, web=("web.example", {}), other=("other.example", {}))
        resolver.wait_for("web.example.", 1)
        store.ok("health", "del", "web")
        resolver.wait_for("other.example.", 2)
        daemon.stop()

    def bring_hosts(self, store, backend, hosts, interval="1s"):
        """Defines checks of a backend by many names, and record sets that use them."""
        checks = "".join(f"  {name}: {{type: tcp, host: {host}, port: {backend.port}, "
                         f"interval: {interval}, rise: 1, fall: 1}}\n"
                         for name, host in hosts.items())
        records = "".join(f"  {name}: {{type: A, policy: failover, sets: {{a: {{failover: primary, "
                          f"health: {name}, values: [192.0.2.1]}}}}}}\n" for name in hosts)
        self.bring(store, f"health:\n{checks}---\nzone: example.net\nrecords:\n{records}")

    def unanswered(self, resolver, count):
        hosts = {f"c{number}": f"n{number}.example" for number in range(count)}
        for host in hosts.values():
            resolver.fail(host + ".", NO_ANSWER)
        return hosts

    def test_many_names_at_once(self):
        resolver = self.resolver()
        hosts = self.unanswered(resolver, MANY)
        store, backend, daemon = self.probing(
            resolver, fixed=(None, {"address": "127.0.0.1", "fall": 3}))
        # In which each is asked for, and all are until there are answers.
        self.bring_hosts(store, backend, hosts, interval="4s")
        self.wait_for(daemon, f"c{MANY - 1}", "down", TOO_LONG.format(f"n{MANY - 1}.example"))
        self.until_state(store, "fixed", "up")
        for host in hosts.values():
            resolver.set(host + ".", LOCAL)
        daemon.log.wait(f"'c{MANY - 1}' is up")
        self.assertEqual(daemon.log.lines("'fixed' is down"), [])

    def test_few_descriptors(self):
        resolver = self.resolver()
        hosts = self.unanswered(resolver, 800)
        store, backend, daemon = self.probing(
            resolver, prefix=("prlimit", "--nofile=512:512"),
            fixed=(None, {"address": "127.0.0.1", "fall": 3}))
        self.bring_hosts(store, backend, hosts)
        for name, host in hosts.items():
            self.wait_for(daemon, name, "down", TOO_LONG.format(host))
        self.assertEqual(daemon.log.lines("cannot be probed|Too many open files"), [])


class Options(SteerdStory):

    def refused(self, *options):
        done = subprocess.run([env.STEERD, *options], capture_output=True, text=True, check=False,
                              env=env.environment(), timeout=env.PATIENCE)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    def test_resolvers(self):
        for bad in ("dns.example", "", "192.0.2.1@", "192.0.2.1@0", "192.0.2.1@65536",
                    "192.0.2.1@53x", "192.0.2.1:53", "@53", "2001:db8::1@999999", "1" * 80):
            with self.subTest(bad):
                self.assertRegex(self.refused("--resolver", bad),
                                 rf"^steerd: --resolver: '{re.escape(bad)}' is not an address; allowed: ")
        self.assertIn("'2001:db8::1@53' is one more; allowed: 8",
                      self.refused(*["--resolver", "2001:db8::1@53"] * 9))
