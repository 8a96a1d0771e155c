/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What zones of octoDNS become: records of every type, groups of dynamic records.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/octodns/natural.h"
#include "formats/octodns/octodns.h"
#include "unit/story.h"
#include "unit/test.h"

static const uint8_t zone_a[] = "\x01""a\x04test";

/*! Reads a file. \return What it says. */
static char *tell(const char *text, size_t len, int *ret)
{
	char *copy = malloc(len + 1);
	steer_fault_t fault = { 0 };
	steer_input_t *input = NULL;
	story_t story = { 0 };
	story_begin(&story);
	memcpy(copy, text, len);
	assert_int_equal(steer_input_text(&input, "f", copy, len), STEER_OK);
	*ret = steer_octodns_read(input, zone_a, NULL, &story.reading, &fault);
	steer_input_free(input);
	free(copy);
	return story_end(&story);
}

/* Cases. */

#define POOL_50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define SUBNETS_FIRST(line) "rules: subnets come before geos, so this belongs before the rule in " \
	"line " #line "; allowed: rules with subnets alone, then with both, then with geos alone, then " \
	"for all clients\n"

static void types_become_records(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "addresses, with and without a list",
		  "'':\n  type: A\n  values: [192.0.2.1, 192.0.2.2]\nw:\n- type: A\n  value: 192.0.2.3\n"
		  "  ttl: 60\n- type: AAAA\n  values: 2001:DB8::1\n",
		  "=1:1 a.test.\n3:12 a.test. 3600 A 192.0.2.1\n3:23 a.test. 3600 A 192.0.2.2\n"
		  "6:10 w.a.test. 60 A 192.0.2.3\n9:11 w.a.test. 3600 AAAA 2001:db8::1\n" },
		{ "names",
		  "'*':\n  type: CNAME\n  value: B.test.\nd:\n  type: DNAME\n  value: b.test.\n'1':\n"
		  "  type: PTR\n  values: [b.test., c.test.]\nn:\n  type: NS\n  values: [b.test.]\n",
		  "=1:1 a.test.\n3:10 *.a.test. 3600 CNAME b.test.\n6:10 d.a.test. 3600 DNAME b.test.\n"
		  "9:12 1.a.test. 3600 PTR b.test.\n9:21 1.a.test. 3600 PTR c.test.\n"
		  "12:12 n.a.test. 3600 NS b.test.\n" },
		{ "CAA, without flags",
		  "'':\n  type: CAA\n  values:\n  - {tag: issue, value: 'ca.test; policy=ev'}\n"
		  "  - {flags: 128, tag: iodef, value: 'mailto:a@b.test'}\n",
		  "=1:1 a.test.\n4:5 a.test. 3600 CAA 0 issue \"ca.test; policy=ev\"\n"
		  "5:5 a.test. 3600 CAA 128 iodef \"mailto:a@b.test\"\n" },
		{ "DS, and with its older keys",
		  "d:\n  type: DS\n  values:\n"
		  "  - {key_tag: 1, algorithm: 8, digest_type: 1, digest: '00ff00ff00ff00ff00ff00ff00ff00ff"
		  "00ff00ff'}\n"
		  "  - {flags: 2, protocol: 8, algorithm: 1, public_key: '11ff00ff00ff00ff00ff00ff00ff00ff0"
		  "0ff00ff'}\n",
		  "=1:1 a.test.\n4:5 d.a.test. 3600 DS 1 8 1 00FF00FF00FF00FF00FF00FF00FF00FF00FF00FF\n"
		  "5:5 d.a.test. 3600 DS 2 8 1 11FF00FF00FF00FF00FF00FF00FF00FF00FF00FF\n" },
		{ "LOC",
		  "'':\n  type: LOC\n"
		  "  value: {altitude: -20, lat_degrees: 31, lat_direction: S, lat_minutes: 58, "
		  "lat_seconds: 52.1, long_degrees: 115, long_direction: E, long_minutes: 49, "
		  "long_seconds: 11.7, precision_horz: 10, precision_vert: 2, size: 10}\n",
		  "=1:1 a.test.\n3:10 a.test. 3600 LOC 31 58 52.100 S  115 49 11.700 E  -20m  10m 10m 2m\n" },
		{ "names with escapes",
		  "w: {type: PTR, value: 'a\\;\\\"\\(\\)b\\032\\\\.test.'}\n",
		  "=1:1 a.test.\n1:23 w.a.test. 3600 PTR a\\;\\\"\\(\\)b\\032\\\\.test.\n" },
		{ "MX, and with its older keys",
		  "'':\n  type: MX\n  values:\n  - {exchange: b.test., preference: 10}\n"
		  "  - {value: ., priority: 0}\n",
		  "=1:1 a.test.\n4:5 a.test. 3600 MX 10 b.test.\n5:5 a.test. 3600 MX 0 .\n" },
		{ "a backslash before what is not printed",
		  "'':\n  type: CAA\n  value: {tag: issue, value: \"a\\\\\\x7fb\"}\n",
		  "=1:1 a.test.\n3:10 a.test. 3600 CAA 0 issue \"a\\\\\\127b\"\n" },
		{ "NAPTR has the escapes of a zone file",
		  "'':\n  type: NAPTR\n"
		  "  value: {flags: U, order: 1, preference: 2, regexp: '!^(.)$!\\\\1\"x!', replacement: "
		  "., service: ''}\n",
		  "=1:1 a.test.\n3:10 a.test. 3600 NAPTR 1 2 \"U\" \"\" \"!^(.)$!\\\\1\\\"x!\" .\n" },
		{ "OPENPGPKEY",
		  "k:\n  type: OPENPGPKEY\n  value: AQMFDhkkMUA=\n",
		  "=1:1 a.test.\n3:10 k.a.test. 3600 OPENPGPKEY AQMFDhkkMUA=\n" },
		{ "SRV",
		  "_s._tcp:\n  type: SRV\n  value: {port: 30, priority: 12, target: ., weight: 20}\n",
		  "=1:1 a.test.\n3:10 _s._tcp.a.test. 3600 SRV 12 20 30 .\n" },
		{ "SSHFP",
		  "s:\n  type: SSHFP\n"
		  "  value: {algorithm: 1, fingerprint: bf6b6825d2977c511a475bbefb88aad54a92ac73, "
		  "fingerprint_type: 1}\n",
		  "=1:1 a.test.\n3:10 s.a.test. 3600 SSHFP 1 1 BF6B6825D2977C511A475BBEFB88AAD54A92AC73\n" },
		{ "SVCB and HTTPS",
		  "s:\n- type: HTTPS\n  values:\n"
		  "  - {svcpriority: 1, targetname: ., svcparams: {alpn: [h2, h3], ipv4hint: 192.0.2.1, "
		  "no-default-alpn: , port: 8443}}\n  - {svcpriority: 0, targetname: b.test.}\n"
		  "- type: SVCB\n  value: {svcpriority: 2, targetname: b.test., svcparams: {key667: x}}\n",
		  "=1:1 a.test.\n"
		  "4:5 s.a.test. 3600 HTTPS 1 . alpn=h2,h3 no-default-alpn port=8443 ipv4hint=192.0.2.1\n"
		  "5:5 s.a.test. 3600 HTTPS 0 b.test.\n7:10 s.a.test. 3600 SVCB 2 b.test. key667=\"x\"\n" },
		{ "TLSA, without its numbers",
		  "_443._tcp:\n  type: TLSA\n  values:\n  - {certificate_association_data: AABB}\n"
		  "  - {certificate_usage: 3, selector: 1, matching_type: 1, certificate_association_data: "
		  "'abababababababababababababababababababababababababababababababab'}\n",
		  "=1:1 a.test.\n4:5 _443._tcp.a.test. 3600 TLSA 0 0 0 AABB\n"
		  "5:5 _443._tcp.a.test. 3600 TLSA 3 1 1 ABABABABABABABABABABABABABABABABABABABABABABABABAB"
		  "ABABABABABABAB\n" },
		{ "URI",
		  "_u._tcp:\n  type: URI\n  value: {priority: 1, weight: 2, target: 'http://b.test/a\"b'}\n",
		  "=1:1 a.test.\n3:10 _u._tcp.a.test. 3600 URI 1 2 \"http://b.test/a\\\"b\"\n" },
		{ "TXT: bytes, of which the semicolon is escaped",
		  "'':\n  type: TXT\n  values: ['v=DKIM1\\; p=a\\b\"c', 'd;e', \"\\u00e4\\t\", '']\n",
		  "=1:1 a.test.\n3:12 a.test. 3600 TXT \"v=DKIM1; p=a\\\\b\\\"c\"\n"
		  "3:33 a.test. 3600 TXT \"d;e\"\n3:40 a.test. 3600 TXT \"\\195\\164\\009\"\n"
		  "3:52 a.test. 3600 TXT \"\"\n" },
		{ "TXT: quotes around it are taken off",
		  "'':\n  type: SPF\n  values: ['\"v=spf1 \" \"-all\"', '\"']\n",
		  "=1:1 a.test.\n3:12 a.test. 3600 SPF \"v=spf1 -all\"\n3:32 a.test. 3600 SPF \"\"\n" },
		{ "TXT: strings of 255 bytes",
		  "'':\n  type: TXT\n"
		  "  values: ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		  "xxxx']\n",
		  "=1:1 a.test.\n"
		  "3:12 a.test. 3600 TXT \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		  "xxxxxxxxxxxxxxx\" \"x\"\n" },
		{ "the type ALIAS is for addresses of both families",
		  "'':\n  type: ALIAS\n  ttl: 60\n  value: B.test.\n",
		  "=1:1 a.test.\n+4:10 a.test. A '' alias=b.test. evaluate\n"
		  "+4:10 a.test. AAAA '' alias=b.test. evaluate\n" },
		{ "aliases of Route 53",
		  "w:\n  type: Route53Provider/ALIAS\n  values:\n"
		  "  - {name: b, type: A, evaluate-target-health: true}\n  - {type: AAAA}\n"
		  "  - {name: x.cloudfront.net., type: HTTPS, hosted-zone-id: Z2FDTNDATAQYW2}\n",
		  "=1:1 a.test.\n+4:5 w.a.test. A '' alias=b.a.test. evaluate\n"
		  "+5:5 w.a.test. AAAA '' alias=a.test.\n+6:5 w.a.test. HTTPS '' alias=x.cloudfront.net.\n" },
		{ "what is none of DNS is left out",
		  "w:\n- type: URLFWD\n"
		  "  values: [{code: 302, masking: 2, path: /, query: 0, target: 'http://a.test'}]\n"
		  "- type: CloudflareProvider/PAGERULE\n  value: x\n",
		  "=1:1 a.test.\n%2:9 type: URLFWD is no type of DNS, so the record is left out\n"
		  "%4:9 type: CloudflareProvider/PAGERULE is no type of DNS, so the record is left out\n" },
		{ "options of providers",
		  "w:\n"
		  "  octodns: {included: [a], excluded: [b], lenient: true, cloudflare: {proxied: true}, "
		  "auto_arpa_priority: 1, route53: {x: 1}}\n  type: A\n  value: 192.0.2.1\n  comment: x\n",
		  "=1:1 a.test.\n%5:3 comment: no key that is known here, so it is left out\n"
		  "%2:58 cloudflare: no key that is known here, so it is left out\n"
		  "%2:23 included: names providers of octoDNS, none of which this is, so the record is "
		  "taken\n"
		  "%2:38 excluded: names providers of octoDNS, none of which this is, so the record is "
		  "taken\n%2:120 x: no key that is known here, so it is left out\n"
		  "4:10 w.a.test. 3600 A 192.0.2.1\n" },
		{ "a record that is ignored",
		  "w:\n  octodns: {ignored: true}\n  type: A\n  value: 192.0.2.1\n",
		  "=1:1 a.test.\n%2:12 ignored: the record is left out, as octoDNS does\n" },
		{ "a byte order mark, and empty values",
		  "\357\273\277---\nw:\n  type: A\n  ttl:\n  octodns: ~\n  geo: null\n  value: 192.0.2.1\n",
		  "=1:1 a.test.\n7:10 w.a.test. 3600 A 192.0.2.1\n" },
		{ "no records",
		  "{}\n",
		  "=1:1 a.test.\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
}

static void rules_and_pools_become_groups(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "one pool",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1, weight: 3}, {value: 192.0.2.2}]}\n    rules:\n"
		  "    - {pool: p}\n",
		  "=1:1 a.test.\n"
		  "?7:28 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "?7:59 w.a.test/192.0.2.2 https host=w.a.test address=192.0.2.2 path=/_dns\n"
		  "~2:3 w.a.test. A up, tier, weighted, take 1\n"
		  "+7:28 w.a.test. A 'default p 1' weight=3 tier=0 health=w.a.test/192.0.2.1\n"
		  "  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+7:59 w.a.test. A 'default p 2' weight=1 tier=0 health=w.a.test/192.0.2.2\n"
		  "  7:59 w.a.test. 60 A 192.0.2.2\n+4:11 w.a.test. A 'default values' tier=1\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "weight of an only value; status",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1, weight: 3, status: up}], fallback: q}\n"
		  "      q: {values: [{value: 192.0.2.1, status: down}, {value: 192.0.2.1}], fallback: "
		  "default}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n%7:28 weight: 3, but it is the only value of the pool, so it is 1\n"
		  "?8:28 w.a.test/192.0.2.1/down https host=w.a.test address=192.0.2.1 path=/_dns "
		  "inverted=yes disabled=yes\n"
		  "?8:62 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "~2:3 w.a.test. A up, tier, weighted, take 1\n"
		  "+7:28 w.a.test. A 'default p 1' weight=1 tier=0\n  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+8:28 w.a.test. A 'default q 1' weight=1 tier=1 health=w.a.test/192.0.2.1/down\n"
		  "  8:28 w.a.test. 60 A 192.0.2.1\n"
		  "+8:62 w.a.test. A 'default q 2' weight=1 tier=1 health=w.a.test/192.0.2.1\n"
		  "  8:62 w.a.test. 60 A 192.0.2.1\n+4:11 w.a.test. A 'default values' tier=2\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "geos",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n      q: {values: [{value: 192.0.2.2}]}\n"
		  "      r: {values: [{value: 192.0.2.3}], fallback: p}\n    rules:\n"
		  "    - {geos: [NA-US-CA, AS-CY], pool: r}\n    - {geos: [NA-US, AS], pool: q}\n"
		  "    - {pool: p}\n",
		  "=1:1 a.test.\n"
		  "?7:28 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "?8:28 w.a.test/192.0.2.2 https host=w.a.test address=192.0.2.2 path=/_dns\n"
		  "?9:28 w.a.test/192.0.2.3 https host=w.a.test address=192.0.2.3 path=/_dns\n"
		  "~2:3 w.a.test. A geo, up, tier, weighted, take 1\n"
		  "+9:28 w.a.test. A 'NA-US-CA r 1' weight=1 tier=0 geo=country:US/CA "
		  "health=w.a.test/192.0.2.3\n  9:28 w.a.test. 60 A 192.0.2.3\n"
		  "+7:28 w.a.test. A 'NA-US-CA p 1' weight=1 tier=1 geo=country:US/CA "
		  "health=w.a.test/192.0.2.1\n  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+4:11 w.a.test. A 'NA-US-CA values' tier=2 geo=country:US/CA\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+9:28 w.a.test. A 'AS-CY r 1' weight=1 tier=0 geo=country:CY health=w.a.test/192.0.2.3\n"
		  "  9:28 w.a.test. 60 A 192.0.2.3\n"
		  "+7:28 w.a.test. A 'AS-CY p 1' weight=1 tier=1 geo=country:CY health=w.a.test/192.0.2.1\n"
		  "  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+4:11 w.a.test. A 'AS-CY values' tier=2 geo=country:CY\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+8:28 w.a.test. A 'NA-US q 1' weight=1 tier=0 geo=country:US health=w.a.test/192.0.2.2\n"
		  "  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'NA-US values' tier=1 geo=country:US\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+8:28 w.a.test. A 'AS q 1' weight=1 tier=0 geo=continent:AS health=w.a.test/192.0.2.2\n"
		  "  8:28 w.a.test. 60 A 192.0.2.2\n+4:11 w.a.test. A 'AS values' tier=1 geo=continent:AS\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+7:28 w.a.test. A 'default p 1' weight=1 tier=0 geo=default health=w.a.test/192.0.2.1\n"
		  "  7:28 w.a.test. 60 A 192.0.2.1\n+4:11 w.a.test. A 'default values' tier=1 geo=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "subnets",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n      'q r': {values: [{value: 192.0.2.2}]}\n"
		  "    rules:\n    - {subnets: [10.0.0.0/8, '2001:db8::/32'], pool: q r}\n    - {pool: p}\n",
		  "=1:1 a.test.\n#10:18 10.0.0.0/8 octodns-6038ebe3ba394ee5/pool-7e661ae578a58d46\n"
		  "#10:30 2001:db8::/32 octodns-6038ebe3ba394ee5/pool-7e661ae578a58d46\n"
		  "?7:28 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "?8:32 w.a.test/192.0.2.2 https host=w.a.test address=192.0.2.2 path=/_dns\n"
		  "~2:3 w.a.test. A cidr, up, tier, weighted, take 1\n"
		  "+8:32 w.a.test. A 'subnets:pool-7e661ae578a58d46 q r 1' weight=1 tier=0 "
		  "cidr=octodns-6038ebe3ba394ee5/pool-7e661ae578a58d46 health=w.a.test/192.0.2.2\n"
		  "  8:32 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'subnets:pool-7e661ae578a58d46 values' tier=1 "
		  "cidr=octodns-6038ebe3ba394ee5/pool-7e661ae578a58d46\n  4:12 w.a.test. 60 A 192.0.2.8\n"
		  "  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+7:28 w.a.test. A 'default p 1' weight=1 tier=0 cidr=default health=w.a.test/192.0.2.1\n"
		  "  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+4:11 w.a.test. A 'default values' tier=1 cidr=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "subnets and geos",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n      q: {values: [{value: 192.0.2.2}]}\n"
		  "    rules:\n    - {subnets: [10.1.0.0/16, 192.0.2.1], geos: [EU], pool: q}\n"
		  "    - {pool: p}\n",
		  "=1:1 a.test.\n#10:18 10.1.0.0/16 octodns-118133cd1f5bc6b6/q\n"
		  "#10:31 192.0.2.1/32 octodns-118133cd1f5bc6b6/q\n"
		  "?7:28 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "?8:28 w.a.test/192.0.2.2 https host=w.a.test address=192.0.2.2 path=/_dns\n"
		  "~2:3 w.a.test. A cidr, geo, up, tier, weighted, take 1\n"
		  "+8:28 w.a.test. A 'EU q 1' weight=1 tier=0 geo=continent:EU cidr=default "
		  "health=w.a.test/192.0.2.2\n  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'EU values' tier=1 geo=continent:EU cidr=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+8:28 w.a.test. A 'subnets:q q 1' weight=1 tier=0 geo=default "
		  "cidr=octodns-118133cd1f5bc6b6/q health=w.a.test/192.0.2.2\n"
		  "  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'subnets:q values' tier=1 geo=default cidr=octodns-118133cd1f5bc6b6/q"
		  "\n  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+7:28 w.a.test. A 'default p 1' weight=1 tier=0 geo=default cidr=default "
		  "health=w.a.test/192.0.2.1\n  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+4:11 w.a.test. A 'default values' tier=1 geo=default cidr=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "pools with subnets that fall back to one another",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}], fallback: q}\n"
		  "      q: {values: [{value: 192.0.2.2}]}\n    rules:\n"
		  "    - {subnets: [10.1.0.0/16], pool: p}\n    - {subnets: [10.0.0.0/8], pool: q}\n"
		  "    - {pool: p}\n",
		  "=1:1 a.test.\n#11:18 10.0.0.0/8 octodns-847b24fbf5570002/q\n"
		  "#10:18 10.1.0.0/16 octodns-847b24fbf5570002/p\n"
		  "?7:28 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "?8:28 w.a.test/192.0.2.2 https host=w.a.test address=192.0.2.2 path=/_dns\n"
		  "~2:3 w.a.test. A cidr, up, tier, weighted, take 1\n"
		  "+7:28 w.a.test. A 'subnets:p p 1' weight=1 tier=0 cidr=octodns-847b24fbf5570002/p "
		  "health=w.a.test/192.0.2.1\n  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+8:28 w.a.test. A 'subnets:p q 1' weight=1 tier=1 cidr=octodns-847b24fbf5570002/p "
		  "health=w.a.test/192.0.2.2\n  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'subnets:p values' tier=2 cidr=octodns-847b24fbf5570002/p\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+8:28 w.a.test. A 'subnets:q q 1' weight=1 tier=0 cidr=octodns-847b24fbf5570002/q "
		  "health=w.a.test/192.0.2.2\n  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'subnets:q values' tier=1 cidr=octodns-847b24fbf5570002/q\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+7:28 w.a.test. A 'default p 1' weight=1 tier=0 cidr=default health=w.a.test/192.0.2.1\n"
		  "  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+8:28 w.a.test. A 'default q 1' weight=1 tier=1 cidr=default health=w.a.test/192.0.2.2\n"
		  "  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'default values' tier=2 cidr=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "records with the same subnets share a collection",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n      q: {values: [{value: 192.0.2.2}]}\n"
		  "    rules:\n    - {subnets: [10.1.0.0/16], pool: q}\n    - {pool: p}\nv:\n  type: A\n"
		  "  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n      q: {values: [{value: 192.0.2.2}]}\n"
		  "    rules:\n    - {subnets: [10.1.0.0/16], pool: q}\n    - {pool: p}\n",
		  "=1:1 a.test.\n#10:18 10.1.0.0/16 octodns-386d9d12e999934e/q\n"
		  "?7:28 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "?8:28 w.a.test/192.0.2.2 https host=w.a.test address=192.0.2.2 path=/_dns\n"
		  "~2:3 w.a.test. A cidr, up, tier, weighted, take 1\n"
		  "+8:28 w.a.test. A 'subnets:q q 1' weight=1 tier=0 cidr=octodns-386d9d12e999934e/q "
		  "health=w.a.test/192.0.2.2\n  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'subnets:q values' tier=1 cidr=octodns-386d9d12e999934e/q\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+7:28 w.a.test. A 'default p 1' weight=1 tier=0 cidr=default health=w.a.test/192.0.2.1\n"
		  "  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+4:11 w.a.test. A 'default values' tier=1 cidr=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "?18:28 v.a.test/192.0.2.1 https host=v.a.test address=192.0.2.1 path=/_dns\n"
		  "?19:28 v.a.test/192.0.2.2 https host=v.a.test address=192.0.2.2 path=/_dns\n"
		  "~13:3 v.a.test. A cidr, up, tier, weighted, take 1\n"
		  "+19:28 v.a.test. A 'subnets:q q 1' weight=1 tier=0 cidr=octodns-386d9d12e999934e/q "
		  "health=v.a.test/192.0.2.2\n  19:28 v.a.test. 60 A 192.0.2.2\n"
		  "+15:11 v.a.test. A 'subnets:q values' tier=1 cidr=octodns-386d9d12e999934e/q\n"
		  "  15:12 v.a.test. 60 A 192.0.2.8\n  15:23 v.a.test. 60 A 192.0.2.9\n"
		  "+18:28 v.a.test. A 'default p 1' weight=1 tier=0 cidr=default "
		  "health=v.a.test/192.0.2.1\n  18:28 v.a.test. 60 A 192.0.2.1\n"
		  "+15:11 v.a.test. A 'default values' tier=1 cidr=default\n"
		  "  15:12 v.a.test. 60 A 192.0.2.8\n  15:23 v.a.test. 60 A 192.0.2.9\n" },
		{ "what is never reached",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n      q: {values: [{value: 192.0.2.2}]}\n"
		  "      r: {values: [{value: 192.0.2.3}]}\n    rules:\n"
		  "    - {subnets: [10.0.0.0/8, 10.1.0.0/16, 10.0.0.0/8], geos: [EU, EU-FR, EU, EU-FR], "
		  "pool: q}\n"
		  "    - {subnets: [10.1.2.0/24, 11.0.0.0/8], geos: [EU-GB, NA], pool: p}\n"
		  "    - {pool: p}\n    - {geos: [AF], pool: q}\n",
		  "=1:1 a.test.\n"
		  "%11:74 geos: EU comes after EU in line 11 and is never reached, so it is left out\n"
		  "%11:78 geos: EU-FR comes after EU-FR in line 11 and is never reached, so it is left "
		  "out\n"
		  "%12:51 geos: EU-GB comes after EU in line 11 and is never reached, so it is left out\n"
		  "%14:7 rules: comes after the rule for all clients in line 13 and is never reached, so "
		  "it is left out\n"
		  "%11:43 subnets: 10.0.0.0/8 comes after 10.0.0.0/8 in line 11 and is never reached, so "
		  "it is left out\n"
		  "%12:18 subnets: 10.1.2.0/24 comes after 10.0.0.0/8 in line 11 and is never reached, so "
		  "it is left out\n%9:10 r: no rule leads to this pool, so it is left out\n"
		  "#11:18 10.0.0.0/8 octodns-1672953e1d321361/q\n"
		  "#12:31 11.0.0.0/8 octodns-1672953e1d321361/p\n"
		  "?7:28 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "?8:28 w.a.test/192.0.2.2 https host=w.a.test address=192.0.2.2 path=/_dns\n"
		  "~2:3 w.a.test. A cidr, geo, up, tier, weighted, take 1\n"
		  "+8:28 w.a.test. A 'EU q 1' weight=1 tier=0 geo=continent:EU cidr=default "
		  "health=w.a.test/192.0.2.2\n  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'EU values' tier=1 geo=continent:EU cidr=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+8:28 w.a.test. A 'EU-FR q 1' weight=1 tier=0 geo=country:FR cidr=default "
		  "health=w.a.test/192.0.2.2\n  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'EU-FR values' tier=1 geo=country:FR cidr=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+7:28 w.a.test. A 'NA p 1' weight=1 tier=0 geo=continent:NA cidr=default "
		  "health=w.a.test/192.0.2.1\n  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+4:11 w.a.test. A 'NA values' tier=1 geo=continent:NA cidr=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+7:28 w.a.test. A 'subnets:p p 1' weight=1 tier=0 geo=default "
		  "cidr=octodns-1672953e1d321361/p health=w.a.test/192.0.2.1\n"
		  "  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+4:11 w.a.test. A 'subnets:p values' tier=1 geo=default cidr=octodns-1672953e1d321361/p"
		  "\n  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+8:28 w.a.test. A 'subnets:q q 1' weight=1 tier=0 geo=default "
		  "cidr=octodns-1672953e1d321361/q health=w.a.test/192.0.2.2\n"
		  "  8:28 w.a.test. 60 A 192.0.2.2\n"
		  "+4:11 w.a.test. A 'subnets:q values' tier=1 geo=default cidr=octodns-1672953e1d321361/q"
		  "\n  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+7:28 w.a.test. A 'default p 1' weight=1 tier=0 geo=default cidr=default "
		  "health=w.a.test/192.0.2.1\n  7:28 w.a.test. 60 A 192.0.2.1\n"
		  "+4:11 w.a.test. A 'default values' tier=1 geo=default cidr=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "the longest name of a pool",
		  "w:\n  type: A\n  value: 192.0.2.8\n  dynamic:\n    pools:\n"
		  "      " POOL_50 ": {values: [{value: 192.0.2.1, status: up}]}\n"
		  "    rules:\n    - {pool: " POOL_50 "}\n",
		  "=1:1 a.test.\n~2:3 w.a.test. A up, tier, weighted, take 1\n"
		  "+6:77 w.a.test. A 'default " POOL_50 " 1' weight=1 tier=0\n"
		  "  6:77 w.a.test. 3600 A 192.0.2.1\n"
		  "+3:10 w.a.test. A 'default values' tier=1\n  3:10 w.a.test. 3600 A 192.0.2.8\n" },
		{ "networks around each other",
		  "w:\n  type: A\n  value: 192.0.2.8\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1, status: up}]}\n"
		  "      q: {values: [{value: 192.0.2.2, status: up}]}\n"
		  "      r: {values: [{value: 192.0.2.3, status: up}]}\n"
		  "      s: {values: [{value: 192.0.2.4, status: up}]}\n"
		  "    rules:\n    - {subnets: [10.1.1.0/24], pool: r}\n"
		  "    - {subnets: [10.1.0.0/16], pool: p}\n    - {subnets: [10.0.0.0/8], pool: r}\n"
		  "    - {subnets: [11.0.0.0/8], pool: s}\n    - {subnets: [0.0.0.0/0], pool: p}\n"
		  "    - {subnets: ['2001:db8::/32'], pool: q}\n    - {pool: p}\n",
		  "=1:1 a.test.\n"
		  "#15:18 0.0.0.0/0 octodns-bd44b36bfa35c2ba/p\n"
		  "#13:18 10.0.0.0/8 octodns-bd44b36bfa35c2ba/r\n"
		  "#12:18 10.1.0.0/16 octodns-bd44b36bfa35c2ba/p\n"
		  "#11:18 10.1.1.0/24 octodns-bd44b36bfa35c2ba/r\n"
		  "#14:18 11.0.0.0/8 octodns-bd44b36bfa35c2ba/s\n"
		  "#16:18 2001:db8::/32 octodns-bd44b36bfa35c2ba/q\n"
		  "~2:3 w.a.test. A cidr, up, tier, weighted, take 1\n"
		  "+6:28 w.a.test. A 'subnets:p p 1' weight=1 tier=0 cidr=octodns-bd44b36bfa35c2ba/p\n"
		  "  6:28 w.a.test. 3600 A 192.0.2.1\n"
		  "+3:10 w.a.test. A 'subnets:p values' tier=1 cidr=octodns-bd44b36bfa35c2ba/p\n"
		  "  3:10 w.a.test. 3600 A 192.0.2.8\n"
		  "+7:28 w.a.test. A 'subnets:q q 1' weight=1 tier=0 cidr=octodns-bd44b36bfa35c2ba/q\n"
		  "  7:28 w.a.test. 3600 A 192.0.2.2\n"
		  "+3:10 w.a.test. A 'subnets:q values' tier=1 cidr=octodns-bd44b36bfa35c2ba/q\n"
		  "  3:10 w.a.test. 3600 A 192.0.2.8\n"
		  "+8:28 w.a.test. A 'subnets:r r 1' weight=1 tier=0 cidr=octodns-bd44b36bfa35c2ba/r\n"
		  "  8:28 w.a.test. 3600 A 192.0.2.3\n"
		  "+3:10 w.a.test. A 'subnets:r values' tier=1 cidr=octodns-bd44b36bfa35c2ba/r\n"
		  "  3:10 w.a.test. 3600 A 192.0.2.8\n"
		  "+9:28 w.a.test. A 'subnets:s s 1' weight=1 tier=0 cidr=octodns-bd44b36bfa35c2ba/s\n"
		  "  9:28 w.a.test. 3600 A 192.0.2.4\n"
		  "+3:10 w.a.test. A 'subnets:s values' tier=1 cidr=octodns-bd44b36bfa35c2ba/s\n"
		  "  3:10 w.a.test. 3600 A 192.0.2.8\n"
		  "+6:28 w.a.test. A 'default p 1' weight=1 tier=0 cidr=default\n"
		  "  6:28 w.a.test. 3600 A 192.0.2.1\n"
		  "+3:10 w.a.test. A 'default values' tier=1 cidr=default\n"
		  "  3:10 w.a.test. 3600 A 192.0.2.8\n" },
		{ "no rule for all clients",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      q: {values: [{value: 192.0.2.2}]}\n    rules:\n    - {geos: [EU], pool: q}\n",
		  "=1:1 a.test.\n"
		  "%9:5 rules: none for all clients, so those that no rule matches get the values of the "
		  "record\n?7:28 w.a.test/192.0.2.2 https host=w.a.test address=192.0.2.2 path=/_dns\n"
		  "~2:3 w.a.test. A geo, up, tier, weighted, take 1\n"
		  "+7:28 w.a.test. A 'EU q 1' weight=1 tier=0 geo=continent:EU health=w.a.test/192.0.2.2\n"
		  "  7:28 w.a.test. 60 A 192.0.2.2\n+4:11 w.a.test. A 'EU values' tier=1 geo=continent:EU\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+4:11 w.a.test. A 'default values' tier=0 geo=default\n  4:12 w.a.test. 60 A 192.0.2.8\n"
		  "  4:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "a catch-all may use a pool again",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n      q: {values: [{value: 192.0.2.2}]}\n"
		  "    rules:\n    - {geos: [EU], pool: p}\n    - {pool: p}\n",
		  "=1:1 a.test.\n%8:10 q: no rule leads to this pool, so it is left out\n"
		  "?7:28 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "~2:3 w.a.test. A geo, up, tier, weighted, take 1\n"
		  "+7:28 w.a.test. A 'EU p 1' weight=1 tier=0 geo=continent:EU health=w.a.test/192.0.2.1\n"
		  "  7:28 w.a.test. 60 A 192.0.2.1\n+4:11 w.a.test. A 'EU values' tier=1 geo=continent:EU\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n"
		  "+7:28 w.a.test. A 'default p 1' weight=1 tier=0 geo=default health=w.a.test/192.0.2.1\n"
		  "  7:28 w.a.test. 60 A 192.0.2.1\n+4:11 w.a.test. A 'default values' tier=1 geo=default\n"
		  "  4:12 w.a.test. 60 A 192.0.2.8\n  4:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "CNAME",
		  "w:\n  type: CNAME\n  ttl: 60\n  values: [d.test.]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: B.test., weight: 2}, {value: c.test.}]}\n    rules:\n"
		  "    - {pool: p}\n",
		  "=1:1 a.test.\n?7:28 w.a.test/b.test https host=b.test path=/_dns\n"
		  "?7:57 w.a.test/c.test https host=c.test path=/_dns\n"
		  "~2:3 w.a.test. CNAME up, tier, weighted, take 1\n"
		  "+7:28 w.a.test. CNAME 'default p 1' weight=2 tier=0 health=w.a.test/b.test\n"
		  "  7:28 w.a.test. 60 CNAME b.test.\n"
		  "+7:57 w.a.test. CNAME 'default p 2' weight=1 tier=0 health=w.a.test/c.test\n"
		  "  7:57 w.a.test. 60 CNAME c.test.\n+4:11 w.a.test. CNAME 'default values' tier=1\n"
		  "  4:12 w.a.test. 60 CNAME d.test.\n" },
		{ "AAAA at a wildcard",
		  "'*':\n  type: AAAA\n  ttl: 60\n  values: ['2001:db8::2']\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: '2001:DB8:0::1'}]}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n"
		  "%7:28 healthcheck.host: missing, and *.a.test is no name of a host, so the address is "
		  "asked for\n?7:28 :2a.a.test/2001:db8::1 https address=2001:db8::1 path=/_dns\n"
		  "~2:3 *.a.test. AAAA up, tier, weighted, take 1\n"
		  "+7:28 *.a.test. AAAA 'default p 1' weight=1 tier=0 health=:2a.a.test/2001:db8::1\n"
		  "  7:28 *.a.test. 60 AAAA 2001:db8::1\n+4:11 *.a.test. AAAA 'default values' tier=1\n"
		  "  4:12 *.a.test. 60 AAAA 2001:db8::2\n" },
		{ "the older form",
		  "w:\n  type: A\n  ttl: 60\n  value: 192.0.2.9\n  geo:\n    AF: [192.0.2.1, 192.0.2.2]\n"
		  "    NA-US: [192.0.2.1]\n    NA-US-CA: 192.0.2.3\n",
		  "=1:1 a.test.\n"
		  "?6:10 w.a.test/192.0.2.1 https host=w.a.test address=192.0.2.1 path=/_dns\n"
		  "?8:15 w.a.test/192.0.2.3 https host=w.a.test address=192.0.2.3 path=/_dns\n"
		  "~2:3 w.a.test. A geolocation\n"
		  "+6:5 w.a.test. A 'AF' geo=continent:AF health=w.a.test/192.0.2.1\n"
		  "  6:10 w.a.test. 60 A 192.0.2.1\n  6:21 w.a.test. 60 A 192.0.2.2\n"
		  "+7:5 w.a.test. A 'NA-US' geo=country:US health=w.a.test/192.0.2.1\n"
		  "  7:13 w.a.test. 60 A 192.0.2.1\n"
		  "+8:5 w.a.test. A 'NA-US-CA' geo=country:US/CA health=w.a.test/192.0.2.3\n"
		  "  8:15 w.a.test. 60 A 192.0.2.3\n+4:10 w.a.test. A 'default' geo=default\n"
		  "  4:10 w.a.test. 60 A 192.0.2.9\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
}

static void options_become_health_checks(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "all of them",
		  "w:\n  type: A\n"
		  "  octodns: {healthcheck: {host: h.test, path: healthz, port: 80, protocol: HTTP, "
		  "request_interval: 10}, route53: {healthcheck: {failure_threshold: 6, measure_latency: "
		  "false}}}\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n"
		  "?8:28 w.a.test/192.0.2.1 http host=h.test address=192.0.2.1 path=/healthz interval=10s "
		  "rise=6 fall=6\n~2:3 w.a.test. A up, tier, weighted, take 1\n"
		  "+8:28 w.a.test. A 'default p 1' weight=1 tier=0 health=w.a.test/192.0.2.1\n"
		  "  8:28 w.a.test. 60 A 192.0.2.1\n+5:11 w.a.test. A 'default values' tier=1\n"
		  "  5:12 w.a.test. 60 A 192.0.2.8\n  5:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "TCP",
		  "w:\n  type: A\n  octodns: {healthcheck: {protocol: TCP, host: h.test, path: /x}}\n"
		  "  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n?8:28 w.a.test/192.0.2.1 tcp address=192.0.2.1 port=443\n"
		  "~2:3 w.a.test. A up, tier, weighted, take 1\n"
		  "+8:28 w.a.test. A 'default p 1' weight=1 tier=0 health=w.a.test/192.0.2.1\n"
		  "  8:28 w.a.test. 60 A 192.0.2.1\n+5:11 w.a.test. A 'default values' tier=1\n"
		  "  5:12 w.a.test. 60 A 192.0.2.8\n  5:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "TCP to the target of a CNAME",
		  "w:\n  type: CNAME\n  octodns: {healthcheck: {protocol: TCP, port: 7}}\n  value: d.test.\n"
		  "  dynamic:\n    pools:\n      p: {values: [{value: b.test.}]}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n?7:28 w.a.test/b.test tcp host=b.test port=7\n"
		  "~2:3 w.a.test. CNAME up, tier, weighted, take 1\n"
		  "+7:28 w.a.test. CNAME 'default p 1' weight=1 tier=0 health=w.a.test/b.test\n"
		  "  7:28 w.a.test. 3600 CNAME b.test.\n+4:10 w.a.test. CNAME 'default values' tier=1\n"
		  "  4:10 w.a.test. 3600 CNAME d.test.\n" },
		{ "ICMP",
		  "w:\n  type: A\n  octodns: {healthcheck: {protocol: ICMP, port: 7}}\n  ttl: 60\n"
		  "  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n?8:28 w.a.test/192.0.2.1 icmp address=192.0.2.1\n"
		  "~2:3 w.a.test. A up, tier, weighted, take 1\n"
		  "+8:28 w.a.test. A 'default p 1' weight=1 tier=0 health=w.a.test/192.0.2.1\n"
		  "  8:28 w.a.test. 60 A 192.0.2.1\n+5:11 w.a.test. A 'default values' tier=1\n"
		  "  5:12 w.a.test. 60 A 192.0.2.8\n  5:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "UDP",
		  "w:\n  type: A\n  octodns: {healthcheck: {protocol: UDP}}\n  ttl: 60\n"
		  "  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n"
		  "%3:37 protocol: UDP is not probed here, so the health checks become manual; steerctl "
		  "health report tells their states\n?8:28 w.a.test/192.0.2.1 manual\n"
		  "~2:3 w.a.test. A up, tier, weighted, take 1\n"
		  "+8:28 w.a.test. A 'default p 1' weight=1 tier=0 health=w.a.test/192.0.2.1\n"
		  "  8:28 w.a.test. 60 A 192.0.2.1\n+5:11 w.a.test. A 'default values' tier=1\n"
		  "  5:12 w.a.test. 60 A 192.0.2.8\n  5:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "no host",
		  "w:\n  type: A\n  octodns: {healthcheck: {host: ''}}\n  ttl: 60\n"
		  "  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n?8:28 w.a.test/192.0.2.1 https address=192.0.2.1 path=/_dns\n"
		  "~2:3 w.a.test. A up, tier, weighted, take 1\n"
		  "+8:28 w.a.test. A 'default p 1' weight=1 tier=0 health=w.a.test/192.0.2.1\n"
		  "  8:28 w.a.test. 60 A 192.0.2.1\n+5:11 w.a.test. A 'default values' tier=1\n"
		  "  5:12 w.a.test. 60 A 192.0.2.8\n  5:23 w.a.test. 60 A 192.0.2.9\n" },
		{ "a plain record has none",
		  "w:\n  octodns: {healthcheck: {protocol: UDP}}\n  type: A\n  value: 192.0.2.1\n",
		  "=1:1 a.test.\n4:10 w.a.test. 3600 A 192.0.2.1\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
}

static void what_is_wrong_is_told(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "nothing",
		  "---\n",
		  "!1:1 no records; allowed: names with their records, such as www: {type: A, value: "
		  "192.0.2.1}\n" },
		{ "a list",
		  "- type: A\n",
		  "=1:1 a.test.\n!1:1 zone: a list; allowed: a mapping\n" },
		{ "two documents",
		  "w: {type: A, value: 192.0.2.1}\n---\nv: {type: A, value: 192.0.2.1}\n",
		  "!2:1 a second document; allowed: one in a file\n" },
		{ "a key twice",
		  "w: {type: A, value: 192.0.2.1}\n'w': {type: A, value: 192.0.2.1}\n"
		  "v: {type: A, type: A}\n",
		  "!3:14 type: already in line 3; allowed: once\n" },
		{ "anchors, aliases, tags",
		  "w: &a {type: A, value: 192.0.2.1}\nv: *a\nu: !include x\n",
		  "!1:4 &a: YAML anchors are not supported; text that begins with & needs quotes\n"
		  "!2:4 *a: YAML aliases are not supported; a name or value that begins with * needs "
		  "quotes: \"*a\"\n"
		  "!3:4 !include: YAML tags are not supported: all is text here; text that begins with ! "
		  "needs quotes\n" },
		{ "merge keys",
		  "w: {<<: {type: A}, type: A, value: 192.0.2.1}\n",
		  "=1:1 a.test.\n!1:5 <<: merge keys are not supported; allowed: the keys themselves\n"
		  "1:36 w.a.test. 3600 A 192.0.2.1\n" },
		{ "a key that is a list",
		  "[w]: {type: A, value: 192.0.2.1}\n",
		  "!1:1 a key is text, not a list or mapping\n" },
		{ "names",
		  "W: {type: A, value: 192.0.2.1}\nw: {type: A, value: 192.0.2.1}\n"
		  "'@': {type: A, value: 192.0.2.1}\nx.a.test.: {type: A, value: 192.0.2.1}\n"
		  "\303\244..b: {type: A, value: 192.0.2.1}\n",
		  "=1:1 a.test.\n1:21 w.a.test. 3600 A 192.0.2.1\n"
		  "!2:1 w: the name is already in line 1; allowed: once, with a list of its records\n"
		  "!3:1 '@' is no name in the zone; allowed: relative to it, without a final dot; '' is "
		  "the zone's own, and international names are written as xn--\n"
		  "!4:1 'x.a.test.' is no name in the zone; allowed: relative to it, without a final dot; "
		  "'' is the zone's own, and international names are written as xn--\n"
		  "!5:1 '??..b' is no name in the zone; allowed: relative to it, without a final dot; '' "
		  "is the zone's own, and international names are written as xn--\n" },
		{ "records",
		  "w: x\nv: {value: 192.0.2.1}\nu: {type: HINFO, value: x}\nt: {type: A}\n"
		  "s: {type: A, values: []}\nr: {type: A, value: 192.0.2.1, values: [192.0.2.2]}\n",
		  "=1:1 a.test.\n!1:4 record: text; allowed: a mapping\n"
		  "!2:4 type: missing; allowed: such as A\n"
		  "!3:11 type: 'HINFO' is not a type of octoDNS; allowed: ALIAS, A, AAAA, CAA, CNAME, DNAME, "
		  "DS, HTTPS, LOC, MX, NAPTR, NS, OPENPGPKEY, PTR, SPF, SRV, SSHFP, SVCB, TLSA, TXT, URI\n"
		  "!4:4 values: none; allowed: one or more, or value\n"
		  "!5:22 values: none; allowed: one or more, or value\n"
		  "!6:21 value: given with values; allowed: one of the two\n" },
		{ "a type twice",
		  "w:\n- {type: A, value: 192.0.2.1}\n- {type: TXT, value: a}\n"
		  "- {type: A, value: 192.0.2.2}\n",
		  "=1:1 a.test.\n2:20 w.a.test. 3600 A 192.0.2.1\n3:22 w.a.test. 3600 TXT \"a\"\n"
		  "!4:10 type: A is already in line 2; allowed: once at a name\n" },
		{ "TTLs",
		  "w: {type: A, ttl: 1h, value: 192.0.2.1}\n"
		  "v: {type: A, ttl: 2147483648, value: 192.0.2.1}\n"
		  "u: {type: A, ttl: [1], value: 192.0.2.1}\n",
		  "=1:1 a.test.\n!1:19 ttl: '1h'; allowed: 0 to 2147483647\n"
		  "1:30 w.a.test. 3600 A 192.0.2.1\n!2:19 ttl: '2147483648'; allowed: 0 to 2147483647\n"
		  "2:38 v.a.test. 3600 A 192.0.2.1\n!3:19 ttl: a list; allowed: text\n"
		  "3:31 u.a.test. 3600 A 192.0.2.1\n" },
		{ "values",
		  "w: {type: A, values: [192.0.2, 192.0.2.1 x, [192.0.2.1]]}\n"
		  "v: {type: CNAME, values: [b, c.test.]}\nu: {type: CNAME, values: [b.test., c.test.]}\n"
		  "t: {type: MX, values: [10 b.test., {preference: 10}, {preference: ten, exchange: "
		  "b.test.}, {preference: [1], exchange: b.test.}]}\ns: {type: TXT, value: 'a\\\\;b'}\n"
		  "r: {type: A, value: ''}\n",
		  "=1:1 a.test.\n"
		  "!1:23 A: invalid IPv4 address, near '192.0.2'; allowed: four numbers from 0 to 255\n"
		  "!1:32 '192.0.2.1 x'; allowed: one word\n!1:45 a value of A is text\n"
		  "!2:30 a second value of CNAME; allowed: one\n"
		  "!3:36 a second value of CNAME; allowed: one\n!4:24 MX: text; allowed: a mapping\n"
		  "!4:36 exchange: missing; allowed: a value of MX has it\n"
		  "!4:54 MX: invalid number, near 'ten'; allowed: digits; a record is NAME [TTL] TYPE and "
		  "all data of the type\n!4:105 preference: no text; allowed: one value\n"
		  "!5:23 a semicolon that is escaped twice; allowed: \\;\n!6:21 ''; allowed: one word\n" },
		{ "parameters",
		  "w: {type: SVCB, value: {svcpriority: 1, targetname: ., svcparams: [x]}}\n"
		  "v: {type: SVCB, value: {svcpriority: 1, targetname: ., svcparams: {alpn: 'a b'}}}\n"
		  "u: {type: SVCB, value: {svcpriority: 1, targetname: ., svcparams: {alpn: {a: b}}}}\n",
		  "=1:1 a.test.\n!1:67 svcparams: a list; allowed: a mapping\n"
		  "!2:74 svcparams: 'a b'; allowed: a word, or a list of words\n"
		  "!3:74 svcparams: ''; allowed: a word, or a list of words\n" },
		{ "names that need escapes",
		  "w: {type: PTR, values: ['a;b.', 'a\\\\(b.', 'a b.', \"a\\\\\\nb.\"]}\n",
		  "=1:1 a.test.\n!1:25 'a;b.'; allowed: an absolute name, with its final dot\n"
		  "!1:33 'a\\\\(b.'; allowed: an absolute name, with its final dot\n"
		  "!1:43 'a b.'; allowed: an absolute name, with its final dot\n"
		  "!1:51 'a\\?b.'; allowed: an absolute name, with its final dot\n" },
		{ "aliases",
		  "w: {type: ALIAS, values: [b.test., c.test.]}\nv: {type: ALIAS, value: b}\n"
		  "u: {type: Route53Provider/ALIAS, values: [x, {name: y}, {name: y..z, type: A}, {name: "
		  "y, type: ALIAS}, {type: A, evaluate-target-health: perhaps}]}\n",
		  "=1:1 a.test.\n!1:36 a second value of ALIAS; allowed: one\n"
		  "!2:25 'b' is no target; allowed: an absolute name, with its final dot\n"
		  "!3:43 value: text; allowed: a mapping\n!3:46 type: missing; allowed: such as A\n"
		  "!3:64 'y..z' is no target; allowed: a name in the zone, or with a final dot an absolute "
		  "one\n!3:96 type: 'ALIAS'; allowed: a type such as A\n"
		  "!3:138 evaluate-target-health: 'perhaps'; allowed: true, false\n" },
		{ "dynamic and geo",
		  "w:\n  type: A\n  geo: {EU: 192.0.2.1}\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n"
		  "  dynamic:\n    pools:\n      p: {values: [{value: 192.0.2.1}]}\n    rules:\n"
		  "    - {pool: p}\n"
		  "v: {type: MX, value: {preference: 1, exchange: b.test.}, geo: {EU: 192.0.2.1}}\n"
		  "u: {type: A, value: 192.0.2.1, dynamic: [x]}\n"
		  "t: {type: A, value: 192.0.2.1, geo: {XX: 192.0.2.1, EU: []}}\n"
		  "s: {type: AAAA, value: '::1', geo: {EU-FR: x}}\n"
		  "r: {type: CNAME, value: b.test., geo: {EU: b.test.}}\n"
		  "q: {type: A, value: 192.0.2.1, geo: x}\n",
		  "=1:1 a.test.\n!3:8 geo: given with dynamic; allowed: one of the two\n"
		  "!11:63 geo: not for MX; allowed: A, AAAA\n!12:41 dynamic: a list; allowed: a mapping\n"
		  "12:21 u.a.test. 3600 A 192.0.2.1\n"
		  "?13:42 t.a.test/192.0.2.1 https host=t.a.test address=192.0.2.1 path=/_dns\n"
		  "~13:4 t.a.test. A geolocation\n"
		  "!13:38 geo: 'XX' is no place; allowed: a continent, a country on it, a state of the US "
		  "or Canada: NA, NA-US, NA-US-CA\n!13:53 geo: no values of EU; allowed: a list\n"
		  "+13:21 t.a.test. A 'default' geo=default\n  13:21 t.a.test. 3600 A 192.0.2.1\n"
		  "!14:44 AAAA: invalid address character, near 'x'; allowed: an address such as "
		  "192.0.2.1, of AAAA such as 2001:db8::1\n!15:39 geo: not for CNAME; allowed: A, AAAA\n"
		  "!16:37 geo: text; allowed: a mapping\n" },
		{ "pools and rules missing",
		  "w: {type: A, value: 192.0.2.1, dynamic: {pools: {}}}\n"
		  "v: {type: A, value: 192.0.2.1, dynamic: {rules: []}}\n"
		  "u: {type: A, value: 192.0.2.1, dynamic: {pools: [], rules: {}}}\n"
		  "t: {type: A, value: 192.0.2.1, dynamic: {pools: {}, rules: []}}\n",
		  "=1:1 a.test.\n!1:41 rules: missing; allowed: a list of rules\n"
		  "!2:41 pools: missing; allowed: pools of values by their names\n"
		  "!3:49 pools: a list; allowed: a mapping\n!3:60 rules: a mapping; allowed: a list\n"
		  "!4:60 rules: none; allowed: one or more\n" },
		{ "pools",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      '': {}\n      p: x\n      q: {}\n      r: {values: []}\n"
		  "      s: {values: [x, {}, {value: 192.0.2.1, weight: 0}, {value: 192.0.2.1, weight: "
		  "101}, {value: 192.0.2.1, status: dead}], fallback: t}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n"
		  "!7:7 '': not the name of a pool; allowed: 1 to 50 bytes without control characters\n"
		  "!8:10 p: text; allowed: a mapping\n!9:10 values: missing; allowed: a list of values\n"
		  "!10:19 values: none; allowed: one or more\n!11:20 values: text; allowed: a mapping\n"
		  "!11:23 value: missing; allowed: a value of the record's type\n"
		  "!11:54 weight: '0'; allowed: 1 to 100\n!11:85 weight: '101'; allowed: 1 to 100\n"
		  "!11:118 status: 'dead'; allowed: obey, up, down\n"
		  "!11:136 fallback: no pool is called 't'; allowed: one of this record's pools\n" },
		{ "names of pools",
		  "w:\n  type: A\n  value: 192.0.2.8\n  dynamic:\n    pools:\n"
		  "      " POOL_50 "x: {}\n      \"a\\nb\": {}\n    rules: [{pool: p}]\n",
		  "=1:1 a.test.\n"
		  "!6:7 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...': not the name of a pool; allowed: 1 to "
		  "50 bytes without control characters\n"
		  "!7:7 'a?b': not the name of a pool; allowed: 1 to 50 bytes without control characters\n"
		  },
		{ "fallbacks in a circle",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}], fallback: q}\n"
		  "      q: {values: [{value: 192.0.2.1}], fallback: r}\n"
		  "      r: {values: [{value: 192.0.2.1}], fallback: q}\n    rules:\n    - {pool: p}\n",
		  "=1:1 a.test.\n"
		  "!7:10 fallback: leads through too many pools, or in a circle; allowed: up to 255 pools, "
		  "one after the other\n"
		  "!8:10 fallback: leads back to this pool; allowed: up to 255 pools, one after the other\n"
		  "!9:10 fallback: leads back to this pool; allowed: up to 255 pools, one after the other\n" },
		{ "rules",
		  "w:\n  type: A\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n    rules:\n    - x\n    - {}\n"
		  "    - {pool: q}\n    - {subnets: [10.0.0.1/8, x, [x]], pool: p}\n"
		  "    - {geos: [XX, EU-CY, NA-US-XXX, EU-DE-BY, eu, NA-QQ], pool: p}\n"
		  "    - {geos: EU, pool: p}\n",
		  "=1:1 a.test.\n!9:7 rules: text; allowed: a mapping\n"
		  "!10:7 pool: missing; allowed: one of this record's pools\n"
		  "!11:14 pool: no pool is called 'q'; allowed: one of this record's pools\n"
		  "!12:18 subnets: '10.0.0.1/8' is no network; allowed: such as 192.0.2.0/24 or "
		  "2001:db8::/32, without bits after its length\n"
		  "!12:30 subnets: 'x' is no network; allowed: such as 192.0.2.0/24 or 2001:db8::/32, "
		  "without bits after its length\n"
		  "!12:33 subnets: '' is no network; allowed: such as 192.0.2.0/24 or 2001:db8::/32, "
		  "without bits after its length\n"
		  "!13:15 geos: 'XX' is no place; allowed: a continent, a country on it, a state of the US "
		  "or Canada: NA, NA-US, NA-US-CA\n"
		  "!13:19 geos: 'EU-CY' is no place; allowed: a continent, a country on it, a state of the "
		  "US or Canada: NA, NA-US, NA-US-CA\n"
		  "!13:26 geos: 'NA-US-XXX' is no place; allowed: a continent, a country on it, a state of "
		  "the US or Canada: NA, NA-US, NA-US-CA\n"
		  "!13:37 geos: 'EU-DE-BY' is no place; allowed: a continent, a country on it, a state of "
		  "the US or Canada: NA, NA-US, NA-US-CA\n"
		  "!13:47 geos: 'eu' is no place; allowed: a continent, a country on it, a state of the US "
		  "or Canada: NA, NA-US, NA-US-CA\n"
		  "!13:51 geos: 'NA-QQ' is no place; allowed: a continent, a country on it, a state of the "
		  "US or Canada: NA, NA-US, NA-US-CA\n"
		  "!14:14 geos: text; allowed: a list\n" },
		{ "subnets after geos",
		  "w:\n  type: A\n  value: 192.0.2.8\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n      q: {values: [{value: 192.0.2.2}]}\n"
		  "    rules:\n    - {subnets: [9.0.0.0/8], pool: p}\n"
		  "    - {geos: [EU], subnets: [8.0.0.0/8], pool: p}\n"
		  "    - {subnets: [10.0.0.0/8], pool: q}\n    - {geos: [NA], pool: p}\n"
		  "    - {subnets: [11.0.0.0/8], pool: q}\n"
		  "    - {geos: [AS], subnets: [12.0.0.0/8], pool: q}\n    - {geos: [AF], pool: q}\n"
		  "    - {pool: q}\n",
		  "=1:1 a.test.\n!11:7 " SUBNETS_FIRST(10) "!13:7 " SUBNETS_FIRST(12) "!14:7 "
		  SUBNETS_FIRST(12) },
		{ "a wrong value is told once",
		  "w:\n  type: A\n  ttl: 60\n  values: [x]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2}]}\n    rules:\n    - {geos: [EU, AF], pool: p}\n"
		  "    - {pool: p}\n",
		  "=1:1 a.test.\n"
		  "!7:28 A: invalid IPv4 address, near '192.0.2'; allowed: four numbers from 0 to 255\n"
		  "!4:12 A: invalid address character, near 'x'; allowed: an address such as 192.0.2.1, of "
		  "AAAA such as 2001:db8::1\n" },
		{ "health checks",
		  "w:\n  type: A\n"
		  "  octodns: {healthcheck: {protocol: SCTP, port: 0, path: 'a b', request_interval: x, "
		  "failure_threshold: 11}}\n  ttl: 60\n  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n"
		  "    pools:\n      p: {values: [{value: 192.0.2.1}]}\n    rules:\n    - {pool: p}\nv:\n"
		  "  type: A\n  octodns: {healthcheck: {path: 'a b'}, lenient: true}\n  ttl: 60\n"
		  "  values: [192.0.2.8, 192.0.2.9]\n  dynamic:\n    pools:\n"
		  "      p: {values: [{value: 192.0.2.1}]}\n    rules:\n    - {pool: p}\n"
		  "u: {type: A, value: 192.0.2.1, octodns: x}\n"
		  "t: {type: A, value: 192.0.2.1, octodns: {ignored: x}}\n",
		  "=1:1 a.test.\n!3:37 protocol: 'SCTP'; allowed: HTTPS, HTTP, TCP, ICMP, UDP\n"
		  "!3:83 request_interval: 'x'; allowed: 1 to 86400\n"
		  "!3:105 failure_threshold: '11'; allowed: 1 to 10\n!3:49 port: '0'; allowed: 1 to 65535\n"
		  "!13:26 healthcheck: path: not '/a b'; allowed: a path like /healthz?full=1, without "
		  "spaces or '#'; others as %XX, up to 255 bytes\n"
		  "!21:41 octodns: text; allowed: a mapping\n!22:51 ignored: 'x'; allowed: true, false\n"
		  "22:21 t.a.test. 3600 A 192.0.2.1\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_EREFUSED);
}

/* Bounds. */

/*! A text that is repeated, with a number in it, between others. */
static char *repeated(const char *before, const char *item, unsigned count, const char *after)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs(before, out);
	for (unsigned i = 0; i < count; i++) {
		const char state[] = { letters[i / 36 % 36], letters[i % 36], '\0' };
		fprintf(out, item, i, i + 1, state);
	}
	fputs(after, out);
	fclose(out);
	return text;
}

#define RECORD "w:\n  type: A\n  value: 192.0.2.1\n  dynamic:\n"
#define POOL   "    pools: {p: {values: [{value: 192.0.2.2}]}}\n"
#define BYTES  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void what_is_too_much_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *name, *before, *item;
		unsigned count; /*!< One more than is allowed, or many more. */
		const char *after, *want;
		bool exact; /*!< One less is allowed. */
	} cases[] = {
		{ "nested lists", "w: ", "[", 16, "", "!1:19 more than 16 nested lists and mappings\n", false },
		{ "bytes of a text", "w: {type: TXT, value: '", BYTES, 10 << 20 >> 5, "'}\n",
		  "!1:23 more bytes of a text than fit; allowed: 262144\n", false },
		{ "bytes of a key", "'", BYTES, 10 << 20 >> 5, "': x\n",
		  "!1:1 more bytes of a text than fit; allowed: 262144\n", false },
		{ "bytes of a record", "w: {type: TXT, value: '", BYTES, 2048, "'}\n",
		  "=1:1 a.test.\n!1:23 TXT: text is too long, near '\"" BYTES "xxxxxxx'\n", false },
		{ "errors, the last one in the first field of a value", "", "w%u: {type: A, value: x}\n", 99,
		  "w: {type: HTTPS, value: {svcpriority: '', targetname: ., svcparams: {alpn: h2}}}\n",
		  "!100:39 svcpriority: ''; allowed: one word\n", false },
		{ "records of a name", "w:\n", "- {type: X/%u}\n", 65, "",
		  "!66:10 more records at a name than octoDNS has types\n", true },
		{ "pools", RECORD "    pools:\n", "      p%u: {values: [{value: 192.0.2.2}]}\n", 1001,
		  "    rules: [{pool: p0}]\n",
		  "=1:1 a.test.\n!1006:7 more pools than fit; allowed: 1000\n", true },
		{ "rules", RECORD POOL "    rules:\n", "    - {subnets: [10.0.0.0/8], pool: p}\n", 1001, "",
		  "!1007:7 more rules than fit; allowed: 1000\n", true },
		{ "pools to fall back to", RECORD "    rules: [{pool: p0}]\n    pools:\n      p0: {values: "
		  "[{value: 192.0.2.2}]}\n",
		  "      p%2$u: {values: [{value: 192.0.2.2}], fallback: p%1$u}\n", 255, "",
		  "=1:1 a.test.\n!262:13 fallback: leads through too many pools, or in a circle; allowed: "
		  "up to 255 pools, one after the other\n", true },
		{ "geos", RECORD POOL "    rules:\n    - {pool: p, geos: [", "NA-US-%3$s, ", 1000,
		  "]}\n    - {pool: p}\n", "!8:7 more geos and rules than fit; allowed: 1000\n", false },
		{ "collections", "", "w%1$u: {type: A, value: 192.0.2.1, dynamic: {pools: {p: {values: [{value: "
		  "192.0.2.2, status: up}]}}, rules: [{subnets: ['2001:db8:%1$u::/48'], pool: p}, {pool: p}]}}\n",
		  257, "", "!257:7 rules: more different lists of subnets than there can be maps; allowed: 256\n",
		  true },
		{ "record sets of a group", RECORD "    rules: [{pool: p}]\n    pools:\n      p:\n"
		  "        values:\n", "        - {value: 192.0.2.1, weight: 1}\n", 1000, "",
		  "=1:1 a.test.\n!5:5 dynamic: more than fits in a group: each geo, each rule with subnets "
		  "and the rule for all others has a record set for each value of its pool and of the pools "
		  "to fall back to, and one more; allowed: 1000 record sets\n", true },
		{ "copies of values", "w:\n  type: A\n  dynamic:\n" POOL "    rules: [{geos: [EU], pool: p}, "
		  "{pool: p}]\n  values:\n", "  - 192.0.2.1\n", 65537, "",
		  "=1:1 a.test.\n!7:3 values: more than fit: each geo and each rule has them all; allowed: "
		  "131072 in all\n", true },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		int ret;
		char *text = repeated(cases[i].before, cases[i].item, cases[i].count, cases[i].after);
		char *told = tell(text, strlen(text), &ret);
		assert_non_null(strstr(told, cases[i].want));
		assert_int_equal(ret, STEER_EREFUSED);
		free(told);
		free(text);
		text = repeated(cases[i].before, cases[i].item, cases[i].count - 1, cases[i].after);
		told = cases[i].exact ? tell(text, strlen(text), &ret) : NULL;
		assert_int_equal(ret, cases[i].exact ? STEER_OK : STEER_EREFUSED);
		free(told);
		free(text);
	}
}

/*! A file of records that each have 131 places and 1000 values. */
static char *with_copies(unsigned records)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	for (unsigned i = 0; i < records; i++) {
		fprintf(out, "w%u:\n  type: A\n  dynamic:\n" POOL "    rules: [{pool: p, geos: [", i);
		for (unsigned j = 0; j < 130; j++) {
			fprintf(out, "NA-US-%c%c, ", 'A' + j / 26, 'A' + j % 26);
		}
		fputs("]}, {pool: p}]\n  values: [", out);
		for (unsigned j = 0; j < 1000; j++) {
			fputs("192.0.2.1, ", out);
		}
		fputs("]\n", out);
	}
	fclose(out);
	return text;
}

static void copies_are_bounded(void **state)
{
	(void)state;
	for (unsigned records = 8; records <= 9; records++) {
		int ret;
		char *text = with_copies(records);
		char *told = tell(text, strlen(text), &ret);
		assert_int_equal(ret, records == 8 ? STEER_OK : STEER_EREFUSED);
		assert_int_equal(strstr(told, "!54:11 values, of which each geo and each rule of a record "
		                        "has all: more than fits in a file; allowed: 1048576\n") != NULL,
		                 records == 9);
		free(told);
		free(text);
	}
}

static void files_name_their_zones(void **state)
{
	(void)state;
	static const struct {
		const char *file, *want; /*!< NULL: it is refused. */
	} cases[] = {
		{ "a.test.yaml", "a.test." },
		{ "config/A.Test.yml", "a.test." },
		{ "./a.test.yaml", "a.test." },
		{ "../a.test.yaml", "a.test." },
		{ "2.0.192.in-addr.arpa.yaml", "2.0.192.in-addr.arpa." },
		{ "a.test", NULL },
		{ ".yaml", NULL },
		{ "..yaml", NULL },
		{ "a..test.yaml", NULL },
		{ "/dev/stdin", NULL },
		{ "config/a.test./www.yaml", NULL },
		{ "a.test./www.yaml", NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].file);
		steer_input_t *input = NULL;
		steer_fault_t fault;
		uint8_t zone[STEER_NAME_MAX];
		char text[STEER_NAME_TEXT];
		assert_int_equal(steer_input_text(&input, cases[i].file, "", 0), STEER_OK);
		const int ret = steer_octodns_zone(input, zone, &fault);
		assert_int_equal(ret, cases[i].want != NULL ? STEER_OK : STEER_EREFUSED);
		if (cases[i].want != NULL) {
			steer_name_print(zone, text);
			assert_string_equal(text, cases[i].want);
		}
		steer_input_free(input);
	}
}

static void keys_are_in_natural_order(void **state)
{
	(void)state;
	static const char *const keys[] = {
		"", "2", "10", "10.a", "*", "a", "a1", "a1b", "a02", "a2b", "a10", "a-1", "ab", "b",
	};
	for (size_t i = 0; i < COUNT(keys); i++) {
		for (size_t j = 0; j < COUNT(keys); j++) {
			const int order = steer_octodns_natural_cmp(keys[i], keys[j]);
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
	assert_int_equal(steer_octodns_natural_cmp("a02", "a2"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_become_records),
		cmocka_unit_test(rules_and_pools_become_groups),
		cmocka_unit_test(options_become_health_checks),
		cmocka_unit_test(what_is_wrong_is_told),
		cmocka_unit_test(what_is_too_much_is_refused),
		cmocka_unit_test(copies_are_bounded),
		cmocka_unit_test(files_name_their_zones),
		cmocka_unit_test(keys_are_in_natural_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
