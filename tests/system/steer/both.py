# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories on both hosts: what starts the server under test by host() runs on knotd and, in a class
of the same name with OnBind at its end, on named. The exceptions are in one_host.py."""

import itertools
import types

from steer import env
from steer.named import AS_KNOT, CHECKCONF, NAMED, RNDC, Named
from steer.one_host import other, starts_host
from steer.server import Unlike

ENDING = "OnBind"
BIND_IS_HERE = env.BIND_PLUGIN is not None and None not in (NAMED, CHECKCONF, RNDC)


class OnBind:
    """What makes a story run on named."""

    met_host = False

    def host(self, name="host", *, knot=None, bind=None, **options):
        """As Case.host()."""
        self.met_host = True
        if knot is not None and bind is None:
            raise Unlike("it is configured in Knot's way alone")
        as_knot = AS_KNOT.format(order="cyclic" if options.get("rotation") else "none")
        server = Named(self.path(name), **{"options": as_knot, "ecs": False, **options,
                                           **(bind or {})})
        self.addCleanup(server.stop)
        return server

    def tearDown(self):
        super().tearDown()
        self.assertTrue(self.met_host, "it has not started a host")


def on_bind(cls):
    """The class that runs the stories of another one on named."""
    name = cls.__name__ + ENDING
    return types.new_class(name, (OnBind, cls), exec_body=lambda body: body.update(
        __module__=cls.__module__, __doc__=cls.__doc__))


def on_both(tests):
    """The tests of each class, and behind them those that run on BIND, too."""
    for cls, group in itertools.groupby(tests, type):
        group = list(group)
        yield from group
        names = [test.id() for test in group if other(test.id()) is None]
        stories = [name.rsplit(".", 1)[1] for name in names]
        stories = [story for story in stories if starts_host(cls, story)]
        if stories and BIND_IS_HERE:
            yield from map(on_bind(cls), stories)
