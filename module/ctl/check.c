/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/check.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "ctl/options.h"

/*! Room for the text of a finding. */
#define FINDING_TEXT (3 * STEER_NAME_TEXT + STEER_MASKED(STEER_LOG_TEXT_MAX) + 256)

/*!
 * \param[in] key     Member that holds name in JSON.
 * \param[in] before  What the line begins with.
 */
static void print_finding(checker_t *checker, const char *key, const char *name,
                          const char *before, const char *text)
{
	checker->findings++;
	if (!checker->run->json) {
		printf("%s%s: %s\n", before, name, text);
	} else {
		(void)json_list_add(&checker->list, json_pack("{s:s, s:s}", key, name, "finding", text));
	}
}

void check_finding(checker_t *checker, const steer_key_t *key, unsigned labels, const char *format,
                   ...)
{
	uint8_t name[STEER_NAME_MAX];
	char owner[STEER_NAME_TEXT], text[FINDING_TEXT];
	steer_key_to_name(name, key, labels);
	steer_name_print(name, owner);
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_finding(checker, "name", owner, "", text);
}

/*! Room for set_text(). */
#define SET_TEXT (sizeof(" set ") + STEER_MASKED(STEER_SET_ID_MAX))

/*! Such as " set blue"; empty without an identifier. */
static const char *set_text(const steer_set_t *set, char text[SET_TEXT])
{
	char id[STEER_MASKED(STEER_SET_ID_MAX)];
	size_t len = set != NULL && set->id_len <= STEER_SET_ID_MAX ? set->id_len : 0;
	text[0] = '\0';
	if (len > 0) {
		snprintf(text, SET_TEXT, " set %s",
		         steer_utf8_mask(id, sizeof(id), (const char *)set->id, len));
	}
	return text;
}

void check_group_finding(const check_group_t *group, const steer_set_t *set, const char *format,
                         ...)
{
	char of[SET_TEXT], text[FINDING_TEXT];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	check_finding(group->checker, group->key, group->key->labels, "%s%s: %s", group->type,
	              set_text(set, of), text);
}

void check_map_finding(checker_t *checker, const char *map, const char *format, ...)
{
	char text[FINDING_TEXT];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_finding(checker, "map", map, "map ", text);
}

void check_health_finding(checker_t *checker, const char *id, const char *format, ...)
{
	char text[FINDING_TEXT];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_finding(checker, "health_check", id, "health check ", text);
}

void check_name_finding(checker_t *checker, const char *name, const char *format, ...)
{
	char text[FINDING_TEXT];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_finding(checker, "name", name, "", text);
}

void check_store_finding(checker_t *checker, const char *format, ...)
{
	char text[FINDING_TEXT];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_finding(checker, "name", ".", "", text);
}

/*! Reports a missing or damaged entry that every change builds on. */
static void check_last(checker_t *checker, const char *name, size_t size, const char *what)
{
	const void *value;
	size_t len;
	int ret = steer_reader_get(checker->view.reader, STEER_DB_META, name, strlen(name), &value,
	                           &len);
	if (ret != STEER_OK || len != size) {
		check_store_finding(checker, "damaged: the %s of the last change set", what);
	}
}

/*! Reports a file that is not part of the store, but takes up space. */
static void check_backup(checker_t *checker)
{
	char path[PATH_MAX], shown[STEER_MASKED(PATH_MAX)];
	if (steer_store_backup_left(checker->view.store, path)) {
		steer_utf8_mask(shown, sizeof(shown), path, strlen(path));
		print_finding(checker, "path", shown, "", "left by a backup that was killed; remove it, or "
		              "the next backup will");
	}
}

static int check(checker_t *checker)
{
	int (*const parts[])(checker_t *) = {
		check_zones, check_names, check_health, check_uses, check_lacking_maps,
		check_dictionary, check_maps, check_log, check_health_log,
	};
	int ret = GO_ON;
	json_list_begin(&checker->list, stdout);
	check_backup(checker);
	check_last(checker, STEER_META_SEQUENCE, sizeof(uint64_t), "number");
	check_last(checker, STEER_META_CHAIN, STEER_LOG_CHAIN_SIZE, "chain");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && ret == GO_ON; i++) {
		ret = parts[i](checker);
	}
	if (ret == GO_ON && checker->no_memory) {
		ret = print_no_memory();
	}
	ret = print_list_end(checker->run, &checker->list, ret);
	return ret == EXIT_DONE && checker->findings > 0 ? EXIT_REFUSED : ret;
}

int verb_check(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	int ret = options_parse(run, &argc, &argv, options, 0, 0);
	if (ret != GO_ON) {
		return ret;
	}
	checker_t *checker = calloc(1, sizeof(*checker));
	if (checker == NULL) {
		return print_no_memory();
	}
	checker->uses = json_object();
	checker->target_uses = json_object();
	checker->lacking = json_object();
	checker->run = run;
	ret = store_lookup_open(&checker->opened, run);
	if (ret == GO_ON) {
		checker->view = checker->opened.health.view;
		ret = check(checker);
		store_lookup_close(&checker->opened);
	}
	json_decref(checker->uses);
	json_decref(checker->target_uses);
	json_decref(checker->lacking);
	for (unsigned i = 0; i < STEER_MAPS_MAX; i++) {
		map_shares_free(checker->shares[i]);
	}
	free(checker);
	return ret;
}
