# SPDX-License-Identifier: GPL-3.0-or-later
"""rndc reconfig, failing or not, views that go and changes of the store, under load: no query
fails, nothing is left behind."""

import socket

from test_reload_under_load import Load, left_behind

from steer.case import zone_text
from steer.client import ask
from steer.named import NamedCase
from steer.wait import until
from steer.wire import REFUSED, TYPES, labels

A = TYPES["A"]
WWW = "www.example.com"


def address(last):
    return socket.inet_aton(f"192.0.2.{last}")


class BindReload(NamedCase):

    def serve(self, **more):
        self.records = self.hosted(("example.com.", zone_text("example.com.", "www A 192.0.2.1")))
        own = self.file("own.zone", zone_text("own.test.", "www A 192.0.2.9"))
        server = self.named(store=self.records.directory, zones={"own.test": own}, threads=2,
                            **more)
        self.loaded(server.start())
        self.served(server, WWW, A)
        return server

    def test_changes_meanwhile(self):
        server = self.serve()
        with Load(server, WWW, *map(address, range(1, 11))) as load:
            for last in range(2, 11):
                self.records.ok("set", WWW, "A", f"192.0.2.{last}")
                server.reload()
                load.more()
            until("the last change", lambda: load.seen == 9 or load.wrong)
        self.assertEqual(load.wrong[:3], [])

    def test_a_bad_configuration_changes_nothing(self):
        server = self.serve()
        good = server.config()
        with Load(server, WWW, address(1)) as load:
            for bad in (good.replace(f'storage "{server.store}";', ""),
                        good.replace("threads 2;", "threads 0;"),
                        good.replace("recursion no;", "recursion perhaps;")):
                self.assertNotEqual(bad, good)
                server.write_config(bad)
                with self.assertRaises(AssertionError):
                    server.control("reconfig")
                load.more()
            server.reload()
            load.more()
        self.assertEqual(load.wrong[:3], [])

    def test_a_bad_store_is_no_bad_configuration(self):
        """named would end with all its zones if the plugin failed at its start."""
        server = self.serve()
        missing = self.path("missing")
        server.store = missing
        self.assertEqual(server.check()[0], 1)
        with Load(server, "www.own.test", address(9)) as load:
            server.reload()
            server.log.wait("warning: steer: " + missing)
            self.assertEqual(ask(server, labels(WWW), A).rcode, REFUSED)
            load.more()
            server.store = self.records.directory
            server.reload()
            self.served(server, WWW, A, value=address(1))
            load.more()
        self.assertEqual(load.wrong[:3], [])

    def test_a_view_goes(self):
        server = self.serve(views={"one": "match-recursive-only yes;", "two": ""})
        before = left_behind(server)
        with Load(server, WWW, address(1)) as load:
            for views in ({"two": ""}, {"one": "match-recursive-only yes;", "two": ""}) * 4:
                server.views = views
                server.reload()
                load.more()
        self.assertEqual(load.wrong[:3], [])
        until("the threads and files of before", lambda: left_behind(server) == before)

    def test_the_plugin_goes(self):
        server = self.serve()
        store, server.store = server.store, None
        server.reload()
        until("nothing being left", lambda: left_behind(server) == (0, [], []))
        self.assertEqual(ask(server, labels(WWW), A).rcode, REFUSED)
        server.store = store
        server.reload()
        self.served(server, WWW, A, value=address(1))
