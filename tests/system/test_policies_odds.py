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

from steer import env
from steer.case import Case
from steer.odds import ANY
from steer.odds_program import PRESETS, SERVFAIL
from steer.policycases import CHECKS, Case as PolicyCase, known_targets, overlay
from steer.policyyaml import health_document, zone_document
from steer.wire import TYPES, labels, wire_name

CASES = env.number("STEER_ODDS_CASES", 1500, 300, sanitized=150)
SEED = int(os.environ.get("STEER_ODDS_SEED", "4"))
CLIENTS = tuple(f"198.51.{n}.0/24" for n in range(8))
SCOPE = 24
TOO_MANY = 0.01  # Share of questions that may have more random outcomes than the program walks.

# What the cases must have met, in the words of the model and the test.
WANTED = (
    *(f"step {name}" for name in ("up", "tier", "weighted", "shuffle", "take")),
    *(f"preset {name}" for name in PRESETS), "a program of its own", "no program",
    *(f"all-down={mode}" for mode in ("all", "none", "servfail")),
    "min-healthy, enough", "min-healthy, too few", "sticky=client",
    *(f"aliases {depth} deep" for depth in range(6)),
    "alias entered strictly", "alias entered though down", "alias entered without evaluation",
    "backed out of a branch", "target without data", "target at a wildcard",
    "target by way of CNAME", "target by way of DNAME",
    *(f"external target, {what}" for what in ("with data", "without data", "unknown")),
    "a record of several sets", "check on an alias", "weights 0 alone", "draw table",
    "all is certain",
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


def shown(outcome, scope):
    """The model's outcome as the program prints it."""
    if outcome.rcode == SERVFAIL:
        return f"{SERVFAIL}\t{outcome.error}\t0\t-\t-"
    soa = wire_name(labels(outcome.negative)).hex() if outcome.negative else "-"
    text = ""
    for owner, rrtype, ttl, values in outcome.rrsets:
        data = sorted(rdata(rrtype, value) for value in values)
        text += f"{wire_name(labels(owner)).hex()} {TYPES[rrtype]} {ttl} {' '.join(data)};"
    return f"{outcome.rcode}\t-1\t{scope if outcome.scoped else 0}\t{soa}\t{text or '-'}"


def read_odds(lines):
    """The program's answers: for each question a dict of odds; None: there are too many runs."""
    odds = None
    for line in lines:
        if line == "question":
            odds = {}
        elif line.startswith("error "):
            yield None
        elif line.startswith("end "):
            yield odds
        else:
            text, parts = line.rsplit("\t", 1)
            odds[text] = sum(Fraction(*map(int, part.split("/"))) for part in parts.split())


def without_errors(odds):
    """Odds that do not distinguish one SERVFAIL from another."""
    result = collections.defaultdict(Fraction)
    for text, share in odds.items():
        result["SERVFAIL" if text.startswith(f"{SERVFAIL}\t") else text] += share
    return dict(result)


def kind_of(outcome):
    if outcome.rcode == SERVFAIL:
        return f"outcome SERVFAIL {outcome.error}"
    if outcome.negative:
        return "outcome NODATA" if outcome.rcode == 0 else "outcome NXDOMAIN"
    return "outcome chain" if len(outcome.rrsets) > 1 else "outcome data"


class TheLibraryAndTheModelAgree(Case):

    def test_on_the_odds_of_every_outcome(self):
        cases = [PolicyCase(random.Random(f"{SEED} {number}"), number) for number in range(CASES)]
        store = self.filled(cases)
        met = collections.Counter()
        questions = []  # (case, name, type, client, odds by the model)
        for case in cases:
            questions += self.asked(case, met)
        answers = self.ask(store, [one[1:4] for one in questions])
        self.assertEqual(len(answers), len(questions))
        for (case, name, rrtype, client, odds), answer in zip(questions, answers):
            if answer is not None:
                self.compare(case, f"{name} {rrtype} for {client}", odds, answer, client != "-")
        self.assertLess(answers.count(None), len(questions) * TOO_MANY, "could not be walked")
        self.assertEqual([what for what in WANTED if met[what] == 0], [], "not met at all")

    def filled(self, cases):
        """A store with all cases, the states of their checks, and what is known of targets."""
        store = self.store()
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

    def asked(self, case, met):
        """The questions of a case, with the model's odds; notes what the case has met."""
        world = case.world()
        for name, rrtype in case.questions():
            odds = world.answer(name, rrtype)
            met.update(kind_of(outcome) for outcome in odds)
            met["all is certain"] += len(odds) == 1
            clients = CLIENTS if any(outcome.scoped for outcome in odds) else ("-",)
            for client in clients:
                yield case, name, rrtype, client, odds
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
        lines = [f"{wire_name(labels(name)).hex()} {TYPES[rrtype]} {client}"
                 for name, rrtype, client in questions]
        return list(read_odds(self.run_program("odds", store, lines)))

    def compare(self, case, question, model, answer, sticky):
        """The same outcomes with the same odds; for a client of "sticky" only outcomes that are
        likely for some client."""
        expected = collections.defaultdict(Fraction)
        for outcome, share in model.items():
            expected[shown(outcome, SCOPE)] += share
        if any(outcome.error == ANY for outcome in model):
            expected, answer = without_errors(expected), without_errors(answer)
        if answer == dict(expected):
            return
        if sticky and sum(answer.values()) == 1 and set(answer) <= set(expected):
            return
        zones = "---\n".join(zone_document(zone) for zone in case.zones)
        self.fail(f"seed {SEED}: {question}\nmodel {self.listed(expected)}\n"
                  f"library {self.listed(answer)}\n{zones}")

    @staticmethod
    def listed(odds):
        return "".join(f"\n    {share} {text!r}" for text, share in sorted(odds.items()))


