# SPDX-License-Identifier: GPL-3.0-or-later
"""What probing costs steerd, and how soon its decisions are seen: many checks of one web server
that answers on all of 127.0.0.0/8."""

import collections
import contextlib
import ipaddress
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import threading
import time

from measure.process import cpu_seconds, memory
from steer import env
from steer.asking import SOCKET, Metrics
from steer.certificates import Authority

TABLE = "probing"
LONG = "steerd beside flapping targets and changing definitions"
SEEN = "from a decision to the first answer by it, ms"
BESIDE = ("gdnsd http_status", "steerd")
ZONE = "probed.test"
INTERVAL = 10
FIRST = int(ipaddress.ip_address("127.1.0.0"))
SAMPLED = 100


def _address(number):
    return str(ipaddress.ip_address(FIRST + number))


class Web:
    """tests/bench/web.c."""

    def __init__(self, tools):
        self.process = subprocess.Popen([tools.program("web")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)
        self.port = int(self.read())

    def say(self, *words):
        print(*words, file=self.process.stdin, flush=True)

    def read(self):
        return self.process.stdout.readline()

    def times(self):
        self.say("times")
        return [int(word) for word in self.read().split()]

    def wait_for(self, count):
        """Until it was asked that often, and then for a whole interval without a look at it."""
        seen = 0
        while seen < count:
            time.sleep(1)
            seen += len(self.times())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


@contextlib.contextmanager
def _web(rig):
    web = Web(rig.tools)
    try:
        yield web
    finally:
        web.close()


def _write_checks(path, count, port, interval):
    """A name for each check: its own address while it is up, else another."""
    with open(path, "w", encoding="ascii") as out:
        out.write(f"zone: {ZONE}\nrecords:\n  \"@\":\n"
                  "    - {type: NS, values: [ns.example.net.]}\n")
        for number in range(count):
            out.write(f"  n{number}:\n    type: A\n    ttl: 1\n    policy: failover\n    sets:\n"
                      f"      a: {{failover: primary, values: [192.0.2.1], health: c{number}}}\n"
                      f"      b: {{failover: secondary, values: [192.0.2.2]}}\n")
        out.write("health:\n")
        for number in range(count):
            out.write(f"  c{number}: {{type: http, address: {_address(number)}, port: {port}, "
                      f"interval: {interval}s, rise: 1, fall: 1, timeout: {interval}s, "
                      f"response-timeout: {interval}s}}\n")
    return path


class Steerd:
    """A steerd, and when it said that a check is down."""

    def __init__(self, store, *options):
        self.process = subprocess.Popen([env.STEERD, "-d", store, *options],
                                        stderr=subprocess.PIPE, text=True)
        self.down = {}
        self.process.stderr.readline()  # It has read the store.
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            found = re.search(r"health check 'c(\d+)' is down", line)
            if found:
                self.down[int(found.group(1))] = time.monotonic_ns()

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.reader.join()


@contextlib.contextmanager
def _probed(rig, web, count, interval=INTERVAL):
    """A store with checks, and the steerd that probes them."""
    store = rig.new_store(f"{count}.probed")
    rig.import_yaml(store, _write_checks(rig.path("probed.yaml"), count, web.port, interval),
                    "yaml")
    steerd = Steerd(store.directory)
    try:
        yield store, steerd
    finally:
        steerd.close()
        shutil.rmtree(store.directory)


def _cost(web, pid, count, seconds):
    """CPU time for each probe, in ms, once all targets are known; times of the probes."""
    web.wait_for(count)
    web.times()
    began, used = time.monotonic(), cpu_seconds(pid)
    time.sleep(seconds)
    used, took = cpu_seconds(pid) - used, time.monotonic() - began
    return used, took, web.times()


def _spread(times):
    """The most probes in a tenth of a second, over the mean."""
    tenths = collections.Counter(at // 100_000_000 for at in times)
    inner = sorted(tenths)[1:-1]  # The first and the last one are cut off.
    return max(tenths[at] for at in inner) / statistics.mean(tenths[at] for at in inner)


def _gdnsd_config(directory, count, port):
    """Targets in as many resources as gdnsd allows 64 addresses each."""
    os.makedirs(os.path.join(directory, "etc/zones"))
    for folder in ("run", "state"):
        os.makedirs(os.path.join(directory, folder))
    with open(os.path.join(directory, "etc/config"), "w", encoding="ascii") as out:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            own = taken.getsockname()[1]
        out.write(f"options => {{ listen => 127.0.0.1:{own}, run_dir => {directory}/run, "
                  f"state_dir => {directory}/state }}\n"
                  f"service_types => {{ web => {{ plugin => http_status, port => {port}, "
                  f"url_path => /, interval => {INTERVAL}, timeout => 3 }} }}\n"
                  "plugins => { multifo => {\n")
        for first in range(0, count, 60):
            numbers = range(first, min(first + 60, count))
            addresses = ", ".join(f"a{number} => {_address(number)}" for number in numbers)
            out.write(f"r{first} => {{ service_types => web, {addresses} }}\n")
        out.write("} }\n")
    with open(os.path.join(directory, "etc/zones", ZONE), "w", encoding="ascii") as out:
        out.write("@ SOA ns.example.net. hostmaster.example.net. 1 900 900 900 900\n"
                  "@ NS ns.example.net.\n")
        for first in range(0, count, 60):
            out.write(f"n{first} DYNA multifo!r{first}\n")


@contextlib.contextmanager
def _gdnsd(rig, web, count):
    directory = rig.path("gdnsd")
    _gdnsd_config(directory, count, web.port)
    with open(rig.path("gdnsd.log"), "w", encoding="utf-8") as log:
        process = subprocess.Popen(["gdnsd", "-c", directory + "/etc", "start"], stdout=log,
                                   stderr=log)
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait()
            shutil.rmtree(directory)


def measure_cost(rig, report, count, seconds):
    """One core's share, memory, spread; beside gdnsd if it is there."""
    theirs = None
    if shutil.which("gdnsd", path=os.environ["PATH"] + ":/usr/sbin"):
        with _web(rig) as web, _gdnsd(rig, web, count) as pid:
            used, took, times = _cost(web, pid, count, seconds)
            theirs = (100 * used / took, 1000 * used / max(len(times), 1), memory(pid)[0] / 1e6,
                      _spread(times))
    with _web(rig) as web, _probed(rig, web, count) as (_, steerd):
        pid = steerd.process.pid
        used, took, times = _cost(web, pid, count, seconds)
        ours = (100 * used / took, 1000 * used / len(times), memory(pid)[0] / 1e6,
                _spread(times))
    rows = ("CPU, % of a core", "CPU, ms a probe", "anonymous memory, MB",
            "most probes in 0.1 s / mean")
    for row, value, beside, aim in zip(rows, ours, theirs or (None,) * 4, (10, None, None, None)):
        report.add(TABLE, f"http every {INTERVAL} s: {row}", count, beside, value, aim, by="own",
                   columns=BESIDE)


def _write_secure_checks(path, count, port):
    """Checks of one server, whose certificate is verified."""
    with open(path, "w", encoding="ascii") as out:
        out.write(f"zone: {ZONE}\nrecords:\n  \"@\":\n"
                  "    - {type: NS, values: [ns.example.net.]}\n"
                  "  www:\n    type: A\n    policy: multivalue\n    sets:\n")
        for number in range(count):
            out.write(f"      s{number}: {{values: [192.0.2.{number}], health: s{number}}}\n")
        out.write("health:\n")
        for number in range(count):
            out.write(f"  s{number}: {{type: https, address: 127.0.0.1, port: {port}, "
                      f"host: {ZONE}, verify: yes, interval: 1s}}\n")
    return path


@contextlib.contextmanager
def _secure_web(rig, authority):
    """openssl(1) as a web server; its port."""
    authority.context(ZONE)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    base = os.path.join(authority.directory, f"{ZONE}-30")
    process = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-www",
                                "-quiet", "-cert", base + ".pem", "-key", base + ".key"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def measure_secure(rig, report, count, seconds):
    """CPU time for each probe with TLS."""
    authority = Authority(rig.path("authority"))
    store = rig.new_store("secure.probed")
    with _secure_web(rig, authority) as port:
        rig.import_yaml(store, _write_secure_checks(rig.path("secure.yaml"), count, port), "yaml")
        steerd = Steerd(store.directory, "--ca-file", authority.file)
        try:
            time.sleep(3)

            def good():
                place = os.path.join(store.directory, SOCKET)
                return Metrics(place)("steerd_probes_total", type="https", result="success")
            before, used = good(), cpu_seconds(steerd.process.pid)
            time.sleep(seconds)
            probes, used = good() - before, cpu_seconds(steerd.process.pid) - used
        finally:
            steerd.close()
    report.add(TABLE, "https every s, verified: CPU, ms a probe", count, None,
               1000 * used / probes, 1.2, by="own", columns=BESIDE)


class _Watcher:
    """Asks a name again and again until it has another address."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(1)

    def ask(self, number):
        name = b"".join(bytes([len(label)]) + label.encode()
                        for label in (f"n{number}", *ZONE.split("."), ""))
        self.socket.send(bytes([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]) + name +
                         bytes([0, 1, 0, 1]))
        return self.socket.recv(512)[-1]

    def wait(self, number, last):
        """When the answer ended in that byte, in ns."""
        while self.ask(number) != last:
            pass
        return time.monotonic_ns()


def _flips(web, watcher, count, times):
    """Milliseconds from the answer of a target that is down to the first answer without it."""
    took = []
    for number in range(times):
        which = number % count
        web.say("down", _address(which))
        told = int(web.read())
        took.append((watcher.wait(which, 2) - told) / 1e6)
        web.say("up", _address(which))
        watcher.wait(which, 1)
    return took


def _all_down(web, steerd, watcher, count):
    """As _flips(), the longest, for some of those that go down together; how many these are."""
    web.wait_for(count)
    web.say("hold")
    time.sleep(0.8 * INTERVAL)
    web.say("release")
    _, *held = map(int, web.read().split())
    waited = {number % (1 << 24) - FIRST % (1 << 24)
              for number in random.Random(1).sample(held, min(SAMPLED, len(held)))}
    seen = {}
    while waited:
        for number in [each for each in waited if watcher.ask(each) == 2]:
            seen[number] = time.monotonic_ns()
            waited.remove(number)
    return max(at - steerd.down[number] for number, at in seen.items()) / 1e6, len(held)


def measure_visibility(rig, report, count, times):
    """One target that goes down, and 10,000 at the same time."""
    with _web(rig) as web, _probed(rig, web, 100, 1) as (store, _), \
            rig.serving(store.directory) as knot:
        web.wait_for(200)
        took = sorted(_flips(web, _Watcher(knot.port), 100, times))
        for title, share in (("p50", 0.5), ("p99", 0.99)):
            report.add(SEEN, f"one of 100: {title}", 100, None,
                       took[min(int(share * len(took)), len(took) - 1)], 50, by="own",
                       columns=BESIDE)
    with _web(rig) as web, _probed(rig, web, count) as (store, steerd), \
            rig.serving(store.directory) as knot:
        took, held = _all_down(web, steerd, _Watcher(knot.port), count)
        report.add(SEEN, f"{held:,} together: the last", count, None, took, 150, by="own",
                   columns=BESIDE)
    report.show()


def _held(pid):
    """Anonymous memory in MB, open descriptors."""
    return memory(pid)[0] / 1e6, len(os.listdir(f"/proc/{pid}/fd"))


def _disturb(web, store, count, draw):
    """A target goes down or comes up; a check is changed, or goes and comes again."""
    number = draw.randrange(count)
    web.say(draw.choice(("down", "up")), _address(number))
    words = ("health", "set", f"c{number}", draw.choice(("http", "tcp")),
             f"address={_address(number)}", f"port={web.port}", "interval=1s",
             f"fall={draw.randrange(1, 4)}", "rise=1")
    if draw.random() < 0.3:
        store.run("health", "del", f"c{number}")
    store.ok(*words)


def measure_long(rig, report, count, seconds):
    """What it holds in the first quarter of the time, and in the last."""
    samples, draw = [], random.Random(1)
    with _web(rig) as web, _probed(rig, web, count, 1) as (store, steerd):
        threading.Thread(target=lambda: list(web.process.stdout), daemon=True).start()
        began = time.monotonic()
        while (now := time.monotonic()) < began + seconds:
            if not samples or now - samples[-1][0] > seconds / 400:
                samples.append((now, *_held(steerd.process.pid)))
            _disturb(web, store, count, draw)
        changes = len(steerd.down)
    quarter = len(samples) // 4
    for column, row in ((1, "anonymous memory, MB"), (2, "descriptors")):
        early, late = (max(sample[column] for sample in part)
                       for part in (samples[:quarter], samples[-quarter:]))
        report.add(LONG, f"{seconds} s: {row}", count, early, late, 1.1,
                   columns=("first quarter", "last quarter"))
    report.add(LONG, f"{seconds} s: checks that were down", count, None, changes, by="own",
               columns=("first quarter", "last quarter"))
    report.keep("steerd", count, samples)
    report.show()
