# SPDX-License-Identifier: GPL-3.0-or-later
"""steerd probes web servers, also hostile ones."""

import os
import pathlib
import shutil
import ssl
from unittest import skipUnless

from steer import asking
from steer.backend import Backend, http, read_head, reset, until_closed
from steer.certificates import Authority
from steer.resolver import NO_ANSWER, Resolver
from steer.steerdstory import SteerdStory
from steer.store import Store
from steer.wait import until
from steer.web import (answer, chunked, compressed, endless, http2, noting, page, redirect, secure)

HOST = "www.example.com"
SEARCHED = 5120  # Bytes of a body.
HEADER = 16384   # Bytes of a header.
OK = ("up", "HTTP 200 from PEER")
SHORT = {"timeout": "300ms"}


class Answers(SteerdStory):

    def test_codes(self):
        self.probed("http", {
            "ok": (http(), {}, *OK),
            "moved": (http(301), {}, "up", "HTTP 301 from PEER"),
            "bad": (http(400), {}, "down", "HTTP 400 from PEER"),
            "broken": (http(503), {}, "down", "HTTP 503 from PEER"),
            "first": (http(404), {"codes": "200,404-410"}, "up", "HTTP 404 from PEER"),
            "last": (http(410), {"codes": "200,404-410"}, "up", "HTTP 410 from PEER"),
            "beyond": (http(411), {"codes": "200,404-410"}, "down", "HTTP 411 from PEER"),
            "no-code": (http(201), {"codes": "200"}, "down", "HTTP 201 from PEER"),
            "old": (answer(b"HTTP/1.0 200 OK\r\n\r\n"), {}, *OK),
        })

    def test_interim_responses_are_passed_over(self):
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        going_on = b"HTTP/1.1 100 Continue\r\n\r\n"
        switching = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
        upgrade = {"headers": "Connection: Upgrade", "codes": "101"}
        self.probed("http", {
            "hints": (answer(going_on + hints + page()), {}, *OK),
            "worse": (answer(hints + page(b"", "503 No")), {}, "down", "HTTP 503 from PEER"),
            "switch": (answer(switching, then=until_closed), upgrade, "up", "HTTP 101 from PEER"),
            "stuck": (answer(hints, then=until_closed), {"response_timeout": "300ms"},
                      "down", "response from PEER takes too long"),
            "flood": (endless(b"", hints), {},
                      "down", f"the header from PEER is longer than {HEADER} bytes"),
        })

    def test_requests(self):
        heads = {}

        def wanted(name, **options):
            heads[name] = []
            return noting(heads[name], http()), options, *OK

        self.probed("http", {
            "plain": wanted("plain"),
            "host": wanted("host", host=HOST, path="/a/../b?c=%20{d}"),
            "head": wanted("head", method="HEAD"),
            "post": wanted("post", method="POST"),
            "own": wanted("own", method="OPTIONS", headers="User-Agent: mine"),
            "virtual": wanted("virtual", host=HOST, headers="Host: other.example.com"),
            "search": (noting(heads.setdefault("search", []), http(body=b"text")),
                       {"search": "text"}, *OK),
        })
        plain = heads["plain"][0]
        self.assertTrue(plain.startswith("GET / HTTP/1.1\r\n"), plain)
        self.assertRegex(plain, r"\r\nHost: 127\.0\.0\.1:\d+\r\n")
        self.assertRegex(plain, r"\r\nUser-Agent: steerd/\d[^ ]*\r\n")
        self.assertRegex(plain, r"\r\nConnection: close\r\n")
        self.assertNotRegex(plain, "(?i)accept-encoding|cookie|content-length|authorization")
        self.assertRegex(heads["host"][0],
                         rf"^GET /a/\.\./b\?c=%20{{d}} HTTP/1\.1\r\nHost: {HOST}:\d+\r\n")
        self.assertRegex(heads["head"][0], r"^HEAD / ")
        self.assertRegex(heads["post"][0], r"^POST / (.*\r\n)+Content-Length: 0\r\n")
        self.assertRegex(heads["own"][0], r"^OPTIONS / (.*\r\n)+User-Agent: mine\r\n")
        self.assertNotIn("steerd/", heads["own"][0])
        self.assertRegex(heads["virtual"][0], r"\r\nHost: other\.example\.com\r\n")
        self.assertNotIn(HOST, heads["virtual"][0])
        self.assertRegex(heads["search"][0], r"\r\nAccept-Encoding: gzip, deflate\r\n")

    def test_nothing_comes_from_the_environment(self):
        trap = self.backend()
        home = self.path("home")
        os.mkdir(home)
        self.file("home/.netrc", f"machine {HOST} login root password secret\n")
        heads = []
        proxy = f"http://127.0.0.1:{trap.port}"
        self.probed("http", {
            "one": (noting(heads, http()), {"host": HOST}, *OK),
        }, HOME=home, http_proxy=proxy, all_proxy=proxy, ALL_PROXY=proxy)
        self.assertEqual(trap.connections, 0)
        self.assertNotRegex(heads[0], "(?i)authorization|^GET http:")

    @skipUnless(os.geteuid() == 0, "needs root for port 80")
    def test_the_default_port_is_not_said(self):
        heads = []
        server = Backend(noting(heads, http()), address="127.80.0.1")
        server.port = 80
        self.addCleanup(server.stop)
        self.probed("http", {
            "host": (server.start(), {"host": HOST}, *OK),
            "address": (server, {}, *OK),
        })
        hosts = {head.split("\r\n")[1] for head in heads}
        self.assertEqual(hosts, {f"Host: {HOST}", "Host: 127.80.0.1"})

    def test_ipv6(self):
        heads = []
        server = self.backend(noting(heads, http()), address="::1")
        self.probed("http", {"one": (server, {}, *OK)})
        self.assertIn(f"\r\nHost: [::1]:{server.port}\r\n", heads[0])

    def test_connections_leave_nothing_behind(self):
        server = self.backend(answer(page(b"x" * 100), then=until_closed))
        daemon = self.probed("http", {
            "one": (server, {}, *OK),
            "body": (server, {"search": "none"}, "down",
                     "HTTP 200 from PEER without the searched text"),
            "refused": (server, {"codes": "500"}, "down", "HTTP 200 from PEER"),
        })
        server.wait_for(9)
        until("no connection of steerd", lambda: not self.connections(server))
        daemon.stop()

    @staticmethod
    def connections(server):
        """Sockets of clients that are connected to a server, or in TIME-WAIT."""
        peer = f"0100007F:{server.port:04X}"
        with open("/proc/net/tcp", encoding="ascii") as table:
            return [line for line in table if line.split()[2] == peer]

    def test_a_text_is_searched(self):
        text = {"search": "all is well"}
        without = "HTTP 200 from PEER without the searched text"
        beyond = f"{without} in the first {SEARCHED} bytes"
        pad = b"x" * (SEARCHED - len("all is well"))
        self.probed("http", {
            "there": (http(body=b"<p>all is well</p>"), text, *OK),
            "not": (http(body=b"<p>all is lost</p>"), text, "down", without),
            "case": (http(body=b"<p>All is well</p>"), text, "down", without),
            "none": (http(), text, "down", without),
            "last": (http(body=pad + b"all is well"), text, *OK),
            "cut": (http(body=pad + b" all is well"), text, "down", beyond),
            "split": (answer(chunked(b"all", b" is ", b"well")), text, *OK),
            "bytes": (answer(chunked(*(bytes([one]) for one in b"a all is well"))), text, *OK),
            "far": (answer(chunked(pad, b" all is well")), text, "down", beyond),
            "code": (http(500, b"all is well"), text, "down", "HTTP 500 from PEER"),
            "early": (answer(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nall is well",
                             then=until_closed), text, *OK),
            "short": (answer(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nall is"),
                      text, "down", f"{without}: .+"),  # libcurl's words.
        })

    def test_compressed_bodies_are_searched(self):
        text = {"search": "all is well"}
        well, pad = b"all is well", b"x" * SEARCHED
        beyond = f"HTTP 200 from PEER without the searched text in the first {SEARCHED} bytes"
        self.probed("http", {
            "gzip": (answer(compressed(b"a" * 5000 + well)), text, *OK),
            "deflate": (answer(compressed(well, "deflate")), text, *OK),
            "beyond": (answer(compressed(pad[10:] + well)), text, "down", beyond),
            "bomb": (answer(compressed(bytes(64 << 20) + well)), text, "down", beyond),
            "broken": (answer(page(b"no gzip at all", "200 OK", "Content-Encoding: gzip")), text,
                       "down", "HTTP 200 from PEER without the searched text: .*"),
            "unread": (answer(page(b"no gzip at all", "200 OK", "Content-Encoding: gzip")), {},
                       *OK),
        })


class Redirects(SteerdStory):

    FOLLOW = {"redirects": "follow", "host": HOST}

    def test_redirects_are_answers(self):
        self.probed("http", {
            "answer": (redirect("/next"), {}, "up", "HTTP 302 from PEER"),
            "not-listed": (redirect("/next"), {"codes": "200"}, "down", "HTTP 302 from PEER"),
        })

    def test_redirects_are_followed(self):
        heads = []

        def site(connection):
            path = read_head(connection).split()[1].decode()
            heads.append(path)
            number = int(path[1:] or 0)
            then = page(b"", "302 Found", f"Location: /{number + 1}") if number < 10 else page()
            connection.sendall(then)

        self.probed("http", {
            "ten": (site, self.FOLLOW, *OK),
            "loop": (redirect("/"), self.FOLLOW, "down",
                     "HTTP 302 from PEER: more than 10 redirects"),
            "to-nothing": (answer(page(b"", "302 Found")), self.FOLLOW, "up", "HTTP 302 from PEER"),
            "to-ftp": (redirect("ftp://192.0.2.1/"), self.FOLLOW, "down",
                       "HTTP 302 from PEER: redirect to 'ftp://192.0.2.1/', which is no URL of HTTP "
                       "or HTTPS"),
        })
        self.assertEqual(heads[:11], ["/"] + [f"/{number}" for number in range(1, 11)])

    def test_a_redirect_to_another_server(self):
        heads = []
        other = self.backend(noting(heads, http(204)))
        secret = {"headers": "Authorization: Basic c2VjcmV0"}
        self.probed("http", {
            "address": (redirect(f"http://127.0.0.1:{other.port}/there"),
                        {**self.FOLLOW, **secret}, "up",
                        rf"HTTP 204 from 127\.0\.0\.1:{other.port}"),
            "port": (redirect(f"http://{HOST}:{other.port}/port", "307 Temporary"),
                     {**self.FOLLOW, "method": "POST"}, "up",
                     rf"HTTP 204 from 127\.0\.0\.1:{other.port}"),
            "see-other": (redirect(f"http://{HOST}:{other.port}/see", "303 See Other"),
                          {**self.FOLLOW, "method": "POST"}, "up",
                          rf"HTTP 204 from 127\.0\.0\.1:{other.port}"),
        })
        self.assertNotIn("Authorization", "".join(heads))
        lines = sorted({head.split("\r\n")[0] for head in heads})
        self.assertEqual(lines, ["GET /see HTTP/1.1", "GET /there HTTP/1.1", "POST /port HTTP/1.1"])


    def test_a_redirect_to_another_name(self):
        resolver = Resolver().start()
        self.addCleanup(resolver.stop)
        heads = []
        other = self.backend(noting(heads, http(204)), address="127.0.0.5")
        resolver.set("other.example.", "A 127.0.0.5")
        resolver.set("many.example.", *(f"A 127.0.0.{number}" for number in range(2, 10)))
        resolver.set("hangs.example.", "A 127.0.0.5", "A 127.0.0.4")
        resolver.fail("slow.example.", NO_ANSWER)
        hanging = Backend(address="127.0.0.4")
        hanging.port = other.port
        self.addCleanup(hanging.stop)
        hanging.hang()

        def to(host):
            return redirect(f"http://{host}:{other.port}/there")

        self.probed("http", {
            "name": (to("other.example"), self.FOLLOW, "up",
                     rf"HTTP 204 from 127\.0\.0\.5:{other.port}"),
            "many": (to("many.example"), self.FOLLOW, "up",
                     rf"HTTP 204 from 127\.0\.0\.5:{other.port}"),
            "hangs": (to("hangs.example"), {**self.FOLLOW, "connect_timeout": "600ms"}, "up",
                      rf"HTTP 204 from 127\.0\.0\.5:{other.port}"),
            "unknown": (to("unknown.example"), self.FOLLOW, "down",
                        "DNS resolution of unknown.example: NXDOMAIN"),
            "slow": (to("slow.example"), {**self.FOLLOW, **SHORT}, "down",
                     "the address of slow.example takes too long"),
        }, options=("--resolver", resolver.option))
        self.assertIn(["GET /there HTTP/1.1", f"Host: other.example:{other.port}"],
                      [head.split("\r\n")[:2] for head in heads])
        self.assertNotIn(HOST + ".", {name for name, _ in resolver.asked})


class HostileServers(SteerdStory):

    def test_slow_ones(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"
        short = {"connect_timeout": "200ms", "response_timeout": "200ms"}
        text = {"search": "text", "body_timeout": "200ms"}
        hanging = self.backend()
        hanging.hang()
        self.probed("http", {
            "connect": (hanging, short, "down", "connection to PEER takes too long"),
            "silent": (until_closed, short, "down", "response from PEER takes too long"),
            "header": (answer(head, then=until_closed), short, "down",
                       "response from PEER takes too long"),
            "body": (answer(head + b"\r\nte", then=until_closed), text, "down",
                     "body from PEER takes too long"),
            "unread": (answer(head + b"\r\nte", then=until_closed), short, *OK),
            "all": (until_closed, SHORT, "down", "response from PEER takes too long"),
        })

    def test_broken_ones(self):
        def reset_at_once(connection):
            reset(connection)

        def reset_later(connection):
            read_head(connection)
            reset(connection)

        stopped = self.backend()
        stopped.stop()
        self.probed("http", {
            "stopped": (stopped, {}, "down", "PEER: Connection refused"),
            "reset": (reset_later, {}, "down", "PEER: Connection reset by peer"),
            "reset-at-once": (reset_at_once, {}, "down", "PEER: (Connection reset by peer|.*)"),
            "closes": (answer(), {}, "down", "PEER: the connection was closed without a response"),
            "closes-early": (answer(b"HTTP/1.1 200 OK\r\nServer: x\r\n"), {}, "down",
                             "PEER: the connection was closed in the header"),
            "no-http": (answer(b"220 mail.example.com ESMTP\r\n"), {}, "down",
                        "PEER: not a response of HTTP"),
            "odd": (answer(b"HTTP/1.1 abc\r\n\r\n"), {}, "down", "PEER: .*"),
        })

    def test_endless_ones(self):
        head = b"HTTP/1.1 200 OK\r\n"
        line = b"X-Line: " + b"x" * 90 + b"\r\n"
        full = head + line * ((HEADER - len(head) - 2) // len(line))
        full += b"X: " + b"x" * (HEADER - len(full) - 7) + b"\r\n\r\n"
        assert len(full) == HEADER
        too_long = f"the header from PEER is longer than {HEADER} bytes"
        text = {"search": "text"}
        self.probed("http", {
            "full": (answer(full), {}, *OK),
            "longer": (answer(full.replace(b"X: ", b"X: x")), {}, "down", too_long),
            "header": (endless(head, line), {}, "down", too_long),
            "line": (endless(head, b"x" * 1000), {}, "down", too_long),
            "trailer": (endless(chunked(b"x")[:-2], b"X: x\r\n"), text, "down", too_long),
            "body": (endless(head + b"\r\n", b"x" * 1000), text, "down",
                     f"HTTP 200 from PEER without the searched text in the first {SEARCHED} bytes"),
            "unread": (endless(head + b"\r\n", b"x" * 1000), {}, *OK),
        })


class Tls(SteerdStory):

    def setUp(self):
        super().setUp()
        self.authority = Authority(self.path("certificates"))
        self.good = self.authority.context(HOST)

    def verified(self, kind, cases):
        return self.probed(kind, cases, options=("--ca-file", self.authority.file))

    def cases(self, behave, up, address_up=None):
        """What both kinds that use TLS make of certificates."""
        expired = self.authority.context(HOST, days=0)
        other = self.authority.context("other.example.com")
        local = self.authority.context("IP:127.0.0.1")
        wild = self.authority.context("*.example.com")
        stranger = Authority(self.path("stranger"), name="stranger").context(HOST)
        named = {"host": HOST}
        verify = {**named, "verify": "yes"}

        def failed(why):
            return "down", f"TLS with PEER: {why}"

        def reset_in_handshake(connection):
            connection.recv(4096)
            reset(connection)

        return {
            "good": (secure(self.good, behave), verify, *up),
            "wild": (secure(wild, behave), verify, *up),
            "local": (secure(local, behave), {"verify": "yes"}, *up),
            "server-name": (secure(other, behave), {**verify, "server_name": "other.example.com"},
                            *up),
            "expired": (secure(expired, behave), verify, *failed("certificate has expired")),
            "other": (secure(other, behave), verify, *failed("hostname mismatch")),
            "no-address": (secure(self.good, behave), {"verify": "yes"},
                           *failed("IP address mismatch")),
            "stranger": (secure(stranger, behave), verify,
                         *failed("unable to get local issuer certificate")),
            "expired-any": (secure(expired, behave), named, *up),
            "other-any": (secure(other, behave), named, *up),
            "stranger-any": (secure(stranger, behave), {}, *up),
            "no-tls": (lambda connection: connection.sendall(b"220 mail.example.com ESMTP\r\n"), {},
                       "down", "TLS with PEER: wrong version number"),
            "reset": (reset_in_handshake, {}, *failed("Connection reset by peer")),
            "eof": (lambda connection: connection.recv(4096), {},
                    *failed("the connection was closed")),
            "hanging": (until_closed, {"timeout": "300ms"}, "down",
                        "connection to PEER takes too long"),
        }

    def test_certificates_of_web_servers(self):
        self.verified("https", self.cases(http(), OK))

    def test_certificates_of_others(self):
        self.verified("tls", self.cases(until_closed, ("up", "TLS with PEER")))

    def test_times_of_the_steps(self):
        stopped = self.backend()
        stopped.stop()
        daemon = self.probed("https", {
            "web": (secure(self.good, http()), {}, *OK),
            "expired": (secure(self.good, http()), {"verify": "yes"}, "down", "TLS with PEER: .*"),
            "silent": (until_closed, SHORT, "down", "connection to PEER takes too long"),
            "refused": (stopped, {}, "down", "PEER: Connection refused"),
        })
        place = Store(daemon.store).path(asking.SOCKET)
        last = {name: check["last"] for name, check in asking.checks(place).items()}
        web = last["web"]
        self.assertTrue(0 < web["connected"] < web["secured"] < web["first_byte"] <= web["total"],
                        web)
        self.assertTrue(0 < last["expired"]["connected"] < last["expired"]["total"], last)
        self.assertIsNone(last["expired"]["secured"])
        self.assertLess(0, last["silent"]["connected"])
        self.assertIsNone(last["refused"]["connected"])
        self.assertIsNone(last["silent"]["secured"])

    def test_names_in_the_hello(self):
        heard = {name: [] for name in ("host", "own", "off", "none", "other")}
        servers = {name: secure(self.authority.context(HOST, "own.example.com", "IP:127.0.0.1"),
                                http(), names) for name, names in heard.items()}
        verify = {"verify": "yes", "host": HOST}
        self.verified("https", {
            "host": (servers["host"], verify, *OK),
            "own": (servers["own"], {**verify, "server_name": "own.example.com"}, *OK),
            "off": (servers["off"], {**verify, "sni": "no"}, *OK),
            "none": (servers["none"], {"verify": "yes"}, *OK),
        })
        self.assertEqual({name: names[:1] for name, names in heard.items()},
                         {"host": [HOST], "own": ["own.example.com"], "off": [None],
                          "none": [None], "other": []})

    def test_a_handshake_is_tried_again_without_a_name(self):
        heard = {name: [] for name in ("refuses", "broken", "other")}
        other = self.authority.context("other.example.com")
        handshake_failure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # It has no certificate.
        named = {"host": HOST}
        self.verified("https", {
            "refuses": (secure(self.good, http(), heard["refuses"], refuse=True),
                        {**named, "verify": "yes"}, *OK),
            "broken": (secure(handshake_failure, http(), heard["broken"]), named, "down",
                       "TLS with PEER: .* handshake failure"),
            "other": (secure(other, http(), heard["other"]), {**named, "verify": "yes"}, "down",
                      "TLS with PEER: hostname mismatch"),
        })
        for name, names in heard.items():
            self.assertEqual(names[:2], [HOST, None], name)

    def test_old_servers(self):
        old = self.authority.context(HOST)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1
        old.set_ciphers("DEFAULT@SECLEVEL=0")
        self.verified("https", {
            "any": (secure(old, http()), {}, *OK),
            "verified": (secure(old, http()), {"host": HOST, "verify": "yes"}, "down",
                         "TLS with PEER: .*"),
        })

    def test_http2_is_offered_if_it_is_wanted(self):
        frames = []
        both, old = self.authority.context(HOST), self.authority.context("old.example.com")
        both.set_alpn_protocols(["h2", "http/1.1"])
        old.set_alpn_protocols(["http/1.1"])
        offered = {"http2": "yes"}
        self.verified("https", {
            "both": (secure(both, http2(frames)), offered, *OK),
            "old": (secure(old, http()), offered, *OK),
            "not": (secure(both, http2([])), {}, "down", "PEER: .*"),
        })
        self.assertIn(1, frames)

    def test_authorities_are_read_again_by_hup(self):
        server = self.backend(secure(self.good, http()))
        stranger = Authority(self.path("stranger"), name="stranger")
        file = self.file("trusted.pem", pathlib.Path(stranger.file).read_text("ascii"))
        check = {"host": HOST, "verify": "yes"}
        daemon = self.probed("https", {
            "one": (server, check, "down", "TLS with PEER: unable to get local issuer certificate"),
        }, options=("--ca-file", file))
        self.file("trusted.pem", "nothing")
        daemon.reload()
        daemon.log.wait(f"certificates of authorities, {file}: no certificates in it: those loaded")
        shutil.copy(self.authority.file, file)
        daemon.reload()
        daemon.log.wait("health check 'one' is up: HTTP 200")

    @skipUnless(os.geteuid() == 0, "hiding files takes root")
    def test_a_system_without_authorities_is_warned_of_when_they_matter(self):
        hidden = "/etc/ssl/certs/ca-certificates.crt"
        hide = f"[ ! -e {hidden} ] || mount --bind /dev/null {hidden}; exec \"$@\""
        prefix = ["unshare", "--mount", "sh", "-ec", hide, "sh"]
        server = self.backend(secure(self.good, http()))
        store = self.policies("zone: example.com\nrecords:\n  www:\n    type: A\n"
                              "    policy: multivalue\n    sets:\n"
                              "      a: {values: [192.0.2.1], health: a}\n")
        self.set_check(store, "a", server, "https")
        daemon = self.steerd(store, prefix=prefix).start()
        daemon.log.wait("health check 'a' is up: ")
        daemon.reload()
        self.assertEqual(daemon.log.lines("authorities"), [])
        self.set_check(store, "a", server, "https", verify="yes")
        daemon.log.wait("health check 'a' is down: TLS with .* unable to get local issuer")
        server.wait_for(2)
        self.assertEqual(len(daemon.log.lines("no certificate can be verified$")), 1)

    def test_a_file_of_authorities_is_needed(self):
        store = self.store()
        for name, why in (("missing", "No such file or directory"), ("empty", "no certificates in it")):
            self.file("empty", "")
            daemon = self.steerd(store, options=("--ca-file", self.path(name))).spawn()
            self.assertEqual(daemon.wait(), 1)
            self.assertEqual(daemon.log.lines(), [
                f"steerd: certificates of authorities, {self.path(name)}: {why}"])
