/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/health_check.h"
#include "formats/yaml/keys.h"
#include "unit/test.h"
#include "unit/yaml_story.h"

static void groups_become_a_policy_and_sets(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "weights",
		  R "  a:\n    type: A\n    policy: weighted\n    ttl: 60\n    sets:\n"
		  "      blue: {weight: 90, values: [192.0.2.1, 192.0.2.2], health: web/blue}\n"
		  "      green: {weight: 4294967295, values: 192.0.2.3}\n",
		  ZONE "~5:13 a.example. A weighted\n"
		  "+8:7 a.example. A 'blue' weight=90 health=web/blue\n"
		  "  8:35 a.example. 60 A 192.0.2.1\n  8:46 a.example. 60 A 192.0.2.2\n"
		  "+9:7 a.example. A 'green' weight=4294967295\n  9:43 a.example. 60 A 192.0.2.3\n" },
		{ "any order of keys",
		  R "  a: {sets: {b: {health: h, values: [x], ttl: 5, weight: 0}, c: {values: y}},\n"
		  "    ttl: 9, policy: weighted, type: NS}\nttl: 7\n",
		  "=1:7 example. ttl=7\n~4:21 a.example. NS weighted\n"
		  "+3:14 a.example. NS 'b' weight=0 health=h\n  3:38 a.example. 5 NS x.example.\n"
		  "+3:62 a.example. NS 'c'\n  3:74 a.example. 9 NS y.example.\n" },
		{ "tiers", R "  a:\n    type: A\n    policy: failover\n    sets:\n"
		  "      p: {failover: primary, values: 192.0.2.1, health: h}\n"
		  "      s: {failover: secondary, values: 192.0.2.2}\n"
		  "      t: {tier: 255, values: 192.0.2.3}\n      u: {tier: 0, alias: b, health: h}\n",
		  ZONE "~5:13 a.example. A failover\n"
		  "+7:7 a.example. A 'p' tier=0 health=h\n  7:38 a.example. 3600 A 192.0.2.1\n"
		  "+8:7 a.example. A 's' tier=1\n  8:40 a.example. 3600 A 192.0.2.2\n"
		  "+9:7 a.example. A 't' tier=255\n  9:30 a.example. 3600 A 192.0.2.3\n"
		  "+10:7 a.example. A 'u' tier=0 alias=b.example. evaluate health=h\n" },
		{ "steps", R "  a:\n    - {type: A, policy: [up min-healthy=50%, weighted, take 2],\n"
		  "       sets: {x: {values: 192.0.2.1}}}\n"
		  "    - {type: AAAA, policy: 'up all-down=none,tier take 1', sets: {x: {alias: b}}}\n"
		  "    - type: TXT\n      policy:\n        - weighted sticky=client\n        - take 3\n"
		  "      sets: {x: {values: y}}\n",
		  ZONE "~4:25 a.example. A up min-healthy=50%, weighted, take 2\n"
		  "+5:15 a.example. A 'x'\n  5:27 a.example. 3600 A 192.0.2.1\n"
		  "~6:28 a.example. AAAA up all-down=none, tier, take 1\n"
		  "+6:67 a.example. AAAA 'x' alias=b.example. evaluate\n"
		  "~9:9 a.example. TXT weighted sticky=client, take 3\n"
		  "+11:14 a.example. TXT 'x'\n  11:26 a.example. 3600 TXT \"y\"\n" },
		{ "identifiers are text", R "  a:\n    type: A\n    policy: multivalue\n    sets:\n"
		  "      no: {values: 192.0.2.1}\n      \"1.5\": {values: 192.0.2.2}\n"
		  "      a b: {values: 192.0.2.3}\n      A b: {values: 192.0.2.4}\n"
		  "      caf\xc3\xa9: {values: 192.0.2.5}\n",
		  ZONE "~5:13 a.example. A multivalue\n+7:7 a.example. A 'no'\n"
		  "  7:20 a.example. 3600 A 192.0.2.1\n+8:7 a.example. A '1.5'\n"
		  "  8:23 a.example. 3600 A 192.0.2.2\n+9:7 a.example. A 'a b'\n"
		  "  9:21 a.example. 3600 A 192.0.2.3\n+10:7 a.example. A 'A b'\n"
		  "  10:21 a.example. 3600 A 192.0.2.4\n+11:7 a.example. A 'caf\xc3\xa9'\n"
		  "  11:22 a.example. 3600 A 192.0.2.5\n" },
		{ "sets alone, of a group in the store", R "  a: {type: A, sets: {b: {alias: c}}}\n",
		  ZONE "+3:23 a.example. A 'b' alias=c.example. evaluate\n" },
		{ "a policy alone, of sets in the store", R "  a: {type: A, policy: weighted}\n",
		  ZONE "~3:24 a.example. A weighted\n" },
		{ "simple", R "  a: {type: A, policy: simple, values: 192.0.2.1}\n",
		  ZONE "3:40 a.example. 3600 A 192.0.2.1\n" },
		{ "groups beside each other", R "  a:\n    - {type: A, sets: {b: {values: 192.0.2.1}}}\n"
		  "    - {type: AAAA, values: [1::2]}\n    - {type: NS, sets: {b: {values: x}}}\n",
		  ZONE "+4:24 a.example. A 'b'\n  4:36 a.example. 3600 A 192.0.2.1\n"
		  "5:29 a.example. 3600 AAAA 1::2\n"
		  "+6:25 a.example. NS 'b'\n  6:37 a.example. 3600 NS x.example.\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_OK);
}

static void a_set_may_be_an_alias_or_have_a_check(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "targets", R "  \"@\": {type: A, alias: www}\n  a: {type: A, alias: \"@\"}\n"
		  "  b: {type: A, alias: LB.example.NET.}\n  \"*\": {type: A, alias: \"*.d\"}\n",
		  ZONE "+3:8 example. A '' alias=www.example. evaluate\n"
		  "+4:6 a.example. A '' alias=example. evaluate\n"
		  "+5:6 b.example. A '' alias=lb.example.net. evaluate\n"
		  "+6:8 *.example. A '' alias=*.d.example. evaluate\n" },
		{ "the target's health", R "  a: {type: A, alias: b, evaluate-target-health: no}\n"
		  "  c: {type: A, alias: b, evaluate-target-health: false}\n"
		  "  d: {type: A, evaluate-target-health: yes, alias: b}\n"
		  "  e: {type: A, alias: b, evaluate-target-health: true, health: x}\n",
		  ZONE "+3:6 a.example. A '' alias=b.example.\n+4:6 c.example. A '' alias=b.example.\n"
		  "+5:6 d.example. A '' alias=b.example. evaluate\n"
		  "+6:6 e.example. A '' alias=b.example. evaluate health=x\n" },
		{ "values with a check", R "  a: {type: A, health: a-Z0_9.:/@, ttl: 5, values: "
		  "192.0.2.1}\n",
		  ZONE "+3:6 a.example. A '' health=a-Z0_9.:/@\n  3:52 a.example. 5 A 192.0.2.1\n" },
		{ "a type of a list of them", R "  a:\n    - {type: A, alias: b}\n    - {alias: c, type: "
		  "AAAA}\n    - {type: MX, values: 1 d}\n",
		  ZONE "+4:7 a.example. A '' alias=b.example. evaluate\n"
		  "+5:7 a.example. AAAA '' alias=c.example. evaluate\n"
		  "6:26 a.example. 3600 MX 1 d.example.\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_OK);
}

#define MEMBER_KEYS "; allowed: weight, tier, failover, region, geo, coordinates, bias, cidr, " \
                    "asn, ttl, values, alias, evaluate-target-health, health\n"
#define MEMBER "{values: [192.0.2.1]} or {alias: www}\n"
#define STEPS "up, tier, weighted, shuffle, take, latency, within, geo, nearest, cidr, asn, or a " \
              "preset: simple, weighted, failover, multivalue, latency, geolocation, " \
              "geoproximity, ip\n"
#define G R "  a:\n    type: A\n    policy: weighted\n    sets:\n"
#define POLICY "~5:13 a.example. A weighted\n"
#define REST "      z: {values: 192.0.2.9}\n"
#define ID "is not an identifier of a health check; allowed: 1 to 128 letters, digits and - _ . : " \
	"/ @\n"

static void mistakes_of_a_set_are_told_with_place_and_key(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "keys of the group", G "      x: {type: A, multivalue: yes, weigth: 1, values: "
		  "192.0.2.1}\n",
		  ZONE "!7:11 type: no such key" MEMBER_KEYS "!7:20 multivalue: no such key" MEMBER_KEYS
		  "!7:37 weigth: no such key, did you mean weight" MEMBER_KEYS
		  POLICY "+7:7 a.example. A 'x'\n  7:56 a.example. 3600 A 192.0.2.1\n" },
		{ "a number of many digits", G "      x: {weight: 18446744073709551617, values: "
		  "192.0.2.1}\n",
		  ZONE "!7:19 weight: '18446744073709551617' is not a number; allowed: 0 to "
		  "4294967295\n" POLICY
		  "+7:7 a.example. A 'x' weight=0\n  7:49 a.example. 3600 A 192.0.2.1\n" },
		{ "numbers", G "      x: {weight: 4294967296, values: 192.0.2.1}\n"
		  "      y: {tier: 256, values: 192.0.2.1}\n      z: {weight: -1, tier: x, "
		  "failover: first, values: 192.0.2.1}\n",
		  ZONE "!7:19 weight: '4294967296' is not a number; allowed: 0 to 4294967295\n"
		  "!8:17 tier: '256' is not a number; allowed: 0 to 255\n"
		  "!9:19 weight: '-1' is not a number; allowed: 0 to 4294967295\n"
		  "!9:29 tier: 'x' is not a number; allowed: 0 to 255\n"
		  "!9:42 failover: 'first' is neither; allowed: primary, secondary\n"
		  "!9:42 failover: given with tier; allowed: one of the two\n" POLICY
		  "+7:7 a.example. A 'x' weight=0\n  7:39 a.example. 3600 A 192.0.2.1\n"
		  "+8:7 a.example. A 'y' tier=0\n  8:30 a.example. 3600 A 192.0.2.1\n" },
		{ "what it is", G "      x: {weight: 1}\n      y: {values: 192.0.2.1, alias: b}\n"
		  "      w: {}\n      v: b\n      u: [192.0.2.1]\n      t: *s\n" REST,
		  ZONE "!7:7 values: missing; allowed: " MEMBER
		  "!8:37 alias: given with values; allowed: one of the two\n"
		  "!9:7 values: missing; allowed: " MEMBER
		  "!10:10 sets: not a record set; allowed: one such as " MEMBER
		  "!11:10 sets: not a record set; allowed: one such as " MEMBER
		  "!12:10 *s: YAML aliases are not supported; a name or value that begins with * needs "
		  "quotes: \"*s\"\n" POLICY
		  "+13:7 a.example. A 'z'\n  13:19 a.example. 3600 A 192.0.2.9\n" },
		{ "aliases", G "      x: {alias: a..b}\n      y: {alias: b, ttl: 5}\n"
		  "      w: {alias: [b]}\n      v: {alias: b, evaluate-target-health: on}\n"
		  "      u: {values: 192.0.2.1, evaluate-target-health: yes}\n",
		  ZONE "!7:18 alias: 'a..b' is not a domain name; allowed: labels of letters, digits, - _ "
		  "/ * and \\DDD, of 1 to 63 bytes, 255 in all; international names as xn--\n"
		  "!8:26 ttl: an alias has none of its own, its target's holds; allowed: with values\n"
		  "!9:18 alias: a list; allowed: one value\n"
		  "!10:45 evaluate-target-health: 'on' is not a boolean; allowed: yes, no, true, false\n"
		  "!11:54 evaluate-target-health: without an alias; allowed: with alias\n" POLICY
		  "+10:7 a.example. A 'v' alias=b.example.\n" },
		{ "the TTL of a simple alias", R "  a: {type: A, ttl: 5, alias: b}\n",
		  ZONE "!3:21 ttl: an alias has none of its own, its target's holds; allowed: with "
		  "values\n" },
		{ "health", G "      x: {values: 192.0.2.1, health: a b}\n"
		  "      y: {values: 192.0.2.1, health: ''}\n      w: {values: 192.0.2.1, health: [b]}\n",
		  ZONE "!7:38 health: 'a b' " ID "!8:38 health: '' " ID
		  "!9:38 health: a list; allowed: one value\n" POLICY },
		{ "values", G "      x: {values: [192.0.2.1, x]}\n",
		  ZONE POLICY "+7:7 a.example. A 'x'\n  7:20 a.example. 3600 A 192.0.2.1\n"
		  "!7:31 values: invalid address character, near 'x'; allowed: an address such as "
		  "192.0.2.1, of AAAA such as 2001:db8::1\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_EREFUSED);
}

static void mistakes_of_a_group_are_told_with_place_and_key(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "policies", R "  a: {type: A, policy: weigthed, sets: {x: {alias: b}}}\n"
		  "  b: {type: A, policy: [up, {take: 1}], sets: {x: {alias: b}}}\n"
		  "  c: {type: A, policy: {up: 1}, sets: {x: {alias: b}}}\n",
		  ZONE "!3:24 policy: 'weigthed' is not a step; allowed: " STEPS
		 
		  "!4:29 policy: a mapping; allowed: one value\n"
		  "!5:24 policy: a mapping; allowed: one value\n" },
		{ "no steps", R "  a: {type: A, policy: [], sets: {x: {alias: b}}}\n",
		  ZONE "!3:24 policy: a step is missing; allowed: " STEPS },
		{ "simple has no sets", R "  a: {type: A, policy: simple, sets: {x: {alias: b}}}\n"
		  "  b: {type: A, policy: simple}\n",
		  ZONE "!3:24 policy: simple has no sets; allowed: another preset, or steps\n"
		  "!4:6 values: missing; allowed: a record set such as {type: A, values: "
		  "[192.0.2.1]}, with alias, or with policy and sets\n" },
		{ "values beside sets", R "  a: {type: A, values: 192.0.2.1, sets: {x: {alias: b}}}\n"
		  "  b: {type: A, sets: {x: {alias: b}}, alias: c}\n"
		  "  c: {type: A, health: h, sets: {x: {alias: b}}}\n"
		  "  d: {type: A, policy: weighted, values: 192.0.2.1}\n"
		  "  e: {type: A, alias: b, policy: weighted}\n",
		  ZONE "!3:24 values: given with sets; allowed: in each of the sets\n"
		  "!4:46 alias: given with sets; allowed: in each of the sets\n"
		  "!5:24 health: given with sets; allowed: in each of the sets\n"
		  "!6:42 values: given with a policy; allowed: in sets, each with its identifier\n"
		  "!7:23 alias: given with a policy; allowed: in sets, each with its identifier\n" },
		{ "a TTL of nothing", R "  a: {type: A, policy: weighted, ttl: 5}\n",
		  ZONE "!3:6 values: missing; allowed: a record set such as {type: A, values: "
		  "[192.0.2.1]}, with alias, or with policy and sets\n" },
		{ "keys of a set", R "  a: {type: A, weight: 1, tier: 1, id: x, values: 192.0.2.1}\n",
		  ZONE "!3:16 weight: no such key; allowed: type, ttl, values, alias, "
		  "evaluate-target-health, health, policy, sets\n"
		  "!3:27 tier: no such key; allowed: type, ttl, values, alias, "
		  "evaluate-target-health, health, policy, sets\n"
		  "!3:36 id: no such key; allowed: type, ttl, values, alias, "
		  "evaluate-target-health, health, policy, sets\n"
		  "3:51 a.example. 3600 A 192.0.2.1\n" },
		{ "sets", R "  a: {type: A, policy: weighted, sets: {}}\n"
		  "  b: {type: A, policy: weighted, sets: [{alias: b}]}\n"
		  "  c: {type: A, policy: weighted, sets: }\n",
		  ZONE "!3:40 sets: none; allowed: 1 to 1000\n"
		  "!4:40 sets: not a mapping; allowed: identifiers with their record sets, such as blue: "
		  "{weight: 90, values: [192.0.2.1]}\n"
		  "!5:40 sets: not a mapping; allowed: identifiers with their record sets, such as blue: "
		  "{weight: 90, values: [192.0.2.1]}\n" },
		{ "identifiers", G "      \"\": {alias: b}\n      \"a\\tb\": {alias: b}\n"
		  "      \"a\\0b\": {alias: b}\n      [a]: {alias: b}\n      b: {alias: b}\n"
		  "      c: {alias: b}\n      b: {alias: c}\n      \"\\u0085\": {alias: b}\n",
		  ZONE "!7:7 sets: an identifier of 0 bytes; allowed: 1 to 128\n"
		  "!8:7 sets: 'a?b' has control characters; allowed: text of one line\n"
		  "!9:7 sets: 'a?b' has control characters; allowed: text of one line\n"
		  "!10:7 sets: an identifier is text, not a list or mapping\n"
		  "!13:7 sets: b is already in line 11; allowed: once\n"
		  "!14:7 sets: '?\?' has control characters; allowed: text of one line\n" POLICY
		  "+11:7 a.example. A 'b' alias=b.example. evaluate\n"
		  "+12:7 a.example. A 'c' alias=b.example. evaluate\n" },
		{ "the SOA", R "  '@': {type: SOA, alias: b}\n---\n" R
		  "  '@': {type: SOA, policy: weighted, sets: {x: {values: a b 1 2 3 4 5}}}\n",
		  ZONE "!3:15 type: SOA; allowed: one record, at \"@\"\n=5:7 example.\n"
		  "!7:15 type: SOA; allowed: one record, at \"@\"\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_EREFUSED);
}

/* Where record sets and their clients are. */

#define FORTY "0123456789012345678901234567890123456789"
#define LONGEST FORTY "a123456789b123456789c123"
#define L R "  a:\n    type: A\n    policy: geo, cidr, asn, latency, nearest\n    sets:\n"
#define L_POLICY "~5:13 a.example. A geo, cidr, asn, latency, nearest\n"
#define L_ZONE ZONE L_POLICY

static void a_set_is_somewhere_and_so_are_its_clients(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "on one line", L "      x: {region: eu-central-1, coordinates: [50.11, 8.68], bias: -10, "
		  "geo: {continent: EU},\n"
		  "        cidr: {collection: offices, location: oslo}, asn: [64500, 64501], alias: b}\n",
		  L_ZONE "+7:7 a.example. A 'x' region=eu-central-1 coordinates=50.11,8.68 bias=-10 "
		  "geo=continent:EU cidr=offices/oslo asn=64500,64501 alias=b.example. evaluate\n" },
		{ "on many lines", L "      x:\n        alias: b\n        asn:\n          - 64501\n"
		  "          - AS64500\n        cidr:\n          location: oslo\n"
		  "          collection: offices\n        geo:\n          subdivision: ny\n"
		  "          country: us\n        bias: +99\n        coordinates:\n          - -33.868\n"
		  "          - \"151\"\n        region: My_own-1\n",
		  L_ZONE "+7:7 a.example. A 'x' region=My_own-1 coordinates=-33.87,151 bias=99 "
		  "geo=country:US/NY cidr=offices/oslo asn=64501,64500 alias=b.example. evaluate\n" },
		{ "any client", L "      x: {geo: default, cidr: default, asn: default, alias: b}\n"
		  "      y: {geo: \"default\", cidr: 'default', asn: \"default\", alias: b}\n",
		  L_ZONE "+7:7 a.example. A 'x' geo=default cidr=default asn=default alias=b.example. "
		  "evaluate\n+8:7 a.example. A 'y' geo=default cidr=default asn=default "
		  "alias=b.example. evaluate\n" },
		{ "the longest names", L "      x:\n        region: " LONGEST "\n        alias: b\n"
		  "        cidr: {location: " LONGEST ", collection: " LONGEST "}\n",
		  L_ZONE "+7:7 a.example. A 'x' region=" LONGEST " cidr=" LONGEST "/" LONGEST
		  " alias=b.example. evaluate\n" },
		{ "scalars are text", L "      x: {geo: {country: NO}, region: 1e3, alias: b}\n"
		  "      y: {geo: {country: AT, subdivision: 09}, cidr: {collection: on, location: 1-0},\n"
		  "        alias: b}\n"
		  "      z: {geo: {country: IO}, cidr: {collection: null, location: default}, asn: '7',\n"
		  "        alias: b}\n",
		  L_ZONE "+7:7 a.example. A 'x' region=1e3 geo=country:NO alias=b.example. evaluate\n"
		  "+8:7 a.example. A 'y' geo=country:AT/09 cidr=on/1-0 alias=b.example. evaluate\n"
		  "+10:7 a.example. A 'z' geo=country:IO cidr=null/default asn=7 alias=b.example. "
		  "evaluate\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_OK);
}

static void limits_of_sets_hold_where_they_are(void **state)
{
	(void)state;
	for (unsigned more = 0; more <= 1; more++) {
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);
		fprintf(out, R "  a:\n    type: A\n    policy: weighted\n    sets:\n");
		for (unsigned i = 0; i < STEER_SETS_MAX + more; i++) {
			fprintf(out, "      %*s%04u: {alias: b}\n", STEER_SET_ID_MAX - 4, "x", i);
		}
		fclose(out);
		for (char *at = text; (at = strstr(at, "       ")) != NULL;) {
			for (at += 6; *at == ' '; at++) {
				*at = 'x';
			}
		}
		int ret;
		steer_fault_t fault;
		char *told = tell_yaml(text, size, &ret, &fault);
		assert_int_equal(ret, more ? STEER_EREFUSED : STEER_OK);
		assert_int_equal(strstr(told, "!1007:7 sets: more than 1000 of them; allowed: up to "
		                              "1000\n") != NULL, more);
		assert_int_equal(strstr(told, "!") != NULL, more);
		unsigned sets = 0;
		for (const char *at = told; (at = strstr(at, "\n+")) != NULL; at++) {
			sets++;
		}
		assert_int_equal(sets, STEER_SETS_MAX);
		free(told);
		free(text);
	}
	char text[512];
	snprintf(text, sizeof(text), G "      %0129d: {alias: b}\n" REST, 0);
	int ret;
	steer_fault_t fault;
	char *told = tell_yaml(text, strlen(text), &ret, &fault);
	assert_string_equal(told, ZONE "!7:7 sets: an identifier of 129 bytes; allowed: 1 to "
	                    "128\n" POLICY
	                    "+8:7 a.example. A 'z'\n  8:19 a.example. 3600 A 192.0.2.9\n");
	free(told);
}

#define PLACES "allowed: default, {continent: EU}, {country: US} or {country: US, subdivision: " \
	"NY}\n"
#define POINT "allowed: [latitude, longitude], such as [50.11, 8.68]\n"
#define LOCATIONS "allowed: default, or {collection: c, location: l}\n"
#define NAME "is not a name; allowed: 1 to 64 letters, digits, - and _\n"
#define ASN "is not the number of an autonomous system; allowed: 1 to 4294967295, also as AS64500\n"

static void mistakes_of_a_place_are_told(void **state)
{
	(void)state;
	static const struct {
		const char *text;  /*!< A key of a set, in line 7 from column 11. */
		const char *error; /*!< Of a set that is as it would be without the key. */
	} cases[] = {
		{ "region: a b", "!7:19 region: 'a b' " NAME },
		{ "region: ''", "!7:19 region: '' " NAME },
		{ "region: [a]", "!7:19 region: a list; allowed: one value\n" },
		{ "region: " LONGEST "4", "!7:19 region: '" FORTY "...' " NAME },
		{ "coordinates: '50.11,8.68'", "!7:24 coordinates: not a list; " POINT },
		{ "coordinates: {lat: 1, lon: 2}", "!7:24 coordinates: not a list; " POINT },
		{ "coordinates: []", "!7:24 coordinates: a list of 0; " POINT },
		{ "coordinates: [1]", "!7:24 coordinates: a list of 1; " POINT },
		{ "coordinates: [1, 2, x]", "!7:24 coordinates: a list of 3; " POINT },
		{ "coordinates: [90.01, -180.01]",
		  "!7:25 coordinates: '90.01' is not a latitude; allowed: degrees north, -90 to 90\n"
		  "!7:32 coordinates: '-180.01' is not a longitude; allowed: degrees east, -180 to "
		  "180\n" },
		{ "coordinates: [50N, 8]",
		  "!7:25 coordinates: '50N' is not a latitude; allowed: degrees north, -90 to 90\n" },
		{ "coordinates: [1, [2]]", "!7:28 coordinates: a list; allowed: one value\n" },
		{ "bias: 100", "!7:17 bias: '100' is not a percentage; allowed: -99 to 99\n" },
		{ "bias: -100", "!7:17 bias: '-100' is not a percentage; allowed: -99 to 99\n" },
		{ "bias: [1]", "!7:17 bias: a list; allowed: one value\n" },
		{ "geo: EU", "!7:16 geo: not a place; " PLACES },
		{ "geo: [EU]", "!7:16 geo: not a place; " PLACES },
		{ "geo: {}", "!7:16 geo: no place; " PLACES },
		{ "geo: {continent: XX}",
		  "!7:28 continent: 'XX' is not a continent; allowed: AF, AN, AS, EU, NA, OC, SA\n" },
		{ "geo: {country: USA}",
		  "!7:26 country: 'USA' is not a country; allowed: a code of ISO 3166-1, such as NO\n" },
		{ "geo: {country: [US]}", "!7:26 country: a list; allowed: one value\n" },
		{ "geo: {country: US, subdivision: US-NY}",
		  "!7:43 subdivision: 'US-NY' is not a subdivision; allowed: a code of ISO 3166-2 without "
		  "its country, such as NY\n" },
		{ "geo: {subdivision: NY}",
		  "!7:30 subdivision: without a country; allowed: with country\n" },
		{ "geo: {subdivision: NY, continent: NA}",
		  "!7:30 subdivision: without a country; allowed: with country\n" },
		{ "geo: {continent: EU, country: NO}",
		  "!7:28 continent: given with country; allowed: one of the two\n" },
		{ "geo: {city: Oslo}",
		  "!7:17 city: no such key; allowed: continent, country, subdivision\n"
		  "!7:16 geo: no place; " PLACES },
		{ "cidr: offices/oslo", "!7:17 cidr: not a location; " LOCATIONS },
		{ "cidr: [a, b]", "!7:17 cidr: not a location; " LOCATIONS },
		{ "cidr: {}", "!7:17 cidr: without a collection; " LOCATIONS },
		{ "cidr: {location: oslo}", "!7:17 cidr: without a collection; " LOCATIONS },
		{ "cidr: {collection: offices}", "!7:17 cidr: without a location; " LOCATIONS },
		{ "cidr: {collection: a/b, location: }",
		  "!7:30 collection: 'a/b' " NAME "!7:45 location: '' " NAME },
		{ "cidr: {collection: a, location: '*'}", "!7:43 location: '*' " NAME },
		{ "asn: 0", "!7:16 asn: '0' " ASN },
		{ "asn: 4294967296", "!7:16 asn: '4294967296' " ASN },
		{ "asn: [default]", "!7:17 asn: 'default' " ASN },
		{ "asn: []", "!7:16 asn: none; allowed: default, or at least one\n" },
		{ "asn: {a: 1}", "!7:16 asn: a mapping; allowed: one value\n" },
		{ "asn: [64500, AS64501, AS64500]",
		  "!7:33 asn: 64500 is there twice; allowed: once\n" },
		{ "asn: [[1], -1]", "!7:17 asn: a list; allowed: one value\n!7:22 asn: '-1' " ASN },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[512], want[1024];
		int ret;
		steer_fault_t fault;
		print_message("  %s\n", cases[i].text);
		snprintf(text, sizeof(text), L "      x: {%s, alias: b}\n", cases[i].text);
		snprintf(want, sizeof(want), ZONE "%s" L_POLICY "+7:7 a.example. A 'x' alias=b.example. "
		         "evaluate\n", cases[i].error);
		char *told = tell_yaml(text, strlen(text), &ret, &fault);
		assert_string_equal(told, want);
		assert_int_equal(ret, STEER_EREFUSED);
		free(told);
	}
}

static void a_set_has_a_number_of_autonomous_systems(void **state)
{
	(void)state;
	for (unsigned more = 0; more <= 1; more++) {
		char *text = NULL, *list = NULL, want[1024];
		size_t size, list_size;
		FILE *out = open_memstream(&list, &list_size);
		for (unsigned i = 1; i <= STEER_ASNS_MAX + more; i++) {
			fprintf(out, "%s%u", i > 1 ? "," : "", i);
		}
		fclose(out);
		out = open_memstream(&text, &size);
		fprintf(out, L "      x: {asn: [%s], alias: b}\n", list);
		fclose(out);
		snprintf(want, sizeof(want), ZONE "%s" L_POLICY "+7:7 a.example. A 'x'%s%s "
		         "alias=b.example. evaluate\n", more ? "!7:197 asn: more than 63 of them; allowed: up to 63\n" : "",
		         more ? "" : " asn=", more ? "" : list);
		int ret;
		steer_fault_t fault;
		char *told = tell_yaml(text, size, &ret, &fault);
		assert_string_equal(told, want);
		assert_int_equal(ret, more ? STEER_EREFUSED : STEER_OK);
		free(told);
		free(list);
		free(text);
	}
}

/* Health checks. */

static void documents_have_health_checks(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "alone", "health:\n  web:\n    type: https\n    host: www.example.com\n"
		  "    path: /healthz\n"
		  "  manual: {type: manual}\n",
		  "?2:3 web https host=www.example.com path=/healthz\n?6:3 manual manual\n" },
		{ "beside a zone", "health:\n  web: {type: manual}\n" R "  a: {type: A, alias: b, health: "
		  "web}\n",
		  "?2:3 web manual\n=3:7 example.\n+5:6 a.example. A '' alias=b.example. evaluate "
		  "health=web\n" },
		{ "after its records", R "  a: {type: A, alias: b}\nhealth:\n  web: {type: manual}\n---\n"
		  "health: {tcp: {type: tcp, address: 192.0.2.1, port: 53}}\n",
		  "?5:3 web manual\n=1:7 example.\n+3:6 a.example. A '' alias=b.example. evaluate\n"
		  "?7:10 tcp tcp address=192.0.2.1 port=53\n" },
		{ "none", "health:\n---\nhealth: {}\n", "" },
		{ "the type after the keys", "health: {a: {port: 53, address: 192.0.2.1, type: tcp}}\n",
		  "?1:10 a tcp address=192.0.2.1 port=53\n" },
		{ "yes and no", "health:\n  a: {type: manual, inverted: yes, disabled: true}\n"
		  "  b: {type: manual, inverted: no, disabled: false}\n",
		  "?2:3 a manual inverted=yes disabled=yes\n?3:3 b manual\n" },
		{ "lists", "health:\n  a: {type: calculated, children: [b, c], threshold: 1}\n"
		  "  d: {type: calculated, children: b, threshold: 1}\n",
		  "?2:3 a calculated children=b children=c threshold=1\n"
		  "?3:3 d calculated children=b threshold=1\n" },
		{ "the longest identifier", "health: "
		  "{\"012345678901234567890123456789012345678901234567890123456789"
		  "01234567890123456789012345678901234567890123456789012345678901234567\": "
		  "{type: manual}}\n",
		  "?1:10 01234567890123456789012345678901234567890123456789012345678901234567890123456789"
		  "012345678901234567890123456789012345678901234567 manual\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_OK);
}

#define KEYS "allowed: type, host, address, resolve, port, path, method, headers, codes, search, " \
	"redirects, http2, sni, server-name, verify, query-name, query-type, rcode, values, " \
	"min-records, command, children, threshold, interval, connect-timeout, response-timeout, " \
	"body-timeout, timeout, rise, fall, up-delay, inverted, disabled\n"
#define TYPES "allowed: http, https, tcp, tls, dns, icmp, command, calculated, manual\n"

static void mistakes_of_a_check_are_told_with_its_identifier(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "no mapping", "health: [a]\n---\nhealth: a\n---\nhealth: {web: https}\n",
		  "!1:9 health: not a mapping; allowed: identifiers with their checks, such as web: "
		  "{type: https, host: www.example.com}\n"
		  "!3:9 health: not a mapping; allowed: identifiers with their checks, such as web: "
		  "{type: https, host: www.example.com}\n"
		  "!5:15 web: not a health check; allowed: one such as {type: https, host: "
		  "www.example.com}\n" },
		{ "identifiers", "health:\n  a b: {type: manual}\n  '': {type: manual}\n"
		  "  [a]: {type: manual}\n  a: {type: manual}\n---\nhealth: {a: {type: manual}}\n",
		  "!2:3 health: 'a b' " ID "!3:3 health: '' " ID
		  "!4:3 health: an identifier is text, not a list or mapping\n?5:3 a manual\n"
		  "!7:10 health: a is already in line 5; allowed: once\n" },
		{ "types", "health:\n  a: {}\n  b: {type: ping}\n  c: {type: none}\n  d: {type: [tcp]}\n",
		  "!2:3 a: type: missing; allowed: a check such as {type: https, host: www.example.com}\n"
		  "!3:13 b: type: 'ping' is not a type of health check; " TYPES
		  "!4:13 c: type: 'none' is not a type of health check; " TYPES
		  "!5:13 d: type: a list; allowed: one value\n" },
		{ "keys twice and without a type", "health:\n  a: {type: manual, type: tcp}\n"
		  "  b: {port: 53}\n",
		  "!2:21 a: type: already in line 2; allowed: once\n"
		  "!3:3 b: type: missing; allowed: a check such as {type: https, host: "
		  "www.example.com}\n" },
		{ "kinds of values", "health:\n  a: {type: manual, inverted: on}\n"
		  "  b: {type: tcp, port: [53]}\n  c: {type: calculated, threshold: 1, children: []}\n",
		  "!2:31 a: inverted: 'on' is not a boolean; allowed: yes, no, true, false\n"
		  "!3:24 b: port: a list; allowed: one value\n"
		  "!4:49 c: children: none; allowed: at least one\n" },
		{ "unknown keys, with the keys of the type, wherever it stands", "health:\n"
		  "  a: {type: manual, port: x, invertd: yes, pth: {a: [b]}}\n"
		  "  b: {trheshold: 1, type: calculated, <<: {x: y}, [z]: 1}\n"
		  "  c: {type: manual}\n",
		  "!2:30 a: invertd: no such key, did you mean inverted; allowed: type, inverted, "
		  "disabled\n"
		  "!2:44 a: pth: no such key; allowed: type, inverted, disabled\n"
		  "!3:51 b: a key is text, not a list or mapping\n"
		  "!3:7 b: trheshold: no such key, did you mean threshold; allowed: type, children, "
		  "threshold, inverted, disabled\n"
		  "!3:39 b: <<: merge keys are not supported; allowed: type, children, threshold, "
		  "inverted, disabled\n?4:3 c manual\n" },
		{ "unknown keys of a check without a type, or of none", "health:\n  a: {hots: x}\n"
		  "  b: {type: ping, prot: 53}\n",
		  "!2:7 a: hots: no such key, did you mean host; " KEYS
		  "!3:13 b: type: 'ping' is not a type of health check; " TYPES
		  "!3:19 b: prot: no such key, did you mean port; " KEYS },
		{ "no zone", "health: {a: {type: manual}}\nttl: 5\n",
		  "?1:10 a manual\n!1:1 zone: missing; allowed: the name of the zone, such as zone: "
		  "example.com, or health alone\n" },
	};
	check_yaml(cases, COUNT(cases), STEER_EREFUSED);
}

/* A document of a check, with what the table of keys says of the value. */
static char *tell_of(const char *type, const char *key, const char *value, int *ret)
{
	char text[256];
	steer_fault_t fault;
	snprintf(text, sizeof(text), "health: {x: {type: %s, %s: %s}}\n", type, key, value);
	return tell_yaml(text, strlen(text), ret, &fault);
}

static void what_the_table_of_keys_refuses_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *type, *key, *value, *begin;
	} cases[] = {
		{ "manual", "port", "53", "!1:34 x: port: " },
		{ "tcp", "port", "x", "!1:31 x: port: " },
		{ "tcp", "port", "99999", "!1:31 x: port: " },
		{ "http", "interval", "1y", "!1:36 x: interval: " },
		{ "calculated", "threshold", "1", "!1:10 x: " },
		{ "tcp", "prot", "53", "!1:25 x: prot: no such key, did you mean port; allowed: type, " },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *told = tell_of(cases[i].type, cases[i].key, cases[i].value, &ret);
		print_message("  %s %s: %s", cases[i].type, cases[i].key, told);
		assert_int_equal(ret, STEER_EREFUSED);
		assert_memory_equal(told, cases[i].begin, strlen(cases[i].begin));
		assert_ptr_equal(strchr(told, '\n'), told + strlen(told) - 1);
		free(told);
	}
}

static int take_key(steer_events_t *events, const char *key, void *ctx)
{
	unsigned *taken = ctx;
	char want[8];
	snprintf(want, sizeof(want), "k%u", *taken);
	assert_string_equal(key, want);
	assert_string_equal(events->text, want + 1);
	++*taken;
	return STEER_OK;
}

static void a_mapping_tells_which_of_its_keys_are_there(void **state)
{
	(void)state;
	char names[STEER_YAML_KEYS][8], text[1024];
	steer_yaml_key_t keys[STEER_YAML_KEYS + 1] = { 0 };
	for (unsigned i = 0; i < STEER_YAML_KEYS; i++) {
		snprintf(names[i], sizeof(names[i]), "k%u", i);
		keys[i] = (steer_yaml_key_t) { names[i], take_key };
	}
	for (unsigned first = 0; first <= STEER_YAML_KEYS; first++) {
		size_t len = snprintf(text, sizeof(text), "{");
		for (unsigned i = first; i < STEER_YAML_KEYS; i++) {
			len += snprintf(text + len, sizeof(text) - len, "%s: %u, ", names[i], i);
		}
		len += snprintf(text + len, sizeof(text) - len, "}");
		assert_true(len < sizeof(text));

		steer_input_t *input = NULL;
		steer_fault_t fault;
		steer_events_t events;
		uint64_t given = 1;
		unsigned taken = first;
		assert_int_equal(steer_input_text(&input, "file", text, len), STEER_OK);
		steer_report_t report = { .name = "file", .fault = &fault };
		assert_int_equal(steer_events_open(&events, input, &report), STEER_OK);
		do {
			assert_int_equal(steer_events_next(&events), STEER_OK);
		} while (events.kind != NODE_MAPPING);
		assert_int_equal(steer_yaml_mapping(&events, keys, &taken, &given), STEER_OK);
		assert_int_equal(taken, STEER_YAML_KEYS);
		assert_true(given == (first < 64 ? UINT64_MAX << first : 0));
		steer_events_close(&events);
		steer_input_free(input);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_become_a_policy_and_sets),
		cmocka_unit_test(a_set_may_be_an_alias_or_have_a_check),
		cmocka_unit_test(mistakes_of_a_set_are_told_with_place_and_key),
		cmocka_unit_test(mistakes_of_a_group_are_told_with_place_and_key),
		cmocka_unit_test(a_set_is_somewhere_and_so_are_its_clients),
		cmocka_unit_test(mistakes_of_a_place_are_told),
		cmocka_unit_test(a_set_has_a_number_of_autonomous_systems),
		cmocka_unit_test(limits_of_sets_hold_where_they_are),
		cmocka_unit_test(documents_have_health_checks),
		cmocka_unit_test(mistakes_of_a_check_are_told_with_its_identifier),
		cmocka_unit_test(what_the_table_of_keys_refuses_is_told),
		cmocka_unit_test(a_mapping_tells_which_of_its_keys_are_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
