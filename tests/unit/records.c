/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/records.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/program.h"
#include "unit/count.h"
#include "unit/hex.h"

void bad_text(const char *what, const char *text)
{
	fprintf(stderr, "test text: %s: '%s'\n", what, text);
	abort();
}

size_t name_read(uint8_t *name, const char *text, const uint8_t *origin)
{
	uint8_t *to = name, *count = to++;
	*count = 0;
	if (strcmp(text, ".") == 0) {
		*name = 0;
		return 1;
	}
	if (strcmp(text, "@") == 0) {
		memcpy(name, origin, steer_name_len(origin));
		return steer_name_len(name);
	}
	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '.') {
			count = to++;
			*count = 0;
			continue;
		}
		unsigned byte = (unsigned char)*at;
		if (*at == '\\') {
			byte = (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
			at += 3;
		}
		*to++ = byte;
		(*count)++;
		if (*count > 63 || to - name > STEER_NAME_MAX) {
			bad_text("name is too long", text);
		}
	}
	if (*count != 0) { // Relative.
		if (origin == NULL || to - name + steer_name_len(origin) > STEER_NAME_MAX) {
			bad_text("relative name", text);
		}
		memcpy(to, origin, steer_name_len(origin));
	}
	return steer_name_len(name);
}

const uint8_t *name_of(const char *text)
{
	static uint8_t names[8][STEER_NAME_MAX];
	static unsigned turn;
	uint8_t *name = names[turn++ % COUNT(names)];
	static const uint8_t root[1];
	name_read(name, text, root);
	return name;
}

static const char *type_format(uint16_t type)
{
	switch (type) {
#define X(name, number, format) case number: return format;
	RECORD_TYPES(X)
#undef X
	default: return "x";
	}
}

static uint16_t type_read(const char *text)
{
#define X(name, number, format) if (strcmp(text, #name) == 0) { return number; }
	RECORD_TYPES(X)
#undef X
	if (strncmp(text, "TYPE", 4) != 0) {
		return 0;
	}
	return atoi(text + 4);
}

void type_write(uint16_t type, FILE *out)
{
	switch (type) {
#define X(name, number, format) case number: fputs(#name, out); break;
	RECORD_TYPES(X)
#undef X
	default: fprintf(out, "TYPE%u", type);
	}
}

uint8_t *number_put(uint8_t *to, uint64_t value, unsigned bytes)
{
	for (unsigned i = bytes; i > 0; i--) {
		*to++ = value >> 8 * (i - 1);
	}
	return to;
}

/*! Writes a character string; "_" in it is a blank. */
static uint8_t *string_put(uint8_t *to, const char *text)
{
	*to++ = strlen(text);
	for (; *text != '\0'; text++) {
		*to++ = *text == '_' ? ' ' : *text;
	}
	return to;
}

/*! Reads one field of rdata. */
static uint8_t *field_put(uint8_t *to, char field, const char *word, const uint8_t *origin)
{
	switch (field) {
	case 'n': return to + name_read(to, word, origin);
	case 'b': return number_put(to, strtoul(word, NULL, 10), 1);
	case 'h': return number_put(to, strtoul(word, NULL, 10), 2);
	case 'w': return number_put(to, strtoul(word, NULL, 10), 4);
	case 'a': return inet_pton(AF_INET, word, to) == 1 ? to + 4 : (bad_text("A", word), to);
	case '6': return inet_pton(AF_INET6, word, to) == 1 ? to + 16 : (bad_text("AAAA", word), to);
	case 't': return string_put(to, word);
	default:  return to + hex_read(word, to, SIZE_MAX);
	}
}

void steps_read(record_t *record, const char *text)
{
	record->policy = true;
	for (unsigned preset = 0; preset < STEER_PRESETS; preset++) {
		if (strcmp(text, steer_preset_name(preset)) == 0) {
			const uint8_t *program = steer_preset_program(preset, &record->steps_len);
			memcpy(record->steps, program, record->steps_len);
			return;
		}
	}
	for (const char *at = text; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
		steer_step_t step = { .take = strncmp(at, "take", 4) == 0 ? atoi(at + 4) : 0 };
		step.all_down = strncmp(at, "up-none", 7) == 0       ? STEER_ALL_DOWN_NONE
		                : strncmp(at, "up-servfail", 11) == 0 ? STEER_ALL_DOWN_SERVFAIL
		                                                      : STEER_ALL_DOWN_ALL;
		step.within = strncmp(at, "within", 6) == 0 ? atoi(at + 6) : 0;
		step.sticky = strncmp(at, "weighted-client", 15) == 0 ? STEER_STICKY_CLIENT
		                                                      : STEER_STICKY_NONE;
#define X(symbol, number_of, name, arguments) \
		if (strncmp(at, name, strlen(name)) == 0) { \
			step.number = number_of; \
		}
		STEER_STEPS(X)
#undef X
		record->steps_len += steer_step_write(record->steps + record->steps_len, &step);
	}
}

/*!
 * Reads what a record set keeps: content, weight, tier, health, evaluate, TTL, region, geo, cidr,
 * coordinates, bias, asns, by a letter each.
 */
static uint16_t keep_read(const char *letters)
{
	static const char all[] = "cwthelrgipba"; // l: TTL; i: cidr.
	static const uint16_t flags[] = {
		STEER_KEEP_CONTENT, STEER_KEEP_WEIGHT, STEER_KEEP_TIER, STEER_KEEP_HEALTH,
		STEER_KEEP_EVALUATE, STEER_KEEP_TTL, STEER_KEEP_REGION, STEER_KEEP_GEO,
		STEER_KEEP_LOCATION, STEER_KEEP_POINT, STEER_KEEP_BIAS, STEER_KEEP_ASNS,
	};
	uint16_t keep = 0;
	for (; *letters != '\0'; letters++) {
		const char *found = strchr(all, *letters);
		keep |= found != NULL ? flags[found - all] : (bad_text("keep", letters), 0);
	}
	return keep;
}

static steer_geo_t geo_read(const char *text)
{
	steer_geo_t place = STEER_GEO_UNKNOWN;
	const size_t len = strlen(text);
	if (strncmp(text, "continent:", 10) == 0 && steer_geo_continent_parse(text + 10, 2, &place)) {
		return place;
	}
	if (strncmp(text, "country:", 8) == 0 && steer_geo_country_parse(text + 8, 2, &place) &&
	    (len == 10 || steer_geo_subdivision_parse(text + 11, len - 11, &place))) {
		return place;
	}
	if (*text != '#' && strcmp(text, "default") != 0) {
		bad_text("geo", text);
	}
	return *text == '#' ? strtoul(text + 1, NULL, 16) : STEER_GEO_UNKNOWN;
}

static void asns_read(record_t *record, const char *text)
{
	record->has_asns = true;
	for (char *end; strcmp(text, "default") != 0; text = end + 1) {
		record->asns[record->asns_count++] = strtoul(text, &end, 10);
		if (*end == '\0') {
			break;
		}
	}
}

/*! Reads an attribute that says where a record set or its clients are; false: it is none. */
static bool place_read(record_t *record, const char *word, const char *value)
{
	char *end;
	if (strncmp(word, "region=", 7) == 0) {
		record->has_region = true;
		snprintf(record->region, sizeof(record->region), "%s",
		         strcmp(value, "none") == 0 ? "" : value);
	} else if (strncmp(word, "geo=", 4) == 0) {
		record->has_geo = true;
		record->geo = geo_read(value);
	} else if (strncmp(word, "cidr=", 5) == 0) {
		record->has_location = true;
		snprintf(record->location, sizeof(record->location), "%s",
		         strcmp(value, "default") == 0 ? "" : value);
	} else if (strncmp(word, "at=", 3) == 0) {
		record->has_point = true;
		record->point.lat = strtol(value, &end, 10);
		record->point.lon = strtol(end + 1, NULL, 10);
	} else if (strncmp(word, "bias=", 5) == 0) {
		record->has_bias = true;
		record->bias = strtol(value, NULL, 10);
	} else if (strncmp(word, "asn=", 4) == 0) {
		asns_read(record, value);
	} else {
		return false;
	}
	return true;
}

/*! Reads a word that is an attribute of a record set; false: it is none. */
static bool attribute_read(record_t *record, const char *word, const uint8_t *origin)
{
	const char *sign = strchr(word, '=');
	if (sign == NULL) {
		return false;
	}
	const char *value = sign + 1;
	if (strncmp(word, "weight=", 7) == 0) {
		record->has_weight = true;
		record->weight = strtoul(value, NULL, 10);
	} else if (strncmp(word, "tier=", 5) == 0) {
		record->has_tier = true;
		record->tier = strtoul(value, NULL, 10);
	} else if (strncmp(word, "health=", 7) == 0) {
		record->has_health = true;
		snprintf(record->health, sizeof(record->health), "%s", value);
	} else if (strncmp(word, "alias=", 6) == 0) {
		record->has_alias = true;
		name_read(record->alias, value, origin);
	} else if (strncmp(word, "evaluate=", 9) == 0) {
		record->evaluate = strcmp(value, "yes") == 0;
	} else if (strncmp(word, "keep=", 5) == 0) {
		record->keep = keep_read(value);
	} else if (!place_read(record, word, value)) {
		bad_text("attribute", word);
	}
	return true;
}

/*! Reads what may be between type and rdata. \return the rdata's first word, or NULL. */
static char *set_read(record_t *record, char **rest, const uint8_t *origin)
{
	char *word = strtok_r(NULL, " ", rest);
	if (word != NULL && (*word == '=' || *word == '~')) {
		record->preset = *word == '~';
		record->ttl_alone = record->preset && word[1] == '\0';
		steps_read(record, word + 1);
		return NULL;
	}
	if (word == NULL || *word != '+') {
		return word;
	}
	record->in_set = true;
	record->again = word[1] == '+';
	snprintf(record->id, sizeof(record->id), "%s", word + 1 + record->again);
	do {
		word = strtok_r(NULL, " ", rest);
	} while (word != NULL && attribute_read(record, word, origin));
	return word;
}

/*! Reads a line of a zone; overwrites its end. */
static void record_read(record_t *record, char *line, const uint8_t *origin)
{
	*record = (record_t) { .ttl = DEFAULT_TTL, .evaluate = true };
	record->removal = *line == '-';
	char *rest = line + record->removal, *word = strtok_r(rest, " ", &rest);
	name_read(record->owner, word, origin);
	word = strtok_r(NULL, " ", &rest);
	if (record->removal) {
		record->type = word == NULL ? 0 : type_read(word);
		word = strtok_r(NULL, " ", &rest);
		record->in_set = word != NULL;
		snprintf(record->id, sizeof(record->id), "%s", word != NULL ? word : "");
		return;
	}
	if (word != NULL && isdigit((unsigned char)*word)) {
		record->ttl = strtoul(word, NULL, 10);
		word = strtok_r(NULL, " ", &rest);
	}
	record->type = word == NULL ? 0 : type_read(word);
	if (record->type == 0) {
		bad_text("no type", word != NULL ? word : line);
	}
	uint8_t *to = record->rdata;
	word = set_read(record, &rest, origin);
	record->bare = word == NULL && (record->policy || record->in_set);
	for (const char *field = type_format(record->type); !record->bare && *field != '\0'; field++) {
		if (word == NULL && *field != 'x') {
			bad_text("rdata is too short", field);
		}
		to = word != NULL ? field_put(to, *field, word, origin) : to;
		word = strtok_r(NULL, " ", &rest);
	}
	for (; record->type == T_TXT && word != NULL; word = strtok_r(NULL, " ", &rest)) {
		to = string_put(to, word);
	}
	record->rdata_len = to - record->rdata;
}

void zone_read(const char *text, uint8_t apex[STEER_NAME_MAX],
               void (*each)(void *ctx, const record_t *record), void *ctx)
{
	static const uint8_t root[1];
	char *copy = strdup(text), *rest = copy, *line = strtok_r(rest, "\n", &rest);
	line[strcspn(line, " ")] = '\0'; // Its mode may follow.
	name_read(apex, line, root);
	while ((line = strtok_r(NULL, "\n", &rest)) != NULL) {
		record_t record;
		record_read(&record, line, apex);
		each(ctx, &record);
	}
	free(copy);
}

void name_write(const uint8_t *name, FILE *out)
{
	char text[STEER_NAME_TEXT_MAX];
	steer_name_to_text(text, name);
	fputs(text, out);
}

uint64_t number_get(const uint8_t *at, unsigned bytes)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < bytes; i++) {
		value = value << 8 | at[i];
	}
	return value;
}

void rdata_write(uint16_t type, const uint8_t *at, size_t len, FILE *out)
{
	char address[INET6_ADDRSTRLEN];
	const uint8_t *end = at + len;
	for (const char *field = type_format(type); *field != '\0' && at < end; field++) {
		fputc(' ', out);
		switch (*field) {
		case 'n': name_write(at, out); at += steer_name_len(at); break;
		case 'b': fprintf(out, "%u", *at); at += 1; break;
		case 'h': fprintf(out, "%u", (unsigned)number_get(at, 2)); at += 2; break;
		case 'w': fprintf(out, "%u", (unsigned)number_get(at, 4)); at += 4; break;
		case 'a': fputs(inet_ntop(AF_INET, at, address, sizeof(address)), out); at += 4; break;
		case '6': fputs(inet_ntop(AF_INET6, at, address, sizeof(address)), out); at += 16; break;
		case 't': fwrite(at + 1, 1, *at, out); at += 1 + *at; break;
		default:
			for (; at < end; at++) {
				fprintf(out, "%02x", *at);
			}
		}
	}
}
