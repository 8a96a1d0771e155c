# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools of tests/bench/run; servers and stores are those of the system tests."""

import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "system"))

# pylint: disable=wrong-import-position
from steer import env  # noqa: E402

# Before the modules that use it as a default: a large zone loads for minutes under valgrind.
env.PATIENCE = 3600.0
