/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/batch_match.h"

#include <stdio.h>
#include <string.h>

#include "core/attributes.h"
#include "core/name.h"
#include "store/dictionary.h"

/*! Whether the values are those of stored RRs, which are in the same order. */
static bool values_match(const steer_set_t *stored, const steer_route53_change_t *change)
{
	const uint8_t *at = stored->body, *rdata;
	uint16_t len;
	size_t count = 0;
	while ((rdata = steer_rr_next(&at, stored->body + stored->body_len, &len)) != NULL) {
		if (count == change->count || change->values[count].rdata_len != len ||
		    memcmp(change->values[count].rdata, rdata, len) != 0) {
			return false;
		}
		count++;
	}
	return count == change->count;
}

/*! Whether a stored number, or 0, has a name, or none. */
static int name_matches(const steer_reader_t *records, uint32_t number, const char *name,
                        bool *matches)
{
	steer_dictionary_name_t found;
	if (number == 0 || name == NULL) {
		*matches = number == 0 && name == NULL;
		return STEER_OK;
	}
	int ret = steer_dictionary_name(records, number, &found);
	*matches = ret == STEER_OK && found.len == strlen(name) &&
	           memcmp(found.text, name, found.len) == 0;
	return ret == STEER_ENOENT ? STEER_OK : ret;
}

static bool health_matches(const steer_set_t *stored, const char *id)
{
	char text[STEER_CHECK_ID_MAX + 1];
	return steer_set_health(stored, text) ? id != NULL && strcmp(text, id) == 0 : id == NULL;
}

/*! Appends the name of a field, unless it is the same. */
static void note(char fields[BATCH_FIELDS_TEXT], bool same, const char *field)
{
	const size_t len = strlen(fields);
	if (!same) {
		snprintf(fields + len, BATCH_FIELDS_TEXT - len, "%s%s", len > 0 ? ", " : "", field);
	}
}

static void match_content(const steer_set_t *stored, const steer_route53_change_t *change,
                          char fields[BATCH_FIELDS_TEXT])
{
	const uint8_t *alias = change->set.alias;
	if (alias != NULL) {
		note(fields, stored->alias && steer_name_equal(stored->body, alias), "AliasTarget");
		note(fields, !stored->alias || stored->evaluate == change->set.evaluate,
		     "EvaluateTargetHealth");
	} else {
		note(fields, stored->alias || stored->ttl == change->ttl, "TTL");
		note(fields, !stored->alias && values_match(stored, change), "ResourceRecords");
	}
}

/*! What the policies of Route 53 choose by, and autonomous systems, which those do not know. */
static int match_attributes(const steer_reader_t *records, const steer_set_t *stored,
                            const steer_record_set_t *given, char fields[BATCH_FIELDS_TEXT])
{
	const bool near = given->has_point || given->has_bias;
	bool region, location;
	uint8_t len;
	int ret = name_matches(records, stored->region, given->region, &region);
	if (ret == STEER_OK) {
		ret = name_matches(records, stored->location, given->location, &location);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	note(fields, !given->has_weight || stored->weight == given->weight, "Weight");
	note(fields, !given->has_tier || stored->tier == given->tier, "Failover");
	note(fields, !given->has_geo || stored->geo == given->geo, "GeoLocation");
	note(fields, region, near ? "GeoProximityLocation" : "Region");
	note(fields, stored->has_point == given->has_point &&
	     (!given->has_point || (stored->point.lat == given->point.lat &&
	                            stored->point.lon == given->point.lon)), "Coordinates");
	note(fields, stored->bias == (given->has_bias ? given->bias : 0), "Bias");
	note(fields, location, "CidrRoutingConfig");
	note(fields, steer_attribute_find(stored->attrs, stored->attrs_len, STEER_ATTR_ASNS, &len) ==
	     NULL, "autonomous systems");
	return STEER_OK;
}

int batch_match(const steer_reader_t *records, const steer_group_t *group,
                const steer_set_t *stored, const steer_route53_change_t *change,
                char fields[BATCH_FIELDS_TEXT])
{
	fields[0] = '\0';
	match_content(stored, change, fields);
	note(fields, health_matches(stored, change->set.health), "HealthCheckId");
	if (steer_key_cmp(group->program, group->program_len, change->program,
	                  change->program_len) != 0) {
		note(fields, false, "policy");
		return STEER_OK;
	}
	return match_attributes(records, stored, &change->set, fields);
}
