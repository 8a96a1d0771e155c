/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/regions.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/network_text.h"

void steer_route53_add_blocks(steer_route53_blocks_t *blocks, steer_route53_reading_t *reading,
                              const steer_field_at_t *answer)
{
	const steer_route53_block_list_t list = {
		steer_field_get(reading, answer, "CidrBlocks", STEER_JSON_LIST),
		steer_field_get(reading, answer, "CollectionId", STEER_JSON_TEXT),
	};
	if (list.blocks.value == NULL) {
		return;
	}
	steer_route53_block_list_t *lists = steer_array_grown(blocks->lists, &blocks->room, blocks->count + 1,
	                                            sizeof(*lists));
	if (lists == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	blocks->lists = lists;
	lists[blocks->count++] = list;
}

void steer_route53_blocks_free(steer_route53_blocks_t *blocks)
{
	free(blocks->lists);
	*blocks = (steer_route53_blocks_t) { .lists = NULL };
}

/* The collection. */

/*! The name of a file, without folder and .json. \return false: it cannot name a collection */
static bool base_of(const char *file, char base[STEER_REGION_NAME_MAX + 1])
{
	static const char end[] = ".json";
	const char *slash = strrchr(file, '/'), *begin = slash != NULL ? slash + 1 : file;
	size_t len = strlen(begin);
	if (len > strlen(end) && strcmp(begin + len - strlen(end), end) == 0) {
		len -= strlen(end);
	}
	if (!steer_region_name_is_good(begin, len)) {
		return false;
	}
	memcpy(base, begin, len);
	base[len] = '\0';
	return true;
}

/*! The collection that a list names. \return NULL: there is none such, which is told */
static const char *named_by(const steer_route53_collections_t *collections,
                            steer_route53_reading_t *reading, const steer_field_at_t *field)
{
	const char *text = steer_json_text(field->json, field->value);
	const char *name = steer_route53_find_collection(collections, text);
	if (name == NULL || !steer_region_name_is_good(name, strlen(name))) {
		char shown[STEER_SHOWN];
		steer_field_wrong(reading, field, "CollectionId: '%s' is no collection; allowed: those of "
		                  "list-cidr-collections", steer_shown(shown, text, strlen(text)));
		return NULL;
	}
	return name;
}

/*! Finds the collection of a list. \return NULL: it is not known, which is told */
static const char *collection_of(const steer_route53_collections_t *collections,
                                 steer_route53_reading_t *reading,
                                 const steer_route53_block_list_t *list,
                                 char base[STEER_REGION_NAME_MAX + 1])
{
	if (list->collection.value != NULL) {
		return named_by(collections, reading, &list->collection);
	}
	const char *name = steer_route53_only_collection(collections);
	if (name == NULL && base_of(list->blocks.json->file, base)) {
		name = steer_route53_find_collection(collections, base);
	}
	if (name == NULL) {
		steer_field_wrong(reading, &list->blocks, "CidrBlocks: of which collection? allowed: one "
		                  "collection in an import, or a file named by the collection, such as "
		                  "offices.json, and what list-cidr-collections prints");
	}
	return name;
}

/* The networks. */

static bool take_location(steer_route53_reading_t *reading, const steer_field_at_t *block,
                          steer_text_network_t *network)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	network->location = steer_field_need(reading, block, "LocationName", "the name of a location")
	                    ? steer_field_text(reading, block, "LocationName", &field) : NULL;
	if (network->location == NULL ||
	    steer_region_name_is_good(network->location, strlen(network->location))) {
		return network->location != NULL;
	}
	steer_field_wrong(reading, &field, "LocationName: '%s' is not a name; allowed: 1 to %d "
	                  "letters, digits, - and _", steer_shown(shown, network->location,
	                                                 strlen(network->location)),
	                  STEER_REGION_NAME_MAX);
	return false;
}

static bool take_network(steer_route53_reading_t *reading, const steer_field_at_t *block,
                         steer_text_network_t *network)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_need(reading, block, "CidrBlock", "such as 192.0.2.0/24")
	                   ? steer_field_text(reading, block, "CidrBlock", &field) : NULL;
	if (text == NULL) {
		return false;
	}
	network->place = steer_field_place(&field);
	switch (steer_network_parse(text, strlen(text), &network->network)) {
	case STEER_OK:
		return true;
	case STEER_EREFUSED:
		steer_field_wrong(reading, &field, "CidrBlock: '%s' has bits after its length; allowed: "
		                  "such as 192.0.2.0/24", steer_shown(shown, text, strlen(text)));
		return false;
	default:
		steer_field_wrong(reading, &field, "CidrBlock: '%s' is not a network; allowed: such as "
		                  "192.0.2.0/24, 2001:db8::/32", steer_shown(shown, text, strlen(text)));
		return false;
	}
}

static void pass_list(const steer_route53_collections_t *collections,
                      steer_route53_reading_t *reading, const steer_route53_block_list_t *list)
{
	char base[STEER_REGION_NAME_MAX + 1];
	steer_field_at_t block = { list->blocks.json, NULL };
	steer_text_network_t network = {
		.collection = collection_of(collections, reading, list, base),
	};
	if (network.collection == NULL) {
		return;
	}
	while (steer_field_next(reading, &list->blocks, &block)) {
		if (take_location(reading, &block, &network) && take_network(reading, &block, &network) &&
		    reading->ret == STEER_OK && reading->sink->network != NULL) {
			reading->ret = reading->sink->network(reading->sink->ctx, &network,
			                                      reading->report.fault);
		}
	}
}

void steer_route53_pass_blocks(const steer_route53_blocks_t *blocks,
                               const steer_route53_collections_t *collections,
                               steer_route53_reading_t *reading)
{
	for (size_t i = 0; i < blocks->count && reading->ret == STEER_OK; i++) {
		pass_list(collections, reading, &blocks->lists[i]);
	}
}
