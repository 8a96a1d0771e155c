/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "store/handles.h"
#include "store/log.h"

struct steer_log {
	steer_cursor_t *cursor;
	uint64_t sequence;     /*!< Of the change set found. */
	uint32_t part;         /*!< Number of the open part. */
	uint32_t parts;        /*!< Number of parts of the change set; 0: no more can be read. */
	bool taken;            /*!< The open part was given as it is stored. */
	const void *bytes;     /*!< Open part as it is stored. */
	size_t size;
	steer_log_part_t open;
};

static void put_big(uint8_t *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = bytes; i > 0; i--, value >>= 8) {
		at[i - 1] = value;
	}
}

static uint64_t get_big(const uint8_t *at, unsigned bytes)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < bytes; i++) {
		value = value << 8 | at[i];
	}
	return value;
}

void steer_log_key(uint8_t key[STEER_LOG_KEY], uint64_t sequence, uint32_t part)
{
	put_big(key, sequence, sizeof(sequence));
	put_big(key + sizeof(sequence), part, sizeof(part));
}

bool steer_log_key_read(const void *key, size_t len, uint64_t *sequence, uint32_t *part)
{
	if (len != STEER_LOG_KEY) {
		return false;
	}
	const uint8_t *at = key;
	*sequence = get_big(at, sizeof(*sequence));
	*part = get_big(at + sizeof(*sequence), sizeof(*part));
	return true;
}

int steer_log_open(steer_log_t **log, const steer_reader_t *reader)
{
	steer_log_t *open = calloc(1, sizeof(*open));
	if (open == NULL) {
		return STEER_ENOMEM;
	}
	int ret = steer_cursor_open(&open->cursor, reader, STEER_DB_LOG);
	if (ret != STEER_OK) {
		free(open);
		return ret;
	}
	*log = open;
	return STEER_OK;
}

void steer_log_close(steer_log_t *log)
{
	if (log != NULL) {
		steer_cursor_close(log->cursor);
		free(log);
	}
}

/*! Moves a cursor. */
typedef int (*move_f)(steer_cursor_t *cursor, steer_pair_t *pair);

/*! Reads the key of a pair, and skips what is not a key. */
static int settle(steer_log_t *log, int ret, move_f move, steer_pair_t *pair, uint64_t *sequence,
                  uint32_t *part)
{
	while (ret == STEER_OK && !steer_log_key_read(pair->key, pair->key_len, sequence, part)) {
		ret = move(log->cursor, pair);
	}
	return ret;
}

/*! Finds the first part of a change set or of one with a higher number. */
static int seek(steer_log_t *log, uint64_t at, steer_pair_t *pair, uint64_t *sequence,
                uint32_t *part)
{
	uint8_t key[STEER_LOG_KEY];
	steer_log_key(key, at, 0);
	int ret = steer_cursor_seek(log->cursor, key, sizeof(key), pair);
	return settle(log, ret, steer_cursor_next, pair, sequence, part);
}

int steer_log_last(steer_log_t *log, uint64_t count, uint64_t *sequence)
{
	steer_pair_t pair;
	uint64_t at;
	uint32_t part;
	int ret = steer_cursor_last(log->cursor, &pair);
	ret = settle(log, ret, steer_cursor_previous, &pair, &at, &part);
	bool any = ret == STEER_OK;
	for (; ret == STEER_OK; count--) {
		*sequence = at;
		if (count <= 1) {
			return STEER_OK;
		}
		ret = seek(log, at, &pair, &at, &part);
		if (ret == STEER_OK) {
			ret = steer_cursor_previous(log->cursor, &pair);
		}
		ret = settle(log, ret, steer_cursor_previous, &pair, &at, &part);
	}
	return ret == STEER_ENOENT && any ? STEER_OK : ret;
}

/*! Opens a part; a damaged one ends the change set. */
static int open_part(steer_log_t *log, const steer_pair_t *pair, steer_log_head_t *head)
{
	int ret = steer_log_part_open(&log->open, pair->value, pair->value_len, head);
	log->bytes = pair->value;
	log->size = pair->value_len;
	log->taken = false;
	if (ret != STEER_OK) {
		log->parts = 0;
	}
	return ret;
}

int steer_log_find(steer_log_t *log, uint64_t sequence, steer_log_change_t *change)
{
	steer_pair_t pair;
	uint32_t part;
	uint64_t at;
	log->parts = 0;
	int ret = seek(log, sequence, &pair, &at, &part);
	if (ret != STEER_OK) {
		return ret;
	}
	if (part != 0) {
		// The oldest change set is removed part by part when it need not be kept any longer.
		steer_pair_t before;
		ret = steer_cursor_previous(log->cursor, &before);
		if (ret == STEER_ENOENT && at < UINT64_MAX) {
			return steer_log_find(log, at + 1, change);
		}
	}
	change->sequence = log->sequence = at;
	if (part != 0) {
		return STEER_EDAMAGED;
	}
	log->part = 0;
	ret = open_part(log, &pair, &change->head);
	log->parts = ret == STEER_OK ? change->head.parts : 0;
	return ret;
}

/*! Opens the next part of the change set. */
static int next_part(steer_log_t *log)
{
	steer_pair_t pair;
	uint32_t part = 0;
	uint64_t sequence = 0;
	int ret = steer_cursor_next(log->cursor, &pair);
	if (ret == STEER_OK) {
		(void)steer_log_key_read(pair.key, pair.key_len, &sequence, &part);
	}
	if ((ret == STEER_OK && (sequence != log->sequence || part != log->part + 1)) ||
	    ret == STEER_ENOENT) {
		log->parts = 0;
		return STEER_EDAMAGED; // A part is missing.
	}
	log->part++;
	return ret == STEER_OK ? open_part(log, &pair, NULL) : ret;
}

int steer_log_next(steer_log_t *log, steer_log_entry_t *entry)
{
	if (log->parts == 0) {
		return STEER_ENOENT;
	}
	while (!steer_log_part_next(&log->open, entry)) {
		if (log->part + 1 == log->parts) {
			return STEER_ENOENT;
		}
		int ret = next_part(log);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
}

int steer_log_next_part(steer_log_t *log, const void **part, size_t *size)
{
	if (log->parts == 0) {
		return STEER_EDAMAGED;
	}
	if (log->taken && log->part + 1 == log->parts) {
		return STEER_ENOENT;
	}
	int ret = log->taken ? next_part(log) : STEER_OK;
	if (ret == STEER_OK) {
		log->taken = true;
		*part = log->bytes;
		*size = log->size;
	}
	return ret;
}

int steer_log_verify(steer_log_t *log, const steer_log_change_t *change,
                     const steer_log_chain_t *before)
{
	steer_log_chain_t chain = before != NULL ? *before : (steer_log_chain_t) { 0, 0 };
	int ret = log->parts > 0 ? STEER_OK : STEER_EDAMAGED;
	while (ret == STEER_OK) {
		steer_log_chain_entries(&chain, log->open.at, log->open.end);
		if (log->part + 1 == log->parts) {
			break;
		}
		ret = next_part(log);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	steer_log_chain_head(&chain, change->sequence, &change->head);
	return before == NULL || steer_log_chain_equal(&chain, &change->head.chain) ? STEER_OK
	       : STEER_EREFUSED;
}
