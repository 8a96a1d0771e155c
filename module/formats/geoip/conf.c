/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/conf.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"
#include "formats/name_text.h"

/*! How deep Knot lets files include others. */
#define INCLUDE_DEPTH 5
/*! Most values of a list, since each is looked at for each name. */
#define LIST_MAX 256

/*! State of the reading of a file. */
typedef struct {
	steer_geoip_reading_t *reading;
	steer_knot_conf_t *conf;
	const steer_knot_items_t *items;
	const struct section *section; /*!< NULL: one that says nothing of what is wanted. */
	void *current;  /*!< What the items are of; NULL: of nothing yet. */
	unsigned depth;
} file_t;

static void read_file(steer_geoip_reading_t *reading, steer_knot_conf_t *conf,
                      steer_input_t *input, unsigned depth);

/* Values. */

static bool take_text(steer_geoip_reading_t *reading, const steer_knot_items_t *items,
                      steer_knot_text_t *text)
{
	char *copy = strdup(items->value);
	if (copy == NULL) {
		steer_geoip_no_memory(reading);
		return false;
	}
	free(text->text);
	*text = (steer_knot_text_t) { copy, items->at };
	return true;
}

static void take_item(steer_geoip_reading_t *reading, const steer_knot_items_t *items,
                      steer_knot_list_t *list)
{
	if (list->count == LIST_MAX) {
		steer_geoip_wrong(reading, &items->at, "%s: one too many; allowed: %d", items->key,
		                  LIST_MAX);
		return;
	}
	steer_knot_text_t *of = steer_array_grown(list->of, &list->room, list->count + 1, sizeof(*of));
	if (of == NULL) {
		steer_geoip_no_memory(reading);
		return;
	}
	list->of = of;
	of[list->count] = (steer_knot_text_t) { .text = NULL };
	list->count += take_text(reading, items, &of[list->count]);
}

static void free_list(steer_knot_list_t *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->of[i].text);
	}
	free(list->of);
}

/* Sections. */

typedef struct {
	const char *key;
	bool list;
	size_t at; /*!< Offset of the value, or list, in the section. */
} item_key_t;

static const item_key_t geoip_keys[] = {
	{ "config-file", false, offsetof(steer_geoip_section_t, config) },
	{ "ttl", false, offsetof(steer_geoip_section_t, ttl) },
	{ "mode", false, offsetof(steer_geoip_section_t, mode) },
	{ "dnssec", false, offsetof(steer_geoip_section_t, dnssec) },
	{ "geodb-file", false, offsetof(steer_geoip_section_t, database) },
	{ "geodb-key", true, offsetof(steer_geoip_section_t, keys) },
	{ .key = NULL },
};

static const item_key_t zone_keys[] = {
	{ "template", false, offsetof(steer_knot_zone_t, template) },
	{ "storage", false, offsetof(steer_knot_zone_t, storage) },
	{ "file", false, offsetof(steer_knot_zone_t, file) },
	{ "dnssec-signing", false, offsetof(steer_knot_zone_t, signing) },
	{ "module", true, offsetof(steer_knot_zone_t, modules) },
	{ .key = NULL },
};

static void *begin_geoip(file_t *file)
{
	steer_knot_conf_t *conf = file->conf;
	steer_geoip_section_t *of = steer_array_grown(conf->sections, &conf->sections_room,
	                                              conf->sections_count + 1, sizeof(*of));
	if (of == NULL) {
		return NULL;
	}
	conf->sections = of;
	of[conf->sections_count] = (steer_geoip_section_t) { .keys = { .of = NULL } };
	return &of[conf->sections_count++];
}

static steer_knot_zone_t *add_zone(steer_knot_zones_t *zones)
{
	steer_knot_zone_t *of = steer_array_grown(zones->of, &zones->room, zones->count + 1,
	                                          sizeof(*of));
	if (of == NULL) {
		return NULL;
	}
	zones->of = of;
	of[zones->count] = (steer_knot_zone_t) { .base = NULL };
	return &of[zones->count++];
}

static void *begin_template(file_t *file)
{
	return add_zone(&file->conf->templates);
}

static void *begin_zone(file_t *file)
{
	steer_knot_zone_t *zone = add_zone(&file->conf->zones);
	const steer_knot_items_t *items = file->items;
	if (zone != NULL && steer_name_parse(items->value, zone->name) != STEER_OK) {
		char shown[STEER_SHOWN];
		steer_geoip_wrong(file->reading, &items->at, "domain: '%s' is not a name; allowed: such as "
		                  "example.com", steer_shown(shown, items->value, strlen(items->value)));
	}
	return zone;
}

static const struct section {
	const char *name, *id; /*!< The section, and the key of its identifiers. */
	void *(*begin)(file_t *file); /*!< Makes one, which begins with its identifier. */
	const item_key_t *keys;
} sections[] = {
	{ "mod-geoip", "id", begin_geoip, geoip_keys },
	{ "template", "id", begin_template, zone_keys },
	{ "zone", "domain", begin_zone, zone_keys },
};

static void begin_section(file_t *file)
{
	file->section = NULL;
	file->current = NULL;
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		if (strcmp(file->items->key, sections[i].name) == 0) {
			file->section = &sections[i];
		}
	}
}

static void begin_part(file_t *file)
{
	const steer_knot_items_t *items = file->items;
	if (file->section == NULL) {
		return;
	}
	if (strcmp(items->key, file->section->id) != 0) {
		char shown[STEER_SHOWN];
		steer_geoip_wrong(file->reading, &items->key_at, "%s: begins with '%s'; allowed: %s",
		                  file->section->name, steer_shown(shown, items->key, strlen(items->key)),
		                  file->section->id);
		return;
	}
	file->current = file->section->begin(file);
	if (file->current == NULL) {
		steer_geoip_no_memory(file->reading);
		return;
	}
	// Both kinds begin with it.
	(void)take_text(file->reading, items, file->current);
}

static void take_key(file_t *file)
{
	const steer_knot_items_t *items = file->items;
	if (file->section == NULL) {
		return;
	}
	if (file->current == NULL) {
		steer_geoip_wrong(file->reading, &items->key_at, "%s: without %s; allowed: - %s: first",
		                  items->key, file->section->id, file->section->id);
		return;
	}
	for (const item_key_t *key = file->section->keys; key->key != NULL; key++) {
		void *at = (char *)file->current + key->at;
		if (strcmp(items->key, key->key) != 0) {
			continue;
		}
		if (items->value[0] == '\0') {
			steer_geoip_wrong(file->reading, &items->key_at, "%s: no value; allowed: one",
			                  items->key);
		} else if (key->list) {
			take_item(file->reading, items, at);
		} else {
			(void)take_text(file->reading, items, at);
		}
	}
}

/* Files. */

/*! A file that a pattern is being matched for. */
typedef struct {
	const file_t *file;
	steer_place_t at;
} including_t;

static int include_one(void *ctx, const char *path)
{
	const including_t *including = ctx;
	steer_geoip_reading_t *reading = including->file->reading;
	steer_input_t *input = steer_geoip_open(reading, &including->at, "include", path);
	if (input != NULL) {
		read_file(reading, including->file->conf, input, including->file->depth + 1);
	}
	return reading->ret;
}

static void include(const file_t *file)
{
	const steer_knot_items_t *items = file->items;
	steer_geoip_reading_t *reading = file->reading;
	const char *slash = strrchr(items->input->name, '/');
	const including_t including = { file, items->at };
	char *path;
	if (items->value[0] == '\0') {
		steer_geoip_wrong(reading, &items->key_at, "include: no value; allowed: a file, or a pattern "
		                  "of several");
		return;
	}
	if (file->depth == INCLUDE_DEPTH) {
		steer_geoip_wrong(reading, &items->at, "include: too deep; allowed: %d files inside each "
		                  "other", INCLUDE_DEPTH);
		return;
	}
	int dir = items->value[0] != '/' && slash != NULL ? slash + 1 - items->input->name : 0;
	if (asprintf(&path, "%.*s%s", dir, items->input->name, items->value) < 0) {
		steer_geoip_no_memory(reading);
		return;
	}
	int ret = reading->files->match(reading->files->ctx, path, include_one, (void *)&including);
	if (ret == STEER_ENOMEM && steer_geoip_goes_on(reading)) {
		steer_geoip_no_memory(reading);
	} else if (ret == STEER_ENOENT && strchr(path, '*') == NULL) { // A pattern may match none.
		char shown[STEER_SHOWN];
		steer_geoip_wrong(reading, &items->at, "include: no file '%s'; allowed: a file, or a "
		                  "pattern of several", steer_shown(shown, path, strlen(path)));
	}
	free(path);
}

static void read_file(steer_geoip_reading_t *reading, steer_knot_conf_t *conf,
                      steer_input_t *input, unsigned depth)
{
	steer_knot_items_t *items = steer_knot_items_new(input);
	file_t file = { reading, conf, items, NULL, NULL, depth };
	if (items == NULL) {
		steer_geoip_no_memory(reading);
		return;
	}
	while (steer_geoip_next(reading, items)) {
		if (items->event == YP_EKEY1) {
			take_key(&file);
		} else if (items->event == YP_EID) {
			begin_part(&file);
		} else if (strcmp(items->key, "include") == 0) {
			include(&file);
			file.section = NULL;
		} else {
			begin_section(&file);
		}
	}
	steer_knot_items_free(items);
	steer_input_release(input);
}

/* Finding. */

static int by_name(const void *a, const void *b)
{
	const uint8_t *x = (*(const steer_knot_zone_t *const *)a)->name;
	const uint8_t *y = (*(const steer_knot_zone_t *const *)b)->name;
	const size_t x_len = steer_name_len(x), y_len = steer_name_len(y);
	return x_len != y_len ? (x_len > y_len) - (x_len < y_len) : memcmp(x, y, x_len);
}

/*! Order of what begins with its identifier. */
static int by_id(const void *a, const void *b)
{
	return strcmp(((const steer_knot_text_t *)a)->text, ((const steer_knot_text_t *)b)->text);
}

static void refuse_twice(steer_geoip_reading_t *reading, const steer_knot_text_t *x,
                         const steer_knot_text_t *y)
{
	const bool swapped = x->at.file == y->at.file && x->at.line > y->at.line;
	const steer_knot_text_t *first = swapped ? y : x, *second = swapped ? x : y;
	char shown[STEER_SHOWN];
	steer_geoip_wrong(reading, &second->at, "'%s' is in %s:%u already; allowed: once",
	                  steer_shown(shown, second->text, strlen(second->text)), first->at.file,
	                  first->at.line);
}

/*! Sorts what begins with its identifier, which it has alone. */
static void sort(steer_geoip_reading_t *reading, void *of, size_t count, size_t size)
{
	if (count == 0) {
		return;
	}
	qsort(of, count, size, by_id);
	for (const char *at = of; at + size < (const char *)of + count * size; at += size) {
		if (by_id(at, at + size) == 0) {
			refuse_twice(reading, (const steer_knot_text_t *)at,
			             (const steer_knot_text_t *)(at + size));
		}
	}
}

static void find_template(steer_geoip_reading_t *reading, const steer_knot_zones_t *templates,
                          steer_knot_zone_t *zone)
{
	static char by_default[] = "default";
	const bool given = zone->template.text != NULL;
	const steer_knot_text_t wanted = { .text = given ? zone->template.text : by_default };
	zone->base = templates->count == 0 ? NULL : bsearch(&wanted, templates->of, templates->count,
	                                                    sizeof(*templates->of), by_id);
	if (given && zone->base == NULL) {
		char shown[STEER_SHOWN];
		steer_geoip_wrong(reading, &zone->template.at, "template: there is no '%s'; allowed: one "
		                  "of the templates",
		                  steer_shown(shown, wanted.text, strlen(wanted.text)));
	}
}

static void complete(steer_geoip_reading_t *reading, steer_knot_conf_t *conf)
{
	const size_t count = conf->zones.count;
	sort(reading, conf->sections, conf->sections_count, sizeof(*conf->sections));
	sort(reading, conf->templates.of, conf->templates.count, sizeof(*conf->templates.of));
	conf->by_name = calloc(count + 1, sizeof(*conf->by_name));
	if (conf->by_name == NULL) {
		steer_geoip_no_memory(reading);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		conf->by_name[i] = &conf->zones.of[i];
		find_template(reading, &conf->templates, &conf->zones.of[i]);
	}
	qsort(conf->by_name, count, sizeof(*conf->by_name), by_name);
	for (size_t i = 1; i < count; i++) {
		if (by_name(&conf->by_name[i - 1], &conf->by_name[i]) == 0) {
			refuse_twice(reading, &conf->by_name[i - 1]->id, &conf->by_name[i]->id);
		}
	}
}

const steer_knot_zone_t *steer_knot_conf_closest(const steer_knot_conf_t *conf,
                                                 const uint8_t *name)
{
	steer_knot_zone_t wanted;
	const steer_knot_zone_t *key = &wanted, **found = NULL;
	for (;; name += 1 + name[0]) {
		memcpy(wanted.name, name, steer_name_len(name));
		found = bsearch(&key, conf->by_name, conf->zones.count, sizeof(*conf->by_name), by_name);
		if (found != NULL || name[0] == 0) {
			return found != NULL ? *found : NULL;
		}
	}
}

size_t steer_knot_conf_section(const steer_knot_conf_t *conf, const char *id)
{
	const steer_knot_text_t wanted = { .text = (char *)id };
	const steer_geoip_section_t *found =
		conf->sections_count == 0 ? NULL : bsearch(&wanted, conf->sections, conf->sections_count,
		                                           sizeof(*conf->sections), by_id);
	return found != NULL ? (size_t)(found - conf->sections) : conf->sections_count;
}

void steer_knot_conf_read(steer_geoip_reading_t *reading, steer_input_t *input,
                          steer_knot_conf_t *conf)
{
	read_file(reading, conf, input, 0);
	if (reading->ret == STEER_OK && reading->report.errors == 0) {
		complete(reading, conf);
	}
}

/* Freeing. */

static void free_zones(steer_knot_zones_t *zones)
{
	for (size_t i = 0; i < zones->count; i++) {
		steer_knot_zone_t *zone = &zones->of[i];
		free(zone->id.text);
		free(zone->template.text);
		free(zone->storage.text);
		free(zone->file.text);
		free(zone->signing.text);
		free_list(&zone->modules);
	}
	free(zones->of);
}

void steer_knot_conf_free(steer_knot_conf_t *conf)
{
	for (size_t i = 0; i < conf->sections_count; i++) {
		steer_geoip_section_t *section = &conf->sections[i];
		free(section->id.text);
		free(section->config.text);
		free(section->ttl.text);
		free(section->mode.text);
		free(section->dnssec.text);
		free(section->database.text);
		free_list(&section->keys);
	}
	free(conf->sections);
	free_zones(&conf->zones);
	free_zones(&conf->templates);
	free(conf->by_name);
}
