# SPDX-License-Identifier: GPL-3.0-or-later
"""What cli53 and PowerDNS write into zone files, imported and served."""

from steer.policystory import PolicyStory
from steer.route53 import health_check, health_checks, text

HEAD = """\
$ORIGIN example.com.
@ 900 IN SOA ns.example.net. me.example.net. 1 7200 900 1209600 86400
@ 900 IN NS ns.example.net.
"""
ONE, TWO, THREE, FOUR = (f"192.0.2.{n}" for n in range(1, 5))
BLUE = "0b8b2ec4-3e0f-4a54-9a14-1f2d3c4b5a69"


class Dialect(PolicyStory):

    def setUp(self):
        super().setUp()
        self.steer = self.store("--map-size", "64M")

    def give(self, lines, *others, options=(), status=0, words=()):
        """Imports a zone file with these lines, and other files."""
        result = self.steer.run("import", *options, self.file("example.zone", HEAD + lines),
                                *others)
        self.assert_status(result, status, *words)
        return result.err.replace(self.dir + "/", "")

    def served(self, *args, **options):  # pylint: disable=arguments-differ
        said = self.give(*args, **options)
        return self.host(store=self.steer.directory).start(), said


class Cli53(Dialect):

    def test_every_routing(self):
        """What cli53 exports, beside the health checks of Route 53."""
        checks = self.file("checks.json", text(health_checks(health_check(
            BLUE, Type="TCP", IPAddress=ONE, Port=1, RequestInterval=30, FailureThreshold=3))))
        host, said = self.served(f"""\
www\t60\tIN\tA\t{ONE} ; AWS routing="WEIGHTED" weight=0 identifier="a"
www\t60\tIN\tA\t{TWO} ; AWS routing="WEIGHTED" weight=7 identifier="b"
www\t60\tIN\tA\t{THREE} ; AWS routing="WEIGHTED" weight=7 identifier="b"
over\t60\tIN\tA\t{ONE} ; AWS routing="FAILOVER" failover="PRIMARY" healthCheckId="{BLUE}" \
identifier="over-Primary"
over\t60\tIN\tA\t{TWO} ; AWS routing="FAILOVER" failover="SECONDARY" identifier="over-Secondary"
place\t60\tIN\tA\t{ONE} ; AWS routing="GEOLOCATION" continentCode="EU" identifier="eu"
place\t86400\tAWS\tALIAS\tA many $self false ; AWS routing="GEOLOCATION" countryCode="*" \
identifier="rest"
fast\t60\tIN\tA\t{FOUR} ; AWS routing="LATENCY" region="eu-west-1" identifier="ie"
many\t60\tIN\tA\t{ONE} ; AWS routing="MULTIVALUE" identifier="1"
many\t60\tIN\tA\t{TWO} ; AWS routing="MULTIVALUE" identifier="2"
@\t86400\tAWS\tALIAS\tA www $self true
@\t86400\tAWS\tALIAS\tAAAA www.example.com. Z1 true
""", checks)
        self.assertEqual(said, "")
        for name, wanted in (("www.", f"{TWO} {THREE}"), ("over.", ONE), ("fast.", FOUR),
                             ("place.", f"{ONE} {TWO}"), ("many.", f"{ONE} {TWO}"),
                             ("", f"{TWO} {THREE}")):
            with self.subTest(name):
                self.until_answered(host, f"{name}example.com.", wanted)
        self.steer.ok("health", "force", BLUE, "down")
        self.until_answered(host, "over.example.com.", TWO)

    def test_shares_are_those_of_the_weights(self):
        host, _ = self.served("".join(
            f"www 60 IN A 192.0.2.{n} ; AWS routing=\"WEIGHTED\" weight={n} identifier=\"{n}\"\n"
            for n in (1, 2, 3)))
        self.assert_shares(self.counted(host, "www.example.com."), {ONE: 1, TWO: 2, THREE: 3})

    def test_twice_in_a_row_changes_nothing(self):
        lines = f"w 60 IN A {ONE} ; AWS routing=\"MULTIVALUE\" identifier=\"1\"\n" \
                "@ 60 AWS ALIAS A w $self true\n"
        self.give(lines)
        before = self.steer.ok("stats"), self.steer.ok("export", "--format", "yaml")
        self.assertEqual(self.give(lines), "")
        self.assertEqual((self.steer.ok("stats"), self.steer.ok("export", "--format", "yaml")),
                         before)

    def test_what_is_wrong_changes_nothing(self):
        self.give("")
        before = self.steer.ok("stats"), self.steer.ok("list")
        for lines, words in (
                (f"w 60 A {ONE} ; AWS routing=\"WEIGHTED\"\n", r"weight: missing"),
                (f"w 60 A {ONE} ; AWS routing=\"WEIGHTED\" weight=1 identifier=\"a\"\n"
                 f"w 60 A {TWO}\n", r"record sets with and without an identifier"),
                ("w 60 AWS ALIAS A x $self maybe\n", r"allowed: true, false")):
            with self.subTest(words):
                said = self.give(lines, status=1)
                self.assertRegex(said, rf"^example\.zone:[45]:\d+: .*{words}")
                self.assertEqual((self.steer.ok("stats"), self.steer.ok("list")), before)
