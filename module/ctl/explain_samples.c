/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/explain.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "formats/memory_stream.h"

/* One answer. */

/*! Values of the answer section, one RRset after the other, each sorted: their order is random. */
typedef struct {
	steer_text_t *text;
	char **values;
	size_t count, room;
	bool no_memory;
} gathered_t;

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_value(gathered_t *gathered, const char *value)
{
	if (gathered->count == gathered->room) {
		size_t room = 2 * gathered->room + 16;
		char **values = realloc(gathered->values, room * sizeof(*values));
		if (values == NULL) {
			return false;
		}
		gathered->values = values;
		gathered->room = room;
	}
	char *copy = strdup(value);
	if (copy != NULL) {
		gathered->values[gathered->count++] = copy;
	}
	return copy != NULL;
}

static int gather(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	(void)optional;
	gathered_t *gathered = ctx;
	size_t begin = gathered->count;
	for (unsigned i = 0; i < rrset->parts_count && section == STEER_ANSWER; i++) {
		const uint8_t *at = rrset->parts[i].rrs, *end = at + rrset->parts[i].len, *rdata;
		uint16_t len;
		while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
			if (!add_value(gathered, steer_rdata_print(gathered->text, rrset->type, rdata,
			                                           len))) {
				gathered->no_memory = true;
			}
		}
	}
	if (gathered->count > begin) {
		qsort(gathered->values + begin, gathered->count - begin, sizeof(char *), by_text);
	}
	return STEER_OK;
}

/* The distribution. */

/*! A text by which answers are told apart. \return NULL: out of memory */
static char *key_of(const gathered_t *gathered, int ret, const steer_outcome_t *outcome)
{
	char *key = NULL;
	size_t size;
	FILE *out = open_memstream(&key, &size);
	if (out == NULL) {
		return NULL;
	}
	fprintf(out, "%d %d %d", ret, ret == STEER_OK ? (int)outcome->kind : outcome->error,
	        outcome->rcode);
	for (size_t i = 0; i < gathered->count; i++) {
		fprintf(out, "\n%s", gathered->values[i]);
	}
	return steer_memory_stream_close(out, &key);
}

/*! A new answer, with a count of 1. */
static json_t *outcome_json(const explain_t *explain, const gathered_t *gathered, int ret,
                            const steer_outcome_t *outcome)
{
	json_t *json = explain_result(explain, ret, outcome), *answer = json_array();
	json_object_del(json, "name");
	json_object_del(json, "type");
	for (size_t i = 0; i < gathered->count; i++) {
		json_array_append_new(answer, json_string(gathered->values[i]));
	}
	json_object_set_new(json, "answer", answer);
	json_object_set_new(json, "count", json_integer(1));
	return json;
}

static bool count_one(json_t *counts, const explain_t *explain, const gathered_t *gathered,
                      int ret, const steer_outcome_t *outcome)
{
	char *key = gathered->no_memory ? NULL : key_of(gathered, ret, outcome);
	if (key == NULL) {
		return false;
	}
	json_t *count = json_object_get(json_object_get(counts, key), "count");
	int failed;
	if (count != NULL) {
		failed = json_integer_set(count, json_integer_value(count) + 1);
	} else {
		json_t *first = outcome_json(explain, gathered, ret, outcome);
		failed = json_object_set_new(counts, key, first);
	}
	free(key);
	return failed == 0;
}

/*! Asks once per seed. \return GO_ON, or the exit status after an error message */
static int count_all(const store_lookup_t *opened, const explain_t *explain, json_t *counts)
{
	gathered_t gathered = { .text = steer_text_new() };
	const steer_sink_t sink = { .put = gather, .ctx = &gathered, .room = STEER_WIRE_MAX };
	int status = GO_ON;
	if (gathered.text == NULL || counts == NULL) {
		status = print_no_memory();
	}
	for (uint64_t i = 0; i < explain->samples && status == GO_ON; i++) {
		steer_outcome_t outcome;
		int ret = explain_ask(&opened->lookup, explain, explain->seed + i, &sink, &outcome);
		status = explain_is_ours(explain, ret);
		if (status == GO_ON && !count_one(counts, explain, &gathered, ret, &outcome)) {
			status = print_no_memory();
		}
		while (gathered.count > 0) {
			free(gathered.values[--gathered.count]);
		}
	}
	free(gathered.values);
	steer_text_free(gathered.text);
	return status;
}

static json_int_t count_of(const json_t *outcome)
{
	return json_integer_value(json_object_get(outcome, "count"));
}

/*! Most frequent first, then by answer. */
static int by_count(const void *a, const void *b)
{
	const json_t *const *one = a, *const *two = b;
	json_int_t x = count_of(*one), y = count_of(*two);
	if (x != y) {
		return x > y ? -1 : 1;
	}
	const json_t *left = json_object_get(*one, "answer");
	const json_t *right = json_object_get(*two, "answer");
	for (size_t i = 0; i < json_array_size(left) && i < json_array_size(right); i++) {
		int order = strcmp(json_string_value(json_array_get(left, i)),
		                   json_string_value(json_array_get(right, i)));
		if (order != 0) {
			return order;
		}
	}
	return (json_array_size(left) > json_array_size(right)) -
	       (json_array_size(left) < json_array_size(right));
}

/*! The outcomes as a sorted list. \return NULL: out of memory */
static json_t *sorted(json_t *counts)
{
	size_t size = json_object_size(counts), at = 0;
	const char *key;
	json_t *outcome, *list = json_array();
	const json_t **order = calloc(size, sizeof(json_t *));
	if (order == NULL || list == NULL) {
		free(order);
		json_decref(list);
		return NULL;
	}
	json_object_foreach(counts, key, outcome) {
		order[at++] = outcome;
	}
	qsort(order, size, sizeof(*order), by_count);
	for (at = 0; at < size; at++) {
		json_array_append(list, (json_t *)order[at]);
	}
	free(order);
	return list;
}

/*! Prints "25.10 %       251  192.0.2.1, 192.0.2.2"; without values, rcode and result. */
static void print_outcome(const json_t *outcome, uint64_t samples)
{
	const json_t *answer = json_object_get(outcome, "answer");
	printf("%6.2f %%  %8" JSON_INTEGER_FORMAT "  ", 100.0 * count_of(outcome) / samples,
	       count_of(outcome));
	if (json_array_size(answer) == 0) {
		printf("%s, %s\n", json_string_value(json_object_get(outcome, "rcode")),
		       json_string_value(json_object_get(outcome, "result")));
		return;
	}
	for (size_t i = 0; i < json_array_size(answer); i++) {
		printf("%s%s", i > 0 ? ", " : "", json_string_value(json_array_get(answer, i)));
	}
	putchar('\n');
}

static int print_outcomes(const run_t *run, const explain_t *explain, json_t *counts)
{
	size_t i;
	json_t *outcome, *list = sorted(counts);
	if (list == NULL) {
		return print_no_memory();
	}
	if (run->json) {
		return print_json(json_pack("{s:I, s:I, s:o}",
		                            "samples", (json_int_t)explain->samples,
		                            "seed", (json_int_t)explain->seed, "outcomes", list));
	}
	json_array_foreach(list, i, outcome) {
		print_outcome(outcome, explain->samples);
	}
	json_decref(list);
	return EXIT_DONE;
}

int explain_sample(const run_t *run, const store_lookup_t *opened, const explain_t *explain)
{
	json_t *counts = json_object();
	int status = count_all(opened, explain, counts);
	if (status == GO_ON) {
		status = print_outcomes(run, explain, counts);
	}
	json_decref(counts);
	return status;
}
