/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief explain: the answer to a question and the reasons for it, or how often each answer comes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "core/client.h"
#include "ctl/explain.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "formats/network_text.h"
#include "formats/text.h"

#define SAMPLES_MAX 1000000
/*! Largest number that every JSON reader keeps exactly. */
#define SEED_MAX ((UINT64_C(1) << 53) - 1)

/* Options. */

/*! Parses an address, or with prefix a network; bits after its length are cleared. */
static bool parse_client(const char *text, bool prefix, steer_client_t *client)
{
	return (prefix || strchr(text, '/') == NULL) &&
	       steer_network_parse(text, strlen(text), client) != STEER_EINVAL;
}

static int parse_clients(const run_t *run, explain_t *explain)
{
	if (explain->from != NULL && !parse_client(explain->from, false, &explain->source)) {
		return options_wrong(run, "'%s' is not an address; allowed: IPv4 or IPv6",
		                     explain->from);
	}
	if (explain->ecs != NULL && !parse_client(explain->ecs, true, &explain->subnet)) {
		return options_wrong(run, "'%s' is not a prefix; allowed: one such as 192.0.2.0/24 or "
		                     "2001:db8::/56", explain->ecs);
	}
	return GO_ON;
}

static int parse_numbers(const run_t *run, explain_t *explain, const char *seed,
                         const char *samples)
{
	if (samples != NULL && (!option_number(samples, SAMPLES_MAX, &explain->samples) ||
	                        explain->samples == 0)) {
		return options_wrong(run, "'%s' is not a number of samples; allowed: 1 to %d", samples,
		                     SAMPLES_MAX);
	}
	if (seed != NULL && !option_number(seed, SEED_MAX, &explain->seed)) {
		return options_wrong(run, "'%s' is not a seed; allowed: 0 to %" PRIu64, seed,
		                     SEED_MAX);
	}
	if (seed != NULL) {
		return GO_ON;
	}
	uint32_t chance; // Short, so that a person can type it.
	if (getrandom(&chance, sizeof(chance), 0) != sizeof(chance)) {
		fprintf(stderr, "%s: the system gives no random numbers; allowed: --seed\n",
		        run->program);
		return EXIT_STORE;
	}
	explain->seed = chance;
	return GO_ON;
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
		{ "at", OPTION_WORD, &explain->what_if.at },
		{ "region-of", OPTION_WORD, &explain->what_if.region_of },
		{ "seed", OPTION_WORD, &seed },
		{ "samples", OPTION_WORD, &samples },
		{ 0 },
	};
	*explain = (explain_t) { 0 };
	int ret = options_parse(run, &argc, &argv, options, 2, 2);
	if (ret != GO_ON) {
		return ret;
	}
	ret = option_name(run, argv[0], explain->name);
	if (ret != GO_ON) {
		return ret;
	}
	ret = option_type(run, argv[1], &explain->type);
	if (ret != GO_ON) {
		return ret;
	}
	explain->question = (steer_question_t) {
		.name = explain->name, .name_len = steer_name_len(explain->name),
		.type = explain->type, .client = give_client, .host = explain,
	};
	ret = parse_clients(run, explain);
	if (ret == GO_ON) {
		ret = what_if_parse(&explain->what_if, run);
	}
	if (ret != GO_ON) {
		return ret;
	}
	return parse_numbers(run, explain, seed, samples);
}

/* Asking. */

int explain_ask(const steer_lookup_t *lookup, const explain_t *explain, uint64_t seed,
                const steer_sink_t *sink, steer_outcome_t *outcome)
{
	steer_chance_t chance;
	steer_lookup_t drawing = *lookup;
	steer_chance_seed(&chance, seed);
	drawing.chance = &chance;
	return steer_answer(&drawing, &explain->question, STEER_NO_ZONE, sink, outcome, NULL);
}

int explain_is_ours(const explain_t *explain, int ret)
{
	if (ret != STEER_ENOENT && ret != STEER_EREFUSED) {
		return GO_ON;
	}
	char name[STEER_NAME_TEXT];
	steer_name_print(explain->name, name);
	fprintf(stderr, "%s: no hosted zone answers for it; the server's own zones do, if any\n",
	        name);
	return EXIT_REFUSED;
}

static const char *rcode_text(int ret, const steer_outcome_t *outcome)
{
	if (ret != STEER_OK) {
		return "SERVFAIL";
	}
	if (outcome->kind == STEER_KIND_NXDOMAIN) {
		return "NXDOMAIN";
	}
	return outcome->rcode == 0 ? "NOERROR" : "YXDOMAIN";
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
	if (ret == STEER_EDAMAGED) {
		return "damaged";
	}
	return outcome->error == STEER_EDE_NOT_READY ? "alias target not resolved yet"
	                                             : "nothing that was chosen can answer";
}

json_t *explain_result(const explain_t *explain, int ret, const steer_outcome_t *outcome)
{
	char type[STEER_TYPE_TEXT];
	steer_type_text(explain->type, type);
	json_t *result = json_pack("{s:o, s:s, s:s, s:s}", "name", json_name(explain->name),
	                           "type", type, "rcode", rcode_text(ret, outcome),
	                           "result", kind_text(ret, outcome));
	if (result != NULL && ret != STEER_OK && outcome->error >= 0) {
		json_object_set_new(result, "extended_error", json_integer(outcome->error));
	}
	return result;
}

/* One answer, explained. */

/*! Who counts as the client: "198.51.100.0/24" by "subnet" (rule C1). */
static json_t *client_json(const steer_question_t *question)
{
	bool subnet;
	uint8_t block;
	char text[STEER_NETWORK_TEXT];
	const steer_client_t client = steer_client_of(question, &subnet, &block);
	if (client.family == 0) {
		return json_pack("{s:s, s:n}", "by", "nothing", "prefix");
	}
	return json_pack("{s:s, s:s}", "by", subnet ? "subnet" : "source",
	                 "prefix", steer_network_print(&client, text));
}

/*! An answer, as the server gives it, and its trace. */
typedef struct {
	int ret;
	steer_outcome_t outcome;
	trace_t trace;
} answer_t;

/*!
 * Asks and records the answer.
 *
 * \param[in] why  Also records what policies do.
 *
 * \return GO_ON, or the exit status after an error message
 */
static int ask(const store_lookup_t *opened, targets_t *targets, const explain_t *explain,
               bool why, answer_t *answer)
{
	trace_t *trace = &answer->trace;
	steer_lookup_t lookup = opened->lookup;
	if (trace_begin(trace, opened, targets, &explain->question) != STEER_OK) {
		return print_no_memory();
	}
	lookup.maps = &trace->maps.maps;
	lookup.trace = why ? &trace->trace : NULL;
	answer->ret = explain_ask(&lookup, explain, explain->seed, &trace->sink, &answer->outcome);
	int status = explain_is_ours(explain, answer->ret);
	if (status == GO_ON) {
		status = trace->maps.status;
	}
	if (status != GO_ON) {
		trace_end(trace);
	}
	return status;
}

static json_t *answer_json(const explain_t *explain, const answer_t *answer)
{
	json_t *said = explain_result(explain, answer->ret, &answer->outcome);
	json_object_set_new(said, "client", client_json(&explain->question));
	if (what_if_is_given(&explain->what_if)) {
		json_object_set_new(said, "what_if", what_if_json(&explain->what_if));
	}
	json_object_set_new(said, "seed", json_integer((json_int_t)explain->seed));
	json_object_set_new(said, "scope", json_integer(answer->outcome.scope));
	if (json_array_size(answer->trace.maps.lookups) > 0) {
		json_object_set(said, "lookups", answer->trace.maps.lookups);
	}
	json_object_set(said, "events", answer->trace.events);
	return said;
}

/*!
 * Asks and records the reasons, too.
 *
 * To tell them, more is looked at than the answer depends on, such as the health of all candidates.
 * That may take more work than an answer may (rule A8) and lengthen the scope (rule C2), so the
 * outcome is that of the answer alone.
 */
static int ask_why(const store_lookup_t *opened, targets_t *targets, const explain_t *explain,
                   json_t **said)
{
	answer_t answer, reasons;
	int status = ask(opened, targets, explain, false, &answer);
	if (status != GO_ON) {
		return status;
	}
	status = ask(opened, targets, explain, true, &reasons);
	if (status == GO_ON) {
		*said = answer_json(explain, &answer);
		if (reasons.ret == answer.ret) {
			json_object_set(*said, "events", reasons.trace.events);
		} else {
			json_object_set_new(*said, "unexplained", json_true());
		}
		trace_end(&reasons.trace);
	}
	trace_end(&answer.trace);
	return status;
}

static int explain_once(const run_t *run, const store_lookup_t *opened, const explain_t *explain)
{
	targets_t targets;
	json_t *said;
	if (targets_begin(&targets, &opened->health) != STEER_OK) {
		return print_no_memory();
	}
	int status = ask_why(opened, &targets, explain, &said);
	targets_end(&targets);
	if (status != GO_ON) {
		return status;
	}
	if (run->json || said == NULL) {
		return print_json(said);
	}
	explain_print(stdout, said);
	json_decref(said);
	return EXIT_DONE;
}

int verb_explain(run_t *run, int argc, char **argv)
{
	explain_t explain;
	store_lookup_t opened;
	int ret = parse(run, argc, argv, &explain);
	if (ret != GO_ON) {
		return ret;
	}
	ret = store_lookup_open(&opened, run);
	if (ret != GO_ON) {
		return ret;
	}
	ret = what_if_begin(&explain.what_if, &opened);
	if (ret == GO_ON) {
		ret = explain.samples > 0 ? explain_sample(run, &opened, &explain)
		                          : explain_once(run, &opened, &explain);
	}
	store_lookup_close(&opened);
	return ret;
}
