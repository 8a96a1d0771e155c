# SPDX-License-Identifier: GPL-3.0-or-later
"""System tests of Steer: a real knotd, a real store, a real client."""
