/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/commit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/difference.h"
#include "ctl/new_names.h"
#include "ctl/options.h"
#include "store/dictionary.h"

/*! A warning that waits: if the change set is refused, only the error is printed. */
typedef struct warning {
	struct warning *next;
	steer_source_location_t location;
	char text[];
} warning_t;

typedef struct {
	const run_t *run;
	const view_t *view;
	bool reading;                /*!< The view's reader sees the newest version. */
	const commit_watch_t *watch; /*!< NULL: none. */
	warning_t *warnings, **end; /*!< In order; end is where the next one goes. */
	steer_text_t *text;
	FILE *diff; /*!< Held back until the change set is known to be good. NULL: not a dry run. */
	json_list_t list;
	difference_t difference;
	new_names_t names;    /*!< That get their numbers in it. */
	FILE *created;        /*!< What is printed about new zones once they exist. NULL: nothing. */
	char *created_text;
	size_t created_len;
	json_list_t created_list;
} commit_t;

static void clear_progress(const commit_t *commit)
{
	if (commit->watch != NULL) {
		progress_clear(commit->watch->progress);
	}
}

static void print_warning(const commit_t *commit, const steer_source_location_t *location,
                          const char *text)
{
	char line[1024];
	snprintf(line, sizeof(line), "warning: %s", text);
	clear_progress(commit);
	print_at(location->file, location->line, location->column, line);
}

static void warn(void *ctx, const steer_source_location_t *location, const char *text)
{
	commit_t *commit = ctx;
	size_t size = strlen(text) + 1;
	warning_t *warning = malloc(sizeof(*warning) + size);
	if (warning == NULL) {
		print_warning(commit, location, text); // Better too early than not at all.
		return;
	}
	warning->next = NULL;
	warning->location = *location;
	memcpy(warning->text, text, size);
	*commit->end = warning;
	commit->end = &warning->next;
}

/*! Prints what breaks a rule, before the last that does. */
static void refused(void *ctx, const steer_fault_t *fault)
{
	clear_progress(ctx);
	(void)print_store_fault(fault);
}

/*! Prints or drops the warnings. */
static void end_warnings(commit_t *commit, bool print)
{
	while (commit->warnings != NULL) {
		warning_t *warning = commit->warnings;
		if (print) {
			print_warning(commit, &warning->location, warning->text);
		}
		commit->warnings = warning->next;
		free(warning);
	}
}

static void diff(void *ctx, char sign, const uint8_t *name, const steer_group_t *group)
{
	commit_t *commit = ctx;
	if (commit->watch != NULL) {
		commit->watch->group(commit->watch->ctx, sign, name, group);
	}
	if (commit->diff != NULL) {
		difference_group(&commit->difference, sign, name, group);
	}
}

/*! Notes a new zone. In a dry run its line comes before its record sets instead. */
static void note_created(commit_t *commit, const zone_line_t *line)
{
	if (commit->run->json) {
		json_t *value = json_pack("{s:o, s:s}", "zone", json_name(line->name), "named_by",
		                          line->named_by);
		commit->difference.no_memory |= json_list_add(&commit->created_list, value) != STEER_OK;
	} else if (commit->diff == NULL) {
		zone_line_print(commit->created, "", line);
	}
}

/*!
 * Takes what record sets do not tell about a zone: that it is new or gone, its mode and comment.
 */
static void zone(void *ctx, char sign, const uint8_t *apex, const steer_zone_t *value)
{
	commit_t *commit = ctx;
	zone_line_t line = {
		.sign = sign, .name = apex, .mode = value->mode,
		.comment = value->comment, .comment_len = value->comment_len,
	};
	if (sign == STEER_LOG_IS && commit->watch != NULL) {
		line.named_by = commit->watch->named_by(commit->watch->ctx, apex);
		note_created(commit, &line);
	}
	bool says = sign == STEER_LOG_STAYS || line.mode == STEER_ZONE_OVERLAY ||
	            line.comment_len > 0 || (line.named_by != NULL && !commit->run->json);
	if (commit->diff != NULL && says) {
		difference_zone(&commit->difference, &line);
	}
}

static void setting(void *ctx, char sign, const steer_setting_t *changed, const uint8_t *value,
                    size_t len)
{
	commit_t *commit = ctx;
	difference_setting(&commit->difference, sign, changed, value, len);
}

static void check(void *ctx, char sign, const char *id, const steer_health_check_t *changed)
{
	commit_t *commit = ctx;
	difference_check(&commit->difference, sign, id, changed);
}

static void name(void *ctx, uint32_t number, const steer_dictionary_name_t *given)
{
	commit_t *commit = ctx;
	commit->difference.no_memory |= new_names_add(&commit->names, number, given) != STEER_OK;
	difference_name(&commit->difference, STEER_LOG_IS, given, number);
}

/*!
 * Moves the view's reader to the newest version: since the change set has begun, the one that it
 * is applied to, which has all numbers that are not new.
 */
static int renew_reader(commit_t *commit)
{
	uint64_t id;
	int ret = commit->reading ? STEER_OK : steer_reader_renew(commit->view->reader, &id);
	commit->reading = ret == STEER_OK;
	return ret;
}

static int begun(void *ctx, steer_fault_t *fault)
{
	commit_t *commit = ctx;
	int ret = renew_reader(commit);
	return ret == STEER_OK ? commit->watch->begun(commit->watch->ctx, fault)
	       : steer_fault(fault, ret, "%s: %s", commit->run->dir, steer_strerror(ret));
}

/*! Finds the name of a number in a record set of the difference. */
static bool find_name(void *ctx, uint32_t number, steer_dictionary_name_t *found)
{
	commit_t *commit = ctx;
	return new_names_find(&commit->names, number, found) ||
	       (renew_reader(commit) == STEER_OK &&
	        steer_dictionary_name(commit->view->reader, number, found) == STEER_OK);
}

static int print_diff(commit_t *commit)
{
	char bytes[65536];
	size_t len;
	rewind(commit->diff);
	while ((len = fread(bytes, 1, sizeof(bytes), commit->diff)) > 0) {
		fwrite(bytes, 1, len, stdout);
	}
	if (ferror(commit->diff) || commit->difference.no_memory) {
		fprintf(stderr, "%s: the difference could not be kept: %s\n", commit->run->program,
		        strerror(errno));
		return EXIT_STORE;
	}
	return EXIT_DONE;
}

static json_t *json_summary(const commit_t *commit, const steer_summary_t *summary)
{
	return json_pack("{s:b, s:I, s:{s:I, s:I, s:I}, s:{s:I, s:I, s:I}, s:I, s:I}",
	                 "dry_run", commit->diff != NULL,
	                 "sequence", (json_int_t)summary->sequence,
	                 "zones", "created", (json_int_t)summary->zones_created,
	                 "changed", (json_int_t)summary->zones_changed,
	                 "deleted", (json_int_t)summary->zones_deleted,
	                 "record_sets", "added", (json_int_t)summary->sets_added,
	                 "changed", (json_int_t)summary->sets_changed,
	                 "removed", (json_int_t)summary->sets_removed,
	                 "settings", (json_int_t)summary->settings_changed,
	                 "health_checks", (json_int_t)summary->checks_changed);
}

/*! Ends the output by what follows the change set. \return status, or that of what went wrong */
static int print_more(const commit_t *commit, int status)
{
	const commit_watch_t *watch = commit->watch;
	int ret = watch != NULL && watch->applied != NULL ? watch->applied(watch->ctx) : EXIT_DONE;
	return ret != EXIT_DONE ? ret : status;
}

static int print_summary_json(commit_t *commit, const steer_summary_t *summary)
{
	if (json_open(stdout, json_summary(commit, summary)) != STEER_OK) {
		return print_no_memory();
	}
	if (commit->created != NULL) {
		json_open_member(stdout, "created");
		fputs(commit->created_text, stdout);
	}
	int status = EXIT_DONE;
	if (commit->diff != NULL) {
		json_list_end(&commit->list);
		json_open_member(stdout, "changes");
		status = print_diff(commit);
	}
	status = print_more(commit, status);
	json_open_end(stdout);
	putchar('\n');
	return status;
}

static void print_summary(const commit_t *commit, const steer_summary_t *summary)
{
	char text[320], checks[64] = "";
	if (summary->checks_changed > 0) {
		snprintf(checks, sizeof(checks), "; health checks: %" PRIu64 " changed",
		         summary->checks_changed);
	}
	if (commit->diff != NULL) {
		snprintf(text, sizeof(text), ", dry run\n");
	} else if (summary->sequence == 0) {
		snprintf(text, sizeof(text), ", nothing to change\n");
	} else {
		snprintf(text, sizeof(text),
		         "; change set %" PRIu64 ": zones: %" PRIu64 " created, %" PRIu64
		         " changed; record sets: %" PRIu64 " added, %" PRIu64 " changed, %" PRIu64
		         " removed%s\n",
		         summary->sequence, summary->zones_created, summary->zones_changed,
		         summary->sets_added, summary->sets_changed, summary->sets_removed, checks);
	}
	progress_show(commit->watch->progress, text);
}

/*! Completes the text about new zones. */
static int end_created(commit_t *commit)
{
	if (commit->created == NULL) {
		return EXIT_DONE;
	}
	if (commit->run->json) {
		json_list_end(&commit->created_list);
	}
	if (fflush(commit->created) != 0 || ferror(commit->created) ||
	    commit->difference.no_memory) {
		return print_no_memory();
	}
	return EXIT_DONE;
}

static int print_done(commit_t *commit, const steer_summary_t *summary)
{
	int status = end_created(commit);
	if (status != EXIT_DONE) {
		return status;
	}
	if (commit->run->json) {
		return print_summary_json(commit, summary);
	}
	if (commit->created != NULL) {
		fputs(commit->created_text, stdout);
	}
	return print_more(commit, commit->diff != NULL ? print_diff(commit) : EXIT_DONE);
}

static int apply(commit_t *commit, steer_change_t *change)
{
	char who[AUTHOR_TEXT];
	author_who(who);
	steer_apply_t options = {
		.dry_run = commit->diff != NULL,
		.who = who,
		.what = commit->run->what,
		.begun = commit->watch != NULL ? begun : NULL,
		.diff = commit->diff != NULL || commit->watch != NULL ? diff : NULL,
		.zone = commit->diff != NULL || commit->watch != NULL ? zone : NULL,
		.setting = commit->diff != NULL ? setting : NULL,
		.check = commit->diff != NULL ? check : NULL,
		.name = commit->diff != NULL ? name : NULL,
		.warn = warn,
		.refused = refused,
		.ctx = commit,
	};
	steer_summary_t summary;
	steer_fault_t fault;
	steer_now(&options.now);
	int ret = steer_store_apply(commit->view->store, change, &options, &summary, &fault);
	difference_end(&commit->difference);
	end_warnings(commit, ret == STEER_OK);
	if (ret != STEER_OK) {
		clear_progress(commit);
		return print_store_fault(&fault);
	}
	if (commit->watch != NULL) {
		print_summary(commit, &summary);
	}
	return print_done(commit, &summary);
}

int commit(const run_t *run, const view_t *view, steer_change_t *change, bool dry_run,
           const commit_watch_t *watch)
{
	int status;
	commit_t made = { .run = run, .view = view, .watch = watch, .text = steer_text_new() };
	made.end = &made.warnings;
	if (made.text == NULL) {
		return print_no_memory();
	}
	if (watch != NULL) {
		made.created = open_memstream(&made.created_text, &made.created_len);
		if (made.created == NULL) {
			status = print_no_memory();
			goto done;
		}
		json_list_begin(&made.created_list, made.created);
	}
	if (dry_run) {
		made.diff = tmpfile();
		if (made.diff == NULL) {
			fprintf(stderr, "%s: no temporary file: %s\n", run->program, strerror(errno));
			status = EXIT_STORE;
			goto done;
		}
		json_list_begin(&made.list, made.diff);
	}
	const steer_names_t names = { find_name, &made };
	difference_begin(&made.difference, made.text, names, made.diff, run->json ? &made.list : NULL);
	steer_reader_reset(view->reader);
	status = apply(&made, change);
done:
	if (made.diff != NULL) {
		fclose(made.diff);
	}
	if (made.created != NULL) {
		fclose(made.created);
		free(made.created_text);
	}
	new_names_end(&made.names);
	steer_text_free(made.text);
	return status;
}
