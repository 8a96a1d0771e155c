/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/traffic_document.h"

#include <string.h>

#include "core/utf8.h"

/* References. */

/*! Finds the rule or endpoint of a reference. \return false: there is none, which is reported */
static bool find(const steer_traffic_document_t *document, steer_route53_reading_t *reading,
                 const steer_field_at_t *at, bool to_rule, const char *id, uint32_t *number)
{
	const steer_traffic_rule_t *rule = to_rule ? steer_traffic_rule(&document->rules, id) : NULL;
	const steer_traffic_endpoint_t *endpoint =
		to_rule ? NULL : steer_traffic_endpoint(&document->endpoints, id);
	if (rule != NULL) {
		*number = rule - document->rules.of;
	} else if (endpoint != NULL) {
		*number = endpoint - document->endpoints.of;
	} else {
		char shown[STEER_SHOWN];
		steer_field_wrong(reading, at, "'%s' is not in %s", steer_shown(shown, id, strlen(id)),
		                  to_rule ? "Rules" : "Endpoints");
	}
	return rule != NULL || endpoint != NULL;
}

static void find_items(steer_traffic_document_t *document, steer_route53_reading_t *reading)
{
	for (uint32_t i = 0; i < document->rules.items_count; i++) {
		steer_traffic_item_t *item = &document->rules.items[i];
		if (item->ref != NULL) {
			find(document, reading, &item->at, item->to_rule, item->ref, &item->to);
		}
	}
}

static bool find_start(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                       const steer_field_at_t *root)
{
	steer_field_at_t field;
	document->from_rule = steer_json_get(root->json, root->value, "StartRule") != NULL;
	if (document->from_rule ==
	    (steer_json_get(root->json, root->value, "StartEndpoint") != NULL)) {
		steer_field_wrong(reading, root, "%s; allowed: StartRule, or StartEndpoint",
		                  document->from_rule ? "two starts" : "no start");
		return false;
	}
	const char *id = steer_field_text(reading, root, document->from_rule ? "StartRule"
	                                                                     : "StartEndpoint", &field);
	return id != NULL &&
	       find(document, reading, &field, document->from_rule, id, &document->start);
}

static bool follow_rule(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                        steer_traffic_rule_t *rule, unsigned links);

/*!
 * Follows an item.
 *
 * \param[in]  before  Aliases from the start to its rule.
 * \param[out] links   Most aliases from it to records.
 */
static bool follow_item(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                        const steer_traffic_item_t *item, unsigned before, unsigned *links)
{
	char shown[STEER_SHOWN];
	if (item->to_rule) {
		steer_traffic_rule_t *rule = &document->rules.of[item->to];
		if (rule->open) {
			steer_field_wrong(reading, &item->at, "RuleReference: the rule '%s' leads back to "
			                  "itself", steer_shown(shown, rule->id, strlen(rule->id)));
			return false;
		}
		if (!rule->used && before < STEER_ALIAS_DEPTH &&
		    !follow_rule(document, reading, rule, before + 1)) {
			return false;
		}
		*links = 1 + rule->links;
	} else {
		steer_traffic_endpoint_t *endpoint = &document->endpoints.of[item->to];
		endpoint->used = true;
		*links = endpoint->alias;
	}
	if (before + *links > STEER_ALIAS_DEPTH) {
		steer_field_wrong(reading, &item->at, "more than %d rules and AWS services below each "
		                  "other", STEER_ALIAS_DEPTH);
		return false;
	}
	return true;
}

/*!
 * Marks what a rule leads to. A rule is followed once, however many others lead to it.
 *
 * \param[in] links  Aliases from the start to it.
 *
 * \return false: it leads to itself, or too deep, which is reported
 */
static bool follow_rule(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                        steer_traffic_rule_t *rule, unsigned links)
{
	rule->used = true;
	rule->open = true;
	for (uint32_t i = rule->first; i < rule->end; i++) {
		unsigned below;
		if (!follow_item(document, reading, &document->rules.items[i], links, &below)) {
			return false;
		}
		rule->links = below > rule->links ? below : rule->links;
	}
	rule->open = false;
	return true;
}

static bool follow_start(steer_traffic_document_t *document, steer_route53_reading_t *reading)
{
	if (document->from_rule) {
		return follow_rule(document, reading, &document->rules.of[document->start], 0);
	}
	document->endpoints.of[document->start].used = true;
	return true;
}

static void tell_unused(const steer_traffic_document_t *document, steer_route53_reading_t *reading)
{
	char shown[STEER_SHOWN];
	for (uint32_t i = 0; i < document->rules.count; i++) {
		const steer_traffic_rule_t *rule = &document->rules.of[i];
		if (!rule->used) {
			steer_field_warn(reading, &rule->at, "Rules: nothing leads to '%s', so it is left out",
			                 steer_shown(shown, rule->id, strlen(rule->id)));
		}
	}
	for (uint32_t i = 0; i < document->endpoints.count; i++) {
		const steer_traffic_endpoint_t *endpoint = &document->endpoints.of[i];
		if (!endpoint->used) {
			steer_field_warn(reading, &endpoint->at, "Endpoints: nothing leads to '%s', so it is "
			                 "left out", steer_shown(shown, endpoint->id, strlen(endpoint->id)));
		}
	}
}

/* The document. */

/*! Gets the only value of a document, an object. */
static steer_field_at_t root_of(steer_route53_reading_t *reading, const steer_json_t *json,
                                const steer_field_at_t *at)
{
	const steer_field_at_t root = { json, steer_json_next(json, NULL, NULL) };
	if (root.value->kind == STEER_JSON_OBJECT && steer_json_next(json, NULL, root.value) == NULL) {
		return root;
	}
	steer_field_wrong(reading, at, "Document: not an object alone; allowed: the document of a "
	                  "traffic policy");
	return (steer_field_at_t) { json, NULL };
}

static bool read_format(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                        const steer_field_at_t *root)
{
	static const char *const versions[] = { "2015-10-01", "2023-05-09" };
	static const char key[] = "AWSPolicyFormatVersion";
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_need(reading, root, key, "2015-10-01, 2023-05-09")
	                   ? steer_field_text(reading, root, key, &field) : NULL;
	if (text == NULL) {
		return false;
	}
	document->local = strcmp(text, versions[1]) == 0;
	if (!document->local && strcmp(text, versions[0]) != 0) {
		steer_field_wrong(reading, &field, "%s: '%s'; allowed: %s, %s", key,
		                  steer_shown(shown, text, strlen(text)), versions[0], versions[1]);
		return false;
	}
	return true;
}

static bool read_type(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                      const steer_field_at_t *root)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_need(reading, root, "RecordType", "such as A")
	                   ? steer_field_text(reading, root, "RecordType", &field) : NULL;
	if (text == NULL || steer_type_parse(text, &document->type) == STEER_OK) {
		return text != NULL;
	}
	steer_field_wrong(reading, &field, "RecordType: '%s' is not a type of records; allowed: such "
	                  "as A", steer_shown(shown, text, strlen(text)));
	return false;
}

bool steer_traffic_document_read(steer_traffic_document_t *document,
                                 steer_route53_reading_t *reading, const steer_json_t *json,
                                 const steer_field_at_t *at)
{
	static const char *const keys[] = {
		"AWSPolicyFormatVersion", "RecordType", "StartRule", "StartEndpoint", "Endpoints", "Rules",
		NULL
	};
	const unsigned errors = reading->report.errors;
	*document = (steer_traffic_document_t) { .type = 0 };
	const steer_field_at_t root = root_of(reading, json, at);
	if (root.value == NULL) {
		return false;
	}
	steer_field_only(reading, &root, keys);
	if (!read_format(document, reading, &root) || !read_type(document, reading, &root)) {
		return false;
	}
	const steer_field_at_t endpoints = steer_field_get(reading, &root, "Endpoints",
	                                                   STEER_JSON_OBJECT);
	if (endpoints.value != NULL) {
		steer_traffic_endpoints_read(&document->endpoints, reading, &endpoints, document->type);
	}
	const steer_field_at_t rules = steer_field_get(reading, &root, "Rules", STEER_JSON_OBJECT);
	if (rules.value != NULL) {
		steer_traffic_rules_read(&document->rules, reading, &rules, document->local);
	}
	find_items(document, reading);
	const bool started = find_start(document, reading, &root);
	if (!started || reading->report.errors != errors || reading->ret != STEER_OK ||
	    !follow_start(document, reading)) {
		return false;
	}
	tell_unused(document, reading);
	return reading->ret == STEER_OK;
}

void steer_traffic_document_free(steer_traffic_document_t *document)
{
	steer_traffic_endpoints_free(&document->endpoints);
	steer_traffic_rules_free(&document->rules);
}
