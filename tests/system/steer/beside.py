# SPDX-License-Identifier: GPL-3.0-or-later
"""A primary and its two secondaries, one of them with a store: the existing DNS, and hosted zones
beside it."""

from steer.case import Case, write
from steer.knot import ACL
from steer.wait import until

SOA = "ns1.{0} admin.{0} {1} 3600 600 86400 300"


def zone_lines(apex, *lines, serial=1, soa=SOA):
    """Zone file with two name servers in the zone."""
    head = [f"$ORIGIN {apex}", "$TTL 300", f"@ 3600 SOA {soa.format(apex, serial)}", "@ NS ns1",
            "@ NS ns2", "ns1 A 192.0.2.251", "ns2 A 192.0.2.252", "ns2 AAAA 2001:db8::252"]
    return "\n".join(head + list(lines)) + "\n"


class Beside(Case):
    """NOTIFY and IXFR flow; only the stories write zone files."""

    def chain(self, *zones, store=None, zone_primary="", **more):
        """Starts a primary of these zones (pairs of apex and zone file text), a plain secondary
        and one with the store."""
        self.files = {apex: self.file(f"{apex}primary", text) for apex, text in zones}
        self.primary = self.knot("primary", zones=self.files)
        self.plain, self.steer = self.secondaries = [
            self.host(name, zones={apex: self.path(f"{apex}{name}") for apex in self.files},
                      primary=self.primary, store=directory, **more)
            for name, directory in (("plain", None),
                                    ("steer", store.directory if store is not None else None))]
        remotes = "".join(f"  - id: {server.name}\n    address: 127.0.0.1@{server.port}\n"
                          for server in self.secondaries)
        self.primary.extra = f"remote:\n{remotes}" + ACL.format(
            actions="transfer, notify, update")
        self.primary.zone = {apex: "    notify: [plain, steer]\n    acl: local\n"
                                   "    journal-content: changes\n"
                                   f"    zonefile-load: difference\n{zone_primary}"
                             for apex in self.files}
        # The primary's first NOTIFY finds nobody, which it logs as an error of the zone.
        for server in (self.primary, *self.secondaries):
            server.start(wait=False)
        for server in (self.primary, *self.secondaries):
            until("all zones being served", lambda server=server: all(
                server.serial(apex) is not None for apex in self.files), pause=0.02)

    def follow(self, apex, serial, servers=None):
        """Waits until the secondaries serve this serial of a zone."""
        for server in servers or self.secondaries:
            until(f"serial {serial} of {apex}",
                  lambda server=server: server.serial(apex) == serial)

    def change(self, apex, *commands):
        """Changes the zone of the primary by knotc; returns the new serial once both serve it."""
        self.primary.control("zone-begin", apex)
        for command in commands:
            words = command.split(" ", 3)
            verb, owner = words[0], words[1]
            self.primary.control(f"zone-{verb}", apex, owner, *words[2:])
        self.primary.control("zone-commit", apex)
        serial = self.primary.serial(apex)
        self.follow(apex, serial)
        return serial

    def rewrite(self, apex, text, serial):
        """Changes the zone of the primary by its file."""
        write(self.files[apex], text)
        self.primary.control("zone-reload", apex)
        self.follow(apex, serial)
