/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/lists.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/route53/escapes.h"
#include "formats/yaml/scalar.h"

/* Names and types. */

bool steer_route53_take_name(steer_route53_reading_t *reading, const steer_field_at_t *object,
                             const char *key, uint8_t *name, steer_field_at_t *field)
{
	char copy[STEER_NAME_TEXT] = "";
	const char *text = steer_field_text(reading, object, key, field);
	if (text == NULL) {
		return false;
	}
	if (strlen(text) < sizeof(copy)) {
		strcpy(copy, text);
		if (steer_octal_rewrite(copy) == NULL && steer_name_parse(copy, name) == STEER_OK) {
			return true;
		}
	}
	char shown[STEER_SHOWN];
	steer_field_wrong(reading, field, "%s: '%s' is not a domain name; allowed: names like "
	                  "www.example.com., other characters as octal \\ooo", key,
	                  steer_shown(shown, text, strlen(text)));
	return false;
}

static bool take_type(steer_route53_reading_t *reading, const steer_field_at_t *object,
                      uint16_t *type)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_text(reading, object, "Type", &field);
	if (text == NULL || steer_type_parse(text, type) == STEER_OK) {
		return text != NULL;
	}
	steer_field_wrong(reading, &field, "Type: '%s' is not a type of records; allowed: such as A",
	                  steer_shown(shown, text, strlen(text)));
	return false;
}

/*! Gets the identifier of a record set. \param[out] id  "": none is given. \return false: wrong */
static bool take_id(steer_route53_reading_t *reading, const steer_field_at_t *object,
                    const char *key, const char **id)
{
	*id = "";
	if (steer_json_get(object->json, object->value, key) == NULL) {
		return true;
	}
	steer_field_at_t field;
	const char *text = steer_field_text(reading, object, key, &field);
	if (text == NULL) {
		return false;
	}
	if (text[0] == '\0' || strlen(text) > STEER_SET_ID_MAX || !steer_yaml_is_line(text)) {
		steer_field_wrong(reading, &field, "%s: %zu bytes; allowed: 1 to %d, without control "
		                  "characters", key, strlen(text), STEER_SET_ID_MAX);
		return false;
	}
	*id = text;
	return true;
}

/* Lists. */

/*! Keeps a name. \param[in] field  That has it. \return false: it does not fit, which is told */
static bool keep_name(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                      const steer_field_at_t *field, const uint8_t *name)
{
	const size_t len = steer_name_len(name), count = lists->names_len + len;
	if (count > STEER_ROUTE53_NAMES_MAX) {
		steer_field_wrong(reading, field, "more names than fit; allowed: %u bytes of them in an "
		                  "import", STEER_ROUTE53_NAMES_MAX);
		return false;
	}
	uint8_t *names = steer_array_grown(lists->names, &lists->names_room, count, 1);
	if (names == NULL) {
		steer_field_no_memory(reading);
		return false;
	}
	lists->names = names;
	memcpy(names + lists->names_len, name, len);
	lists->names_len = count;
	return true;
}

bool steer_route53_take_entry(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                              const steer_field_at_t *item, steer_route53_entry_t *entry)
{
	uint8_t name[STEER_NAME_MAX];
	steer_field_at_t field;
	*entry = (steer_route53_entry_t) { .at = *item, .list = lists->count, .name = lists->names_len };
	if (!steer_field_need(reading, item, "Name", "the name of the record set") ||
	    !steer_field_need(reading, item, "Type", "the type of its records, such as A") ||
	    !steer_route53_take_name(reading, item, "Name", name, &field) ||
	    !take_type(reading, item, &entry->type) ||
	    !take_id(reading, item, "SetIdentifier", &entry->id)) {
		return false;
	}
	entry->name_len = steer_name_len(name);
	return keep_name(lists, reading, &field, name);
}

static void add_entry(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                      const steer_field_at_t *item)
{
	steer_route53_entry_t entry;
	if (!steer_route53_take_entry(lists, reading, item, &entry)) {
		return;
	}
	steer_route53_entry_t *entries = steer_array_grown(
		lists->entries, &lists->entries_room, lists->entries_count + 1, sizeof(*entries));
	if (entries == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	lists->entries = entries;
	entries[lists->entries_count++] = entry;
}

void steer_route53_add_list(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                            const steer_field_at_t *page)
{
	steer_route53_list_t list = {
		.page = *page, .first = lists->entries_count, .soa = STEER_ROUTE53_NONE,
		.zone = STEER_ROUTE53_NONE,
		.items = steer_field_get(reading, page, "ResourceRecordSets", STEER_JSON_LIST),
	};
	steer_field_at_t item = { page->json, NULL };
	while (list.items.value != NULL && steer_field_next(reading, &list.items, &item)) {
		add_entry(lists, reading, &item);
	}
	list.end = lists->entries_count;
	for (uint32_t i = list.first; i < list.end && list.soa == STEER_ROUTE53_NONE; i++) {
		list.soa = lists->entries[i].type == TYPE_SOA ? i : STEER_ROUTE53_NONE;
	}
	steer_route53_list_t *made = steer_array_grown(lists->lists, &lists->room, lists->count + 1,
	                                               sizeof(*made));
	if (made == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	lists->lists = made;
	made[lists->count++] = list;
}

void steer_route53_lists_free(steer_route53_lists_t *lists)
{
	free(lists->lists);
	free(lists->entries);
	free(lists->zones);
	free(lists->ids);
	free(lists->names);
	*lists = (steer_route53_lists_t) { .lists = NULL };
}

/* Zones. */

/*! An identifier without what goes before it in some answers. */
static const char *bare_id(const char *id)
{
	static const char folder[] = "/hostedzone/";
	return strncmp(id, folder, sizeof(folder) - 1) == 0 ? id + sizeof(folder) - 1 : id;
}

static void add_zone(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                     const uint8_t *name, const steer_field_at_t *at, bool hosted)
{
	steer_route53_zone_t *zones = steer_array_grown(lists->zones, &lists->zones_room,
	                                                lists->zones_count + 1, sizeof(*zones));
	if (zones == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	lists->zones = zones;
	steer_route53_zone_t *zone = &zones[lists->zones_count];
	*zone = (steer_route53_zone_t) {
		.name_len = steer_name_len(name), .at = *at, .hosted = hosted,
		.number = lists->zones_count++,
	};
	memcpy(zone->name, name, zone->name_len);
}

static int compare_names(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	return a_len != b_len ? (a_len > b_len) - (a_len < b_len) : memcmp(a, b, a_len);
}

static int by_zone_name(const void *a, const void *b)
{
	const steer_route53_zone_t *x = a, *y = b;
	return compare_names(x->name, x->name_len, y->name, y->name_len);
}

/*! Order of zones: by name; a hosted one first that is public, since others are seen by few. */
static int by_zone(const void *a, const void *b)
{
	const steer_route53_zone_t *x = a, *y = b;
	int order = by_zone_name(a, b);
	order = order != 0 ? order : y->hosted - x->hosted;
	order = order != 0 ? order : x->private - y->private;
	return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

/*! Warns of another hosted zone of a name, unless it is the same one again. */
static void warn_of_other(steer_route53_reading_t *reading, const steer_route53_zone_t *kept,
                          const steer_route53_zone_t *other)
{
	const steer_field_at_t *at = &kept->at;
	steer_field_at_t field;
	const char *id = steer_field_text(reading, at, "Id", &field);
	const char *other_id = steer_field_text(reading, &other->at, "Id", &field);
	if (id != NULL && other_id != NULL && strcmp(bare_id(id), bare_id(other_id)) != 0) {
		char shown[STEER_SHOWN];
		steer_field_warn(reading, &field, "Id: the hosted zone %s has the same name and is "
		                 "another one; what it says is left out",
		                 steer_shown(shown, other_id, strlen(other_id)));
	}
}

/*! Sorts the zones, and keeps the first one of each name, with the number of the first of all. */
static void sort_zones(steer_route53_lists_t *lists, steer_route53_reading_t *reading)
{
	uint32_t kept = 0;
	if (lists->zones_count == 0) {
		return;
	}
	qsort(lists->zones, lists->zones_count, sizeof(*lists->zones), by_zone);
	for (uint32_t i = 0; i < lists->zones_count; i++) {
		const steer_route53_zone_t *zone = &lists->zones[i];
		steer_route53_zone_t *last = kept > 0 ? &lists->zones[kept - 1] : NULL;
		if (last == NULL || by_zone_name(last, zone) != 0) {
			lists->zones[kept++] = *zone;
			continue;
		}
		last->number = zone->number < last->number ? zone->number : last->number;
		if (zone->hosted) {
			warn_of_other(reading, last, zone);
		}
	}
	lists->zones_count = kept;
}

const steer_route53_zone_t *steer_route53_zone(const steer_route53_lists_t *lists,
                                               const uint8_t *name)
{
	steer_route53_zone_t wanted = { .name_len = steer_name_len(name) };
	memcpy(wanted.name, name, wanted.name_len);
	return lists->zones_count == 0 ? NULL : bsearch(&wanted, lists->zones, lists->zones_count,
	                                                sizeof(wanted), by_zone_name);
}

/* What get-hosted-zone tells. */

static bool is_private(const steer_field_at_t *hosted)
{
	const steer_json_value_t *config = steer_json_get(hosted->json, hosted->value, "Config");
	const steer_json_value_t *private = config != NULL && config->kind == STEER_JSON_OBJECT
	                                    ? steer_json_get(hosted->json, config, "PrivateZone") : NULL;
	return private != NULL && private->truth;
}

void steer_route53_add_hosted_zone(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                                   const steer_field_at_t *hosted)
{
	uint8_t name[STEER_NAME_MAX];
	steer_field_at_t field, id_field;
	if (!steer_field_need(reading, hosted, "Name", "the name of the zone") ||
	    !steer_field_need(reading, hosted, "Id", "such as /hostedzone/Z111111QQQQQQQ") ||
	    !steer_route53_take_name(reading, hosted, "Name", name, &field)) {
		return;
	}
	const char *id = steer_field_text(reading, hosted, "Id", &id_field);
	if (id == NULL) {
		return;
	}
	add_zone(lists, reading, name, hosted, true);
	if (reading->ret == STEER_OK) {
		lists->zones[lists->zones_count - 1].private = is_private(hosted);
	}
	const uint32_t offset = lists->names_len;
	steer_route53_id_t *ids = steer_array_grown(lists->ids, &lists->ids_room, lists->ids_count + 1,
	                                            sizeof(*ids));
	if (ids == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	lists->ids = ids;
	if (keep_name(lists, reading, &field, name)) {
		ids[lists->ids_count++] = (steer_route53_id_t) { bare_id(id), offset };
	}
}

static int by_id(const void *a, const void *b)
{
	const steer_route53_id_t *x = a, *y = b;
	return strcmp(x->id, y->id);
}

static void sort_ids(steer_route53_lists_t *lists)
{
	if (lists->ids_count > 0) {
		qsort(lists->ids, lists->ids_count, sizeof(*lists->ids), by_id);
	}
}

const uint8_t *steer_route53_name_of_id(const steer_route53_lists_t *lists, const char *id)
{
	const steer_route53_id_t wanted = { bare_id(id), 0 };
	const steer_route53_id_t *found = lists->ids_count == 0 ? NULL : bsearch(
		&wanted, lists->ids, lists->ids_count, sizeof(wanted), by_id);
	return found != NULL ? lists->names + found->name : NULL;
}

bool steer_route53_is_id_of(const steer_route53_lists_t *lists, const char *id,
                            const uint8_t *zone)
{
	const uint8_t *name = steer_route53_name_of_id(lists, id);
	return name != NULL && steer_name_equal(name, zone);
}

static uint32_t number_of(const steer_route53_lists_t *lists, const uint8_t *name)
{
	const steer_route53_zone_t *zone = steer_route53_zone(lists, name);
	return zone != NULL ? zone - lists->zones : STEER_ROUTE53_NONE;
}

/* Pages that follow each other. */

typedef struct {
	const steer_route53_lists_t *lists;
	uint32_t *pages; /*!< Numbers of the lists without SOA, by where they begin. */
	uint32_t count;
} pages_t;

static int by_entry(const steer_route53_lists_t *lists, const steer_route53_entry_t *a,
                    const uint8_t *name, size_t name_len, uint16_t type, const char *id)
{
	int order = compare_names(steer_route53_name(lists, a), a->name_len, name, name_len);
	if (order == 0) {
		order = (a->type > type) - (a->type < type);
	}
	return order != 0 ? order : strcmp(a->id, id);
}

static int by_begin(const void *a, const void *b, void *ctx)
{
	const steer_route53_lists_t *lists = ctx;
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const steer_route53_entry_t *entry = &lists->entries[lists->lists[y].first];
	const int order = by_entry(lists, &lists->entries[lists->lists[x].first],
	                           steer_route53_name(lists, entry), entry->name_len, entry->type,
	                           entry->id);
	return order != 0 ? order : (x > y) - (x < y);
}

/*! Finds the list that begins with a record set. \return STEER_ROUTE53_NONE: there is none */
static uint32_t find_page(const pages_t *pages, const uint8_t *name, uint16_t type, const char *id)
{
	const steer_route53_lists_t *lists = pages->lists;
	uint32_t low = 0, high = pages->count;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		const uint32_t number = pages->pages[middle];
		const int order = by_entry(lists, &lists->entries[lists->lists[number].first], name,
		                           steer_name_len(name), type, id);
		if (order == 0) {
			return number;
		}
		*(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
	}
	return STEER_ROUTE53_NONE;
}

/*! The list that begins where one ends. \return STEER_ROUTE53_NONE: there is none */
static uint32_t next_page(const pages_t *pages, steer_route53_reading_t *reading, uint32_t number)
{
	const steer_field_at_t *page = &pages->lists->lists[number].page;
	uint8_t name[STEER_NAME_MAX];
	steer_field_at_t field;
	uint16_t type;
	if (!steer_field_bool(reading, page, "IsTruncated", false) ||
	    !steer_route53_take_name(reading, page, "NextRecordName", name, &field)) {
		return STEER_ROUTE53_NONE;
	}
	const char *text = steer_field_text(reading, page, "NextRecordType", &field), *id;
	if (text == NULL || steer_type_parse(text, &type) != STEER_OK ||
	    !take_id(reading, page, "NextRecordIdentifier", &id)) {
		return STEER_ROUTE53_NONE;
	}
	return find_page(pages, name, type, id);
}

/*! Gives the pages that follow a list its zone. */
static void follow_pages(const pages_t *pages, steer_route53_reading_t *reading,
                         steer_route53_lists_t *lists, uint32_t number)
{
	const uint32_t zone = lists->lists[number].zone;
	while (zone != STEER_ROUTE53_NONE && reading->ret == STEER_OK) {
		number = next_page(pages, reading, number);
		if (number == STEER_ROUTE53_NONE || lists->lists[number].zone != STEER_ROUTE53_NONE) {
			return;
		}
		lists->lists[number].zone = zone;
	}
}

static void link_pages(steer_route53_lists_t *lists, steer_route53_reading_t *reading)
{
	pages_t pages = { lists, calloc(lists->count > 0 ? lists->count : 1, sizeof(uint32_t)), 0 };
	if (pages.pages == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	for (uint32_t i = 0; i < lists->count; i++) {
		const steer_route53_list_t *list = &lists->lists[i];
		if (list->soa == STEER_ROUTE53_NONE && list->first < list->end) {
			pages.pages[pages.count++] = i;
		}
	}
	if (pages.count > 0) {
		qsort_r(pages.pages, pages.count, sizeof(*pages.pages), by_begin, lists);
		for (uint32_t i = 0; i < lists->count; i++) {
			if (lists->lists[i].soa != STEER_ROUTE53_NONE) {
				follow_pages(&pages, reading, lists, i);
			}
		}
	}
	free(pages.pages);
}

/* The other lists. */

const uint8_t *steer_route53_encloser(const uint8_t *name, const uint8_t *other)
{
	while (!steer_name_in(other, name)) {
		name += 1 + name[0];
	}
	return name;
}

/*! The longest name that encloses all names of a list. */
static const uint8_t *encloser_of(const steer_route53_lists_t *lists,
                                  const steer_route53_list_t *list)
{
	const uint8_t *name = steer_route53_name(lists, &lists->entries[list->first]);
	for (uint32_t i = list->first + 1; i < list->end; i++) {
		name = steer_route53_encloser(name, steer_route53_name(lists, &lists->entries[i]));
	}
	return name;
}

unsigned steer_route53_zones_of(const steer_route53_lists_t *lists, const uint8_t *name,
                                uint32_t *zone)
{
	unsigned count = 0;
	for (;; name += 1 + name[0]) {
		const uint32_t number = number_of(lists, name);
		if (number != STEER_ROUTE53_NONE) {
			*zone = count++ == 0 ? number : *zone;
		}
		if (name[0] == 0) {
			return count;
		}
	}
}

static void find_zone(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                      steer_route53_list_t *list)
{
	if (list->zone != STEER_ROUTE53_NONE || list->first == list->end) {
		return;
	}
	uint32_t zone = STEER_ROUTE53_NONE;
	switch (steer_route53_zones_of(lists, encloser_of(lists, list), &zone)) {
	case 0:
		steer_field_wrong(reading, &list->items, "ResourceRecordSets: no SOA, so the zone is not "
		                  "known; allowed: the first page too, or what get-hosted-zone prints, or "
		                  "--zone");
		break;
	case 1:
		list->zone = zone;
		break;
	default:
		steer_field_wrong(reading, &list->items, "ResourceRecordSets: no SOA, and several zones "
		                  "that have all these names; allowed: all pages of the zone, or each zone "
		                  "in an import of its own with --zone");
	}
}

void steer_route53_find_zones(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                              const uint8_t *named)
{
	for (uint32_t i = 0; i < lists->count; i++) {
		const steer_route53_list_t *list = &lists->lists[i];
		if (named != NULL) {
			add_zone(lists, reading, named, &list->page, false);
		} else if (list->soa != STEER_ROUTE53_NONE) {
			const steer_route53_entry_t *soa = &lists->entries[list->soa];
			add_zone(lists, reading, steer_route53_name(lists, soa), &soa->at, false);
		}
	}
	if (reading->ret != STEER_OK) {
		return;
	}
	sort_zones(lists, reading);
	sort_ids(lists);
	for (uint32_t i = 0; i < lists->count; i++) {
		steer_route53_list_t *list = &lists->lists[i];
		if (named != NULL || list->soa != STEER_ROUTE53_NONE) {
			list->zone = number_of(lists, named != NULL ? named : steer_route53_name(
				lists, &lists->entries[list->soa]));
		}
	}
	if (named == NULL) {
		link_pages(lists, reading);
	}
	for (uint32_t i = 0; i < lists->count && reading->ret == STEER_OK; i++) {
		find_zone(lists, reading, &lists->lists[i]);
	}
}
