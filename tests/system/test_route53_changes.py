# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches of changes of Route 53: CREATE, UPSERT, DELETE on a zone as it is, all or nothing."""

import os
import re
import select
import signal
import subprocess

from steer import env
from steer.route53 import (OWN, alias, apex, changes, health_check, health_checks, hosted_zone,
                           lists, text, values, weighted, zone)
from steer.route53story import Route53Story
from steer.wire import TYPES

ONE, TWO, THREE = (f"192.0.2.{n}" for n in range(1, 4))
WWW = "www.example.com."
PIPE = 1 << 20  # Bytes, more than a pipe holds.
NETS = {"CollectionId": "c-1", "LocationName": "oslo"}
NEAR = {"Coordinates": {"Latitude": "59.91", "Longitude": "10.75"}, "Bias": 5}

# Record sets with every field, and each field with another value.
OF_EACH_FIELD = (
    (values("simple.example.com.", "A", ONE, TWO, ttl=300, HealthCheckId="c"),
     {"TTL": 301, "ResourceRecords": [{"Value": ONE}], "HealthCheckId": "d"}),
    (alias("alias.example.com.", "simple.example.com.", evaluate=True),
     {"AliasTarget": {"HostedZoneId": OWN, "DNSName": WWW, "EvaluateTargetHealth": True}}),
    (values("weight.example.com.", "A", ONE, SetIdentifier="x", Weight=7), {"Weight": 8}),
    (values("region.example.com.", "A", ONE, SetIdentifier="x", Region="eu-west-1"),
     {"Region": "eu-west-2"}),
    (values("failover.example.com.", "A", ONE, SetIdentifier="x", Failover="SECONDARY"),
     {"Failover": "PRIMARY"}),
    (values("geo.example.com.", "A", ONE, SetIdentifier="x", GeoLocation={"CountryCode": "NO"}),
     {"GeoLocation": {"CountryCode": "*"}}),
    (values("near.example.com.", "A", ONE, SetIdentifier="x", GeoProximityLocation=NEAR),
     {"GeoProximityLocation": {**NEAR, "Bias": 6}}),
    (values("cidr.example.com.", "A", ONE, SetIdentifier="x", CidrRoutingConfig=NETS),
     {"CidrRoutingConfig": {**NETS, "LocationName": "rome"}}),
    (values("many.example.com.", "A", ONE, SetIdentifier="x", MultiValueAnswer=True), {}),
)
AWAY = {"AWSRegion": "eu-west-1", "Bias": 5}
SIMPLE, ALIAS, WEIGHT = (OF_EACH_FIELD[n][0] for n in range(3))
# A record set that is there, what DELETE says instead (None: it does not), which fields that tells.
OTHERWISE = (
    (SIMPLE, {"ResourceRecords": [{"Value": one} for one in (ONE, TWO, THREE)]}, "ResourceRecords"),
    (SIMPLE, {"HealthCheckId": None}, "HealthCheckId"),
    (SIMPLE, {"TTL": None, "ResourceRecords": None, "AliasTarget": ALIAS["AliasTarget"]},
     "AliasTarget"),
    (ALIAS, {"AliasTarget": {**ALIAS["AliasTarget"], "EvaluateTargetHealth": False}},
     "EvaluateTargetHealth"),
    (ALIAS, {"AliasTarget": None, "TTL": 60, "ResourceRecords": [{"Value": ONE}]},
     "ResourceRecords"),
    (WEIGHT, {"HealthCheckId": "c"}, "HealthCheckId"),
    (WEIGHT, {"Weight": None, "Region": "eu-west-1"}, "policy"),
    (values("near.example.com.", "A", ONE, SetIdentifier="x", GeoProximityLocation=NEAR),
     {"GeoProximityLocation": {"Coordinates": NEAR["Coordinates"]}}, "Bias"),
    (values("near.example.com.", "A", ONE, SetIdentifier="x", GeoProximityLocation=NEAR),
     {"GeoProximityLocation": {**NEAR, "Coordinates": {"Latitude": "59.91", "Longitude": "10.76"}}},
     "Coordinates"),
    (values("near.example.com.", "A", ONE, SetIdentifier="x", GeoProximityLocation=NEAR),
     {"GeoProximityLocation": AWAY}, "GeoProximityLocation, Coordinates"),
    (values("away.example.com.", "A", ONE, SetIdentifier="x", GeoProximityLocation=AWAY),
     {"GeoProximityLocation": NEAR}, "GeoProximityLocation, Coordinates"),
    (values("cidr.example.com.", "A", ONE, SetIdentifier="x", CidrRoutingConfig=NETS),
     {"CidrRoutingConfig": {**NETS, "LocationName": "*"}}, "CidrRoutingConfig"),
)
NAMES = {"Bias": "Bias", "GeoProximityLocation": "Bias", "AliasTarget": "AliasTarget"}


class Changes(Route53Story):

    def changed(self, *pairs, options=(), **more):
        """Imports a batch; returns what steerctl printed."""
        return self.give(text(changes(*pairs)), options=options, **more)

    def wrong(self, *pairs):
        """Imports a batch that is refused; returns its errors, without places."""
        said = self.refused(text(changes(*pairs)))
        return [re.sub(r"^part0\.json:\d+:\d+: ", "", line) for line in said.splitlines()[:-1]]

    def test_row_75_delete_needs_an_exact_match(self):
        """Name, type, identifier, TTL, values and every field of a policy have to be the same."""
        host = self.served(zone(*[one for one, _ in OF_EACH_FIELD]))
        self.until_answered(host, "weight.example.com.", ONE)
        for one, others in OF_EACH_FIELD:
            for field, other in others.items():
                with self.subTest(one["Name"], field=field):
                    said = self.wrong(("DELETE", {**one, field: other}))
                    self.assertEqual(len(said), 1, said)
                    self.assertRegex(said[0], "is there with another "
                                     f"{NAMES.get(field, field)}; allowed: all fields as they are")
            with self.subTest(one["Name"], what="absent"):
                other = {**one, "Name": "no.example.com."}, {**one, "SetIdentifier": "y"}
                said = self.wrong(*[("DELETE", absent) for absent in other[:1 + len(
                    one.keys() & {"SetIdentifier"})]])
                for line in said:
                    self.assertRegex(line, "no such record set; allowed: one that is there")
        self.assertRegex(self.wrong(("DELETE", values(WWW, "AAAA", "2001:db8::1")))[0],
                         "no such record set")
        self.until_answered(host, "weight.example.com.", ONE)
        backwards = {**OF_EACH_FIELD[0][0], "ResourceRecords": [{"Value": TWO}, {"Value": ONE}]}
        self.changed(*[("DELETE", one) for one in [backwards] + [
            one for one, _ in OF_EACH_FIELD[1:]]])
        self.until_answered(host, "weight.example.com.", "")
        self.assertEqual({line.split()[1] for line in self.steer.ok("list").splitlines()},
                         {"NS", "SOA"})

    def test_row_75_which_fields_are_others(self):
        self.give(zone(*{one["Name"]: one for one, *_ in OTHERWISE}.values()))
        for one, other, fields in OTHERWISE:
            with self.subTest(one["Name"], fields=fields):
                other = {key: value for key, value in {**one, **other}.items() if value is not None}
                said = self.wrong(("DELETE", other))
                self.assertRegex("\n".join(said), f"^[^\n]* is there with another {fields}; [^\n]*$")

    def test_row_73_all_or_nothing(self):
        """One wrong change among many: nothing has changed, and all wrong ones are told."""
        self.give(zone(values(WWW, "A", ONE)))
        good = [("CREATE", values(f"n{n}.example.com.", "A", ONE)) for n in range(50)]
        said = self.refused(text(changes(*good, ("CREATE", values(WWW, "A", TWO)), *good[:1],
                                         ("DELETE", values("no.example.com.", "A", ONE)))))
        self.assertEqual(said, "".join(
            f"part0.json:{line}:9: {words}\n" for line, words in (
                (654, f"CREATE: {WWW} A: is there already; allowed: UPSERT, which replaces it"),
                (667, "CREATE: n0.example.com. A: is changed in part0.json:6:34, too; allowed: "
                      "once, or by DELETE and then CREATE"),
                (680, "DELETE: no.example.com. A: no such record set; allowed: one that is "
                      "there"))) + "part0.json: 3 errors\n")
        before = self.steer.ok("log").count("import")
        self.changed(*good)
        self.assertEqual(self.steer.ok("log").count("import"), before + 1)
        self.assertEqual(self.steer.ok("list").count(ONE), 51)

    def test_changes_are_served(self):
        """One policy takes the place of another, a CNAME that of addresses, in one change."""
        host = self.served(zone(values(WWW, "A", ONE), values("c.example.com.", "A", ONE),
                                *weighted("w.example.com.", [1, 0])))
        self.until_answered(host, WWW, ONE)
        self.changed(
            ("DELETE", values(WWW, "A", ONE)), ("CREATE", weighted(WWW, [0, 3])[0]),
            ("CREATE", weighted(WWW, [0, 3])[1]),
            ("DELETE", values("c.example.com.", "A", ONE)),
            ("CREATE", values("c.example.com.", "CNAME", WWW)),
            ("UPSERT", values("w.example.com.", "A", THREE, SetIdentifier="a", Weight=9)),
            ("UPSERT", alias("example.com.", WWW)))
        self.until_answered(host, WWW, TWO)
        self.until_answered(host, "w.example.com.", THREE)
        self.until_answered(host, "example.com.", TWO)
        answer = self.ask(host, "c.example.com.")
        self.assertEqual([rr[1] for rr in answer.answer], [TYPES["CNAME"], TYPES["A"]])
        self.changed(*[("DELETE", one) for one in weighted(WWW, [0, 3])],
                     ("CREATE", values(WWW, "A", ONE, THREE)))
        self.until_answered(host, WWW, f"{ONE} {THREE}")

    def test_one_of_several_goes(self):
        """What has another identifier stays, also of changes in another file."""
        w, (one, two) = "w.example.com.", weighted("w.example.com.", [1, 2])
        self.give(zone(one, two, *weighted("x.example.com.", [1, 2])))
        before = self.steer.ok("log").count("import")
        self.give(text(changes(("DELETE", one))),
                  text(changes(("DELETE", weighted("x.example.com.", [1, 2])[1]))))
        self.assertEqual(self.steer.ok("log").count("import"), before + 1)
        self.assertEqual([TWO in self.steer.ok("get", name, "A") for name in (w, "x.example.com.")],
                         [True, False])
        self.assertEqual([ONE in self.steer.ok("get", name, "A") for name in (w, "x.example.com.")],
                         [False, True])

    def test_what_is_refused(self):
        """Rules of order, of one policy for a name and type, and of the CNAME, in our words."""
        self.give(zone(values(WWW, "A", ONE), *weighted("w.example.com.", [1, 2]),
                       values("c.example.com.", "CNAME", WWW)))
        simple, (one, two) = values(WWW, "A", ONE), weighted("w.example.com.", [1, 2])
        cname = values("c.example.com.", "CNAME", WWW)
        many = values("w.example.com.", "A", ONE, SetIdentifier="c", MultiValueAnswer=True)
        cases = (
            ([("CREATE", weighted(WWW, [1])[0]), ("DELETE", simple)],
             ["CREATE: .* weighted, and what is there has no policy; allowed: one policy "]),
            ([("UPSERT", many)], ["UPSERT: .* 'c': multivalue, and what is there has weighted;"]),
            ([("UPSERT", {**many, "SetIdentifier": "a"})], ["'a': multivalue, and what is there"]),
            ([("UPSERT", values("w.example.com.", "A", ONE))], ["no policy, and what is there has"]),
            ([("DELETE", one), ("CREATE", many)], ["CREATE: .* multivalue, and what is there has"]),
            ([("CREATE", values("c.example.com.", "A", ONE))],
             ["there is a CNAME at the name, which stands alone; allowed: DELETE of the CNAME "]),
            ([("CREATE", values(WWW, "CNAME", "c.example.com."))],
             ["there are records of other types at the name; allowed: a CNAME alone"]),
            ([("CREATE", values("n.example.com.", "CNAME", WWW)),
              ("CREATE", values("n.example.com.", "A", ONE))],
             ["CREATE: n.example.com. A: there is a CNAME at the name"]),
            ([("CREATE", values("n.example.com.", "A", ONE)),
              ("CREATE", values("n.example.com.", "CNAME", WWW))],
             ["CREATE: n.example.com. CNAME: there are records of other types at the name"]),
            # What may not be deleted counts as deleted for those after it.
            ([("DELETE", {**simple, "TTL": 61}),
              ("CREATE", values(WWW, "CNAME", "example.net."))], ["with another TTL;"]),
            ([("DELETE", simple), ("CREATE", simple), ("UPSERT", simple)],
             [r"UPSERT: .* is changed in part0\.json:1[0-9]:"]),
            ([("DELETE", one), ("DELETE", one)], ["DELETE: .* 'a': is changed in part0.json:"]),
            ([("UPSERT", one), ("UPSERT", one)], ["UPSERT: .* 'a': is changed in part0.json:"]),
            ([("UPSERT", one), ("DELETE", one)], ["DELETE: .* 'a': is changed in part0.json:"]),
            ([("DELETE", values("example.com.", "SOA", "a. b. 1 2 3 4 5"))],
             ["an SOA goes only with its zone; allowed: UPSERT"]),
            ([("CREATE", values("example.net.", "A", ONE)), ("CREATE", simple)],
             ["Changes: no zone in the store has all these names; allowed: --zone"]),
            ([("CREATE", values("a.example.com.", "A", ONE)),
              ("CREATE", values("a.example.com.", "ZONEMD", "1 1 1 " + 96 * "0"))],
             ["Type: of a signed zone; allowed: others, as a hosted zone is not signed"]),
        )
        for pairs, wanted in cases:
            with self.subTest(wanted):
                said = self.wrong(*pairs)
                self.assertEqual(len(said), len(wanted), said)
                for line, words in zip(said, wanted):
                    self.assertRegex(line, words)
        # What they allow.
        self.changed(("UPSERT", {**cname, "TTL": 61}))
        self.changed(("UPSERT", cname))
        self.changed(("DELETE", one), ("DELETE", two), ("CREATE", many),
                     ("DELETE", cname), ("CREATE", values("c.example.com.", "A", TWO)),
                     ("DELETE", simple), ("CREATE", values(WWW, "CNAME", "c.example.com.")))
        self.assertRegex(self.steer.ok("get", "w.example.com", "A"), "multivalue")

    def test_rules_of_the_store_are_told_with_their_places(self):
        names = (WWW, "x.example.com.", "y.example.com.")
        self.give(zone(*[one for name in names for one in weighted(name, [1])]))
        new = [("CREATE", values(name, "A", TWO, ttl=ttl, SetIdentifier="b", Weight=1))
               for name, ttl in zip(names, (61, 60, 62))]
        said = self.refused(text(changes(*new))).splitlines()
        self.assertEqual(len(said), 2, said)
        self.assertRegex(said[0], r"^part0\.json:\d+:34: www\.example\.com\.: A 'b': the TTL 61, ")
        self.assertRegex(said[1], r"^part0\.json:\d+:34: y\.example\.com\.: A 'b': the TTL 62, ")

    def test_the_zone(self):
        self.give(zone(values(WWW, "A", ONE)))
        new = ("UPSERT", values("a.child.example.com.", "A", ONE))
        request = {"HostedZoneId": OWN, "ChangeBatch": changes(new)}
        self.changed(new)  # The only one that the store has.
        self.give(text(lists(*apex("child.example.com."))))
        self.assertIn("Changes: more than one zone in the store has all these names; allowed: "
                      "--zone, or", self.refused(text(request)))
        self.give(text(request), text(hosted_zone("child.example.com.")))
        self.changed(new, options=["--zone", "example.com"])
        both = {"HostedZones": [hosted_zone("child.example.com.")["HostedZone"],
                                hosted_zone("example.com.", "Z2")["HostedZone"]]}
        self.give(text(request), text({**request, "HostedZoneId": "Z2"}), text(both))
        self.assertEqual(self.steer.ok("list", "child.example.com").count(ONE), 1)
        self.assertEqual(self.steer.ok("list", "example.com").count("a.child"), 1)
        self.assertIn("Name: www.example.com. is outside the zone", self.refused(
            text(changes(new, ("UPSERT", values(WWW, "A", ONE)))),
            options=["--zone", "child.example.com"]))
        self.assertIn("the zone example.net. is not in the store", self.refused(
            text(changes(new)), options=["--zone", "example.net"]))
        self.assertIn("the zone example.com. is in the import as a whole, too",
                      self.refused(zone(values(WWW, "A", TWO)), text(request),
                                   text(hosted_zone())))

    def test_beside_other_files(self):
        """A new zone, health checks and a batch for another zone are one change set."""
        self.give(zone(values(WWW, "A", ONE)))
        before = self.steer.ok("log").count("import")
        new = text(lists(*apex("b.test."), values("x.b.test.", "A", TWO)))
        check = text(health_checks(health_check("c", Type="TCP", IPAddress=ONE, Port=25)))
        batch = text(changes(("UPSERT", values(WWW, "A", THREE, HealthCheckId="c"))))
        self.assertIn("no such record set", self.refused(new, check, text(changes(
            ("DELETE", values("no.example.com.", "A", ONE))))))
        self.assertEqual(self.give(batch, check, new),
                         "zone b.test. created, named by its SOA or hosted zone\n")
        self.assertEqual(self.steer.ok("log").count("import"), before + 1)
        self.assertRegex(self.steer.ok("get", WWW, "A"), f"{THREE}.*health c")

    def test_a_dry_run(self):
        self.give(zone(values(WWW, "A", ONE)))
        before = self.steer.ok("stats")
        pairs = ("DELETE", values(WWW, "A", ONE)), ("CREATE", values(WWW, "A", TWO))
        said = self.changed(*pairs, options=["--dry-run"])
        self.assertRegex(said, rf"(?s)-www.*{ONE}.*\+www.*{TWO}")
        self.refused(text(changes(*pairs[1:])), options=["--dry-run"])
        self.assertEqual(self.steer.ok("stats"), before)

    def reading(self, batch):
        """A steerctl that has opened the store, and reads a batch whose end has yet to come."""
        started = subprocess.Popen(self.steer.command("import", "--format", "route53", "-"),
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=env.environment())
        started.stdin.write(batch + PIPE * " ")  # It has to be read before all of it is written.
        started.stdin.flush()
        return started

    def test_nothing_slips_in_between(self):
        """What another steerctl is committing is there when a batch looks whether it is."""
        self.give(zone())
        waits = self.reading(text(changes(("CREATE", values(WWW, "A", TWO)))))
        other = self.file("other.json", text(changes(("CREATE", values(WWW, "A", ONE)))))
        tracer, pid = self.steer.stopped(self.path("trace"), "import", other)
        try:
            waits.stdin.close()
            self.assertTrue(select.select([waits.stderr], [], [], env.PATIENCE)[0])
            self.assertIn(f"waiting for process {pid} ", waits.stderr.readline())
        finally:
            os.kill(pid, signal.SIGCONT)
        self.assertIn("is there already", waits.stderr.read())
        self.assertEqual(waits.wait(env.PATIENCE), 1)
        self.assertEqual(tracer.wait(env.PATIENCE), 0)
        self.assertIn(ONE, self.steer.ok("get", WWW, "A"))
        waits.stdout.close()
        waits.stderr.close()
