/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/servers.h"

#include <string.h>

#include "core/name.h"

/*! Passes a word and digits. \return NULL: the text does not begin so */
static const char *skip_numbered(const char *text, const char *word)
{
	const size_t len = strlen(word);
	if (strncmp(text, word, len) != 0) {
		return NULL;
	}
	const size_t digits = strspn(text + len, "0123456789");
	return digits > 0 ? text + len + digits : NULL;
}

bool steer_route53_is_server(const char *text)
{
	static const char *const ends[] = { ".com", ".net", ".org", ".co.uk" };
	text = skip_numbered(text, "ns-");
	text = text != NULL ? skip_numbered(text, ".awsdns-") : NULL;
	for (unsigned i = 0; text != NULL && i < sizeof(ends) / sizeof(*ends); i++) {
		const size_t len = strlen(ends[i]);
		if (strncmp(text, ends[i], len) == 0) {
			const char *rest = text + len + (text[len] == '.');
			return *rest == '\0' || *rest == ' ';
		}
	}
	return false;
}

bool steer_route53_is_replaced(const steer_route53_lists_t *lists,
                               const steer_route53_entry_t *entry,
                               const steer_route53_zone_t *zone)
{
	const steer_json_t *json = entry->at.json;
	if ((entry->type != TYPE_SOA && entry->type != TYPE_NS) ||
	    !steer_name_equal(steer_route53_name(lists, entry), zone->name)) {
		return false;
	}
	const steer_json_value_t *records = steer_json_get(json, entry->at.value, "ResourceRecords");
	const steer_json_value_t *record = NULL;
	unsigned count = 0;
	while (records != NULL && records->kind == STEER_JSON_LIST &&
	       (record = steer_json_next(json, records, record)) != NULL) {
		const steer_json_value_t *value = record->kind == STEER_JSON_OBJECT
		                                  ? steer_json_get(json, record, "Value") : NULL;
		if (value == NULL || value->kind != STEER_JSON_TEXT ||
		    !steer_route53_is_server(steer_json_text(json, value))) {
			return false;
		}
		count++;
	}
	return count > 0;
}
