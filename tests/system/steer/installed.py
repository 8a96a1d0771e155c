# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps knotd from an installed steer.so, which it would load by itself beside the built one."""

import os
import shutil
import sys
import tempfile

from steer import env

PRIVATE = "STEER_PRIVATE_MOUNTS"


def private_mounts():
    """Continues in a mount namespace of its own, so that no mount is left behind."""
    if os.environ.get(PRIVATE) is not None or os.geteuid() != 0 or not shutil.which("unshare"):
        return
    os.environ[PRIVATE] = "no"
    if os.system("unshare --mount --propagation private true 2>/dev/null") == 0:
        os.environ[PRIVATE] = "yes"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable,
                              os.path.abspath(sys.argv[0]), *sys.argv[1:]])


def _covered(directory, name):
    """Mounts a copy of a directory over it, without a file; whether that was possible."""
    if os.environ.get(PRIVATE) != "yes":
        return False
    with tempfile.TemporaryDirectory() as rest:
        shutil.copytree(directory, rest, ignore=shutil.ignore_patterns(name), dirs_exist_ok=True)
        if os.system(f"mount -t tmpfs -o mode=755 rest '{directory}'") != 0:
            return False
        shutil.copytree(rest, directory, dirs_exist_ok=True)
    return True


def hide_installed_module():
    """Other modules of Knot's stay where they are. After private_mounts()."""
    path = env.installed_module()
    if path is not None and not _covered(*os.path.split(path)):
        sys.exit(f"{path} is installed, and knotd would load it instead of {env.MODULE}: remove "
                 "it, or run this as root where mount namespaces are allowed")
