/* SPDX-License-Identifier: GPL-3.0-or-later */
#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "core/dictionary.h"
#include "core/health_check.h"
#include "core/health_state.h"
#include "core/log_part.h"
#include "core/name.h"

/* Reading. Lengths are 64 bits wide so that no sum of two fields wraps. */

/*! Reads the state at *at, which is moved past it. */
static bool zone_state_read(steer_log_zone_t *zone, const uint8_t **at, const uint8_t *end)
{
	const uint8_t *body = *at;
	uint64_t len = end - body;
	if (len < STEER_LOG_STATE_SIZE || get_state_mode(body) > STEER_ZONE_OVERLAY ||
	    get_state_reserved(body) != 0 || get_state_reserved2(body) != 0 ||
	    get_state_servers_len(body) > STEER_SERVERS_MAX ||
	    get_state_comment_len(body) > STEER_COMMENT_MAX ||
	    STEER_LOG_STATE_SIZE + (uint64_t)get_state_servers_len(body) +
	    get_state_comment_len(body) > len) {
		return false;
	}
	*zone = (steer_log_zone_t) {
		.mode = get_state_mode(body), .servers_len = get_state_servers_len(body),
		.comment_len = get_state_comment_len(body), .servers = body + STEER_LOG_STATE_SIZE,
	};
	zone->comment = (const char *)zone->servers + zone->servers_len;
	*at = (const uint8_t *)zone->comment + zone->comment_len;
	return steer_names_count(zone->servers, zone->servers_len) >= 0;
}

static bool zone_read(steer_log_entry_t *entry, const uint8_t *at, uint64_t len)
{
	const uint8_t *end = at + len;
	if (!steer_name_is_whole(entry->name, entry->name_len) ||
	    !zone_state_read(&entry->zone, &at, end)) {
		return false;
	}
	entry->differs = entry->sign == STEER_LOG_STAYS && at != end;
	return (!entry->differs || zone_state_read(&entry->was, &at, end)) && at == end;
}

static bool value_read(steer_log_entry_t *entry, const uint8_t *body, uint64_t len)
{
	entry->value = body;
	entry->value_len = len;
	return (entry->sign == STEER_LOG_WAS || entry->sign == STEER_LOG_IS) && entry->name_len > 0;
}

static bool check_read(steer_log_entry_t *entry, const uint8_t *body, uint64_t len)
{
	steer_health_check_t check;
	return value_read(entry, body, len) && entry->name_len <= STEER_CHECK_ID_MAX &&
	       steer_health_check_open(&check, body, len) == STEER_OK;
}

static bool state_read(steer_log_entry_t *entry, const uint8_t *body, uint64_t len)
{
	steer_health_state_t state;
	return value_read(entry, body, len) && entry->name_len > 1 &&
	       entry->name_len <= 1 + STEER_CHECK_ID_MAX &&
	       (entry->name[0] == STEER_STATUS_FORCE || entry->name[0] == STEER_STATUS_REPORT) &&
	       steer_health_state_open(&state, body, len) == STEER_OK &&
	       !(state.cleared && entry->sign == STEER_LOG_WAS);
}

static bool dictionary_read(steer_log_entry_t *entry, const uint8_t *body, uint64_t len)
{
	steer_dictionary_name_t name;
	uint32_t number;
	return value_read(entry, body, len) && entry->sign == STEER_LOG_IS &&
	       steer_dictionary_key_open(&name, entry->name, entry->name_len) == STEER_OK &&
	       steer_dictionary_number_open(&number, body, len) == STEER_OK;
}

static bool body_read(steer_log_entry_t *entry, const uint8_t *body, uint64_t len)
{
	switch (entry->kind) {
	case STEER_LOG_ZONE:
		return (entry->sign == STEER_LOG_WAS || entry->sign == STEER_LOG_IS ||
		        entry->sign == STEER_LOG_STAYS) && zone_read(entry, body, len);
	case STEER_LOG_SET:
		return value_read(entry, body, len) &&
		       steer_name_is_whole(entry->name, entry->name_len) &&
		       steer_group_open(&entry->group, body, len) == STEER_OK;
	case STEER_LOG_SETTING:
		return value_read(entry, body, len);
	case STEER_LOG_CHECK:
		return check_read(entry, body, len);
	case STEER_LOG_STATE:
		return state_read(entry, body, len);
	case STEER_LOG_NAME:
		return dictionary_read(entry, body, len);
	default:
		return false;
	}
}

/*! Reads the entry at *at, which is moved past it. */
static bool entry_read(steer_log_entry_t *entry, const uint8_t **at, const uint8_t *end)
{
	uint64_t left = end - *at;
	if (left < STEER_LOG_ENTRY_SIZE) {
		return false;
	}
	uint64_t size = get_entry_size(*at), name_len = get_entry_name_len(*at);
	if (size > left || STEER_LOG_ENTRY_SIZE + name_len > size) {
		return false;
	}
	*entry = (steer_log_entry_t) {
		.kind = get_entry_kind(*at), .sign = get_entry_sign(*at),
		.name = *at + STEER_LOG_ENTRY_SIZE, .name_len = name_len,
	};
	*at += size;
	uint64_t before = STEER_LOG_ENTRY_SIZE + name_len;
	return body_read(entry, entry->name + name_len, size - before);
}

/*! Reads the head at *at, which is moved past it. */
static bool head_read(steer_log_head_t *head, const uint8_t **at, const uint8_t *end)
{
	const uint8_t *from = *at;
	if (end - from < STEER_LOG_HEAD_SIZE) {
		return false;
	}
	*head = (steer_log_head_t) {
		.time = get_head_time(from), .parts = get_head_parts(from),
		.zones = get_head_zones(from), .added = get_head_added(from),
		.changed = get_head_changed(from), .removed = get_head_removed(from),
		.settings = get_head_settings(from), .checks = get_head_checks(from),
		.chain = { get_head_chain_low(from), get_head_chain_high(from) },
		.who_len = get_head_who_len(from), .what_len = get_head_what_len(from),
		.who = (const char *)from + STEER_LOG_HEAD_SIZE,
	};
	if (head->parts == 0 ||
	    head->who_len > STEER_LOG_TEXT_MAX || head->what_len > STEER_LOG_TEXT_MAX ||
	    end - from < STEER_LOG_HEAD_SIZE + head->who_len + head->what_len) {
		return false;
	}
	head->what = head->who + head->who_len;
	*at = (const uint8_t *)head->what + head->what_len;
	return true;
}

int steer_log_part_open(steer_log_part_t *part, const void *value, size_t size,
                        steer_log_head_t *head)
{
	const uint8_t *at = value, *end = at + size;
	if (size < STEER_LOG_PART_SIZE || get_part_format(at) != STEER_LOG_FORMAT ||
	    get_part_reserved(at) != 0 ||
	    get_part_sum(at) != steer_value_sum(at, size)) {
		return STEER_EDAMAGED;
	}
	unsigned entries = get_part_entries(at);
	at += STEER_LOG_PART_SIZE;
	if ((entries != 1 && size > STEER_LOG_PART) ||
	    (head != NULL && !head_read(head, &at, end))) {
		return STEER_EDAMAGED;
	}
	const steer_log_part_t open = { .at = at, .end = end };
	for (; entries > 0; entries--) {
		steer_log_entry_t entry;
		if (!entry_read(&entry, &at, end)) {
			return STEER_EDAMAGED;
		}
	}
	if (at != end) {
		return STEER_EDAMAGED;
	}
	*part = open;
	return STEER_OK;
}

bool steer_log_part_next(steer_log_part_t *part, steer_log_entry_t *entry)
{
	return part->at != part->end && entry_read(entry, &part->at, part->end);
}

/* Writing. */

static size_t zone_state_size(const steer_log_zone_t *zone)
{
	return STEER_LOG_STATE_SIZE + (size_t)zone->servers_len + zone->comment_len;
}

/*! Size of an entry's body, if that is not a group. */
static size_t body_size(const steer_log_entry_t *entry)
{
	if (entry->kind != STEER_LOG_ZONE) {
		return entry->value_len;
	}
	return zone_state_size(&entry->zone) +
	       (entry->differs ? zone_state_size(&entry->was) : 0);
}

static void put_bytes(uint8_t **at, const void *bytes, size_t len)
{
	if (len > 0) {
		memcpy(*at, bytes, len);
	}
	*at += len;
}

static void zone_state_write(uint8_t **at, const steer_log_zone_t *zone)
{
	memset(*at, 0, STEER_LOG_STATE_SIZE);
	put_state_mode(*at, zone->mode);
	put_state_servers_len(*at, zone->servers_len);
	put_state_comment_len(*at, zone->comment_len);
	*at += STEER_LOG_STATE_SIZE;
	put_bytes(at, zone->servers, zone->servers_len);
	put_bytes(at, zone->comment, zone->comment_len);
}

static void body_write(uint8_t *at, const steer_log_entry_t *entry)
{
	if (entry->kind != STEER_LOG_ZONE) {
		put_bytes(&at, entry->value, entry->value_len);
		return;
	}
	zone_state_write(&at, &entry->zone);
	if (entry->differs) {
		zone_state_write(&at, &entry->was);
	}
}

int steer_log_entry_write(uint8_t *buf, size_t *size, const steer_log_entry_t *entry)
{
	size_t before = STEER_LOG_ENTRY_SIZE + entry->name_len;
	size_t room = buf != NULL && *size > before ? *size - before : 0, body = room;
	int ret = STEER_OK;
	if (entry->kind == STEER_LOG_SET) {
		ret = steer_group_build(room > 0 ? buf + before : NULL, &body, &entry->group);
	} else {
		body = body_size(entry);
	}
	*size = before + body;
	if (ret != STEER_OK || buf == NULL) {
		return ret;
	}
	if (body > room) {
		return STEER_ESPACE;
	}
	put_entry_size(buf, *size);
	put_entry_kind(buf, entry->kind);
	put_entry_sign(buf, entry->sign);
	put_entry_name_len(buf, entry->name_len);
	memcpy(buf + STEER_LOG_ENTRY_SIZE, entry->name, entry->name_len);
	if (entry->kind != STEER_LOG_SET) {
		body_write(buf + before, entry);
	}
	return STEER_OK;
}

void steer_log_head_write(uint8_t *at, const steer_log_head_t *head)
{
	put_head_time(at, head->time);
	put_head_parts(at, head->parts);
	put_head_zones(at, head->zones);
	put_head_added(at, head->added);
	put_head_changed(at, head->changed);
	put_head_removed(at, head->removed);
	put_head_settings(at, head->settings);
	put_head_who_len(at, head->who_len);
	put_head_what_len(at, head->what_len);
	put_head_checks(at, head->checks);
	put_head_chain_low(at, head->chain.low);
	put_head_chain_high(at, head->chain.high);
	at += STEER_LOG_HEAD_SIZE;
	put_bytes(&at, head->who, head->who_len);
	put_bytes(&at, head->what, head->what_len);
}

void steer_log_part_seal(uint8_t *part, size_t size, uint16_t entries)
{
	put_part_format(part, STEER_LOG_FORMAT);
	put_part_reserved(part, 0);
	put_part_entries(part, entries);
	put_part_sum(part, steer_value_sum(part, size));
}

/* The chain. */

steer_log_chain_t steer_log_chain_read(const uint8_t *at)
{
	steer_log_chain_t chain;
	memcpy(&chain.low, at, sizeof(chain.low));
	memcpy(&chain.high, at + sizeof(chain.low), sizeof(chain.high));
	return (steer_log_chain_t) { steer_le_u64(chain.low), steer_le_u64(chain.high) };
}

void steer_log_chain_write(uint8_t *at, const steer_log_chain_t *chain)
{
	const uint64_t low = steer_le_u64(chain->low), high = steer_le_u64(chain->high);
	memcpy(at, &low, sizeof(low));
	memcpy(at + sizeof(low), &high, sizeof(high));
}

bool steer_log_chain_equal(const steer_log_chain_t *a, const steer_log_chain_t *b)
{
	return a->low == b->low && a->high == b->high;
}

static steer_log_chain_t hash(const void *bytes, size_t len)
{
	const XXH128_hash_t hash = XXH3_128bits(bytes, len);
	return (steer_log_chain_t) { hash.low64, hash.high64 };
}

static void chain_add(steer_log_chain_t *chain, const void *bytes, size_t len)
{
	uint8_t both[2 * STEER_LOG_CHAIN_SIZE];
	const steer_log_chain_t added = hash(bytes, len);
	steer_log_chain_write(both, chain);
	steer_log_chain_write(both + STEER_LOG_CHAIN_SIZE, &added);
	*chain = hash(both, sizeof(both));
}

void steer_log_chain_entries(steer_log_chain_t *chain, const uint8_t *at, const uint8_t *end)
{
	chain_add(chain, at, end - at);
}

void steer_log_chain_head(steer_log_chain_t *chain, uint64_t sequence, const steer_log_head_t *head)
{
	uint8_t bytes[sizeof(sequence) + STEER_LOG_HEAD_SIZE + 2 * STEER_LOG_TEXT_MAX];
	steer_log_head_t bare = *head;
	bare.chain = (steer_log_chain_t) { 0, 0 };
	sequence = steer_le_u64(sequence);
	memcpy(bytes, &sequence, sizeof(sequence));
	steer_log_head_write(bytes + sizeof(sequence), &bare);
	chain_add(chain, bytes,
	          sizeof(sequence) + STEER_LOG_HEAD_SIZE + head->who_len + head->what_len);
}
