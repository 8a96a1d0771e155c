/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/zone_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/name_text.h"

#define STORAGE_DEFAULT "/var/lib/knot"
#define FILE_DEFAULT "%s.zone"

typedef struct {
	char *text;
	size_t len; /*!< More than there is room for: it is too long. */
} path_t;

static void append(path_t *path, const char *text, size_t len)
{
	if (path->len + len < STEER_ZONE_PATH) {
		memcpy(path->text + path->len, text, len);
		path->text[path->len + len] = '\0';
	}
	path->len += len;
}

/*! Appends the label with a number, from the right; a name has no such label: nothing. */
static void append_label(path_t *path, const uint8_t *name, unsigned number)
{
	const unsigned labels = steer_name_labels(name);
	uint8_t alone[STEER_NAME_MAX] = { 0 };
	char text[STEER_NAME_TEXT];
	if (number >= labels) {
		return;
	}
	name = steer_name_skip(name, labels - 1 - number);
	memcpy(alone, name, 1 + name[0]);
	steer_name_print(alone, text);
	append(path, text, strlen(text) - 1);
}

/*! Reads "[N]" or "[N-M]". \return Its length; 0: it is neither */
static size_t parse_index(const char *text, unsigned *from, unsigned *to)
{
	int len = 0;
	if (sscanf(text, "[%4u]%n", from, &len) == 1 && len > 0) {
		*to = *from;
		return len;
	}
	return sscanf(text, "[%4u-%4u]%n", from, to, &len) == 2 && len > 0 && *from <= *to ? len : 0;
}

/*! Appends what a formatter stands for. \return The rest of the pattern; NULL: it is none */
static const char *format(path_t *path, const uint8_t *name, const char *pattern)
{
	char text[STEER_NAME_TEXT];
	unsigned from, to;
	steer_name_print(name, text);
	const size_t len = strlen(text);
	const size_t index = pattern[0] != '\0' ? parse_index(pattern + 1, &from, &to) : 0;
	switch (pattern[0]) {
	case '%':
		append(path, "%", 1);
		return pattern + 1;
	case 's':
		append(path, text, len - 1); // Without the final dot.
		return pattern + 1;
	case 'c':
		if (index > 0 && from < len) {
			append(path, text + from, (to < len ? to + 1 : len) - from);
		}
		break;
	case 'l':
		if (index > 0 && from == to) {
			append_label(path, name, from);
		}
		break;
	default:
		return NULL;
	}
	return index > 0 ? pattern + 1 + index : NULL;
}

/*! Replaces slashes of the zone's name, which would be folders. */
static void no_slashes(char *name)
{
	for (; *name != '\0'; name++) {
		*name = *name == '/' ? '_' : *name;
	}
}

static bool expand(path_t *path, const uint8_t *name, const char *pattern)
{
	while (*pattern != '\0' && path->len < STEER_ZONE_PATH) {
		const size_t plain = strcspn(pattern, "%");
		append(path, pattern, plain);
		pattern += plain;
		if (*pattern == '%') {
			const size_t begin = path->len;
			pattern = format(path, name, pattern + 1);
			if (pattern == NULL) {
				return false;
			}
			if (path->len < STEER_ZONE_PATH) {
				no_slashes(path->text + begin);
			}
		}
	}
	return path->len < STEER_ZONE_PATH;
}

bool steer_zone_path(steer_geoip_reading_t *reading, const steer_knot_zone_t *zone,
                     char text[STEER_ZONE_PATH])
{
	const steer_knot_text_t *storage = STEER_KNOT_VALUE(zone, storage);
	const steer_knot_text_t *file = STEER_KNOT_VALUE(zone, file);
	const char *folder = storage->text != NULL ? storage->text : STORAGE_DEFAULT;
	const char *pattern = file->text != NULL ? file->text : FILE_DEFAULT;
	path_t path = { text, 0 };
	text[0] = '\0';
	if (pattern[0] != '/') {
		append(&path, folder, strlen(folder));
		append(&path, "/", 1);
	}
	if (expand(&path, zone->name, pattern)) {
		return true;
	}
	steer_geoip_wrong(reading, file->text != NULL ? &file->at : &zone->id.at, "file: no path of a "
	                  "zone file; allowed: up to %d bytes, with %%s, %%c[N], %%c[N-M], %%l[N] and "
	                  "%%%%", STEER_ZONE_PATH - 1);
	return false;
}
