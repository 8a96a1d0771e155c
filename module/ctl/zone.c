/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/record_set.h"
#include "ctl/types.h"
#include "ctl/view.h"

/* list */

typedef struct {
	const run_t *run;
	const view_t *view;
	json_list_t list;
} lister_t;

static const char *mode_text(const steer_zone_t *zone)
{
	return zone->mode == STEER_ZONE_AUTHORITATIVE ? "authoritative" : "overlay";
}

static json_t *json_enclosing(const steer_key_t *apex, const steer_zone_t *zone)
{
	if (zone->enclosing == STEER_ZONE_TOP) {
		return json_null();
	}
	uint8_t name[STEER_NAME_MAX];
	steer_key_to_name(name, apex, zone->enclosing);
	return json_name(name);
}

static int list_zone(void *ctx, const steer_key_t *apex)
{
	lister_t *lister = ctx;
	uint8_t name[STEER_NAME_MAX];
	steer_zone_t zone;
	steer_key_to_name(name, apex, apex->labels);
	bool known = view_zone(lister->view, apex, &zone) == STEER_OK;
	if (!lister->run->json) {
		char text[STEER_NAME_TEXT];
		steer_name_print(name, text);
		printf("%s%s\n", text, known && zone.mode == STEER_ZONE_OVERLAY ? "\toverlay" : "");
		return GO_ON;
	}
	if (!known) {
		return view_damaged(apex->bytes, apex->len);
	}
	json_t *value = json_pack("{s:o, s:s, s:o}", "zone", json_name(name), "mode",
	                          mode_text(&zone), "enclosed_in", json_enclosing(apex, &zone));
	return json_list_add(&lister->list, value) == STEER_OK ? GO_ON : print_no_memory();
}

static int list_zones(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	lister_t lister = { .run = run };
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 0, 0);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open(&view, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	lister.view = &view;
	json_list_begin(&lister.list, stdout);
	ret = view_each_zone(&view, list_zone, &lister);
	view_close(&view);
	return print_list_end(run, &lister.list, ret);
}

/* show */

typedef struct {
	uint64_t names, sets, records;
	bool has_serial;
	uint32_t serial;
	char servers[14 * STEER_NAME_TEXT]; /*!< The apex NS, each after a space. */
	size_t servers_len;
} totals_t;

static void total_servers(totals_t *totals, const steer_set_t *set)
{
	const uint8_t *at = set->body, *rdata;
	uint16_t len;
	while ((rdata = steer_rr_next(&at, set->body + set->body_len, &len)) != NULL) {
		char name[STEER_NAME_TEXT];
		steer_name_print(rdata, name);
		size_t room = sizeof(totals->servers) - totals->servers_len;
		int added = snprintf(totals->servers + totals->servers_len, room, " %s", name);
		totals->servers_len += added > 0 && (size_t)added < room ? added : 0;
	}
	totals->servers[totals->servers_len] = '\0';
}

static int total_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	(void)name;
	totals_t *totals = ctx;
	totals->names += face->count > 0;
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_set_t set;
		steer_face_group_at(face, i, &group);
		totals->sets += group.count;
		for (unsigned k = 0; k < group.count; k++) {
			steer_group_set(&group, k, &set);
			totals->records += set.count;
		}
		if (!plain_set(&group, &set)) {
			continue;
		}
		if (face->flags & STEER_FACE_APEX && group.type == TYPE_SOA &&
		    set.body_len >= STEER_SOA_TAIL) {
			totals->has_serial = true;
			totals->serial = steer_soa_serial(set.body, set.body_len);
		}
		if (face->flags & STEER_FACE_APEX && group.type == TYPE_NS) {
			total_servers(totals, &set);
		}
	}
	return GO_ON;
}

static int print_zone_json(const uint8_t *name, const steer_key_t *apex, const steer_zone_t *zone,
                           const totals_t *totals)
{
	json_t *servers = json_array();
	char words[sizeof(totals->servers)];
	strcpy(words, totals->servers);
	char *rest = NULL;
	for (char *word = strtok_r(words, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest)) {
		json_array_append_new(servers, json_string(word));
	}
	return print_json(json_pack("{s:o, s:s, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s%}",
	        "zone", json_name(name), "mode", mode_text(zone),
	        "enclosed_in", json_enclosing(apex, zone),
	        "serial", totals->has_serial ? json_integer(totals->serial) : json_null(),
	        "name_servers", servers, "created", (json_int_t)zone->created,
	        "names", (json_int_t)totals->names, "record_sets", (json_int_t)totals->sets,
	        "records", (json_int_t)totals->records,
	        "comment", zone->comment, (size_t)zone->comment_len));
}

static int print_zone(const uint8_t *name, const steer_key_t *apex, const steer_zone_t *zone,
                      const totals_t *totals)
{
	char text[STEER_NAME_TEXT];
	steer_name_print(name, text);
	printf("zone:          %s\n", text);
	printf("mode:          %s\n", mode_text(zone));
	if (zone->enclosing != STEER_ZONE_TOP) {
		uint8_t enclosing[STEER_NAME_MAX];
		steer_key_to_name(enclosing, apex, zone->enclosing);
		steer_name_print(enclosing, text);
		printf("enclosed in:   %s\n", text);
	}
	if (totals->has_serial) {
		printf("serial:        %u\n", totals->serial);
	}
	if (totals->servers_len > 0) {
		printf("name servers: %s\n", totals->servers);
	}
	printf("created:       change set %" PRIu64 "\n", zone->created);
	printf("names:         %" PRIu64 "\n", totals->names);
	printf("record sets:   %" PRIu64 "\n", totals->sets);
	printf("records:       %" PRIu64 "\n", totals->records);
	if (zone->comment_len > 0) {
		char comment[STEER_MASKED(STEER_COMMENT_MAX)];
		printf("comment:       %s\n", steer_utf8_mask(comment, sizeof(comment), zone->comment,
		                                             zone->comment_len));
	}
	return EXIT_DONE;
}

static int show(run_t *run, const view_t *view, const char *text)
{
	uint8_t name[STEER_NAME_MAX];
	steer_key_t apex;
	steer_zone_t zone;
	int ret = option_name(run, text, name);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_need_apex(view, text, name, &apex);
	if (ret != GO_ON) {
		return ret;
	}
	if (view_zone(view, &apex, &zone) != STEER_OK) {
		return view_damaged(apex.bytes, apex.len);
	}
	totals_t *totals = calloc(1, sizeof(*totals));
	if (totals == NULL) {
		return print_no_memory();
	}
	ret = view_each_name(view, &apex, total_name, totals);
	if (ret == GO_ON) {
		ret = run->json ? print_zone_json(name, &apex, &zone, totals)
		                : print_zone(name, &apex, &zone, totals);
	}
	free(totals);
	return ret;
}

static int show_zone(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open(&view, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	ret = show(run, &view, argv[0]);
	view_close(&view);
	return ret;
}

/* The verb. */

int verb_zone(run_t *run, int argc, char **argv)
{
	static const action_t actions[] = {
		{ "list",   "steerctl zone list",   list_zones },
		{ "show",   "steerctl zone show",   show_zone },
		{ "create", "steerctl zone create", zone_create },
		{ "delete", "steerctl zone delete", zone_delete },
		{ 0 },
	};
	return options_action(run, argc, argv, actions);
}
