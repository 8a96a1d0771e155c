# SPDX-License-Identifier: GPL-3.0-or-later
"""A primary and its two secondaries, one of them with mod-steer: the existing DNS, and hosted zones
beside it."""

import re

from steer.case import Case, write
from steer.wait import until

SOA = "ns1.{0} admin.{0} {1} 3600 600 86400 300"


def zone_lines(apex, *lines, serial=1, soa=SOA):
    """Zone file with two name servers in the zone."""
    head = [f"$ORIGIN {apex}", "$TTL 300", f"@ 3600 SOA {soa.format(apex, serial)}", "@ NS ns1",
            "@ NS ns2", "ns1 A 192.0.2.251", "ns2 A 192.0.2.252", "ns2 AAAA 2001:db8::252"]
    return "\n".join(head + list(lines)) + "\n"


class Beside(Case):
    """NOTIFY and IXFR flow; only the stories write zone files."""

    def chain(self, *zones, store=None, primary="", secondary="", zone_primary="",
              zone_secondary="", modules=("mod-stats/default",), **more):
        """Starts a primary of these zones (pairs of apex and zone file text), a plain secondary
        and one with the store."""
        self.files = {apex: self.file(f"{apex}primary", text) for apex, text in zones}
        self.primary = self.knot("primary", zones=self.files)
        self.plain = self.knot("plain", modules=modules)
        self.steer = self.knot("steer", modules=modules,
                               store=store.directory if store is not None else None, **more)
        secondaries = (self.plain, self.steer)
        remotes = "".join(f"  - id: {name}\n    address: 127.0.0.1@{server.port}\n"
                          for name, server in (("plain", self.plain), ("steer", self.steer)))
        acl = ("acl:\n  - id: local\n    address: 127.0.0.1\n"
               "    action: [transfer, notify, update]\n")
        self.primary.extra = f"remote:\n{remotes}{acl}{primary}"
        self.primary.zone = {apex: "    notify: [plain, steer]\n    acl: local\n"
                                   "    journal-content: changes\n"
                                   f"    zonefile-load: difference\n{zone_primary}"
                             for apex in self.files}
        for server in secondaries:
            server.extra = ("remote:\n  - id: primary\n"
                            f"    address: 127.0.0.1@{self.primary.port}\n{acl}{secondary}")
            server.zones = {apex: self.path(f"{apex}{server.directory.rsplit('/', 1)[-1]}")
                            for apex in self.files}
            server.zone = {apex: "    master: primary\n    acl: local\n"
                                 f"    journal-content: changes\n{zone_secondary}"
                           for apex in self.files}
        self.secondaries = secondaries
        # The primary's first NOTIFY finds nobody, which it logs as an error of the zone.
        for server in (self.primary, *secondaries):
            server.start(wait=False)
        for server in (self.primary, *secondaries):
            until("all zones being served", lambda server=server: all(
                self.serial(server, apex) is not None for apex in self.files), pause=0.02)

    @staticmethod
    def serial(server, apex):
        """Serial of a zone as knotd reports it, whatever it answers; None: the zone is not
        there."""
        text = server.control("zone-status", apex)
        found = re.search(r"serial: (\d+)", text)
        return int(found.group(1)) if found else None

    def follow(self, apex, serial, servers=None):
        """Waits until the secondaries serve this serial of a zone."""
        for server in servers or self.secondaries:
            until(f"serial {serial} of {apex}",
                  lambda server=server: self.serial(server, apex) == serial)

    def change(self, apex, *commands):
        """Changes the zone of the primary by knotc; returns the new serial once both serve it."""
        self.primary.control("zone-begin", apex)
        for command in commands:
            words = command.split(" ", 3)
            verb, owner = words[0], words[1]
            self.primary.control(f"zone-{verb}", apex, owner, *words[2:])
        self.primary.control("zone-commit", apex)
        serial = self.serial(self.primary, apex)
        self.follow(apex, serial)
        return serial

    def rewrite(self, apex, text, serial):
        """Changes the zone of the primary by its file."""
        write(self.files[apex], text)
        self.primary.control("zone-reload", apex)
        self.follow(apex, serial)
