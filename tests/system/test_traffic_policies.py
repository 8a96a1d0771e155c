# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic policies of Route 53, imported: the answers are those that the rules of their documents
give, by the model of answers and whatever is healthy.

STEER_TRAFFIC_POLICIES  how many documents are drawn
STEER_TRAFFIC_SEED      from this seed
"""

import ipaddress
import os
import random
import re

from steer import env
from steer.maps import Client, Maps, NetworkMap, Sight, files, in_country
from steer.odds import World
from steer.policystory import PolicyStory, addresses
from steer.route53 import apex, health_check, health_checks, lists, text, values
from steer.trafficpolicy import (FORMATS, Rules, document, instances, policies, random_document,
                                 record_set)
from steer.wire import subnet

DRAWN = env.number("STEER_TRAFFIC_POLICIES", 100, 20, sanitized=10)
SEED = int(os.environ.get("STEER_TRAFFIC_SEED", "69"))
COUNT = 100  # Of questions for a name from a client in each state.
TTL = 45
CHECKS = "c1", "c2", "c3", "c4", "c5"
MARK = "mark.example.com."
UP, DOWN = "192.0.2.251", "192.0.2.252"
LB, EMPTY = "lb-1.us-east-1.elb.amazonaws.com", "d111111abcdef8.cloudfront.net"
ENDPOINTS = {f"host{number}": {"Type": "value", "Value": f"192.0.2.{number}"}
             for number in range(1, 7)} | {
    "lb": {"Type": "elastic-load-balancer", "Value": LB},
    "cdn": {"Type": "cloudfront", "Value": EMPTY}}
TARGETS = {(f"{LB}.", "A"): (20, ("198.51.100.7", "198.51.100.8")), (f"{EMPTY}.", "A"): (20, ())}
MAPS = Maps(
    geo=NetworkMap([("198.51.100.0/24", in_country("NO")),
                    ("203.0.113.0/24", in_country("US", "NY")),
                    ("203.0.114.0/24", in_country("AU"))]),
    latency=NetworkMap([("198.51.100.0/24", {"us-east-1": 90000, "eu-central-1": 20000,
                                             "ap-southeast-2": 250000}),
                        ("203.0.114.0/24", {"us-east-1": 200000, "eu-central-1": 280000,
                                            "ap-southeast-2": 9000})]))
CLIENTS = "198.51.100.0/24", "203.0.113.0/24", "203.0.114.0/24", "192.88.99.0/24"


def ordered(found):
    """Addresses as the stories print them."""
    return " ".join(sorted(found, key=lambda one: bytes(map(int, one.split(".")))))


def told(answer):
    """Addresses and TTL."""
    return addresses(answer), answer.answer[0][3] if answer.answer else None


def said(outcome):
    """The same of the model's outcome."""
    if not outcome.rrsets:
        return "", None
    (_, _, ttl, found), = outcome.rrsets
    return ordered(found), ttl


def by_hand():
    """A document for each kind of rule, and those whose rules share others."""
    one, two = {"EndpointReference": "host1"}, {"EndpointReference": "host2"}
    checked = one | {"HealthCheck": "c1"}
    rules = {
        "failover": {"RuleType": "failover", "Primary": checked, "Secondary": two},
        "geo": {"RuleType": "geo", "Locations": [checked | {"Country": "NO"},
                                                 two | {"IsDefault": "true"}]},
        "latency": {"RuleType": "latency", "Regions": [checked | {"Region": "us-east-1"},
                                                       two | {"Region": "eu-central-1"}]},
        "multivalue": {"RuleType": "multivalue", "Items": [checked, two]},
        "weighted": {"RuleType": "weighted", "Items": [checked | {"Weight": "3"},
                                                       two | {"Weight": 1}]},
    }
    for version in FORMATS:
        for name, rule in rules.items():
            yield document({name: rule}, ENDPOINTS, name, version)
    near = [{"Region": "aws:route53:us-east-1"}, {"Latitude": "59.91", "Longitude": 10.75}]
    named = [{"Type": "Region", "LocationName": "aws:route53:us-east-1"},
             {"Type": "Coordinate"} | near[1]]
    for version, places in (FORMATS[0], near), (FORMATS[1], [{"Location": at} for at in named]):
        yield document({"near": {"RuleType": "geoproximity", "GeoproximityLocations": [
            checked | places[0] | {"Bias": "10"}, two | places[1]]}}, ENDPOINTS, "near", version)
    shared = {"RuleReference": "weighted"}
    yield document({name: rules[name] for name in ("weighted", "multivalue")} | {
        "top": {"RuleType": "failover", "Primary": shared | {"HealthCheck": "c2"},
                "Secondary": {"RuleReference": "both"}},
        "both": {"RuleType": "weighted", "Items": [
            shared | {"Weight": 1, "EvaluateTargetHealth": False},
            {"RuleReference": "multivalue", "Weight": 1}]}}, ENDPOINTS, "top")


class TrafficPolicies(PolicyStory):

    def setUp(self):
        super().setUp()
        rng = random.Random(SEED)
        self.documents = [*by_hand(), *(random_document(rng, ENDPOINTS, CHECKS, FORMATS[n % 2])
                                        for n in range(DRAWN))]
        self.names = [f"p{number}.example.com." for number in range(1, len(self.documents) + 1)]
        self.steer = self.store("--ns", "ns1.set.test.")

    def parts(self):
        """The files of an import, in an order that helps nobody."""
        mark = [values(MARK, "A", address, SetIdentifier=word, Failover=word, **more)
                for address, word, more in ((UP, "PRIMARY", {"HealthCheckId": "mark"}),
                                            (DOWN, "SECONDARY", {}))]
        alarm = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "eu-west-1",
                                                                  "Name": "a"}}
        return {
            "instances": text(instances(self.names, TTL)),
            "policies": text(policies(self.documents, 2)),
            "checks": text(health_checks(*(health_check(one, **alarm)
                                           for one in (*CHECKS, "mark")))),
            "zone": text(lists(*apex(), *mark, *(record_set(name, number) for number, name
                                                 in enumerate(self.names, 1)))),
        }

    def give(self, *options, status=0, **parts):
        paths = [self.file(f"{name}.json", part)
                 for name, part in {**self.parts(), **parts}.items()]
        result = self.steer.run("import", *options, *paths)
        self.assert_status(result, status)
        return (result.out + result.err).replace(self.dir + "/", "")

    def turn(self, host, down, state):
        """Has these checks down, the others up; all is so when the mark, the last one, is."""
        for check in CHECKS:
            self.steer.ok("health", "report", check, "down" if check in down else "up")
        self.steer.ok("health", "report", "mark", state)
        self.until_answered(host, MARK, UP if state == "up" else DOWN)

    def compare(self, host, world, first, name, client):
        """The answers to a name have the odds of its rules. Returns how many there can be."""
        shares = {}
        for outcome, share in world.answer(first, "A").items():
            shares[said(outcome)] = shares.get(said(outcome), 0) + float(share)
        counts = self.counted(host, name, COUNT if len(shares) > 1 else 2,
                              edns=subnet(client), take=told)
        self.assert_shares(counts, shares)
        return len(shares)

    def test_row_69_answers_are_those_of_the_rules(self):
        self.give()
        for kind, name, rows in files(MAPS):
            self.steer.ok("map", "import", "--type", kind, "--name", name,
                          self.file(f"{name}.csv", rows))
        self.know(self.steer, (f"{LB}.", 20, *TARGETS[f"{LB}.", "A"][1]), (f"{EMPTY}.", 20))
        host = self.host(store=self.steer.directory, ecs=True).start()
        rules = Rules()
        first = [rules.add(number, one, TTL) for number, one in enumerate(self.documents)]
        rng, drawn = random.Random(SEED), 0
        downs = [(), CHECKS, *(rng.sample(CHECKS, size) for size in (1, 2, 3, 4))]
        for turn, down in enumerate(downs):
            self.turn(host, down, "down" if turn % 2 else "up")
            for client in CLIENTS:
                sight = Sight(MAPS, Client(ipaddress.ip_network(client)))
                world = World([rules.zone], down, TARGETS, sight)
                for start, name, one in zip(first, self.names, self.documents):
                    with self.subTest(down=down, client=client, document=one):
                        drawn += self.compare(host, world, start, name, client) > 1
        self.assertGreater(drawn, len(self.documents), "hardly any answer is one of several")

    def test_twice_in_a_row_changes_nothing(self):
        self.give()
        before = self.steer.ok("stats"), self.steer.ok("export", "--format", "yaml")
        self.assertEqual(self.give("--dry-run").count("\n+"), 0)
        self.give()
        self.assertEqual((self.steer.ok("stats"), self.steer.ok("export", "--format", "yaml")),
                         before)

    def test_what_is_missing_is_left_out(self):
        said = self.give(policies="[]\n" + text(policies(self.documents[:1])))
        self.assertEqual(said.count("TrafficPolicyInstanceId: "), len(self.documents) - 1)
        self.assertRegex(said, r"get-traffic-policy --id [-0-9a-f]+ --version 2 prints is not here")
        self.assertIn("192.0.2.1", self.steer.ok("get", self.names[0]))

    def test_a_wrong_document_changes_nothing(self):
        self.give()
        before = self.steer.ok("stats")
        broken = dict(self.documents[0], Endpoints={"host1": {"Type": "value", "Value": "192.0.2"}})
        part = text(policies([broken, *self.documents[1:]], 2))
        said = self.give(policies=part, status=1)
        line, column = re.search(r"policies\.json:(\d+):(\d+): Value: invalid", said).groups()
        self.assertEqual(part.splitlines()[int(line) - 1][int(column) - 1:][:11], '\\"192.0.2\\"')
        self.assertIn("'host2' is not in Endpoints", said)
        self.assertEqual(self.steer.ok("stats"), before)
