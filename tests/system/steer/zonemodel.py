# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents of a zone, to know which corner case a question reaches."""

from steer.wire import TYPES, labels, lower, text, wire_length, wire_name

NS, CNAME, DNAME, DS = TYPES["NS"], TYPES["CNAME"], TYPES["DNAME"], TYPES["DS"]


def quote(name):
    """A name in zone file form, every odd byte escaped."""
    return text(name)


def unquote(word):
    """A name from zone file form."""
    name, label, at = [], bytearray(), 0
    raw = word.encode("latin-1")
    while at < len(raw):
        if raw[at] == 0x5C:
            if raw[at + 1:at + 4].isdigit():
                label.append(int(raw[at + 1:at + 4]))
                at += 4
            else:
                label.append(raw[at + 1])
                at += 2
        elif raw[at] == 0x2E:
            if label:
                name.append(bytes(label))
            label.clear()
            at += 1
        else:
            label.append(raw[at])
            at += 1
    if label:
        name.append(bytes(label))
    return tuple(name)


class Zone:
    """Records of a zone: name -> type -> list of rdata texts. Names are lower case."""

    def __init__(self, apex):
        self.apex = lower(labels(apex) if isinstance(apex, str) else apex)
        self.records = {}
        self.ttls = {}
        self._exists = None

    @property
    def name(self):
        return text(self.apex)

    def add(self, name, rrtype, rdata, ttl=300):
        name = lower(name)
        self.records.setdefault(name, {}).setdefault(rrtype, []).append(rdata)
        self.ttls[name, rrtype] = ttl
        self._exists = None

    def types(self, name):
        return self.records.get(name, {})

    def write(self, path):
        """Writes the zone file: types of a name by number, since Knot answers ANY with the first
        RRset of the file and Steer with the lowest type."""
        with open(path, "w", encoding="ascii") as out:
            out.write(f"$ORIGIN {self.name}\n")
            for name in sorted(self.records, key=lambda n: (n[::-1])):
                for rrtype in sorted(self.records[name]):
                    shown = next((k for k, v in TYPES.items() if v == rrtype), f"TYPE{rrtype}")
                    for rdata in self.records[name][rrtype]:
                        out.write(f"{quote(name)} {self.ttls[name, rrtype]} IN {shown} {rdata}\n")
        return path

    @classmethod
    def read(cls, path, apex):
        """Reads a zone file of the simple form used here: no line is continued."""
        zone = cls(apex)
        origin, last, ttl = zone.apex, zone.apex, 300
        with open(path, encoding="ascii") as lines:
            for line in lines:
                line = line.rstrip("\n")
                if not line.strip() or line.lstrip().startswith(";"):
                    continue
                words = line.split()
                if words[0] == "$ORIGIN":
                    origin = cls._absolute(words[1], origin)
                    continue
                if words[0] == "$TTL":
                    ttl = int(words[1])
                    continue
                if not line[0].isspace():
                    last = cls._absolute(words.pop(0), origin)
                own = int(words.pop(0)) if words[0].isdigit() else ttl
                if words[0] == "IN":
                    words.pop(0)
                kind = words.pop(0)
                rrtype = TYPES.get(kind) or int(kind.removeprefix("TYPE"))
                rdata = " ".join(words)
                if rrtype in (NS, CNAME, DNAME):
                    rdata = quote(cls._absolute(rdata, origin))
                zone.add(last, rrtype, rdata, own)
        return zone

    @staticmethod
    def _absolute(word, origin):
        if word == "@":
            return origin
        relative = not word.endswith(".") or word.endswith("\\.")
        return unquote(word) + (origin if relative else ())

    @property
    def exists(self):
        """All names with records, and their ancestors down from the apex."""
        if self._exists is None:
            self._exists = set()
            for name in self.records:
                while len(name) >= len(self.apex) and name not in self._exists:
                    self._exists.add(name)
                    name = name[1:]
        return self._exists

    def contains(self, name):
        count = len(self.apex)
        return len(name) >= count and (count == 0 or name[-count:] == self.apex)

    def cut_above(self, name):
        """Topmost delegation at or above a name, or None."""
        for size in range(len(self.apex) + 1, len(name) + 1):
            if NS in self.types(name[-size:]):
                return name[-size:]
        return None

    def place(self, name):
        """Place of a name in the zone; one word."""
        cut = self.cut_above(name)
        if cut is not None:
            if cut == name:
                return "cut"
            return "below cut, with data" if name in self.exists else "below cut"
        if name == self.apex:
            return "apex"
        if name in self.exists:
            types = self.types(name)
            if not types:
                return "empty non-terminal"
            if name[0] == b"*":
                return "wildcard itself"
            return "CNAME" if CNAME in types else "DNAME" if DNAME in types else "data"
        encloser = name[1:]
        while encloser not in self.exists:
            encloser = encloser[1:]
        wildcard = (b"*",) + encloser
        if wildcard in self.exists:
            deep = " deep" if len(name) - len(encloser) > 1 else ""
            types = self.types(wildcard)
            if CNAME in types:
                return "wildcard CNAME" + deep
            return ("wildcard" if types else "wildcard without data") + deep
        if DNAME in self.types(encloser):
            return "below DNAME"
        if encloser[:1] == (b"*",):
            return "below wildcard"
        above = encloser
        while len(above) > len(self.apex):
            above = above[1:]
            if (b"*",) + above in self.exists:
                return "blocked wildcard"
        if not self.types(encloser):
            return "below empty non-terminal"
        return "missing"

    def questions(self):
        """Names worth asking: all that exist and missing ones around each."""
        asked = {}
        for name in sorted(self.exists):
            if len(name) > len(self.apex) + 10 and len(name) % 10 != 0 and not self.types(name):
                asked[name] = None  # One of many empty non-terminals in a row.
                continue
            label = name[0] if len(name) > len(self.apex) else None
            around = [name, (b"zz",) + name, (b"a", b"zz") + name, (b"*",) + name]
            if label is not None:
                parent = name[1:]
                around += [(label + b"\0",) + parent, (label + b"-",) + parent,
                           (b"\1" + label,) + parent]
                if label[-1:] > b"\0":
                    around.append((label[:-1] + bytes((label[-1] - 1,)) + b"\xff",) + parent)
            mixed = tuple(bytes(c ^ 0x20 if chr(c).isalpha() and c < 128 and (i + len(part)) % 2
                                else c for i, c in enumerate(part)) for part in name)
            around += [mixed, (b"zZ",) + mixed]
            for candidate in around:
                if len(candidate[0] if candidate else b"") <= 63 and wire_length(candidate) <= 255:
                    asked[candidate] = None
        return list(asked)


def closest(zones, name):
    """The zone of several (by apex) that a name belongs to, or None."""
    name = lower(name)
    for start in range(len(name) + 1):
        zone = zones.get(name[start:])
        if zone is not None:
            return zone
    return None


__all__ = ["Zone", "closest", "quote", "unquote", "wire_name"]
