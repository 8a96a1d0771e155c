# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories of several users, some of whom are in the store's group, knot."""

import grp
import os
import pwd
import shutil

from steer.store import Store


class ManyUsers:
    """Part of a Case: it needs root, the user and group knot, and setpriv."""

    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("needs root")
        try:
            pwd.getpwnam("knot")
            self.group = grp.getgrnam("knot").gr_gid
        except KeyError:
            self.skipTest("there is no user knot")
        if shutil.which("setpriv") is None:
            self.skipTest("setpriv is missing")

    @staticmethod
    def user(*groups, uid=None):
        """Beginning of a command of user nobody, or another one, with these groups."""
        nobody = pwd.getpwnam("nobody")
        group = ["--groups", ",".join(map(str, groups))] if groups else ["--clear-groups"]
        return ["setpriv", "--reuid", str(uid or nobody.pw_uid), "--regid", str(nobody.pw_gid),
                *group]

    def as_user(self, store, *groups, uid=None):
        """The same store as that user."""
        return Store(store.directory, self.user(*groups, uid=uid))
