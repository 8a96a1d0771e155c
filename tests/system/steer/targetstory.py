# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories of external alias targets: a server under test, a steerd, and the targets' servers."""

import collections
import json
import os
import re
import subprocess
import time

import dns.rdata

from steer import asking, env
from steer.steerdstory import SteerdStory
from steer.targets import Targets
from steer.wait import until
from steer.wire import EDNS_1232, NOERROR, SOA_TYPE, TYPES, labels, wire_name

NO_DATA, NOT_READY = "no data", "SERVFAIL 14"
# Other settings than the default ones, so that targets are resolved often.
QUICK = {"target-ttl-min": "1s", "target-empty-hold": "1s"}

Known = collections.namedtuple("Known", "ttl count nxdomain held resolved tried failures error")


def as_shown(records, rrtype):
    """How an answer is shown that has those of some records, such as "A 192.0.2.1", of a type."""
    return ", ".join(sorted(dns.rdata.from_text("IN", rrtype, record.split(" ", 1)[1]).to_text()
                            for record in records if record.startswith(f"{rrtype} ")))


def shown(answer, rrtype="A"):
    """An answer as text: its values in order, NO_DATA, NOT_READY, or another RCODE."""
    code = TYPES[rrtype]
    if answer.rcode != NOERROR:
        name = {2: "SERVFAIL", 3: "NXDOMAIN"}.get(answer.rcode, str(answer.rcode))
        return f"{name} {answer.extended_error()}"
    if not answer.answer:
        return NO_DATA if [rr[1] for rr in answer.authority] == [SOA_TYPE] else "nothing at all"
    return ", ".join(sorted(dns.rdata.from_wire(1, code, rdata, 0, len(rdata)).to_text()
                            for rdata in answer.values(code)))


class TargetStory(SteerdStory):

    def targets(self, *apexes, **options):
        """Servers of these zones, not yet started."""
        targets = Targets(self.path("targets"), *apexes, **options)
        self.addCleanup(targets.stop)
        return targets

    def resolving(self, targets, text, zones=None, options=(), variables=None, **settings):
        """A store with these documents and settings (underscores for hyphens), a knotd that serves
        it, and a steerd with these options and variables that asks the targets' servers."""
        store = self.policies(text)
        for setting, value in (QUICK | {name.replace("_", "-"): value
                                        for name, value in settings.items()}).items():
            store.ok("config", setting, value)
        knot = self.host(store=store.directory, zones=zones).start()
        return store, knot, self.resolver(store, targets, options, **variables or {}).start()

    def resolver(self, store, targets, options=(), **more):
        """A steerd that asks the targets' servers, not yet started."""
        return self.steerd(store, options=["--resolver", targets.option, *options], **more)

    def shown(self, server, name, rrtype="A"):
        return shown(self.ask(server, name, TYPES[rrtype], EDNS_1232), rrtype)

    def over_tcp(self, server, name, rrtype="A"):
        return shown(self.ask(server, name, TYPES[rrtype], EDNS_1232, tcp=True), rrtype)

    def until_shown(self, server, name, wanted, rrtype="A"):
        """Waits until the answer is this one."""
        last = ""

        def is_shown():
            nonlocal last
            last = self.shown(server, name, rrtype)
            return last == wanted
        try:
            until(f"{name} {rrtype} being {wanted}", is_shown)
        except AssertionError as late:
            raise AssertionError(f"{late}; it is {last}") from None

    def stays(self, server, name, wanted, meanwhile, rrtype="A"):
        """Waits until a condition is met; until then the answer is this one."""
        until(f"what happens while {name} {rrtype} is {wanted}",
              lambda: self.assertEqual(self.shown(server, name, rrtype), wanted) or meanwhile())

    @staticmethod
    def known(store, name, rrtype="A"):
        """What the store knows of a target; None: nothing."""
        done = subprocess.run([env.stress("status"), store.directory, wire_name(labels(name)).hex(),
                               str(TYPES[rrtype])], capture_output=True, text=True,
                              env=env.environment(), check=True, timeout=env.PATIENCE)
        if not done.stdout:
            return None
        *numbers, error = done.stdout.rstrip("\n").split(" ", 7)
        return Known(*map(int, numbers), error)

    @staticmethod
    def commits(store):
        """Number of commits to the store's status."""
        done = subprocess.run(["mdb_stat", "-e", store.path("status")], capture_output=True,
                              text=True, check=True)
        return int(re.search(r"Last transaction ID: (\d+)", done.stdout)[1])

    def assert_calm(self, daemon, apart):
        """No target was tried more often than each so many seconds, by what steerd tells: of a
        server that is slow, libunbound asks more often."""
        told = json.loads(asking.get(os.path.join(daemon.store, asking.SOCKET), "/targets").body)
        most = 1 + (time.monotonic() - daemon.began) / apart
        for one in told:
            self.assertLessEqual(one["refreshes"], most, one)
        counts = collections.Counter((one["target"], one["type"]) for one in told)
        self.assertEqual(set(counts.values()), {1}, counts)
