# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups with policies: the questions, their store, and their names for other servers."""

import collections
import json

from measure.changes import WATCHED, address
from measure.questions import A, APEX, DISTANCE, HEAD, HOT, NO_AIMS, Question

TTL = 60
FEW, MANY = 10, 1000  # Sets in a group, to compare.
NAMES_OF_FEW = 10     # Names that have such groups.
GROWTH = 1.5          # From few sets to many.
WEIGHTED = "weighted"
TAKEN = 8             # Sets that "multivalue" takes.
CHECKS = 3 * HOT
DOWN = "down"         # What the ids of checks begin with that are forced down.
DOWN_EACH = 3


class Group(collections.namedtuple("Group", "name policy sets names down title aims",
                                   defaults=[NO_AIMS])):
    """Names below a zone, each with such a group.

    policy  as Steer YAML has it
    down    of so many sets one is down, the last; 0: none is
    aims    beside mod-geoip
    """

    @property
    def apex(self):
        return self.name + ".test"

    def is_down(self, at):
        return self.down > 0 and at % self.down == self.down - 1

    @property
    def answers(self):
        if self.policy != "multivalue":
            return 1
        return min(TAKEN, sum(not self.is_down(at) for at in range(self.sets)))

    def question(self):
        return Question(self.name, 0, self.apex, A, "NOERROR", self.answers, self.names, self.aims,
                        self.title)

    def check(self, name, at):
        return f"{DOWN}{at}" if self.is_down(at) else f"c{(name * self.sets + at) % CHECKS}"

    def _set(self, name, at):
        about = {"values": [_address(name, at)], "health": self.check(name, at)}
        if self.policy == "failover":
            about["failover"] = "secondary" if at >= self.sets // 2 else "primary"
        elif self.policy != "multivalue":
            about["weight"] = 1 + at % 7
        return about

    def group(self, name):
        """The name's group, as Steer YAML has it."""
        return {"type": "A", "policy": self.policy,
                "sets": {f"s{at}": self._set(name, at) for at in range(self.sets)}}

    def zone(self):
        """A document of Steer YAML."""
        return zone_of(self.apex, {label(i): self.group(i) for i in range(self.names)})


def _address(name, at):
    number = name * MANY + at
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def label(number):
    return f"n{number * DISTANCE:08}"


def zone_of(apex, records):
    servers = {"type": "NS", "values": ["ns.example.net."]}
    return {"zone": apex, "ttl": TTL, "records": {"@": servers, **records}}


STICKY = ["up", "weighted sticky=client", "take 1"]
HOT_GROUPS = [Group(policy, policy, 3, HOT, 0, f"{policy}, 3 sets", aims) for policy, aims in
              ((WEIGHTED, (0.67, 0.79)), ("failover", (0.67, 0.79)), ("multivalue", (0.7, 0.82)))]


def _by_size(name, policy, title, down=0):
    """Few sets and many."""
    return [Group(f"{name}-{sets}", policy, sets, NAMES_OF_FEW, down, title)
            for sets in (FEW, MANY)]


BY_SIZE = [_by_size(group.name, group.policy, group.policy) for group in HOT_GROUPS] + \
    [_by_size(group.name + "-down", group.policy, f"{group.policy}, a third of the sets down",
              DOWN_EACH) for group in HOT_GROUPS] + \
    [_by_size("sticky", STICKY, "weighted sticky=client")]
# Their aims are beside a plain A.
ALIAS = Question("alias", 0, "alias.test", A, "NOERROR", 1, HOT, (0.8, 0.9),
                 "alias at the apex to a weighted group")
TREE = Question("tree", 0, "tree.test", A, "NOERROR", 1, HOT, (0.8, 0.9),
                "failover, its primary an alias to a weighted group")
GROUP_QUESTIONS = [group.question() for group in HOT_GROUPS]
HOT_QUESTIONS = GROUP_QUESTIONS + [ALIAS, TREE]
STICKY_QUESTION = BY_SIZE[-1][0].question()


def _alias_zone(name):
    """A zone below the question's suffix, whose apex is what is asked for."""
    made = zone_of(f"{label(name)}.{ALIAS.suffix}", {"pool": HOT_GROUPS[0].group(name)})
    made["records"]["@"] = [made["records"]["@"], {"type": "A", "alias": "pool"}]
    return made


def _tree_zone():
    records = {}
    for name in range(HOT):
        records[f"p{name}"] = HOT_GROUPS[0].group(name)
        records[label(name)] = {"type": "A", "policy": "failover", "sets": {
            "first": {"failover": "primary", "alias": f"p{name}"},
            "second": {"failover": "secondary", "values": [_address(name, 7)], "health": "c7"}}}
    return zone_of(TREE.suffix, records)


def checks_of(ids):
    """A document of Steer YAML."""
    return {"health": {check: {"type": "manual"} for check in ids}}


def write_documents(path, documents):
    """A file of Steer YAML; JSON is YAML, and quickly written."""
    with open(path, "w", encoding="ascii") as out:
        for document in documents:
            out.write(f"---\n{json.dumps(document)}\n")
    return path


def all_documents():
    """The documents of a store with all groups."""
    yield checks_of([f"c{at}" for at in range(CHECKS)] + [f"{DOWN}{at}" for at in range(MANY)])
    for group in HOT_GROUPS + [group for pair in BY_SIZE for group in pair]:
        yield group.zone()
    for name in range(HOT):
        yield _alias_zone(name)
    yield _tree_zone()


def write_static(path, question):
    """The names of a question with as many plain addresses, for knotd."""
    with open(path, "w", encoding="ascii") as out:
        out.write(HEAD.format(apex=question.suffix))
        out.writelines(f"{label(name)} {TTL} A {_address(name, at)}\n"
                       for name in range(question.names) for at in range(question.answers))
        out.write("ns A 192.0.2.1\n")
    return path


def write_geoip(path):
    """The weighted groups as mod-geoip reads them; it knows no health."""
    group = HOT_GROUPS[0]
    with open(path, "w", encoding="ascii") as out:
        for name in range(group.names):
            out.write(f"{label(name)}.{group.apex}:\n")
            for about in group.group(name)["sets"].values():
                out.write(f"  - weight: {about['weight']}\n    A: {about['values'][0]}\n")
    return path


# A zone in which each name has a policy, and the same zone without policies.

ZONE_HEAD = f"""zone: {APEX}
ttl: 3600
records:
  "@": {{type: NS, values: [ns]}}
  ns: {{type: A, values: [192.0.2.1]}}
"""
SHARED_CHECKS = 1000


def _write_names(path, names, head, name):
    with open(path, "w", encoding="ascii") as out:
        out.write(head + ZONE_HEAD)
        out.writelines(f"  {label(i)}: {{type: A, {name(i)}}}\n" for i in range(names))
    return path


def write_policies(path, names):
    """Two sets for each name, and checks that they share."""
    def name(i):
        return (f"policy: weighted, sets: {{one: {{weight: 3, values: [{_address(i, 0)}], "
                f"health: c{2 * i % SHARED_CHECKS}}}, two: {{weight: 1, "
                f"values: [{_address(i, 1)}], health: c{(2 * i + 1) % SHARED_CHECKS}}}}}")
    checks = "".join(f"  c{at}: {{type: manual}}\n" for at in range(SHARED_CHECKS))
    return _write_names(path, names, f"health:\n{checks}---\n", name)


def write_plain(path, names):
    """A value for each name."""
    return _write_names(path, names, "", lambda i: f"values: [{_address(i, 0)}]")


# What a writer forces (tests/stress/writer.c).

FORCED = 1000


def forced():
    """A set for each version; the first that is up answers."""
    ids = [f"w{at:04}" for at in range(FORCED)]
    yield checks_of(ids)
    group = {"type": "A", "ttl": TTL, "policy": ["up", "take 1"], "sets": {
        check: {"values": [address(at)], "health": check} for at, check in enumerate(ids)}}
    yield {"zone": APEX, "records": {WATCHED + ".": group}}
