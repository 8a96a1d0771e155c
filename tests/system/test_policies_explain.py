# SPDX-License-Identifier: GPL-3.0-or-later
"""steerctl explain prints an answer and why it is that one."""

import getpass
import json
import re

from steer import asking
from steer.explainstory import TURN, WWW, ExplainStory, candidates, values_of
from steer.peer import Peer

SINCE = r"since \d{4}-\d\d-\d\dT[\d:+-]+"


class ReasonsAreTold(ExplainStory):

    def whys(self, said, step):
        return {one: candidate["why"] for one, candidate in candidates(said, step).items()}

    def test_healthy_and_down_with_who_and_since(self):
        self.assertEqual(self.whys(self.said(*WWW), "up"), {
            "a": "healthy", "b": "healthy", "d": "healthy",
            "c": "its alias target is down or has no data"})
        self.down("a")
        self.ok("health", "force", "b", "down", "--for", "1h")
        said = candidates(self.said(*WWW), "up")
        who = getpass.getuser()
        for one, by in (("a", "report"), ("b", "force")):
            self.assertFalse(said[one]["kept"])
            self.assertEqual(said[one]["why"], "its health check is down")
            health = said[one]["health"]
            self.assertEqual((health["health_check"], health["state"], health["by"]),
                             (one, "down", by))
            self.assertRegex(health["since"], r"^\d{4}-")
            self.assertEqual(health["until"] is not None, by == "force")
        self.assertEqual(said["c"]["alias"], "nothing.example.com.")
        self.assertNotIn("health", said["c"])
        text = self.ok("explain", *WWW)
        for one, by in (("a", "report"), ("b", "force")):
            self.assertRegex(text, rf"(?m)^ +dropped {one}: its health check is down, {one} down "
                                   rf"\({by} by {re.escape(who)}\S* {SINCE}\)$")
        self.assertRegex(text, r"(?m)^ +dropped c: its alias target is down or has no data, alias "
                               r"to nothing\.example\.com\.$")
        self.assertRegex(text, r"(?m)^ +kept    d: healthy, alias to plain\.example\.com\.$")

    def test_all_down(self):
        self.down("a", "b")
        said = self.said(*TURN)
        self.assertEqual(set(self.whys(said, "up").values()), {"down, but too many are: all go on"})
        self.assertTrue(all(one["kept"] for one in candidates(said, "up").values()))
        self.assertEqual(values_of(said), ["192.0.2.11"])
        said = self.said("only.example.com", "A")
        self.assertEqual((said["rcode"], said["result"], said["extended_error"]),
                         ("SERVFAIL", "nothing that was chosen can answer", 0))
        self.assertEqual(set(self.whys(said, "up").values()),
                         {"too many are down, so none goes on"})
        self.assertRegex(self.ok("explain", "only.example.com", "A"),
                         r"(?m)^SERVFAIL, nothing .* answer, scope 0, extended error 0$")

    def test_tiers(self):
        said = self.said(*TURN)
        self.assertEqual(self.whys(said, "tier"), {"first": "of the best tier",
                                                   "second": "of another tier"})
        self.assertEqual([one["tier"] for one in candidates(said, "tier").values()], [0, 1])
        self.down("a")
        said = self.said(*TURN)
        self.assertEqual(self.whys(said, "tier"), {"second": "of the best tier"})
        self.assertIn("kept    second: of the best tier, tier 1\n", self.ok("explain", *TURN))

    def test_draws(self):
        said = self.until_seed(WWW, lambda said: values_of(said) == ["192.0.2.1"])
        drawn = candidates(said, "weighted")
        self.assertEqual(drawn["a"]["why"], "drawn")
        self.assertEqual((drawn["a"]["weight"], drawn["a"]["of"]), (90, 240))
        self.assertLess(drawn["a"]["draw"], 90)
        self.assertEqual(self.whys(said, "take"), {"a": "among the first",
                                                   "b": "not among the first",
                                                   "d": "not among the first"})
        self.assertRegex(self.ok("explain", *WWW, "--seed", str(said["seed"])),
                         r"(?m)^ +kept    a: drawn, weight 90, drew \d+ of 240$")
        past = self.until_seed(WWW, lambda said: not all(
            one["kept"] for one in candidates(said, "weighted").values()))
        missed = [one for one in candidates(past, "weighted").values() if not one["kept"]]
        self.assertEqual({(one["id"], one["why"], one["weight"], one["of"]) for one in missed},
                         {("c", "drawn, but down or drawn before: drawn again", 60, 240)})

    def test_draws_without_weight(self):
        said = self.said("zero.example.com", "A")
        drawn, = candidates(said, "weighted").values()
        self.assertEqual((drawn["weight"], drawn["of"]), (0, 2))
        drawn = candidates(self.said("many.example.com", "A"), "shuffle")
        self.assertEqual(set(drawn), {"a", "b"})
        self.assertNotIn("weight", drawn["a"])

    def test_a_draw_is_told_of_the_step_that_orders(self):
        said = self.said("own.example.com", "A", "--from", "198.51.100.1")
        self.assertEqual(list(self.whys(said, "weighted").values()), ["drawn"])
        self.assertEqual(set(self.whys(said, "up").values()), {"healthy"})

    def test_a_check_that_is_not_defined(self):
        said = self.said("undefined.example.com", "A")
        group = said["events"][0]
        self.assertEqual((group["group"], group["policy"], group["chosen"]), ("A", "simple", [""]))
        self.assertEqual(values_of(said), ["192.0.2.9"])
        health = candidates(self.said("zero.example.com", "A"), "up")["b"]["health"]
        self.assertEqual((health["type"], health["state"], health["by"]),
                         (None, "up", "undefined"))
        self.assertIn("kept    b: healthy, never up (undefined)\n",
                      self.ok("explain", "zero.example.com", "A"))


class AnswersAreTold(ExplainStory):

    def test_the_plain_target_of_an_alias(self):
        self.ok("set", "leads.example.com", "A", "--alias", "plain.example.com")
        self.assertIn("kept    the record set: healthy\n",
                      self.ok("explain", "leads.example.com", "A"))

    def test_plain_values(self):
        said = self.said("plain.example.com", "A", "--seed", "7")
        self.assertEqual(said, {
            "name": "plain.example.com.", "type": "A", "rcode": "NOERROR", "result": "answer",
            "client": {"by": "nothing", "prefix": None}, "seed": 7, "scope": 0,
            "events": [{"put": "answer", "name": "plain.example.com.", "type": "A", "ttl": 300,
                        "values": ["192.0.2.80"]}]})
        self.assertEqual(self.ok("explain", "plain.example.com", "A", "--seed", "7"),
                         "plain.example.com. A, client unknown, seed 7\n"
                         "plain.example.com.\t300\tA\t192.0.2.80\n"
                         "NOERROR, answer, scope 0\n")

    def test_the_way_of_an_alias_and_its_ttl(self):
        self.down("a")
        said = self.said("x.any.example.com", "A")
        way = [(event["name"], event["depth"], event["type"], event["found"])
               for event in said["events"] if "found" in event]
        self.assertEqual(way, [("way.example.com.", 1, "A", "record sets"),
                               ("links.example.com.", 2, "A", "CNAME"),
                               ("plain.example.com.", 3, "A", "record sets")])
        groups = [(event["name"], event["group"], event["depth"], event["strict"])
                  for event in said["events"] if "group" in event]
        self.assertEqual(groups, [("x.any.example.com.", "A", 0, False),
                                  ("way.example.com.", "A", 1, True),
                                  ("links.example.com.", "CNAME", 2, True),
                                  ("plain.example.com.", "A", 3, True)])
        self.assertEqual(said["events"][-1], {
            "put": "answer", "name": "x.any.example.com.", "type": "A", "ttl": 40,
            "values": ["192.0.2.80"]})
        text = self.ok("explain", "x.any.example.com", "A")
        self.assertRegex(text, r"(?m)^    alias to links\.example\.com\. A: CNAME$")
        self.assertRegex(text, r"(?m)^      links\.example\.com\. CNAME: failover, 2 record sets, "
                               r"only what is healthy$")

    def test_a_cname_goes_on_at_its_target(self):
        said = self.said("links.example.com", "A")
        self.assertEqual([(event["name"], event["group"]) for event in said["events"]
                          if "group" in event],
                         [("links.example.com.", "CNAME"), ("turn.example.com.", "A")])
        self.assertEqual([(event["name"], event["ttl"], event["values"])
                          for event in said["events"] if "put" in event],
                         [("links.example.com.", 40, ["turn.example.com."]),
                          ("turn.example.com.", 30, ["192.0.2.11"])])

    def test_the_owner_of_a_group_that_gives_nothing(self):
        self.down("a", "b")
        for words, rcode, owner in ((("named.example.com", "A"), "SERVFAIL", "only.example.com."),
                                    (("post.example.com", "MX"), "NOERROR", None)):
            said = self.said(*words)
            self.assertEqual(said["rcode"], rcode)
            group, = [event for event in said["events"] if "group" in event]
            self.assertEqual((group.get("name"), group["chosen"]), (owner, []))
            self.assertRegex(self.ok("explain", *words),
                             rf"(?m)^  {f'{owner} ' if owner else ''}A: up all-down=servfail, ")

    def test_the_additional_section(self):
        said = self.said("example.com", "MX")
        group, = [event for event in said["events"] if "group" in event]
        self.assertEqual((group["name"], group["policy"]), ("many.example.com.", "multivalue"))
        self.assertRegex(self.ok("explain", "example.com", "MX"),
                         r"(?m)^; many\.example\.com\.\t300\tA\t192\.0\.2\.2$")

    def test_no_such_data_and_no_such_name(self):
        for words, rcode, result in (
                (("plain.example.com", "TXT"), "NOERROR", "no data"),
                (("none.example.com", "A"), "NOERROR", "no data"),
                (("missing.example.com", "A"), "NXDOMAIN", "no such name")):
            said = self.said(*words)
            self.assertEqual((said["rcode"], said["result"]), (rcode, result))
            put, = [event for event in said["events"] if "put" in event]
            self.assertEqual((put["put"], put["type"], put["ttl"]), ("authority", "SOA", 60))
            self.assertRegex(self.ok("explain", *words), rf"(?m)^{rcode}, {result}, scope 0$")

    def test_a_target_of_nobody_here(self):
        said = self.said("far.example.com", "A")
        self.assertEqual((said["rcode"], said["result"], said["extended_error"]),
                         ("SERVFAIL", "alias target not resolved yet", 14))
        self.assertEqual([event["name"] for event in said["events"]],
                         ["far.example.com.", "lb.elsewhere.invalid."])
        self.assertIs(said["events"][1]["resolved"], False)
        self.assertEqual(said["events"][1]["target"]["state"], "pending")
        self.know(self.store_of_zones, ("lb.elsewhere.invalid.", 55, "203.0.113.1"))
        said = self.said("far.example.com", "A")
        self.assertEqual((values_of(said), said["events"][-1]["ttl"]), (["203.0.113.1"], 55))
        self.assertIs(said["events"][1]["resolved"], True)
        self.assertEqual(said["events"][1]["target"]["records"], 1)

    def far(self):
        """What is printed of the external target."""
        line, = re.findall(r"(?m)^ +alias to lb\.elsewhere\.invalid\. A: (.*)$",
                           self.ok("explain", "far.example.com", "A"))
        return re.sub(r"\d{4}-\d\d-\d\dT[\d:]+[+-][\d:]{5}", "TIME", line)

    def test_how_a_target_of_nobody_here_is(self):
        store, target = self.store_of_zones, ("lb.elsewhere.invalid.", 55)
        silent = f"external, pending: {store.directory}: no steerd is running"
        error = "timeout\x1b".encode().hex()
        self.assertEqual(self.far(), silent)
        for known, more, said in (
                (["203.0.113.1", "203.0.113.2"], {},
                 "external, fresh, 2 records, TTL 55, received TIME"),
                ([], {}, "external, fresh, NODATA, TTL 55, received TIME"),
                ([], {"nxdomain": 1}, "external, fresh, NXDOMAIN, TTL 55, received TIME"),
                (["203.0.113.1"], {"held": 1}, "external, held, 1 record, TTL 55, received TIME, "
                 "stays until TIME"),
                (["203.0.113.1"], {"failures": 1, "error": error}, "external, stale, 1 record, TTL "
                 r"55, received TIME, stays until TIME, 1 try in a row failed: timeout\x1b"),
                ([], {"failures": 2}, "external, stale, NODATA, TTL 55, received TIME, stays until "
                 "TIME, 2 tries in a row failed")):
            self.know(store, (*target, *known), **more)
            self.assertEqual(self.far(), said)
            event = self.said("far.example.com", "A")["events"][1]
            self.assertEqual(event["untold"], f"{store.directory}: no steerd is running")
            self.assertIn(f"external, {event['target']['state']},", said)
        self.know(store, (target[0], None))
        self.assertEqual(self.far(), silent)

    def test_what_steerd_tells_of_a_target(self):
        """It is asked once, although what is not resolved is explained in several turns."""
        told, asked = [], []
        def behave(one):
            asked.append(one.recv(4096).split(b" ")[1])
            one.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps(told).encode())
        peer = Peer(self.store_of_zones.path(asking.SOCKET), behave)
        self.assertEqual(self.far(), "external, pending: steerd does not know of it yet")
        self.assertEqual(asked, [b"/targets?name=lb.elsewhere.invalid."])
        told.append({"target": "lb.elsewhere.invalid.", "type": "A", "state": "failed",
                     "failures": 3, "error": "192.0.2.53: REFUSED", "next": 2000000000})
        self.assertEqual(self.far(),
                         "external, failed, 3 tries in a row failed: 192.0.2.53: REFUSED")
        event = self.said("far.example.com", "A")["events"][1]
        self.assertNotIn("untold", event)
        self.assertRegex(event["target"]["next"], "^2033-")
        told[0]["state"] = "pending"
        del told[0]["failures"], told[0]["error"]
        self.assertEqual(self.far(), "external, pending")
        peer.stop()

    def test_names_that_nothing_hosted_answers(self):
        for name in ("www.example.org", "lacks.over.test", "over.test"):
            for more in ((), ("--samples", "3"), ("--json",)):
                result = self.store_of_zones.run("explain", name, "A", *more)
                self.assert_status(result, 1, rf"{name}\.: no hosted zone answers for it")
                self.assertEqual(result.out != "", "--json" in more)
        self.assertEqual(values_of(self.said("held.over.test", "A")), ["192.0.2.1"])

    def test_an_answer_whose_reasons_take_too_much_work(self):
        """One of 300 aliases is chosen and explained; the health of the others is not."""
        records = "".join(f"  t{n}: {{type: A, values: [192.0.2.{n % 250}]}}\n"
                          for n in range(300))
        sets = "".join(f"      s{n}: {{alias: t{n}}}\n" for n in range(300))
        self.bring(self.store_of_zones, "zone: wide.test\nrecords:\n"
                   "  '@': {type: NS, values: [ns.example.net.]}\n"
                   "  www:\n    type: A\n    policy: [up, shuffle, take 1]\n    sets:\n"
                   f"{sets}{records}")
        said = self.said("www.wide.test", "A", "--seed", "1")
        self.assertEqual((said["rcode"], said["unexplained"]), ("NOERROR", True))
        self.assertEqual(len(values_of(said)), 1)
        self.assertRegex(self.ok("explain", "www.wide.test", "A", "--seed", "1"),
                         r"(?m)^  explaining it takes more work than an answer may \(rule A8\)$")
        self.down("a", "b")
        for name, rcode in (("www", "NOERROR"), ("only", "SERVFAIL")):
            said = self.said(f"{name}.example.com", "A")
            self.assertEqual((said["rcode"], "unexplained" in said), (rcode, False))
