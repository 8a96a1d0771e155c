/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "unit/changes.h"
#include "unit/compare.h"
#include "unit/hex.h"
#include "unit/records.h"
#include "unit/test.h"

static void a_zone_becomes_nodes(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone;
	} cases[] = {
		{ "the least: SOA alone", "example.\n" SOA(1) },
		{ "SOA and NS", ZONE(1) },
		{ "the root zone", ".\n" SOA(1) "@ NS ns\nns A 192.0.2.1\n*.w A 192.0.2.2\n" },
		{ "types in any order are sorted", ZONE(1) "a TXT x\na MX 1 a\na A 192.0.2.1\n"
		  "a TYPE7 00\n" },
		{ "values in any order are sorted", ZONE(1) "a A 192.0.2.2\na A 192.0.2.1\n"
		  "a A 10.0.0.1\n" },
		{ "a shorter value comes first", ZONE(1) "a TYPE65400 0102\na TYPE65400 01\n"
		  "a TYPE65400\n" },
		{ "values are kept once", ZONE(1) "a A 192.0.2.1\na A 192.0.2.1\na A 192.0.2.1\n" },
		{ "empty non-terminals", ZONE(1) "a.b.c.d A 192.0.2.1\nx.c.d A 192.0.2.1\n" },
		{ "wildcards", ZONE(1) "* A 192.0.2.1\n*.w A 192.0.2.1\na.*.v A 192.0.2.1\n" },
		{ "a star that is no wildcard", ZONE(1) "*a A 192.0.2.1\n\\001* A 192.0.2.1\n" },
		{ "delegations, glue and occluded names", ZONE(1)
		  "c NS ns.c\nns.c A 192.0.2.1\nlow.c NS x.low.c\nx.low.c A 192.0.2.2\nc TXT occluded\n" },
		{ "bytes of every kind", ZONE(1) "\\000 A 192.0.2.1\n\\001\\000.\\255 A 192.0.2.1\n" },
		{ "a CNAME and a DNAME", ZONE(1) "c CNAME www\nd DNAME example.\n@ TXT x\n" },
		{ "a DNAME and NS at the apex", ZONE(1) "@ DNAME elsewhere.\n" },
		{ "the last of several TTLs", ZONE(1) "a 5 A 192.0.2.1\na 7 A 192.0.2.2\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		const steer_summary_t summary = store_must(place.store, STEER_ZONE_CREATE, cases[i].zone);
		const char *const zones[] = { cases[i].zone, NULL };
		check_store(&place, zones);
		assert_int_equal(summary.zones_created, 1);
		assert_int_equal(summary.sequence, 1);
		place_free(&place);
	}
}

/* Changes of one zone: what they must leave, and how much they must write. */

static void a_change_leaves_the_zone_it_says(void **state)
{
	(void)state;
	static const change_case_t cases[] = {
		{ "merge adds a record set", ZONE(1), MERGE, "example.\na A 192.0.2.1\n",
		  ZONE(2) "a A 192.0.2.1\n", 1, 1, 0, 2 },
		{ "merge replaces the whole record set", ZONE(1) "a A 192.0.2.1\na A 192.0.2.2\n", MERGE,
		  "example.\na A 192.0.2.3\n", ZONE(2) "a A 192.0.2.3\n", 0, 2, 0, 2 },
		{ "merge leaves other types", ZONE(1) "a A 192.0.2.1\na TXT x\n", MERGE,
		  "example.\na A 192.0.2.3\n", ZONE(2) "a A 192.0.2.3\na TXT x\n", 0, 2, 0, 2 },
		{ "merge of another TTL", ZONE(1) "a A 192.0.2.1\n", MERGE, "example.\na 9 A 192.0.2.1\n",
		  ZONE(2) "a 9 A 192.0.2.1\n", 0, 2, 0, 2 },
		{ "merge of the same in another order", ZONE(1) "a A 192.0.2.1\na A 192.0.2.2\n", MERGE,
		  "example.\na A 192.0.2.2\na A 192.0.2.1\n", ZONE(1) "a A 192.0.2.1\na A 192.0.2.2\n",
		  0, 0, 0, 0 },
		{ "removal of a record set", ZONE(1) "a A 192.0.2.1\na TXT x\n", MERGE, "example.\n-a A\n",
		  ZONE(2) "a TXT x\n", 0, 1, 1, 2 },
		{ "removal of the last one", ZONE(1) "a A 192.0.2.1\n", MERGE, "example.\n-a A\n",
		  ZONE(2), 0, 1, 1, 1 },
		{ "removal of a name", ZONE(1) "a A 192.0.2.1\na TXT x\n", MERGE, "example.\n-a\n",
		  ZONE(2), 0, 1, 2, 1 },
		{ "removal and addition of one record set", ZONE(1) "a A 192.0.2.1\n", MERGE,
		  "example.\n-a A\na A 192.0.2.2\n", ZONE(2) "a A 192.0.2.2\n", 0, 2, 0, 2 },
		{ "removal of a name and addition to it", ZONE(1) "a A 192.0.2.1\na TXT x\n", MERGE,
		  "example.\n-a\na MX 1 a\n", ZONE(2) "a MX 1 a\n", 1, 1, 2, 2 },
		{ "a CNAME takes the place of other types", ZONE(1) "a A 192.0.2.1\na TXT x\n", MERGE,
		  "example.\n-a\na CNAME b\n", ZONE(2) "a CNAME b\n", 1, 1, 2, 2 },
		{ "ancestors come into being", ZONE(1), MERGE, "example.\na.b.c A 192.0.2.1\n",
		  ZONE(2) "a.b.c A 192.0.2.1\n", 1, 1, 0, 4 },
		{ "ancestors count a second child", ZONE(1) "a.b.c A 192.0.2.1\n", MERGE,
		  "example.\nd.b.c A 192.0.2.1\n", ZONE(2) "a.b.c A 192.0.2.1\nd.b.c A 192.0.2.1\n",
		  1, 1, 0, 3 },
		{ "empty ancestors go with the last name", ZONE(1) "a.b.c A 192.0.2.1\n", MERGE,
		  "example.\n-a.b.c\n", ZONE(2), 0, 1, 1, 1 },
		{ "ancestors with other names stay", ZONE(1) "a.b.c A 192.0.2.1\nd.c A 192.0.2.1\n", MERGE,
		  "example.\n-a.b.c\n", ZONE(2) "d.c A 192.0.2.1\n", 0, 1, 1, 2 },
		{ "a name with names below becomes an empty non-terminal",
		  ZONE(1) "b A 192.0.2.1\na.b A 192.0.2.1\n", MERGE, "example.\n-b\n",
		  ZONE(2) "a.b A 192.0.2.1\n", 0, 1, 1, 2 },
		{ "an empty non-terminal gets data", ZONE(1) "a.b A 192.0.2.1\n", MERGE,
		  "example.\nb A 192.0.2.1\n", ZONE(2) "b A 192.0.2.1\na.b A 192.0.2.1\n", 1, 1, 0, 2 },
		{ "one name goes as another comes", ZONE(1) "a.b A 192.0.2.1\n", MERGE,
		  "example.\n-a.b\nc.b A 192.0.2.1\n", ZONE(2) "c.b A 192.0.2.1\n", 1, 1, 1, 2 },
		{ "a wildcard comes", ZONE(1) "a.b A 192.0.2.1\n", MERGE, "example.\n*.b A 192.0.2.1\n",
		  ZONE(2) "a.b A 192.0.2.1\n*.b A 192.0.2.1\n", 1, 1, 0, 3 },
		{ "a wildcard goes", ZONE(1) "a.b A 192.0.2.1\n*.b A 192.0.2.1\n", MERGE,
		  "example.\n-*.b\n", ZONE(2) "a.b A 192.0.2.1\n", 0, 1, 1, 2 },
		{ "an empty wildcard comes", ZONE(1), MERGE, "example.\nx.*.b A 192.0.2.1\n",
		  ZONE(2) "x.*.b A 192.0.2.1\n", 1, 1, 0, 4 },
		{ "an empty wildcard stays with its child", ZONE(1) "*.b A 192.0.2.1\nx.*.b A 192.0.2.1\n",
		  MERGE, "example.\n-*.b\n", ZONE(2) "x.*.b A 192.0.2.1\n", 0, 1, 1, 2 },
		{ "a wildcard of the apex", ZONE(1), MERGE, "example.\n* A 192.0.2.1\n",
		  ZONE(2) "* A 192.0.2.1\n", 1, 1, 0, 2 },
		{ "a delegation comes: names below are cut", ZONE(1) "c TXT x\na.c A 192.0.2.1\n"
		  "b.a.c TXT x\n",
		  MERGE, "example.\nc NS ns.c\n",
		  ZONE(2) "c TXT x\na.c A 192.0.2.1\nb.a.c TXT x\nc NS ns.c\n", 1, 1, 0, 4 },
		{ "a delegation goes: they are not any more",
		  ZONE(1) "c TXT x\na.c A 192.0.2.1\nb.a.c TXT x\nc NS ns.c\n", MERGE, "example.\n-c NS\n",
		  ZONE(2) "c TXT x\na.c A 192.0.2.1\nb.a.c TXT x\n", 0, 1, 1, 4 },
		{ "a delegation goes with its name", ZONE(1) "a.c A 192.0.2.1\nc NS ns.c\n", MERGE,
		  "example.\n-c\n", ZONE(2) "a.c A 192.0.2.1\n", 0, 1, 1, 3 },
		{ "a delegation changes: nothing below is written", ZONE(1) "c NS a.c\na.c A 192.0.2.1\n",
		  MERGE, "example.\nc NS b.c\n", ZONE(2) "c NS b.c\na.c A 192.0.2.1\n", 0, 2, 0, 2 },
		{ "a delegation above another", ZONE(1) "a.c NS x.a.c\nx.a.c A 192.0.2.1\n", MERGE,
		  "example.\nc NS x.a.c\n", ZONE(2) "a.c NS x.a.c\nx.a.c A 192.0.2.1\nc NS x.a.c\n",
		  1, 1, 0, 4 },
		{ "the upper of two delegations goes", ZONE(1) "a.c NS x.a.c\nx.a.c A 192.0.2.1\n"
		  "c NS x.a.c\n",
		  MERGE, "example.\n-c NS\n", ZONE(2) "a.c NS x.a.c\nx.a.c A 192.0.2.1\n", 0, 1, 1, 4 },
		{ "the lower of two delegations goes", ZONE(1) "a.c NS x.a.c\nx.a.c A 192.0.2.1\n"
		  "c NS x.a.c\n",
		  MERGE, "example.\n-a.c NS\n", ZONE(2) "x.a.c A 192.0.2.1\nc NS x.a.c\n", 0, 1, 1, 2 },
		{ "glue comes below a cut", ZONE(1) "c NS x.a.c\n", MERGE, "example.\nx.a.c A 192.0.2.1\n",
		  ZONE(2) "c NS x.a.c\nx.a.c A 192.0.2.1\n", 1, 1, 0, 4 },
		{ "a delegation and a name below it come together", ZONE(1) "b.c TXT x\nd.c TXT x\n", MERGE,
		  "example.\nc NS ns.c\nc.c TXT x\n", ZONE(2) "b.c TXT x\nd.c TXT x\nc NS ns.c\n"
		  "c.c TXT x\n",
		  2, 1, 0, 5 },
		{ "a delegation comes and a name below it goes", ZONE(1) "b.c TXT x\nd.c TXT x\n", MERGE,
		  "example.\nc NS ns.c\n-b.c\n", ZONE(2) "d.c TXT x\nc NS ns.c\n", 1, 1, 1, 3 },
		{ "two delegations, one in the other, come together", ZONE(1) "x.b.c TXT x\n", MERGE,
		  "example.\nc NS ns\nb.c NS ns\n", ZONE(2) "x.b.c TXT x\nc NS ns\nb.c NS ns\n", 2, 1, 0,
		  4 },
		{ "a delegation goes while one beside it comes", ZONE(1) "a NS ns\nx.a TXT x\nx.b TXT x\n",
		  MERGE, "example.\n-a NS\nb NS ns\n", ZONE(2) "x.a TXT x\nx.b TXT x\nb NS ns\n", 1, 1, 1,
		  5 },
		{ "replace with the same", ZONE(1) "a A 192.0.2.1\n*.b TXT x\nc NS ns.c\n"
		  "ns.c A 192.0.2.1\n",
		  REPLACE, ZONE(1) "a A 192.0.2.1\n*.b TXT x\nc NS ns.c\nns.c A 192.0.2.1\n",
		  ZONE(1) "a A 192.0.2.1\n*.b TXT x\nc NS ns.c\nns.c A 192.0.2.1\n", 0, 0, 0, 0 },
		{ "replace changes what differs alone",
		  ZONE(1) "a A 192.0.2.1\nb A 192.0.2.1\nc A 192.0.2.1\nc TXT x\n", REPLACE,
		  ZONE(1) "a A 192.0.2.1\nb A 192.0.2.2\nc TXT x\nd A 192.0.2.1\n",
		  ZONE(2) "a A 192.0.2.1\nb A 192.0.2.2\nc TXT x\nd A 192.0.2.1\n", 1, 2, 1, 4 },
		{ "replace removes names and their empty ancestors", ZONE(1) "a.b.c A 192.0.2.1\nd TXT x\n",
		  REPLACE, ZONE(1) "d TXT x\n", ZONE(2) "d TXT x\n", 0, 1, 1, 1 },
		{ "replace drops a delegation", ZONE(1) "c NS ns\nx.c TXT x\n", REPLACE, ZONE(1)
		  "x.c TXT x\n",
		  ZONE(2) "x.c TXT x\n", 0, 1, 1, 3 },
		{ "replace creates what is not there", NULL, REPLACE, ZONE(7), ZONE(7), 2, 0, 0, 1 },
	};
	check_changes(cases, COUNT(cases), NULL);
}

static void broken_rules_are_refused_and_nothing_changes(void **state)
{
	(void)state;
	static const refusal_t cases[] = {
		{ "CNAME at the apex", NULL, CREATE, "example.\n" SOA(1) "@ CNAME x.\n",
		  STEER_EREFUSED, "file:3:1: example.: CNAME at the zone's apex" },
		{ "CNAME at the apex, first in the file", NULL, CREATE, "example.\n@ CNAME x.\n" SOA(1),
		  STEER_EREFUSED, "file:2:1: example.: CNAME at the zone's apex" },
		{ "CNAME beside other types", NULL, CREATE, ZONE(1) "a CNAME x\na A 192.0.2.1\n",
		  STEER_EREFUSED, "file:4:1: a.example.: CNAME and other records" },
		{ "CNAME put beside stored types", ZONE(1) "a A 192.0.2.1\n", MERGE,
		  "example.\nb TXT x\na CNAME x\n", STEER_EREFUSED,
		  "file:3:1: a.example.: CNAME and other records" },
		{ "other types put beside a stored CNAME", ZONE(1) "a CNAME x\n", MERGE,
		  "example.\na A 192.0.2.1\n", STEER_EREFUSED,
		  "file:2:1: a.example.: CNAME and other records" },
		{ "several CNAMEs", NULL, CREATE, ZONE(1) "a CNAME x\na CNAME y\n",
		  STEER_EREFUSED, "file:5:1: a.example.: several CNAME" },
		{ "several DNAMEs", NULL, CREATE, ZONE(1) "a DNAME x\na DNAME y\n",
		  STEER_EREFUSED, "file:5:1: a.example.: several DNAME" },
		{ "names below a DNAME", NULL, CREATE, ZONE(1) "a DNAME x.\nb.a TXT x\n",
		  STEER_EREFUSED, "file:4:1: a.example.: names below a DNAME" },
		{ "names far below a DNAME", NULL, CREATE, ZONE(1) "a DNAME x.\nc.b.a TXT x\n",
		  STEER_EREFUSED, "file:4:1: a.example.: names below a DNAME" },
		{ "names below a DNAME at the apex", NULL, CREATE, ZONE(1) "@ DNAME x.\nb TXT x\n",
		  STEER_EREFUSED, "example.: names below a DNAME" },
		{ "a name put below a stored DNAME", ZONE(1) "a DNAME x.\n", MERGE, "example.\n"
		  "c.b.a TXT x\n",
		  STEER_EREFUSED, "a.example.: names below a DNAME" },
		{ "a DNAME put above a stored name", ZONE(1) "c.b.a TXT x\n", MERGE, "example.\n"
		  "a DNAME x.\n",
		  STEER_EREFUSED, "file:2:1: a.example.: names below a DNAME" },
		{ "NS beside DNAME", NULL, CREATE, ZONE(1) "a DNAME x.\na NS ns\n",
		  STEER_EREFUSED, "a.example.: NS beside DNAME" },
		{ "CNAME beside DNAME", NULL, CREATE, ZONE(1) "a DNAME x.\na CNAME ns\n",
		  STEER_EREFUSED, "a.example.: CNAME and other records" },
		{ "no SOA", NULL, CREATE, "example.\n@ NS ns\n",
		  STEER_EREFUSED, "file:2:1: example.: no SOA" },
		{ "nothing at all", NULL, CREATE, "example.\n", STEER_EREFUSED, "example.: no SOA" },
		{ "replace without SOA", ZONE(1), REPLACE, "example.\n@ NS ns\n",
		  STEER_EREFUSED, "file:2:1: example.: no SOA" },
		{ "removal of the SOA", ZONE(1), MERGE, "example.\n-@ SOA\n",
		  STEER_EREFUSED, "example.: no SOA" },
		{ "removal of all of the apex", ZONE(1), MERGE, "example.\n-@\n",
		  STEER_EREFUSED, "example.: no SOA" },
		{ "removal of a type that is not there", ZONE(1) "a TXT x\n", MERGE, "example.\n-a A\n",
		  STEER_ENOENT, "a.example.: no such record set" },
		{ "removal of a name that is not there", ZONE(1) "a TXT x\n", MERGE, "example.\n-b\n",
		  STEER_ENOENT, "b.example.: no such record set" },
		{ "removal of an empty non-terminal", ZONE(1) "a.b TXT x\n", MERGE, "example.\n-b\n",
		  STEER_ENOENT, "b.example.: no such record set" },
		{ "a good record and a bad one", ZONE(1), MERGE, "example.\na TXT x\nb CNAME x\nb TXT x\n",
		  STEER_EREFUSED, "file:3:1: b.example.: CNAME and other records" },
		{ "a record outside the zone", ZONE(1), MERGE, "example.\na.other. TXT x\n",
		  STEER_EINVAL, "refused when added" },
		{ "a record above the zone", ZONE(1), MERGE, "example.\n. TXT x\n",
		  STEER_EINVAL, "refused when added" },
		{ "a record of a zone whose name only ends alike", ZONE(1), MERGE,
		  "example.\na.anexample. TXT x\n", STEER_EINVAL, "refused when added" },
		{ "a zone that exists is created", ZONE(1), CREATE, ZONE(2), STEER_EEXIST,
		  "zone example.: exists already" },
		{ "a zone that does not exist is merged", NULL, MERGE, ZONE(1), STEER_ENOENT,
		  "zone example.: not hosted" },
		{ "a zone that does not exist is deleted", NULL, DELETE, "example.\n", STEER_ENOENT,
		  "zone example.: not hosted" },
		{ "a zone inside one is merged but only the outer exists", ZONE(1), MERGE,
		  "sub." ZONE(1), STEER_ENOENT, "zone sub.example.: not hosted" },
		{ "a zone is created below a DNAME", ZONE(1) "a DNAME x.\n", CREATE, "b.a." ZONE(1),
		  STEER_EREFUSED, "a.example.: names below a DNAME" },
	};
	check_refusals(cases, COUNT(cases));
}

/* Warnings and differences, as reported. */

static void write_warning(void *ctx, const steer_source_location_t *origin, const char *text)
{
	fprintf(ctx, "%s:%u:%u: %s\n", origin->file != NULL ? origin->file : "-", origin->line,
	        origin->column, text);
}

static void write_difference(void *ctx, char sign, const uint8_t *name, const steer_group_t *group)
{
	group_write(ctx, sign, name, group);
}

static void warnings_say_where(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone, *want;
	} cases[] = {
		{ "none", ZONE(1) "a 5 A 192.0.2.1\na 5 A 192.0.2.2\na 7 TXT x\n", "" },
		{ "differing TTLs: the last one", ZONE(1) "a 5 A 192.0.2.1\na 7 A 192.0.2.2\n",
		  "file:5:1: a.example.: the TTL of its A records differs: set to 7\n" },
		{ "in the order of the file, not of the values", ZONE(1) "a 5 A 192.0.2.2\n"
		  "a 7 A 192.0.2.1\n",
		  "file:5:1: a.example.: the TTL of its A records differs: set to 7\n" },
		{ "each that differs from the one before",
		  ZONE(1) "a 5 A 192.0.2.1\na 7 A 192.0.2.2\na 7 A 192.0.2.3\na 5 A 192.0.2.4\n",
		  "file:5:1: a.example.: the TTL of its A records differs: set to 7\n"
		  "file:7:1: a.example.: the TTL of its A records differs: set to 5\n" },
		{ "no NS at the apex", "example.\n" SOA(1) "a NS ns\n",
		  "file:2:1: no NS record at the zone's apex\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);
		const steer_apply_t options = { .warn = write_warning, .ctx = out };
		steer_summary_t summary;
		steer_fault_t fault;
		must(store_change(place.store, STEER_ZONE_CREATE, cases[i].zone, &options, &summary,
		                  &fault),
		     &fault);
		fclose(out);
		assert_string_equal(text, cases[i].want);
		free(text);
		place_free(&place);
	}
}

static void a_dry_run_tells_all_and_changes_nothing(void **state)
{
	(void)state;
	place_t place = place_new();
	store_must(place.store, STEER_ZONE_CREATE, ZONE(1) "a A 192.0.2.1\na TXT x\nb TXT x\n");
	char *before = store_dump(place.store), *text = NULL;
	size_t size;
	static const char change[] = "example.\na A 192.0.2.2\na A 192.0.2.3\n-b\nc.d TXT y\n";
	steer_summary_t summaries[2];
	for (int dry_run = 1; dry_run >= 0; dry_run--) {
		FILE *out = open_memstream(&text, &size);
		const steer_apply_t options = { .dry_run = dry_run, .diff = write_difference, .ctx = out };
		steer_fault_t fault;
		must(store_change(place.store, STEER_ZONE_MERGE, change, &options, &summaries[dry_run],
		                  &fault), &fault);
		fclose(out);
		assert_string_equal(text,
		        "-a.example. 300 A 192.0.2.1\n+a.example. 300 A 192.0.2.2\n"
		        "+a.example. 300 A 192.0.2.3\n"
		        "-b.example. 300 TXT x\n+c.d.example. 300 TXT y\n"
		        "-example. 300 SOA ns.example. hm.example. 1 2 3 4 5\n"
		        "+example. 300 SOA ns.example. hm.example. 2 2 3 4 5\n");
		free(text);
		char *after = store_dump(place.store);
		assert_int_equal(strcmp(before, after) == 0, dry_run);
		free(after);
	}
	assert_int_equal(summaries[1].sequence, 0);
	assert_int_equal(summaries[0].sequence, 2);
	summaries[1].sequence = summaries[0].sequence;
	assert_memory_equal(&summaries[0], &summaries[1], sizeof(summaries[0]));
	free(before);
	place_free(&place);
}

static void the_serial_rises_with_every_difference(void **state)
{
	(void)state;
#define AT(serial, rest) "example.\n@ SOA ns hm " serial " 2 3 4 5\n@ NS ns\n" rest
	static const struct {
		const char *what, *before;
		steer_zone_action_t action;
		const char *change, *after;
	} cases[] = {
		{ "no difference", AT("5", ""), REPLACE, AT("5", ""), AT("5", "") },
		{ "a lower serial alone is no difference", AT("5", ""), REPLACE, AT("4", ""), AT("5", "") },
		{ "a higher serial alone is taken", AT("5", ""), REPLACE, AT("9", ""), AT("9", "") },
		{ "a difference with the same serial", AT("5", ""), REPLACE, AT("5", "a TXT x\n"),
		  AT("6", "a TXT x\n") },
		{ "a difference with a lower serial", AT("5", ""), REPLACE, AT("2", "a TXT x\n"),
		  AT("6", "a TXT x\n") },
		{ "a difference with a higher serial", AT("5", ""), REPLACE, AT("9", "a TXT x\n"),
		  AT("9", "a TXT x\n") },
		{ "a merge without SOA", AT("5", ""), MERGE, "example.\na TXT x\n", AT("6", "a TXT x\n") },
		{ "a merge with a higher SOA", AT("5", ""), MERGE,
		  "example.\n@ SOA ns hm 8 2 3 4 5\na TXT x\n", AT("8", "a TXT x\n") },
		{ "a merge with a lower SOA", AT("5", ""), MERGE,
		  "example.\n@ SOA ns hm 1 2 3 4 5\na TXT x\n", AT("6", "a TXT x\n") },
		{ "another field of the SOA", AT("5", ""), MERGE, "example.\n@ SOA ns hm 5 2 3 4 9\n",
		  "example.\n@ SOA ns hm 6 2 3 4 9\n@ NS ns\n" },
		{ "another server in the SOA, with a lower serial", AT("5", ""), MERGE,
		  "example.\n@ SOA other hm 1 2 3 4 5\n", "example.\n@ SOA other hm 6 2 3 4 5\n@ NS ns\n" },
		{ "another TTL of the SOA", AT("5", ""), MERGE, "example.\n@ 9 SOA ns hm 5 2 3 4 5\n",
		  "example.\n@ 9 SOA ns hm 6 2 3 4 5\n@ NS ns\n" },
		{ "the last serial is followed by 0", AT("4294967295", ""), MERGE, "example.\na TXT x\n",
		  AT("0", "a TXT x\n") },
		{ "past the end 1 is higher than the last but one", AT("4294967294", ""), REPLACE,
		  AT("1", ""), AT("1", "") },
		{ "half the circle ahead is higher", AT("0", ""), REPLACE, AT("2147483647", ""),
		  AT("2147483647", "") },
		{ "just over half is not", AT("0", ""), REPLACE, AT("2147483649", "a TXT x\n"),
		  AT("1", "a TXT x\n") },
		{ "the opposite of the circle is not", AT("0", ""), REPLACE, AT("2147483648", "a TXT x\n"),
		  AT("1", "a TXT x\n") },
		{ "a second SOA is passed over", AT("5", ""), REPLACE,
		  "example.\n@ SOA ns hm 7 2 3 4 5\n@ SOA ns hm 9 9 9 9 9\n@ NS ns\n", AT("7", "") },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		store_must(place.store, STEER_ZONE_CREATE, cases[i].before);
		const steer_summary_t summary = store_must(place.store, cases[i].action, cases[i].change);
		const char *const zones[] = { cases[i].after, NULL };
		check_store(&place, zones);
		bool same = strcmp(cases[i].before, cases[i].after) == 0;
		assert_int_equal(summary.sequence, same ? 0 : 2);
		assert_int_equal(summary.nodes_written == 0, same);
		place_free(&place);
	}
}

/* Zones inside zones. */

static const char *const nested[] = {
	"a.\n" SOA(1) "@ NS ns\nb NS ns.b\nns.b A 192.0.2.1\nx.deep.b TXT occluded\n*.w A 192.0.2.2\n",
	"b.a.\n" SOA(1) "@ NS ns\nns A 192.0.2.3\nc TXT here\nd.c TXT below\n",
	"d.c.b.a.\n" SOA(1) "www A 192.0.2.4\n",
	"deep.b.a.\n" SOA(1) "@ TXT sibling\nx TXT mine\n",
};

#define NESTED COUNT(nested)

/*! Permutation number n of the nested zones. */
static void permute(unsigned n, unsigned order[NESTED])
{
	unsigned left[NESTED], count = NESTED;
	for (unsigned i = 0; i < NESTED; i++) {
		left[i] = i;
	}
	for (unsigned i = 0; i < NESTED; i++, count--) {
		unsigned at = n % count;
		n /= count;
		order[i] = left[at];
		memmove(&left[at], &left[at + 1], (count - at - 1) * sizeof(*left));
	}
}

static void check_present(place_t *place, const bool present[NESTED])
{
	const char *zones[NESTED + 1];
	size_t count = 0;
	for (size_t i = 0; i < NESTED; i++) {
		if (present[i]) {
			zones[count++] = nested[i];
		}
	}
	zones[count] = NULL;
	check_store(place, zones);
}

static void zones_inside_zones_come_and_go_in_any_order(void **state)
{
	(void)state;
	enum { ORDERS = 24 };
	place_t place = place_new();
	char empty_apex[STEER_NAME_TEXT_MAX];
	for (unsigned n = 0; n < ORDERS; n++) {
		unsigned order[NESTED];
		bool present[NESTED] = { false };
		permute(n, order);
		for (unsigned i = 0; i < NESTED; i++) {
			store_must(place.store, STEER_ZONE_CREATE, nested[order[i]]);
			present[order[i]] = true;
			check_present(&place, present);
		}
		permute((n * 7 + 5) % ORDERS, order);
		for (unsigned i = 0; i < NESTED; i++) {
			snprintf(empty_apex, sizeof(empty_apex), "%.*s\n",
			         (int)strcspn(nested[order[i]], "\n"), nested[order[i]]);
			const steer_summary_t summary = store_must(place.store, STEER_ZONE_DELETE, empty_apex);
			assert_int_equal(summary.zones_deleted, 1);
			present[order[i]] = false;
			check_present(&place, present);
		}
	}
	place_free(&place);
}

static void a_zone_comes_between_others_that_share_ancestors(void **state)
{
	(void)state;
	static const char *const zones[] = {
		"a.\n" SOA(1) "b.a. TXT occluded\n", "u.x.b.a.\n" SOA(1), "v.x.b.a.\n" SOA(1),
		"y.b.a.\n" SOA(1), "b.a.\n" SOA(1) "w.x TXT x\n", NULL,
	};
	const char *const before[] = { zones[0], zones[1], zones[2], zones[3], NULL };
	place_t place = place_new();
	for (size_t i = 0; i < COUNT(before) - 1; i++) {
		store_must(place.store, STEER_ZONE_CREATE, zones[i]);
	}
	check_store(&place, before);
	store_must(place.store, STEER_ZONE_CREATE, zones[4]);
	check_store(&place, zones);
	store_must(place.store, STEER_ZONE_DELETE, "b.a.\n");
	check_store(&place, before);
	place_free(&place);
}

static void one_change_set_brings_several_zones_in_any_order(void **state)
{
	(void)state;
	enum { ORDERS = 24 };
	for (unsigned n = 0; n < ORDERS; n += 5) {
		unsigned order[NESTED];
		permute(n, order);
		place_t place = place_new();
		steer_change_t *change = steer_change_new();
		for (unsigned i = 0; i < NESTED; i++) {
			assert_int_equal(change_add_text(change, STEER_ZONE_CREATE, nested[order[i]]),
			                 STEER_OK);
		}
		unsigned again;
		assert_int_equal(steer_change_zone(change, name_of("a."), STEER_ZONE_MERGE, &again),
		                 STEER_EEXIST);
		const steer_apply_t options = { 0 };
		steer_summary_t summary;
		steer_fault_t fault;
		must(steer_store_apply(place.store, change, &options, &summary, &fault), &fault);
		steer_change_free(change);
		assert_int_equal(summary.zones_created, NESTED);
		assert_int_equal(summary.sequence, 1);
		check_present(&place, (const bool[]) { true, true, true, true });
		place_free(&place);
	}
}

static void a_zone_in_a_change_set_that_fails_takes_the_others_with_it(void **state)
{
	(void)state;
	place_t place = place_new();
	store_must(place.store, STEER_ZONE_CREATE, nested[0]);
	char *before = store_dump(place.store);
	steer_change_t *change = steer_change_new();
	assert_int_equal(change_add_text(change, STEER_ZONE_CREATE, nested[1]), STEER_OK);
	assert_int_equal(change_add_text(change, STEER_ZONE_DELETE, "a.\n"), STEER_OK);
	assert_int_equal(change_add_text(change, STEER_ZONE_CREATE, "other.\n@ NS ns\n"), STEER_OK);
	const steer_apply_t options = { 0 };
	steer_summary_t summary;
	steer_fault_t fault;
	assert_int_equal(steer_store_apply(place.store, change, &options, &summary, &fault),
	                 STEER_EREFUSED);
	steer_change_free(change);
	char *after = store_dump(place.store);
	assert_string_equal(before, after);
	free(before);
	free(after);
	check_present(&place, (const bool[NESTED]) { true });
	place_free(&place);
}

static void a_parent_changes_around_its_hosted_child(void **state)
{
	(void)state;
	static const char child[] = "c.b.example.\n" SOA(1) "x TXT child\n";
	static const struct {
		const char *what, *before, *change, *after;
	} cases[] = {
		{ "the delegation goes", ZONE(1) "c.b NS ns\nx.c.b TXT y\n", "example.\n-c.b NS\n",
		  ZONE(2) "x.c.b TXT y\n" },
		{ "the last name beside it goes", ZONE(1) "d.b TXT y\n", "example.\n-d.b\n", ZONE(2) },
		{ "data of its name go", ZONE(1) "c.b TXT y\n", "example.\n-c.b\n", ZONE(2) },
		{ "data of its name come", ZONE(1), "example.\nc.b DS 1 8 2 00\n", ZONE(2)
		  "c.b DS 1 8 2 00\n" },
		{ "a delegation comes above", ZONE(1), "example.\nb NS ns\n", ZONE(2) "b NS ns\n" },
		{ "a delegation goes above", ZONE(1) "b NS ns\n", "example.\n-b NS\n", ZONE(2) },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		store_must(place.store, STEER_ZONE_CREATE, cases[i].before);
		store_must(place.store, STEER_ZONE_CREATE, child);
		store_must(place.store, STEER_ZONE_MERGE, cases[i].change);
		const char *const zones[] = { cases[i].after, child, NULL };
		check_store(&place, zones);
		place_free(&place);
	}
}

/* Overlays. */

/*! Applies a zone's text and sets its mode. */
static int change_with_mode(place_t *place, steer_zone_action_t action, uint8_t mode,
                            const char *zone, steer_summary_t *summary, steer_fault_t *fault)
{
	const steer_apply_t options = { 0 };
	steer_change_t *change = steer_change_new();
	assert_int_equal(change_add_text(change, action, zone), STEER_OK);
	steer_change_mode(change, 0, mode);
	int ret = steer_store_apply(place->store, change, &options, summary, fault);
	steer_change_free(change);
	return ret;
}

static steer_summary_t mode_must(place_t *place, uint8_t mode, const char *zone)
{
	steer_summary_t summary;
	steer_fault_t fault;
	must(change_with_mode(place, STEER_ZONE_REPLACE, mode, zone, &summary, &fault), &fault);
	return summary;
}

/*!
 * Names that have a face of a zone with so many labels; each must say whether that is an overlay.
 */
static unsigned count_faces(place_t *place, unsigned apex, bool overlay)
{
	steer_reader_t *reader = NULL;
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	steer_fault_t fault;
	uint64_t id;
	unsigned count = 0;
	must(steer_reader_open(&reader, place->store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	assert_int_equal(steer_cursor_open(&cursor, reader, STEER_DB_NODES), STEER_OK);
	for (int ret = steer_cursor_seek(cursor, NULL, 0, &pair); ret == STEER_OK;
	     ret = steer_cursor_next(cursor, &pair)) {
		steer_node_t node;
		steer_face_t face;
		assert_int_equal(steer_node_open(&node, pair.value, pair.value_len), STEER_OK);
		if (steer_node_face(&node, apex, &face)) {
			assert_int_equal(!!(face.flags & STEER_FACE_OVERLAY), overlay);
			count++;
		}
	}
	steer_cursor_close(cursor);
	steer_reader_close(reader);
	return count;
}

static void an_overlay_says_so_at_each_name(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_summary_t summary = mode_must(&place, STEER_ZONE_OVERLAY, "example.\n@ A 192.0.2.1\n");
	assert_int_equal(summary.zones_created, 1);
	assert_int_equal(summary.sets_added, 1); // It has no SOA, so none rises.
	store_must(place.store, STEER_ZONE_MERGE, "example.\na.b A 192.0.2.2\nc CNAME d\n@ NS ns\n");
	assert_int_equal(count_faces(&place, 1, true), 4);
	store_must(place.store, STEER_ZONE_CREATE, "in.c." ZONE(1)); // Hosted inside the overlay.
	assert_int_equal(count_faces(&place, 1, true), 5);
	store_must(place.store, STEER_ZONE_DELETE, "in.c.example.\n");
	store_must(place.store, STEER_ZONE_MERGE, "example.\n-a.b A\n-@\n");
	assert_int_equal(count_faces(&place, 1, true), 2);
	store_must(place.store, STEER_ZONE_DELETE, "example.\n");
	assert_int_equal(count_faces(&place, 1, true), 0);
	place_free(&place);
}

static void an_overlay_becomes_authoritative_and_back(void **state)
{
	(void)state;
	static const char whole[] = ZONE(1) "b.a TXT x\n*.w TXT x\nd NS ns\nns.d A 192.0.2.1\n";
	static const char part[] = "example.\n@ A 192.0.2.1\nb.a TXT x\n";
	const char *const zones[] = { whole, NULL };
	place_t place = place_new();
	mode_must(&place, STEER_ZONE_OVERLAY, part);
	steer_summary_t summary = mode_must(&place, STEER_ZONE_AUTHORITATIVE, whole);
	assert_int_equal(summary.zones_changed, 1);
	check_store(&place, zones);
	summary = mode_must(&place, STEER_ZONE_OVERLAY, part);
	assert_int_equal(summary.zones_changed, 1);
	assert_int_equal(count_faces(&place, 1, true), 3);
	assert_int_equal(mode_must(&place, STEER_ZONE_OVERLAY, part).sequence, 0);
	// It stays one.
	assert_int_equal(store_must(place.store, STEER_ZONE_REPLACE, part).sequence, 0);
	place_free(&place);
}

static void an_overlay_holds_record_sets_alone(void **state)
{
	(void)state;
	static const struct {
		const char *change, *text;
	} cases[] = {
		{ "example.\n" SOA(1), "file:2:1: example.: SOA in an overlay" },
		{ "example.\na SOA ns hm 1 2 3 4 5\n", "file:2:1: a.example.: SOA in an overlay" },
		{ "example.\na A 192.0.2.1\na NS ns\n", "file:3:1: a.example.: NS in an overlay" },
		{ "example.\n@ DNAME x.\n", "file:2:1: example.: DNAME in an overlay" },
		{ "example.\na DNAME x.\n", "file:2:1: a.example.: DNAME in an overlay" },
		{ "example.\n@ CNAME x.\n", "file:2:1: example.: CNAME at the zone's apex" },
		{ "example.\n* TXT x\n", "file:2:1: *.example.: a wildcard in an overlay" },
		{ "example.\n*.a TXT x\n", "file:2:1: *.a.example.: a wildcard in an overlay" },
		{ "example.\na CNAME x\na TXT x\n", "file:2:1: a.example.: CNAME and other records" },
	};
	place_t place = place_new();
	mode_must(&place, STEER_ZONE_OVERLAY, "example.\nz A 192.0.2.1\n");
	char *before = store_dump(place.store);
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_summary_t summary;
		steer_fault_t fault = { 0 };
		assert_int_equal(store_change(place.store, STEER_ZONE_MERGE, cases[i].change, NULL,
		                              &summary, &fault), STEER_EREFUSED);
		if (strstr(fault.text, cases[i].text) == NULL) {
			fail_msg("said: %s\nwant: %s", fault.text, cases[i].text);
		}
	}
	steer_summary_t summary;
	steer_fault_t fault = { 0 };
	assert_int_equal(change_with_mode(&place, STEER_ZONE_MERGE, STEER_ZONE_AUTHORITATIVE,
	                                  "example.\na TXT x\n", &summary, &fault), STEER_EREFUSED);
	assert_non_null(strstr(fault.text, "zone example.: an overlay"));
	assert_int_equal(change_with_mode(&place, STEER_ZONE_REPLACE, STEER_ZONE_AUTHORITATIVE,
	                                  "example.\na TXT x\n", &summary, &fault), STEER_EREFUSED);
	assert_non_null(strstr(fault.text, "no SOA"));
	char *after = store_dump(place.store);
	assert_string_equal(before, after);
	free(before);
	free(after);
	place_free(&place);
}

static void a_replacement_may_keep_what_the_apex_has(void **state)
{
	(void)state;
	static const struct {
		const char *what, *change, *after;
		bool soa, servers;
		int ret;
	} cases[] = {
		{ "both", "example.\na TXT y\n", ZONE(8) "a TXT y\n", true, true, STEER_OK },
		{ "both, in an equal zone", "example.\na TXT x\n@ TXT x\n", ZONE(7) "a TXT x\n@ TXT x\n",
		  true, true, STEER_OK },
		{ "the SOA alone", "example.\na TXT y\n", "example.\n" SOA(8) "a TXT y\n", true, false,
		  STEER_OK },
		{ "both, but others are given", "example.\n" SOA(9) "@ NS new\n",
		  "example.\n" SOA(9) "@ NS new\n", true, true, STEER_OK },
		{ "NS below the apex does not stay", "example.\nb TXT y\n", ZONE(8) "b TXT y\n", true, true,
		  STEER_OK },
		{ "the servers alone", "example.\na TXT y\n", NULL, false, true, STEER_EREFUSED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		store_must(place.store, STEER_ZONE_CREATE,
		           i == 1 ? ZONE(7) "a TXT x\n@ TXT x\n" : ZONE(7) "a TXT x\n@ TXT x\nd NS ns\n");
		const steer_apply_t options = { 0 };
		steer_summary_t summary;
		steer_fault_t fault;
		steer_change_t *change = steer_change_new();
		assert_int_equal(change_add_text(change, STEER_ZONE_REPLACE, cases[i].change), STEER_OK);
		steer_change_keep(change, 0, cases[i].soa, cases[i].servers);
		assert_int_equal(steer_store_apply(place.store, change, &options, &summary, &fault),
		                 cases[i].ret);
		steer_change_free(change);
		if (cases[i].ret == STEER_OK) {
			const char *const zones[] = { cases[i].after, NULL };
			check_store(&place, zones);
			assert_int_equal(summary.sequence, i == 1 ? 0 : 2);
		}
		place_free(&place);
	}
}

static void a_zone_may_be_deleted_only_if_it_is_empty(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone;
		bool overlay;
		const char *fault; /*!< NULL: it is deleted. */
	} cases[] = {
		{ "SOA and NS", ZONE(1), false, NULL },
		{ "a record of the apex", ZONE(1) "@ TXT x\n", false, "example.: the zone is not empty" },
		{ "a name", ZONE(1) "a.b A 192.0.2.1\n", false, "a.b.example.: the zone is not empty" },
		{ "a delegation", ZONE(1) "a NS ns.x.\n", false, "a.example.: the zone is not empty" },
		{ "an overlay", "example.\n", true, NULL },
		{ "an overlay with records", "example.\n@ NS x.\n", true,
		  "example.: the zone is not empty" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_apply_t options = { 0 };
		steer_summary_t summary;
		steer_fault_t fault;
		place_t place = place_new();
		steer_change_t *change = steer_change_new();
		assert_int_equal(change_add_text(change, STEER_ZONE_CREATE, cases[i].zone), STEER_OK);
		steer_change_mode(change, 0, cases[i].overlay ? STEER_ZONE_OVERLAY
		                                              : STEER_ZONE_AUTHORITATIVE);
		must(steer_store_apply(place.store, change, &options, &summary, &fault), &fault);
		steer_change_free(change);
		int ret = store_change(place.store, STEER_ZONE_DELETE_EMPTY, "example.\n", NULL, &summary,
		                       &fault);
		assert_int_equal(ret, cases[i].fault == NULL ? STEER_OK : STEER_EREFUSED);
		if (cases[i].fault != NULL) {
			assert_non_null(strstr(fault.text, cases[i].fault));
		}
		place_free(&place);
	}
}

static void comments_are_kept(void **state)
{
	(void)state;
	static const struct {
		const char *comment;
		int ret;
	} cases[] = {
		{ "made by hand", STEER_OK }, { "made by rand", STEER_OK }, { "", STEER_OK },
		{ "gr\xc3\xbc\xc3\x9f" "e", STEER_OK },
	};
	place_t place = place_new();
	store_must(place.store, STEER_ZONE_CREATE, ZONE(1));
	uint64_t sequence = 1;
	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		const char *comment = cases[i / 2].comment;
		steer_change_t *change = steer_change_new();
		unsigned zone;
		assert_int_equal(steer_change_zone(change, name_of("example."), STEER_ZONE_MERGE, &zone),
		                 STEER_OK);
		assert_int_equal(steer_change_comment(change, zone, comment), cases[i / 2].ret);
		const steer_apply_t options = { 0 };
		steer_summary_t summary;
		steer_fault_t fault;
		must(steer_store_apply(place.store, change, &options, &summary, &fault), &fault);
		steer_change_free(change);
		assert_int_equal(summary.sequence, i % 2 == 0 ? ++sequence : 0); // Again: none.

		steer_reader_t *reader = NULL;
		uint64_t id;
		steer_key_t key;
		const void *value;
		size_t len;
		steer_zone_t stored;
		must(steer_reader_open(&reader, place.store, STEER_ENV_RECORDS, &fault), &fault);
		must(steer_reader_renew(reader, &id), &fault);
		steer_key_from_name(&key, name_of("example."));
		assert_int_equal(steer_reader_get(reader, STEER_DB_ZONES, key.bytes, key.len, &value, &len),
		                 STEER_OK);
		assert_int_equal(steer_zone_decode(&stored, value, len), STEER_OK);
		assert_int_equal(stored.comment_len, strlen(comment));
		assert_memory_equal(stored.comment, comment, strlen(comment));
		assert_int_equal(stored.created, 1);
		steer_reader_close(reader);
	}
	char comment[STEER_COMMENT_MAX + 2];
	memset(comment, 'x', sizeof(comment));
	comment[sizeof(comment) - 1] = '\0';
	steer_change_t *change = steer_change_new();
	unsigned zone;
	assert_int_equal(steer_change_zone(change, name_of("example."), STEER_ZONE_MERGE, &zone),
	                 STEER_OK);
	assert_int_equal(steer_change_comment(change, zone, comment), STEER_EINVAL);
	comment[STEER_COMMENT_MAX] = '\0';
	assert_int_equal(steer_change_comment(change, zone, comment), STEER_OK);
	steer_change_free(change);
	place_free(&place);
}

/* Large record sets. */

static int apply_large(place_t *place, unsigned count, size_t last_len, steer_fault_t *fault)
{
	static uint8_t rdata[UINT16_MAX];
	steer_change_t *change = steer_change_new();
	assert_int_equal(change_add_text(change, STEER_ZONE_REPLACE, ZONE(1)), STEER_OK);
	uint8_t owner[STEER_NAME_MAX];
	memcpy(owner, name_of("large.example."), sizeof(owner));
	for (unsigned i = 0; i < count; i++) {
		memset(rdata, i, sizeof(rdata));
		const steer_record_t record = {
			.owner = owner, .rdata = rdata, .type = 65400, .ttl = 300,
			.rdata_len = i + 1 < count ? 1 : last_len,
			.location = { .file = "large", .line = i + 1 },
		};
		rdata[0] = i >> 8;
		const uint8_t two[2] = { i >> 8, i };
		steer_record_t add = record;
		if (i + 1 < count) {
			add.rdata = two;
			add.rdata_len = 2;
		}
		assert_int_equal(steer_change_add(change, 0, &add), STEER_OK);
	}
	const steer_apply_t options = { 0 };
	steer_summary_t summary;
	int ret = steer_store_apply(place->store, change, &options, &summary, fault);
	steer_change_free(change);
	return ret;
}

static void a_record_set_may_fill_a_message_and_no_more(void **state)
{
	(void)state;
	// Besides a header, the question for large.example. and OPT.
	enum { ROOM = 65535 - 12 - (15 + 4) - 11, SMALL = STEER_RR_HEAD + 2 };
	static const struct {
		const char *what;
		unsigned count;
		size_t last_len;
		int want;
	} cases[] = {
		{ "one record that fills it", 1, ROOM - STEER_RR_HEAD, STEER_OK },
		{ "one byte more", 1, ROOM - STEER_RR_HEAD + 1, STEER_EREFUSED },
		{ "the longest rdata there is", 1, UINT16_MAX, STEER_EREFUSED },
		{ "many records that fill it", ROOM / SMALL,
		  ROOM - (ROOM / SMALL - 1) * SMALL - STEER_RR_HEAD, STEER_OK },
		{ "one record more", ROOM / SMALL + 1, 2, STEER_EREFUSED },
		{ "records enough for any counter", 70000, 2, STEER_EREFUSED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		char *before = store_dump(place.store);
		steer_fault_t fault = { 0 };
		assert_int_equal(apply_large(&place, cases[i].count, cases[i].last_len, &fault),
		                 cases[i].want);
		char *after = store_dump(place.store);
		if (cases[i].want != STEER_OK) {
			assert_string_equal(before, after);
			assert_non_null(strstr(fault.text, "large:"));
			assert_non_null(strstr(fault.text, "large.example.: its TYPE65400 records have "));
		} else {
			assert_int_equal(apply_large(&place, cases[i].count, cases[i].last_len, &fault),
			                 STEER_OK);
			char *again = store_dump(place.store);
			assert_string_equal(after, again);
			free(again);
		}
		free(before);
		free(after);
		place_free(&place);
	}
}

/* Order, and random changes (from a fixed seed). */

static uint32_t draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (uint64_t)(*seed >> 8) * below >> 24;
}

static void the_order_of_adding_does_not_matter(void **state)
{
	(void)state;
	enum { NAMES = 40, PER_NAME = 20, RECORDS = NAMES * PER_NAME };
	char *first = NULL;
	uint32_t seed = 1;
	for (unsigned round = 0; round < 4; round++) {
		unsigned order[RECORDS];
		for (unsigned i = 0; i < RECORDS; i++) {
			order[i] = i;
		}
		for (unsigned i = RECORDS; round > 0 && i > 1; i--) {
			unsigned k = draw(&seed, i), swap = order[k];
			order[k] = order[i - 1];
			order[i - 1] = swap;
		}
		place_t place = place_new();
		steer_change_t *change = steer_change_new();
		assert_int_equal(change_add_text(change, STEER_ZONE_CREATE, ZONE(1)), STEER_OK);
		for (unsigned i = 0; i < RECORDS; i++) {
			char text[64];
			unsigned n = order[i];
			// Names longer than the prefix that is compared first, some below others.
			snprintf(text, sizeof(text), "%s-%02u.a-long-label%s.example.", n % 3 ? "x" : "y",
			         n % NAMES, n % 2 ? "" : ".sub");
			const uint8_t rdata[] = { n / NAMES / 2, n };
			const steer_record_t record = {
				.owner = name_of(text), .rdata = rdata, .rdata_len = 1 + n / NAMES % 2,
				.type = 65400 + n / NAMES % 3, .ttl = 300,
			};
			assert_int_equal(steer_change_add(change, 0, &record), STEER_OK);
		}
		const steer_apply_t options = { 0 };
		steer_summary_t summary;
		steer_fault_t fault;
		must(steer_store_apply(place.store, change, &options, &summary, &fault), &fault);
		steer_change_free(change);
		char *dump = store_dump(place.store);
		if (first == NULL) {
			first = dump;
		} else {
			assert_string_equal(dump, first);
			free(dump);
		}
		place_free(&place);
	}
	free(first);
}

/*
 * Random changes of nested zones, each followed in a model whose zones are lists of records. Types
 * without rules between them are drawn, so that nothing is refused.
 */

static const char *const apexes[] = { "e.", "b.e.", "c.a.b.e." };
static const char *const labels[] = { "a", "b", "c", "*" };
static const uint16_t types[] = { T_A, T_TXT, T_NS };

typedef struct {
	model_zone_t zones[COUNT(apexes)];
	bool present[COUNT(apexes)];
} shadow_t;

static void shadow_remove(model_zone_t *zone, const uint8_t *owner, uint16_t type)
{
	size_t kept = 0;
	for (size_t i = 0; i < zone->count; i++) {
		const record_t *record = &zone->records[i];
		if (record->type != type || steer_name_len(owner) != steer_name_len(record->owner) ||
		    memcmp(record->owner, owner, steer_name_len(owner)) != 0) {
			zone->records[kept++] = zone->records[i];
		}
	}
	zone->count = kept;
}

static bool shadow_has(const model_zone_t *zone, const uint8_t *owner, uint16_t type)
{
	steer_key_t key;
	steer_key_from_name(&key, owner);
	return model_has(zone, &key, key.labels, type);
}

static record_t draw_record(uint32_t *seed, const uint8_t *apex, bool at_apex)
{
	record_t record = { .ttl = 300, .type = types[draw(seed, COUNT(types))] };
	char text[64] = "";
	for (unsigned left = draw(seed, 4); left > 0; left--) {
		strcat(text, labels[draw(seed, COUNT(labels))]);
		if (left > 1) {
			strcat(text, ".");
		}
	}
	name_read(record.owner, *text == '\0' || at_apex ? "@" : text, apex);
	switch (record.type) {
	case T_A:
		record.rdata_len = 4;
		record.rdata[3] = draw(seed, 3);
		break;
	case T_TXT:
		record.rdata_len = 2;
		record.rdata[0] = 1;
		record.rdata[1] = '0' + draw(seed, 3);
		break;
	default:
		record.rdata_len = name_read(record.rdata, draw(seed, 2) ? "a" : "ns", apex);
	}
	return record;
}

static void add_record(steer_change_t *change, unsigned zone, const record_t *record)
{
	const steer_record_t add = {
		.owner = record->owner, .rdata = record->rdata, .rdata_len = record->rdata_len,
		.type = record->type, .ttl = record->ttl,
	};
	assert_int_equal(steer_change_add(change, zone, &add), STEER_OK);
}

static record_t soa_record(const uint8_t *apex, uint32_t serial)
{
	record_t soa = { .type = T_SOA, .ttl = 300, .rdata_len = 22 };
	memcpy(soa.owner, apex, steer_name_len(apex));
	number_put(soa.rdata + 2, serial, 4);
	return soa;
}

static uint32_t shadow_serial(const model_zone_t *zone)
{
	for (size_t i = 0; i < zone->count; i++) {
		if (zone->records[i].type == T_SOA) {
			return number_get(zone->records[i].rdata + 2, 4);
		}
	}
	return 0;
}

static void shadow_set_serial(model_zone_t *zone, uint32_t serial)
{
	shadow_remove(zone, zone->apex, T_SOA);
	const record_t soa = soa_record(zone->apex, serial);
	model_add_record(zone, &soa);
}

/*! A whole random zone. */
static void draw_zone(uint32_t *seed, model_zone_t *zone, uint32_t serial)
{
	zone->count = 0;
	shadow_set_serial(zone, serial);
	for (unsigned left = draw(seed, 8); left > 0; left--) {
		const record_t record = draw_record(seed, zone->apex, false);
		model_add_record(zone, &record);
	}
}

/*! A few record sets replaced or removed. */
static void draw_merge(uint32_t *seed, steer_change_t *change, unsigned number, model_zone_t *zone)
{
	for (unsigned left = 1 + draw(seed, 3); left > 0; left--) {
		const record_t record = draw_record(seed, zone->apex, false);
		if (shadow_has(zone, record.owner, record.type) && draw(seed, 2) == 0) {
			assert_int_equal(steer_change_remove(change, number, record.owner, record.type,
				                                     NULL), STEER_OK);
			shadow_remove(zone, record.owner, record.type);
			return; // A later draw could name the same record set again.
		}
		shadow_remove(zone, record.owner, record.type);
		model_add_record(zone, &record);
		add_record(change, number, &record);
		if (left == 1 || draw(seed, 2) == 0) {
			return;
		}
		record_t second = record; // The same name below: often a cut and what it occludes.
		uint8_t deeper[STEER_NAME_MAX] = { 1, 'a' };
		memcpy(deeper + 2, record.owner, sizeof(deeper) - 2);
		memcpy(second.owner, deeper, sizeof(deeper));
		shadow_remove(zone, second.owner, second.type);
		model_add_record(zone, &second);
		add_record(change, number, &second);
		return;
	}
}

static void shadow_check(place_t *place, const shadow_t *shadow)
{
	model_t model = { 0 };
	for (size_t i = 0; i < COUNT(apexes); i++) {
		if (shadow->present[i]) {
			model.zones = model_grow(model.zones, model.zone_count, sizeof(*model.zones));
			model_zone_t *zone = &model.zones[model.zone_count++];
			memcpy(zone->apex, shadow->zones[i].apex, sizeof(zone->apex));
			for (size_t k = 0; k < shadow->zones[i].count; k++) {
				model_add_record(zone, &shadow->zones[i].records[k]);
			}
		}
	}
	model_compile(&model);
	check_model(place, &model);
	model_free(&model);
}

static bool same_rrs(const model_zone_t *a, const model_zone_t *b)
{
	// Record sets are compared as a store compiles them: one zone each, SOA separately.
	char *text[2];
	const model_zone_t *zones[] = { a, b };
	for (unsigned i = 0; i < 2; i++) {
		model_t model = { 0 };
		model.zones = model_grow(model.zones, 0, sizeof(*model.zones));
		model.zone_count = 1;
		memcpy(model.zones->apex, zones[i]->apex, sizeof(model.zones->apex));
		for (size_t k = 0; k < zones[i]->count; k++) {
			if (zones[i]->records[k].type != T_SOA) {
				model_add_record(model.zones, &zones[i]->records[k]);
			}
		}
		model_compile(&model);
		size_t size;
		FILE *out = open_memstream(&text[i], &size);
		for (size_t k = 0; k < model.node_count; k++) {
			hex_write(out, model.nodes[k].key.bytes, model.nodes[k].key.len);
			hex_write(out, model.nodes[k].bytes, model.nodes[k].size);
		}
		fclose(out);
		model_free(&model);
	}
	bool same = strcmp(text[0], text[1]) == 0;
	free(text[0]);
	free(text[1]);
	return same;
}

static void random_changes_leave_what_they_say(void **state)
{
	(void)state;
	enum { STEPS = 400 };
	uint32_t seed = 20;
	place_t place = place_new();
	shadow_t shadow = { 0 };
	unsigned commits = 0, quiet = 0;
	for (size_t i = 0; i < COUNT(apexes); i++) {
		memcpy(shadow.zones[i].apex, name_of(apexes[i]), STEER_NAME_MAX);
	}
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned at = draw(&seed, COUNT(apexes)), what = draw(&seed, 10), number;
		model_zone_t *zone = &shadow.zones[at], before = { .count = zone->count };
		memcpy(before.apex, zone->apex, sizeof(before.apex));
		before.records = calloc(zone->count + 1, sizeof(*before.records));
		if (zone->count > 0) {
			memcpy(before.records, zone->records, zone->count * sizeof(*before.records));
		}
		uint32_t serial = shadow_serial(zone);
		bool was = shadow.present[at];
		steer_change_t *change = steer_change_new();
		steer_zone_action_t action = !was || what < 2 ? STEER_ZONE_REPLACE
		                             : what == 2 ? STEER_ZONE_DELETE : STEER_ZONE_MERGE;
		assert_int_equal(steer_change_zone(change, zone->apex, action, &number), STEER_OK);
		if (action == STEER_ZONE_REPLACE) {
			draw_zone(&seed, zone, was ? serial : 1);
			for (size_t i = 0; i < zone->count; i++) {
				add_record(change, number, &zone->records[i]);
			}
		} else if (action == STEER_ZONE_MERGE) {
			draw_merge(&seed, change, number, zone);
		}
		shadow.present[at] = action != STEER_ZONE_DELETE;
		bool differs = was != shadow.present[at] || !same_rrs(&before, zone);
		if (was && shadow.present[at] && differs) {
			shadow_set_serial(zone, serial + 1);
		}

		const steer_apply_t options = { 0 };
		steer_summary_t summary;
		steer_fault_t fault;
		must(steer_store_apply(place.store, change, &options, &summary, &fault), &fault);
		steer_change_free(change);
		free(before.records);
		assert_int_equal(summary.sequence, differs ? commits + 1 : 0);
		commits += differs;
		quiet += !differs;
		shadow_check(&place, &shadow);
	}
	print_message("  %u commits, %u without difference\n", commits, quiet);
	assert_true(quiet > 0);
	for (size_t i = 0; i < COUNT(apexes); i++) {
		free(shadow.zones[i].records);
	}
	place_free(&place);
}

/*! What is done when a change set has begun. */
typedef struct {
	steer_change_t *change;
	int ret;
} begun_t;

static int add_when_begun(void *ctx, steer_fault_t *fault)
{
	const begun_t *begun = ctx;
	return begun->ret == STEER_OK ? change_add_text(begun->change, MERGE, "example.\nb A 192.0.2.2\n")
	       : steer_fault(fault, begun->ret, "not now");
}

static void a_change_set_that_has_begun_may_be_completed_or_ended(void **state)
{
	(void)state;
	static const struct {
		int ret;
		const char *after;
	} cases[] = {
		{ STEER_EINVAL, ZONE(1) "a A 192.0.2.1\n" },
		{ STEER_OK, ZONE(2) "a A 192.0.2.1\nb A 192.0.2.2\n" },
	};
	place_t place = place_new();
	(void)store_must(place.store, CREATE, ZONE(1) "a A 192.0.2.1\n");
	for (size_t i = 0; i < COUNT(cases); i++) {
		const begun_t begun = { steer_change_new(), cases[i].ret };
		const steer_apply_t options = { .begun = add_when_begun, .ctx = (void *)&begun };
		const char *const zones[] = { cases[i].after, NULL };
		steer_summary_t summary;
		steer_fault_t fault;
		assert_int_equal(steer_store_apply(place.store, begun.change, &options, &summary, &fault),
		                 cases[i].ret);
		steer_change_free(begun.change);
		check_store(&place, zones);
	}
	place_free(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_becomes_nodes),
		cmocka_unit_test(a_change_leaves_the_zone_it_says),
		cmocka_unit_test(broken_rules_are_refused_and_nothing_changes),
		cmocka_unit_test(warnings_say_where),
		cmocka_unit_test(a_dry_run_tells_all_and_changes_nothing),
		cmocka_unit_test(the_serial_rises_with_every_difference),
		cmocka_unit_test(zones_inside_zones_come_and_go_in_any_order),
		cmocka_unit_test(a_zone_comes_between_others_that_share_ancestors),
		cmocka_unit_test(one_change_set_brings_several_zones_in_any_order),
		cmocka_unit_test(a_zone_in_a_change_set_that_fails_takes_the_others_with_it),
		cmocka_unit_test(a_parent_changes_around_its_hosted_child),
		cmocka_unit_test(an_overlay_says_so_at_each_name),
		cmocka_unit_test(an_overlay_becomes_authoritative_and_back),
		cmocka_unit_test(an_overlay_holds_record_sets_alone),
		cmocka_unit_test(a_replacement_may_keep_what_the_apex_has),
		cmocka_unit_test(a_zone_may_be_deleted_only_if_it_is_empty),
		cmocka_unit_test(comments_are_kept),
		cmocka_unit_test(a_record_set_may_fill_a_message_and_no_more),
		cmocka_unit_test(the_order_of_adding_does_not_matter),
		cmocka_unit_test(random_changes_leave_what_they_say),
		cmocka_unit_test(a_change_set_that_has_begun_may_be_completed_or_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
