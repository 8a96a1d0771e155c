# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories of policies on a real knotd: zones as YAML, many questions, their shares."""

import collections
import contextlib
import subprocess
import textwrap

from steer import env
from steer.case import Case
from steer.chance import p_value
from steer.client import WINDOW, Udp, ask
from steer.wait import until
from steer.wire import NOERROR, PLAIN, TYPES, Answer, labels, question, wire_name

A = TYPES["A"]
QUERIES = env.number("STEER_QUERIES", 20000, 5000, sanitized=2000)
UNLIKELY = 1e-6  # Of chance alone; below that it fails.


def address(rdata):
    return ".".join(map(str, rdata))


def addresses(answer):
    """The addresses of an answer as one text."""
    return " ".join(address(rdata) for rdata in sorted(answer.values(A)))


class PolicyStory(Case):

    def policies(self, text, name="store"):
        """A store with these documents of Steer YAML."""
        store = self.store("--ns", "ns.example.net.", name=name)
        self.bring(store, text)
        return store

    def bring(self, store, text, *options):
        """Imports documents; returns what steerctl printed."""
        file = self.file("policies.yaml", textwrap.dedent(text))
        return store.ok("import", "--format", "yaml", *options, file)

    def served_policies(self, text, **options):
        """A store with these documents, and a knotd that serves it."""
        store = self.policies(text)
        return store, self.host(store=store.directory, **options).start()

    def ask(self, server, name, rrtype=A, edns=PLAIN, **more):
        return ask(server, labels(name), rrtype, edns, **more)

    def counted(self, server, name, count=QUERIES, edns=PLAIN, take=addresses):
        """Asks many times for the addresses of a name: how often each came."""
        counts = collections.Counter()
        queries = [question(labels(name), A, edns)] * WINDOW
        with contextlib.closing(Udp(server.address)) as client:
            for begin in range(0, count, WINDOW):
                sent = client.send(queries[:count - begin])
                for message in client.receive(sent):
                    answer = Answer(message)
                    self.assertEqual(answer.rcode, NOERROR, answer)
                    counts[take(answer)] += 1
        return counts

    def assert_shares(self, counts, weights):
        """The counts have the shares of these weights."""
        total = sum(weights.values())
        p = p_value(counts, {what: weight / total for what, weight in weights.items()})
        self.assertGreater(p, UNLIKELY, f"{dict(counts)} for {weights}")

    def until_answered(self, server, name, *wanted, edns=PLAIN, patience=env.PATIENCE):
        """Waits until a name has one of these answers; returns it."""
        def answered():
            answer = addresses(self.ask(server, name, edns=edns))
            return [answer] if answer in wanted else None
        return until(f"{name} being {' or '.join(wanted)}", answered, patience)[0]

    def know(self, store, *targets, **tries):
        """Writes what is known of external targets: (name, TTL, addresses), or (name, None);
        and how the last tries have gone, in keys of the program status."""
        lines = []
        for name, ttl, *known in targets:
            words = "-" if ttl is None else " ".join(
                [str(ttl), *(f"{key}={value}" for key, value in tries.items()),
                 *(bytes(map(int, one.split("."))).hex() for one in known)])
            lines.append(f"{wire_name(labels(name)).hex()} {A} {words}")
        self.publish(store, *lines)

    def publish(self, store, *lines):
        """Writes into the status what steerd would, in lines of the program of that name."""
        done = subprocess.run([env.stress("status"), store.directory], input="\n".join(lines),
                              capture_output=True, text=True, env=env.environment(), check=False,
                              timeout=env.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
