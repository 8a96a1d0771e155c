/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief export: zones of octoDNS's YAML provider.
 *
 * What cannot be expressed is left out as a whole: a group. Health checks and networks are in the
 * records that have them.
 */
#include <string.h>

#include "ctl/export.h"
#include "ctl/map.h"
#include "ctl/options.h"
#include "formats/octodns/write.h"
#include "store/dictionary.h"

/* The store, for the format. */

static bool find_check(void *ctx, const char *id, steer_health_check_t *check)
{
	const export_t *export = ctx;
	const void *value;
	size_t len;
	return steer_reader_get(export->view->reader, STEER_DB_CHECKS, id, strlen(id), &value,
	                        &len) == STEER_OK &&
	       steer_health_check_open(check, value, len) == STEER_OK &&
	       check->type != STEER_CHECK_NONE;
}

/*! A walk over the blocks of a collection. */
typedef struct {
	steer_octodns_block_f take;
	void *ctx;
} blocks_t;

static int take_block(void *ctx, const steer_network_t *block, const char *location)
{
	const blocks_t *blocks = ctx;
	return blocks->take(blocks->ctx, block, location) ? GO_ON : EXIT_DONE;
}

static void each_block(void *ctx, const char *collection, steer_octodns_block_f take,
                       void *take_ctx)
{
	const export_t *export = ctx;
	blocks_t blocks = { take, take_ctx };
	steer_map_t map;
	if (export->maps != NULL && steer_maps_find(export->maps, collection, &map) == STEER_OK &&
	    map.networks.type == STEER_MAP_CIDR) {
		(void)map_each_block(export->view, &map, take_block, &blocks);
	}
}

/*! Makes the writer, once. */
static steer_octodns_writer_t *writer_of(export_t *export)
{
	if (export->octodns == NULL) {
		const steer_octodns_store_t store = {
			.text = export->text, .names = steer_dictionary_names(export->view->reader),
			.check = find_check, .blocks = each_block, .ctx = export,
		};
		export->octodns = steer_octodns_writer_new(&store);
	}
	export->no_memory |= export->octodns == NULL;
	return export->octodns;
}

/* What cannot be expressed. */

static void look_at_zone(export_t *export, const export_zone_t *zone)
{
	if (zone->overlay) {
		export_lose(export, zone->name, 0, NULL, "the mode overlay");
	}
	if (zone->comment[0] != '\0') {
		export_lose(export, zone->name, 0, NULL, "a comment");
	}
}

/*! A name, of which something is lost. */
typedef struct {
	export_t *export;
	const uint8_t *name;
} loss_t;

static void lose(void *ctx, uint16_t type, const char *what)
{
	const loss_t *loss = ctx;
	export_lose(loss->export, loss->name, type, NULL, "%s", what);
}

static void look_at_name(export_t *export, const uint8_t *name, const steer_face_t *face)
{
	steer_octodns_writer_t *writer = writer_of(export);
	loss_t loss = { export, name };
	export_look_at_servers(export, name, face);
	if (writer != NULL &&
	    steer_octodns_write_name(writer, export->zone->name, name, face, false, lose,
	                             &loss) != STEER_OK) {
		export->no_memory = true;
	}
}

/* Zones. */

static int print_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	export_t *export = ctx;
	return steer_octodns_write_name(export->octodns, export->zone->name, name, face, true, NULL,
	                                NULL) == STEER_OK ? GO_ON : print_no_memory();
}

static int print_zone(export_t *export, const export_zone_t *zone)
{
	if (writer_of(export) == NULL || export->no_memory) {
		return print_no_memory();
	}
	int ret = view_each_name_again(export->view, zone->apex, print_name, export);
	if (ret == GO_ON || export->damaged) {
		steer_octodns_write_zone(export->octodns, export->out);
	}
	return ret;
}

void export_octodns_free(export_t *export)
{
	steer_octodns_writer_free(export->octodns);
}

const export_format_t export_octodns = {
	.name = "octodns", .title = "octoDNS", .one_zone = true, .maps = true,
	.look_at_zone = look_at_zone, .look_at_name = look_at_name, .print = print_zone,
};
