/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/head.h"

#include <string.h>

#include "formats/text.h"
#include "formats/yaml/keys.h"
#include "formats/yaml/scalar.h"

/*! Bits of document_keys. */
enum { KEY_ZONE, KEY_HEALTH = 6 };

static const uint8_t root[] = { 0 };

/*! A name in the SOA, which waits for that of the zone, since that may come later. */
typedef struct {
	char text[STEER_NAME_TEXT + 1]; /*!< Empty: not given. */
	steer_place_t place;
} later_name_t;

typedef struct {
	steer_zone_head_t *head;
	steer_yaml_health_t *health;
	steer_yaml_found_t found;
	later_name_t mname, rname;
} reader_t;

static int take_zone(steer_events_t *events, const char *key, void *ctx)
{
	reader_t *reader = ctx;
	reader->head->zone_at = events->place;
	return steer_yaml_take_name(events, key, root, reader->head->zone, &reader->found.zone);
}

static int take_mode(steer_events_t *events, const char *key, void *ctx)
{
	steer_zone_head_t *head = ((reader_t *)ctx)->head;
	const char *text = NULL;
	char shown[STEER_SHOWN];
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	head->mode_at = events->place;
	head->overlay = strcmp(text, "overlay") == 0;
	if (head->overlay || strcmp(text, "authoritative") == 0) {
		return STEER_OK;
	}
	return steer_events_wrong(events, "%s: '%s' is not a mode; allowed: authoritative, overlay",
	                          key, steer_shown(shown, text, strlen(text)));
}

static int take_comment(steer_events_t *events, const char *key, void *ctx)
{
	steer_zone_head_t *head = ((reader_t *)ctx)->head;
	const char *text = NULL;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	if (events->len > STEER_COMMENT_MAX) {
		return steer_events_wrong(events, "%s: %zu bytes; allowed: up to %d", key,
		                          events->len, STEER_COMMENT_MAX);
	}
	if (!steer_yaml_is_line(text)) { // A terminal must be able to show it.
		return steer_events_wrong(events, "%s: line ends or other control characters; "
		                          "allowed: text of one line", key);
	}
	head->comment_at = events->place;
	strcpy(head->comment, text);
	return STEER_OK;
}

static int take_ttl(steer_events_t *events, const char *key, void *ctx)
{
	steer_zone_head_t *head = ((reader_t *)ctx)->head;
	bool good;
	head->ttl_at = events->place;
	return steer_yaml_take_ttl(events, key, &head->ttl, &good);
}

/* SOA. */

static int take_later_name(steer_events_t *events, const char *key, later_name_t *name)
{
	const char *text = NULL;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	name->place = events->place;
	strncpy(name->text, text, sizeof(name->text) - 1); // A longer one is not a name either.
	return STEER_OK;
}

static int take_mname(steer_events_t *events, const char *key, void *ctx)
{
	return take_later_name(events, key, &((reader_t *)ctx)->mname);
}

static int take_rname(steer_events_t *events, const char *key, void *ctx)
{
	return take_later_name(events, key, &((reader_t *)ctx)->rname);
}

static int take_soa_number(steer_events_t *events, const char *key, void *ctx);

/*! In the order of steer_soa_field_t. */
static const steer_yaml_key_t soa_keys[] = {
	[STEER_SOA_SERIAL]  = { "serial", take_soa_number },
	[STEER_SOA_REFRESH] = { "refresh", take_soa_number },
	[STEER_SOA_RETRY]   = { "retry", take_soa_number },
	[STEER_SOA_EXPIRE]  = { "expire", take_soa_number },
	[STEER_SOA_MINIMUM] = { "minimum", take_soa_number },
	[STEER_SOA_MNAME]   = { "mname", take_mname },
	[STEER_SOA_RNAME]   = { "rname", take_rname },
	[STEER_SOA_TTL]     = { "ttl", take_soa_number },
	{ NULL, NULL },
};

static int take_soa_number(steer_events_t *events, const char *key, void *ctx)
{
	steer_soa_t *soa = &((reader_t *)ctx)->head->soa;
	unsigned field = 0;
	while (soa_keys[field].name != key) {
		field++;
	}
	bool good;
	if (field == STEER_SOA_TTL) {
		return steer_yaml_take_ttl(events, key, &soa->ttl, &good);
	}
	return steer_yaml_take_number(events, key, field != STEER_SOA_SERIAL, &soa->numbers[field],
	                              &good);
}

static int take_soa(steer_events_t *events, const char *key, void *ctx)
{
	reader_t *reader = ctx;
	if (events->kind != NODE_MAPPING) {
		return steer_events_refuse(events, "%s: not a mapping; allowed: fields such as {rname: "
		                           "hostmaster, refresh: 2h}", key);
	}
	uint64_t given;
	reader->head->soa_at = events->place;
	int ret = steer_yaml_mapping(events, soa_keys, reader, &given);
	reader->head->soa.given = given;
	return ret;
}

static int finish_name(steer_events_t *events, const char *key, const later_name_t *later,
                       const uint8_t *zone, uint8_t *name)
{
	if (later->place.line == 0 || steer_name_parse_in(later->text, zone, name) == STEER_OK) {
		return STEER_OK;
	}
	char shown[STEER_SHOWN];
	return steer_events_wrong_at(events, &later->place, "%s: '%s' is not a domain name; allowed: "
	                             "one such as ns1.example.net., or relative to the zone", key,
	                             steer_shown(shown, later->text, strlen(later->text)));
}

/*! Reads the names in the SOA, now that the zone's is known. */
static int finish_soa(steer_events_t *events, reader_t *reader)
{
	steer_soa_t *soa = &reader->head->soa;
	const uint8_t *zone = reader->head->zone;
	int ret = finish_name(events, "mname", &reader->mname, zone, soa->mname);
	if (ret != STEER_OK) {
		return ret;
	}
	return finish_name(events, "rname", &reader->rname, zone, soa->rname);
}

/* The document. */

static int pass_records(steer_events_t *events, const char *key, void *ctx)
{
	(void)key;
	(void)ctx;
	return steer_events_pass(events);
}

static int take_health(steer_events_t *events, const char *key, void *ctx)
{
	reader_t *reader = ctx;
	reader->found.health = true;
	return steer_yaml_health_take(reader->health, events, key);
}

static int take_unknown(steer_events_t *events, const char *key, void *ctx);

static const steer_yaml_key_t document_keys[] = {
	[KEY_ZONE] = { "zone", take_zone },
	{ "mode", take_mode },
	{ "comment", take_comment },
	{ "ttl", take_ttl },
	{ "soa", take_soa },
	{ "records", pass_records },
	[KEY_HEALTH] = { "health", take_health },
	{ NULL, take_unknown },
};

static int take_unknown(steer_events_t *events, const char *key, void *ctx)
{
	(void)key;
	(void)ctx;
	// Users may expect these beside health checks, but maps are not part of a change set.
	if (strcmp(events->text, "cidr") == 0) {
		return steer_events_wrong(events, "cidr: a collection of locations is a map; allowed: "
		                          "steerctl map import --type cidr");
	}
	return steer_yaml_report_unknown(events, &events->place, events->text, events->len,
	                                 document_keys);
}

static int take_document(steer_events_t *events, reader_t *reader)
{
	if (steer_events_is_empty(events)) {
		return STEER_OK; // "---" alone.
	}
	if (events->kind != NODE_MAPPING) {
		return steer_events_refuse(events, "zone: not a mapping; allowed: a document such as "
		                           "zone: example.com");
	}
	const steer_place_t begin = events->place;
	uint64_t given;
	int ret = steer_yaml_mapping(events, document_keys, reader, &given);
	if (ret != STEER_OK) {
		return ret;
	}
	if ((given & 1u << KEY_ZONE) == 0 && given != 1u << KEY_HEALTH) {
		return steer_events_wrong_at(events, &begin, STEER_YAML_NO_ZONE);
	}
	return reader->found.zone ? finish_soa(events, reader) : STEER_OK;
}

int steer_yaml_head(steer_events_t *events, steer_yaml_health_t *health, steer_zone_head_t *head,
                    steer_yaml_found_t *found)
{
	reader_t reader = { .head = head, .health = health };
	*head = (steer_zone_head_t) { .ttl = STEER_YAML_TTL, .comment_told = true };
	int ret = steer_events_next(events);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = take_document(events, &reader);
	if (ret != STEER_OK) {
		return ret;
	}
	*found = reader.found;
	return steer_events_next(events); // The end of the document.
}
