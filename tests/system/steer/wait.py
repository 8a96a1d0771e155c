# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for events."""

import time

from steer.env import PATIENCE


def until(what, condition, patience=PATIENCE, pause=0.005):
    """Polls a condition until it is true; returns its value."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience:.0f} s in vain for: {what}")
        time.sleep(pause)
