/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief health log: the last transitions of health checks.
 */
#include <fnmatch.h>
#include <inttypes.h>

#include "core/utf8.h"
#include "ctl/health.h"
#include "ctl/health_print.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "formats/time.h"
#include "store/health_log.h"

typedef struct {
	const run_t *run;
	const char *pattern; /*!< NULL: all. */
	uint64_t since;
	json_list_t list;
	int status;          /*!< EXIT_DONE until something cannot be read or shown. */
	bool no_memory;
} printer_t;

static bool show(void *ctx, uint64_t number, const steer_health_transition_t *transition)
{
	printer_t *printer = ctx;
	if (transition == NULL) {
		fprintf(stderr, "%s: transition %" PRIu64 " is damaged in the health log\n",
		        printer->run->program, number);
		printer->status = EXIT_STORE; // The others are still worth showing.
		return true;
	}
	char id[CHECK_ID_TEXT];
	steer_utf8_mask(id, sizeof(id), transition->id, transition->id_len);
	const steer_health_state_t *state = &transition->state;
	if (state->since < printer->since ||
	    (printer->pattern != NULL && fnmatch(printer->pattern, id, 0) != 0)) {
		return true;
	}
	if (!printer->run->json) {
		health_print_transition(transition->kind, id, state);
		return true;
	}
	printer->no_memory = json_list_add(&printer->list,
	                                   health_state_json(transition->kind, id, state)) != STEER_OK;
	return !printer->no_memory;
}

static int show_all(printer_t *printer, const health_view_t *health)
{
	json_list_begin(&printer->list, stdout);
	int ret = steer_health_log_walk(health->status, 0, show, printer), status = GO_ON;
	if (ret != STEER_OK) {
		fprintf(stderr, "%s: the health log cannot be read: %s\n", printer->run->program,
		        steer_strerror(ret));
		status = EXIT_STORE;
	} else if (printer->no_memory) {
		status = print_no_memory();
	}
	status = print_list_end(printer->run, &printer->list, status);
	return status == EXIT_DONE ? printer->status : status;
}

/*! Parses how long ago, or when. */
static int parse_since(printer_t *printer, const char *text, uint64_t now)
{
	uint64_t ms;
	if (steer_time_parse(text, &ms)) {
		uint64_t ago = (ms + 999) / 1000;
		printer->since = now > ago ? now - ago : 0;
		return GO_ON;
	}
	return time_parse(text, &printer->since) ? GO_ON
	       : options_wrong(printer->run, "--since: '%s' is not a time; allowed: how long ago, in "
	                       "seconds, or in ms, s, m, h, d, w as in 1h30m; or a date as in "
	                       "2026-11-22T16:00:00+01:00", text);
}

int health_log(run_t *run, int argc, char **argv)
{
	printer_t printer = { .run = run, .status = EXIT_DONE };
	const char *since = NULL;
	const option_t options[] = { { "since", OPTION_WORD, &since }, { 0 } };
	health_view_t health;
	steer_now_t now;
	int ret = options_parse(run, &argc, &argv, options, 0, 1);
	if (ret != GO_ON) {
		return ret;
	}
	printer.pattern = argc > 0 ? argv[0] : NULL;
	if (since != NULL) {
		steer_now(&now);
		ret = parse_since(&printer, since, now.wall);
		if (ret != GO_ON) {
			return ret;
		}
	}
	ret = health_open(&health, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	ret = show_all(&printer, &health);
	health_close(&health);
	return ret;
}
