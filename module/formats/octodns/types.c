/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/types.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/types.h"

#define WORD   STEER_OCTODNS_WORD
#define NAME   STEER_OCTODNS_NAME
#define QUOTED STEER_OCTODNS_QUOTED
#define STRING STEER_OCTODNS_STRING
#define METRES STEER_OCTODNS_METRES
#define PARAMS STEER_OCTODNS_PARAMS

#define SVCB_FIELDS { \
		{ .key = "svcpriority", .form = WORD }, { .key = "targetname", .form = NAME }, \
		{ .key = "svcparams", .form = PARAMS, .otherwise = "" }, \
	}

static const steer_octodns_type_t types[] = {
	{ .name = "A", .type = TYPE_A, .form = WORD },
	{ .name = "AAAA", .type = TYPE_AAAA, .form = WORD },
	{ .name = "CAA", .type = TYPE_CAA, .fields = {
		{ .key = "flags", .form = WORD, .otherwise = "0" }, { .key = "tag", .form = WORD },
		{ .key = "value", .form = QUOTED },
	} },
	{ .name = "CNAME", .type = TYPE_CNAME, .one = true, .form = NAME },
	{ .name = "DNAME", .type = TYPE_DNAME, .one = true, .form = NAME },
	{ .name = "DS", .type = TYPE_DS, .fields = {
		{ .key = "key_tag", .form = WORD }, { .key = "algorithm", .form = WORD },
		{ .key = "digest_type", .form = WORD }, { .key = "digest", .form = WORD },
	} },
	{ .name = "HTTPS", .type = TYPE_HTTPS, .fields = SVCB_FIELDS },
	{ .name = "LOC", .type = TYPE_LOC, .fields = {
		{ .key = "lat_degrees", .form = WORD }, { .key = "lat_minutes", .form = WORD },
		{ .key = "lat_seconds", .form = WORD }, { .key = "lat_direction", .form = WORD },
		{ .key = "long_degrees", .form = WORD }, { .key = "long_minutes", .form = WORD },
		{ .key = "long_seconds", .form = WORD }, { .key = "long_direction", .form = WORD },
		{ .key = "altitude", .form = METRES }, { .key = "size", .form = METRES },
		{ .key = "precision_horz", .form = METRES }, { .key = "precision_vert", .form = METRES },
	} },
	{ .name = "MX", .type = TYPE_MX, .fields = {
		{ .key = "preference", .form = WORD, .older = "priority" },
		{ .key = "exchange", .form = NAME, .older = "value" },
	} },
	{ .name = "NAPTR", .type = TYPE_NAPTR, .fields = {
		{ .key = "order", .form = WORD }, { .key = "preference", .form = WORD },
		{ .key = "flags", .form = QUOTED, .otherwise = "" },
		{ .key = "service", .form = QUOTED, .otherwise = "" },
		{ .key = "regexp", .form = QUOTED, .otherwise = "" },
		{ .key = "replacement", .form = NAME },
	} },
	{ .name = "NS", .type = TYPE_NS, .form = NAME },
	{ .name = "OPENPGPKEY", .type = TYPE_OPENPGPKEY, .form = WORD },
	{ .name = "PTR", .type = TYPE_PTR, .form = NAME },
	{ .name = "SPF", .type = TYPE_SPF, .form = STRING },
	{ .name = "SRV", .type = TYPE_SRV, .fields = {
		{ .key = "priority", .form = WORD }, { .key = "weight", .form = WORD },
		{ .key = "port", .form = WORD }, { .key = "target", .form = NAME },
	} },
	{ .name = "SSHFP", .type = TYPE_SSHFP, .fields = {
		{ .key = "algorithm", .form = WORD }, { .key = "fingerprint_type", .form = WORD },
		{ .key = "fingerprint", .form = WORD },
	} },
	{ .name = "SVCB", .type = TYPE_SVCB, .fields = SVCB_FIELDS },
	{ .name = "TLSA", .type = TYPE_TLSA, .fields = {
		{ .key = "certificate_usage", .form = WORD, .otherwise = "0" },
		{ .key = "selector", .form = WORD, .otherwise = "0" },
		{ .key = "matching_type", .form = WORD, .otherwise = "0" },
		{ .key = "certificate_association_data", .form = WORD },
	} },
	{ .name = "TXT", .type = TYPE_TXT, .form = STRING },
	{ .name = "URI", .type = TYPE_URI, .fields = {
		{ .key = "priority", .form = WORD }, { .key = "weight", .form = WORD },
		{ .key = "target", .form = QUOTED },
	} },
};

#define TYPES (sizeof(types) / sizeof(*types))

const steer_octodns_type_t *steer_octodns_type(const char *name)
{
	for (size_t i = 0; i < TYPES; i++) {
		if (strcmp(types[i].name, name) == 0) {
			return &types[i];
		}
	}
	return NULL;
}

const char *steer_octodns_type_names(char text[STEER_OCTODNS_TYPE_NAMES])
{
	size_t len = 0;
	for (size_t i = 0; i < TYPES && len < STEER_OCTODNS_TYPE_NAMES; i++) {
		len += snprintf(text + len, STEER_OCTODNS_TYPE_NAMES - len, "%s%s", i > 0 ? ", " : "",
		                types[i].name);
	}
	return text;
}

const steer_octodns_type_t *steer_octodns_type_of(uint16_t type)
{
	for (size_t i = 0; i < TYPES; i++) {
		if (types[i].type == type) {
			return &types[i];
		}
	}
	return NULL;
}

bool steer_octodns_is_dynamic(uint16_t type)
{
	return type == TYPE_A || type == TYPE_AAAA || type == TYPE_CNAME;
}
