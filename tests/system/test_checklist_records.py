# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of Route 53's feature checklist that concern records, aliases, weights, failover, many
values and selection: each is a test, named by its number. Where Steer is other on purpose
(steer-policies(7), DIFFERENCES FROM ROUTE 53), the test is of what Steer does.
"""

from steer.checklist import ONE, TWO, WWW, ChecklistCase, weighted, zone
from steer.policystory import addresses
from steer.wire import EDNS_1232, NOERROR, PLAIN, TYPES, labels, opt

SOA, TXT = TYPES["SOA"], TYPES["TXT"]


class ChecklistOfRecords(ChecklistCase):

    # Zones and records.

    def test_row_2_default_ns_and_soa(self):
        store = self.take("www: {type: A, values: [192.0.2.1]}")
        self.assertRegex(store.ok("get", "example.com.", "NS"), r"\t172800\t.*ns\.example\.net\.")
        self.assertRegex(store.ok("get", "example.com.", "SOA"),
                         r"\t900\t.*ns\.example\.net\. \S+ \d+ 7200 900 1209600 86400")

    def test_row_3_the_serial_rises_departure(self):
        store = self.take("www: {type: A, values: [192.0.2.1]}")
        before = store.ok("get", "example.com.", "SOA")
        self.bring(store, zone("www: {type: A, values: [192.0.2.2]}"))
        self.assertNotEqual(store.ok("get", "example.com.", "SOA"), before)

    def test_row_4_the_negative_ttl_is_the_smaller_of_two(self):
        for ttl, minimum in ((50, 300), (300, 50)):
            with self.subTest(ttl=ttl, minimum=minimum):
                store = self.policies(f"zone: example.com\n"
                                      f"soa: {{ttl: {ttl}, minimum: {minimum}}}\n"
                                      "records: {www: {type: A, values: [192.0.2.1]}}\n",
                                      name=f"store{ttl}")
                host = self.host(f"knot{ttl}", store=store.directory).start()
                answer = self.ask(host, "missing.example.com.")
                self.assertEqual([rr[3] for rr in answer.authority], [50])

    def test_row_7_many_values_and_record_sets_departure(self):
        values = ", ".join(f"192.0.{n // 250}.{n % 250}" for n in range(500))
        many = "".join(f"n{n}: {{type: A, values: [192.0.2.1]}}\n" for n in range(11000))
        store = self.take(f"www: {{type: A, values: [{values}]}}\n" + many)
        self.assertEqual(store.ok("get", WWW, "A").count("192.0."), 500)

    def test_row_8_a_thousand_record_sets_departure(self):
        def group(count):
            return "www:\n  type: A\n  policy: weighted\n  sets:\n" + "".join(
                f"    s{n}: {{values: [192.0.2.{n % 250}]}}\n" for n in range(count))
        self.take(group(1000))
        store = self.store("--ns", "ns.example.net.", name="more")
        result = store.run("import", self.file("more.yaml", zone(group(1001))))
        self.assert_status(result, 1, "1000")

    def test_row_9_changes_are_served_at_once_departure(self):
        store, host = self.serve("www: {type: A, values: [192.0.2.1]}")
        self.bring(store, zone("www: {type: A, values: [192.0.2.2]}"))
        self.until_answered(host, WWW, TWO)

    def test_row_10_sizes_are_the_servers_departure(self):
        values = ", ".join(f"192.0.2.{n}" for n in range(1, 61))
        _, host = self.serve(f"www: {{type: A, values: [{values}]}}")
        for edns, truncated in ((PLAIN, True), ((1, opt(512)), True), (EDNS_1232, False)):
            self.assertEqual(self.ask(host, WWW, edns=edns).tc, truncated)
        self.assertEqual(len(self.ask(host, WWW, tcp=True).answer), 60)

    def test_row_11_types(self):
        values = {
            "A": "192.0.2.1", "AAAA": "2001:db8::1", "CAA": '0 issue "ca.example.net"',
            "DS": "1 8 2 " + "AB" * 32, "HTTPS": "1 . alpn=h3,h2", "MX": "10 mail",
            "NAPTR": '10 10 "S" "SIP+D2U" "" srv', "NS": "ns.example.net.",
            "PTR": "www", "SPF": "'\"v=spf1 -all\"'", "SRV": "0 0 443 www",
            "SSHFP": "1 1 " + "AB" * 20, "SVCB": "1 www alpn=h2", "TLSA": "3 1 1 " + "AB" * 32,
            "TXT": "'\"some text\"'", "CNAME": "www"}
        records = "".join(
            f"t{rrtype.lower()}: {{type: {rrtype}, values: [{self.scalar(value)}]}}\n"
            for rrtype, value in values.items() if rrtype != "DS")
        records += f"tns: [{{type: NS, values: [ns.example.net.]}}, " \
                   f"{{type: DS, values: ['{values['DS']}']}}]\n"
        records = records.replace("tns: {type: NS, values: ['ns.example.net.']}\n", "")
        store = self.take(records)
        for rrtype in values:
            name = "tns" if rrtype == "DS" else f"t{rrtype.lower()}"
            self.assertIn(f"\t{rrtype}\t", store.ok("get", f"{name}.example.com.", rrtype))
        self.assertIn("\tSOA\t", store.ok("get", "example.com.", "SOA"))

    @staticmethod
    def scalar(value):
        return value if value.startswith("'") else f"'{value}'"

    def test_row_12_names_are_kept_in_lower_case(self):
        store, host = self.serve("WwW: {type: A, alias: LB}\nlB: {type: A, values: [192.0.2.1]}")
        self.assertIn("\nwww.example.com.", "\n" + store.ok("list", "example.com."))
        answer = self.ask(host, "wWw.eXample.com.")
        self.assertEqual(answer.names(), [labels("wWw.eXample.com.")])

    def test_row_13_strings_of_text(self):
        store = self.take(f"www: {{type: TXT, values: ['\"{'x' * 255}\" \"y\\065\"']}}\n"
                          f"long: {{type: TXT, values: ['\"{'x' * 256}\"']}}\n")
        self.assertIn(f'"{"x" * 255}" "yA"\n', store.ok("get", WWW, "TXT"))
        with self.subTest("a longer one is several"):
            self.assertIn(f'"{"x" * 255}" "x"\n', store.ok("get", "long.example.com.", "TXT"))

    def test_row_14_all_priorities_and_keys_of_https_departure(self):
        store = self.take("www: {type: HTTPS, values: ['65535 . key65333=x']}")
        self.assertIn("65535", store.ok("get", WWW, "HTTPS"))

    def test_row_15_wildcards(self):
        _, host = self.serve('"*": {type: A, values: [192.0.2.1]}\n'
                             '"*.ns": {type: NS, values: [ns.example.net.]}\n'
                             '"a*": {type: A, values: [192.0.2.2]}\n'
                             "www: {type: TXT, values: [x]}")
        for name, given in (("x", ONE), ("x.y.z", ONE), ("a*", TWO), ("ab", ONE), ("www", "")):
            with self.subTest(name):
                self.assertEqual(addresses(self.ask(host, f"{name}.example.com.")), given)

    def test_row_16_wildcards_with_policies_and_aliases(self):
        store, host = self.serve(weighted('"*.w"', a=1, b=0) + '"*.al": {type: A, alias: x.w}\n')
        self.assertEqual(addresses(self.ask(host, "x.y.w.example.com.")), ONE)
        answer = self.ask(host, "q.al.example.com.")
        self.assertEqual((addresses(answer), answer.names()), (ONE, [labels("q.al.example.com.")]))
        self.down(store, "a")
        self.until_answered(host, "q.al.example.com.", TWO)

    def test_row_17_no_cname_at_the_apex(self):
        self.refuse('"@": {type: CNAME, values: [www]}\n', "CNAME", "apex|zone's own name")
        self.refuse('"@": {type: CNAME, alias: www}\nwww: {type: CNAME, values: [a]}', "CNAME")

    def test_row_18_a_cname_stands_alone(self):
        for one, other in (("{type: CNAME, values: [a]}", "{type: A, values: [192.0.2.1]}"),
                           ("{type: CNAME, values: [a]}", "{type: A, alias: a}"),
                           ("{type: CNAME, alias: a}", "{type: TXT, values: [x]}"),
                           ("{type: CNAME, policy: weighted, sets: {i: {values: [a]}}}",
                            "{type: A, values: [192.0.2.1]}")):
            self.refuse(f"www: [{one}, {other}]", "CNAME")
            self.refuse(f"www: [{other}, {one}]", "CNAME")

    def test_row_19_ttls(self):
        store = self.take("www: {type: A, ttl: 0, values: [192.0.2.1]}\n"
                          "far: {type: A, ttl: 2147483647, values: [192.0.2.1]}")
        self.assertIn("2147483647", store.ok("get", "far.example.com.", "A"))
        self.refuse("www: {type: A, ttl: 2147483648, values: [192.0.2.1]}", "2147483647")
        self.refuse("www: {type: A, ttl: 60, alias: a}", "ttl")

    def test_row_20_one_ttl_for_weights(self):
        self.refuse("www:\n  type: A\n  policy: weighted\n  sets:\n"
                    "    a: {ttl: 60, values: [192.0.2.1]}\n"
                    "    b: {ttl: 61, values: [192.0.2.2]}\n", "60", "61")
        self.take("www:\n  type: A\n  policy: failover\n  sets:\n"
                  "    a: {tier: 0, health: a, ttl: 60, values: [192.0.2.1]}\n"
                  "    b: {tier: 1, ttl: 61, values: [192.0.2.2]}\n")

    # Aliases.

    def test_row_22_an_alias_or_values(self):
        self.refuse("www: {type: A, alias: a, values: [192.0.2.1]}", "alias", "values")
        self.refuse("www: {type: A}", "values", "alias")

    def test_row_23_targets_anywhere_departure(self):
        store = self.take("a: {type: A, alias: lb.example.net.}\nb: {type: A, alias: a}")
        self.assertIn("lb.example.net.", store.ok("get", "a.example.com.", "A"))

    def test_row_24_no_alias_of_ns_soa_or_dname(self):
        for name, rrtype in (("sub", "NS"), ('"@"', "SOA"), ("sub", "DNAME"), ('"@"', "NS")):
            self.refuse(f"{name}: {{type: {rrtype}, alias: a}}", rrtype)
        with self.subTest("of another type than the target's: no data"):
            _, host = self.serve("www: {type: TXT, alias: a}\na: {type: A, values: [192.0.2.1]}")
            answer = self.ask(host, WWW, TXT)
            self.assertEqual((answer.rcode, answer.answer, answer.authority[0][1]),
                             (NOERROR, [], SOA))

    def test_row_25_targets_that_are_not_there_yet_departure(self):
        store = self.store("--ns", "ns.example.net.")
        result = store.run("import", self.file("early.yaml", zone("www: {type: A, alias: later}")))
        self.assert_status(result, 0, r"later\.example\.com\.", "A")
        host = self.host(store=store.directory).start()
        self.assertEqual(self.ask(host, WWW).rcode, NOERROR)
        self.assertEqual(self.ask(host, WWW).answer, [])
        self.assert_status(store.run("check"), 1, r"later\.example\.com\.")
        store.ok("import", "--merge", self.file("late.yaml",
                                                zone("later: {type: A, values: [192.0.2.1]}")))
        self.until_answered(host, WWW, ONE)
        self.assert_status(store.run("check"), 0)

    # Changes.

    def test_row_73_a_change_of_any_size_is_one_departure(self):
        records = "".join(weighted(f"n{n}", a=1, b=2, c=3) for n in range(1500))
        store, host = self.serve(records)
        result = store.run("import", self.file("bad.yaml", zone(
            records.replace("weight: 1,", "weight: 7,") + "z: {type: A, values: [nonsense]}\n")))
        self.assert_status(result, 1, r"bad\.yaml:\d+")
        self.assertNotIn("7", store.ok("get", "n0.example.com.", "A").replace("\t", "\n"))
        self.assertEqual(self.ask(host, "n1499.example.com.").rcode, NOERROR)
