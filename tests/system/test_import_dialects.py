# SPDX-License-Identifier: GPL-3.0-or-later
"""What cli53 and PowerDNS write into zone files, imported and served."""

from steer.policystory import PolicyStory
from steer.route53 import health_check, health_checks, text
from steer.wire import PLAIN, subnet

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


GEO = "prefix,country\n198.51.100.0/24,DE\n203.0.113.0/24,US\n" \
      "192.0.2.1/32,FR\n192.0.2.2/32,CA\n192.0.2.3/32,FR\n"
EU, US = "198.51.100.0/24", "203.0.113.0/24"


class Lua(Dialect):
    """LUA records of PowerDNS."""

    def until_all(self, host, wanted):
        for name, answers, *network in wanted:
            with self.subTest(name, network=network):
                self.until_answered(host, f"{name}.example.com.", *answers,
                                    edns=subnet(*network) if network else PLAIN)

    def test_choices(self):
        host, said = self.served(f"""\
rnd 60 IN LUA A "pickrandom({{'{ONE}','{TWO}','{ONE}'}})"
two 60 IN LUA A "pickrandomsample(2, {{'{ONE}','{TWO}'}})"
all 60 IN LUA A "all({{'{ONE}','{TWO}'}})"
hash 60 IN LUA A "pickwhashed({{{{5,'{ONE}'}},{{0,'{TWO}'}}}})"
old 60 IN TYPE65402 \\# 14 00010b 273139322e302e322e3427
name 60 IN LUA CNAME "pickrandom{{'two.example.com'}}"
wr 60 IN LUA A ("pickwrandom({{ "
    "{{10, '{ONE}'}}, {{30, '{TWO}'}}, {{0, '{THREE}'}} }})")
""")
        self.assertEqual(said, "")
        self.until_all(host, (("two", [f"{ONE} {TWO}"]), ("all", [f"{ONE} {TWO}"]),
                              ("hash", [ONE]), ("old", [FOUR]), ("name", [f"{ONE} {TWO}"])))
        self.assert_shares(self.counted(host, "rnd.example.com."), {ONE: 2, TWO: 1})
        self.assert_shares(self.counted(host, "wr.example.com."), {ONE: 10, TWO: 30})

    def test_what_is_up(self):
        host, said = self.served(f"""\
port 60 IN LUA A "ifportup(443, {{'{ONE}','{TWO}'}})"
none 60 IN LUA A "ifportup(443, {{'{ONE}','{TWO}'}}, {{backupSelector='empty'}})"
url 60 IN LUA A ("ifurlup('https://www.lua.org/', {{{{'{ONE}','{TWO}'}},{{'{THREE}'}}}},"
    "{{stringmatch='Lua', selector='all', backupSelector='all'}})")
""")
        self.assertEqual(said, "")
        self.until_all(host, (("port", [ONE]), ("port", [TWO]), ("none", [ONE, TWO]),
                              ("url", [f"{ONE} {TWO}"])))
        self.assertIn("tcp:192.0.2.1:443\ttcp", self.steer.ok("health", "list"))
        self.steer.ok("health", "force", f"*{TWO}*", "down")
        self.until_all(host, (("port", [ONE]), ("none", [ONE]), ("url", [ONE])))
        self.assertEqual(set(self.counted(host, "port.example.com.", 200)), {ONE})
        self.steer.ok("health", "force", f"*{ONE}*", "down")
        self.until_all(host, (("port", [TWO]), ("none", [""]), ("url", [THREE])))

    def test_places_and_networks(self):
        self.steer.ok("map", "import", "--type", "geo", self.file("geo.csv", GEO))
        self.give(f"""\
land 60 IN LUA A ";if country('US') then return {{'{ONE}','{TWO}'}} else return '{THREE}' end"
first 60 IN LUA A (";if(continent('EU')) then return '{ONE}' elseif country({{'DE','US'}}) "
    "then return '{TWO}' else return '{THREE}' end")
fence 60 IN LUA A (";if(continent('EU')) then return ifportup(1, {{'{ONE}'}}) "
    "else return ifportup(1, {{'{TWO}','{THREE}'}}) end")
view 60 IN LUA A (" view({{ {{ {{'{EU}'}}, {{'{ONE}','{TWO}'}} }},"
    "{{ {{'198.51.0.0/16'}}, {{'{THREE}'}} }}, {{ {{'0.0.0.0/0'}}, {{'{FOUR}'}} }} }}) ")
""")
        self.assertIn("view_example_com_A", self.steer.ok("map", "list"))
        host = self.host(store=self.steer.directory, ecs=True).start()
        self.until_all(host, (
            ("land", [f"{ONE} {TWO}"], US), ("land", [THREE], EU), ("first", [ONE], EU),
            ("first", [TWO], US), ("first", [THREE], "8.8.8.0/24"), ("view", [ONE], EU),
            ("view", [TWO], EU), ("view", [THREE], "198.51.7.0/24"), ("view", [FOUR], US)))
        self.steer.ok("health", "force", f"tcp:{ONE}:1", "down")
        self.steer.ok("health", "force", f"tcp:{TWO}:1", "down")
        self.until_all(host, (("fence", [ONE], EU), ("fence", [THREE], US)))
        self.assertEqual(set(self.counted(host, "fence.example.com.", 200, edns=subnet(US))),
                         {THREE})

    def test_the_closest(self):
        """By the map at the time of the import; those of equal distance share."""
        lines = f"""\
near 60 IN LUA A "pickclosest({{'{ONE}','{TWO}','{THREE}'}})"
up 60 IN LUA A ("ifportup(1, {{'{ONE}','{TWO}'}}, {{selector='pickclosest', "
    "backupSelector='pickclosest'}})")
"""
        self.assertEqual(self.give(lines).count("left out"), 2)
        self.steer.ok("map", "import", "--type", "geo", self.file("geo.csv", GEO))
        self.assertEqual(self.give(lines), "")
        host = self.host(store=self.steer.directory, ecs=True).start()
        self.until_all(host, (("near", [TWO], US), ("near", [ONE], EU), ("near", [THREE], EU),
                              ("up", [ONE], EU), ("up", [TWO], US)))
        self.assert_shares(self.counted(host, "near.example.com.", 500, edns=subnet(EU)),
                           {ONE: 1, THREE: 1})
        self.steer.ok("health", "force", f"tcp:{ONE}:1", "down")
        self.until_all(host, (("up", [TWO], EU),))

    def test_what_is_not_known_is_left_out_and_told(self):
        said = self.give(f"""\
a 60 IN LUA A "createForward()"
a 60 IN LUA AAAA "pickrandom({{'2001:db8::1'}})"
b 60 IN LUA A ("pickclosest({{ '{ONE}', "
  "'{TWO}'}})")
c 60 IN LUA A ";include('d') return x"
d 60 IN LUA LUA "x='{ONE}'"
""")
        self.assertEqual([line.split(": ")[:3] for line in said.splitlines()], [
            [f"example.zone:{line}:1", "warning", f"LUA {kind}"]
            for line, kind in ((4, "A"), (6, "A"), (8, "A"), (9, "LUA"))])
        self.assertRegex(said, "createForward .*is left out, so what PowerDNS answers is missing")
        self.assertEqual(self.steer.ok("list", "example.com").count("2001:db8::1"), 1)
        self.assertNotIn("\tA\t", self.steer.ok("list", "example.com"))

    def test_files_share_health_checks(self):
        line = f"w 60 IN LUA A \"ifportup(443, {{'{ONE}','{TWO}'}})\"\n"
        other = self.file("other.zone", HEAD.replace("example.com", "example.org") + line)
        self.give(line, other)
        self.assertEqual(len(self.steer.ok("health", "list").splitlines()), 2)
        before = self.steer.ok("stats"), self.steer.ok("export", "--format", "yaml")
        self.assertEqual(self.give(line, other), "")
        self.assertEqual((self.steer.ok("stats"), self.steer.ok("export", "--format", "yaml")),
                         before)
