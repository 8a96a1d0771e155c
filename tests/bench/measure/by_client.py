# SPDX-License-Identifier: GPL-3.0-or-later
"""What policies that look at the client cost a query, compared with plain addresses and with
mod-geoip, on the same networks."""

import collections

from measure import locations
from measure.groups import TTL
from measure.instructions import costs_of
from measure.questions import HOT

BESIDE = "instructions per query, EDNS and ECS, beside "
STATIC_AIM, GEOIP_AIM = 0.95, 0.75
CLIENTS = (1000, 10000000)  # To draw from: each asks often, or hardly twice.
WAYS = {clients: {"clients": clients} for clients in CLIENTS}


class Served:
    """The servers that have the names of locations.QUESTIONS, by the same networks."""

    def __init__(self, rig, count):
        self.rig = rig
        self.networks = list(locations.drawn_networks(count))

    def static(self, **options):
        return self.rig.server(zones=locations.zones_of(self.rig, locations.QUESTIONS), **options)

    def _geoip(self, config, mode, **options):
        extra = (f"mod-geoip:\n  - id: peer\n    config-file: {config}\n    mode: {mode}\n"
                 f"    ttl: {TTL}\n")
        zones = locations.zones_of(self.rig, [locations.GEOLOCATION])
        zone = {name: "    module: mod-geoip/peer\n" for name in zones}
        return self.rig.server(zones=zones, zone=zone, extra=extra, **options)

    def geodb(self, **options):
        database = locations.write_database(self.rig.path("peer.mmdb"), self.networks)
        config = locations.write_places(self.rig.path("places.conf"))
        return self._geoip(config, f"geodb\n    geodb-file: {database}", **options)

    def subnet(self, **options):
        config = locations.write_subnets(self.rig.path("subnets.conf"), self.networks)
        return self._geoip(config, "subnet", **options)

    def hosted(self, **options):
        store = self.rig.new_store("locations.store")
        store.ok("import", locations.write_policies(self.rig.path("locations.yaml")))
        for kind, write in locations.MAPS.items():
            name = locations.COLLECTION if kind == "cidr" else kind
            store.ok("map", "import", "--type", kind, "--name", name,
                     write(self.rig.path(f"{kind}.csv"), self.networks))
        return self.rig.serving(store.directory, **options)


def measure(rig, report, counts, depth, networks):
    served = Served(rig, networks)
    ours, static, geodb, subnet = (
        costs_of(rig, server, HOT, questions, counts, WAYS) for server, questions in (
            (served.hosted, [*locations.QUESTIONS, *locations.OF_ONE_NAME]),
            (served.static, locations.QUESTIONS), (served.geodb, [locations.GEOLOCATION]),
            (served.subnet, [locations.GEOLOCATION_1])))
    name, name_1 = locations.GEOLOCATION.name, locations.GEOLOCATION_1.name
    beside = [("knotd", each, static, each.name, aim) for each, aim in zip(
        locations.QUESTIONS, (STATIC_AIM, STATIC_AIM, None, None))]
    beside += [("mod-geoip geodb", each, geodb, name, GEOIP_AIM) for each in
               (locations.GEOLOCATION, locations.LATENCY)]
    beside += [("mod-geoip subnet", each, subnet, name_1, GEOIP_AIM) for each in
               locations.OF_ONE_NAME]
    for whom, question, theirs, key, aim in beside:
        for clients in CLIENTS:
            report.add(BESIDE + whom, f"{question.title}, {clients:,} clients", question.names,
                       theirs[key, clients][0], ours[question.name, clients][0], aim,
                       columns=(whom, "mod-steer"))
    report.show()
    for question in locations.QUESTIONS if depth else ():
        report.profile(question.title, question.names,
                       collections.Counter(ours[question.name, CLIENTS[1]][1]), depth)
