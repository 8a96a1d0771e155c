# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel knows about a process."""

import glob
import os
import re
import time

from steer.wait import until

IDLE = 1  # Seconds in which a server that is ready does next to nothing.
TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """CPU time of all threads, user and system, to the nanosecond."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path, encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def settled(pid):
    """Waits until a server is idle, as there is work on a zone after it has been loaded."""
    def is_idle():
        used = cpu_seconds(pid)
        time.sleep(IDLE)
        return cpu_seconds(pid) - used < IDLE / 100
    until("an idle server", is_idle)
    return pid


def user_seconds(pid):
    """CPU time in user space, in the kernel's ticks."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return int(file.read().rpartition(")")[2].split()[11]) / TICK


def memory(pid):
    """Resident bytes: anonymous, of files."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        text = file.read()
    return [int(re.search(rf"^{key}:\s+(\d+) kB", text, re.M).group(1)) * 1024
            for key in ("RssAnon", "RssFile")]
