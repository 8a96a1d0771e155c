/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What gdnsd's configurations and zone files become: zones, groups with their policies,
 *        record sets, health checks, networks.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "formats/gdnsd/gdnsd.h"
#include "unit/stores.h"
#include "unit/story.h"
#include "unit/test.h"

/*! A configuration and the zone a.test. */
typedef struct {
	const char *name, *config, *zone, *want;
} gdnsd_case_t;

/*! A copy of just its length. */
static char *copy_of(const char *text)
{
	const size_t len = strlen(text);
	char *copy = malloc(len > 0 ? len : 1);
	memcpy(copy, text, len);
	return copy;
}

static steer_input_t *input_of(const char *name, const char *copy, size_t len)
{
	steer_input_t *input = NULL;
	assert_int_equal(steer_input_text(&input, name, copy, len), STEER_OK);
	return input;
}

/*! Reads a configuration and a zone file. \return What they say */
static char *tell(const char *config, const char *zone_name, const char *zone, int *ret)
{
	char *copies[] = { copy_of(config), copy_of(zone) };
	steer_fault_t fault = { 0 };
	steer_gdnsd_t *files = steer_gdnsd_new(false);
	story_t story = { .files = true };
	story_begin(&story);
	assert_int_equal(steer_gdnsd_add_config(files, input_of("c", copies[0], strlen(config)),
	                                        &fault), STEER_OK);
	assert_int_equal(steer_gdnsd_add_zone(files, input_of(zone_name, copies[1], strlen(zone))),
	                 STEER_OK);
	*ret = steer_gdnsd_read(files, &story.reading, &fault);
	steer_gdnsd_free(files);
	free(copies[0]);
	free(copies[1]);
	return story_end(&story);
}

static void check_files(const gdnsd_case_t *cases, size_t count, int want)
{
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].name);
		int ret;
		char *told = tell(cases[i].config, "zones/a.test", cases[i].zone, &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, want);
		free(told);
	}
}

static void zone_files_are_read(void **state)
{
	(void)state;
	static const gdnsd_case_t cases[] = {
		{ "names, TTLs and the SOA",
		  "options={zones_default_ttl=1000 min_ttl=10 max_ttl=7200 max_ncache_ttl=60}",
		  "@ 300 SOA ns1 host 1 2 3 4 900\n@ NS ns1\n"
		  "ns1 5 A 192.0.2.1\n$TTL 2h\nb.@Z 9999 A 192.0.2.2\n",
		  "a.test =1:1 a.test.\na.test 1:1 a.test. 60 SOA ns1.a.test. host.a.test. 1 2 3 4 900"
		  "\na.test 2:1 a.test. 1000 NS ns1.a.test.\n"
		  "a.test 3:1 ns1.a.test. 10 A 192.0.2.1\na.test 5:1 b.a.test. 7200 A 192.0.2.2\n" },
		{ "the zone and the origin as labels",
		  "",
		  "$ORIGIN sub ; below\n@ 60 A 192.0.2.1\n@Z 60 A 192.0.2.2\n"
		  "x.@F 60 CNAME y.@Z\n$ORIGIN z.@F\nw 60 MX 1 @F ; @Z\n"
		  "q 60 TXT \"@Z\" @Z\n$ORIGIN @\np 60 A 192.0.2.3\n"
		  "$origin @F\no 60 A 192.0.2.4\n",
		  "a.test =1:1 a.test.\na.test 2:1 sub.a.test. 60 A 192.0.2.1\n"
		  "a.test 3:1 a.test. 60 A 192.0.2.2\na.test 4:1 x.a.test. 60 CNAME y.a.test.\n"
		  "a.test 6:1 w.z.a.test. 60 MX 1 a.test.\na.test 7:1 q.z.a.test. 60 TXT \"@Z\" \"a.tes"
		  "t.\"\na.test 9:1 p.z.a.test. 60 A 192.0.2.3\n"
		  "a.test 11:1 o.a.test. 60 A 192.0.2.4\n" },
		{ "long strings are split",
		  "",
		  "t 60 TXT \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaa\\098ccc\"\n",
		  "a.test =1:1 a.test.\na.test 1:1 t.a.test. 60 TXT \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\" \"ccc\"\n" },
		{ "TTLs of dynamic records",
		  "plugins={static={s=192.0.2.1}}",
		  "a 300 DYNA static!s\nb 300/30 IN DYNA static!s\n"
		  "c IN 1h/30m DYNC static!s ; comment\n"
		  "e 60 TXT x\n  DYNA static!s\n"
		  "$TTL 77\nd dyna static!s\n",
		  "a.test =1:1 a.test.\na.test 1:1 a.a.test. 300 A 192.0.2.1\n"
		  "a.test 2:1 b.a.test. 300 A 192.0.2.1\na.test 3:1 c.a.test. 3600 A 192.0.2.1\n"
		  "a.test 4:1 e.a.test. 60 TXT \"x\"\na.test 5:3 e.a.test. 86400 A 192.0.2.1\n"
		  "a.test 7:1 d.a.test. 77 A 192.0.2.1\n" },
		{ "words in parentheses are no record",
		  "",
		  "t 60 TXT ( a\n DYNA static!s )\n",
		  "a.test =1:1 a.test.\na.test 1:1 t.a.test. 60 TXT \"a\" \"DYNA\" \"static!s\"\n" },
		{ "limits of addresses",
		  "",
		  "$ADDR_LIMIT_V4 2\n$addr_limit_v6 3\na 60 A 192.0.2.1\n",
		  "a.test %1:1 $ADDR_LIMIT_V4, $ADDR_LIMIT_V6: left out, as gdnsd does since version 3:"
		  " all addresses answer\na.test =1:1 a.test.\n"
		  "a.test 3:1 a.a.test. 60 A 192.0.2.1\n" },
		{ "an owner that is repeated, and parentheses",
		  "plugins={static={s=192.0.2.1}}",
		  "a 60 DYNA static!s\n  60 MX ( 10\n b )\nDYNA 60 A 192.0.2.2\n",
		  "a.test =1:1 a.test.\na.test 1:1 a.a.test. 60 A 192.0.2.1\n"
		  "a.test 2:3 a.a.test. 60 MX 10 b.a.test.\n"
		  "a.test 4:1 dyna.a.test. 60 A 192.0.2.2\n" },
		{ "dynamic records in parentheses",
		  "plugins={static={s=192.0.2.1}}",
		  "a ( 60 DYNA static!s )\nb(300/5;)\n\tIN\n)\tDYNC(static!s)(;\n) ; c\n"
		  "c TXT (x)\n( ; c\n\n70 DYNA static!s)\nd TXT x\n(60 DYNA static!s)\ne TXT x\n"
		  " (\n70 DYNA static!s)\n",
		  "a.test =1:1 a.test.\na.test 1:1 a.a.test. 60 A 192.0.2.1\n"
		  "a.test 2:1 b.a.test. 300 A 192.0.2.1\na.test 6:1 c.a.test. 86400 TXT \"x\"\n"
		  "a.test 7:2 c.a.test. 70 A 192.0.2.1\na.test 10:1 d.a.test. 86400 TXT \"x\"\n"
		  "a.test 11:2 d.a.test. 60 A 192.0.2.1\na.test 12:1 e.a.test. 86400 TXT \"x\"\n"
		  "a.test 13:2 e.a.test. 70 A 192.0.2.1\n" },
		{ "after a parenthesis that is closed in a line of its own",
		  "plugins={static={s=192.0.2.1}}",
		  "@ 60 SOA ns hm ( 1 2 3 4 60\n)\na 60 DYNA static!s\n",
		  "a.test =1:1 a.test.\na.test 1:1 a.test. 60 SOA ns.a.test. hm.a.test. 1 2 3 4 60\n"
		  "a.test 3:1 a.a.test. 60 A 192.0.2.1\n" },
		{ "directives in parentheses",
		  "plugins={static={s=192.0.2.1}}",
		  "$TTL (\n60)\na DYNA static!s\n$ORIGIN ( b.@Z\n)\n@ DYNA static!s\n"
		  "$ADDR_LIMIT_V4 (\n1 )\nc DYNA static!s\n",
		  "a.test %7:1 $ADDR_LIMIT_V4, $ADDR_LIMIT_V6: left out, as gdnsd does since version 3:"
		  " all addresses answer\na.test =1:1 a.test.\na.test 3:1 a.a.test. 60 A 192.0.2.1\n"
		  "a.test 6:1 b.a.test. 60 A 192.0.2.1\na.test 9:1 c.b.a.test. 60 A 192.0.2.1\n" },
	};
	check_files(cases, COUNT(cases), STEER_OK);
}

static void groups_of_addresses(void **state)
{
	(void)state;
	static const gdnsd_case_t cases[] = {
		{ "nothing is checked",
		  "plugins={multifo={r=[192.0.2.1 192.0.2.2]}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\na.test 1:1 r.a.test. 60 A 192.0.2.1\n"
		  "a.test 1:1 r.a.test. 60 A 192.0.2.2\n" },
		{ "one address without a list",
		  "plugins={multifo={r=192.0.2.1}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\na.test 1:1 r.a.test. 60 A 192.0.2.1\n" },
		{ "checked",
		  "service_types={t={plugin=tcp_connect port=25 ok_thresh=1 up_thresh=1 down_thresh=1}}"
		  " plugins={multifo={service_types=t r={a=192.0.2.1 b=192.0.2.2 c=192.0.2.3}}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\nc ?1:16 192.0.2.1/t tcp address=192.0.2.1 port=25 interval=10s "
		  "timeout=5s rise=1 fall=1\nc ?1:16 192.0.2.2/t tcp address=192.0.2.2 port=25 interval"
		  "=10s timeout=5s rise=1 fall=1\nc ?1:16 192.0.2.3/t tcp address=192.0.2.3 port=25 int"
		  "erval=10s timeout=5s rise=1 fall=1\na.test ~1:1 r.a.test. A up min-healthy=50%, shuf"
		  "fle\nc +1:125 r.a.test. A 'a' health=192.0.2.1/t\n"
		  "c   1:125 r.a.test. 30 A 192.0.2.1\nc +1:137 r.a.test. A 'b' health=192.0.2.2/t\n"
		  "c   1:137 r.a.test. 30 A 192.0.2.2\nc +1:149 r.a.test. A 'c' health=192.0.2.3/t\n"
		  "c   1:149 r.a.test. 30 A 192.0.2.3\n" },
		{ "inherited and overridden",
		  "service_types={t={plugin=null} u={plugin=static state=down}} plugins={multifo={servi"
		  "ce_types=t up_thresh=0.7 r={addrs_v4=[192.0.2.1 192.0.2.2] addrs_v6={service_types=u"
		  " up_thresh=0.01 x=2001:DB8::1 y=2001:db8::2}}}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\nc ?1:16 192.0.2.1/t manual inverted=yes disabled=yes\n"
		  "c ?1:16 192.0.2.2/t manual inverted=yes disabled=yes\n"
		  "c ?1:32 2001:db8::1/u manual inverted=yes disabled=yes\n"
		  "c ?1:32 2001:db8::2/u manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 r.a.test. A up min-healthy=70%, shuffle\n"
		  "c +1:123 r.a.test. A '1' health=192.0.2.1/t\n"
		  "c   1:123 r.a.test. 60 A 192.0.2.1\nc +1:133 r.a.test. A '2' health=192.0.2.2/t\n"
		  "c   1:133 r.a.test. 60 A 192.0.2.2\na.test ~1:1 r.a.test. AAAA up, shuffle\n"
		  "c +1:187 r.a.test. AAAA 'x' health=2001:db8::1/u\n"
		  "c   1:187 r.a.test. 60 AAAA 2001:db8::1\n"
		  "c +1:201 r.a.test. AAAA 'y' health=2001:db8::2/u\n"
		  "c   1:201 r.a.test. 60 AAAA 2001:db8::2\n" },
		{ "a share with many decimals: two of three",
		  "plugins={multifo={service_types=down up_thresh=0.66666666 r={a=192.0.2.1 b=192.0.2.2"
		  " c=192.0.2.3}}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\nc ?1:33 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:33 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c ?1:33 192.0.2.3/down manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 r.a.test. A up min-healthy=66%, shuffle\n"
		  "c +1:64 r.a.test. A 'a' health=192.0.2.1/down\nc   1:64 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:76 r.a.test. A 'b' health=192.0.2.2/down\nc   1:76 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:88 r.a.test. A 'c' health=192.0.2.3/down\nc   1:88 r.a.test. 60 A 192.0.2.3\n" },
		{ "always down",
		  "plugins={multifo={service_types=[up down] r=[192.0.2.1 192.0.2.2]}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\nc ?1:37 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:37 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 r.a.test. A up, shuffle\nc +1:46 r.a.test. A '1' health=192.0.2.1/down\n"
		  "c   1:46 r.a.test. 60 A 192.0.2.1\nc +1:56 r.a.test. A '2' health=192.0.2.2/down\n"
		  "c   1:56 r.a.test. 60 A 192.0.2.2\n" },
		{ "all answer, whatever their health",
		  "plugins={multifo={service_types=down ignore_health=true r=[192.0.2.1 192.0.2.2]}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\nc ?1:33 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:33 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 r.a.test. A shuffle\nc +1:60 r.a.test. A '1' health=192.0.2.1/down\n"
		  "c   1:60 r.a.test. 60 A 192.0.2.1\nc +1:70 r.a.test. A '2' health=192.0.2.2/down\n"
		  "c   1:70 r.a.test. 60 A 192.0.2.2\n" },
		{ "a threshold that is no whole percentage of theirs",
		  "plugins={multifo={service_types=down up_thresh=0.335 r=[192.0.2.1 192.0.2.2 192.0.2."
		  "3]}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\nc ?1:33 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:33 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c ?1:33 192.0.2.3/down manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 r.a.test. A up min-healthy=34%, shuffle\n"
		  "c +1:57 r.a.test. A '1' health=192.0.2.1/down\n"
		  "c   1:57 r.a.test. 60 A 192.0.2.1\nc +1:67 r.a.test. A '2' health=192.0.2.2/down\n"
		  "c   1:67 r.a.test. 60 A 192.0.2.2\nc +1:77 r.a.test. A '3' health=192.0.2.3/down\n"
		  "c   1:77 r.a.test. 60 A 192.0.2.3\n" },
		{ "a threshold that is little more than one of them",
		  "service_types={w={plugin=null}} plugins={multifo={up_thresh=0.5004 service_types=w r"
		  "=[192.0.2.1 192.0.2.2]}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\nc ?1:16 192.0.2.1/w manual inverted=yes disabled=yes\n"
		  "c ?1:16 192.0.2.2/w manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 r.a.test. A up min-healthy=100%, shuffle\n"
		  "c +1:87 r.a.test. A '1' health=192.0.2.1/w\nc   1:87 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:97 r.a.test. A '2' health=192.0.2.2/w\nc   1:97 r.a.test. 60 A 192.0.2.2\n" },
		{ "IPv6 that changes sooner",
		  "service_types={s={plugin=static ttl=600} f={plugin=static ttl=300}} plugins={simplef"
		  "o={r={addrs_v4={service_types=s primary=192.0.2.1 secondary=192.0.2.2} addrs_v6={ser"
		  "vice_types=f primary=::1 secondary=::2}}}}",
		  "r 900/30 DYNA simplefo!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A up, tier\n"
		  "c +1:125 r.a.test. A 'primary' tier=0\nc   1:125 r.a.test. 300 A 192.0.2.1\n"
		  "c +1:145 r.a.test. A 'secondary' tier=1\nc   1:145 r.a.test. 300 A 192.0.2.2\n"
		  "a.test ~1:1 r.a.test. AAAA up, tier\n"
		  "c +1:190 r.a.test. AAAA 'primary' tier=0\nc   1:190 r.a.test. 300 AAAA ::1\n"
		  "c +1:204 r.a.test. AAAA 'secondary' tier=1\nc   1:204 r.a.test. 300 AAAA ::2\n" },
		{ "one family that changes sooner",
		  "service_types={a={plugin=extfile file=x interval=8 down_thresh=5} b={plugin=extfile "
		  "file=y direct=true def_ttl=90} c={plugin=extfile file=z direct=true}} plugins={multi"
		  "fo={m={addrs_v4={service_types=c x=192.0.2.1 y=192.0.2.2} addrs_v6={service_types=a "
		  "x=::1 y=::2}}} simplefo={s={addrs_v4={service_types=b primary=192.0.2.1 secondary=19"
		  "2.0.2.2} addrs_v6={service_types=c primary=::1 secondary=::2}}} weighted={w={addrs_v"
		  "4={service_types=a x={a=[192.0.2.1 1] b=[192.0.2.2 1]} y={a=[192.0.2.3 2]}} addrs_v6"
		  "={service_types=b a=[::1 1] b=[::2 1]}}}}",
		  "m 600 DYNA multifo!m\ns 600/5 DYNA simplefo!s\n"
		  "w 600/5 DYNA weighted!w\nm2 600/5 DYNA multifo!m\n",
		  "a.test =1:1 a.test.\nc %1:116 c: z is not read; steerctl health report has to tell t"
		  "he states, which begin as up\nc ?1:116 192.0.2.1/c manual\n"
		  "c ?1:116 192.0.2.2/c manual\nc %1:16 a: x is not read; steerctl health report has to"
		  " tell the states, which begin as up\nc ?1:16 ::1/a manual\n"
		  "c ?1:16 ::2/a manual\na.test ~1:1 m.a.test. A up, shuffle\n"
		  "c +1:204 m.a.test. A 'x' health=192.0.2.1/c\n"
		  "c   1:204 m.a.test. 300 A 192.0.2.1\nc +1:216 m.a.test. A 'y' health=192.0.2.2/c\n"
		  "c   1:216 m.a.test. 300 A 192.0.2.2\na.test ~1:1 m.a.test. AAAA up, shuffle\n"
		  "c +1:255 m.a.test. AAAA 'x' health=::1/a\n"
		  "c   1:255 m.a.test. 300 AAAA ::1\nc +1:261 m.a.test. AAAA 'y' health=::2/a\n"
		  "c   1:261 m.a.test. 300 AAAA ::2\nc %1:67 b: y is not read; steerctl health report h"
		  "as to tell the states, which begin as up\n"
		  "c ?1:67 192.0.2.1/b manual\nc ?1:67 192.0.2.2/b manual\n"
		  "c ?1:116 ::1/c manual\nc ?1:116 ::2/c manual\n"
		  "a.test ~2:1 s.a.test. A failover\nc +1:315 s.a.test. A 'primary' tier=0 health=192.0"
		  ".2.1/b\nc   1:315 s.a.test. 90 A 192.0.2.1\n"
		  "c +1:335 s.a.test. A 'secondary' tier=1 health=192.0.2.2/b\n"
		  "c   1:335 s.a.test. 90 A 192.0.2.2\na.test ~2:1 s.a.test. AAAA failover\n"
		  "c +1:380 s.a.test. AAAA 'primary' tier=0 health=::1/c\n"
		  "c   1:380 s.a.test. 90 AAAA ::1\nc +1:394 s.a.test. AAAA 'secondary' tier=1 health=:"
		  ":2/c\nc   1:394 s.a.test. 90 AAAA ::2\nc ?1:16 192.0.2.1/a manual\n"
		  "c ?1:16 192.0.2.2/a manual\nc ?1:16 192.0.2.3/a manual\n"
		  "c %1:411 a group weighs less there while some of its addresses are down, and up_thre"
		  "sh counts weights; here it weighs the same until all are down, and 1 of the 2 groups"
		  " must be up\nc ?1:67 ::1/b manual\nc ?1:67 ::2/b manual\n"
		  "c ~1:440 x.w.weighted.600-5._gdnsd.a.test. A up, shuffle\n"
		  "c +1:446 x.w.weighted.600-5._gdnsd.a.test. A 'a' health=192.0.2.1/a\n"
		  "c   1:446 x.w.weighted.600-5._gdnsd.a.test. 40 A 192.0.2.1\n"
		  "c +1:462 x.w.weighted.600-5._gdnsd.a.test. A 'b' health=192.0.2.2/a\n"
		  "c   1:462 x.w.weighted.600-5._gdnsd.a.test. 40 A 192.0.2.2\n"
		  "a.test ~3:1 w.a.test. A weighted\nc +1:440 w.a.test. A 'x' weight=2 alias=x.w.weight"
		  "ed.600-5._gdnsd.a.test. evaluate\nc +1:482 w.a.test. A 'y' weight=2 health=192.0.2.3"
		  "/a\nc   1:482 w.a.test. 40 A 192.0.2.3\na.test ~3:1 w.a.test. AAAA weighted\n"
		  "c +1:526 w.a.test. AAAA 'a' weight=1 health=::1/b\n"
		  "c   1:526 w.a.test. 40 AAAA ::1\nc +1:536 w.a.test. AAAA 'b' weight=1 health=::2/b\n"
		  "c   1:536 w.a.test. 40 AAAA ::2\na.test ~4:1 m2.a.test. A up, shuffle\n"
		  "c +1:204 m2.a.test. A 'x' health=192.0.2.1/c\n"
		  "c   1:204 m2.a.test. 40 A 192.0.2.1\nc +1:216 m2.a.test. A 'y' health=192.0.2.2/c\n"
		  "c   1:216 m2.a.test. 40 A 192.0.2.2\na.test ~4:1 m2.a.test. AAAA up, shuffle\n"
		  "c +1:255 m2.a.test. AAAA 'x' health=::1/a\n"
		  "c   1:255 m2.a.test. 40 AAAA ::1\nc +1:261 m2.a.test. AAAA 'y' health=::2/a\n"
		  "c   1:261 m2.a.test. 40 AAAA ::2\n" },
		{ "other plugins",
		  "plugins={simplefo={service_types=down f={primary=192.0.2.1 secondary=192.0.2.2} g={s"
		  "ervice_types=up addrs_v6={primary=::1 secondary=::2}}} static={s=192.0.2.3 n=N.examp"
		  "le.}}",
		  "f 60 DYNA simplefo!f\ng 60 DYNA simplefo!g\n"
		  "s 60 DYNA static!s\nn 60 DYNC static!n\nz 60 DYNA null\n"
		  "y 60 DYNC null!x\nw 60 DYNA reflect\nv 60 DYNA other!x\n",
		  "a.test =1:1 a.test.\nc ?1:34 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:34 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 f.a.test. A failover\nc +1:50 f.a.test. A 'primary' tier=0 health=192.0."
		  "2.1/down\nc   1:50 f.a.test. 60 A 192.0.2.1\n"
		  "c +1:70 f.a.test. A 'secondary' tier=1 health=192.0.2.2/down\n"
		  "c   1:70 f.a.test. 60 A 192.0.2.2\na.test ~2:1 g.a.test. AAAA up, tier\n"
		  "c +1:119 g.a.test. AAAA 'primary' tier=0\n"
		  "c   1:119 g.a.test. 60 AAAA ::1\nc +1:133 g.a.test. AAAA 'secondary' tier=1\n"
		  "c   1:133 g.a.test. 60 AAAA ::2\na.test 3:1 s.a.test. 60 A 192.0.2.3\n"
		  "a.test 4:1 n.a.test. 60 CNAME n.example.\n"
		  "a.test 5:1 z.a.test. 60 A 0.0.0.0\na.test 5:1 z.a.test. 60 AAAA ::\n"
		  "a.test 6:1 y.a.test. 60 A 0.0.0.0\na.test 6:1 y.a.test. 60 AAAA ::\n"
		  "a.test %7:1 reflect: left out: no record tells who asks\n"
		  "a.test %8:1 other!x: left out: nothing is known of its plugin\n" },
	};
	check_files(cases, COUNT(cases), STEER_OK);
}

static void groups_by_weight(void **state)
{
	(void)state;
	static const gdnsd_case_t cases[] = {
		{ "one of several",
		  "plugins={weighted={r={a=[192.0.2.1 10] b=[192.0.2.2 30]}}}",
		  "r 60 DYNA weighted!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A weighted\n"
		  "c +1:26 r.a.test. A 'a' weight=10\nc   1:26 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:43 r.a.test. A 'b' weight=30\nc   1:43 r.a.test. 60 A 192.0.2.2\n" },
		{ "a threshold that counts alike",
		  "plugins={weighted={service_types=down up_thresh=0.5 r={a=[192.0.2.1 2] b=[192.0.2.2 "
		  "2] c=[192.0.2.3 3]} s={up_thresh=0.01 a=[192.0.2.1 2] b=[192.0.2.2 99]}}}",
		  "r 60 DYNA weighted!r\ns 60 DYNA weighted!s\n",
		  "a.test =1:1 a.test.\nc ?1:34 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:34 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c ?1:34 192.0.2.3/down manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 r.a.test. A up min-healthy=50%, weighted, take 1\n"
		  "c +1:59 r.a.test. A 'a' weight=2 health=192.0.2.1/down\n"
		  "c   1:59 r.a.test. 60 A 192.0.2.1\nc +1:75 r.a.test. A 'b' weight=2 health=192.0.2.2"
		  "/down\nc   1:75 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:91 r.a.test. A 'c' weight=3 health=192.0.2.3/down\n"
		  "c   1:91 r.a.test. 60 A 192.0.2.3\na.test ~2:1 s.a.test. A weighted\n"
		  "c +1:126 s.a.test. A 'a' weight=2 health=192.0.2.1/down\n"
		  "c   1:126 s.a.test. 60 A 192.0.2.1\nc +1:142 s.a.test. A 'b' weight=99 health=192.0."
		  "2.2/down\nc   1:142 s.a.test. 60 A 192.0.2.2\n" },
		{ "one that does not",
		  "plugins={weighted={service_types=down r={a=[192.0.2.1 99] b=[192.0.2.2 15] c=[192.0."
		  "2.3 1]}}}",
		  "r 60 DYNA weighted!r\n",
		  "a.test =1:1 a.test.\nc ?1:34 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:34 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c ?1:34 192.0.2.3/down manual inverted=yes disabled=yes\n"
		  "c %1:39 up_thresh counts weights there; here 2 of the 3 must be up, whatever they we"
		  "igh\na.test ~1:1 r.a.test. A up min-healthy=50%, weighted, take 1\n"
		  "c +1:45 r.a.test. A 'a' weight=99 health=192.0.2.1/down\n"
		  "c   1:45 r.a.test. 60 A 192.0.2.1\nc +1:62 r.a.test. A 'b' weight=15 health=192.0.2."
		  "2/down\nc   1:62 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:79 r.a.test. A 'c' weight=1 health=192.0.2.3/down\n"
		  "c   1:79 r.a.test. 60 A 192.0.2.3\n" },
		{ "several of equal weight",
		  "plugins={weighted={multi=true r={a=[192.0.2.1 5] b=[192.0.2.2 5]} s={service_types=d"
		  "own a=[192.0.2.1 5] b=[192.0.2.2 5]}}}",
		  "r 60 DYNA weighted!r\ns 60 DYNA weighted!s\n",
		  "a.test =1:1 a.test.\na.test 1:1 r.a.test. 60 A 192.0.2.1\n"
		  "a.test 1:1 r.a.test. 60 A 192.0.2.2\nc ?1:84 192.0.2.1/down manual inverted=yes disa"
		  "bled=yes\nc ?1:84 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "a.test ~2:1 s.a.test. A up, shuffle\nc +1:92 s.a.test. A 'a' health=192.0.2.1/down\n"
		  "c   1:92 s.a.test. 60 A 192.0.2.1\nc +1:108 s.a.test. A 'b' health=192.0.2.2/down\n"
		  "c   1:108 s.a.test. 60 A 192.0.2.2\n" },
		{ "several of other weights",
		  "plugins={weighted={multi=TRUE r={a=[192.0.2.1 5] b=[192.0.2.2 6]}}}",
		  "r 60 DYNA weighted!r\n",
		  "a.test =1:1 a.test.\nc %1:31 multi: each is drawn by itself there, as its weight is "
		  "to the largest; here all that are up answer, whatever they weigh\n"
		  "a.test ~1:1 r.a.test. A shuffle\nc +1:37 r.a.test. A 'a'\n"
		  "c   1:37 r.a.test. 60 A 192.0.2.1\nc +1:53 r.a.test. A 'b'\n"
		  "c   1:53 r.a.test. 60 A 192.0.2.2\n" },
		{ "one of several groups",
		  "plugins={weighted={r={g={a=[192.0.2.1 2] b=[192.0.2.2 2]} H={c=[192.0.2.3 1]}} s={se"
		  "rvice_types=down g={a=[192.0.2.1 2] b=[192.0.2.2 2]} h={c=[192.0.2.3 1]}}}}",
		  "r 60 DYNA weighted!r\ns 60 DYNA weighted!s\n",
		  "a.test =1:1 a.test.\nc 1:23 g.r.weighted.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c 1:23 g.r.weighted.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test ~1:1 r.a.test. A weighted\nc +1:23 r.a.test. A 'g' weight=4 alias=g.r.weighte"
		  "d.60-30._gdnsd.a.test. evaluate\nc +1:65 r.a.test. A 'H' weight=1\n"
		  "c   1:65 r.a.test. 60 A 192.0.2.3\nc ?1:97 192.0.2.1/down manual inverted=yes disabl"
		  "ed=yes\nc ?1:97 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c ?1:97 192.0.2.3/down manual inverted=yes disabled=yes\n"
		  "c %1:80 a group weighs less there while some of its addresses are down, and up_thres"
		  "h counts weights; here it weighs the same until all are down, and 1 of the 2 groups "
		  "must be up\nc ~1:102 g.s.weighted.60-30._gdnsd.a.test. A up, shuffle\n"
		  "c +1:108 g.s.weighted.60-30._gdnsd.a.test. A 'a' health=192.0.2.1/down\n"
		  "c   1:108 g.s.weighted.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c +1:124 g.s.weighted.60-30._gdnsd.a.test. A 'b' health=192.0.2.2/down\n"
		  "c   1:124 g.s.weighted.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test ~2:1 s.a.test. A weighted\nc +1:102 s.a.test. A 'g' weight=4 alias=g.s.weight"
		  "ed.60-30._gdnsd.a.test. evaluate\nc +1:144 s.a.test. A 'h' weight=1 health=192.0.2.3"
		  "/down\nc   1:144 s.a.test. 60 A 192.0.2.3\n" },
		{ "several of several groups",
		  "plugins={weighted={multi=true r={g={a=[192.0.2.1 1] b=[192.0.2.2 2]} h={c=[192.0.2.3"
		  " 3]}}}}",
		  "r 60 DYNA weighted!r\n",
		  "a.test =1:1 a.test.\nc ~1:34 g.r.weighted.60-30._gdnsd.a.test. A weighted\n"
		  "c +1:40 g.r.weighted.60-30._gdnsd.a.test. A 'a' weight=1\n"
		  "c   1:40 g.r.weighted.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c +1:56 g.r.weighted.60-30._gdnsd.a.test. A 'b' weight=2\n"
		  "c   1:56 g.r.weighted.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test ~1:1 r.a.test. A shuffle\nc +1:34 r.a.test. A 'g' alias=g.r.weighted.60-30._g"
		  "dnsd.a.test. evaluate\nc +1:76 r.a.test. A 'h'\n"
		  "c   1:76 r.a.test. 60 A 192.0.2.3\n" },
		{ "groups of one each",
		  "plugins={weighted={service_types=down r={g={a=[192.0.2.1 2]} h={c=[192.0.2.3 1]}}}}",
		  "r 60 DYNA weighted!r\n",
		  "a.test =1:1 a.test.\nc ?1:34 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:34 192.0.2.3/down manual inverted=yes disabled=yes\n"
		  "c %1:39 up_thresh counts weights there; here 1 of the 2 must be up, whatever they we"
		  "igh\na.test ~1:1 r.a.test. A weighted\nc +1:48 r.a.test. A 'g' weight=2 health=192.0"
		  ".2.1/down\nc   1:48 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:68 r.a.test. A 'h' weight=1 health=192.0.2.3/down\n"
		  "c   1:68 r.a.test. 60 A 192.0.2.3\n" },
		{ "families",
		  "plugins={weighted={r={addrs_v4={a=[192.0.2.1 1] b=[192.0.2.2 1]} addrs_v6={multi=tru"
		  "e a=[2001:db8::1 4] b=[2001:db8::2 4]}}}}",
		  "r 60 DYNA weighted!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A weighted\n"
		  "c +1:36 r.a.test. A 'a' weight=1\nc   1:36 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:52 r.a.test. A 'b' weight=1\nc   1:52 r.a.test. 60 A 192.0.2.2\n"
		  "a.test 1:1 r.a.test. 60 AAAA 2001:db8::1\n"
		  "a.test 1:1 r.a.test. 60 AAAA 2001:db8::2\n" },
		{ "names",
		  "plugins={weighted={multi=true r={a=[b.example. 99] c=[D.example. 15]}}}",
		  "r 60 DYNC weighted!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. CNAME weighted\n"
		  "c +1:37 r.a.test. CNAME 'a' weight=99\nc   1:37 r.a.test. 60 CNAME b.example.\n"
		  "c +1:55 r.a.test. CNAME 'c' weight=15\nc   1:55 r.a.test. 60 CNAME d.example.\n" },
		{ "one group of a resource",
		  "plugins={weighted={r={g={a=[192.0.2.1 1] b=[192.0.2.2 2]}}}}",
		  "r 60 DYNA weighted!r\n",
		  "a.test =1:1 a.test.\n"
		  "c %1:20 multi: each is drawn by itself there, as its weight is to the largest; here "
		  "all that are up answer, whatever they weigh\n"
		  "c ~1:23 g.r.weighted.60-30._gdnsd.a.test. A shuffle\n"
		  "c +1:29 g.r.weighted.60-30._gdnsd.a.test. A 'a'\n"
		  "c   1:29 g.r.weighted.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c +1:45 g.r.weighted.60-30._gdnsd.a.test. A 'b'\n"
		  "c   1:45 g.r.weighted.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test +1:1 r.a.test. A '' alias=g.r.weighted.60-30._gdnsd.a.test. evaluate\n" },
	};
	check_files(cases, COUNT(cases), STEER_OK);
}

static void datacenters_in_order(void **state)
{
	(void)state;
	static const gdnsd_case_t cases[] = {
		{ "addresses, lists and names",
		  "plugins={metafo={resources={r={datacenters=[d1 d2 d3] service_types=down dcmap={d1=1"
		  "92.0.2.1 d2=[192.0.2.2 192.0.2.3] d3={plugin=simplefo primary=192.0.2.4 secondary=19"
		  "2.0.2.5}}}}}}",
		  "r 60 DYNA metafo!r\nr1 60 DYNA metafo!r/d1\n"
		  "r3 60/30 DYNA metafo!r/d3\n",
		  "a.test =1:1 a.test.\nc ?1:69 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:69 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c ?1:69 192.0.2.3/down manual inverted=yes disabled=yes\n"
		  "c ?1:69 192.0.2.4/down manual inverted=yes disabled=yes\n"
		  "c ?1:69 192.0.2.5/down manual inverted=yes disabled=yes\n"
		  "c ~1:94 d2.r.metafo.60-30._gdnsd.a.test. A up, shuffle\n"
		  "c +1:98 d2.r.metafo.60-30._gdnsd.a.test. A '1' health=192.0.2.2/down\n"
		  "c   1:98 d2.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "c +1:108 d2.r.metafo.60-30._gdnsd.a.test. A '2' health=192.0.2.3/down\n"
		  "c   1:108 d2.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.3\n"
		  "c ~1:119 d3.r.metafo.60-30._gdnsd.a.test. A failover\n"
		  "c +1:147 d3.r.metafo.60-30._gdnsd.a.test. A 'primary' tier=0 health=192.0.2.4/down\n"
		  "c   1:147 d3.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.4\n"
		  "c +1:167 d3.r.metafo.60-30._gdnsd.a.test. A 'secondary' tier=1 health=192.0.2.5/down"
		  "\nc   1:167 d3.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.5\n"
		  "a.test ~1:1 r.a.test. A failover\nc +1:81 r.a.test. A 'd1' tier=0 health=192.0.2.1/d"
		  "own\nc   1:81 r.a.test. 60 A 192.0.2.1\nc +1:94 r.a.test. A 'd2' tier=1 alias=d2.r.m"
		  "etafo.60-30._gdnsd.a.test. evaluate\nc +1:119 r.a.test. A 'd3' tier=2 alias=d3.r.met"
		  "afo.60-30._gdnsd.a.test. evaluate\na.test +2:1 r1.a.test. A '' health=192.0.2.1/down"
		  "\na.test   2:1 r1.a.test. 60 A 192.0.2.1\n"
		  "a.test ~3:1 r3.a.test. A failover\nc +1:147 r3.a.test. A 'primary' tier=0 health=192"
		  ".0.2.4/down\nc   1:147 r3.a.test. 60 A 192.0.2.4\n"
		  "c +1:167 r3.a.test. A 'secondary' tier=1 health=192.0.2.5/down\n"
		  "c   1:167 r3.a.test. 60 A 192.0.2.5\n" },
		{ "nothing is checked",
		  "plugins={metafo={resources={r={datacenters=[d1 d2] dcmap={d1=192.0.2.1 d2=192.0.2.2}"
		  "}}}}",
		  "r 60 DYNA metafo!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A up, tier\n"
		  "c +1:59 r.a.test. A 'd1' tier=0\nc   1:59 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:72 r.a.test. A 'd2' tier=1\nc   1:72 r.a.test. 60 A 192.0.2.2\n" },
		{ "one datacenter",
		  "plugins={metafo={resources={r={datacenters=d1 dcmap={d1=[192.0.2.1 192.0.2.2]}}}}}",
		  "r 60 DYNA metafo!r\n",
		  "a.test =1:1 a.test.\nc 1:54 d1.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c 1:54 d1.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test +1:1 r.a.test. A '' alias=d1.r.metafo.60-30._gdnsd.a.test. evaluate\n" },
		{ "the first is skipped",
		  "plugins={metafo={resources={r={skip_first=true datacenters=[d1 d2] dcmap={d1=192.0.2"
		  ".1 d2=192.0.2.2}}}}}",
		  "r 60 DYNA metafo!r\n",
		  "a.test =1:1 a.test.\na.test 1:1 r.a.test. 60 A 192.0.2.2\n" },
		{ "references, which have their own parameters",
		  "plugins={multifo={x=[192.0.2.8 192.0.2.9]} metafo={plugin=multifo service_types=down"
		  " resources={r={datacenters=[d1 d2] dcmap={d1=%multifo!x d2=!x}} s={datacenters=[e] d"
		  "cmap={e=%metafo!r}}}}}",
		  "r 60 DYNA metafo!r\ns 60 DYNA metafo!s\nt 60 DYNA metafo!r/d2\n",
		  "a.test =1:1 a.test.\nc 1:19 x.multifo.60-30._gdnsd.a.test. 60 A 192.0.2.8\n"
		  "c 1:19 x.multifo.60-30._gdnsd.a.test. 60 A 192.0.2.9\n"
		  "a.test ~1:1 r.a.test. A failover\nc +1:19 r.a.test. A 'd1' tier=0 alias=x.multifo.60"
		  "-30._gdnsd.a.test. evaluate\nc +1:19 r.a.test. A 'd2' tier=1 alias=x.multifo.60-30._"
		  "gdnsd.a.test. evaluate\nc ~1:97 r.metafo.60-30._gdnsd.a.test. A failover\n"
		  "c +1:19 r.metafo.60-30._gdnsd.a.test. A 'd1' tier=0 alias=x.multifo.60-30._gdnsd.a.t"
		  "est. evaluate\nc +1:19 r.metafo.60-30._gdnsd.a.test. A 'd2' tier=1 alias=x.multifo.6"
		  "0-30._gdnsd.a.test. evaluate\na.test +2:1 s.a.test. A '' alias=r.metafo.60-30._gdnsd"
		  ".a.test. evaluate\na.test 3:1 t.a.test. 60 A 192.0.2.8\n"
		  "a.test 3:1 t.a.test. 60 A 192.0.2.9\n" },
		{ "a name beside addresses",
		  "plugins={metafo={resources={r={service_types=down datacenters=[d1 d2] dcmap={d1=192."
		  "0.2.1 d2=n.example.}}}}}",
		  "r 60 DYNC metafo!r\n",
		  "a.test =1:1 a.test.\nc ?1:46 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "a.test %1:1 metafo!r: the addresses of a name, which steerd resolves, answer in plac"
		  "e of a CNAME, and only for A and AAAA\na.test ~1:1 r.a.test. A failover\n"
		  "c +1:78 r.a.test. A 'd1' tier=0 health=192.0.2.1/down\n"
		  "c   1:78 r.a.test. 60 A 192.0.2.1\nc +1:91 r.a.test. A 'd2' tier=1 alias=n.example."
		  "\na.test 1:1 nothing.60-30._gdnsd.a.test. 60 TXT \"no addresses\"\n"
		  "a.test ~1:1 r.a.test. AAAA failover\nc +1:78 r.a.test. AAAA 'd1' tier=0 alias=nothin"
		  "g.60-30._gdnsd.a.test. health=192.0.2.1/down\n"
		  "c +1:91 r.a.test. AAAA 'd2' tier=1 alias=n.example.\n" },
		{ "names alone",
		  "plugins={metafo={resources={r={datacenters=[d1 d2] dcmap={d1=m.example. d2=n.example"
		  ".}}}} weighted={w={a=[b.example. 1]}}}",
		  "r 60 DYNC metafo!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. CNAME up, tier\n"
		  "c +1:59 r.a.test. CNAME 'd1' tier=0\nc   1:59 r.a.test. 60 CNAME m.example.\n"
		  "c +1:73 r.a.test. CNAME 'd2' tier=1\nc   1:73 r.a.test. 60 CNAME n.example.\n"
		  "c %1:91 weighted: resources that no zone uses, so they are left out: 1\n" },
		{ "names alone beside what has addresses",
		  "plugins={metafo={resources={n={datacenters=[d1 d2] dcmap={d1={plugin=weighted a=[m.e"
		  "xample. 1] b=[o.example. 1]} d2=n.example.}} r={datacenters=[x y] dcmap={x=%metafo!n"
		  " y=192.0.2.1}}}}}",
		  "n 60 DYNC metafo!n\nr 60 DYNC metafo!r\n",
		  "a.test =1:1 a.test.\nc ~1:59 d1.n.metafo.60-30._gdnsd.a.test. CNAME weighted\n"
		  "c +1:82 d1.n.metafo.60-30._gdnsd.a.test. CNAME 'a' weight=1\n"
		  "c   1:82 d1.n.metafo.60-30._gdnsd.a.test. 60 CNAME m.example.\n"
		  "c +1:99 d1.n.metafo.60-30._gdnsd.a.test. CNAME 'b' weight=1\n"
		  "c   1:99 d1.n.metafo.60-30._gdnsd.a.test. 60 CNAME o.example.\n"
		  "a.test ~1:1 n.a.test. CNAME failover\nc +1:59 n.a.test. CNAME 'd1' tier=0 alias=d1.n"
		  ".metafo.60-30._gdnsd.a.test. evaluate\nc +1:114 n.a.test. CNAME 'd2' tier=1\n"
		  "c   1:114 n.a.test. 60 CNAME n.example.\n"
		  "a.test %2:1 metafo!r: the addresses of a name, which steerd resolves, answer in plac"
		  "e of a CNAME, and only for A and AAAA\nc ~1:59 addresses.d1.n.metafo.60-30._gdnsd.a."
		  "test. A weighted\nc +1:82 addresses.d1.n.metafo.60-30._gdnsd.a.test. A 'a' weight=1 "
		  "alias=m.example.\nc +1:99 addresses.d1.n.metafo.60-30._gdnsd.a.test. A 'b' weight=1 "
		  "alias=o.example.\nc ~1:29 addresses.n.metafo.60-30._gdnsd.a.test. A failover\n"
		  "c +1:59 addresses.n.metafo.60-30._gdnsd.a.test. A 'd1' tier=0 alias=addresses.d1.n.m"
		  "etafo.60-30._gdnsd.a.test. evaluate\nc +1:114 addresses.n.metafo.60-30._gdnsd.a.test"
		  ". A 'd2' tier=1 alias=n.example.\na.test ~2:1 r.a.test. A failover\n"
		  "c +1:29 r.a.test. A 'x' tier=0 alias=addresses.n.metafo.60-30._gdnsd.a.test. evaluat"
		  "e\nc +1:170 r.a.test. A 'y' tier=1\nc   1:170 r.a.test. 60 A 192.0.2.1\n"
		  "c ~1:59 addresses.d1.n.metafo.60-30._gdnsd.a.test. AAAA weighted\n"
		  "c +1:82 addresses.d1.n.metafo.60-30._gdnsd.a.test. AAAA 'a' weight=1 alias=m.example"
		  ".\nc +1:99 addresses.d1.n.metafo.60-30._gdnsd.a.test. AAAA 'b' weight=1 alias=o.exam"
		  "ple.\nc ~1:29 addresses.n.metafo.60-30._gdnsd.a.test. AAAA failover\n"
		  "c +1:59 addresses.n.metafo.60-30._gdnsd.a.test. AAAA 'd1' tier=0 alias=addresses.d1."
		  "n.metafo.60-30._gdnsd.a.test. evaluate\nc +1:114 addresses.n.metafo.60-30._gdnsd.a.t"
		  "est. AAAA 'd2' tier=1 alias=n.example.\na.test 2:1 nothing.60-30._gdnsd.a.test. 60 T"
		  "XT \"no addresses\"\na.test ~2:1 r.a.test. AAAA failover\n"
		  "c +1:29 r.a.test. AAAA 'x' tier=0 alias=addresses.n.metafo.60-30._gdnsd.a.test. eval"
		  "uate\nc +1:170 r.a.test. AAAA 'y' tier=1 alias=nothing.60-30._gdnsd.a.test.\n" },
		{ "families that differ",
		  "plugins={metafo={resources={r={service_types=down datacenters=[d1 d2] dcmap={d1={add"
		  "rs_v4=192.0.2.1 addrs_v6=2001:db8::1} d2=192.0.2.2}}}}}",
		  "r 60 DYNA metafo!r\n",
		  "a.test =1:1 a.test.\nc ?1:46 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:46 2001:db8::1/down manual inverted=yes disabled=yes\n"
		  "c ?1:46 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c %1:29 metafo!r: a datacenter with both families is down there if one of them is; h"
		  "ere each family fails over by itself\na.test ~1:1 r.a.test. A failover\n"
		  "c +1:78 r.a.test. A 'd1' tier=0 health=192.0.2.1/down\n"
		  "c   1:78 r.a.test. 60 A 192.0.2.1\nc +1:123 r.a.test. A 'd2' tier=1 health=192.0.2.2"
		  "/down\nc   1:123 r.a.test. 60 A 192.0.2.2\n"
		  "a.test 1:1 nothing.60-30._gdnsd.a.test. 60 TXT \"no addresses\"\n"
		  "a.test ~1:1 r.a.test. AAAA failover\nc +1:78 r.a.test. AAAA 'd1' tier=0 health=2001:"
		  "db8::1/down\nc   1:78 r.a.test. 60 AAAA 2001:db8::1\n"
		  "c +1:123 r.a.test. AAAA 'd2' tier=1 alias=nothing.60-30._gdnsd.a.test. health=192.0."
		  "2.2/down\n" },
		{ "several addresses of one family",
		  "plugins={metafo={resources={r={service_types=down datacenters=[d1 d2] dcmap={d1=[192"
		  ".0.2.1 192.0.2.2] d2=2001:db8::1}}}}}",
		  "r 60 DYNA metafo!r\n",
		  "a.test =1:1 a.test.\nc ?1:46 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:46 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c ?1:46 2001:db8::1/down manual inverted=yes disabled=yes\n"
		  "c %1:29 metafo!r: a datacenter has addresses of one family, of which several are che"
		  "cked; there a client of it gets none of the other, here those of the next\n"
		  "c ~1:78 d1.r.metafo.60-30._gdnsd.a.test. A up, shuffle\n"
		  "c +1:82 d1.r.metafo.60-30._gdnsd.a.test. A '1' health=192.0.2.1/down\n"
		  "c   1:82 d1.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c +1:92 d1.r.metafo.60-30._gdnsd.a.test. A '2' health=192.0.2.2/down\n"
		  "c   1:92 d1.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test 1:1 nothing.60-30._gdnsd.a.test. 60 TXT \"no addresses\"\n"
		  "a.test ~1:1 r.a.test. A failover\nc +1:78 r.a.test. A 'd1' tier=0 alias=d1.r.metafo."
		  "60-30._gdnsd.a.test. evaluate\nc +1:103 r.a.test. A 'd2' tier=1 alias=nothing.60-30."
		  "_gdnsd.a.test. health=2001:db8::1/down\na.test +1:1 r.a.test. AAAA '' health=2001:db"
		  "8::1/down\na.test   1:1 r.a.test. 60 AAAA 2001:db8::1\n" },
		{ "ignored health inside",
		  "plugins={multifo={m={service_types=down ignore_health=true a=192.0.2.1 b=192.0.2.2}}"
		  " metafo={resources={r={datacenters=[d1 d2] dcmap={d1=%multifo!m d2=192.0.2.3}}}}}",
		  "r 60 DYNA metafo!r\n",
		  "a.test =1:1 a.test.\nc ?1:36 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:36 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c %1:105 metafo!r: a datacenter with ignore_health answers here with what is up in i"
		  "t, while any is, and is down when all are\n"
		  "c ~1:19 m.multifo.60-30._gdnsd.a.test. A shuffle\n"
		  "c +1:62 m.multifo.60-30._gdnsd.a.test. A 'a' health=192.0.2.1/down\n"
		  "c   1:62 m.multifo.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c +1:74 m.multifo.60-30._gdnsd.a.test. A 'b' health=192.0.2.2/down\n"
		  "c   1:74 m.multifo.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test ~1:1 r.a.test. A failover\nc +1:19 r.a.test. A 'd1' tier=0 alias=m.multifo.60"
		  "-30._gdnsd.a.test. evaluate\nc +1:149 r.a.test. A 'd2' tier=1\n"
		  "c   1:149 r.a.test. 60 A 192.0.2.3\n" },
		{ "upper case, and TTLs that differ",
		  "plugins={multifo={m=[192.0.2.1 192.0.2.2]} metafo={resources={R={datacenters=[D1 D2]"
		  " dcmap={D1=%multifo!m D2=[192.0.2.3 192.0.2.4]}}}}}",
		  "r 60 DYNA metafo!R\ns 60 DYNA metafo!R\nt 90 DYNA metafo!R\n",
		  "a.test =1:1 a.test.\nc 1:19 m.multifo.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c 1:19 m.multifo.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "c 1:107 d2.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.3\n"
		  "c 1:107 d2.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.4\n"
		  "a.test ~1:1 r.a.test. A failover\nc +1:19 r.a.test. A 'D1' tier=0 alias=m.multifo.60"
		  "-30._gdnsd.a.test. evaluate\nc +1:107 r.a.test. A 'D2' tier=1 alias=d2.r.metafo.60-3"
		  "0._gdnsd.a.test. evaluate\na.test ~2:1 s.a.test. A failover\n"
		  "c +1:19 s.a.test. A 'D1' tier=0 alias=m.multifo.60-30._gdnsd.a.test. evaluate\n"
		  "c +1:107 s.a.test. A 'D2' tier=1 alias=d2.r.metafo.60-30._gdnsd.a.test. evaluate\n"
		  "c 1:19 m.multifo.90-45._gdnsd.a.test. 90 A 192.0.2.1\n"
		  "c 1:19 m.multifo.90-45._gdnsd.a.test. 90 A 192.0.2.2\n"
		  "c 1:107 d2.r.metafo.90-45._gdnsd.a.test. 90 A 192.0.2.3\n"
		  "c 1:107 d2.r.metafo.90-45._gdnsd.a.test. 90 A 192.0.2.4\n"
		  "a.test ~3:1 t.a.test. A failover\nc +1:19 t.a.test. A 'D1' tier=0 alias=m.multifo.90"
		  "-45._gdnsd.a.test. evaluate\nc +1:107 t.a.test. A 'D2' tier=1 alias=d2.r.metafo.90-4"
		  "5._gdnsd.a.test. evaluate\n" },
		{ "the last letters of the alphabet",
		  "plugins={metafo={resources={Z={datacenters=[A B] dcmap={A=[192.0.2.1 192.0.2.2] B=19"
		  "2.0.2.3}}}}}",
		  "r 60 DYNA metafo!Z\n",
		  "a.test =1:1 a.test.\nc 1:57 a.z.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c 1:57 a.z.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test ~1:1 r.a.test. A failover\nc +1:57 r.a.test. A 'A' tier=0 alias=a.z.metafo.60"
		  "-30._gdnsd.a.test. evaluate\nc +1:81 r.a.test. A 'B' tier=1\n"
		  "c   1:81 r.a.test. 60 A 192.0.2.3\n" },
		{ "a slash in a name",
		  "plugins={metafo={resources={\"a/b\"={datacenters=[q] dcmap={q=192.0.2.9}} a={datacen"
		  "ters=[b] dcmap={b=192.0.2.1}}}} multifo={a/b=192.0.2.2}}",
		  "r 60 DYNA metafo!a\ns 60 DYNA metafo!a/b\nt 60 DYNA multifo!a/b\n",
		  "a.test =1:1 a.test.\na.test 1:1 r.a.test. 60 A 192.0.2.1\n"
		  "a.test 2:1 s.a.test. 60 A 192.0.2.1\na.test 3:1 t.a.test. 60 A 192.0.2.2\n"
		  "c %1:10 metafo: resources that no zone uses, so they are left out: 1\n" },
		{ "a datacenter with a slash, and one in another",
		  "plugins={geoip={maps={m={datacenters=[d d/x]}} resources={r={map=m dcmap={d={plugin="
		  "metafo datacenters=[x] dcmap={x=192.0.2.1}} d/x=192.0.2.2}}}}}",
		  "r 60 DYNA geoip!r\ns 60 DYNA geoip!r/d/x\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A up, tier\n"
		  "c +1:23 r.a.test. A 'default d' tier=0\nc   1:23 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:23 r.a.test. A 'default d/x' tier=1\nc   1:23 r.a.test. 60 A 192.0.2.2\n"
		  "a.test 2:1 s.a.test. 60 A 192.0.2.2\n" },
		{ "skip_first with one datacenter",
		  "plugins={metafo={resources={r={skip_first=true datacenters=[d] dcmap={d=192.0.2.1}} "
		  "s={skip_first=true datacenters=[d e] dcmap={d=192.0.2.1 e=192.0.2.2}}}}}",
		  "r 60 DYNA metafo!r\ns 60 DYNA metafo!s\n",
		  "a.test =1:1 a.test.\na.test 1:1 r.a.test. 60 A 192.0.2.1\n"
		  "a.test 2:1 s.a.test. 60 A 192.0.2.2\n" },
		{ "a resource that is named as a parameter, and defaults of plugins",
		  "plugins={multifo={service_types=down} metafo={resources={multi={datacenters=[d] dcma"
		  "p={d={x=192.0.2.1}}}}}}",
		  "r 60 DYNA metafo!multi\n",
		  "a.test =1:1 a.test.\nc ?1:33 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "a.test +1:1 r.a.test. A '' health=192.0.2.1/down\n"
		  "a.test   1:1 r.a.test. 60 A 192.0.2.1\n" },
		{ "many resources beside each other",
		  "plugins={multifo={r1=192.0.2.1 r2=192.0.2.2 r3=192.0.2.3 r4=192.0.2.4 r5=192.0.2.5 r"
		  "6=192.0.2.6 r7=192.0.2.7 r8=192.0.2.8 r9=192.0.2.9 r10=192.0.2.10 r11=192.0.2.11 r12"
		  "=192.0.2.12 r13=192.0.2.13 r14=192.0.2.14 r15=192.0.2.15 r16=192.0.2.16}}",
		  "r1 60 DYNA multifo!r1\nr2 60 DYNA multifo!r2\nr3 60 DYNA multifo!r3\n"
		  "r4 60 DYNA multifo!r4\nr5 60 DYNA multifo!r5\nr6 60 DYNA multifo!r6\n"
		  "r7 60 DYNA multifo!r7\nr8 60 DYNA multifo!r8\nr9 60 DYNA multifo!r9\n"
		  "r10 60 DYNA multifo!r10\nr11 60 DYNA multifo!r11\nr12 60 DYNA multifo!r12\n"
		  "r13 60 DYNA multifo!r13\nr14 60 DYNA multifo!r14\nr15 60 DYNA multifo!r15\n"
		  "r16 60 DYNA multifo!r16\n",
		  "a.test =1:1 a.test.\na.test 1:1 r1.a.test. 60 A 192.0.2.1\n"
		  "a.test 2:1 r2.a.test. 60 A 192.0.2.2\na.test 3:1 r3.a.test. 60 A 192.0.2.3\n"
		  "a.test 4:1 r4.a.test. 60 A 192.0.2.4\na.test 5:1 r5.a.test. 60 A 192.0.2.5\n"
		  "a.test 6:1 r6.a.test. 60 A 192.0.2.6\na.test 7:1 r7.a.test. 60 A 192.0.2.7\n"
		  "a.test 8:1 r8.a.test. 60 A 192.0.2.8\na.test 9:1 r9.a.test. 60 A 192.0.2.9\n"
		  "a.test 10:1 r10.a.test. 60 A 192.0.2.10\na.test 11:1 r11.a.test. 60 A 192.0.2.11\n"
		  "a.test 12:1 r12.a.test. 60 A 192.0.2.12\na.test 13:1 r13.a.test. 60 A 192.0.2.13\n"
		  "a.test 14:1 r14.a.test. 60 A 192.0.2.14\na.test 15:1 r15.a.test. 60 A 192.0.2.15\n"
		  "a.test 16:1 r16.a.test. 60 A 192.0.2.16\n" },
	};
	check_files(cases, COUNT(cases), STEER_OK);
}

static void datacenters_by_client(void **state)
{
	(void)state;
	static const gdnsd_case_t cases[] = {
		{ "places",
		  "plugins={geoip={maps={m={geoip2_db=C.mmdb datacenters=[d1 d2] map={EU={default=[d2 d"
		  "1] DE={BY=d1 default=d2}} NA={US={NY=[d1] Dallas=[d2]}} AS=[]}}} resources={r={map=m"
		  " dcmap={d1=192.0.2.1 d2=192.0.2.2}}}}}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\nc %1:127 Dallas: left out, since maps here tell no cities and n"
		  "o parts of subdivisions; its clients are answered as those around it\n"
		  "c %1:36 geoip2_db: C.mmdb is not read; steerctl map import --type geo tells where cl"
		  "ients are, for all maps\na.test 1:1 nothing.60-30._gdnsd.a.test. 60 TXT \"no address"
		  "es\"\na.test ~1:1 r.a.test. A geo, shuffle, up, tier\n"
		  "c +1:23 r.a.test. A 'default d1' tier=0 geo=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.1\nc +1:23 r.a.test. A 'default d2' tier=1 geo=defau"
		  "lt\nc   1:23 r.a.test. 60 A 192.0.2.2\nc +1:72 r.a.test. A 'EU d2' tier=0 geo=contin"
		  "ent:EU\nc   1:72 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:72 r.a.test. A 'EU d1' tier=1 geo=continent:EU\n"
		  "c   1:72 r.a.test. 60 A 192.0.2.1\nc +1:92 r.a.test. A 'EU/DE/BY d1' tier=0 geo=coun"
		  "try:DE/BY\nc   1:92 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:98 r.a.test. A 'EU/DE d2' tier=0 geo=country:DE\n"
		  "c   1:98 r.a.test. 60 A 192.0.2.2\nc +1:119 r.a.test. A 'NA/US/NY d1' tier=0 geo=cou"
		  "ntry:US/NY\nc   1:119 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:141 r.a.test. A 'AS none' tier=0 geo=continent:AS alias=nothing.60-30._gdnsd.a."
		  "test.\n" },
		{ "networks",
		  "plugins={geoip={maps={m={datacenters=[d1 d2] nets={10.0.0.0/8=[d1 d2] 192.0.2.128/25"
		  "=d2 ::c000:280/121=[d2] 2001:db8::/32=[d2 d1] 198.51.100.0/24=[]}}} resources={r={se"
		  "rvice_types=down map=m dcmap={d1=192.0.2.1 d2=[192.0.2.2 192.0.2.3]}}}}}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\nc ?1:181 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:181 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "c ?1:181 192.0.2.3/down manual inverted=yes disabled=yes\n"
		  "c ~1:212 d2.r.geoip.60-30._gdnsd.a.test. A up, shuffle\n"
		  "c +1:216 d2.r.geoip.60-30._gdnsd.a.test. A '1' health=192.0.2.2/down\n"
		  "c   1:216 d2.r.geoip.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "c +1:226 d2.r.geoip.60-30._gdnsd.a.test. A '2' health=192.0.2.3/down\n"
		  "c   1:226 d2.r.geoip.60-30._gdnsd.a.test. 60 A 192.0.2.3\n"
		  "a.test 1:1 nothing.60-30._gdnsd.a.test. 60 TXT \"no addresses\"\n"
		  "a.test ~1:1 r.a.test. A cidr, shuffle, up, tier\n"
		  "c +1:23 r.a.test. A 'default d1' tier=0 cidr=default health=192.0.2.1/down\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.1\nc +1:23 r.a.test. A 'default d2' tier=1 cidr=defa"
		  "ult alias=d2.r.geoip.60-30._gdnsd.a.test. evaluate\n"
		  "c +1:52 r.a.test. A 'net d1-d2 d1' tier=0 cidr=m/d1-d2 health=192.0.2.1/down\n"
		  "c   1:52 r.a.test. 60 A 192.0.2.1\nc +1:52 r.a.test. A 'net d1-d2 d2' tier=1 cidr=m/"
		  "d1-d2 alias=d2.r.geoip.60-30._gdnsd.a.test. evaluate\n"
		  "c +1:71 r.a.test. A 'net d2 d2' tier=0 cidr=m/d2 alias=d2.r.geoip.60-30._gdnsd.a.tes"
		  "t. evaluate\nc +1:109 r.a.test. A 'net d2-d1 d2' tier=0 cidr=m/d2-d1 alias=d2.r.geoi"
		  "p.60-30._gdnsd.a.test. evaluate\nc +1:109 r.a.test. A 'net d2-d1 d1' tier=1 cidr=m/d"
		  "2-d1 health=192.0.2.1/down\nc   1:109 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:131 r.a.test. A 'net none none' tier=0 cidr=m/none alias=nothing.60-30._gdnsd.a"
		  ".test.\nc #1:52 10.0.0.0/8 m/d1-d2\nc #1:71 192.0.2.128/25 m/d2\n"
		  "c #1:89 192.0.2.128/25 m/d2\nc #1:109 2001:db8::/32 m/d2-d1\n"
		  "c #1:131 198.51.100.0/24 m/none\n" },
		{ "networks and places",
		  "plugins={geoip={maps={m={datacenters=[d1 d2] map={default=d2 SA=d1} nets={10.0.0.0/8"
		  "=d1}}} resources={r={map=m dcmap={d1=192.0.2.1 d2=192.0.2.2}}}}}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A cidr, geo, shuffle, up, tier\n"
		  "c +1:51 r.a.test. A 'default d2' tier=0 geo=default cidr=default\n"
		  "c   1:51 r.a.test. 60 A 192.0.2.2\nc +1:62 r.a.test. A 'SA d1' tier=0 geo=continent:"
		  "SA cidr=default\nc   1:62 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:75 r.a.test. A 'net d1 d1' tier=0 geo=default cidr=m/d1\n"
		  "c   1:75 r.a.test. 60 A 192.0.2.1\nc #1:75 10.0.0.0/8 m/d1\n" },
		{ "all addresses of IPv4, written as of IPv6",
		  "plugins={geoip={maps={m={datacenters=[a] nets={::/96=a}}} resources={r={map=m dcmap="
		  "{a=192.0.2.1}}}}}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A cidr, shuffle, up, tier\n"
		  "c +1:23 r.a.test. A 'default a' tier=0 cidr=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.1\nc +1:48 r.a.test. A 'net a a' tier=0 cidr=m/a\n"
		  "c   1:48 r.a.test. 60 A 192.0.2.1\nc #1:48 0.0.0.0/0 m/a\n" },
		{ "neither",
		  "plugins={geoip={maps={m={datacenters=[d1 d2]}} resources={r={map=m service_types=dow"
		  "n dcmap={d1=192.0.2.1 d2=192.0.2.2}}}}}",
		  "r 60 DYNA geoip!r\nr2 60 DYNA geoip!r/d2\n",
		  "a.test =1:1 a.test.\nc ?1:82 192.0.2.1/down manual inverted=yes disabled=yes\n"
		  "c ?1:82 192.0.2.2/down manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 r.a.test. A failover\nc +1:23 r.a.test. A 'default d1' tier=0 health=192"
		  ".0.2.1/down\nc   1:23 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:23 r.a.test. A 'default d2' tier=1 health=192.0.2.2/down\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.2\na.test +2:1 r2.a.test. A '' health=192.0.2.2/down"
		  "\na.test   2:1 r2.a.test. 60 A 192.0.2.2\n" },
		{ "the nearest",
		  "plugins={geoip={maps={m={datacenters=[d1 d2 d3 d4] auto_dc_coords={d1=[38.9 -77] d2="
		  "[50.114 8.7] d3=[0 0]} auto_dc_limit=2}} resources={r={map=m dcmap={d1=192.0.2.1 d2="
		  "192.0.2.2 d3=192.0.2.3 d4=192.0.2.4}}}}}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A nearest, take 2, up, take 1\n"
		  "c +1:23 r.a.test. A '001 d1' coordinates=38.9,-77\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.1\nc +1:23 r.a.test. A '002 d2' coordinates=50.11,8."
		  "7\nc   1:23 r.a.test. 60 A 192.0.2.2\nc +1:23 r.a.test. A '003 d3' coordinates=0,0\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.3\n" },
		{ "the nearest beside lists",
		  "plugins={geoip={maps={m={datacenters=[d1 d2] auto_dc_coords={d1=[38.9 -77] d2=[50.1 "
		  "8.7]} map={EU=d2 AS=auto}}} resources={r={map=m dcmap={d1=192.0.2.1 d2=192.0.2.2}}}}"
		  "}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\nc ~1:23 nearest.r.geoip.60-30._gdnsd.a.test. A nearest, up, tak"
		  "e 1\nc +1:23 nearest.r.geoip.60-30._gdnsd.a.test. A '001 d1' coordinates=38.9,-77\n"
		  "c   1:23 nearest.r.geoip.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c +1:23 nearest.r.geoip.60-30._gdnsd.a.test. A '002 d2' coordinates=50.1,8.7\n"
		  "c   1:23 nearest.r.geoip.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test ~1:1 r.a.test. A geo, shuffle, up, tier\n"
		  "c +1:23 r.a.test. A 'default nearest' tier=0 geo=default alias=nearest.r.geoip.60-30"
		  "._gdnsd.a.test.\nc +1:96 r.a.test. A 'EU d2' tier=0 geo=continent:EU\n"
		  "c   1:96 r.a.test. 60 A 192.0.2.2\nc +1:102 r.a.test. A 'AS nearest' tier=0 geo=cont"
		  "inent:AS alias=nearest.r.geoip.60-30._gdnsd.a.test.\n" },
		{ "datacenters that a resource lacks",
		  "plugins={geoip={undefined_datacenters_ok=true maps={m={datacenters=[d1 d2] map={EU=d"
		  "2}}} resources={r={map=m dcmap={d1=192.0.2.1}}}}}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\na.test 1:1 nothing.60-30._gdnsd.a.test. 60 TXT \"no addresses\""
		  "\na.test ~1:1 r.a.test. A geo, shuffle, up, tier\n"
		  "c +1:53 r.a.test. A 'default d1' tier=0 geo=default\n"
		  "c   1:53 r.a.test. 60 A 192.0.2.1\nc +1:81 r.a.test. A 'EU none' tier=0 geo=continen"
		  "t:EU alias=nothing.60-30._gdnsd.a.test.\n" },
		{ "the first is skipped",
		  "plugins={geoip={maps={m={datacenters=[d1 d2] map={EU=d2}} n={datacenters=[d1] auto_d"
		  "c_coords={d1=[1 2]}}} resources={r={skip_first=true map=m dcmap={d1=192.0.2.1 d2=192"
		  ".0.2.2}} s={skip_first=true map=n dcmap={d1=192.0.2.1}}}}}",
		  "r 60 DYNA geoip!r\ns 60 DYNA geoip!s\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A geo, shuffle, up, tier\n"
		  "c +1:23 r.a.test. A 'default d2' tier=0 geo=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.2\nc +1:51 r.a.test. A 'EU d2' tier=0 geo=continent:"
		  "EU\nc   1:51 r.a.test. 60 A 192.0.2.2\na.test %2:1 geoip!s: left out: nothing here l"
		  "eaves out the nearest datacenter (skip_first)\n" },
		{ "inside another, and subnets ignored",
		  "plugins={geoip={maps={m={datacenters=[d1 d2] ignore_ecs=true map={EU=d2}}} resources"
		  "={r={map=m dcmap={d1={plugin=metafo datacenters=[x] dcmap={x=[192.0.2.8 192.0.2.9]}}"
		  " d2=192.0.2.2}}}} metafo={resources={t={datacenters=[real back] dcmap={real=%geoip!r"
		  " back=192.0.2.3}}}}}",
		  "t 60 DYNA metafo!t\n",
		  "a.test =1:1 a.test.\nc %1:23 m: ignore_ecs: the client subnet of a query counts here"
		  " if the server uses it\nc %1:206 metafo!t: a datacenter that depends on the client i"
		  "s down there if all of the client's place are; here those of less specific places, o"
		  "r that are farther, take over first\nc 1:144 x.d1.r.geoip.60-30._gdnsd.a.test. 60 A "
		  "192.0.2.8\nc 1:144 x.d1.r.geoip.60-30._gdnsd.a.test. 60 A 192.0.2.9\n"
		  "c +1:103 d1.r.geoip.60-30._gdnsd.a.test. A '' alias=x.d1.r.geoip.60-30._gdnsd.a.test"
		  ". evaluate\nc ~1:87 r.geoip.60-30._gdnsd.a.test. A geo, shuffle, up, tier\n"
		  "c +1:23 r.geoip.60-30._gdnsd.a.test. A 'default d1' tier=0 geo=default alias=d1.r.ge"
		  "oip.60-30._gdnsd.a.test. evaluate\nc +1:23 r.geoip.60-30._gdnsd.a.test. A 'default d"
		  "2' tier=1 geo=default\nc   1:23 r.geoip.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "c +1:67 r.geoip.60-30._gdnsd.a.test. A 'EU d2' tier=0 geo=continent:EU\n"
		  "c   1:67 r.geoip.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test ~1:1 t.a.test. A failover\nc +1:87 t.a.test. A 'real' tier=0 alias=r.geoip.60"
		  "-30._gdnsd.a.test. evaluate\nc +1:254 t.a.test. A 'back' tier=1\n"
		  "c   1:254 t.a.test. 60 A 192.0.2.3\n" },
		{ "lists whose names are alike",
		  "plugins={geoip={maps={m={datacenters=[a.b a:b c] nets={10.0.0.0/8=a.b 11.0.0.0/8=a:b"
		  " 12.0.0.0/8=[a.b c]}}} resources={r={map=m dcmap={a.b=192.0.2.1 a:b=192.0.2.2 c=192."
		  "0.2.3}}}}}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A cidr, shuffle, up, tier\n"
		  "c +1:23 r.a.test. A 'default a.b' tier=0 cidr=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.1\nc +1:23 r.a.test. A 'default a:b' tier=1 cidr=def"
		  "ault\nc   1:23 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:23 r.a.test. A 'default c' tier=2 cidr=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.3\nc +1:56 r.a.test. A 'net a_b a.b' tier=0 cidr=m/a"
		  "_b\nc   1:56 r.a.test. 60 A 192.0.2.1\nc +1:71 r.a.test. A 'net a_b-2 a:b' tier=0 ci"
		  "dr=m/a_b-2\nc   1:71 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:86 r.a.test. A 'net a_b-c a.b' tier=0 cidr=m/a_b-c\n"
		  "c   1:86 r.a.test. 60 A 192.0.2.1\nc +1:86 r.a.test. A 'net a_b-c c' tier=1 cidr=m/a"
		  "_b-c\nc   1:86 r.a.test. 60 A 192.0.2.3\n"
		  "c #1:56 10.0.0.0/8 m/a_b\nc #1:71 11.0.0.0/8 m/a_b-2\n"
		  "c #1:86 12.0.0.0/8 m/a_b-c\n" },
		{ "a country on another continent",
		  "plugins={geoip={maps={m={datacenters=[d] map={NA={DE=d}}}} resources={r={map=m dcmap"
		  "={d=192.0.2.1}}}}}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\nc %1:51 DE is on another continent here, so all its clients hav"
		  "e this list\na.test ~1:1 r.a.test. A geo, shuffle, up, tier\n"
		  "c +1:23 r.a.test. A 'default d' tier=0 geo=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.1\nc +1:51 r.a.test. A 'NA/DE d' tier=0 geo=country:"
		  "DE\nc   1:51 r.a.test. 60 A 192.0.2.1\n" },
		{ "skip_first with one datacenter of several",
		  "plugins={geoip={undefined_datacenters_ok=true maps={m={datacenters=[d1 d2 d3] map={E"
		  "U=d2 AS=[d3 d1 d2]}}} resources={r={skip_first=true map=m dcmap={d2=192.0.2.2}} s={s"
		  "kip_first=true map=m dcmap={d1=192.0.2.1 d2=192.0.2.2}}}}}",
		  "r 60 DYNA geoip!r\ns 60 DYNA geoip!s\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A geo, shuffle, up, tier\n"
		  "c +1:53 r.a.test. A 'default d2' tier=0 geo=default\n"
		  "c   1:53 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:84 r.a.test. A 'EU d2' tier=0 geo=continent:EU\n"
		  "c   1:84 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:90 r.a.test. A 'AS d2' tier=0 geo=continent:AS\n"
		  "c   1:90 r.a.test. 60 A 192.0.2.2\na.test ~2:1 s.a.test. A geo, shuffle, up, tier\n"
		  "c +1:53 s.a.test. A 'default d2' tier=0 geo=default\n"
		  "c   1:53 s.a.test. 60 A 192.0.2.2\n"
		  "c +1:84 s.a.test. A 'EU d2' tier=0 geo=continent:EU\n"
		  "c   1:84 s.a.test. 60 A 192.0.2.2\n"
		  "c +1:90 s.a.test. A 'AS d2' tier=0 geo=continent:AS\n"
		  "c   1:90 s.a.test. 60 A 192.0.2.2\n" },
		{ "three are the nearest if no limit is given",
		  "plugins={geoip={maps={m={datacenters=[d1 d2 d3 d4] auto_dc_coords={d1=[38.9 -77] d2="
		  "[50 8] d3=[0 0] d4=[1 2]}} n={datacenters=[d1 d2 d3] auto_dc_coords={d1=[38.9 -77] d"
		  "2=[50 8] d3=[0 0]}}} resources={r={map=m dcmap={d1=192.0.2.1 d2=192.0.2.2 d3=192.0.2"
		  ".3 d4=192.0.2.4}} s={map=n dcmap={d1=192.0.2.1 d2=192.0.2.2 d3=192.0.2.3}}}}}",
		  "r 60 DYNA geoip!r\ns 60 DYNA geoip!s\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A nearest, take 3, up, take 1\n"
		  "c +1:23 r.a.test. A '001 d1' coordinates=38.9,-77\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.1\nc +1:23 r.a.test. A '002 d2' coordinates=50,8\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.2\nc +1:23 r.a.test. A '003 d3' coordinates=0,0\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.3\nc +1:23 r.a.test. A '004 d4' coordinates=1,2\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.4\na.test ~2:1 s.a.test. A nearest, up, take 1\n"
		  "c +1:112 s.a.test. A '001 d1' coordinates=38.9,-77\n"
		  "c   1:112 s.a.test. 60 A 192.0.2.1\nc +1:112 s.a.test. A '002 d2' coordinates=50,8\n"
		  "c   1:112 s.a.test. 60 A 192.0.2.2\nc +1:112 s.a.test. A '003 d3' coordinates=0,0\n"
		  "c   1:112 s.a.test. 60 A 192.0.2.3\n" },
		{ "lists whose names are alike",
		  "plugins={geoip={maps={m={datacenters=[a b a-b a-c] nets={10.0.0.0/8=[a b] 11.0.0.0/8"
		  "=a-b 12.0.0.0/8=a 13.0.0.0/8=[a b] 14.0.0.0/8=a-b 15.0.0.0/8=[b a] 16.0.0.0/8=[a b a"
		  "-b]}}} resources={r={map=m dcmap={a=192.0.2.1 b=192.0.2.2 a-b=192.0.2.3 a-c=192.0.2."
		  "4}}}}}",
		  "r 60 DYNA geoip!r\n",
		  "a.test =1:1 a.test.\na.test ~1:1 r.a.test. A cidr, shuffle, up, tier\n"
		  "c +1:23 r.a.test. A 'default a' tier=0 cidr=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:23 r.a.test. A 'default b' tier=1 cidr=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:23 r.a.test. A 'default a-b' tier=2 cidr=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.3\n"
		  "c +1:23 r.a.test. A 'default a-c' tier=3 cidr=default\n"
		  "c   1:23 r.a.test. 60 A 192.0.2.4\n"
		  "c +1:58 r.a.test. A 'net a-b a' tier=0 cidr=m/a-b\n"
		  "c   1:58 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:58 r.a.test. A 'net a-b b' tier=1 cidr=m/a-b\n"
		  "c   1:58 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:75 r.a.test. A 'net a-b-2 a-b' tier=0 cidr=m/a-b-2\n"
		  "c   1:75 r.a.test. 60 A 192.0.2.3\nc +1:90 r.a.test. A 'net a a' tier=0 cidr=m/a\n"
		  "c   1:90 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:135 r.a.test. A 'net b-a b' tier=0 cidr=m/b-a\n"
		  "c   1:135 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:135 r.a.test. A 'net b-a a' tier=1 cidr=m/b-a\n"
		  "c   1:135 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:152 r.a.test. A 'net a-b-a-b a' tier=0 cidr=m/a-b-a-b\n"
		  "c   1:152 r.a.test. 60 A 192.0.2.1\n"
		  "c +1:152 r.a.test. A 'net a-b-a-b b' tier=1 cidr=m/a-b-a-b\n"
		  "c   1:152 r.a.test. 60 A 192.0.2.2\n"
		  "c +1:152 r.a.test. A 'net a-b-a-b a-b' tier=2 cidr=m/a-b-a-b\n"
		  "c   1:152 r.a.test. 60 A 192.0.2.3\nc #1:58 10.0.0.0/8 m/a-b\n"
		  "c #1:75 11.0.0.0/8 m/a-b-2\nc #1:90 12.0.0.0/8 m/a\nc #1:103 13.0.0.0/8 m/a-b\n"
		  "c #1:120 14.0.0.0/8 m/a-b-2\nc #1:135 15.0.0.0/8 m/b-a\n"
		  "c #1:152 16.0.0.0/8 m/a-b-a-b\n" },
	};
	check_files(cases, COUNT(cases), STEER_OK);
}

static void service_types_become_checks(void **state)
{
	(void)state;
	static const gdnsd_case_t cases[] = {
		{ "http_status",
		  "service_types={h={plugin=http_status port=8080 url_path=\"/x?y\" vhost=w.a.test ok_c"
		  "odes=[200 204] up_thresh=2 ok_thresh=1 down_thresh=3 interval=20 timeout=3} d={plugi"
		  "n=http_status}} plugins={multifo={x={service_types=h a=192.0.2.1} y={service_types=d"
		  " a=2001:DB8:0::1}}}",
		  "x 900/5 DYNA multifo!x\ny 900/5 DYNA multifo!y\n",
		  "a.test =1:1 a.test.\nc ?1:16 192.0.2.1/h http host=w.a.test address=192.0.2.1 port=8"
		  "080 path=/x?y codes=200,204 interval=20s connect-timeout=3s response-timeout=3s time"
		  "out=3s rise=2\na.test +1:1 x.a.test. A '' health=192.0.2.1/h\n"
		  "a.test   1:1 x.a.test. 60 A 192.0.2.1\nc %1:159 d: ok_thresh: a failure is forgotten"
		  " after one good result, not after 10 in a row\n"
		  "c ?1:159 2001:db8::1/d http address=2001:db8::1 codes=200 interval=10s connect-timeo"
		  "ut=5s response-timeout=5s timeout=5s rise=10 fall=10 up-delay=190s\n"
		  "a.test +2:1 y.a.test. AAAA '' health=2001:db8::1/d\n"
		  "a.test   2:1 y.a.test. 100 AAAA 2001:db8::1\n" },
		{ "tcp_connect",
		  "service_types={t={plugin=tcp_connect port=25 up_thresh=20 ok_thresh=10 down_thresh=1"
		  "1 interval=255 timeout=254}} plugins={multifo={x={service_types=t a=192.0.2.1}}}",
		  "x 9000 DYNA multifo!x\n",
		  "a.test =1:1 a.test.\nc %1:16 t: timeout: 254 seconds, but a probe fails after a minu"
		  "te\nc %1:16 t: down_thresh: 11 failures, but 10 in a row are down already\n"
		  "c %1:16 t: ok_thresh: a failure is forgotten after one good result, not after 10 in "
		  "a row\nc ?1:16 192.0.2.1/t tcp address=192.0.2.1 port=25 interval=255s timeout=1m ri"
		  "se=10 fall=10 up-delay=4845s\na.test +1:1 x.a.test. A '' health=192.0.2.1/t\n"
		  "a.test   1:1 x.a.test. 4500 A 192.0.2.1\n" },
		{ "extmon",
		  "service_types={e={plugin=extmon cmd=[/bin/sh -c \"test %%ITEM%% = '%%ITEM%%%'\"] ok_"
		  "thresh=1 up_thresh=1 max_proc=4} f={plugin=extmon cmd=/bin/true direct=true}} plugin"
		  "s={multifo={x={service_types=[e f] a=192.0.2.1}} weighted={w={service_types=f a=[n.e"
		  "xample. 1]}}}",
		  "x 60 DYNA multifo!x\nw 60 DYNC weighted!w\n",
		  "a.test =1:1 a.test.\nc %1:16 e: max_proc is left out; steerd has a limit for all com"
		  "mands\nc ?1:16 192.0.2.1/e command command=/bin/sh command=-c command=test 192.0.2.1"
		  " = '192.0.2.1%' interval=10s timeout=5s rise=1 fall=10\n"
		  "c ?1:116 192.0.2.1/f command command=/bin/true interval=10s timeout=5s rise=1 fall=1"
		  "\nc ?1:204 192.0.2.1/e/f calculated children=192.0.2.1/e children=192.0.2.1/f thresh"
		  "old=2\na.test +1:1 x.a.test. A '' health=192.0.2.1/e/f\n"
		  "a.test   1:1 x.a.test. 30 A 192.0.2.1\nc ?1:116 n.example./f command command=/bin/tr"
		  "ue interval=10s timeout=5s rise=1 fall=1\n"
		  "a.test +2:1 w.a.test. CNAME '' health=n.example./f\n"
		  "a.test   2:1 w.a.test. 30 CNAME n.example.\n" },
		{ "extfile",
		  "service_types={e={plugin=extfile file=states def_down=true}} plugins={multifo={x={se"
		  "rvice_types=e a=192.0.2.1}}}",
		  "x 60 DYNA multifo!x\n",
		  "a.test =1:1 a.test.\nc %1:16 e: states is not read; steerctl health report has to te"
		  "ll the states, which begin as up\nc %1:16 e: def_down: what is not reported is up, n"
		  "ot down\nc ?1:16 192.0.2.1/e manual\na.test +1:1 x.a.test. A '' health=192.0.2.1/e\n"
		  "a.test   1:1 x.a.test. 60 A 192.0.2.1\n" },
		{ "static, null and unknown",
		  "service_types={s={plugin=static state=UP ttl=40} d={plugin=static state=DOWN ttl=50}"
		  " n={plugin=null} u={plugin=other thing=1}} plugins={multifo={x={service_types=s a=19"
		  "2.0.2.1} y={service_types=[d n s] a=192.0.2.1} z={service_types=u a=192.0.2.1}}}",
		  "x 60/5 DYNA multifo!x\ny 60/5 DYNA multifo!y\n"
		  "z 60 DYNA multifo!z\n",
		  "a.test =1:1 a.test.\na.test 1:1 x.a.test. 40 A 192.0.2.1\n"
		  "c ?1:50 192.0.2.1/d manual inverted=yes disabled=yes\n"
		  "c ?1:86 192.0.2.1/n manual inverted=yes disabled=yes\n"
		  "c ?1:205 192.0.2.1/d/n calculated children=192.0.2.1/d children=192.0.2.1/n threshol"
		  "d=2\na.test +2:1 y.a.test. A '' health=192.0.2.1/d/n\n"
		  "a.test   2:1 y.a.test. 40 A 192.0.2.1\nc %1:112 u: the plugin other is not known; st"
		  "eerctl health report has to tell the states\n"
		  "c ?1:102 192.0.2.1/u manual\na.test +3:1 z.a.test. A '' health=192.0.2.1/u\n"
		  "a.test   3:1 z.a.test. 60 A 192.0.2.1\n" },
		{ "more than a check can say",
		  "service_types={t={plugin=tcp_connect port=25 up_thresh=65535 ok_thresh=1 down_thresh"
		  "=1 interval=3600 timeout=300}} plugins={multifo={x={service_types=t a=192.0.2.1}}}",
		  "x 60 DYNA multifo!x\n",
		  "a.test =1:1 a.test.\nc %1:16 t: timeout: 300 seconds, but a probe fails after a minu"
		  "te\nc %1:16 t: up_thresh: 65535 results take more than a day, so a day is enough to "
		  "be up again\nc ?1:16 192.0.2.1/t tcp address=192.0.2.1 port=25 interval=1h timeout=1"
		  "m rise=10 fall=1 up-delay=1d\na.test +1:1 x.a.test. A '' health=192.0.2.1/t\n"
		  "a.test   1:1 x.a.test. 60 A 192.0.2.1\n" },
		{ "a check is one, whoever uses it",
		  "service_types={t={plugin=null}} plugins={multifo={service_types=t x={a=192.0.2.1 b=1"
		  "92.0.2.1} y={a=192.0.2.1}}}",
		  "x 60 DYNA multifo!x\ny 60 DYNA multifo!y\n",
		  "a.test =1:1 a.test.\nc ?1:16 192.0.2.1/t manual inverted=yes disabled=yes\n"
		  "a.test ~1:1 x.a.test. A up, shuffle\nc +1:72 x.a.test. A 'a' health=192.0.2.1/t\n"
		  "c   1:72 x.a.test. 60 A 192.0.2.1\nc +1:84 x.a.test. A 'b' health=192.0.2.1/t\n"
		  "c   1:84 x.a.test. 60 A 192.0.2.1\na.test +2:1 y.a.test. A '' health=192.0.2.1/t\n"
		  "a.test   2:1 y.a.test. 60 A 192.0.2.1\n" },
		{ "a service type twice",
		  "service_types={a={plugin=null}} plugins={multifo={r={service_types=[a a] x=192.0.2.1"
		  "}}}",
		  "r 60 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\nc ?1:16 192.0.2.1/a manual inverted=yes disabled=yes\n"
		  "a.test +1:1 r.a.test. A '' health=192.0.2.1/a\n"
		  "a.test   1:1 r.a.test. 60 A 192.0.2.1\n" },
		{ "slashes in service types",
		  "service_types={y=192.0.2.2 a/b={plugin=null} b/c={plugin=null} a={plugin=null} b={pl"
		  "ugin=null} c={plugin=null}} plugins={y=192.0.2.2 multifo={r={service_types=[a/b c] x"
		  "=192.0.2.1} s={y=192.0.2.2 service_types=[a/b c] x=192.0.2.1}}}",
		  "r 60 DYNA multifo!r\ns 60 DYNA multifo!s\n",
		  "a.test =1:1 a.test.\nc ?1:28 192.0.2.1/a/b manual inverted=yes disabled=yes\n"
		  "c ?1:96 192.0.2.1/c manual inverted=yes disabled=yes\n"
		  "c ?1:170 192.0.2.1/a/b/c calculated children=192.0.2.1/a/b children=192.0.2.1/c thre"
		  "shold=2\na.test +1:1 r.a.test. A '' health=192.0.2.1/a/b/c\n"
		  "a.test   1:1 r.a.test. 60 A 192.0.2.1\n"
		  "c ?1:28 192.0.2.2/a/b manual inverted=yes disabled=yes\n"
		  "c ?1:96 192.0.2.2/c manual inverted=yes disabled=yes\n"
		  "c ?1:186 192.0.2.2/a/b/c calculated children=192.0.2.2/a/b children=192.0.2.2/c thre"
		  "shold=2\na.test ~2:1 s.a.test. A up, shuffle\n"
		  "c +1:186 s.a.test. A 'y' health=192.0.2.2/a/b/c\n"
		  "c   1:186 s.a.test. 60 A 192.0.2.2\n"
		  "c +1:220 s.a.test. A 'x' health=192.0.2.1/a/b/c\n"
		  "c   1:220 s.a.test. 60 A 192.0.2.1\n" },
		{ "ok_thresh above one, and down_thresh",
		  "service_types={t={plugin=tcp_connect port=25 ok_thresh=2 down_thresh=2 up_thresh=2} "
		  "u={plugin=tcp_connect port=25 ok_thresh=2 down_thresh=1 up_thresh=2}} plugins={multi"
		  "fo={r={service_types=t x=192.0.2.1} s={service_types=u x=192.0.2.1}}}",
		  "r 60 DYNA multifo!r\ns 60 DYNA multifo!s\n",
		  "a.test =1:1 a.test.\n"
		  "c %1:16 t: ok_thresh: a failure is forgotten after one good result, not after 2 in a"
		  " row\n"
		  "c ?1:16 192.0.2.1/t tcp address=192.0.2.1 port=25 interval=10s timeout=5s rise=2 fal"
		  "l=2\na.test +1:1 r.a.test. A '' health=192.0.2.1/t\n"
		  "a.test   1:1 r.a.test. 30 A 192.0.2.1\n"
		  "c ?1:85 192.0.2.1/u tcp address=192.0.2.1 port=25 interval=10s timeout=5s rise=2 fal"
		  "l=1\na.test +2:1 s.a.test. A '' health=192.0.2.1/u\n"
		  "a.test   2:1 s.a.test. 30 A 192.0.2.1\n" },
		{ "the shorter time comes first, or last",
		  "service_types={fast={plugin=tcp_connect port=25 ok_thresh=1 interval=2 timeout=1 dow"
		  "n_thresh=5} slow={plugin=tcp_connect port=26 ok_thresh=1 interval=8 down_thresh=5}} "
		  "plugins={multifo={r={service_types=[fast slow] x=192.0.2.1} s={service_types=[slow f"
		  "ast] x=192.0.2.1}}}",
		  "r 600/5 DYNA multifo!r\ns 600/5 DYNA multifo!s\n",
		  "a.test =1:1 a.test.\n"
		  "c ?1:16 192.0.2.1/fast tcp address=192.0.2.1 port=25 interval=2s timeout=1s rise=10 "
		  "fall=5 up-delay=38s\n"
		  "c ?1:97 192.0.2.1/slow tcp address=192.0.2.1 port=26 interval=8s timeout=4s rise=10 "
		  "fall=5 up-delay=152s\n"
		  "c ?1:218 192.0.2.1/fast/slow calculated children=192.0.2.1/fast children=192.0.2.1/s"
		  "low threshold=2\na.test +1:1 r.a.test. A '' health=192.0.2.1/fast/slow\n"
		  "a.test   1:1 r.a.test. 10 A 192.0.2.1\n"
		  "c ?1:260 192.0.2.1/slow/fast calculated children=192.0.2.1/slow children=192.0.2.1/f"
		  "ast threshold=2\na.test +2:1 s.a.test. A '' health=192.0.2.1/slow/fast\n"
		  "a.test   2:1 s.a.test. 10 A 192.0.2.1\n" },
	};
	check_files(cases, COUNT(cases), STEER_OK);
}

static void options_and_the_rest(void **state)
{
	(void)state;
	static const gdnsd_case_t cases[] = {
		{ "options of the server",
		  "options={listen=[127.0.0.1] dns_port=53 edns_client_subnet=false nsid=00}",
		  "a 60 A 192.0.2.1\n",
		  "c %1:9 edns_client_subnet: whether client subnets count is up to the server: edns-cl"
		  "ient-subnet in knot.conf\na.test =1:1 a.test.\n"
		  "a.test 1:1 a.a.test. 60 A 192.0.2.1\n" },
		{ "resources that no zone uses",
		  "plugins={multifo={service_types=up a=192.0.2.1 b=192.0.2.2} metafo={resources={r={da"
		  "tacenters=[d] dcmap={d=192.0.2.1}}}} extmon={helper_path=/x} null={}}",
		  "a 60 DYNA multifo!a\n",
		  "a.test =1:1 a.test.\na.test 1:1 a.a.test. 60 A 192.0.2.1\n"
		  "c %1:10 multifo: resources that no zone uses, so they are left out: 1\n"
		  "c %1:61 metafo: resources that no zone uses, so they are left out: 1\n" },
		{ "a name that can be wild",
		  "plugins={metafo={resources={r={datacenters=[d e] dcmap={d=[192.0.2.1 192.0.2.2] e=19"
		  "2.0.2.3}}}}}",
		  "* 60 DYNA metafo!r\n@ 60 DYNA metafo!r\n",
		  "a.test =1:1 a.test.\nc 1:57 d.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c 1:57 d.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test ~1:1 *.a.test. A failover\nc +1:57 *.a.test. A 'd' tier=0 alias=d.r.metafo.60"
		  "-30._gdnsd.a.test. evaluate\nc +1:81 *.a.test. A 'e' tier=1\n"
		  "c   1:81 *.a.test. 60 A 192.0.2.3\na.test ~2:1 a.test. A failover\n"
		  "c +1:57 a.test. A 'd' tier=0 alias=d.r.metafo.60-30._gdnsd.a.test. evaluate\n"
		  "c +1:81 a.test. A 'e' tier=1\nc   1:81 a.test. 60 A 192.0.2.3\n" },
		{ "only a datacenter is used",
		  "plugins={metafo={resources={r={datacenters=[d] dcmap={d=192.0.2.1}} s={datacenters=["
		  "d] dcmap={d=192.0.2.1}} t={datacenters=[d] dcmap={d=!r}}}}}",
		  "r 60 DYNA metafo!r/d\n",
		  "a.test =1:1 a.test.\na.test 1:1 r.a.test. 60 A 192.0.2.1\n"
		  "c %1:10 metafo: resources that no zone uses, so they are left out: 2\n" },
		{ "escapes in names of resources",
		  "plugins={multifo={\\\\097b=192.0.2.2 \"a\\\\\\\"b\"=192.0.2.3 \"a\\\\(b\"=192.0.2.4}"
		  "}",
		  "r 60 DYNA multifo!\\097b\ns 60 DYNA multifo!a\\\"b\nt 60 DYNA multifo!a\\(b\n",
		  "a.test =1:1 a.test.\na.test 1:1 r.a.test. 60 A 192.0.2.2\n"
		  "a.test 2:1 s.a.test. 60 A 192.0.2.3\na.test 3:1 t.a.test. 60 A 192.0.2.4\n" },
		{ "limits of TTLs",
		  "options={min_ttl=100 max_ttl=3600 max_ncache_ttl=1000} service_types={t={plugin=tcp_"
		  "connect port=25 ok_thresh=1 interval=2 timeout=1 down_thresh=1}} plugins={multifo={r"
		  "={service_types=t x=192.0.2.1}}}",
		  "@ 7200 SOA ns1 host 1 2 3 4 500\n@ NS ns1\nr 60 DYNA multifo!r\n"
		  "s 9000/8000 DYNA multifo!r\nt 9000/50 DYNA multifo!r\n",
		  "a.test =1:1 a.test.\n"
		  "a.test 1:1 a.test. 500 SOA ns1.a.test. host.a.test. 1 2 3 4 500\n"
		  "a.test 2:1 a.test. 3600 NS ns1.a.test.\n"
		  "c ?1:71 192.0.2.1/t tcp address=192.0.2.1 port=25 interval=2s timeout=1s rise=10 fal"
		  "l=1 up-delay=38s\na.test +3:1 r.a.test. A '' health=192.0.2.1/t\n"
		  "a.test   3:1 r.a.test. 100 A 192.0.2.1\n"
		  "a.test +4:1 s.a.test. A '' health=192.0.2.1/t\n"
		  "a.test   4:1 s.a.test. 3600 A 192.0.2.1\n"
		  "a.test +5:1 t.a.test. A '' health=192.0.2.1/t\n"
		  "a.test   5:1 t.a.test. 100 A 192.0.2.1\n" },
		{ "the TTL of an SOA is less than its minimum",
		  "",
		  "@ 300 SOA ns1 host 1 2 3 4 500\n",
		  "a.test =1:1 a.test.\n"
		  "a.test 1:1 a.test. 300 SOA ns1.a.test. host.a.test. 1 2 3 4 500\n" },
		{ "the least TTL, of names of datacenters too",
		  "options={min_ttl=100} plugins={metafo={resources={m={datacenters=[d e] dcmap={d=[192"
		  ".0.2.1 192.0.2.2] e=192.0.2.3}}}}}",
		  "r 60 DYNA metafo!m\n",
		  "a.test =1:1 a.test.\nc 1:79 d.m.metafo.100-100._gdnsd.a.test. 100 A 192.0.2.1\n"
		  "c 1:79 d.m.metafo.100-100._gdnsd.a.test. 100 A 192.0.2.2\n"
		  "a.test ~1:1 r.a.test. A failover\n"
		  "c +1:79 r.a.test. A 'd' tier=0 alias=d.m.metafo.100-100._gdnsd.a.test. evaluate\n"
		  "c +1:103 r.a.test. A 'e' tier=1\nc   1:103 r.a.test. 100 A 192.0.2.3\n" },
	};
	check_files(cases, COUNT(cases), STEER_OK);
}

static void mistakes_are_errors(void **state)
{
	(void)state;
	static const gdnsd_case_t cases[] = {
		{ "syntax",
		  "plugins={",
		  "",
		  "c !1:9 a brace that is not closed; allowed: { ... }\n" },
		{ "sections",
		  "plugin={} options=[] plugins=x",
		  "",
		  "c !1:1 plugin: not known; allowed: options, service_types, plugins\n"
		  "c !1:30 plugins: not a hash; allowed: { ... }\n"
		  "c !1:19 options: not a hash; allowed: { ... }\n" },
		{ "options",
		  "options={min_ttl=x max_ttl=5 disable_text_autosplit=maybe listne=1 zones_default_ttl"
		  "=[1]}",
		  "",
		  "c !1:59 listne: not known; allowed: the options in gdnsd.config(5)\n"
		  "c !1:18 min_ttl: 'x'; allowed: 0 to 86400\n"
		  "c !1:28 max_ttl: '5'; allowed: 3600 to 268435455\n"
		  "c !1:86 zones_default_ttl: not a text; allowed: one\n"
		  "c !1:53 disable_text_autosplit: 'maybe'; allowed: true, false\n" },
		{ "no plugin",
		  "plugins={multifo={r=[192.0.2.1]}}",
		  "a DYNA multifo!x\nb DYNA multifo!service_types\n"
		  "c DYNA metafo!r/x\nd DYNA multifo\ne DYNA geoip!\n"
		  "f DYNA multifo!r/s\n",
		  "a.test =1:1 a.test.\na.test !1:1 multifo!x: no such resource; allowed: those below p"
		  "lugins\na.test !2:1 multifo!service_types: no such resource; allowed: those below pl"
		  "ugins\na.test !3:1 metafo!r/x: no such resource; allowed: those below plugins\n"
		  "a.test !4:1 multifo: no such resource; allowed: those below plugins\n"
		  "a.test !5:1 geoip!: no such resource; allowed: those below plugins\n"
		  "a.test !6:1 multifo!r/s: no such resource; allowed: those below plugins\n" },
		{ "lines",
		  "plugins={multifo={r=[192.0.2.1]}}",
		  "a DYNA\nb DYNA multifo!r multifo!r\nc 60/x DYNA multifo!r\n"
		  "d 60/90 DYNA multifo!r\ne 5x DYNA multifo!r\n"
		  "f ALIAS a\ng 60 FOO bar\n",
		  "a.test !1:3 no resource, or more than one; allowed: plugin!resource, without "
		  "quotes\n"
		  "a.test !2:3 no resource, or more than one; allowed: plugin!resource, without "
		  "quotes\n"
		  "a.test =1:1 a.test.\na.test !3:1 the TTL after the slash: 'x'; allowed: 0 to 60, wha"
		  "t is before it\na.test !4:1 the TTL after the slash: '90'; allowed: 0 to 60, what is"
		  " before it\na.test !5:3 invalid time unit, near '5x'; allowed: s, m, h, d, w\n"
		  "a.test !6:1 ALIAS; allowed: types that gdnsd has\n"
		  "a.test !7:6 unsupported record type, near 'FOO'; allowed: the class is IN; a type wi"
		  "thout a name is written TYPE123\n" },
		{ "lines in parentheses",
		  "plugins={multifo={r=[192.0.2.1]}}",
		  "a (\n60\n DYNA \"multifo!r\" )\nb ( DYNA\n)\nc DYNA (multifo!r)multifo!r\n"
		  "d (\n 60/x DYNA multifo!r )\ne DYNA (multifo\n!r)\nf ( ; c\nDYNA multifo!s )\n"
		  "g DYNA (\nmultifo!r",
		  "a.test !3:2 no resource, or more than one; allowed: plugin!resource, without quotes\n"
		  "a.test !4:5 no resource, or more than one; allowed: plugin!resource, without quotes\n"
		  "a.test !6:3 no resource, or more than one; allowed: plugin!resource, without quotes\n"
		  "a.test !9:3 no resource, or more than one; allowed: plugin!resource, without quotes\n"
		  "a.test =1:1 a.test.\na.test !7:1 the TTL after the slash: 'x'; allowed: 0 to 60, what"
		  " is before it\na.test !11:1 multifo!s: no such resource; allowed: those below plugin"
		  "s\na.test !13:1 unclosed parenthesis\n" },
		{ "a TTL in parentheses",
		  "plugins={multifo={r=[192.0.2.1]}}",
		  "a DYNA multifo!r\nb (\n 5x/5 DYNA multifo!r )\n",
		  "a.test =1:1 a.test.\na.test 1:1 a.a.test. 86400 A 192.0.2.1\n"
		  "a.test !3:2 invalid time unit, near '5x'; allowed: s, m, h, d, w\n"
		  "a.test !4:1 unclosed parenthesis\n" },
		{ "multifo",
		  "plugins={multifo={r={a=192.0.2.256} s={a=n.example.} t={up_thresh=0 a=192.0.2.1} u={"
		  "up_thresh=1.5 a=192.0.2.1} v={addrs_v4=2001:db8::1} w={addrs_v4=192.0.2.1 x=192.0.2."
		  "2} x={a={b=c}} y={} z={service_types=t a=192.0.2.1} q={\"\\001\"=192.0.2.1}}}",
		  "r DYNA multifo!r\ns DYNA multifo!s\nt DYNA multifo!t\n"
		  "u DYNA multifo!u\nv DYNA multifo!v\nw DYNA multifo!w\n"
		  "x DYNA multifo!x\ny DYNA multifo!y\nz DYNA multifo!z\n"
		  "q DYNA multifo!q\n",
		  "a.test =1:1 a.test.\nc !1:24 '192.0.2.256'; allowed: an address\n"
		  "c !1:42 'n.example.'; allowed: an address\n"
		  "c !1:67 up_thresh: '0'; allowed: more than 0, up to 1\n"
		  "a.test 3:1 t.a.test. 86400 A 192.0.2.1\nc !1:95 up_thresh: '1.5'; allowed: more than"
		  " 0, up to 1\na.test 4:1 u.a.test. 86400 A 192.0.2.1\n"
		  "c !1:124 '2001:db8::1'; allowed: an IPv4 address\n"
		  "c !1:159 x beside addrs_v4 or addrs_v6; allowed: parameters\n"
		  "a.test 6:1 w.a.test. 86400 A 192.0.2.1\nc !1:177 a: not a text; allowed: one\n"
		  "c !1:206 service_types: t is not defined; allowed: up, down, or a key of service_typ"
		  "es\na.test 9:1 z.a.test. 86400 A 192.0.2.1\n"
		  "c !1:231 '\001': no identifier of a record set; allowed: 1 to 128 bytes of UTF-8, with "
		  "what it is in, without control characters\n" },
		{ "nothing in it",
		  "plugins={multifo={y={}}}",
		  "y DYNA multifo!y\n",
		  "a.test =1:1 a.test.\na.test !1:1 multifo!y has no addresses; allowed: some\n" },
		{ "simplefo",
		  "plugins={simplefo={a={primary=192.0.2.1} b={primary=192.0.2.1 secondary=::1} c={prim"
		  "ary=192.0.2.1 secondary=192.0.2.2 third=192.0.2.3} d=192.0.2.1 e={primary=::1 second"
		  "ary=192.0.2.1}}}",
		  "a DYNA simplefo!a\nb DYNA simplefo!b\nc DYNA simplefo!c\n"
		  "d DYNA simplefo!d\ne DYNA simplefo!e\n",
		  "a.test =1:1 a.test.\nc !1:22 no secondary; allowed: primary and secondary\n"
		  "a.test 1:1 a.a.test. 86400 A 192.0.2.1\nc !1:73 '::1'; allowed: an IPv4 address, as "
		  "primary is one\na.test 2:1 b.a.test. 86400 A 192.0.2.1\n"
		  "c !1:119 third: not known; allowed: primary, secondary, service_types, up_thresh, ig"
		  "nore_health, multi, plugin\na.test ~3:1 c.a.test. A up, tier\n"
		  "c +1:89 c.a.test. A 'primary' tier=0\nc   1:89 c.a.test. 86400 A 192.0.2.1\n"
		  "c +1:109 c.a.test. A 'secondary' tier=1\n"
		  "c   1:109 c.a.test. 86400 A 192.0.2.2\nc !1:138 d: not a hash; allowed: { ... }\n"
		  "c !1:173 '192.0.2.1'; allowed: an IPv6 address, as primary is one\n"
		  "a.test 5:1 e.a.test. 86400 AAAA ::1\n" },
		{ "weighted",
		  "plugins={weighted={a={x=[192.0.2.1]} b={x=[192.0.2.1 0]} c={x=[192.0.2.1 1048576]} d"
		  "={x=[192.0.2.1 1] y=[n. 1]} e={x={y=[192.0.2.1 1]} z=[192.0.2.1 1]} f={x={}} g={x={y"
		  "=[192.0.2.1 1] z=[::1 1]}} h=192.0.2.1 i={multi=x y=[192.0.2.1 1]} j={x=[n.example 1"
		  "]}}}",
		  "a DYNC weighted!a\nb DYNC weighted!b\nc DYNC weighted!c\n"
		  "d DYNC weighted!d\ne DYNC weighted!e\nf DYNC weighted!f\n"
		  "g DYNC weighted!g\nh DYNC weighted!h\ni DYNC weighted!i\n"
		  "j DYNC weighted!j\n",
		  "a.test =1:1 a.test.\nc !1:25 x: not two items; allowed: [ an address, or a name with"
		  " a final dot, weight ]\nc !1:54 an item of a list: '0'; allowed: 1 to 1048575\n"
		  "a.test 2:1 b.a.test. 86400 A 192.0.2.1\nc !1:74 an item of a list: '1048576'; allowe"
		  "d: 1 to 1048575\na.test 3:1 c.a.test. 86400 A 192.0.2.1\n"
		  "c !1:84 weighted!d: addresses and names; allowed: one of them\n"
		  "a.test 4:1 d.a.test. 86400 CNAME n.\nc !1:136 z: not a hash, or more than 64; allowe"
		  "d: groups alone, or [ address, weight ] alone\n"
		  "a.test 5:1 e.a.test. 86400 A 192.0.2.1\nc !1:156 x: none, or more than 64 addresses;"
		  " allowed: 1 to 64\nc !1:187 '::1'; allowed: an IPv4 address\n"
		  "c !1:198 h: not a hash; allowed: { ... }\n"
		  "c !1:217 multi: 'x'; allowed: true, false\n"
		  "a.test 9:1 i.a.test. 86400 A 192.0.2.1\nc !1:242 'n.example'; allowed: an address, o"
		  "r a name with a final dot\n" },
		{ "names where addresses are wanted",
		  "service_types={t={plugin=tcp_connect port=1}} plugins={weighted={a={x=[n. 1]} b={ser"
		  "vice_types=t x=[n. 1]}}}",
		  "a DYNA weighted!a\nb DYNC weighted!b\n",
		  "a.test =1:1 a.test.\na.test !1:1 weighted!a can answer with a CNAME; allowed: DYNC\n"
		  "c %1:16 t: ok_thresh: a failure is forgotten after one good result, not after 10 in "
		  "a row\nc !1:101 n.: t probes addresses; allowed: extmon, extfile, static, null for n"
		  "ames\na.test 2:1 b.a.test. 43200 CNAME n.\n" },
		{ "metafo",
		  "plugins={metafo={resources={a={} b={datacenters=[x] dcmap={}} c={datacenters=[x] dcm"
		  "ap={x=%multifo!q}} d={datacenters=[x] dcmap={x=n.example}} e={datacenters=[x] dcmap="
		  "{x=%metafo!e}} f={datacenters=[x] dcmap={x=192.0.2.1} extra=1} g={datacenters=[x] dc"
		  "map={x=%metafo!h/y}} h={datacenters=[y] dcmap={y=%metafo!g/x}}}}}",
		  "a DYNC metafo!a\nb DYNC metafo!b\nc DYNC metafo!c\n"
		  "d DYNC metafo!d\ne DYNC metafo!e\nf DYNC metafo!f\n"
		  "g DYNC metafo!g\n",
		  "a.test =1:1 a.test.\nc !1:29 metafo!a: no datacenters; allowed: a list of those in d"
		  "cmap\nc !1:50 metafo!b: no datacenter x; allowed: those of its dcmap\n"
		  "c !1:91 multifo!q: no such resource; allowed: those below plugins\n"
		  "c !1:132 'n.example'; allowed: an address, or a name with a final dot\n"
		  "c !1:160 metafo!e leads back to itself; allowed: what does not\n"
		  "c !1:223 extra: not known; allowed: service_types, up_thresh, ignore_health, multi, "
		  "plugin, datacenters, dcmap, map, skip_first\n"
		  "a.test 6:1 f.a.test. 86400 A 192.0.2.1\nc !1:302 metafo!g/x: more than 14 resources,"
		  " each in the one before; allowed: fewer\n" },
		{ "too deep",
		  "plugins={metafo={resources={r0={datacenters=[d] dcmap={d=%metafo!r1}} r1={datacenter"
		  "s=[d] dcmap={d=%metafo!r2}} r2={datacenters=[d] dcmap={d=%metafo!r3}} r3={datacenter"
		  "s=[d] dcmap={d=%metafo!r4}} r4={datacenters=[d] dcmap={d=%metafo!r5}} r5={datacenter"
		  "s=[d] dcmap={d=%metafo!r6}} r6={datacenters=[d] dcmap={d=%metafo!r7}} r7={datacenter"
		  "s=[d] dcmap={d=%metafo!r8}} r8={datacenters=[d] dcmap={d=%metafo!r9}} r9={datacenter"
		  "s=[d] dcmap={d=%metafo!r10}} r10={datacenters=[d] dcmap={d=%metafo!r11}} r11={datace"
		  "nters=[d] dcmap={d=%metafo!r12}} r12={datacenters=[d] dcmap={d=%metafo!r13}} r13={da"
		  "tacenters=[d] dcmap={d=%metafo!r14}} r14={datacenters=[d] dcmap={d=%metafo!r15}} r15"
		  "={datacenters=[d] dcmap={d=%metafo!r16}} r16={datacenters=[d] dcmap={d=192.0.2.1}}}}"
		  "}",
		  "a DYNA metafo!r0\n",
		  "a.test =1:1 a.test.\nc !1:612 metafo!r14: more than 14 resources, each in the one be"
		  "fore; allowed: fewer\n" },
		{ "geoip",
		  "plugins={geoip={maps={m={} n={datacenters=[d d]} o={datacenters=[d] map={XX=d EU={X1"
		  "=d} AS=[e] AF={default={default=d}}}} p={datacenters=[d] nets={10.0.0.1/8=d 10.0.0.0"
		  "=d x=d 10.0.0.0/8={}}} q={datacenters=[d] auto_dc_coords={d=[91 0]}} s={datacenters="
		  "[d] auto_dc_coords={e=[1 0]}} t={datacenters=[d] nets=file} \"u.v\"={datacenters=[d]"
		  "} w={datacenters=[d] auto_dc_coords={d=[1 2]} nets={10.0.0.0/8=auto}}} resources={a="
		  "{} b={map=x} c={map=m dcmap={d=192.0.2.1}} d={map=n dcmap={d=192.0.2.1}} e={map=o dc"
		  "map={d=192.0.2.1}} f={map=p dcmap={d=192.0.2.1}} g={map=q dcmap={d=192.0.2.1}} h={ma"
		  "p=s dcmap={d=192.0.2.1}} i={map=t dcmap={d=192.0.2.1}} j={map=u.v dcmap={d=192.0.2.1"
		  "}} k={map=w dcmap={d=192.0.2.1}} l={map=y dcmap={}}}}}",
		  "a DYNA geoip!a\nb DYNA geoip!b\nc DYNA geoip!c\n"
		  "d DYNA geoip!d\ne DYNA geoip!e\nf DYNA geoip!f\n"
		  "g DYNA geoip!g\nh DYNA geoip!h\ni DYNA geoip!i\n"
		  "j DYNA geoip!j\nk DYNA geoip!k\n",
		  "a.test =1:1 a.test.\nc !1:417 geoip!a: no map; allowed: one of maps\n"
		  "c !1:429 map: x is not defined; allowed: a key of maps\n"
		  "c !1:23 m: no datacenters; allowed: 1 to 254\n"
		  "c !1:46 d: twice, or more than 254 datacenters; allowed: each once\n"
		  "c !1:74 XX: not known; allowed: default, or the code of a continent\n"
		  "c !1:83 X1: not known; allowed: default, or the code of a country\n"
		  "c !1:93 e: no datacenter of the map, or twice; allowed: each of its datacenters, onc"
		  "e\nc !1:148 10.0.0.1/8: bits after its length; allowed: such as 192.0.2.0/24, 2001:d"
		  "b8::/32\nc !1:161 10.0.0.0: no network; allowed: such as 192.0.2.0/24, 2001:db8::/32"
		  "\nc !1:172 x: no network; allowed: such as 192.0.2.0/24, 2001:db8::/32\n"
		  "c !1:187 a hash; allowed: a datacenter, or a list of them\n"
		  "c !1:229 d: no coordinates; allowed: [ -90 to 90, -180 to 180 ]\n"
		  "c !1:273 e: no datacenter of the map; allowed: those of datacenters\n"
		  "c !1:307 nets has no folder to look in; allowed: in a regular file\n"
		  "c !1:313 u.v: no name of a collection; allowed: 1 to 64 of A-Z a-z 0-9 - _\n"
		  "c !1:398 auto; allowed: a datacenter, or a list of them\n" },
		{ "datacenters that a resource lacks",
		  "plugins={geoip={maps={m={datacenters=[d]}} resources={r={map=m dcmap={}} s={map=m}}}"
		  "}",
		  "r DYNA geoip!r\ns DYNA geoip!s\n",
		  "a.test =1:1 a.test.\nc !1:64 geoip!r: no datacenter d; allowed: those of its dcmap\n"
		  "c !1:74 geoip!s: no dcmap; allowed: one with the datacenters of the map\n" },
		{ "coordinates of three numbers",
		  "plugins={geoip={maps={m={datacenters=[d] auto_dc_coords={d=[1 2 3]}}} resources={a={"
		  "map=m dcmap={d=192.0.2.1}}}}}",
		  "a DYNA geoip!a\n",
		  "a.test =1:1 a.test.\nc !1:60 d: no coordinates; allowed: [ -90 to 90, -180 to 180 ]\n" },
		{ "TTLs out of bounds",
		  "options={max_ncache_ttl=9 min_ttl=86401 max_ttl=3599 zones_default_ttl=0}",
		  "",
		  "c !1:35 min_ttl: '86401'; allowed: 0 to 86400\n"
		  "c !1:49 max_ttl: '3599'; allowed: 3600 to 268435455\n"
		  "c !1:72 zones_default_ttl: '0'; allowed: 1 to 268435455\n"
		  "c !1:25 max_ncache_ttl: '9'; allowed: 10 to 86400\n" },
		{ "service types",
		  "service_types={a={} b={plugin=http_status port=0 ok_codes=[99]} c={plugin=tcp_connec"
		  "t} d={plugin=extmon} e={plugin=tcp_connect port=1 interval=5 timeout=5} f={plugin=tc"
		  "p_connect port=1 extra=2} g={plugin=static state=x} h=x \"i j\"={plugin=null} k={plu"
		  "gin=extmon cmd=x} l={plugin=http_status url_path=x ok_codes=[]}} plugins={multifo={a"
		  "={service_types=\"a\" x=192.0.2.1} b={service_types=\"b\" x=192.0.2.1} c={service_ty"
		  "pes=\"c\" x=192.0.2.1} d={service_types=\"d\" x=192.0.2.1} e={service_types=\"e\" x="
		  "192.0.2.1} f={service_types=\"f\" x=192.0.2.1} g={service_types=\"g\" x=192.0.2.1} h"
		  "={service_types=\"h\" x=192.0.2.1} i={service_types=\"i j\" x=192.0.2.1} k={service_"
		  "types=\"k\" x=192.0.2.1} l={service_types=\"l\" x=192.0.2.1}}}",
		  "a DYNA multifo!a\nb DYNA multifo!b\nc DYNA multifo!c\n"
		  "d DYNA multifo!d\ne DYNA multifo!e\nf DYNA multifo!f\n"
		  "g DYNA multifo!g\nh DYNA multifo!h\ni DYNA multifo!i\n"
		  "k DYNA multifo!k\nl DYNA multifo!l\n",
		  "a.test =1:1 a.test.\nc !1:16 a: no plugin; allowed: http_status, tcp_connect, extmon"
		  ", extfile, static, null\na.test +1:1 a.a.test. A '' health=192.0.2.1/a\n"
		  "a.test   1:1 a.a.test. 86400 A 192.0.2.1\n"
		  "c %1:21 b: ok_thresh: a failure is forgotten after one good result, not after 10 in "
		  "a row\nc !1:48 port: '0'; allowed: 1 to 65534\n"
		  "c !1:60 an item of a list: '99'; allowed: 100 to 999\n"
		  "a.test +2:1 b.a.test. A '' health=192.0.2.1/b\n"
		  "a.test   2:1 b.a.test. 43200 A 192.0.2.1\n"
		  "c %1:65 c: ok_thresh: a failure is forgotten after one good result, not after 10 in "
		  "a row\nc !1:65 c: no port; allowed: one\n"
		  "a.test +3:1 c.a.test. A '' health=192.0.2.1/c\n"
		  "a.test   3:1 c.a.test. 43200 A 192.0.2.1\n"
		  "c %1:88 d: ok_thresh: a failure is forgotten after one good result, not after 10 in "
		  "a row\nc !1:88 d: no cmd; allowed: a list of words\n"
		  "a.test +4:1 d.a.test. A '' health=192.0.2.1/d\n"
		  "a.test   4:1 d.a.test. 43200 A 192.0.2.1\n"
		  "c !1:154 timeout: 5, but interval is 5; allowed: less than interval\n"
		  "c %1:106 e: ok_thresh: a failure is forgotten after one good result, not after 10 in"
		  " a row\na.test +5:1 e.a.test. A '' health=192.0.2.1/e\n"
		  "a.test   5:1 e.a.test. 43200 A 192.0.2.1\n"
		  "c !1:186 extra: not known; allowed: plugin, up_thresh, ok_thresh, down_thresh, inter"
		  "val, timeout, port\nc %1:157 f: ok_thresh: a failure is forgotten after one good res"
		  "ult, not after 10 in a row\na.test +6:1 f.a.test. A '' health=192.0.2.1/f\n"
		  "a.test   6:1 f.a.test. 43200 A 192.0.2.1\n"
		  "c !1:218 state: 'x'; allowed: UP, DOWN\na.test 7:1 g.a.test. 86400 A 192.0.2.1\n"
		  "c !1:223 h: not a hash; allowed: { ... }\n"
		  "a.test +8:1 h.a.test. A '' health=192.0.2.1/h\n"
		  "a.test   8:1 h.a.test. 86400 A 192.0.2.1\n"
		  "c !1:225 i j: no part of the identifier of a health check; allowed: A-Z a-z 0-9 - _ "
		  ". : / @, 128 with the address\na.test 9:1 i.a.test. 86400 A 192.0.2.1\n"
		  "c %1:245 k: ok_thresh: a failure is forgotten after one good result, not after 10 in"
		  " a row\nc !1:266 cmd: command: not 'x'; allowed: the absolute path of a program, up "
		  "to 4096 bytes\na.test +10:1 k.a.test. A '' health=192.0.2.1/k\n"
		  "a.test   10:1 k.a.test. 43200 A 192.0.2.1\n"
		  "c %1:269 l: ok_thresh: a failure is forgotten after one good result, not after 10 in"
		  " a row\nc !1:311 ok_codes: none, or too many; allowed: 1 to 63 codes from 100 to 999"
		  "\na.test +11:1 l.a.test. A '' health=192.0.2.1/l\n"
		  "a.test   11:1 l.a.test. 43200 A 192.0.2.1\n" },
		{ "names that differ in case alone",
		  "plugins={metafo={resources={r={datacenters=[d e] dcmap={d=[192.0.2.1 192.0.2.2] e=19"
		  "2.0.2.3}} R={datacenters=[D E] dcmap={D=[192.0.2.1 192.0.2.2] E=192.0.2.3}}}}}",
		  "a 60 DYNA metafo!r\nb 60 DYNA metafo!R\n",
		  "a.test =1:1 a.test.\nc 1:57 d.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c 1:57 d.r.metafo.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "a.test ~1:1 a.a.test. A failover\nc +1:57 a.a.test. A 'd' tier=0 alias=d.r.metafo.60"
		  "-30._gdnsd.a.test. evaluate\nc +1:81 a.a.test. A 'e' tier=1\n"
		  "c   1:81 a.a.test. 60 A 192.0.2.3\nc !1:123 this resource has the same name as that "
		  "in line 1, but for upper and lower case or slashes; allowed: names that differ\n" },
		{ "labels that are too long",
		  "plugins={multifo={m=[192.0.2.1 192.0.2.2]} metafo={resources={\"xxxxxxxxxxxxxxxxxxxx"
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"={datacenters=[d] dcmap={d=%multifo!m}"
		  "}}}}",
		  "a DYNA metafo!xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
		  "a.test =1:1 a.test.\nc !1:63 metafo!xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		  "xxxxxxxxxxxxxxxx: too long for a name, or empty; allowed: 1 to 63 bytes each, 200 to"
		  "gether\n" },
		{ "names that differ in a slash",
		  "plugins={geoip={maps={m={datacenters=[d d/x]}} resources={r={map=m dcmap={d={plugin="
		  "metafo datacenters=[x] dcmap={x=[192.0.2.1 192.0.2.2]}} d/x=[192.0.2.3 192.0.2.4]}} "
		  "x/y={map=m dcmap={d=192.0.2.1 d/x=192.0.2.2}}}}}",
		  "r 60 DYNA geoip!r\ns 60 DYNA geoip!x/y\n",
		  "a.test =1:1 a.test.\nc 1:115 x.d.r.geoip.60-30._gdnsd.a.test. 60 A 192.0.2.1\n"
		  "c 1:115 x.d.r.geoip.60-30._gdnsd.a.test. 60 A 192.0.2.2\n"
		  "c +1:75 d.r.geoip.60-30._gdnsd.a.test. A '' alias=x.d.r.geoip.60-30._gdnsd.a.test. e"
		  "valuate\n"
		  "c !1:141 this resource has the same name as that in line 1, but for upper and lower "
		  "case or slashes; allowed: names that differ\n"
		  "a.test !2:1 geoip!x/y: no such resource; allowed: those below plugins\n" },
		{ "service types that make one identifier",
		  "service_types={a/b={plugin=null} b/c={plugin=null} a={plugin=null} b={plugin=null} c"
		  "={plugin=null}} plugins={multifo={r={service_types=a/b x=192.0.2.1} s={service_types"
		  "=[a b] x=192.0.2.1}}}",
		  "r 60 DYNA multifo!r\ns 60 DYNA multifo!s\n",
		  "a.test =1:1 a.test.\nc ?1:16 192.0.2.1/a/b manual inverted=yes disabled=yes\n"
		  "a.test +1:1 r.a.test. A '' health=192.0.2.1/a/b\n"
		  "a.test   1:1 r.a.test. 60 A 192.0.2.1\n"
		  "c ?1:52 192.0.2.1/a manual inverted=yes disabled=yes\n"
		  "c ?1:68 192.0.2.1/b manual inverted=yes disabled=yes\n"
		  "c !1:178 192.0.2.1/a/b is also the identifier of the check of other service types; a"
		  "llowed: service types without '/'\na.test +2:1 s.a.test. A '' health=192.0.2.1/a/b\n"
		  "a.test   2:1 s.a.test. 60 A 192.0.2.1\n" },
		{ "the same in the other order",
		  "service_types={a/b={plugin=null} b/c={plugin=null} a={plugin=null} b={plugin=null} c"
		  "={plugin=null}} plugins={multifo={r={service_types=[a b] x=192.0.2.1} s={service_typ"
		  "es=a/b x=192.0.2.1}}}",
		  "r 60 DYNA multifo!r\ns 60 DYNA multifo!s\n",
		  "a.test =1:1 a.test.\nc ?1:52 192.0.2.1/a manual inverted=yes disabled=yes\n"
		  "c ?1:68 192.0.2.1/b manual inverted=yes disabled=yes\n"
		  "c ?1:144 192.0.2.1/a/b calculated children=192.0.2.1/a children=192.0.2.1/b threshol"
		  "d=2\na.test +1:1 r.a.test. A '' health=192.0.2.1/a/b\n"
		  "a.test   1:1 r.a.test. 60 A 192.0.2.1\n"
		  "c !1:178 192.0.2.1/a/b is also the identifier of the check of other service types; a"
		  "llowed: service types without '/'\na.test +2:1 s.a.test. A '' health=192.0.2.1/a/b\n"
		  "a.test   2:1 s.a.test. 60 A 192.0.2.1\n" },
		{ "lists that make one identifier",
		  "service_types={a/b={plugin=null} b/c={plugin=null} a={plugin=null} b={plugin=null} c"
		  "={plugin=null}} plugins={multifo={r={service_types=[a/b c] x=192.0.2.1} s={service_t"
		  "ypes=[a b/c] x=192.0.2.1}}}",
		  "r 60 DYNA multifo!r\ns 60 DYNA multifo!s\n",
		  "a.test =1:1 a.test.\nc ?1:16 192.0.2.1/a/b manual inverted=yes disabled=yes\n"
		  "c ?1:84 192.0.2.1/c manual inverted=yes disabled=yes\n"
		  "c ?1:146 192.0.2.1/a/b/c calculated children=192.0.2.1/a/b children=192.0.2.1/c thre"
		  "shold=2\na.test +1:1 r.a.test. A '' health=192.0.2.1/a/b/c\n"
		  "a.test   1:1 r.a.test. 60 A 192.0.2.1\n"
		  "c ?1:52 192.0.2.1/a manual inverted=yes disabled=yes\n"
		  "c ?1:34 192.0.2.1/b/c manual inverted=yes disabled=yes\n"
		  "c !1:184 192.0.2.1/a/b/c is also the identifier of the check of other service types;"
		  " allowed: service types without '/'\n"
		  "a.test +2:1 s.a.test. A '' health=192.0.2.1/a/b/c\n"
		  "a.test   2:1 s.a.test. 60 A 192.0.2.1\n" },
		{ "such lists of two and three",
		  "service_types={a/b={plugin=null} b/c={plugin=null} a={plugin=null} b={plugin=null} c"
		  "={plugin=null}} plugins={multifo={r={service_types=[a/b c] x=192.0.2.1} s={service_t"
		  "ypes=[a b c] x=192.0.2.1}}}",
		  "r 60 DYNA multifo!r\ns 60 DYNA multifo!s\n",
		  "a.test =1:1 a.test.\nc ?1:16 192.0.2.1/a/b manual inverted=yes disabled=yes\n"
		  "c ?1:84 192.0.2.1/c manual inverted=yes disabled=yes\n"
		  "c ?1:146 192.0.2.1/a/b/c calculated children=192.0.2.1/a/b children=192.0.2.1/c thre"
		  "shold=2\na.test +1:1 r.a.test. A '' health=192.0.2.1/a/b/c\n"
		  "a.test   1:1 r.a.test. 60 A 192.0.2.1\n"
		  "c ?1:52 192.0.2.1/a manual inverted=yes disabled=yes\n"
		  "c ?1:68 192.0.2.1/b manual inverted=yes disabled=yes\n"
		  "c !1:184 192.0.2.1/a/b/c is also the identifier of the check of other service types;"
		  " allowed: service types without '/'\n"
		  "a.test +2:1 s.a.test. A '' health=192.0.2.1/a/b/c\n"
		  "a.test   2:1 s.a.test. 60 A 192.0.2.1\n" },
		{ "two records for addresses at a name",
		  "plugins={multifo={r=192.0.2.1 s=192.0.2.2}}",
		  "r 60 DYNA multifo!r\nR 60 DYNA multifo!s\nt 60 A 192.0.2.3\nt 60 A 192.0.2.4\n"
		  "t 60 AAAA ::1\nt 60 DYNC multifo!s\nu 60 DYNA multifo!r\nu 60 AAAA ::1\n"
		  "v 60 DYNA multifo!r\nv 60 TXT x\n",
		  "a.test =1:1 a.test.\na.test 1:1 r.a.test. 60 A 192.0.2.1\n"
		  "a.test !2:1 a DYNA or DYNC record and another one for addresses at a name; allowed: "
		  "one, or A and AAAA\na.test 3:1 t.a.test. 60 A 192.0.2.3\n"
		  "a.test 4:1 t.a.test. 60 A 192.0.2.4\na.test 5:1 t.a.test. 60 AAAA ::1\n"
		  "a.test !6:1 a DYNA or DYNC record and another one for addresses at a name; allowed: "
		  "one, or A and AAAA\na.test 7:1 u.a.test. 60 A 192.0.2.1\n"
		  "a.test !8:1 a DYNA or DYNC record and another one for addresses at a name; allowed: "
		  "one, or A and AAAA\na.test 9:1 v.a.test. 60 A 192.0.2.1\n"
		  "a.test 10:1 v.a.test. 60 TXT \"x\"\n" },
		{ "quotes, and words with parentheses in them",
		  "plugins={multifo={r=192.0.2.1}}",
		  "r DYNA \"multifo!r\"\nr DYNA multifo!\"r\"\nr DYNA multifo!(r)\nr DYNA multifo!r(\n",
		  "a.test !1:3 no resource, or more than one; allowed: plugin!resource, without quotes\n"
		  "a.test !2:3 no resource, or more than one; allowed: plugin!resource, without quotes\n"
		  "a.test !3:3 no resource, or more than one; allowed: plugin!resource, without quotes\n"
		  "a.test =1:1 a.test.\na.test !4:1 unclosed parenthesis\n" },
		{ "a name and a service type that make one identifier",
		  "service_types={b={plugin=null} a./b={plugin=null}} plugins={weighted={r={service_typ"
		  "es=b c=[x./a. 1]} s={service_types=a./b c=[x. 1]}}}",
		  "r 60 DYNC weighted!r\ns 60 DYNC weighted!s\n",
		  "a.test =1:1 a.test.\nc ?1:16 x./a./b manual inverted=yes disabled=yes\n"
		  "a.test +1:1 r.a.test. CNAME '' health=x./a./b\n"
		  "a.test   1:1 r.a.test. 60 CNAME x./a.\n"
		  "c !1:128 x./a./b is also the identifier of the check of other service types; allowed"
		  ": service types without '/'\na.test +2:1 s.a.test. CNAME '' health=x./a./b\n"
		  "a.test   2:1 s.a.test. 60 CNAME x.\n" },
		{ "three words of an item",
		  "plugins={weighted={r={a=[192.0.2.1 1 2]}}}",
		  "r DYNA weighted!r\n",
		  "a.test =1:1 a.test.\n"
		  "c !1:25 a: not two items; allowed: [ an address, or a name with a final dot, weight "
		  "]\n" },
		{ "a parameter is no resource",
		  "plugins={multifo={service_types=down r=192.0.2.1}}",
		  "r DYNA multifo!service_types\n",
		  "a.test =1:1 a.test.\n"
		  "a.test !1:1 multifo!service_types: no such resource; allowed: those below plugins\n" },
	};
	check_files(cases, COUNT(cases), STEER_EREFUSED);
}

static void zones_are_named_by_their_files(void **state)
{
	(void)state;
	static const struct {
		const char *file, *want;
	} cases[] = {
		{ "/etc/gdnsd/zones/A.Test", "A.Test =1:1 a.test.\n" },
		{ "a.test.", "a.test. =1:1 a.test.\n" },
		{ "zones/128@25.2.0.192.in-addr.arpa",
		  "128@25.2.0.192.in-addr.arpa =1:1 128/25.2.0.192.in-addr.arpa.\n" },
		{ "zones/ROOT_ZONE", "ROOT_ZONE =1:1 .\n" },
		{ "zones/a..test", "a..test !1:1 the name of the file is none of a zone; allowed: such as "
		  "example.com\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *told = tell("", cases[i].file, "", &ret);
		assert_string_equal(told, cases[i].want);
		free(told);
	}
	int ret;
	char *told = tell("", "zones/ROOT_ZONE", "x.@Z 60 A 192.0.2.1\n", &ret);
	assert_string_equal(told, "ROOT_ZONE =1:1 .\nROOT_ZONE 1:1 x. 60 A 192.0.2.1\n");
	free(told);
}

#define LETTERS_31 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LABEL_63 LETTERS_31 LETTERS_31 "x"

/*! Of a group: 200 bytes; of it in a zone: 255 bytes. */
static void names_have_bounds(void **state)
{
	(void)state;
	static const char config[] = "plugins={metafo={resources={" LABEL_63 "={datacenters=[d] dcmap={d={"
		"plugin=metafo datacenters=[%1$s] dcmap={%1$s=[192.0.2.1 192.0.2.2]}}}}}}}";
	static const struct {
		const char *datacenter, *zone, *want; /*!< NULL: no error. */
	} cases[] = {
		{ LABEL_63 "/" LETTERS_31 LETTERS_31, "zones/" LETTERS_31 "xxxx.test", NULL },
		{ LABEL_63 "/" LETTERS_31 LETTERS_31, "zones/" LETTERS_31 "xxxxx.test",
		  "the names of its datacenters are too long in this zone; allowed: 255 bytes\n" },
		{ LABEL_63 "/" LABEL_63, "zones/a.test", "too long for a name, or empty; allowed: 1 to 63 "
		  "bytes each, 200 together\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *text;
		assert_true(asprintf(&text, config, cases[i].datacenter) > 0);
		char *told = tell(text, cases[i].zone, "a 60 DYNA metafo!" LABEL_63 "\n", &ret);
		assert_int_equal(ret, cases[i].want == NULL ? STEER_OK : STEER_EREFUSED);
		assert_true(cases[i].want == NULL || strstr(told, cases[i].want) != NULL);
		free(told);
		free(text);
	}
}

/*! A configuration or zone that repeats a line, with its number in it. */
static char *lines(const char *begin, const char *line, unsigned count, const char *end)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs(begin, out);
	for (unsigned i = 0; i < count; i++) {
		fprintf(out, line, i / 250, i % 250 + 1, i);
	}
	fputs(end, out);
	fclose(out);
	return text;
}

/*! A map with networks in turn of different lists of datacenters, whose names are cut alike. */
static char *many_lists(unsigned networks, unsigned different)
{
	static const char stem[] = "a-name-that-fills-what-the-name-of-a-location-has-of-room-";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs("plugins={geoip={maps={m={datacenters=[", out);
	for (unsigned i = 0; i < 100; i++) {
		fprintf(out, "%s%02u ", stem, i);
	}
	fputs("] nets={\n", out);
	for (unsigned i = 0; i < networks; i++) {
		const unsigned list = i % different;
		fprintf(out, "10.%u.%u.0/24=[%s00 %s%02u %s%02u]\n", i / 250, i % 250, stem, stem,
		        1 + list / 50, stem, 50 + list % 50);
	}
	fputs("}}} resources={r={map=m dcmap={}}}}}", out);
	fclose(out);
	return text;
}

static void sizes_are_bounded(void **state)
{
	(void)state;
	char *sets = lines("plugins={multifo={r=[", "192.0.%u.%u ", 1000, "]}}");
	char *more = lines("plugins={multifo={r=[", "192.0.%u.%u ", 1001, "]}}");
	char *down = lines("plugins={multifo={service_types=down r=[", "192.0.%u.%u ", 1000, "]}}");
	char *nets = lines("plugins={geoip={maps={m={datacenters=[a b] nets={", "10.%u.%u.0/24=a ",
	                   2000,
	                   "}}} resources={r={map=m dcmap={a=192.0.2.1 b=192.0.2.2}}}}}");
	char *zone = lines("", "r%u-%u DYNA multifo!r\n", 1000, "");
	char *over = lines("", "r%u-%u DYNA multifo!r\n", 1001, "");
	char *items = lines("plugins={weighted={r={", "i%u-%u=[192.0.2.1 1] ", 65, "}}}");
	char *groups = lines("plugins={weighted={r={", "i%u-%u={a=[192.0.2.1 1]} ", 65, "}}}");
	char *most = lines("plugins={weighted={r={", "i%u-%u=[192.0.2.1 1] ", 64, "}}}");
	char *most_groups = lines("plugins={weighted={r={", "i%u-%u={a=[192.0.2.1 1]} ", 64, "}}}");
	char *most_inner = lines("plugins={weighted={r={g={", "i%u-%u=[192.0.2.1 1] ", 64, "}}}}");
	char *inner = lines("plugins={weighted={r={g={", "i%u-%u=[192.0.2.1 1] ", 65, "}}}}");
	char *lists = many_lists(20000, 999), *too_many = many_lists(1000, 1000);
	const struct {
		const char *config, *zone, *want; /*!< What is said last. */
		int ret;
	} cases[] = {
		{ sets, "r DYNA multifo!r\n", "a.test 1:1 r.a.test. 86400 A 192.0.3.250\n", STEER_OK },
		{ more, "r DYNA multifo!r\n", "more than 1000 record sets of a group; allowed: fewer\n",
		  STEER_EREFUSED },
		{ down, zone, "r3-250.a.test. 86400 A 192.0.3.250\n", STEER_OK },
		{ down, over, "more than 1000000 record sets of resources; allowed: fewer in an import\n",
		  STEER_EREFUSED },
		{ nets, "r DYNA geoip!r\n", "10.7.250.0/24 m/a\n", STEER_OK },
		{ items, "r DYNA weighted!r\n", "more than 64 items; allowed: fewer\n", STEER_EREFUSED },
		{ groups, "r DYNA weighted!r\n", "i0-65: not a hash, or more than 64", STEER_EREFUSED },
		{ inner, "r DYNA weighted!r\n", "allowed: 1 to 64\n", STEER_EREFUSED },
		{ most, "r DYNA weighted!r\n", "r.a.test. 86400 A 192.0.2.1\n", STEER_OK },
		{ most_groups, "r DYNA weighted!r\n", "r.a.test. 86400 A 192.0.2.1\n", STEER_OK },
		{ most_inner, "r DYNA weighted!r\n", "evaluate\n", STEER_OK },
		{ lists, "r DYNA geoip!r\n", "those of its dcmap\n", STEER_EREFUSED },
		{ too_many, "r DYNA geoip!r\n", "m: more than 1000 different lists of datacenters; "
		  "allowed: fewer\n", STEER_EREFUSED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *told = tell(cases[i].config, "a.test", cases[i].zone, &ret);
		const size_t len = strlen(told), end = strlen(cases[i].want);
		char *last = cases[i].ret == STEER_OK ? NULL : strstr(told, cases[i].want);
		if (last == NULL) {
			assert_true(len >= end);
			assert_string_equal(told + len - end, cases[i].want);
		}
		assert_int_equal(ret, cases[i].ret);
		free(told);
	}
	free(sets);
	free(more);
	free(down);
	free(nets);
	free(items);
	free(groups);
	free(inner);
	free(most);
	free(most_groups);
	free(most_inner);
	free(lists);
	free(too_many);
	free(zone);
	free(over);
}

/*! Errors are told up to a number, and then no more is read. */
static void errors_are_counted(void **state)
{
	(void)state;
	int ret;
	char *zone = lines("", "r%u-%u DYNA multifo!r\n", 1000, "");
	char *told = tell("", "a.test", zone, &ret);
	unsigned count = 0;
	for (const char *at = told; (at = strstr(at, " !")) != NULL; at++) {
		count++;
	}
	assert_int_equal(count, STEER_ERRORS_MAX);
	assert_int_equal(ret, STEER_EREFUSED);
	free(told);
	free(zone);
}

/* Folders. */

static void put(const char *folder, const char *name, const char *text)
{
	FILE *file = fopen(path_in(folder, name), "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static char *tell_folder(const char *path, int *ret)
{
	steer_fault_t fault = { 0 };
	steer_gdnsd_t *files = steer_gdnsd_new(false);
	story_t story = { .files = true };
	story_begin(&story);
	*ret = steer_gdnsd_open(files, path, &fault);
	if (*ret == STEER_OK) {
		*ret = steer_gdnsd_read(files, &story.reading, &fault);
	} else {
		fputs(fault.text, story.out);
	}
	steer_gdnsd_free(files);
	return story_end(&story);
}

static void folders_are_read(void **state)
{
	(void)state;
	static const char want[] =
		"a.test =1:1 a.test.\n"
		"a.test 1:1 a.test. 60 A 192.0.2.1\n"
		"part 2:1 x.p.a.test. 60 A 192.0.2.3\n"
		"part 4:1 w.y.p.a.test. 60 A 192.0.2.5\n"
		"a.test ~3:1 r.a.test. A cidr, shuffle, up, tier\n"
		"config +2:1 r.a.test. A 'default a' tier=0 cidr=default\n"
		"config   2:1 r.a.test. 60 A 192.0.2.1\n"
		"config +2:1 r.a.test. A 'default b' tier=1 cidr=default\n"
		"config   2:1 r.a.test. 60 A 192.0.2.2\n"
		"mynets +1:1 r.a.test. A 'net b b' tier=0 cidr=m/b\n"
		"mynets   1:1 r.a.test. 60 A 192.0.2.2\n"
		"b.test =1:1 b.test.\n"
		"b.test 1:1 b.test. 60 A 192.0.2.4\n"
		"mynets #1:1 10.0.0.0/8 m/b\n";
	int ret;
	char *folder = temp_new(), *told;
	static const char *const folders[] = { "zones", "zones/parts", "geoip" };
	for (size_t i = 0; i < COUNT(folders); i++) {
		assert_int_equal(mkdir(path_in(folder, folders[i]), 0700), 0);
	}
	told = tell_folder(folder, &ret); // Without a configuration and without zones.
	assert_string_equal(told, "");
	assert_int_equal(ret, STEER_OK);
	free(told);
	put(folder, "config", "plugins={geoip={maps={\nm={datacenters=[a b] nets=mynets}} "
	    "resources={r={map=m dcmap={a=192.0.2.1 b=192.0.2.2}}}}}\n");
	put(folder, "geoip/mynets", "10.0.0.0/8 = b\n");
	put(folder, "zones/a.test", "@ 60 A 192.0.2.1\n$INCLUDE parts/part p\nr 60 DYNA geoip!r\n");
	put(folder, "zones/parts/part", "$ORIGIN q\nx.@F 60 A 192.0.2.3\n$ORIGIN y.@F\nw 60 A 192.0.2.5\n");
	put(folder, "zones/b.test", "@ 60 A 192.0.2.4\n");
	put(folder, "zones/.hidden", "x");
	const char *const paths[] = { folder, path_in(folder, ""), path_in(folder, "config") };
	for (size_t i = 0; i < COUNT(paths); i++) {
		told = tell_folder(paths[i], &ret);
		assert_string_equal(told, want);
		assert_int_equal(ret, STEER_OK);
		free(told);
	}
	told = tell_folder(path_in(folder, "none"), &ret);
	assert_non_null(strstr(told, "none: No such file or directory"));
	assert_int_equal(ret, STEER_ENOENT);
	free(told);
	told = tell_folder(path_in(folder, "zones"), &ret);
	assert_non_null(strstr(told, "zones/zones: No such file or directory; allowed: FILE is "));
	assert_int_equal(ret, STEER_ENOENT);
	free(told);
	temp_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zone_files_are_read),
		cmocka_unit_test(groups_of_addresses),
		cmocka_unit_test(groups_by_weight),
		cmocka_unit_test(datacenters_in_order),
		cmocka_unit_test(datacenters_by_client),
		cmocka_unit_test(service_types_become_checks),
		cmocka_unit_test(options_and_the_rest),
		cmocka_unit_test(mistakes_are_errors),
		cmocka_unit_test(zones_are_named_by_their_files),
		cmocka_unit_test(names_have_bounds),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(errors_are_counted),
		cmocka_unit_test(folders_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
