/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "store/change/alias_check.h"
#include "store/change/apexes_write.h"
#include "store/change/apply_health.h"
#include "store/change/apply_settings.h"
#include "store/change/apply_zone.h"
#include "store/change/contents.h"
#include "store/change/dictionary_write.h"
#include "store/change/health_slots.h"
#include "store/change/log_write.h"
#include "store/change/nested_zones.h"
#include "store/change/transaction.h"
#include "store/change/zones.h"

typedef struct {
	steer_write_t write;
	const steer_apply_t *options;
	steer_summary_t *summary;
	steer_alias_check_t alias_check;
	bool changed;
} apply_t;

/*! A job with what all jobs of a change set have in common. */
static steer_zone_job_t new_job(apply_t *apply)
{
	return (steer_zone_job_t) {
		.write = &apply->write, .options = apply->options, .summary = apply->summary,
		.alias_check = &apply->alias_check,
	};
}

static int run_job(apply_t *apply, steer_change_zone_t *change, bool full, bool gone, bool *changed)
{
	steer_zone_job_t job = new_job(apply);
	job.apex = &change->apex;
	job.change = gone ? NULL : change;
	job.full = full;
	job.gone = gone;
	job.empty = change->action == STEER_ZONE_DELETE_EMPTY;
	int ret = steer_zone_apply(&job);
	*changed = job.changed;
	return ret;
}

/*! Logs and reports a zone that is created, changed or deleted. */
static void report_zone(apply_t *apply, char sign, const steer_key_t *apex,
                        const steer_zone_t *zone, const steer_zone_t *was)
{
	const steer_apply_t *options = apply->options;
	steer_log_zone(&apply->write, sign, apex, zone, was);
	if (options->zone != NULL) {
		uint8_t name[STEER_NAME_MAX];
		steer_key_to_name(name, apex, apex->labels);
		options->zone(options->ctx, sign, name, zone);
	}
}

static int create_zone(apply_t *apply, steer_change_zone_t *change)
{
	const steer_key_t *apex = &change->apex;
	steer_zone_t zone = {
		.mode = change->mode != STEER_MODE_LEFT ? change->mode : STEER_ZONE_AUTHORITATIVE,
		.labels = apex->labels,
		.created = apply->write.sequence, .comment = change->comment,
		.comment_len = change->comment != NULL ? strlen(change->comment) : 0,
	};
	int ret = steer_nested_zones_find(&apply->write, apex, &zone.enclosing);
	if (ret != STEER_OK) {
		return ret;
	}
	report_zone(apply, STEER_LOG_IS, apex, &zone, NULL);
	ret = steer_zone_put(&apply->write, apex->bytes, apex->len, &zone);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_apexes_update(&apply->write, apex->bytes, apex->len, 1);
	if (ret != STEER_OK) {
		return ret;
	}
	bool changed;
	ret = run_job(apply, change, true, false, &changed);
	if (ret != STEER_OK) {
		return ret;
	}
	apply->changed = true;
	apply->summary->zones_created++;
	const steer_zone_job_t job = new_job(apply);
	return steer_nested_zones_move(&job, apex, zone.enclosing, true);
}

static int delete_zone(apply_t *apply, steer_change_zone_t *change, uint8_t enclosing)
{
	const steer_key_t *apex = &change->apex;
	const steer_zone_job_t job = new_job(apply);
	int ret = steer_nested_zones_move(&job, apex, enclosing, false);
	if (ret != STEER_OK) {
		return ret;
	}
	bool changed;
	ret = run_job(apply, change, true, true, &changed);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_write_del(&apply->write, STEER_DB_ZONES, apex->bytes, apex->len);
	if (ret != STEER_OK) {
		return ret;
	}
	apply->changed = true;
	apply->summary->zones_deleted++;
	steer_alias_check_add_zone(&apply->alias_check, apex);
	return steer_apexes_update(&apply->write, apex->bytes, apex->len, -1);
}

/*! Changes what the change set says about the zone itself. */
static int update_zone_value(apply_t *apply, const steer_change_zone_t *change,
                             const steer_zone_t *zone, bool *changed)
{
	steer_zone_t is = *zone;
	if (change->mode != STEER_MODE_LEFT) {
		is.mode = change->mode;
	}
	if (change->comment != NULL) {
		is.comment = change->comment;
		is.comment_len = strlen(change->comment);
	}
	*changed = is.mode != zone->mode || is.comment_len != zone->comment_len ||
	           memcmp(is.comment, zone->comment, is.comment_len) != 0;
	if (!*changed) {
		return STEER_OK;
	}
	if (is.mode != zone->mode && change->action != STEER_ZONE_REPLACE) {
		return steer_zone_fault(&apply->write, STEER_EREFUSED, &change->apex,
		                        is.mode == STEER_ZONE_OVERLAY
		                        ? "not an overlay: a merge leaves the mode, replacing the zone "
		                          "changes it"
		                        : "an overlay: a merge leaves the mode, replacing the zone changes "
		                          "it");
	}
	report_zone(apply, STEER_LOG_STAYS, &change->apex, &is, zone);
	return steer_zone_put(&apply->write, change->apex.bytes, change->apex.len, &is);
}

static int update_zone(apply_t *apply, steer_change_zone_t *change, const steer_zone_t *zone)
{
	bool changed, renewed;
	int ret = update_zone_value(apply, change, zone, &renewed);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = run_job(apply, change, change->action == STEER_ZONE_REPLACE, false, &changed);
	if (ret == STEER_OK && (changed || renewed)) {
		apply->changed = true;
		apply->summary->zones_changed++;
	}
	return ret;
}

static int apply_zone(apply_t *apply, steer_change_zone_t *change)
{
	const steer_key_t *apex = &change->apex;
	steer_zone_t zone;
	int ret = steer_zone_get(&apply->write, apex->bytes, apex->len, &zone);
	steer_change_sort(change);
	if (ret == STEER_ENOENT) {
		return change->action == STEER_ZONE_CREATE || change->action == STEER_ZONE_REPLACE
		       ? create_zone(apply, change)
		       : steer_zone_fault(&apply->write, STEER_ENOENT, apex, "not hosted");
	}
	if (ret != STEER_OK) {
		return ret;
	}
	switch (change->action) {
	case STEER_ZONE_CREATE:
		return steer_zone_fault(&apply->write, STEER_EEXIST, apex, "exists already");
	case STEER_ZONE_DELETE:
	case STEER_ZONE_DELETE_EMPTY:
		report_zone(apply, STEER_LOG_WAS, apex, &zone, NULL);
		return delete_zone(apply, change, zone.enclosing);
	default:
		steer_log_zone(&apply->write, STEER_LOG_STAYS, apex, &zone, NULL);
		return update_zone(apply, change, &zone);
	}
}

/*! Applies a change set; in a dry run too, so that the same faults are found. */
static int apply_all(apply_t *apply, steer_change_t *change)
{
	int ret = steer_settings_apply(&apply->write, change, apply->options, apply->summary);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_apply_health(&apply->write, change, apply->options, apply->summary);
	if (ret != STEER_OK) {
		return ret;
	}
	apply->changed = apply->summary->settings_changed > 0 || apply->summary->checks_changed > 0;
	ret = steer_sets_find_slots(&apply->write, change, apply->options);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_sets_find_numbers(&apply->write, change, apply->options);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_alias_check_begin(&apply->alias_check, &apply->write);
	for (size_t i = 0; i < change->count && ret == STEER_OK; i++) {
		ret = apply_zone(apply, &change->zones[i]);
	}
	if (ret == STEER_OK) {
		ret = steer_alias_check_run(&apply->alias_check, &apply->write, apply->options);
	}
	steer_alias_check_free(&apply->alias_check);
	return ret;
}

int steer_store_apply(steer_store_t *store, steer_change_t *change, const steer_apply_t *options,
                      steer_summary_t *summary, steer_fault_t *fault)
{
	*summary = (steer_summary_t) { 0 };
	apply_t apply = { .options = options, .summary = summary };
	int ret = steer_write_begin(&apply.write, store, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = options->begun != NULL ? options->begun(options->ctx, fault) : STEER_OK;
	if (ret == STEER_OK) {
		ret = steer_log_begin(&apply.write, &change->settings[STEER_SETTING_LOG_KEEP], options);
	}
	if (ret == STEER_OK) {
		ret = apply_all(&apply, change);
	}
	if (ret != STEER_OK || options->dry_run || !apply.changed) {
		steer_write_abort(&apply.write);
		return ret;
	}
	ret = steer_log_finish(&apply.write, summary);
	if (ret != STEER_OK) {
		steer_write_abort(&apply.write);
		return ret;
	}
	summary->sequence = apply.write.sequence;
	ret = steer_write_commit(&apply.write);
	if (ret == STEER_OK) {
		steer_apply_health_forget(store, change);
	}
	return ret;
}
