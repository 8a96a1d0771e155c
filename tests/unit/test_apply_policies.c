/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "core/pick.h"
#include "store/change/contents.h"
#include "store/status.h"
#include "unit/changes.h"
#include "unit/compare.h"
#include "unit/records.h"
#include "unit/test.h"

/* Groups of two record sets. */
#define BLUE_GREEN "www A =weighted\nwww 60 A +blue weight=90 192.0.2.1\n" \
                   "www 60 A +green weight=10 192.0.2.2\n"
#define TIERS "www A =up,tier\nwww A +a tier=1 192.0.2.1\nwww A +b 192.0.2.2\n"

static void a_zone_with_policies_becomes_nodes(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone;
	} cases[] = {
		{ "a weighted group", ZONE(1) BLUE_GREEN },
		{ "its policy after its sets", ZONE(1) "www A +blue weight=90 192.0.2.1\n"
		  "www A +green weight=10 192.0.2.2\nwww A =weighted\n" },
		{ "weights that are not given are 1, and 0 if given", ZONE(1)
		  "www A =weighted\nwww A +a 192.0.2.1\nwww A +b weight=0 192.0.2.2\n"
		  "www A +c weight=4294967295 192.0.2.3\n" },
		{ "several values, some in two sets", ZONE(1) "www A =multivalue\nwww A +a 192.0.2.2\n"
		  "www A +a 192.0.2.1\nwww A +b 192.0.2.2\n" },
		{ "G6: tiers come before identifiers", ZONE(1) TIERS },
		{ "values of several sets in turn", ZONE(1) "www A =multivalue\nwww A +a 192.0.2.2\n"
		  "www A +b 192.0.2.3\nwww A +a 192.0.2.1\nwww A +b 192.0.2.1\n" },
		{ "an alias at the apex", ZONE(1) "@ A + alias=www\nwww A 192.0.2.1\n" },
		{ "one that does not evaluate", ZONE(1) "@ A + alias=www evaluate=no\nwww A 192.0.2.1\n" },
		{ "an alias beside values in a group", ZONE(1) "www A =weighted\nwww A +a alias=other\n"
		  "www 60 A +b 192.0.2.1\nother A 192.0.2.2\n" },
		{ "an alias of a wildcard, at a wildcard", ZONE(1) "*.a A + alias=x.b\n*.b A 192.0.2.1\n" },
		{ "types of a name with policies of their own", ZONE(1) BLUE_GREEN
		  "www AAAA =multivalue\nwww AAAA +x 2001:db8::1\nwww TXT hello\n" },
		{ "a delegation by weight, with names below", ZONE(1) "c NS =weighted\nc NS +a ns.c\n"
		  "c NS +b ns.other.\nns.c A 192.0.2.1\n" },
		{ "a delegation by weight above another", ZONE(1) "c NS =weighted\nc NS +a ns.c\n"
		  "low.c NS ns.c\nx.low.c A 192.0.2.1\n" },
		{ "a failover whose secondary has no check", ZONE(1) "www A =failover\nwww A +a alias=x\n"
		  "www A +b tier=1 192.0.2.1\nx A 192.0.2.2\n" },
		{ "CNAMEs by weight", ZONE(1) "www CNAME =weighted\nwww CNAME +a x\nwww CNAME +b y\n" },
		{ "a CNAME by alias", ZONE(1) "www CNAME + alias=a\na CNAME b\n" },
		{ "DNAMEs by weight", ZONE(1) "d DNAME =weighted\nd DNAME +a x\nd DNAME +b y\n" },
		{ "a group of one set", ZONE(1) "www A =weighted\nwww A +only 192.0.2.1\n" },
		{ "TTLs of their own, without weights", ZONE(1) "www A =multivalue\nwww 60 A +a 192.0.2.1\n"
		  "www 90 A +b 192.0.2.2\n" },
		{ "an empty attribute list is a plain record set", ZONE(1) "www A + 192.0.2.1\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		store_must(place.store, CREATE, cases[i].zone);
		const char *const zones[] = { cases[i].zone, NULL };
		check_store(&place, zones);
		place_free(&place);
	}
}

/* Changes: what they must leave, and how many record sets differ, by identifier. */

static void a_change_leaves_the_group_it_says(void **state)
{
	(void)state;
	static const model_check_t checks[] = { { "web", 0, 1 }, { "late", 0, 2 }, { NULL, 0, 0 } };
	static const change_case_t cases[] = {
		{ "a set with an identifier replaces the one of that identifier", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww 60 A +green weight=20 192.0.2.3\n",
		  ZONE(2) "www A =weighted\nwww 60 A +blue weight=90 192.0.2.1\n"
		  "www 60 A +green weight=20 192.0.2.3\n", 0, 2, 0, 2 },
		{ "another one joins them, and the policy stays", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww 60 A +red 192.0.2.3\n",
		  ZONE(2) BLUE_GREEN "www 60 A +red 192.0.2.3\n", 1, 1, 0, 2 },
		{ "the same set again", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww 60 A +green weight=10 192.0.2.2\n", ZONE(1) BLUE_GREEN, 0, 0, 0, 0 },
		{ "the same policy again", ZONE(1) BLUE_GREEN, MERGE, "example.\nwww A =weighted\n",
		  ZONE(1) BLUE_GREEN, 0, 0, 0, 0 },
		{ "a set without identifier replaces the whole group", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A 192.0.2.9\n", ZONE(2) "www A 192.0.2.9\n", 1, 1, 2, 2 },
		{ "an alias without identifier does, too", ZONE(1) BLUE_GREEN "x A 192.0.2.1\n", MERGE,
		  "example.\nwww A + alias=x\n", ZONE(2) "x A 192.0.2.1\nwww A + alias=x\n", 1, 1, 2, 2 },
		{ "from simple to weighted in one change set", ZONE(1) "www A 192.0.2.9\n", MERGE,
		  "example.\n" BLUE_GREEN, ZONE(2) BLUE_GREEN, 2, 1, 1, 2 },
		{ "from an alias to weighted", ZONE(1) "www A + alias=ns\nns A 192.0.2.1\n", MERGE,
		  "example.\n" BLUE_GREEN, ZONE(2) BLUE_GREEN "ns A 192.0.2.1\n", 2, 1, 1, 2 },
		{ "the policy alone: what no step reads goes", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A =multivalue\n",
		  ZONE(2) "www A =multivalue\nwww 60 A +blue 192.0.2.1\nwww 60 A +green 192.0.2.2\n", 0, 3,
		  0, 2 },
		{ "the policy alone: what its steps read begins", ZONE(1)
		  "www A =multivalue\nwww A +a 192.0.2.1\n", MERGE, "example.\nwww A =weighted\n",
		  ZONE(2) "www A =weighted\nwww A +a weight=1 192.0.2.1\n", 0, 2, 0, 2 },
		{ "the policy alone: weights stay for a step that reads them", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A =weighted,take2\n", ZONE(2) "www A =weighted,take2\n"
		  "www 60 A +blue weight=90 192.0.2.1\nwww 60 A +green weight=10 192.0.2.2\n", 0, 3, 0, 2 },
		{ "the policy alone: tiers go, and the order with them", ZONE(1) TIERS, MERGE,
		  "example.\nwww A =multivalue\n",
		  ZONE(2) "www A =multivalue\nwww A +a 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 3, 0, 2 },
		{ "a policy and one of its sets", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A =up,tier\nwww A +blue tier=3 192.0.2.7\n",
		  ZONE(2) "www A =up,tier\nwww 60 A +green 192.0.2.2\nwww A +blue tier=3 192.0.2.7\n",
		  0, 3, 0, 2 },
		{ "a set that gets another tier is one that changed", ZONE(1) TIERS, MERGE,
		  "example.\nwww A +a 192.0.2.1\n",
		  ZONE(2) "www A =up,tier\nwww A +a 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 2, 0, 2 },
		{ "removal of a set", ZONE(1) BLUE_GREEN, MERGE, "example.\n-www A green\n",
		  ZONE(2) "www A =weighted\nwww 60 A +blue weight=90 192.0.2.1\n", 0, 1, 1, 2 },
		{ "removal of the last sets removes the group", ZONE(1) BLUE_GREEN "www TXT x\n", MERGE,
		  "example.\n-www A green\n-www A blue\n", ZONE(2) "www TXT x\n", 0, 1, 2, 2 },
		{ "and the name", ZONE(1) BLUE_GREEN, MERGE, "example.\n-www A blue\n-www A green\n",
		  ZONE(2), 0, 1, 2, 1 },
		{ "removal of all of a type", ZONE(1) BLUE_GREEN, MERGE, "example.\n-www A\n", ZONE(2), 0,
		  1, 2, 1 },
		{ "removal of a set, and others come", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\n-www A green\nwww 60 A +red 192.0.2.3\n",
		  ZONE(2) "www A =weighted\nwww 60 A +blue weight=90 192.0.2.1\nwww 60 A +red 192.0.2.3\n",
		  1, 1, 1, 2 },
		{ "all sets go, and the policy stays for others", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\n-www A green\n-www A blue\nwww A +red 192.0.2.3\n",
		  ZONE(2) "www A =weighted\nwww A +red 192.0.2.3\n", 1, 1, 2, 2 },
		{ "removal of a group, and another comes", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\n-www A\nwww A =multivalue\nwww A +x 192.0.2.3\n",
		  ZONE(2) "www A =multivalue\nwww A +x 192.0.2.3\n", 1, 1, 2, 2 },
		{ "an alias that has no identifier is removed by an empty one", ZONE(1)
		  "www A + alias=ns\nns A 192.0.2.1\n", MERGE, "example.\n-www A\n",
		  ZONE(2) "ns A 192.0.2.1\n", 0, 1, 1, 1 },
		{ "a set keeps its values, and gets another weight", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A +green keep=cle weight=20\n", ZONE(2) "www A =weighted\n"
		  "www 60 A +blue weight=90 192.0.2.1\nwww 60 A +green weight=20 192.0.2.2\n", 0, 2, 0, 2 },
		{ "it keeps its weight, and gets other values", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A +green keep=wl 192.0.2.7\nwww A +green 192.0.2.8\n",
		  ZONE(2) "www A =weighted\nwww 60 A +blue weight=90 192.0.2.1\n"
		  "www 60 A +green weight=10 192.0.2.7\nwww 60 A +green 192.0.2.8\n", 0, 2, 0, 2 },
		{ "it keeps its tier and its check, and gets a TTL", ZONE(1)
		  "www A =up,tier\nwww A +a tier=1 health=web 192.0.2.1\nwww A +b 192.0.2.2\n", MERGE,
		  "example.\nwww 20 A +a keep=cthe\n", ZONE(2)
		  "www A =up,tier\nwww 20 A +a tier=1 health=web 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 2,
		  0, 2 },
		{ "it loses its tier and its check", ZONE(1)
		  "www A =up,tier\nwww A +a tier=1 health=web 192.0.2.1\nwww A +b 192.0.2.2\n", MERGE,
		  "example.\nwww A +a keep=cle\n", ZONE(2)
		  "www A =up,tier\nwww A +a 192.0.2.1\nwww A +b 192.0.2.2\n", 0, 2, 0, 2 },
		{ "it keeps that it is an alias, and how", ZONE(1) "ns A 192.0.2.9\n"
		  "www A =weighted\nwww A +a alias=ns evaluate=no\n", MERGE,
		  "example.\nwww A +a keep=cle weight=7\n", ZONE(2) "ns A 192.0.2.9\n"
		  "www A =weighted\nwww A +a weight=7 alias=ns evaluate=no\n", 0, 2, 0, 2 },
		{ "another target, and how stays", ZONE(1) "ns A 192.0.2.9\nm A 192.0.2.9\n"
		  "www A =weighted\nwww A +a weight=7 alias=ns evaluate=no\n", MERGE,
		  "example.\nwww A +a keep=lwe alias=m\n", ZONE(2) "ns A 192.0.2.9\nm A 192.0.2.9\n"
		  "www A =weighted\nwww A +a weight=7 alias=m evaluate=no\n", 0, 2, 0, 2 },
		{ "the same target, otherwise", ZONE(1) "ns A 192.0.2.9\n"
		  "www A =weighted\nwww A +a weight=7 alias=ns evaluate=no\n", MERGE,
		  "example.\nwww A +a keep=clw evaluate=yes\n", ZONE(2) "ns A 192.0.2.9\n"
		  "www A =weighted\nwww A +a weight=7 alias=ns\n", 0, 2, 0, 2 },
		{ "an alias gets values, and the TTL of the others", ZONE(1) "ns A 192.0.2.9\n"
		  "www A =weighted\nwww A +a alias=ns\nwww 60 A +b 192.0.2.2\n", MERGE,
		  "example.\nwww A +a keep=lwhe 192.0.2.1\n", ZONE(2) "ns A 192.0.2.9\n"
		  "www A =weighted\nwww 60 A +a 192.0.2.1\nwww 60 A +b 192.0.2.2\n", 0, 2, 0, 2 },
		{ "a new set keeps nothing but the TTL of the others", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A +red keep=lwth 192.0.2.3\n", ZONE(2) BLUE_GREEN
		  "www 60 A +red 192.0.2.3\n", 1, 1, 0, 2 },
		{ "a simple set keeps its values", ZONE(1) "www 60 A 192.0.2.1\n", MERGE,
		  "example.\nwww A + keep=cle health=late\n", ZONE(2) "www 60 A + health=late 192.0.2.1\n",
		  0, 2, 0, 2 },
		{ "and is plain again", ZONE(1) "www 60 A + health=web 192.0.2.1\n", MERGE,
		  "example.\nwww A + keep=cle\n", ZONE(2) "www 60 A 192.0.2.1\n", 0, 2, 0, 2 },
		{ "a simple set keeps the TTL of the group that goes", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A + keep=l 192.0.2.9\n", ZONE(2) "www 60 A 192.0.2.9\n", 1, 1, 2, 2 },
		{ "the TTL of a whole group", ZONE(1) BLUE_GREEN "www A +x alias=ns\nns A 192.0.2.9\n",
		  MERGE, "example.\nwww 20 A ~\n", ZONE(2) "www A =weighted\n"
		  "www 20 A +blue weight=90 192.0.2.1\nwww 20 A +green weight=10 192.0.2.2\n"
		  "www A +x alias=ns\nns A 192.0.2.9\n", 0, 3, 0, 2 },
		{ "the TTL of a group, and its policy", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A =multivalue\nwww 20 A ~\n", ZONE(2) "www A =multivalue\n"
		  "www 20 A +blue 192.0.2.1\nwww 20 A +green 192.0.2.2\n", 0, 3, 0, 2 },
		{ "the TTL of a plain set", ZONE(1) "www A 192.0.2.1\nwww A 192.0.2.2\n", MERGE,
		  "example.\nwww 20 A ~\n",
		  ZONE(2) "www 20 A 192.0.2.1\nwww 20 A 192.0.2.2\n", 0, 2, 0, 2 },
		{ "the TTL of the SOA", ZONE(1), MERGE, "example.\n@ 20 SOA ~\n",
		  "example.\n@ 20 SOA ns hm 2 2 3 4 5\n@ NS ns\n", 0, 1, 0, 1 },
		{ "a preset for a new group", ZONE(1), MERGE,
		  "example.\nwww A ~weighted\nwww 60 A +blue weight=90 192.0.2.1\n",
		  ZONE(2) "www A =weighted\nwww 60 A +blue weight=90 192.0.2.1\n", 1, 1, 0, 2 },
		{ "one that is there keeps its policy", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A ~multivalue\nwww 60 A +red 192.0.2.3\n",
		  ZONE(2) BLUE_GREEN "www 60 A +red 192.0.2.3\n", 1, 1, 0, 2 },
		{ "replace with the same", ZONE(1) BLUE_GREEN, REPLACE, ZONE(1) BLUE_GREEN,
		  ZONE(1) BLUE_GREEN, 0, 0, 0, 0 },
		{ "replace drops the sets that are not named", ZONE(1) BLUE_GREEN, REPLACE,
		  ZONE(1) "www A =weighted\nwww 60 A +green weight=10 192.0.2.2\n",
		  ZONE(2) "www A =weighted\nwww 60 A +green weight=10 192.0.2.2\n", 0, 1, 1, 2 },
		{ "replace with a plain one", ZONE(1) BLUE_GREEN, REPLACE, ZONE(1) "www A 192.0.2.1\n",
		  ZONE(2) "www A 192.0.2.1\n", 1, 1, 2, 2 },
		{ "other types stay as they are", ZONE(1) BLUE_GREEN "www TXT x\nwww AAAA =weighted\n"
		  "www AAAA +a 2001:db8::1\n", MERGE, "example.\nwww TXT y\n",
		  ZONE(2) BLUE_GREEN "www TXT y\nwww AAAA =weighted\nwww AAAA +a 2001:db8::1\n",
		  0, 2, 0, 2 },
		{ "a delegation by weight comes", ZONE(1) "x.c TXT x\n", MERGE,
		  "example.\nc NS =weighted\nc NS +a ns.c\n",
		  ZONE(2) "x.c TXT x\nc NS =weighted\nc NS +a ns.c\n", 1, 1, 0, 3 },
		{ "its last set goes: names below are ours again", ZONE(1)
		  "x.c TXT x\nc NS =weighted\nc NS +a ns.c\n", MERGE, "example.\n-c NS a\n",
		  ZONE(2) "x.c TXT x\n", 0, 1, 1, 3 },
		{ "one of its sets goes: names below stay cut", ZONE(1)
		  "x.c TXT x\nc NS =weighted\nc NS +a ns.c\nc NS +b ns\n", MERGE, "example.\n-c NS a\n",
		  ZONE(2) "x.c TXT x\nc NS =weighted\nc NS +b ns\n", 0, 1, 1, 2 },
		{ "its policy changes: names below stay cut", ZONE(1)
		  "x.c TXT x\nc NS =weighted\nc NS +a ns.c\n", MERGE, "example.\nc NS =shuffle\n",
		  ZONE(2) "x.c TXT x\nc NS =shuffle\nc NS +a ns.c\n", 0, 2, 0, 2 },
	};
	check_changes(cases, COUNT(cases), checks);
}

static void lines_in_any_order_make_the_same_nodes(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"www A =weighted\n", "www 60 A +blue weight=90 192.0.2.1\n",
		"www 60 A +blue weight=90 192.0.2.7\n",
		"www 60 A +green 192.0.2.7\n", "www A +alias alias=x\n", "x A 192.0.2.1\n", "www TXT x\n",
	};
	char *first = NULL;
	uint32_t seed = 1;
	for (unsigned round = 0; round < 20; round++) {
		unsigned order[COUNT(lines)];
		for (unsigned i = 0; i < COUNT(lines); i++) {
			seed = seed * 1664525 + 1013904223;
			unsigned at = seed >> 8;
			at %= i + 1;
			order[i] = order[at];
			order[at] = i;
		}
		char zone[2048] = ZONE(1);
		for (unsigned i = 0; i < COUNT(lines); i++) {
			strcat(zone, lines[order[i]]);
		}
		place_t place = place_new();
		store_must(place.store, CREATE, zone);
		char *dump = store_dump(place.store);
		if (round == 0) {
			first = dump;
		} else {
			assert_string_equal(first, dump);
			free(dump);
		}
		place_free(&place);
	}
	free(first);
}

/*! What was reported while a change set was applied. */
typedef struct {
	unsigned warnings;
	char text[2 * STEER_NAME_TEXT_MAX];
} noted_t;

static void note_warning(void *ctx, const steer_source_location_t *origin, const char *text)
{
	noted_t *noted = ctx;
	noted->warnings++;
	snprintf(noted->text, sizeof(noted->text), "%s:%u:%u %s", origin->file, origin->line,
	         origin->column, text);
}

/*! text: part of the last warning, or NULL. */
static void check_noted(const noted_t *noted, unsigned warnings, const char *text)
{
	if (noted->warnings != warnings || (text != NULL && strstr(noted->text, text) == NULL)) {
		fail_msg("%u: %s", noted->warnings, noted->text);
	}
}

/*! Notes the identifiers of groups of type A. */
static void note_difference(void *ctx, char sign, const uint8_t *name, const steer_group_t *group)
{
	noted_t *noted = ctx;
	char text[STEER_NAME_TEXT_MAX], *to = noted->text + strlen(noted->text);
	if (group->type != T_A) {
		return;
	}
	steer_name_to_text(text, name);
	to += sprintf(to, "%c%s:", sign, text);
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		to += sprintf(to, " %.*s", set.id_len, (const char *)set.id);
	}
	strcpy(to, "\n");
}

/* Rules. */

#define LONG_32  "0123456789abcdef0123456789abcdef"
#define LONG_128 LONG_32 LONG_32 LONG_32 LONG_32

static void broken_rules_are_refused_and_nothing_changes(void **state)
{
	(void)state;
	static const refusal_t cases[] = {
		// Rule G1, G2: policies and identifiers.
		{ "two policies", NULL, CREATE, ZONE(1) BLUE_GREEN "www A =multivalue\n", STEER_EREFUSED,
		  "file:7:1: www.example.: A: two policies" },
		{ "one that begins as the other", NULL, CREATE, ZONE(1) BLUE_GREEN "www A =up,weighted\n",
		  STEER_EREFUSED, "file:7:1: www.example.: A: two policies" },
		{ "one that the other begins as", NULL, CREATE, ZONE(1) "www A =up,weighted\n" BLUE_GREEN,
		  STEER_EREFUSED, "file:5:1: www.example.: A: two policies" },
		{ "an identifier without a policy", NULL, CREATE, ZONE(1) "www A +a 192.0.2.1\n",
		  STEER_EREFUSED, "file:4:1: www.example.: A 'a': an identifier, and the group has no "
		  "policy" },
		{ "an identifier for a simple group", ZONE(1) "www A 192.0.2.1\n", MERGE,
		  "example.\nwww A +a 192.0.2.1\n", STEER_EREFUSED,
		  "file:2:1: www.example.: A 'a': an identifier, and the group has no policy" },
		{ "an identifier, and the old policy goes", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\n-www A\nwww A +a 192.0.2.1\n", STEER_EREFUSED, "the group has no policy" },
		{ "no identifier under a policy", NULL, CREATE, ZONE(1) "www A =weighted\n"
		  "www A 192.0.2.1\n",
		  STEER_EREFUSED, "file:5:1: www.example.: A: a record set of a group with a policy needs "
		  "an identifier" },
		{ "sets with and without", NULL, CREATE, ZONE(1) BLUE_GREEN "www A 192.0.2.1\n",
		  STEER_EREFUSED, "record sets with and without an identifier" },
		{ "a policy without sets", NULL, CREATE, ZONE(1) "www A =weighted\n", STEER_EREFUSED,
		  "file:4:1: www.example.: A: a policy without record sets" },
		{ "a policy for a simple group", ZONE(1) "www A 192.0.2.1\n", MERGE,
		  "example.\nwww A =weighted\n", STEER_EREFUSED, "a policy without record sets" },
		{ "a policy, and its sets are removed", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A =multivalue\n-www A blue\n-www A green\n", STEER_EREFUSED,
		  "a policy without record sets" },
		{ "no policy for sets with identifiers", ZONE(1) BLUE_GREEN, MERGE, "example.\nwww A =\n",
		  STEER_EREFUSED, "the policy is simple, and the record sets have identifiers" },
		{ "a set twice", NULL, CREATE, ZONE(1) BLUE_GREEN "www 60 A ++blue 192.0.2.3\n",
		  STEER_EREFUSED, "file:7:1: www.example.: A 'blue': the record set is given twice" },
		{ "a simple set twice", NULL, CREATE, ZONE(1) "www A 192.0.2.1\nwww A + alias=x\n",
		  STEER_EREFUSED, "www.example.: A: the record set is given twice" },
		{ "an identifier too long", NULL, CREATE, ZONE(1) "www A =weighted\nwww A +" LONG_128
		  "x 192.0.2.1\n", STEER_EREFUSED, "a bad identifier; allowed: 1 to 128 bytes" },
		{ "an identifier with a control character", NULL, CREATE, ZONE(1)
		  "www A =weighted\nwww A +a\tb 192.0.2.1\n", STEER_EREFUSED, "a bad identifier" },
		{ "an identifier that is no UTF-8", NULL, CREATE, ZONE(1)
		  "www A =weighted\nwww A +a\xff 192.0.2.1\n", STEER_EREFUSED, "a bad identifier" },
		// Values and aliases.
		{ "neither values nor an alias", NULL, CREATE, ZONE(1) "www A =weighted\nwww A +a\n",
		  STEER_EREFUSED, "file:5:1: www.example.: A 'a': no values; allowed: values or an alias" },
		{ "values and an alias", NULL, CREATE, ZONE(1) "www A =weighted\n"
		  "www A +a alias=x 192.0.2.1\n",
		  STEER_EREFUSED, "A 'a': values and an alias; allowed: one of them" },
		{ "simple and without values", NULL, CREATE, ZONE(1) "www A +\n", STEER_EREFUSED,
		  "www.example.: A: no values" },
		// Rule G3, A2, A9: types.
		{ "a policy for the SOA", NULL, CREATE, "example.\n@ SOA =weighted\n"
		  "@ SOA +a ns hm 1 2 3 4 5\n",
		  STEER_EREFUSED, "example.: SOA: an SOA has no policy" },
		{ "a health check for the SOA", NULL, CREATE, "example.\n"
		  "@ SOA + health=h ns hm 1 2 3 4 5\n",
		  STEER_EREFUSED, "example.: SOA: an SOA has no policy" },
		{ "an alias for the SOA", ZONE(1), MERGE, "example.\n@ SOA + alias=x\n", STEER_EREFUSED,
		  "example.: SOA: an SOA has no policy" },
		{ "a policy for the NS of the apex", NULL, CREATE, "example.\n" SOA(1)
		  "@ NS =weighted\n@ NS +a ns\n", STEER_EREFUSED,
		  "example.: NS: the name servers of the zone's apex have no policy" },
		{ "an alias for a delegation", NULL, CREATE, ZONE(1) "c NS + alias=d\n", STEER_EREFUSED,
		  "file:4:1: c.example.: NS: an alias is not allowed: resolvers keep" },
		{ "an alias for a DNAME", NULL, CREATE, ZONE(1) "c DNAME + alias=d\n", STEER_EREFUSED,
		  "c.example.: DNAME: an alias is not allowed: a DNAME names its target itself" },
		{ "a CNAME by weight at the apex", NULL, CREATE, ZONE(1) "@ CNAME =weighted\n"
		  "@ CNAME +a x\n",
		  STEER_EREFUSED, "CNAME at the zone's apex is not allowed" },
		{ "a CNAME by alias at the apex", NULL, CREATE, ZONE(1) "@ CNAME + alias=x\n",
		  STEER_EREFUSED, "CNAME at the zone's apex is not allowed" },
		{ "a CNAME by weight beside other types", NULL, CREATE, ZONE(1)
		  "a CNAME =weighted\na CNAME +x x\na A 192.0.2.1\n", STEER_EREFUSED,
		  "a.example.: CNAME and other records at one name" },
		{ "two CNAMEs in a set", NULL, CREATE, ZONE(1)
		  "a CNAME =weighted\na CNAME +x x\na CNAME +x y\n", STEER_EREFUSED,
		  "file:5:1: a.example.: CNAME 'x': several records; allowed: one in a record set" },
		{ "two DNAMEs in a set", NULL, CREATE, ZONE(1)
		  "a DNAME =weighted\na DNAME +y y\na DNAME +x x\na DNAME +x y\n", STEER_EREFUSED,
		  "a.example.: DNAME 'x': several records" },
		{ "names below DNAMEs by weight", NULL, CREATE, ZONE(1)
		  "a DNAME =weighted\na DNAME +y y\nb.a A 192.0.2.1\n", STEER_EREFUSED,
		  "names below a DNAME are not allowed" },
		{ "NS by weight beside a DNAME", NULL, CREATE, ZONE(1)
		  "a NS =weighted\na NS +y y\na DNAME x\n", STEER_EREFUSED, "NS beside DNAME" },
		// Rule G4: attributes.
		{ "a weight that no step reads", NULL, CREATE, ZONE(1)
		  "www A =multivalue\nwww A +a weight=1 192.0.2.1\n", STEER_EREFUSED,
		  "file:5:1: www.example.: A 'a': a weight that no step reads" },
		{ "a tier that no step reads", NULL, CREATE, ZONE(1)
		  "www A =weighted\nwww A +a tier=0 192.0.2.1\n", STEER_EREFUSED,
		  "www.example.: A 'a': a tier that no step reads" },
		{ "a weight of a simple set", NULL, CREATE, ZONE(1) "www A + weight=1 192.0.2.1\n",
		  STEER_EREFUSED, "www.example.: A: a weight that no step reads" },
		{ "a weight for a stored policy that reads none", ZONE(1)
		  "www A =multivalue\nwww A +a 192.0.2.1\n", MERGE, "example.\n"
		  "www A +b weight=1 192.0.2.1\n",
		  STEER_EREFUSED, "A 'b': a weight that no step reads" },
		// Rule F2: what the preset failover requires.
		{ "a primary without a check", NULL, CREATE, ZONE(1)
		  "www A =failover\nwww A +a 192.0.2.1\nwww A +b tier=1 192.0.2.2\n", STEER_EREFUSED,
		  "file:5:1: www.example.: A 'a': a primary without a health check" },
		{ "a primary alias that evaluates nothing", NULL, CREATE, ZONE(1)
		  "www A =failover\nwww A +a alias=x evaluate=no\nwww A +b tier=1 192.0.2.2\n",
		  STEER_EREFUSED, "A 'a': a primary alias that has no health check" },
		{ "the policy alone makes a primary of a set", ZONE(1) TIERS, MERGE,
		  "example.\nwww A =failover\n", STEER_EREFUSED,
		  "file:2:1: www.example.: A 'b': a primary without a health check" },
		{ "the policy makes a primary of a set that is not named", ZONE(1) TIERS, MERGE,
		  "example.\nwww A =failover\nwww A +a tier=1 192.0.2.9\n", STEER_EREFUSED,
		  "file:2:1: www.example.: A 'b': a primary without a health check" },
		// Rule M3: what the preset multivalue requires.
		{ "an alias in multivalue", NULL, CREATE, ZONE(1) "www A =multivalue\nwww A +a alias=x\n",
		  STEER_EREFUSED, "A 'a': an alias in the policy multivalue" },
		{ "multivalue for CNAME", NULL, CREATE, ZONE(1) "www CNAME =multivalue\nwww CNAME +a x\n",
		  STEER_EREFUSED, "CNAME 'a': the policy multivalue is not allowed" },
		{ "multivalue for DNAME", NULL, CREATE, ZONE(1) "www DNAME =multivalue\nwww DNAME +a x\n",
		  STEER_EREFUSED, "DNAME 'a': the policy multivalue is not allowed" },
		{ "multivalue for NS", NULL, CREATE, ZONE(1) "www NS =multivalue\nwww NS +a x\n",
		  STEER_EREFUSED, "NS 'a': the policy multivalue is not allowed" },
		{ "multivalue for DS", NULL, CREATE, ZONE(1) "www NS x\nwww DS =multivalue\n"
		  "www DS +a 1 2 3 00\n", STEER_EREFUSED, "DS 'a': the policy multivalue is not allowed" },
		// Rule W5: one TTL.
		{ "weighted sets of different TTLs", NULL, CREATE, ZONE(1) "www A =weighted\n"
		  "www 60 A +a 192.0.2.1\nwww A +b alias=x\nwww 90 A +c 192.0.2.2\n", STEER_EREFUSED,
		  "file:7:1: www.example.: A 'c': the TTL 90, and that of 'a' is 60" },
		{ "one that joins with another TTL", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww 90 A +red 192.0.2.2\n", STEER_EREFUSED,
		  "file:2:1: www.example.: A 'red': the TTL 90, and that of 'blue' is 60" },
		{ "the policy alone", ZONE(1) "www A =multivalue\nwww 60 A +a 192.0.2.1\n"
		  "www 90 A +b 192.0.2.2\n",
		  MERGE, "example.\nwww A =tier,weighted\n", STEER_EREFUSED,
		  "file:2:1: www.example.: A 'b': the TTL 90, and that of 'a' is 60" },
		// Removals.
		{ "nothing to keep", ZONE(1) BLUE_GREEN, MERGE, "example.\nwww A +red keep=cl weight=1\n",
		  STEER_EREFUSED, "file:2:1: www.example.: A 'red': no values; allowed: values or an "
		  "alias" },
		{ "nothing of a simple set to keep for one of a policy", ZONE(1) "www A 192.0.2.1\n", MERGE,
		  "example.\nwww A =weighted\nwww A +a keep=cl\n",
		  STEER_EREFUSED, "www.example.: A 'a': no values" },
		{ "a weight that the policy does not read", ZONE(1) TIERS, MERGE,
		  "example.\nwww A +a keep=cle weight=1\n", STEER_EREFUSED, "a weight that no step reads" },
		{ "a TTL of an alias", ZONE(1) "ns A 192.0.2.1\nwww A + alias=ns\n", MERGE,
		  "example.\nwww 20 A + keep=ce\n", STEER_EREFUSED, "an alias has no TTL of its own" },
		{ "evaluation of values", ZONE(1) "www A 192.0.2.1\n", MERGE,
		  "example.\nwww A + keep=cl\n", STEER_EREFUSED, "values have no target" },
		{ "a TTL of nothing", ZONE(1), MERGE, "example.\nwww 20 A ~\n", STEER_ENOENT,
		  "www.example.: A: no such record set" },
		{ "a TTL of aliases", ZONE(1) "ns A 192.0.2.1\nwww A + alias=ns\n", MERGE,
		  "example.\nwww 20 A ~\n", STEER_EREFUSED, "www.example.: A: an alias has no TTL" },
		{ "a preset for a simple record set", ZONE(1) "www A 192.0.2.1\n", MERGE,
		  "example.\nwww A ~weighted\nwww A +a 192.0.2.1\n", STEER_EREFUSED,
		  "www.example.: A: a simple record set; allowed: a policy that is named" },
		{ "removal of a set that is not there", ZONE(1) BLUE_GREEN, MERGE, "example.\n-www A red\n",
		  STEER_ENOENT, "www.example.: A 'red': no such record set" },
		{ "removal of one of a simple group", ZONE(1) "www A 192.0.2.1\n", MERGE,
		  "example.\n-www A red\n", STEER_ENOENT, "www.example.: A 'red': no such record set" },
		{ "removal of one where there is no group", ZONE(1), MERGE, "example.\n-www A red\n",
		  STEER_ENOENT, "no such record set" },
		// Health checks.
		{ "a health check that cannot be one", NULL, CREATE, ZONE(1)
		  "www A + health=a,b 192.0.2.1\n",
		  STEER_EREFUSED, "file:4:1: www.example.: A: 'a,b' cannot be a health check" },
		{ "a health check with a name too long", NULL, CREATE, ZONE(1) "www A + health=" LONG_128
		  "x 192.0.2.1\n", STEER_EREFUSED, "cannot be a health check" },
	};
	check_refusals(cases, COUNT(cases));
}

static void a_thousand_sets_are_allowed_and_no_more(void **state)
{
	(void)state;
	enum { SETS = STEER_SETS_MAX }; // Rule G5.
	char *zone = malloc(64 * (SETS + 2)), *to = zone;
	to += sprintf(to, "%swww A =weighted\n", ZONE(1));
	for (unsigned i = 0; i < SETS; i++) {
		to += sprintf(to, "www A +s%u 192.0.%u.%u\n", i, i / 250, i % 250);
	}
	place_t place = place_new();
	steer_summary_t summary = store_must(place.store, CREATE, zone);
	const char *const zones[] = { zone, NULL };
	check_store(&place, zones);
	assert_int_equal(summary.sets_added, SETS + 2);

	steer_fault_t fault = { 0 };
	assert_int_equal(store_change(place.store, MERGE, "example.\nwww A +one-more 192.0.2.1\n", NULL,
	                              &summary, &fault), STEER_EREFUSED);
	assert_non_null(strstr(fault.text, "file:2:1: www.example.: A 'one-more': 1001 record sets; "
	                       "allowed: up to 1000"));
	summary = store_must(place.store, MERGE, "example.\n-www A s17\nwww A +one-more 192.0.2.1\n");
	assert_int_equal(summary.sets_added + summary.sets_removed, 2);
	assert_int_equal(summary.sets_changed, 1);
	place_free(&place);
	free(zone);
}

static void an_overlay_has_policies_and_aliases_but_no_wildcards(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone, *text;
	} cases[] = {
		{ "a group by weight", "example.\n" BLUE_GREEN, NULL },
		{ "an alias at the apex", "example.\n@ A + alias=www\nwww A 192.0.2.1\n", NULL },
		{ "name servers by weight below it", "example.\nc NS =weighted\nc NS +a ns\n",
		  "NS in an overlay is allowed at its apex alone" },
		{ "a DNAME by weight", "example.\nd DNAME =weighted\nd DNAME +a x\n",
		  "DNAME in an overlay is not allowed" },
		{ "a wildcard by weight", "example.\n*.w A =weighted\n*.w A +a 192.0.2.1\n",
		  "a wildcard in an overlay is not allowed" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		noted_t noted = { 0 };
		const steer_apply_t options = { .warn = note_warning, .ctx = &noted };
		steer_change_t *change = steer_change_new();
		steer_summary_t summary;
		steer_fault_t fault = { 0 };
		assert_int_equal(change_add_text(change, CREATE, cases[i].zone), STEER_OK);
		steer_change_mode(change, 0, STEER_ZONE_OVERLAY);
		int ret = steer_store_apply(place.store, change, &options, &summary, &fault);
		assert_int_equal(ret, cases[i].text == NULL ? STEER_OK : STEER_EREFUSED);
		assert_true(cases[i].text == NULL || strstr(fault.text, cases[i].text) != NULL);
		assert_int_equal(noted.warnings, 0);
		steer_change_free(change);
		place_free(&place);
	}
}

static void record_sets_that_name_a_check_get_its_slot(void **state)
{
	(void)state;
	static const char zone[] = ZONE(1) "www A =failover\nwww A +a health=one 192.0.2.1\n"
		"www A +b tier=1 health=two alias=x\nx A + health=one 192.0.2.2\n";
	static const char more[] = ZONE(2) "www A =failover\nwww A +a health=one 192.0.2.1\n"
		"www A +b tier=1 health=two alias=x\nx A + health=three 192.0.2.2\n";
	static const model_check_t checks[] = {
		{ "one", 0, 1 }, { "two", 1, 1 }, { "three", 2, 2 }, { NULL, 0, 0 },
	};
	place_t place = place_new();
	store_must(place.store, CREATE, zone);
	check_store_with(&place, (const char *const[]) { zone, NULL }, checks);
	store_must(place.store, MERGE, "example.\nx A + health=three 192.0.2.2\n");
	check_store_with(&place, (const char *const[]) { more, NULL }, checks);
	place_free(&place);
}

/*! Gives the external target "known." an answer, as the resolver of targets will. */
static void resolve(place_t *place)
{
	uint8_t rr[STEER_RR_HEAD + 4];
	const steer_external_answer_t target = {
		.rrs = rr, .rrs_len = steer_rr_write(rr, T_A, 60, (const uint8_t *)"\300\0\2\1", 4),
		.ttl = 60, .count = 1,
	};
	const steer_status_entry_t status = {
		.kind = STEER_STATUS_TARGET, .name = name_of("known."), .type = T_A, .target = &target,
	};
	steer_fault_t fault;
	must(steer_status_write(place->store, &status, 1, &fault), &fault);
}

static void warnings_say_what_is_missing(void **state)
{
	(void)state;
	static const struct {
		const char *what, *before;
		steer_zone_action_t action;
		const char *change;
		unsigned warnings;
		const char *text; /*!< The last one: place, then text. */
	} cases[] = {
		{ "a check that is not defined", ZONE(1), MERGE, "example.\nwww A + health=x 192.0.2.1\n",
		  1,
		  "file:2:1 www.example.: A: no health check 'x' yet: it counts as healthy" },
		{ "two sets with one", ZONE(1), MERGE, "example.\nwww A =weighted\n"
		  "www A +a health=x 192.0.2.1\nwww A +b health=x 192.0.2.2\n", 2,
		  "file:4:1 www.example.: A 'b': no health check 'x' yet" },
		{ "an alias target that does not exist", ZONE(1), MERGE, "example.\nwww A + alias=x\n", 1,
		  "file:2:1 www.example.: A: alias target x.example. has no A records yet" },
		{ "one that has other types", ZONE(1) "x TXT x\n", MERGE,
		  "example.\nwww A =weighted\nwww A +a alias=x\n", 1,
		  "file:3:1 www.example.: A 'a': alias target x.example. has no A records yet" },
		{ "one of a CNAME without one", ZONE(1) "x A 192.0.2.1\n", MERGE,
		  "example.\nwww CNAME + alias=x\n", 1, "alias target x.example. has no CNAME records "
		  "yet" },
		{ "one that comes with it", ZONE(1), MERGE, "example.\nwww A + alias=x\nx A 192.0.2.1\n", 0,
		  NULL },
		{ "one that a wildcard stands for", ZONE(1) "* A 192.0.2.1\n", MERGE,
		  "example.\nwww A + alias=x\n", 0, NULL },
		{ "one that has a CNAME", ZONE(1) "x CNAME y\n", MERGE, "example.\nwww A + alias=x\n", 0,
		  NULL },
		{ "one of elsewhere", ZONE(1), MERGE, "example.\nwww A + alias=x.elsewhere.\n", 1,
		  "file:2:1 www.example.: A: alias target x.elsewhere. is external, no A records of it are "
		  "known, and no steerd is at work to resolve it: SERVFAIL until one has (rule A4)" },
		{ "one of elsewhere that is resolved", ZONE(1), MERGE, "example.\nwww A + alias=known.\n",
		  0,
		  NULL },
		{ "another type of it", ZONE(1), MERGE, "example.\nwww AAAA + alias=known.\n", 1,
		  "target known. is external, no AAAA records" },
		{ "one below a delegation", ZONE(1) "c NS ns.c\n", MERGE, "example.\nwww A + alias=x.c\n",
		  1,
		  "target x.c.example. is external" },
		{ "one of two types that the target has one of", ZONE(1) "x A 192.0.2.1\n", MERGE,
		  "example.\nwww A + alias=x\nwww AAAA + alias=x\n", 0, NULL },
		{ "the other one", ZONE(1) "x AAAA 2001:db8::1\n", MERGE,
		  "example.\nwww A + alias=x\nwww AAAA + alias=x\n", 0, NULL },
		{ "two types, and the target has none", ZONE(1) "x TXT x\n", MERGE,
		  "example.\nwww A + alias=x\nwww AAAA + alias=x\n", 2, "x.example. has no AAAA records" },
		{ "two types of two targets", ZONE(1) "x A 192.0.2.1\ny A 192.0.2.1\n", MERGE,
		  "example.\nwww A + alias=x\nwww AAAA + alias=y\n", 1, "y.example. has no AAAA records" },
		{ "one that was there before, in a group that changes", ZONE(1)
		  "www A =weighted\nwww A +a alias=x\n", MERGE, "example.\nwww A +b 192.0.2.1\n", 0, NULL },
		{ "weights that the new policy does not read", ZONE(1) BLUE_GREEN, MERGE,
		  "example.\nwww A =multivalue\n", 1, "file:2:1 www.example.: A: the new policy reads no "
		  "weights: those of 2 record sets are gone" },
		{ "nor the weight of a set that is kept", ZONE(1) BLUE_GREEN, MERGE, "example.\n"
		  "www A =multivalue\nwww A +blue keep=clwe\nwww A +green 192.0.2.1\n", 1,
		  "the new policy reads no weights: those of 1 record set are gone" },
		{ "tiers that it does not read", ZONE(1) TIERS, MERGE, "example.\nwww A =multivalue\n", 1,
		  "the new policy reads no tiers: those of 1 record set are gone" },
		{ "a weight of 1, which is the default", ZONE(1) "www A =weighted\n"
		  "www A +a weight=1 192.0.2.1\n",
		  MERGE, "example.\nwww A =multivalue\n", 0, NULL },
		{ "an MX whose zone is missing", ZONE(1), MERGE, "example.\n@ MX 10 mail.\n", 1,
		  "file:2:1 example.: its MX record leads to mail., a name of one label" },
		{ "a CNAME likewise", ZONE(1), MERGE, "example.\nwww CNAME web.\n", 1,
		  "its CNAME record leads to web." },
		{ "one of a policy", ZONE(1), MERGE, "example.\nwww CNAME =weighted\n"
		  "www CNAME +a web.\nwww CNAME +b a.example.net.\n", 1, "its CNAME record leads to web." },
		{ "an SRV likewise", ZONE(1), MERGE, "example.\n_x._tcp SRV 1 2 3 web.\n", 1,
		  "its SRV record leads to web." },
		{ "a PTR, and the name that is one label", ZONE(1), MERGE,
		  "example.\na PTR localhost.\nb PTR web.\n", 1,
		  "b.example.: its PTR record leads to web." },
		{ "name servers likewise", ZONE(1), MERGE, "example.\nc NS ns.\n", 1,
		  "c.example.: its NS record leads to ns." },
		{ "none, and a zone of one label", ZONE(1), MERGE, "example.\n@ MX 0 .\n"
		  "www CNAME example.\n"
		  "d DNAME x.y.\n", 0, NULL },
		{ "an SPF text without quotes", ZONE(1), MERGE, "example.\n@ TXT v=spf1 mx -all\n", 1,
		  "file:2:1 example.: its TXT record is 'v=spf1' and further strings" },
		{ "in capitals", ZONE(1), MERGE, "example.\n@ TXT V=SPF1 -all\n", 1, "'v=spf1'" },
		{ "in two strings with a blank between", ZONE(1), MERGE,
		  "example.\n@ TXT v=spf1 _-all\n@ TXT v=spf1_mx_ -all\n", 0, NULL },
		{ "the version alone, and another one", ZONE(1), MERGE,
		  "example.\n@ TXT v=spf1\n@ TXT v=spf2 -all\n", 0, NULL },
		{ "no name servers any more", ZONE(1), MERGE, "example.\n-@ NS\n", 1,
		  "no NS record at the zone's apex" },
		{ "nor any before", "example.\n" SOA(1), MERGE, "example.\nwww A 192.0.2.1\n", 0, NULL },
		{ "TTLs in a record set", ZONE(1), MERGE, "example.\nwww A =multivalue\n"
		  "www 60 A +a 192.0.2.1\nwww 90 A +a 192.0.2.2\nwww 70 A +b 192.0.2.3\n", 1,
		  "file:4:1 www.example.: the TTL of its A records differs: set to 90" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		noted_t noted = { 0 };
		const steer_apply_t options = { .warn = note_warning, .ctx = &noted };
		steer_summary_t summary;
		steer_fault_t fault = { 0 };
		resolve(&place);
		store_must(place.store, CREATE, cases[i].before);
		must(store_change(place.store, cases[i].action, cases[i].change, &options, &summary,
		                  &fault),
		     &fault);
		check_noted(&noted, cases[i].warnings, cases[i].text);
		place_free(&place);
	}
}

static void external_targets_are_missing_while_no_steerd_is_at_work(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		int64_t age_ms; /*!< Of its heartbeat; INT64_MAX: there is none. */
		unsigned warnings;
	} cases[] = {
		{ "none was ever at work", INT64_MAX, 1 },
		{ "it is", 0, 0 },
		{ "it has said so long ago", 29999, 0 },
		{ "it has said so too long ago", 30000, 1 },
		{ "it will say so, by a clock that was wrong", -29999, 0 },
		{ "it will say so much later", -30000, 1 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		noted_t noted = { 0 };
		const steer_apply_t options = {
			.warn = note_warning, .ctx = &noted,
			.now = { .wall = 1700000000, .boot_ms = 3600000, .boot = { 1, 2 } },
		};
		steer_now_t beat = options.now;
		const steer_status_entry_t status = {
			.kind = STEER_STATUS_HEARTBEAT, .heartbeat = &beat,
		};
		steer_summary_t summary;
		steer_fault_t fault = { 0 };
		if (cases[i].age_ms != INT64_MAX) {
			beat.boot_ms -= cases[i].age_ms;
			must(steer_status_write(place.store, &status, 1, &fault), &fault);
		}
		store_must(place.store, CREATE, ZONE(1));
		must(store_change(place.store, MERGE, "example.\nwww A + alias=x.elsewhere.\n", &options,
		                  &summary, &fault), &fault);
		check_noted(&noted, cases[i].warnings,
		            cases[i].warnings > 0 ? ", and no steerd is at work to resolve it" : NULL);
		must(store_change(place.store, MERGE, "example.\nwww A + alias=x\n", &options, &summary,
		                  &fault), &fault);
		check_noted(&noted, cases[i].warnings + 1, "x.example. has no A records yet");
		place_free(&place);
	}
}

static void a_line_for_addresses_of_both_kinds_warns_once(void **state)
{
	(void)state;
	static const struct {
		const char *target;
		uint32_t a, aaaa; /*!< Lines that give the two record sets. */
		unsigned warnings;
		const char *text;
	} cases[] = {
		{ "x.elsewhere.", 7, 7, 1, "file:7:1 www.example.: A: alias target x.elsewhere. is "
		  "external, no A or AAAA records of it are known, and no steerd" },
		{ "x.elsewhere.", 7, 8, 2, "file:8:1 www.example.: AAAA: alias target x.elsewhere. is "
		  "external, no AAAA records" },
		{ "known.", 7, 7, 1, "file:7:1 www.example.: AAAA: alias target known. is external, no "
		  "AAAA records" },
		{ "x.example.", 7, 7, 1, "file:7:1 www.example.: A: alias target x.example. has no A or "
		  "AAAA records yet" },
		{ "x.example.", 7, 8, 2, "x.example. has no AAAA records yet" },
		{ "ns.example.", 7, 7, 0, NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s %u\n", cases[i].target, cases[i].aaaa);
		place_t place = place_new();
		noted_t noted = { 0 };
		const steer_apply_t options = { .warn = note_warning, .ctx = &noted };
		const steer_record_set_t set = { .id = "", .alias = name_of(cases[i].target) };
		const uint32_t lines[] = { cases[i].a, cases[i].aaaa };
		steer_summary_t summary;
		steer_fault_t fault = { 0 };
		unsigned zone;
		resolve(&place);
		store_must(place.store, CREATE, ZONE(1) "ns A 192.0.2.9\n");
		steer_change_t *change = steer_change_new();
		must(steer_change_zone(change, name_of("example."), MERGE, &zone), &fault);
		for (size_t k = 0; k < COUNT(lines); k++) {
			const steer_source_location_t origin = { .file = "file",
				                                     .line = lines[k],
				                                     .column = 1 };
			must(steer_change_set(change, zone, name_of("www.example."), k == 0 ? T_A : T_AAAA,
			                      &set,
			                      &origin, NULL), &fault);
		}
		must(steer_store_apply(place.store, change, &options, &summary, &fault), &fault);
		steer_change_free(change);
		check_noted(&noted, cases[i].warnings, cases[i].text);
		place_free(&place);
	}
}

static void an_overlay_has_no_alias_to_what_it_lacks(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone, *fault; /*!< NULL: accepted. */
	} cases[] = {
		{ "its host's record", "example.\nwww A + alias=lb\n",
		  "file:2:1: www.example.: A: alias target lb.example. has no A records in the overlay, "
		  "and the server gives no module the records of its own zone (rule A4)" },
		{ "another type", "example.\nlb AAAA 2001:db8::1\nwww A + alias=lb\n",
		  "lb.example. has no A" },
		{ "one of its own", "example.\nlb A 192.0.2.1\nwww A + alias=lb\n", NULL },
		{ "a CNAME of its own", "example.\nlb CNAME x\nwww A + alias=lb\n", NULL },
		{ "one of another zone's", "example.\nwww A + alias=lb.elsewhere.\n", NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_apply_t options = { 0 };
		steer_summary_t summary;
		steer_fault_t fault = { 0 };
		place_t place = place_new();
		steer_change_t *change = steer_change_new();
		assert_int_equal(change_add_text(change, CREATE, cases[i].zone), STEER_OK);
		steer_change_mode(change, 0, STEER_ZONE_OVERLAY);
		int ret = steer_store_apply(place.store, change, &options, &summary, &fault);
		assert_int_equal(ret, cases[i].fault == NULL ? STEER_OK : STEER_EREFUSED);
		if (cases[i].fault != NULL && strstr(fault.text, cases[i].fault) == NULL) {
			fail_msg("%s", fault.text);
		}
		steer_change_free(change);
		place_free(&place);
	}
}

static void a_record_set_is_removed_by_type_and_identifier(void **state)
{
	(void)state;
	uint8_t program[STEER_PROGRAM_MAX + 2] = { STEER_STEP_TIER };
	steer_change_t *change = steer_change_new();
	unsigned zone;
	assert_int_equal(steer_change_zone(change, name_of("example."), MERGE, &zone), STEER_OK);
	assert_int_equal(steer_change_remove(change, zone, name_of("a.example."), 0, "x"),
	                 STEER_EINVAL);
	assert_int_equal(steer_change_remove(change, zone, name_of("a."), T_A, "x"), STEER_EINVAL);

	print_message("  and a policy is a whole program of a name in the zone\n");
	const steer_source_location_t origin = { 0 };
	assert_int_equal(steer_change_policy(change, zone, name_of("a.example."), T_A, program, 1,
	                                     &origin), STEER_EINVAL);
	assert_int_equal(steer_change_policy(change, zone, name_of("a."), T_A, program, 2, &origin),
	                 STEER_EINVAL);
	for (size_t i = 0; i < sizeof(program); i += 2) {
		program[i] = STEER_STEP_TIER;
	}
	assert_int_equal(steer_change_policy(change, zone, name_of("a.example."), T_A, program,
	                                     sizeof(program), &origin), STEER_EINVAL);
	assert_int_equal(steer_change_policy(change, zone, name_of("a.example."), T_A, program,
	                                     STEER_PROGRAM_MAX, &origin), STEER_OK);
	steer_change_free(change);
}

static void differences_are_whole_groups(void **state)
{
	(void)state;
	place_t place = place_new();
	noted_t noted = { 0 };
	const steer_apply_t options = { .diff = note_difference, .ctx = &noted };
	steer_summary_t summary;
	steer_fault_t fault = { 0 };
	store_must(place.store, CREATE, ZONE(1) BLUE_GREEN);
	must(store_change(place.store, MERGE, "example.\nwww 60 A +red 192.0.2.3\n-www A blue\n",
	                  &options, &summary, &fault), &fault);
	assert_string_equal(noted.text, "-www.example.: blue green\n+www.example.: green red\n");
	place_free(&place);
}

/* Loops: zones written one after the other, the last of which is refused. */

#define SUB(serial) "sub.example.\n" SOA(serial) "@ NS ns\n"
#define OTHER(serial) "other.\n" SOA(serial) "@ NS ns\n"

typedef struct {
	steer_zone_action_t action;
	const char *zone;
} write_t;

static void alias_loops_are_refused_with_their_chain(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		write_t writes[4];
		const char *text; /*!< Of the last write. */
	} cases[] = {
		{ "an alias of itself", { { CREATE, ZONE(1) "a A + alias=a\n" } },
		  "file:4:1: a.example.: alias loop: a.example. A -> a.example. A (rule A6)" },
		{ "two aliases in one change set", { { CREATE, ZONE(1) "a A + alias=b\nb A + alias=a\n" } },
		  "alias loop: a.example. A -> b.example. A -> a.example. A (" },
		{ "two aliases, one after the other", { { CREATE, ZONE(1) "a A + alias=b\n"
		                                          "b A 192.0.2.1\n" },
		  { MERGE, "example.\nb A + alias=a\n" } },
		  "file:2:1: b.example.: alias loop: b.example. A -> a.example. A -> b.example. A (" },
		{ "one that is never chosen", { { CREATE, ZONE(1) "a A =weighted\na A +x 192.0.2.1\n"
		  "a A +y weight=0 alias=b\nb A + alias=a\n" } },
		  "alias loop: a.example. A -> b.example. A -> a.example. A (" },
		{ "one of many branches", { { CREATE, ZONE(1) "a A =weighted\na A +w alias=w\n"
		                              "a A +x alias=x\n"
		  "a A +y alias=y\nw A 192.0.2.1\nx A + alias=w\ny A + alias=z\nz A + alias=a\n" } },
		  "alias loop: a.example. A -> y.example. A -> z.example. A -> a.example. A (" },
		{ "a loop after the alias that comes", { { CREATE, ZONE(1) "a A + alias=b\nb CNAME c\n" },
		  { MERGE, "example.\nc A =weighted\nc A +x alias=d\nc A +y alias=a\nd A 192.0.2.1\n" } },
		  "alias loop: c.example. A -> a.example. A -> b.example. CNAME -> c.example. A (" },
		{ "through a CNAME", { { CREATE, ZONE(1) "a A + alias=b\nb CNAME a\n" } },
		  "alias loop: a.example. A -> b.example. CNAME -> a.example. A (" },
		{ "a CNAME closes it", { { CREATE, ZONE(1) "a A + alias=b\n" },
		                         { MERGE, "example.\nb CNAME a\n" } },
		  "file:2:1: b.example.: alias loop: a.example. A -> b.example. CNAME -> a.example. A (" },
		{ "one of several CNAMEs closes it", { { CREATE, ZONE(1) "a A + alias=b\nb CNAME x\n" },
		  { MERGE, "example.\nb CNAME =weighted\nb CNAME +x x\nb CNAME +y a\n" } },
		  "alias loop: a.example. A -> b.example. CNAME -> a.example. A (" },
		{ "a CNAME that another one leads back to", { { CREATE, ZONE(1) "a CNAME =shuffle\n"
		  "a CNAME +x b\na CNAME +y c\nb CNAME a\n" }, { MERGE, "example.\nc A + alias=b\n" } },
		  "alias loop: c.example. A -> b.example. CNAME -> a.example. CNAME -> c.example. A (" },
		{ "CNAMEs by alias", { { CREATE, ZONE(1) "a CNAME + alias=b\nb CNAME + alias=a\n" } },
		  "alias loop: a.example. CNAME -> b.example. CNAME -> a.example. CNAME (" },
		{ "a CNAME by alias, and its target's own", { { CREATE, ZONE(1) "a CNAME + alias=b\n"
		                                                "b CNAME a\n" } },
		  "alias loop: a.example. CNAME -> b.example. CNAME -> a.example. CNAME (" },
		{ "of a type with a name", { { CREATE, ZONE(1) "a TYPE257 + alias=b\n"
		                               "b TYPE257 + alias=a\n" } },
		  "alias loop: a.example. CAA -> b.example. CAA -> a.example. CAA (" },
		{ "of a type without a name", { { CREATE, ZONE(1) "a TYPE100 + alias=b\n"
		                                  "b TYPE100 + alias=a\n" } },
		  "alias loop: a.example. TYPE100 -> b.example. TYPE100 -> a.example. TYPE100 (" },
		{ "a wildcard of itself", { { CREATE, ZONE(1) "*.w A + alias=x.w\n" } },
		  "alias loop: *.w.example. A -> *.w.example. A (" },
		{ "through a wildcard", { { CREATE, ZONE(1) "a A + alias=x.w\n" },
		  { MERGE, "example.\n*.w A + alias=a\n" } },
		  "file:2:1: *.w.example.: alias loop: *.w.example. A -> a.example. A -> *.w.example. A "
		  "(" },
		{ "through a CNAME at a wildcard", { { CREATE, ZONE(1) "a A + alias=x.w\n" },
		  { MERGE, "example.\n*.w CNAME a\n" } },
		  "alias loop: a.example. A -> x.w.example. CNAME -> a.example. A (" },
		{ "a name that hid a wildcard goes", { { CREATE, ZONE(1) "*.w A + alias=a\n"
		                                         "x.w A 192.0.2.1\n"
		  "a A + alias=x.w\n" }, { MERGE, "example.\n-x.w\n" } },
		  "x.w.example.: alias loop: x.w.example. A -> a.example. A -> x.w.example. A (" },
		{ "an empty name above goes with it", { { CREATE, ZONE(1) "*.w A + alias=c.b.w\n"
		  "a.b.w A 192.0.2.1\n" }, { MERGE, "example.\n-a.b.w\n" } },
		  "b.w.example.: alias loop: b.w.example. A -> b.w.example. A (" },
		{ "a name that hid one goes as the zone is replaced",
		  { { CREATE, ZONE(1) "*.w A + alias=a\n"
		  "x.w A 192.0.2.1\na A + alias=x.w\n" },
		  { REPLACE, ZONE(1) "*.w A + alias=a\na A + alias=x.w\n" } },
		  "alias loop: x.w.example. A -> a.example. A -> x.w.example. A (" },
		{ "through a DNAME", { { CREATE, ZONE(1) "d DNAME e\na.e A + alias=a.d\n" } },
		  "alias loop: a.e.example. A -> a.d.example. DNAME -> a.e.example. A (" },
		{ "a DNAME closes it", { { CREATE, ZONE(1) "a.e A + alias=a.d\n" },
		  { MERGE, "example.\nd DNAME e\n" } },
		  "file:2:1: d.example.: alias loop: a.e.example. A -> a.d.example. DNAME -> a.e.example. "
		  "A (" },
		{ "a DNAME that leads to another one closes it", { { CREATE, ZONE(1)
		  "a.e A + alias=a.d\nf DNAME e\n" }, { MERGE, "example.\nd DNAME f\n" } },
		  "alias loop: a.e.example. A -> a.d.example. DNAME -> a.f.example. DNAME -> a.e.example. "
		  "A (" },
		{ "a DNAME that leads below another one closes it", { { CREATE, ZONE(1)
		  "a.t.e A + alias=a.d\nf DNAME e\n" }, { MERGE, "example.\nd DNAME t.f\n" } },
		  "alias loop: a.t.e.example. A -> a.d.example. DNAME -> a.t.f.example. DNAME -> "
		  "a.t.e.example. A (" },
		{ "a DNAME to a wildcard closes it", { { CREATE, ZONE(1) "*.e A + alias=a.d\n" },
		  { MERGE, "example.\nd DNAME x.e\n" } }, "-> a.d.example. DNAME -> " },
		{ "a zone above, one change set", { { CREATE, ZONE(1) "a A + alias=x.other.\n" },
		  { CREATE, OTHER(1) "x A + alias=a.example.\n" } },
		  "file:4:1: x.other.: alias loop: x.other. A -> a.example. A -> x.other. A (" },
		{ "a zone that comes between", { { CREATE, ZONE(1) "a A + alias=x.sub\n"
		                                   "x.sub A 192.0.2.1\n" },
		  { CREATE, SUB(1) "x A + alias=a.example.\n" } },
		  "alias loop: x.sub.example. A -> a.example. A -> x.sub.example. A (" },
		{ "a zone goes that hid another's names", { { CREATE, SUB(1) "x A 192.0.2.1\n" },
		  { CREATE, ZONE(1) "x.sub A + alias=a\na A + alias=x.sub\n" },
		  { DELETE, "sub.example.\n" } },
		  "sub.example.: alias loop: x.sub.example. A -> a.example. A -> x.sub.example. A (" },
		{ "a zone goes that hid another's wildcard", { { CREATE, SUB(1) "x A 192.0.2.1\n" },
		  { CREATE, ZONE(1) "* A + alias=a\na A + alias=x.sub\n" }, { DELETE, "sub.example.\n" } },
		  "alias loop: " },
		{ "a delegation goes that hid names", { { CREATE, ZONE(1) "c NS ns.other.\n"
		                                          "x.c A + alias=a\n"
		  "a A + alias=x.c\n" }, { MERGE, "example.\n-c NS\n" } },
		  "x.c.example.: alias loop: x.c.example. A -> a.example. A -> x.c.example. A (" },
		{ "DS, whose side is the zone above", { { CREATE, SUB(1) }, { CREATE, ZONE(1)
		  "sub DS + alias=t\nt CNAME x\nsub NS ns.other.\n" },
		  { MERGE, "example.\nt CNAME sub\n" } },
		  "alias loop: sub.example. DS -> t.example. CNAME -> sub.example. DS (" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		const write_t *last = cases[i].writes;
		for (; last[1].zone != NULL; last++) {
			store_must(place.store, last->action, last->zone);
		}
		for (unsigned dry = 0; dry < 2; dry++) { // A dry run finds it, too.
			char *before = store_dump(place.store);
			const steer_apply_t options = { .dry_run = dry == 1 };
			steer_summary_t summary;
			steer_fault_t fault = { 0 };
			int ret = store_change(place.store, last->action, last->zone, &options, &summary,
			                       &fault);
			if (ret != STEER_EREFUSED || strstr(fault.text, cases[i].text) == NULL) {
				fail_msg("%d: %s", ret, fault.text);
			}
			char *after = store_dump(place.store);
			assert_string_equal(before, after);
			free(before);
			free(after);
		}
		place_free(&place);
	}
}

static void what_is_no_alias_loop_is_accepted(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		write_t writes[4];
	} cases[] = {
		{ "CNAMEs in a circle", { { CREATE, ZONE(1) "a CNAME b\nb CNAME a\n" } } },
		{ "a CNAME of itself", { { CREATE, ZONE(1) "a CNAME a\n" } } },
		{ "CNAMEs in a circle beside an alias", { { CREATE, ZONE(1) "a CNAME =shuffle\n"
		                                            "a CNAME +x b\n"
		  "a CNAME +y c\nb CNAME a\nc A + alias=d\nd A 192.0.2.1\n" } } },
		{ "two types that lead to each other", { { CREATE, ZONE(1)
		  "a A + alias=b\nb A 192.0.2.1\nb AAAA + alias=a\na AAAA 2001:db8::1\n" } } },
		{ "a CNAME by alias of a name that has none", { { CREATE, ZONE(1)
		  "a CNAME + alias=b\nb A + alias=a\n" } } },
		{ "a tree whose branches meet", { { CREATE, ZONE(1) "a A =weighted\na A +x alias=b\n"
		  "a A +y alias=c\nb A + alias=d\nc A + alias=d\nd A 192.0.2.1\n" } } },
		{ "a wildcard that a name hides", { { CREATE, ZONE(1) "*.w A + alias=a\nx.w A 192.0.2.1\n"
		  "a A + alias=x.w\n" } } },
		{ "a wildcard that an empty name hides", { { CREATE, ZONE(1) "*.w A + alias=b.w\n"
		  "a.b.w A 192.0.2.1\n" } } },
		{ "an alias that a delegation hides", { { CREATE, ZONE(1) "c NS ns.other.\n"
		                                          "x.c A + alias=a\n"
		  "a A + alias=x.c\n" } } },
		{ "a delegation at the name itself", { { CREATE, ZONE(1) "c NS ns.other.\nc A + alias=a\n"
		  "a A + alias=c\n" } } },
		{ "an alias that a zone hides", { { CREATE, SUB(1) "x A 192.0.2.1\n" },
		  { CREATE, ZONE(1) "x.sub A + alias=a\na A + alias=x.sub\n" } } },
		{ "a DNAME that leads below itself", { { CREATE, ZONE(1) "d DNAME x.d\n" } } },
		{ "a DNAME past its target", { { CREATE, ZONE(1) "d DNAME e\na.e A + alias=b.d\n"
		  "b.e A 192.0.2.1\n" } } },
		{ "the loop is cut as it would close", { { CREATE, ZONE(1) "a A + alias=b\n"
		                                           "b A 192.0.2.1\n" },
		  { MERGE, "example.\nb A + alias=a\na A 192.0.2.1\n" } } },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		for (const write_t *write = cases[i].writes; write->zone != NULL; write++) {
			store_must(place.store, write->action, write->zone);
		}
		place_free(&place);
	}
}

/*! A zone with a chain of aliases to an address, from a0 on. */
static void chain_zone(char *zone, unsigned aliases)
{
	zone += sprintf(zone, "%s", ZONE(1));
	for (unsigned i = 0; i < aliases; i++) {
		zone += sprintf(zone, "a%u A + alias=a%u\n", i, i + 1);
	}
	sprintf(zone, "a%u A 192.0.2.1\n", aliases);
}

static void chains_have_a_greatest_length(void **state)
{
	(void)state;
	char zone[4096];
	place_t place = place_new();
	steer_summary_t summary;
	steer_fault_t fault = { 0 };
	chain_zone(zone, STEER_ALIAS_DEPTH + 1);
	assert_int_equal(store_change(place.store, CREATE, zone, NULL, &summary, &fault),
	                 STEER_EREFUSED);
	assert_non_null(strstr(fault.text, "file:4:1: a0.example.: alias chain of more than 16 (rule "
	                       "A7): a0.example. A -> a1.example. A -> "));
	assert_non_null(strstr(fault.text, "a15.example. A -> a16.example. A -> ..."));
	chain_zone(zone, STEER_ALIAS_DEPTH);
	store_must(place.store, CREATE, zone);
	assert_int_equal(store_change(place.store, MERGE, "example.\nb A + alias=a0\n", NULL, &summary,
	                              &fault), STEER_EREFUSED);
	assert_non_null(strstr(fault.text, "b.example.: alias chain of more than 16 (rule A7): "
	                       "b.example. A -> a0.example. A -> "));

	print_message("  CNAMEs count, too\n");
	store_must(place.store, MERGE, "example.\nc CNAME a1\n"); // It is not an alias.
	assert_int_equal(store_change(place.store, MERGE, "example.\nb A + alias=c\n", NULL, &summary,
	                              &fault), STEER_EREFUSED);
	store_must(place.store, MERGE, "example.\nc CNAME a2\nb A + alias=c\n");

	print_message("  a way into a circle of CNAMEs has no end\n");
	store_must(place.store, MERGE, "example.\nx CNAME y\ny CNAME x\n");
	assert_int_equal(store_change(place.store, MERGE, "example.\nz A + alias=x\n", NULL, &summary,
	                              &fault), STEER_EREFUSED);
	assert_non_null(strstr(fault.text, "alias chain of more than 16 (rule A7): z.example. A -> "
	                       "x.example. CNAME -> y.example. CNAME -> x.example. CNAME -> "));

	print_message("  nor has one into DNAMEs that lead below themselves\n");
	store_must(place.store, MERGE, "example.\nd DNAME x.d\n");
	assert_int_equal(store_change(place.store, MERGE, "example.\nz A + alias=y.d\n", NULL, &summary,
	                              &fault), STEER_EREFUSED);
	assert_non_null(strstr(fault.text, "z.example. A -> y.d.example. DNAME -> y.x.d.example. DNAME "
	                       "-> "));
	store_must(place.store, MERGE, "example.\nd DNAME =shuffle\nd DNAME +a a.d\nd DNAME +b b.d\n");
	assert_int_equal(store_change(place.store, MERGE, "example.\nz A + alias=y.d\n", NULL, &summary,
	                              &fault), STEER_EREFUSED);
	assert_non_null(strstr(fault.text, "alias chain of more than 16"));

	print_message("  a change elsewhere does not ask for it\n");
	store_must(place.store, MERGE, "example.\na16 A + alias=a17\na17 A 192.0.2.1\n"
	           "a0 A 192.0.2.1\n");
	store_must(place.store, MERGE, "example.\na0 TXT x\n");
	place_free(&place);
}

/*! Puts a group of aliases to so many names, and with values these. \return Where the text ends */
static char *put_wide(char *zone, const char *group, const char *leaf, unsigned count, bool values)
{
	zone += sprintf(zone, "%s A =weighted\n", group);
	for (unsigned i = 0; i < count; i++) {
		zone += sprintf(zone, "%s A +%s%u alias=%s%u\n", group, leaf, i, leaf, i);
	}
	for (unsigned i = 0; values && i < count; i++) {
		zone += sprintf(zone, "%s%u A 192.0.2.1\n", leaf, i);
	}
	return zone;
}

static void more_names_than_an_answer_looks_at_are_warned_of(void **state)
{
	(void)state; // Rule A8.
	static const struct {
		const char *what;
		unsigned first, second; /*!< Aliases in two groups, both from one more. */
		bool shared;            /*!< The second group has the targets of the first. */
		unsigned warnings;
	} cases[] = {
		{ "as many", 100, STEER_NAMES_MAX - 100 - 2, false, 0 },
		{ "one more", 100, STEER_NAMES_MAX - 100 - 1, false, 1 },
		{ "many, each on two ways", 200, 200, true, 0 },
		{ "one more, each on two ways", STEER_NAMES_MAX - 1, 2, true, 1 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		static char zone[65536];
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		noted_t noted = { 0 };
		const steer_apply_t options = { .warn = note_warning, .ctx = &noted };
		steer_summary_t summary;
		steer_fault_t fault = { 0 };
		char *end = zone + sprintf(zone, "%stop A =weighted\ntop A +a alias=a\n"
		                           "top A +b alias=b\n", ZONE(1));
		end = put_wide(end, "a", "x", cases[i].first, true);
		put_wide(end, "b", cases[i].shared ? "x" : "y", cases[i].second, !cases[i].shared);
		must(store_change(place.store, CREATE, zone, &options, &summary, &fault), &fault);
		check_noted(&noted, cases[i].warnings, cases[i].warnings == 0 ? NULL
		            : "file:6:1 top.example.: A: its aliases lead to more than 256 names: SERVFAIL "
		              "if an answer needs them (rule A8)");
		place_free(&place);
	}
}

static void note_refusal(void *ctx, const steer_fault_t *fault)
{
	noted_t *noted = ctx;
	noted->warnings++;
	snprintf(noted->text, sizeof(noted->text), "%s", fault->text);
}

static void each_name_that_breaks_rules_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		unsigned names, told; /*!< Those with and without a CNAME, and which are told. */
		const char *text, *last;
	} cases[] = {
		{ "one", 1, 0, NULL, "file:2:1: a00.example.: CNAME and other records" },
		{ "three", 3, 2, "file:4:1: a01.example.: CNAME and", "file:6:1: a02.example.: CNAME and" },
		{ "as many as are told", STEER_REFUSED_MAX - 1, STEER_REFUSED_MAX - 2, "a97.example.: CNAME",
		  "a98.example.: CNAME" },
		{ "more", STEER_REFUSED_MAX + 5, STEER_REFUSED_MAX, "a94.example.: CNAME",
		  "100 errors, more not shown" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char zone[8192], *end = zone + sprintf(zone, "example.\n");
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		noted_t noted = { 0 };
		const steer_apply_t options = { .refused = note_refusal, .ctx = &noted };
		steer_summary_t summary;
		steer_fault_t fault = { 0 };
		for (unsigned name = 0; name < cases[i].names; name++) {
			end += sprintf(end, "a%02u CNAME x.y.\na%02u A 192.0.2.1\n", name, name);
		}
		sprintf(end, "fine A 192.0.2.1\n");
		store_must(place.store, CREATE, ZONE(1));
		assert_int_equal(store_change(place.store, MERGE, zone, &options, &summary, &fault),
		                 STEER_EREFUSED);
		check_noted(&noted, cases[i].told, cases[i].text);
		assert_non_null(strstr(fault.text, cases[i].last));
		check_store(&place, (const char *const[]) { ZONE(1), NULL });
		place_free(&place);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_with_policies_becomes_nodes),
		cmocka_unit_test(a_change_leaves_the_group_it_says),
		cmocka_unit_test(lines_in_any_order_make_the_same_nodes),
		cmocka_unit_test(broken_rules_are_refused_and_nothing_changes),
		cmocka_unit_test(a_thousand_sets_are_allowed_and_no_more),
		cmocka_unit_test(an_overlay_has_policies_and_aliases_but_no_wildcards),
		cmocka_unit_test(record_sets_that_name_a_check_get_its_slot),
		cmocka_unit_test(warnings_say_what_is_missing),
		cmocka_unit_test(external_targets_are_missing_while_no_steerd_is_at_work),
		cmocka_unit_test(a_line_for_addresses_of_both_kinds_warns_once),
		cmocka_unit_test(an_overlay_has_no_alias_to_what_it_lacks),
		cmocka_unit_test(a_record_set_is_removed_by_type_and_identifier),
		cmocka_unit_test(differences_are_whole_groups),
		cmocka_unit_test(alias_loops_are_refused_with_their_chain),
		cmocka_unit_test(what_is_no_alias_loop_is_accepted),
		cmocka_unit_test(chains_have_a_greatest_length),
		cmocka_unit_test(more_names_than_an_answer_looks_at_are_warned_of),
		cmocka_unit_test(each_name_that_breaks_rules_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
