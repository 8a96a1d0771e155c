/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a configuration of Knot with mod-geoip becomes: overlays, groups, locations.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/geoip/geoip.h"
#include "formats/name_text.h"
#include "unit/story.h"
#include "unit/test.h"

#define FILES 5

/*! A configuration, the files that it names, each after its path, and what they say. */
typedef struct {
	const char *name, *conf, *files[FILES][2], *want;
} story_case_t;

static const char *find(const story_case_t *one, const char *path)
{
	for (unsigned i = 0; i < FILES && one->files[i][0] != NULL; i++) {
		if (strcmp(one->files[i][0], path) == 0) {
			return one->files[i][1];
		}
	}
	return NULL;
}

static int open_text(void *ctx, steer_input_t **input, const char *path, steer_fault_t *fault)
{
	const char *text = find(ctx, path);
	if (text == NULL) {
		return steer_fault(fault, STEER_ENOENT, "%s: missing", path);
	}
	// What is included looks beside itself.
	return steer_input_text(input, strstr(path, ".conf") != NULL ? path : "f", text, strlen(text));
}

/*! A pattern, whose only * is at its end, matches each file that begins so. */
static int match(void *ctx, const char *pattern, int (*found)(void *to, const char *path), void *to)
{
	const story_case_t *one = ctx;
	const char *star = strchr(pattern, '*');
	int ret = find(ctx, pattern) != NULL ? found(to, pattern) : STEER_ENOENT;
	for (unsigned i = 0; star != NULL && i < FILES && one->files[i][0] != NULL; i++) {
		if (strncmp(one->files[i][0], pattern, star - pattern) == 0) {
			ret = found(to, one->files[i][0]);
		}
	}
	return ret;
}

static char *tell(const story_case_t *one, const char *only, int *ret)
{
	uint8_t zone[STEER_NAME_MAX];
	steer_fault_t fault = { 0 };
	steer_input_t *input;
	story_t story = { 0 };
	story_begin(&story);
	const steer_knot_files_t files = { open_text, match, (void *)one };
	assert_int_equal(steer_input_text(&input, "f", one->conf, strlen(one->conf)), STEER_OK);
	steer_geoip_t *geoip = steer_geoip_new(input);
	assert_true(only == NULL || steer_name_parse(only, zone) == STEER_OK);
	*ret = steer_geoip_read(geoip, only != NULL ? zone : NULL, &files, &story.reading, &fault);
	steer_geoip_free(geoip);
	assert_int_equal(fault.text[0] != '\0', *ret != STEER_OK);
	return story_end(&story);
}

static void check(const story_case_t *cases, size_t count, int want)
{
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].name);
		int ret;
		char *told = tell(&cases[i], NULL, &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, want);
		free(told);
	}
}

/* A section in lines 1 to 4, and a zone in lines 5 to 8. */
#define CONF(options) "mod-geoip:\n  - id: g\n    config-file: v\n" options "\nzone:\n" \
	"  - domain: a.test\n    storage: s\n    module: mod-geoip/g\n"
#define SUBNET CONF("    ttl: 30")
#define WEIGHTED CONF("    mode: weighted")
#define GEODB(keys) CONF("    mode: geodb\n    geodb-file: d\n    geodb-key: [" keys "]")
/* Two sections in lines 1 to 5, and a zone. */
#define IDS(first, second) "mod-geoip:\n  - id: " first "\n    config-file: v\n  - id: " second \
	"\n    config-file: w\nzone:\n  - domain: a.test\n    storage: s\n    module: [mod-geoip/" first \
	", mod-geoip/" second "]\n"
#define ID_64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define OWN(records) \
	{ "s/a.test.zone", ("$ORIGIN a.test.\n$TTL 600\n@ SOA ns h 1 2 3 4 5\n" records) }
/* What warnings have in common. */
#define COPIED "clients for whom no view has an answer get what f has now: it is copied, and " \
	"does not change with that\n"
#define SIGNED "answers are not signed here, and while the zone is signed the overlay is passed " \
	"over\n"
#define DATABASE "geodb-file: where clients are is what the map geo of the store says, for all " \
	"zones; this database becomes it by steerctl map import --type geo d\n"
#define ZONES_OWN "left out, so all clients get what the zone has: "
#define OTHERS " is left out, and its clients get what the other views have: "

static void views_become_groups(void **state)
{
	(void)state;
	static const story_case_t cases[] = {
		{ "networks, and what the zone has for others",
		  SUBNET,
		  { { "v", ("www.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: [192.0.2.1, 192.0.2.2]\n"
		      "  - net: 2001:DB8::/32\n"
		      "    A: 192.0.2.3\n") },
		    OWN("www A 192.0.2.9\n") },
		  "%6:13 " COPIED
		  "=6:13 a.test. overlay\n"
		  "~1:1 www.a.test. A ip\n"
		  "+2:10 www.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  3:9 www.a.test. 30 A 192.0.2.1\n"
		  "  3:20 www.a.test. 30 A 192.0.2.2\n"
		  "+4:10 www.a.test. A '2001:db8::/32' cidr=g/2001-db8--_32\n"
		  "  5:8 www.a.test. 30 A 192.0.2.3\n"
		  "+4:1 www.a.test. A 'default' cidr=default\n"
		  "  4:1 www.a.test. 600 A 192.0.2.9\n"
		  "#2:10 10.0.0.0/8 g/10-0-0-0_8\n"
		  "#4:10 2001:db8::/32 g/2001-db8--_32\n" },
		{ "places",
		  GEODB("continent/code, country/iso_code, subdivisions/0/iso_code"),
		  { { "v", ("www.a.test:\n"
		      "  - geo: EU\n"
		      "    A: 192.0.2.1\n"
		      "  - geo: EU;DE\n"
		      "    A: 192.0.2.2\n"
		      "  - geo: NA;US;NY\n"
		      "    A: 192.0.2.3\n"
		      "  - geo: \"*\"\n"
		      "    A: 192.0.2.4\n") },
		    OWN("www A 192.0.2.9\n") },
		  "%5:17 " DATABASE
		  "%8:10 geo: '*' is for all clients, also those that are not in the database, "
		  "which mod-geoip leaves to the zone\n"
		  "=8:13 a.test. overlay\n"
		  "~1:1 www.a.test. A geolocation\n"
		  "+2:10 www.a.test. A 'continent:EU' geo=continent:EU\n"
		  "  3:8 www.a.test. 60 A 192.0.2.1\n"
		  "+4:10 www.a.test. A 'country:DE' geo=country:DE\n"
		  "  5:8 www.a.test. 60 A 192.0.2.2\n"
		  "+6:10 www.a.test. A 'country:US/NY' geo=country:US/NY\n"
		  "  7:8 www.a.test. 60 A 192.0.2.3\n"
		  "+8:10 www.a.test. A 'default' geo=default\n"
		  "  9:8 www.a.test. 60 A 192.0.2.4\n" },
		{ "countries are the default of keys",
		  CONF("    mode: geodb\n    geodb-file: d"),
		  { { "v", "www.a.test:\n  - geo: DE\n    A: 192.0.2.1\n" },
		    OWN("") },
		  "%5:17 " DATABASE
		  "=7:13 a.test. overlay\n"
		  "~1:1 www.a.test. A geolocation\n"
		  "+2:10 www.a.test. A 'country:DE' geo=country:DE\n"
		  "  3:8 www.a.test. 60 A 192.0.2.1\n" },
		{ "weights, and a name relative to the owner",
		  WEIGHTED,
		  { { "v", ("www.a.test:\n"
		      "  - weight: 1\n"
		      "    CNAME: x\n"
		      "  - weight: 0\n"
		      "    CNAME: y.a.test.\n") } },
		  "=6:13 a.test. overlay\n"
		  "~1:1 www.a.test. CNAME weighted\n"
		  "+2:13 www.a.test. CNAME '1' weight=1\n"
		  "  3:12 www.a.test. 60 CNAME x.www.a.test.\n"
		  "+4:13 www.a.test. CNAME '2' weight=0\n"
		  "  5:12 www.a.test. 60 CNAME y.a.test.\n" },
		{ "weights of 0",
		  WEIGHTED,
		  { { "v", "www.a.test:\n  - weight: 0\n    A: 192.0.2.1\n" },
		    OWN("") },
		  "=6:13 a.test. overlay\n"
		  "%1:1 weight: all are 0, so each view is as likely as any other; mod-geoip "
		  "ends knotd when it is asked\n"
		  "~1:1 www.a.test. A weighted\n"
		  "+2:13 www.a.test. A '1' weight=0\n"
		  "  3:8 www.a.test. 60 A 192.0.2.1\n" },
		{ "text in quotes, a comment, a name twice, views without records",
		  SUBNET,
		  { { "v", ("# views\n"
		      "www.a.test: # here\n"
		      "  - net: 10.0.0.1\n"
		      "    TXT: [\"a\\ b\", c\\,d, e]\n"
		      "\n"
		      "b.a.test:\n"
		      "WWW.a.test.:\n"
		      "  - net: 192.0.2.0/24\n"
		      "  - net: 10.0.0.2/32\n"
		      "    TXT: c\n") },
		    OWN("") },
		  "=6:13 a.test. overlay\n"
		  "~2:1 www.a.test. TXT ip\n"
		  "+3:10 www.a.test. TXT '10.0.0.1/32' cidr=g/10-0-0-1_32\n"
		  "  4:25 www.a.test. 30 TXT \"e\"\n"
		  "  4:11 www.a.test. 30 TXT \"a b\"\n"
		  "  4:19 www.a.test. 30 TXT \"c,d\"\n"
		  "+9:10 www.a.test. TXT '10.0.0.2/32' cidr=g/10-0-0-2_32\n"
		  "  10:10 www.a.test. 30 TXT \"c\"\n"
		  "#3:10 10.0.0.1/32 g/10-0-0-1_32\n"
		  "#9:10 10.0.0.2/32 g/10-0-0-2_32\n" },
		{ "networks with the same answers are a location",
		  SUBNET,
		  { { "v", ("x.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: [192.0.2.1, 192.0.2.2]\n"
		      "  - net: 11.0.0.0/8\n"
		      "    A: [192.0.2.2, 192.0.2.1]\n"
		      "  - net: 12.0.0.0/8\n"
		      "    A: 192.0.2.2\n"
		      "  - net: 13.0.0.0/8\n"
		      "    A: 192.0.2.2\n"
		      "y.a.test:\n"
		      "  - net: 13.0.0.0/8\n"
		      "    A: 192.0.2.2\n") },
		    OWN("") },
		  "=6:13 a.test. overlay\n"
		  "~1:1 x.a.test. A ip\n"
		  "+2:10 x.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  3:9 x.a.test. 30 A 192.0.2.1\n"
		  "  3:20 x.a.test. 30 A 192.0.2.2\n"
		  "+6:10 x.a.test. A '12.0.0.0/8' cidr=g/12-0-0-0_8\n"
		  "  7:8 x.a.test. 30 A 192.0.2.2\n"
		  "+8:10 x.a.test. A '13.0.0.0/8' cidr=g/13-0-0-0_8\n"
		  "  9:8 x.a.test. 30 A 192.0.2.2\n"
		  "~10:1 y.a.test. A ip\n"
		  "+11:10 y.a.test. A '13.0.0.0/8' cidr=g/13-0-0-0_8\n"
		  "  12:8 y.a.test. 30 A 192.0.2.2\n"
		  "#2:10 10.0.0.0/8 g/10-0-0-0_8\n"
		  "#4:10 11.0.0.0/8 g/10-0-0-0_8\n"
		  "#6:10 12.0.0.0/8 g/12-0-0-0_8\n"
		  "#8:10 13.0.0.0/8 g/13-0-0-0_8\n" },
		{ "networks with almost the same answers, and one that is at the later name first",
		  SUBNET,
		  { { "v", ("x.a.test:\n"
		      "  - net: 11.0.0.0/8\n"
		      "    TXT: x\n"
		      "y.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    TXT: x\n"
		      "  - net: 12.0.0.0/8\n"
		      "    SPF: x\n"
		      "  - net: 13.0.0.0/8\n"
		      "    TXT: x\n"
		      "  - net: 14.0.0.0/8\n"
		      "    TXT: [x, y]\n"
		      "x.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    TXT: x\n") },
		    OWN("") },
		  "=6:13 a.test. overlay\n"
		  "~1:1 x.a.test. TXT ip\n"
		  "+2:10 x.a.test. TXT '11.0.0.0/8' cidr=g/11-0-0-0_8\n"
		  "  3:10 x.a.test. 30 TXT \"x\"\n"
		  "+14:10 x.a.test. TXT '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  15:10 x.a.test. 30 TXT \"x\"\n"
		  "~4:1 y.a.test. TXT ip\n"
		  "+5:10 y.a.test. TXT '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  6:10 y.a.test. 30 TXT \"x\"\n"
		  "+9:10 y.a.test. TXT '13.0.0.0/8' cidr=g/13-0-0-0_8\n"
		  "  10:10 y.a.test. 30 TXT \"x\"\n"
		  "+11:10 y.a.test. TXT '14.0.0.0/8' cidr=g/14-0-0-0_8\n"
		  "  12:11 y.a.test. 30 TXT \"x\"\n"
		  "  12:14 y.a.test. 30 TXT \"y\"\n"
		  "~4:1 y.a.test. SPF ip\n"
		  "+7:10 y.a.test. SPF '12.0.0.0/8' cidr=g/12-0-0-0_8\n"
		  "  8:10 y.a.test. 30 SPF \"x\"\n"
		  "#5:10 10.0.0.0/8 g/10-0-0-0_8\n"
		  "#2:10 11.0.0.0/8 g/11-0-0-0_8\n"
		  "#7:10 12.0.0.0/8 g/12-0-0-0_8\n"
		  "#9:10 13.0.0.0/8 g/13-0-0-0_8\n"
		  "#11:10 14.0.0.0/8 g/14-0-0-0_8\n" },
		{ "a view that lacks a type: what the zone has",
		  SUBNET,
		  { { "v", ("www.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n"
		      "    AAAA: 2001:db8::1\n"
		      "  - net: 10.1.0.0/16\n"
		      "    A: 192.0.2.2\n") },
		    OWN("www AAAA 2001:db8::9\n") },
		  "%6:13 " COPIED
		  "=6:13 a.test. overlay\n"
		  "~1:1 www.a.test. A ip\n"
		  "+2:10 www.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  3:8 www.a.test. 30 A 192.0.2.1\n"
		  "+5:10 www.a.test. A '10.1.0.0/16' cidr=g/10-1-0-0_16\n"
		  "  6:8 www.a.test. 30 A 192.0.2.2\n"
		  "~1:1 www.a.test. AAAA ip\n"
		  "+2:10 www.a.test. AAAA '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  4:11 www.a.test. 30 AAAA 2001:db8::1\n"
		  "+5:10 www.a.test. AAAA '10.1.0.0/16' cidr=g/10-1-0-0_16\n"
		  "  4:1 www.a.test. 600 AAAA 2001:db8::9\n"
		  "+4:1 www.a.test. AAAA 'default' cidr=default\n"
		  "  4:1 www.a.test. 600 AAAA 2001:db8::9\n"
		  "#2:10 10.0.0.0/8 g/10-0-0-0_8\n"
		  "#5:10 10.1.0.0/16 g/10-1-0-0_16\n" },
		{ "a view that lacks a type, and so does the zone",
		  SUBNET,
		  { { "v", ("www.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n"
		      "    AAAA: [2001:db8::1, 2001:db8::2]\n"
		      "  - net: 10.1.0.0/16\n"
		      "    A: 192.0.2.2\n"
		      "  - net: 11.0.0.0/8\n"
		      "    A: 192.0.2.3\n") },
		    OWN("") },
		  "?1:1 geoip-no-records manual inverted=yes\n"
		  "=6:13 a.test. overlay\n"
		  "~1:1 www.a.test. A ip\n"
		  "+2:10 www.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  3:8 www.a.test. 30 A 192.0.2.1\n"
		  "+5:10 www.a.test. A '10.1.0.0/16' cidr=g/10-1-0-0_16\n"
		  "  6:8 www.a.test. 30 A 192.0.2.2\n"
		  "+7:10 www.a.test. A '11.0.0.0/8' cidr=g/11-0-0-0_8\n"
		  "  8:8 www.a.test. 30 A 192.0.2.3\n"
		  "~1:1 www.a.test. AAAA cidr, take 1, up all-down=none\n"
		  "+2:10 www.a.test. AAAA '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  4:12 www.a.test. 30 AAAA 2001:db8::1\n"
		  "  4:25 www.a.test. 30 AAAA 2001:db8::2\n"
		  "+5:10 www.a.test. AAAA '10.1.0.0/16' cidr=g/10-1-0-0_16 "
		  "health=geoip-no-records\n"
		  "  4:12 www.a.test. 30 AAAA 2001:db8::1\n"
		  "  4:25 www.a.test. 30 AAAA 2001:db8::2\n"
		  "#2:10 10.0.0.0/8 g/10-0-0-0_8\n"
		  "#5:10 10.1.0.0/16 g/10-1-0-0_16\n"
		  "#7:10 11.0.0.0/8 g/11-0-0-0_8\n" },
		{ "a location of which one network is inside another that has the type",
		  SUBNET,
		  { { "v", ("www.a.test:\n"
		      "  - net: 12.0.0.0/8\n"
		      "    A: 192.0.2.2\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n"
		      "    TXT: x\n"
		      "  - net: 10.1.0.0/16\n"
		      "    A: 192.0.2.2\n"
		      "  - net: 10.2.0.0/16\n"
		      "    A: 192.0.2.3\n"
		      "  - net: c01::/16\n"
		      "    A: 192.0.2.4\n") },
		    OWN("") },
		  "?1:1 geoip-no-records manual inverted=yes\n"
		  "=6:13 a.test. overlay\n"
		  "~1:1 www.a.test. A ip\n"
		  "+2:10 www.a.test. A '12.0.0.0/8' cidr=g/12-0-0-0_8\n"
		  "  3:8 www.a.test. 30 A 192.0.2.2\n"
		  "+4:10 www.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  5:8 www.a.test. 30 A 192.0.2.1\n"
		  "+9:10 www.a.test. A '10.2.0.0/16' cidr=g/10-2-0-0_16\n"
		  "  10:8 www.a.test. 30 A 192.0.2.3\n"
		  "+11:10 www.a.test. A 'c01::/16' cidr=g/c01--_16\n"
		  "  12:8 www.a.test. 30 A 192.0.2.4\n"
		  "~1:1 www.a.test. TXT cidr, take 1, up all-down=none\n"
		  "+2:10 www.a.test. TXT '12.0.0.0/8' cidr=g/12-0-0-0_8 health=geoip-no-records\n"
		  "  6:10 www.a.test. 30 TXT \"x\"\n"
		  "+4:10 www.a.test. TXT '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  6:10 www.a.test. 30 TXT \"x\"\n"
		  "+9:10 www.a.test. TXT '10.2.0.0/16' cidr=g/10-2-0-0_16 health=geoip-no-records\n"
		  "  6:10 www.a.test. 30 TXT \"x\"\n"
		  "#4:10 10.0.0.0/8 g/10-0-0-0_8\n"
		  "#7:10 10.1.0.0/16 g/12-0-0-0_8\n"
		  "#9:10 10.2.0.0/16 g/10-2-0-0_16\n"
		  "#2:10 12.0.0.0/8 g/12-0-0-0_8\n"
		  "#11:10 c01::/16 g/c01--_16\n" },
		{ "places that lack a type inside all others and a continent",
		  GEODB("continent/code, country/iso_code"),
		  { { "v", ("x.a.test:\n"
		      "  - geo: \"*\"\n"
		      "    TXT: x\n"
		      "  - geo: EU\n"
		      "    A: 192.0.2.1\n"
		      "y.a.test:\n"
		      "  - geo: EU\n"
		      "    TXT: x\n"
		      "  - geo: EU;DE\n"
		      "    A: 192.0.2.1\n"
		      "  - geo: NA;US\n"
		      "    A: 192.0.2.1\n") },
		    OWN("") },
		  "%5:17 " DATABASE
		  "%2:10 geo: '*' is for all clients, also those that are not in the database, "
		  "which mod-geoip leaves to the zone\n"
		  "?1:1 geoip-no-records manual inverted=yes\n"
		  "=8:13 a.test. overlay\n"
		  "~1:1 x.a.test. A geolocation\n"
		  "+4:10 x.a.test. A 'continent:EU' geo=continent:EU\n"
		  "  5:8 x.a.test. 60 A 192.0.2.1\n"
		  "~1:1 x.a.test. TXT geo, take 1, up all-down=none\n"
		  "+2:10 x.a.test. TXT 'default' geo=default\n"
		  "  3:10 x.a.test. 60 TXT \"x\"\n"
		  "+4:10 x.a.test. TXT 'continent:EU' geo=continent:EU health=geoip-no-records\n"
		  "  3:10 x.a.test. 60 TXT \"x\"\n"
		  "~6:1 y.a.test. A geolocation\n"
		  "+9:10 y.a.test. A 'country:DE' geo=country:DE\n"
		  "  10:8 y.a.test. 60 A 192.0.2.1\n"
		  "+11:10 y.a.test. A 'country:US' geo=country:US\n"
		  "  12:8 y.a.test. 60 A 192.0.2.1\n"
		  "~6:1 y.a.test. TXT geo, take 1, up all-down=none\n"
		  "+7:10 y.a.test. TXT 'continent:EU' geo=continent:EU\n"
		  "  8:10 y.a.test. 60 TXT \"x\"\n"
		  "+9:10 y.a.test. TXT 'country:DE' geo=country:DE health=geoip-no-records\n"
		  "  8:10 y.a.test. 60 TXT \"x\"\n" },
		{ "places that lack a type",
		  GEODB("country/iso_code, subdivisions/0/iso_code"),
		  { { "v", ("www.a.test:\n"
		      "  - geo: US\n"
		      "    AAAA: 2001:db8::1\n"
		      "  - geo: US;NY\n"
		      "    A: 192.0.2.2\n") },
		    OWN("") },
		  "%5:17 " DATABASE
		  "?1:1 geoip-no-records manual inverted=yes\n"
		  "=8:13 a.test. overlay\n"
		  "~1:1 www.a.test. A geolocation\n"
		  "+4:10 www.a.test. A 'country:US/NY' geo=country:US/NY\n"
		  "  5:8 www.a.test. 60 A 192.0.2.2\n"
		  "~1:1 www.a.test. AAAA geo, take 1, up all-down=none\n"
		  "+2:10 www.a.test. AAAA 'country:US' geo=country:US\n"
		  "  3:11 www.a.test. 60 AAAA 2001:db8::1\n"
		  "+4:10 www.a.test. AAAA 'country:US/NY' geo=country:US/NY "
		  "health=geoip-no-records\n"
		  "  3:11 www.a.test. 60 AAAA 2001:db8::1\n" },
		{ "a weight that lacks a type",
		  WEIGHTED,
		  { { "v", ("www.a.test:\n"
		      "  - weight: 2\n"
		      "    A: 192.0.2.1\n"
		      "  - weight: 3\n"
		      "    AAAA: 2001:db8::1\n") },
		    OWN("www AAAA 2001:db8::9\n") },
		  "%6:13 " COPIED
		  "?1:1 geoip-no-records manual inverted=yes\n"
		  "=6:13 a.test. overlay\n"
		  "~1:1 www.a.test. A weighted, take 1, up all-down=none\n"
		  "+2:13 www.a.test. A '1' weight=2\n"
		  "  3:8 www.a.test. 60 A 192.0.2.1\n"
		  "+4:13 www.a.test. A '2' weight=3 health=geoip-no-records\n"
		  "  3:8 www.a.test. 60 A 192.0.2.1\n"
		  "~1:1 www.a.test. AAAA weighted\n"
		  "+2:13 www.a.test. AAAA '1' weight=2\n"
		  "  4:1 www.a.test. 60 AAAA 2001:db8::9\n"
		  "+4:13 www.a.test. AAAA '2' weight=3\n"
		  "  5:11 www.a.test. 60 AAAA 2001:db8::1\n" },
		{ "a wildcard of the zone",
		  SUBNET,
		  { { "v", ("x.y.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n"
		      "y.z.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n"
		      "m.n.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n") },
		    OWN("* A 192.0.2.8\n*.y A 192.0.2.9\nw.y A 192.0.2.7\nv.z A 192.0.2.7\n") },
		  "%6:13 " COPIED
		  "=6:13 a.test. overlay\n"
		  "~1:1 x.y.a.test. A ip\n"
		  "+2:10 x.y.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  3:8 x.y.a.test. 30 A 192.0.2.1\n"
		  "+5:1 x.y.a.test. A 'default' cidr=default\n"
		  "  5:1 x.y.a.test. 600 A 192.0.2.9\n"
		  "~4:1 y.z.a.test. A ip\n"
		  "+5:10 y.z.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  6:8 y.z.a.test. 30 A 192.0.2.1\n"
		  "~7:1 m.n.a.test. A ip\n"
		  "+8:10 m.n.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  9:8 m.n.a.test. 30 A 192.0.2.1\n"
		  "+4:1 m.n.a.test. A 'default' cidr=default\n"
		  "  4:1 m.n.a.test. 600 A 192.0.2.8\n"
		  "#2:10 10.0.0.0/8 g/10-0-0-0_8\n" },
		{ "a name that exists as it has another one below, and no wildcard",
		  SUBNET,
		  { { "v", ("y.x.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n"
		      "*q.x.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n") },
		    OWN("* A 192.0.2.8\ny.x TXT t\nz.test. A 192.0.2.7\n") },
		  "=6:13 a.test. overlay\n"
		  "~1:1 y.x.a.test. A ip\n"
		  "+2:10 y.x.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  3:8 y.x.a.test. 30 A 192.0.2.1\n"
		  "~4:1 *q.x.a.test. A ip\n"
		  "+5:10 *q.x.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  6:8 *q.x.a.test. 30 A 192.0.2.1\n"
		  "#2:10 10.0.0.0/8 g/10-0-0-0_8\n" },
		{ "all clients have a view, whatever the zone has",
		  SUBNET,
		  { { "v", ("c.a.test:\n"
		      "  - net: 0.0.0.0/0\n"
		      "    A: 192.0.2.1\n"
		      "  - net: ::/0\n"
		      "    A: 192.0.2.1\n"
		      "x.b.a.test:\n"
		      "  - net: 0.0.0.0/0\n"
		      "    A: 192.0.2.1\n"
		      "  - net: ::/0\n"
		      "    A: 192.0.2.1\n") },
		    OWN("c CNAME x\nb NS ns.b.test.\n") },
		  "=6:13 a.test. overlay\n"
		  "~1:1 c.a.test. A ip\n"
		  "+2:10 c.a.test. A '0.0.0.0/0' cidr=g/0-0-0-0_0\n"
		  "  3:8 c.a.test. 30 A 192.0.2.1\n"
		  "~6:1 x.b.a.test. A ip\n"
		  "+7:10 x.b.a.test. A '0.0.0.0/0' cidr=g/0-0-0-0_0\n"
		  "  8:8 x.b.a.test. 30 A 192.0.2.1\n"
		  "#2:10 0.0.0.0/0 g/0-0-0-0_0\n"
		  "#4:12 ::/0 g/0-0-0-0_0\n" },
		{ "all clients of one family have a view",
		  SUBNET,
		  { { "v", "c.a.test:\n  - net: 0.0.0.0/0\n    A: 192.0.2.1\n" },
		    OWN("c A 192.0.2.9\n") },
		  "%6:13 " COPIED
		  "=6:13 a.test. overlay\n"
		  "~1:1 c.a.test. A ip\n"
		  "+2:10 c.a.test. A '0.0.0.0/0' cidr=g/0-0-0-0_0\n"
		  "  3:8 c.a.test. 30 A 192.0.2.1\n"
		  "+4:1 c.a.test. A 'default' cidr=default\n"
		  "  4:1 c.a.test. 600 A 192.0.2.9\n"
		  "#2:10 0.0.0.0/0 g/0-0-0-0_0\n" },
		{ "what a view lacks that is left out counts for nothing",
		  SUBNET,
		  { { "v", ("c.a.test:\n"
		      "  - net: 0.0.0.0/0\n"
		      "    A: 192.0.2.1\n"
		      "    TXT: x\n"
		      "  - net: ::/0\n"
		      "    A: 192.0.2.1\n"
		      "    TXT: x\n"
		      "  - net: 10.0.0.0/8\n"
		      "    TXT: y\n"
		      "    SPF: z\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.2\n") },
		    OWN("c A 192.0.2.9\nc TXT z\n") },
		  "%8:10 left out: line 11 has the same clients, and mod-geoip never answers by "
		  "this one\n"
		  "%6:13 " COPIED
		  "=6:13 a.test. overlay\n"
		  "~1:1 c.a.test. A ip\n"
		  "+2:10 c.a.test. A '0.0.0.0/0' cidr=g/0-0-0-0_0\n"
		  "  3:8 c.a.test. 30 A 192.0.2.1\n"
		  "+11:10 c.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  12:8 c.a.test. 30 A 192.0.2.2\n"
		  "~1:1 c.a.test. TXT ip\n"
		  "+2:10 c.a.test. TXT '0.0.0.0/0' cidr=g/0-0-0-0_0\n"
		  "  4:10 c.a.test. 30 TXT \"x\"\n"
		  "+11:10 c.a.test. TXT '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  5:1 c.a.test. 600 TXT \"z\"\n"
		  "#2:10 0.0.0.0/0 g/0-0-0-0_0\n"
		  "#11:10 10.0.0.0/8 g/10-0-0-0_8\n"
		  "#5:12 ::/0 g/0-0-0-0_0\n" },
		{ "values of which one begins the other",
		  SUBNET,
		  { { "v", ("c.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    TYPE65280: \"\\# 1 01\"\n"
		      "  - net: 11.0.0.0/8\n"
		      "    TYPE65280: \"\\# 2 0102\"\n") },
		    OWN("") },
		  "=6:13 a.test. overlay\n"
		  "~1:1 c.a.test. TYPE65280 ip\n"
		  "+2:10 c.a.test. TYPE65280 '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  3:16 c.a.test. 30 TYPE65280 \\# 1 01\n"
		  "+4:10 c.a.test. TYPE65280 '11.0.0.0/8' cidr=g/11-0-0-0_8\n"
		  "  5:16 c.a.test. 30 TYPE65280 \\# 2 0102\n"
		  "#2:10 10.0.0.0/8 g/10-0-0-0_8\n"
		  "#4:10 11.0.0.0/8 g/11-0-0-0_8\n" },
		{ "the most keys",
		  GEODB("country/iso_code, a, a, a, a, a, a, a"),
		  { { "v", "c.a.test:\n  - geo: DE\n    A: 192.0.2.1\n" },
		    OWN("") },
		  "%5:17 " DATABASE
		  "=8:13 a.test. overlay\n"
		  "~1:1 c.a.test. A geolocation\n"
		  "+2:10 c.a.test. A 'country:DE' geo=country:DE\n"
		  "  3:8 c.a.test. 60 A 192.0.2.1\n" },
		{ "ids of several sections, with characters that maps do not have",
		  IDS("a_b.c", ID_64),
		  { { "v", "b.a.test:\n  - net: 10.0.0.0/8\n    A: 192.0.2.1\n" },
		    { "w", "c.a.test:\n  - net: 10.0.0.0/8\n    A: 192.0.2.2\n" },
		    OWN("") },
		  "=7:13 a.test. overlay\n"
		  "~1:1 b.a.test. A ip\n"
		  "+2:10 b.a.test. A '10.0.0.0/8' cidr=a_b-c/10-0-0-0_8\n"
		  "  3:8 b.a.test. 60 A 192.0.2.1\n"
		  "~1:1 c.a.test. A ip\n"
		  "+2:10 c.a.test. A '10.0.0.0/8' cidr=" ID_64 "/10-0-0-0_8\n"
		  "  3:8 c.a.test. 60 A 192.0.2.2\n"
		  "#2:10 10.0.0.0/8 a_b-c/10-0-0-0_8\n"
		  "#2:10 10.0.0.0/8 " ID_64 "/10-0-0-0_8\n" },
		{ "the apex",
		  SUBNET,
		  { { "v", ("a.test:\n"
		      "  - net: 0.0.0.0/0\n"
		      "    A: 192.0.2.1\n"
		      "  - net: ::/0\n"
		      "    A: 192.0.2.2\n"
		      "    NS: ns.b.test.\n") },
		    OWN("@ A 192.0.2.9\n@ NS ns\n") },
		  "%6:13 " COPIED
		  "=6:13 a.test. overlay\n"
		  "~1:1 a.test. A ip\n"
		  "+2:10 a.test. A '0.0.0.0/0' cidr=g/0-0-0-0_0\n"
		  "  3:8 a.test. 30 A 192.0.2.1\n"
		  "+4:12 a.test. A '::/0' cidr=g/--_0\n"
		  "  5:8 a.test. 30 A 192.0.2.2\n"
		  "~1:1 a.test. NS ip\n"
		  "+4:12 a.test. NS '::/0' cidr=g/--_0\n"
		  "  6:9 a.test. 30 NS ns.b.test.\n"
		  "+5:1 a.test. NS 'default' cidr=default\n"
		  "  5:1 a.test. 600 NS ns.a.test.\n"
		  "#2:10 0.0.0.0/0 g/0-0-0-0_0\n"
		  "#4:12 ::/0 g/--_0\n" },
	};
	check(cases, COUNT(cases), STEER_OK);
}

static void zones_are_found(void **state)
{
	(void)state;
	static const story_case_t cases[] = {
		{ "templates, storage and formatters",
		  ("template:\n"
		      "  - id: default\n"
		      "    storage: d\n"
		      "    module: mod-geoip/g\n"
		      "    file: \"%s_%%_%c[0-1]_%l[1]_%l[9].z\"\n"
		      "  - id: t\n"
		      "    storage: t\n"
		      "mod-geoip:\n"
		      "  - id: g\n"
		      "    config-file: v\n"
		      "    mode: weighted\n"
		      "zone:\n"
		      "  - domain: A.test.\n"
		      "  - domain: b.test\n"
		      "    template: t\n"
		      "  - domain: c.test\n"
		      "    template: t\n"
		      "    module: [mod-stats/x, mod-geoip/g]\n"
		      "    file: /c\n"),
		  { { "v", ("a.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n"
		      "b.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n"
		      "c.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n"
		      "    TXT: x\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.2\n") },
		    { "d/a.test_%_a._a_.z", "@ SOA ns h 1 2 3 4 5\n@ 60 DNSKEY 257 3 8 AQAB\n" },
		    { "/c", "c.test. TXT \"c\"\n" } },
		  "%4:1 left out: the zone of this name does not use mod-geoip/g\n"
		  "%13:13 " SIGNED
		  "%16:13 " COPIED
		  "=13:13 a.test. overlay\n"
		  "~1:1 a.test. A weighted\n"
		  "+2:13 a.test. A '1' weight=1\n"
		  "  3:8 a.test. 60 A 192.0.2.1\n"
		  "=16:13 c.test. overlay\n"
		  "~7:1 c.test. A weighted\n"
		  "+8:13 c.test. A '1' weight=1\n"
		  "  9:8 c.test. 60 A 192.0.2.1\n"
		  "+11:13 c.test. A '2' weight=1\n"
		  "  12:8 c.test. 60 A 192.0.2.2\n"
		  "~7:1 c.test. TXT weighted\n"
		  "+8:13 c.test. TXT '1' weight=1\n"
		  "  10:10 c.test. 60 TXT \"x\"\n"
		  "+11:13 c.test. TXT '2' weight=1\n"
		  "  1:1 c.test. 60 TXT \"c\"\n" },
		{ "a zone whose name has a slash, where knotd has zones by default",
		  ("mod-geoip:\n"
		      "  - id: g\n"
		      "    config-file: v\n"
		      "    mode: weighted\n"
		      "zone:\n"
		      "  - domain: x/y.test\n"
		      "    module: mod-geoip/g\n"),
		  { { "v", "x/y.test:\n  - weight: 1\n    A: 192.0.2.1\n" },
		    { "/var/lib/knot/x_y.test.zone", "@ 60 DNSKEY 257 3 8 AQAB\n" } },
		  "%6:13 " SIGNED
		  "=6:13 x/y.test. overlay\n"
		  "~1:1 x/y.test. A weighted\n"
		  "+2:13 x/y.test. A '1' weight=1\n"
		  "  3:8 x/y.test. 60 A 192.0.2.1\n" },
		{ "includes",
		  "include: z*\ninclude: none*\nzone:\n  - domain: b.test\n",
		  { { "z1", ("include: y\n"
		      "zone:\n"
		      "  - domain: a.test\n"
		      "    module: mod-geoip/g\n") },
		    { "z2x", ("mod-geoip:\n"
		      "  - id: g\n"
		      "    config-file: v\n"
		      "    mode: weighted\n") },
		    { "y", "zone:\n  - domain: c.test\n" },
		    { "v", "b.a.test:\n  - weight: 1\n    A: 192.0.2.1\n" } },
		  "=3:13 a.test. overlay\n"
		  "~1:1 b.a.test. A weighted\n"
		  "+2:13 b.a.test. A '1' weight=1\n"
		  "  3:8 b.a.test. 60 A 192.0.2.1\n" },
		{ "includes beside the file that has them, and of a whole path",
		  "include: d/z.conf\nzone:\n  - domain: a.test\n    template: t\n",
		  { { "d/z.conf", "include: y.conf\ninclude: /x.conf\n" },
		    { "d/y.conf", "mod-geoip:\n  - id: g\n    config-file: v\n    mode: weighted\n" },
		    { "/x.conf", "template:\n  - id: t\n    module: mod-geoip/g\n" },
		    { "v", "a.test:\n  - weight: 1\n    A: 192.0.2.1\n" } },
		  "=3:13 a.test. overlay\n"
		  "~1:1 a.test. A weighted\n"
		  "+2:13 a.test. A '1' weight=1\n"
		  "  3:8 a.test. 60 A 192.0.2.1\n" },
		{ "a zone that uses another section, and a name without views",
		  ("mod-geoip:\n"
		      "  - id: g\n"
		      "    config-file: v\n"
		      "    mode: weighted\n"
		      "  - id: h\n"
		      "    config-file: w\n"
		      "    mode: weighted\n"
		      "zone:\n"
		      "  - domain: a.test\n"
		      "    module: mod-geoip/g\n"
		      "  - domain: b.test\n"
		      "    module: mod-geoip/h\n"),
		  { { "v", "x.b.test:\n  - weight: 1\n    A: 192.0.2.1\nc.test:\n" },
		    { "w", "b.test:\n  - weight: 1\n    A: 192.0.2.2\n" } },
		  "%1:1 left out: the zone of this name does not use mod-geoip/g\n"
		  "=11:13 b.test. overlay\n"
		  "~1:1 b.test. A weighted\n"
		  "+2:13 b.test. A '1' weight=1\n"
		  "  3:8 b.test. 60 A 192.0.2.2\n" },
		{ "names of no zone that uses it",
		  ("mod-geoip:\n"
		      "  - id: g\n"
		      "    config-file: v\n"
		      "    mode: weighted\n"
		      "  - id: h\n"
		      "    config-file: w\n"
		      "zone:\n"
		      "  - domain: a.test\n"
		      "    module: mod-geoip/g\n"
		      "  - domain: b.a.test\n"),
		  { { "v", ("c.b.a.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n"
		      "b.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n"
		      "a.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n") } },
		  "%5:9 mod-geoip: no zone of the configuration uses it, so it is left out\n"
		  "%1:1 left out: the zone of this name does not use mod-geoip/g\n"
		  "%4:1 left out: the zone of this name does not use mod-geoip/g\n"
		  "=8:13 a.test. overlay\n"
		  "~7:1 a.test. A weighted\n"
		  "+8:13 a.test. A '1' weight=1\n"
		  "  9:8 a.test. 60 A 192.0.2.1\n" },
		{ "two sections in a zone: the first of its modules answers",
		  ("mod-geoip:\n"
		      "  - id: g\n"
		      "    config-file: v\n"
		      "    mode: weighted\n"
		      "  - id: h\n"
		      "    config-file: w\n"
		      "    mode: weighted\n"
		      "zone:\n"
		      "  - domain: a.test\n"
		      "    module: [mod-geoip/h, mod-geoip/g]\n"),
		  { { "v", "b.a.test:\n  - weight: 1\n    A: 192.0.2.1\n"
		           "a.test:\n  - weight: 1\n    A: 192.0.2.1\n" },
		    { "w", "a.test:\n  - weight: 2\n    A: 192.0.2.2\n" } },
		  "%4:1 left out: a mod-geoip before it in the zone has this name, too\n"
		  "=9:13 a.test. overlay\n"
		  "~1:1 a.test. A weighted\n"
		  "+2:13 a.test. A '1' weight=2\n"
		  "  3:8 a.test. 60 A 192.0.2.2\n"
		  "~1:1 b.a.test. A weighted\n"
		  "+2:13 b.a.test. A '1' weight=1\n"
		  "  3:8 b.a.test. 60 A 192.0.2.1\n" },
	};
	check(cases, COUNT(cases), STEER_OK);
}

static void what_cannot_be_is_left_out(void **state)
{
	(void)state;
	static const story_case_t cases[] = {
		{ "wildcards",
		  WEIGHTED,
		  { { "v", "*.a.test:\n  - weight: 1\n    A: 192.0.2.1\n" } },
		  "%1:1 " ZONES_OWN "an overlay has no wildcards\n" },
		{ "SOA, DNAME, NS below the apex",
		  WEIGHTED,
		  { { "v", ("b.a.test:\n"
		      "  - weight: 1\n"
		      "    NS: x\n"
		      "    DNAME: y\n"
		      "    A: 192.0.2.1\n") } },
		  "%3:9 left out: an overlay has no SOA, DNAME or delegation\n"
		  "%4:12 left out: an overlay has no SOA, DNAME or delegation\n"
		  "=6:13 a.test. overlay\n"
		  "~1:1 b.a.test. A weighted\n"
		  "+2:13 b.a.test. A '1' weight=1\n"
		  "  5:8 b.a.test. 60 A 192.0.2.1\n" },
		{ "CNAME besides others",
		  WEIGHTED,
		  { { "v", ("b.a.test:\n"
		      "  - weight: 1\n"
		      "    CNAME: x\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n") } },
		  "%1:1 " ZONES_OWN "some of its views have a CNAME and others do not\n" },
		{ "CNAME at the apex",
		  WEIGHTED,
		  { { "v", "a.test:\n  - weight: 1\n    CNAME: x\n" } },
		  "%1:1 " ZONES_OWN "the apex of a zone has no CNAME\n" },
		{ "other records of the zone instead of a CNAME",
		  SUBNET,
		  { { "v", ("b.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    CNAME: x\n"
		      "c.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n") },
		    OWN("b A 192.0.2.9\nc CNAME x\n") },
		  "%1:1 " ZONES_OWN "its views have a CNAME, and the zone has other "
		  "records for other clients\n"
		  "%4:1 " ZONES_OWN "the zone has a CNAME for other clients\n" },
		{ "below a delegation or DNAME",
		  SUBNET,
		  { { "v", ("x.b.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n"
		      "x.c.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n"
		      "c.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n") },
		    OWN("b NS ns.b.test.\nc DNAME x\n") },
		  "%1:1 " ZONES_OWN "the zone answers other clients by a delegation or "
		  "a DNAME\n"
		  "%4:1 " ZONES_OWN "the zone answers other clients by a delegation or "
		  "a DNAME\n"
		  "=6:13 a.test. overlay\n"
		  "~7:1 c.a.test. A ip\n"
		  "+8:10 c.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  9:8 c.a.test. 30 A 192.0.2.1\n"
		  "#8:10 10.0.0.0/8 g/10-0-0-0_8\n" },
		{ "cities, and other keys",
		  GEODB("country/iso_code, city/names/en, (id)city/id"),
		  { { "v", ("b.a.test:\n"
		      "  - geo: CZ;Prague\n"
		      "    A: 192.0.2.1\n"
		      "  - geo: \"*;*;7\"\n"
		      "    A: 192.0.2.1\n"
		      "  - geo: CZ;*\n"
		      "    A: 192.0.2.2\n") },
		    OWN("") },
		  "%5:17 " DATABASE
		  "%2:10 geo: 'CZ;Prague'" OTHERS "places here have a continent, a country and a "
		  "subdivision, and no city/names/en\n"
		  "%4:10 geo: '*;*;7'" OTHERS "places here have a continent, a country and a "
		  "subdivision, and no (id)city/id\n"
		  "=8:13 a.test. overlay\n"
		  "~1:1 b.a.test. A geolocation\n"
		  "+6:10 b.a.test. A 'country:CZ' geo=country:CZ\n"
		  "  7:8 b.a.test. 60 A 192.0.2.2\n" },
		{ "codes that no database has",
		  GEODB("continent/code, country/iso_code, subdivisions/0/iso_code"),
		  { { "v", ("b.a.test:\n"
		      "  - geo: eu\n"
		      "    A: 192.0.2.1\n"
		      "  - geo: EU;Germany\n"
		      "    A: 192.0.2.1\n"
		      "  - geo: EU;;NY\n"
		      "    A: 192.0.2.1\n"
		      "  - geo: AS;DE\n"
		      "    A: 192.0.2.2\n"
		      "  - geo: \"*;FR\"\n"
		      "    A: 192.0.2.2\n"
		      "  - geo: \"*;*x\"\n"
		      "    A: 192.0.2.2\n") },
		    OWN("") },
		  "%5:17 " DATABASE
		  "%2:10 geo: 'eu'" OTHERS "it has a code that databases do not have for "
		  "continent/code\n"
		  "%4:10 geo: 'EU;Germany'" OTHERS "it has a code that databases do not have for "
		  "country/iso_code\n"
		  "%6:10 geo: 'EU;;NY'" OTHERS "a subdivision is one of a country\n"
		  "%8:10 geo: the country counts, not the continent beside it, on which it is "
		  "not here\n"
		  "%12:10 geo: '*;*x'" OTHERS "it has a code that databases do not have for "
		  "country/iso_code\n"
		  "%10:10 geo: all clients in this place get this, unless a view is more "
		  "specific; mod-geoip misses some of them, as there is no value before the "
		  "last one\n"
		  "=8:13 a.test. overlay\n"
		  "~1:1 b.a.test. A geolocation\n"
		  "+8:10 b.a.test. A 'country:DE' geo=country:DE\n"
		  "  9:8 b.a.test. 60 A 192.0.2.2\n"
		  "+10:10 b.a.test. A 'country:FR' geo=country:FR\n"
		  "  11:8 b.a.test. 60 A 192.0.2.2\n" },
		{ "the same clients",
		  SUBNET,
		  { { "v", ("b.a.test:\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: 192.0.2.1\n"
		      "  - net: 10.0.0.1/8\n"
		      "    A: 192.0.2.2\n") },
		    OWN("") },
		  "%4:10 net: 10.0.0.1/8 has bits after its length, so mod-geoip misses "
		  "clients before that address; here it counts as 10.0.0.0/8\n"
		  "%2:10 left out: line 4 has the same clients, and mod-geoip never answers by "
		  "this one\n"
		  "=6:13 a.test. overlay\n"
		  "~1:1 b.a.test. A ip\n"
		  "+4:10 b.a.test. A '10.0.0.0/8' cidr=g/10-0-0-0_8\n"
		  "  5:8 b.a.test. 30 A 192.0.2.2\n"
		  "#4:10 10.0.0.0/8 g/10-0-0-0_8\n" },
		{ "the same place",
		  GEODB("continent/code, country/iso_code"),
		  { { "v", ("b.a.test:\n"
		      "  - geo: EU;DE\n"
		      "    A: 192.0.2.1\n"
		      "  - geo: \"*;DE\"\n"
		      "    A: 192.0.2.2\n") },
		    OWN("") },
		  "%5:17 " DATABASE
		  "%4:10 left out: line 2 has the same clients, and mod-geoip never answers by "
		  "this one\n"
		  "=8:13 a.test. overlay\n"
		  "~1:1 b.a.test. A geolocation\n"
		  "+2:10 b.a.test. A 'country:DE' geo=country:DE\n"
		  "  3:8 b.a.test. 60 A 192.0.2.1\n" },
		{ "lengths that are too large",
		  SUBNET,
		  { { "v", ("b.a.test:\n"
		      "  - net: 10.0.0.1/33\n"
		      "    A: 192.0.2.1\n"
		      "  - net: ::1/255\n"
		      "    A: 192.0.2.1\n"
		      "  - net: 10.0.0.2/\n"
		      "    A: 192.0.2.1\n") },
		    OWN("") },
		  "%2:10 net: the length 33 is too large; it counts as 32, as with mod-geoip\n"
		  "%4:12 net: the length 255 is too large; it counts as 128, as with "
		  "mod-geoip\n"
		  "=6:13 a.test. overlay\n"
		  "~1:1 b.a.test. A ip\n"
		  "+2:10 b.a.test. A '10.0.0.1/32' cidr=g/10-0-0-1_32\n"
		  "  3:8 b.a.test. 30 A 192.0.2.1\n"
		  "#2:10 10.0.0.1/32 g/10-0-0-1_32\n"
		  "#6:10 10.0.0.2/32 g/10-0-0-1_32\n"
		  "#4:12 ::1/128 g/10-0-0-1_32\n" },
		{ "signed zones",
		  ("mod-geoip:\n"
		      "  - id: g\n"
		      "    config-file: v\n"
		      "    mode: weighted\n"
		      "    dnssec: on\n"
		      "zone:\n"
		      "  - domain: a.test\n"
		      "    module: mod-geoip/g\n"
		      "  - domain: b.test\n"
		      "    module: [mod-geoip/g, mod-onlinesign]\n"
		      "    dnssec-signing: on\n"
		      "  - domain: c.test\n"
		      "    dnssec-signing: on\n"),
		  { { "v", ("a.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n"
		      "b.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n") } },
		  "%5:13 " SIGNED
		  "%10:27 " SIGNED
		  "=7:13 a.test. overlay\n"
		  "~1:1 a.test. A weighted\n"
		  "+2:13 a.test. A '1' weight=1\n"
		  "  3:8 a.test. 60 A 192.0.2.1\n"
		  "=9:13 b.test. overlay\n"
		  "~4:1 b.test. A weighted\n"
		  "+5:13 b.test. A '1' weight=1\n"
		  "  6:8 b.test. 60 A 192.0.2.1\n" },
		{ "a zone that has a key, and is signed, and one that has it below the apex",
		  ("mod-geoip:\n"
		      "  - id: g\n"
		      "    config-file: v\n"
		      "    mode: weighted\n"
		      "zone:\n"
		      "  - domain: a.test\n"
		      "    module: mod-geoip/g\n"
		      "    file: /a\n"
		      "  - domain: b.test\n"
		      "    module: mod-geoip/g\n"
		      "    file: /b\n"
		      "  - domain: c.test\n"
		      "    module: mod-geoip/g\n"
		      "    dnssec-signing: true\n"),
		  { { "v", ("a.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n"
		      "x.b.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n"
		      "c.test:\n"
		      "  - weight: 1\n"
		      "    A: 192.0.2.1\n") },
		    { "/a", "a.test. 60 DNSKEY 257 3 8 AQAB\n" },
		    { "/b", "x.b.test. 60 DNSKEY 257 3 8 AQAB\n" } },
		  "%6:13 " SIGNED
		  "%14:21 " SIGNED
		  "=6:13 a.test. overlay\n"
		  "~1:1 a.test. A weighted\n"
		  "+2:13 a.test. A '1' weight=1\n"
		  "  3:8 a.test. 60 A 192.0.2.1\n"
		  "=9:13 b.test. overlay\n"
		  "~4:1 x.b.test. A weighted\n"
		  "+5:13 x.b.test. A '1' weight=1\n"
		  "  6:8 x.b.test. 60 A 192.0.2.1\n"
		  "=12:13 c.test. overlay\n"
		  "~7:1 c.test. A weighted\n"
		  "+8:13 c.test. A '1' weight=1\n"
		  "  9:8 c.test. 60 A 192.0.2.1\n" },
	};
	check(cases, COUNT(cases), STEER_OK);
}

static void errors_tell_place_and_remedy(void **state)
{
	(void)state;
	static const story_case_t cases[] = {
		{ "no zone",
		  "zone:\n  - domain: a.test\n",
		  { { NULL } },
		  "!1:1 no zone uses mod-geoip; allowed: the configuration of knotd, with zones that have "
		  "module: mod-geoip/ID\n" },
		{ "mod-geoip's own file",
		  "www.a.test:\n  - net: 10.0.0.0/8\n    A: 192.0.2.1\n",
		  { { NULL } },
		  "!1:1 no zone uses mod-geoip; allowed: the configuration of knotd, with zones that have "
		  "module: mod-geoip/ID\n" },
		{ "no such section",
		  "zone:\n  - domain: a.test\n    module: mod-geoip/g\n",
		  { { NULL } },
		  "!3:13 module: there is no mod-geoip with the id 'g'; allowed: one of the "
		  "configuration\n" },
		{ "no such template",
		  "zone:\n  - domain: a.test\n    template: t\n",
		  { { NULL } },
		  "!3:15 template: there is no 't'; allowed: one of the templates\n" },
		{ "twice",
		  ("mod-geoip:\n"
		      "  - id: g\n"
		      "    config-file: v\n"
		      "  - id: g\n"
		      "template:\n"
		      "  - id: t\n"
		      "  - id: t\n"
		      "zone:\n"
		      "  - domain: a.test\n"
		      "  - domain: A.test.\n"),
		  { { NULL } },
		  "!4:9 'g' is in f:2 already; allowed: once\n"
		  "!7:9 't' is in f:6 already; allowed: once\n"
		  "!10:13 'A.test.' is in f:9 already; allowed: once\n" },
		{ "no names",
		  "zone:\n  - domain: a..test\n    file: x\n  - module: y\n",
		  { { NULL } },
		  "!2:13 domain: 'a..test' is not a name; allowed: such as example.com\n"
		  "!4:5 zone: begins with 'module'; allowed: domain\n" },
		{ "items of nothing",
		  "zone:\n    module: mod-geoip/g\nmod-geoip:\n  - mode: x\n",
		  { { NULL } },
		  "!2:5 module: without domain; allowed: - domain: first\n"
		  "!4:5 mod-geoip: begins with 'mode'; allowed: id\n" },
		{ "a tab",
		  "zone:\n\t- domain: a.test\n",
		  { { NULL } },
		  "!2:1 a tab; allowed: blanks\n" },
		{ "indentation",
		  "zone:\n  - domain: a.test\n     module: x\n    file: y\n",
		  { { NULL } },
		  "!3:6 indented otherwise than the items before; allowed: the same "
		  "indentation\n" },
		{ "no such format",
		  "zone:\n  - {domain: a.test}\n",
		  { { NULL } },
		  "!2:3 no item of Knot's format; allowed: KEY: VALUE, KEY: [VALUE, ...], - "
		  "KEY: VALUE\n" },
		{ "options",
		  CONF("    mode: round\n    ttl: 1y"),
		  { { "v", "a.test:\n  - weight: 1\n    A: 192.0.2.1\n" } },
		  "!4:11 mode: 'round' is not a mode; allowed: subnet, geodb, weighted\n"
		  "!5:10 ttl: '1y' is no time; allowed: seconds to 2147483647, or with s, m, "
		  "h, d\n" },
		{ "no value",
		  CONF("    mode:\n    geodb-key: [a"),
		  { { NULL } },
		  "!4:5 mode: no value; allowed: one\n"
		  "!5:5 no item of Knot's format; allowed: KEY: VALUE, KEY: [VALUE, ...], - "
		  "KEY: VALUE\n" },
		{ "no files",
		  CONF("    mode: geodb"),
		  { { NULL } },
		  "!2:9 geodb-file: missing; allowed: the database of the mode geodb\n"
		  "!3:18 config-file: v: missing\n" },
		{ "an include of nothing",
		  "include:\n",
		  { { NULL } },
		  "!1:1 include: no value; allowed: a file, or a pattern of several\n" },
		{ "includes in a circle",
		  "include: x\ninclude: z\n",
		  { { "z", "include: z\n" } },
		  "!1:10 include: no file 'x'; allowed: a file, or a pattern of several\n"
		  "!1:10 include: too deep; allowed: 5 files inside each other\n" },
		{ "includes that are too deep",
		  "include: a\n",
		  { { "a", "include: b\n" }, { "b", "include: c\n" }, { "c", "include: d\n" },
		    { "d", "include: e\n" }, { "e", "include: x\n" } },
		  "!1:10 include: too deep; allowed: 5 files inside each other\n" },
		{ "too many keys",
		  GEODB("a, a, a, a, a, a, a, a, b"),
		  { { "v", "a.test:\n" } },
		  "%5:17 " DATABASE
		  "!6:41 geodb-key: one too many; allowed: 8\n" },
		{ "no zone file",
		  SUBNET,
		  { { "v", "a.test:\n  - net: 10.0.0.0/8\n    A: 192.0.2.1\n" } },
		  "!6:13 what clients get for whom no view has an answer is not known: "
		  "s/a.test.zone: missing; allowed: a zone file, which knotc zone-flush "
		  "writes\n" },
		{ "a zone file with errors",
		  SUBNET,
		  { { "v", "a.test:\n  - net: 10.0.0.0/8\n    A: 192.0.2.1\n" },
		    OWN("b A x\n") },
		  "!4:5 invalid address character, near 'x'; allowed: an address such as "
		  "192.0.2.1, of AAAA such as 2001:db8::1\n" },
		{ "a path of no zone file",
		  CONF("") "    file: \"%c[1\"\n",
		  { { "v", "a.test:\n  - net: 10.0.0.0/8\n    A: 192.0.2.1\n" } },
		  "!9:11 file: no path of a zone file; allowed: up to 4095 bytes, with %s, "
		  "%c[N], %c[N-M], %l[N] and %%\n" },
		{ "characters of a zone's name backwards",
		  CONF("") "    file: \"%c[1-0]\"\n",
		  { { "v", "a.test:\n  - net: 10.0.0.0/8\n    A: 192.0.2.1\n" } },
		  "!9:11 file: no path of a zone file; allowed: up to 4095 bytes, with %s, "
		  "%c[N], %c[N-M], %l[N] and %%\n" },
		{ "views",
		  SUBNET,
		  { { "v", ("a.test:\n"
		      "    A: 192.0.2.1\n"
		      "  - weight: 1\n"
		      "  - net: 10.0.0.0/8\n"
		      "    A: x\n"
		      "    AAA: x\n"
		      "    RRSIG: x\n"
		      "    A: 192.0.2.1\n"
		      "    CNAME: y\n"
		      "  - net: 10.0.0\n"
		      "    CNAME: y\n"
		      "    A: 192.0.2.1\n"
		      "a..test:\n"
		      "  - net: 10.0.0.0/8\n") } },
		  "!2:5 A: not in a view; allowed: - net: first\n"
		  "!3:5 weight: no view of a name; allowed: NAME:, and below it - net:\n"
		  "!5:8 A: invalid address character, near 'x'; allowed: an address such as "
		  "192.0.2.1, of AAAA such as 2001:db8::1\n"
		  "!6:5 'AAA' is no type of records; allowed: such as A, CNAME, TYPE123, and "
		  "none of DNSSEC\n"
		  "!7:5 'RRSIG' is no type of records; allowed: such as A, CNAME, TYPE123, and "
		  "none of DNSSEC\n"
		  "!9:12 CNAME: CNAME besides other records; allowed: one CNAME in a view, "
		  "alone\n"
		  "!10:10 net: '10.0.0' is not a network; allowed: such as 192.0.2.0/24, "
		  "2001:db8::/32\n"
		  "!12:8 A: CNAME besides other records; allowed: one CNAME in a view, alone\n"
		  "!13:1 'a..test' is not a name; allowed: such as www.example.com\n"
		  "!14:5 net: no view of a name; allowed: NAME:, and below it - net:\n" },
		{ "a wrong key with several values is told once",
		  SUBNET,
		  { { "v", ("a.test:\n"
		      "    A: [192.0.2.1, 192.0.2.2]\n"
		      "  - net: 10.0.0.0/8\n"
		      "    AAAAX: [a, b, c]\n"
		      "    A: [x, y]\n") } },
		  "!2:5 A: not in a view; allowed: - net: first\n"
		  "!4:5 'AAAAX' is no type of records; allowed: such as A, CNAME, TYPE123, and "
		  "none of DNSSEC\n"
		  "!5:9 A: invalid address character, near 'x'; allowed: an address such as "
		  "192.0.2.1, of AAAA such as 2001:db8::1\n"
		  "!5:12 A: invalid address character, near 'y'; allowed: an address such as "
		  "192.0.2.1, of AAAA such as 2001:db8::1\n" },
		{ "ids that would be the same map",
		  IDS("a.b", "a-b"),
		  { { "v", "a.test:\n  - net: 10.0.0.0/8\n    A: 192.0.2.1\n" },
		    { "w", "b.a.test:\n  - net: 11.0.0.0/8\n    A: 192.0.2.1\n" },
		    OWN("") },
		  "!2:9 id: the map of 'a.b' would be a-b, as that of 'a-b' in f:4; allowed: ids that "
		  "differ with - in place of all but letters, digits and _\n" },
		{ "ids of a bad length",
		  ("mod-geoip:\n  - id: \"\"\n    config-file: v\n  - id: " ID_64 "x\n    config-file: w\n"
		   "zone:\n  - domain: a.test\n    storage: s\n    module: [mod-geoip/, mod-geoip/" ID_64
		   "x]\n"),
		  { { "v", "a.test:\n  - net: 10.0.0.0/8\n    A: 192.0.2.1\n" },
		    { "w", "b.a.test:\n  - net: 11.0.0.0/8\n    A: 192.0.2.1\n" },
		    OWN("") },
		  "!2:5 id: not as long as the name of a collection; allowed: 1 to 64 bytes\n"
		  "!4:9 id: not as long as the name of a collection; allowed: 1 to 64 bytes\n" },
		{ "weights",
		  WEIGHTED,
		  { { "v", ("a.test:\n"
		      "  - weight: 256\n"
		      "    A: 192.0.2.1\n"
		      "  - weight: -1\n"
		      "    A: 192.0.2.1\n") } },
		  "!2:13 weight: '256' is not a weight; allowed: 0 to 255\n"
		  "!4:13 weight: '-1' is not a weight; allowed: 0 to 255\n" },
	};
	check(cases, COUNT(cases), STEER_EREFUSED);
}

/*! One name in each zone. */
static void one_zone_can_be_wanted(void **state)
{
	(void)state;
	static const story_case_t two = {
		"", "mod-geoip:\n  - id: g\n    config-file: v\n    mode: weighted\nzone:\n"
		    "  - domain: a.test\n    module: mod-geoip/g\n"
		    "  - domain: b.test\n    module: mod-geoip/g\n",
		{ { "v", "a.test:\n  - weight: 1\n    A: 192.0.2.1\nb.test:\n  - weight: 1\n"
		         "    A: 192.0.2.2\n" } }, NULL,
	};
	int ret;
	char *told = tell(&two, "b.test", &ret);
	assert_string_equal(told, "=8:13 b.test. overlay\n~4:1 b.test. A weighted\n"
	                    "+5:13 b.test. A '1' weight=1\n  6:8 b.test. 60 A 192.0.2.2\n");
	assert_int_equal(ret, STEER_OK);
	free(told);
	told = tell(&two, "c.test", &ret);
	assert_string_equal(told, "!1:1 that zone does not use mod-geoip; allowed: the configuration "
	                    "of knotd, with zones that have module: mod-geoip/ID\n");
	assert_int_equal(ret, STEER_EREFUSED);
	free(told);
}

/*! A text repeated, after another. */
static char *repeated(const char *begin, const char *text, size_t times)
{
	const size_t len = strlen(text), before = strlen(begin);
	char *made = malloc(before + times * len + 1);
	memcpy(made, begin, before);
	for (size_t i = 0; i < times; i++) {
		memcpy(made + before + i * len, text, len);
	}
	made[before + times * len] = '\0';
	return made;
}

static void hostile_files_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *name, *begin, *text;
		size_t times;
		const char *want;
	} cases[] = {
		{ "a long value", "a.test:\n  - weight: 1\n    TXT: ", "x", 10 << 20,
		  "!3:5 a key or a value is too long; allowed: 127 and 32767 bytes\n" },
		{ "a long key", "", "x", 10 << 20,
		  "!1:1 a key or a value is too long; allowed: 127 and 32767 bytes\n" },
		{ "a list without an end", "a.test:\n  - weight: 1\n    A: [", "192.0.2.1, ", 100000,
		  "!3:5 no item of Knot's format; allowed: KEY: VALUE, KEY: [VALUE, ...], - KEY: VALUE\n" },
		{ "a huge number", "a.test:\n  - weight: ", "9", 30000,
		  "!2:13 weight: "
		  "'9999999999999999999999999999999999999999...' is not a weight; allowed: 0 to 255\n" },
		{ "views that lack a type", "a.test:\n  - weight: 1\n    A: 192.0.2.1\n",
		  "  - weight: 1\n    TXT: x\n", 100000,
		  "!1:1 too many views lack a type that others of their name have; allowed: 100000\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		int ret;
		char *text = repeated(cases[i].begin, cases[i].text, cases[i].times);
		const story_case_t one = { "", WEIGHTED, { { "v", text } }, NULL };
		char *told = tell(&one, NULL, &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, STEER_EREFUSED);
		free(told);
		free(text);
	}
}

static void what_is_at_a_bound_is_taken(void **state)
{
	(void)state;
	int ret;
	char *views = repeated("a.test:\n  - weight: 1\n    A: 192.0.2.1\n",
	                       "  - weight: 1\n    TXT: x\n", 99999);
	const story_case_t lacking = { "", WEIGHTED, { { "v", views }, OWN("") }, NULL };
	free(tell(&lacking, NULL, &ret));
	assert_int_equal(ret, STEER_OK);
	free(views);
	for (size_t count = 256; count <= 257; count++) {
		char *conf = repeated(WEIGHTED "  - domain: b.test\n    module: [", "x, ", count - 1), *whole;
		assert_true(asprintf(&whole, "%sy]\n", conf) > 0);
		const story_case_t list = {
			"", whole, { { "v", "a.test:\n  - weight: 1\n    A: 192.0.2.1\n" } }, NULL,
		};
		char *told = tell(&list, NULL, &ret);
		assert_int_equal(ret, count == 256 ? STEER_OK : STEER_EREFUSED);
		assert_int_equal(strstr(told, "module: one too many; allowed: 256") != NULL, count == 257);
		free(told);
		free(whole);
		free(conf);
	}
	for (size_t length = 4095; length <= 4096; length++) {
		char *path = repeated("/", "x", length - 1), *whole;
		assert_true(asprintf(&whole, WEIGHTED "    file: %s\n", path) > 0);
		const story_case_t long_path = {
			"", whole, { { "v", "a.test:\n  - weight: 1\n    A: 192.0.2.1\n" },
			             { path, "@ 60 DNSKEY 257 3 8 AQAB\n" } }, NULL,
		};
		char *told = tell(&long_path, NULL, &ret);
		assert_int_equal(ret, length == 4095 ? STEER_OK : STEER_EREFUSED);
		assert_int_equal(strstr(told, SIGNED) != NULL, length == 4095);
		free(told);
		free(whole);
		free(path);
	}
	char *includes = repeated("", "include: y\n", 4097);
	const story_case_t files = { "", includes, { { "y", "" } }, NULL };
	char *told = tell(&files, NULL, &ret);
	assert_string_equal(told, "!4097:10 include: one file too many; allowed: 4096\n");
	assert_int_equal(ret, STEER_EREFUSED);
	free(told);
	free(includes);
}

/*! Each view that lacks a type has all records of the zone's own. */
static void copies_are_bounded(void **state)
{
	(void)state;
	static const struct {
		size_t views;
		const char *want;
	} cases[] = {
		{ 1048, "  3:1 a.test. 60 A 192.0.2.1\n" },
		{ 1049, "!2100:13 too many records in place of those that views lack; allowed: 1048576\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *text = repeated("a.test:\n  - weight: 1\n    A: 192.0.2.1\n",
		                      "  - weight: 1\n    TXT: x\n", cases[i].views);
		char *own = repeated("$TTL 60\n@ SOA ns h 1 2 3 4 5\n", "@ A 192.0.2.1\n", 1000);
		const story_case_t one = {
			"", WEIGHTED, { { "v", text }, { "s/a.test.zone", own } }, NULL
		};
		char *told = tell(&one, NULL, &ret);
		assert_non_null(strstr(told, cases[i].want));
		assert_int_equal(ret, i == 0 ? STEER_OK : STEER_EREFUSED);
		free(told);
		free(text);
		free(own);
	}
}

static void errors_end_after_a_hundred(void **state)
{
	(void)state;
	char *text = repeated("", "  - net: x\n", 1000);
	const story_case_t one = { "", SUBNET, { { "v", text } }, NULL };
	int ret;
	char *told = tell(&one, NULL, &ret);
	size_t lines = 0;
	for (const char *at = told; (at = strchr(at, '\n')) != NULL; at++) {
		lines++;
	}
	assert_int_equal(lines, STEER_ERRORS_MAX);
	assert_int_equal(ret, STEER_EREFUSED);
	free(told);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_become_groups),
		cmocka_unit_test(zones_are_found),
		cmocka_unit_test(what_cannot_be_is_left_out),
		cmocka_unit_test(errors_tell_place_and_remedy),
		cmocka_unit_test(one_zone_can_be_wanted),
		cmocka_unit_test(hostile_files_are_refused),
		cmocka_unit_test(what_is_at_a_bound_is_taken),
		cmocka_unit_test(copies_are_bounded),
		cmocka_unit_test(errors_end_after_a_hundred),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
