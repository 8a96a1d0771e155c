/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/commit.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/options.h"
#include "ctl/setting.h"
#include "ctl/zone_line.h"

typedef struct {
	const run_t *run;
	const progress_t *progress;
	steer_text_t *text;
	FILE *diff; /*!< Kept until the change set is known to be good. NULL: no dry run. */
	json_list_t list;
	bool no_memory;
} commit_t;

static void warn(void *ctx, const steer_origin_t *origin, const char *text)
{
	commit_t *commit = ctx;
	char line[1024];
	snprintf(line, sizeof(line), "warning: %s", text);
	if (commit->progress != NULL) {
		progress_clear(commit->progress);
	}
	print_at(origin->file, origin->line, origin->column, line);
}

static void diff(void *ctx, char sign, const uint8_t *name, const steer_group_t *group)
{
	commit_t *commit = ctx;
	const char prefix[] = { sign, '\0' };
	steer_set_t set;
	if (!plain_set(group, &set)) {
		return;
	}
	if (!commit->run->json) {
		print_records(commit->text, commit->diff, prefix, name, group->type, &set);
		return;
	}
	json_t *value = json_set(commit->text, name, group->type, &set);
	if (value != NULL) {
		json_object_set_new(value, "sign", json_string(prefix));
	}
	commit->no_memory |= json_list_add(&commit->list, value) != STEER_OK;
}

/*! Tells of a zone what its record sets do not: mode and comment. */
static void zone(void *ctx, char sign, const uint8_t *apex, const steer_zone_t *value)
{
	commit_t *commit = ctx;
	const zone_line_t line = {
		.sign = sign, .name = apex, .mode = value->mode,
		.comment = value->comment, .comment_len = value->comment_len,
	};
	if (sign != STEER_LOG_STAYS && line.mode != STEER_ZONE_OVERLAY && line.comment_len == 0) {
		return;
	}
	if (commit->run->json) {
		commit->no_memory |= json_list_add(&commit->list, zone_line_json(&line)) != STEER_OK;
	} else {
		zone_line_print(commit->diff, &line);
	}
}

static void setting(void *ctx, char sign, const steer_setting_t *changed, const uint8_t *value,
                    size_t len)
{
	commit_t *commit = ctx;
	const char prefix[] = { sign, '\0' };
	if (!commit->run->json) {
		fprintf(commit->diff, "%cconfig %s ", sign, changed->name);
		setting_print(commit->diff, changed, value, len);
		fputc('\n', commit->diff);
		return;
	}
	json_t *object = json_pack("{s:s, s:o, s:s}", "setting", changed->name, "value",
	                           setting_json(changed, value, len), "sign", prefix);
	commit->no_memory |= json_list_add(&commit->list, object) != STEER_OK;
}

static int print_diff(commit_t *commit)
{
	char bytes[65536];
	size_t len;
	rewind(commit->diff);
	while ((len = fread(bytes, 1, sizeof(bytes), commit->diff)) > 0) {
		fwrite(bytes, 1, len, stdout);
	}
	if (ferror(commit->diff) || commit->no_memory) {
		fprintf(stderr, "%s: the difference could not be kept: %s\n", commit->run->program,
		        strerror(errno));
		return EXIT_STORE;
	}
	return EXIT_DONE;
}

static int print_summary_json(commit_t *commit, const steer_summary_t *summary)
{
	printf("{\"dry_run\": %s,\n \"sequence\": %" PRIu64 ",\n"
	       " \"zones\": {\"created\": %" PRIu64 ", \"changed\": %" PRIu64
	       ", \"deleted\": %" PRIu64 "},\n"
	       " \"record_sets\": {\"added\": %" PRIu64 ", \"changed\": %" PRIu64
	       ", \"removed\": %" PRIu64 "},\n \"settings\": %" PRIu64,
	       commit->diff != NULL ? "true" : "false", summary->sequence, summary->zones_created,
	       summary->zones_changed, summary->zones_deleted, summary->sets_added,
	       summary->sets_changed, summary->sets_removed, summary->settings_changed);
	int status = EXIT_DONE;
	if (commit->diff != NULL) {
		json_list_end(&commit->list);
		printf(",\n \"changes\": ");
		status = print_diff(commit);
	}
	puts("}");
	return status;
}

static void print_summary(const commit_t *commit, const steer_summary_t *summary)
{
	char text[256];
	if (commit->diff != NULL) {
		snprintf(text, sizeof(text), ", dry run\n");
	} else if (summary->sequence == 0) {
		snprintf(text, sizeof(text), ", nothing to change\n");
	} else {
		snprintf(text, sizeof(text),
		         "; change set %" PRIu64 ": zones: %" PRIu64 " created, %" PRIu64
		         " changed; record sets: %" PRIu64 " added, %" PRIu64 " changed, %" PRIu64
		         " removed\n",
		         summary->sequence, summary->zones_created, summary->zones_changed,
		         summary->sets_added, summary->sets_changed, summary->sets_removed);
	}
	progress_show(commit->progress, text);
}

static int apply(commit_t *commit, steer_store_t *store, steer_change_t *change)
{
	char who[AUTHOR_TEXT];
	author_who(who);
	const steer_apply_t options = {
		.dry_run = commit->diff != NULL,
		.who = who,
		.what = commit->run->what,
		.when = time(NULL),
		.diff = commit->diff != NULL ? diff : NULL,
		.zone = commit->diff != NULL ? zone : NULL,
		.setting = commit->diff != NULL ? setting : NULL,
		.warn = warn,
		.ctx = commit,
	};
	steer_summary_t summary;
	steer_fault_t fault;
	if (steer_store_apply(store, change, &options, &summary, &fault) != STEER_OK) {
		if (commit->progress != NULL) {
			progress_clear(commit->progress);
		}
		return print_store_fault(&fault);
	}
	if (commit->progress != NULL) {
		print_summary(commit, &summary);
	}
	if (commit->run->json) {
		return print_summary_json(commit, &summary);
	}
	return commit->diff != NULL ? print_diff(commit) : EXIT_DONE;
}

int commit(const run_t *run, steer_store_t *store, steer_change_t *change, bool dry_run,
           const progress_t *progress)
{
	commit_t made = { .run = run, .progress = progress, .text = steer_text_new() };
	if (made.text == NULL) {
		return print_no_memory();
	}
	int status;
	if (dry_run && (made.diff = tmpfile()) == NULL) {
		fprintf(stderr, "%s: no temporary file: %s\n", run->program, strerror(errno));
		status = EXIT_STORE;
	} else {
		if (dry_run && run->json) {
			json_list_begin(&made.list, made.diff);
		}
		status = apply(&made, store, change);
	}
	if (made.diff != NULL) {
		fclose(made.diff);
	}
	steer_text_free(made.text);
	return status;
}
