/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/last_results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/health_check.h"
#include "ctl/http_get.h"
#include "store/socket.h"

/*! Gets what steerd tells as an array. */
static int ask(const steer_store_t *store, const char *id, json_t **answer, steer_fault_t *fault)
{
	char page[sizeof("/checks?id=") + STEER_CHECK_ID_MAX], *body;
	size_t len;
	int fd, ret = steer_store_connect(store, &fd, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	// A good id has no character with a meaning in a query.
	snprintf(page, sizeof(page), id != NULL ? "/checks?id=%s" : "/checks", id);
	ret = http_get(fd, page, &body, &len, fault);
	close(fd);
	if (ret != STEER_OK) {
		return ret;
	}
	json_t *value = json_loadb(body, len, 0, NULL);
	free(body);
	if (!json_is_array(value)) {
		json_decref(value);
		return steer_fault(fault, STEER_EIO, "steerd gives no good answer");
	}
	*answer = value;
	return STEER_OK;
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

static uint64_t number(const json_t *object, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(object, key));
	return value > 0 ? value : 0;
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
		.time = number(of, "time"),
		.next = number(check, "next"), .in_a_row = number(check, "in_a_row"),
		.probes = number(check, "probes"), .failures = number(check, "failures"),
		.inconclusive = number(check, "inconclusive"), .connected = duration(of, "connected"),
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
