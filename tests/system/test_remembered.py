# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine has cached equals what it would find, over random stores and changes.

STEER_HISTORY_ROUNDS  changes, each with questions to an engine with a history and to a new one
STEER_HISTORY_SEED    seed of all of them
"""

import os
import subprocess

from steer import env
from steer.case import Case

ROUNDS = env.number("STEER_HISTORY_ROUNDS", 400, 250)
SEED = os.environ.get("STEER_HISTORY_SEED", "2")


class AnEngineWithAHistory(Case):

    def test_answers_as_a_new_one(self):
        store = self.store()
        print(f"     seed {SEED}, {ROUNDS} rounds")
        done = subprocess.run([env.stress("history"), SEED, str(ROUNDS), store.directory],
                              capture_output=True, text=True, env=env.environment(), check=False,
                              timeout=env.PATIENCE * 10)
        self.assertEqual(done.returncode, 0, done.stderr[:8000])
        met = {words: int(number) for number, words in
               (line.split(" ", 1) for line in done.stdout.splitlines())}
        self.assertEqual([words for words, number in met.items() if number == 0], [],
                         "not met at all")
        self.assertGreater(met["change applied"], met["change refused"])
