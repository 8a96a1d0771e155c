# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies that look at the client: their store and its maps, and the same for mod-geoip."""

import ipaddress
import random

from measure.groups import label, write_documents, write_static, zone_of
from measure.questions import A, HOT, NO_AIMS, Question
from steer.mmdb import mmdb

NETWORKS = 500000
COUNTRIES = {"DE": "EU", "FR": "EU", "NO": "EU", "US": "NA", "BR": "SA", "JP": "AS", "ZA": "AF",
             "AU": "OC"}
REGIONS = ("eu-central-1", "us-east-1", "ap-northeast-1")

# Lengths of prefixes, and how often they are drawn, in percent; about as they are routed.
LENGTHS = {24: 55, 22: 22, 20: 16, 18: 5, 16: 2}
GAP_MAX = 20  # Networks of 24 bits between them; by that the last one ends before 224.0.0.0.
COLLECTION = "nets"

ADDRESS_OF = {country: f"192.0.2.{at}" for at, country in enumerate(COUNTRIES, 1)}
DEFAULT = "192.0.2.99"


def drawn_networks(count):
    """Networks, each with a country: one for each first byte, and so many inside of these."""
    drawing = random.Random(1)

    def draw():
        return drawing.choice(list(COUNTRIES))
    for first in range(1, 224):
        yield f"{first}.0.0.0/8", draw()
    lengths, shares = zip(*LENGTHS.items())
    at = 1 << 24
    for length in drawing.choices(lengths, shares, k=count):
        size = 1 << 32 - length
        at = (at + size - 1) // size * size
        yield f"{ipaddress.IPv4Address(at)}/{length}", draw()
        at += size + drawing.randint(0, GAP_MAX) * 256


def _question(name, title, names=HOT):
    apex = name.split("-", maxsplit=1)[0] + ".test"
    return Question(name, 0, apex, A, "NOERROR", 1, names, NO_AIMS, title)


GEOLOCATION = _question("geolocation", "geolocation, 9 sets")
LATENCY = _question("latency", "latency, 3 sets")
GEOPROXIMITY = _question("geoproximity", "geoproximity, 3 sets")
IP = _question("ip", "ip, 9 sets")
QUESTIONS = (GEOLOCATION, LATENCY, GEOPROXIMITY, IP)
# mod-geoip has networks once more for each name, so one name must do.
OF_ONE_NAME = [_question(f"{each.name}-1", each.title, 1) for each in (GEOLOCATION, LATENCY, IP)]
GEOLOCATION_1 = OF_ONE_NAME[0]


def _sets(name):
    """The sets of a group, as Steer YAML has them."""
    default = {"default": {"values": [DEFAULT]}}
    if name == "geolocation":
        return {country: {"geo": {"country": country}, "values": [address]}
                for country, address in ADDRESS_OF.items()} | \
            {"default": {"geo": "default", "values": [DEFAULT]}}
    if name == "ip":
        return {country: {"cidr": {"collection": COLLECTION, "location": country},
                          "values": [address]} for country, address in ADDRESS_OF.items()} | \
            {"default": {"cidr": "default", "values": [DEFAULT]}}
    return {region: {"region": region, "values": [f"192.0.2.{at}"]}
            for at, region in enumerate(REGIONS, 1)}


def write_policies(path):
    """A zone for each policy."""
    return write_documents(path, [zone_of(each.suffix, {
        label(name): {"type": "A", "policy": each.name, "sets": _sets(each.name)}
        for name in range(each.names)}) for each in QUESTIONS])


def zones_of(rig, questions):
    """The names of some questions as plain addresses, for knotd."""
    return {each.suffix: write_static(rig.path(f"{each.name}.zone"), each) for each in questions}


# What a map is made of, by type.

def write_geo(path, networks):
    with open(path, "w", encoding="ascii") as out:
        out.write("prefix,country\n")
        out.writelines(f"{network},{country}\n" for network, country in networks)
    return path


def write_cidr(path, networks):
    with open(path, "w", encoding="ascii") as out:
        out.write("prefix,location\n")
        out.writelines(f"{network},{country}\n" for network, country in networks)
    return path


def write_latency(path, networks):
    """Every network with a time of its own to each region."""
    drawing = random.Random(2)
    with open(path, "w", encoding="ascii") as out:
        out.write("prefix,region,rtt_ms\n")
        out.writelines(f"{network},{region},{drawing.randint(1, 300000) / 1000}\n"
                       for network, _ in networks for region in REGIONS)
    return path


MAPS = {"geo": write_geo, "cidr": write_cidr, "latency": write_latency}


# mod-geoip.

def write_database(path, networks):
    with open(path, "wb") as out:
        out.write(mmdb({network: {"continent": {"code": COUNTRIES[country]},
                                  "country": {"iso_code": country}}
                        for network, country in networks}))
    return path


def write_places(path):
    """Views of mod-geoip: countries, for all names."""
    with open(path, "w", encoding="ascii") as out:
        for name in range(GEOLOCATION.names):
            out.write(f"{label(name)}.{GEOLOCATION.suffix}:\n")
            out.writelines(f"  - geo: {country}\n    A: {address}\n"
                           for country, address in ADDRESS_OF.items())
    return path


def write_subnets(path, networks):
    """Views of mod-geoip: networks, for one name."""
    with open(path, "w", encoding="ascii") as out:
        out.write(f"{label(0)}.{GEOLOCATION.suffix}:\n")
        out.writelines(f"  - net: {network}\n    A: {ADDRESS_OF[country]}\n"
                       for network, country in networks)
    return path
