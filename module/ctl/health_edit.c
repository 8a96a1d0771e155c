/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief health set, health del.
 */
#include <inttypes.h>
#include <string.h>

#include "ctl/commit.h"
#include "ctl/health.h"
#include "ctl/options.h"
#include "ctl/record_set.h"
#include "formats/health_check.h"

/* Record sets that name a check. */

typedef struct {
	const view_t *view;
	const char *id;
	uint64_t count;
	uint8_t first[STEER_NAME_MAX]; /*!< The name of one. */
} users_t;

static int look_at_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	users_t *users = ctx;
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		for (unsigned k = 0; k < group.count; k++) {
			char id[CHECK_ID_TEXT];
			steer_set_t set;
			steer_group_set(&group, k, &set);
			if (steer_set_health(&set, id) && strcmp(id, users->id) == 0 && users->count++ == 0) {
				memcpy(users->first, name, steer_name_len(name));
			}
		}
	}
	return GO_ON;
}

static int look_at_zone(void *ctx, const steer_key_t *apex)
{
	users_t *users = ctx;
	return view_each_name_again(users->view, apex, look_at_name, users);
}

static void warn_of_users(const users_t *users)
{
	char name[STEER_NAME_TEXT];
	if (users->count > 0) {
		steer_name_print(users->first, name);
		fprintf(stderr, "warning: health check '%s': %" PRIu64 " record set%s it, as at %s; "
		        "without it they count as healthy\n", users->id, users->count,
		        users->count == 1 ? " names" : "s name", name);
	}
}

/* Changing. */

static int change(run_t *run, const char *id, const steer_health_check_t *check, bool dry_run)
{
	static const steer_source_location_t nowhere = { .file = NULL };
	view_t view;
	int ret = view_open(&view, run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	users_t users = { .view = &view, .id = id };
	if (check == NULL) {
		(void)view_each_zone(&view, look_at_zone, &users); // What is damaged is check's to tell.
	}
	steer_reader_reset(view.reader);
	steer_change_t *made = steer_change_new();
	ret = made != NULL && steer_change_health_check(made, id, check, &nowhere) == STEER_OK
	      ? commit(run, view.store, made, dry_run, NULL) : print_no_memory();
	if (ret == EXIT_DONE) {
		warn_of_users(&users);
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
	for (unsigned number = STEER_CHECK_NONE + 1; steer_health_check_type_name(number) != NULL;
	     number++) {
		size_t len = strlen(allowed);
		snprintf(allowed + len, sizeof(allowed) - len, "%s%s", len > 0 ? ", " : "",
		         steer_health_check_type_name(number));
	}
	return options_wrong(run, "no type '%s'; allowed: %s", text, allowed);
}

static int refuse(const run_t *run, const steer_fault_t *fault)
{
	fprintf(stderr, "%s: %s\n", run->program, fault->text);
	return EXIT_REFUSED;
}

/* Parses KEY=VALUE; the word is taken apart. */
static int parse_option(const run_t *run, char *word, steer_health_check_t *check)
{
	steer_fault_t fault;
	char *value = strchr(word, '=');
	if (value == NULL) {
		return options_wrong(run, "'%s'; allowed: KEY=VALUE", word);
	}
	*value++ = '\0';
	return steer_health_check_set(check, word, value, &fault) == STEER_OK ? GO_ON
	                                                                      : refuse(run, &fault);
}

int health_set(run_t *run, int argc, char **argv)
{
	bool dry_run = false;
	const option_t options[] = { { "dry-run", OPTION_FLAG, &dry_run }, { 0 } };
	steer_health_check_t check = { .type = STEER_CHECK_NONE };
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
	if (ret == GO_ON && steer_health_check_complete(&check, &fault) != STEER_OK) {
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
