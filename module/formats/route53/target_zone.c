/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/target_zone.h"

#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "formats/route53/escapes.h"

#define UNKNOWN "ZUNKNOWN"

/*! Ends of names, and the zones that all names with them are in. */
static const struct {
	const char *end, *id;
} services[] = {
	{ ".cloudfront.net.", "Z2FDTNDATAQYW2" },
	{ ".awsglobalaccelerator.com.", "Z2BJ6XQ5FK7U4H" },
	{ ".amazonaws.com.", UNKNOWN },
	{ ".amazonaws.com.cn.", UNKNOWN },
	{ ".amazonaws.eu.", UNKNOWN },
	{ ".elasticbeanstalk.com.", UNKNOWN },
	{ ".awsapprunner.com.", UNKNOWN },
};

const char *steer_route53_zone_id(const uint8_t *zone, char id[STEER_ROUTE53_ZONE_ID])
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
	uint64_t hash = steer_name_hash(zone, steer_name_len(zone));
	unsigned len = 0;
	id[len++] = 'Z';
	for (unsigned bits = 0; bits < 64; bits += 5, hash >>= 5) {
		id[len++] = digits[hash & 31];
	}
	id[len] = '\0';
	return id;
}

/*! \return NULL: it is none */
static const char *find_service(const uint8_t *name)
{
	char text[STEER_NAME_TEXT_MAX];
	const size_t len = strlen(steer_octal_name(name, text));
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++) {
		const size_t end = strlen(services[i].end);
		if (len > end && strcmp(text + len - end, services[i].end) == 0) {
			return services[i].id;
		}
	}
	return NULL;
}

bool steer_route53_is_service(const uint8_t *name)
{
	return find_service(name) != NULL;
}

const char *steer_route53_service_id(const uint8_t *name)
{
	const char *id = find_service(name);
	return id != NULL ? id : UNKNOWN;
}
