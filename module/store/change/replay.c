/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replaying a logged change set.
 *
 * Its entries are applied in the order in which the writer made them, by the writer's own jobs,
 * which check no rule here. Record sets of a zone are collected until there are enough for a job,
 * so that the names above them are written once for many.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/health_check.h"
#include "core/utf8.h"
#include "store/change/apexes_write.h"
#include "store/change/apply_health.h"
#include "store/change/apply_zone.h"
#include "store/change/contents.h"
#include "store/change/dictionary_write.h"
#include "store/change/health_slots.h"
#include "store/change/log_write.h"
#include "store/change/nested_zones.h"
#include "store/change/transaction.h"
#include "store/change/zones.h"
#include "store/log.h"
#include "store/replay.h"
#include "store/status_note.h"
#include "store/status_write.h"

/*! Bytes of record sets that are collected before they are applied. */
#define COLLECTED_MAX (256u << 10)

typedef struct {
	steer_write_t write;
	steer_log_head_t head;
	char texts[2 * STEER_LOG_TEXT_MAX]; /*!< Of the head. */
	steer_summary_t summary;            /*!< For the jobs; it is not used. */
	bool in_zone;           /*!< Record sets of the zone can follow, ... */
	bool goes;              /*!< ... after which the zone is deleted. */
	steer_key_t apex;
	steer_health_logger_t logger; /*!< For states. */
	steer_change_t *change; /*!< Record sets that are collected; NULL: none. */
	size_t collected;       /*!< Bytes of them. */
	struct {                /*!< The last entry, if it says what was there before. */
		uint8_t kind, check_type;
		uint16_t name_len, type;
		uint8_t name[STEER_NAME_MAX];
	} was;
} replay_t;

/*! Refuses the change set. */
__attribute__((format(printf, 2, 3)))
static int misfit(const replay_t *replay, const char *format, ...)
{
	char text[STEER_NAME_TEXT_MAX + 64];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return steer_fault(replay->write.fault, STEER_EREFUSED, "%s: change set %" PRIu64
	                   " does not fit: %s", replay->write.store->dir, replay->write.sequence, text);
}

static int zone_misfit(const replay_t *replay)
{
	uint8_t name[STEER_NAME_MAX];
	char text[STEER_NAME_TEXT_MAX];
	steer_key_to_name(name, &replay->apex, replay->apex.labels);
	steer_name_to_text(text, name);
	return misfit(replay, "zone %s is not as it says", text);
}

static int set_misfit(const replay_t *replay, const steer_log_entry_t *entry)
{
	char text[STEER_NAME_TEXT_MAX];
	steer_name_to_text(text, entry->name);
	return misfit(replay, "%s type %u is not as it says", text, entry->group.type);
}

static int value_misfit(const replay_t *replay, const steer_log_entry_t *entry)
{
	char shown[STEER_SHOWN];
	return misfit(replay, "%s '%s' is not as it says",
	              entry->kind == STEER_LOG_CHECK ? "health check" : "setting",
	              steer_shown(shown, (const char *)entry->name, entry->name_len));
}

/*! Whether the entry before this one says what was in its place. */
static bool is_replaced(const replay_t *replay, const steer_log_entry_t *entry)
{
	return replay->was.name_len == entry->name_len && replay->was.kind == entry->kind &&
	       memcmp(replay->was.name, entry->name, entry->name_len) == 0 &&
	       (entry->kind != STEER_LOG_SET || replay->was.type == entry->group.type);
}

static void remember(replay_t *replay, const steer_log_entry_t *entry)
{
	replay->was.name_len = 0;
	if (entry->sign == STEER_LOG_WAS && entry->name_len <= sizeof(replay->was.name)) {
		replay->was.kind = entry->kind;
		replay->was.type = entry->kind == STEER_LOG_SET ? entry->group.type : 0;
		replay->was.check_type = entry->kind == STEER_LOG_CHECK ? get_check_type(entry->value) : 0;
		replay->was.name_len = entry->name_len;
		memcpy(replay->was.name, entry->name, entry->name_len);
	}
}

/* Settings and health checks. */

static bool equals(const MDB_val *stored, const steer_log_entry_t *entry)
{
	return stored->mv_size == entry->value_len &&
	       memcmp(stored->mv_data, entry->value, entry->value_len) == 0;
}

static int take_setting(replay_t *replay, const steer_log_entry_t *entry)
{
	MDB_val stored;
	const steer_setting_t *setting = steer_setting_of_entry(entry->name, entry->name_len);
	int ret = steer_write_get(&replay->write, STEER_DB_META, entry->name, entry->name_len, &stored);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	bool was = entry->sign == STEER_LOG_WAS;
	if (setting == NULL || (ret == STEER_OK) != was || (was && !equals(&stored, entry)) ||
	    (!was && !steer_setting_allows(setting, entry->value, entry->value_len))) {
		return value_misfit(replay, entry);
	}
	return was ? steer_write_del(&replay->write, STEER_DB_META, entry->name, entry->name_len)
	       : steer_write_put(&replay->write, STEER_DB_META, entry->name, entry->name_len,
	                         entry->value, entry->value_len);
}

/*! Takes away a check that is deleted or replaced; its slot stays. */
static int take_check_off(replay_t *replay, const char *id, const steer_health_check_t *was)
{
	uint8_t value[STEER_CHECK_SIZE];
	const steer_health_check_t none = {
		.type = STEER_CHECK_NONE, .slot = was->slot, .generation = was->generation,
	};
	return steer_write_put(&replay->write, STEER_DB_CHECKS, id, strlen(id), value,
	                       steer_health_check_write(value, &none));
}

/*! Removes what the status has of an earlier check of that id. */
static int clear_status(replay_t *replay, const char *id, uint8_t was, uint8_t is)
{
	steer_write_t *write = &replay->write;
	steer_status_entry_t stale[STEER_HEALTH_STALE];
	size_t count = steer_apply_health_stale(stale, id, was, is);
	bool changed;
	return write->status == NULL ? steer_status_write(write->store, stale, count, write->fault)
	       : steer_status_write_in(write->store, write->status, stale, count, &changed,
	                               write->fault);
}

/*! Deletes the status of a check whose entry was the last, if no check takes its place. */
static int settle_check(replay_t *replay, const steer_log_entry_t *next)
{
	if (replay->was.name_len == 0 || replay->was.kind != STEER_LOG_CHECK ||
	    (next != NULL && is_replaced(replay, next))) {
		return STEER_OK;
	}
	char id[STEER_CHECK_ID_MAX + 1];
	snprintf(id, sizeof(id), "%.*s", (int)replay->was.name_len, (const char *)replay->was.name);
	int ret = steer_write_status(&replay->write); // Held until all is committed.
	return ret == STEER_OK ? clear_status(replay, id, STEER_CHECK_NONE, STEER_CHECK_NONE) : ret;
}

static int put_check(replay_t *replay, const char *id, const steer_log_entry_t *entry)
{
	uint8_t was = is_replaced(replay, entry) ? replay->was.check_type : STEER_CHECK_NONE;
	uint8_t is = get_check_type(entry->value);
	int ret = is == STEER_CHECK_NONE ? STEER_OK : clear_status(replay, id, was, is);
	return ret != STEER_OK ? ret
	       : steer_write_put(&replay->write, STEER_DB_CHECKS, id, strlen(id), entry->value,
	                         entry->value_len);
}

/*! Whether a check fits where this one is stored: there is none, and the slot is the same. */
static bool makes_way(const steer_health_check_t *stored, const uint8_t *is)
{
	return stored->type == STEER_CHECK_NONE && stored->slot == get_check_slot(is) &&
	       stored->generation == get_check_generation(is);
}

static int take_check(replay_t *replay, const steer_log_entry_t *entry)
{
	char id[STEER_CHECK_ID_MAX + 1];
	steer_health_check_t stored;
	snprintf(id, sizeof(id), "%.*s", (int)entry->name_len, (const char *)entry->name);
	if (!steer_health_check_id_is_good(id) || strlen(id) != entry->name_len) {
		return value_misfit(replay, entry);
	}
	int ret = steer_health_check_read(&replay->write, id, &stored);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	bool had = ret == STEER_OK;
	if (entry->sign == STEER_LOG_IS) {
		return !had || makes_way(&stored, entry->value) ? put_check(replay, id, entry)
		       : value_misfit(replay, entry);
	}
	uint8_t value[STEER_CHECK_MAX];
	return had && steer_health_check_write(value, &stored) == entry->value_len &&
	       memcmp(value, entry->value, entry->value_len) == 0
	       ? take_check_off(replay, id, &stored) : value_misfit(replay, entry);
}

/* Forces and reports. */

/*! Begins with the states of the change set. */
static int begin_states(replay_t *replay)
{
	steer_write_t *write = &replay->write;
	uint64_t noted;
	int ret = steer_write_status(write);
	if (ret != STEER_OK) {
		return ret;
	}
	int err = steer_status_noted(write->store, write->status, STEER_STATUS_STATED, &noted);
	if (err != MDB_SUCCESS) {
		return steer_store_fault(write->store, "status", err, write->fault);
	}
	write->stated = true;
	write->ahead = noted >= write->sequence;
	replay->logger = (steer_health_logger_t) { .store = write->store, .status = write->status };
	return STEER_OK;
}

/*! What was there before is not compared: a killed writer may have left its states to this one. */
static int take_state(replay_t *replay, const steer_log_entry_t *entry)
{
	steer_write_t *write = &replay->write;
	int ret = write->stated ? STEER_OK : begin_states(replay);
	if (ret != STEER_OK || write->ahead) {
		return ret;
	}
	int err = steer_status_put(&replay->logger, entry);
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(write->store, "status", err, write->fault);
}

/* Names. */

static int take_name(replay_t *replay, const steer_log_entry_t *entry)
{
	steer_dictionary_name_t name = { .kind = 0 };
	uint32_t number = 0;
	char shown[STEER_SHOWN];
	// Both were found good when the part was opened.
	(void)steer_dictionary_key_open(&name, entry->name, entry->name_len);
	(void)steer_dictionary_number_open(&number, entry->value, entry->value_len);
	int ret = steer_dictionary_take(&replay->write, &name, number);
	return ret != STEER_EREFUSED ? ret
	       : misfit(replay, "the %s '%s' cannot have the number %" PRIu32,
	                steer_dictionary_kind_name(name.kind), steer_shown(shown, name.text, name.len),
	                number);
}

/* Zones. */

static steer_zone_job_t new_job(replay_t *replay)
{
	static const steer_apply_t silent;
	return (steer_zone_job_t) {
		.write = &replay->write, .options = &silent, .summary = &replay->summary,
		.apex = &replay->apex, .replayed = true,
	};
}

/*! Applies the record sets that were collected. */
static int apply_collected(replay_t *replay)
{
	if (replay->change == NULL) {
		return STEER_OK;
	}
	steer_zone_job_t job = new_job(replay);
	job.change = &replay->change->zones[0];
	steer_change_sort(job.change);
	int ret = steer_zone_apply(&job);
	steer_change_free(replay->change);
	replay->change = NULL;
	replay->collected = 0;
	return ret;
}

/*! The zone's face of a node; STEER_ENOENT: it has none. */
static int find_face(replay_t *replay, const steer_key_t *key, steer_face_t *face)
{
	MDB_val value;
	steer_node_t node;
	int ret = steer_write_get(&replay->write, STEER_DB_NODES, key->bytes, key->len, &value);
	if (ret == STEER_OK && steer_node_open(&node, value.mv_data, value.mv_size) != STEER_OK) {
		return steer_zone_fault(&replay->write, STEER_EDAMAGED, &replay->apex,
		                        "a stored node is damaged: restore a backup");
	}
	if (ret != STEER_OK) {
		return ret;
	}
	return steer_node_face(&node, replay->apex.labels, face) ? STEER_OK : STEER_ENOENT;
}

/*! Removes a zone whose record sets and hosted zones inside were all removed. */
static int delete_zone(replay_t *replay)
{
	const steer_key_t *apex = &replay->apex;
	steer_write_t *write = &replay->write;
	steer_face_t face;
	int ret = find_face(replay, apex, &face);
	if (ret == STEER_ENOENT || (ret == STEER_OK && (face.count > 0 || face.children > 0))) {
		return zone_misfit(replay);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	steer_zone_job_t job = new_job(replay);
	job.full = job.gone = true;
	ret = steer_zone_apply(&job);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_write_del(write, STEER_DB_ZONES, apex->bytes, apex->len);
	return ret == STEER_OK ? steer_apexes_update(write, apex->bytes, apex->len, -1) : ret;
}

static int end_zone(replay_t *replay)
{
	int ret = apply_collected(replay);
	if (ret == STEER_OK && replay->goes) {
		ret = delete_zone(replay);
	}
	replay->in_zone = replay->goes = false;
	return ret;
}

static int create_zone(replay_t *replay, const steer_log_zone_t *is)
{
	const steer_key_t *apex = &replay->apex;
	steer_write_t *write = &replay->write;
	steer_zone_job_t job = new_job(replay);
	steer_zone_t zone = {
		.mode = is->mode, .labels = apex->labels, .created = write->sequence,
		.servers = is->servers, .servers_len = is->servers_len,
		.comment = is->comment, .comment_len = is->comment_len,
	};
	int ret = steer_nested_zones_find(write, apex, &zone.enclosing);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_zone_put(write, apex->bytes, apex->len, &zone);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_apexes_update(write, apex->bytes, apex->len, 1);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_zone_apply(&job); // An empty job makes the apex.
	return ret == STEER_OK ? steer_nested_zones_move(&job, apex, zone.enclosing, true) : ret;
}

static int change_zone(replay_t *replay, const steer_zone_t *was, const steer_log_zone_t *is)
{
	const steer_key_t *apex = &replay->apex;
	steer_zone_t zone = *was;
	zone.mode = is->mode;
	zone.servers = is->servers;
	zone.servers_len = is->servers_len;
	zone.comment = is->comment;
	zone.comment_len = is->comment_len;
	int ret = steer_zone_put(&replay->write, apex->bytes, apex->len, &zone);
	if (ret != STEER_OK || is->mode == was->mode) {
		return ret;
	}
	steer_zone_job_t job = new_job(replay);
	job.all = true;
	return steer_zone_apply(&job);
}

static bool is_as(const steer_zone_t *zone, const steer_log_zone_t *state)
{
	return zone->mode == state->mode && zone->servers_len == state->servers_len &&
	       zone->comment_len == state->comment_len &&
	       memcmp(zone->servers, state->servers, state->servers_len) == 0 &&
	       memcmp(zone->comment, state->comment, state->comment_len) == 0;
}

static int take_zone(replay_t *replay, const steer_log_entry_t *entry)
{
	int ret = end_zone(replay);
	if (ret != STEER_OK) {
		return ret;
	}
	steer_zone_t zone;
	steer_key_from_name(&replay->apex, entry->name);
	ret = steer_zone_get(&replay->write, replay->apex.bytes, replay->apex.len, &zone);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	bool had = ret == STEER_OK, begins = entry->sign == STEER_LOG_IS;
	if (had == begins || (had && !is_as(&zone, entry->differs ? &entry->was : &entry->zone))) {
		return zone_misfit(replay);
	}
	replay->in_zone = true;
	replay->goes = entry->sign == STEER_LOG_WAS;
	if (begins) {
		return create_zone(replay, &entry->zone);
	}
	if (replay->goes) {
		const steer_zone_job_t job = new_job(replay);
		return steer_nested_zones_move(&job, &replay->apex, zone.enclosing, false);
	}
	return entry->differs ? change_zone(replay, &zone, &entry->zone) : STEER_OK;
}

/* Record sets. */

/*! Refuses an entry unless the record set is stored as the log says. */
static int check_set(replay_t *replay, const steer_log_entry_t *entry)
{
	steer_key_t key;
	steer_face_t face;
	steer_group_t stored;
	steer_key_from_name(&key, entry->name);
	int ret = find_face(replay, &key, &face);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	bool had = ret == STEER_OK && steer_face_group(&face, entry->group.type, &stored);
	bool fits = entry->sign == STEER_LOG_WAS ? had && steer_group_equal(&stored, &entry->group)
	            : !had;
	return fits ? STEER_OK : set_misfit(replay, entry);
}

/*! Begins a collection of record sets. */
static int begin_change(replay_t *replay)
{
	uint8_t apex[STEER_NAME_MAX];
	unsigned zone;
	steer_key_to_name(apex, &replay->apex, replay->apex.labels);
	replay->change = steer_change_new();
	return replay->change == NULL ? STEER_ENOMEM
	       : steer_change_zone(replay->change, apex, STEER_ZONE_MERGE, &zone);
}

static int collect(replay_t *replay, const steer_log_entry_t *entry)
{
	int ret = replay->change == NULL ? begin_change(replay) : STEER_OK;
	if (ret == STEER_OK && entry->sign == STEER_LOG_WAS) {
		ret = steer_change_remove(replay->change, 0, entry->name, entry->group.type, NULL);
	} else if (ret == STEER_OK) {
		ret = steer_change_group(replay->change, 0, entry->name, entry->value, entry->value_len);
	}
	replay->collected += entry->name_len + entry->value_len;
	if (ret == STEER_ENOMEM) {
		return steer_no_memory(replay->write.fault);
	}
	return ret == STEER_OK ? STEER_OK : set_misfit(replay, entry);
}

static int take_set(replay_t *replay, const steer_log_entry_t *entry)
{
	if (!replay->in_zone) {
		return set_misfit(replay, entry);
	}
	// One that replaces another, which was checked, and may have been removed by now.
	bool known = entry->sign == STEER_LOG_IS && is_replaced(replay, entry);
	int ret = known ? STEER_OK : check_set(replay, entry);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = collect(replay, entry);
	return ret == STEER_OK && replay->collected > COLLECTED_MAX ? apply_collected(replay) : ret;
}

/* Parts. */

static int take_entry(replay_t *replay, const steer_log_entry_t *entry)
{
	int ret = settle_check(replay, entry);
	if (ret != STEER_OK) {
		return ret;
	}
	switch (entry->kind) {
	case STEER_LOG_ZONE:
		ret = take_zone(replay, entry);
		break;
	case STEER_LOG_SET:
		ret = take_set(replay, entry);
		break;
	case STEER_LOG_SETTING:
		ret = take_setting(replay, entry);
		break;
	case STEER_LOG_STATE:
		ret = take_state(replay, entry);
		break;
	case STEER_LOG_NAME:
		ret = take_name(replay, entry);
		break;
	default:
		ret = take_check(replay, entry);
		break;
	}
	remember(replay, entry);
	return ret;
}

/*! Keeps the head, whose part is not there any more when the chain is checked. */
static void keep_head(replay_t *replay)
{
	steer_log_head_t *head = &replay->head;
	memcpy(replay->texts, head->who, head->who_len);
	memcpy(replay->texts + head->who_len, head->what, head->what_len);
	head->who = replay->texts;
	head->what = replay->texts + head->who_len;
}

static int unreadable(const replay_t *replay, int code)
{
	return steer_fault(replay->write.fault, code, "%s: change set %" PRIu64 " cannot be read: %s",
	                   replay->write.store->dir, replay->write.sequence, steer_strerror(code));
}

static int take_part(replay_t *replay, const void *bytes, size_t size, bool first)
{
	steer_log_part_t part;
	if (steer_log_part_open(&part, bytes, size, first ? &replay->head : NULL) != STEER_OK) {
		return unreadable(replay, STEER_EDAMAGED);
	}
	if (first) {
		keep_head(replay);
	}
	steer_log_chain_entries(&replay->write.chain, part.at, part.end);
	int ret = steer_log_copy(&replay->write, bytes, size);
	steer_log_entry_t entry;
	while (ret == STEER_OK && steer_log_part_next(&part, &entry)) {
		ret = take_entry(replay, &entry);
	}
	return ret;
}

static int take_parts(replay_t *replay, steer_replay_part_f next, void *ctx)
{
	int ret = STEER_OK;
	for (uint32_t i = 0; ret == STEER_OK && (i == 0 || i < replay->head.parts); i++) {
		const void *part;
		size_t size;
		ret = next(ctx, &part, &size);
		ret = ret != STEER_OK ? unreadable(replay, ret) : take_part(replay, part, size, i == 0);
	}
	if (ret == STEER_OK) {
		ret = settle_check(replay, NULL);
	}
	return ret == STEER_OK ? end_zone(replay) : ret;
}

/*! Refuses a change set that was not made after the last one of this store. */
static int check_chain(replay_t *replay)
{
	steer_log_chain_head(&replay->write.chain, replay->write.sequence, &replay->head);
	return steer_log_chain_equal(&replay->write.chain, &replay->head.chain) ? STEER_OK
	       : misfit(replay, "it is of another history");
}

static int replay_all(replay_t *replay, uint64_t sequence, steer_replay_part_f next, void *ctx)
{
	if (sequence != replay->write.sequence) {
		return steer_fault(replay->write.fault, STEER_EREFUSED, "%s: change set %" PRIu64
		                   " does not fit: %" PRIu64 " is the next one",
		                   replay->write.store->dir, sequence, replay->write.sequence);
	}
	int ret = take_parts(replay, next, ctx);
	if (ret == STEER_OK) {
		ret = check_chain(replay);
	}
	return ret == STEER_OK ? steer_log_copied(&replay->write) : ret;
}

int steer_store_replay(steer_store_t *store, uint64_t sequence, steer_replay_part_f next, void *ctx,
                       steer_fault_t *fault)
{
	replay_t replay = { .in_zone = false };
	int ret = steer_write_begin(&replay.write, store, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = replay_all(&replay, sequence, next, ctx);
	steer_change_free(replay.change);
	if (ret != STEER_OK) {
		steer_write_abort(&replay.write);
		return ret;
	}
	return steer_write_commit(&replay.write);
}
