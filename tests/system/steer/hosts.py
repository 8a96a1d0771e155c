# SPDX-License-Identifier: GPL-3.0-or-later
"""The same store behind both hosts: what mod-steer answers, the plugin of BIND answers.

Each may have its own policy for messages: what it leaves out if it does not fit, how it writes
names. The exceptions are a closed list, and each is verified.
"""

import collections
import contextlib

from steer.client import Tcp
from steer.differ import Comparison, Excuse, TCP, TCP_EDNS, UDP_512
from steer.wire import FORMERR, NOTIMPL, SERVFAIL, TYPES, Answer, lower

OPT = TYPES["OPT"]
# Bytes of OPT without options.
OPT_SIZE = 11
# Bytes of a record before its data if its owner is compressed as well as can be.
RR_SIZE = 12

META = Excuse("query types that are no data", "BIND answers them itself")
CASE = Excuse(
    "case of owners",
    "BIND compresses names by their exact case, so an owner that is no end of the name asked for "
    "is written as in the store; libknot lets it take the case of whatever has these letters")
SIZE = Excuse("what does not fit", "each host has its own rules for what it then leaves out")
MINIMAL = Excuse("minimal responses",
                 "BIND adds no addresses to a positive answer for 512 bytes of EDNS")
EXCEPTIONS = (META, CASE, SIZE, MINIMAL)

META_RCODES = {OPT: FORMERR, 249: FORMERR, 250: FORMERR, 253: NOTIMPL, 254: NOTIMPL}


def plain(additional):
    """Additional records but OPT."""
    return [rr for rr in additional if rr[1] != OPT]


def folded(answer):
    """Sections regardless of the case of owners."""
    return [collections.Counter((lower(rr[0]), *rr[1:]) for rr in rrs)
            for rrs in (answer.answer, answer.authority, plain(answer.additional))]


def completed(answer, whole):
    """Least size of an answer if it had all that another one has: the order of records decides how
    well names are compressed, so it may be larger than that one."""
    lacks = [part - had for part, had in zip(folded(whole), folded(answer))]
    return len(answer.message) + sum(
        number * (RR_SIZE + len(rr[4])) for part in lacks for rr, number in part.items()
        if rr[1] in (TYPES["A"], TYPES["AAAA"]))


def keeps_case(answer):
    """Whether the name asked for is written as it was asked for."""
    name = answer.question[0]
    return all(rr[0] == name for rr in answer.answer + answer.authority + answer.additional
               if lower(rr[0]) == lower(name))


class Hosts(Comparison):
    """Compares mod-steer with the plugin."""

    def explain(self, pair, query, one, other, transport):
        rrtype = pair[3]
        if rrtype in META_RCODES:
            bare = not other.answer + other.authority + plain(other.additional)
            return META if other.rcode == META_RCODES[rrtype] and bare else None
        if one.flags == other.flags and keeps_case(other) and folded(one) == folded(other):
            return CASE
        if transport in (TCP, TCP_EDNS):
            return self._beyond_64k(one, other)
        return self._less(query, one, other, transport)

    @staticmethod
    def _beyond_64k(one, other):
        """mod-steer fails where BIND truncates; names of another case take more bytes."""
        vast = one.rcode == SERVFAIL or len(one.message) > 65000
        return SIZE if vast and other.tc else None

    def _less(self, query, one, other, transport):
        """What is not in a reply over UDP, but in the one over TCP."""
        whole = self._whole(self.right, query, transport)
        if one.rcode != other.rcode or one.aa != other.aa or not keeps_case(other) or \
                any(part - all_of for part, all_of in zip(folded(other), folded(whole))) or \
                not other.tc and folded(other)[:2] != folded(whole)[:2]:
            return None
        if transport == UDP_512 and other.answer and not other.tc and not plain(other.additional):
            return MINIMAL
        limit = 512
        if transport.edns[0]:
            limit = int.from_bytes(transport.edns[1][3:5], "big") - OPT_SIZE
        longest = max(len(whole.message), completed(other, whole),
                      len(self._whole(self.left, query, transport).message))
        return SIZE if longest > limit else None

    @staticmethod
    def _whole(server, query, transport):
        """A server's answer over TCP, without EDNS."""
        bare = query[:8] + b"\0\0" + query[10:len(query) - len(transport.edns[1])]
        with contextlib.closing(Tcp(server.address)) as client:
            client.send([bare])
            return Answer(client.receive(1)[0])
