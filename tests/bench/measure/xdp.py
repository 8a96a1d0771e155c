# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time per query over AF_XDP, without the cost of sockets, which hides that of an answer."""

import collections
import contextlib
import re
import shutil
import subprocess

from measure import cpu_time, groups
from measure.instructions import titled
from measure.policies import Served
from measure.questions import BY_NAME, HOT
from steer import xdp

TABLE = "CPU time per query over AF_XDP, microseconds"
RATE = "queries a second over AF_XDP, by kxdpgun"
BESIDE_GEOIP = ("mod-geoip weighted", "mod-steer")
PLAIN = [BY_NAME["hot"], BY_NAME["nxdomain"]]
ASKED = 100000  # A second.

Reached = collections.namedtuple("Reached", "pid address link")  # The first two as Knot has them.


class Rows:
    """Asks servers, each on a link of its own."""

    def __init__(self, rig, report, links, count, rounds):
        self.rig = rig
        self.report = report
        self.links = links
        self.count = count
        self.rounds = rounds

    @contextlib.contextmanager
    def running(self, *servers):
        """Starts servers of the rig; all that asking them takes."""
        with contextlib.ExitStack() as stack:
            reached = []
            for server in servers:
                link = self.links.add()
                with link.server.inside():
                    knot = stack.enter_context(server(xdp=xdp.INTERFACE))
                reached.append(Reached(knot.pid, link.address, link))
            yield reached

    def row(self, question, servers, title=None, **more):
        """Asks one server, or two that are compared."""
        for edns in (False, True):
            with self.links.client.inside():
                found = cpu_time.compare(self.rig, servers, question, HOT, self.count, self.rounds,
                                         edns)
            shown = titled(question if title is None else question._replace(title=title), edns)
            for part, *values in zip(("", f", {cpu_time.USER}"), *found):
                if not part or self.count >= cpu_time.COUNT_FOR_TICKS:
                    self.report.add(TABLE + part, shown, HOT, *(values + [None])[:2], **more)

    def rate(self, title, question, server, seconds, **more):
        """How many of the queries that come fast are answered."""
        path = self.rig.path("kxdpgun.queries")
        with open(path, "w", encoding="ascii") as out:
            out.writelines(f"{groups.label(name)}.{question.suffix} A\n" for name in range(HOT))
        with self.links.client.inside():
            said = subprocess.run(
                ["kxdpgun", "-t", str(seconds), "-Q", str(ASKED), "-i", path,
                 "-I", server.link.interface, server.address[0]],
                check=True, capture_output=True, text=True).stdout
        sent, answered, good = (
            int(re.search(pattern, said).group(1)) for pattern in
            (r"total queries: +(\d+)", r"total replies: +(\d+)", r"responded NOERROR: +(\d+)"))
        if good != answered:
            raise AssertionError(f"kxdpgun says:\n{said}")
        self.report.add(RATE, f"{question.title}: {title}", HOT, sent / seconds,
                        answered / seconds, columns=("asked", "answered"), **more)


def measure(rig, report, count, rounds, seconds):
    lacking = xdp.lacks()
    if lacking is not None:
        print(f"\n{TABLE}: not measured, it needs {lacking}")
        return
    with contextlib.closing(xdp.Links()) as links:
        rows = Rows(rig, report, links, count, rounds)
        with rows.running(rig.constant) as servers:
            rows.row(PLAIN[0], servers, "a constant answer")
        with rows.running(lambda **more: rig.static(HOT, **more),
                           lambda **more: rig.hosted(HOT, **more)) as servers:
            for question in PLAIN:
                rows.row(question, servers)
        served = Served(rig)
        weighted, *_ = questions = groups.HOT_QUESTIONS
        with rows.running(served.static, served.geoip, served.hosted) as (static, geoip, ours):
            for question in questions:
                rows.row(question, (static, ours))
            report.show()
            rows.row(weighted, (geoip, ours), columns=BESIDE_GEOIP)
            if shutil.which("kxdpgun"):
                for title, server, aim in (("knotd, plain addresses", static, None),
                                           ("mod-geoip", geoip, None), ("mod-steer", ours, 0.99)):
                    rows.rate(title, weighted, server, seconds, aim=aim, least=True)
    report.show()
