# SPDX-License-Identifier: GPL-3.0-or-later
"""What is tested and how its programs are started.

STEER_MODULE     absolute path of the built steer.so
STEER_BIND       absolute path of the built plugin of BIND; empty if it is not built
STEERCTL         absolute path of the built steerctl
STEERD           absolute path of the built steerd
STEER_STRESS     absolute path of the folder of the programs built from tests/stress
STEER_SANITIZED  1: they are built with AddressSanitizer; knotd and knotc, which are not, get its
                 runtime preloaded
STEER_LONG       1: loops of full length, in a build without sanitizers
STEER_PATIENCE   seconds after which an awaited event counts as one that never comes
"""

import contextlib
import glob
import os
import re
import shutil
import subprocess
import sys



def _version(knotd):
    said = subprocess.run([knotd, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.search(r"(\d+)\.(\d+)", said).groups()))


def _program(name):
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    return path if path is not None else sys.exit(f"{name} is not installed")


KNOTD = _program("knotd")
KNOTC = _program("knotc")
KNOT_VERSION = _version(KNOTD)

# An event that has not come by then counts as one that never comes. Nothing is measured by it.
PATIENCE = float(os.environ.get("STEER_PATIENCE", "60"))


def _path(name):
    path = os.environ.get(name, "")
    if not os.path.isabs(path) or not os.path.exists(path):
        sys.exit(f"{name} must be the absolute path of what is tested, not '{path}'")
    return os.path.realpath(path)


MODULE = _path("STEER_MODULE")
BIND_PLUGIN = _path("STEER_BIND") if os.environ.get("STEER_BIND") else None
STEERCTL = _path("STEERCTL")
STEERD = _path("STEERD")
# By which systemd tells a service whom to notify, and that the journal reads its log.
OF_SYSTEMD = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "JOURNAL_STREAM"
LONG = os.environ.get("STEER_LONG", "") not in ("", "0", "no")
SANITIZED = os.environ.get("STEER_SANITIZED", "") not in ("", "0", "no")


def stress(name):
    """A program of tests/stress."""
    return _path("STEER_STRESS") + "/" + name


def module_dir():
    """Directory from which knotd loads modules by itself."""
    done = subprocess.run(["pkg-config", "--variable=module_instdir", "knotd"],
                          capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout.strip():
        return done.stdout.strip()
    found = glob.glob("/usr/lib/*/knot/modules-*")
    return found[0] if found else ""


def assert_mapped(pid, module):
    """The steer.so in the memory of a server is the one under test."""
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as file:
        mapped = {line.split(maxsplit=5)[5].strip() for line in file if "/" in line}
    ours = {path for path in mapped if os.path.basename(path).startswith("steer.so")}
    if ours != {module}:
        raise AssertionError(f"the server has mapped {sorted(ours) or 'no steer.so'}, not {module}")


def installed_module(name="steer"):
    """A module that knotd would load by itself, or None."""
    directory = module_dir()
    path = os.path.join(directory, name + ".so")
    return path if directory and os.path.exists(path) else None


def _runtime():
    """Sanitizer runtimes that knotd needs before it can load the module."""
    listed = subprocess.run(["ldd", MODULE], capture_output=True, text=True, check=True).stdout
    linked = re.findall(r"lib(?:asan|ubsan)\.so\S* => (\S+)", listed)
    if linked:  # gcc links the runtimes to the module.
        return sorted(linked)
    name = f"libclang_rt.asan-{os.uname().machine}.so"  # clang leaves that to the program.
    places = []
    with contextlib.suppress(OSError):
        dynamic = subprocess.run(["readelf", "-d", MODULE], capture_output=True, text=True,
                                 check=False).stdout
        for found in re.findall(r"\(R(?:UN)?PATH\).*\[(.*)\]", dynamic):
            places += [os.path.join(place, name) for place in found.split(":")]
    with contextlib.suppress(OSError):
        places.append(subprocess.run(["clang", f"-print-file-name={name}"], capture_output=True,
                                     text=True, check=False).stdout.strip())
    for path in places:
        if os.path.isabs(path) and os.path.exists(path):
            return [path]
    sys.exit(f"STEER_SANITIZED is set, but neither {MODULE} nor clang tells where {name} is")


PRELOAD = _runtime() if SANITIZED else []


def environment(host=False, **more):
    """Environment of a child; host: a program that is not built with the sanitizers."""
    env = {k: v for k, v in os.environ.items()
           if k not in ("STEER_STORAGE", "LD_PRELOAD", *OF_SYSTEMD) and not k.startswith("LC_")}
    env["LC_ALL"] = "C"
    if SANITIZED:
        # knotd leaves memory to the end of the process; its leaks are not our concern.
        leaks = "detect_leaks=0:" if host else ""
        env.setdefault("ASAN_OPTIONS", leaks + "abort_on_error=0:allocator_may_return_null=1")
        env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")
        if host:
            # p11-kit, a library of GnuTLS, creates a locale when it is loaded; the runtime would
            # initialize inside that and break the lock of libc held there, so that the process
            # hangs at exit. If preloaded too, p11-kit is initialized after the runtime.
            env["LD_PRELOAD"] = " ".join([*PRELOAD, "libp11-kit.so.0"])
    env.update(more)
    return env


def sanitizer_reports(text):
    """First line of a sanitizer's report in a program's output, or None."""
    found = re.search(r"^.*(ERROR: (?:Address|Leak)Sanitizer|runtime error:).*$", text, re.M)
    return found.group(0) if found else None


def number(name, whole, short=None, sanitized=None):
    """Length of a loop: the value of an environment variable of that name, else by STEER_LONG and
    the build. A length that is not given is the one before it."""
    short = whole if short is None else short
    sanitized = short if sanitized is None else sanitized
    return int(os.environ.get(name, sanitized if SANITIZED else whole if LONG else short))
