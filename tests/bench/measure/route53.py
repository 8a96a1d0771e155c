# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to import and to export the JSON of Route 53, compared with Steer YAML of the same
store."""

import re
import shutil
import subprocess
import time

SECONDS = "JSON of Route 53, seconds"
MEMORY = "peak of memory, pages of files too, MiB"
COLUMNS = ("Steer YAML", "Route 53")
FORMATS = ("yaml", "route53")
AIM = 1     # Second for SIZE record sets.
SIZE = 10000
GROUPS = 4  # Record sets of a policy, of each ten.


def _ten(number):
    """Ten record sets and two health checks of theirs, as lines of a document each."""
    sets = ", ".join(f"s{at}: {{weight: {at}, values: [192.0.2.{at}], health: c{number}-{at % 2}}}"
                     for at in range(GROUPS))
    name = f"n{number}"
    records = [f"  {name}: {{type: A, policy: weighted, sets: {{{sets}}}}}",
               f"  alias.{name}: {{type: A, alias: {name}}}",
               f"  text.{name}: {{type: TXT, values: ['\"v={number}\"']}}"]
    records += [f"  h{at}.{name}: {{type: A, values: [198.51.100.{at}]}}"
                for at in range(8 - GROUPS)]
    checks = [f"  c{number}-{at}: {{type: https, host: {name}.example.com, address: 192.0.2.{at}, "
              f"path: /up, interval: 10s}}" for at in range(2)]
    return records, checks


def _write(path, size):
    """A zone with so many record sets, beside SOA and NS, and a fifth as many health checks."""
    tens = [_ten(number) for number in range(size // 10)]
    with open(path, "w", encoding="ascii") as out:
        out.write("zone: example.com\nttl: 60\nsoa: {mname: ns, rname: hm, serial: 1, refresh: 2, "
                  "retry: 3, expire: 4, minimum: 5}\nrecords:\n"
                  "  \"@\": {type: NS, values: [ns.example.net.]}\n")
        out.writelines(line + "\n" for records, _ in tens for line in records)
        out.write("---\nhealth:\n")
        out.writelines(line + "\n" for _, checks in tens for line in checks)
    return path


def _peak(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            found = re.search(r"^VmHWM:\s+(\d+) kB", file.read(), re.M)
    except FileNotFoundError:
        found = None
    return int(found.group(1)) / 1024 if found else 0


def _run(store, out, *words):
    """Seconds that steerctl takes, and the peak of its memory, at which it is looked often."""
    with open(out, "w", encoding="utf-8") as file:
        began = time.monotonic()
        process = subprocess.Popen(store.command(*words), stdout=file, stderr=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            time.sleep(0.001)
        seconds = time.monotonic() - began
    if process.returncode != 0:
        raise AssertionError(f"steerctl {' '.join(words)} gave {process.returncode}")
    return seconds, peak


def _imports(rig, file, kind):
    shutil.rmtree(rig.path("route53.again"), ignore_errors=True)
    return _run(rig.new_store("route53.again"), rig.path("route53.out"), "import", "--format",
                kind, file)


def _least(rounds, run):
    """The least time of some rounds, and the least memory."""
    return [min(each) for each in zip(*(run() for _ in range(rounds)))]


def measure(rig, report, sizes, rounds):
    for size in sizes:
        store = rig.new_store(f"route53.{size}")
        store.ok("import", _write(rig.path("route53.yaml"), size))
        files = {kind: rig.path(f"route53.{kind}") for kind in FORMATS}
        exports = [_least(rounds, lambda kind=kind: _run(
            store, files[kind], "export", "--format", kind)) for kind in FORMATS]
        imports = [_least(rounds, lambda kind=kind: _imports(rig, files[kind], kind))
                   for kind in FORMATS]
        for row, ((theirs, their_peak), (ours, our_peak)) in (("import", imports),
                                                              ("export", exports)):
            report.add(SECONDS, f"{row}, {size:,} record sets, {size // 5:,} health checks", None,
                       theirs, ours, AIM if size == SIZE else None, by="own", columns=COLUMNS)
            report.add(MEMORY, f"{row}, {size:,} record sets", None, their_peak, our_peak,
                       columns=COLUMNS)
    report.show()
