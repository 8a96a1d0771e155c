/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can never fit in a message is refused when it is written, what may not fit causes a warning
 * (steer-policies(7), G12).
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "core/types.h"
#include "store/change/message_room.h"
#include "unit/records.h"
#include "unit/stores.h"
#include "unit/test.h"

/* A message without header, the question "www.example. TYPE65400 IN" and OPT. */
#define ROOM (65535 - 12 - (13 + 4) - 11)
/* Bytes of each RR, of which 10 fit. */
#define RR_SIZE 6500
_Static_assert(10 * RR_SIZE <= ROOM && 11 * RR_SIZE > ROOM, "10 RRs fit, 11 do not");

static const uint8_t root[] = { 0 };

typedef struct {
	unsigned warnings;
	char text[1024];
} noted_t;

static void note_warning(void *ctx, const steer_source_location_t *origin, const char *text)
{
	(void)origin;
	noted_t *noted = ctx;
	if (strstr(text, " is external, ") != NULL) {
		return; // Targets that lead nowhere are reported, too.
	}
	noted->warnings++;
	snprintf(noted->text, sizeof(noted->text), "%s", text);
}

/*! Adds values to a record set; equal numbers give equal values. */
static void add_values(steer_change_t *change, const char *owner, const steer_change_set_t *set,
                       unsigned first, unsigned count)
{
	static uint8_t rdata[RR_SIZE - STEER_RR_HEAD];
	uint8_t name[STEER_NAME_MAX];
	name_read(name, owner, root);
	for (unsigned i = first; i < first + count; i++) {
		rdata[0] = i >> 8;
		rdata[1] = i;
		const steer_record_t record = {
			.owner = name, .rdata = rdata, .rdata_len = sizeof(rdata), .type = 65400, .ttl = 300,
			.set = set,
		};
		assert_int_equal(steer_change_add(change, 0, &record), STEER_OK);
	}
}

/*!
 * Adds the sets that a text has a word for: "N" values, "@T" its tier, "!" with a health check,
 * "=F" its first value's number (else values no other set has), "gUS" its place, "lX" its location,
 * "a" an alias of the name after it.
 */
static void add_sets(steer_change_t *change, const char *owner, const char *text)
{
	static const steer_source_location_t nowhere;
	uint8_t name[STEER_NAME_MAX], target[STEER_NAME_MAX];
	unsigned number = 0, first = 0;
	name_read(name, owner, root);
	while (*(text += strspn(text, " ")) != '\0') {
		char id[16], alias[64], location[] = "nets/X";
		size_t len = strcspn(text, " ");
		snprintf(id, sizeof(id), "s%02u", number++);
		steer_record_set_t set = { .id = id, .evaluate = true };
		unsigned count = 0;
		if (*text == 'a') {
			snprintf(alias, sizeof(alias), "%.*s.", (int)len - 1, text + 1);
			name_read(target, alias, root);
			set.alias = target;
		} else {
			char *end;
			count = strtoul(text, &end, 10);
			set.tier = *end == '@' ? strtoul(end + 1, &end, 10) : 0;
			set.has_tier = set.tier > 0;
			set.health = *end == '!' ? "check" : NULL;
			end += *end == '!';
			first = *end == '=' ? strtoul(end + 1, &end, 10) : first;
			set.has_geo = *end == 'g' && steer_geo_country_parse(end + 1, 2, &set.geo);
			set.has_location = *end == 'l';
			location[sizeof(location) - 2] = end[set.has_location];
			set.location = location;
		}
		const steer_change_set_t *made;
		assert_int_equal(steer_change_set(change, 0, name, 65400, &set, &nowhere, &made), STEER_OK);
		add_values(change, owner, made, first, count);
		first += count;
		text += len;
	}
}

static void add_policy(steer_change_t *change, const char *owner, const char *program)
{
	static const steer_source_location_t nowhere;
	uint8_t name[STEER_NAME_MAX];
	record_t record = { .steps_len = 0 };
	name_read(name, owner, root);
	steps_read(&record, program);
	assert_int_equal(steer_change_policy(change, 0, name, 65400, record.steps, record.steps_len,
	                                     &nowhere), STEER_OK);
}

static int apply(place_t *place, steer_change_t *change, noted_t *noted, steer_fault_t *fault)
{
	const steer_apply_t options = { .warn = note_warning, .ctx = noted };
	steer_summary_t summary;
	int ret = steer_store_apply(place->store, change, &options, &summary, fault);
	steer_change_free(change);
	return ret;
}

static steer_change_t *change_of(steer_zone_action_t action, const char *zone)
{
	steer_change_t *change = steer_change_new();
	assert_int_equal(change_add_text(change, action, zone), STEER_OK);
	return change;
}

#define ZONE_HEAD "example.\n@ SOA ns hm 1 2 3 4 300\n@ NS ns.x.\n"

static void what_is_chosen_together_fits_a_message(void **state)
{
	(void)state;
	enum { FITS, WARNED, REFUSED };
	static const struct {
		const char *what, *program, *sets;
		int want;
	} cases[] = {
		{ "G12: 8 sets are always chosen, and fit", "multivalue", "1 1 1 1 1 1 1 3", FITS },
		{ "8 of 9 that fit, whichever they are", "multivalue", "1 1 1 1 1 1 1 2 2", FITS },
		{ "8 of 9 that may not fit", "multivalue", "1 1 1 1 1 1 2 2 2", WARNED },
		{ "8 of 9 of which the smallest do not fit", "multivalue", "1 1 1 1 1 1 2 3 3", REFUSED },
		{ "8 that do not fit, one of which can be down", "multivalue", "2 2 2 2 2 2 2 2!", WARNED },
		{ "one of many", "weighted", "10 10 10 10", FITS },
		{ "two of many", "weighted,take2", "10 5 1", WARNED },
		{ "two of two", "weighted,take2", "10 5", REFUSED },
		{ "all, since no step drops one", "shuffle", "4 4 4", REFUSED },
		{ "two numbers to take", "take3,shuffle,take2", "5 5 5 5", FITS },
		{ "the records that sets have in common", "shuffle", "6 6=0", WARNED },
		{ "those of a tier that always answers", "up,tier", "4 4 10@1 10@1", FITS },
		{ "the same, and they do not fit", "tier", "4 7 1@1 1@1", REFUSED },
		{ "those of one that can", "up,tier", "4! 4! 10@1 10@1", WARNED },
		{ "those of a tier alone", "up,tier", "6! 6@1", FITS },
		{ "those beside an alias that can be down", "up,shuffle", "6 6 aone.elsewhere", WARNED },
		{ "a tier after what was taken", "shuffle,take2,tier", "6 6@1 6@1", WARNED },
		{ "those of a tier that always answers, though others can be down", "up,tier",
		  "4 4 10@1! 10@1!", FITS },
		{ "those of one place each", "geo", "6gUS 6gDE 6gFR 6", FITS },
		{ "those of one place", "geo", "6gUS 6gDE 6gUS", WARNED },
		{ "those of no place", "geo,up", "6gUS 6 6", WARNED },
		{ "those of a place and a tier", "geo,tier", "6gUS 6gDE 6@1gUS", FITS },
		{ "those of one location each", "cidr", "6lx 6ly 6lz 6", FITS },
		{ "those of one location", "cidr", "6lx 6ly 6ly", WARNED },
		{ "places that may all be elsewhere", "geo,shuffle", "6gUS 6gUS", WARNED },
		{ "systems that may be of one client", "asn", "6 6", WARNED },
		{ "some within a distance", "latency,within", "6 6", WARNED },
		{ "all, in order of latency or distance", "latency,nearest", "6 6", REFUSED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		steer_change_t *change = change_of(STEER_ZONE_CREATE, ZONE_HEAD);
		add_policy(change, "www.example.", cases[i].program);
		add_sets(change, "www.example.", cases[i].sets);
		noted_t noted = { 0 };
		steer_fault_t fault = { 0 };
		int ret = apply(&place, change, &noted, &fault);
		unsigned checks = strchr(cases[i].sets, '!') != NULL; // Not defined, which is reported too.
		bool warned = strstr(noted.text, "have") != NULL && strstr(noted.text, "65495") != NULL;
		if (ret != (cases[i].want == REFUSED ? STEER_EREFUSED : STEER_OK) ||
		    warned != (cases[i].want == WARNED) ||
		    (checks == 0 && noted.warnings != warned)) {
			fail_msg("%d, %u: %s %s", ret, noted.warnings, noted.text, fault.text);
		}
		assert_true(cases[i].want != REFUSED || strstr(fault.text, "allowed: up to 65495"));
		place_free(&place);
	}
}

static void what_aliases_lead_to_is_warned_of(void **state)
{
	(void)state;
	static const struct {
		const char *what, *owner, *program, *sets;
		bool warned;
	} cases[] = {
		{ "G12: one that fits", "b.example.", "shuffle", "aten.example", false },
		{ "one of two", "b.example.", "weighted", "aten.example aten.example", false },
		{ "both of two", "b.example.", "shuffle", "aten.example aone.example", true },
		{ "one beside values", "b.example.", "shuffle", "aten.example 1", true },
		{ "one of a group, some of which are taken", "b.example.", "shuffle", "asix.example 6",
		  true },
		{ "the same, and few", "b.example.", "shuffle", "asix.example 3", false },
		{ "one after an alias and a CNAME", "b.example.", "shuffle", "aon.example 1", true },
		{ "the same, and it fits", "b.example.", "shuffle", "aon.example", false },
		{ "one that leads nowhere", "b.example.", "shuffle", "aten.elsewhere 10", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		steer_change_t *change = change_of(STEER_ZONE_CREATE, ZONE_HEAD "on CNAME on2\n");
		add_values(change, "ten.example.", NULL, 0, 10);
		add_values(change, "one.example.", NULL, 20, 1);
		add_policy(change, "six.example.", "shuffle,take2");
		add_sets(change, "six.example.", "1 3 3");
		add_policy(change, "on2.example.", "shuffle");
		add_sets(change, "on2.example.", "aten.example");
		add_policy(change, cases[i].owner, cases[i].program);
		add_sets(change, cases[i].owner, cases[i].sets);
		noted_t noted = { 0 };
		steer_fault_t fault = { 0 };
		must(apply(&place, change, &noted, &fault), &fault);
		if (noted.warnings != cases[i].warned ||
		    (cases[i].warned && strstr(noted.text, "a message has room for 65497") == NULL)) {
			fail_msg("%u: %s", noted.warnings, noted.text);
		}
		place_free(&place);
	}
}

/*! Adds so many records of A or AAAA, from a number on. */
static void add_addresses(steer_change_t *change, const char *owner, uint16_t type, unsigned first,
                          unsigned count)
{
	uint8_t name[STEER_NAME_MAX], rdata[16] = { 0 };
	name_read(name, owner, root);
	for (unsigned i = first; i < first + count; i++) {
		rdata[2] = i >> 8;
		rdata[3] = i;
		const steer_record_t record = {
			.owner = name, .rdata = rdata, .rdata_len = type == TYPE_A ? 4 : 16,
			.type = type, .ttl = 300,
		};
		assert_int_equal(steer_change_add(change, 0, &record), STEER_OK);
	}
}

/*! Adds name servers n0, n1, ... of a delegation, below it, and their addresses. */
static void add_delegation(steer_change_t *change, const char *owner, unsigned servers,
                           unsigned a, unsigned aaaa)
{
	uint8_t name[STEER_NAME_MAX], rdata[STEER_NAME_MAX];
	name_read(name, owner, root);
	for (unsigned i = 0; i < servers; i++) {
		char server[64];
		snprintf(server, sizeof(server), "n%u.%s", i, owner);
		const steer_record_t record = {
			.owner = name, .rdata = rdata, .rdata_len = name_read(rdata, server, root),
			.type = TYPE_NS, .ttl = 300,
		};
		assert_int_equal(steer_change_add(change, 0, &record), STEER_OK);
		add_addresses(change, server, TYPE_A, 0, a);
		add_addresses(change, server, TYPE_AAAA, 0, aaaa);
	}
}

static bool warned_of_referral(const noted_t *noted)
{
	return strstr(noted->text, "its referral needs") != NULL;
}

static void referrals_fit_a_message(void **state)
{
	(void)state;
	/* Besides the header, the question "sub.example. NS IN" and OPT, 16 or 28 bytes per address and
	 * at least 13 per NS record. */
	static const struct {
		const char *what;
		unsigned servers, a, aaaa;
		bool warned;
	} cases[] = {
		{ "G12: a usual one", 4, 2, 2, false },
		{ "one server whose addresses fit", 1, (65495 - 13) / 16, 0, false },
		{ "and with one more", 1, (65495 - 13) / 16 + 1, 0, true },
		{ "addresses of both kinds that fit", 2, 1000, 597, false },
		{ "and do not", 2, 1000, 598, true },
		{ "many servers that fit", 1455, 2, 0, false },
		{ "and do not", 1456, 2, 0, true },
		{ "some with some addresses each that fit", 100, 18, 11, false },
		{ "and do not", 100, 20, 13, true },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		for (unsigned later = 0; later <= 1; later++) { // The store has a zone already.
			place_t place = place_new();
			noted_t noted = { 0 };
			steer_fault_t fault = { 0 };
			if (later) {
				must(apply(&place, change_of(STEER_ZONE_CREATE, ZONE_HEAD), &noted, &fault),
				     &fault);
			}
			steer_change_t *change = later ? change_of(STEER_ZONE_MERGE, "example.\n")
			                         : change_of(STEER_ZONE_CREATE, ZONE_HEAD);
			add_delegation(change, "sub.example.", cases[i].servers, cases[i].a, cases[i].aaaa);
			must(apply(&place, change, &noted, &fault), &fault);
			if (noted.warnings != cases[i].warned || warned_of_referral(&noted) != cases[i].warned) {
				fail_msg("%u: %s", noted.warnings, noted.text);
			}
			place_free(&place);
		}
	}
}

static void a_referral_is_looked_at_when_a_part_of_it_is_written(void **state)
{
	(void)state;
	place_t place = place_new();
	noted_t noted = { 0 };
	steer_fault_t fault = { 0 };
	steer_change_t *change = change_of(STEER_ZONE_CREATE, ZONE_HEAD "sub NS n0.sub\n"
	                                   "sub NS far\nother TXT x\n");
	add_addresses(change, "far.example.", TYPE_A, 0, 4000); // No referral needs these.
	add_addresses(change, "n0.sub.example.", TYPE_A, 0, 4000);
	must(apply(&place, change, &noted, &fault), &fault);
	assert_int_equal(noted.warnings, 0);

	change = change_of(STEER_ZONE_MERGE, "example.\n"); // The addresses.
	add_addresses(change, "n0.sub.example.", TYPE_AAAA, 0, 60);
	must(apply(&place, change, &noted, &fault), &fault);
	assert_int_equal(noted.warnings, 1);
	assert_true(warned_of_referral(&noted));
	must(apply(&place, change_of(STEER_ZONE_MERGE, "example.\nother TXT y\n"), &noted, &fault),
	     &fault);
	assert_int_equal(noted.warnings, 1);

	must(apply(&place, change_of(STEER_ZONE_MERGE, "example.\nsub NS n1.x.\n"), &noted, &fault),
	     &fault); // These servers are not below the delegation.
	assert_int_equal(noted.warnings, 1);
	must(apply(&place, change_of(STEER_ZONE_MERGE, "example.\nsub NS n0.sub\n"), &noted, &fault),
	     &fault); // The NS records.
	assert_int_equal(noted.warnings, 2);

	must(apply(&place, change_of(STEER_ZONE_CREATE, "sub.example.\n@ SOA ns hm 1 2 3 4 300\n"
	                             "@ NS n0\n"), &noted, &fault), &fault);
	change = change_of(STEER_ZONE_MERGE, "sub.example.\n"); // It is no longer a delegation.
	add_addresses(change, "n0.sub.example.", TYPE_A, 0, 4090);
	must(apply(&place, change, &noted, &fault), &fault);
	assert_int_equal(noted.warnings, 2);
	place_free(&place);
}

static void only_what_is_written_is_warned_of(void **state)
{
	(void)state;
	place_t place = place_new();
	noted_t noted = { 0 };
	steer_fault_t fault = { 0 };
	steer_change_t *change = change_of(STEER_ZONE_CREATE, ZONE_HEAD);
	add_policy(change, "www.example.", "shuffle");
	add_sets(change, "www.example.", "6 6=0");
	must(apply(&place, change, &noted, &fault), &fault);
	assert_int_equal(noted.warnings, 1);
	must(apply(&place, change_of(STEER_ZONE_MERGE, "example.\nwww TXT x\n"), &noted, &fault),
	     &fault);
	assert_int_equal(noted.warnings, 1);
	place_free(&place);
}

static void longer_names_leave_less_room(void **state)
{
	(void)state;
	static uint8_t rdata[UINT16_MAX];
	static const char *const owners[] = {
		"example.", "www.example.", "*.example.", "\\001\\000.example.",
		"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.example.",
	};
	for (size_t i = 0; i < COUNT(owners); i++) {
		for (unsigned more = 0; more <= 1; more++) {
			print_message("  %s %u\n", owners[i], more);
			place_t place = place_new();
			noted_t noted = { 0 };
			steer_fault_t fault = { 0 };
			uint8_t owner[STEER_NAME_MAX];
			size_t room = 65535 - 12 - (name_read(owner, owners[i], root) + 4) - 11;
			steer_change_t *change = change_of(STEER_ZONE_CREATE, ZONE_HEAD);
			const steer_record_t record = {
				.owner = owner, .rdata = rdata, .type = 65400,
				.rdata_len = room + more - STEER_RR_HEAD, .ttl = 300,
			};
			assert_int_equal(steer_change_add(change, 0, &record), STEER_OK);
			int ret = apply(&place, change, &noted, &fault);
			assert_int_equal(ret, more == 0 ? STEER_OK : STEER_EREFUSED);
			char said[64];
			snprintf(said, sizeof(said), "have %zu bytes; allowed: up to %zu,", room + 1, room);
			assert_true(more == 0 || strstr(fault.text, said) != NULL);
			place_free(&place);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(longer_names_leave_less_room),
		cmocka_unit_test(what_is_chosen_together_fits_a_message),
		cmocka_unit_test(what_aliases_lead_to_is_warned_of),
		cmocka_unit_test(referrals_fit_a_message),
		cmocka_unit_test(a_referral_is_looked_at_when_a_part_of_it_is_written),
		cmocka_unit_test(only_what_is_written_is_warned_of),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
