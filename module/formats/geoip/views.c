/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/views.h"

#include <libknot/descriptor.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"
#include "formats/geoip/options.h"
#include "formats/name_text.h"

/*! State of the reading of a file. */
typedef struct {
	steer_geoip_reading_t *reading;
	steer_geoip_views_t *views;
	const steer_knot_items_t *items;
	bool in_name, in_view;
	unsigned wrong_line; /*!< Of a key that was reported, which comes with each of its values. */
	uint8_t owner[STEER_NAME_MAX];
} file_t;

static size_t add_bytes(file_t *file, const void *bytes, size_t len)
{
	steer_geoip_views_t *views = file->views;
	uint8_t *grown = steer_array_grown(views->bytes, &views->bytes_room, views->bytes_len + len, 1);
	if (grown == NULL) {
		steer_geoip_no_memory(file->reading);
		return 0;
	}
	views->bytes = grown;
	memcpy(grown + views->bytes_len, bytes, len);
	views->bytes_len += len;
	return views->bytes_len - len;
}

static void begin_name(file_t *file)
{
	const steer_knot_items_t *items = file->items;
	steer_geoip_views_t *views = file->views;
	char shown[STEER_SHOWN];
	file->in_view = false;
	file->in_name = steer_name_parse(items->key, file->owner) == STEER_OK;
	if (!file->in_name) {
		steer_geoip_wrong(file->reading, &items->key_at, "'%s' is not a name; allowed: such as "
		                  "www.example.com", steer_shown(shown, items->key, strlen(items->key)));
		return;
	}
	steer_geoip_name_t *names = steer_array_grown(views->names, &views->names_room,
	                                              views->names_count + 1, sizeof(*names));
	if (names == NULL) {
		steer_geoip_no_memory(file->reading);
		return;
	}
	views->names = names;
	names[views->names_count++] = (steer_geoip_name_t) {
		.at = items->key_at,
		.owner = add_bytes(file, file->owner, steer_name_len(file->owner)),
	};
}

static void begin_view(file_t *file)
{
	const steer_knot_items_t *items = file->items;
	steer_geoip_views_t *views = file->views;
	const char *key = steer_geoip_view_key(views->mode);
	file->in_view = file->in_name && strcmp(items->key, key) == 0;
	if (!file->in_view) {
		steer_geoip_wrong(file->reading, &items->key_at, "%s: no view of a name; allowed: NAME:, "
		                  "and below it - %s:", items->key, key);
		return;
	}
	steer_geoip_view_t *grown = steer_array_grown(views->views, &views->views_room,
	                                              views->views_count + 1, sizeof(*grown));
	if (grown == NULL) {
		steer_geoip_no_memory(file->reading);
		return;
	}
	views->views = grown;
	grown[views->views_count] = (steer_geoip_view_t) {
		.name = views->names_count - 1, .number = views->views_count,
		.first = views->records_count, .at = items->at,
	};
	steer_geoip_view_value(file->reading, views, items->value, &grown[views->views_count++]);
}

/*! Reads the type of a record, which a view can have besides those that it has. */
static bool take_type(file_t *file, const steer_geoip_view_t *view, uint16_t *type)
{
	const steer_knot_items_t *items = file->items;
	const steer_geoip_record_t *records = file->views->records;
	char shown[STEER_SHOWN];
	if (steer_type_parse(items->key, type) != STEER_OK || knot_rrtype_is_dnssec(*type)) {
		file->wrong_line = items->key_at.line;
		steer_geoip_wrong(file->reading, &items->key_at, "'%s' is no type of records; allowed: "
		                  "such as A, CNAME, TYPE123, and none of DNSSEC",
		                  steer_shown(shown, items->key, strlen(items->key)));
		return false;
	}
	if (view->count > 0 && (*type == TYPE_CNAME || records[view->first].type == TYPE_CNAME)) {
		steer_geoip_wrong(file->reading, &items->at, "%s: CNAME besides other records; allowed: "
		                  "one CNAME in a view, alone", items->key);
		return false;
	}
	return true;
}

static void take_record(file_t *file)
{
	const steer_knot_items_t *items = file->items;
	steer_geoip_views_t *views = file->views;
	uint16_t type, len;
	const uint8_t *rdata;
	steer_fault_t why;
	if (items->key_at.line == file->wrong_line) {
		return;
	}
	if (!file->in_view) {
		file->wrong_line = items->key_at.line;
		steer_geoip_wrong(file->reading, &items->key_at, "%s: not in a view; allowed: - %s: first",
		                  items->key, steer_geoip_view_key(views->mode));
		return;
	}
	steer_geoip_view_t *view = &views->views[views->views_count - 1];
	if (!take_type(file, view, &type)) {
		return;
	}
	// Names in it are relative to the owner, not to a zone.
	if (steer_rdata_parse(file->reading->text, file->owner, type, items->value, &rdata, &len,
	                      &why) != STEER_OK) {
		steer_geoip_wrong(file->reading, &items->at, "%s: %s", items->key, why.text);
		return;
	}
	steer_geoip_record_t *records = steer_array_grown(views->records, &views->records_room,
	                                                  views->records_count + 1, sizeof(*records));
	if (records == NULL) {
		steer_geoip_no_memory(file->reading);
		return;
	}
	views->records = records;
	records[views->records_count++] = (steer_geoip_record_t) {
		.type = type, .len = len, .at = items->at, .rdata = add_bytes(file, rdata, len),
	};
	view->count++;
}

static void read_items(file_t *file, steer_knot_items_t *items)
{
	while (steer_geoip_next(file->reading, items)) {
		switch (items->event) {
		case YP_EKEY0:
			begin_name(file);
			break;
		case YP_EID:
			begin_view(file);
			break;
		default:
			take_record(file);
		}
	}
}

/* In order. */

static int by_owner(const void *a, const void *b, void *ctx)
{
	const steer_geoip_views_t *views = ctx;
	const steer_geoip_name_t *x = a, *y = b;
	const uint8_t *p = views->bytes + x->owner, *q = views->bytes + y->owner;
	const size_t p_len = steer_name_len(p), q_len = steer_name_len(q);
	int order = p_len != q_len ? (p_len > q_len) - (p_len < q_len) : memcmp(p, q, p_len);
	return order != 0 ? order : (x->first > y->first) - (x->first < y->first);
}

static int by_first(const void *a, const void *b)
{
	const steer_geoip_name_t *x = a, *y = b;
	return (x->first > y->first) - (x->first < y->first);
}

static int by_name(const void *a, const void *b)
{
	const steer_geoip_view_t *x = a, *y = b;
	return x->name != y->name ? (x->name > y->name) - (x->name < y->name)
	                          : (x->number > y->number) - (x->number < y->number);
}

static int by_type(const void *a, const void *b, void *ctx)
{
	const steer_geoip_views_t *views = ctx;
	const steer_geoip_record_t *x = a, *y = b;
	if (x->type != y->type || x->len != y->len) {
		return x->type != y->type ? x->type - y->type : x->len - y->len;
	}
	return memcmp(views->bytes + x->rdata, views->bytes + y->rdata, x->len);
}

/*! Leaves each name once, numbered by its first place. \param[out] number  Of each that was there */
static void merge_names(steer_geoip_views_t *views, size_t *number)
{
	steer_geoip_name_t *names = views->names;
	size_t count = 0;
	for (size_t i = 0; i < views->names_count; i++) {
		names[i].first = names[i].count = i;
		names[i].left_out = true;
	}
	qsort_r(names, views->names_count, sizeof(*names), by_owner, views);
	for (size_t i = 0; i < views->names_count; i++) { // The first of equal ones is the first there.
		const bool same = i > 0 && steer_name_equal(views->bytes + names[i].owner,
		                                            views->bytes + names[count - 1].owner);
		number[names[i].count] = same ? names[count - 1].count : names[i].count;
		if (!same) {
			names[count++] = names[i];
		}
	}
	qsort(names, count, sizeof(*names), by_first);
	views->names_count = count;
}

/*! Brings views of the same name together, and drops those without records, as mod-geoip does. */
static void group(steer_geoip_reading_t *reading, steer_geoip_views_t *views)
{
	size_t *number = calloc(views->names_count + 1, sizeof(*number)), count = 0, at = 0;
	if (views->views_count == 0) {
		views->names_count = 0;
		free(number);
		return;
	}
	if (number == NULL) {
		steer_geoip_no_memory(reading);
		return;
	}
	merge_names(views, number);
	for (size_t i = 0; i < views->views_count; i++) {
		views->views[i].name = number[views->views[i].name];
		if (views->views[i].count > 0) {
			qsort_r(views->records + views->views[i].first, views->views[i].count,
			        sizeof(*views->records), by_type, views);
			views->views[count++] = views->views[i];
		}
	}
	views->views_count = count;
	qsort(views->views, count, sizeof(*views->views), by_name);
	for (size_t i = 0; i < views->names_count; i++) {
		const size_t first = views->names[i].first;
		views->names[i].first = at;
		for (; at < count && views->views[at].name == first; at++) {
			views->views[at].name = i;
		}
		views->names[i].count = at - views->names[i].first;
	}
	free(number);
}

void steer_geoip_views_read(steer_geoip_reading_t *reading, const steer_geoip_section_t *section,
                            steer_geoip_views_t *views)
{
	*views = (steer_geoip_views_t) { .section = section };
	if (!steer_geoip_options(reading, section, views)) {
		return;
	}
	if (section->config.text == NULL) {
		steer_geoip_wrong(reading, &section->id.at, "config-file: missing; allowed: the file with "
		                  "the answers");
		return;
	}
	steer_input_t *input = steer_geoip_open(reading, &section->config.at, "config-file",
	                                        section->config.text);
	steer_knot_items_t *items = input != NULL ? steer_knot_items_new(input) : NULL;
	if (input != NULL && items == NULL) {
		steer_geoip_no_memory(reading);
	}
	if (items == NULL) {
		return;
	}
	file_t file = { .reading = reading, .views = views, .items = items };
	read_items(&file, items);
	steer_knot_items_free(items);
	steer_input_release(input);
	if (steer_geoip_goes_on(reading) && reading->report.errors == 0) {
		group(reading, views);
	}
}

void steer_geoip_views_free(steer_geoip_views_t *views)
{
	free(views->names);
	free(views->views);
	free(views->records);
	free(views->bytes);
}
