# SPDX-License-Identifier: GPL-3.0-or-later
"""Random policies and aliases: the library's odds are those of the model, as exact fractions.

STEER_ODDS_CASES  number of cases
STEER_ODDS_SEED   seed of all of them
"""

import collections
import os
import random
import subprocess
from fractions import Fraction

from steer import env, mapcases
from steer.case import Case
from steer.maps import Client, Sight, files
from steer.odds import ANY
from steer.odds_client import Ambiguous
from steer.odds_program import PRESETS, SERVFAIL
from steer.policycases import CHECKS, Case as PolicyCase, known_targets, overlay
from steer.policyyaml import health_document, zone_document
from steer.wire import TYPES, labels, wire_name

CASES = env.number("STEER_ODDS_CASES", 1500, 300, sanitized=150)
CASES_OF_A_STORE = 50  # They share its maps.
SEED = int(os.environ.get("STEER_ODDS_SEED", "4"))
CLIENTS = 4      # That ask each question whose answer depends on them.
TOO_MANY = 0.01  # Share of questions that may have more random outcomes than the program walks, or
                 # two distances so near each other that the model cannot tell the nearer one.

# What the cases must have met, in the words of the model and the test.
WANTED = (
    *(f"step {name}" for name in ("up", "tier", "weighted", "shuffle", "take", "latency", "within",
                                  "geo", "nearest", "cidr", "asn")),
    *(f"preset {name}" for name in PRESETS), "a program of its own", "no program",
    *(f"all-down={mode}" for mode in ("all", "none", "servfail")),
    "min-healthy, enough", "min-healthy, too few", "sticky=client",
    *(f"aliases {depth} deep" for depth in range(6)),
    "alias entered strictly", "alias entered though down", "alias entered without evaluation",
    "backed out of a branch", "target without data", "target at a wildcard",
    "target by way of CNAME", "target by way of DNAME",
    *(f"external target, {what}" for what in ("with data", "without data", "unknown")),
    "a record of several sets", "check on an alias", "weights 0 alone", "draw table",
    "all is certain", "the most specific level left", "clients that differ", "a scope not certain",
    *(f"check {name}" for name in CHECKS),
    *(f"outcome {what}" for what in ("data", "NODATA", "SERVFAIL 0", "SERVFAIL 14", "NXDOMAIN",
                                     "chain")),
)


def rdata(rrtype, value):
    """Rdata of a value in hexadecimal digits."""
    if rrtype == "A":
        return bytes(map(int, value.split("."))).hex()
    if rrtype == "TXT":
        text = value.strip('"').encode()
        return (bytes((len(text),)) + text).hex()
    return wire_name(labels(value)).hex()


def shown(outcome):
    """The model's outcome as the program prints it, without the scope."""
    if outcome.rcode == SERVFAIL:
        return f"{SERVFAIL}\t{outcome.error}\t-\t-"
    soa = wire_name(labels(outcome.negative)).hex() if outcome.negative else "-"
    text = ""
    for owner, rrtype, ttl, values in outcome.rrsets:
        data = sorted(rdata(rrtype, value) for value in values)
        text += f"{wire_name(labels(owner)).hex()} {TYPES[rrtype]} {ttl} {' '.join(data)};"
    return f"{outcome.rcode}\t-1\t{soa}\t{text or '-'}"


class Odds:
    """Outcomes of a question as text, their odds, and the scopes with which each is given; sticky:
    the odds are those over all clients."""

    def __init__(self, sticky=False):
        self.sticky = sticky
        self.shares = collections.defaultdict(Fraction)
        self.scopes = collections.defaultdict(set)

    def add(self, text, share, *scopes):
        self.shares[text] += share
        self.scopes[text].update(scopes)

    def vague(self, text):
        return len(self.scopes[text]) > 1

    def without_errors(self):
        """Odds that do not distinguish one SERVFAIL from another."""
        result = Odds(self.sticky)
        for text, share in self.shares.items():
            result.add("SERVFAIL" if text.startswith(f"{SERVFAIL}\t") else text, share,
                       *self.scopes[text])
        return result

    def __str__(self):
        return "".join(f"\n    {share} {text!r} scope {sorted(self.scopes[text])}"
                       for text, share in sorted(self.shares.items()))


def read_odds(lines):
    """The program's answers: the odds of each question; None: there are too many runs."""
    odds = None
    for line in lines:
        if line == "question":
            odds = Odds()
        elif line.startswith("error "):
            yield None
        elif line.startswith("end "):
            yield odds
        else:
            rcode, error, scope, *text, parts = line.split("\t")
            odds.add("\t".join((rcode, error, *text)),
                     sum(Fraction(*map(int, part.split("/"))) for part in parts.split()),
                     int(scope))


def model_odds(answer, sight, may_look):
    """The same by the model. The scope of an outcome is that of the maps that were looked up for
    it, or up to that of those by which groups beside it may have been found to be healthy or not.
    """
    looked_up, of_health = may_look
    odds = Odds("sticky" in looked_up)
    for outcome, share in answer.items():
        least, most = (max(map(sight.scope, looked), default=0)
                       for looked in (outcome.looked, outcome.looked | of_health))
        odds.add(shown(outcome), share, *range(least, most + 1))
    return odds


def kind_of(outcome):
    if outcome.rcode == SERVFAIL:
        return f"outcome SERVFAIL {outcome.error}"
    if outcome.negative:
        return "outcome NODATA" if outcome.rcode == 0 else "outcome NXDOMAIN"
    return "outcome chain" if len(outcome.rrsets) > 1 else "outcome data"


class TheLibraryAndTheModelAgree(Case):

    def test_on_the_odds_of_every_outcome(self):
        met = collections.Counter()
        for first in range(0, CASES, CASES_OF_A_STORE):
            self.ask_cases(range(first, min(first + CASES_OF_A_STORE, CASES)), met)
        self.assertLess(met["too many ways"] + met["ambiguous"], met["asked"] * TOO_MANY)
        self.assertEqual([what for what in WANTED if met[what] == 0], [], "not met at all")

    def ask_cases(self, numbers, met):
        """Cases of one store, with its maps."""
        rng = random.Random(f"{SEED} maps {numbers[0]}")
        maps = mapcases.some_maps(rng)
        cases = [PolicyCase(random.Random(f"{SEED} {number}"), number) for number in numbers]
        store = self.filled(cases, maps, f"store{numbers[0]}")
        questions = []  # (case, name, type, client, odds by the model)
        for case in cases:
            questions += self.asked(case, maps, rng, met)
        answers = self.ask(store, [one[1:4] for one in questions])
        self.assertEqual(len(answers), len(questions))
        for (case, name, rrtype, client, odds), answer in zip(questions, answers):
            met["asked"] += 1
            if answer is None:
                met["too many ways"] += 1
            else:
                self.compare(case, f"{name} {rrtype} for {client}", odds, answer, maps)

    def filled(self, cases, maps, name):
        """A store with maps and all cases, the states of their checks, and what is known of
        targets."""
        store = self.store(name=name)
        for kind, called, text in files(maps):
            store.ok("map", "import", "--type", kind, "--name", called, self.file("map.csv", text))
        zones = [overlay()] + [zone for case in cases for zone in case.zones]
        documents = [health_document({name: check[0] for name, check in CHECKS.items()})]
        documents += [zone_document(zone) for zone in zones]
        store.ok("import", "--format", "yaml", self.file("cases.yaml", "---\n".join(documents)))
        for name, (_, how, is_up) in CHECKS.items():
            if how is not None:
                store.ok("health", how, name, "up" if is_up else "down")
        lines = [" ".join([wire_name(labels(name)).hex(), str(TYPES[rrtype]), str(ttl),
                           *(rdata(rrtype, value) for value in values)])
                 for (name, rrtype), (ttl, values) in known_targets().items()]
        self.run_program("status", store, lines)
        return store

    def run_program(self, name, store, lines):
        """Runs a program of tests/stress with these lines as its input; the lines it prints."""
        done = subprocess.run([env.stress(name), store.directory], input="\n".join(lines) + "\n",
                              capture_output=True, text=True, env=env.environment(), check=False,
                              timeout=env.PATIENCE * 10)
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        return done.stdout.splitlines()

    def asked(self, case, maps, rng, met):
        """The questions of a case, with the model's odds; notes what the case has met."""
        clients = [None, *(mapcases.some_client(rng, maps) for _ in range(CLIENTS))]
        worlds = [case.world(Sight(maps, Client(client))) for client in clients]
        for name, rrtype in case.questions():
            may_look = worlds[0].may_look(name, rrtype)
            first = None
            for client, world in zip(clients, worlds if may_look[0] else worlds[:1]):
                try:
                    odds = world.answer(name, rrtype)
                except Ambiguous:
                    met["ambiguous"] += 1
                    continue
                met.update(kind_of(outcome) for outcome in odds)
                met["all is certain"] += len(odds) == 1
                odds = model_odds(odds, world.sight, may_look)
                first = first or odds
                met["clients that differ"] += odds.shares != first.shares
                met["a scope not certain"] += any(map(odds.vague, odds.shares))
                yield case, name, rrtype, client, odds
        for world in worlds:
            met += world.met
        for (_, rrtype), depth in case.depths.items():
            met[f"aliases {depth} deep"] += rrtype != "by DNAME"
        for zone in case.zones:
            for groups in zone.names.values():
                for group in groups.values():
                    self.note(group, met)

    @staticmethod
    def note(group, met):
        presets = [name for name, program in PRESETS.items() if program == group.program]
        met["preset " + presets[0] if presets else
            "a program of its own" if group.program else "no program"] += 1
        for one in group.sets:
            met[f"check {one.check}"] += 1
            met["check on an alias"] += one.alias is not None and one.check is not None
        met["draw table"] += len(group.sets) > 8 and \
            any(step.name == "weighted" and not step.sticky for step in group.program)
        met["weights 0 alone"] += len(group.sets) > 1 and all(one.weight == 0
                                                              for one in group.sets)

    def ask(self, store, questions):
        lines = [f"{wire_name(labels(name)).hex()} {TYPES[rrtype]} {client or '-'}"
                 for name, rrtype, client in questions]
        return list(read_odds(self.run_program("odds", store, lines)))

    def compare(self, case, question, model, answer, maps):
        """The same outcomes with the same odds, and scopes as the model's; for a client of "sticky"
        only outcomes that are likely for some client."""
        if any(text.startswith(f"{SERVFAIL}\t{ANY}\t") for text in model.shares):
            model, answer = model.without_errors(), answer.without_errors()
        same = model.shares == answer.shares or \
            (model.sticky and sum(answer.shares.values()) == 1 and
             set(answer.shares) <= set(model.shares))
        if same and all(answer.scopes[text] <= model.scopes[text] for text in answer.shares):
            return
        zones = "---\n".join(zone_document(zone) for zone in case.zones)
        self.fail(f"seed {SEED}: {question}\nmodel {model}\nlibrary {answer}\n{zones}\n" +
                  "\n".join(text for _, _, text in files(maps)))
