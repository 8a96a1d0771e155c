/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief health set, health del.
 */
#include <string.h>

#include "ctl/commit.h"
#include "ctl/health.h"
#include "ctl/options.h"
#include "formats/check.h"

static int change(run_t *run, const char *id, const steer_check_t *check, bool dry_run)
{
	static const steer_origin_t nowhere = { .file = NULL };
	view_t view;
	int ret = view_open(&view, run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	steer_reader_reset(view.reader);
	steer_change_t *made = steer_change_new();
	ret = made != NULL && steer_change_check(made, id, check, &nowhere) == STEER_OK
	      ? commit(run, view.store, made, dry_run, NULL) : print_no_memory();
	steer_change_free(made);
	view_close(&view);
	return ret;
}

/* set */

static int parse_type(const run_t *run, const char *text, uint8_t *type)
{
	if (steer_check_type_parse(text, type)) {
		return GO_ON;
	}
	char allowed[128] = "";
	for (unsigned number = STEER_CHECK_NONE + 1; steer_check_type_name(number) != NULL; number++) {
		size_t len = strlen(allowed);
		snprintf(allowed + len, sizeof(allowed) - len, "%s%s", len > 0 ? ", " : "",
		         steer_check_type_name(number));
	}
	return options_wrong(run, "no type '%s'; allowed: %s", text, allowed);
}

static int refuse(const run_t *run, const steer_fault_t *fault)
{
	fprintf(stderr, "%s: %s\n", run->program, fault->text);
	return EXIT_REFUSED;
}

/* Parses KEY=VALUE; the word is taken apart. */
static int parse_option(const run_t *run, char *word, steer_check_t *check)
{
	steer_fault_t fault;
	char *value = strchr(word, '=');
	if (value == NULL) {
		return options_wrong(run, "'%s'; allowed: KEY=VALUE", word);
	}
	*value++ = '\0';
	return steer_check_set(check, word, value, &fault) == STEER_OK ? GO_ON : refuse(run, &fault);
}

int health_set(run_t *run, int argc, char **argv)
{
	bool dry_run = false;
	const option_t options[] = { { "dry-run", OPTION_FLAG, &dry_run }, { 0 } };
	steer_check_t check = { .type = STEER_CHECK_NONE };
	steer_fault_t fault;
	int ret = options_parse(run, &argc, &argv, options, 2, INT32_MAX);
	if (ret == GO_ON) {
		ret = health_parse_id(run, argv[0]);
	}
	if (ret == GO_ON) {
		ret = parse_type(run, argv[1], &check.type);
	}
	for (int i = 2; i < argc && ret == GO_ON; i++) {
		ret = parse_option(run, argv[i], &check);
	}
	if (ret == GO_ON && steer_check_complete(&check, &fault) != STEER_OK) {
		ret = refuse(run, &fault);
	}
	return ret == GO_ON ? change(run, argv[0], &check, dry_run) : ret;
}

/* del */

int health_del(run_t *run, int argc, char **argv)
{
	bool dry_run = false;
	const option_t options[] = { { "dry-run", OPTION_FLAG, &dry_run }, { 0 } };
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret == GO_ON) {
		ret = health_parse_id(run, argv[0]);
	}
	return ret == GO_ON ? change(run, argv[0], NULL, dry_run) : ret;
}
