/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Change sets that say where record sets and their clients are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/change/change.h"
#include "unit/changes.h"
#include "unit/compare.h"
#include "unit/records.h"
#include "unit/test.h"

/* Groups of two record sets. */
#define REGIONS "www A =up,latency\nwww A +a region=eu 192.0.2.1\nwww A +b region=us 192.0.2.2\n"
#define PLACES  "www A =up,geo\nwww A +a geo=country:US/NY 192.0.2.1\nwww A +b 192.0.2.2\n"
#define NEAR    "www A =up,nearest\nwww A +a at=5010,870 bias=-10 192.0.2.1\n" \
                "www A +b region=us 192.0.2.2\n"
#define NETS    "www A =up,cidr\nwww A +a cidr=nets/home 192.0.2.1\nwww A +b 192.0.2.2\n"
#define SYSTEMS "www A =up,asn\nwww A +a health=web asn=64501,64500 192.0.2.1\nwww A +b 192.0.2.2\n"

static void places_become_nodes(void **state)
{
	(void)state;
	static const model_check_t checks[] = { { "web", 0, 1 }, { NULL, 0, 0 } };
	static const struct {
		const char *what, *zone;
	} cases[] = {
		{ "regions", ZONE(1) REGIONS },
		{ "places, one of which is the default", ZONE(1) PLACES },
		{ "coordinates, a bias and a region", ZONE(1) NEAR },
		{ "coordinates at the ends of the earth", ZONE(1) "www A =nearest\n"
		  "www A +a at=9000,18000 bias=99 192.0.2.1\n"
		  "www A +b at=-9000,-18000 bias=-99 192.0.2.2\n" },
		{ "coordinates of zero are some", ZONE(1) "www A =nearest\nwww A +a at=0,0 192.0.2.1\n" },
		{ "locations and their collection", ZONE(1) NETS },
		{ "locations whose groups have other collections", ZONE(1) NETS
		  "www AAAA =cidr\nwww AAAA +a cidr=other/home 2001:db8::1\n" },
		{ "no location under a policy that reads them", ZONE(1)
		  "www A =cidr\nwww A +a 192.0.2.1\n"
		  "www A +b cidr=default 192.0.2.2\n" },
		{ "autonomous systems are sorted, beside a health check", ZONE(1) SYSTEMS },
		{ "autonomous systems alone, up to the last", ZONE(1) "www A =asn\n"
		  "www A +a asn=4294967295,1 192.0.2.1\n" },
		{ "everything that steps read", ZONE(1)
		  "www A =cidr,asn,geo,latency,nearest,weighted,tier\n"
		  "www A +a health=web cidr=nets/home asn=1 geo=continent:EU region=eu at=1,2 bias=3 "
		  "weight=4 tier=5 192.0.2.1\n" },
		{ "an alias somewhere", ZONE(1) "www A =latency\nwww A +a region=eu alias=x\n"
		  "x A 192.0.2.1\n" },
		{ "L4: the preset latency, with coordinates beside a region", ZONE(1) "www A =latency\n"
		  "www A +a region=eu at=1,1 192.0.2.1\nwww A +b region=us at=1,1 192.0.2.2\n" },
		{ "GL7: the preset geolocation", ZONE(1) "www A =geolocation\n"
		  "www A +a geo=country:US 192.0.2.1\nwww A +b geo=country:US/NY 192.0.2.2\n"
		  "www A +c geo=continent:NA 192.0.2.3\nwww A +d 192.0.2.4\n" },
		{ "GP6: the preset geoproximity", ZONE(1) "www A =geoproximity\n"
		  "www A +a region=eu 192.0.2.1\nwww A +b at=1,-1 bias=9 192.0.2.2\n"
		  "www A +c at=-1,1 192.0.2.3\n" },
		{ "IP6: the preset ip", ZONE(1) "www A =ip\nwww A +a cidr=nets/x 192.0.2.1\n"
		  "www A +b cidr=nets/y 192.0.2.2\nwww A +c 192.0.2.3\n" },
		{ "what presets require, in a program of one's own", ZONE(1)
		  "www A =latency,geo,nearest,cidr\n"
		  "www A +a region=eu at=1,1 192.0.2.1\nwww A +b region=eu at=1,1 192.0.2.2\n"
		  "www A +c 192.0.2.3\n" },
		{ "attributes without a value", ZONE(1) "www A =latency,geo,cidr,asn\n"
		  "www A +a region=none geo=default cidr=default asn=default 192.0.2.1\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		store_must(place.store, CREATE, cases[i].zone);
		check_store_with(&place, (const char *const[]) { cases[i].zone, NULL }, checks);
		place_free(&place);
	}
}

static void note_warning(void *ctx, const steer_source_location_t *origin, const char *text)
{
	fprintf(ctx, "%s:%u:%u %s\n", origin->file, origin->line, origin->column, text);
}

static void a_change_leaves_the_places_it_says(void **state)
{
	(void)state;
	static const model_check_t checks[] = { { "web", 0, 1 }, { "late", 1, 2 }, { NULL, 0, 0 } };
	static const change_case_t cases[] = {
		{ "the same again", ZONE(1) REGIONS, MERGE, "example.\nwww A +a region=eu 192.0.2.1\n",
		  ZONE(1) REGIONS, 0, 0, 0, 0 },
		{ "replace with the same", ZONE(1) NETS, REPLACE, ZONE(1) NETS, ZONE(1) NETS, 0, 0, 0, 0 },
		{ "another region", ZONE(1) REGIONS, MERGE, "example.\nwww A +a region=af 192.0.2.1\n",
		  ZONE(2) "www A =up,latency\nwww A +a region=af 192.0.2.1\n"
		  "www A +b region=us 192.0.2.2\n", 0, 2, 0, 2 },
		{ "what is not given is gone", ZONE(1) REGIONS, MERGE, "example.\nwww A +a 192.0.2.1\n",
		  ZONE(2) "www A =up,latency\nwww A +a 192.0.2.1\nwww A +b region=us 192.0.2.2\n",
		  0, 2, 0, 2 },
		{ "a region is kept", ZONE(1) REGIONS, MERGE, "example.\nwww A +a keep=rl 192.0.2.9\n",
		  ZONE(2) "www A =up,latency\nwww A +a region=eu 192.0.2.9\n"
		  "www A +b region=us 192.0.2.2\n", 0, 2, 0, 2 },
		{ "a place is kept", ZONE(1) PLACES, MERGE, "example.\nwww A +a keep=gl 192.0.2.9\n",
		  ZONE(2) "www A =up,geo\nwww A +a geo=country:US/NY 192.0.2.9\nwww A +b 192.0.2.2\n",
		  0, 2, 0, 2 },
		{ "coordinates are kept, a bias is not", ZONE(1) NEAR, MERGE,
		  "example.\nwww A +a keep=clep\n", ZONE(2) "www A =up,nearest\n"
		  "www A +a at=5010,870 192.0.2.1\nwww A +b region=us 192.0.2.2\n", 0, 2, 0, 2 },
		{ "a bias is kept, coordinates are not", ZONE(1) NEAR, MERGE,
		  "example.\nwww A +a keep=cleb\n", ZONE(2) "www A =up,nearest\n"
		  "www A +a bias=-10 192.0.2.1\nwww A +b region=us 192.0.2.2\n", 0, 2, 0, 2 },
		{ "a location is kept", ZONE(1) NETS, MERGE, "example.\nwww A +a keep=il 192.0.2.9\n",
		  ZONE(2) "www A =up,cidr\nwww A +a cidr=nets/home 192.0.2.9\nwww A +b 192.0.2.2\n",
		  0, 2, 0, 2 },
		{ "a location joins those of its collection", ZONE(1) NETS, MERGE,
		  "example.\nwww A +b keep=cle cidr=nets/work\n", ZONE(2) "www A =up,cidr\n"
		  "www A +a cidr=nets/home 192.0.2.1\nwww A +b cidr=nets/work 192.0.2.2\n", 0, 2, 0, 2 },
		{ "the last location goes, and its collection with it", ZONE(1) NETS, MERGE,
		  "example.\nwww A +a keep=cle\n",
		  ZONE(2) "www A =up,cidr\nwww A +a 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 2, 0, 2 },
		{ "a group gets another collection", ZONE(1) NETS, MERGE,
		  "example.\nwww A +a keep=cle cidr=other/home\n",
		  ZONE(2) "www A =up,cidr\nwww A +a cidr=other/home 192.0.2.1\nwww A +b 192.0.2.2\n",
		  0, 2, 0, 2 },
		{ "autonomous systems are kept, the check is not", ZONE(1) SYSTEMS, MERGE,
		  "example.\nwww A +a keep=clea\n", ZONE(2) "www A =up,asn\n"
		  "www A +a asn=64500,64501 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 2, 0, 2 },
		{ "the check is kept, autonomous systems are not", ZONE(1) SYSTEMS, MERGE,
		  "example.\nwww A +a keep=cleh\n", ZONE(2) "www A =up,asn\n"
		  "www A +a health=web 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 2, 0, 2 },
		{ "both are kept", ZONE(1) SYSTEMS, MERGE, "example.\nwww A +a keep=elha 192.0.2.9\n",
		  ZONE(2) "www A =up,asn\nwww A +a health=web asn=64500,64501 192.0.2.9\n"
		  "www A +b 192.0.2.2\n", 0, 2, 0, 2 },
		{ "autonomous systems are kept, and another check comes", ZONE(1) SYSTEMS, MERGE,
		  "example.\nwww A +a keep=clea health=late\n", ZONE(2) "www A =up,asn\n"
		  "www A +a health=late asn=64500,64501 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 2, 0, 2 },
		{ "the check is kept, and other systems come", ZONE(1) SYSTEMS, MERGE,
		  "example.\nwww A +a keep=cleh asn=7\n", ZONE(2) "www A =up,asn\n"
		  "www A +a health=web asn=7 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 2, 0, 2 },
		{ "a new set keeps nothing, and has what is given", ZONE(1) REGIONS, MERGE,
		  "example.\nwww A +c keep=rgipba region=af 192.0.2.3\n",
		  ZONE(2) REGIONS "www A +c region=af 192.0.2.3\n", 1, 1, 0, 2 },
		{ "another policy: what it reads stays", ZONE(1) NEAR, MERGE,
		  "example.\nwww A =up,latency\n", ZONE(2) "www A =up,latency\n"
		  "www A +a at=5010,870 192.0.2.1\nwww A +b region=us 192.0.2.2\n", 0, 3, 0, 2 },
		{ "another policy: places go", ZONE(1) PLACES, MERGE, "example.\nwww A =multivalue\n",
		  ZONE(2) "www A =multivalue\nwww A +a 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 3, 0, 2 },
		{ "another policy: locations go, and their collection", ZONE(1) NETS, MERGE,
		  "example.\nwww A =geo\nwww A +b geo=continent:EU 192.0.2.2\n",
		  ZONE(2) "www A =geo\nwww A +a 192.0.2.1\nwww A +b geo=continent:EU 192.0.2.2\n",
		  0, 3, 0, 2 },
		{ "another policy: autonomous systems go, the check stays", ZONE(1) SYSTEMS, MERGE,
		  "example.\nwww A =multivalue\n", ZONE(2) "www A =multivalue\n"
		  "www A +a health=web 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 3, 0, 2 },
		{ "another policy, and a set keeps what that reads", ZONE(1) SYSTEMS, MERGE,
		  "example.\nwww A =multivalue\nwww A +a keep=clehargipb\n", ZONE(2) "www A =multivalue\n"
		  "www A +a health=web 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 3, 0, 2 },
		{ "the TTL of a group leaves where its sets are", ZONE(1) REGIONS, MERGE,
		  "example.\nwww 20 A ~\n", ZONE(2) "www A =up,latency\nwww 20 A +a region=eu 192.0.2.1\n"
		  "www 20 A +b region=us 192.0.2.2\n", 0, 3, 0, 2 },
	};
	check_changes(cases, COUNT(cases), checks);
}

static void warnings_say_what_a_policy_drops(void **state)
{
	(void)state;
	static const struct {
		const char *what, *before, *change, *text;
	} cases[] = {
		{ "regions", ZONE(1) REGIONS, "example.\nwww A =up,geo\n",
		  "file:2:1 www.example.: A: the new policy reads no regions: those of 2 record sets are "
		  "gone\n" },
		{ "a region that is kept beside one that is given", ZONE(1) REGIONS,
		  "example.\nwww A =up,geo\nwww A +a keep=cler\nwww A +b keep=cle\n",
		  "file:2:1 www.example.: A: the new policy reads no regions: those of 1 record set are "
		  "gone\n" },
		{ "a place, and no default", ZONE(1) PLACES, "example.\nwww A =up,cidr\n",
		  "file:2:1 www.example.: A: the new policy reads no places: those of 1 record set are "
		  "gone\n" },
		{ "all at once", ZONE(1) "www A =cidr,asn,geo,latency,nearest,weighted,tier\n"
		  "www A +a cidr=nets/home asn=1 geo=continent:EU region=eu at=1,2 bias=3 weight=4 tier=5 "
		  "192.0.2.1\n", "example.\nwww A =multivalue\n",
		  "file:2:1 www.example.: A: the new policy reads no weights: those of 1 record set are "
		  "gone\n"
		  "file:2:1 www.example.: A: the new policy reads no tiers: those of 1 record set are "
		  "gone\n"
		  "file:2:1 www.example.: A: the new policy reads no regions: those of 1 record set are "
		  "gone\n"
		  "file:2:1 www.example.: A: the new policy reads no places: those of 1 record set are "
		  "gone\n"
		  "file:2:1 www.example.: A: the new policy reads no locations: those of 1 record set are "
		  "gone\n"
		  "file:2:1 www.example.: A: the new policy reads no coordinates: those of 1 record set "
		  "are gone\n"
		  "file:2:1 www.example.: A: the new policy reads no biases: those of 1 record set are "
		  "gone\n"
		  "file:2:1 www.example.: A: the new policy reads no autonomous systems: those of 1 record "
		  "set are gone\n" },
		{ "what the new policy reads as well", ZONE(1) REGIONS, "example.\nwww A =up,nearest\n",
		  "" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);
		const steer_apply_t options = { .warn = note_warning, .ctx = out };
		steer_summary_t summary;
		steer_fault_t fault;
		store_must(place.store, CREATE, cases[i].before);
		must(store_change(place.store, MERGE, cases[i].change, &options, &summary, &fault), &fault);
		fclose(out);
		assert_string_equal(text, cases[i].text);
		free(text);
		place_free(&place);
	}
}

/*! The text of a zone whose record set is for so many autonomous systems. */
static void systems_write(char text[2048], unsigned count)
{
	text += sprintf(text, ZONE(1) "www A =asn\nwww A +a health=web asn=");
	for (unsigned i = 0; i < count; i++) {
		text += sprintf(text, "%s%u", i > 0 ? "," : "", UINT32_MAX - i);
	}
	strcpy(text, " 192.0.2.1\n");
}

static void a_set_is_for_63_systems_and_no_more(void **state)
{
	(void)state;
	static const model_check_t checks[] = { { "web", 0, 1 }, { NULL, 0, 0 } };
	char zone[2048];
	place_t place = place_new();
	systems_write(zone, STEER_ASNS_MAX);
	store_must(place.store, CREATE, zone);
	check_store_with(&place, (const char *const[]) { zone, NULL }, checks);
	store_must(place.store, DELETE, "example.\n");

	steer_summary_t summary;
	steer_fault_t fault;
	systems_write(zone, STEER_ASNS_MAX + 1);
	assert_int_equal(store_change(place.store, CREATE, zone, NULL, &summary, &fault),
	                 STEER_EREFUSED);
	assert_non_null(strstr(fault.text, "file:5:1: www.example.: A 'a': bad numbers of autonomous "
	                       "systems; allowed: 1 to 63 of them, from 1, none twice"));
	place_free(&place);
}

static void broken_rules_are_refused_and_nothing_changes(void **state)
{
	(void)state;
	static const refusal_t cases[] = {
		// Rule G4: attributes.
		{ "a region that no step reads", NULL, CREATE, ZONE(1)
		  "www A =geo\nwww A +a region=eu 192.0.2.1\n", STEER_EREFUSED,
		  "file:5:1: www.example.: A 'a': a region that no step reads; allowed: in a policy with "
		  "the step 'latency' or 'nearest'" },
		{ "coordinates that no step reads", NULL, CREATE, ZONE(1)
		  "www A =geo\nwww A +a at=0,0 192.0.2.1\n", STEER_EREFUSED,
		  "A 'a': coordinates that no step reads; allowed: in a policy with the step 'latency' or "
		  "'nearest'" },
		{ "a bias that no step reads", NULL, CREATE, ZONE(1)
		  "www A =latency\nwww A +a bias=0 192.0.2.1\n", STEER_EREFUSED,
		  "A 'a': a bias that no step reads; allowed: in a policy with the step 'nearest'" },
		{ "a place that no step reads", NULL, CREATE, ZONE(1)
		  "www A =cidr\nwww A +a geo=default 192.0.2.1\n", STEER_EREFUSED,
		  "A 'a': a place that no step reads; allowed: in a policy with the step 'geo'" },
		{ "a location that no step reads", NULL, CREATE, ZONE(1)
		  "www A =asn\nwww A +a cidr=nets/home 192.0.2.1\n", STEER_EREFUSED,
		  "A 'a': a location that no step reads; allowed: in a policy with the step 'cidr'" },
		{ "an autonomous system that no step reads", NULL, CREATE, ZONE(1)
		  "www A =geo\nwww A +a asn=1 192.0.2.1\n", STEER_EREFUSED,
		  "A 'a': an autonomous system that no step reads; allowed: in a policy with the step "
		  "'asn'" },
		{ "a region of a simple set", NULL, CREATE, ZONE(1) "www A + region=eu 192.0.2.1\n",
		  STEER_EREFUSED, "www.example.: A: a region that no step reads" },
		// Values.
		{ "what cannot be a region", NULL, CREATE, ZONE(1)
		  "www A =latency\nwww A +a region=e/u 192.0.2.1\n", STEER_EREFUSED,
		  "file:5:1: www.example.: A 'a': 'e/u' cannot be a region; allowed: 1 to 64 letters, "
		  "digits, '-' and '_'" },
		{ "a region that is too long", NULL, CREATE, ZONE(1) "www A =latency\n"
		  "www A +a region=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefg "
		  "192.0.2.1\n", STEER_EREFUSED, "cannot be a region" },
		{ "a location without a collection", NULL, CREATE, ZONE(1)
		  "www A =cidr\nwww A +a cidr=home 192.0.2.1\n", STEER_EREFUSED,
		  "A 'a': 'home' cannot be a location; allowed: a collection, '/' and a location, each 1 "
		  "to 64 letters" },
		{ "a place that is none", NULL, CREATE, ZONE(1)
		  "www A =geo\nwww A +a geo=#20000000 192.0.2.1\n", STEER_EREFUSED,
		  "file:5:1: www.example.: A 'a': a bad place" },
		{ "a latitude beyond the pole", NULL, CREATE, ZONE(1)
		  "www A =nearest\nwww A +a at=9001,0 192.0.2.1\n", STEER_EREFUSED, "bad coordinates" },
		{ "a longitude too far west", NULL, CREATE, ZONE(1)
		  "www A =nearest\nwww A +a at=0,-18001 192.0.2.1\n", STEER_EREFUSED, "bad coordinates" },
		{ "a bias too large", NULL, CREATE, ZONE(1)
		  "www A =nearest\nwww A +a at=0,0 bias=100 192.0.2.1\n", STEER_EREFUSED,
		  "a bad bias; allowed: -99 to 99" },
		{ "a bias too small", NULL, CREATE, ZONE(1)
		  "www A =nearest\nwww A +a at=0,0 bias=-100 192.0.2.1\n", STEER_EREFUSED, "a bad bias" },
		{ "autonomous system 0", NULL, CREATE, ZONE(1)
		  "www A =asn\nwww A +a asn=1,0 192.0.2.1\n", STEER_EREFUSED,
		  "bad numbers of autonomous systems" },
		{ "an autonomous system twice", NULL, CREATE, ZONE(1)
		  "www A =asn\nwww A +a asn=2,1,2 192.0.2.1\n", STEER_EREFUSED,
		  "bad numbers of autonomous systems" },
		// What presets require.
		{ "L4: latency without a region", NULL, CREATE, ZONE(1)
		  "www A =latency\nwww A +a region=eu 192.0.2.1\nwww A +b at=0,0 192.0.2.2\n",
		  STEER_EREFUSED, "file:6:1: www.example.: A 'b': no region; allowed in the policy "
		  "latency: one" },
		{ "L4: a region twice", NULL, CREATE, ZONE(1) "www A =latency\n"
		  "www A +a region=eu 192.0.2.1\nwww A +b region=us 192.0.2.2\n"
		  "www A +c region=eu 192.0.2.3\n", STEER_EREFUSED,
		  "file:7:1: www.example.: A 'c': the same region as 'a'; allowed in the policy latency: "
		  "each once" },
		{ "L4: the region of a set that stays", ZONE(1) "www A =latency\n"
		  "www A +a region=us 192.0.2.1\nwww A +b region=eu 192.0.2.2\n", MERGE,
		  "example.\nwww A =latency\nwww A +a region=eu 192.0.2.1\n", STEER_EREFUSED,
		  "file:3:1: www.example.: A 'a': the same region as 'b'" },
		{ "L4: the policy alone", ZONE(1) REGIONS "www A +c 192.0.2.3\n", MERGE,
		  "example.\nwww A =latency\n", STEER_EREFUSED,
		  "file:2:1: www.example.: A 'c': no region" },
		{ "GL7: a place twice", NULL, CREATE, ZONE(1) "www A =geolocation\n"
		  "www A +a geo=country:US 192.0.2.1\nwww A +b geo=country:US 192.0.2.2\n",
		  STEER_EREFUSED, "file:6:1: www.example.: A 'b': the same place as 'a'; allowed in the "
		  "policy geolocation: each once" },
		{ "GL7: two defaults", NULL, CREATE, ZONE(1) "www A =geolocation\n"
		  "www A +a geo=default 192.0.2.1\nwww A +b 192.0.2.2\n", STEER_EREFUSED,
		  "file:6:1: www.example.: A 'b': no place, as 'a'; allowed in the policy geolocation: one "
		  "default" },
		{ "GP6: neither a region nor coordinates", NULL, CREATE, ZONE(1)
		  "www A =geoproximity\nwww A +a bias=1 192.0.2.1\n", STEER_EREFUSED,
		  "file:5:1: www.example.: A 'a': neither a region nor coordinates; allowed in the policy "
		  "geoproximity: one of them" },
		{ "GP6: both", NULL, CREATE, ZONE(1)
		  "www A =geoproximity\nwww A +a at=0,0 region=eu 192.0.2.1\n", STEER_EREFUSED,
		  "A 'a': a region and coordinates; allowed in the policy geoproximity: one of them" },
		{ "GP6: a region twice, with other biases", NULL, CREATE, ZONE(1) "www A =geoproximity\n"
		  "www A +a region=eu bias=1 192.0.2.1\nwww A +b region=eu 192.0.2.2\n", STEER_EREFUSED,
		  "A 'b': the same region as 'a'; allowed in the policy geoproximity: each once" },
		{ "GP6: coordinates twice", NULL, CREATE, ZONE(1) "www A =geoproximity\n"
		  "www A +a at=-1,-2 192.0.2.1\nwww A +b at=-1,-2 192.0.2.2\n", STEER_EREFUSED,
		  "A 'b': the same coordinates as 'a'" },
		{ "IP6: a location twice", NULL, CREATE, ZONE(1) "www A =ip\n"
		  "www A +a cidr=nets/home 192.0.2.1\nwww A +b cidr=nets/home 192.0.2.2\n",
		  STEER_EREFUSED, "A 'b': the same location as 'a'; allowed in the policy ip: each once" },
		{ "IP6: two defaults", NULL, CREATE, ZONE(1) "www A =ip\n"
		  "www A +a 192.0.2.1\nwww A +b 192.0.2.2\n", STEER_EREFUSED,
		  "A 'b': no location, as 'a'; allowed in the policy ip: one default" },
		// One collection in a group.
		{ "locations of two collections", NULL, CREATE, ZONE(1) "www A =cidr\n"
		  "www A +a cidr=nets/home 192.0.2.1\nwww A +b cidr=other/home 192.0.2.2\n",
		  STEER_EREFUSED, "file:6:1: www.example.: A 'b': a location in another collection than "
		  "that of 'a'; allowed: one collection in a group" },
		{ "another collection than that of a set that stays", ZONE(1) NETS, MERGE,
		  "example.\nwww A +b cidr=other/home 192.0.2.2\n", STEER_EREFUSED,
		  "file:2:1: www.example.: A 'b': a location in another collection than that of 'a'" },
		{ "another collection than that of a set that keeps it", ZONE(1) NETS, MERGE,
		  "example.\nwww A +b cidr=other/home 192.0.2.2\nwww A +a keep=clei\n", STEER_EREFUSED,
		  "file:2:1: www.example.: A 'b': a location in another collection than that of 'a'" },
	};
	check_refusals(cases, COUNT(cases));
}

/* Numbers of names. */

static void note_name(void *ctx, uint32_t number, const steer_dictionary_name_t *name)
{
	fprintf(ctx, "%u %c %.*s\n", number, name->kind, (int)name->len, name->text);
}

static void names_get_numbers_with_the_change_set(void **state)
{
	(void)state;
	static const char before[] = "1 r eu\n2 r us\n";
	static const struct {
		const char *what;
		const char *change;
		bool dry_run;
		int code;
		const char *reported; /*!< Names that get numbers. */
		bool changed;
	} cases[] = {
		{ "names that are known", "example.\nwww A +c region=eu 192.0.2.3\n", false, STEER_OK, "",
		  true },
		{ "a new one, and one twice", "example.\nwww A +c region=af 192.0.2.3\n"
		  "www A +d region=af 192.0.2.4\n", false, STEER_OK, "3 r af\n", true },
		{ "a region and a location of the same name", "example.\nx A =cidr,latency\n"
		  "x A +a region=home cidr=home/home 192.0.2.1\n", false, STEER_OK,
		  "3 r home\n4 l home/home\n5 c home\n", true },
		{ "nothing differs", "example.\nwww A +a region=eu 192.0.2.1\n", false, STEER_OK, "",
		  false },
		{ "a dry run", "example.\nwww A +c region=af 192.0.2.3\n", true, STEER_OK, "3 r af\n",
		  false },
		{ "a set is refused", "example.\nwww A +c region=af\n", false, STEER_EREFUSED, "3 r af\n",
		  false },
		{ "a name is refused", "example.\nwww A +c region=af 192.0.2.3\n"
		  "www A +d region=%% 192.0.2.3\n", false, STEER_EREFUSED, "3 r af\n", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		char *reported = NULL, after[128];
		size_t size;
		FILE *out = open_memstream(&reported, &size);
		const steer_apply_t options = {
			.dry_run = cases[i].dry_run, .name = note_name, .ctx = out,
		};
		steer_summary_t summary;
		steer_fault_t fault;
		store_must(place.store, CREATE, ZONE(1) REGIONS);
		check_dictionary(place.store, STEER_OK, before);
		int ret = store_change(place.store, MERGE, cases[i].change, &options, &summary, &fault);
		fclose(out);
		assert_int_equal(ret, cases[i].code);
		assert_string_equal(reported, cases[i].reported);
		if (ret == STEER_OK) {
			assert_int_equal(summary.sequence, cases[i].changed ? 2 : 0);
		}
		snprintf(after, sizeof(after), "%s%s", before, cases[i].changed ? reported : "");
		check_dictionary(place.store, STEER_OK, after);
		free(reported);
		place_free(&place);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_become_nodes),
		cmocka_unit_test(a_change_leaves_the_places_it_says),
		cmocka_unit_test(warnings_say_what_a_policy_drops),
		cmocka_unit_test(a_set_is_for_63_systems_and_no_more),
		cmocka_unit_test(names_get_numbers_with_the_change_set),
		cmocka_unit_test(broken_rules_are_refused_and_nothing_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
