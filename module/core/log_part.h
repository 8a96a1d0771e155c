/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The change log's codec: a part of a change set, its reader and its writer.
 *
 * A part is checked as a whole when it is opened: the checksum, every length, every group. What is
 * read from an open part needs no further check.
 *
 * Threads:  pure functions; any thread.
 * Memory:   views borrow from the part; writers fill the caller's buffer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/node.h"
#include "schema/layout.h"
#include "steer/error.h"

/*! Checksum of a change set and of all those before it; see layout.h. */
typedef struct {
	uint64_t low, high;
} steer_log_chain_t;

/*! Head of a change set. */
typedef struct {
	uint64_t time;     /*!< Seconds of the Unix epoch. */
	uint32_t parts;    /*!< Number of parts of the change set, at least 1. */
	uint32_t zones;    /*!< Zones created, changed and deleted. */
	uint32_t added, changed, removed; /*!< Record sets. */
	uint32_t settings; /*!< Settings changed. */
	uint32_t checks;   /*!< Health checks created, changed and deleted. */
	steer_log_chain_t chain;
	uint16_t who_len, what_len;
	const char *who;   /*!< Who made it; not NUL-terminated. */
	const char *what;  /*!< By what command; not NUL-terminated. */
} steer_log_head_t;

/*! Settings of a zone. */
typedef struct {
	uint8_t mode;          /*!< STEER_ZONE_AUTHORITATIVE, ... */
	uint16_t servers_len, comment_len;
	const uint8_t *servers;
	const char *comment;
} steer_log_zone_t;

/*! An entry: one thing that was created, changed or deleted. */
typedef struct {
	uint8_t kind;          /*!< STEER_LOG_ZONE, ...: decides which of the members below are set. */
	uint8_t sign;          /*!< STEER_LOG_WAS, ... */
	uint16_t name_len;
	/*!
	 * Zone: apex, record set: owner, in wire form; setting, health check: text; state, name of the
	 * dictionary: its key.
	 */
	const uint8_t *name;

	steer_log_zone_t zone; /*!< Zone: as it is, or as it was before it was deleted. */
	bool differs;          /*!< Zone that stays: its settings were changed, ... */
	steer_log_zone_t was;  /*!< ... and these are the former ones. */

	steer_group_t group;   /*!< Record set. */

	uint32_t value_len;
	/*!
	 * Setting: as in the database "meta"; health check: as in "checks"; state: as in "status";
	 * name: as in "dictionary"; record set: its body, when read.
	 */
	const uint8_t *value;
} steer_log_entry_t;

/*! Cursor over the entries of an open part. */
typedef struct {
	const uint8_t *at, *end;
} steer_log_part_t;

/*!
 * Opens a stored value as a part.
 *
 * \param[out] head  Head of the change set for part 0; NULL for any other part.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_log_part_open(steer_log_part_t *part, const void *value, size_t size,
                        steer_log_head_t *head);
/*! Reads the next entry. \return false if there is none */
bool steer_log_part_next(steer_log_part_t *part, steer_log_entry_t *entry);

/*!
 * Writes an entry.
 *
 * \param[out]    buf    Buffer, or NULL to learn the size.
 * \param[in,out] size   Size of buf; then the bytes written or needed.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE  buf is too small, or a group would exceed STEER_NODE_MAX.
 * \retval STEER_EINVAL  As steer_group_build().
 */
int steer_log_entry_write(uint8_t *buf, size_t *size, const steer_log_entry_t *entry);
/*! Writes the head of a change set: STEER_LOG_HEAD_SIZE, who_len and what_len bytes. */
void steer_log_head_write(uint8_t *at, const steer_log_head_t *head);
/*! Completes a part: writes its header, STEER_LOG_PART_SIZE bytes, in front of the rest. */
void steer_log_part_seal(uint8_t *part, size_t size, uint16_t entries);

/*! Reads a chain as stored in META, or a store's id as the first one. */
steer_log_chain_t steer_log_chain_read(const uint8_t *at);
void steer_log_chain_write(uint8_t *at, const steer_log_chain_t *chain);
bool steer_log_chain_equal(const steer_log_chain_t *a, const steer_log_chain_t *b);
/*! Adds the entries of the next part, or the remaining ones of an open part. */
void steer_log_chain_entries(steer_log_chain_t *chain, const uint8_t *at, const uint8_t *end);
/*! Completes a change set whose entries were all added: adds its number and its head. */
void steer_log_chain_head(steer_log_chain_t *chain, uint64_t sequence,
                          const steer_log_head_t *head);
