# SPDX-License-Identifier: GPL-3.0-or-later
"""All of Steer in one zone, contrib/shop.example.yaml: its apex is where somebody else's load
balancer is, its web servers are in two pools with a standby. Everything is changed, killed and
restored under load, and every answer is right.

STEER_ANSWERS  how many are counted to compare shares (2,000)
STEER_EVENTS   how many events there are in random order, after those of the story (20; 0)
"""

import os
import random
import signal

from steer import env
from steer.backend import Backend, http
from steer.case import write, zone_text
from steer.judged import Judged, JudgedLoad, Stage, told, told_addresses
from steer.knot import Knot
from steer.steerdstory import SteerdStory
from steer.wire import NXDOMAIN, TYPES, labels, wire_name

SAMPLE = os.path.join(os.path.dirname(__file__), "..", "..", "contrib", "shop.example.yaml")
ANSWERS = env.number("STEER_ANSWERS", 2000, 1000, sanitized=500)
EVENTS = env.number("STEER_EVENTS", 20, 0)
TTL = 60  # Of the zone.


class Balancer:
    """The server of example.net, which has the load balancer's name, lb."""

    def __init__(self, directory):
        self.file = os.path.join(directory, "zone")
        os.makedirs(directory)
        self.serial = 0
        self.ttl, self.addresses = 1, {}
        self.knot = Knot(directory, zones={"example.net.": self.file}, stats=False)
        self.option = f"127.0.0.1@{self.knot.port}"

    def set(self, ttl, *addresses):
        """The name's addresses from now on."""
        by_type = {"A": [], "AAAA": []}
        for address in addresses:
            by_type["AAAA" if ":" in address else "A"].append(address)
        self.ttl, self.addresses = ttl, by_type

    def write(self):
        """Puts them into its zone, behind a CNAME."""
        self.serial += 1
        lines = [f"edge {self.ttl} {rrtype} {address}" for rrtype in self.addresses
                 for address in self.addresses[rrtype]]
        write(self.file, zone_text("example.net.", "lb 3600 CNAME edge", *lines,
                                   soa=f"ns.example.net. admin.example.net. {self.serial} 1 1 1 1"))
        if self.knot.alive():
            self.knot.control("-b", "zone-reload", "example.net.")

    def fall_silent(self):
        self.knot.process.send_signal(signal.SIGSTOP)

    def stop(self):
        if self.knot.alive():
            self.knot.process.send_signal(signal.SIGCONT)  # It may be silent.
        self.knot.stop()

    def restart(self, ttl, *addresses):
        """It is killed, and started with other addresses."""
        self.knot.kill()
        self.set(ttl, *addresses)
        self.write()
        self.knot.start()

    def right(self, rrtype):
        return {told_addresses(self.ttl, *self.addresses[rrtype])}


class Pool:
    """Web servers, by the ids of their checks, and whether they run."""

    def __init__(self, name, *addresses):
        self.name = name
        self.servers = {f"{name}{number}": Backend(http(), address)
                        for number, address in enumerate(addresses, 1)}
        self.runs = dict.fromkeys(self.servers, True)
        self.weight = 0

    def up(self):
        """The addresses of those that run."""
        return [server.address for name, server in self.servers.items() if self.runs[name]]

    def right(self):
        """All that are up; all there are if none is."""
        every = [server.address for server in self.servers.values()]
        return told_addresses(TTL, *(self.up() or every))


class Mission(SteerdStory):
    alone = True

    def setUp(self):
        super().setUp()
        self.blue = Pool("blue", "127.0.2.11", "127.0.2.12")
        self.green = Pool("green", "127.0.2.21", "127.0.2.22")
        self.standby = Pool("standby", "127.0.2.31", "127.0.2.32")
        self.pools = [self.blue, self.green, self.standby]
        self.blue.weight, self.green.weight = 3, 1
        self.mail, self.note = "mail", 0
        self.balancer = Balancer(self.path("balancer"))
        self.balancer.set(1, "198.51.100.1", "2001:db8::1")
        self.addCleanup(self.balancer.stop)
        self.make_store()
        self.questions = {asked: Judged(*asked) for asked in self.right()}

    def make_store(self):
        """The sample, with servers of this machine."""
        with open(SAMPLE, encoding="utf-8") as sample:
            self.store = self.policies(sample.read().replace("192.0.2.", "127.0.2."))
        self.store.ok("set", "note.shop.example", "TXT", "--ttl", str(TTL), "0")
        self.store.ok("config", "target-ttl-min", "1s")
        for pool in self.pools:
            for check, server in pool.servers.items():
                server.start()
                self.addCleanup(server.stop)
                self.set_check(self.store, check, server, "http")

    # What is right.

    def www(self):
        """The answers of www, and their weights."""
        weights = {pool.right(): pool.weight for pool in (self.blue, self.green) if pool.up()}
        return weights or {self.standby.right(): 1}

    def right(self):
        """The right answers to each question."""
        return {
            ("shop.example", "A"): self.balancer.right("A"),
            ("shop.example", "AAAA"): self.balancer.right("AAAA"),
            ("www.shop.example", "A"): set(self.www()),
            ("blue.shop.example", "A"): {self.blue.right()},
            ("green.shop.example", "A"): {self.green.right()},
            ("standby.shop.example", "A"): {self.standby.right()},
            ("shop.example", "MX"): {told("MX", TTL, b"\0\x0a" + wire_name(labels(
                f"{self.mail}.shop.example")))},
            ("mail.shop.example", "A"): {told_addresses(TTL, "127.0.2.25")},
            ("note.shop.example", "TXT"): {told("TXT", TTL, self.note_rdata())},
            ("nothing.shop.example", "A"): {told("A", TTL, rcode=NXDOMAIN)},
        }

    def note_rdata(self):
        text = str(self.note).encode()
        return bytes((len(text),)) + text

    # What happens.

    def step(self, what, act):
        """Something happens by which the right answers have become others. Until that is seen in an
        answer, those of before are right, too."""
        changing = [self.questions[asked] for asked, right in self.right().items()
                    if self.questions[asked].change(right)]
        act()
        self.load.until(what, lambda: not any(judged.pending() for judged in changing))
        for judged in self.questions.values():  # Weights count, too, which no answer tells.
            judged.settle()
        self.load.more(what)
        self.compare_shares(what)

    def compare_shares(self, what):
        """The answers of www have the shares of their weights."""
        www, weights = self.questions["www.shop.example", "A"], self.www()
        if len(weights) > 1:
            self.load.until(f"the shares: {what}",
                            lambda: www.stage.counts.total() >= ANSWERS)
            self.assert_shares(dict(www.stage.counts), weights)

    def same(self, what, act):
        """Something happens that changes no answer."""
        act()
        self.load.more(what)

    def until_stale(self):
        """Waits until the load balancer's name could not be resolved again."""
        self.load.until("stale answers", lambda: [
            line.split("\t")[2] for line in self.store.ok("target", "list").splitlines()] ==
            ["stale"] * 2)

    def turn(self, pool, check):
        """A web server dies, or is back."""
        pool.runs[check] = not pool.runs[check]
        server = pool.servers[check]
        if pool.runs[check]:
            self.step(f"{check} is back", server.start)
        else:
            self.step(f"{check} dies", server.stop)

    def weigh(self, blue, green):
        """Other weights; another record, changed after them, tells when they are there."""
        self.blue.weight, self.green.weight = blue, green
        self.note += 1

        def change():
            for pool in (self.blue, self.green):
                self.store.ok("set", "pools.shop.example", "A", "--id", pool.name, "--weight",
                              str(pool.weight))
            self.store.ok("set", "note.shop.example", "TXT", str(self.note))
        self.step(f"weights {blue}:{green}", change)

    def move_mail(self, host):
        self.mail = host
        self.step(f"mail is at {host}", lambda: self.store.ok(
            "set", "shop.example", "MX", f"10 {host}.shop.example."))

    def move_balancer(self, ttl, *addresses):
        self.balancer.set(ttl, *addresses)
        self.step("the load balancer moves", self.balancer.write)

    def restart_steerd(self):
        self.same("steerd is killed", self.daemon.kill)
        self.same("steerd is started", self.daemon.start)

    def events(self, count):
        """That many, in random order; a server of the standby stays up."""
        chance = random.Random(11)
        servers = [(pool, check) for pool in self.pools for check in pool.servers][:-1]
        for number in range(count):
            chance.choice([
                lambda: self.turn(*chance.choice(servers)),
                lambda: self.weigh(chance.randrange(1, 9), chance.randrange(1, 9)),
                lambda mail=f"mail{number}": self.move_mail(mail),
                lambda last=number % 256: self.move_balancer(
                    chance.randrange(1, 3), f"203.0.113.{last}", f"2001:db8:1::{last:x}"),
                lambda: self.same("knotd is reloaded", self.server.reload),
                self.restart_steerd])()

    # The story.

    def start(self):
        """Starts all there is, and waits for the first answers."""
        self.balancer.write()
        self.balancer.knot.start()
        self.server = self.host(store=self.store.directory, threads=2).start()
        self.daemon = self.steerd(self.store, options=["--resolver", self.balancer.option]).start()
        for pool in self.pools:
            for check in pool.servers:
                self.until_state(self.store, check, "up")
        for asked, right in self.right().items():
            self.served(self.server, asked[0], TYPES[asked[1]], next(iter(right)).rcode)
            self.questions[asked].stage = Stage(right)
        www = self.questions["www.shop.example", "A"]
        self.load = JudgedLoad(self.server, [each for judged in self.questions.values()
                                             for each in (judged, www)])

    def test_every_answer_is_right(self):
        blue, green, standby = self.pools
        self.start()
        with self.load:
            self.compare_shares("at the start")
            self.move_balancer(1, "198.51.100.2", "198.51.100.3", "2001:db8::2")
            self.turn(blue, "blue1")
            self.same("the load balancer's server is silent", self.balancer.fall_silent)
            self.turn(blue, "blue2")
            self.same("knotd is reloaded", self.server.reload)
            self.turn(green, "green1")
            self.turn(green, "green2")
            self.turn(standby, "standby1")
            self.move_mail("mail2")
            self.same("the load balancer's name is stale", self.until_stale)
            self.same("steerd is killed", self.daemon.kill)
            self.same("a web server is back", green.servers["green2"].start)
            green.runs["green2"] = True
            self.same("the load balancer is back elsewhere", lambda: self.balancer.restart(
                1, "198.51.100.4", "2001:db8::3", "2001:db8::4"))
            self.step("steerd is started", self.daemon.start)
            self.turn(green, "green1")
            self.turn(blue, "blue1")
            self.weigh(1, 1)
            self.turn(blue, "blue2")
            self.turn(standby, "standby1")
            self.weigh(9, 1)
            self.events(EVENTS)
        self.assertEqual(self.load.wrong, [])
