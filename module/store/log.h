/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Reading the change log: what each of the last change sets changed, and who made it.
 *
 * The entries have all that is needed to replay a change set elsewhere, see store/replay.h.
 *
 * Threads:  a log belongs to its reader's thread.
 * Memory:   heads and entries are borrowed from the map, like what the reader returns.
 */
#pragma once

#include "core/log_part.h"
#include "store/store.h"

typedef struct steer_log steer_log_t;

typedef struct {
	uint64_t sequence;     /*!< Number of the change set. */
	steer_log_head_t head;
} steer_log_change_t;

/*!
 * Opens the log as a renewed reader of the records sees it.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EIO
 */
int steer_log_open(steer_log_t **log, const steer_reader_t *reader);
/*! To be called before the reader is closed; may be NULL. */
void steer_log_close(steer_log_t *log);

/*!
 * Finds the last change sets.
 *
 * \param[in]  count     How many, at least 1.
 * \param[out] sequence  Number of the first of them, or of the oldest if there are fewer.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_ENOENT  The log is empty.
 */
int steer_log_last(steer_log_t *log, uint64_t count, uint64_t *sequence);

/*!
 * Finds the first change set with a number or a higher one. Its entries come next.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_ENOENT    There is none.
 * \retval STEER_EDAMAGED  It cannot be read; change->sequence is filled in.
 */
int steer_log_find(steer_log_t *log, uint64_t sequence, steer_log_change_t *change);
/*!
 * Takes the next entry of the change set found.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_ENOENT    There are no more.
 * \retval STEER_EDAMAGED  The rest cannot be read.
 */
int steer_log_next(steer_log_t *log, steer_log_entry_t *entry);
/*!
 * Takes the next part, from part 0 on, of the change set found, as it is stored: instead of its
 * entries, for steer_store_replay().
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_ENOENT    There are no more.
 * \retval STEER_EDAMAGED  The rest cannot be read.
 */
int steer_log_next_part(steer_log_t *log, const void **part, size_t *size);
/*!
 * Reads all of the change set found, instead of its entries, and checks its chain.
 *
 * \param[in] before  Chain of the change set before; NULL: unknown, so it is not checked.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_EREFUSED  It does not follow from the one before.
 * \retval STEER_EDAMAGED  Not all of it can be read.
 */
int steer_log_verify(steer_log_t *log, const steer_log_change_t *change,
                     const steer_log_chain_t *before);

/*! Writes the key of a part. */
void steer_log_key(uint8_t key[STEER_LOG_KEY], uint64_t sequence, uint32_t part);
/*! Reads the key of a part. \return false: it is not one. */
bool steer_log_key_read(const void *key, size_t len, uint64_t *sequence, uint32_t *part);
