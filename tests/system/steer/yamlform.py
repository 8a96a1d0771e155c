# SPDX-License-Identifier: GPL-3.0-or-later
"""Steer YAML as other programs read it: PyYAML, a reader of YAML 1.1, and the intended meaning."""

import unittest

try:
    import jsonschema
    import yaml
except ImportError as error:
    MISSING = f"{error.name} for Python is not installed"
else:
    MISSING = None

needs_yaml = unittest.skipIf(MISSING is not None, MISSING)

NUMBERS = ("ttl", "serial", "refresh", "retry", "expire", "minimum", "weight", "tier",
           "coordinates", "bias", "asn", "port", "threshold", "rise", "fall")
BOOLEANS = ("evaluate-target-health", "sni", "verify", "inverted", "disabled")
SOA = ("mname", "rname", "serial", "refresh", "retry", "expire", "minimum")


def texts(text):
    """The documents with all scalars as text, as Steer reads them."""
    return list(yaml.load_all(text, Loader=yaml.BaseLoader))


def typed(text):
    """The documents with numbers, booleans, dates and nulls, as most programs read them."""
    return list(yaml.load_all(text, Loader=yaml.SafeLoader))


def validator(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _as_text(value, key=""):
    if isinstance(value, dict):
        return {name: _as_text(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_text(part, key) for part in value]
    if key in BOOLEANS and type(value) is bool:
        return "yes" if value else "no"
    return str(value) if key in NUMBERS and type(value) in (int, float) else value


def same_for_all(text):
    """Whether only numbers and booleans are of another type than text."""
    return [_as_text(document) for document in typed(text)] == texts(text)


def _absolute(name, zone):
    if name == "@":
        return zone
    return f"{name}." if zone == "." else f"{name}.{zone}"


def plain_sets(text):
    """The record sets that are only values: name, type, TTL of their own, values."""
    return {(name, one["type"], one.get("ttl"), tuple(one["values"]))
            for document in texts(text) for name, sets in document.get("records", {}).items()
            for one in ([sets] if isinstance(sets, dict) else sets)
            if set(one) <= {"type", "ttl", "values"}}


def listed(text):
    """The documents, as export writes them, in the form of steerctl list: sorted lines."""
    lines = []
    for document in texts(text):
        zone = "." if document["zone"] == "." else document["zone"] + "."
        ttl = document["ttl"]
        if "soa" in document:
            soa = document["soa"]
            value = " ".join(soa[key] for key in SOA)
            lines.append("\t".join((zone, "SOA", soa["ttl"], value)))
        for name, sets in document.get("records", {}).items():
            for one in [sets] if isinstance(sets, dict) else sets:
                lines.append("\t".join((_absolute(name, zone), one["type"], one.get("ttl", ttl),
                                        *one["values"])))
    return sorted(lines)
