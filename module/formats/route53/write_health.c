/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "formats/route53/health.h"
#include "formats/route53/write.h"
#include "formats/route53/writer.h"

/*! Puts the text of an option, unless it has its default. */
static void put_text(steer_route53_writer_t *writer, const steer_health_check_t *check,
                     const char *option, const char *key)
{
	char text[STEER_CHECK_MAX];
	size_t len;
	const char *found = steer_health_check_get(check, option, 0, &len);
	if (found != NULL) {
		memcpy(text, found, len);
		text[len] = '\0';
		steer_route53_put_text(writer, key, text);
	}
}

static void put_number(steer_route53_writer_t *writer, const steer_health_check_t *check,
                       const char *option, const char *key)
{
	steer_route53_put_number(writer, key, steer_health_check_number(check, option));
}

static void put_children(steer_route53_writer_t *writer, const steer_health_check_t *check)
{
	char id[STEER_CHECK_ID_MAX + 1];
	const char *child;
	size_t at = 0, len;
	steer_route53_put_list(writer, "ChildHealthChecks");
	while (steer_health_check_next_child(check, &at, &child, &len)) {
		memcpy(id, child, len);
		id[len] = '\0';
		steer_route53_put(writer, id);
	}
	yajl_gen_array_close(writer->gen);
}

static void put_calculated(steer_route53_writer_t *writer, const steer_health_check_t *check)
{
	put_number(writer, check, "threshold", "HealthThreshold");
	put_children(writer, check);
}

static void put_probe(steer_route53_writer_t *writer, const steer_health_check_t *check)
{
	size_t len;
	put_text(writer, check, "address", "IPAddress");
	put_number(writer, check, "port", "Port");
	put_text(writer, check, "host", "FullyQualifiedDomainName");
	put_text(writer, check, "path", "ResourcePath");
	put_text(writer, check, "search", "SearchString");
	steer_route53_put_number(writer, "RequestInterval", // Others cannot be expressed.
	                         steer_health_check_get(check, "interval", 0, &len) != NULL ? 10 : 30);
	put_number(writer, check, "rise", "FailureThreshold");
	if (check->type == STEER_CHECK_HTTPS) {
		steer_route53_put_bool(writer, "EnableSNI",
		                       steer_health_check_get(check, "sni", 0, &len) == NULL);
	}
}

void steer_route53_write_check(steer_route53_writer_t *writer, const char *id,
                               const steer_health_check_t *check)
{
	yajl_gen_map_open(writer->gen);
	steer_route53_put_text(writer, "Id", id);
	steer_route53_put_object(writer, "HealthCheckConfig");
	steer_route53_put_text(writer, "Type", steer_route53_check_type(check));
	if (check->type == STEER_CHECK_CALCULATED) {
		put_calculated(writer, check);
	} else {
		put_probe(writer, check);
	}
	steer_route53_put_bool(writer, "Inverted", check->flags & STEER_CHECK_INVERTED);
	steer_route53_put_bool(writer, "Disabled", check->flags & STEER_CHECK_DISABLED);
	yajl_gen_map_close(writer->gen);
	yajl_gen_map_close(writer->gen);
}
