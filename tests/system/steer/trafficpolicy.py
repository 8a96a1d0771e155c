# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic policies of Route 53: documents at random, what the AWS CLI prints of them, and what their
rules say, for the model of answers (odds.py).
"""

import json

from steer.maps import CONTINENT_OF, Place
from steer.odds import Zone
from steer.odds_program import PRESETS, Group, Set

FORMATS = "2015-10-01", "2023-05-09"
POLICY = "12345678-abcd-0000-0000-0123456789ab"
REGIONS = "us-east-1", "eu-central-1", "ap-southeast-2"
POINTS = ("40.71", "-74.01"), ("59.91", "10.75"), ("-33.87", "151.2")
PLACES = ({"Country": "*"}, {"Country": "NO"}, {"Continent": "EU"},
          {"Country": "US", "Subdivision": "NY"})


def document(rules, endpoints, start, version=FORMATS[0]):
    """A document that begins with a rule, with those of the endpoints that rules lead to."""
    used = {item.get("EndpointReference") for rule in rules.values() for _, item in _items(rule)}
    return {"AWSPolicyFormatVersion": version, "RecordType": "A", "StartRule": start,
            "Endpoints": {name: one for name, one in endpoints.items() if name in used},
            "Rules": rules}


# At random.

def _located(rng, version, number):
    """Where an item of geoproximity is, as a format says it."""
    if rng.random() < 0.5:
        region = f"aws:route53:{REGIONS[number]}"
        place = {"Region": region} if version == FORMATS[0] else \
            {"Type": "Region", "LocationName": region}
    else:
        lat, lon = POINTS[number]
        place = {"Latitude": lat, "Longitude": lon}
        place |= {"Type": "Coordinate"} if version == FORMATS[1] else {}
    place = place if version == FORMATS[0] else {"Location": place}
    return place | rng.choice(({}, {"Bias": rng.choice((-40, "25"))}))


class Draft:
    """A document that is being drawn."""

    def __init__(self, rng, endpoints, checks, version):
        self.rng, self.endpoints, self.checks, self.version = rng, endpoints, checks, version
        self.rules = {}

    def value(self):
        """An item of a rule that has values alone."""
        values = [name for name, one in self.endpoints.items() if one["Type"] == "value"]
        return {"EndpointReference": self.rng.choice(values)} | \
            self.rng.choice(({}, {"HealthCheck": self.rng.choice(self.checks)}))

    def item(self, depth):
        """Where an item leads to, and its health."""
        dice = self.rng.random()
        item = {"EndpointReference": self.rng.choice(sorted(self.endpoints))}
        if dice < 0.15 and self.rules:
            item = {"RuleReference": self.rng.choice(sorted(self.rules))}
        elif dice < 0.5 and depth > 0:
            item = {"RuleReference": self.rule(depth - 1)}
        if self.rng.random() < 0.6:
            item["HealthCheck"] = self.rng.choice(self.checks)
        return item | self.rng.choice(({}, {}, {"EvaluateTargetHealth": True},
                                       {"EvaluateTargetHealth": "false"}))

    def rule(self, depth):
        """Adds a rule with those below it. One that is done can be led to once more, since it does
        not lead here. \\return its identifier"""
        kind = self.rng.choice(("failover", "geo", "geoproximity", "latency", "multivalue",
                                "weighted"))
        items = [self.value() if kind == "multivalue" else self.item(depth) for _ in
                 range(2 if kind == "failover" else self.rng.choice((2, 3, 3)))]
        rule = {"RuleType": kind}
        if kind == "failover":  # A primary that cannot be down is refused.
            items[0].setdefault("HealthCheck", self.checks[0])
            rule |= {"Primary": items[0], "Secondary": items[1]}
        elif kind == "geo":
            rule["Locations"] = [one | place for one, place in
                                 zip(items, self.rng.sample(PLACES, len(items)))]
        elif kind == "geoproximity":
            rule["GeoproximityLocations"] = [one | _located(self.rng, self.version, number)
                                             for number, one in enumerate(items)]
        elif kind == "latency":
            rule["Regions"] = [one | {"Region": region} for one, region in zip(items, REGIONS)]
        else:
            rule["Items"] = [one | ({} if kind == "multivalue" else
                                    {"Weight": self.rng.choice((0, 1, "3", 5))}) for one in items]
        name = f"{kind}-{len(self.rules)}"
        self.rules[name] = rule
        return name


def random_document(rng, endpoints, checks, version):
    """A tree of rules, to a depth of four."""
    draft = Draft(rng, endpoints, checks, version)
    start = draft.rule(3)
    return document(draft.rules, endpoints, start, version)


# As the AWS CLI prints them.

def policies(documents, indent=None):
    """The versions of a policy, from 1 on."""
    return {"TrafficPolicies": [
        {"Id": POLICY, "Version": version, "Name": "rules", "Type": one["RecordType"],
         "Document": json.dumps(one, indent=indent), "Comment": ""}
        for version, one in enumerate(documents, 1)]}


def instance_id(version):
    return f"5d5b1f0a-6f0c-4c5e-9d3e-{version:012x}"


def instances(names, ttl=60):
    """An instance for each name, with the version of that number."""
    return {"TrafficPolicyInstances": [
        {"Id": instance_id(version), "HostedZoneId": "Z0148921T5EXAMPLE0ZN", "Name": name,
         "TTL": ttl, "State": "Applied", "Message": "", "TrafficPolicyId": POLICY,
         "TrafficPolicyVersion": version, "TrafficPolicyType": "A"}
        for version, name in enumerate(names, 1)], "IsTruncated": False, "MaxItems": "100"}


def record_set(name, version):
    """What a list of record sets has of an instance."""
    return {"Name": name, "Type": "A", "TrafficPolicyInstanceId": instance_id(version)}


# What the rules say.

PRESET_OF = {"geo": "geolocation"}
LIST_OF = {"geo": "Locations", "geoproximity": "GeoproximityLocations", "latency": "Regions",
           "multivalue": "Items", "weighted": "Items"}


def _clients(item):
    """The place of an item's clients; None: all others."""
    country = item.get("Country")
    if "Continent" in item:
        return Place(item["Continent"])
    return None if country in (None, "*") else \
        Place(CONTINENT_OF[country], country, item.get("Subdivision"))


def _attributes(kind, item):
    if kind == "weighted":
        return {"weight": int(item["Weight"])}
    if kind == "geo":
        return {"geo": _clients(item)}
    if kind not in ("latency", "geoproximity"):
        return {}
    where = item.get("Location", item)
    name = where.get("LocationName", where.get("Region"))
    return {"region": name.removeprefix("aws:route53:")} | \
        {"bias": int(item.get("Bias", 0))} if name else \
        {"point": (float(where["Latitude"]), float(where["Longitude"])),
         "bias": int(item.get("Bias", 0))}


def _items(rule):
    if rule["RuleType"] == "failover":
        return [({"tier": tier}, rule[key]) for tier, key in enumerate(("Primary", "Secondary"))]
    return [(_attributes(rule["RuleType"], item), item) for item in rule[LIST_OF[rule["RuleType"]]]]


class Rules:
    """A hosted zone of the model, in which the rules of documents have names of their own. Only the
    identifiers of record sets are those of the import: by them sets that are alike are ordered.
    """

    def __init__(self):
        self.zone = Zone("rules.")

    def add(self, number, given, ttl):
        """Adds the groups of a document. Returns the name of the first one."""
        def name_of(rule):
            return f"{rule}.{number}.rules."
        for name, rule in given["Rules"].items():
            sets = [self.of_item(given, place, item, ttl, attributes, name_of)
                    for place, (attributes, item) in enumerate(_items(rule), 1)]
            preset = PRESET_OF.get(rule["RuleType"], rule["RuleType"])
            self.zone.add(name_of(name), Group("A", tuple(sorted(sets, key=lambda one: one.id)),
                                               PRESETS[preset]))
        return name_of(given["StartRule"])

    @staticmethod
    def of_item(given, place, item, ttl, attributes, name_of):
        evaluate = item.get("EvaluateTargetHealth", True) not in (False, "false")
        common = attributes | {"check": item.get("HealthCheck")}
        if "RuleReference" in item:
            rule = item["RuleReference"]
            return Set(f"{rule}-{place}", alias=name_of(rule), evaluate=evaluate, **common)
        name = f"{item['EndpointReference']}-{place}"
        endpoint = given["Endpoints"][item["EndpointReference"]]
        if endpoint["Type"] == "value":
            return Set(name, values=(endpoint["Value"],), ttl=ttl, **common)
        return Set(name, alias=endpoint["Value"] + ".", evaluate=evaluate, **common)
