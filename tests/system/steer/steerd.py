# SPDX-License-Identifier: GPL-3.0-or-later
"""A steerd of its own: its log, what it tells systemd, signals, what it holds."""

import contextlib
import os
import re
import resource
import signal
import socket
import subprocess
import time

from steer import env
from steer.server import Log
from steer.wait import until


class Notifications:
    """What a process tells systemd (sd_notify(3)), line by line."""

    def __init__(self, path):
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        os.chmod(path, 0o777)  # As systemd's: for services of any user.

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self._socket.close()
        os.unlink(self.path)

    def __iter__(self):
        while message := self._socket.recv(4096):
            yield from message.decode().splitlines()

    def end(self):
        """Ends the lines after those that have come; the process itself sends nothing empty."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", self.path)


class Steerd:
    """One steerd for a store.

    directory  of its own, for the socket of its notifications
    store      directory of the store
    options    more of its command line
    variables  more of its environment, such as WATCHDOG_USEC
    """

    def __init__(self, directory, store, prefix=(), options=(), **variables):
        self.directory = directory
        self.store = store
        self.prefix = list(prefix)
        self.options = list(options)
        self.variables = variables
        self.process = None
        self.began = None  # By time.monotonic().
        self.log = None
        self.told = None  # What it has told systemd, as a Log.
        self._notifications = None
        os.makedirs(directory, exist_ok=True)

    def spawn(self):
        """Starts steerd without waiting for anything."""
        self._notifications = Notifications(os.path.join(self.directory, "notify"))
        self.told = Log(self._notifications)
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*self.prefix, env.STEERD, "-d", self.store, *self.options], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
            env=env.environment(NOTIFY_SOCKET=self._notifications.path, **self.variables))
        self.log = Log(self.process.stderr)
        return self

    def start(self):
        """Starts steerd and waits until it is ready."""
        self.spawn()
        until("steerd being ready", lambda: self.told.lines("^READY=1$") or not self.alive())
        if not self.told.lines("^READY=1$"):
            raise AssertionError(f"steerd did not start:\n{self.log.tail()}")
        return self

    def pid(self):
        return self.process.pid

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def reload(self):
        """Sends HUP; returns when it was noticed."""
        since = len(self.log)
        self.signal(signal.SIGHUP)
        self.log.wait("reloading", since)

    def wait(self):
        """Waits for its end; its exit status, negative if a signal has ended it."""
        status = self.process.wait(env.PATIENCE * 2)
        self._close()
        return status

    def kill(self):
        """kill -9"""
        self.process.kill()
        self.wait()

    def stop(self):
        """Ends steerd; a crash, a bad exit status or a sanitizer's report is an error."""
        if self.process is None:
            return
        if self.alive():
            self.signal(signal.SIGTERM)
        try:
            status = self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            status = "none: it did not end"
        report = env.sanitizer_reports("\n".join(self.log.lines()))
        if status != 0 or report:
            raise AssertionError(f"steerd ended with status {status}: {report or ''}\n"
                                 f"{self.log.tail(120)}")

    def _close(self):
        self._notifications.end()
        self.told.end()
        self.log.end()
        self.process = None

    def changes(self, check=".*"):
        """The states that it has given a check, by its log: a regular expression."""
        pattern = rf"health check '{check}' is (up|down):"
        return [re.search(pattern, line)[1] for line in self.log.lines(pattern)]

    def allow_no_more_files(self):
        """From here on it gets no descriptor that it does not have."""
        has = {int(name) for name in os.listdir(f"/proc/{self.pid()}/fd")}
        free = min(set(range(len(has) + 1)) - has)
        _, most = resource.prlimit(self.pid(), resource.RLIMIT_NOFILE)
        resource.prlimit(self.pid(), resource.RLIMIT_NOFILE, (free, most))

    def allow_files(self):
        _, most = resource.prlimit(self.pid(), resource.RLIMIT_NOFILE)
        resource.prlimit(self.pid(), resource.RLIMIT_NOFILE, (most, most))

    def files(self):
        """Number of its open descriptors."""
        return len(os.listdir(f"/proc/{self.pid()}/fd"))

    def watches(self, path):
        """Whether it is told of changes of a file (inotify(7))."""
        inode = os.stat(path).st_ino
        told = ""
        for name in os.listdir(f"/proc/{self.pid()}/fdinfo"):
            with contextlib.suppress(OSError), \
                    open(f"/proc/{self.pid()}/fdinfo/{name}", encoding="ascii") as file:
                told += file.read()
        return re.search(rf"^inotify .*\bino:{inode:x}\b", told, re.MULTILINE) is not None

    def processor_time(self):
        """Seconds of processor time that it has used."""
        with open(f"/proc/{self.pid()}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Its resident memory that no file backs, in bytes."""
        with open(f"/proc/{self.pid()}/status", encoding="ascii", errors="replace") as file:
            return int(re.search(r"RssAnon:\s+(\d+) kB", file.read())[1]) << 10
