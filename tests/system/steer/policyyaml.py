# SPDX-License-Identifier: GPL-3.0-or-later
"""The model's zones as Steer YAML."""

from steer.odds_program import PRESETS

SOA = ("  soa: {mname: ns.example.net., rname: admin.example.net., serial: 1, refresh: 3600, "
       "retry: 600, expire: 86400, minimum: 300}")


def quoted(text):
    """A scalar that is this text to any reader."""
    return "'" + text.replace("'", "''") + "'"


def places(one, names, collection):
    """Keys of what steps of these names read of a record set."""
    words = []
    if one.region is not None:
        words.append(f"region: {one.region}")
    if one.point is not None:
        words.append(f"coordinates: [{one.point[0]}, {one.point[1]}]")
    if one.bias != 0:
        words.append(f"bias: {one.bias}")
    if "geo" in names:
        continent, country, subdivision, _ = one.geo or (None,) * 4
        parts = [f"continent: {continent}"] if country is None else [f"country: {quoted(country)}"]
        parts += [f"subdivision: {quoted(subdivision)}"] if subdivision is not None else []
        words.append("geo: default" if one.geo is None else f"geo: {{{', '.join(parts)}}}")
    if "cidr" in names:
        words.append("cidr: default" if one.location is None else
                     f"cidr: {{collection: {collection}, location: {one.location}}}")
    if "asn" in names:
        words.append(f"asn: {list(one.asns)}" if one.asns else "asn: default")
    return words


def attributes(one, program, collection=None):
    """Keys of a record set."""
    names = [step.name for step in program]
    words = places(one, names, collection)
    if "weighted" in names:
        words.append(f"weight: {one.weight}")
    if "tier" in names:
        words.append(f"tier: {one.tier}")
    if one.alias is not None:
        words.append(f"alias: {quoted(one.alias)}")
        words.append(f"evaluate-target-health: {'yes' if one.evaluate else 'no'}")
    else:
        words.append(f"ttl: {one.ttl}")
        words.append(f"values: [{', '.join(map(quoted, one.values))}]")
    words += [f"health: {one.check}"] if one.check is not None else []
    return ", ".join(words)


def policy(program):
    """A preset's name, or the list of steps."""
    for name, steps in PRESETS.items():
        if steps == program:
            return name
    text = ", ".join(map(str, program))
    return f"[{text}{' sticky=none' if text in PRESETS else ''}]"  # The step alone, not the preset.


def group_lines(group):
    if not group.program:
        return [f"    - {{type: {group.type}, {attributes(group.sets[0], ())}}}"]
    lines = [f"    - type: {group.type}", f"      policy: {policy(group.program)}", "      sets:"]
    for one in group.sets:
        words = attributes(one, group.program, group.collection)
        lines.append(f"        {quoted(one.id)}: {{{words}}}")
    return lines


def zone_document(zone):
    """One zone as a document; an authoritative one gets a SOA and an NS of its own."""
    lines = [f"zone: {quoted(zone.apex)}"]
    if zone.overlay:
        lines.append("mode: overlay")
    else:
        lines.append(SOA[2:])
    lines.append("records:")
    for name, groups in zone.names.items():
        extra = ["    - {type: NS, values: [ns.example.net.]}"] \
            if name == zone.apex and not zone.overlay else []
        if groups or extra:
            lines.append(f"  {quoted(name)}:")
            lines += extra
            for group in groups.values():
                lines += group_lines(group)
    return "\n".join(lines) + "\n"


def health_document(checks):
    """Checks: id -> text of the definition, or None: not defined."""
    return "health:\n" + "".join(f"  {name}: {text}\n" for name, text in checks.items() if text)
