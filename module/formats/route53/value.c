/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/value.h"

#include <string.h>

#include "core/health_check.h"
#include "core/regions.h"
#include "core/utf8.h"
#include "formats/decimal.h"
#include "formats/place_text.h"
#include "formats/route53/escapes.h"

/* Records. */

/*! Whether text lacks the quotes without which its blanks and escapes mean something else. */
static bool lacks_quotes(uint16_t type, const char *value)
{
	return (type == TYPE_TXT || type == TYPE_SPF) && value[strspn(value, " \t")] != '"';
}

bool steer_route53_take_value(steer_route53_reading_t *reading, const steer_field_at_t *value,
                              uint16_t type, const uint8_t **rdata, uint16_t *rdata_len)
{
	static const uint8_t root[] = { 0 };
	char *text = reading->scratch, shown[STEER_SHOWN];
	strcpy(text, steer_json_text(value->json, value->value));
	const char *escape = steer_octal_rewrite(text);
	if (escape != NULL) {
		steer_field_wrong(reading, value, "Value: '%s' is no escape; allowed: \\000 to \\377, "
		                  "which are octal", steer_shown(shown, escape, strnlen(escape, 4)));
		return false;
	}
	if (lacks_quotes(type, text)) {
		steer_field_wrong(reading, value, "Value: text without quotes of its own; allowed: "
		                  "\"\\\"%s\\\"\"", steer_shown(shown, text, strlen(text)));
		return false;
	}
	steer_fault_t why;
	int ret = steer_rdata_parse(reading->text, root, type, text, rdata, rdata_len, &why);
	if (ret == STEER_EINVAL) {
		steer_field_wrong(reading, value, "Value: %s", why.text);
	} else if (ret != STEER_OK) {
		steer_field_no_memory(reading);
	}
	return ret == STEER_OK;
}

/* Names. */

bool steer_route53_is_word(steer_route53_reading_t *reading, const steer_field_at_t *field,
                           const char *key, const char *text)
{
	char shown[STEER_SHOWN];
	if (steer_region_name_is_good(text, strlen(text))) {
		return true;
	}
	steer_field_wrong(reading, field, "%s: '%s' is not a name; allowed: 1 to %d letters, digits, - "
	                  "and _", key, steer_shown(shown, text, strlen(text)), STEER_REGION_NAME_MAX);
	return false;
}

const char *steer_route53_take_health(steer_route53_reading_t *reading,
                                      const steer_field_at_t *object, const char *key)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *id = steer_field_text(reading, object, key, &field);
	if (id == NULL || steer_health_check_id_is_good(id)) {
		return id;
	}
	steer_field_wrong(reading, &field, "%s: '%s' is not an identifier; allowed: 1 to %d letters, "
	                  "digits and - _ . : / @", key, steer_shown(shown, id, strlen(id)),
	                  STEER_CHECK_ID_MAX);
	return NULL;
}

bool steer_route53_is_local_zone(const char *name)
{
	size_t len = strlen(name);
	for (unsigned dashes = 0; len > 0 && dashes < 2;) {
		dashes += name[--len] == '-';
	}
	return steer_region_find(name, len) != NULL;
}

void steer_route53_take_region(steer_route53_reading_t *reading, const steer_field_at_t *field,
                               const char *key, const char *name, steer_record_set_t *set)
{
	if (!steer_route53_is_word(reading, field, key, name)) {
		return;
	}
	set->has_region = true;
	set->region = name;
	if (steer_region_find(name, strlen(name)) == NULL) {
		steer_field_warn(reading, field, "%s: the place of %s is not known; steerctl map import "
		                 "--type regions can tell it", key, name);
	}
}

/* Places of clients. */

/*! Reads a part of a place. \return false: it is given, and wrong */
static bool take_code(steer_route53_reading_t *reading, const steer_field_at_t *object,
                      const char *key,
                      bool (*parse)(const char *text, size_t len, steer_geo_t *place),
                      const char *allowed, steer_geo_t *place)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_text(reading, object, key, &field);
	if (text == NULL || parse(text, strlen(text), place)) {
		return true;
	}
	steer_field_wrong(reading, &field, "%s: '%s'; allowed: %s", key,
	                  steer_shown(shown, text, strlen(text)), allowed);
	return false;
}

/*! Whether the place is that of all clients for which there is no other. */
static bool is_default(const steer_field_at_t *place, const char *key)
{
	const steer_json_value_t *country = steer_json_get(place->json, place->value, key);
	return country != NULL && country->kind == STEER_JSON_TEXT &&
	       strcmp(steer_json_text(place->json, country), "*") == 0;
}

void steer_route53_take_place(steer_route53_reading_t *reading, const steer_field_at_t *place,
                              const char *key, const char *const keys[3],
                              steer_record_set_t *set)
{
	bool given[3];
	for (unsigned i = 0; i < 3; i++) {
		given[i] = steer_json_get(place->json, place->value, keys[i]) != NULL;
	}
	const bool any = is_default(place, keys[1]);
	if ((given[0] == given[1]) || (given[2] && (!given[1] || any))) {
		steer_field_wrong(reading, place, "%s: no place; allowed: %s, or %s, which is * for all "
		                  "others, or %s and %s", key, keys[0], keys[1], keys[1], keys[2]);
		return;
	}
	steer_geo_t geo = STEER_GEO_UNKNOWN;
	set->has_geo = any ||
		(take_code(reading, place, keys[0], steer_geo_continent_parse,
		           "AF, AN, AS, EU, NA, OC, SA", &geo) &&
		 take_code(reading, place, keys[1], steer_geo_country_parse,
		           "* or a code of ISO 3166-1, such as US", &geo) &&
		 take_code(reading, place, keys[2], steer_geo_subdivision_parse,
		           "a code of ISO 3166-2 without its country, such as NY", &geo));
	set->geo = geo;
}

/* Places of targets. */

bool steer_route53_take_degrees(steer_route53_reading_t *reading, const steer_field_at_t *field,
                                const char *key, int max, int16_t *degrees)
{
	int64_t number;
	char shown[STEER_SHOWN];
	const char *text = steer_json_text(field->json, field->value);
	if (!steer_decimal_parse(text, strlen(text), 2, max / 100, &number)) {
		steer_field_wrong(reading, field, "%s: '%s'; allowed: \"-%d\" to \"%d\"", key,
		                  steer_shown(shown, text, strlen(text)), max / 100, max / 100);
		return false;
	}
	*degrees = number;
	return true;
}

void steer_route53_take_bias(steer_route53_reading_t *reading, const steer_field_at_t *field,
                             const char *key, steer_record_set_t *set)
{
	const char *text = steer_json_text(field->json, field->value);
	char shown[STEER_SHOWN];
	set->has_bias = steer_bias_parse(text, &set->bias);
	if (!set->has_bias) {
		steer_field_wrong(reading, field, "%s: %s; allowed: -%d to %d", key,
		                  steer_shown(shown, text, strlen(text)), STEER_BIAS_MAX, STEER_BIAS_MAX);
	}
}
