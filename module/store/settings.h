/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Settings kept in the store.
 *
 * A setting is an entry of the database "meta"; without one, it has its default. It is changed by
 * steer_change_setting(), as part of a change set.
 *
 * Threads:  constants and functions without side effects; any thread, with a reader of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/forwarders.h"
#include "store/store.h"

typedef enum {
	STEER_SETTING_NUMBER, /*!< u32. */
	STEER_SETTING_TIME,   /*!< u32: seconds. */
	STEER_SETTING_WORD,   /*!< u32: the number of one of a few words. */
	STEER_SETTING_NAMES,  /*!< Wire names, one after the other. */
	STEER_SETTING_SERVERS, /*!< A word or name servers: core/forwarders.h. */
} steer_setting_kind_t;

typedef struct {
	const char *name;  /*!< As people write it. */
	const char *entry; /*!< Key in META. */
	steer_setting_kind_t kind;
	uint32_t min, max;      /*!< The number, or the number of names or servers. */
	uint32_t default_value; /*!< Names have none; servers: the word. */
} steer_setting_t;

/*! X(symbol, name, entry, kind, min, max, default): all settings. */
#define STEER_SETTING_TABLE(X) \
	X(FORWARDERS,   "forwarders",   STEER_META_FORWARDERS, SERVERS, 1, STEER_FORWARDERS_MAX, \
	  STEER_FORWARD_SYSTEM) \
	X(HEALTH_LOG_KEEP, "health-log-keep", STEER_META_HEALTH_LOG_KEEP, NUMBER, 0, UINT32_MAX, \
	  STEER_HEALTH_LOG_KEEP) \
	X(LOG_KEEP,     "log-keep",     STEER_META_LOG_KEEP, NUMBER, 0, UINT32_MAX, STEER_LOG_KEEP) \
	X(NAME_SERVERS, "name-servers", STEER_META_SERVERS,  NAMES,  1, 13,         0) \
	X(STALE,        "stale",        STEER_META_STALE,    WORD,   STEER_STALE_KEEP, \
	  STEER_STALE_UP, STEER_STALE_KEEP) \
	X(STALE_AFTER,  "stale-after",  STEER_META_STALE_AFTER, TIME, STEER_STALE_AFTER_MIN, \
	  STEER_STALE_AFTER_MAX, STEER_STALE_AFTER) \
	X(STALE_MAX,    "stale-max",    STEER_META_STALE_MAX, TIME, 0, STEER_STALE_MAX_MAX, \
	  STEER_STALE_MAX) \
	X(TARGET_EMPTY_HOLD, "target-empty-hold", STEER_META_TARGET_EMPTY_HOLD, TIME, 0, \
	  STEER_TARGET_EMPTY_HOLD_MAX, STEER_TARGET_EMPTY_HOLD) \
	X(TARGET_TTL_MAX, "target-ttl-max", STEER_META_TARGET_TTL_MAX, TIME, 1, \
	  STEER_TARGET_TTL_MAX_MAX, STEER_TARGET_TTL_MAX) \
	X(TARGET_TTL_MIN, "target-ttl-min", STEER_META_TARGET_TTL_MIN, TIME, 1, \
	  STEER_TARGET_TTL_MIN_MAX, STEER_TARGET_TTL_MIN)

enum {
#define X(symbol, name, entry, kind, min, max, default_value) STEER_SETTING_##symbol,
	STEER_SETTING_TABLE(X)
#undef X
	STEER_SETTINGS
};

/*! Bytes of the longest value in META. */
#define STEER_SETTING_SIZE STEER_SERVERS_MAX

extern const steer_setting_t steer_settings[STEER_SETTINGS];

/*! Setting of a name; NULL: there is none. */
const steer_setting_t *steer_setting_find(const char *name);
/*! Setting of an entry of META; NULL: none. */
const steer_setting_t *steer_setting_of_entry(const void *entry, size_t len);
/*! Whether a setting can have a value, given as in META. */
bool steer_setting_allows(const steer_setting_t *setting, const void *value, size_t len);
/*! Number from its value in META, which must have four bytes. */
uint32_t steer_setting_number(const void *value);
/*!
 * Reads a number, time or word as a reader of the records sees it, or its default.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_EDAMAGED  It was given the default.
 */
int steer_setting_read(const steer_reader_t *records, const steer_setting_t *setting,
                       uint32_t *number);
/*! Reads the forwarders in the same way. */
int steer_setting_forwarders(const steer_reader_t *records, steer_forwarders_t *forwarders);
/*! Word of a number, of the setting's words from 0 on; NULL: there are no more. */
const char *steer_setting_word(const steer_setting_t *setting, uint32_t number);
