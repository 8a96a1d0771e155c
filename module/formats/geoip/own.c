/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/own.h"

#include <stdlib.h>
#include <string.h>

#include "core/types.h"
#include "formats/array.h"
#include "formats/geoip/zone_path.h"

#define TYPE_DNSKEY 48

/* Names. */

static int by_name(const void *a, const void *b)
{
	const uint8_t *x = ((const steer_own_node_t *)a)->name;
	const uint8_t *y = ((const steer_own_node_t *)b)->name;
	const size_t x_len = steer_name_len(x), y_len = steer_name_len(y);
	return x_len != y_len ? (x_len > y_len) - (x_len < y_len) : memcmp(x, y, x_len);
}

void steer_own_add(steer_geoip_reading_t *reading, steer_own_t *own, const uint8_t *name)
{
	for (bool more = true; more; name += 1 + name[0]) {
		steer_own_node_t *nodes = steer_array_grown(own->nodes, &own->room, own->count + 1,
		                                            sizeof(*nodes));
		if (nodes == NULL) {
			steer_geoip_no_memory(reading);
			return;
		}
		own->nodes = nodes;
		nodes[own->count++] = (steer_own_node_t) { .name = name };
		more = !steer_name_equal(name, own->zone);
	}
}

static void sort_nodes(steer_own_t *own)
{
	size_t count = 0;
	qsort(own->nodes, own->count, sizeof(*own->nodes), by_name);
	for (size_t i = 0; i < own->count; i++) {
		if (i == 0 || by_name(&own->nodes[i], &own->nodes[count - 1]) != 0) {
			own->nodes[count++] = own->nodes[i];
		}
	}
	own->count = count;
}

static steer_own_node_t *find_node(const steer_own_t *own, const uint8_t *name)
{
	const steer_own_node_t wanted = { .name = name };
	return bsearch(&wanted, own->nodes, own->count, sizeof(*own->nodes), by_name);
}

/* Records. */

typedef struct {
	steer_geoip_reading_t *reading;
	steer_own_t *own;
} file_t;

/*! Keeps a record at a name, or at the wildcard right below it. */
static void keep_record(file_t *file, const steer_text_record_t *record, size_t node, bool wildcard)
{
	steer_own_t *own = file->own;
	steer_own_record_t *records = steer_array_grown(own->records, &own->records_room,
	                                                own->records_count + 1, sizeof(*records));
	own->records = records != NULL ? records : own->records;
	uint8_t *bytes = records == NULL ? NULL
	                 : steer_array_grown(own->bytes, &own->bytes_room,
	                                     own->bytes_len + record->rdata_len + 1, 1);
	if (bytes == NULL) {
		steer_geoip_no_memory(file->reading);
		return;
	}
	own->bytes = bytes;
	memcpy(bytes + own->bytes_len, record->rdata, record->rdata_len);
	records[own->records_count] = (steer_own_record_t) {
		.type = record->type, .len = record->rdata_len, .ttl = record->ttl, .node = node,
		.number = own->records_count, .wildcard = wildcard, .rdata = own->bytes_len,
		.at = record->place,
	};
	own->records_count++;
	own->bytes_len += record->rdata_len;
}

static bool is_wildcard(const uint8_t *name)
{
	return name[0] == 1 && name[1] == '*';
}

/*! Notes what a record says of a name that is wanted, or encloses one. */
static void note(steer_own_t *own, steer_own_node_t *node, uint16_t type)
{
	const bool apex = steer_name_equal(node->name, own->zone);
	node->cut = node->cut || (type == TYPE_NS && !apex);
	node->dname = node->dname || type == TYPE_DNAME;
	own->is_signed = own->is_signed || (type == TYPE_DNSKEY && apex);
}

static int take_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)fault;
	file_t *file = ctx;
	steer_own_t *own = file->own;
	const uint8_t *name = record->owner;
	if (!steer_name_in(name, own->zone)) {
		return STEER_OK;
	}
	steer_own_node_t *node = find_node(own, name);
	if (node != NULL) {
		note(own, node, record->type);
		keep_record(file, record, node - own->nodes, false);
	} else if (is_wildcard(name) && (node = find_node(own, name + 2)) != NULL) {
		keep_record(file, record, node - own->nodes, true);
	}
	for (;; name += 1 + name[0]) { // What is above it exists, too.
		node = find_node(own, name);
		if (node != NULL && node->exists) {
			break;
		}
		if (node != NULL) {
			node->exists = true;
		}
		if (steer_name_equal(name, own->zone)) {
			break;
		}
	}
	return file->reading->ret;
}

/*! Takes ALIAS records, which Knot does not have, so they answer nothing. */
static int take_set(void *ctx, const steer_text_set_t *set, steer_fault_t *fault)
{
	(void)ctx;
	(void)set;
	(void)fault;
	return STEER_OK;
}

static void take_error(void *ctx, const steer_place_t *place, const char *text)
{
	const file_t *file = ctx;
	steer_geoip_wrong(file->reading, place, "%s", text);
}

static int by_node(const void *a, const void *b)
{
	const steer_own_record_t *x = a, *y = b;
	if (x->node != y->node) {
		return x->node > y->node ? 1 : -1;
	}
	if (x->wildcard != y->wildcard) {
		return x->wildcard - y->wildcard;
	}
	return x->type != y->type ? x->type - y->type : (x->number > y->number) - (x->number < y->number);
}

bool steer_own_read(steer_geoip_reading_t *reading, steer_own_t *own,
                    const steer_knot_zone_t *zone)
{
	char path[STEER_ZONE_PATH];
	steer_input_t *input;
	file_t file = { reading, own };
	const steer_zonefile_sink_t sink = {
		.record = take_record, .set = take_set, .error = take_error, .ctx = &file,
	};
	if (!steer_zone_path(reading, zone, path) ||
	    reading->files->open(reading->files->ctx, &input, path, &own->why) != STEER_OK) {
		return false;
	}
	if (steer_zonefile_take(&own->file, input) != STEER_OK) {
		steer_input_free(input);
		steer_geoip_no_memory(reading);
		return false;
	}
	sort_nodes(own);
	// Knot includes files from anywhere.
	steer_zonefile_include_anywhere(own->file);
	int ret = steer_zonefile_read(own->file, own->zone, &sink, reading->report.fault);
	steer_zonefile_release(own->file);
	if (ret != STEER_OK && ret != STEER_EREFUSED && steer_geoip_goes_on(reading)) {
		reading->ret = ret;
	}
	if (own->records_count > 0) {
		qsort(own->records, own->records_count, sizeof(*own->records), by_node);
	}
	return steer_geoip_goes_on(reading);
}

/* Finding. */

/*! Whether a name, or one above it, leads away from the records below. */
static bool leads_away(const steer_own_t *own, const uint8_t *name)
{
	for (bool self = true;; name += 1 + name[0], self = false) {
		const steer_own_node_t *node = find_node(own, name);
		if (node->cut || (node->dname && !self)) {
			return true;
		}
		if (steer_name_equal(name, own->zone)) {
			return false;
		}
	}
}

/*! The records of a name, or of the wildcard below it, which are side by side. */
static void find_records(const steer_own_t *own, size_t node, bool wildcard,
                         const steer_own_record_t **records, size_t *count)
{
	size_t low = 0, high = own->records_count;
	*records = NULL;
	*count = 0;
	if (high == 0) {
		return;
	}
	const steer_own_record_t first = { .node = node, .wildcard = wildcard };
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (by_node(&own->records[middle], &first) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	for (high = low; high < own->records_count && own->records[high].node == node &&
	     own->records[high].wildcard == wildcard; high++) {
	}
	*records = own->records + low;
	*count = high - low;
}

bool steer_own_find(const steer_own_t *own, const uint8_t *name, const steer_own_record_t **records,
                    size_t *count)
{
	if (leads_away(own, name)) {
		return false;
	}
	const steer_own_node_t *node = find_node(own, name);
	const bool wildcard = !node->exists;
	while (!node->exists && !steer_name_equal(node->name, own->zone)) {
		node = find_node(own, node->name + 1 + node->name[0]);
	}
	find_records(own, node - own->nodes, wildcard, records, count);
	return true;
}

void steer_own_free(steer_own_t *own)
{
	steer_zonefile_close(own->file);
	free(own->nodes);
	free(own->records);
	free(own->bytes);
}
