# SPDX-License-Identifier: GPL-3.0-or-later
"""The corner cases that the differential test must reach, and how they are recognized."""

from steer.wire import NOERROR, NXDOMAIN, SERVFAIL, TYPES, YXDOMAIN

ANY, DS, NS, PRIVATE, SOA = (TYPES[t] for t in ("ANY", "DS", "NS", "TYPE65280", "SOA"))


def _at(*places, **wanted):
    """Condition: the name is in that place, and the answer has these properties."""
    def holds(place, rrtype, rcode, aa, tc, answers, authority):
        have = {"rrtype": rrtype, "rcode": rcode, "aa": aa, "tc": tc, "answers": answers,
                "authority": authority}
        return (not places or place in places) and all(have[k] == v for k, v in wanted.items())
    return holds


def _nodata(*places, **more):
    return _at(*places, rcode=NOERROR, aa=True, answers=False, authority=True, tc=False, **more)


# By place and header of the first server's answer.
FEATURES = {
    "positive": _at("data", "apex", rcode=NOERROR, answers=True),
    "NODATA": _nodata("data", "apex"),
    "NXDOMAIN": _at("missing", "below empty non-terminal", rcode=NXDOMAIN),
    "wildcard": _at("wildcard", answers=True),
    "wildcard, several labels": _at("wildcard deep", answers=True),
    "wildcard NODATA": _nodata("wildcard", "wildcard deep"),
    "wildcard without data": _nodata("wildcard without data", "wildcard without data deep"),
    "wildcard asked by name": _at("wildcard itself", answers=True),
    "below a wildcard": _at("below wildcard", rcode=NXDOMAIN),
    "blocked wildcard": _at("blocked wildcard", rcode=NXDOMAIN),
    "wildcard CNAME": _at("wildcard CNAME", answers=True),
    "wildcard CNAME, several labels": _at("wildcard CNAME deep", answers=True),
    "empty non-terminal": _nodata("empty non-terminal"),
    "below an empty non-terminal": _at("below empty non-terminal", rcode=NXDOMAIN),
    "CNAME": _at("CNAME", answers=True),
    "DNAME owner": _at("DNAME", answers=True),
    "below a DNAME": _at("below DNAME", answers=True),
    "YXDOMAIN": _at(rcode=YXDOMAIN),
    "referral at the cut": _at("cut", aa=False, answers=False, authority=True),
    "referral below the cut": _at("below cut", aa=False, answers=False, authority=True),
    "referral for an occluded name": _at("below cut, with data", aa=False, answers=False,
                                         authority=True),
    "DS at the cut": _at("cut", rrtype=DS, aa=True, answers=True),
    "no DS at the cut": _nodata("cut", rrtype=DS),
    "DS below the cut": _at("below cut", "below cut, with data", rrtype=DS, aa=False,
                            authority=True),
    "DS at the apex": _at("apex", rrtype=DS),
    "ANY": _at(rrtype=ANY, answers=True),
    "unknown type": _at(rrtype=PRIVATE, answers=True),
    "SOA and NS at the apex": _at("apex", rrtype=SOA, answers=True),
    "truncated": _at(tc=True),
    "does not fit 64 KiB": _at("CNAME", rcode=SERVFAIL),
}

# By the contents of a chain or a referral.
CHAINS = (
    "CNAME to data", "CNAME to nothing", "CNAME to NODATA", "CNAME to a delegation",
    "CNAME out of the zone", "CNAME loop", "CNAME chain", "chain beyond the limit",
    "DNAME with synthesis", "DNAME to data", "DNAME to nothing", "DNAME to NODATA",
    "DNAME to a delegation", "DNAME out of the zone", "DNAME loop", "DNAME to DNAME",
    "DNAME at the apex", "YXDOMAIN", "YXDOMAIN after a CNAME", "truncated chain",
    "referral with glue below the cut", "referral with glue elsewhere in the zone",
    "referral to servers outside", "referral without the glue it needs",
)

# By how the name looks.
NAMES = {
    "a name of 255 bytes": lambda name: sum(len(x) + 1 for x in name) + 1 == 255,
    "a name of more than 100 labels": lambda name: len(name) > 100,
    "a label of 63 bytes": lambda name: any(len(label) == 63 for label in name),
    "a zero byte in a label": lambda name: any(b"\0" in label for label in name),
    "a one byte in a label": lambda name: any(b"\1" in label for label in name),
    "a byte above 127": lambda name: any(label and max(label) > 127 for label in name),
    "a dot inside a label": lambda name: any(b"." in label for label in name),
    "mixed case": lambda name: any(label != label.lower() for label in name),
}


def table(reached, names, transports):
    """Feature -> how often it was reached."""
    counts = {word: reached.count(condition) for word, condition in FEATURES.items()}
    for word in CHAINS:
        counts[f"chain: {word}"] = reached.chains[word]
    for word, looks in NAMES.items():
        counts[f"name: {word}"] = sum(looks(name) for name in names)
    for transport in transports:
        counts[f"transport: {transport.word}"] = reached.transports[transport.word]
    return counts


def show(title, counts, expected):
    """Prints the table; what was not reached and need not be is left out."""
    print(f"     {title}")
    for word, count in counts.items():
        if count > 0 or expected(word):
            print(f"       {count:9d}  {word}")
