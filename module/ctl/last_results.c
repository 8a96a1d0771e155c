/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/last_results.h"

#include <stdio.h>
#include <string.h>

#include "core/health_check.h"
#include "ctl/steerd_page.h"

/*! Asks for the page of one check, or of all. */
static int ask(const steer_store_t *store, const char *id, json_t **answer, steer_fault_t *fault)
{
	char page[sizeof("/checks?id=") + STEER_CHECK_ID_MAX];
	// A good id has no character with a meaning in a query.
	snprintf(page, sizeof(page), id != NULL ? "/checks?id=%s" : "/checks", id);
	return steerd_page(store, page, answer, fault);
}

void last_results_ask(last_results_t *results, const steer_store_t *store, const char *id)
{
	json_t *check;
	size_t i;
	*results = (last_results_t) { .answer = NULL };
	if (ask(store, id, &results->answer, &results->fault) != STEER_OK) {
		return;
	}
	results->by_id = json_object();
	json_array_foreach(results->answer, i, check) {
		const char *name = json_string_value(json_object_get(check, "health_check"));
		if (name != NULL) {
			json_object_set(results->by_id, name, check);
		}
	}
}

static double duration(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return json_is_number(value) ? json_number_value(value) : -1;
}

static bool is_result(const char *word)
{
	return word != NULL && (strcmp(word, "success") == 0 || strcmp(word, "failure") == 0 ||
	                        strcmp(word, "inconclusive") == 0);
}

bool last_results_find(const last_results_t *results, const char *id, last_result_t *last)
{
	const json_t *check = json_object_get(results->by_id, id), *of = json_object_get(check, "last");
	const char *result = json_string_value(json_object_get(of, "result"));
	const char *reason = json_string_value(json_object_get(of, "reason"));
	if (results->answer == NULL) {
		return false;
	}
	*last = (last_result_t) {
		.result = reason != NULL && is_result(result) ? result : NULL, .reason = reason,
		.time = steerd_page_number(of, "time"),
		.next = steerd_page_number(check, "next"), .in_a_row = steerd_page_number(check, "in_a_row"),
		.probes = steerd_page_number(check, "probes"), .failures = steerd_page_number(check, "failures"),
		.inconclusive = steerd_page_number(check, "inconclusive"), .connected = duration(of, "connected"),
		.secured = duration(of, "secured"), .first_byte = duration(of, "first_byte"),
		.total = duration(of, "total"),
	};
	return true;
}

void last_results_free(last_results_t *results)
{
	json_decref(results->by_id);
	json_decref(results->answer);
	*results = (last_results_t) { .answer = NULL };
}
