/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief zone create, zone delete.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/commit.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/types.h"
#include "ctl/view.h"

#define SOA_TTL     900
#define SERVERS_TTL 172800
#define SOA_NUMBERS 20 /*!< Bytes of serial, refresh, retry, expire and minimum. */

/* create */

typedef struct {
	uint8_t names[STEER_SERVERS_MAX]; /*!< Wire names, one after the other. */
	size_t len;
} servers_t;

static int delegation_set(const run_t *run, const view_t *view, servers_t *servers)
{
	const void *value;
	size_t len;
	int ret = steer_reader_get(view->reader, STEER_DB_META, STEER_META_SERVERS,
	                           strlen(STEER_META_SERVERS), &value, &len);
	if (ret == STEER_OK && len <= sizeof(servers->names)) {
		memcpy(servers->names, value, len);
		servers->len = len;
	}
	if (servers->len == 0) {
		fprintf(stderr,
		        "%s: no name servers: give --ns, since the store was made without\n",
		        run->program);
		return EXIT_REFUSED;
	}
	return GO_ON;
}

/* "hostmaster" in the zone, or the zone alone where that is too long. */
static size_t put_hostmaster(uint8_t *at, const uint8_t *zone)
{
	static const uint8_t label[] = "\12hostmaster";
	size_t label_len = sizeof(label) - 1, len = steer_name_len(zone);
	if (label_len + len > STEER_NAME_MAX) {
		label_len = 0;
	}
	memcpy(at, label, label_len);
	memcpy(at + label_len, zone, len);
	return label_len + len;
}

static int add_soa(steer_change_t *change, unsigned number, const uint8_t *zone,
                   const servers_t *servers)
{
	static const uint8_t numbers[SOA_NUMBERS] = {
		0, 0, 0, 1,          // Serial.
		0, 0, 0x1c, 0x20,    // Refresh: 7200.
		0, 0, 0x03, 0x84,    // Retry: 900.
		0, 0x12, 0x75, 0,    // Expire: 1209600.
		0, 0x01, 0x51, 0x80, // Minimum: 86400.
	};
	uint8_t rdata[2 * STEER_NAME_MAX + SOA_NUMBERS];
	size_t len = steer_name_len(servers->names);
	memcpy(rdata, servers->names, len);
	len += put_hostmaster(rdata + len, zone);
	memcpy(rdata + len, numbers, SOA_NUMBERS);
	const steer_record_t soa = {
		.owner = zone, .type = TYPE_SOA, .ttl = SOA_TTL, .rdata = rdata,
		.rdata_len = len + SOA_NUMBERS,
	};
	return steer_change_add(change, number, &soa);
}

static int fill_zone(steer_change_t *change, const uint8_t *zone, const servers_t *servers)
{
	unsigned number;
	int ret = change != NULL ? steer_change_zone(change, zone, STEER_ZONE_CREATE, &number)
	                         : STEER_ENOMEM;
	if (ret == STEER_OK) {
		ret = add_soa(change, number, zone, servers);
	}
	for (size_t at = 0; at < servers->len && ret == STEER_OK;) {
		const steer_record_t ns = {
			.owner = zone, .type = TYPE_NS, .ttl = SERVERS_TTL,
			.rdata = servers->names + at,
			.rdata_len = steer_name_len(servers->names + at),
		};
		ret = steer_change_add(change, number, &ns);
		at += ns.rdata_len;
	}
	return ret == STEER_OK ? GO_ON : print_no_memory();
}

int zone_create(run_t *run, int argc, char **argv)
{
	words_t words = { .count = 0 };
	bool dry_run = false;
	const option_t options[] = {
		{ "ns", OPTION_WORDS, &words },
		{ "dry-run", OPTION_FLAG, &dry_run },
		{ 0 },
	};
	uint8_t name[STEER_NAME_MAX];
	servers_t servers = { .len = 0 };
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret == GO_ON) {
		ret = option_name(run, argv[0], name);
	}
	if (ret == GO_ON) {
		ret = option_names(run, &words, servers.names, &servers.len);
	}
	if (ret == GO_ON) {
		ret = view_open(&view, run, STEER_STORE_WRITE);
	}
	if (ret != GO_ON) {
		return ret;
	}
	steer_change_t *change = steer_change_new();
	if (servers.len == 0) {
		ret = delegation_set(run, &view, &servers);
	}
	if (ret == GO_ON) {
		ret = fill_zone(change, name, &servers);
	}
	if (ret == GO_ON) {
		steer_reader_reset(view.reader);
		ret = commit(run, view.store, change, dry_run, NULL);
	}
	steer_change_free(change);
	view_close(&view);
	return ret;
}

/* delete */

static int find_content(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	uint8_t *found = ctx;
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		bool basic = group.type == TYPE_SOA || group.type == TYPE_NS;
		if (!(face->flags & STEER_FACE_APEX) || !basic) {
			memcpy(found, name, steer_name_len(name));
			return EXIT_REFUSED;
		}
	}
	return GO_ON;
}

static int check_empty(const run_t *run, const view_t *view, const char *text,
                       const steer_key_t *apex)
{
	uint8_t found[STEER_NAME_MAX];
	int ret = view_each_name(view, apex, find_content, found);
	if (ret == EXIT_REFUSED) {
		char name[STEER_NAME_TEXT];
		steer_name_print(found, name);
		fprintf(stderr,
		        "%s: %s has more than SOA and NS at its apex, as at %s; --force deletes "
		        "all\n",
		        run->program, text, name);
	}
	return ret;
}

int zone_delete(run_t *run, int argc, char **argv)
{
	bool force = false, dry_run = false;
	const option_t options[] = {
		{ "force", OPTION_FLAG, &force },
		{ "dry-run", OPTION_FLAG, &dry_run },
		{ 0 },
	};
	uint8_t name[STEER_NAME_MAX];
	steer_key_t apex;
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret == GO_ON) {
		ret = option_name(run, argv[0], name);
	}
	if (ret == GO_ON) {
		ret = view_open(&view, run, STEER_STORE_WRITE);
	}
	if (ret != GO_ON) {
		return ret;
	}
	steer_change_t *change = steer_change_new();
	ret = view_need_apex(&view, argv[0], name, &apex);
	if (ret == GO_ON && !force) {
		ret = check_empty(run, &view, argv[0], &apex);
	}
	if (ret == GO_ON) {
		unsigned number;
		steer_reader_reset(view.reader);
		ret = change != NULL &&
		      steer_change_zone(change, name, STEER_ZONE_DELETE, &number) == STEER_OK
		      ? commit(run, view.store, change, dry_run, NULL) : print_no_memory();
	}
	steer_change_free(change);
	view_close(&view);
	return ret;
}
