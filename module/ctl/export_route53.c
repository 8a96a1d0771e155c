/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief export: answers of the API of Route 53.
 *
 * What cannot be expressed is left out as a whole: a group, a health check, a block.
 */
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/export.h"
#include "ctl/map.h"
#include "ctl/options.h"
#include "formats/route53/express.h"
#include "formats/route53/order.h"
#include "formats/route53/write.h"
#include "formats/yaml/scalar.h"
#include "store/dictionary.h"

/* Longest blocks. */
#define BLOCK_MAX_4 24
#define BLOCK_MAX_6 48

/* The store, for the format. */

static bool find_zone(void *ctx, const uint8_t *name, uint8_t zone[STEER_NAME_MAX])
{
	const export_t *export = ctx;
	steer_key_t apex;
	if (view_find_zone(export->view, name, 0, &apex) != STEER_OK) {
		return false;
	}
	steer_key_to_name(zone, &apex, apex.labels);
	return true;
}

static bool has_group(void *ctx, const uint8_t *zone, const uint8_t *name, uint16_t type)
{
	const export_t *export = ctx;
	steer_key_t apex;
	steer_face_t face;
	steer_group_t group;
	steer_key_from_name(&apex, zone);
	return view_face(export->view, &apex, name, &face) == STEER_OK &&
	       steer_face_group(&face, type, &group);
}

static steer_route53_store_t store_of(export_t *export)
{
	return (steer_route53_store_t) {
		.text = export->text, .names = steer_dictionary_names(export->view->reader),
		.zone = find_zone, .has = has_group, .ctx = export,
	};
}

/* What cannot be expressed. */

static void look_at_zone(export_t *export, const export_zone_t *zone)
{
	if (zone->overlay) {
		export_lose(export, zone->name, 0, NULL, "the mode overlay");
	}
	export_look_at_comment(export, zone);
	if (zone->apex->labels < 2) {
		export_lose(export, zone->name, 0, NULL, "a zone of fewer than two labels");
	}
}

/*! A group, for what is lost of it. */
typedef struct {
	export_t *export;
	const uint8_t *name;
	uint16_t type;
} loss_t;

static void lose_of_group(void *ctx, const char *id, const char *what)
{
	const loss_t *loss = ctx;
	export_lose(loss->export, loss->name, loss->type, id, "%s", what);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/*! Notes a collection, whose networks are to be printed. */
static void note_collection(export_t *export, const steer_group_t *group)
{
	const steer_names_t names = steer_dictionary_names(export->view->reader);
	steer_dictionary_name_t name;
	char text[MAP_NAME_TEXT];
	if (group->collection == 0 || !names.find(names.ctx, group->collection, &name)) {
		return;
	}
	snprintf(text, sizeof(text), "%.*s", name.len, name.text);
	if (tfind(text, &export->collections, by_name) != NULL) {
		return;
	}
	char *copy = strdup(text);
	if (copy == NULL || tsearch(copy, &export->collections, by_name) == NULL) {
		free(copy);
		export->no_memory = true;
	}
}

static void look_at_group(export_t *export, const uint8_t *name, const steer_group_t *group)
{
	const steer_route53_store_t store = store_of(export);
	loss_t loss = { export, name, group->type };
	export_look_at_numbers(export, name, group);
	if (steer_route53_can_group(&store, export->zone->name, name, group, lose_of_group, &loss)) {
		note_collection(export, group);
	}
}

/*! A health check, likewise. */
typedef struct {
	export_t *export;
	const char *id;
} check_loss_t;

static void lose_of_check(void *ctx, const char *id, const char *what)
{
	const check_loss_t *loss = ctx;
	(void)id; // Of a record set.
	export_lose_of(loss->export, "health check ", loss->id, "%s", what);
}

static void look_at_check(export_t *export, const char *id, const steer_health_check_t *check)
{
	check_loss_t loss = { export, id };
	(void)steer_route53_can_check(id, check, lose_of_check, &loss);
}

/* Maps of collections. */

/*! A walk over the blocks of a collection. */
typedef struct {
	export_t *export;
	bool print; /*!< Print them; else only count those that cannot be expressed. */
	uint64_t sizes, names; /*!< Of how many the length or the location's name is at fault. */
} blocks_t;

static int take_block(void *ctx, const steer_network_t *block, const char *location)
{
	blocks_t *blocks = ctx;
	const unsigned most = block->family == 4 ? BLOCK_MAX_4 : BLOCK_MAX_6;
	if (block->length < 1 || block->length > most) {
		blocks->sizes++;
	} else if (strlen(location) > STEER_ROUTE53_LOCATION_MAX) {
		blocks->names++;
	} else if (blocks->print) {
		steer_route53_write_block(blocks->export->route53, block, location);
	}
	return GO_ON;
}

/*! Walks over the blocks of a collection, if it has a map. */
static int each_block(blocks_t *blocks, const char *name)
{
	const export_t *export = blocks->export;
	steer_map_t map;
	int ret = export->maps != NULL ? steer_maps_find(export->maps, name, &map) : STEER_ENOENT;
	if (ret == STEER_ENOENT || (ret == STEER_OK && map.networks.type != STEER_MAP_CIDR)) {
		return GO_ON;
	}
	if (ret != STEER_OK) {
		fprintf(stderr, "%s: the map: %s\n", name, steer_strerror(ret));
		return EXIT_STORE;
	}
	if (blocks->print) {
		steer_route53_write_blocks(export->route53, name);
	}
	ret = map_each_block(export->view, &map, take_block, blocks);
	if (blocks->print) {
		steer_route53_write_end(export->route53);
	}
	return ret;
}

/*! A walk over the collections, in order of name. */
typedef struct {
	export_t *export;
	int (*take)(export_t *export, const char *name);
	int status;
} collections_t;

static void take_collection(const void *node, VISIT visit, void *ctx)
{
	collections_t *walk = ctx;
	if ((visit == postorder || visit == leaf) && walk->status == GO_ON) {
		walk->status = walk->take(walk->export, *(const char *const *)node);
	}
}

static int each_collection(export_t *export, int (*take)(export_t *export, const char *name))
{
	collections_t walk = { export, take, GO_ON };
	twalk_r(export->collections, take_collection, &walk);
	return walk.status;
}

static int look_at_blocks(export_t *export, const char *name)
{
	blocks_t blocks = { .export = export };
	int ret = each_block(&blocks, name);
	if (blocks.sizes > 0) {
		export_lose_of(export, "collection ", name, "%" PRIu64 " block%s shorter than /1 or longer "
		               "than /%d, for IPv6 /%d", blocks.sizes, plural(blocks.sizes), BLOCK_MAX_4,
		               BLOCK_MAX_6);
	}
	if (blocks.names > 0) {
		export_lose_of(export, "collection ", name, "%" PRIu64 " block%s of locations whose names "
		               "have more than %d characters", blocks.names, plural(blocks.names),
		               STEER_ROUTE53_LOCATION_MAX);
	}
	return ret;
}

static int look_at_maps(export_t *export)
{
	return each_collection(export, look_at_blocks);
}

static int print_collection(export_t *export, const char *name)
{
	steer_route53_write_collection(export->route53, name);
	return GO_ON;
}

static int print_blocks(export_t *export, const char *name)
{
	blocks_t blocks = { .export = export, .print = true };
	return each_block(&blocks, name);
}

static int print_maps(export_t *export)
{
	if (export->collections == NULL) {
		return GO_ON;
	}
	steer_route53_write_collections(export->route53);
	(void)each_collection(export, print_collection);
	steer_route53_write_end(export->route53);
	return each_collection(export, print_blocks);
}

/* Zones. */

/*! Makes the writer, once. \return GO_ON or EXIT_STORE */
static int begin(export_t *export)
{
	if (export->route53 == NULL) {
		const steer_route53_store_t store = store_of(export);
		export->route53 = steer_route53_writer_new(&store, export->out);
	}
	return export->route53 != NULL ? GO_ON : print_no_memory();
}

static int by_type(const void *a, const void *b)
{
	const steer_group_t *x = a, *y = b;
	return steer_route53_type_cmp(x->type, y->type);
}

static int print_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	export_t *export = ctx;
	const steer_route53_store_t store = store_of(export);
	steer_group_t groups[STEER_ROUTE53_TYPES];
	unsigned count = 0;
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		if (steer_route53_can_group(&store, export->zone->name, name, &group, NULL, NULL)) {
			groups[count++] = group; // They are of different types.
		}
	}
	if (count > 1) {
		qsort(groups, count, sizeof(*groups), by_type);
	}
	for (unsigned i = 0; i < count; i++) {
		steer_route53_write_group(export->route53, name, &groups[i]);
	}
	return GO_ON;
}

static int print_zone(export_t *export, const export_zone_t *zone)
{
	uint8_t order[256];
	if (begin(export) != GO_ON) {
		return EXIT_STORE;
	}
	steer_route53_order(order);
	steer_route53_write_zone(export->route53, zone->name,
	                         steer_yaml_is_line(zone->comment) ? zone->comment : "");
	int ret = view_each_name_ordered(export->view, zone->apex, order, print_name, export);
	steer_route53_write_end(export->route53);
	return ret;
}

static int print_check(void *ctx, const char *id, const steer_health_check_t *check)
{
	export_t *export = ctx;
	if (export_needs_check(export, id) && steer_route53_can_check(id, check, NULL, NULL)) {
		steer_route53_write_check(export->route53, id, check);
	}
	return GO_ON;
}

static int print_checks(export_t *export)
{
	int ret = begin(export);
	if (ret == GO_ON) {
		steer_route53_write_checks(export->route53);
		ret = view_each_check(export->view, print_check, export);
		steer_route53_write_end(export->route53);
	}
	return ret == EXIT_STORE && export->damaged ? GO_ON : ret;
}

void export_route53_free(export_t *export)
{
	steer_route53_writer_free(export->route53);
	tdestroy(export->collections, free);
}

const export_format_t export_route53 = {
	.name = "route53", .title = "Route 53", .maps = true,
	.look_at_zone = look_at_zone, .look_at_name = export_look_at_servers,
	.look_at_group = look_at_group, .look_at_check = look_at_check,
	.look_at_maps = look_at_maps,
	.print = print_zone, .print_checks = print_checks, .print_maps = print_maps,
};
