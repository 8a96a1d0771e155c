# SPDX-License-Identifier: GPL-3.0-or-later
"""A store equals one into which its log is replayed, after random change sets of every kind; and it
knows after each of them how many record sets name a health check or an alias target.

STEER_REPLAY_CHANGES  change sets
STEER_REPLAY_SEED     seed of all of them
"""

import os
import subprocess

from steer import env
from steer.case import Case

CHANGES = env.number("STEER_REPLAY_CHANGES", 10000, 2000)
SEED = os.environ.get("STEER_REPLAY_SEED", "1")


class AReplayedLog(Case):

    def test_makes_an_equal_store(self):
        store = self.store()
        store.ok("backup", self.path("replica"))
        print(f"     seed {SEED}, {CHANGES} change sets")
        done = subprocess.run([env.stress("replay"), SEED, str(CHANGES), store.directory,
                               self.path("replica")],
                              capture_output=True, text=True, env=env.environment(), check=False,
                              timeout=env.PATIENCE * 10)
        self.assertEqual(done.returncode, 0, done.stderr[:8000])
        met = {words: int(number) for number, words in
               (line.split(" ", 1) for line in done.stdout.splitlines())}
        self.assertEqual([words for words, number in met.items() if number == 0], [],
                         "not met at all")
