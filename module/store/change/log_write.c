/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The change log as a change set writes it.
 *
 * Entries wait in memory until steer_log_settle() writes whole parts: a put during a comparison
 * could free pages that are being compared. What waits is bounded by the differences of one name.
 * Part 0 is kept until the end, since its head has the number of parts.
 */
#include <stdlib.h>
#include <string.h>

#include "store/change/log_write.h"
#include "store/log.h"

/*! How many more old parts a change set removes than it writes, at most. */
#define PRUNE_MAX 256

/*! Length of a text that is cut to so many bytes, between UTF-8 characters. */
static size_t cut(const char *text, size_t max)
{
	size_t len = text != NULL ? strnlen(text, max + 1) : 0;
	if (len > max) {
		for (len = max; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80; len--) {
		}
	}
	return len;
}

/*! Reads how many change sets to keep: by a change of the setting, or else by the store. */
static int read_keep(steer_write_t *write, const steer_change_setting_t *changed, uint32_t *keep)
{
	MDB_val value;
	int ret;
	if (changed != NULL && changed->named) {
		value = (MDB_val) { changed->len, (void *)changed->value };
		ret = changed->value != NULL ? STEER_OK : STEER_ENOENT;
	} else {
		ret = steer_write_get(write, STEER_DB_META, STEER_META_LOG_KEEP,
		                      strlen(STEER_META_LOG_KEEP), &value);
	}
	if (ret == STEER_ENOENT) {
		*keep = STEER_LOG_KEEP;
		return STEER_OK;
	}
	if (ret == STEER_OK && value.mv_size != sizeof(*keep)) {
		return steer_fault(write->fault, STEER_EDAMAGED, "%s: damaged entry '%s'",
		                   write->store->dir, STEER_META_LOG_KEEP);
	}
	if (ret == STEER_OK) {
		memcpy(keep, value.mv_data, sizeof(*keep));
		*keep = steer_le_u32(*keep);
	}
	return ret;
}

/*! Makes room for more bytes of the log. */
static bool reserve(steer_logger_t *log, size_t more)
{
	if (log->room - log->len >= more) {
		return true;
	}
	size_t room = 2 * (log->len + more) + 2 * STEER_LOG_PART;
	uint8_t *bytes = realloc(log->bytes, room);
	if (bytes == NULL) {
		log->no_memory = true;
		return false;
	}
	log->bytes = bytes;
	log->room = room;
	return true;
}

int steer_log_begin(steer_write_t *write, const steer_change_setting_t *keep,
                    const steer_apply_t *options)
{
	steer_logger_t *log = &write->log;
	int ret = read_keep(write, keep, &log->keep);
	log->on = ret == STEER_OK && !options->dry_run;
	if (!log->on) {
		return ret;
	}
	log->head = (steer_log_head_t) {
		.time = options->now.wall,
		.who = options->who, .who_len = cut(options->who, STEER_LOG_TEXT_MAX),
		.what = options->what, .what_len = cut(options->what, STEER_LOG_TEXT_MAX),
	};
	log->before = STEER_LOG_PART_SIZE + STEER_LOG_HEAD_SIZE + log->head.who_len +
	              log->head.what_len;
	if (!reserve(log, log->before)) {
		return steer_no_memory(write->fault);
	}
	log->len = log->before;
	return STEER_OK;
}

static void add(steer_logger_t *log, const steer_log_entry_t *entry)
{
	if (!log->on || log->no_memory) {
		return;
	}
	if (log->zone_len > 0) {
		if (!reserve(log, log->zone_len)) {
			return;
		}
		memcpy(log->bytes + log->len, log->zone, log->zone_len);
		log->len += log->zone_len;
		log->zone_len = 0;
	}
	if (entry == NULL) {
		return;
	}
	size_t size = log->room - log->len;
	if (steer_log_entry_write(log->bytes + log->len, &size, entry) != STEER_OK) {
		if (!reserve(log, size) ||
		    steer_log_entry_write(log->bytes + log->len, &size, entry) != STEER_OK) {
			log->no_memory = true;
			return;
		}
	}
	log->len += size;
}

static steer_log_zone_t state_of(const steer_zone_t *zone)
{
	return (steer_log_zone_t) {
		.mode = zone->mode, .servers = zone->servers, .servers_len = zone->servers_len,
		.comment = zone->comment, .comment_len = zone->comment_len,
	};
}

void steer_log_zone(steer_write_t *write, uint8_t sign, const steer_key_t *apex,
                    const steer_zone_t *zone, const steer_zone_t *was)
{
	uint8_t name[STEER_NAME_MAX];
	steer_log_entry_t entry = {
		.kind = STEER_LOG_ZONE, .sign = sign,
		.name = name, .name_len = steer_key_to_name(name, apex, apex->labels),
		.zone = state_of(zone), .differs = was != NULL,
	};
	if (was != NULL) {
		entry.was = state_of(was);
	}
	write->log.zone_len = sizeof(write->log.zone); // Holds the largest.
	(void)steer_log_entry_write(write->log.zone, &write->log.zone_len, &entry);
	if (sign != STEER_LOG_STAYS || was != NULL) {
		add(&write->log, NULL);
	}
}

void steer_log_set(steer_write_t *write, uint8_t sign, const uint8_t *name,
                   const steer_group_t *group)
{
	const steer_log_entry_t entry = {
		.kind = STEER_LOG_SET, .sign = sign, .name = name, .name_len = steer_name_len(name),
		.group = *group,
	};
	add(&write->log, &entry);
}

void steer_log_value(steer_write_t *write, uint8_t kind, uint8_t sign, const void *name,
                     size_t name_len, const void *value, size_t len)
{
	const steer_log_entry_t entry = {
		.kind = kind, .sign = sign, .name = name, .name_len = name_len,
		.value = value, .value_len = len,
	};
	add(&write->log, &entry);
}

/* Writing parts. */

static int put_bytes(steer_write_t *write, uint32_t part, const void *bytes, size_t len)
{
	uint8_t name[STEER_LOG_KEY];
	steer_log_key(name, write->sequence, part);
	MDB_val key = { sizeof(name), name }, value = { len, (void *)bytes };
	MDB_dbi log = write->store->dbi[STEER_DB_LOG];
	int err = mdb_put(write->txn, log, &key, &value, MDB_APPEND);
	if (err == MDB_KEYEXIST) { // It is not the last key.
		err = mdb_put(write->txn, log, &key, &value, 0);
	}
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(write->store, "log", err, write->fault);
}

static int put_part(steer_write_t *write, uint32_t part, uint8_t *bytes, size_t len,
                    unsigned entries)
{
	steer_log_part_seal(bytes, len, entries);
	return write->log.keep > 0 ? put_bytes(write, part, bytes, len) : STEER_OK;
}

/*! Finds how many whole entries, at least one, fit in a part. \return Bytes up to their end. */
static size_t fill(const uint8_t *part, size_t before, size_t len, unsigned *entries)
{
	size_t end = before;
	*entries = 0;
	while (end < len) {
		size_t next = end + get_entry_size(part + end);
		if (next > STEER_LOG_PART && *entries > 0) {
			break;
		}
		end = next;
		(*entries)++;
	}
	return end;
}

static int keep_first(steer_write_t *write, const uint8_t *bytes, size_t len, unsigned entries)
{
	steer_logger_t *log = &write->log;
	log->first = malloc(len);
	if (log->first == NULL) {
		return steer_no_memory(write->fault);
	}
	memcpy(log->first, bytes, len);
	log->first_len = len;
	log->first_entries = entries;
	return STEER_OK;
}

/*! Takes parts off the waiting bytes until less than a full one is left, or all of them. */
static int take_parts(steer_write_t *write, bool all)
{
	steer_logger_t *log = &write->log;
	uint8_t *part = log->bytes;
	size_t left = log->len;
	int ret = STEER_OK;
	while (ret == STEER_OK && (left > STEER_LOG_PART ||
	                           (all && (left > log->before || log->parts == 0)))) {
		unsigned entries;
		size_t end = fill(part, log->before, left, &entries);
		steer_log_chain_entries(&write->chain, part + log->before, part + end);
		ret = log->parts == 0 ? keep_first(write, part, end, entries)
		                      : put_part(write, log->parts, part, end, entries);
		// The next part's header overwrites the end of this one.
		log->before = STEER_LOG_PART_SIZE;
		log->parts++;
		part += end - STEER_LOG_PART_SIZE;
		left -= end - STEER_LOG_PART_SIZE;
	}
	memmove(log->bytes, part, left);
	log->len = left;
	return ret;
}

int steer_log_settle(steer_write_t *write)
{
	steer_logger_t *log = &write->log;
	if (log->no_memory) {
		return steer_no_memory(write->fault);
	}
	return log->on && log->len > STEER_LOG_PART ? take_parts(write, false) : STEER_OK;
}

static int put_first(steer_write_t *write, const steer_summary_t *summary)
{
	steer_logger_t *log = &write->log;
	log->head.parts = log->parts;
	log->head.zones = summary->zones_created + summary->zones_changed + summary->zones_deleted;
	log->head.added = summary->sets_added;
	log->head.changed = summary->sets_changed;
	log->head.removed = summary->sets_removed;
	log->head.settings = summary->settings_changed;
	log->head.checks = summary->checks_changed;
	steer_log_chain_head(&write->chain, write->sequence, &log->head);
	log->head.chain = write->chain;
	steer_log_head_write(log->first + STEER_LOG_PART_SIZE, &log->head);
	return put_part(write, 0, log->first, log->first_len, log->first_entries);
}

/*! Removes parts of change sets that are too old; a limited number at a time. */
static int prune(steer_write_t *write)
{
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	uint64_t budget = (uint64_t)write->log.parts + PRUNE_MAX;
	int err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_LOG], &cursor);
	for (; err == MDB_SUCCESS && budget > 0; budget--) {
		err = steer_pair_get(cursor, &key, &value, MDB_FIRST);
		uint64_t sequence = 0; // What is not a key is removed.
		uint32_t part;
		if (err == MDB_SUCCESS) {
			(void)steer_log_key_read(key.mv_data, key.mv_size, &sequence, &part);
		}
		if (err != MDB_SUCCESS || (write->log.keep > 0 &&
		    (sequence > write->sequence || write->sequence - sequence < write->log.keep))) {
			break;
		}
		err = mdb_cursor_del(cursor, 0);
	}
	mdb_cursor_close(cursor);
	return err == MDB_SUCCESS || err == MDB_NOTFOUND ? STEER_OK
	       : steer_store_fault(write->store, "log", err, write->fault);
}

int steer_log_finish(steer_write_t *write, const steer_summary_t *summary)
{
	steer_logger_t *log = &write->log;
	if (log->no_memory) {
		return steer_no_memory(write->fault);
	}
	if (log->on) {
		int ret = take_parts(write, true);
		if (ret == STEER_OK) {
			ret = put_first(write, summary);
		}
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return prune(write);
}

int steer_log_copy(steer_write_t *write, const void *part, size_t len)
{
	return put_bytes(write, write->log.parts++, part, len);
}

int steer_log_copied(steer_write_t *write)
{
	int ret = read_keep(write, NULL, &write->log.keep);
	return ret == STEER_OK ? prune(write) : ret;
}

void steer_log_free(steer_logger_t *log)
{
	free(log->bytes);
	free(log->first);
	*log = (steer_logger_t) { 0 };
}
