# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking a steerd over HTTP, well or badly, and reading the text format of Prometheus."""

import collections
import json
import os
import re
import socket

from steer import env

Reply = collections.namedtuple("Reply", "status headers body")

SOCKET = "steerd.sock"


def connect(place):
    """Connects to a port of loopback or, through its directory, to the path of a socket."""
    if isinstance(place, int):
        return socket.create_connection(("127.0.0.1", place), env.PATIENCE)
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    one.settimeout(env.PATIENCE)
    folder = os.open(os.path.dirname(place), os.O_PATH | os.O_DIRECTORY)
    try:
        one.connect(f"/proc/self/fd/{folder}/{os.path.basename(place)}")
    except OSError:
        one.close()
        raise
    finally:
        os.close(folder)
    return one


def read_all(one):
    """What comes until the peer ends the connection, in whatever way."""
    data = b""
    try:
        while more := one.recv(1 << 16):
            data += more
    except ConnectionError:
        pass
    return data


def parse(data):
    """The reply in what has come; None: nothing."""
    if not data:
        return None
    head, body = data.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("ascii").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return Reply(int(first.split(" ")[1]), headers, body)


def say(place, request):
    """Sends bytes; the reply, None if there was none."""
    with connect(place) as one:
        try:
            one.sendall(request)
        except ConnectionError:
            pass
        return parse(read_all(one))


def get(place, page):
    """Gets a page; without HTTP/1.1 it comes in one piece."""
    return say(place, f"GET {page} HTTP/1.0\r\n\r\n".encode("ascii"))


def checks(place, page="/checks"):
    """The health checks that are told of, by id."""
    return {check["health_check"]: check for check in json.loads(get(place, page).body)}


NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9.]+|[+-]Inf|NaN)")
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count")}


def parse_metrics(text):
    """Values of the text format by name and labels; ValueError if it is not well formed."""
    values, family, kind, seen = {}, None, None, set()
    if not text.endswith("\n"):
        raise ValueError("the last line does not end")
    for line in text.splitlines():
        if match := re.fullmatch(rf"# HELP ({NAME}) ([^\\]*)", line):
            family, kind = match[1], None
            if family in seen:
                raise ValueError(f"{family} is not in one place")
            seen.add(family)
        elif match := re.fullmatch(rf"# TYPE ({NAME}) (counter|gauge|histogram)", line):
            kind = match[2]
            if match[1] != family or (kind == "counter") != family.endswith("_total"):
                raise ValueError(line)
        else:
            match = SAMPLE.fullmatch(line)
            if match is None or kind is None or \
               match[1] not in [family + end for end in SUFFIXES.get(kind, ("",))]:
                raise ValueError(line)
            key = match[1], frozenset((name, re.sub(r"\\(.)", r"\1", value))
                                      for name, value in re.findall(LABEL, match[2] or ""))
            if key in values:
                raise ValueError(f"twice: {line}")
            values[key] = float(match[match.lastindex])
    return values


class Metrics:
    """The metrics of a steerd at one time."""

    def __init__(self, place):
        reply = get(place, "/metrics")
        assert reply.status == 200, reply
        assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8", reply
        self.values = parse_metrics(reply.body.decode("utf-8"))

    def __call__(self, name, **labels):
        return self.values[name, frozenset(labels.items())]
