/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What LUA records of PowerDNS become: policies and health checks, or nothing, and why.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/lua/lua.h"
#include "unit/story.h"
#include "unit/test.h"

static int take_lua(void *ctx, const steer_lua_line_t *line, steer_report_t *report)
{
	return steer_lua_take(ctx, line, report);
}

/*! All of 192.0.2.0/24 is where its last byte says. */
static bool locate(void *ctx, const steer_network_t *host, steer_coordinates_t *point)
{
	(void)ctx;
	*point = (steer_coordinates_t) { 100 * host->address[3], 0 };
	return host->address[0] == 192;
}

static int end_zone(void *ctx, steer_report_t *report)
{
	(void)ctx;
	(void)report;
	return STEER_OK;
}

/*! Reads a zone file of a.test. \return What it says. */
static char *tell(const char *text, size_t len, int *ret)
{
	story_t story = { 0 };
	story_begin(&story);
	steer_lua_t *lua = steer_lua_new(&story.reading, locate, NULL);
	const steer_dialects_t dialects = { .lua = take_lua, .end = end_zone, .ctx = lua };
	*ret = story_zonefile(&story, &dialects, text, len);
	steer_lua_free(lua);
	return story_end(&story);
}

/* In the code, ' is a quote of Lua. */
#define A(code)     "w 60 IN LUA A \"" code "\"\n"
#define CNAME(code) "w 60 LUA CNAME \"" code "\"\n"
#define ONE         "'192.0.2.1'"
#define TWO         "'192.0.2.2'"
/*! Labels before a.test with which the name has 255 bytes. */
#define LABEL_54    "123456789012345678901234567890123456789012345678901234"
#define LABEL_63    LABEL_54 "123456789"
#define LONGEST     LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_54
#define BOTH        "{" ONE "," TWO "}"

static void a_choice_becomes_a_policy(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "a text", A(ONE), "1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "a list", A(BOTH), "1:1 w.a.test. 60 A 192.0.2.1\n"
		  "1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "all", A("all(" BOTH ")"), "1:1 w.a.test. 60 A 192.0.2.1\n"
		  "1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "pickrandom, with a value twice", A("pickrandom({" ONE "," TWO "," ONE "})"),
		  "~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A '192.0.2.1 #2'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "pickrandom of one", A("pickrandom{" ONE "}"), "1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "pickrandomsample", A("pickrandomsample(2, " BOTH ")"),
		  "~1:1 w.a.test. A up, shuffle, take 2\n"
		  "+1:1 w.a.test. A '192.0.2.1'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "pickwrandom", A("pickwrandom({{10," ONE "}, {'30', " TWO "},})"),
		  "~1:1 w.a.test. A weighted\n"
		  "+1:1 w.a.test. A '192.0.2.1' weight=10\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' weight=30\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "pickhashed", A("pickhashed(" BOTH ")"),
		  "~1:1 w.a.test. A up, weighted sticky=client, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "pickwhashed", A("pickwhashed({{15," ONE "},{0," TWO "}})"),
		  "~1:1 w.a.test. A up, weighted sticky=client, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' weight=15\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' weight=0\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "pickchashed", A("pickchashed({{15," ONE "},{100," TWO "}})"),
		  "~1:1 w.a.test. A up, weighted sticky=client, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' weight=15\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' weight=100\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "names are absolute", CNAME("pickrandom({'b.test', 'C.test.'})"),
		  "~1:1 w.a.test. CNAME up, shuffle, take 1\n"
		  "+1:1 w.a.test. CNAME 'b.test'\n"
		  "  1:1 w.a.test. 60 CNAME b.test.\n"
		  "+1:1 w.a.test. CNAME 'C.test.'\n"
		  "  1:1 w.a.test. 60 CNAME c.test.\n" },
		{ "TXT", "w 60 LUA TXT \"pickrandom({'a b', 'c;\\\\032', ''})\"\n",
		  "~1:1 w.a.test. TXT up, shuffle, take 1\n"
		  "+1:1 w.a.test. TXT 'a b'\n"
		  "  1:1 w.a.test. 60 TXT \"a b\"\n"
		  "+1:1 w.a.test. TXT 'c; '\n"
		  "  1:1 w.a.test. 60 TXT \"c; \"\n"
		  "+1:1 w.a.test. TXT '3'\n"
		  "  1:1 w.a.test. 60 TXT \"\"\n" },
		{ "pickclosest", A("pickclosest(" BOTH ")"),
		  "~1:1 w.a.test. A up, nearest, within 0%, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' coordinates=1,0\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' coordinates=2,0\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "a condition that is none", A(";return pickrandom(" BOTH ");"),
		  "~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
}

static void what_is_up_becomes_health_checks(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "ifportup", A("ifportup(443, " BOTH ")"),
		  "?1:1 tcp:192.0.2.1:443 tcp address=192.0.2.1 port=443 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:443 tcp address=192.0.2.2 port=443 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=tcp:192.0.2.1:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=tcp:192.0.2.2:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "lists", A("ifportup('443', {{" ONE "," TWO "},{'192.0.2.3'}})"),
		  "?1:1 tcp:192.0.2.1:443 tcp address=192.0.2.1 port=443 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:443 tcp address=192.0.2.2 port=443 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.3:443 tcp address=192.0.2.3 port=443 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A failover\n"
		  "+1:1 w.a.test. A '192.0.2.1' tier=0 health=tcp:192.0.2.1:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' tier=0 health=tcp:192.0.2.2:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A '192.0.2.3' tier=1 health=tcp:192.0.2.3:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "options", A("ifportup(443, " BOTH ", {selector='hashed', backupSelector='empty', "
		  "timeout=3, interval='10', minimumFailures=2})"),
		  "?1:1 tcp:192.0.2.1:443 tcp address=192.0.2.1 port=443 interval=10s timeout=3s rise=1 "
		  "fall=2\n"
		  "?1:1 tcp:192.0.2.2:443 tcp address=192.0.2.2 port=443 interval=10s timeout=3s rise=1 "
		  "fall=2\n"
		  "~1:1 w.a.test. A up all-down=none, weighted sticky=client, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=tcp:192.0.2.1:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=tcp:192.0.2.2:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "a timeout longer than the interval", A("ifportup(443, " BOTH ", {timeout=7})"),
		  "?1:1 tcp:192.0.2.1:443 tcp address=192.0.2.1 port=443 interval=7s timeout=7s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:443 tcp address=192.0.2.2 port=443 interval=7s timeout=7s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=tcp:192.0.2.1:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=tcp:192.0.2.2:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "all, and what is lost", A("ifportup(443, " BOTH ", {selector='all', "
		  "backupSelector='random', failOnIncompleteCheck='true'})"),
		  "%1:1 LUA A: backupSelector='random' is not kept: if all are down, they answer as if all "
		  "were up\n"
		  "?1:1 tcp:192.0.2.1:443 tcp address=192.0.2.1 port=443 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:443 tcp address=192.0.2.2 port=443 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A up\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=tcp:192.0.2.1:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=tcp:192.0.2.2:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "the address that probes", A("ifportup(443, " BOTH ", {source='192.0.2.9'})"),
		  "%1:1 LUA A: source='192.0.2.9' is not kept: the system chooses the address that probes\n"
		  "?1:1 tcp:192.0.2.1:443 tcp address=192.0.2.1 port=443 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:443 tcp address=192.0.2.2 port=443 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=tcp:192.0.2.1:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=tcp:192.0.2.2:443\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "ifurlup", A("ifurlup('https://www.lua.org/', {{" ONE "," TWO "},{'198.51.100.1'}}, "
		  "{stringmatch='Programming in Lua', useragent='x', httpcode='204', byteslimit=9})"),
		  "?1:1 https://www.lua.org/@192.0.2.1 https host=www.lua.org address=192.0.2.1 "
		  "headers=User-Agent: x codes=204 search=Programming in Lua redirects=follow "
		  "interval=5s timeout=2s rise=1 fall=1\n"
		  "?1:1 https://www.lua.org/@192.0.2.2 https host=www.lua.org address=192.0.2.2 "
		  "headers=User-Agent: x codes=204 search=Programming in Lua redirects=follow "
		  "interval=5s timeout=2s rise=1 fall=1\n"
		  "?1:1 https://www.lua.org/@198.51.100.1 https host=www.lua.org address=198.51.100.1 "
		  "headers=User-Agent: x codes=204 search=Programming in Lua redirects=follow "
		  "interval=5s timeout=2s rise=1 fall=1\n"
		  "~1:1 w.a.test. A failover\n"
		  "+1:1 w.a.test. A '192.0.2.1' tier=0 health=https://www.lua.org/@192.0.2.1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' tier=0 health=https://www.lua.org/@192.0.2.2\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A '198.51.100.1' tier=1 health=https://www.lua.org/@198.51.100.1\n"
		  "  1:1 w.a.test. 60 A 198.51.100.1\n" },
		{ "ports, queries, addresses", A("ifurlup('http://[2001:db8::1]:8080/a?b=c', " BOTH ")"),
		  "?1:1 http://_2001:db8::1_:8080/a_b_c@192.0.2.1 http address=192.0.2.1 port=8080 "
		  "path=/a?b=c codes=200 redirects=follow interval=5s timeout=2s rise=1 fall=1\n"
		  "?1:1 http://_2001:db8::1_:8080/a_b_c@192.0.2.2 http address=192.0.2.2 port=8080 "
		  "path=/a?b=c codes=200 redirects=follow interval=5s timeout=2s rise=1 fall=1\n"
		  "~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=http://_2001:db8::1_:8080/a_b_c@192.0.2.1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=http://_2001:db8::1_:8080/a_b_c@192.0.2.2\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "ifurlextup", A("ifurlextup({{[" ONE "]='https://b.test/',[" TWO "]='http://192.0.2.7'},"
		  "{['192.0.2.3']='https://b.test/'}})"),
		  "?1:1 https://b.test/ https host=b.test codes=200 redirects=follow interval=5s "
		  "timeout=2s rise=1 fall=1\n"
		  "?1:1 http://192.0.2.7 http address=192.0.2.7 codes=200 redirects=follow interval=5s "
		  "timeout=2s rise=1 fall=1\n"
		  "~1:1 w.a.test. A failover\n"
		  "+1:1 w.a.test. A '192.0.2.1' tier=0 health=https://b.test/\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' tier=0 health=http://192.0.2.7\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A '192.0.2.3' tier=1 health=https://b.test/\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "the same checks", A("ifportup(1, " BOTH ")") "x 60 LUA A \"ifportup(1, " BOTH ")\"\n"
		  "y 60 LUA A \"ifportup(1, {" ONE "}, {timeout=1})\"\n",
		  "?1:1 tcp:192.0.2.1:1 tcp address=192.0.2.1 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:1 tcp address=192.0.2.2 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=tcp:192.0.2.1:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=tcp:192.0.2.2:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "~2:1 x.a.test. A up, shuffle, take 1\n"
		  "+2:1 x.a.test. A '192.0.2.1' health=tcp:192.0.2.1:1\n"
		  "  2:1 x.a.test. 60 A 192.0.2.1\n"
		  "+2:1 x.a.test. A '192.0.2.2' health=tcp:192.0.2.2:1\n"
		  "  2:1 x.a.test. 60 A 192.0.2.2\n"
		  "?3:1 tcp:192.0.2.1:1-2 tcp address=192.0.2.1 port=1 interval=5s timeout=1s rise=1 "
		  "fall=1\n"
		  "~3:1 y.a.test. A up, shuffle, take 1\n"
		  "+3:1 y.a.test. A '192.0.2.1' health=tcp:192.0.2.1:1-2\n"
		  "  3:1 y.a.test. 60 A 192.0.2.1\n" },
		{ "the closest that is up", A("ifportup(1, " BOTH ", {selector='pickclosest'})"),
		  "%1:1 LUA A: backupSelector='random' is not kept: if all are down, they answer as if "
		  "all were up\n"
		  "?1:1 tcp:192.0.2.1:1 tcp address=192.0.2.1 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:1 tcp address=192.0.2.2 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A up, nearest, within 0%, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' coordinates=1,0 health=tcp:192.0.2.1:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' coordinates=2,0 health=tcp:192.0.2.2:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "an interval that is less than the timeout", A("ifportup(1, {" ONE "}, {interval=1})"),
		  "?1:1 tcp:192.0.2.1:1 tcp address=192.0.2.1 port=1 interval=2s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=tcp:192.0.2.1:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "AAAA", "w 60 LUA AAAA \"ifportup(1, {'2001:db8::1'})\"\n",
		  "?1:1 tcp:2001:db8::1:1 tcp address=2001:db8::1 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. AAAA up, shuffle, take 1\n"
		  "+1:1 w.a.test. AAAA '2001:db8::1' health=tcp:2001:db8::1:1\n"
		  "  1:1 w.a.test. 60 AAAA 2001:db8::1\n" },
		{ "three things beside a weight",
		  A("pickwrandom({{15,'192.0.2.1',3}, {1,'192.0.2.2'}})"),
		  "%1:1 LUA A: an argument of pickwrandom that is not known: it is read with a list suc"
		  "h as {{15, 'a'}, {100, 'b'}}; the record is left out, so what PowerDNS answers is mi"
		  "ssing\n" },
		{ "an option that is a truth",
		  A("ifportup(80, {'192.0.2.1','192.0.2.2'}, {failOnIncompleteCheck=true})"),
		  "?1:1 tcp:192.0.2.1:80 tcp address=192.0.2.1 port=80 interval=5s timeout=2s rise=1 fa"
		  "ll=1\n"
		  "?1:1 tcp:192.0.2.2:80 tcp address=192.0.2.2 port=80 interval=5s timeout=2s rise=1 fa"
		  "ll=1\n~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=tcp:192.0.2.1:80\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=tcp:192.0.2.2:80\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "one list of addresses",
		  A("ifportup(80, {{'192.0.2.1','192.0.2.2'}})"),
		  "?1:1 tcp:192.0.2.1:80 tcp address=192.0.2.1 port=80 interval=5s timeout=2s rise=1 fa"
		  "ll=1\n"
		  "?1:1 tcp:192.0.2.2:80 tcp address=192.0.2.2 port=80 interval=5s timeout=2s rise=1 fa"
		  "ll=1\n~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=tcp:192.0.2.1:80\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=tcp:192.0.2.2:80\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "one list of addresses and URLs",
		  A("ifurlextup({{['192.0.2.1']='http://a/', ['192.0.2.2']='http://b/'}})"),
		  "?1:1 http://a/ http host=a codes=200 redirects=follow interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 http://b/ http host=b codes=200 redirects=follow interval=5s timeout=2s rise=1 "
		  "fall=1\n~1:1 w.a.test. A up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '192.0.2.1' health=http://a/\n  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '192.0.2.2' health=http://b/\n  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "an argument after the options",
		  A("ifportup(80, {'192.0.2.1'}, {timeout='2'}, 3)"),
		  "%1:1 LUA A: an argument of ifportup that is not known: it is read with a port, addre"
		  "sses, and maybe options; the record is left out, so what PowerDNS answers is missing"
		  "\n" },
		{ "one weighted value of a branch",
		  A(";if country('US') then return pickwrandom({{5,'192.0.2.1'}, {7,'192.0.2.2'}}) else r"
		  "eturn pickwrandom({{9,'192.0.2.3'}}) end"),
		  "~1:1 w.a.test. A geo, up, weighted, take 1\n"
		  "+1:1 w.a.test. A 'US 192.0.2.1' weight=5 geo=country:US\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'US 192.0.2.2' weight=7 geo=country:US\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'default 192.0.2.3' weight=1 geo=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "lists in the first branch, and other ports",
		  A(";if country('US') then return ifportup(80, {{'192.0.2.1'}, {'192.0.2.2'}}) else retu"
		  "rn ifportup(81, {'192.0.2.3'}) end"),
		  "?1:1 tcp:192.0.2.1:80 tcp address=192.0.2.1 port=80 interval=5s timeout=2s rise=1 fa"
		  "ll=1\n"
		  "?1:1 tcp:192.0.2.2:80 tcp address=192.0.2.2 port=80 interval=5s timeout=2s rise=1 fa"
		  "ll=1\n"
		  "?1:1 tcp:192.0.2.3:81 tcp address=192.0.2.3 port=81 interval=5s timeout=2s rise=1 fa"
		  "ll=1\n~1:1 w.a.test. A geo, shuffle, up, tier, take 1\n"
		  "+1:1 w.a.test. A 'US 192.0.2.1' tier=0 geo=country:US health=tcp:192.0.2.1:80\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'US 192.0.2.2' tier=1 geo=country:US health=tcp:192.0.2.2:80\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'default 192.0.2.3' tier=0 geo=default health=tcp:192.0.2.3:81\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
}

static void conditions_become_places_networks_and_systems(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "continent, as in the manual", CNAME(";if(continent('EU')) then return 'west.b.test' \" "
		  "\"else return 'usa.b.test' end"), "~1:1 w.a.test. CNAME geolocation\n"
		  "+1:1 w.a.test. CNAME 'EU' geo=continent:EU\n"
		  "  1:1 w.a.test. 60 CNAME west.b.test.\n"
		  "+1:1 w.a.test. CNAME 'default' geo=default\n"
		  "  1:1 w.a.test. 60 CNAME usa.b.test.\n" },
		{ "countries, and lists", A(";if country({'US','ca'}) then return " BOTH
		  " else return {'192.0.2.3'} end"), "~1:1 w.a.test. A geolocation\n"
		  "+1:1 w.a.test. A 'US' geo=country:US\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'CA' geo=country:CA\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'default' geo=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "codes", A(";if countryCode() == 'US' or 'EU' == continentCode() then return " ONE
		  " end return " TWO), "~1:1 w.a.test. A geolocation\n"
		  "+1:1 w.a.test. A 'US' geo=country:US\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'EU' geo=continent:EU\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'default' geo=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "regions of a country", A(";if country('US') and region({'NY','CA'}) then return " ONE
		  " elseif (country('US') or (continent('EU'))) then return " TWO
		  " else return '192.0.2.3' end"), "~1:1 w.a.test. A geolocation\n"
		  "+1:1 w.a.test. A 'US/NY' geo=country:US/NY\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'US/CA' geo=country:US/CA\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'US' geo=country:US\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'EU' geo=continent:EU\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'default' geo=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "the first condition that holds", A(";if continent('EU') then return " ONE
		  " elseif country({'DE','US'}) then return " TWO " else return '192.0.2.3' end"),
		  "~1:1 w.a.test. A geolocation\n"
		  "+1:1 w.a.test. A 'EU' geo=continent:EU\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'US' geo=country:US\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'default' geo=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "no other clients", A(";if continent('EU') then return " ONE " end"),
		  "%1:1 LUA A: no value for other clients, who get NODATA\n"
		  "~1:1 w.a.test. A geolocation\n"
		  "+1:1 w.a.test. A 'EU' geo=continent:EU\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "choices in places", A(";if continent('EU') then return pickrandom(" BOTH
		  ") else return '192.0.2.3' end"), "~1:1 w.a.test. A geo, up, shuffle, take 1\n"
		  "+1:1 w.a.test. A 'EU 192.0.2.1' geo=continent:EU\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'EU 192.0.2.2' geo=continent:EU\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'default 192.0.2.3' geo=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "health in places", A(";if continent('EU') then return ifportup(1," BOTH
		  ") else return ifportup(1,{{'192.0.2.3'},{" ONE "}}) end"),
		  "?1:1 tcp:192.0.2.1:1 tcp address=192.0.2.1 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:1 tcp address=192.0.2.2 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.3:1 tcp address=192.0.2.3 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A geo, shuffle, up, tier, take 1\n"
		  "+1:1 w.a.test. A 'EU 192.0.2.1' tier=0 geo=continent:EU health=tcp:192.0.2.1:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'EU 192.0.2.2' tier=0 geo=continent:EU health=tcp:192.0.2.2:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'default 192.0.2.3' tier=0 geo=default health=tcp:192.0.2.3:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n"
		  "+1:1 w.a.test. A 'default 192.0.2.1' tier=1 geo=default health=tcp:192.0.2.1:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "all that is up in places", A(";if continent('EU') then return ifportup(1," BOTH
		  ",{selector='all'}) end return '192.0.2.3'"),
		  "%1:1 LUA A: backupSelector='random' is not kept: if all are down, they answer as if "
		  "all were up\n"
		  "?1:1 tcp:192.0.2.1:1 tcp address=192.0.2.1 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:1 tcp address=192.0.2.2 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A geo, shuffle, up\n"
		  "+1:1 w.a.test. A 'EU 192.0.2.1' geo=continent:EU health=tcp:192.0.2.1:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'EU 192.0.2.2' geo=continent:EU health=tcp:192.0.2.2:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'default 192.0.2.3' geo=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "the closest in places", A(";if continent('EU') then return ifportup(1," BOTH
		  ",{selector='pickclosest'}) else return '192.0.2.3' end"),
		  "%1:1 LUA A: backupSelector='random' is not kept: if all are down, they answer as if "
		  "all were up\n"
		  "?1:1 tcp:192.0.2.1:1 tcp address=192.0.2.1 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "?1:1 tcp:192.0.2.2:1 tcp address=192.0.2.2 port=1 interval=5s timeout=2s rise=1 "
		  "fall=1\n"
		  "~1:1 w.a.test. A geo, shuffle, up, nearest, within 0%, shuffle, take 1\n"
		  "+1:1 w.a.test. A 'EU 192.0.2.1' coordinates=1,0 geo=continent:EU "
		  "health=tcp:192.0.2.1:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'EU 192.0.2.2' coordinates=2,0 geo=continent:EU "
		  "health=tcp:192.0.2.2:1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'default 192.0.2.3' coordinates=3,0 geo=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "asnum", A(";if asnum({'64500','64501'}) then return " ONE " else return " TWO " end"),
		  "~1:1 w.a.test. A asn, up, take 1\n"
		  "+1:1 w.a.test. A 'AS64500' asn=64500,64501\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'default' asn=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "view, as in the manual", "w 60 LUA A (\"view({                          \"\n"
		  "\"{ {'192.168.0.0/16'}, {'192.168.1.54'}},\"\n"
		  "\"{ {'0.0.0.0/0'}, {'192.0.2.1'}}         \" \n\" }) \" )\n",
		  "#1:1 192.168.0.0/16 w_a_test_A/1\n"
		  "~1:1 w.a.test. A ip\n"
		  "+1:1 w.a.test. A '1' cidr=w_a_test_A/1\n"
		  "  1:1 w.a.test. 60 A 192.168.1.54\n"
		  "+1:1 w.a.test. A 'default' cidr=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "the first network", A("view({{{'192.0.2.0/24','2001:db8::/32'},{" ONE "}},"
		  "{{'192.0.2.7','10.1.2.3/8'}," BOTH "}})"),
		  "%1:1 LUA A: no value for other clients, who get NODATA\n"
		  "#1:1 192.0.2.0/24 w_a_test_A/1\n"
		  "#1:1 2001:db8::/32 w_a_test_A/1\n"
		  "#1:1 10.0.0.0/8 w_a_test_A/2\n"
		  "~1:1 w.a.test. A cidr, up, shuffle, take 1\n"
		  "+1:1 w.a.test. A '1 192.0.2.1' cidr=w_a_test_A/1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '2 192.0.2.1' cidr=w_a_test_A/2\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '2 192.0.2.2' cidr=w_a_test_A/2\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "netmask", A(";if netmask({'192.0.2.0/24'}) then return " ONE " else return " TWO
		  " end"), "#1:1 192.0.2.0/24 w_a_test_A/1\n"
		  "~1:1 w.a.test. A ip\n"
		  "+1:1 w.a.test. A '1' cidr=w_a_test_A/1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A 'default' cidr=default\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
}

static void what_is_not_known_is_left_out_and_told(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "no function like it", A("createForward()"),
		  "%1:1 LUA A: the function createForward has no policy that is like it; the record is "
		  "left out, so what PowerDNS answers is missing\n" },
		{ "pickclosest, of a place that is not known", A("pickclosest({" ONE ",'198.51.100.1'})"),
		  "%1:1 LUA A: the place of '198.51.100.1' is not known, which pickclosest needs; "
		  "steerctl map import --type geo can tell it; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "pickclosest of a name", CNAME("pickclosest({'b.test','c.test'})"),
		  "%1:1 LUA CNAME: the place of 'b.test' is not known, which pickclosest needs; steerctl "
		  "map import --type geo can tell it; the record is left out, so what PowerDNS answers "
		  "is missing\n" },
		{ "an unknown selector", A("ifportup(1, " BOTH ", {selector='x'})"),
		  "%1:1 LUA A: the selector 'x', which is not known; the record is left out, so what "
		  "PowerDNS answers is missing\n" },
		{ "an unknown option", A("ifportup(1, " BOTH ", {x='y'})"),
		  "%1:1 LUA A: the option x of ifportup, which is not known; the record is left out, so "
		  "what PowerDNS answers is missing\n" },
		{ "options that are none", A("ifportup(1, " BOTH ", 5)"),
		  "%1:1 LUA A: an argument of ifportup that is not known: it is read with options such "
		  "as {timeout='3'}; the record is left out, so what PowerDNS answers is missing\n" },
		{ "a variable", A("pickrandom(ips)"),
		  "%1:1 LUA A: an argument of pickrandom that is not known: it is read with a list of "
		  "texts; the record is left out, so what PowerDNS answers is missing\n" },
		{ "no arguments", A("pickrandom()"),
		  "%1:1 LUA A: an argument of pickrandom that is not known: it is read with a list of "
		  "texts; the record is left out, so what PowerDNS answers is missing\n" },
		{ "two arguments", A("pickrandom(" BOTH "," BOTH ")"),
		  "%1:1 LUA A: an argument of pickrandom that is not known: it is read with a list of "
		  "texts; the record is left out, so what PowerDNS answers is missing\n" },
		{ "an empty list", A("{}"),
		  "%1:1 LUA A: an empty list; the record is left out, so what PowerDNS answers is "
		  "missing\n" },
		{ "a list of lists", A("{{" ONE "}}"),
		  "%1:1 LUA A: a list of other things than texts; the record is left out, so what "
		  "PowerDNS answers is missing\n" },
		{ "weights without values", A("pickwrandom({1,2})"),
		  "%1:1 LUA A: an argument of pickwrandom that is not known: it is read with a list such "
		  "as {{15, 'a'}, {100, 'b'}}; the record is left out, so what PowerDNS answers is "
		  "missing\n" },
		{ "weights of 0", A("pickwrandom({{0," ONE "}})"),
		  "%1:1 LUA A: pickwrandom with weights whose sum is 0; the record is left out, so what "
		  "PowerDNS answers is missing\n" },
		{ "a sample of none", A("pickrandomsample(0, " BOTH ")"),
		  "%1:1 LUA A: an argument of pickrandomsample that is not known: it is read with a "
		  "number from 1 to 1000 and a list of texts; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "a port that is none", A("ifportup(0, " BOTH ")"),
		  "%1:1 LUA A: a check of ifportup that cannot be: port: not '0'; allowed: 1 to 65535; "
		  "the record is left out, so what PowerDNS answers is missing\n" },
		{ "a URL that is none", A("ifurlup('ftp://a/', " BOTH ")"),
		  "%1:1 LUA A: a check of ifurlup that cannot be: 'ftp://a/' is not a URL of http or "
		  "https that can be probed; the record is left out, so what PowerDNS answers is "
		  "missing\n" },
		{ "a URL with a user", A("ifurlup('http://a@b/', " BOTH ")"),
		  "%1:1 LUA A: a check of ifurlup that cannot be: 'http://a@b/' is not a URL of http or "
		  "https that can be probed; the record is left out, so what PowerDNS answers is "
		  "missing\n" },
		{ "an address that is none", A("ifportup(1, {'b.test'})"),
		  "%1:1 LUA A: a check of ifportup that cannot be: address: not 'b.test'; allowed: the "
		  "IPv4 or IPv6 address of a host; the record is left out, so what PowerDNS answers is "
		  "missing\n" },
		{ "a value of another type", "w 60 LUA AAAA \"pickrandom(" BOTH ")\"\n",
		  "%1:1 LUA AAAA: a value that is none of the type: invalid IPv6 address, near "
		  "'192.0.2.1'; allowed: an address such as 2001:db8::1; the record is left out, so what "
		  "PowerDNS answers is missing\n" },
		{ "two names at once", CNAME("{'b.test','c.test'}"),
		  "%1:1 LUA CNAME: several values at once, of which a name has one; the record is left "
		  "out, so what PowerDNS answers is missing\n" },
		{ "a region alone", A(";if region('NY') then return " ONE " end"),
		  "%1:1 LUA A: region without country: it would be that region of any country; the "
		  "record is left out, so what PowerDNS answers is missing\n" },
		{ "places and networks", A(";if country('US') then return " ONE
		  " elseif netmask({'192.0.2.0/24'}) then return " TWO " end"),
		  "%1:1 LUA A: conditions of different kinds: a policy looks at places, at networks or "
		  "at autonomous systems; the record is left out, so what PowerDNS answers is missing\n" },
		{ "a country that is none", A(";if country('USA') then return " ONE " end"),
		  "%1:1 LUA A: 'USA', which is no country; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "a network that is none", A("view({{{'x'},{" ONE "}}})"),
		  "%1:1 LUA A: 'x', which is no network; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "a comment in brackets", A(";--[[\\010return " ONE "\\010--]] return " TWO),
		  "%1:1 LUA A: neither a condition nor a value that is returned, near '-'; the "
		  "record is left out, so what PowerDNS answers is missing\n" },
		{ "a variable as an option", A("ifportup(1, {" ONE "}, {timeout=t})"),
		  "%1:1 LUA A: an argument of ifportup that is not known: it is read with options "
		  "such as {timeout='3'}; the record is left out, so what PowerDNS answers is "
		  "missing\n" },
		{ "a list without URLs", A("ifurlextup({{['192.0.2.1']='http://a/'}, {}})"),
		  "%1:1 LUA A: an argument of ifurlextup that is not known: it is read with up to "
		  "256 lists of addresses and URLs; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "no countries", A(";if country({}) then return " ONE " else return " TWO " end"),
		  "%1:1 LUA A: a condition that no client meets; the record is left out, so what "
		  "PowerDNS answers is missing\n" },
		{ "no networks", A("view({{{}," BOTH "}})"),
		  "%1:1 LUA A: no client that gets a value; the record is left out, so what "
		  "PowerDNS answers is missing\n" },
		{ "both families apart", A("view({{{'0.0.0.0/0'},{" ONE "}},{{'::/0'},{" TWO "}}})"),
		  "%1:1 LUA A: all networks of IPv4 and all of IPv6 in branches of their own; the record "
		  "is left out, so what PowerDNS answers is missing\n" },
		{ "ways that differ", A(";if country('US') then return pickrandom(" BOTH
		  ") else return pickhashed(" BOTH ") end"),
		  "%1:1 LUA A: branches that choose in different ways: a policy has one way for all; the "
		  "record is left out, so what PowerDNS answers is missing\n" },
		{ "another condition", A(";if dh:getRD() then return " ONE " end"),
		  "%1:1 LUA A: no 'then', near ':'; the record is left out, so what PowerDNS answers is "
		  "missing\n" },
		{ "a true condition", A(";if true then return " ONE " end"),
		  "%1:1 LUA A: a condition that is neither continent, country, region, asnum nor "
		  "netmask; the record is left out, so what PowerDNS answers is missing\n" },
		{ "two conditions at once", A(";if continent('EU') and asnum('1') then return " ONE
		  " end"), "%1:1 LUA A: a condition that is neither continent, country, region, asnum nor "
		  "netmask, or several at once other than country and region; the record is left out, so "
		  "what PowerDNS answers is missing\n" },
		{ "statements", A(";local x = 5 return " ONE),
		  "%1:1 LUA A: neither a condition nor a value that is returned, near 'local'; the "
		  "record is left out, so what PowerDNS answers is missing\n" },
		{ "include", A(";include('config') return " ONE),
		  "%1:1 LUA A: neither a condition nor a value that is returned, near 'include'; the "
		  "record is left out, so what PowerDNS answers is missing\n" },
		{ "maps of the same name", "a.b 60 LUA A \"view({{{'192.0.2.0/24'},{" ONE "}}})\"\n"
		  "a_b 60 LUA A \"view({{{'192.0.2.0/24'},{" TWO "}}})\"\n",
		  "%1:1 LUA A: no value for other clients, who get NODATA\n"
		  "#1:1 192.0.2.0/24 a_b_a_test_A/1\n"
		  "~1:1 a.b.a.test. A ip\n"
		  "+1:1 a.b.a.test. A '1' cidr=a_b_a_test_A/1\n"
		  "  1:1 a.b.a.test. 60 A 192.0.2.1\n"
		  "%2:1 LUA A: networks, whose map would have the name of that of line 1; the record is "
		  "left out, so what PowerDNS answers is missing\n" },
		{ "configuration", "w 60 LUA LUA \"x=5\"\n",
		  "%1:1 LUA LUA: code that other records include; the record is left out, so what "
		  "PowerDNS answers is missing\n" },
		{ "no Lua", A("pickrandom({"),
		  "%1:1 LUA A: not a value that is known, at its end; the record is left out, so what "
		  "PowerDNS "
		  "answers is missing\n" },
		{ "a number of another kind", A("pickrandomsample(1.5, " BOTH ")"),
		  "%1:1 LUA A: no ',', near '.'; the record is left out, so what PowerDNS answers is "
		  "missing\n" },
		{ "an operator", A("'a' .. 'b'"),
		  "%1:1 LUA A: more than is known, near '..'; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "an open text", A("'192.0.2.1"),
		  "%1:1 LUA A: a text without its closing quote, near ''192.0.2.1'; the record is left "
		  "out, so what PowerDNS answers is missing\n" },
		{ "others stay", A("x()") "v 60 A 192.0.2.1\n",
		  "%1:1 LUA A: the function x has no policy that is like it; the record is left out, so "
		  "what PowerDNS answers is missing\n"
		  "2:1 v.a.test. 60 A 192.0.2.1\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
}

static void lines_and_data_are_read_alike(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "in any case, over lines, with comments", "w ( 60 ; one\n Lua a ; two\n \"pickrandom\"\n"
		  "\"({'192.0.2.1'})\" ) ; three\n\tLUA TXT 'x'\n", "1:1 w.a.test. 60 A 192.0.2.1\n"
		  "5:2 w.a.test. 3600 TXT \"x\"\n"
		  "%5:2 records without a TTL and without a $TTL before them: 1; they get 3600, in a "
		  "merge what the store has\n" },
		{ "data in the generic form", "w 60 TYPE65402 \\# 14 00010b 273139322e302e322e3127\n",
		  "1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "a $TTL that is missing", "w LUA A " "\"'192.0.2.1'\"\n",
		  "1:1 w.a.test. 3600 A 192.0.2.1\n"
		  "%1:1 records without a TTL and without a $TTL before them: 1; they get 3600, in a "
		  "merge what the store has\n" },
	};
	static const case_t wrong[] = {
		{ "two of a type, at the longest name",
		  LONGEST " 60 LUA A \"'192.0.2.1'\"\n" LONGEST " 60 LUA AAAA \"'2001:db8::1'\"\n"
		  LONGEST " 60 LUA AAAA \"'2001:db8::2'\"\n",
		  "1:1 " LONGEST ".a.test. 60 A 192.0.2.1\n2:1 " LONGEST ".a.test. 60 AAAA 2001:db8::1\n"
		  "!3:1 a second LUA AAAA at this name; allowed: one\n" },
		{ "no type", "w 60 LUA \"x\" \"y\"\n",
		  "!1:1 LUA without a type of records; allowed: LUA, a type such as A, and an expression "
		  "in quotes\n" },
		{ "nothing", "w 60 LUA\n",
		  "!1:6 invalid record data, near 'LUA'; allowed: all data of the type\n" },
		{ "a quote that is not closed", "w 60 LUA A \"x\n",
		  "!1:12 invalid text character, near '\"x'; allowed: printable ASCII, quotes in pairs; "
		  "other bytes as \\DDD\n" },
		{ "a type without records", "w 60 LUA AXFR \"x\"\n",
		  "!1:1 LUA without a type of records; allowed: LUA, a type such as A, and an expression "
		  "in quotes\n" },
		{ "two of a type", A(ONE) "w 60 LUA TXT \"'x'\"\n" A(TWO), "1:1 w.a.test. 60 A 192.0.2.1\n"
		  "2:1 w.a.test. 60 TXT \"x\"\n"
		  "!3:1 a second LUA A at this name; allowed: one\n" },
		{ "data that are cut off", "w 60 TYPE65402 \\# 4 00010561\n",
		  "!1:1 the bytes after \\# do not have the form of LUA\n" },
		{ "data without code", "w 60 TYPE65402 \\# 2 0001\n",
		  "!1:1 the bytes after \\# do not have the form of LUA\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
	check_told(tell, wrong, COUNT(wrong), STEER_EREFUSED);
}

/*! A text with many times a byte in it. */
static char *long_text(const char *before, const char *many, size_t count,
                       const char *after)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs(before, out);
	for (size_t i = 0; i < count; i++) {
		fputs(many, out);
	}
	fputs(after, out);
	fclose(out);
	return text;
}

static void what_is_large_is_left_out(void **state)
{
	(void)state;
	static const struct {
		const char *before, *many, *after;
		size_t count;
		const char *want;
	} cases[] = {
		{ "w 60 LUA A \"'", "x", "'\"\n", 10 << 20,
		  "%1:1 LUA A: 10485762 bytes, more than 65536; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "w 60 LUA A \"", "(", "\"\n", 60000,
		  "%1:1 LUA A: nested too deeply, near '('; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "w 60 LUA A \"", "{", "\"\n", 60000,
		  "%1:1 LUA A: nested too deeply, near '{'; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "w 60 LUA A \"", "x'", "\"\n", 30000,
		  "%1:1 LUA A: more than is known, near 'x'; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "w 60 LUA A \"pickrandom({", "1,", "})\"\n", 30000,
		  "%1:1 LUA A: more values than fit, near '1'; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "w 60 LUA A \"pickrandom({", "'',", "})\"\n", 1001,
		  "%1:1 LUA A: more than 1000 values; the record is left out, so what PowerDNS answers "
		  "is missing\n" },
		{ "w 60 LUA A \";if country('US')", " or country('US')", " then return '' end\"\n", 3000,
		  "%1:1 LUA A: a value that is none of the type: invalid address character; allowed: an "
		  "address such as 192.0.2.1, of AAAA such as 2001:db8::1; the record is left out, so "
		  "what PowerDNS answers is missing\n" },
		{ "w 60 LUA A \";if country({", "'US',", "}) and region('NY') then return '' end\"\n", 1001,
		  "%1:1 LUA A: more than 1000 places, networks or systems; the record is left out, so "
		  "what PowerDNS answers is missing\n" },
		{ "w 60 LUA A \";if country({", "'US',", "}) and region('NY') then return '' end\"\n", 1000,
		  "%1:1 LUA A: a value that is none of the type: invalid address character; allowed: an "
		  "address such as 192.0.2.1, of AAAA such as 2001:db8::1; the record is left out, so "
		  "what PowerDNS answers is missing\n" },
		{ "w 60 LUA A \"pickrandomsample(", "9", ",{'192.0.2.1','192.0.2.2'})\"\n", 1000,
		  "%1:1 LUA A: an argument of pickrandomsample that is not known: it is read with a "
		  "number from 1 to 1000 and a list of texts; the record is left out, so what PowerDNS "
		  "answers is missing\n" },
		{ "w 60 LUA A \"ifurlup('http://a/',{'192.0.2.1'},{useragent='", "x", "'})\"\n", 2000,
		  "%1:1 LUA A: a check of ifurlup that cannot be: headers: not 'User-Agent: "
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxx...'; allowed: 'NAME: VALUE', up to 1024 bytes; the "
		  "record is left out, so what PowerDNS answers is missing\n" },
		{ "w 60 LUA A \"ifportup(1,{", "{'192.0.2.1'},", "})\"\n", 257,
		  "%1:1 LUA A: more than 256 lists; the record is left out, so what PowerDNS answers is "
		  "missing\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *text = long_text(cases[i].before, cases[i].many, cases[i].count, cases[i].after);
		char *told = tell(text, strlen(text), &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, STEER_OK);
		free(told);
		free(text);
	}
}

/*! Puts a record with 601 places, of which 600 have the same 999 values. */
static void put_places(FILE *out, const char *type)
{
	fprintf(out, "w 60 LUA %s \";if country('US') and region({", type);
	for (unsigned i = 0; i < 600; i++) {
		fprintf(out, "'%c%c',", 'A' + i / 26, 'A' + i % 26);
	}
	fputs("}) then return {", out);
	for (unsigned i = 0; i < 999; i++) {
		fputs("'x',", out);
	}
	fputs("} else return 'y' end\"\n", out);
}

static void copies_are_bounded(void **state)
{
	(void)state;
	char *text = NULL;
	size_t size;
	int ret;
	FILE *out = open_memstream(&text, &size);
	put_places(out, "TXT");
	put_places(out, "SPF");
	fputs("w 60 LUA A \"'192.0.2.1'\"\n", out);
	fclose(out);
	char *told = tell(text, size, &ret);
	const char *want = "\n%2:1 LUA SPF: more values than fit: each place of a branch has all of "
		"them, and with the records before this is more than 1048576 times; the record is left "
		"out, so what PowerDNS answers is missing\n3:1 w.a.test. 60 A 192.0.2.1\n";
	assert_true(strlen(told) > strlen(want));
	assert_string_equal(told + strlen(told) - strlen(want), want);
	assert_non_null(strstr(told, " TXT "));
	assert_int_equal(ret, STEER_OK);
	free(told);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_choice_becomes_a_policy),
		cmocka_unit_test(what_is_up_becomes_health_checks),
		cmocka_unit_test(conditions_become_places_networks_and_systems),
		cmocka_unit_test(what_is_not_known_is_left_out_and_told),
		cmocka_unit_test(lines_and_data_are_read_alike),
		cmocka_unit_test(what_is_large_is_left_out),
		cmocka_unit_test(copies_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
