# SPDX-License-Identifier: GPL-3.0-or-later
"""steerd tells what it knows over HTTP, and nobody who asks can hold it up."""

import contextlib
import itertools
import json
import os
import socket
import stat
import subprocess
import threading

from steer import asking, env
from steer.asking import Metrics, checks, get, say
from steer.endpointstory import EndpointStory
from steer.server import Port
from steer.store import Store
from steer.wait import until

# Connections that steerd has at the same time on one socket: see HTTP_CLIENTS.
CLIENTS = 32
MANY = 10000


def zone_of(count):
    """A zone with many health checks, each used and rarely probed."""
    yield "zone: example.com\nrecords:\n"
    for i in range(count):
        yield f"  n{i}: {{type: A, values: [192.0.2.1], health: check-{i}}}\n"
    yield "---\nhealth:\n"
    for i in range(count):
        yield f"  check-{i}: {{type: tcp, address: 127.0.0.1, port: 1, interval: 1d}}\n"


class Pages(EndpointStory):

    def test_checks_tell_their_last_results(self):
        store, up, down = self.watched("web-up", "web-down")
        down.stop()
        self.steerd(store).start()
        place = self.place(store)
        until("results", lambda: all(check["last"] for check in checks(place).values()))
        told = checks(place)
        self.assertEqual(set(told), {"web-up", "web-down"})
        self.assertEqual((told["web-up"]["state"], told["web-down"]["state"]), ("up", "down"))
        last = told["web-up"]["last"]
        self.assertEqual(last["result"], "success")
        self.assertRegex(last["reason"], rf"^connected to 127\.0\.0\.1:{up.port} after \d+ ms$")
        self.assertLessEqual(0, last["connected"])
        self.assertLessEqual(last["connected"], last["total"])
        self.assertEqual((last["secured"], last["first_byte"]), (None, None))
        self.assertLess(last["time"], told["web-up"]["next"] + 1)
        last = told["web-down"]["last"]
        self.assertEqual((last["result"], last["connected"]), ("failure", None))
        self.assertIn("Connection refused", last["reason"])
        self.assertEqual(told["web-down"]["probes"], told["web-down"]["failures"])
        self.assertEqual(told["web-up"]["failures"], 0)
        self.assertEqual(list(checks(place, "/checks?id=web-up")), ["web-up"])
        for wanted in "web", "web-up-", "", "x" * 200:
            self.assertEqual(checks(place, f"/checks?id={wanted}"), {})

    def test_metrics_count(self):
        store, web = self.watched("web")
        self.steerd(store).start()
        place = self.place(store)
        self.until_state(store, "web", "up")
        web.stop()
        until("being published", lambda: Metrics(place)("steerd_published_states_total") == 2)
        self.assertLess(checks(place)["web"]["failures"], 5)  # It waits for no heartbeat.
        self.until_state(store, "web", "down")
        told = Metrics(place)
        self.assertLessEqual(told("steerd_start_time_seconds"),
                             told("steerd_last_commit_time_seconds"))
        self.assertEqual(told("steerd_health_check_up", health_check="web", type="tcp"), 0)
        for state, number in ("unknown", 0), ("up", 0), ("down", 1):
            self.assertEqual(told("steerd_health_checks", type="tcp", state=state), number)
        for state in "up", "down":
            self.assertEqual(told("steerd_transitions_total", type="tcp", state=state), 1)
        self.assertEqual(told("steerd_unpublished_states", type="tcp"), 0)
        self.assertEqual(told("steerd_commits_total", result="failure"), 0)
        self.assertLess(1, told("steerd_commits_total", result="success"))
        self.assertEqual(told("steerd_store_followed"), 1)
        self.assertEqual(told("steerd_snapshot_change_set"),
                         json.loads(store.ok("stats", "--json"))["sequence"])
        before = told("steerd_probes_total", type="tcp", result="failure")
        until("probes", lambda: Metrics(place)("steerd_probes_total", type="tcp",
                                               result="failure") > before + 1)
        store.ok("zone", "create", "example.net", "--ns", "ns.example.net")
        until("the next change set", lambda: Metrics(place)("steerd_snapshot_change_set") ==
              told("steerd_snapshot_change_set") + 1)

    def test_a_histogram_adds_up(self):
        store, _ = self.watched("web")
        self.steerd(store).start()
        place = self.place(store)
        for _ in range(2):
            self.is_probed_on(place, "web")
        told = Metrics(place)
        buckets = {dict(labels)["le"]: value for (name, labels), value in told.values.items()
                   if name == "steerd_probe_duration_seconds_bucket" and
                   ("type", "tcp") in labels}
        ordered = [buckets[bound] for bound in sorted(buckets, key=float)]
        self.assertEqual(len(ordered), 14)
        self.assertEqual(ordered, sorted(ordered))
        count = told("steerd_probe_duration_seconds_count", type="tcp")
        self.assertEqual(ordered[-1], count)
        self.assertEqual(count, sum(told("steerd_probes_total", type="tcp", result=result)
                                    for result in ("success", "failure")))
        total = told("steerd_probe_duration_seconds_sum", type="tcp")
        self.assertTrue(0 < total < count * env.PATIENCE, total)

    def test_health_is_bad_while_the_store_is_not_followed(self):
        store, _ = self.watched("web")
        daemon = self.steerd(store).start()
        place = self.place(store)
        reply = get(place, "/healthz")
        self.assertEqual((reply.status, reply.body), (200, b"ok\n"))
        away = Store(store.directory + ".away")
        os.rename(store.directory, away.directory)
        place = self.place(away)
        until("bad health", lambda: get(place, "/healthz").status == 503)
        self.assertIn(b"No such file or directory", get(place, "/healthz").body)
        self.assertEqual(Metrics(place)("steerd_store_followed"), 0)
        until("a few looks", lambda: Metrics(place)("steerd_snapshot_age_seconds") > 2.5)
        self.assertLess(Metrics(place)("steerd_snapshot_age_seconds"), 2 * env.PATIENCE)
        os.rename(away.directory, store.directory)
        place = self.place(store)
        until("good health", lambda: get(place, "/healthz").status == 200)
        daemon.log.wait("following .* again$")
        self.assertEqual([len(daemon.log.lines(words)) for words in
                          ("; nothing is probed$", "following .* again$")], [1, 1])

    def test_health_is_bad_while_states_cannot_be_published(self):
        mount = self.path("disk")
        os.mkdir(mount)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=755", "disk", mount],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"no mount here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", mount], check=False)
        store = Store(os.path.join(mount, "store")).init()
        ids = [f"web-{i}" for i in range(50)]
        store.ok("zone", "create", "example.com", "--ns", "ns.example.net")
        backend = self.backend()
        for name in ids:
            self.set_check(store, name, backend)
            self.use(store, name)
        filler = os.path.join(mount, "filler")
        with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        place = self.place(store)
        self.steerd(store).start()
        until("bad health", lambda: get(place, "/healthz").status == 503)
        self.assertIn(b"disk is full", get(place, "/healthz").body)
        self.assertLess(0, Metrics(place)("steerd_commits_total", result="failure"))
        os.remove(filler)
        until("good health", lambda: get(place, "/healthz").status == 200)
        until("all states", lambda: Metrics(place)("steerd_published_states_total") == len(ids))


class Sockets(EndpointStory):

    def test_the_socket_is_replaced_if_it_was_left_behind_or_removed(self):
        store, _ = self.watched("web")
        place = self.place(store)
        daemon = self.steerd(store).start()
        mode = os.stat(place).st_mode
        self.assertEqual((stat.S_ISSOCK(mode), stat.S_IMODE(mode)), (True, 0o660))
        daemon.kill()
        self.assertRaises(ConnectionRefusedError, get, place, "/healthz")
        daemon = self.steerd(store, name="next").start()
        self.assertEqual(get(place, "/healthz").status, 200)
        os.unlink(place)
        until("another socket", lambda: os.path.exists(place))
        self.assertEqual(get(place, "/healthz").status, 200)
        daemon.stop()
        self.assertFalse(os.path.exists(place))

    def test_a_store_that_takes_the_place_of_another_has_the_socket(self):
        store, _ = self.watched("web")
        place = self.place(store)
        self.steerd(store).start()
        other, away = self.store(name="other"), store.directory + ".away"
        os.rename(store.directory, away)
        os.rename(other.directory, store.directory)
        until("the socket in the new place", lambda: os.path.exists(place))
        self.assertEqual(checks(place), {})
        self.assertFalse(os.path.exists(os.path.join(away, asking.SOCKET)))

    def test_a_backup_has_no_socket(self):
        store, _ = self.watched("web")
        self.steerd(store).start()
        copy = Store(self.path("copy"))
        store.ok("backup", copy.directory)
        self.assertEqual(sorted(os.listdir(copy.directory)),
                         sorted({*os.listdir(store.directory)} - {asking.SOCKET}))
        self.steerd(copy, name="of-copy").start()
        for one in store, copy:
            self.assertEqual(list(checks(self.place(one))), ["web"])
            one.ok("check")

    def test_what_is_not_a_socket_keeps_its_place_and_steerd_goes_on(self):
        store, web = self.watched("web")
        with open(self.place(store), "w", encoding="ascii") as file:
            file.write("mine")
        daemon = self.steerd(store).start()
        daemon.log.wait(r"steerd\.sock: not what it should be.*; steerctl cannot ask this steerd$")
        self.until_state(store, "web", "up")
        web.wait_for(3)
        self.assertEqual(len(daemon.log.lines("steerd.sock")), 1)
        os.unlink(self.place(store))
        until("the socket", lambda: os.path.exists(self.place(store)))

    def test_it_listens_on_loopback_or_a_path_too(self):
        store, _ = self.watched("web")
        port, path = Port().number, self.path("other.sock")
        for place, option in (port, f"127.0.0.1:{port}"), (path, path):
            daemon = self.steerd(store, name=f"at-{place}".replace("/", "-"),
                                 options=("--listen", option)).start()
            for one in self.place(store), place:
                self.assertEqual(list(checks(one)), ["web"])
            daemon.stop()
        self.assertFalse(os.path.exists(path))

    def test_a_second_place_is_refused(self):
        """Rather than forgotten."""
        store = self.store()
        for places in ("127.0.0.1:9180", self.path("a")), (self.path("a"), "[::1]:9180"):
            options = [word for place in places for word in ("--listen", place)]
            daemon = self.steerd(store, options=options).spawn()
            self.assertEqual(daemon.wait(), 2, places)
            self.assertIn(f"'{places[1]}' is one more; allowed: one", daemon.log.tail())

    def test_where_it_cannot_listen_it_does_not_start(self):
        store = self.store()
        backend = self.backend()
        cases = ((("0.0.0.0:9180", 2, "'0.0.0.0:9180' can be reached by others; allowed: "),
                  ("192.0.2.1:80", 2, "can be reached by others"),
                  ("[::]:9180", 2, "can be reached by others"),
                  ("127.0.0.1", 2, "'127.0.0.1' is not an address with a port; allowed: "),
                  ("127.0.0.1:0", 2, "not an address with a port"),
                  ("127.0.0.1:65536", 2, "not an address with a port"),
                  ("127.0.0.1:80x", 2, "not an address with a port"),
                  ("::1:80", 2, "not an address with a port"),
                  ("[::1:80", 2, "not an address with a port"),
                  ("]:80", 2, "not an address with a port"),
                  (f"127.0.0.1:{backend.port}", 1, "Address already in use"),
                  (store.path("version"), 1, "exists, and is not a socket"),
                  (store.path("no", "such"), 1, "No such file or directory")))
        for i, (option, status, words) in enumerate(cases):
            daemon = self.steerd(store, name=f"wrong-{i}", options=("--listen", option)).spawn()
            self.assertEqual(daemon.wait(), status, option)
            self.assertIn(words, "\n".join(daemon.log.lines()), option)


class Clients(EndpointStory):

    def test_bad_requests_are_refused(self):
        store, _ = self.watched("web")
        self.steerd(store).start()
        place = self.place(store)
        long = b"a" * 100000
        cases = ((b"POST /checks HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", 405),
                 (b"DELETE /checks HTTP/1.0\r\n\r\n", 405),
                 (b"PUT /metrics HTTP/1.0\r\nContent-Length: 1000000000000\r\n\r\n", 405),
                 (b"GET / HTTP/1.0\r\n\r\n", 404),
                 (b"GET /metrics/ HTTP/1.0\r\n\r\n", 404),
                 (b"GET /..%2f..%2fetc%2fpasswd HTTP/1.0\r\n\r\n", 404),
                 (b"GET " + long + b" HTTP/1.0\r\n\r\n", 414),
                 (b"GET /checks?id=" + long + b" HTTP/1.0\r\n\r\n", 414),
                 (b"GET /checks HTTP/1.0\r\nA: " + long + b"\r\n\r\n", 431),
                 (b"GET /checks HTTP/1.0\r\n" + b"A: b\r\n" * 20000 + b"\r\n", 431),
                 (long, 414))
        for request, status in cases:
            reply = say(place, request)
            if reply is not None:  # It may be lost when the rest of the request comes too late.
                self.assertEqual(reply.status, status, request[:40])
            self.assertEqual(get(place, "/healthz").status, 200, request[:40])
        for request in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"garbage\r\n\r\n",
                        b"\0" * 1000, b"\r\n" * 1000):
            with asking.connect(place) as one:
                one.sendall(request)
                self.assertEqual(get(place, "/healthz").status, 200, request[:40])
        reply = say(place, b"POST /checks HTTP/1.0\r\n\r\n")
        self.assertEqual((reply.headers["allow"], reply.body),
                         ("get, head", b"method not allowed; allowed: GET, HEAD\n"))
        reply = say(place, b"HEAD /metrics HTTP/1.0\r\n\r\n")
        self.assertEqual((reply.status, reply.body), (200, b""))

    def test_a_connection_has_one_request(self):
        store, _ = self.watched("web")
        self.steerd(store).start()
        request = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"
        reply = say(self.place(store), 10 * request)
        self.assertEqual((reply.headers["connection"], reply.body.count(b"ok")), ("close", 1))

    def test_more_connections_than_it_has_end_the_oldest(self):
        store, _ = self.watched("web")
        port = Port().number
        daemon = self.steerd(store, options=("--listen", f"127.0.0.1:{port}")).start()
        for place in self.place(store), port:
            self.is_probed_on(place, "web")
            files = daemon.files()
            with contextlib.ExitStack() as stack:
                begun = []
                for i in range(3 * CLIENTS):
                    begun.append(stack.enter_context(asking.connect(place)))
                    begun[-1].sendall(b"GET /che" if i % 2 else b"")
                    self.assertEqual(get(place, "/healthz").status, 200)
                self.is_probed_on(place, "web")
                for one in begun[:2 * CLIENTS]:
                    self.assertEqual(asking.read_all(one), b"")
                self.assertLessEqual(daemon.files(), files + CLIENTS + 1)
            until("all descriptors being closed", lambda: daemon.files() <= files + 1)

    def test_slow_clients_are_ended(self):
        store, _ = self.watched("web")
        self.steerd(store).start()
        place = self.place(store)

        def drip(one):
            """Sends a byte at a time, and never the end."""
            wait = threading.Event()
            with contextlib.suppress(OSError):
                for byte in itertools.chain(b"GET / HTTP/1.0\r\nA: ", itertools.repeat(97)):
                    one.sendall(bytes([byte]))
                    wait.wait(0.05)

        with asking.connect(place) as silent, asking.connect(place) as dripping:
            thread = threading.Thread(target=drip, args=(dripping,))
            thread.start()
            self.is_probed_on(place, "web")
            for one in silent, dripping:
                self.assertEqual(asking.read_all(one), b"")
            thread.join()
        self.is_probed_on(place, "web")

    def many(self):
        """A store with one check that is often probed and many that are not, and its steerd."""
        store, _ = self.watched("web")
        store.ok("import", "--merge", self.file("many.yaml", "".join(zone_of(MANY))))
        return store, self.steerd(store).start()

    def begun(self, place):
        """A client that does not read on."""
        one = asking.connect(place)
        self.addCleanup(one.close)
        one.sendall(b"GET /checks HTTP/1.0\r\n\r\n")
        one.recv(1)
        return one

    def test_it_ends_with_clients_connected(self):
        store, daemon = self.many()
        place = self.place(store)
        clients = [self.begun(place), asking.connect(place)]
        self.addCleanup(clients[1].close)
        self.is_probed_on(place, "web")
        daemon.stop()
        for one in clients:
            asking.read_all(one)
        self.assertRaises(FileNotFoundError, get, place, "/healthz")

    def test_checks_may_go_while_they_are_told(self):
        store, _ = self.many()
        place = self.place(store)
        one = self.begun(place)
        store.ok("zone", "delete", "example.com", "--force")
        until("all checks being gone", lambda: checks(place) == {})
        told = json.loads(asking.parse(b"H" + asking.read_all(one)).body)
        self.assertTrue(0 < len(told) < MANY, len(told))

    def test_those_who_do_not_read_cost_nothing(self):
        store, daemon = self.many()
        place = self.place(store)
        self.is_probed_on(place, "web")
        body = get(place, "/checks").body
        self.assertEqual(len(json.loads(body)), MANY + 1)
        Metrics(place)
        memory = daemon.memory()
        for _ in range(CLIENTS - 2):
            self.begun(place)
        self.is_probed_on(place, "web")
        self.assertLess(daemon.memory() - memory, CLIENTS * len(body) / 3)
        names = [name for name, _ in Metrics(place).values]
        self.assertEqual(names.count("steerd_health_check_up"), MANY + 1)
