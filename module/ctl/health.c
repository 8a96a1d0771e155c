/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief health: health checks and their states.
 */
#include "ctl/health.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/commit.h"
#include "ctl/health_print.h"
#include "ctl/last_results.h"
#include "ctl/options.h"
#include "formats/health_check.h"
#include "formats/time.h"
#include "store/change/change.h"
#include "store/uses.h"

/* Reading. */

int health_open(health_view_t *health, const run_t *run, steer_store_mode_t mode)
{
	*health = (health_view_t) { 0 };
	int ret = view_open(&health->view, run, mode);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open_reader(&health->view, run, STEER_ENV_STATUS, &health->status);
	if (ret != GO_ON) {
		view_close(&health->view);
		return ret;
	}
	steer_now(&health->now);
	ret = steer_silence_read(health->view.reader, health->status, &health->now, &health->silence);
	if (ret != STEER_OK && ret != STEER_EDAMAGED) { // What is damaged ends a walk with a message.
		fprintf(stderr, "steerctl: the heartbeat of steerd: %s\n", steer_strerror(ret));
		health_close(health);
		return EXIT_STORE;
	}
	return GO_ON;
}

void health_close(health_view_t *health)
{
	steer_reader_close(health->status);
	view_close(&health->view);
}

int health_each(const health_view_t *health, steer_health_status_f take, void *ctx)
{
	int ret =
		steer_health_checks_walk(health->view.reader, health->status, &health->now, take, ctx);
	if (ret != STEER_OK) {
		fprintf(stderr, "steerctl: health checks: %s\n", steer_strerror(ret));
		return EXIT_STORE;
	}
	return GO_ON;
}

void health_warn(const health_view_t *health, const char *kept, const steer_fault_t *fault,
                 const char *unknown)
{
	char text[sizeof(fault->text) + 64], since[TIME_TEXT];
	if (health->silence.silent) {
		time_print(since, health->silence.since);
		fprintf(stderr, "warning: steerd has been silent since %s; %s\n", since, kept);
	} else if (fault != NULL && fault->code != STEER_OK) {
		snprintf(text, sizeof(text), "warning: %s; %s", fault->text, unknown);
		print_at(NULL, 0, 0, text);
	}
}

/*!
 * Finds a check, also one that record sets refer to and that is not defined. \return GO_ON, or the
 * exit status after an error message
 */
static int find_check(const health_view_t *health, const char *id, steer_health_status_t *checked)
{
	int ret =
		steer_health_check_find(health->view.reader, health->status, id, &health->now, checked);
	switch (ret) {
	case STEER_OK:
		return GO_ON;
	case STEER_ENOENT:
		fprintf(stderr, "%s: no such health check; steerctl health list shows them\n", id);
		return EXIT_REFUSED;
	default:
		fprintf(stderr, "%s: %s\n", id, steer_strerror(ret));
		return EXIT_STORE;
	}
}

/*! Checks an id from the command line. \return GO_ON, or EXIT_USAGE after an error message */
static int parse_id(const run_t *run, const char *text)
{
	if (!steer_health_check_id_is_good(text)) {
		return options_wrong(run, "'%s' is not an id of a health check; allowed: 1 to %d letters, "
		                     "digits and - _ . : / @", text, STEER_CHECK_ID_MAX);
	}
	return GO_ON;
}

/*!
 * Gets the number of record sets that refer to a check. \return GO_ON, or EXIT_STORE after an error
 * message
 */
static int get_uses(const health_view_t *health, const steer_health_status_t *checked,
                    uint64_t *uses)
{
	int ret = steer_uses_get(health->view.reader, checked->id, checked->id_len, uses);
	if (ret != STEER_OK) {
		char id[CHECK_ID_TEXT];
		health_id(id, checked);
		fprintf(stderr, "health check %s: the number of its record sets: %s\n", id,
		        steer_strerror(ret));
		return EXIT_STORE;
	}
	return GO_ON;
}

json_t *health_silent_since(const health_view_t *health)
{
	char since[TIME_TEXT];
	time_print(since, health->silence.since);
	return health->silence.silent ? json_string(since) : json_null();
}

/*! Adds what is not known of a check by itself. */
static json_t *add_uses(json_t *object, uint64_t uses, const health_view_t *health,
                        const last_result_t *last)
{
	if (object != NULL) {
		json_object_set_new(object, "uses", json_integer(uses));
		json_object_set_new(object, "steerd_silent_since", health_silent_since(health));
		json_object_set_new(object, "last", health_last_json(last));
	}
	return object;
}

/*! Whether steerd knows of a check, if it is used. */
static bool is_probed(const steer_health_check_t *check)
{
	return steer_health_check_type_is_probed(check->type) &&
	       (check->flags & STEER_CHECK_DISABLED) == 0;
}

/*! Warns of what may be missing below what was printed. */
static void warn(const health_view_t *health, bool asked, const last_results_t *results)
{
	health_warn(health, health->silence.up ? "all health checks that it probes count as up"
	                                       : "the last states of health checks are kept",
	            asked ? &results->fault : NULL, "the last results of probes are not known");
}

/* list */

typedef struct {
	const run_t *run;
	health_view_t health;
	bool asked;              /*!< There are checks that are probed, so steerd was. */
	last_results_t results;
	json_list_t list;
	int status; /*!< GO_ON, or what has ended the walk. */
} lister_t;

/*! Finds the last result of a check. \return NULL: there is none. */
static const last_result_t *find_last(lister_t *lister, const steer_health_status_t *checked,
                                      last_result_t *last)
{
	char id[CHECK_ID_TEXT];
	if (!is_probed(&checked->check)) {
		return NULL;
	}
	if (!lister->asked) {
		last_results_ask(&lister->results, lister->health.view.store, NULL);
		lister->asked = true;
	}
	health_id(id, checked);
	return last_results_find(&lister->results, id, last) ? last : NULL;
}

static bool list_check(void *ctx, const steer_health_status_t *checked)
{
	lister_t *lister = ctx;
	last_result_t found;
	uint64_t uses;
	lister->status = get_uses(&lister->health, checked, &uses);
	if (lister->status != GO_ON) {
		return false;
	}
	const last_result_t *last = find_last(lister, checked, &found);
	if (!lister->run->json) {
		health_print_row(checked, uses, last);
		return true;
	}
	json_t *object = add_uses(health_json(checked), uses, &lister->health, last);
	if (json_list_add(&lister->list, object) != STEER_OK) {
		lister->status = print_no_memory();
	}
	return lister->status == GO_ON;
}

static int list(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	lister_t lister = { .run = run, .status = GO_ON };
	int ret = options_parse(run, &argc, &argv, options, 0, 0);
	if (ret != GO_ON) {
		return ret;
	}
	ret = health_open(&lister.health, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	json_list_begin(&lister.list, stdout);
	ret = health_each(&lister.health, list_check, &lister);
	if (lister.status != GO_ON) {
		ret = lister.status;
	}
	ret = print_list_end(run, &lister.list, ret);
	if (!run->json) {
		warn(&lister.health, lister.asked, &lister.results);
	}
	last_results_free(&lister.results);
	health_close(&lister.health);
	return ret;
}

/* show */

static int show_check(const run_t *run, const health_view_t *health, const char *id,
                      const steer_health_status_t *checked, uint64_t uses)
{
	last_results_t results = { .answer = NULL };
	last_result_t last;
	bool probed = is_probed(&checked->check);
	if (probed) {
		last_results_ask(&results, health->view.store, id);
	}
	const last_result_t *found = last_results_find(&results, id, &last) ? &last : NULL;
	int ret = EXIT_DONE;
	if (run->json) {
		ret = print_json(add_uses(health_full_json(checked), uses, health, found));
	} else {
		health_print_full(checked, uses, found, &health->now);
		warn(health, probed, &results);
	}
	last_results_free(&results);
	return ret;
}

static int show(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	health_view_t health;
	steer_health_status_t checked;
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret != GO_ON) {
		return ret;
	}
	ret = parse_id(run, argv[0]);
	if (ret != GO_ON) {
		return ret;
	}
	ret = health_open(&health, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	uint64_t uses;
	ret = find_check(&health, argv[0], &checked);
	if (ret == GO_ON) {
		ret = get_uses(&health, &checked, &uses);
	}
	if (ret == GO_ON) {
		ret = show_check(run, &health, argv[0], &checked, uses);
	}
	health_close(&health);
	return ret;
}

/* set and del. */

static void warn_of_users(const char *id, uint64_t uses)
{
	if (uses > 0) {
		fprintf(stderr, "warning: health check '%s': %" PRIu64 " record set%s to it; without it "
		        "they count as healthy\n", id, uses, uses == 1 ? " refers" : "s refer");
	}
}

static int change_check(run_t *run, const char *id, const steer_health_check_t *check, bool dry_run)
{
	static const steer_source_location_t nowhere = { .file = NULL };
	view_t view;
	int ret = view_open(&view, run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	uint64_t uses = 0;
	if (check == NULL) { // Damage is for check to report.
		(void)steer_uses_get(view.reader, id, strlen(id), &uses);
	}
	steer_change_t *made = steer_change_new();
	ret = made != NULL && steer_change_health_check(made, id, check, &nowhere) == STEER_OK
	      ? commit(run, &view, made, dry_run, NULL) : print_no_memory();
	if (ret == EXIT_DONE) {
		warn_of_users(id, uses);
	}
	steer_change_free(made);
	view_close(&view);
	return ret;
}

/* set */

static int parse_type(const run_t *run, const char *text, uint8_t *type)
{
	if (steer_health_check_type_parse(text, type)) {
		return GO_ON;
	}
	char allowed[128] = "";
	const char *name;
	for (unsigned i = STEER_CHECK_NONE + 1; (name = steer_health_check_type_name(i)) != NULL;
	     i++) {
		option_list(allowed, sizeof(allowed), name);
	}
	return options_wrong(run, "no type '%s'; allowed: %s", text, allowed);
}

static int refuse(const run_t *run, const steer_fault_t *fault)
{
	fprintf(stderr, "%s: %s\n", run->program, fault->text);
	return EXIT_REFUSED;
}

/*! Parses KEY=VALUE, and cuts the word at the sign. */
static int parse_option(const run_t *run, char *word, steer_health_check_t *check)
{
	steer_fault_t fault;
	char *value = strchr(word, '=');
	if (value == NULL) {
		return options_wrong(run, "'%s'; allowed: KEY=VALUE", word);
	}
	*value++ = '\0';
	if (steer_health_check_set(check, word, value, &fault) != STEER_OK) {
		return refuse(run, &fault);
	}
	return GO_ON;
}

static int set(run_t *run, int argc, char **argv)
{
	bool dry_run = false;
	const option_t options[] = { { "dry-run", OPTION_FLAG, &dry_run }, { 0 } };
	steer_health_check_t check = { .type = STEER_CHECK_NONE };
	steer_fault_t fault;
	int ret = options_parse(run, &argc, &argv, options, 2, INT32_MAX);
	if (ret != GO_ON) {
		return ret;
	}
	ret = parse_id(run, argv[0]);
	if (ret != GO_ON) {
		return ret;
	}
	ret = parse_type(run, argv[1], &check.type);
	if (ret != GO_ON) {
		return ret;
	}
	for (int i = 2; i < argc; i++) {
		ret = parse_option(run, argv[i], &check);
		if (ret != GO_ON) {
			return ret;
		}
	}
	if (steer_health_check_complete(&check, &fault) != STEER_OK) {
		return refuse(run, &fault);
	}
	return change_check(run, argv[0], &check, dry_run);
}

/* del */

static int del(run_t *run, int argc, char **argv)
{
	bool dry_run = false;
	const option_t options[] = { { "dry-run", OPTION_FLAG, &dry_run }, { 0 } };
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret != GO_ON) {
		return ret;
	}
	ret = parse_id(run, argv[0]);
	if (ret != GO_ON) {
		return ret;
	}
	return change_check(run, argv[0], NULL, dry_run);
}

/* force and report: states set by hand. */

/*! A check whose state will be written. */
typedef struct {
	char id[CHECK_ID_TEXT];
	steer_health_state_t state;
} chosen_t;

typedef struct {
	run_t *run;
	uint8_t kind;      /*!< STEER_STATUS_FORCE or STEER_STATUS_REPORT. */
	const char *state; /*!< "up", "down" or "clear". */
	const char *pattern; /*!< Or an id. */
	uint64_t limit_ms; /*!< 0: none. */
	const char *reason;
	char who[AUTHOR_TEXT];
	health_view_t health;
	chosen_t *chosen;
	size_t count, room;
	bool matched;      /*!< Also by a check that needs no change. */
	bool no_memory;
} states_t;

static bool clears(const states_t *states)
{
	return strcmp(states->state, "clear") == 0;
}

/* Choosing. */

static bool choose(states_t *states, const steer_health_status_t *checked)
{
	if (states->count == states->room) {
		size_t room = 2 * states->room + 16;
		chosen_t *chosen = realloc(states->chosen, room * sizeof(*chosen));
		states->no_memory = chosen == NULL;
		if (states->no_memory) {
			return false;
		}
		states->chosen = chosen;
		states->room = room;
	}
	const steer_now_t *now = &states->health.now;
	chosen_t *one = &states->chosen[states->count++];
	health_id(one->id, checked);
	one->state = (steer_health_state_t) {
		.up = strcmp(states->state, "up") == 0, .cleared = clears(states),
		.created = checked->check.created,
		.since = now->wall, .since_boot = now->boot_ms,
		.boot = { now->boot[0], now->boot[1] },
		.who = states->who, .who_len = strlen(states->who),
		.reason = states->reason, .reason_len = strlen(states->reason),
	};
	if (states->limit_ms > 0) {
		one->state.until = now->wall + (states->limit_ms + 999) / 1000;
		one->state.until_boot = now->boot_ms + states->limit_ms;
	}
	return true;
}

static bool match(void *ctx, const steer_health_status_t *checked)
{
	states_t *states = ctx;
	char id[CHECK_ID_TEXT];
	health_id(id, checked);
	if (checked->check.type == STEER_CHECK_NONE || fnmatch(states->pattern, id, 0) != 0) {
		return true;
	}
	states->matched = true;
	return (clears(states) && !checked->has_force) || choose(states, checked);
}

static int choose_matching(states_t *states)
{
	int ret = health_each(&states->health, match, states);
	if (states->no_memory) {
		return print_no_memory();
	}
	if (ret == GO_ON && !states->matched) {
		fprintf(stderr, "%s: no health check matches '%s'\n", states->run->program,
		        states->pattern);
		return EXIT_REFUSED;
	}
	return ret;
}

static int choose_manual(states_t *states)
{
	steer_health_status_t checked;
	int ret = find_check(&states->health, states->pattern, &checked);
	if (ret != GO_ON) {
		return ret;
	}
	uint8_t type = checked.check.type;
	if (type != STEER_CHECK_MANUAL) {
		fprintf(stderr, "%s: %s: %s; allowed: a health check of type manual\n",
		        states->run->program, states->pattern,
		        type == STEER_CHECK_NONE ? "not defined" : steer_health_check_type_name(type));
		return EXIT_REFUSED;
	}
	return choose(states, &checked) ? GO_ON : print_no_memory();
}

/* Writing. */

static int write_states(const states_t *states)
{
	steer_fault_t fault;
	steer_status_entry_t *status = calloc(states->count, sizeof(*status));
	if (status == NULL) {
		return print_no_memory();
	}
	for (size_t i = 0; i < states->count; i++) {
		status[i].kind = states->kind;
		status[i].id = states->chosen[i].id;
		status[i].state = &states->chosen[i].state;
	}
	const steer_apply_t options = {
		.who = states->who, .what = states->run->what, .now = states->health.now,
	};
	int ret = steer_store_apply_states(states->health.view.store, status, states->count, &options,
	                                   &fault);
	free(status);
	return ret == STEER_OK ? GO_ON : print_store_fault(&fault);
}

static int tell_states_json(const states_t *states)
{
	json_t *ids = json_array();
	char until[TIME_TEXT], reason[AUTHOR_SHOWN];
	author_show(reason, states->reason, strlen(states->reason));
	uint64_t end = states->count > 0 ? states->chosen[0].state.until : 0;
	time_print(until, end);
	for (size_t i = 0; i < states->count; i++) {
		json_array_append_new(ids, json_string(states->chosen[i].id));
	}
	return print_json(json_pack("{s:s, s:s?, s:s?, s:s?, s:o}",
	        "by", states->kind == STEER_STATUS_FORCE ? "force" : "report",
	        "state", clears(states) ? NULL : states->state,
	        "until", end > 0 ? until : NULL, "reason", reason[0] != '\0' ? reason : NULL,
	        "health_checks", ids));
}

static int tell_states(const states_t *states)
{
	const char *done = states->kind == STEER_STATUS_FORCE ? "forced" : "reported";
	if (states->run->json) {
		return tell_states_json(states);
	}
	printf("%zu health check%s ", states->count, plural(states->count));
	if (clears(states)) {
		printf("no longer %s\n", done);
	} else {
		printf("%s %s\n", done, states->state);
	}
	return EXIT_DONE;
}

static int parse_limit(states_t *states, const char *text)
{
	if (text == NULL) {
		return GO_ON;
	}
	if (clears(states)) {
		return options_wrong(states->run, "--for takes up or down");
	}
	if (!steer_time_parse(text, &states->limit_ms) || states->limit_ms == 0) {
		return options_wrong(states->run, "--for: '%s' is not a time; allowed: seconds, or numbers "
		                     "with ms, s, m, h, d, w as in 1h30m, above 0", text);
	}
	return GO_ON;
}

static int parse_reason(states_t *states, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;
	if (len > STEER_LOG_TEXT_MAX) {
		return options_wrong(states->run, "--reason: %zu bytes; allowed: at most %d", len,
		                     STEER_LOG_TEXT_MAX);
	}
	states->reason = text != NULL ? text : "";
	return GO_ON;
}

static int parse_state(states_t *states, int argc, char **argv)
{
	const char *limit = NULL, *reason = NULL;
	const option_t options[] = {
		{ "for", OPTION_WORD, &limit }, { "reason", OPTION_WORD, &reason }, { 0 },
	};
	int ret = options_parse(states->run, &argc, &argv, options, 2, 2);
	if (ret != GO_ON) {
		return ret;
	}
	states->pattern = argv[0];
	states->state = argv[1];
	if (strcmp(argv[1], "up") != 0 && strcmp(argv[1], "down") != 0 && !clears(states)) {
		return options_wrong(states->run, "'%s' is not a state; allowed: up, down, clear", argv[1]);
	}
	ret = parse_reason(states, reason);
	return ret == GO_ON ? parse_limit(states, limit) : ret;
}

static int run_states(states_t *states, int (*choosing)(states_t *states))
{
	int ret = health_open(&states->health, states->run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	author_who(states->who);
	ret = choosing(states);
	if (ret == GO_ON && states->count > 0) {
		ret = write_states(states);
	}
	if (ret == GO_ON) {
		ret = tell_states(states);
	}
	free(states->chosen);
	health_close(&states->health);
	return ret;
}

static int force(run_t *run, int argc, char **argv)
{
	states_t states = { .run = run, .kind = STEER_STATUS_FORCE };
	int ret = parse_state(&states, argc, argv);
	if (ret != GO_ON) {
		return ret;
	}
	return run_states(&states, choose_matching);
}

static int report(run_t *run, int argc, char **argv)
{
	states_t states = { .run = run, .kind = STEER_STATUS_REPORT };
	int ret = parse_state(&states, argc, argv);
	if (ret != GO_ON) {
		return ret;
	}
	ret = parse_id(run, states.pattern);
	if (ret != GO_ON) {
		return ret;
	}
	return run_states(&states, choose_manual);
}

/* The verb. */

int verb_health(run_t *run, int argc, char **argv)
{
	static const action_t actions[] = {
		{ "list",   "steerctl health list",   list },
		{ "show",   "steerctl health show",   show },
		{ "set",    "steerctl health set",    set },
		{ "del",    "steerctl health del",    del },
		{ "force",  "steerctl health force",  force },
		{ "report", "steerctl health report", report },
		{ "log",    "steerctl health log",    health_log },
		{ 0 },
	};
	return options_action(run, argc, argv, actions);
}
