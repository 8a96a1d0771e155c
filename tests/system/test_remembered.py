# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine has cached equals what it would find, over random stores and changes.

STEER_HISTORY_ROUNDS  changes, each with questions to an engine with a history and to a new one
STEER_HISTORY_SEED    seed of all of them; others follow until all that is counted was met
"""

import collections
import os
import subprocess

from steer import env
from steer.case import Case

ROUNDS = env.number("STEER_HISTORY_ROUNDS", 400, 250)
SEED = int(os.environ.get("STEER_HISTORY_SEED", "2"))
SEEDS = 6   # At most: what few stores have, such as delegations, is not met in each history.


class AnEngineWithAHistory(Case):

    def history(self, seed):
        """How often what was met, by its words."""
        store = self.store(name=f"seed-{seed}")
        done = subprocess.run([env.stress("history"), str(seed), str(ROUNDS), store.directory],
                              capture_output=True, text=True, env=env.environment(), check=False,
                              timeout=env.PATIENCE * 10)
        self.assertEqual(done.returncode, 0, done.stderr[:8000])
        return collections.Counter({words: int(number) for number, words in
                                    (line.split(" ", 1) for line in done.stdout.splitlines())})

    def test_answers_as_a_new_one(self):
        met = collections.Counter()
        for seed in range(SEED, SEED + SEEDS):
            print(f"     seed {seed}, {ROUNDS} rounds")
            met.update(self.history(seed))
            if all(met.values()):
                break
        self.assertEqual([words for words, number in met.items() if number == 0], [],
                         "not met at all")
        self.assertGreater(met["change applied"], met["change refused"])
