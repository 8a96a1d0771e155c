/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief log: the change sets that the store's log has kept.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/utf8.h"
#include "ctl/author.h"
#include "ctl/difference.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/record_set.h"
#include "ctl/view.h"
#include "store/dictionary.h"
#include "store/log.h"

typedef struct {
	const run_t *run;
	steer_text_t *text;
	steer_names_t names; /*!< Those of today: no number is given to another name. */
	steer_log_t *log;
	json_list_t list, changes;
	difference_t difference; /*!< Of the change set that is being printed. */
	bool all;   /*!< Also what has changed. */
	bool begun;
	int status; /*!< EXIT_DONE until something cannot be read or shown. */
} printer_t;

static void show_setting(printer_t *printer, const steer_log_entry_t *entry)
{
	const steer_setting_t *setting = steer_setting_of_entry(entry->name, entry->name_len);
	if (setting == NULL || !steer_setting_allows(setting, entry->value, entry->value_len)) {
		fputs("a setting that only a newer steerctl knows\n", stderr);
		printer->status = printer->status == EXIT_DONE ? EXIT_REFUSED : printer->status;
		return;
	}
	difference_setting(&printer->difference, entry->sign, setting, entry->value,
	                   entry->value_len);
}

static void show_check(printer_t *printer, const steer_log_entry_t *entry)
{
	char id[CHECK_ID_TEXT];
	steer_health_check_t check;
	// Both were found good when the part was opened.
	(void)steer_health_check_open(&check, entry->value, entry->value_len);
	memcpy(id, entry->name, entry->name_len);
	id[entry->name_len] = '\0';
	if (check.type != STEER_CHECK_NONE) { // That one only got a slot.
		difference_check(&printer->difference, entry->sign, id, &check);
	}
}

static void show_state(printer_t *printer, const steer_log_entry_t *entry)
{
	char id[CHECK_ID_TEXT];
	steer_health_state_t state;
	(void)steer_health_state_open(&state, entry->value, entry->value_len);
	steer_utf8_mask(id, sizeof(id), (const char *)entry->name + 1, entry->name_len - 1);
	difference_state(&printer->difference, entry->sign, entry->name[0], id, &state);
}

static void show_name(printer_t *printer, const steer_log_entry_t *entry)
{
	steer_dictionary_name_t name = { .kind = 0 };
	uint32_t number = 0;
	(void)steer_dictionary_key_open(&name, entry->name, entry->name_len);
	(void)steer_dictionary_number_open(&number, entry->value, entry->value_len);
	difference_name(&printer->difference, entry->sign, &name, number);
}

static void show_entry(printer_t *printer, const steer_log_entry_t *entry)
{
	const zone_line_t line = {
		.sign = entry->sign, .name = entry->name, .mode = entry->zone.mode,
		.comment = entry->zone.comment, .comment_len = entry->zone.comment_len,
	};
	switch (entry->kind) {
	case STEER_LOG_ZONE:
		difference_zone(&printer->difference, &line);
		break;
	case STEER_LOG_SET:
		difference_group(&printer->difference, entry->sign, entry->name, &entry->group);
		break;
	case STEER_LOG_STATE:
		show_state(printer, entry);
		break;
	case STEER_LOG_CHECK:
		show_check(printer, entry);
		break;
	case STEER_LOG_NAME:
		show_name(printer, entry);
		break;
	default:
		show_setting(printer, entry);
		break;
	}
}

/* Change sets. */

static void print_change(const steer_log_change_t *change)
{
	char when[TIME_TEXT], who[AUTHOR_SHOWN], what[AUTHOR_SHOWN];
	time_print(when, change->head.time);
	author_show(who, change->head.who, change->head.who_len);
	author_show(what, change->head.what, change->head.what_len);
	printf("%" PRIu64 "\t%s\t%s\t%s\n", change->sequence, when, who, what);
}

static json_t *json_change(const steer_log_change_t *change)
{
	const steer_log_head_t *head = &change->head;
	char when[TIME_TEXT], who[AUTHOR_SHOWN], what[AUTHOR_SHOWN];
	time_print(when, head->time);
	author_show(who, head->who, head->who_len);
	author_show(what, head->what, head->what_len);
	return json_pack("{s:I, s:s, s:s, s:s, s:I, s:{s:I, s:I, s:I}, s:I, s:I}",
	                 "sequence", (json_int_t)change->sequence, "time", when, "who", who,
	                 "what", what, "zones", (json_int_t)head->zones, "record_sets",
	                 "added", (json_int_t)head->added, "changed", (json_int_t)head->changed,
	                 "removed", (json_int_t)head->removed,
	                 "settings", (json_int_t)head->settings,
	                 "health_checks", (json_int_t)head->checks);
}

/* All changes. */

static int damaged(printer_t *printer, uint64_t sequence)
{
	fprintf(stderr, "%s: change set %" PRIu64 " is damaged in the log\n", printer->run->program,
	        sequence);
	printer->status = EXIT_STORE; // The others are still worth showing.
	return GO_ON;
}

static int failed(const printer_t *printer, int ret)
{
	fprintf(stderr, "%s: the log cannot be read: %s\n", printer->run->program,
	        steer_strerror(ret));
	return EXIT_STORE;
}

static int show_entries(printer_t *printer, uint64_t sequence)
{
	steer_log_entry_t entry;
	int ret = STEER_OK;
	difference_begin(&printer->difference, printer->text, printer->names, stdout,
	                 printer->run->json ? &printer->changes : NULL);
	while (!printer->difference.no_memory &&
	       (ret = steer_log_next(printer->log, &entry)) == STEER_OK) {
		show_entry(printer, &entry);
	}
	difference_end(&printer->difference);
	if (printer->difference.no_memory) {
		return print_no_memory();
	}
	switch (ret) {
	case STEER_ENOENT:
		return GO_ON;
	case STEER_EDAMAGED:
		return damaged(printer, sequence);
	default:
		return failed(printer, ret);
	}
}

/*! Prints a change set as JSON, entry by entry, as there may be millions. */
static int show_json(printer_t *printer, const steer_log_change_t *change)
{
	json_t *value = json_change(change);
	int ret = printer->all ? json_list_open(&printer->list, value)
	                       : json_list_add(&printer->list, value);
	if (ret != STEER_OK) {
		return print_no_memory();
	}
	if (!printer->all) {
		return GO_ON;
	}
	json_open_member(stdout, "changes");
	json_list_begin(&printer->changes, stdout);
	ret = show_entries(printer, change->sequence);
	json_list_end(&printer->changes);
	json_open_end(stdout);
	return ret;
}

static int show_change(printer_t *printer, const steer_log_change_t *change)
{
	if (printer->run->json) {
		return show_json(printer, change);
	}
	if (printer->begun && printer->all) {
		putchar('\n');
	}
	printer->begun = true;
	print_change(change);
	return printer->all ? show_entries(printer, change->sequence) : GO_ON;
}

/*! Shows the change sets from first to last. */
static int show_range(printer_t *printer, uint64_t first, uint64_t last)
{
	steer_log_change_t change;
	int status = GO_ON;
	for (uint64_t at = first; status == GO_ON; at = change.sequence + 1) {
		int ret = steer_log_find(printer->log, at, &change);
		if (ret == STEER_ENOENT) {
			return GO_ON;
		} else if (ret != STEER_OK && ret != STEER_EDAMAGED) {
			return failed(printer, ret);
		} else if (change.sequence > last) {
			return GO_ON;
		}
		status = ret == STEER_OK ? show_change(printer, &change)
		                         : damaged(printer, change.sequence);
		if (change.sequence == last) {
			break;
		}
	}
	return status;
}

typedef struct {
	bool one;       /*!< Only the one with number first. */
	bool all;       /*!< Also what has changed. */
	uint64_t first; /*!< 0: no lower bound. */
	uint64_t count; /*!< How many of the last ones; 0: all. */
} wanted_t;

static int show_one(printer_t *printer, uint64_t sequence)
{
	steer_log_change_t change;
	int ret = steer_log_find(printer->log, sequence, &change);
	if (ret == STEER_ENOENT || ((ret == STEER_OK || ret == STEER_EDAMAGED) &&
	                            change.sequence != sequence)) {
		fprintf(stderr, "%s: change set %" PRIu64 " is not in the log\n", printer->run->program,
		        sequence);
		return EXIT_REFUSED;
	}
	return show_range(printer, sequence, sequence);
}

static int show_some(printer_t *printer, const wanted_t *wanted)
{
	uint64_t first = 0;
	int ret = steer_log_last(printer->log, wanted->count > 0 ? wanted->count : UINT64_MAX, &first);
	if (ret != STEER_OK) {
		return ret == STEER_ENOENT ? GO_ON : failed(printer, ret);
	}
	if (wanted->first > 0 && first > wanted->first && wanted->count == 0) {
		fprintf(stderr, "%s: the log begins with change set %" PRIu64 "\n", printer->run->program,
		        first);
	}
	return show_range(printer, first > wanted->first ? first : wanted->first, UINT64_MAX);
}

static int show(const run_t *run, const view_t *view, const wanted_t *wanted)
{
	printer_t printer = {
		.run = run, .all = wanted->all, .text = steer_text_new(),
		.names = steer_dictionary_names(view->reader),
	};
	if (printer.text == NULL || steer_log_open(&printer.log, view->reader) != STEER_OK) {
		steer_text_free(printer.text);
		return print_no_memory();
	}
	json_list_begin(&printer.list, stdout);
	int ret = wanted->one ? show_one(&printer, wanted->first) : show_some(&printer, wanted);
	ret = print_list_end(run, &printer.list, ret);
	steer_log_close(printer.log);
	steer_text_free(printer.text);
	return ret == EXIT_DONE ? printer.status : ret;
}

static int parse_number(const run_t *run, const char *text, uint64_t min, uint64_t *number)
{
	if (!option_number(text, INT64_MAX, number) || *number < min) {
		return options_wrong(run, "'%s' is not a number; allowed: %" PRIu64 " or more", text, min);
	}
	return GO_ON;
}

static int parse(run_t *run, int argc, char **argv, wanted_t *wanted)
{
	const char *count = NULL, *since = NULL;
	const option_t options[] = {
		{ "n", OPTION_WORD, &count },
		{ "since", OPTION_WORD, &since },
		{ "p", OPTION_FLAG, &wanted->all },
		{ 0 },
	};
	int ret = options_parse(run, &argc, &argv, options, 0, 1);
	if (ret != GO_ON) {
		return ret;
	}
	if (argc > 0) {
		if (count != NULL || since != NULL) {
			return options_wrong(run, "NUMBER with -n or --since; allowed: one of them");
		}
		wanted->one = wanted->all = true;
		return parse_number(run, argv[0], 1, &wanted->first);
	}
	if (count != NULL) {
		ret = parse_number(run, count, 1, &wanted->count);
		if (ret != GO_ON) {
			return ret;
		}
	}
	if (since != NULL) {
		ret = parse_number(run, since, 0, &wanted->first);
		wanted->first++;
	}
	return ret;
}

int verb_log(run_t *run, int argc, char **argv)
{
	wanted_t wanted = { .one = false };
	view_t view;
	int ret = parse(run, argc, argv, &wanted);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open(&view, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	ret = show(run, &view, &wanted);
	view_close(&view);
	return ret;
}
