/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief zone create and zone delete.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "ctl/commit.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/types.h"
#include "ctl/view.h"
#include "ctl/zone_defaults.h"

/* create */

static int fill_zone(steer_change_t *change, const uint8_t *zone, const servers_t *servers,
                     bool overlay)
{
	static const steer_source_location_t nowhere = { .file = NULL };
	unsigned number;
	if (steer_change_zone(change, zone, STEER_ZONE_CREATE, &number) != STEER_OK) {
		return print_no_memory();
	}
	if (overlay) { // It uses SOA and name servers of the zone below.
		steer_change_mode(change, number, STEER_ZONE_OVERLAY);
		return GO_ON;
	}
	steer_soa_t soa = { .given = 0 };
	zone_defaults_soa(&soa, zone, servers->names);
	if (zone_defaults_add_soa(change, number, zone, &soa, &nowhere) != STEER_OK ||
	    zone_defaults_add_servers(change, number, zone, servers) != STEER_OK) {
		return print_no_memory();
	}
	return GO_ON;
}

static int create(const run_t *run, view_t *view, const uint8_t *name, servers_t *servers,
                  bool overlay, bool dry_run)
{
	if (!overlay && servers->len == 0) {
		zone_defaults_servers(view, servers);
	}
	if (!overlay && servers->len == 0) {
		fprintf(stderr, "%s: no name servers: give --ns, since the store has no delegation set "
		        "(steerctl config name-servers)\n", run->program);
		return EXIT_REFUSED;
	}
	steer_change_t *change = steer_change_new();
	if (change == NULL) {
		return print_no_memory();
	}
	int ret = fill_zone(change, name, servers, overlay);
	if (ret == GO_ON) {
		ret = commit(run, view, change, dry_run, NULL);
	}
	steer_change_free(change);
	return ret;
}

int zone_create(run_t *run, int argc, char **argv)
{
	words_t words = { .count = 0 };
	bool overlay = false, dry_run = false;
	const option_t options[] = {
		{ "ns", OPTION_WORDS, &words },
		{ "overlay", OPTION_FLAG, &overlay },
		{ "dry-run", OPTION_FLAG, &dry_run },
		{ 0 },
	};
	uint8_t name[STEER_NAME_MAX];
	servers_t servers = { .len = 0 };
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret != GO_ON) {
		return ret;
	}
	ret = option_name(run, argv[0], name);
	if (ret != GO_ON) {
		return ret;
	}
	ret = option_names(run, &words, servers.names, &servers.len);
	if (ret != GO_ON) {
		return ret;
	}
	if (overlay && words.count > 0) {
		return options_wrong(run, "--overlay with --ns; allowed: one of them; an overlay leaves "
		                     "the name servers to the zone below it");
	}
	ret = view_open(&view, run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	ret = create(run, &view, name, &servers, overlay, dry_run);
	view_close(&view);
	return ret;
}

/* delete */

/*! What keeps a zone from being deleted without --force. */
typedef struct {
	bool overlay; /*!< The zone is an overlay: any record does. */
	uint8_t name[STEER_NAME_MAX];
} content_t;

static int find_content(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	content_t *content = ctx;
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		bool basic = group.type == TYPE_SOA || group.type == TYPE_NS;
		if (content->overlay || !(face->flags & STEER_FACE_APEX) || !basic) {
			memcpy(content->name, name, steer_name_len(name));
			return EXIT_REFUSED;
		}
	}
	return GO_ON;
}

static int check_empty(const run_t *run, const view_t *view, const char *text,
                       const steer_key_t *apex)
{
	steer_zone_t zone;
	if (view_zone(view, apex, &zone) != STEER_OK) {
		return view_damaged(apex->bytes, apex->len);
	}
	content_t content = { .overlay = zone.mode == STEER_ZONE_OVERLAY };
	int ret = view_each_name(view, apex, find_content, &content);
	if (ret == EXIT_REFUSED) {
		char name[STEER_NAME_TEXT];
		steer_name_print(content.name, name);
		fprintf(stderr, "%s: %s has %s, such as at %s; --force deletes all\n", run->program, text,
		        content.overlay ? "records" : "more than SOA and NS at its apex", name);
	}
	return ret;
}

/*! Adds the deletion of a zone to the change set. */
static int add_deletion(const run_t *run, const view_t *view, const char *text, bool force,
                        steer_change_t *change)
{
	uint8_t name[STEER_NAME_MAX];
	steer_key_t apex;
	unsigned number;
	int ret = option_name(run, text, name);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_need_apex(view, text, name, &apex);
	if (ret != GO_ON) {
		return ret;
	}
	if (!force) {
		ret = check_empty(run, view, text, &apex);
		if (ret != GO_ON) {
			return ret;
		}
	}
	steer_zone_action_t action = force ? STEER_ZONE_DELETE : STEER_ZONE_DELETE_EMPTY;
	switch (steer_change_zone(change, name, action, &number)) {
	case STEER_OK:
		return GO_ON;
	case STEER_EEXIST:
		return options_wrong(run, "%s is given twice", text);
	default:
		return print_no_memory();
	}
}

int zone_delete(run_t *run, int argc, char **argv)
{
	bool force = false, dry_run = false;
	const option_t options[] = {
		{ "force", OPTION_FLAG, &force },
		{ "dry-run", OPTION_FLAG, &dry_run },
		{ 0 },
	};
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 1, INT_MAX);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open(&view, run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	steer_change_t *change = steer_change_new();
	if (change == NULL) {
		ret = print_no_memory();
		goto done;
	}
	for (int i = 0; i < argc; i++) {
		ret = add_deletion(run, &view, argv[i], force, change);
		if (ret != GO_ON) {
			goto done;
		}
	}
	ret = commit(run, &view, change, dry_run, NULL);
done:
	steer_change_free(change);
	view_close(&view);
	return ret;
}
