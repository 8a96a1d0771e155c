/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a batch of changes says, and what receives it.
 *
 * Memory:   what a callback is given is borrowed until it returns, except as stated.
 */
#pragma once

#include "core/recordset.h"
#include "formats/record.h"

/*! What a change does to a record set. */
typedef enum {
	STEER_ROUTE53_CREATE, /*!< It must not be there. */
	STEER_ROUTE53_UPSERT, /*!< It is replaced if it is there. */
	STEER_ROUTE53_DELETE, /*!< It must be there, just as given. */
} steer_route53_action_t;

/*! A record of a change. */
typedef struct {
	const uint8_t *rdata; /*!< Canonical. */
	uint16_t rdata_len;
	steer_place_t place;
} steer_route53_value_t;

/*! A change. Owner and identifier live as long as the files. */
typedef struct {
	steer_route53_action_t action;
	const uint8_t *owner;
	uint16_t type;
	const uint8_t *program; /*!< Of its group. */
	size_t program_len;     /*!< 0: it is simple. */
	steer_record_set_t set;
	bool in_set;            /*!< It is more than values. */
	uint32_t ttl;           /*!< Of values. */
	const steer_route53_value_t *values; /*!< In canonical order, none twice. */
	size_t count;
	steer_place_t place;
} steer_route53_change_t;

/*! What receives changes, which are valid until a callback returns. */
typedef struct {
	/*!
	 * Receives the zone of the changes that follow.
	 *
	 * \param[in]  name  If known, the zone, else the longest name that encloses those of the changes.
	 * \param[out] zone  The zone.
	 *
	 * \retval STEER_EINVAL  The fault says what is wrong, without a place: the reader reports it with
	 *                       that of the batch, passes over the changes, and goes on.
	 * \retval others        An error stops the reader.
	 */
	int (*batch)(void *ctx, const uint8_t *name, bool known, uint8_t *zone, steer_fault_t *fault);
	/*! Receives a change of that zone. \return As batch() */
	int (*change)(void *ctx, const steer_route53_change_t *change, steer_fault_t *fault);
	steer_error_f error, warn; /*!< As in steer_reading_t. */
	void *ctx;
} steer_route53_changes_t;
