# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that put a store and its server under load: a writer, a probe (tests/stress),
dnsperf."""

import os
import re
import shutil
import signal
import subprocess

from steer import env
from steer.case import zone_text
from steer.wait import until


def chain(first, second, version=0):
    """The two zones of a chain of CNAMEs (tests/stress/chain.h): pairs of apex and text."""
    names = [f"v{version:08}-{link}" for link in range(5)]
    address = ".".join(str(byte) for byte in version.to_bytes(4, "big"))
    return [(first, zone_text(first, f"chain CNAME {names[1]}.{second}",
                              f"{names[2]} CNAME {names[3]}.{second}", f"{names[4]} A {address}")),
            (second, zone_text(second, f"{names[1]} CNAME {names[2]}.{first}",
                               f"{names[3]} CNAME {names[4]}.{first}"))]


def chain_version(store, first):
    """Version of the chain that is in the store."""
    return int(re.search(r"CNAME.*v(\d{8})-1", store.ok("get", "chain." + first, "CNAME"))[1])


def readers(store):
    """The store's table of readers: processes and the transaction that each reads, if any."""
    done = subprocess.run(["mdb_stat", "-r", store.path("records")], capture_output=True,
                          text=True, check=False)  # It exits with 1 even if all is well.
    listed = done.stdout
    if "Reader Table Status" not in listed:
        raise AssertionError(f"mdb_stat: {listed}{done.stderr}")
    return [(int(pid), None if read == "-" else int(read))
            for pid, read in re.findall(r"^ +(\d+) +[0-9a-f]+ +(\d+|-)$", listed, re.M)]


def reader_pids(store):
    """Processes in the store's table of readers; a free slot has none."""
    return {pid for pid, _ in readers(store)}


def dropped():
    """Datagrams that the kernel has dropped because a socket's buffer was full."""
    with open("/proc/net/snmp", encoding="ascii") as file:
        names, values = (line.split() for line in file if line.startswith("Udp:"))
    counters = dict(zip(names[1:], values[1:]))
    return int(counters["RcvbufErrors"]) + int(counters["SndbufErrors"])


class Program:
    """A child whose output goes to a file, so that it never waits for a reader."""

    def __init__(self, case, name, words):
        self.name = name
        self.path = case.path(f"{name}.{len(os.listdir(case.dir))}.out")
        self.output = open(self.path, "wb")
        self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE,
                                        stdout=self.output, stderr=subprocess.PIPE, text=True,
                                        env=env.environment())
        case.addCleanup(self.kill)

    def lines(self):
        """Whole lines so far."""
        with open(self.path, encoding="utf-8", errors="replace") as file:
            return file.read().split("\n")[:-1]

    def wait(self, patience=env.PATIENCE * 5):
        """Waits for the end, which must be good."""
        err = self.process.communicate(timeout=patience)[1]
        self.output.close()
        if self.process.returncode != 0:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}: {err[:8000]}")
        return err

    def kill(self):
        """kill -9, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self.output.close()
        self.process.stderr.close()


class Writer(Program):
    """Renames a chain by change sets, one after the other."""

    def __init__(self, case, store, zones, since=0, count=None, rate=None, keep=False, links=None,
                 policies=False):
        words = [env.stress("writer"), "-f", since]
        words += ["-l", links] if links is not None else []
        words += ["-p"] if policies else []
        words += ["-n", count] if count is not None else []
        words += ["-r", rate] if rate is not None else []
        words += ["-k"] if keep else []
        super().__init__(case, "writer", [*words, store.directory, *zones])

    def acknowledged(self):
        """Version and time (ns) of each commit that has returned."""
        return [tuple(map(int, line.split())) for line in self.lines()]

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)


class Probe(Program):
    """Asks for the chain at a steady pace and checks the answers."""

    def __init__(self, case, knot, zones, interval_us=200, sockets=1, links=None, client=None):
        words = [env.stress("probe"), "-p", knot.port, "-i", interval_us, "-s", sockets]
        words += ["-l", links] if links is not None else []
        words += ["-c", client] if client is not None else []
        super().__init__(case, "probe", [*words, *zones])

    def seen(self):
        """Version, time of the question and of the answer (ns) when a version was first seen."""
        return [tuple(map(int, line.split())) for line in self.lines()
                if not line.startswith("sent")]

    def wait_for(self, version):
        """Waits until it has seen a version, or a newer one."""
        until(f"version {version} of the chain",
              lambda: max((line[0] for line in self.seen()), default=-1) >= version, pause=0.05)

    def finish(self):
        """Ends it: counts of sent, answered, failed, mixed, back; and its report on bad ones."""
        said = self.wait()
        counts = re.findall(r"(\w+) (\d+)", self.lines()[-1])
        return {word: int(number) for word, number in counts}, said


class Load(Program):
    """dnsperf: names below a zone, as many queries as possible or a given number a second."""

    def __init__(self, case, knot, zone, names, rate=None, seconds=100000, threads=1,
                 report=None):
        if shutil.which("dnsperf") is None:
            case.skipTest("dnsperf is missing")
        questions = case.file("questions", "".join(f"n{n}.{zone} A\n" for n in range(names)))
        words = ["dnsperf", "-s", "127.0.0.1", "-p", knot.port, "-d", questions, "-l", seconds,
                 "-c", 4, "-T", threads, "-t", 2]
        words += ["-Q", rate] if rate is not None else []
        words += ["-S", report] if report is not None else []
        super().__init__(case, "dnsperf", words)

    def reports(self):
        """Queries a second in each interval so far."""
        return [float(found[1]) for found in
                (re.match(r"[0-9.]+: ([0-9.]+)$", line.replace("[Status] ", ""))
                 for line in self.lines()) if found]

    def finish(self):
        """Ends it: counts of sent, completed, lost, by response code, and queries a second."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.result()

    def result(self):
        """Waits for its end."""
        said = self.wait()
        text = "\n".join(self.lines())
        found = {word.lower(): int(number) for word, number in
                 re.findall(r"Queries (sent|completed|lost): +(\d+)", text)}
        found["rcodes"] = {word: int(number) for word, number in
                           re.findall(r"([A-Z]+) (\d+) \(", text)}
        found["rate"] = float(re.search(r"Queries per second: +([\d.]+)", text)[1])
        found["said"] = said
        return found
