/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The change log as a change set writes it.
 */
#pragma once

#include "store/change/contents.h"
#include "store/change/write.h"

/*!
 * Starts the log of a change set.
 *
 * \param[in] keep  The setting for how many change sets to keep, as it changes it; may be NULL.
 */
int steer_log_begin(steer_write_t *write, const steer_change_setting_t *keep,
                    const steer_apply_t *options);
/*!
 * Names the zone of the record sets that follow. It is written with the first of them, or at once
 * if the zone itself differs.
 *
 * \param[in] sign  STEER_LOG_WAS, STEER_LOG_IS, STEER_LOG_STAYS.
 * \param[in] was   A zone that stays, as it was before; NULL: it does not differ.
 */
void steer_log_zone(steer_write_t *write, uint8_t sign, const steer_key_t *apex,
                    const steer_zone_t *zone, const steer_zone_t *was);
/*! Logs a group, which is copied: with STEER_LOG_WAS before STEER_LOG_IS. */
void steer_log_set(steer_write_t *write, uint8_t sign, const uint8_t *name,
                   const steer_group_t *group);
/*!
 * Logs the value of a setting, a health check, a state or a name in the same way.
 *
 * \param[in] kind  STEER_LOG_SETTING, STEER_LOG_CHECK, STEER_LOG_STATE, STEER_LOG_NAME.
 * \param[in] name  Key in META, CHECKS, STATUS, DICTIONARY.
 */
void steer_log_value(steer_write_t *write, uint8_t kind, uint8_t sign, const void *name,
                     size_t name_len, const void *value, size_t len);
/*! Writes the parts that are full. Not while a stored value is borrowed. */
int steer_log_settle(steer_write_t *write);
/*! Writes the rest, and removes what need not be kept any longer. */
int steer_log_finish(steer_write_t *write, const steer_summary_t *summary);
/*! Writes the next part of a change set that was logged elsewhere, as it is. */
int steer_log_copy(steer_write_t *write, const void *part, size_t len);
/*! Removes what need not be kept any longer, after all parts were copied and applied. */
int steer_log_copied(steer_write_t *write);
void steer_log_free(steer_logger_t *log);
