# SPDX-License-Identifier: GPL-3.0-or-later
"""What alias targets outside cost: steerd, which resolves them from a knotd on loopback, and a query
for such an alias."""

import collections
import contextlib
import select
import shutil
import socket
import statistics
import subprocess
import threading
import time

from measure.groups import label, write_documents, zone_of
from measure.instructions import TABLE as INSTRUCTIONS, costs_of, show_profiles, titled
from measure.probing import Steerd
from measure.process import cpu_seconds, memory
from measure.questions import A, HOT, NO_AIMS, Question
from steer import env
from steer.asking import SOCKET, Metrics
from steer.client import WINDOW, Udp
from steer.wire import NOERROR, labels, question, wire_name

TABLE = "alias targets outside"
COLUMNS = ("half of them change", "none changes")
OUTSIDE = "outside.test"  # Zone of the targets.
INSIDE = "inside.test"    # Zone of the aliases.
KINDS = ("half", "none")  # Names below the zone of the targets.


class Relay:
    """Passes queries on to a server, and tells when they have come."""

    def __init__(self, port):
        self.times = []
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", 0))
        self.port = self._front.getsockname()[1]
        self._back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._back.connect(("127.0.0.1", port))
        self._clients = {}  # By the id that a query has behind the relay.
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        while not self._stop.is_set():
            ready, _, _ = select.select([self._front, self._back], [], [], 0.5)
            if self._front in ready:
                message, client = self._front.recvfrom(4096)
                self.times.append(time.monotonic())
                ident = (len(self.times) & 0xFFFF).to_bytes(2, "big")
                self._clients[ident] = client, message[:2]
                self._back.send(ident + message[2:])
            if self._back in ready:
                message = self._back.recv(4096)
                client, ident = self._clients.pop(message[:2])
                self._front.sendto(ident + message[2:], client)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *ignored):
        self._stop.set()
        self._thread.join()
        self._front.close()
        self._back.close()


def _write_targets(path, ttl):
    """Below one name all targets have an address that stays, below the other one of two by chance,
    so that at each refresh half of them change."""
    return write_documents(path, [zone_of(OUTSIDE, {
        "*.none": {"type": "A", "ttl": ttl, "values": ["192.0.2.1"]},
        "*.half": {"type": "A", "ttl": ttl, "policy": "weighted", "sets": {
            str(last): {"weight": 1, "values": [f"192.0.2.{last}"]} for last in (1, 2)}}})])


def _write_aliases(path, count, kind):
    return write_documents(path, [zone_of(INSIDE, {
        label(number): {"type": "A", "alias": f"{label(number)}.{kind}.{OUTSIDE}."}
        for number in range(count)})])


def _wait_for_answers(port, count):
    """Until all aliases have been answered."""
    waited = [question(labels(f"{label(number)}.{INSIDE}"), A) for number in range(count)]
    with contextlib.closing(Udp(("127.0.0.1", port))) as client:
        while waited:
            missing = []
            for first in range(0, len(waited), WINDOW):
                block = waited[first:first + WINDOW]
                client.send(block)
                missing += [query for query, message in zip(block, client.receive(len(block)))
                            if message[3] & 15 != NOERROR]
            waited = missing


def _resolve_first(rig, store, port, aliases, count):
    """Seconds from the import of aliases to the last one's first answer."""
    steerd = Steerd(store.directory, "--resolver", f"127.0.0.1@{port}")
    try:
        with rig.serving(store.directory) as knot:
            rig.import_yaml(store, aliases, "yaml")
            began = time.monotonic()
            _wait_for_answers(knot.port, count)
            return time.monotonic() - began
    finally:
        steerd.close()


def _most_at_once(times, began, seconds):
    """The most queries in a tenth of a second, over the mean."""
    tenths = collections.Counter(int(10 * (at - began)) for at in times)
    return max(tenths.values()) / statistics.mean(tenths[at] for at in range(10 * seconds))


def _resolve_on(store, relay, ttl):
    """Rows and values after a restart, before which the TTLs of all answers have passed."""
    time.sleep(ttl + 1)
    steerd = Steerd(store.directory, "--resolver", f"127.0.0.1@{relay.port}")
    pid = steerd.process.pid
    place = f"{store.directory}/{SOCKET}"
    try:
        began = time.monotonic()
        time.sleep(ttl)
        most = _most_at_once(list(relay.times), began, ttl)

        def commits():
            return Metrics(place)("steerd_commits_total", result="success")
        before, sent, used, began = commits(), len(relay.times), cpu_seconds(pid), time.monotonic()
        time.sleep(2 * ttl)
        used, took = cpu_seconds(pid) - used, time.monotonic() - began
        sent = len(relay.times) - sent
        return {"queries a second": sent / took, "CPU, % of a core": 100 * used / took,
                "CPU, ms a query": 1000 * used / sent,
                "commits a second": (commits() - before) / took,
                "anonymous memory, MB": memory(pid)[0] / 1e6,
                "after a restart: most queries in 0.1 s / mean": most}
    finally:
        steerd.close()


def _resolved(rig, kind, count, ttl):
    """What one kind of targets costs: rows and values."""
    outside, inside = (rig.new_store(f"{name}.targets") for name in ("outside", "inside"))
    rig.import_yaml(outside, _write_targets(rig.path("outside.yaml"), ttl), "yaml")
    aliases = _write_aliases(rig.path("inside.yaml"), count, kind)
    try:
        with rig.serving(outside.directory) as server:
            found = {"until all have an answer, s":
                     _resolve_first(rig, inside, server.port, aliases, count)}
            with Relay(server.port) as relay:
                return {**found, **_resolve_on(inside, relay, ttl)}
    finally:
        for store in (outside, inside):
            shutil.rmtree(store.directory)


def measure(rig, report, count, ttl):
    """What resolving costs steerd."""
    half, none = (_resolved(rig, kind, count, ttl) for kind in KINDS)
    aims = {"CPU, % of a core": 3, "commits a second": 5}
    for row, value in none.items():
        report.add(TABLE, f"TTL {ttl}: {row}", count, half[row], value, aims.get(row), by="own",
                   columns=COLUMNS)
    report.show()


# The cost of a query: aliases at the apex, to names inside and outside.

QUESTIONS = [
    Question(name, 0, f"{name}.test", A, "NOERROR", 1, HOT, NO_AIMS,
             f"alias at the apex to {words}") for name, words in
    (("to-hosted", "one address"), ("to-outside", "one address outside"))]
TO_HOSTED, TO_OUTSIDE = QUESTIONS


def _alias_documents():
    for number in range(HOT):
        for one, target in ((TO_HOSTED, "one"), (TO_OUTSIDE, f"{label(number)}.{OUTSIDE}.")):
            made = zone_of(f"{label(number)}.{one.suffix}", {
                "one": {"type": "A", "values": ["192.0.2.1"]}})
            made["records"]["@"] = [made["records"]["@"], {"type": "A", "alias": target}]
            yield made


def _know(store):
    """Writes what steerd would have found."""
    lines = "".join(f"{wire_name(labels(f'{label(number)}.{OUTSIDE}')).hex()} {A} 60 c0000201\n"
                    for number in range(HOT))
    subprocess.run([env.stress("status"), store.directory], input=lines, text=True, check=True)


def measure_queries(rig, report, counts, depth):
    """Instructions of a query for an alias outside, beside one of a hosted target."""
    store = rig.new_store("queried.targets")
    store.ok("import", write_documents(rig.path("queried.yaml"), _alias_documents()))
    _know(store)
    costs = costs_of(rig, lambda **more: rig.serving(store.directory, **more), HOT, QUESTIONS,
                     counts)
    for edns in (False, True):
        report.add(f"{INSTRUCTIONS}, alias targets", titled(TO_OUTSIDE, edns), HOT,
                   *(costs[one.name, edns][0] for one in QUESTIONS), 1.1,
                   columns=("hosted target", "outside"))
    report.show()
    show_profiles(report, HOT, QUESTIONS, costs, depth)
