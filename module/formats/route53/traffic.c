/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/traffic.h"

#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"

/* Documents. */

static int read_document(steer_json_t *json, const steer_json_value_t *policy,
                         const steer_input_t *input, steer_report_t *report)
{
	const steer_json_value_t *document = policy->kind == STEER_JSON_OBJECT
	                                     ? steer_json_get(json, policy, "Document") : NULL;
	return document != NULL && document->kind == STEER_JSON_TEXT
	       ? steer_json_read_inner(json, document, input, report) : STEER_OK;
}

/*! Reads the documents of an answer, in the order in which they stand. */
static int read_answer(steer_json_t *json, const steer_json_value_t *answer,
                       const steer_input_t *input, steer_report_t *report)
{
	const steer_json_value_t *key = NULL, *policy = NULL;
	int ret = STEER_OK;
	while (ret == STEER_OK && answer->kind == STEER_JSON_OBJECT &&
	       (key = steer_json_next_key(json, answer, key)) != NULL) {
		const char *text = steer_json_text(json, key);
		if (strcmp(text, "TrafficPolicy") == 0) {
			ret = read_document(json, &key[1], input, report);
		}
		policy = NULL;
		while (ret == STEER_OK && strcmp(text, "TrafficPolicies") == 0 &&
		       key[1].kind == STEER_JSON_LIST &&
		       (policy = steer_json_next(json, &key[1], policy)) != NULL) {
			ret = read_document(json, policy, input, report);
		}
	}
	return ret;
}

int steer_traffic_read_documents(steer_json_t *json, const steer_input_t *input,
                                 steer_report_t *report)
{
	const steer_json_value_t *at = NULL, *answer;
	int ret = STEER_OK;
	while (ret == STEER_OK && (at = steer_json_next(json, NULL, at)) != NULL) {
		ret = read_answer(json, at, input, report);
		answer = NULL;
		while (ret == STEER_OK && at->kind == STEER_JSON_LIST &&
		       (answer = steer_json_next(json, at, answer)) != NULL) {
			ret = read_answer(json, answer, input, report);
		}
	}
	return ret;
}

/* Policies and instances. */

void steer_traffic_add_policy(steer_traffic_t *traffic, steer_route53_reading_t *reading,
                              const steer_field_at_t *policy)
{
	steer_field_at_t field;
	steer_traffic_policy_t made = { .at = *policy };
	if (!steer_field_need(reading, policy, "Id", "the identifier of the policy") ||
	    !steer_field_need(reading, policy, "Version", "its number") ||
	    !steer_field_need(reading, policy, "Document", "what get-traffic-policy prints") ||
	    (made.id = steer_field_text(reading, policy, "Id", &field)) == NULL ||
	    !steer_field_number(reading, policy, "Version", 0, INT32_MAX, &made.version) ||
	    steer_field_text(reading, policy, "Document", &field) == NULL) {
		return;
	}
	steer_traffic_policy_t *policies = steer_array_grown(
		traffic->policies, &traffic->policies_room, traffic->policies_count + 1,
		sizeof(*policies));
	if (policies == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	traffic->policies = policies;
	policies[traffic->policies_count++] = made;
}

/*! Whether an identifier can be a label: those of Route 53 are UUIDs. */
static bool is_good_id(const char *id)
{
	const size_t len = strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz-");
	return len > 0 && len <= STEER_TRAFFIC_ID_MAX && id[len] == '\0';
}

void steer_traffic_add_instance(steer_traffic_t *traffic, steer_route53_reading_t *reading,
                                const steer_field_at_t *instance)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	steer_traffic_instance_t made = { .at = *instance };
	if (!steer_field_need(reading, instance, "Id", "the identifier of the instance") ||
	    (made.id = steer_field_text(reading, instance, "Id", &field)) == NULL) {
		return;
	}
	if (!is_good_id(made.id)) {
		steer_field_wrong(reading, &field, "Id: '%s' is not an identifier; allowed: 1 to %d "
		                  "lower-case letters, digits and -",
		                  steer_shown(shown, made.id, strlen(made.id)), STEER_TRAFFIC_ID_MAX);
		return;
	}
	steer_traffic_instance_t *instances = steer_array_grown(
		traffic->instances, &traffic->instances_room, traffic->instances_count + 1,
		sizeof(*instances));
	if (instances == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	traffic->instances = instances;
	instances[traffic->instances_count++] = made;
}

void steer_traffic_free(steer_traffic_t *traffic)
{
	for (uint32_t i = 0; i < traffic->policies_count; i++) {
		steer_traffic_document_free(&traffic->policies[i].document);
	}
	free(traffic->policies);
	free(traffic->instances);
	*traffic = (steer_traffic_t) { .policies = NULL };
}

/* Sorting: files may have the same answer twice, but not two that differ. */

static int by_policy(const void *a, const void *b)
{
	const steer_traffic_policy_t *x = a, *y = b;
	const int order = strcmp(x->id, y->id);
	return order != 0 ? order : (x->version > y->version) - (x->version < y->version);
}

static int by_instance(const void *a, const void *b)
{
	const steer_traffic_instance_t *x = a, *y = b;
	return strcmp(x->id, y->id);
}

/*! Reports a field in which two answers about the same thing differ. */
static void check_same(steer_route53_reading_t *reading, const steer_field_at_t *a,
                       const steer_field_at_t *b, const char *key)
{
	const steer_json_value_t *x = steer_json_get(a->json, a->value, key);
	const steer_json_value_t *y = steer_json_get(b->json, b->value, key);
	const steer_place_t place = steer_field_place(b);
	if (x == NULL || y == NULL || x->kind != y->kind ||
	    (x->kind != STEER_JSON_TEXT && x->kind != STEER_JSON_NUMBER) ||
	    strcmp(steer_json_text(a->json, x), steer_json_text(b->json, y)) != 0) {
		steer_field_wrong(reading, a, "%s: not as in %s:%u:%u; allowed: the same Id once, or "
		                  "alike", key, place.file, place.line, place.column);
	}
}

static void sort_policies(steer_traffic_t *traffic, steer_route53_reading_t *reading)
{
	steer_traffic_policy_t *policies = traffic->policies;
	uint32_t kept = 0;
	qsort(policies, traffic->policies_count, sizeof(*policies), by_policy);
	for (uint32_t i = 0; i < traffic->policies_count; i++) {
		if (kept > 0 && by_policy(&policies[kept - 1], &policies[i]) == 0) {
			check_same(reading, &policies[i].at, &policies[kept - 1].at, "Document");
		} else {
			policies[kept++] = policies[i];
		}
	}
	traffic->policies_count = kept;
}

static void sort_instances(steer_traffic_t *traffic, steer_route53_reading_t *reading)
{
	static const char *const keys[] = {
		"Name", "TrafficPolicyId", "TrafficPolicyVersion", "TTL"
	};
	steer_traffic_instance_t *instances = traffic->instances;
	uint32_t kept = 0;
	qsort(instances, traffic->instances_count, sizeof(*instances), by_instance);
	for (uint32_t i = 0; i < traffic->instances_count; i++) {
		if (kept > 0 && strcmp(instances[kept - 1].id, instances[i].id) == 0) {
			for (unsigned key = 0; key < sizeof(keys) / sizeof(*keys); key++) {
				check_same(reading, &instances[i].at, &instances[kept - 1].at, keys[key]);
			}
		} else {
			instances[kept++] = instances[i];
		}
	}
	traffic->instances_count = kept;
}

void steer_traffic_sort(steer_traffic_t *traffic, steer_route53_reading_t *reading)
{
	if (traffic->policies_count > 0) {
		sort_policies(traffic, reading);
	}
	if (traffic->instances_count > 0) {
		sort_instances(traffic, reading);
	}
}

/* Finding. */

steer_traffic_instance_t *steer_traffic_instance(const steer_traffic_t *traffic, const char *id)
{
	const steer_traffic_instance_t wanted = { .id = id };
	return traffic->instances_count == 0 ? NULL : bsearch(
		&wanted, traffic->instances, traffic->instances_count, sizeof(wanted), by_instance);
}

bool steer_traffic_document(const steer_traffic_t *traffic, steer_route53_reading_t *reading,
                            const char *policy, uint32_t version,
                            const steer_traffic_document_t **document)
{
	const steer_traffic_policy_t wanted = { .id = policy, .version = version };
	steer_traffic_policy_t *found = traffic->policies_count == 0 ? NULL : bsearch(
		&wanted, traffic->policies, traffic->policies_count, sizeof(wanted), by_policy);
	if (found == NULL) {
		return false;
	}
	if (found->state == STEER_TRAFFIC_UNREAD) {
		const steer_field_at_t at = {
			found->at.json, steer_json_get(found->at.json, found->at.value, "Document")
		};
		found->state = steer_traffic_document_read(&found->document, reading,
		                                           steer_json_inner(at.json, at.value), &at)
		               ? STEER_TRAFFIC_GOOD : STEER_TRAFFIC_WRONG;
	}
	*document = found->state == STEER_TRAFFIC_GOOD ? &found->document : NULL;
	return true;
}

void steer_traffic_tell_unused(const steer_traffic_t *traffic, steer_route53_reading_t *reading)
{
	const steer_traffic_instance_t *first = NULL;
	unsigned count = 0;
	for (uint32_t i = 0; i < traffic->instances_count; i++) {
		const steer_traffic_instance_t *instance = &traffic->instances[i];
		if (!instance->used) {
			first = first == NULL ? instance : first;
			count++;
		}
	}
	if (count > 0) {
		steer_field_warn(reading, &first->at, "traffic policy instances that no record set here "
		                 "has, such as those of other zones: %u, left out", count);
	}
}
