/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a group to the records that answer: aliases, their targets, and the cost of both. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "unit/answers.h"
#include "unit/records.h"
#include "unit/test.h"

enum { A = 1, CNAME = 5, TXT = 16 };

#define SOA "@ SOA . . 1 2 3 4 5\n"
#define NODATA "NODATA 0 AA\nAU? example. 5 SOA . . 1 2 3 4 5\n"

/*! Checks that are up and down in all tests. */
static const model_check_t checks[] = { { "up", 0, 7 }, { "down", 1, 7 }, { 0 } };
static const steer_health_slot_t slots[] = { { 7, 0 }, { 7, 1 } };
static const steer_health_table_t health_table = { slots, COUNT(slots) };

/*!
 * External targets: x.far. and old.far. have an address, none.far. and gone.far. are known to have
 * none; old.far. and gone.far. are stale.
 */
static int far_target(void *ctx, uint16_t type, const steer_key_t *name,
                      steer_external_answer_t *target)
{
	(void)ctx;
	static const uint8_t rr[] = { 0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 203, 0, 113, 9 };
	static const struct {
		const char *name;
		bool records, stale;
	} known[] = {
		{ "\1x\3far", true, false }, { "\3old\3far", true, true },
		{ "\4none\3far", false, false }, { "\4gone\3far", false, true },
	};
	for (size_t i = 0; type == A && i < COUNT(known); i++) {
		steer_key_t key;
		steer_key_from_name(&key, (const uint8_t *)known[i].name);
		if (steer_key_cmp(name->bytes, name->len, key.bytes, key.len) == 0) {
			*target = (steer_external_answer_t) {
				.ttl = 9, .rrs = rr, .rrs_len = known[i].records ? sizeof(rr) : 0,
				.count = known[i].records, .failures = known[i].stale,
			};
			return STEER_OK;
		}
	}
	return STEER_ENOENT;
}

static char *ask_world(const char *const *zones, const char *name, uint16_t type)
{
	model_t model;
	steer_chance_t chance;
	model_make_with(&model, zones, checks);
	steer_chance_seed(&chance, 1);
	world_t world = { .model = &model, .health_table = &health_table, .chance = &chance,
	                  .target = far_target };
	const steer_question_t question = question_of(name, type);
	char *text = ask(&world, &question, ROOMY, world_maybe_apex);
	model_free(&model);
	return text;
}

static void an_alias_answers_as_its_target(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone, *name;
		uint16_t type;
		const char *want;
	} cases[] = {
		{ "rule A1: under the asked name, at the apex", "@ A + alias=www\nwww 60 A 192.0.2.1\n",
		  "example.", A, "POSITIVE 0 AA\nAN = 60 A 192.0.2.1\n" },
		{ "rule A1: only for its type", "@ A + alias=www\nwww AAAA 2001:db8::1\n", "example.", 28,
		  NODATA },
		{ "rule A3: a wildcard, and asked at one", "*.a A + alias=x.b\n*.b A 192.0.2.1\n",
		  "y.a.example.", A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "rule G8: the smallest TTL of the way", "@ A + alias=c\nc 30 CNAME d\nd 90 A 192.0.2.1\n",
		  "example.", A, "POSITIVE 0 AA\nAN = 30 A 192.0.2.1\n" },
		{ "rule A3: by way of a DNAME", "@ A + alias=x.d\nd 40 DNAME e\nx.e A 192.0.2.1\n",
		  "example.", A, "POSITIVE 0 AA\nAN = 40 A 192.0.2.1\n" },
		{ "rule A5: a target that is not there", "@ A + alias=no\n", "example.", A, NODATA },
		{ "rule A5: one without the type", "@ A + alias=t\nt TXT x\n", "example.", A, NODATA },
		{ "rule A4: an external one that is known", "@ A + alias=x.far.\n", "example.", A,
		  "POSITIVE 0 AA\nAN = 9 A 203.0.113.9\n" },
		{ "rule A4: one that is known to have no data", "@ A + alias=none.far.\n", "example.", A,
		  NODATA },
		{ "rule A4: one that is not known", "@ A + alias=y.far.\n", "example.", A, "error 13\n" },
		{ "a stale one", "@ A + alias=old.far.\n", "example.", A,
		  "POSITIVE 0 AA stale\nAN = 9 A 203.0.113.9\n" },
		{ "one that has no data", "@ A + alias=gone.far.\n", "example.", A,
		  "NODATA 0 AA stale\nAU? example. 5 SOA . . 1 2 3 4 5\n" },
		{ "a stale one by way of CNAMEs", "w CNAME a\na A + alias=c\nc CNAME old.far.\n",
		  "w.example.", A,
		  "POSITIVE 0 AA stale\nAN = 300 CNAME a.example.\nAN a.example. 9 A 203.0.113.9\n" },
		{ "a stale one in the additional section", "@ MX 1 a\na A + alias=old.far.\n",
		  "example.", 15, "POSITIVE 0 AA stale\nAN = 300 MX 1 a.example.\n"
		  "AR? a.example. 9 A 203.0.113.9 <0\n" },
		{ "a stale one beside others", "@ A =up\n@ A +a alias=old.far.\n@ A +b 192.0.2.1\n",
		  "example.", A, "POSITIVE 0 AA stale\nAN = 9 A 203.0.113.9\nAN = 9 A 192.0.2.1\n" },
		{ "a stale one that is not chosen", "@ A =failover\n@ A +a tier=1 alias=old.far.\n"
		  "@ A +b tier=0 192.0.2.1\n", "example.", A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "one that is not stale beside a stale one", "@ A =failover\n"
		  "@ A +a tier=0 alias=x.far.\n@ A +b tier=1 alias=old.far.\n", "example.", A,
		  "POSITIVE 0 AA\nAN = 9 A 203.0.113.9\n" },
		{ "rule G10: a record that a preset gives twice", "@ A =up\n@ A +a alias=w\n"
		  "@ A +b alias=w\nw A =failover\nw A +a tier=0 192.0.2.1\nw A +b tier=1 192.0.2.2\n",
		  "example.", A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "rule A4: below a delegation", "@ A + alias=x.c\nc NS ns.\n", "example.", A,
		  "error 13\n" },
		{ "rule A4: below a delegation, a wildcard too", "@ A + alias=x.c\nc NS ns.\n"
		  "*.c A 192.0.2.1\n", "example.", A, "error 13\n" },
		{ "rule A4: below a delegation at a wildcard", "@ A + alias=x.c\n*.c NS ns.\n"
		  "*.c A 192.0.2.1\n", "example.", A, "error 13\n" },
		{ "rule A1: an alias of CNAME type is followed", "w CNAME + alias=c\nc 60 CNAME d\n"
		  "d A 192.0.2.1\n", "w.example.", A,
		  "POSITIVE 0 AA\nAN = 60 CNAME d.example.\nAN d.example. 300 A 192.0.2.1\n" },
		{ "rule G9: one CNAME of a group", "w CNAME =up\nw CNAME +a c\nw CNAME +b d\n",
		  "w.example.", CNAME, "POSITIVE 0 AA\nAN = 300 CNAME c.example.\n" },
		{ "rule G9: one DNAME", "w DNAME =up\nw DNAME +a c\nw DNAME +b d\n", "w.example.", 39,
		  "POSITIVE 0 AA\nAN = 300 DNAME c.example.\n" },
		{ "rule G9: and one on the way", "@ A + alias=w\nw CNAME =up\nw CNAME +a c\nw CNAME +b d\n"
		  "c A 192.0.2.1\nd A 192.0.2.2\n", "example.", A,
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "an alias by way of a CNAME that leads out does not", "@ A + alias=c\nc CNAME x.far.\n",
		  "example.", A, "POSITIVE 0 AA\nAN = 9 A 203.0.113.9\n" },
		{ "nor does an alias of CNAME type on the way", "@ A + alias=c\n"
		  "c CNAME + alias=x.far.\n", "example.", A, "POSITIVE 0 AA\nAN = 9 A 203.0.113.9\n" },
		{ "likewise by two of them, not evaluated", "@ A + alias=c evaluate=no\n"
		  "c CNAME + alias=d\nd CNAME + alias=x.far. evaluate=no\n", "example.", A,
		  "POSITIVE 0 AA\nAN = 9 A 203.0.113.9\n" },
		{ "likewise without data", "@ A + alias=c\nc CNAME + alias=none.far.\n", "example.", A,
		  NODATA },
		{ "likewise, not known", "@ A + alias=c\nc CNAME + alias=y.far.\n", "example.", A,
		  "error 13\n" },
		{ "likewise in a group of CNAMEs, of which one is good", "@ A + alias=c\n"
		  "c CNAME =up\nc CNAME +a alias=none.far.\nc CNAME +b alias=x.far.\n", "example.", A,
		  "POSITIVE 0 AA\nAN = 9 A 203.0.113.9\n" },
		{ "nor does a CNAME to an alias", "w CNAME a\na A + alias=x.far.\n", "w.example.", A,
		  "POSITIVE 0 AA\nAN = 300 CNAME a.example.\nAN a.example. 9 A 203.0.113.9\n" },
		{ "the CNAME of an alias of CNAME type does", "w CNAME + alias=c\nc CNAME x.far.\n",
		  "w.example.", A, "POSITIVE 0 AA out\nAN = 300 CNAME x.far.\n" },
		{ "and one that a policy chooses", "w CNAME =up\n"
		  "w CNAME +a health=down c\nw CNAME +b x.far.\nc A 192.0.2.1\n", "w.example.", A,
		  "POSITIVE 0 AA out\nAN = 300 CNAME x.far.\n" },
		{ "rule A4: one of several that is not known is left out", "@ A =take2\n"
		  "@ A +a alias=y.far.\n"
		  "@ A +b 192.0.2.1\n", "example.", A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "a CNAME on the way that fails", "@ A + alias=c\nc CNAME =up-servfail\n"
		  "c CNAME +a health=down d\nd A 192.0.2.1\n", "example.", A, "error 13\n" },
		{ "a CNAME behind a DNAME on the way", "@ A + alias=c\nc CNAME + alias=x.d\nd DNAME e\n"
		  "x.e CNAME w\nw A 192.0.2.1\n", "example.", A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "an address in its place", "@ A + alias=c\nc CNAME + alias=x.d\nd DNAME e\n"
		  "x.e A 192.0.2.1\n", "example.", A, NODATA },
		{ "a delegation that gives no name server", "c NS =up-none\nc NS +a health=down ns\n",
		  "x.c.example.", A, "error 13\n" },
		{ "rule G10: a value of two sets once", "@ A =multivalue\n@ A +a 192.0.2.1\n"
		  "@ A +b 192.0.2.1\n", "example.", A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "rule G10: of a group that is met twice", "@ A =up\n@ A +a alias=w\n@ A +b alias=w\n"
		  "w A 192.0.2.1\n", "example.", A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char zone[1024];
		snprintf(zone, sizeof(zone), "example.\n" SOA "%s", cases[i].zone);
		const char *const zones[] = { zone, NULL };
		char *text = ask_world(zones, cases[i].name, cases[i].type);
		assert_string_equal(text, cases[i].want);
		free(text);
	}
}

static void what_an_overlay_lacks_is_its_hosts(void **state)
{
	(void)state;
	static const struct {
		const char *what, *target;
		uint16_t type;
		const char *want;
	} cases[] = {
		{ "rule A4: what it holds", "held.far.", A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.7\n" },
		{ "rule A4: a name with another type, known", "x.far.", A,
		  "POSITIVE 0 AA\nAN = 9 A 203.0.113.9\n" },
		{ "rule A4: known to have no data", "none.far.", A, NODATA },
		{ "rule A4: not known", "held.far.", 28, "error 13\n" },
		{ "rule A4: behind a CNAME that it holds", "c.far.", A,
		  "POSITIVE 0 AA\nAN = 9 A 203.0.113.9\n" },
		{ "rule A4: a name it has names below", "ent.far.", A, "error 13\n" },
		{ "rule A4: its apex", "far.", A, "error 13\n" },
		{ "rule A4: a name it does not have", "no.far.", A, "error 13\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char zone[256];
		snprintf(zone, sizeof(zone), "example.\n" SOA "w %s + alias=%s\n",
		         cases[i].type == A ? "A" : "AAAA", cases[i].target);
		const char *const zones[] = {
			zone, "far. overlay\nheld A 192.0.2.7\nx AAAA 2001:db8::1\nnone TXT x\nc CNAME x\n"
			"a.ent A 192.0.2.8\n", NULL
		};
		char *text = ask_world(zones, "w.example.", cases[i].type);
		assert_string_equal(text, cases[i].want);
		free(text);
	}
}

static void an_alias_of_an_overlay_without_data_has_the_soa_of_the_host(void **state)
{
	(void)state;
	static const char *const zones[] = {
		"example.\n" SOA, "far. overlay\ne A + alias=no.example.\nc CNAME + alias=no.example.\n",
		NULL
	};
	static const char *const names[] = { "e.far.", "c.far." };
	for (size_t i = 0; i < COUNT(names); i++) {
		char *text = ask_world(zones, names[i], A);
		assert_string_equal(text, "NODATA 0 AA host\n");
		free(text);
	}
}

static void health_decides_between_branches(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone, *want;
	} cases[] = {
		{ "rule F1: the primary while it is healthy", "@ A =failover\n@ A +a health=up 192.0.2.1\n"
		  "@ A +b tier=1 192.0.2.2\n", "192.0.2.1" },
		{ "rule F1: the secondary once it is not", "@ A =failover\n@ A +a health=down 192.0.2.1\n"
		  "@ A +b tier=1 192.0.2.2\n", "192.0.2.2" },
		{ "rule F1: the primary if both are down", "@ A =failover\n@ A +a health=down 192.0.2.1\n"
		  "@ A +b tier=1 health=down 192.0.2.2\n", "192.0.2.1" },
		{ "rule H5: a dead branch is left", "@ A =failover\n@ A +a alias=w\n"
		  "@ A +b tier=1 192.0.2.2\nw A + health=down 192.0.2.1\n", "192.0.2.2" },
		{ "rule H4: not if its target's health does not count", "@ A =failover\n"
		  "@ A +a alias=w evaluate=no\n@ A +b tier=1 192.0.2.2\nw A + health=down 192.0.2.1\n",
		  "192.0.2.1" },
		{ "rule H2: a check on the alias closes the branch", "@ A =failover\n"
		  "@ A +a alias=w health=down\n@ A +b tier=1 192.0.2.2\nw A 192.0.2.1\n", "192.0.2.2" },
		{ "rule H5: two levels down", "@ A =failover\n@ A +a alias=v\n@ A +b tier=1 192.0.2.2\n"
		  "v A + alias=w\nw A + health=down 192.0.2.1\n", "192.0.2.2" },
		{ "rule H5: a branch without data is dead", "@ A =failover\n@ A +a alias=no\n"
		  "@ A +b tier=1 192.0.2.2\n", "192.0.2.2" },
		{ "rule H5: an external target without data is dead", "@ A =failover\n"
		  "@ A +a alias=none.far.\n"
		  "@ A +b tier=1 192.0.2.2\n", "192.0.2.2" },
		{ "rule H6: the root fails open into its branch", "@ A =failover\n@ A +a alias=w\n"
		  "@ A +b tier=1 health=down 192.0.2.2\nw A + health=down 192.0.2.1\n", "192.0.2.1" },
		{ "rule A3: an alias of CNAME type on the way is good if its target's addresses are",
		  "@ A =failover\n@ A +a alias=c\n@ A +b tier=1 192.0.2.2\nc CNAME + alias=d\n"
		  "d CNAME e\ne A + health=up 192.0.2.1\n", "192.0.2.1" },
		{ "rule A3: and dead if they are", "@ A =failover\n@ A +a alias=c\n"
		  "@ A +b tier=1 192.0.2.2\n"
		  "c CNAME + alias=d\nd CNAME e\ne A + health=down 192.0.2.1\n", "192.0.2.2" },
		{ "rule A3: the healthy target of a group of CNAMEs", "@ A + alias=c\nc CNAME =up,take1\n"
		  "c CNAME +a d\nc CNAME +b e\nd A + health=down 192.0.2.1\ne A 192.0.2.2\n", "192.0.2.2" },
		{ "rule H4: the first one if the target's health does not count",
		  "@ A + alias=c evaluate=no\n"
		  "c CNAME =up,take1\nc CNAME +a d\nc CNAME +b e\nd A + health=down 192.0.2.1\n"
		  "e A 192.0.2.2\n", "192.0.2.1" },
		{ "rule H3: strictly, a healthy one of a group without up", "@ A + alias=w\nw A =take1\n"
		  "w A +a health=down 192.0.2.1\nw A +b health=up 192.0.2.2\n", "192.0.2.2" },
		{ "rule H5: the healthy set of a preset", "@ A + alias=w\nw A =weighted\n"
		  "w A +a weight=9 health=down 192.0.2.1\nw A +b health=up 192.0.2.2\n"
		  "w A +c weight=0 192.0.2.3\n", "192.0.2.2" },
		{ "rule H6: openly, the first tier of it", "@ A + alias=w\nw A =failover\n"
		  "w A +a health=down 192.0.2.1\nw A +b tier=1 health=down 192.0.2.2\n", "192.0.2.1" },
		{ "rule H6: openly, the first of it", "@ A + alias=w evaluate=no\nw A =take1\n"
		  "w A +a health=down 192.0.2.1\nw A +b health=up 192.0.2.2\n", "192.0.2.1" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char zone[1024], want[256];
		snprintf(zone, sizeof(zone), "example.\n" SOA "%s", cases[i].zone);
		snprintf(want, sizeof(want), "POSITIVE 0 AA\nAN = 300 A %s\n", cases[i].want);
		const char *const zones[] = { zone, NULL };
		char *text = ask_world(zones, "example.", A);
		assert_string_equal(text, want);
		free(text);
	}
}

static void any_is_answered_by_the_first_group_that_has_data(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone, *want;
	} cases[] = {
		{ "rule G11: the first", "w A 192.0.2.1\nw TXT hello\n",
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "rule G11: not an alias without data", "w A + alias=no\nw TXT hello\n",
		  "POSITIVE 0 AA\nAN = 300 TXT hello\n" },
		{ "rule G11: not a policy that keeps none", "w A =up-none,take1\n"
		  "w A +a health=down 192.0.2.1\n"
		  "w TXT hello\n", "POSITIVE 0 AA\nAN = 300 TXT hello\n" },
		{ "rule G11: the third", "w A + alias=no\nw TXT + alias=no\nw AAAA 2001:db8::1\n",
		  "POSITIVE 0 AA\nAN = 300 AAAA 2001:db8::1\n" },
		{ "rule G11: not one that fails", "w A + alias=y.far.\nw TXT hello\n",
		  "POSITIVE 0 AA\nAN = 300 TXT hello\n" },
		{ "rule G11: not a policy that fails", "w A =up-servfail\nw A +a health=down 192.0.2.1\n"
		  "w TXT hello\n", "POSITIVE 0 AA\nAN = 300 TXT hello\n" },
		{ "rule G11: a failed one if no other has data", "w A + alias=y.far.\nw TXT + alias=no\n",
		  "error 13\n" },
		{ "rule G11: whichever is first", "w A + alias=no\nw TXT + alias=y.far.\n", "error 13\n" },
		{ "rule G11: none", "w A + alias=no\nw TXT + alias=no\n", NODATA },
		{ "rule G11: at a wildcard", "*.w A + alias=no\n*.w TXT hello\n",
		  "POSITIVE 0 AA\nAN = 300 TXT hello\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char zone[1024];
		snprintf(zone, sizeof(zone), "example.\n" SOA "%s", cases[i].zone);
		const char *const zones[] = { zone, NULL };
		char *text = ask_world(zones, *cases[i].zone == '*' ? "x.w.example." : "w.example.", 255);
		assert_string_equal(text, cases[i].want);
		free(text);
	}
}

static void any_is_looked_for_again_behind_a_group_without_data(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		bool found; /*!< May be cached. */
	} cases[] = {
		{ "example.\n" SOA "w A 192.0.2.1\nw TXT hello\n", true },
		{ "example.\n" SOA "w A =up-none\nw A +a health=up 192.0.2.1\nw TXT hello\n", false },
		{ "example.\n" SOA "w A =up-none\nw A +a health=down 192.0.2.1\nw TXT hello\n", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const zones[] = { cases[i].zone, NULL };
		model_t model;
		model_make_with(&model, zones, checks);
		world_t world = { .model = &model, .health_table = &health_table };
		const steer_question_t question = question_of("w.example.", 255);
		assert_int_equal(found_for(&world, &question).at != NULL, cases[i].found);
		model_free(&model);
	}
}

/*! What answered a question once need not answer it again. */
static void a_remembered_policy_may_keep_no_set(void **state)
{
	(void)state;
	static const char *const zones[] = {
		"example.\n" SOA "w A =up-none\nw A +a health=up 192.0.2.1\n"
		"f A =up-servfail\nf A +a health=up 192.0.2.1\n*.x A + alias=w\nl A + alias=w\n", NULL
	};
	static const steer_health_slot_t down_slots[] = { { 7, 1 }, { 7, 1 } };
	static const steer_health_table_t all_down = { down_slots, COUNT(down_slots) };
	static const char *const names[] = {
		"w.example.", "f.example.", "a.x.example.", "l.example.",
	};
	model_t model;
	model_make_with(&model, zones, checks);
	for (size_t i = 0; i < COUNT(names); i++) {
		world_t world = { .model = &model, .health_table = &health_table };
		const steer_question_t question = question_of(names[i], A);
		char *body = NULL;
		size_t size;
		paper_t paper = { .out = open_memstream(&body, &size), .room = ROOMY };
		steer_lookup_t lookup = world_lookup(&world, world_maybe_apex);
		const steer_sink_t sink = { .put = paper_put, .ctx = &paper, .room = STEER_WIRE_MAX };
		steer_outcome_t outcome;
		steer_found_t found;
		assert_int_equal(steer_answer(&lookup, &question, STEER_NO_ZONE, &sink, &outcome, &found),
		                 STEER_OK);
		assert_non_null(found.node);
		fclose(paper.out);
		free(body);
		lookup.health_table = &all_down;
		paper = (paper_t) { .out = open_memstream(&body, &size), .room = ROOMY };
		int ret = steer_answer_group(&found, &lookup, &question, &sink, &outcome);
		fclose(paper.out);
		char *text = answer_text(ret, &outcome, body);
		assert_string_equal(text, names[i][0] == 'f' ? "error 13\n" : NODATA);
		free(text);
	}
	model_free(&model);
}

static void any_tries_sixty_four_groups(void **state)
{
	(void)state;
	for (unsigned empty = 63; empty <= 64; empty++) {
		char *zone = NULL;
		size_t size;
		FILE *out = open_memstream(&zone, &size);
		fputs("example.\n" SOA, out);
		for (unsigned i = 0; i < empty; i++) {
			fprintf(out, "w TYPE%u + alias=no\n", 1000 + i);
		}
		fputs("w TYPE2000 c0\n", out);
		fclose(out);
		const char *const zones[] = { zone, NULL };
		char *text = ask_world(zones, "w.example.", 255);
		assert_string_equal(text, empty < 64 ? "POSITIVE 0 AA\nAN = 300 TYPE2000 c0\n" : NODATA);
		free(text);
		free(zone);
	}
}

/*! A zone with a chain of aliases and an address at the end. */
static char *chain_of(unsigned links)
{
	char *zone = NULL;
	size_t size;
	FILE *out = open_memstream(&zone, &size);
	fputs("example.\n" SOA, out);
	for (unsigned i = 0; i < links; i++) {
		fprintf(out, "n%u A + alias=n%u\n", i, i + 1);
	}
	fprintf(out, "n%u A 192.0.2.1\n", links);
	fclose(out);
	return zone;
}

static void a_way_has_sixteen_links_at_most(void **state)
{
	(void)state;
	for (unsigned links = STEER_ALIAS_DEPTH - 1; links <= STEER_ALIAS_DEPTH + 1; links++) {
		char *zone = chain_of(links); // Rule A7.
		const char *const zones[] = { zone, NULL };
		char *text = ask_world(zones, "n0.example.", A);
		assert_string_equal(text, links <= STEER_ALIAS_DEPTH
		                    ? "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" : "error 13\n");
		free(text);
		free(zone);
	}
}

/*! A tree in which each group has aliases to the next one, which ends in what is down. */
static char *tree_of(unsigned levels, unsigned branches)
{
	char *zone = NULL;
	size_t size;
	FILE *out = open_memstream(&zone, &size);
	fputs("example.\n" SOA, out);
	for (unsigned i = 0; i < levels; i++) {
		fprintf(out, "n%u A =multivalue\n", i);
		for (unsigned k = 0; k < branches; k++) {
			fprintf(out, "n%u A +b%u alias=n%u\n", i, k, i + 1);
		}
	}
	fprintf(out, "n%u A + health=down 192.0.2.1\n", levels);
	fclose(out);
	return zone;
}

/*! A group with an alias to each of many names that are down. */
static char *fan_of(unsigned names)
{
	char *zone = NULL;
	size_t size;
	FILE *out = open_memstream(&zone, &size);
	fputs("example.\n" SOA "n0 A =failover\n", out);
	for (unsigned i = 0; i < names; i++) {
		fprintf(out, "n0 A +b%u alias=d%u\nd%u A + health=down 192.0.2.%u\n", i, i, i, i % 8);
	}
	fclose(out);
	return zone;
}

/*! Asks for n0.example.; takes the zone. \param[out] gets  Lookups of nodes. */
static char *ask_typed(char *zone, uint16_t type, unsigned *gets)
{
	const char *const zones[] = { zone, NULL };
	model_t model;
	steer_chance_t chance;
	model_make_with(&model, zones, checks);
	steer_chance_seed(&chance, 1);
	world_t world = { .model = &model, .health_table = &health_table, .chance = &chance };
	const steer_question_t question = question_of("n0.example.", type);
	char *text = ask(&world, &question, ROOMY, world_maybe_apex);
	*gets = world.gets;
	model_free(&model);
	free(zone);
	return text;
}

static char *ask_counted(char *zone, unsigned *gets)
{
	return ask_typed(zone, A, gets);
}

static void the_work_for_an_answer_is_bounded(void **state)
{
	(void)state;
	unsigned gets; // Rule A8.
	char *text = ask_counted(tree_of(8, 8), &gets); // 8^8 paths, all down: too many to pick.
	assert_string_equal(text, "error 13\n");
	assert_in_range(gets, 8, 64);
	free(text);
	for (unsigned names = STEER_NAMES_MAX; names <= STEER_NAMES_MAX + 1; names++) {
		text = ask_counted(fan_of(names), &gets);
		assert_int_equal(strncmp(text, "POSITIVE", 8) == 0, names == STEER_NAMES_MAX);
		assert_in_range(gets, STEER_NAMES_MAX, 2 * STEER_NAMES_MAX);
		free(text);
	}
}

/*! A tree like tree_of(), of policies that keep all, with the addresses of a group at the end. */
static char *full_tree_of(unsigned levels, unsigned branches, const char *program)
{
	char *zone = NULL;
	size_t size;
	FILE *out = open_memstream(&zone, &size);
	fputs("example.\n" SOA, out);
	for (unsigned i = 0; i < levels; i++) {
		fprintf(out, "n%u A =%s\n", i, i + 1 < levels ? "up" : program);
		for (unsigned k = 0; k < branches && i + 1 < levels; k++) {
			fprintf(out, "n%u A +b%u alias=n%u evaluate=%s\n", i, k, i + 1,
			        k % 2 == 0 ? "yes" : "no");
		}
	}
	for (unsigned k = 1; k <= 3; k++) {
		fprintf(out, "n%u A +b%u 192.0.2.%u\n", levels - 1, k, k);
	}
	fclose(out);
	return zone;
}

static void a_name_that_is_whole_is_not_gathered_again(void **state)
{
	(void)state;
	static const struct {
		const char *program;
		unsigned levels;
		bool whole;
	} cases[] = {
		{ "up", 15, true },        // 8^14 paths that lead to the same records each time ...
		{ "up,take2", 15, false }, // ... and that may lead to other records each time.
		{ "multivalue", 15, false },
		{ "weighted", 3, true },   // 64 draws lead to each record.
		{ "weighted", 4, false },  // 512 draws are too much work.
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned gets;
		char *text = ask_counted(full_tree_of(cases[i].levels, 8, cases[i].program),
		                         &gets);
		assert_int_equal(strncmp(text, "POSITIVE", 8) == 0, cases[i].whole);
		for (unsigned k = 1; k <= 3 && cases[i].whole; k++) {
			char address[32];
			snprintf(address, sizeof(address), "A 192.0.2.%u\n", k);
			const char *at = strstr(text, address);
			assert_true(at != NULL && strstr(at + 1, address) == NULL);
		}
		free(text);
	}
}

/*! A name with groups that keep none of many sets, then one with a policy, or without. */
static char *groups_of(unsigned groups, const char *last)
{
	char *zone = NULL;
	size_t size;
	FILE *out = open_memstream(&zone, &size);
	fputs("example.\n" SOA, out);
	for (unsigned i = 0; i < groups; i++) {
		fprintf(out, "w TYPE%u =up-none\n", 1000 + i);
		for (unsigned k = 0; k < STEER_SETS_MAX; k++) {
			fprintf(out, "w TYPE%u +s%u health=down c0\n", 1000 + i, k);
		}
	}
	fputs(last, out);
	fclose(out);
	return zone;
}

static void any_runs_no_policy_behind_much_work(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		unsigned groups;
		const char *last, *text;
	} cases[] = {
		{ "a policy behind little work", 3, "w TYPE2000 =up\nw TYPE2000 +a c0\nw TYPE2000 +b c0\n",
		  "POSITIVE 0 AA\nAN = 300 TYPE2000 c0\n" },
		{ "a policy behind much", 4, "w TYPE2000 =up\nw TYPE2000 +a c0\nw TYPE2000 +b c0\n",
		  "error 13\n" },
		{ "values behind much", 4, "w TYPE2000 c0\n", "POSITIVE 0 AA\nAN = 300 TYPE2000 c0\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char *zone = groups_of(cases[i].groups, cases[i].last);
		const char *const zones[] = { zone, NULL };
		char *text = ask_world(zones, "w.example.", 255); // Rule G11.
		assert_string_equal(text, cases[i].text);
		free(text);
		free(zone);
	}
}

/*! Hosts of mail, whose addresses are groups of many sets. */
static char *hosts_of(unsigned hosts, unsigned sets)
{
	char *zone = NULL;
	size_t size;
	FILE *out = open_memstream(&zone, &size);
	fputs("example.\n" SOA, out);
	for (unsigned i = 0; i < hosts; i++) {
		fprintf(out, "n0 MX %u h%u\nh%u A =up,weighted-client,take1\n", i, i, i);
		for (unsigned k = 0; k < sets; k++) {
			fprintf(out, "h%u A +s%u weight=1 192.0.2.1\n", i, k);
		}
	}
	fclose(out);
	return zone;
}

static void addresses_behind_much_work_are_left_out(void **state)
{
	(void)state;
	static const struct {
		unsigned sets, count;
	} cases[] = {
		{ 10, 10 }, { STEER_SETS_MAX, 2 }, // Rule A8.
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned gets, count = 0;
		char *text = ask_typed(hosts_of(10, cases[i].sets), 15, &gets);
		assert_int_equal(strncmp(text, "POSITIVE", 8), 0);
		for (const char *at = text; (at = strstr(at, "\nAR")) != NULL; at++) {
			count++;
		}
		assert_int_equal(count, cases[i].count);
		free(text);
	}
}

static void a_name_is_looked_at_once(void **state)
{
	(void)state;
	unsigned gets; // Each link needs the health of the whole chain after it.
	char *text = ask_counted(chain_of(STEER_ALIAS_DEPTH), &gets);
	assert_string_equal(text, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n");
	assert_in_range(gets, STEER_ALIAS_DEPTH, 2 * STEER_ALIAS_DEPTH + 4);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alias_answers_as_its_target),
		cmocka_unit_test(what_an_overlay_lacks_is_its_hosts),
		cmocka_unit_test(an_alias_of_an_overlay_without_data_has_the_soa_of_the_host),
		cmocka_unit_test(health_decides_between_branches),
		cmocka_unit_test(any_is_answered_by_the_first_group_that_has_data),
		cmocka_unit_test(any_is_looked_for_again_behind_a_group_without_data),
		cmocka_unit_test(a_remembered_policy_may_keep_no_set),
		cmocka_unit_test(any_tries_sixty_four_groups),
		cmocka_unit_test(any_runs_no_policy_behind_much_work),
		cmocka_unit_test(addresses_behind_much_work_are_left_out),
		cmocka_unit_test(a_name_that_is_whole_is_not_gathered_again),
		cmocka_unit_test(a_way_has_sixteen_links_at_most),
		cmocka_unit_test(the_work_for_an_answer_is_bounded),
		cmocka_unit_test(a_name_is_looked_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
