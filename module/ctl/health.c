/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief health: health checks and their states.
 */
#include "ctl/health.h"

#include <string.h>

#include "ctl/health_show.h"
#include "ctl/options.h"

/* Reading. */

int health_open(health_view_t *health, const run_t *run, steer_store_mode_t mode)
{
	steer_fault_t fault;
	*health = (health_view_t) { 0 };
	int ret = view_open(&health->view, run, mode);
	if (ret != GO_ON) {
		return ret;
	}
	ret = steer_reader_open(&health->status, health->view.store, STEER_ENV_STATUS, &fault);
	if (ret == STEER_OK) {
		uint64_t id;
		ret = steer_reader_renew(health->status, &id);
		if (ret != STEER_OK) {
			steer_fault(&fault, ret, "%s: %s", run->dir, steer_strerror(ret));
		}
	}
	if (ret != STEER_OK) {
		health_close(health);
		return print_fault(&fault, EXIT_STORE);
	}
	steer_now(&health->now);
	return GO_ON;
}

void health_close(health_view_t *health)
{
	if (health->status != NULL) {
		steer_reader_close(health->status);
	}
	view_close(&health->view);
}

int health_each(const health_view_t *health, steer_health_status_f take, void *ctx)
{
	int ret =
		steer_health_checks_walk(health->view.reader, health->status, &health->now, take, ctx);
	if (ret == STEER_OK) {
		return GO_ON;
	}
	fprintf(stderr, "steerctl: health checks: %s\n", steer_strerror(ret));
	return EXIT_STORE;
}

int health_find(const health_view_t *health, const char *id, steer_health_status_t *checked)
{
	int ret =
		steer_health_check_find(health->view.reader, health->status, id, &health->now, checked);
	if (ret == STEER_OK) {
		return GO_ON;
	}
	fprintf(stderr, "%s: %s\n", id, ret == STEER_ENOENT
	        ? "no such health check; steerctl health list shows them" : steer_strerror(ret));
	return ret == STEER_ENOENT ? EXIT_REFUSED : EXIT_STORE;
}

int health_parse_id(const run_t *run, const char *text)
{
	return steer_health_check_id_is_good(text) ? GO_ON
	       : options_wrong(run, "'%s' is no id of a health check; allowed: 1 to %d letters, digits "
	                       "and - _ . : / @", text, STEER_CHECK_ID_MAX);
}

/* list */

typedef struct {
	const run_t *run;
	json_list_t list;
	bool no_memory;
} lister_t;

static bool list_check(void *ctx, const steer_health_status_t *checked)
{
	lister_t *lister = ctx;
	if (!lister->run->json) {
		health_print_row(checked);
		return true;
	}
	lister->no_memory = json_list_add(&lister->list, health_json(checked)) != STEER_OK;
	return !lister->no_memory;
}

static int list(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	lister_t lister = { .run = run };
	health_view_t health;
	int ret = options_parse(run, &argc, &argv, options, 0, 0);
	if (ret == GO_ON) {
		ret = health_open(&health, run, STEER_STORE_READ);
	}
	if (ret != GO_ON) {
		return ret;
	}
	json_list_begin(&lister.list, stdout);
	ret = health_each(&health, list_check, &lister);
	if (lister.no_memory) {
		ret = print_no_memory();
	}
	if (run->json && (ret == GO_ON || lister.list.begun)) {
		json_list_end(&lister.list);
		putchar('\n');
	}
	health_close(&health);
	return ret == GO_ON ? EXIT_DONE : ret;
}

/* show */

static int show(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	health_view_t health;
	steer_health_status_t checked;
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret == GO_ON) {
		ret = health_parse_id(run, argv[0]);
	}
	if (ret == GO_ON) {
		ret = health_open(&health, run, STEER_STORE_READ);
	}
	if (ret != GO_ON) {
		return ret;
	}
	ret = health_find(&health, argv[0], &checked);
	if (ret == GO_ON && run->json) {
		ret = print_json(health_full_json(&checked));
	} else if (ret == GO_ON) {
		health_print(&checked, &health.now);
		ret = EXIT_DONE;
	}
	health_close(&health);
	return ret;
}

/* The verb. */

int verb_health(run_t *run, int argc, char **argv)
{
	static const action_t actions[] = {
		{ "list",   "steerctl health list",   list },
		{ "show",   "steerctl health show",   show },
		{ "set",    "steerctl health set",    health_set },
		{ "del",    "steerctl health del",    health_del },
		{ "force",  "steerctl health force",  health_force },
		{ "report", "steerctl health report", health_report },
		{ 0 },
	};
	return options_action(run, argc, argv, actions);
}
