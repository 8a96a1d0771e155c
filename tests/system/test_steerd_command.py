# SPDX-License-Identifier: GPL-3.0-or-later
"""steerd runs commands: what they say, and that none of their processes stays."""

import os
import re
import signal

from steer.case import write
from steer.steerdstory import SteerdStory
from steer.wait import until

SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
AT_ONCE = 64
# Notes its number and that of a child, ignores what can be ignored, and stays.
STUCK = """
    trap '' TERM HUP INT
    sleep 1000 &
    echo $$ $! >"$1.new" && mv "$1.new" "$1"
    while :; do wait; done
"""


def runs(pid):
    """Whether a process exists and has not ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


class CommandStory(SteerdStory):

    def script(self, name, body, head="#!/bin/sh\n", mode=0o755):
        path = write(self.path(name), head + body)
        os.chmod(path, mode)
        return path

    def set_command(self, store, name, *words, **options):
        options = {"interval": "1s", "rise": 1, "fall": 1, **options}
        store.ok("health", "set", name, "command", *(f"command={word}" for word in words),
                 *(f"{option}={value}" for option, value in options.items()))

    def using(self, *names):
        """A store with record sets that use these checks."""
        sets = "".join(f"      {name}: {{health: {name}, values: [192.0.2.{number}]}}\n"
                       for number, name in enumerate(names))
        return self.policies("zone: example.com\nrecords:\n  www:\n    type: A\n"
                             f"    policy: multivalue\n    sets:\n{sets}")

    def commanding(self, store, options=("--commands",)):
        return self.steerd(store, options=options).start()

    def noted(self, path):
        """The processes that a command has noted; none of them stays after the test."""
        until(f"processes in {path}", lambda: os.path.exists(path))
        with open(path, encoding="ascii") as file:
            pids = list(map(int, file.read().split()))
        self.addCleanup(self.end, pids)
        return pids

    @staticmethod
    def end(pids):
        for pid in filter(runs, pids):
            os.kill(pid, signal.SIGKILL)

    def until_ended(self, pids):
        until(f"the end of {pids}", lambda: not any(map(runs, pids)))


class Results(CommandStory):

    def check(self, cases, **options):
        """Runs commands: name -> (words, state, reason), where IT is its first word and to
        which " after ... ms" is added."""
        store = self.using(*cases)
        for name, (words, *_) in cases.items():
            self.set_command(store, name, *words, **options)
        daemon = self.commanding(store)
        for name, (words, state, reason) in cases.items():
            line = daemon.log.wait(f"'{name}' is ")
            reason = reason.replace("IT", re.escape(words[0]))
            self.assertRegex(line, rf"'{name}' is {state}: {reason} after \d+ ms$")
        return daemon

    def test_what_a_command_says(self):
        bare = self.script("bare", "exit 0\n", head="")
        data = self.script("data", "exit 0\n", mode=0o644)
        self.check({
            "good": ([self.script("good", "echo 3 users\n")], "up", "IT exited with 0: 3 users"),
            "silent": (["/bin/true"], "up", "IT exited with 0"),
            "bad": ([self.script("bad", "echo disk is full >&2; exit 2\n")], "down",
                    "IT exited with 2: disk is full"),
            "lines": ([self.script("lines", "echo; echo one; echo two; exit 1\n")], "down",
                      "IT exited with 1: one"),
            "unended": ([self.script("unended", "printf one\n")], "up", "IT exited with 0: one"),
            "long": ([self.script("long", "printf %02000d 7; exit 1\n")], "down",
                     r"IT exited with 1: 0{50,250}"),
            "masked": ([self.script("masked", r"printf 'a\033[31mb'; exit 1" + "\n")], "down",
                       r"IT exited with 1: a[^\x1b]*\[31mb"),
            "closed": ([self.script("closed", "exec >&- 2>&-; exit 3\n")], "down",
                       "IT exited with 3"),
            "killed": ([self.script("killed", "echo why; kill -SEGV $$\n")], "down",
                       "IT was ended by SIGSEGV: why"),
            "missing": (["/nonexistent/check"], "down", "IT: No such file or directory"),
            "folder": (["/"], "down", "IT: Permission denied"),
            "data": ([data], "down", "IT: Permission denied"),
            "bare": ([bare], "down", "IT: Exec format error"),
        })

    def test_what_a_command_is_given(self):
        words = self.script("words", 'echo "$# $1 $2 $3"\n')
        self.check({
            "words": ([words, "a b", "*", ""], "up", r"IT exited with 0: 3 a b \* "),
            "environment": ([self.script("environment", "tr '\\0' , </proc/$$/environ\n")], "up",
                            f"IT exited with 0: PATH={SEARCHED},LANG=C,"),
            "directory": (["/bin/pwd"], "up", "IT exited with 0: /"),
            "files": (["/bin/ls", "-m", "/proc/self/fd"], "up", "IT exited with 0: 0, 1, 2, 3"),
            "input": (["/bin/readlink", "/proc/self/fd/0"], "up", "IT exited with 0: /dev/null"),
            # The last digits are those of the signals that programs know.
            "ignored": (["/bin/grep", "-Ec", "Sig(Blk|Ign):.*0{7}$", "/proc/self/status"], "up",
                        "IT exited with 0: 2"),
        })

    def test_one_that_does_not_end_is_killed_with_its_children(self):
        noted = self.path("noted")
        daemon = self.check({"stuck": ([self.script("stuck", STUCK), noted], "down",
                                       "IT takes too long")}, interval="2s", timeout="1s")
        self.until_ended(self.noted(noted))
        self.assertTrue(daemon.alive())

    def test_children_are_killed_when_a_command_has_exited(self):
        noted = self.path("noted")
        body = 'sleep 1000 &\necho $! >"$1.new" && mv "$1.new" "$1"\necho gone\n'
        self.check({"parent": ([self.script("parent", body), noted], "up",
                               "IT exited with 0: gone")}, interval="2s")
        self.until_ended(self.noted(noted))

    def test_output_without_end(self):
        backend = self.backend()
        store = self.using("flood", "tcp")
        self.set_command(store, "flood", "/usr/bin/yes")
        self.set_check(store, "tcp", backend)
        daemon = self.commanding(store)
        line = daemon.log.wait("'flood' is ")
        self.assertRegex(line, r"is down: /usr/bin/yes has written more than 1048576 bytes after")
        self.until_state(store, "tcp", "up")
        backend.wait_for(3)
        self.assertEqual(daemon.log.lines("'tcp' is down"), [])

    def test_more_than_may_run_at_once(self):
        names = [f"c{number}" for number in range(AT_ONCE + 40)]
        script = self.script("slow", "sleep 1000\n")
        store = self.policies("zone: example.com\nrecords: {}\n")
        checks = "".join(f"  {name}: {{type: command, command: [{script}], interval: 1s, rise: 1, "
                         "fall: 1}\n" for name in names)
        records = "".join(f"  {name}: {{type: A, policy: failover, sets: {{a: {{failover: primary, "
                          f"health: {name}, values: [192.0.2.1]}}}}}}\n" for name in names)
        self.bring(store, f"health:\n{checks}---\nzone: example.net\nrecords:\n{records}")
        daemon = self.commanding(store)
        daemon.log.wait(f"{AT_ONCE} probes run at the same time, which is the limit")
        for name in names:
            self.assertIn(f"{script} takes too long", daemon.log.wait(f"'{name}' is down"))


class Lives(CommandStory):

    def stuck(self):
        """A store with a command that does not end, a steerd, and the processes."""
        store = self.using("stuck")
        noted = self.path("noted")
        self.set_command(store, "stuck", self.script("stuck", STUCK), noted, interval="10s")
        daemon = self.commanding(store)
        return store, daemon, self.noted(noted)

    def test_commands_end_with_steerd(self):
        _, daemon, pids = self.stuck()
        daemon.stop()
        self.until_ended(pids)

    def test_a_command_ends_with_its_check(self):
        store, _, pids = self.stuck()
        store.ok("health", "del", "stuck")
        self.until_ended(pids)

    def test_a_command_that_is_left_holds_nothing_of_steerd(self):
        store, daemon, pids = self.stuck()
        daemon.kill()
        self.steerd(store, name="next").start()
        self.assertTrue(all(map(runs, pids)))


class Permission(CommandStory):

    def test_commands_are_run_if_that_is_allowed(self):
        noted, backend = self.path("noted"), self.backend()
        store = self.using("command", "tcp")
        self.set_command(store, "command", self.script("note", 'echo >"$1"; exit 1\n'), noted)
        self.set_check(store, "tcp", backend)
        daemon = self.commanding(store, options=())
        told = daemon.log.wait("'command'")
        self.assertRegex(told, "'command' cannot be probed and keeps its state: "
                               "steerd does not run commands without --commands$")
        backend.wait_for(3)
        self.assertEqual(daemon.log.lines("'command'"), [told])
        self.assertFalse(os.path.exists(noted))
        daemon.stop()
        self.commanding(store)
        self.until_state(store, "command", "down")
        self.assertTrue(os.path.exists(noted))
