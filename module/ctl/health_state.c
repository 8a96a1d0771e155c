/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief health force, health report: states by hand.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/health.h"
#include "ctl/health_show.h"
#include "ctl/options.h"
#include "formats/time.h"

/*! A check whose state is to be written. */
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
	char who[AUTHOR_TEXT];
	health_view_t health;
	chosen_t *chosen;
	size_t count, room;
	bool matched;      /*!< By a check that need not be changed, too. */
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
		.up = strcmp(states->state, "up") == 0, .generation = checked->check.generation,
		.since = now->wall, .since_boot = now->boot_ms,
		.boot = { now->boot[0], now->boot[1] },
		.who = states->who, .who_len = strlen(states->who), .reason = "",
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
		ret = EXIT_REFUSED;
	}
	return ret;
}

static int choose_manual(states_t *states)
{
	steer_health_status_t checked;
	int ret = health_find(&states->health, states->pattern, &checked);
	if (ret == GO_ON && checked.check.type != STEER_CHECK_MANUAL) {
		fprintf(stderr, "%s: %s: %s; allowed: a health check of type manual\n",
		        states->run->program, states->pattern,
		        checked.check.type == STEER_CHECK_NONE ? "not defined"
		        : steer_health_check_type_name(checked.check.type));
		return EXIT_REFUSED;
	}
	if (ret == GO_ON && !choose(states, &checked)) {
		ret = print_no_memory();
	}
	return ret;
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
		status[i].state = clears(states) ? NULL : &states->chosen[i].state;
	}
	int ret = steer_status_write(states->health.view.store, status, states->count, &fault);
	free(status);
	return ret == STEER_OK ? GO_ON : print_store_fault(&fault);
}

static int tell_json(const states_t *states)
{
	json_t *ids = json_array();
	char until[TIME_TEXT];
	uint64_t end = states->count > 0 ? states->chosen[0].state.until : 0;
	time_print(until, end);
	for (size_t i = 0; i < states->count; i++) {
		json_array_append_new(ids, json_string(states->chosen[i].id));
	}
	return print_json(json_pack("{s:s, s:s?, s:s?, s:o}",
	        "by", states->kind == STEER_STATUS_FORCE ? "force" : "report",
	        "state", clears(states) ? NULL : states->state,
	        "until", end > 0 ? until : NULL, "health_checks", ids));
}

static int tell(const states_t *states)
{
	const char *done = states->kind == STEER_STATUS_FORCE ? "forced" : "reported";
	if (states->run->json) {
		return tell_json(states);
	}
	printf("%zu health check%s %s%s%s%s\n", states->count, states->count == 1 ? "" : "s",
	       clears(states) ? "no longer " : "", done, clears(states) ? "" : " ",
	       clears(states) ? "" : states->state);
	return EXIT_DONE;
}

/* The actions. */

static int parse_limit(states_t *states, const char *text)
{
	if (text == NULL) {
		return GO_ON;
	}
	if (clears(states)) {
		return options_wrong(states->run, "--for takes up or down");
	}
	return steer_time_parse(text, &states->limit_ms) && states->limit_ms > 0 ? GO_ON
	       : options_wrong(states->run, "--for: '%s' is no time; allowed: seconds, or numbers with "
	                       "ms, s, m, h, d, w as in 1h30m, above 0", text);
}

static int parse(states_t *states, int argc, char **argv)
{
	const char *limit = NULL;
	const option_t options[] = { { "for", OPTION_WORD, &limit }, { 0 } };
	int ret = options_parse(states->run, &argc, &argv, options, 2, 2);
	if (ret != GO_ON) {
		return ret;
	}
	states->pattern = argv[0];
	states->state = argv[1];
	if (strcmp(argv[1], "up") != 0 && strcmp(argv[1], "down") != 0 && !clears(states)) {
		return options_wrong(states->run, "'%s' is no state; allowed: up, down, clear", argv[1]);
	}
	return parse_limit(states, limit);
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
		ret = tell(states);
	}
	free(states->chosen);
	health_close(&states->health);
	return ret;
}

int health_force(run_t *run, int argc, char **argv)
{
	states_t states = { .run = run, .kind = STEER_STATUS_FORCE };
	int ret = parse(&states, argc, argv);
	return ret == GO_ON ? run_states(&states, choose_matching) : ret;
}

int health_report(run_t *run, int argc, char **argv)
{
	states_t states = { .run = run, .kind = STEER_STATUS_REPORT };
	int ret = parse(&states, argc, argv);
	if (ret == GO_ON) {
		ret = health_parse_id(run, states.pattern);
	}
	return ret == GO_ON ? run_states(&states, choose_manual) : ret;
}
