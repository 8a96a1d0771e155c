/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief explain: the answer to a question and why, or how often which answer comes.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "ctl/explain.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "formats/text.h"

#define SAMPLES_MAX 1000000

/*! The question as it was put, with who asks. */
typedef struct {
	const char *from, *ecs;
	steer_client_t source, subnet; /*!< Of family 0: not given. */
	uint64_t seed, samples;        /*!< samples 0: one answer, explained. */
	uint8_t name[STEER_NAME_MAX];
	uint16_t type;
	steer_question_t question;
} explain_t;

/* Options. */

/* An address, with /LENGTH behind it if that is allowed. */
static bool parse_client(const char *text, bool prefix, steer_client_t *client)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = prefix ? strchr(text, '/') : NULL;
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	if (len >= sizeof(address)) {
		return false;
	}
	memcpy(address, text, len);
	address[len] = '\0';
	*client = (steer_client_t) { .family = strchr(address, ':') != NULL ? 6 : 4 };
	uint64_t bits = client->family == 6 ? 128 : 32;
	if (inet_pton(client->family == 6 ? AF_INET6 : AF_INET, address, client->address) != 1 ||
	    (slash != NULL && !option_number(slash + 1, bits, &bits))) {
		return false;
	}
	client->length = bits;
	for (unsigned bit = bits; bit < 8 * sizeof(client->address); bit++) {
		client->address[bit / 8] &= ~(0x80 >> bit % 8); // Behind the prefix nothing is known.
	}
	return true;
}

static int parse_clients(const run_t *run, explain_t *explain)
{
	if (explain->from != NULL && !parse_client(explain->from, false, &explain->source)) {
		return options_wrong(run, "'%s' is no address; allowed: IPv4 or IPv6", explain->from);
	}
	if (explain->ecs != NULL && !parse_client(explain->ecs, true, &explain->subnet)) {
		return options_wrong(run, "'%s' is no prefix; allowed: one such as 192.0.2.0/24 or "
		                     "2001:db8::/56", explain->ecs);
	}
	return GO_ON;
}

static int parse_numbers(const run_t *run, explain_t *explain, const char *seed,
                         const char *samples)
{
	if (samples != NULL && (!option_number(samples, SAMPLES_MAX, &explain->samples) ||
	                        explain->samples == 0)) {
		return options_wrong(run, "'%s' is no number of samples; allowed: 1 to %d", samples,
		                     SAMPLES_MAX);
	}
	if (seed == NULL) {
		return getrandom(&explain->seed, sizeof(explain->seed), 0) ==
		       sizeof(explain->seed) ? GO_ON : EXIT_STORE;
	}
	return option_number(seed, UINT64_MAX, &explain->seed)
	       ? GO_ON : options_wrong(run, "'%s' is no seed; allowed: a number", seed);
}

static void give_client(void *host, bool subnet, steer_client_t *client)
{
	const explain_t *explain = host;
	*client = subnet ? explain->subnet : explain->source;
}

static int parse(run_t *run, int argc, char **argv, explain_t *explain)
{
	const char *seed = NULL, *samples = NULL;
	const option_t options[] = {
		{ "from", OPTION_WORD, &explain->from },
		{ "ecs", OPTION_WORD, &explain->ecs },
		{ "seed", OPTION_WORD, &seed },
		{ "samples", OPTION_WORD, &samples },
		{ 0 },
	};
	*explain = (explain_t) { 0 };
	int ret = options_parse(run, &argc, &argv, options, 2, 2);
	if (ret == GO_ON) {
		ret = option_name(run, argv[0], explain->name);
	}
	if (ret == GO_ON) {
		ret = option_type(run, argv[1], &explain->type);
	}
	if (ret == GO_ON) {
		ret = parse_clients(run, explain);
	}
	if (ret == GO_ON) {
		ret = parse_numbers(run, explain, seed, samples);
	}
	explain->question = (steer_question_t) {
		.name = explain->name, .type = explain->type,
		.name_len = ret == GO_ON ? steer_name_len(explain->name) : 0,
		.host_labels = STEER_NO_ZONE, .client = give_client, .host = explain,
	};
	return ret;
}

/* Asking. */

static const char *rcode_text(int ret, const steer_outcome_t *outcome)
{
	if (ret != STEER_OK) {
		return "SERVFAIL";
	}
	switch (outcome->kind) {
	case STEER_KIND_NXDOMAIN:
		return "NXDOMAIN";
	case STEER_KIND_POSITIVE:
		return outcome->rcode == 0 ? "NOERROR" : "YXDOMAIN";
	default:
		return "NOERROR";
	}
}

static const char *kind_text(int ret, const steer_outcome_t *outcome)
{
	static const char *const kinds[] = {
		[STEER_KIND_POSITIVE] = "answer",
		[STEER_KIND_NODATA] = "no data",
		[STEER_KIND_NXDOMAIN] = "no such name",
		[STEER_KIND_REFERRAL] = "referral",
	};
	if (ret == STEER_OK) {
		return kinds[outcome->kind];
	}
	return ret == STEER_EDAMAGED ? "damaged"
	       : outcome->error == STEER_EDE_NOT_READY ? "alias target not resolved yet" : "refused by policy";
}

static int not_ours(const explain_t *explain)
{
	char name[STEER_NAME_TEXT];
	steer_name_print(explain->name, name);
	fprintf(stderr, "%s: no hosted zone answers for it; the server's own zones do, if any\n", name);
	return EXIT_REFUSED;
}

/* One answer, explained, as a value. */
static int ask(const asking_t *asking, const explain_t *explain, uint64_t seed, json_t **said)
{
	trace_t trace;
	steer_outcome_t outcome;
	steer_chance_t chance;
	steer_lookup_t lookup = asking->lookup;
	if (trace_begin(&trace, asking, explain->name) != STEER_OK) {
		return print_no_memory();
	}
	steer_chance_seed(&chance, seed);
	lookup.chance = &chance;
	lookup.trace = &trace.trace;
	int ret = steer_answer(&lookup, &explain->question, &trace.sink, &outcome, NULL);
	if (ret == STEER_ENOENT || ret == STEER_EREFUSED) {
		trace_end(&trace);
		return not_ours(explain);
	}
	char type[STEER_TYPE_TEXT];
	steer_type_print(explain->type, type);
	*said = json_pack("{s:o, s:s, s:o, s:s, s:s, s:I, s:O}", "name", json_name(explain->name),
	                  "type", type, "seed", json_integer((json_int_t)(seed & INT64_MAX)),
	                  "rcode", rcode_text(ret, &outcome), "result", kind_text(ret, &outcome),
	                  "scope", (json_int_t)outcome.scope, "events", trace.events);
	if (ret != STEER_OK && outcome.error >= 0) {
		json_object_set_new(*said, "extended_error", json_integer(outcome.error));
	}
	trace_end(&trace);
	return *said != NULL ? GO_ON : print_no_memory();
}

/* The distribution. */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lines of the answer section, sorted, since order is chance as well. */
static char *answer_key(const json_t *said)
{
	const char *lines[4096];
	size_t count = 0, i, k;
	json_t *event, *value;
	json_array_foreach(json_object_get(said, "events"), i, event) {
		const char *section = json_string_value(json_object_get(event, "put"));
		if (section == NULL || strcmp(section, "answer") != 0) {
			continue;
		}
		json_array_foreach(json_object_get(event, "values"), k, value) {
			if (count < sizeof(lines) / sizeof(*lines)) {
				lines[count++] = json_string_value(value);
			}
		}
	}
	qsort(lines, count, sizeof(*lines), by_text);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (out != NULL) {
		fputs(json_string_value(json_object_get(said, "rcode")), out);
		for (i = 0; i < count; i++) {
			fprintf(out, "%s%s", i > 0 ? ", " : " ", lines[i]);
		}
		fclose(out);
	}
	return text;
}

static int count_one(json_t *counts, const json_t *said)
{
	char *key = answer_key(said);
	if (key == NULL) {
		return print_no_memory();
	}
	json_int_t before = json_integer_value(json_object_get(counts, key));
	json_object_set_new(counts, key, json_integer(before + 1));
	free(key);
	return GO_ON;
}

static void print_counts(const json_t *counts, uint64_t samples)
{
	const char *key;
	json_t *count;
	json_object_foreach((json_t *)counts, key, count) {
		double share = 100.0 * json_integer_value(count) / samples;
		printf("%6.2f %%  %8" JSON_INTEGER_FORMAT "  %s\n", share, json_integer_value(count), key);
	}
}

static int sample(const run_t *run, const asking_t *asking, const explain_t *explain)
{
	json_t *counts = json_object();
	int ret = counts != NULL ? GO_ON : print_no_memory();
	for (uint64_t i = 0; i < explain->samples && ret == GO_ON; i++) {
		json_t *said = NULL;
		ret = ask(asking, explain, explain->seed + i, &said);
		if (ret == GO_ON) {
			ret = count_one(counts, said);
		}
		json_decref(said);
	}
	if (ret == GO_ON && run->json) {
		ret = print_json(json_pack("{s:I, s:O}", "samples", (json_int_t)explain->samples,
		                           "outcomes", counts));
	} else if (ret == GO_ON) {
		print_counts(counts, explain->samples);
	}
	json_decref(counts);
	return ret;
}

int verb_explain(run_t *run, int argc, char **argv)
{
	explain_t explain;
	asking_t asking;
	json_t *said = NULL;
	int ret = parse(run, argc, argv, &explain);
	if (ret == GO_ON) {
		ret = asking_open(&asking, run);
	}
	if (ret != GO_ON) {
		return ret;
	}
	if (explain.samples > 0) {
		ret = sample(run, &asking, &explain);
	} else {
		ret = ask(&asking, &explain, explain.seed, &said);
		if (ret == GO_ON && run->json) {
			ret = print_json(said);
		} else if (ret == GO_ON) {
			explain_print(stdout, said);
			json_decref(said);
		}
	}
	asking_close(&asking);
	return ret == GO_ON ? EXIT_DONE : ret;
}
