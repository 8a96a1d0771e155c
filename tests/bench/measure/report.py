# SPDX-License-Identifier: GPL-3.0-or-later
"""Results, and the table of them."""

import collections
import json

BESIDE = ("knotd", "mod-steer")


class Result:
    """One row.

    theirs, ours  what was measured, or None; knotd and mod-steer unless columns says otherwise
    aim           greatest ratio (or difference, or value of our own) aimed at, or None
    by            how they are compared: "ratio", "added", "own"
    least         the aim is the least, not the greatest
    columns       what the two are of
    """

    def __init__(self, table, row, names, theirs, ours, aim=None, by="ratio", least=False,
                 columns=BESIDE):
        self.table = table
        self.row = row
        self.names = names
        self.theirs = theirs
        self.ours = ours
        self.aim = aim
        self.by = by
        self.least = least
        self.columns = columns

    @property
    def compared(self):
        if self.ours is None or (self.by != "own" and self.theirs is None):
            return None
        if self.by == "own":
            return self.ours
        if self.by == "added":
            return self.ours - self.theirs
        return self.ours / self.theirs if self.theirs else None

    @property
    def met(self):
        if self.aim is None or self.compared is None:
            return None
        value = round(self.compared, 2)
        return value >= self.aim if self.least else value <= self.aim

    def cells(self):
        signs = {"ratio": "x ", "added": "+", "own": ""}
        sign = signs[self.by]
        shown = self.compared is not None and self.by != "own"
        order = ">=" if self.least else "<="
        aim = "" if self.aim is None else f"{order} {sign}{self.aim:g}"
        return (self.row, f"{self.names:,}" if self.names else "", number(self.theirs),
                number(self.ours), f"{sign}{self.compared:.2f}" if shown else "",
                aim + ("  MISSED" if self.met is False else ""))

    def as_json(self):
        return {"table": self.table, "row": self.row, "names": self.names,
                "columns": self.columns, "values": (self.theirs, self.ours),
                "compared": self.compared, "by": self.by, "aim": self.aim, "least": self.least}


def number(value):
    if value is None:
        return "-"
    if value == 0 or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 0.01 else f"{value:.4f}"


class Report:
    """Shows a table once its last row is there."""

    def __init__(self):
        self.results = []
        self.profiles = []
        self.series = []
        self.shown = 0

    def add(self, *fields, **more):
        self.results.append(Result(*fields, **more))

    def show(self):
        """Prints what was added since the last time."""
        news = self.results[self.shown:]
        self.shown = len(self.results)
        for table in dict.fromkeys(result.table for result in news):
            _print_table([result for result in news if result.table == table])

    def keep(self, name, names, samples):
        """Keeps what was measured over time, for the file of results."""
        self.series.append({"series": name, "names": names, "samples": samples})

    def profile(self, title, names, cost, depth):
        """Prints the functions that cost the most."""
        binaries = collections.Counter()
        for (_, binary), each in cost.items():
            binaries[binary] += each
        print(f"\n{title}, {names:,} names: instructions per query by file, then by function")
        for binary, each in binaries.most_common():
            print(f"  {each:8.1f}  {binary}")
        print()
        for (function, binary), each in cost.most_common(depth):
            print(f"  {each:8.1f}  {binary}: {function}")
        self.profiles.append({"row": title, "names": names, "functions": [
            {"object": binary, "function": function, "instructions": each}
            for (function, binary), each in cost.most_common() if each >= 0.05]})

    def write_json(self, path, seed):
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"seed": seed, "results": [result.as_json() for result in self.results],
                       "profiles": self.profiles, "series": self.series}, out, indent=1)
            out.write("\n")


def _print_table(results):
    head = (results[0].table, "names", *results[0].columns, "", "aim")
    rows = [head] + [result.cells() for result in results]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    print()
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:5], widths[1:5])]
        print("  ".join(cells + [row[5]]).rstrip(), flush=True)
