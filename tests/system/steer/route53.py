# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of Route 53 as the AWS CLI prints them, with made-up identifiers."""

import json

OWN = "Z0148921T5EXAMPLE0ZN"
ELB = "Z32O12XQLNTSW2"
SERVERS = ("ns-2048.awsdns-64.com.", "ns-2049.awsdns-65.net.", "ns-2050.awsdns-66.org.",
           "ns-2051.awsdns-67.co.uk.")


def records(*values):
    return [{"Value": value} for value in values]


def values(name, rrtype, *texts, ttl=60, **fields):
    return {"Name": name, "Type": rrtype, **fields, "TTL": ttl, "ResourceRecords": records(*texts)}


def alias(name, target, zone=OWN, evaluate=False, rrtype="A", **fields):
    return {"Name": name, "Type": rrtype, **fields,
            "AliasTarget": {"HostedZoneId": zone, "DNSName": target,
                            "EvaluateTargetHealth": evaluate}}


def apex(zone="example.com."):
    """What each zone begins with."""
    soa = f"{SERVERS[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
    return [values(zone, "NS", *SERVERS, ttl=172800), values(zone, "SOA", soa, ttl=900)]


def lists(*sets, **more):
    return {"ResourceRecordSets": list(sets), **more}


def hosted_zone(zone="example.com.", name=OWN, private=False, comment=""):
    return {"HostedZone": {"Id": f"/hostedzone/{name}", "Name": zone,
                           "CallerReference": "2f6c2a6e-5c1f-4f53-a6a8-1de1f7ab0c1e",
                           "Config": {"Comment": comment, "PrivateZone": private},
                           "ResourceRecordSetCount": 20},
            "DelegationSet": {"NameServers": [server.rstrip(".") for server in SERVERS]}}


def health_check(name, **config):
    return {"Id": name, "CallerReference": f"ref-{name}", "HealthCheckConfig": config,
            "HealthCheckVersion": 1}


def health_checks(*checks):
    return {"HealthChecks": list(checks)}


def collections(**names):
    """Identifiers and names of CIDR collections."""
    return {"CidrCollections": [{"Arn": f"arn:aws:route53:::cidrcollection/{one}", "Id": one,
                                 "Name": name, "Version": 1} for one, name in names.items()]}


def blocks(**locations):
    """Locations and their networks."""
    return {"CidrBlocks": [{"CidrBlock": network, "LocationName": location}
                           for location, networks in locations.items() for network in networks]}


def changes(*pairs):
    """A batch of changes: pairs of an action and a record set."""
    return {"Comment": "made up", "Changes": [
        {"Action": action, "ResourceRecordSet": one} for action, one in pairs]}


def text(*answers):
    """One answer, or several as a list, as the CLI prints them."""
    return json.dumps(answers[0] if len(answers) == 1 else answers, indent=4) + "\n"


def zone(*sets):
    """All of a zone: what each has, and these record sets."""
    return text(lists(*apex(), *sets))


def weighted(name, weights, **fields):
    """A weighted group: identifiers a, b, ... with the addresses 192.0.2.1, ..."""
    return [values(name, "A", f"192.0.2.{number}", SetIdentifier="abcdef"[number - 1],
                   Weight=weight, **fields) for number, weight in enumerate(weights, 1)]
