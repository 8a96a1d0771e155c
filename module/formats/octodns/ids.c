/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/ids.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/mix.h"
#include "core/node.h"
#include "core/regions.h"
#include "formats/name_text.h"

/*! Longest beginning of an identifier that is too long, before the digest of all of it. */
#define BEGIN_MAX (STEER_CHECK_ID_MAX - 22)

/*! Room for two names of which each byte is escaped. */
#define LONG_TEXT (2 * 3 * STEER_NAME_TEXT)

void steer_octodns_set_id(char id[STEER_SET_ID_MAX + 1], const char *place, const char *pool,
                          unsigned number)
{
	snprintf(id, STEER_SET_ID_MAX + 1, "%s %s %u", place, pool, number);
}

void steer_octodns_values_id(char id[STEER_SET_ID_MAX + 1], const char *place)
{
	snprintf(id, STEER_SET_ID_MAX + 1, "%s " STEER_OCTODNS_VALUES, place);
}

uint64_t steer_octodns_digest(uint64_t before, const void *bytes, size_t len)
{
	return steer_mix(before + steer_id_hash(bytes, len));
}

/*! Appends text, without its last dot; bytes that identifiers cannot have are escaped. */
static size_t put_part(char *id, size_t len, const char *text)
{
	const char *end = text + strlen(text);
	end -= end > text && end[-1] == '.';
	for (; text < end; text++) {
		const unsigned char byte = *text;
		const bool good = isalnum(byte) || strchr("-_.:", byte) != NULL;
		len += snprintf(id + len, LONG_TEXT - len, good ? "%c" : ":%02x", byte);
	}
	return len;
}

void steer_octodns_check_id(char id[STEER_CHECK_ID_MAX + 1], const uint8_t *owner,
                            const char *value, bool down)
{
	static const char end[] = "/down";
	char name[STEER_NAME_TEXT], text[LONG_TEXT];
	steer_name_print(owner, name);
	size_t len = put_part(text, 0, name);
	text[len++] = '/';
	len = put_part(text, len, value);
	if (len + strlen(end) > STEER_CHECK_ID_MAX) {
		const uint64_t digest = steer_octodns_digest(0, text, len);
		snprintf(text + BEGIN_MAX, sizeof(text) - BEGIN_MAX, ":%016" PRIx64, digest);
	}
	snprintf(id, STEER_CHECK_ID_MAX + 1, "%.*s%s", BEGIN_MAX + 17, text, down ? end : "");
}

void steer_octodns_collection(char name[STEER_REGION_NAME_MAX + 1], uint64_t digest)
{
	snprintf(name, STEER_REGION_NAME_MAX + 1, "octodns-%016" PRIx64, digest);
}

void steer_octodns_location(char name[STEER_REGION_NAME_MAX + 1], const char *pool)
{
	const size_t len = strlen(pool);
	if (steer_region_name_is_good(pool, len)) {
		memcpy(name, pool, len + 1);
	} else {
		snprintf(name, STEER_REGION_NAME_MAX + 1, "pool-%016" PRIx64,
		         steer_octodns_digest(0, pool, len));
	}
}
